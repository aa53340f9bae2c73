from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.hq.site import Hq, order, package, taken


async def test_a_wave_has_a_task_for_each_line_and_location_in_walking_order(stocked: Hq) -> None:
    first = await stocked.order("ord_1", SKU_3=1, SKU_1=1)
    second = await stocked.order("ord_2", SKU_2=2)
    picklist = await stocked.wave(second, first, priority="high", picker_group="zoneA")
    assert [task["location_id"] for task in picklist["tasks"]] == ["A-01-1", "A-02-1", "A-10-1"]
    assert picklist["fulfillment_ids"] == [second, first]
    assert (picklist["status"], picklist["priority"], picklist["picker_group"]) == ("draft", "high", "zoneA")
    assert {(task["status"], task["picked"], task["short"], task["lot_id"]) for task in picklist["tasks"]} == {
        ("open", 0, 0, None)
    }
    listed = (await stocked.get(f"/picklists/{picklist['id']}/tasks")).body["items"]
    assert listed == picklist["tasks"]


async def test_a_line_is_split_over_locations_oldest_stock_first(stocked: Hq) -> None:
    await stocked.import_lines("products", [{"sku": "SKU-9", "name": "Salt", "location_id": "B-01-1"}])
    more = {"location_id": "B-01-1", "sku": "SKU-1", "quantity": 5, "reference": "r1"}
    await stocked.import_lines("stock", [more])
    picklist = await stocked.wave(await stocked.order("ord_1", SKU_1=12))
    assert [(task["location_id"], task["qty"]) for task in picklist["tasks"]] == [("A-01-1", 10), ("B-01-1", 2)]


async def test_a_wave_with_one_short_order_allocates_nothing_and_names_what_is_missing(stocked: Hq) -> None:
    enough, short = await stocked.order("ord_1", SKU_1=8), await stocked.order("ord_2", SKU_2=1, SKU_1=3)
    refused = await stocked.post("/picklists", {"warehouse_id": "wh_1", "fulfillment_ids": [enough, short]})
    assert (refused.status, refused.code) == (409, "short_stock")
    missing = {"fulfillment_id": short, "order_id": "ord_2", "sku": "SKU-1", "wanted": 3, "available": 2}
    assert refused.body["error"]["details"]["short"] == [missing]
    assert [await stocked.status(ident) for ident in (enough, short)] == ["created", "created"]
    assert {item["reserved"] for item in (await stocked.get("/edge/stock")).body["items"]} == {0}


async def test_two_lines_of_one_product_do_not_reserve_the_same_units(stocked: Hq) -> None:
    body = order("ord_1", SKU_1=6)
    body["lines"].append({"order_line_id": "second", "sku": "SKU-1", "quantity": 5})
    made = await stocked.post("/fulfillments", body)
    wave = {"warehouse_id": "wh_1", "fulfillment_ids": [made.body["id"]]}
    refused = await stocked.post("/picklists", wave)
    assert refused.body["error"]["details"]["short"][0]["available"] == 4


async def test_an_order_is_on_one_picklist_only(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=1)
    first = await stocked.wave(ident)
    again = await stocked.post("/picklists", {"warehouse_id": "wh_1", "fulfillment_ids": [ident]})
    assert (again.status, again.body["error"]["details"]) == (409, {"picklist_id": first["id"]})
    doubled = await stocked.post("/picklists", {"warehouse_id": "wh_1", "fulfillment_ids": [ident, ident]})
    assert (doubled.status, doubled.code) == (422, "fulfillment_doubled")
    elsewhere = await stocked.post("/picklists", {"warehouse_id": "wh_2", "fulfillment_ids": [ident]})
    assert (elsewhere.status, elsewhere.code) == (422, "wrong_warehouse")


async def test_a_picklist_is_held_by_one_device_until_the_office_takes_it_over(stocked: Hq) -> None:
    path = f"/picklists/{(await stocked.wave(await stocked.order('ord_1', SKU_1=1)))['id']}/assign"
    mine, other = {"worker_id": "ann", "device_id": "d1"}, {"worker_id": "bob", "device_id": "d2"}
    first = await stocked.post(path, mine, role="station")
    assert (first.status, first.body["status"]) == (200, "assigned")
    same = await stocked.post(path, mine, role="station")
    assert (same.status, same.body["version"]) == (200, first.body["version"])
    held = await stocked.post(path, other, role="station")
    assert (held.status, held.body["error"]["details"]["device_id"]) == (409, "d1")
    assert (await stocked.post(path, other | {"take_over": True}, role="station")).status == 403
    taken_over = await stocked.post(path, other | {"take_over": True}, role="office")
    assert (taken_over.status, taken_over.body["device_id"]) == (200, "d2")


