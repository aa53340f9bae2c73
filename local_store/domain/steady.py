"""A time that no hand on the clock of this machine can move. Pure.

`ran_ms` only counts while the machine runs: what has to be waited for is measured by it. `now_ms` is the best guess
at UTC: it goes with the steady clock, and is set by what HQ signed; what ends at a moment ends by it.
"""

from __future__ import annotations

from typing import NamedTuple

LONGEST_OFF_MS = 366 * 24 * 3_600_000
"""A machine that was off for longer than this has a wrong clock."""


class Steady(NamedTuple):
    """What was known when it was looked at last, all in milliseconds."""

    boot_id: str
    mono_ms: int
    ran_ms: int
    now_ms: int


def at(last: Steady | None, boot_id: str, mono_ms: int, wall_ms: int) -> Steady:
    """The time now. After another start of the machine its clock is believed, as far as it does not go back."""
    if last is None:
        return Steady(boot_id, mono_ms, 0, wall_ms)
    if last.boot_id == boot_id:
        passed = max(0, mono_ms - last.mono_ms)
        return Steady(boot_id, mono_ms, last.ran_ms + passed, last.now_ms + passed)
    now_ms = last.now_ms + mono_ms
    if 0 <= wall_ms - now_ms <= LONGEST_OFF_MS:
        now_ms = wall_ms
    return Steady(boot_id, mono_ms, last.ran_ms + mono_ms, now_ms)
