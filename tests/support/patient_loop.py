"""An event loop for tests whose clock stands still while the machine gives this process no time.

A device and its simulator, or a lane and its HQ, mostly live in one process. When a busy machine holds that process
back, both are held back, and no timeout between them has a reason to fire. This clock counts what was waited for and
the processor time of the loop's own thread, never the time in which the machine did something else.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from typing import Any

SLICE_S = 0.01
"""Waiting is cut into slices, and no slice counts for longer than itself."""


class _PatientSelector(selectors.DefaultSelector):
    """Knows how long it waited."""

    waited_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        left_s = timeout
        while left_s is None or left_s > SLICE_S:
            if found := self._wait(SLICE_S):
                return found
            left_s = None if left_s is None else left_s - SLICE_S
        return self._wait(left_s)

    def _wait(self, slice_s: float) -> list[tuple[selectors.SelectorKey, int]]:
        if slice_s <= 0:
            return super().select(0)
        begun = time.monotonic()
        found = super().select(slice_s)
        self.waited_s += min(time.monotonic() - begun, slice_s)
        return found


class PatientLoop(asyncio.SelectorEventLoop):
    """The loop all asynchronous tests run in."""

    def __init__(self, *given: Any) -> None:
        self._waiting = _PatientSelector()
        super().__init__(self._waiting, *given)

    def time(self) -> float:
        """Seconds since some moment, without those in which the machine did something else."""
        return self._waiting.waited_s + time.thread_time()


def patient_now() -> float:
    """The time of the loop that runs, as a clock for devices, simulators and printing."""
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:  # something is only built
        return 0.0