async def test_picking_starts_only_after_assigning(stocked: Hq) -> None:
    picklist = await stocked.wave(await stocked.order("ord_1", SKU_1=1))
    refused = await stocked.post(f"/picklists/{picklist['id']}/start")
    assert (refused.status, refused.code) == (409, "illegal_transition")
    assert refused.message.startswith(f"Picklist {picklist['id']} is draft and cannot become in_progress")
    early = await stocked.post(f"/picklists/{picklist['id']}/scan", [taken(picklist["tasks"][0])])
    assert (early.status, early.code) == (409, "not_in_progress")


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"sku": "SKU-3"}, "unknown_sku", "SKU-3 is not on this picklist. Put it back."),
        ({"location_id": "A-10-1"}, "wrong_location", "SKU-1 is to be taken from A-01-1, not from A-10-1."),
        ({"qty": 3}, "more_than_asked", "asked for 2 of SKU-1, 2 are still to pick; 3 scanned"),
        ({"qty": 0}, "invalid", "qty"),
        ({"qty": "1"}, "invalid", "qty"),
        ({"timestamp": "yesterday"}, "invalid", "timestamp"),
        ({"colour": "red"}, "invalid", "colour"),
        ({"task_id": "task_x"}, "unknown_task", "task_x"),
    ],
)
async def test_a_wrong_scan_is_refused_alone_and_the_good_one_beside_it_counts(
    stocked: Hq, change: dict[str, Any], code: str, said: str
) -> None:
    picklist = await stocked.started(await stocked.order("ord_1", SKU_1=2, SKU_2=1))
    tea, bread = picklist["tasks"]
    bad, good = await stocked.scan(
        picklist["id"], taken(tea) | {"scan_id": "s1"} | change, taken(bread, scan_id="s2"), role="station"
    )
    assert (bad["scan_id"], bad["outcome"], bad["code"]) == ("s1", "refused", code)
    assert said in bad["message"]
    assert (good["scan_id"], good["outcome"]) == ("s2", "accepted")
    assert (await stocked.stock())["picked"] == 1


async def test_a_scan_that_came_twice_counts_once(stocked: Hq) -> None:
    picklist = await stocked.started(await stocked.order("ord_1", SKU_1=5))
    once = taken(picklist["tasks"][0], 2, scan_id="s1")
    first = await stocked.scan(picklist["id"], once)
    assert await stocked.scan(picklist["id"], once, once) == first * 2
    assert (await stocked.stock())["picked"] == 2
    (other,) = await stocked.scan(picklist["id"], once | {"qty": 1})
    assert (other["outcome"], other["code"]) == ("refused", "scan_id_reused")


async def test_a_refused_scan_may_come_again_when_its_cause_is_gone(stocked: Hq) -> None:
    picklist = await stocked.started(await stocked.order("ord_1", SKU_1=2))
    (task,) = picklist["tasks"]
    assert (await stocked.scan(picklist["id"], taken(task, 3, scan_id="s1")))[0]["outcome"] == "refused"
    assert (await stocked.scan(picklist["id"], taken(task, 2, scan_id="s1")))[0]["outcome"] == "accepted"


async def test_a_scan_without_a_task_fills_the_open_tasks_at_its_location(stocked: Hq) -> None:
    orders = [await stocked.order(f"ord_{number}", SKU_1=2) for number in (1, 2)]
    picklist = await stocked.started(*orders)
    first, second = (task["task_id"] for task in picklist["tasks"])
    (result,) = await stocked.scan(picklist["id"], taken(picklist["tasks"][0], 3))
    assert result["tasks"] == [{"task_id": first, "qty": 2}, {"task_id": second, "qty": 1}]
    assert [await stocked.status(ident) for ident in orders] == ["picked", "picking"]


