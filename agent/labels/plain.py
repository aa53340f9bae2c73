"""Values that go on a label as they are, found out for a whole label with one pattern: most labels are of these.

A value is plain when cleaning, fitting and escaping would change nothing in it but underscores. What this module says
is plain must come out the same as by template.py's long way; a test compares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from agent.labels.fields import plain_width
from agent.labels.header import Field

_TEXT = r" -\]_-}"  # ASCII without ^ and ~
_CODE = r" -=?-\[\]_-}"  # and without > and \, which are escapes of Code 128 and DataMatrix
_GS1 = r"!\"%-=?A-Z_a-z"
_WIDEST = 832  # thousandths of the height: no character of ASCII is wider (fields.py)


class Plain:
    """The plain values of one template. `slots` are field, line and whether the slot stands behind ^FH_."""

    def __init__(
        self,
        fields: Mapping[str, Field],
        heights: Mapping[str, int],
        gs1: frozenset[str],
        slots: list[tuple[str, int, bool]],
    ) -> None:
        lines = [(field, line) for field in fields.values() for line in range(field.lines)]
        known = [(field.name, line) for field, line in lines]
        self._in_order = getter([known.index((name, line)) for name, line, _ in slots])
        self._escaped = [escaped for _, _, escaped in slots]
        self._one_line_each = len(lines) == len(fields)
        self._limits = [
            (place, heights[field.name], field.width_dots)
            for place, (field, _) in enumerate(lines)
            if field.name in heights and field.width_dots
        ]
        surely = {
            field.name: field.width_dots * 1000 // (_WIDEST * heights[field.name])
            for field in fields.values()
            if field.name in heights and field.width_dots
        }
        every = [(field, _letters(field, gs1)) for field in fields.values()]
        self._short = _pattern(_field(field, letters, surely.get(field.name)) for field, letters in every)
        self._any = _pattern(_field(field, letters, None) for field, letters in every)

    def data(self, texts: tuple[str, ...]) -> tuple[str, ...] | None:
        """What stands in each slot; None where a value is not plain. `texts` are in the order of the header."""
        joined = "\0".join(texts)
        if "  " in joined:
            return None
        found = self._short(joined) or self._fitting(joined)
        if found is None:
            return None
        data = self._in_order(texts if self._one_line_each else found.groups(""))
        if "_" not in joined:
            return data
        return tuple(
            [text.replace("_", "_5F") if escaped else text for text, escaped in zip(data, self._escaped, strict=True)]
        )

    def _fitting(self, joined: str) -> re.Match[str] | None:
        """The match of longer values, where each is measured and fits."""
        found = self._any(joined)
        if found is None:
            return None
        lines = found.groups("")
        fits = all(plain_width(lines[place], height) <= room for place, height, room in self._limits)
        return found if fits else None


def getter(places: list[Any]) -> Callable[[Any], tuple[str, ...]]:
    """What stands at these places; itemgetter is quick, but gives no tuple for less than two."""
    return itemgetter(*places) if len(places) > 1 else lambda held: tuple(held[place] for place in places)


def _letters(field: Field, gs1: frozenset[str]) -> str:
    if field.kind == "code":
        return _GS1 if field.name in gs1 else _CODE
    return "0-9" if field.kind == "digits" else _TEXT


def _pattern(fields: Any) -> Callable[[str], re.Match[str] | None]:
    """Matches all values of a label, joined by NUL; a group for each line."""
    return re.compile("\0".join(fields)).fullmatch


def _field(field: Field, letters: str, surely: int | None) -> str:
    """A pattern of the plain values of a field, with lines of at most `surely` characters."""
    most = field.max_characters
    if field.kind == "block":  # its limit is for all lines together
        most = max(1, (most + 1) // field.lines - 1)
    longest = most if surely is None else min(most, surely)
    least = {"digits": most, "code": 1, "block": 1}.get(field.kind, 0)
    line = rf"((?! )[{letters}]{{{least},{longest}}}+(?<! ))"
    if field.lines == 1 and field.kind in {"text", "digits", "code"}:
        return line
    more = field.lines - 1
    return f"(?:{line}" + rf"(?:\n{line}" * more + ")?" * more + ")?"
