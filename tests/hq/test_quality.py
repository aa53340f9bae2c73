"""Tasks by hand, queues, re-bins, inspections with photos, and where single units went."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.hq.site import Hq, Reply, taken

PHOTO = b"\x89PNG of a broken jar"


async def by_hand(hq: Hq, **more: Any) -> str:
    body = {"type": "qc", "warehouse_id": "wh_1", "instructions": "Look at the jars", **more}
    made = await hq.post("/tasks", body, role="station")
    assert made.status == 201, made.text
    return str(made.body["task_id"])


async def claim(hq: Hq, task: str, worker: str = "ann", device: str = "d1") -> Reply:
    return await hq.post(f"/tasks/{task}/claim", {"worker_id": worker, "device_id": device}, role="station")


async def upload(url: str, raw: bytes = PHOTO, content_type: str = "image/png") -> int:
    sent = {"Content-Type": content_type}
    async with aiohttp.ClientSession() as session, session.put(url, data=raw, headers=sent) as told:
        return told.status


async def test_a_task_by_hand_is_claimed_by_one_and_done_once(stocked: Hq) -> None:
    task = await by_hand(stocked)
    first = await claim(stocked, task)
    assert (first.body["worker_id"], first.body["device_id"]) == ("ann", "d1")
    assert (await claim(stocked, task)).body == first.body
    refused = await claim(stocked, task, "ben", "d2")
    assert (refused.status, refused.code) == (409, "held_by_other")
    done = await stocked.post(f"/tasks/{task}/complete", {"result": {"broken": 2}}, role="station")
    assert (done.body["status"], done.body["result"]) == ("done", {"broken": 2})
    assert (await stocked.post(f"/tasks/{task}/complete")).code == "task_closed"
    assert (await claim(stocked, task)).code == "task_closed"


async def test_the_same_holder_may_claim_a_pick_task_again(stocked: Hq) -> None:
    task = (await stocked.wave(await stocked.order("o1", SKU_1=1)))["tasks"][0]["task_id"]
    first = await claim(stocked, task)
    assert (first.status, (await claim(stocked, task)).body) == (200, first.body)
    assert (await claim(stocked, task, "ben", "d2")).code == "held_by_other"


async def test_tasks_by_hand_are_listed_by_type_place_priority_and_holder(stocked: Hq) -> None:
    low, high = await by_hand(stocked, priority="low", zone="A"), await by_hand(stocked, priority="high")
    anns = await by_hand(stocked, worker_id="ann")
    await by_hand(stocked, type="pack")

    async def listed(query: str) -> list[str]:
        items = (await stocked.get(f"/tasks?type=qc&{query}", role="station")).body["items"]
        return [each["task_id"] for each in items]

    assert await listed("worker_id=ann") == [high, anns, low]
    assert await listed("worker_id=ben") == [high, low]
    assert await listed("zone=A") == [low]
    assert await listed("priority=high") == [high]
    assert await listed("limit=1") == [high]
    await claim(stocked, high)
    assert await listed("device_id=d2") == [anns, low]
    assert (await stocked.get("/tasks", role="station")).body["items"] == [], "pick tasks alone, unless asked"


async def test_queues_count_what_waits(stocked: Hq) -> None:
    await by_hand(stocked)
    await stocked.wave(await stocked.order("o1", SKU_1=1))
    await stocked.order("o2", SKU_1=1)
    receipt = {"receipt_id": "r1", "warehouse_id": "wh_1", "lines": [{"sku": "SKU-1", "qty": 5}]}
    await stocked.post("/edge/receipts", receipt)
    counts = {each["queue"]: each["count"] for each in (await stocked.get("/queues")).body["items"] if each["count"]}
    assert counts == {"waves": 1, "unassigned_waves": 1, "allocation": 1, "put_away_units": 5, "manual_tasks": 1}


async def test_rebinned_units_are_stock_at_the_staging_place_and_their_order_wants_them_anew(stocked: Hq) -> None:
    ident = await stocked.order("o1", SKU_1=4)
    picklist = await stocked.started(ident)
    task = picklist["tasks"][0]
    rebin = {"rebin_id": "b1", "task_id": task["task_id"], "qty": 3, "location_id": "A-10-1"}

    async def send(**change: Any) -> dict[str, Any]:
        told = await stocked.post(f"/picklists/{picklist['id']}/rebin", {"rebins": [{**rebin, **change}]})
        assert told.status == 200, told.text
        return dict(told.body["results"][0])

    assert (await send())["code"] == "task_open"
    await stocked.scan(picklist["id"], taken(task))
    assert (await send(location_id="Z-1"))["code"] == "unknown_location"
    assert (await send(qty=5))["code"] == "more_than_picked"
    first = await send()
    assert first["outcome"] == "accepted"
    assert await send() == first
    assert (await send(qty=1))["code"] == "rebin_id_reused"
    totals = await stocked.stock()
    assert (totals["picked"], totals["on_hand"]) == (1, 29)
    assert (await stocked.get("/edge/stock?location_id=A-10-1&sku=SKU-1")).body["items"][0]["available"] == 3
    await stocked.post(f"/picklists/{picklist['id']}/complete")
    again = await stocked.wave(ident)
    assert sum(each["qty"] for each in again["tasks"]) == 3


async def test_an_inspection_begins_once_takes_records_and_is_resolved_once(stocked: Hq) -> None:
    ident = await stocked.picked("o1", SKU_1=1)
    started = await stocked.post(f"/qc/{ident}/start", role="station")
    qc = started.body["qc_id"]
    assert (await stocked.post(f"/qc/{ident}/start")).body["qc_id"] == qc
    noted = await stocked.post(f"/qc/{qc}/record", {"passed": False, "notes": "cracked"}, role="station")
    assert noted.body["records"][0]["notes"] == "cracked"
    late = await stocked.post(f"/qc/{qc}/resolve", {"disposition": "scrap"}, headers={"If-Match": '"1"'})
    assert late.code == "version_conflict"
    done = await stocked.post(f"/qc/{qc}/resolve", {"disposition": "scrap"}, role="station")
    assert (done.body["status"], done.body["disposition"]) == ("resolved", "scrap")
    assert (await stocked.post(f"/qc/{qc}/resolve", {"disposition": "scrap"})).code == "illegal_transition"
    assert (await stocked.post(f"/qc/{qc}/record", {})).code == "qc_resolved"
    assert (await stocked.post("/qc/none/start")).status == 404
    actions = [each["action"] for each in (await stocked.get(f"/fulfillments/{ident}/timeline")).body["items"]]
    assert actions[-3:] == ["qc_started", "qc_recorded", "qc_resolved"]


async def test_a_photo_is_sent_to_its_signed_address_and_read_back_byte_for_byte(stocked: Hq) -> None:
    made = await stocked.post("/files", {"name": "jar.png", "content_type": "image/png"}, role="station")
    url = made.body["upload_url"]
    ident = made.body["file_id"]
    qc = (await stocked.post(f"/qc/{await stocked.picked('o1', SKU_1=1)}/start")).body["qc_id"]
    early = await stocked.post(f"/qc/{qc}/record", {"photos": [ident]})
    assert (early.status, early.code) == (409, "file_missing")
    assert await upload(url) == 200
    assert await upload(url) == 200, "the same photo again"
    assert await upload(url, b"another") == 409
    assert (await stocked.post(f"/qc/{qc}/record", {"photos": [ident]})).status == 200
    address = (await stocked.get(f"/files/{ident}")).body["url"]
    async with aiohttp.ClientSession() as session, session.get(address) as read:
        assert (await read.read(), read.content_type) == (PHOTO, "image/png")


async def test_a_photo_goes_nowhere_without_a_good_address(stocked: Hq) -> None:
    made = await stocked.post("/files", {"name": "jar.png", "content_type": "image/png"})
    url = made.body["upload_url"]
    assert await upload(url, content_type="image/jpeg") == 415
    assert await upload(url, b"") == 400
    async with aiohttp.ClientSession() as session, session.get(url) as other_method:
        assert other_method.status == 403
    stocked.clock.forward(timedelta(minutes=10))
    assert await upload(url) == 403
    assert (await stocked.get(f"/files/{made.body['file_id']}")).body["uploaded_at"] is None
    wrong = await stocked.post("/files", {"name": "x.html", "content_type": "text/html"})
    assert wrong.status == 422


async def test_a_unit_is_traced_from_the_dock_to_the_customer_and_back(stocked: Hq) -> None:
    line = {"sku": "SKU-1", "qty": 1, "serials": ["S-1"], "lot": "L-1"}
    await stocked.post("/edge/receipts", {"receipt_id": "r1", "warehouse_id": "wh_1", "lines": [line]})
    ident = await stocked.order("o1", SKU_1=1)
    picklist = await stocked.started(ident)
    await stocked.scan(picklist["id"], taken(picklist["tasks"][0], serial="S-1"))
    line_id = (await stocked.get(f"/fulfillments/{ident}")).body["lines"][0]["order_line_id"]
    where = {"fulfillment_id": ident, "order_line_id": line_id}
    assert (await stocked.post("/serials/assign", {**where, "serials": ["S-1"]}, role="station")).status == 200
    await stocked.pack(ident, {
        "package_id": "p1", "weight": 9, "items": [{"line_id": line_id, "qty": 1, "serials": ["S-1"]}],
    })  # fmt: skip
    back = await stocked.post("/returns", {
        "order_id": "o1", "reason": "damaged", "return_method": "dropoff", "destination_warehouse_id": "wh_1",
        "expected_lines": [{"order_line_id": line_id, "qty": 1}],
    })  # fmt: skip
    came = {"received_lines": [{"line_id": line_id, "qty": 1, "serials": ["S-1"]}]}
    await stocked.post(f"/returns/{back.body['return_id']}/receive", came)
    trace = (await stocked.get("/traceability?serial=S-1", role="station")).body["items"]
    assert [each["event"] for each in trace] == ["received", "picked", "assigned", "packed", "returned"]
    assert (trace[0]["lot_id"], trace[1]["fulfillment_id"]) == ("L-1", ident)
    assert (await stocked.get("/traceability")).status == 422


async def test_a_serial_goes_out_once_and_no_line_has_more_than_was_picked(stocked: Hq) -> None:
    bodies = []
    for order in ("o1", "o2"):
        ident = await stocked.picked(order, SKU_1=1)
        line_id = (await stocked.get(f"/fulfillments/{ident}")).body["lines"][0]["order_line_id"]
        bodies.append({"fulfillment_id": ident, "order_line_id": line_id, "serials": ["S-1"]})
    assert (await stocked.post("/serials/assign", bodies[0])).status == 200
    assert (await stocked.post("/serials/assign", bodies[0])).status == 200, "the same again"
    assert (await stocked.post("/serials/assign", bodies[1])).code == "serial_taken"
    assert (await stocked.post("/serials/assign", {**bodies[1], "serials": ["a", "b"]})).code == "too_many_serials"
    assert (await stocked.post("/serials/assign", {**bodies[1], "order_line_id": "x"})).code == "unknown_line"


async def test_a_lot_is_consumed_by_no_more_than_was_picked_and_its_customers_are_found(stocked: Hq) -> None:
    ident = await stocked.picked("o1", SKU_1=3)
    line_id = (await stocked.get(f"/fulfillments/{ident}")).body["lines"][0]["order_line_id"]
    body = {"lot_id": "L-1", "qty": 2, "fulfillment_id": ident, "order_line_id": line_id}
    assert (await stocked.post("/lot/consume", body, role="station")).status == 200
    refused = await stocked.post("/lot/consume", body)
    assert (refused.status, refused.code) == (422, "more_than_picked")
    assert (await stocked.post("/lot/consume", {**body, "lot_id": "L-2", "qty": 1})).status == 200
    (entry,) = (await stocked.get("/traceability?lot_id=L-1")).body["items"]
    assert (entry["fulfillment_id"], entry["qty"]) == (ident, 2)


@pytest.mark.parametrize("change", [{"warehouse_id": "wh_2"}, {"requested_ship_date": "2025-09-05T08:00:00Z"}])
async def test_an_order_changes_as_long_as_it_can(stocked: Hq, change: dict[str, str]) -> None:
    ident = await stocked.order("o1", SKU_1=1)
    headers = {"Idempotency-Key": "k1", "If-Match": '"1"'}
    told = await stocked.call("PATCH", f"/fulfillments/{ident}", headers=headers, json=change)
    assert (told.status, told.headers["ETag"]) == (200, '"2"')
    (name, value), *_ = change.items()
    assert json.dumps(told.body[name])[:10] == json.dumps(value)[:10]
    stale = {"Idempotency-Key": "k2", "If-Match": '"1"'}
    assert (await stocked.call("PATCH", f"/fulfillments/{ident}", headers=stale, json=change)).status == 412


async def test_an_order_whose_goods_are_reserved_keeps_its_warehouse(stocked: Hq) -> None:
    ident = await stocked.order("o1", SKU_1=1)
    await stocked.wave(ident)
    told = await stocked.call(
        "PATCH", f"/fulfillments/{ident}", headers={"Idempotency-Key": "k"}, json={"warehouse_id": "wh_2"}
    )
    assert (told.status, told.code) == (409, "not_changeable")
