"""Counts that HQ asks for, and what HQ believes of shelves, against the real central service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from local_store.domain import events as e
from tests.support.site import Hq
from tests.sync.station import Station, station
from tests.sync.test_with_hq import PRODUCTS, load, order


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station(tmp_path / "st", hq.url, secret=hq.key("station")) as made:
        yield made


async def test_a_count_that_hq_asks_for_is_counted_here_and_ends_there(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=1)], lists_of=1)
    wanted = {"type": "count", "warehouse_id": "wh_1", "subject": "A-03-1", "instructions": "Looks empty"}
    task = (await hq.call("POST", "/tasks", wanted))["task_id"]
    async with here.syncing(pull=True):
        await here.until(lambda: here.rows("SELECT 1 FROM count_task") == [(1,)])
        assert here.rows("SELECT count_task_id, location_id, reason FROM count_task") == [
            (task, "A-03-1", "Looks empty")
        ]
        lots = (e.CountedLot(lot_id="L1", qty=Decimal(3)), e.CountedLot(lot_id="L2", qty=Decimal(4)))
        await here.record(
            e.StockCounted(sku="SKU-3", location_id="A-03-1", qty=Decimal(7), lots=lots),
            e.CountSettled(count_task_id=task, by="count", location_id="A-03-1", counted_by="ana"),
            e.CountSettled(count_task_id="count_of_ours", by="count", location_id="A-03-1", counted_by="ana"),
        )
        await here.sent()
    assert here.parked() == []
    done = (await hq.call("GET", "/tasks?type=count&status=done"))["items"]
    assert [(each["task_id"], each["result"]["counted_by"]) for each in done] == [(task, "ana")]
    stock = (await hq.call("GET", "/edge/stock?sku=SKU-3&location_id=A-03-1"))["items"]
    assert [each["on_hand"] for each in stock] == [7], "all lots together: HQ counts by location and product"


async def test_a_fresh_station_learns_what_hq_believes_of_every_shelf_once(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=1)], lists_of=1)
    shelves = (await hq.call("GET", "/edge/stock"))["items"]
    wanted = sorted((each["location_id"], each["sku"], str(each["on_hand"])) for each in shelves)
    assert wanted
    async with here.syncing(pull=True):
        await here.until(lambda: len(here.rows("SELECT 1 FROM stock_told")) == len(wanted))
        await here.record(e.StockCounted(sku="SKU-3", location_id="A-03-1", qty=Decimal(1)))
        await here.until(lambda: here.rows("SELECT 1 FROM stock_told WHERE sku = 'SKU-3' AND qty = '1'") != [])
    found = here.rows("SELECT location_id, sku, qty FROM stock_told WHERE sku <> 'SKU-3' ORDER BY 1, 2")
    assert found == [each for each in wanted if each[1] != "SKU-3"]
    ((told,),) = here.rows("SELECT count(*) FROM journal WHERE kind = 'stock.told'")
    assert told <= len(wanted) + 1
