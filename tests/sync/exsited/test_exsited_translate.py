"""Facts as requests to Exsited: the right path, wrapper, unit and id, and a sentence for what cannot be said."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Missing, NotNeeded
from sync.dialects.exsited.capabilities import ACCEPTS, accepts
from sync.dialects.exsited.quantities import kept, rate_of, to_pieces, to_uom
from sync.dialects.exsited.translate import record_id, request_for
from tests.sync.exsited.facts import (
    EVENT,
    INVOICE,
    ITEM,
    LINE,
    OTHER_LINE,
    REFS,
    SSCC,
    came,
    known,
    profile,
    promised,
    received,
    returned,
    settings,
    shipment,
)
from tests.sync.plain_known import PlainKnown

FF = record_id("FF", EVENT, profile())


def made(fact: e.Fact, here: PlainKnown | None = None, **assumed: Any) -> tuple[str, str, Any]:
    new = request_for([promised(fact)], here or known(), profile(**assumed))
    assert isinstance(new, NewRequest), new
    return new.method, new.path, json.loads(new.body)


def refused(fact: e.Fact, here: PlainKnown | None = None) -> str:
    found = request_for([promised(fact)], here or known(), profile())
    assert isinstance(found, Missing), found
    return found.sentence


def without(*things: tuple[str, str], **more: Any) -> PlainKnown:
    return known(refs={key: value for key, value in REFS.items() if key not in things}, **more)


def test_nothing_is_told_in_the_mode_of_the_seed_alone() -> None:
    assert accepts(settings(mode="seed_only")) == frozenset()
    assert accepts(settings()) == ACCEPTS == {"shipment.requested", "receipt.recorded", "return.received"}


def test_a_shipment_is_an_item_fulfillment_of_its_invoice_with_what_is_in_the_parcel() -> None:
    line = {"item_uuid": ITEM, "fulfillment_quantity": "2.000000", "uuid": LINE}
    body = {"status": "CLOSED", "date": "2025-09-01", "id": FF, "tracking_number": SSCC, "fulfillments": [line]}
    assert made(shipment()) == ("POST", f"/api/v3/invoices/{INVOICE}/item-fulfillments", {"item_fulfillments": body})


def test_the_profile_says_status_path_and_whether_a_tracking_number_goes() -> None:
    _, path, body = made(shipment(), base_path="/v3", shipped_status="SHIPPED", tracking_number="none")
    assert path.startswith("/v3/invoices/")
    assert (body["item_fulfillments"]["status"], "tracking_number" in body["item_fulfillments"]) == ("SHIPPED", False)


def test_an_id_follows_from_its_fact_alone() -> None:
    assert record_id("FF", EVENT, profile()) == FF
    assert record_id("FF", EVENT[::-1], profile()) != FF
    assert record_id("FF", EVENT, profile(id_characters=8)) == FF[:11]


def test_a_line_in_cases_is_told_in_cases() -> None:
    here = known(packed="30", ordered="36", refs={**REFS, ("line_uom", "F1/L1"): "12 CASE"})
    (line,) = made(shipment(), here)[2]["item_fulfillments"]["fulfillments"]
    assert line["fulfillment_quantity"] == "2.500000"


def test_a_receipt_goes_to_its_purchase_order_in_the_units_of_its_lines() -> None:
    method, path, body = made(received(came("p1", "24"), came("p1", "12")))
    assert (method, path) == ("POST", "/api/v2/purchase-orders/PO-1/item-receipts")
    receipt = body["item-receipt"]
    assert receipt["receipts"] == [{"uuid": OTHER_LINE, "receipt_quantity": "3.000000"}]
    assert (receipt["id"][:3], receipt["receipt_status"], "note" in receipt) == ("IR-", "PENDING", False)


def test_the_names_of_a_receipts_line_are_assumed_and_can_be_changed() -> None:
    _, _, body = made(received(came("p1", "12")), receipt_line_uuid="line_uuid", receipt_line_quantity="quantity")
    (line,) = body["item-receipt"]["receipts"]
    assert line == {"line_uuid": OTHER_LINE, "quantity": "1.000000"}


def test_what_was_not_ordered_or_is_damaged_stands_in_the_note() -> None:
    lines = (came("p1", "12", condition="damaged"), came(None, "3"))
    receipt = made(received(*lines))[2]["item-receipt"]
    assert receipt["note"] == "12 of SKU-1 damaged; 3 of SKU-1 not ordered"
    assert len(receipt["receipts"]) == 1


def test_a_return_is_received_under_its_invoice() -> None:
    method, path, body = made(returned(came("r1", "1")))
    assert (method, path) == ("POST", f"/api/v2/invoices/{INVOICE}/return-merchandise-authorisations/RMA-1/receive")
    lines = [{"rma_receive_quantity": "1.000000", "uuid": LINE}]
    assert body == {"receive_return_merchandise_authorisations": {"receive_returns": lines}}


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (received(came(None, "1"), against="blind", inbound_id=None), "not against a purchase order"),
        (received(came("x", "1"), against="asn", inbound_id="ASN-1"), "not against a purchase order"),
        (received(came(None, "1")), "Nothing in receipt R1 was ordered"),
        (returned(came(None, "1")), "Nothing that came with return RMA-1 is in it"),
    ],
)
def test_what_this_hq_has_no_place_for_need_not_be_told(fact: e.Fact, why: str) -> None:
    found = request_for([promised(fact)], known(), profile())
    assert isinstance(found, NotNeeded)
    assert why in found.sentence


@pytest.mark.parametrize(
    ("fact", "missing", "named"),
    [
        (shipment(), ("order", "F1"), "invoice of order O-1"),
        (shipment(), ("line", "F1/L1"), "SKU-1 in order O-1"),
        (shipment(), ("product", "SKU-1"), "item SKU-1"),
        (received(came("p1", "1")), ("purchase_order", "PO-1"), "purchase order PO-1"),
        (received(came("p1", "1")), ("line", "PO-1/p1"), "line p1 of PO-1"),
        (returned(came("r1", "1")), ("return", "RMA-1"), "return RMA-1"),
        (returned(came("r1", "1")), ("return_invoice", "RMA-1"), "invoice of return RMA-1"),
    ],
)
def test_a_missing_reference_parks_the_fact_and_names_what_is_missing(
    fact: e.Fact, missing: tuple[str, str], named: str
) -> None:
    sentence = refused(fact, without(missing))
    assert named in sentence
    assert "then send again" in sentence


def test_more_than_was_ordered_is_never_sent() -> None:
    assert "4 of line L1 are packed and 3 ordered" in refused(shipment(), known(packed="4"))


def test_a_package_or_an_order_that_is_not_here_is_named() -> None:
    assert "package F1-P9" in refused(shipment("F1-P9"))
    assert "Fulfillment F1 is not here" in refused(shipment(), known(fulfillments={}))


quantities = st.decimals(min_value=0, max_value=100_000, places=3)
rates = st.decimals(min_value="0.01", max_value=1000, places=2)


@given(quantities, st.sampled_from([Decimal(each) for each in ("1", "2", "6", "12", "24", "144", "0.5", "1000")]))
def test_pieces_come_back_from_any_usual_unit_as_they_went(pieces: Decimal, rate: Decimal) -> None:
    assert to_pieces(Decimal(to_uom(pieces, rate, 6)), rate) == pieces


@given(rates)
def test_a_rate_is_kept_as_it_is(rate: Decimal) -> None:
    assert rate_of(kept(rate, "CASE OF 12")) == rate
