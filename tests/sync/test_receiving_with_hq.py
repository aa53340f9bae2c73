"""Announcements, receipts, put-aways, corrections and moves against the real central service, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid

from local_store.domain import commands as c
from local_store.domain.site import Lane, Worker
from tests.support.dock import PALLET
from tests.support.site import Hq
from tests.sync.station import LANE, OFS, Station, station
from tests.sync.test_with_hq import PRODUCTS, load, order

WORKERS = {
    "ray": Worker("ray", "Ray", "BADGE-RAY", frozenset({"receiver"})),
    "eve": Worker("eve", "Eve", "BADGE-EVE", frozenset({"supervisor"})),
}


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station(tmp_path / "st", hq.url, secret=hq.key("station")) as made:
        lanes = (Lane(LANE, OFS.accepts(None)),)
        work = {"in": "receive", "put": "put_away"}
        made.store.site = replace(made.store.site, lanes=lanes, workplaces=work, workers=WORKERS)
        yield made


async def scan(here: Station, workplace: str, *codes: str) -> str:
    for code in codes:
        told = await here.store.execute(c.Scan(command_id=uuid.uuid7(), workplace=workplace, code=code))
    return told.answer.code


async def by_ray(here: Station, command: type[c.WorkerCommand], **of: Any) -> str:
    said = {"command_id": uuid.uuid7(), "worker_id": "ray", "approved_by": "eve", **of}
    return (await here.store.execute(command(**said))).answer.code


async def announce(hq: Hq, **of: Any) -> str:
    body = {
        "clientId": "c1",
        "inboundType": "PO",
        "purchaseOrderNumber": "PO-77",
        "receivingNode": "wh_1",
        "asnLines": [{"sku": "SKU-1", "expectedQuantity": 6}],
        "pallets": [{"sscc": PALLET, "content": [{"PBlineId": 1, "sku": "SKU-1", "qty": 4}]}],
        **of,
    }
    found: str = (await hq.call("POST", "/edge/receiving-asns", body, role="station"))["receivingASNId"]
    return found


async def pull(here: Station) -> None:
    async with here.syncing(pull=True):
        await here.until(
            lambda: bool(here.rows("SELECT 1 FROM inbound")) and bool(here.rows("SELECT 1 FROM location"))
        )


async def test_a_purchase_order_from_hq_to_the_shelf_and_back_to_hq(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_2=1)], lists_of=1)
    (before,) = (await hq.call("GET", "/edge/stock?sku=SKU-1"))["items"]
    asn = await announce(hq)
    await pull(here)
    assert here.rows("SELECT against, number FROM inbound") == [("purchase_order", "PO-77")]
    order_of_walk = [each for (each,) in here.rows("SELECT location_id FROM location ORDER BY walk_order")]
    listed = (await hq.call("GET", "/edge/locations"))["items"]
    assert order_of_walk == [each["location_id"] for each in listed]

    assert await scan(here, "in", "BADGE-RAY", PALLET, "SKU-1") == "tally.counted"
    assert await scan(here, "in", "PO-77") == "receive.done"
    ((receipt_id,),) = here.rows("SELECT DISTINCT receipt_id FROM received_line")
    home = before["location_id"]
    assert await scan(here, "put", "BADGE-RAY", PALLET, home) == "put_away.done"
    lines = [c.Correction(line=1, change=Decimal(-1))]
    said = {"receipt_id": receipt_id, "lines": tuple(lines), "reason": "miscounted"}
    assert await by_ray(here, c.CorrectReceipt, **said) == "receipt.corrected"
    rejected = {"inbound_id": asn, "sku": "SKU-1", "qty": Decimal(1), "reason": "wet"}
    assert await by_ray(here, c.RejectGoods, **rejected) == "inbound.rejected"
    assert await by_ray(here, c.CloseInbound, inbound_id=asn) == "inbound.closed"
    other = next(each for each in order_of_walk if each != home)
    moved = {"from_location_id": home, "to_location_id": other, "sku": "SKU-1", "qty": Decimal(2)}
    assert await by_ray(here, c.MoveStock, **moved) == "stock_move.done"

    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    stock = {
        each["location_id"]: each["on_hand"] for each in (await hq.call("GET", "/edge/stock?sku=SKU-1"))["items"]
    }
    assert stock == {home: before["on_hand"] + 2, other: 2}
    told = await hq.call("GET", f"/edge/receiving-asns/{asn}")
    assert [line["receivedQuantity"] for line in told["asnLines"]] == [4]
    kinds = {
        kind for (kind,) in here.rows("SELECT kind FROM journal JOIN outbox USING (seq) WHERE state = 'delivered'")
    }
    assert kinds >= {
        "receipt.recorded", "put_away.recorded", "receipt.corrected", "discrepancy.recorded", "stock.moved",
    }  # fmt: skip


async def test_with_lost_answers_each_act_is_booked_once(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_2=1)], lists_of=1)
    (before,) = (await hq.call("GET", "/edge/stock?sku=SKU-1"))["items"]
    await announce(hq)
    await pull(here)
    await scan(here, "in", "BADGE-RAY", PALLET, "PO-77")
    await scan(here, "put", "BADGE-RAY", PALLET, before["location_id"])
    faults = {"lost_reply": 0.5, "status_500": 0.2, "only_role": "station", "seed": 3}
    await hq.call("PUT", "/hq/faults", faults, role="operator")
    async with here.syncing():
        await here.sent(60)
    await hq.call("PUT", "/hq/faults", {}, role="operator")
    assert here.parked() == []
    (after,) = (await hq.call("GET", "/edge/stock?sku=SKU-1"))["items"]
    assert after["on_hand"] == before["on_hand"] + 4