async def test_an_undo_puts_units_back_and_opens_the_task_again(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=2)
    picklist = await stocked.started(ident)
    (task,) = picklist["tasks"]
    await stocked.scan(picklist["id"], taken(task))
    undo = {"adjustment_id": "a1", "task_id": task["task_id"], "kind": "undo", "qty": 1, "reason": "wrong item"}
    first = await stocked.adjust(picklist["id"], undo)
    assert await stocked.adjust(picklist["id"], undo) == first
    assert (await stocked.stock())["picked"] == 1
    (now,) = (await stocked.get(f"/picklists/{picklist['id']}")).body["tasks"]
    assert (now["status"], now["picked"]) == ("open", 1)
    assert await stocked.status(ident) == "picking"
    (too_many,) = await stocked.adjust(picklist["id"], undo | {"adjustment_id": "a2", "qty": 2})
    assert too_many["code"] == "more_than_picked"


async def test_a_short_ends_the_task_with_the_rest_missing(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=5)
    picklist = await stocked.started(ident)
    (task,) = picklist["tasks"]
    await stocked.scan(picklist["id"], taken(task, 3))
    short = {"adjustment_id": "a1", "task_id": task["task_id"], "kind": "short", "reason": "damaged"}
    (wrong,) = await stocked.adjust(picklist["id"], short | {"adjustment_id": "a0", "qty": 4})
    assert (wrong["code"], wrong["message"][:18]) == ("rest_differs", "2 of SKU-1 are sti")
    assert (await stocked.adjust(picklist["id"], short | {"qty": 2}))[0]["outcome"] == "accepted"
    (now,) = (await stocked.get(f"/picklists/{picklist['id']}/tasks")).body["items"]
    assert (now["status"], now["picked"], now["short"], now["short_reason"]) == ("short", 3, 2, "damaged")
    assert await stocked.status(ident) == "picked"
    (again,) = await stocked.adjust(picklist["id"], short | {"adjustment_id": "a3"})
    assert again["code"] == "task_closed"
    await stocked.stock()


async def test_a_short_that_was_a_mistake_is_taken_back_and_picked_on(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=5)
    picklist = await stocked.started(ident)
    (task,) = picklist["tasks"]
    await stocked.scan(picklist["id"], taken(task, 3))
    of = {"task_id": task["task_id"]}
    (early,) = await stocked.adjust(picklist["id"], {"adjustment_id": "a0", "kind": "reopen", **of})
    assert early["code"] == "not_short"
    await stocked.adjust(picklist["id"], {"adjustment_id": "a1", "kind": "short", **of})
    (back,) = await stocked.adjust(picklist["id"], {"adjustment_id": "a2", "kind": "reopen", **of})
    assert (back["outcome"], back["qty"]) == ("accepted", 2)
    (now,) = (await stocked.get(f"/picklists/{picklist['id']}/tasks")).body["items"]
    assert (now["status"], now["picked"], now["short"]) == ("open", 3, 0)
    await stocked.scan(picklist["id"], taken(task, 2))
    await stocked.post(f"/picklists/{picklist['id']}/complete")
    assert await stocked.status(ident) == "picked"
    await stocked.stock()


async def test_a_short_cannot_be_taken_back_once_its_goods_are_promised_to_another_order(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=5)
    picklist = await stocked.started(ident)
    (task,) = picklist["tasks"]
    await stocked.adjust(picklist["id"], {"adjustment_id": "a1", "task_id": task["task_id"], "kind": "short"})
    rest = (await stocked.get("/edge/stock?sku=SKU-1")).body["items"]
    available = sum(each["on_hand"] - each["reserved"] for each in rest)
    await stocked.started(await stocked.order("ord_2", SKU_1=available))
    reopen = {"adjustment_id": "a2", "task_id": task["task_id"], "kind": "reopen"}
    (refused,) = await stocked.adjust(picklist["id"], reopen)
    assert refused["code"] == "promised_elsewhere"
    await stocked.stock()


async def test_an_order_short_in_full_waits_for_stock_and_may_be_waved_again(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=5)
    picklist = await stocked.started(ident)
    task_id = picklist["tasks"][0]["task_id"]
    await stocked.adjust(picklist["id"], {"adjustment_id": "a1", "task_id": task_id, "kind": "short"})
    await stocked.post(f"/picklists/{picklist['id']}/complete")
    assert await stocked.status(ident) == "awaiting_allocation"
    again = await stocked.started(ident)
    assert [task["qty"] for task in again["tasks"]] == [5]
    assert again["id"] != picklist["id"]


