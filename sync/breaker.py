"""Keeps an outage of HQ to one question at a time: while it is open only the probe talks to HQ."""

from __future__ import annotations

import random

FIRST_MS, LONGEST_MS = 500, 30_000
"""Bounds of the jittered wait between probes."""


class Breaker:
    """Open from the first lost connection until a probe is answered."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.is_open = True  # nothing is known before the first probe
        self._failed_probes = 0

    def trip(self) -> None:
        """A connection was lost: probe before anything else is sent."""
        self.is_open = True

    def probe_failed(self) -> int:
        """HQ is still away; returns the milliseconds until the next probe."""
        self._failed_probes += 1
        return self._chance.randint(FIRST_MS, min(LONGEST_MS, FIRST_MS << min(self._failed_probes, 10)))

    def probe_answered(self) -> bool:
        """HQ is there; returns whether this ends an outage (a probe had failed) and not a single lost connection."""
        was_away = self._failed_probes > 0
        self.is_open, self._failed_probes = False, 0
        return was_away
