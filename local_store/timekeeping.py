"""Tells when the wall clock jumped: it is compared with the steady clock at every transaction.

Nothing waits, expires or is ordered by the wall clock. A jump is recorded, so that people can judge the
times they read.
"""

from __future__ import annotations

from local_store.clock import Clock
from local_store.domain.events import StationClockJumped

JUMP_MS = 2_000
"""Less than this is a correction, not a jump (reliability 4.7)."""
DOUBTED_MS = 24 * 3_600_000
"""How long the times of facts are marked `jumped` after one, unless the clock is set back to where it was."""
LONGEST_OFF_MS = 366 * 24 * 3_600_000
"""A start that lies further ahead of the last fact than this is a wrong clock and not a long holiday."""


class Timekeeper:
    """Times for the rows of one run. Every call comes from the writer's thread, once it runs."""

    def __init__(self, clock: Clock, last_fact_ms: int | None) -> None:
        self._clock = clock
        self._to_record: list[StationClockJumped] = []
        self._given, self._given_seq = 0, 0
        wall_ms, mono_ms = clock.wall_ms(), clock.mono_ms()
        self._offset_ms = self._steady_ms = wall_ms - mono_ms
        self._jumped_at: int | None = None
        if last_fact_ms is not None and not -JUMP_MS <= wall_ms - last_fact_ms <= LONGEST_OFF_MS:
            self._jumped(last_fact_ms, wall_ms, mono_ms)

    def look(self) -> tuple[int, str, int]:
        """The wall clock, its quality (`system` or `jumped`) and the steady clock, as of now."""
        wall_ms, mono_ms = self._clock.wall_ms(), self._clock.mono_ms()
        offset_ms, self._offset_ms = self._offset_ms, wall_ms - mono_ms
        if abs(self._offset_ms - offset_ms) > JUMP_MS:
            self._jumped(offset_ms + mono_ms, wall_ms, mono_ms)
        return wall_ms, self._quality(mono_ms), mono_ms

    def to_record(self, last_seq: int) -> tuple[StationClockJumped, ...]:
        """Jumps that are not in the journal yet, whose last committed row is `last_seq`; they go in next.

        Asked again after a transaction that was undone, it gives the same again.
        """
        if self._given and last_seq >= self._given_seq:
            del self._to_record[: self._given]
        self._given, self._given_seq = len(self._to_record), last_seq + 1
        return tuple(self._to_record)

    def _jumped(self, expected_ms: int, wall_ms: int, mono_ms: int) -> None:
        self._to_record.append(StationClockJumped(from_ms=expected_ms, to_ms=wall_ms))
        if self._jumped_at is None:
            self._steady_ms = expected_ms - mono_ms
        self._jumped_at = mono_ms

    def _quality(self, mono_ms: int) -> str:
        if self._jumped_at is None:
            return "system"
        undone = abs(self._offset_ms - self._steady_ms) <= JUMP_MS
        if undone or mono_ms - self._jumped_at > DOUBTED_MS:
            self._jumped_at = None
        return "system" if self._jumped_at is None else "jumped"
