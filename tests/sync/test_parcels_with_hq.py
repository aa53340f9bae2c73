"""Orders in several parcels, with their sizes, against the real central service run as its own process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain.cartons import Goods, suggested
from local_store.loading_packs import load_cartons, load_sizes
from tests.support.site import Hq
from tests.sync.floor import act, count, pick_everything
from tests.sync.station import Station, station
from tests.sync.test_with_hq import PRODUCTS, load, order, pull_all

BOX = {"length_mm": 300, "width_mm": 200, "height_mm": 100}


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station(tmp_path / "st", hq.url, secret=hq.key("station")) as made:
        yield made


async def weigh_and_seal(here: Station, grams: int) -> None:
    usual: dict[str, Any] = {"stability": "stable", "range": "ok", "newer_than_request": True, "emptied": True}
    await act(here, c.Weigh, workplace="pack", scale="s", weight_mg=grams * 1000, **usual)
    await act(here, c.Seal, workplace="pack")


async def test_hq_learns_each_parcel_with_its_contents_and_one_shipment_of_all(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=3, SKU_2=1)], lists_of=1)
    await pull_all(here, 1)
    await pick_everything(here)
    ((ident,),) = here.rows("SELECT fulfillment_id FROM fulfillment")
    await act(here, c.Scan, workplace="pack", code="BADGE-ANA")
    await act(here, c.OpenWork, workplace="pack", id=ident)
    await act(here, c.Scan, workplace="pack", code="SKU-1")
    await act(here, c.NextParcel, workplace="pack")
    await act(here, c.Measure, workplace="pack", **BOX)
    await weigh_and_seal(here, 100)
    await act(here, c.Scan, workplace="pack", code="SKU-1")
    await act(here, c.Scan, workplace="pack", code="SKU-1")
    await count(here, "pack", "SKU-2", "1")
    await weigh_and_seal(here, 300)
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    assert here.rows("SELECT count(*) = sum(attempts) FROM outbox_request") == [(1,)]
    told = await hq.call("GET", f"/fulfillments/{ident}")
    assert told["status"] == "shipped"
    one, two = told["packages"]
    assert ([item["qty"] for item in one["items"]], one["weight"]) == ([1], 100)
    assert one["dimensions"] == {"l": 30, "w": 20, "h": 10}
    assert ([item["qty"] for item in two["items"]], two["weight"]) == ([2, 1], 300)
    (shipment,) = (await hq.call("GET", f"/shipments?fulfillment_id={ident}"))["items"]
    assert [each["package_id"] for each in shipment["packages"]] == [one["package_id"], two["package_id"]]


async def test_what_is_short_at_the_pack_station_does_not_keep_the_rest_from_leaving(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2)], lists_of=1)
    await pull_all(here, 1)
    await pick_everything(here)
    ((ident,),) = here.rows("SELECT fulfillment_id FROM fulfillment")
    await act(here, c.Scan, workplace="pack", code="BADGE-ANA")
    await act(here, c.OpenWork, workplace="pack", id=ident)
    await act(here, c.Scan, workplace="pack", code="SKU-1")
    await act(here, c.MarkShort, workplace="pack", reason="broken")
    await weigh_and_seal(here, 100)
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    assert here.figures().not_deliverable == 1
    (shipment,) = (await hq.call("GET", f"/shipments?fulfillment_id={ident}"))["items"]
    assert [item["qty"] for each in shipment["packages"] for item in each["items"]] == [1]


async def test_the_boxes_of_hq_are_known_here_and_the_smallest_that_holds_the_weight_comes_first(
    hq: Hq, here: Station
) -> None:
    for name, edge, most in (("large", 60, 30_000), ("small", 20.5, 1000), ("other house", 1, 1000)):
        size = {"l": edge, "w": edge, "h": edge}
        house = {"warehouse_id": "wh_9"} if name == "other house" else {}
        box = {"name": name, "dimensions": size, "tare_weight": 150, "max_weight": most, **house}
        await hq.call("POST", "/packaging-profiles", box)
    await load(hq, PRODUCTS, [order(1, SKU_1=1)], lists_of=1)
    async with here.syncing(pull=True):
        await here.until(lambda: here.rows("SELECT count(*) FROM carton") == [(2,)], 30)
    boxes = load_cartons(here.store.reader)
    assert [(box.name, box.length_mm, box.tare_mg, box.max_mg) for box in boxes] == [
        ("small", 205, 150_000, 1_000_000),
        ("large", 600, 150_000, 30_000_000),
    ]
    loads = ([Goods("SKU-1", Decimal(1), grams * 1000, None)] for grams in (850, 851, 29_851))
    found = [suggested(boxes, goods).carton for goods in loads]
    assert [box.name if box else None for box in found] == ["small", "large", None]


async def test_the_sizes_of_products_are_known_as_far_as_hq_tells_them(hq: Hq, here: Station) -> None:
    first, second, third = PRODUCTS
    size = {"l": 20, "w": 10.5, "h": 3}
    await load(hq, [{**first, "dimensions": size}, second, third], [order(1, SKU_1=1)], lists_of=1)
    await pull_all(here, 1)
    assert here.rows("SELECT * FROM product_size") == [("SKU-1", 200, 105, 30)]
    assert load_sizes(here.store.reader, ["SKU-1", "SKU-2"]).keys() == {"SKU-1"}
