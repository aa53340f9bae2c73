"""Orders of an HQ without picklists become work, and its ids find their place beside ours."""

from __future__ import annotations

from decimal import Decimal

from local_store.domain.events import FulfillmentReceived, WorkLine
from sync.dialect import FulfillmentHere, LineHere
from sync.work import LineThere, line_refs, picklist_of


def order(*lines: tuple[str, str, int, int]) -> FulfillmentReceived:
    return FulfillmentReceived(
        lane="shop",
        fulfillment_id="F1",
        order_id="O1",
        warehouse_id="wh_1",
        party_id="to:F1",
        lines=tuple(
            WorkLine(order_line_id=line, sku=sku, qty=Decimal(qty), picked=Decimal(picked))
            for line, sku, qty, picked in lines
        ),
    )


def here(*lines: tuple[str, str, int]) -> FulfillmentHere:
    counted = tuple(LineHere(line, sku, Decimal(qty), Decimal(0), Decimal(0)) for line, sku, qty in lines)
    return FulfillmentHere("F1", "main", "O1", "wh_1", "to:F1", None, None, {}, counted)


def test_one_list_for_an_order_walks_by_location_and_leaves_out_what_is_picked() -> None:
    work = order(("1", "TEA", 2, 0), ("2", "JAM", 3, 1), ("3", "OIL", 1, 1))
    plan = picklist_of(work, {"TEA": "B-1", "JAM": "A-1"}, "STOCK")
    assert [(task.location_id, task.sku, task.qty) for task in plan.tasks] == [
        ("A-1", "JAM", Decimal(2)),
        ("B-1", "TEA", Decimal(2)),
    ]
    assert (plan.lane, plan.picklist_id) == ("shop", "pick-F1")


def test_a_product_without_a_place_is_looked_for_where_the_site_says() -> None:
    assert [task.location_id for task in picklist_of(order(("1", "TEA", 2, 0)), {}, "STOCK").tasks] == ["STOCK"]


def test_lines_of_the_same_product_are_told_apart_by_their_quantity_and_used_once() -> None:
    there = [
        LineThere("u1", "TEA", Decimal(1)),
        LineThere("u2", "TEA", Decimal(5)),
        LineThere("u3", "JAM", Decimal(2)),
    ]
    refs = line_refs("erp", here(("1", "TEA", 5), ("2", "TEA", 1), ("3", "JAM", 4), ("4", "OIL", 1)), there)
    assert [(ref.local_id, ref.hq_id) for ref in refs] == [("F1/1", "u2"), ("F1/2", "u1"), ("F1/3", "u3")]
    assert {(ref.lane, ref.thing) for ref in refs} == {("erp", "line")}
