"""Where each setting comes from: its line in edge.toml, or its usual value."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from config.loading import LOGIN, SECRET_WORDS
from config.model import Settings

MAX_SHOWN = 200
_HEADER = re.compile(r"\s*\[\s*([A-Za-z0-9_.\s\"'-]+?)\s*\]\s*(#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")

Path_ = tuple[str, ...]
"""The names that lead to a setting, such as station, listen."""


class Setting(NamedTuple):
    """One setting as it is in force. `line` is None where edge.toml does not say it."""

    section: str
    key: str
    value: str
    line: int | None
    description: str


class Source(NamedTuple):
    """The text of edge.toml as it was read."""

    name: str
    text: str

    @classmethod
    def of(cls, path: Path) -> Source:
        """Read it. Raises OSError."""
        return cls(path.name, path.read_text(encoding="utf-8"))


def settings_shown(settings: Settings, text: str) -> list[Setting]:
    """Every setting with its value, never that of a secret, and the line that says it."""
    lines = lines_of(text)
    return [
        Setting(".".join(path[:-1]), path[-1], _value(path, value), lines.get(path), description)
        for path, value, description in _walk(settings, ())
    ]


def lines_of(text: str) -> dict[Path_, int]:
    """The line of each key of a TOML text, counted from 1. Raises tomllib.TOMLDecodeError."""
    document, at, found = tomllib.loads(text), Path_(), dict[Path_, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            at = _split(header[1])
        elif key := _KEY.match(line):
            path = (*at, *_split(key[1]))
            if _is_there(document, path):
                found.setdefault(path, number)
    return found


def _split(dotted: str) -> Path_:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _is_there(document: Any, path: Path_) -> bool:
    """Whether the document has such a key: a line of a long text may only look like one."""
    for part in path:
        if not isinstance(document, Mapping) or part not in document:
            return False
        document = document[part]
    return True


def _walk(model: BaseModel, at: Path_) -> Iterator[tuple[Path_, Any, str]]:
    for name, field in type(model).model_fields.items():
        value, path = getattr(model, name), (*at, name)
        if isinstance(value, BaseModel):
            yield from _walk(value, path)
        elif isinstance(value, Mapping) and all(isinstance(each, BaseModel) for each in value.values()):
            for key, each in value.items():
                yield from _walk(each, (*path, key))
        else:
            yield path, value, field.description or ""


def _value(path: Path_, value: Any) -> str:
    if value is None or value == "":
        return ""
    if any(word in path[-1].lower() for word in SECRET_WORDS):
        return "•••"
    shown = to_jsonable_python(sorted(value) if isinstance(value, frozenset) else value)
    text = ", ".join(str(each) for each in shown) if isinstance(shown, list) else _plain(shown)
    text = LOGIN.sub("//…@", text)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
