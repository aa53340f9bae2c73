"""A station to test sync on: a real store, a lane to an HQ, and a clock on which waiting takes no time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import uuid_utils.compat

from local_store import outbox
from local_store.clock import Clock, SystemClock
from local_store.domain import events as e
from local_store.domain.site import Lane, Site, SsccNumbers, Worker
from local_store.store import Store
from sync.dialect import AtStation
from sync.dialects import DIALECTS
from sync.engine import LaneState, LaneSync
from sync.feed import JournalFeed
from tests.support.patience import PATIENCE_S
from tests.sync.fake_hq import SECRET

LANE = "main"
OFS = DIALECTS["ofs"]
SITE = Site(
    station_id="st-1",
    warehouse_id="wh_1",
    workplaces={"pick": "pick", "pack": "pack"},
    workers={"ana": Worker("ana", "Ana", "BADGE-ANA", frozenset({"picker", "packer"}))},
    lanes=(Lane(LANE, OFS.accepts(None)),),
    sscc=SsccNumbers("0614141", 3, 1, 99_999),
)
START_MS = 1_756_713_600_000


@dataclass
class FastTime:
    """Sleeping moves the clock and takes no time."""

    now_ms: int = START_MS
    slept: list[float] = field(default_factory=list)

    def wall_ms(self) -> int:
        return self.now_ms

    def mono_ms(self) -> int:
        return self.now_ms

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0.001)
        self.now_ms += max(1, round(seconds * 1000))


class RealTime(SystemClock):
    """The clocks of this machine."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Station:
    """A store with one lane, and what the lane said."""

    store: Store
    url: str
    time: Any
    secret: str = SECRET
    timeout_s: int = 5
    poll_s: int = 3600
    dialect: str = "ofs"
    more_settings: Mapping[str, Any] = field(default_factory=lambda: {"tenant": "t1"})
    is_source: bool = True
    make_client: Callable[..., Any] | None = None
    host: str | None = None
    """The name of this machine, for a lane that tells HQ the journal; None leaves that out."""
    problems: dict[str, str] = field(default_factory=dict)
    states: list[LaneState] = field(default_factory=list)
    lane: LaneSync = field(init=False)
    feed: JournalFeed = field(init=False)

    def on_commit(self) -> None:
        """As the agent's wiring does it."""
        if hasattr(self, "lane"):
            self.lane.wake()
        if hasattr(self, "feed"):
            self.feed.wake()

    @asynccontextmanager
    async def syncing(self, *, pull: bool = False) -> AsyncIterator[LaneSync]:
        """The lane runs, as the agent's supervisor runs it, until the block ends."""
        dialect = DIALECTS[self.dialect]
        common = {"dialect": self.dialect, "url": self.url, "secret": "hq", "timeout_s": self.timeout_s}
        settings = dialect.settings.model_validate({**common, **self.more_settings})
        site = self.store.site
        make_client = self.make_client or dialect.make_client
        client = make_client(settings, self.secret, AtStation(site.station_id, site.warehouse_id, self.time))
        feed = self._feed(client)
        self.lane = LaneSync(
            LANE,
            self.store,
            client,
            poll_s=self.poll_s,
            is_source=self.is_source,
            clock=self.time,
            sleep=self.time.sleep,
            chance=random.Random(1),
            new_key=uuid_utils.compat.uuid7,
            report=lambda problem, sentence, _next_step: self.problems.__setitem__(problem, sentence),
            clear=self.forget,
            feed=feed,
        )
        self.lane.observe(self.states.append)
        tasks = [asyncio.create_task(self.lane.run_push())]
        if feed is not None:
            self.feed = feed
            tasks.append(asyncio.create_task(feed.run()))
        if pull:
            tasks.append(asyncio.create_task(self.lane.run_pull()))
        try:
            yield self.lane
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            await client.close()
            assert [type(each) for each in ended] == [asyncio.CancelledError] * len(tasks), ended

    def _feed(self, client: Any) -> JournalFeed | None:
        if self.host is None:
            return None
        return JournalFeed(
            LANE,
            self.store,
            client.edge,
            host=self.host,
            clock=self.time,
            sleep=self.time.sleep,
            new_key=uuid_utils.compat.uuid7,
            report=lambda problem, sentence, _next_step: self.problems.__setitem__(problem, sentence),
            clear=self.forget,
        )

    def forget(self, problem: str) -> None:
        self.problems.pop(problem, None)

    async def record(self, *facts: e.Fact, actor: str = "ana") -> None:
        """Facts become true on the floor; the lane hears of it."""
        await self.store.run(lambda tx: [tx.append(fact, actor=actor, source=LANE) for fact in facts])

    async def until(self, reached: Callable[[], bool], deadline_s: float = PATIENCE_S) -> None:
        """Wait for something to become true; looked at after every turn of the loop."""
        async with asyncio.timeout(deadline_s):
            while not reached():  # noqa: ASYNC110 -- looks at the store, which sends no event
                await asyncio.sleep(0.005)

    async def sent(self, deadline_s: float = PATIENCE_S) -> None:
        """Wait until nothing that may go is left."""
        await self.until(lambda: self.figures().unsent == 0, deadline_s)

    def figures(self) -> outbox.LaneFigures:
        return outbox.figures(self.store.reader, LANE)

    def parked(self) -> list[tuple[str, str, str]]:
        """(entity, kind, reason)"""
        return [row[1:] for row in outbox.parked(self.store.reader, LANE)]

    async def retry(self, entity: str) -> None:
        await self.store.run(lambda tx: outbox.retry_parked(tx.connection, LANE, entity))
        self.lane.wake()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.reader.execute(sql, values)]


