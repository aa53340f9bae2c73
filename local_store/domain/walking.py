"""In which order the locations of a list are walked. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBER = re.compile(r"(\d+)", re.ASCII)
_MOST_DIGITS = 18
"""Longer numbers are compared as text: nobody counts shelves that far."""

Name = tuple[tuple[str | int, ...], str]
Step = tuple[bool, int, Name]


def step(location_id: str, walk_order: int | None) -> Step:
    """What to sort locations by: their place on the walk where it is known, the others after them by their name."""
    return (walk_order is None, walk_order or 0, natural(location_id))


@lru_cache(maxsize=4096)
def natural(name: str) -> Name:
    """What to sort names by so that numbers in them count as numbers: A-2 comes before A-10."""
    parts: list[str | int] = []
    for place, part in enumerate(_NUMBER.split(name)):
        if place % 2 == 0:
            parts.append(part)
        else:
            parts.append(int(part[:_MOST_DIGITS]))
    return tuple(parts), name
