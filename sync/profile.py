"""The assumptions of a dialect: `profile.toml` beside its code, and what a site lays over it in edge.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from pydantic_core import PydanticCustomError

NAMES = "names"
"""A table whose members are known: what an API calls things. A name that is not in it is a slip of the pen."""


def read(package: str) -> dict[str, Any]:
    """The profile of a dialect's package."""
    return tomllib.loads(resources.files(package).joinpath("profile.toml").read_text(encoding="utf-8"))


def laid_over(file: Mapping[str, Any], given: Any) -> Any:
    """What a site gives, over the file; a table is taken member by member. Raises PydanticCustomError."""
    if not isinstance(given, Mapping):
        return given
    names = given[NAMES] if isinstance(given.get(NAMES), Mapping) else {}
    strange = sorted(names.keys() - file.get(NAMES, {}).keys())
    if strange:
        raise PydanticCustomError(NAMES, "names has no member called {name}", {"name": strange[0][:60]})
    return {
        name: {**file[name], **value} if isinstance(value, Mapping) and isinstance(file.get(name), Mapping) else value
        for name, value in {**file, **given}.items()
    }
