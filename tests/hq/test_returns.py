"""Goods that come back go through their states, and every unit of them is somewhere."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.hq.site import Hq, Reply


async def shipped(hq: Hq) -> tuple[str, list[str]]:
    """An order of two lines that left; its fulfillment and line ids."""
    ident = await hq.picked("ord_1", SKU_1=3, SKU_2=1)
    lines = [line["order_line_id"] for line in (await hq.get(f"/fulfillments/{ident}")).body["lines"]]
    items = [{"line_id": lines[0], "qty": 3}, {"line_id": lines[1], "qty": 1}]
    await hq.pack(ident, {"package_id": "p1", "weight": 500, "items": items}, seal=True)
    assert (await hq.post("/shipments", {"fulfillment_id": ident, "packages": [{"package_id": "p1"}]})).status == 201
    return ident, lines


async def announced(hq: Hq, **more: Any) -> tuple[str, list[str]]:
    _, lines = await shipped(hq)
    expected = [{"order_line_id": lines[0], "qty": 2}, {"order_line_id": lines[1], "qty": 1}]
    body = {
        "order_id": "ord_1", "rma_reference": "rma_1", "reason": "damaged", "expected_lines": expected,
        "return_method": "ship", "destination_warehouse_id": "wh_1", **more,
    }  # fmt: skip
    made = await hq.post("/returns", body, role="station")
    assert (made.status, made.body["status"]) == (201, "awaiting_return"), made.text
    return str(made.body["return_id"]), lines


async def came(hq: Hq, ident: str, *lines: tuple[str, int], **more: Any) -> Reply:
    received = [{"line_id": line, "qty": qty, "condition": "used", **more} for line, qty in lines]
    return await hq.post(f"/returns/{ident}/receive", {"received_lines": received}, role="station")


async def decided(hq: Hq, ident: str, disposition: str, **more: Any) -> Reply:
    return await hq.post(f"/returns/{ident}/inspect", {"disposition": disposition, **more}, role="station")


async def test_a_return_is_announced_received_inspected_and_completed(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    took = await came(stocked, ident, (lines[0], 2), (lines[1], 1))
    assert (took.status, took.body["status"]) == (200, "received")
    assert (await stocked.stock())["returns"] == 3
    assert (await decided(stocked, ident, "reshelve")).body["status"] == "inspected"
    done = await stocked.post(f"/returns/{ident}/complete")
    assert done.body["status"] == "completed"
    totals = await stocked.stock()
    assert (totals["on_hand"], totals["returned"], totals["shipped"]) == (26 + 3, 3, 4)
    assert "returns" not in totals


@pytest.mark.parametrize(
    ("early", "state"),
    [("inspect", "awaiting_return"), ("complete", "awaiting_return"), ("complete", "received")],
)
async def test_no_step_can_be_skipped(stocked: Hq, early: str, state: str) -> None:
    ident, lines = await announced(stocked)
    if state == "received":
        await came(stocked, ident, (lines[0], 1))
    refused = await stocked.post(
        f"/returns/{ident}/{early}", {"disposition": "scrap"} if early == "inspect" else None
    )
    assert (refused.status, refused.code) == (409, "illegal_transition")
    assert refused.body["error"]["details"]["status"] == state


async def test_nothing_follows_completion(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 1))
    await decided(stocked, ident, "scrap")
    await stocked.post(f"/returns/{ident}/complete")
    assert (await came(stocked, ident, (lines[0], 1))).code == "illegal_transition"
    assert (await stocked.post(f"/returns/{ident}/complete")).code == "illegal_transition"


@pytest.mark.parametrize(
    ("disposition", "more", "where"),
    [
        ("reshelve", {}, {"on_hand": 28}),
        ("reshelve", {"restockable_qty": 1}, {"on_hand": 27, "quarantine": 1}),
        ("scrap", {}, {"scrapped": 2}),
        ("scrap", {"restockable_qty": 1}, {"on_hand": 27, "scrapped": 1}),
        ("repair", {}, {"quarantine": 2}),
        ("quarantine", {}, {"quarantine": 2}),
    ],
)
async def test_each_disposition_puts_every_unit_somewhere(
    stocked: Hq, disposition: str, more: dict[str, int], where: dict[str, int]
) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 2))
    assert (await decided(stocked, ident, disposition, **more)).status == 200
    totals = await stocked.stock()
    assert {name: totals[name] for name in where} == where
    assert "returns" not in totals


async def test_lines_may_be_decided_one_by_one(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 2), (lines[1], 1))
    first = await decided(stocked, ident, "scrap", line_id=lines[0])
    assert first.body["status"] == "received"
    second = await decided(stocked, ident, "reshelve", line_id=lines[1], location_id="A-10-1")
    assert second.body["status"] == "inspected"
    assert (await stocked.get("/edge/stock?location_id=A-10-1&sku=SKU-2")).body["items"][0]["on_hand"] == 1


async def test_a_number_that_could_be_of_any_line_or_more_than_came_is_refused(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 2), (lines[1], 1))
    assert (await decided(stocked, ident, "reshelve", restockable_qty=2)).code == "line_needed"
    assert (await decided(stocked, ident, "reshelve", restockable_qty=4)).code == "more_than_received"
    assert (await decided(stocked, ident, "scrap", line_id="x")).code == "nothing_to_inspect"
    assert (await stocked.stock())["returns"] == 3


async def test_a_second_parcel_may_follow_and_more_may_come_than_announced(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 1))
    took = await came(stocked, ident, (lines[0], 2))
    assert [line["qty"] for line in took.body["received_lines"]] == [1, 2]
    assert (await stocked.stock())["returns"] == 3


async def test_what_was_not_announced_is_refused_and_nothing_is_booked(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    refused = await came(stocked, ident, (lines[0], 1), ("other", 1))
    assert (refused.status, refused.code) == (422, "unknown_line")
    assert "returned" not in await stocked.stock()


async def test_a_version_that_is_not_the_one_read_is_refused(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    read = await stocked.get(f"/returns/{ident}")
    await came(stocked, ident, (lines[0], 1))
    body = {"received_lines": [{"line_id": lines[0], "qty": 1}]}
    late = await stocked.post(f"/returns/{ident}/receive", body, headers={"If-Match": read.headers["ETag"]})
    assert (late.status, late.code) == (412, "version_conflict")


async def test_an_rma_is_announced_once(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    body = {
        "order_id": "ord_1", "rma_reference": "rma_1", "reason": "damaged", "return_method": "dropoff",
        "expected_lines": [{"order_line_id": lines[0], "qty": 1}], "destination_warehouse_id": "wh_1",
    }  # fmt: skip
    again = await stocked.post("/returns", body)
    assert (again.code, again.body["error"]["details"]["return_id"]) == ("return_exists", ident)
    other = await stocked.post("/returns", {**body, "rma_reference": "rma_2"})
    assert (other.status, other.body["return_label_url"]) == (201, None)


async def test_goods_of_an_order_from_elsewhere_name_their_product(stocked: Hq) -> None:
    body: dict[str, Any] = {
        "order_id": "foreign", "reason": "wrong_item", "return_method": "pickup",
        "expected_lines": [{"order_line_id": "l1", "qty": 1}], "destination_warehouse_id": "wh_1",
    }  # fmt: skip
    assert (await stocked.post("/returns", body)).code == "unknown_line"
    body["expected_lines"][0]["sku"] = "SKU-3"
    assert (await stocked.post("/returns", body)).status == 201


async def test_returns_are_listed_by_house_state_and_order(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 1))
    for query, number in (("warehouse_id=wh_1&status=received", 1), ("status=completed", 0), ("order_id=ord_1", 1)):
        assert len((await stocked.get(f"/returns?{query}", role="station")).body["items"]) == number


async def test_its_label_has_a_signed_address(stocked: Hq) -> None:
    ident, _ = await announced(stocked)
    url = (await stocked.get(f"/returns/{ident}")).body["return_label_url"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as label:
            text = await label.text()
        async with session.get(url[:-1] + ("0" if url[-1] != "0" else "1")) as wrong:
            assert wrong.status == 403
    assert text.startswith("^XA")
    assert ident.replace("_", "_5F") in text


async def test_every_step_stands_in_the_orders_timeline(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 1))
    await decided(stocked, ident, "scrap")
    await stocked.post(f"/returns/{ident}/complete")
    order = (await stocked.get("/fulfillments?order_id=ord_1")).body["items"][0]["id"]
    actions = [each["action"] for each in (await stocked.get(f"/fulfillments/{order}/timeline")).body["items"]]
    assert actions[-4:] == ["return_announced", "return_received", "return_inspected", "return_completed"]


async def test_what_was_reshelved_goes_back_to_the_supplier_as_a_normal_order_once(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    assert (await stocked.post(f"/returns/{ident}/ship-back-to-supplier")).code == "nothing_to_ship"
    await came(stocked, ident, (lines[0], 2))
    await decided(stocked, ident, "reshelve")
    made = await stocked.post(f"/returns/{ident}/ship-back-to-supplier")
    assert (made.status, made.body["lines"][0]["qty"]) == (201, 2)
    assert (await stocked.wave(made.body["fulfillment_id"]))["status"] == "draft"
    assert (await stocked.post(f"/returns/{ident}/ship-back-to-supplier")).code == "order_exists"


async def test_quarantined_goods_leave_with_a_vendor_shipment(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 2))
    await decided(stocked, ident, "repair")
    body = {"warehouse_id": "wh_1", "vendor": "Tea Ltd", "lines": [{"sku": "SKU-1", "qty": 3}]}
    assert (await stocked.post("/vendor-shipments", body)).code == "stock_too_low"
    body["lines"] = [{"sku": "SKU-1", "qty": 2}, {"sku": "SKU-2", "qty": 1, "location_id": "A-02-1"}]
    made = await stocked.post("/vendor-shipments", body)
    assert (await stocked.get(f"/vendor-shipments/{made.body['id']}")).body == made.body
    totals = await stocked.stock()
    assert (totals["vendor"], "quarantine" in totals) == (3, False)


async def test_the_truth_tells_returns_under_the_ids_of_their_orders(stocked: Hq) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 2))
    await decided(stocked, ident, "reshelve", restockable_qty=1)
    (told,) = (await stocked.get("/hq/truth")).body["returns"]
    assert (told["order_id"], told["rma_reference"], told["status"]) == ("ord_1", "rma_1", "inspected")
    assert [(line["received"], line["restocked"]) for line in told["lines"]] == [(2, 1), (0, 0)]


async def test_units_of_one_line_may_be_decided_apart_and_nothing_decided_for_a_line_is_shipped_back(
    stocked: Hq,
) -> None:
    ident, lines = await announced(stocked)
    await came(stocked, ident, (lines[0], 2), (lines[1], 1))
    inspect = f"/returns/{ident}/inspect"
    one = {"line_id": lines[0], "qty": 1}
    assert (await stocked.post(inspect, {"disposition": "scrap", "qty": 1})).code == "line_needed"
    assert (await stocked.post(inspect, {"disposition": "scrap", **one, "qty": 3})).code == "more_than_received"
    assert (await stocked.post(inspect, {"disposition": "scrap", **one})).body["status"] == "received"
    await stocked.post(inspect, {"disposition": "reshelve", **one})
    told = await stocked.post(inspect, {"disposition": "repair", "line_id": lines[1], "qty": 1})
    assert told.body["status"] == "inspected"
    made = await stocked.post(f"/returns/{ident}/ship-back-to-supplier")
    assert [(each["order_line_id"], each["qty"]) for each in made.body["lines"]] == [(lines[0], 1)]