async def test_the_missing_rest_of_an_order_may_be_waved_again(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=5)
    picklist = await stocked.started(ident)
    (task,) = picklist["tasks"]
    await stocked.scan(picklist["id"], taken(task, 3))
    await stocked.adjust(picklist["id"], {"adjustment_id": "a1", "task_id": task["task_id"], "kind": "short"})
    await stocked.post(f"/picklists/{picklist['id']}/complete")
    again = await stocked.started(ident)
    await stocked.scan(again["id"], taken(again["tasks"][0]))
    (line,) = (await stocked.get(f"/fulfillments/{ident}")).body["lines"]
    assert (line["picked"], await stocked.status(ident)) == (5, "picked")
    await stocked.stock()


async def test_packed_goods_are_not_put_back(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=2)
    picklist = await stocked.started(ident)
    (task,) = picklist["tasks"]
    await stocked.scan(picklist["id"], taken(task))
    await stocked.pack(ident, package("box-1", 500, a=("ord_1-1", 2)))
    undo = {"adjustment_id": "a1", "task_id": task["task_id"], "kind": "undo", "qty": 1}
    assert (await stocked.adjust(picklist["id"], undo))[0]["code"] == "already_packed"


async def test_completing_names_the_open_tasks(stocked: Hq) -> None:
    picklist = await stocked.started(await stocked.order("ord_1", SKU_1=2))
    refused = await stocked.post(f"/picklists/{picklist['id']}/complete")
    assert (refused.status, refused.code) == (409, "tasks_open")
    assert refused.body["error"]["details"] == {"open": [picklist["tasks"][0]["task_id"]]}
    assert "2 of SKU-1 at A-01-1" in refused.message


async def test_completing_twice_answers_the_same_for_the_same_confirmation(stocked: Hq) -> None:
    picklist = await stocked.started(await stocked.order("ord_1", SKU_1=2))
    (task,) = picklist["tasks"]
    await stocked.scan(picklist["id"], taken(task))
    path, body = f"/picklists/{picklist['id']}/complete", {"pick_confirmation_id": "conf-1"}
    first = await stocked.post(path, body)
    assert first.body["picked"] == [{"task_id": task["task_id"], "qty": 2}]
    assert (await stocked.post(path, body)).text == first.text
    other = await stocked.post(path, {"pick_confirmation_id": "conf-2"})
    assert (other.status, other.body["error"]["details"]["status"]) == (409, "completed")
    assert other.body["error"]["details"]["pick_confirmation_id"] == "conf-1"


async def test_an_undo_after_completion_leaves_the_task_short(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=2)
    picklist = await stocked.started(ident)
    (task,) = picklist["tasks"]
    await stocked.scan(picklist["id"], taken(task))
    await stocked.post(f"/picklists/{picklist['id']}/complete")
    undo = {"adjustment_id": "a1", "task_id": task["task_id"], "kind": "undo", "qty": 1}
    await stocked.adjust(picklist["id"], undo)
    (now,) = (await stocked.get(f"/picklists/{picklist['id']}")).body["tasks"]
    assert (now["status"], now["picked"], now["short"]) == ("short", 1, 1)
    assert await stocked.status(ident) == "picked"
    await stocked.stock()


async def test_a_picklist_change_based_on_an_old_version_is_refused(stocked: Hq) -> None:
    picklist = await stocked.started(await stocked.order("ord_1", SKU_1=2))
    path, old = f"/picklists/{picklist['id']}", {"If-Match": '"1"'}
    scan = taken(picklist["tasks"][0], 1)
    assert (await stocked.post(f"{path}/scan", [scan], headers=old)).status == 412
    now = {"If-Match": (await stocked.get(path)).headers["ETag"]}
    counted = await stocked.post(f"{path}/scan", [scan], headers=now)
    assert counted.status == 200
    assert counted.headers["ETag"] != now["If-Match"]


async def test_stock_is_reserved_whole_and_can_be_released(stocked: Hq) -> None:
    ident, other = await stocked.order("ord_1", SKU_1=8), await stocked.order("ord_2", SKU_1=8)
    made = await stocked.post("/allocations/request", {"fulfillment_id": ident, "strategy": "fifo"})
    assert (made.status, made.body["status"]) == (201, "allocated")
    assert made.body["lines"][0]["allocated"] == [{"location": "A-01-1", "lot_id": None, "qty": 8}]
    failed = await stocked.post("/allocations/request", {"fulfillment_id": other})
    assert (failed.status, failed.body["status"]) == (201, "failed")
    assert failed.body["shortages"] == [{"sku": "SKU-1", "wanted": 8, "available": 2}]
    assert await stocked.status(other) == "awaiting_allocation"
    released = await stocked.post(f"/allocations/{made.body['allocation_id']}/release")
    assert (released.status, released.body["status"]) == (200, "released")
    assert (await stocked.post("/allocations/request", {"fulfillment_id": other})).body["status"] == "allocated"
    await stocked.stock()


