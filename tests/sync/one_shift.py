"""One shift, worked once, whose journal every lane of one store delivers to its own HQ."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uuid_utils.compat

from hq.facades.s2.ids import ORGANIZATION, id_of
from hq.faults import Faults
from local_store import outbox
from local_store.domain import commands as c
from local_store.domain.site import Lane
from local_store.store import Store
from sync.dialect import AtStation
from sync.dialects import DIALECTS
from sync.engine import LaneSync
from tests.hq.site import SECRETS, Hq, running_hq
from tests.support.patience import PATIENCE_S
from tests.sync.floor import pack_everything, pick_everything
from tests.sync.station import SITE, FastTime

WAVE = 20
"""Orders that are picked together."""
CLEAN, FAULTY, REFUSED = KINDS = ("clean", "faulty", "refused")
SOURCE = "ofs-clean"
"""The lane whose HQ gives the work; all others are told what became of it."""

SETTINGS: dict[str, dict[str, Any]] = {
    "ofs": {"tenant": "t1"},
    "pitney_bowes": {
        "api_key": "k",
        "client_id": "c",
        "profile": {"centres": {"157": {"address": {"country": "Germany"}}}},
    },
    "esw": {
        "tenant": "GOCAS",
        "fulfillment_centre_id": "wh_1",
        "provider": "mirolog",
        "auth": "static_key",
        "profile": {"scac": {"Federal Shipping": "FDSH", "Speedy Express": "SPDX", "United Package": "UNPK"}},
    },
    "exsited": {
        "client_id": "station",
        "redirect_uri": "https://edge.example.com/callback",
        "mode": "full",
        "warehouse": "Warehouse wh_1",
    },
    "s2": {"email": "st-1@house", "organization": ORGANIZATION, "warehouse": id_of("warehouse", "wh_1")},
}
"""What a site writes for each dialect, beside address and secret."""
MOUNT = {"esw": "/esw"}
"""Where our HQ serves an API that is not at its root."""


@dataclass
class Shift:
    """A store with lanes for each dialect, the HQ that gave the work, and what was worked."""

    store: Store
    time: FastTime
    folder: Path
    problems: dict[str, str] = field(default_factory=dict)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.reader.execute(sql, values)]

    def figures(self, lane: str) -> outbox.LaneFigures:
        return outbox.figures(self.store.reader, lane)

    @asynccontextmanager
    async def hq(self, lane: str, faults: Faults | None = None) -> AsyncIterator[Hq]:
        """The HQ of a lane: at first a copy of the one that gave the work, afterwards what this lane made of it."""
        database = self.folder / f"{lane}.db"
        if not database.exists():
            shutil.copy(self.folder / "given.db", database)
        async with running_hq(database, faults, dialect=dialect_of(lane)) as hq:
            yield hq

    @asynccontextmanager
    async def syncing(
        self, lane: str, url: str, *, pull: bool = False, **settings_of: Any
    ) -> AsyncIterator[LaneSync]:
        """The lane runs against `url` until the block ends."""
        dialect = DIALECTS[dialect_of(lane)]
        address = url + MOUNT.get(dialect.name, "")
        settings = dialect.settings.model_validate({**common(lane), "url": address, **settings_of})
        client = dialect.make_client(
            settings, SECRETS["station"], AtStation(SITE.station_id, SITE.warehouse_id, self.time)
        )
        sync = LaneSync(
            lane,
            self.store,
            client,
            poll_s=3600,
            is_source=lane == SOURCE,
            clock=self.time,
            sleep=self.time.sleep,
            chance=random.Random(1),
            new_key=uuid_utils.compat.uuid7,
            report=lambda problem, sentence, _next_step: self.problems.__setitem__(problem, sentence),
            clear=self.forget,
        )
        tasks = [asyncio.create_task(sync.run_push())]
        if pull:
            tasks.append(asyncio.create_task(sync.run_pull()))
        try:
            yield sync
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            await client.close()
            assert [type(each) for each in ended] == [asyncio.CancelledError] * len(tasks), ended

    def forget(self, problem: str) -> None:
        self.problems.pop(problem, None)

    async def until(self, reached: Callable[[], bool], deadline_s: float = PATIENCE_S) -> None:
        """Wait for the store to show something."""
        async with asyncio.timeout(deadline_s):
            while not reached():  # noqa: ASYNC110 -- looks at the store, which sends no event
                await asyncio.sleep(0.01)

    async def sent(self, lane: str, deadline_s: float = PATIENCE_S) -> None:
        """Wait until a lane has nothing more to send."""
        await self.until(lambda: self.figures(lane).unsent == 0, deadline_s)

    async def deliver(self, lane: str, faults: Faults | None = None, deadline_s: float = 120) -> dict[str, Any]:
        """Send everything to the lane's HQ; what that HQ holds in the end."""
        async with self.hq(lane, faults) as hq:
            async with self.syncing(lane, hq.url):
                await self.sent(lane, deadline_s)
            await hq.call("PUT", "/hq/faults", role="operator", json={})
            truth: dict[str, Any] = (await hq.get("/hq/truth")).body
        return truth


