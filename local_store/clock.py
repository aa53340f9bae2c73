"""Time, as an argument: the wall for evidence, the monotonic clock for everything that waits."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol


class Clock(Protocol):
    """What the store and the sync need to know of time."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970 by the wall clock, which may jump."""

    def mono_ms(self) -> int:
        """Milliseconds of a clock that never goes back."""


class SystemClock:
    """The clocks of this machine."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        """Milliseconds since boot. Time asleep counts, so that waking up does not look like a clock that was set."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


def timestamp(wall_ms: int) -> str:
    """`2026-11-21T20:15:00.123Z`."""
    return f"{_second(wall_ms // 1000)}.{wall_ms % 1000:03d}Z"


def local_time(at_ms: int, timezone: str) -> str:
    """`2026-11-22 08:30` in the time of the site."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- not at the start, which is measured

    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")


@lru_cache(maxsize=64)
def _second(seconds: int) -> str:
    """Most times that are told together are of the same second."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]