async def test_an_allocation_is_confirmed_once_it_is_picked_and_not_released_under_a_picker(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=2)
    made = await stocked.post("/allocations/request", {"fulfillment_id": ident})
    path = f"/allocations/{made.body['allocation_id']}"
    picklist = await stocked.started(ident)
    assert (await stocked.post(f"{path}/release")).code == "being_picked"
    assert (await stocked.post(f"{path}/confirm-pick")).code == "not_picked"
    await stocked.scan(picklist["id"], taken(picklist["tasks"][0]))
    first = await stocked.post(f"{path}/confirm-pick")
    assert (await stocked.post(f"{path}/confirm-pick")).body == first.body
    assert (await stocked.get(path)).body["confirmed_at"] == first.body["confirmed_at"] is not None


async def test_allocating_part_of_an_order_is_refused_with_what_is_outstanding(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=2, SKU_2=1)
    lines = [{"line_id": "ord_1-1", "sku": "SKU-1", "qty": 2}]
    refused = await stocked.post("/allocations/request", {"fulfillment_id": ident, "lines": lines})
    assert (refused.status, refused.code) == (422, "lines_differ")
    whole = refused.body["error"]["details"]["outstanding"]
    assert (await stocked.post("/allocations/request", {"fulfillment_id": ident, "lines": whole})).status == 201


async def test_what_is_short_is_taken_where_it_is_free_as_a_task_of_its_own(stocked: Hq) -> None:
    await stocked.import_lines("products", [{"sku": "SKU-9", "name": "Salt", "location_id": "B-01-1"}])
    more = {"location_id": "B-01-1", "sku": "SKU-1", "quantity": 3, "reference": "r1"}
    picklist = await stocked.wave(await stocked.order("ord_1", SKU_1=4))
    await stocked.import_lines("stock", [more])
    ident, task_id = picklist["id"], picklist["tasks"][0]["task_id"]
    await stocked.post(f"/picklists/{ident}/assign", {"worker_id": "ana", "device_id": "st-1"})
    await stocked.post(f"/picklists/{ident}/start")

    async def adjusted(**of: Any) -> dict[str, Any]:
        told = {"adjustment_id": f"a-{next(numbers)}", "task_id": task_id, **of}
        answer = await stocked.post(f"/picklists/{ident}/adjust", {"adjustments": [told]})
        assert answer.status == 200, answer.body
        result: dict[str, Any] = answer.body["results"][0]
        return result

    numbers = itertools.count()
    there = {"kind": "relocate", "location_id": "B-01-1", "new_task_id": "new-1"}
    assert (await adjusted(**there, qty=2))["code"] == "not_short"
    await adjusted(kind="short")
    assert (await adjusted(**there, qty=9))["code"] == "rest_differs"
    assert (await adjusted(**there, qty=4))["code"] == "no_stock"
    assert (await adjusted(kind="relocate", qty=1))["code"] == "invalid"
    assert (await adjusted(**there, qty=3))["outcome"] == "accepted"
    assert (await adjusted(**there, qty=1))["code"] == "task_known"
    assert (await adjusted(**{**there, "new_task_id": "new-2"}, qty=2))["code"] == "no_stock"
    tasks = (await stocked.get(f"/picklists/{ident}/tasks")).body["items"]
    assert [(task["task_id"], task["location_id"], task["qty"]) for task in tasks][1] == ("new-1", "B-01-1", 3)
    stock = (await stocked.get("/edge/stock?sku=SKU-1&location_id=B-01-1")).body["items"]
    assert [(each["on_hand"], each["reserved"]) for each in stock] == [(3, 3)]


