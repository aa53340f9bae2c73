"""Cuts a byte stream into lines. Bounded, and it finds the next line by itself after anything that is not one."""

from __future__ import annotations

import re
from typing import NamedTuple

GAP_S = 1.0
"""A device sends a frame in one go, even at 1200 baud: half a frame older than this is all that comes of it."""

CUT_OFF = "its end never came"

_LF = 0x0A


class Line(NamedTuple):
    """One line without its terminator. `fault` says why it cannot be a frame; its data may then be cut."""

    data: bytes
    fault: str | None = None


class LineSplitter:
    """Splits at `ends`, the longest of which has `longest_end` bytes; lines over `max_length` bytes are faults.

    An LF directly after a CR that ended a line belongs to that CR, even when it arrives in a later read.
    """

    def __init__(self, ends: re.Pattern[bytes], longest_end: int, max_length: int) -> None:
        self._ends, self._longest_end, self._max_length = ends, longest_end, max_length
        self._pending = bytearray()
        self._searched = 0  # so many pending bytes hold no end: each byte is looked at once
        self._skipping = False
        self._after_cr = False
        self._last_t_mono = 0.0

    def feed(self, data: bytes, t_mono: float) -> list[Line]:
        """The lines that `data`, read at `t_mono` seconds, completes."""
        if not data:
            return []
        lines = self._give_up_on_half_a_line(t_mono)
        self._last_t_mono = t_mono
        self._pending += data
        while self._cut(lines):
            pass
        self._drop_what_is_too_long(lines)
        return lines

    def _give_up_on_half_a_line(self, t_mono: float) -> list[Line]:
        if not (self._pending or self._skipping) or t_mono - self._last_t_mono <= GAP_S:
            return []
        half, skipped = bytes(self._pending), self._skipping
        self._pending.clear()
        self._searched = 0
        self._skipping = False
        return [] if skipped else [Line(half, CUT_OFF)]

    def _cut(self, lines: list[Line]) -> bool:
        if self._after_cr and self._pending:
            self._after_cr = False
            if self._pending[0] == _LF:
                del self._pending[0]
        if not self._pending:
            return False
        end = self._ends.search(self._pending, self._searched)
        if end is None:
            self._searched = max(0, len(self._pending) - self._longest_end + 1)
            return False
        self._searched = 0
        line = bytes(self._pending[: end.start()])
        self._after_cr = end.group() == b"\r"
        del self._pending[: end.end()]
        if self._skipping:
            self._skipping = False
        elif len(line) > self._max_length:
            lines.append(self._too_long(line))
        else:
            lines.append(Line(line))
        return True

    def _drop_what_is_too_long(self, lines: list[Line]) -> None:
        kept = self._longest_end - 1
        if len(self._pending) <= self._max_length + kept:
            return
        if not self._skipping:
            lines.append(self._too_long(bytes(self._pending)))
        self._skipping = True
        del self._pending[: len(self._pending) - kept]
        self._searched = 0

    def _too_long(self, line: bytes) -> Line:
        return Line(line[: self._max_length], f"longer than {self._max_length} bytes without an end")
