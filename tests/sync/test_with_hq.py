"""The connector against the real central service, run as its own process."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from tests.support.site import Hq
from tests.sync.floor import act, count, pack_everything, pick_everything
from tests.sync.station import OFS, RealTime, Station, station

DISPATCH = {"parcel.loaded", "manifest.closed", "manifest.dispatched", "notice.made", "vendor.shipped"}
GOODS = {"return.received", "return.inspected", "return.completed", "receipt.recorded", "stock.counted"}
ARRANGED = {"wave.requested", "task.created", "task.claimed", "task.completed"}
QUALITY = {"qc.started", "qc.recorded", "qc.resolved"}
BACK = {"return.created", "return.surplus_received", "return.ship_back_asked"}
"""What is told of goods that come in or back: see test_goods_with_hq."""
TRACED = {"pick.replanned", "pick.rebinned", "pick.substituted", "pick.over", "serials.assigned", "lot.consumed"}
"""What is told of picks beside counts: see test_picking_with_hq."""
PEOPLE = {"device.registered"}
"""See test_people_with_hq."""
AT_THE_DOCK = {"receipt.corrected", "discrepancy.recorded", "put_away.recorded", "stock.moved"}
"""What is told of receiving beside the receipts: see test_receiving_with_hq."""
PRODUCTS = [
    {"sku": f"SKU-{n}", "name": f"Item {n}", "gtin": None, "location_id": f"A-0{n}-1", "nominal_weight_g": 100}
    for n in (1, 2, 3)
]
SHIP_TO = {"name": "Café Été", "address1": "1 Rue", "city": "Reims", "postal_code": "51100", "country": "France"}
LATER = {"package.voided", "count.settled"}
"""What corrects a parcel, and what ends a count: see the days in tests/acceptance, and test_counting_with_hq."""
ELSEWHERE = LATER | GOODS | BACK | QUALITY | ARRANGED | TRACED | DISPATCH | PEOPLE | AT_THE_DOCK
"""Kinds of facts that other tests tell HQ."""


def order(number: int, **lines: int) -> dict[str, Any]:
    return {
        "order_id": f"ord_{number}",
        "warehouse_id": "wh_1",
        "ship_to": SHIP_TO,
        "carrier_hint": "DHL",
        "insurance": {"value": 100, "currency": "EUR"},
        "requested_ship_date": "2025-09-01T00:00:00Z",
        "lines": [
            {"order_line_id": f"{number}-{place}", "sku": sku.replace("_", "-"), "quantity": qty}
            for place, (sku, qty) in enumerate(lines.items(), 1)
        ],
    }


async def load(hq: Hq, products: list[Any], orders: list[Any], lists_of: int) -> None:
    """Products with plenty of stock, orders, and picklists of so many orders each; 0 for none."""
    await hq.load("products", products)
    stock = [
        {"location_id": each["location_id"], "sku": each["sku"], "quantity": 100_000, "reference": "opening"}
        for each in products
    ]
    await hq.load("stock", stock)
    report = await hq.load("fulfillments", orders)
    assert report["rejected"] == 0, report
    truth = await hq.call("GET", "/hq/truth")
    ids = [each["fulfillment_id"] for each in truth["fulfillments"]]
    for start in range(0, len(ids) if lists_of else 0, lists_of or 1):
        body = {"warehouse_id": "wh_1", "fulfillment_ids": ids[start : start + lists_of]}
        await hq.call("POST", "/picklists", body)


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station(tmp_path / "st", hq.url, secret=hq.key("station")) as made:
        yield made


async def pull_all(here: Station, picklists: int) -> None:
    async with here.syncing(pull=True):
        await here.until(lambda: here.rows("SELECT count(*) FROM picklist") == [(picklists,)], 60)


async def test_hq_takes_each_kind_of_fact_at_the_first_try(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2, SKU_2=4), order(2, SKU_1=5), order(3, SKU_3=1)], lists_of=3)
    await pull_all(here, 1)
    ((picklist, order_2),) = here.rows(
        "SELECT picklist_id, fulfillment_id FROM pick_task WHERE sku = 'SKU-1' AND qty = '5'"
    )
    await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
    await act(here, c.OpenWork, workplace="pick", id=picklist)
    for location, sku, qty in here.rows("SELECT location_id, sku, qty FROM pick_task ORDER BY position"):
        await act(here, c.Scan, workplace="pick", code=location)
        await act(here, c.Scan, workplace="pick", code=sku)
        await act(here, c.Undo, workplace="pick")
        if sku == "SKU-2":
            await act(here, c.Scan, workplace="pick", code=sku)
            await act(here, c.MarkShort, workplace="pick", reason="location empty")
            await act(here, c.Undo, workplace="pick")
            await act(here, c.MarkShort, workplace="pick", reason="location empty")
        else:
            await count(here, "pick", sku, qty)
    await act(here, c.Complete, workplace="pick")
    await pack_everything(here)
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    assert here.problems == {}
    assert here.rows("SELECT count(*) = sum(attempts) FROM outbox_request") == [(1,)]
    kinds = {kind for (kind,) in here.rows("SELECT DISTINCT kind FROM journal JOIN outbox USING (seq)")}
    assert kinds == OFS.accepts(None) - ELSEWHERE
    truth = await hq.call("GET", "/hq/truth")
    assert {each["status"] for each in truth["fulfillments"]} == {"shipped"}
    assert [each["shipments"] for each in truth["fulfillments"]] == [1, 1, 1]
    assert [each["packages"]["weight"] for each in truth["fulfillments"]] == [1000, 1000, 1000]
    assert truth["stock"]["shipped"] == 2 + 1 + 5 + 1
    shipped = await hq.call("GET", f"/shipments?fulfillment_id={order_2}")
    assert shipped["items"][0]["to_address"]["name"] == "Café Été"


async def test_with_every_fault_at_once_the_truth_at_hq_is_the_truth_here(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(n, SKU_1=2, SKU_2=1, SKU_3=3) for n in range(1, 16)], lists_of=5)
    await pull_all(here, 3)
    await pick_everything(here)
    await pack_everything(here)
    faults = {"lost_reply": 0.2, "status_429": 0.1, "status_500": 0.1, "only_role": "station", "seed": 7}
    await hq.call("PUT", "/hq/faults", faults, role="operator")
    async with here.syncing():
        await here.until(lambda: here.figures().unsent < 30)
        await hq.call("PUT", "/hq/faults", {"down": True}, role="operator")
        await here.until(lambda: here.lane.state().state == "unreachable")
    await hq.call("PUT", "/hq/faults", faults, role="operator")
    async with here.syncing():  # the agent was started again
        await here.sent()
    assert here.parked() == []
    truth = await hq.call("GET", "/hq/truth")
    assert {each["status"] for each in truth["fulfillments"]} == {"shipped"}
    assert {each["shipments"] for each in truth["fulfillments"]} == {1}
    assert truth["stock"]["shipped"] == 15 * 6


async def test_hqs_refusal_is_shown_and_mended_work_goes_on(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2), order(2, SKU_2=2)], lists_of=1)
    await pull_all(here, 2)
    taken, other = [row[0] for row in here.rows("SELECT picklist_id FROM picklist ORDER BY picklist_id")]
    await hq.call("POST", f"/picklists/{taken}/assign", {"worker_id": "ben", "device_id": "st-2"})
    await pick_everything(here)
    async with here.syncing():
        await here.until(lambda: here.figures().parked == 1 and here.figures().unsent == 4)
        ((entity, kind, reason),) = here.parked()
        assert (entity, kind) == (f"picklist:{taken}", "picklist.assigned")
        assert "held by device st-2" in reason
        assert (await hq.call("GET", f"/picklists/{other}"))["status"] == "completed"
        take_over = {"worker_id": "ana", "device_id": "st-1", "take_over": True}
        await hq.call("POST", f"/picklists/{taken}/assign", take_over)
        await here.retry(entity)
        await here.sent()
    assert (await hq.call("GET", f"/picklists/{taken}"))["status"] == "completed"


async def test_a_second_station_packs_what_the_first_has_picked(tmp_path: Path, hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2)], lists_of=1)
    await pull_all(here, 1)
    await pick_everything(here)
    async with here.syncing():
        await here.sent()
    async with station(tmp_path / "second", hq.url, secret=hq.key("station")) as second:
        async with second.syncing(pull=True):
            await second.until(lambda: second.rows("SELECT session FROM fulfillment") == [("ready",)])
            await pack_everything(second)
            await second.sent()
        assert second.parked() == []
    truth = await hq.call("GET", "/hq/truth")
    assert truth["fulfillments"][0]["status"] == "shipped"


@pytest.mark.slow
async def test_a_day_offline_drains_at_hundreds_of_facts_a_second(shared: Path, hq: Hq, tmp_path: Path) -> None:
    folder = shared / "data" / "northwind"
    rows = {
        name: [json.loads(line) for line in (folder / f"{name}.ndjson").read_text().splitlines()]
        for name in ("products", "fulfillments")
    }
    await load(hq, rows["products"], rows["fulfillments"][:200], lists_of=20)
    async with station(tmp_path / "st", hq.url, RealTime(), secret=hq.key("station"), poll_s=1) as here:
        await pull_all(here, 10)
        await pick_everything(here)
        await pack_everything(here)
        facts = here.figures().unsent
        began = time.monotonic()
        async with here.syncing():
            await here.sent(120)
        took_s = time.monotonic() - began
        assert here.parked() == []
    truth = await hq.call("GET", "/hq/truth")
    assert {each["status"] for each in truth["fulfillments"]} == {"shipped"}
    assert facts / took_s > 100, f"{facts} facts took {took_s:.1f} s"


async def test_an_order_that_the_office_cancels_goes_from_its_list_and_one_that_is_begun_is_asked_about(
    hq: Hq, here: Station
) -> None:
    orders = [order(1, SKU_1=2), order(2, SKU_2=1), order(3, SKU_3=2)]
    await load(hq, PRODUCTS, orders, lists_of=3)
    await pull_all(here, 1)
    ids = {name: ident for ident, name in here.rows("SELECT fulfillment_id, order_id FROM fulfillment")}
    await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
    ((picklist, location),) = here.rows("SELECT picklist_id, location_id FROM pick_task WHERE sku = 'SKU-1'")
    await act(here, c.OpenWork, workplace="pick", id=picklist)
    await act(here, c.Scan, workplace="pick", code=location)
    await act(here, c.Scan, workplace="pick", code="SKU-1")
    async with here.syncing():
        await here.sent()
    for name in ("ord_1", "ord_2"):
        await hq.call("POST", f"/fulfillments/{ids[name]}/cancel", {"reason": "changed their mind"})
    async with here.syncing(pull=True):
        await here.until(lambda: (len(waiting(here)), len(tasks_of(here))) == (1, 2), 60)
    assert tasks_of(here) == {ids["ord_1"], ids["ord_3"]}
    assert waiting(here) == [(ids["ord_1"], "put_back")]
    assert here.parked() == []


def tasks_of(here: Station) -> set[str]:
    return {fulfillment_id for (fulfillment_id,) in here.rows("SELECT fulfillment_id FROM pick_task")}


def waiting(here: Station) -> list[tuple[Any, ...]]:
    return here.rows("SELECT work_id, proposed FROM work_exception")
