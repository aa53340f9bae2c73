"""Returns, receipts, counts, carriers' labels and photos against the real central service, run as its own process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid

from agent.labels.carrier import carrier_zpl
from devices.readings import Stock
from local_store import files
from local_store.domain import events as e
from local_store.domain.site import Lane
from sync.dialect import AtStation, TheirLine
from sync.dialects.ofs.client import OfsClient
from sync.files import LaneFiles
from sync.known import KnownHere
from tests.support.site import Hq
from tests.sync.floor import pack_everything, pick_everything
from tests.sync.station import LANE, OFS, Station, station
from tests.sync.test_with_hq import GOODS, PRODUCTS, load, order, pull_all

PHOTO = b"\x89PNG\r\n\x1a\n a photo"


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    lane = Lane(LANE, OFS.accepts(None), buys_labels=True, takes_files=True)
    async with station(tmp_path / "st", hq.url, secret=hq.key("station"), site={"carrier_labels": True}) as made:
        made.store.site = replace(made.store.site, lanes=(lane,))
        yield made


def client_of(here: Station) -> OfsClient:
    settings = {"dialect": "ofs", "url": here.url, "secret": "hq", "tenant": "t1"}
    client = OFS.make_client(OFS.settings.model_validate(settings), here.secret, AtStation("st-1", "wh_1", here.time))
    assert isinstance(client, OfsClient)
    return client


async def shipped(hq: Hq, here: Station) -> str:
    """One order, picked, packed and shipped; its fulfillment."""
    await load(hq, PRODUCTS, [{**order(1, SKU_1=2), "metadata": {"customs": {"hs_code": "0902.30"}}}], lists_of=1)
    await pull_all(here, 1)
    await pick_everything(here)
    await pack_everything(here)
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    ((ident,),) = here.rows("SELECT fulfillment_id FROM fulfillment")
    found: str = ident
    return found


def line(line_id: str, qty: int, **of: Any) -> e.ReceivedLine:
    return e.ReceivedLine(line_id=line_id, sku="SKU-1", qty=Decimal(qty), **of)


async def test_goods_in_back_and_counted_are_booked_at_hq_at_the_first_try(hq: Hq, here: Station) -> None:
    await shipped(hq, here)
    announced = await hq.call(
        "POST",
        "/returns",
        {
            "order_id": "ord_1",
            "reason": "damaged",
            "return_method": "ship",
            "destination_warehouse_id": "wh_1",
            "expected_lines": [{"order_line_id": "1-1", "qty": 2}],
        },
    )
    back = announced["return_id"]
    await here.record(
        e.ReturnReceived(return_id=back, lines=(line("1-1", 2, condition="damaged", serials=("S1",)),)),
        e.ReturnInspected(return_id=back, disposition="reshelve", restockable_qty=Decimal(1), notes="one is wet"),
        e.ReturnCompleted(return_id=back),
        e.ReceiptRecorded(receipt_id="rec-1", against="blind", lines=(line("x", 5, lot_id="L1"),)),
        e.StockCounted(sku="SKU-3", location_id="A-03-1", qty=Decimal(7)),
    )
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    kept = here.rows("SELECT kind FROM journal JOIN outbox USING (seq) WHERE state = 'delivered'")
    assert {kind for (kind,) in kept} >= GOODS
    assert here.rows("SELECT count(*) = sum(attempts) FROM outbox_request") == [(1,)]
    assert (await hq.call("GET", f"/returns/{back}"))["status"] == "completed"
    stock = await hq.call("GET", "/edge/stock?sku=SKU-3&location_id=A-03-1")
    assert [each["on_hand"] for each in stock["items"]] == [7]


async def test_with_lost_answers_each_of_them_is_booked_once(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=1)], lists_of=1)
    before = (await hq.call("GET", "/edge/stock?sku=SKU-1"))["items"]
    faults = {"lost_reply": 0.5, "status_500": 0.2, "only_role": "station", "seed": 5}
    await hq.call("PUT", "/hq/faults", faults, role="operator")
    for number in range(10):
        await here.record(
            e.ReceiptRecorded(receipt_id=f"rec-{number}", against="blind", lines=(line("x", 1),)),
            e.StockCounted(sku="SKU-2", location_id="A-02-1", qty=Decimal(number)),
        )
    async with here.syncing():
        await here.sent(60)
    await hq.call("PUT", "/hq/faults", {}, role="operator")
    assert here.parked() == []
    assert (await hq.call("GET", "/edge/stock?sku=SKU-1"))["items"] == before  # waits to be put away
    moved = (await hq.call("GET", "/edge/stock/movements?sku=SKU-1"))["items"]
    assert [each["quantity"] for each in moved if each["kind"] == "receipt"] == [1] * 10
    counted = (await hq.call("GET", "/edge/stock?sku=SKU-2"))["items"]
    assert [each["on_hand"] for each in counted] == [9]


async def test_a_return_that_somebody_else_dealt_with_is_parked_with_hqs_words(hq: Hq, here: Station) -> None:
    await here.record(e.ReturnCompleted(return_id="rtn_404"))
    async with here.syncing():
        await here.until(lambda: here.figures().parked == 1)
    ((_, _, reason),) = here.parked()
    assert "rtn_404" in reason


async def test_metadata_the_carriers_label_and_a_photo_make_their_way(hq: Hq, here: Station) -> None:
    ident = await shipped(hq, here)
    (shipment,) = (await hq.call("GET", f"/shipments?fulfillment_id={ident}"))["items"]
    assert shipment["metadata"] == {"customs": {"hs_code": "0902.30"}}
    await here.store.run(lambda tx: files.add(tx, PHOTO, "image/png", f"fulfillment:{ident}"))
    client = client_of(here)
    moving = LaneFiles(
        LANE,
        here.store,
        client.files,
        clock=here.time,
        sleep=here.time.sleep,
        chance=random.Random(1),
        new_id=uuid.uuid7,
        report=lambda *words: here.problems.__setitem__(words[0], words[1]),
        clear=here.forget,
    )
    task = asyncio.create_task(moving.run())
    await here.until(
        lambda: here.rows("SELECT way, state FROM file_transfer ORDER BY way") == [("down", "done"), ("up", "done")]
    )
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await client.close()
    ((tracking, sha256),) = here.rows("SELECT tracking_number, sha256 FROM carrier_label")
    kept = files.read(here.store.reader, sha256)
    assert kept is not None
    assert tracking.encode() in carrier_zpl(kept.data, Stock(812, 1218), 203)
    assert here.rows("SELECT file FROM spool_job WHERE file <> ''") == [(sha256,)]
    ((file_id,),) = here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'file'")
    assert (await hq.call("GET", f"/files/{file_id}"))["uploaded_at"]


async def test_the_comparison_finds_hq_and_station_alike(hq: Hq, here: Station) -> None:
    await shipped(hq, here)
    client = client_of(here)
    lines = [each async for each in client.their_lines(KnownHere(here.store.reader, LANE))]
    await client.close()
    assert lines == [TheirLine("ord_1", "SKU-1", Decimal(2), Decimal(2), Decimal(2))]