async def test_a_substitute_and_more_than_was_asked_are_tasks_of_their_own_and_ship_as_what_they_are(
    stocked: Hq,
) -> None:
    order = await stocked.order("ord_1", SKU_1=4)
    picklist = await stocked.wave(order)
    ident, task_id = picklist["id"], picklist["tasks"][0]["task_id"]
    place = (await stocked.get("/edge/stock?sku=SKU-2")).body["items"][0]["location_id"]
    await stocked.post(f"/picklists/{ident}/assign", {"worker_id": "ana", "device_id": "st-1"})
    await stocked.post(f"/picklists/{ident}/start")
    numbers = itertools.count()

    async def adjusted(**of: Any) -> dict[str, Any]:
        told = {"adjustment_id": f"a-{next(numbers)}", "task_id": task_id, **of}
        answer = await stocked.post(f"/picklists/{ident}/adjust", {"adjustments": [told]})
        result: dict[str, Any] = answer.body["results"][0]
        return result

    async def scanned(sku: str, location: str, qty: int) -> None:
        scan = {"location_id": location, "sku": sku, "qty": qty, "timestamp": "2025-09-01T10:00:00Z"}
        answer = await stocked.post(f"/picklists/{ident}/scan", [scan])
        assert [each["outcome"] for each in answer.body["results"]] == ["accepted"]

    there = {"kind": "substitute", "location_id": place, "new_task_id": "sub-1", "sku": "SKU-2"}
    assert (await adjusted(**there, qty=3))["code"] == "not_short"
    await scanned("SKU-1", picklist["tasks"][0]["location_id"], 1)
    await adjusted(kind="short")
    assert (await adjusted(**{**there, "sku": "SKU-1"}, qty=3))["code"] == "invalid"
    assert (await adjusted(**there, qty=4))["code"] == "rest_differs"
    assert (await adjusted(**there, qty=3))["outcome"] == "accepted"
    more = {"kind": "over", "location_id": place, "new_task_id": "over-1", "qty": 1, "reason": "full box"}
    assert (await adjusted(**more, task_id="sub-1"))["code"] == "not_done"
    await scanned("SKU-2", place, 3)
    assert (await adjusted(**more, task_id="sub-1"))["outcome"] == "accepted"
    await scanned("SKU-2", place, 1)
    assert (await stocked.post(f"/picklists/{ident}/complete")).status == 200
    shipment = await shipped(stocked, order, 5)
    assert await gone(stocked) == {"SKU-1": 1, "SKU-2": 4}
    await stocked.post(f"/shipments/{shipment}/cancel", {"reason": "wrong carrier"})
    assert await gone(stocked) == {"SKU-1": 0, "SKU-2": 0}


async def shipped(hq: Hq, order: str, qty: int) -> str:
    """The shipment of one parcel with so many units of the first line."""
    line = (await hq.get(f"/fulfillments/{order}")).body["lines"][0]["order_line_id"]
    package = {"weight": 900, "items": [{"line_id": line, "qty": qty}]}
    packed = await hq.post("/pack-stations/st-1/pack", {"fulfillment_ids": [order], "packages": [package]})
    assert packed.status == 200, packed.body
    (made,) = packed.body["packages"]
    await hq.post("/pack-stations/st-1/seal", {"package_id": made["package_id"]})
    of = {"package_id": made["package_id"], "weight": 900}
    asked = {"fulfillment_id": order, "packages": [of], "from_warehouse_id": "wh_1", "reference": "r"}
    answer = await hq.post("/shipments", asked)
    assert answer.status == 201, answer.body
    ident: str = answer.body["shipment_id"]
    return ident


async def gone(hq: Hq) -> dict[str, int]:
    """Units that were shipped and did not come back, by product."""
    found: dict[str, int] = {}
    for each in (await hq.get("/edge/stock/movements?limit=500")).body["items"]:
        if each["kind"] in {"ship", "unship"}:
            change = each["quantity"] if each["kind"] == "ship" else -each["quantity"]
            found[each["sku"]] = found.get(each["sku"], 0) + change
    return found


async def test_an_order_that_was_short_in_full_by_mistake_is_picked_after_all(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=2)
    picklist = await stocked.wave(ident)
    await stocked.post(f"/picklists/{picklist['id']}/assign", {"worker_id": "ana", "device_id": "st-1"})
    await stocked.post(f"/picklists/{picklist['id']}/start")
    for kind in ("short", "reopen"):
        told = {"adjustment_id": kind, "task_id": picklist["tasks"][0]["task_id"], "kind": kind}
        answer = await stocked.post(f"/picklists/{picklist['id']}/adjust", {"adjustments": [told]})
        assert [each["outcome"] for each in answer.body["results"]] == ["accepted"]
    assert await stocked.status(ident) == "picking"
