"""What Exsited says, read tolerantly: wrappers, text numbers, units of measure, moving lists."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.dialect import Answer, Fault, PullStopped, Reply
from sync.dialects.exsited import commands, lists
from sync.dialects.exsited import documents as d
from sync.dialects.exsited.lists import At, Passed, rows
from tests.sync.exsited.facts import known, profile, settings
from tests.sync.station import START_MS, new_id

UUID = "cccccccc-0000-5000-8000-0000000000{:02d}"
LINE = {
    "item_id": "SKU-1", "item_uuid": "i-1", "uuid": "l-1", "item_order_quantity": "40.000000", "item_uom": "CASE",
    "item_warehouse": "Main",
}  # fmt: skip
INVOICE = {"uuid": "u-1", "version": "1", "id": "INV-1", "order_id": "O-1", "status": "ACTIVE", "lines": [LINE]}
RATES = {("SKU-1", "CASE"): Decimal(12), ("SKU-1", ""): Decimal(1)}


def rate(sku: str, uom: str) -> Decimal | None:
    return RATES.get((sku, uom))


def invoice(**changed: Any) -> d.Invoice:
    found = d.invoice({**INVOICE, **changed}, profile())
    assert isinstance(found, d.Invoice), found
    return found


def detail(quantity: str, uuid: str = "l-1") -> d.Detail:
    line = {"item_uuid": "i-1", "fulfillment_quantity": quantity, "uuid": uuid}
    return d.Detail.model_validate({"uuid": "f", "fulfillments": [line]})


# --- documents --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quantity", ["40.000000", 40, 40.0, "40"])
def test_numbers_come_as_text_or_as_numbers(quantity: Any) -> None:
    line = {**LINE, "item_order_quantity": quantity}
    assert invoice(lines=[line], version=1).lines[0].quantity == 40


@pytest.mark.parametrize(
    ("quantity", "uom", "warehouse"),
    [
        ("item_order_quantity", "item_uom", "item_warehouse"),
        ("quantity", "uom", "warehouse"),
        ("item_quantity", "uom", "warehouse"),
    ],
)
def test_a_line_is_read_under_any_name_of_the_vendors_client(quantity: str, uom: str, warehouse: str) -> None:
    line = {"item_id": "SKU-1", "item_uuid": "i-1", "uuid": "l-1", quantity: "2.0", uom: "CASE", warehouse: "Main"}
    (read,) = invoice(lines=[line]).lines
    assert (read.quantity, read.uom, read.warehouse) == (Decimal(2), "CASE", "Main")


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"order_id": None}, "order_id"),
        ({"lines": "none"}, "lines"),
        ({"lines": [{**LINE, "item_order_quantity": "many"}]}, "lines.0.quantity"),
        ({"lines": [{**LINE, "item_order_quantity": "-1"}]}, "lines.0.quantity"),
        ({"lines": [{**LINE, "item_order_quantity": True}]}, "lines.0.quantity"),
        ({"lines": [{**LINE, "item_order_quantity": "1e9"}]}, "lines.0.quantity"),
        ({"lines": [7]}, "lines.0"),
        ({"id": ".."}, "id"),
        ({"version": "new"}, "version"),
    ],
)
def test_a_document_that_cannot_be_used_names_itself_its_place_and_the_value(
    changed: dict[str, Any], place: str
) -> None:
    found = d.invoice({**INVOICE, **changed}, profile())
    assert isinstance(found, Fault)
    assert found.sentence.startswith("HQ's invoice ")
    assert place in found.sentence


def test_an_item_without_a_size_or_codes_is_a_product_all_the_same() -> None:
    item = d.Item.model_validate(
        {"uuid": "i-1", "id": "SKU-1", "name": "Tea", "sale": {"weight": None}, "codes": None}
    )
    product = commands.product(item, profile())
    assert (product.name, product.nominal_weight_mg, product.barcodes) == ("Tea", None, ())


@pytest.mark.parametrize(
    ("uom", "value", "milligrams"),
    [("KG", "1.5", 1_500_000), ("g", 250, 250_000), ("LB", "1", 453_592), ("st", 1, None)],
)
def test_weights_come_in_the_units_of_the_profile(uom: str, value: Any, milligrams: int | None) -> None:
    item = d.Item.model_validate({"uuid": "i", "id": "S", "sale": {"weight": {"uom": uom, "value": value}}})
    assert commands.product(item, profile()).nominal_weight_mg == milligrams


# --- units and what is left -------------------------------------------------------------------------------------


def test_what_is_left_is_what_was_ordered_without_what_was_fulfilled_in_pieces() -> None:
    left = commands.left_of(invoice(), [detail("1.500000"), detail("0.500000")], "Main", rate)
    assert isinstance(left, list)
    assert [(each.ordered, each.left) for each in left] == [(Decimal(480), Decimal(456))]


def test_where_hq_gives_fulfilled_lines_uuids_of_their_own_the_item_tells_the_line() -> None:
    two = [{**LINE, "item_order_quantity": "2"}, {**LINE, "uuid": "l-2", "item_order_quantity": "3"}]
    left = commands.left_of(invoice(lines=two), [detail("4", "their-own")], "Main", rate)
    assert isinstance(left, list)
    assert [each.left for each in left] == [0, 12]


def test_lines_of_other_warehouses_and_of_none_are_not_ours() -> None:
    lines = [
        LINE,
        {**LINE, "uuid": "l-2", "item_warehouse": "Other"},
        {**LINE, "uuid": "l-3", "item_warehouse": None},
    ]
    left = commands.left_of(invoice(lines=lines), [], "Main", rate)
    assert isinstance(left, list)
    assert [each.line.uuid for each in left] == ["l-1"]


def test_a_unit_of_which_nobody_says_how_many_pieces_it_is_is_a_fault() -> None:
    found = commands.left_of(invoice(lines=[{**LINE, "item_uom": "BARREL"}]), [], "Main", rate)
    assert isinstance(found, Fault)
    assert 'SKU-1 has no unit "BARREL"' in found.sentence


def test_work_is_for_what_is_left_and_the_references_are_for_every_line() -> None:
    two = [LINE, {**LINE, "uuid": "l-2", "item_order_quantity": "3"}]
    lines = commands.left_of(invoice(lines=two), [detail("3", "l-2")], "Main", rate)
    assert isinstance(lines, list)
    work = commands.work("main", invoice(lines=two), lines, ("wh_1", "STOCK"), new_id())
    assert [(line.order_line_id, line.qty) for line in work.fulfillments[0].lines] == [("l-1", Decimal(480))]
    refs = {(ref.thing, ref.local_id): ref.hq_id for ref in work.refs}
    assert refs["order", "INV-1"] == "INV-1"
    assert refs["line_uom", "INV-1/l-2"] == "12 CASE"
    assert work.picklist is not None
    assert [task.qty for task in work.picklist.tasks] == [480]


def test_orders_of_another_lane_are_matched_line_by_line_in_pieces() -> None:
    here = known(ordered="480").fulfillments["F1"]
    lines = commands.left_of(invoice(), [], "Main", rate)
    assert isinstance(lines, list)
    refs = {
        (ref.thing, ref.local_id): ref.hq_id for ref in commands.references("x", "INV-1", here, lines, new_id()).refs
    }
    assert refs == {
        ("order", "F1"): "INV-1",
        ("line", "F1/L1"): "l-1",
        ("line_uom", "F1/L1"): "12 CASE",
        ("product", "SKU-1"): "i-1",
    }


# --- pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("next_page", ["", None, "NULL", "null"])
@pytest.mark.parametrize(
    "wrapped",
    [
        lambda rows, pages: {"item-fulfillments": rows, "pagination": pages},
        lambda rows, pages: {"item_fulfillments": rows, "pagination": pages},
        lambda rows, pages: {"invoice": {"item_fulfillments": rows, "pagination": pages}},
        lambda rows, pages: {"invoice": {"item_fulfillments": rows}, "pagination": pages},
    ],
)
def test_a_page_is_read_whatever_wraps_it_and_however_it_says_that_it_is_the_last(
    wrapped: Callable[[Any, Any], Any], next_page: str | None
) -> None:
    assert d.page(wrapped([1], {"next_page": next_page}), "item-fulfillments") == d.Page([1], is_last=True)
    more = wrapped([1], {"next_page": "https://hq.example.com/x?offset=20"})
    assert d.page(more, "item-fulfillments") == d.Page([1], is_last=False)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_what_is_no_page_is_a_fault_and_no_crash(body: Any) -> None:
    assert isinstance(d.page(body, "invoices"), Fault)
    assert isinstance(d.page({"invoice": body, "pagination": body}, "invoices"), Fault)


class MovingList:
    """A list of HQ, newest first, that changes while it is read; `most` rows are given at once at the most."""

    def __init__(self, count: int, most: int = 4) -> None:
        self.all = [self.row(number) for number in range(count, 0, -1)]
        self.most, self.asked = most, 0
        self.before_page: Callable[[int], None] = lambda _number: None

    @staticmethod
    def row(number: int, version: int = 1) -> dict[str, Any]:
        return {"uuid": UUID.format(number), "id": str(number), "version": str(version)}

    async def get(self, path: str, **query: str | int) -> Reply:
        assert path == "/x"
        self.asked += 1
        self.before_page(self.asked)
        offset = int(query["offset"])
        found = self.all[offset : offset + self.most]
        following = "x" if offset + self.most < len(self.all) else "NULL"
        return Answer(200, json.loads(json.dumps({"invoices": found, "pagination": {"next_page": following}})))


async def read(moving: MovingList) -> list[str]:
    at = At("main", settings(), profile(page_overlap=1), lambda: START_MS, Passed())
    found = [row async for row in rows(moving, at, "/x", "invoices")]
    return [each.sentence if isinstance(each, Fault) else f"{each['id']}v{each['version']}" for each in found]


async def test_a_list_is_read_to_its_end_with_each_row_once() -> None:
    assert await read(MovingList(10)) == [f"{number}v1" for number in range(10, 0, -1)]


async def test_a_row_that_comes_while_pages_are_read_moves_the_others_and_none_counts_twice() -> None:
    moving = MovingList(10)
    moving.before_page = lambda number: moving.all.insert(0, moving.row(10 + number)) if number > 1 else None
    assert sorted(await read(moving)) == sorted(f"{number}v1" for number in range(1, 11))


async def test_a_row_that_goes_while_pages_are_read_hides_no_other() -> None:
    moving = MovingList(10)

    def take_one_away(number: int) -> None:
        if number == 2:
            del moving.all[0]

    moving.before_page = take_one_away
    assert set(await read(moving)) >= {f"{number}v1" for number in range(1, 10)}


async def test_a_newer_version_counts_again_and_an_older_one_does_not() -> None:
    moving = MovingList(5, most=2)

    def change(number: int) -> None:
        moving.all[1] = moving.row(4, 2 if number > 1 else 1)

    moving.before_page = change
    assert [each for each in await read(moving) if each.startswith("4")] == ["4v1", "4v2"]

    older = MovingList(5, most=2)
    older.before_page = lambda number: older.all.__setitem__(1, older.row(4, 1 if number > 1 else 2))
    assert [each for each in await read(older) if each.startswith("4")] == ["4v2"]


async def test_an_hq_that_turns_in_circles_is_left_and_told() -> None:
    class Circle(MovingList):
        async def get(self, path: str, **query: str | int) -> Reply:
            reply = await super().get(path, **{**query, "offset": 0})
            assert isinstance(reply, Answer)
            return Answer(200, {**reply.body, "pagination": {"next_page": "again"}})

    circle = Circle(10)
    *rows_, fault = await read(circle)
    assert (len(rows_), circle.asked) == (4, 1 + lists.STALE_PAGES)
    assert "has no end" in fault


async def test_a_row_with_a_fault_is_told_and_the_others_are_read() -> None:
    moving = MovingList(3)
    moving.all[1] = {"id": "2"}
    first, fault, last = await read(moving)
    assert (first, last) == ("3v1", "1v1")
    assert fault.startswith("HQ's invoices, 2: uuid:")


async def test_a_pull_stops_at_any_refusal() -> None:
    class Refusing:
        async def get(self, path: str, **query: str | int) -> Reply:
            return Answer(403, {"errors": [{"code": 403, "message": f"access to {path} denied, {len(query)}"}]})

    at = At("main", settings(), profile(), lambda: START_MS, Passed())
    with pytest.raises(PullStopped, match="access to /x denied"):
        assert [row async for row in rows(Refusing(), at, "/x", "invoices")]


def test_a_list_is_read_back_some_days_before_what_was_read_last() -> None:
    at = At("main", settings(), profile(overlap_days=2, first_days=30), lambda: START_MS, Passed())
    assert lists.walk_of(at, known(), "invoices").since == "2025-08-02"
    assert lists.walk_of(at, known(cursors={"invoices": "2025-08-30T23:59:59Z"}), "invoices").since == "2025-08-28"


def test_what_was_passed_is_looked_at_again_in_a_newer_version_only() -> None:
    passed, row = Passed(), d.Listed.model_validate({"uuid": "u", "version": "2"})
    assert not passed.holds(row)
    passed.add(row)
    assert passed.holds(row)
    assert passed.holds(d.Listed.model_validate({"uuid": "u", "version": 1}))
    assert not passed.holds(d.Listed.model_validate({"uuid": "u", "version": "10"}))
