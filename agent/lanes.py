"""The lanes of a running agent: one for each HQ in edge.toml, built from its dialect."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import uuid_utils.compat as uuid

from agent.floor.views import LaneState
from agent.problems import Problems
from config import Settings, read_secret
from local_store.clock import Clock
from local_store.domain.events import PicklistCompleted, PicklistReleased, PicklistStarted
from local_store.domain.site import Lane
from local_store.journal import Recorded
from local_store.store import Store
from sync.dialect import AtStation, HqClient, Outcome
from sync.dialects import DIALECTS
from sync.engine import LaneSync, Pulse, TakesBadges
from sync.feed import JournalFeed
from sync.files import CarriesFiles, LaneFiles
from sync.leases import WorkLeases

_OPENS_OR_CLOSES = (PicklistStarted, PicklistCompleted, PicklistReleased)


class Lanes:
    """Builds each lane's client at once, so that a missing secret is told before anything starts."""

    def __init__(self, settings: Settings, folder: Path, clock: Clock, problems: Problems) -> None:
        self._settings, self._clock, self._problems = settings, clock, problems
        station = settings.station
        self._clients = {
            name: DIALECTS[hq.dialect].make_client(
                hq,
                read_secret(hq.secret, folder),
                AtStation(station.id, station.warehouse_id, clock, bool(settings.people.badge_key)),
            )
            for name, hq in settings.hq.items()
        }
        self._syncs: dict[str, LaneSync] = {}
        self._feeds: dict[str, JournalFeed] = {}
        self._files: dict[str, LaneFiles] = {}
        self._leases: dict[str, WorkLeases] = {}

    def as_site(self) -> tuple[Lane, ...]:
        """What the store must know to promise facts to each lane."""
        return tuple(
            Lane(
                name,
                DIALECTS[hq.dialect].accepts(hq),
                sink=hq.sink,
                buys_labels=getattr(hq, "buy_labels", False),  # a setting of those dialects that know labels
                takes_files=isinstance(self._clients[name], CarriesFiles),
            )
            for name, hq in self._settings.hq.items()
        )

    def connect(self, store: Store, changed: Callable[[], None], on_badges: TakesBadges) -> None:
        """Build the lanes on an open store."""
        around: dict[str, Any] = {
            "clock": self._clock,
            "sleep": asyncio.sleep,
            "report": self._problems.report,
            "clear": self._problems.clear,
        }
        chance = random.SystemRandom()
        for name, hq in self._settings.hq.items():
            client = self._clients[name]
            if client.edge is not None:
                host = socket.gethostname()
                self._feeds[name] = JournalFeed(name, store, client.edge, host=host, new_key=uuid.uuid7, **around)
                if hq.source:
                    self._leases[name] = WorkLeases(
                        name,
                        store,
                        client.edge,
                        clock=self._clock,
                        sleep=asyncio.sleep,
                        new_key=uuid.uuid7,
                    )
            sync = LaneSync(
                name,
                store,
                client,
                poll_s=hq.poll_s,
                is_source=hq.source,
                chance=chance,
                new_key=uuid.uuid7,
                feed=self._feeds.get(name),
                on_badges=on_badges,
                **around,
            )
            if isinstance(client, CarriesFiles):
                self._files[name] = LaneFiles(name, store, client.files, chance=chance, new_id=uuid.uuid7, **around)
            sync.observe(lambda _state: changed())
            self._syncs[name] = sync

    def runs(self) -> dict[str, Callable[[], Any]]:
        """The loops of every lane, by name, for the supervisor."""
        found: dict[str, Callable[[], Any]] = {}
        for name, sync in self._syncs.items():
            found[f"push to {name}"] = sync.run_push
            if name in self._feeds:
                found[f"journal to {name}"] = self._feeds[name].run
            found[f"pull from {name}"] = sync.run_pull
            if name in self._leases:
                found[f"leases of {name}"] = self._leases[name].run
            if name in self._files:
                found[f"files of {name}"] = self._files[name].run
        return found

    def states(self) -> dict[str, LaneState]:
        """What each lane says of its HQ."""
        return {name: sync.state() for name, sync in self._syncs.items()}

    def pulses(self) -> dict[str, Pulse]:
        """When each HQ last answered, and when it is asked again."""
        return {name: sync.pulse() for name, sync in self._syncs.items()}

    def client(self, lane: str) -> HqClient:
        """The HQ of a lane, for looks at it."""
        return self._clients[lane]

    def outcomes(self, lane: str) -> Mapping[Outcome, int]:
        """How often each outcome of a request came since the start."""
        return self._syncs[lane].outcomes

    def wake(self, lane: str) -> None:
        """A lane may have something to do."""
        self._syncs[lane].wake()

    def wake_all(self) -> None:
        """Every lane may have something to send."""
        for sync in self._syncs.values():
            sync.wake()

    def wake_files(self) -> None:
        """There may be a file to fetch or to send."""
        for each in self._files.values():
            each.wake()

    def look_at_leases(self, recorded: Sequence[Recorded]) -> None:
        """Where a picklist was begun, completed or put aside, HQ hears of it."""
        if any(isinstance(each.fact, _OPENS_OR_CLOSES) for each in recorded):
            for leases in self._leases.values():
                leases.wake()

    def tell_journals(self) -> None:
        """There are new facts, for HQ or not."""
        for feed in self._feeds.values():
            feed.wake()

    async def refill_numbers(self) -> None:
        """Every HQ that gives numbers is asked for more where few are left."""
        for feed in self._feeds.values():
            feed.refill()

    def keep_journals(self) -> bool:
        """Whether some HQ keeps this station's journal, or may once it answers."""
        return any(feed.may_keep() for feed in self._feeds.values())

    def hold(self) -> str | None:
        """Why nothing may be printed yet: an HQ that can be reached was not asked whether this store is behind."""
        for name, feed in self._feeds.items():
            if not feed.asked and self._syncs[name].state().state in {"unknown", "reachable"}:
                return f"{name} is asked whether this store is up to date."
        return None

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.close()
