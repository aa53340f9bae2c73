"""What S2 says becomes work, products and references, or a sentence why not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from local_store.domain import events as e
from local_store.journal import canonical
from sync.dialects.s2 import documents as d
from sync.dialects.s2 import work
from sync.dialects.s2.capabilities import PROFILE
from tests.sync.s2.profiles import profile_with
from tests.sync.station import new_id

OURS, THEIRS = "warehouse-ours", "warehouse-theirs"
HERE = d.Here("main", "wh_1", OURS, frozenset(), "STOCK", PROFILE)
ORDER: dict[str, Any] = {
    "id": "order-1",
    "channelOrderId": "O-1",
    "status": "UNFULFILLED",
    "updatedAt": "2024-06-04T05:53:31.054574Z",
    "shippingAddress": {"name": "Ann", "address1": "1 Rue", "state": "NM", "countryId": "US", "postalCode": None},
    "lines": [
        {"product": {"id": "p-1", "sku": "SKU-1"}, "quantity": 2},
        {"product": {"id": "p-2", "sku": "SKU-2"}, "quantity": 1},
        {"product": {"id": "p-1", "sku": "SKU-1"}, "quantity": 3},
    ],
}


def assigned(**of: Any) -> dict[str, Any]:
    items = [{"product": {"id": "p-1", "sku": "SKU-1"}, "quantity": 4}]
    return {"id": "ful-1", "status": "CREATED", "warehouse": {"id": OURS}, "items": items, **of}


def order(**of: Any) -> d.Order:
    return d.Order.model_validate({**ORDER, **of})


@pytest.mark.parametrize(
    ("kilograms", "milligrams"),
    [(76.44365, 76_443_650), (0.35708416, 357_084), (35.0, 35_000_000), (0.0, None), (None, None), (0.1, 100_000)],
)
def test_kilograms_become_milligrams_without_a_floats_error_and_0_is_no_weight(
    kilograms: float | None, milligrams: int | None
) -> None:
    product = d.Product.model_validate({"id": "p", "sku": "S", "shippingWeightKg": kilograms})
    assert d.product_of(product, PROFILE).nominal_weight_mg == milligrams


def test_a_case_code_counts_the_pack_and_codes_of_unknown_kinds_are_no_codes() -> None:
    ids = [
        {"type": "CASE", "value": "C-12"},
        {"type": "EAN", "value": "E-1"},
        {"type": "ASIN", "value": "B0"},
        {"type": "CASE", "value": ""},
        {"what": 5},
    ]
    told = {"id": "p", "sku": "S", "gtin": "7888888888888", "casePack": 12, "otherIds": ids}
    made = d.product_of(d.Product.model_validate(told), PROFILE)
    assert {each.barcode: each.multiplier for each in made.barcodes} == {"7888888888888": 1, "C-12": 12, "E-1": 1}
    assert made.pack_text == "case of 12"
    single = d.product_of(d.Product.model_validate({**told, "casePack": 1}), PROFILE)
    assert ([each.barcode for each in single.barcodes], single.pack_text) == (["7888888888888", "E-1"], "")


def test_what_is_to_be_captured_is_kept_and_old_journals_read_as_before() -> None:
    told = {"id": "p", "sku": "S", "serialNumberRequired": True, "expiryDateRequired": True}
    made = d.product_of(d.Product.model_validate(told), PROFILE)
    assert (made.serial_required, made.expiry_required) == (True, True)
    plain = e.ProductReceived(sku="S", name="Salt")
    assert canonical(plain) == '{"name":"Salt","sku":"S"}'
    assert e.ProductReceived.model_validate_json(canonical(plain)) == plain


@pytest.mark.parametrize(
    ("time", "kept"),
    [
        ("2024-06-04T05:53:31.054574Z", "2024-06-04T05:53:31.054574Z"),
        ("2024-04-24T06:00:33.889Z", "2024-04-24T06:00:33.889000Z"),
        ("2024-04-24T08:00:33.8891+02:00", "2024-04-24T06:00:33.889100Z"),
        ("2024-04-24T06:00:33", "2024-04-24T06:00:33.000000Z"),
        ("2024-04-24", "2024-04-24T00:00:00.000000Z"),
    ],
)
def test_times_of_any_precision_become_one_text_that_sorts(time: str, kept: str) -> None:
    assert order(updatedAt=time).updated_at == kept


@pytest.mark.parametrize("time", ["soon", 5, None])
def test_a_time_that_is_none_is_a_fault(time: Any) -> None:
    with pytest.raises(ValidationError):
        order(updatedAt=time)


def test_an_order_is_one_fulfillment_whose_lines_are_its_products() -> None:
    made = work.work_of(HERE, order(), None, new_id())
    (fulfillment,) = made.fulfillments
    assert (fulfillment.fulfillment_id, fulfillment.order_id, fulfillment.warehouse_id) == ("order-1", "O-1", "wh_1")
    assert [(line.order_line_id, line.sku, line.qty) for line in fulfillment.lines] == [
        ("SKU-1", "SKU-1", Decimal(5)),
        ("SKU-2", "SKU-2", Decimal(1)),
    ]
    assert made.picklist is not None
    assert {task.location_id for task in made.picklist.tasks} == {"STOCK"}
    assert {(ref.thing, ref.local_id): ref.hq_id for ref in made.refs} == {
        ("order", "order-1"): "order-1",
        ("product", "SKU-1"): "p-1",
        ("product", "SKU-2"): "p-2",
    }
    assert made.parties[0].address == {"address1": "1 Rue", "region": "NM", "country": "US"}


def test_what_s2_assigned_says_when_by_whom_and_how_it_goes() -> None:
    told = {
        "shipByDate": "2024-06-05T00:00:00.123Z",
        "shippingMethod": "Expedited",
        "customerNote": "Ring",
        "signatureRequired": False,
        "orderType": "FBA",
        "method": 1,
        "shipments": [
            {
                "id": "s",
                "shippingCarrier": {"id": "UPS"},
                "items": [],
                "labels": [{"type": "PREPAID", "filePath": "o/2024/l/1.png"}, {"type": "PURCHASED", "filePath": "x"}],
            }
        ],
    }
    fulfillment = d.Fulfillment.model_validate(assigned(**told))
    made = work.work_of(HERE, order(), fulfillment, new_id())
    (here,) = made.fulfillments
    assert made.picklist is not None
    assert here.ship_by == made.picklist.ship_by == "2024-06-05T00:00:00.123000Z"
    assert (here.carrier_hint, here.service_code) == ("UPS", "Expedited")
    assert here.metadata == {"customerNote": "Ring", "signatureRequired": False, "method": 1, "orderType": 2}
    assert [line.qty for line in here.lines] == [Decimal(4)]
    labels = {ref.local_id: ref.hq_id for ref in made.refs if ref.thing == "prepaid_label"}
    assert labels == {"order-1/1": "o/2024/l/1.png"}


@pytest.mark.parametrize(
    ("change", "ours"),
    [
        ({}, True),
        ({"status": "FULFILLED"}, False),
        ({"archived": True}, False),
        ({"fulfillments": [assigned()]}, True),
        ({"fulfillments": [assigned(warehouse={"id": THEIRS})]}, False),
        ({"fulfillments": [assigned(status="SHIPPED")]}, False),
        ({"fulfillments": [assigned(channelFulfillmentId="by a caller")]}, False),
        ({"account": {"id": "a", "autoAssignOrdersToWarehouse": True}}, False),
        ({"account": {"id": "a"}}, True),
    ],
)
def test_an_order_is_for_us_when_it_is_assigned_here_or_to_nobody(change: dict[str, Any], ours: bool) -> None:  # noqa: FBT001
    assert work.is_for_us(HERE, order(**change)) is ours


@pytest.mark.parametrize(("account", "ours"), [({"id": "a"}, True), ({"id": "b"}, False), (None, False)])
def test_where_accounts_are_named_only_theirs_are_taken(account: Any, ours: bool) -> None:  # noqa: FBT001
    only = d.Here("main", "wh_1", OURS, frozenset({"a"}), "STOCK", PROFILE)
    assert work.is_for_us(only, order(account=account)) is ours


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "it has no lines"),
        (None, "there is no list of lines"),
        ([{"product": {"id": "p", "sku": "S"}, "quantity": 0}], "greater than or equal to 1"),
        ([{"product": {"id": "p", "sku": "S"}, "quantity": 1.5}], "valid integer"),
        ([{"product": {"sku": "S"}, "quantity": 1}], "Field required"),
        (["what"], "valid dictionary"),
    ],
)
def test_an_order_that_cannot_be_worked_says_why(lines: Any, words: str) -> None:
    with pytest.raises((d.Unusable, ValidationError), match=words):
        work.work_of(HERE, order(lines=lines), None, new_id())


def test_lines_are_read_by_the_names_of_the_profile() -> None:
    profile = profile_with({"order_lines": "rows", "line_product": "item", "line_quantity": "n"})
    here = d.Here("main", "wh_1", OURS, frozenset(), "STOCK", profile)
    made = work.work_of(here, order(rows=[{"item": {"id": "p", "sku": "S"}, "n": 7}]), None, new_id())
    assert made.fulfillments[0].lines[0].qty == Decimal(7)


@pytest.mark.parametrize(
    ("change", "states"),
    [
        ({}, ["as_given", "as_given"]),
        ({"status": "CANCELLED"}, ["cancelled", "cancelled"]),
        ({"archived": True}, ["cancelled", "cancelled"]),
        ({"status": "FULFILLED"}, []),
        ({"fulfillments": [assigned(warehouse={"id": THEIRS})]}, ["given_away", "given_away"]),
        ({"fulfillments": [assigned(status="SHIPPED")]}, []),
        ({"fulfillments": [assigned(warehouse={"id": THEIRS}, channelFulfillmentId="x")]}, []),
    ],
)
def test_what_s2_says_later_is_as_given_cancelled_or_given_away(change: dict[str, Any], states: list[str]) -> None:
    seen = work.seen_of(HERE, order(**change), None, (new_id(), new_id()))
    assert [each.state for each in seen] == states


def overview(**of: Any) -> dict[str, Any]:
    row = {"warehouseId": OURS, "productId": "p-1", "quantity": 4}
    elsewhere = {**row, "warehouseId": THEIRS, "quantity": 99}
    return {"products": [{"id": "p-1", "sku": "SKU-1"}], "items": [{**row, **of}, row, elsewhere]}


def test_stock_is_that_of_our_warehouse_added_up() -> None:
    (told,) = d.stock_of(HERE, overview())
    assert (told.sku, told.qty, told.warehouse_id) == ("SKU-1", Decimal(8), "wh_1")


@pytest.mark.parametrize("change", [{"quantity": "4"}, {"quantity": True}, {"productId": "p-9"}])
def test_a_row_of_stock_that_says_nothing_is_a_fault(change: dict[str, Any]) -> None:
    with pytest.raises(d.Unusable):
        list(d.stock_of(HERE, overview(**change)))
