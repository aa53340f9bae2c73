"""What a layout is: which character stands on which key. A dead key holds a combining character."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

DIGIT_ROW, TOP_ROW, HOME_ROW, BOTTOM_ROW, EXTRA_KEY, SPACE = 2, 16, 30, 43, 86, 57
"""Key codes at which the rows start (device_protocols 4.2): 1, Q, A, the key left of Z or beside Enter, 102ND."""

SPACING = {"\u0300": "`", "\u0301": "\xb4", "\u0302": "^", "\u0303": "~", "\u0308": "\xa8"}
"""What a dead key makes together with the space bar."""

_NOTHING = " "

Row = tuple[str, str] | tuple[str, str, str]
"""The characters of one row of keys without, with Shift, with AltGr; a space where there is none."""


class Stroke(NamedTuple):
    """One key with the keys held meanwhile."""

    code: int
    shift: bool
    altgr: bool


@dataclass(frozen=True)
class Layout:
    """Characters by key code: plain, with Shift, with AltGr, with both; a shorter text has nothing there."""

    keys: Mapping[int, str]
    keypad_dot: str = "."

    def character(self, code: int, *, shift: bool, altgr: bool) -> str | None:
        """What the key types; None when it types nothing. A combining character is a dead key."""
        if code == SPACE:
            return " "
        level = 2 * altgr + shift
        written = self.keys.get(code, "")[level : level + 1]
        return None if written in ("", _NOTHING) else written

    def strokes(self, character: str) -> list[Stroke] | None:
        """The keys that type a character, dead keys with what follows them; None when the layout has none."""
        if character == " ":
            return [Stroke(SPACE, shift=False, altgr=False)]
        if (stroke := self._stroke(character)) is not None:
            return [stroke]
        dead = next((dead for dead, spacing in SPACING.items() if spacing == character), None)
        if dead is not None:
            base = " "
        elif len(parts := unicodedata.normalize("NFD", character)) == 2:  # noqa: PLR2004 -- a letter and its accent
            base, dead = parts[0], parts[1]
        else:
            return None
        first, rest = self._stroke(dead), self.strokes(base)
        return [first, *rest] if first is not None and rest is not None else None

    def _stroke(self, character: str) -> Stroke | None:
        for code, written in self.keys.items():
            if (level := written.find(character)) >= 0 and character != _NOTHING:
                return Stroke(code, shift=bool(level % 2), altgr=level > 1)
        return None


def rows(*, digits: Row, top: Row, home: Row, bottom: Row, extra: Row) -> dict[int, str]:
    """A layout's keys from its rows as they are printed: plain, Shift and AltGr, one character for each key."""
    starts = ((DIGIT_ROW, digits), (TOP_ROW, top), (HOME_ROW, home), (BOTTOM_ROW, bottom), (EXTRA_KEY, extra))
    return {
        start + place: "".join(level).rstrip(_NOTHING)
        for start, row in starts
        for place, level in enumerate(zip(*row, strict=True))
    }
