"""Two stations and one picklist: while HQ can be asked, one of them picks it; while it cannot, work goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid

from local_store.domain import commands as c
from local_store.domain.words import Answer
from sync.dialect import AtStation
from sync.leases import RENEW_MS, WorkLeases
from tests.support.site import Hq
from tests.sync.floor import act, pick
from tests.sync.station import LANE, OFS, Station, station
from tests.sync.test_with_hq import PRODUCTS, load, order, pull_all


@pytest.fixture
async def two(hq: Hq, tmp_path: Path) -> AsyncIterator[tuple[Station, Station]]:
    """Both stations have pulled the one list there is, before either began it."""
    await load(hq, PRODUCTS, [order(1, SKU_1=2, SKU_2=1)], lists_of=1)
    key = hq.key("station")
    async with (
        station(tmp_path / "a", hq.url, secret=key) as one,
        station(tmp_path / "b", hq.url, secret=key, site={"station_id": "st-2"}) as other,
    ):
        for each in (one, other):
            await pull_all(each, 1)
            await act(each, c.Scan, workplace="pick", code="BADGE-ANA")
        yield one, other


@asynccontextmanager
async def leasing(here: Station) -> AsyncIterator[WorkLeases]:
    """The task that the agent runs beside the lane."""
    settings = {"dialect": "ofs", "url": here.url, "secret": "hq", "tenant": "t1", "timeout_s": 2}
    at = AtStation(here.store.site.station_id, "wh_1", here.time)
    client = OFS.make_client(OFS.settings.model_validate(settings), here.secret, at)
    assert client.edge is not None
    edge: Any = client.edge
    made = WorkLeases(LANE, here.store, edge, clock=here.time, sleep=asyncio.sleep, new_key=uuid.uuid7)
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.close()


def leased(here: Station) -> list[tuple[Any, ...]]:
    return here.rows("SELECT picklist_id, lease_id FROM work_lease")


async def said(here: Station, command: type[c.FloorCommand], **of: Any) -> Answer:
    return (await here.store.execute(command(command_id=uuid.uuid7(), workplace="pick", **of))).answer


async def test_a_list_that_one_station_picks_is_stopped_at_the_other(
    hq: Hq,
    two: tuple[Station, Station],
) -> None:
    one, other = two
    ((picklist,),) = one.rows("SELECT picklist_id FROM picklist")
    await act(one, c.OpenWork, workplace="pick", id=picklist)
    async with leasing(one) as leases, leasing(other) as others:
        await one.until(lambda: bool(leased(one)))
        held = (await hq.call("GET", "/edge/leases"))["items"]
        assert [(each["id"], each["station"]) for each in held] == [(picklist, "st-1")]
        await act(other, c.OpenWork, workplace="pick", id=picklist)
        others.wake()
        await other.until(lambda: bool(other.rows("SELECT 1 FROM work_exception WHERE state = 'open'")))
        refused = await said(other, c.Scan, code="A-01-1")
        assert refused.code == "work.asks"
        assert f"HQ gave picklist {picklist} to another station" in refused.text
        assert other.rows("SELECT count(*) FROM journal WHERE kind = 'pick.counted'") == [(0,)]
        await pick(one, picklist)
        leases.wake()
        await one.until(lambda: leased(one) == [])
        assert (await hq.call("GET", "/edge/leases"))["items"] == []


async def test_hq_gives_a_list_only_to_the_station_that_holds_its_lease(
    hq: Hq,
    two: tuple[Station, Station],
) -> None:
    one, other = two
    ((picklist,),) = one.rows("SELECT picklist_id FROM picklist")
    wanted = {"thing": "picklist", "id": picklist, "station": "st-1", "ttl_s": 60}
    await hq.call("POST", "/edge/leases", wanted)
    await pick(other, picklist)
    async with other.syncing():
        await other.until(lambda: bool(other.parked()))
    ((_, kind, reason),) = other.parked()
    assert kind == "picklist.assigned"
    assert f"Picklist {picklist} is leased to device st-1" in reason


async def test_a_lease_is_renewed_while_the_list_is_open(two: tuple[Station, Station]) -> None:
    one, _ = two
    ((picklist,),) = one.rows("SELECT picklist_id FROM picklist")
    await act(one, c.OpenWork, workplace="pick", id=picklist)
    async with leasing(one) as leases:
        await one.until(lambda: bool(leased(one)))
        before, first = one.rows("SELECT until_ms FROM work_lease"), leased(one)
        one.time.now_ms += RENEW_MS + 1
        leases.wake()
        await one.until(lambda: one.rows("SELECT until_ms FROM work_lease") > before)
        assert leased(one) == first


async def test_while_hq_is_away_picking_goes_on_and_the_lease_is_taken_when_it_is_back(
    hq: Hq,
    two: tuple[Station, Station],
) -> None:
    one, _ = two
    ((picklist,),) = one.rows("SELECT picklist_id FROM picklist")
    await hq.call("PUT", "/hq/faults", {"down": True}, role="operator")
    await act(one, c.OpenWork, workplace="pick", id=picklist)
    async with leasing(one) as leases:
        await act(one, c.Scan, workplace="pick", code="A-01-1")
        await act(one, c.Scan, workplace="pick", code="SKU-1")
        leases.wake()
        assert one.rows("SELECT picked FROM pick_task WHERE sku = 'SKU-1'") == [("1",)]
        assert leased(one) == []
        await hq.call("PUT", "/hq/faults", {}, role="operator")
        leases.wake()
        await one.until(lambda: bool(leased(one)))


async def test_a_list_that_is_put_aside_is_given_back(two: tuple[Station, Station]) -> None:
    one, _ = two
    ((picklist,),) = one.rows("SELECT picklist_id FROM picklist")
    await act(one, c.OpenWork, workplace="pick", id=picklist)
    async with leasing(one) as leases:
        await one.until(lambda: bool(leased(one)))
        aside = c.ReleasePicklist(command_id=uuid.uuid7(), worker_id="ana", picklist_id=picklist, reason="pause")
        await one.store.execute(aside)
        leases.wake()
        await one.until(lambda: leased(one) == [])
