"""The lanes of a running agent: one for each HQ in edge.toml, built from its dialect."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uuid_utils.compat as uuid

from agent.floor.views import LaneState
from agent.problems import Problems
from config import Settings, read_secret
from local_store.clock import Clock
from local_store.domain.site import Lane
from local_store.store import Store
from sync.dialects import DIALECTS
from sync.engine import LaneSync


class Lanes:
    """Builds each lane's client at once, so that a missing secret is told before anything starts."""

    def __init__(self, settings: Settings, folder: Path, clock: Clock, problems: Problems) -> None:
        self._settings, self._clock, self._problems = settings, clock, problems
        station = settings.station
        self._clients = {
            name: DIALECTS[hq.dialect].make_client(
                hq, read_secret(hq.secret, folder), station.id, station.warehouse_id
            )
            for name, hq in settings.hq.items()
        }
        self._syncs: dict[str, LaneSync] = {}

    def as_site(self) -> tuple[Lane, ...]:
        """What the store must know to promise facts to each lane."""
        return tuple(Lane(name, DIALECTS[hq.dialect].accepts, sink=hq.sink) for name, hq in self._settings.hq.items())

    def connect(self, store: Store, changed: Callable[[], None]) -> None:
        """Build the lanes on an open store."""
        for name, hq in self._settings.hq.items():
            sync = LaneSync(
                name,
                store,
                self._clients[name],
                poll_s=hq.poll_s,
                clock=self._clock,
                sleep=asyncio.sleep,
                chance=random.SystemRandom(),
                new_key=uuid.uuid7,
                report=self._problems.report,
                clear=self._problems.clear,
            )
            sync.observe(lambda _state: changed())
            self._syncs[name] = sync

    def runs(self) -> dict[str, Callable[[], Any]]:
        """The loops of every lane, by name, for the supervisor."""
        found: dict[str, Callable[[], Any]] = {}
        for name, sync in self._syncs.items():
            found[f"push to {name}"] = sync.run_push
            if self._settings.hq[name].source:
                found[f"pull from {name}"] = sync.run_pull
        return found

    def states(self) -> dict[str, LaneState]:
        """What each lane says of its HQ."""
        return {name: sync.state() for name, sync in self._syncs.items()}

    def wake(self, lane: str) -> None:
        """A lane may have something to do."""
        self._syncs[lane].wake()

    def wake_all(self) -> None:
        """Every lane may have something to do."""
        for sync in self._syncs.values():
            sync.wake()

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.close()
