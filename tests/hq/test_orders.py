from __future__ import annotations

import pytest

from tests.hq.site import Hq, order, package, taken


async def test_an_order_comes_back_in_the_canonical_shape_with_what_was_given(stocked: Hq) -> None:
    given = order("ord_1", SKU_1=2) | {
        "requested_ship_date": "2025-09-01T10:00:00+01:00",
        "ship_to": {"name": "Zoë", "address1": "1 Rue", "city": "Reims", "country": "France", "postal_code": None},
        "carrier_hint": "DHL",
        "service_code": "express",
        "insurance": {"value": 20000, "currency": "GBP"},
        "ordered_at": "1996-07-04T00:00:00Z",
        "shipped_at": "1996-07-16",
        "metadata": {"customs": {"hs_code": "0902"}},
    }
    made = await stocked.post("/fulfillments", given)
    assert (made.status, made.body["status"]) == (201, "created")
    found = (await stocked.get(f"/fulfillments/{made.body['fulfillment_id']}")).body
    line = {"order_line_id": "ord_1-1", "sku": "SKU-1", "qty": 2, "allocated": [], "picked": 0, "packed": 0}
    assert found["lines"] == [line | {"attributes": {}}]
    assert found["requested_ship_date"] == "2025-09-01T09:00:00.000Z"
    assert found["created_at"] == "2025-09-01T08:00:00.000Z"
    assert found["ship_to"]["name"] == "Zoë"
    for name in ("carrier_hint", "service_code", "insurance", "ordered_at", "shipped_at", "metadata", "source"):
        assert found[name] == given[name]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": "red"}, 'body: must not have "colour"'),
        ({"lines": []}, "lines"),
        ({"lines": [{"order_line_id": "1", "sku": "SKU-1", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"order_line_id": "1", "sku": "SKU-1", "quantity": "2"}]}, "lines.0.quantity"),
        ({"lines": [{"order_line_id": "1", "sku": "SKU-1", "quantity": 2.5}]}, "lines.0.quantity"),
        (
            {"lines": [{"order_line_id": "1", "sku": "SKU-9", "quantity": 1}]},
            "lines.0.sku: there is no product SKU-9",
        ),
        ({"requested_ship_date": "2025-09-01"}, "requested_ship_date"),
        ({"metadata": {"long": "x" * 20_000}}, "metadata"),
    ],
)
async def test_a_wrong_member_is_refused_and_named(stocked: Hq, change: dict[str, object], named: str) -> None:
    refused = await stocked.post("/fulfillments", order("ord_1", SKU_1=1) | change)
    assert refused.status == 422
    assert named in refused.message
    assert (await stocked.get("/fulfillments")).body["items"] == []


async def test_a_line_id_may_not_be_there_twice(stocked: Hq) -> None:
    body = order("ord_1", SKU_1=1)
    refused = await stocked.post("/fulfillments", body | {"lines": body["lines"] * 2})
    assert (refused.status, refused.code) == (422, "line_doubled")


async def test_the_same_order_under_another_key_is_refused_naming_the_first(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=1)
    again = await stocked.post("/fulfillments", order("ord_1", SKU_1=1))
    assert (again.status, again.code) == (409, "order_exists")
    assert again.body["error"]["details"] == {"fulfillment_id": ident}


async def test_lists_are_paged_by_cursor_and_filtered(stocked: Hq) -> None:
    made = [await stocked.order(f"ord_{number}", SKU_1=1) for number in range(5)]
    await stocked.post(f"/fulfillments/{made[4]}/cancel")
    found, cursor = [], ""
    while True:
        page = (await stocked.get(f"/fulfillments?limit=2{cursor}")).body
        found += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == made
    by_order = (await stocked.get("/fulfillments?order_id=ord_2")).body["items"]
    assert [item["id"] for item in by_order] == [made[2]]
    by_status = (await stocked.get("/fulfillments?status=cancelled")).body["items"]
    assert [item["id"] for item in by_status] == [made[4]]


@pytest.mark.parametrize(
    "cursor", ["nonsense", "WyJhIl0", "W10", "WzFlNDAwXQ", "WzEwMDAwMDAwMDAwMDAwMDAwMDAwXQ", "%FF"]
)
async def test_a_cursor_of_another_list_is_refused(stocked: Hq, cursor: str) -> None:
    refused = await stocked.get(f"/fulfillments?cursor={cursor}")
    assert (refused.status, refused.code) == (422, "bad_cursor")


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "status=lost", "colour=red"])
async def test_a_wrong_parameter_is_refused(stocked: Hq, query: str) -> None:
    assert (await stocked.get(f"/fulfillments?{query}")).status == 422


async def test_what_is_not_here_is_a_404_with_a_sentence(stocked: Hq) -> None:
    for path in ("/fulfillments/x", "/picklists/x", "/allocations/x", "/shipments/x", "/imports/x"):
        missing = await stocked.get(path)
        assert missing.status == 404
        assert "There is no" in missing.message
    assert (await stocked.get("/no-such-thing")).status == 404


