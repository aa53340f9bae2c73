"""The real set of orders: all of it is imported, waved and picked, part of it shipped, and nothing is lost."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.hq.site import Hq, taken

IMPORT_LIMIT_S = 5.0


def lines_of(shared: Path, name: str) -> list[bytes]:
    return (shared / "data" / "northwind" / name).read_bytes().splitlines()


async def with_opening_stock(hq: Hq, shared: Path) -> list[Any]:
    """Import products, and exactly the stock that all orders need; gives the orders."""
    products = [json.loads(line) for line in lines_of(shared, "products.ndjson")]
    orders = [json.loads(line) for line in lines_of(shared, "fulfillments.ndjson")]
    demand = Counter[str]()
    for order in orders:
        for line in order["lines"]:
            demand[line["sku"]] += line["quantity"]
    stock = [
        {
            "location_id": each["location_id"],
            "sku": each["sku"],
            "quantity": demand[each["sku"]],
            "reference": "opening",
        }
        for each in products
    ]
    for kind, lines in (("products", products), ("stock", stock)):
        job = await hq.import_lines(kind, list(lines))
        assert (job["accepted"], job["errors"]) == (77, [])
    return orders


async def all_ids(hq: Hq) -> list[str]:
    ids, cursor = [], ""
    while True:
        page = (await hq.get(f"/fulfillments?limit=500{cursor}")).body
        ids += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            return ids
        cursor = f"&cursor={page['next_cursor']}"


async def test_every_order_is_imported_in_seconds_and_comes_back_as_given(hq: Hq, shared: Path) -> None:
    orders = await with_opening_stock(hq, shared)
    begun = time.monotonic()
    job = await hq.import_lines("fulfillments", list(orders))
    assert time.monotonic() - begun < IMPORT_LIMIT_S
    assert (job["accepted"], job["errors"]) == (830, [])
    again = await hq.import_lines("fulfillments", list(orders))
    assert (again["accepted"], again["already_there"], again["rejected"]) == (0, 830, 0)
    for order in orders[::83]:
        (found,) = (await hq.get(f"/fulfillments?order_id={order['order_id']}")).body["items"]
        assert {name: found["ship_to"][name] for name in order["ship_to"]} == order["ship_to"]
        for name in ("ordered_at", "shipped_at", "carrier_hint", "source"):
            assert found[name] == order[name]
        assert [(line["sku"], line["qty"]) for line in found["lines"]] == [
            (line["sku"], line["quantity"]) for line in order["lines"]
        ]


@pytest.mark.slow
async def test_every_order_is_waved_and_picked_and_every_tenth_shipped_and_no_unit_is_lost(
    hq: Hq, shared: Path
) -> None:
    await hq.import_lines("fulfillments", list(await with_opening_stock(hq, shared)))
    ids = await all_ids(hq)
    assert len(ids) == 830
    picklist = await hq.wave(*ids)
    assert len(picklist["tasks"]) == 2155
    path = f"/picklists/{picklist['id']}"
    await hq.post(f"{path}/assign", {"worker_id": "ann", "device_id": "d1"})
    await hq.post(f"{path}/start")
    for first in range(0, 2155, 200):
        scans = [taken(task, task_id=task["task_id"]) for task in picklist["tasks"][first : first + 200]]
        results = await hq.scan(picklist["id"], *scans)
        assert {result["outcome"] for result in results} == {"accepted"}
    assert (await hq.post(f"{path}/complete")).status == 200
    shipped = 0
    for ident in ids[::10]:
        lines = (await hq.get(f"/fulfillments/{ident}")).body["lines"]
        items = [{"line_id": line["order_line_id"], "qty": line["qty"]} for line in lines]
        shipped += sum(line["qty"] for line in lines)
        await hq.pack(ident, {"package_id": f"box-{ident}", "weight": 1000, "items": items}, seal=True)
        body = {"fulfillment_id": ident, "packages": [{"package_id": f"box-{ident}"}]}
        assert (await hq.post("/shipments", body)).status == 201
    assert await hq.stock() == {
        "opening": 51317,
        "adjusted": 0,
        "on_hand": 0,
        "picked": 51317 - shipped,
        "shipped": shipped,
    }
    truth = (await hq.get("/hq/truth")).body["fulfillments"]
    assert Counter(each["status"] for each in truth) == {"shipped": 83, "picked": 747}
    assert all(line["picked"] == line["qty"] for each in truth for line in each["lines"])
