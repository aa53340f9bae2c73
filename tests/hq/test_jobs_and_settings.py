"""Work behind a job id, the settings of the house, its boxes, and the figures it is watched by."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from hq.calls import Act, Services
from hq.keys import Caller, Keys
from hq.ofs import jobs
from tests.hq.site import DEADLINE_S, SECRETS, Hq, Reply, taken
from web.problems import Refused

BOX = {"name": "small", "dimensions": {"l": 30, "w": 20, "h": 10.5}, "max_weight": 5000}


async def finished(hq: Hq, started: Reply) -> Any:
    assert (started.status, started.body["status"]) == (202, "running"), started.text
    async with asyncio.timeout(DEADLINE_S):
        while True:
            job = (await hq.get(f"/jobs/{started.body['job_id']}")).body
            if job["status"] == "completed":
                return job


async def patch(hq: Hq, path: str, body: Any, **headers: str) -> Reply:
    return await hq.call("PATCH", path, headers={"Idempotency-Key": next(hq.keys), **headers}, json=body)


async def shipment(hq: Hq, order_id: str) -> str:
    ident = await hq.picked(order_id, SKU_1=1)
    line = (await hq.get(f"/fulfillments/{ident}")).body["lines"][0]["order_line_id"]
    box = {"package_id": f"p-{order_id}", "weight": 9, "items": [{"line_id": line, "qty": 1}]}
    await hq.pack(ident, box, seal=True)
    made = await hq.post("/shipments", {"fulfillment_id": ident, "packages": [{"package_id": f"p-{order_id}"}]})
    return str(made.body["shipment_id"])


async def test_many_orders_are_allocated_each_alone(stocked: Hq) -> None:
    orders = [await stocked.order("o1", SKU_1=6), await stocked.order("o2", SKU_1=6), "none"]
    body = {"requests": [{"fulfillment_id": ident} for ident in orders]}
    job = await finished(stocked, await stocked.post("/allocations/bulk", body))
    assert (job["total"], job["done"], job["failed"]) == (3, 2, 1)
    assert [each.get("status") for each in job["results"]] == ["allocated", "failed", None]
    assert job["results"][2]["error"]["code"] == "not_found"
    await stocked.stock()


async def test_many_labels_are_made_and_each_is_made_once(stocked: Hq) -> None:
    idents = [await shipment(stocked, "o1"), await shipment(stocked, "o2")]
    job = await finished(stocked, await stocked.post("/shipments/bulk-generate-labels", {"shipment_ids": idents}))
    numbers = [each["carrier_tracking_number"] for each in job["results"]]
    again = await finished(stocked, await stocked.post("/shipments/bulk-generate-labels", {"shipment_ids": idents}))
    assert [each["carrier_tracking_number"] for each in again["results"]] == numbers
    assert len(set(numbers)) == 2


async def test_an_export_is_a_file_behind_a_signed_address(stocked: Hq) -> None:
    ident = await shipment(stocked, "o1")
    job = await finished(stocked, await stocked.post("/exports", {"kind": "shipments"}))
    async with aiohttp.ClientSession() as session, session.get(job["file_url"]) as file:
        (line,) = (json.loads(each) for each in (await file.text()).splitlines())
    assert (line["shipment_id"], line["order_id"], line["status"]) == (ident, "o1", "label_pending")
    other = await finished(stocked, await stocked.post("/exports", {"kind": "shipments", "warehouse_id": "wh_9"}))
    assert other["results"][0]["rows"] == 0


async def test_exceptions_are_the_picks_that_ended_short(stocked: Hq) -> None:
    picklist = await stocked.started(await stocked.order("o1", SKU_1=3))
    task = picklist["tasks"][0]
    await stocked.scan(picklist["id"], taken(task, 1))
    await stocked.adjust(picklist["id"], {"adjustment_id": "a", "task_id": task["task_id"], "kind": "short"})
    job = await finished(stocked, await stocked.post("/exports", {"kind": "exceptions"}))
    async with aiohttp.ClientSession() as session, session.get(job["file_url"]) as file:
        (line,) = (json.loads(each) for each in (await file.text()).splitlines())
    assert (line["qty"], line["picked"], line["reason"]) == (3, 1, "not found")


async def test_a_job_that_is_done_cannot_be_cancelled(stocked: Hq) -> None:
    job = await finished(stocked, await stocked.post("/exports", {"kind": "manifests"}))
    refused = await stocked.post(f"/jobs/{job['job_id']}/cancel")
    assert (refused.status, refused.code) == (409, "illegal_transition")
    assert (await stocked.post("/jobs/none/cancel")).status == 404


async def test_a_cancelled_job_keeps_what_it_did_and_does_no_more(stocked: Hq) -> None:
    """Both calls are on the way before the job has its first turn, so it is met while it runs or not at all."""
    ident = await stocked.order("o1", SKU_1=1)
    stocked.store.db.execute(
        "INSERT INTO job (job_id, kind, status, elements, total, actor, correlation_id, created_at, updated_at)"
        " VALUES ('job_x', 'allocations', 'running', ?, 1, 'a', '', 't', 't')",
        (json.dumps([{"fulfillment_id": ident, "lines": None, "strategy": "fifo"}]),),
    )
    told = await stocked.post("/jobs/job_x/cancel")
    assert (told.body["status"], told.body["done"]) == ("cancelled", 0)
    await finished(stocked, await stocked.post("/exports", {"kind": "manifests"}))
    assert await stocked.status(ident) == "created"


async def test_an_element_that_fails_half_way_leaves_nothing_behind(stocked: Hq) -> None:
    def half(act: Act, _job_id: str, _element: Any) -> dict[str, Any]:
        act.db.execute("UPDATE stock SET on_hand = on_hand + 1")
        raise Refused(409, "half", "It went half way.")

    stocked.store.db.execute(
        "INSERT INTO job (job_id, kind, status, elements, total, actor, correlation_id, created_at, updated_at)"
        " VALUES ('job_x', 'half', 'running', '[1]', 1, 'a', '', 't', 't')"
    )
    keys = Keys([(Caller("station", "station"), SECRETS["station"])])
    services = Services(stocked.store, keys, stocked.clock, lambda prefix: prefix)
    assert jobs._work_one(services, {"half": half})
    told = (await stocked.get("/jobs/job_x")).body
    assert (told["failed"], told["results"][0]["error"]["code"]) == (1, "half")
    await stocked.stock()


async def test_an_import_can_be_cancelled_too(stocked: Hq) -> None:
    job = await stocked.import_lines("stock", [b"not json"])
    assert (await stocked.post(f"/jobs/{job['job_id']}/cancel")).code == "illegal_transition"
    stocked.store.db.execute("UPDATE import_job SET status = 'running' WHERE job_id = ?", (job["job_id"],))
    assert (await stocked.post(f"/jobs/{job['job_id']}/cancel")).body["status"] == "cancelled"
    assert (await stocked.get(f"/jobs/{job['job_id']}")).body["status"] == "cancelled"


async def test_settings_change_in_part_and_only_by_who_read_them(stocked: Hq) -> None:
    first = await stocked.get("/settings", role="station")
    assert (first.body["default_label_format"], first.headers["ETag"]) == ("zpl", '"1"')
    told = await patch(stocked, "/settings", {"default_warehouse_id": "wh_1"}, **{"If-Match": '"1"'})
    assert (told.body["default_warehouse_id"], told.body["allowed_splits"], told.body["version"]) == (
        "wh_1",
        False,
        2,
    )
    stale = await patch(stocked, "/settings", {"allowed_splits": True}, **{"If-Match": '"1"'})
    assert (stale.status, stale.code) == (412, "version_conflict")
    assert (await patch(stocked, "/settings", {"colour": "red"})).status == 422


async def test_a_box_is_made_changed_in_part_and_listed(stocked: Hq) -> None:
    made = await stocked.post("/packaging-profiles", BOX)
    path = f"/packaging-profiles/{made.body['profile_id']}"
    assert (made.status, made.body["dimensions"]) == (201, {"l": 30, "w": 20, "h": 10.5})
    told = await patch(stocked, path, {"tare_weight": 120, "max_weight": None}, **{"If-Match": '"1"'})
    assert (told.body["name"], told.body["tare_weight"], told.body["max_weight"]) == ("small", 120, None)
    assert (await patch(stocked, path, {"name": "x"}, **{"If-Match": '"1"'})).status == 412
    assert (await patch(stocked, path, {"dimensions": None})).status == 422
    listed = (await stocked.get("/packaging-profiles", role="station")).body["items"]
    assert listed == [(await stocked.get(path)).body]


async def test_there_are_no_connectors(stocked: Hq) -> None:
    assert (await stocked.get("/connectors", role="station")).body["items"] == []


async def test_orders_that_should_have_left_are_listed_with_how_late_they_are(stocked: Hq) -> None:
    ident = await stocked.order("o1", SKU_1=1)
    await patch(stocked, f"/fulfillments/{ident}", {"requested_ship_date": "2025-09-01T09:00:00Z"})
    assert (await stocked.get("/slas")).body["items"] == []
    stocked.clock.forward(timedelta(hours=2))
    (late,) = (await stocked.get("/slas?warehouse_id=wh_1", role="station")).body["items"]
    assert (late["order_id"], late["late_s"]) == ("o1", 3600)
    await stocked.post(f"/fulfillments/{ident}/cancel")
    assert (await stocked.get("/slas")).body["items"] == []


TEXT = {"Accept": "application/openmetrics-text;q=0.5,text/plain;version=0.0.4"}


async def test_the_figures_are_json_as_all_answers_unless_text_is_asked_for(stocked: Hq) -> None:
    await shipment(stocked, "o1")
    told = (await stocked.get("/metrics", role="station")).body
    assert (told["pack_throughput"], told["first_pass_yield"]) == (1, 1.0)
    assert "on_time_ship_rate" not in told


async def test_the_figures_are_prometheus_text_and_say_nothing_of_what_is_not_known_yet(stocked: Hq) -> None:
    before = (await stocked.get("/metrics", role="station", headers=TEXT)).text
    assert "pick_rate_p50" not in before
    await shipment(stocked, "o1")
    ident = await stocked.order("o2", SKU_1=1)
    await patch(stocked, f"/fulfillments/{ident}", {"requested_ship_date": "2025-08-31T09:00:00Z"})
    told = await stocked.get("/metrics", role="operator", headers=TEXT)
    lines = dict(line.rsplit(" ", 1) for line in told.text.splitlines() if not line.startswith("#"))
    assert told.headers["Content-Type"].startswith("text/plain")
    assert lines['hq_fulfillments{status="shipped"}'] == "1"
    wanted = {"pick_rate_p50": 1.0, "pack_throughput": 1.0, "ship_late_count": 1.0, "first_pass_yield": 1.0}
    assert {name: float(lines[name]) for name in wanted} == wanted


async def test_on_time_is_what_left_before_it_was_asked_for(stocked: Hq) -> None:
    for order_id, day in (("o1", "2025-09-02"), ("o2", "2025-08-30")):
        await shipment(stocked, order_id)
        (ident,) = [each["id"] for each in (await stocked.get(f"/fulfillments?order_id={order_id}")).body["items"]]
        stocked.store.db.execute(
            "UPDATE fulfillment SET requested_ship_date = ? WHERE fulfillment_id = ?", (f"{day}T08:00:00.000Z", ident)
        )
    assert "\non_time_ship_rate 0.5\n" in (await stocked.get("/metrics", headers=TEXT)).text


@pytest.mark.parametrize("path", ["/settings", "/packaging-profiles/x"])
async def test_only_the_office_sets_the_house(stocked: Hq, path: str) -> None:
    refused = await stocked.call("PATCH", path, role="station", headers={"Idempotency-Key": "k"}, json={})
    assert refused.code == "wrong_role"