@asynccontextmanager
async def station(folder: Path, url: str, time: Clock | None = None, **of: Any) -> AsyncIterator[Station]:
    """A station with an empty store; `time` is a FastTime unless given."""
    clock = time or FastTime()
    lanes = (Lane(LANE, of.pop("accepts", OFS.accepts(None))),)
    site = replace(SITE, lanes=lanes, **of.pop("site", {}))
    store = Store(folder, site, clock, "test", **of.pop("store", {}))
    await store.open()
    store.listen(lambda _facts: made.on_commit())
    made = Station(store, url, clock, **of)
    try:
        yield made
    finally:
        await store.close()


def new_id() -> UUID:
    return uuid_utils.compat.uuid7()


def assigned(picklist: str) -> e.Fact:
    return e.PicklistAssigned(picklist_id=picklist, worker_id="ana", workplace="pick")


def started(picklist: str) -> e.Fact:
    return e.PicklistStarted(picklist_id=picklist, worker_id="ana", workplace="pick")


def counted(picklist: str, count_id: str, qty: int | str = 1) -> e.Fact:
    return e.PickCounted(
        picklist_id=picklist,
        task_id=f"{picklist}-T1",
        count_id=count_id,
        location_id="A-1",
        sku="SKU-1",
        qty=Decimal(qty),
        picked=Decimal(qty),
        status="open",
    )


def undone(picklist: str, undo_id: str, qty: int) -> e.Fact:
    return e.PickUndone(
        picklist_id=picklist,
        task_id=f"{picklist}-T1",
        count_id="c1",
        undo_id=undo_id,
        qty=Decimal(qty),
        picked=Decimal(0),
        status="open",
    )


def short(picklist: str, count_id: str) -> e.Fact:
    return e.PickShort(
        picklist_id=picklist,
        task_id=f"{picklist}-T1",
        count_id=count_id,
        location_id="A-1",
        sku="SKU-1",
        qty=Decimal(3),
        reason="empty",
        status="short",
    )


def completed(picklist: str) -> e.Fact:
    return e.PicklistCompleted(
        picklist_id=picklist, pick_confirmation_id=f"pc-{picklist}", workplace="pick", lines=()
    )


def packing(fulfillment: str, picklist: str | None = None) -> list[e.Fact]:
    """Everything a packed parcel tells HQ: opened, packed, sealed, shipment."""
    of: dict[str, Any] = {"fulfillment_id": fulfillment, "picklist_id": picklist}
    package = f"{fulfillment}-P1"
    item = e.PackedItem(order_line_id="L1", sku="SKU-1", qty=Decimal(2))
    return [
        e.PackOpened(**of, workplace="pack", worker_id="ana", package_id=package),
        e.PackagePacked(**of, package_id=package, weight_mg=1_234_500, sscc="306141410000000012", items=(item,)),
        e.PackageSealed(**of, workplace="pack", package_id=package, sscc="306141410000000012", sscc_serial=1),
        e.ShipmentRequested(
            **of,
            warehouse_id="wh_1",
            party_id=f"to:{fulfillment}",
            packages=((package, 1_234_500),),
            reference="O-1",
            carrier_hint="DHL",
            service_code=None,
            insurance={"value": 5, "currency": "EUR"},
        ),
    ]
