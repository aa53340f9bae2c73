"""Returns that are announced, scanned and decided here, against the real central service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid

from local_store.domain import commands as c
from local_store.domain import events as e
from tests.support.site import Hq
from tests.sync.station import LANE, Station, station
from tests.sync.test_with_hq import PRODUCTS, load, order, pull_all


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station(tmp_path / "st", hq.url, secret=hq.key("station")) as made:
        await load(hq, PRODUCTS, [order(1, SKU_1=2, SKU_2=1)], lists_of=1)
        await pull_all(made, 1)
        yield made


BODY = {
    "order_id": "ord_1",
    "rma_reference": "RMA-1",
    "reason": "damaged",
    "return_method": "ship",
    "destination_warehouse_id": "wh_1",
    "expected_lines": [{"order_line_id": "1-1", "qty": 3}],
}


def created(number: str = "RMA-1") -> e.ReturnCreated:
    lines = (("1-1", "SKU-1", 3), ("1-2", "SKU-2", 1))
    return e.ReturnCreated(
        return_id="return_1",
        order_id="ord_1",
        rma_reference=number,
        reason="damaged",
        expected_lines=tuple(e.ExpectedBack(order_line_id=at, sku=sku, qty=Decimal(qty)) for at, sku, qty in lines),
        return_method="ship",
        destination_warehouse_id="wh_1",
    )


def inspected(line_id: str | None, sku: str, qty: int, to: e.Disposition) -> e.ReturnInspected:
    restock = Decimal(qty if to == "reshelve" else 0)
    goods = (e.InspectedGoods(line_id=line_id, sku=sku, qty=Decimal(qty), to=to),)
    return e.ReturnInspected(
        return_id="return_1", disposition=to, restockable_qty=restock, line_id=line_id, goods=goods
    )


def came(line_id: str | None, sku: str, qty: int) -> e.ReceivedLine:
    return e.ReceivedLine(line_id=line_id, sku=sku, qty=Decimal(qty))


async def test_each_unit_of_a_return_made_here_is_where_it_was_decided_also_at_hq(hq: Hq, here: Station) -> None:
    await here.record(
        created(),
        e.ReturnReceived(return_id="return_1", lines=(came("1-1", "SKU-1", 3), came("1-2", "SKU-2", 1))),
        e.ReturnSurplus(return_id="return_1", receipt_id="rec-9", lines=(came(None, "SKU-3", 2),)),
        inspected("1-1", "SKU-1", 1, "reshelve"),
        inspected("1-1", "SKU-1", 1, "scrap"),
        inspected("1-1", "SKU-1", 1, "quarantine"),
        inspected("1-2", "SKU-2", 1, "repair"),
        inspected(None, "SKU-3", 2, "reshelve"),
        e.ReturnCompleted(return_id="return_1"),
        e.ReturnShipBackAsked(return_id="return_1"),
    )
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    assert here.rows("SELECT count(*) = sum(attempts) FROM outbox_request") == [(1,)]
    ((ident,),) = here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'return'")
    there = await hq.call("GET", f"/returns/{ident}")
    assert (there["status"], there["rma_reference"]) == ("completed", "RMA-1")
    decided = {(each["line_id"], each["disposition"]): each["qty"] for each in there["inspections"]}
    assert decided == {
        ("1-1", "reshelve"): 1,
        ("1-1", "scrap"): 1,
        ("1-1", "quarantine"): 1,
        ("1-2", "repair"): 1,
    }
    moved: list[dict[str, Any]] = (await hq.call("GET", "/edge/stock/movements?sku=SKU-3"))["items"]
    assert [each["quantity"] for each in moved if each["kind"] == "receipt"] == [2]
    back = await hq.call("GET", f"/fulfillments?order_id={ident}-back")
    assert [each["lines"][0]["sku"] for each in back["items"]] == ["SKU-1"]


async def test_with_lost_answers_a_return_is_announced_once(hq: Hq, here: Station) -> None:
    faults = {"lost_reply": 0.6, "status_500": 0.2, "only_role": "station", "seed": 3}
    await hq.call("PUT", "/hq/faults", faults, role="operator")
    await here.record(created(), e.ReturnReceived(return_id="return_1", lines=(came("1-1", "SKU-1", 1),)))
    async with here.syncing():
        await here.sent(60)
    await hq.call("PUT", "/hq/faults", {}, role="operator")
    found = (await hq.call("GET", "/returns"))["items"]
    assert [(each["rma_reference"], each["status"]) for each in found] == [("RMA-1", "received")]


async def test_a_number_that_hq_has_already_is_the_same_return(hq: Hq, here: Station) -> None:
    announced = await hq.call("POST", "/returns", BODY)
    await here.record(created(), e.ReturnReceived(return_id="return_1", lines=(came("1-1", "SKU-1", 1),)))
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    assert here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'return'") == [(announced["return_id"],)]
    assert (await hq.call("GET", f"/returns/{announced['return_id']}"))["status"] == "received"


async def test_a_return_that_hq_expects_is_known_here_once_and_received_under_its_lines(
    hq: Hq, here: Station
) -> None:
    announced = await hq.call("POST", "/returns", BODY)
    async with here.syncing(pull=True):
        await here.until(lambda: here.rows("SELECT number FROM returned") == [("RMA-1",)])
        await here.record(e.ReturnReceived(return_id=announced["return_id"], lines=(came("1-1", "SKU-1", 2),)))
        await here.sent()
    assert here.parked() == []
    assert (await hq.call("GET", f"/returns/{announced['return_id']}"))["status"] == "received"
    assert here.rows("SELECT count(*) FROM journal WHERE kind = 'return.announced'") == [(1,)]


async def test_a_return_that_was_made_here_is_not_known_twice(hq: Hq, here: Station) -> None:
    await here.record(created())
    async with here.syncing(pull=True):
        await here.sent()
        await here.until(lambda: here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'return'") != [])
    told = e.ReturnAnnounced(lane=LANE, return_id="rtn_9", number="RMA-1", lines=())
    await here.store.execute(c.ReceiveInbound(command_id=uuid.uuid7(), returns=(told,)))
    assert here.rows("SELECT return_id FROM returned") == [("return_1",)]
