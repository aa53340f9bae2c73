from __future__ import annotations

import aiohttp
import pytest

from hq.app import MODULES
from hq.calls import BASE
from hq.faults import Faults
from tests.hq.site import Hq, order, package, taken

CARRIERS = f"{BASE}/webhook/carrier"
"""Carriers call it, whose events have ids of their own."""
REDEEM = f"{BASE}/edge/enrolments/redeem"
"""A code works once, and the key that it is swapped for is kept nowhere to be told again."""


async def test_every_post_needs_an_idempotency_key(stocked: Hq) -> None:
    changes = [
        route
        for module in MODULES
        for route in module.routes.routes
        if route.method == "POST" and route.path not in {CARRIERS, REDEEM}
    ]
    assert len(changes) > 50
    for route in changes:
        path = route.path.removeprefix(BASE).replace("{id}", "x").replace("/imports", "/imports?kind=stock")
        refused = await stocked.call(route.method, path, json={})
        assert (refused.status, "Idempotency-Key" in refused.message) == (400, True), path
    for key in ("x" * 201, "\x80"):
        headers = {"Idempotency-Key": key}
        assert (await stocked.call("POST", "/fulfillments", json=order("o", SKU_1=1), headers=headers)).status == 400


async def test_a_repeated_call_gets_its_first_answer_byte_for_byte(stocked: Hq) -> None:
    first = await stocked.post("/fulfillments", order("ord_1", SKU_1=1), key="k1")
    await stocked.wave(first.body["id"])
    again = await stocked.post("/fulfillments", order("ord_1", SKU_1=1), key="k1")
    assert (again.status, again.text, again.headers["ETag"]) == (first.status, first.text, first.headers["ETag"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


async def test_a_key_used_for_another_body_or_path_is_refused(stocked: Hq) -> None:
    first = await stocked.post("/fulfillments", order("ord_1", SKU_1=1), key="k1")
    other_body = await stocked.post("/fulfillments", order("ord_2", SKU_1=1), key="k1")
    other_path = await stocked.post(f"/fulfillments/{first.body['id']}/cancel", key="k1")
    for refused in (other_body, other_path):
        assert (refused.status, refused.code) == (422, "idempotency_key_reused")
    assert len((await stocked.get("/fulfillments")).body["items"]) == 1


async def test_a_refused_call_had_no_effect_and_may_be_repeated_with_its_key(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=12)
    body = {"warehouse_id": "wh_1", "fulfillment_ids": [ident]}
    assert (await stocked.post("/picklists", body, key="k1")).code == "short_stock"
    more = {"location_id": "A-01-1", "sku": "SKU-1", "quantity": 5, "reference": "more"}
    await stocked.import_lines("stock", [more])
    assert (await stocked.post("/picklists", body, key="k1")).status == 201


async def test_however_many_answers_are_lost_every_act_counts_once(stocked: Hq) -> None:
    faults = Faults(lost_reply=0.5, seed=7, only_role="station")
    assert (await stocked.call("PUT", "/hq/faults", role="operator", json=faults.model_dump())).status == 200
    ident = await stocked.order("ord_1", SKU_1=6)
    picklist = await stocked.wave(ident)
    task, path = picklist["tasks"][0], f"/picklists/{picklist['id']}"
    await insist(stocked, f"{path}/assign", {"worker_id": "ann", "device_id": "d1"})
    await insist(stocked, f"{path}/start", None)
    for number in range(6):
        await insist(stocked, f"{path}/scan", [taken(task, 1, scan_id=f"s{number}")])
    await insist(stocked, f"{path}/complete", {})
    station = "/pack-stations/p1"
    await insist(
        stocked, f"{station}/pack", {"fulfillment_ids": [ident], "packages": [package("b", 9, a=("ord_1-1", 6))]}
    )
    await insist(stocked, f"{station}/seal", {"package_id": "b"})
    await insist(stocked, "/shipments", {"fulfillment_id": ident, "packages": [{"package_id": "b"}]})
    told = (await stocked.call("GET", "/hq/faults", role="operator")).body["done"]
    assert told["lost_reply"] > 3
    (truth,) = (await stocked.get("/hq/truth")).body["fulfillments"]
    assert truth == {
        "fulfillment_id": ident,
        "order_id": "ord_1",
        "status": "shipped",
        "lines": [{"order_line_id": "ord_1-1", "sku": "SKU-1", "qty": 6, "picked": 6, "packed": 6}],
        "packages": {"count": 1, "weight": 9, "sscc": []},
        "shipments": 1,
    }
    assert (await stocked.stock())["shipped"] == 6
    actions = [item["action"] for item in (await stocked.get(f"/fulfillments/{ident}/timeline")).body["items"]]
    assert actions.count("picked") == 6
    assert len(actions) == len(set(actions)) + 5


async def insist(hq: Hq, path: str, body: object) -> None:
    """Repeat a call with one key until an answer comes, as a station does."""
    key = next(hq.keys)
    for _ in range(50):
        try:
            answered = await hq.post(path, body, key=key, role="station")
        except aiohttp.ServerDisconnectedError:
            continue
        assert answered.status in {200, 201}, answered.text
        return
    pytest.fail(f"no answer from {path} in 50 attempts")
