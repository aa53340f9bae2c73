"""How the backlog of each lane went since the agent started: what was unsent, and when its HQ was away.

Kept in memory: after a start the line begins anew, and whoever shows it says since when.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from agent.floor.views import LaneState
from local_store import outbox
from local_store.store import Store

EVERY_S = 30.0
KEPT = 2_000
"""Changes of one lane that are kept; a quiet one changes a few times a day, a busy one twice a minute."""


class Sample(NamedTuple):
    """What was unsent and how the HQ was, from `at_ms` until the next sample."""

    at_ms: int
    unsent: int
    parked: int
    state: str


class BacklogWatch:
    """Looks at every lane now and then. `run` it as a task."""

    def __init__(
        self,
        store: Store,
        states: Callable[[], Mapping[str, LaneState]],
        now_ms: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._store, self._states, self._now_ms, self._sleep = store, states, now_ms, sleep
        self._kept: dict[str, deque[Sample]] = {}

    async def run(self) -> None:
        """Look for ever."""
        while True:
            self.look()
            await self._sleep(EVERY_S)

    def look(self) -> None:
        """Keep what changed since the last look."""
        for lane, now in self._now().items():
            kept = self._kept.setdefault(lane, deque(maxlen=KEPT))
            if not kept or kept[-1][1:] != now[1:]:
                kept.append(now)

    def since(self, since_ms: int) -> dict[str, list[Sample]]:
        """The samples of each lane from a time on, the last one being of now; the first may be older."""
        found = {}
        for lane, now in self._now().items():
            kept = list(self._kept.get(lane, ()))
            begin = max((place for place, each in enumerate(kept) if each.at_ms <= since_ms), default=0)
            found[lane] = [*kept[begin:], now]
        return found

    def _now(self) -> dict[str, Sample]:
        found, now_ms = {}, self._now_ms()
        for lane, state in self._states().items():
            figures = outbox.figures(self._store.reader, lane)
            found[lane] = Sample(now_ms, figures.unsent, figures.parked, state.state)
        return found
