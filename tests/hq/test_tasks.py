from __future__ import annotations

from typing import Any

import pytest

from tests.hq.site import Hq, order, taken


async def task_orders(hq: Hq, query: str = "", **how: Any) -> list[str]:
    """The order ids of the listed tasks, in their order."""
    return [item["order_id"] for item in (await hq.get(f"/tasks{query}", role="station", **how)).body["items"]]


async def dated(hq: Hq, order_id: str, date: str, **quantities: int) -> str:
    made = await hq.post("/fulfillments", order(order_id, **quantities) | {"requested_ship_date": date})
    return str(made.body["id"])


async def test_work_is_listed_by_priority_then_ship_date_then_walking_path(stocked: Hq) -> None:
    far = await dated(stocked, "far", "2025-09-02T00:00:00Z", SKU_3=1)
    near = await dated(stocked, "near", "2025-09-02T00:00:00Z", SKU_2=1)
    early = await dated(stocked, "early", "2025-09-01T00:00:00Z", SKU_3=1)
    await stocked.wave(far, near, early, await stocked.order("undated", SKU_1=1))
    await stocked.wave(await stocked.order("rush", SKU_3=1), priority="urgent")
    await stocked.wave(await stocked.order("slow", SKU_1=1), priority="low")
    assert await task_orders(stocked) == ["rush", "early", "near", "far", "undated", "slow"]
    paged, cursor = [], ""
    while True:
        page = (await stocked.get(f"/tasks?limit=1{cursor}")).body
        paged += [item["order_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert paged == await task_orders(stocked)


async def test_a_listed_task_names_its_picklist_so_that_a_station_can_pull_it(stocked: Hq) -> None:
    picklist = await stocked.wave(await stocked.order("ord_1", SKU_1=2), priority="high")
    (listed,) = (await stocked.get("/tasks", role="station")).body["items"]
    (task,) = picklist["tasks"]
    assert {name: listed[name] for name in task} == task
    assert (listed["type"], listed["priority"], listed["zone"]) == ("pick", "high", "A")
    assert listed["picklist_status"] == "draft"


async def test_tasks_held_by_another_device_are_not_listed(stocked: Hq) -> None:
    mine, other = await stocked.order("mine", SKU_1=1), await stocked.order("other", SKU_1=1)
    await stocked.wave(await stocked.order("free", SKU_1=1))
    for ident, worker, device in ((mine, "ann", "d1"), (other, "bob", "d2")):
        path = f"/picklists/{(await stocked.wave(ident))['id']}/assign"
        await stocked.post(path, {"worker_id": worker, "device_id": device})
    assert await task_orders(stocked) == ["free"]
    assert await task_orders(stocked, headers={"X-Device-ID": "d1"}) == ["free", "mine"]
    assert await task_orders(stocked, "?device_id=d2") == ["free", "other"]
    assert await task_orders(stocked, "?worker_id=ann") == ["free", "mine"]
    everything = (await stocked.get("/tasks", role="office")).body["items"]
    assert [item["order_id"] for item in everything] == ["free", "mine", "other"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?warehouse_id=wh_1", ["ord_1"]),
        ("?warehouse_id=wh_2", []),
        ("?zone=A&priority=normal", ["ord_1"]),
        ("?zone=B", []),
        ("?priority=high", []),
        ("?status=done", []),
    ],
)
async def test_tasks_are_filtered(stocked: Hq, query: str, found: list[str]) -> None:
    await stocked.wave(await stocked.order("ord_1", SKU_1=1))
    assert await task_orders(stocked, query) == found


async def test_a_task_is_claimed_by_one_device(stocked: Hq) -> None:
    picklist = await stocked.wave(await stocked.order("ord_1", SKU_1=1, SKU_2=1))
    path = f"/tasks/{picklist['tasks'][0]['task_id']}/claim"
    mine, other = {"worker_id": "ann", "device_id": "d1"}, {"worker_id": "bob", "device_id": "d2"}
    for _ in range(2):
        assert (await stocked.post(path, mine, role="station")).body["device_id"] == "d1"
    refused = await stocked.post(path, other, role="station")
    assert (refused.status, refused.code) == (409, "held_by_other")
    assert len(await task_orders(stocked, "?device_id=d2")) == 1
    assert len(await task_orders(stocked, "?device_id=d1")) == 2
    await stocked.post(f"/picklists/{picklist['id']}/assign", mine)
    unclaimed = f"/tasks/{picklist['tasks'][1]['task_id']}/claim"
    assert (await stocked.post(unclaimed, other)).code == "held_by_other"


async def test_a_task_is_complete_once_all_its_units_are_picked_or_short(stocked: Hq) -> None:
    picklist = await stocked.started(await stocked.order("ord_1", SKU_1=2))
    (task,) = picklist["tasks"]
    path = f"/tasks/{task['task_id']}/complete"
    early = await stocked.post(path, {"result": {"seconds": 9}})
    assert (early.status, early.code) == (409, "task_open")
    await stocked.scan(picklist["id"], taken(task))
    assert (await stocked.post(path, {"result": {"seconds": 9}}, role="station")).body["status"] == "done"
    assert (
        await stocked.post(f"/tasks/{task['task_id']}/claim", {"worker_id": "a", "device_id": "d1"})
    ).status == 409