async def test_a_cancelled_order_gives_its_reservation_back_and_ends_its_tasks(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=4)
    picklist = await stocked.wave(ident)
    cancelled = await stocked.post(f"/fulfillments/{ident}/cancel", {"reason": "customer"})
    assert cancelled.body["status"] == "cancelled"
    assert [task["short_reason"] for task in cancelled.body["tasks"]] == ["cancelled"]
    assert (await stocked.get(f"/picklists/{picklist['id']}")).body["status"] == "cancelled"
    assert [item["reserved"] for item in (await stocked.get("/edge/stock?sku=SKU-1")).body["items"]] == [0]
    await stocked.stock()


async def test_goods_picked_for_a_cancelled_order_stay_picked_until_hands_put_them_back(stocked: Hq) -> None:
    ident, other = await stocked.order("ord_1", SKU_1=4), await stocked.order("ord_2", SKU_2=1)
    picklist = await stocked.started(ident, other)
    task = next(task for task in picklist["tasks"] if task["sku"] == "SKU-1")
    await stocked.scan(picklist["id"], taken(task, 3))
    await stocked.post(f"/fulfillments/{ident}/cancel")
    (late,) = await stocked.scan(picklist["id"], taken(task, 1))
    assert late["code"] == "fulfillment_cancelled"
    assert (await stocked.stock())["picked"] == 3
    undo = {"adjustment_id": "a1", "task_id": task["task_id"], "kind": "undo", "qty": 3}
    assert (await stocked.adjust(picklist["id"], undo))[0]["outcome"] == "accepted"
    assert (await stocked.stock())["picked"] == 0
    assert await stocked.status(ident) == "cancelled"


async def test_goods_put_back_for_a_cancelled_order_are_free_for_others_and_not_to_be_picked_again(
    stocked: Hq,
) -> None:
    ident, other = await stocked.order("ord_1", SKU_1=4), await stocked.order("ord_2", SKU_2=1)
    picklist = await stocked.started(ident, other)
    task = next(task for task in picklist["tasks"] if task["sku"] == "SKU-1")
    await stocked.scan(picklist["id"], taken(task))
    await stocked.post(f"/fulfillments/{ident}/cancel")
    await stocked.adjust(
        picklist["id"], {"adjustment_id": "a1", "task_id": task["task_id"], "kind": "undo", "qty": 4}
    )
    (now,) = (await stocked.get(f"/fulfillments/{ident}")).body["tasks"]
    assert (now["status"], now["picked"]) == ("short", 0)
    (tea,) = (await stocked.get("/edge/stock?sku=SKU-1")).body["items"]
    assert (tea["on_hand"], tea["available"]) == (10, 10)


async def test_what_was_shipped_even_in_part_cannot_be_cancelled(stocked: Hq) -> None:
    ident = await stocked.picked("ord_1", SKU_1=2)
    await stocked.pack(ident, package("box-1", 500, a=("ord_1-1", 1)), seal=True)
    await stocked.post("/shipments", {"fulfillment_id": ident, "packages": [{"package_id": "box-1"}]})
    refused = await stocked.post(f"/fulfillments/{ident}/cancel")
    assert (refused.status, refused.code) == (409, "shipped_in_part")
    await stocked.pack(ident, package("box-2", 500, a=("ord_1-1", 1)), seal=True)
    await stocked.post("/shipments", {"fulfillment_id": ident, "packages": [{"package_id": "box-2"}]})
    refused = await stocked.post(f"/fulfillments/{ident}/cancel")
    assert (refused.status, refused.code) == (409, "illegal_transition")


async def test_a_change_based_on_an_old_version_is_refused(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=1)
    seen = await stocked.get(f"/fulfillments/{ident}")
    assert seen.headers["ETag"] == f'"{seen.body["version"]}"'
    await stocked.wave(ident)
    old = {"If-Match": seen.headers["ETag"]}
    assert (await stocked.post(f"/fulfillments/{ident}/cancel", headers=old)).status == 412
    fresh = {"If-Match": (await stocked.get(f"/fulfillments/{ident}")).headers["ETag"]}
    assert (await stocked.post(f"/fulfillments/{ident}/cancel", headers=fresh)).status == 200


async def test_the_timeline_names_actor_device_and_correlation_of_every_act(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=1)
    picklist = await stocked.started(ident)
    who = {"X-Worker-ID": "ann", "X-Device-ID": "d1", "X-Correlation-ID": "corr-7"}
    await stocked.scan(picklist["id"], taken(picklist["tasks"][0], serial="S1"), headers=who, role="station")
    await stocked.post(f"/picklists/{picklist['id']}/complete")
    await stocked.pack(ident, package("box-1", 500, a=("ord_1-1", 1)), seal=True)
    made = await stocked.post("/shipments", {"fulfillment_id": ident, "packages": [{"package_id": "box-1"}]})
    await stocked.post(f"/shipments/{made.body['id']}/generate-label", {"label_format": "zpl"})
    items = (await stocked.get(f"/fulfillments/{ident}/timeline")).body["items"]
    assert " ".join(item["action"] for item in items) == (
        "created allocated picklist_created assigned picking_started picked picklist_completed"
        " packed sealed shipped label_generated"
    )
    (pick,) = [item for item in items if item["action"] == "picked"]
    assert (pick["actor"], pick["device"], pick["correlation_id"]) == ("ann", "d1", "corr-7")
    assert (pick["details"]["serial"], pick["details"]["qty"]) == ("S1", 1)
    assert items[0]["actor"] == "office"
