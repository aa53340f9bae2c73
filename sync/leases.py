"""Open picklists are kept for this station at HQ, so that no other station picks them while HQ can be asked.

The station decides first and asks HQ in the background: picking never waits for the network. A list that HQ keeps for
another station becomes an exception at which picking stops. While HQ is away picking goes on.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol
from uuid import UUID

from local_store.clock import Clock
from local_store.domain.commands import SeeWork
from local_store.store import Store
from sync.edge import EdgeStopped, NotOffered, WorkLease
from sync.known import KnownHere
from sync.waiting import until

log = logging.getLogger(__name__)

TTL_S = 900
"""For so long HQ keeps a list after its station was last heard of: a dead station must not hold it for a shift."""
RENEW_MS = TTL_S * 1000 // 3
LOOK_MS = 60_000
REST_MS = 5_000
"""Pause after HQ failed."""
NOT_OFFERED_MS = 3_600_000
MOST_LISTS = 100
"""A station has a handful of lists open."""


class LeasingHq(Protocol):
    """The calls of our own HQ. Each raises NotOffered where it has no such path, and EdgeStopped when it fails."""

    async def keep_work(self, picklist_id: str, ttl_s: int, key: str) -> WorkLease | None:
        """Have a picklist kept for this station; None while another has it."""

    async def give_work_back(self, lease_id: str, key: str) -> None:
        """It need not be kept any more."""


class Held(NamedTuple):
    """A picklist that HQ keeps for this station, until when by the clock here (UTC milliseconds)."""

    picklist_id: str
    lease_id: str
    until_ms: int


class WorkLeases:
    """Keeps the open lists of one lane at its HQ. Run `run` as a task of its own."""

    def __init__(
        self,
        lane: str,
        store: Store,
        hq: LeasingHq,
        *,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
        new_key: Callable[[], UUID],
    ) -> None:
        self._lane, self._store, self._hq = lane, store, hq
        self._clock, self._sleep, self._new_key = clock, sleep, new_key
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """A list was opened, completed or put aside."""
        self._wake.set()

    async def run(self) -> None:
        """Take, renew and give back, for ever."""
        while True:
            self._wake.clear()
            await until(self._wake, await self._once(), self._sleep)

    async def _once(self) -> int:
        """Look through the open lists; how long to wait then, in milliseconds."""
        try:
            soon_ms = self._clock.wall_ms() + TTL_S * 1000 - RENEW_MS
            for picklist_id in _wanted(self._store.reader, self._lane, soon_ms):
                await self._take(picklist_id)
            for held in _done_with(self._store.reader, self._lane):
                await self._hq.give_work_back(held.lease_id, str(self._new_key()))
                await self._forget(held.picklist_id)
        except NotOffered:
            return NOT_OFFERED_MS
        except EdgeStopped as stopped:
            log.info("%s: leases of picklists wait: %s", self._lane, stopped)
            return REST_MS
        return LOOK_MS

    async def _take(self, picklist_id: str) -> None:
        lease = await self._hq.keep_work(picklist_id, TTL_S, str(self._new_key()))
        if lease is None:
            await self._forget(picklist_id)
            await self._tell(picklist_id)
            return
        until_ms = self._clock.wall_ms() + TTL_S * 1000
        row = (self._lane, picklist_id, lease.lease_id, until_ms)
        await self._store.run(
            lambda tx: tx.connection.execute("INSERT OR REPLACE INTO work_lease VALUES (?,?,?,?)", row)
        )

    async def _tell(self, picklist_id: str) -> None:
        """Another station has it: whoever picks it here is stopped, and a supervisor decides."""
        seen = SeeWork(
            command_id=self._new_key(),
            lane=self._lane,
            thing="picklist",
            work_id=picklist_id,
            state="given_away",
        )
        if KnownHere(self._store.reader, self._lane).is_news(seen):
            await self._store.execute(seen)

    async def _forget(self, picklist_id: str) -> None:
        row = (self._lane, picklist_id)
        await self._store.run(
            lambda tx: tx.connection.execute("DELETE FROM work_lease WHERE lane = ? AND picklist_id = ?", row)
        )


def _wanted(db: sqlite3.Connection, lane: str, good_until_ms: int) -> list[str]:
    """Lists in progress that HQ does not keep for us for long any more."""
    rows = db.execute(
        "SELECT p.picklist_id FROM picklist p INDEXED BY picklist_not_through"
        " LEFT JOIN work_lease w USING (lane, picklist_id) WHERE p.lane = ? AND p.status <> 'completed'"
        " AND p.status = 'in_progress' AND (w.until_ms IS NULL OR w.until_ms < ?) ORDER BY p.picklist_id LIMIT ?",
        (lane, good_until_ms, MOST_LISTS),
    )
    return [picklist_id for (picklist_id,) in rows]


def _done_with(db: sqlite3.Connection, lane: str) -> list[Held]:
    rows = db.execute(
        "SELECT w.picklist_id, w.lease_id, w.until_ms FROM work_lease w"
        " LEFT JOIN picklist p USING (lane, picklist_id)"
        " WHERE w.lane = ? AND (p.status IS NULL OR p.status <> 'in_progress') ORDER BY w.picklist_id LIMIT ?",
        (lane, MOST_LISTS),
    )
    return [Held(*row) for row in rows]