def dialect_of(lane: str) -> str:
    """`esw-clean` -> `esw`."""
    return lane.rpartition("-")[0]


def common(lane: str) -> dict[str, Any]:
    """The settings of a lane but its address."""
    dialect = dialect_of(lane)
    return {"dialect": dialect, "secret": "hq", "timeout_s": 5, **SETTINGS[dialect]}


def lanes(dialects: Iterable[str]) -> tuple[Lane, ...]:
    """Three lanes for each dialect: one whose HQ behaves, one whose HQ does not, and one whose HQ refuses."""
    found = []
    for dialect in dialects:
        for kind in KINDS:
            name = f"{dialect}-{kind}"
            model = DIALECTS[dialect].settings.model_validate({**common(name), "url": "http://127.0.0.1:1"})
            found.append(Lane(name, DIALECTS[dialect].accepts(model)))
    return tuple(found)


@asynccontextmanager
async def shift(
    folder: Path,
    products: Sequence[Mapping[str, Any]],
    stock: Sequence[Any],
    orders: Sequence[Mapping[str, Any]],
    wave: int = WAVE,
    dialects: Iterable[str] = SETTINGS,
) -> AsyncIterator[Shift]:
    """All orders pulled, picked and packed; nothing is sent yet."""
    time = FastTime()
    store = Store(folder / "store", replace(SITE, lanes=lanes({"ofs", *dialects})), time, "test")
    await store.open()
    made = Shift(store, time, folder)
    try:
        async with running_hq(folder / "given.db") as given:
            for kind, rows in (("products", products), ("stock", stock), ("fulfillments", orders)):
                job = await given.import_lines(kind, list(rows))
                assert job["rejected"] == 0, job
            await _wave(given, wave)
            async with made.syncing(SOURCE, given.url, pull=True):
                await made.until(lambda: made.rows("SELECT count(*) FROM fulfillment")[0][0] == len(orders))
            given.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        await _learn_refs(made, orders)
        station: Any = made
        await pick_everything(station)
        await pack_everything(station)
        yield made
    finally:
        await store.close()


async def _wave(hq: Hq, together: int) -> None:
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await hq.get(f"/fulfillments?limit=200{f'&cursor={cursor}' if cursor else ''}")).body
        ids += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    for first in range(0, len(ids), together):
        await hq.wave(*ids[first : first + together])


async def _learn_refs(made: Shift, orders: Sequence[Mapping[str, Any]]) -> None:
    """What each HQ calls the work: by its own pull, or by import for the one that has nothing to pull."""
    for lane in (each.name for each in made.store.site.lanes if dialect_of(each.name) not in {"ofs", "esw"}):
        async with made.hq(lane) as hq, made.syncing(lane, hq.url, pull=True):
            await made.until(lambda lane=lane: _known_orders(made, lane) == len(orders))  # type: ignore[misc]
    called = [
        (thing, ident, before + order)
        for ident, order in made.rows("SELECT fulfillment_id, order_id FROM fulfillment")
        for thing, before in (("order", ""), ("three_pl_request", "3PL-"))
    ]
    called += made.rows(
        "SELECT 'line', fulfillment_id || '/' || order_line_id, CAST(position + 1 AS TEXT) FROM fulfillment_line"
    )
    lanes_of_esw = [each.name for each in made.store.site.lanes if dialect_of(each.name) == "esw"]
    refs = [
        c.HqRef(lane=lane, thing=thing, local_id=local_id, hq_id=hq_id)
        for lane in lanes_of_esw
        for thing, local_id, hq_id in called
    ]
    await made.store.execute(
        c.ReceiveWork(command_id=uuid_utils.compat.uuid7(), fulfillments=(), parties=(), refs=tuple(refs))
    )


def _known_orders(made: Shift, lane: str) -> int:
    (row,) = made.rows("SELECT count(*) FROM hq_ref WHERE lane = ? AND thing = 'order'", lane)
    return int(row[0])
