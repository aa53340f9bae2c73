"""What Pitney Bowes' documents become here, and which cannot be used."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from local_store.domain.commands import HqRef
from sync.dialect import Fault, FulfillmentHere, LineHere
from sync.dialects.pitney_bowes import documents as d
from sync.dialects.pitney_bowes import shapes
from sync.dialects.pitney_bowes.capabilities import PROFILE
from sync.dialects.pitney_bowes.searching import Tries, is_last, rows_of

ID = UUID("0190a5a0-0000-7000-8000-000000000001")


def order(**of: Any) -> shapes.Order:
    found = told(**of)
    assert isinstance(found, shapes.Order), found
    return found


def told(**of: Any) -> shapes.Order | Fault:
    row = {
        "orderId": "PBO1", "clientOrderId": "O-1", "status": "CREATED", "fromNode": "wh_1",
        "inputShippingDetails": {"carrier": "UPS", "serviceId": "GROUND"},
        "references": [{"name": "gift", "values": "yes"}],
        "shipTo": {"company": "ACME", "addressLines": ["1 High St", "Floor 2", "Door 3"], "countryCode": "PL"},
        "orderItems": [{"lineItemId": 1, "sku": "SKU-1", "quantity": 2.5}], **of,
    }  # fmt: skip
    return shapes.read(shapes.Order, row, "HQ's order O-1", shapes.order_names(PROFILE))


def test_an_order_becomes_a_fulfillment_with_a_picklist_of_its_own() -> None:
    work = d.received("pb", order(), "wh_1")
    assert not isinstance(work, Fault)
    command = d.work_of(order(), work, "STOCK", ID)
    (fulfillment,), (party,) = command.fulfillments, command.parties
    assert (fulfillment.fulfillment_id, fulfillment.order_id, fulfillment.metadata) == (
        "PBO1",
        "O-1",
        {"gift": "yes"},
    )
    assert (fulfillment.carrier_hint, fulfillment.service_code) == ("UPS", "GROUND")
    assert (party.name, party.address) == (
        "ACME",
        {"address1": "1 High St", "address2": "Floor 2, Door 3", "country": "PL"},
    )
    assert command.picklist is not None
    (task,) = command.picklist.tasks
    assert (task.location_id, task.sku, task.qty, task.order_line_id) == ("STOCK", "SKU-1", Decimal("2.5"), "1")
    assert command.refs == (
        HqRef(lane="pb", thing="order", local_id="PBO1", hq_id="PBO1"),
        HqRef(lane="pb", thing="line", local_id="PBO1/1", hq_id="1"),
    )


def test_an_order_that_another_lane_gave_gets_their_ids_by_product() -> None:
    lines = (LineHere("a", "SKU-1", Decimal("2.5"), Decimal(0), Decimal(0)),)
    here = FulfillmentHere("ful_9", "main", "O-1", "wh_1", "p", None, None, {}, lines)
    assert {(ref.thing, ref.local_id, ref.hq_id) for ref in d.refs_of("pb", order(), here)} == {
        ("order", "ful_9", "PBO1"),
        ("line", "ful_9/a", "1"),
    }


@pytest.mark.parametrize(
    ("of", "wanted"),
    [({}, True), ({"status": "anything new"}, True), ({"status": "canceled"}, False), ({"status": "SHIPPED"}, False),
     ({"isOnHold": True}, False)],
)  # fmt: skip
def test_an_order_is_work_until_it_is_cancelled_shipped_or_on_hold(of: dict[str, Any], *, wanted: bool) -> None:
    assert d.is_work(order(**of), PROFILE) is wanted


@pytest.mark.parametrize(
    ("status", "states"),
    [
        ("CREATED", ["as_given", "as_given"]),
        ("CANCELED", ["cancelled", "cancelled"]),
        ("SHIPPED", ["completed", "packed"]),
    ],
)
def test_what_is_said_of_an_order_later_is_said_of_its_picklist_too(status: str, states: list[str]) -> None:
    again = order(status=status)
    work = d.received("pb", again, "wh_1")
    assert not isinstance(work, Fault)
    seen = d.seen(again, work, "STOCK", PROFILE, (ID, ID))
    assert [(each.thing, each.work_id, each.state) for each in seen] == [
        ("picklist", "pick-PBO1", states[0]),
        ("fulfillment", "PBO1", states[1]),
    ]


@pytest.mark.parametrize(
    ("of", "place"),
    [
        ({"orderId": ""}, "orderId"),
        ({"orderId": ".."}, "orderId"),
        ({"clientOrderId": None}, "clientOrderId"),
        ({"orderItems": []}, "lines"),
        ({"orderItems": None}, "lines"),
        ({"orderItems": [{"lineItemId": "1", "sku": "S", "quantity": 0}]}, "lines.0.quantity"),
        ({"orderItems": [{"lineItemId": "1", "sku": "S", "quantity": "many"}]}, "lines.0.quantity"),
        ({"orderItems": [{"lineItemId": "1", "sku": "S\n", "quantity": 1}]}, "lines.0.sku"),
        ({"shipOnDate": "tomorrow"}, "shipOnDate"),
        ({"shipOnDate": "2025-09-01T10:00:00"}, "shipOnDate"),
        ({"status": 7}, "status"),
    ],
)
def test_an_order_that_cannot_be_used_names_place_and_value(of: dict[str, Any], place: str) -> None:
    found = told(**of)
    assert isinstance(found, Fault)
    assert found.sentence.startswith(f"HQ's order O-1: {place}: ")
    assert "got" in found.sentence


def test_a_line_that_is_there_twice_is_a_fault() -> None:
    item = {"lineItemId": "1", "sku": "SKU-1", "quantity": 1}
    assert d.received("pb", order(orderItems=[item, item]), "wh_1") == Fault(
        'HQ\'s order O-1: line "1" is there twice.'
    )


@pytest.mark.parametrize(
    ("weight", "milligrams"),
    [
        ({"value": 250, "unitOfMeasurement": "GM"}, 250_000),
        ({"value": 1.5, "unitOfMeasurement": "kg"}, 1_500_000),
        ({"value": 1, "unitOfMeasurement": "STONE"}, None),
        ({"value": -1, "unitOfMeasurement": "GM"}, None),
        ({"value": True, "unitOfMeasurement": "GM"}, None),
        ({"value": 1e12, "unitOfMeasurement": "GM"}, None),
        (None, None),
    ],
)
def test_a_weight_is_taken_only_in_a_unit_that_is_known(weight: Any, milligrams: int | None) -> None:
    row = {"sku": "SKU-1", "details": {"description": "Tea", "upc": "2900000000018", "weight": weight}}
    product = shapes.read_product(row, "HQ's product", PROFILE)
    assert isinstance(product, shapes.Product)
    (made,) = d.products_of("pb", [product], ID).products
    assert (made.nominal_weight_mg, made.name, made.barcodes[0].barcode) == (milligrams, "Tea", "2900000000018")


def test_goods_that_come_in_have_their_line_ids_and_what_was_counted() -> None:
    row = {
        "receivingASNId": "RA1", "inboundType": "PO", "purchaseOrderNumber": "PO-1", "receivingNode": "wh_1",
        "vendorDetails": {"name": "Tea Ltd", "code": "T"}, "status": "CREATED",
        "asnLines": [{"PBlineId": 4, "sku": "SKU-1", "expectedQuantity": 5, "receivedQuantity": 1}],
    }  # fmt: skip
    names = {"lines": "asnLines", "line.quantity": "expectedQuantity"}
    asn = shapes.read(shapes.Asn, row, "ASN", names)
    assert isinstance(asn, shapes.Asn)
    made = d.inbound_of("pb", asn, PROFILE)
    assert (made.against, made.number, made.supplier, made.open) == ("purchase_order", "PO-1", "Tea Ltd", True)
    assert [(line.line_id, line.expected, line.received) for line in made.lines] == [("4", Decimal(5), Decimal(1))]
    closed = shapes.read(shapes.Asn, {**row, "status": "canceled"}, "ASN", names)
    assert isinstance(closed, shapes.Asn)
    assert d.inbound_of("pb", closed, PROFILE).open is False


def test_the_first_parcel_is_followed_under_the_order_and_each_under_its_own_name() -> None:
    parcel = shapes.read(
        shapes.Shipment,
        {"shipmentId": "S2", "clientOrderId": "O-1", "trackingNumber": "1Z9"},
        "shipment",
        shapes.shipment_names(PROFILE),
    )
    assert isinstance(parcel, shapes.Shipment)
    first = {(ref.thing, ref.local_id) for ref in d.tracking_refs("pb", parcel, "F-1", None)}
    assert first == {("shipment", "F-1/S2"), ("tracking", "F-1/S2"), ("tracking", "F-1")}
    later = {(ref.thing, ref.local_id) for ref in d.tracking_refs("pb", parcel, "F-1", "1Z1")}
    assert later == {("shipment", "F-1/S2"), ("tracking", "F-1/S2")}


def test_the_rows_are_the_only_array_whatever_its_name() -> None:
    assert rows_of({"totalPages": 1, "anything": [1]}, "/p") == [1]
    bodies: list[Any] = [{"a": [], "b": []}, {}, [], None, "x"]
    for body in bodies:
        assert isinstance(rows_of(body, "/p"), Fault)


@pytest.mark.parametrize(
    ("body", "page", "wanted"),
    [
        ({"last": True}, [1], True),
        ({"last": False, "totalPages": 3}, [1], False),
        ({"totalPages": 2}, [1], True),
        ({}, [1], False),
        ({"last": False}, [], True),
    ],
)
def test_a_search_ends(body: dict[str, Any], page: list[Any], *, wanted: bool) -> None:
    assert is_last(body, page, 2) is wanted


def test_three_tries_and_it_is_not_waited_for_any_more() -> None:
    tries = Tries(3)
    assert [tries.used_up("a") for _ in range(4)] == [False, False, True, True]
    assert tries.used_up("b") is False
    tries.clear("a")
    assert tries.used_up("a") is False
