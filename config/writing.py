"""Writes an edge.toml and its secrets so that a power cut leaves all of it or none of it."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from config import durable_file
from config.loading import ConfigFaults
from config.model import NAME_PATTERN, Settings

Load = Callable[[Path], Settings]
Tables = Mapping[str, Any]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_NAME = re.compile(NAME_PATTERN)
HEAD = (
    "# Written by the set-up of this station. After a change `edge-agent check-config` tells whether it is right.\n"
)


def toml_of(tables: Tables) -> str:
    """The tables as TOML text. Raises ConfigFaults for what TOML cannot say."""
    lines: list[str] = []
    _write(tables, (), lines)
    return "\n".join(lines).strip() + "\n"


def merged(base: Tables, over: Tables) -> dict[str, Any]:
    """`base` with what `over` says instead, table by table."""
    found = dict(base)
    for key, value in over.items():
        known = found.get(key)
        is_table = isinstance(value, Mapping) and isinstance(known, Mapping)
        found[key] = merged(known, value) if is_table else value  # type: ignore[arg-type]  # both are tables
    return found


def write_station(path: Path, tables: Tables, secrets: Mapping[str, str], load: Load) -> Settings:
    """Check all of it, then write the secrets, and edge.toml last: it is what makes a station of this machine.

    Raises ConfigFaults with every fault, and FileExistsError where there is an edge.toml.
    """
    if path.exists():
        raise FileExistsError(f"{path} is there already; a station is set up once")
    text = HEAD + "\n" + toml_of(tables)
    with tempfile.TemporaryDirectory() as folder:  # outside: a half-written station must not lie beside the real one
        trial = Path(folder) / path.name
        trial.touch(mode=0o600)
        trial.write_text(text, encoding="utf-8")
        settings = load(trial)
    lies = path.parent / "secrets"
    wanted = {hq.secret for hq in settings.hq.values()} - secrets.keys()
    faults = [f"secret {name}: HQ's key is missing" for name in sorted(wanted) if not (lies / name).exists()]
    faults += [f"secret {name}: its name is not allowed" for name in secrets if not _NAME.fullmatch(name)]
    faults += [f"secret {name}: it is empty" for name, secret in secrets.items() if not secret.strip()]
    if faults:
        raise ConfigFaults(faults)
    path.parent.mkdir(parents=True, exist_ok=True)
    lies.mkdir(mode=0o700, exist_ok=True)
    for name, secret in secrets.items():
        durable_file.write(lies / name, secret.strip() + "\n")
    durable_file.write(path, text)
    return load(path)


def _write(table: Tables, at: tuple[str, ...], lines: list[str]) -> None:
    plain = {key: value for key, value in table.items() if not isinstance(value, Mapping) and value is not None}
    if at and (plain or not table):
        lines.append(f"[{'.'.join(_key(part) for part in at)}]")
    lines += [f"{_key(key)} = {_value(value, (*at, key))}" for key, value in plain.items()]
    if plain:
        lines.append("")
    for key, value in table.items():
        if isinstance(value, Mapping):
            _write(value, (*at, key), lines)


def _key(text: str) -> str:
    return text if _BARE.fullmatch(text) else _text(text)


def _value(value: Any, at: tuple[str, ...]) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each, at) for each in value)}]"
    raise ConfigFaults([f"{'.'.join(at)}: cannot be written into edge.toml"])


def _text(text: str) -> str:
    """A basic string: what JSON escapes, TOML reads; but JSON lets the delete character stand."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
