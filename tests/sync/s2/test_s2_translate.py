"""Facts to requests and answers to what they mean: the tables of docs/dialects/s2.md."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from local_store.domain import events as e
from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import (
    Answer,
    FulfillmentHere,
    Learned,
    Missing,
    NoAnswer,
    NotNeeded,
    Outcome,
    PackageHere,
    PackedHere,
)
from sync.dialects.s2 import attachments, translate
from sync.dialects.s2.capabilities import PROFILE
from tests.sync.plain_known import PlainKnown
from tests.sync.s2.profiles import profile_with
from web.contract import Contract

ORDER, WAREHOUSE = "ae52b0ab-8f0c-4b11-9c13-c5c221228ecd", "9cae310d-c440-4d78-bdc0-bf306ec33880"
PRODUCT, OTHER = "3775cc37-30e7-4579-a58e-c9adda6fa888", "bab7c35b-2ecb-4b40-be82-8dc1e0a86888"
EVENT = UUID("0199051e-7a00-7000-8000-000000000001")
S2_ID = "295dbfaa-de55-40aa-ad6b-71f059722888"
ADDRESS = {"name": "Ann", "address1": "1 Rue", "city": "Reims", "region": "Grand Est", "country": "France"}


def package(name: str, sku: str = "SKU-1", qty: str = "2") -> PackageHere:
    return PackageHere(name, "F-1", 1_000_000, "306141410000000012", (PackedHere("L1", sku, Decimal(qty)),))


def shipment(*packages: str, **of: Any) -> Promised:
    fact = e.ShipmentRequested(
        **{
            "fulfillment_id": "F-1",
            "warehouse_id": "wh_1",
            "party_id": "to:F-1",
            "packages": tuple((name, 1_000_000) for name in packages or ("P-1",)),
            "reference": "O-1",
            "carrier_hint": "DHL",
            "service_code": "Expedited",
            "insurance": None,
            **of,
        }
    )
    return Promised(7, fact.entity, fact, 0, "ana", None, EVENT.bytes)


KNOWN = PlainKnown(
    refs={("order", "F-1"): ORDER, ("product", "SKU-1"): PRODUCT, ("product", "SKU-2"): OTHER},
    parties={"to:F-1": ADDRESS},
    packages={"P-1": package("P-1"), "P-2": package("P-2", "SKU-2", "1")},
)


def body_of(promised: Promised, known: PlainKnown = KNOWN, profile: Any = PROFILE) -> dict[str, Any]:
    new = translate.request_for([promised], known, WAREHOUSE, profile)
    assert isinstance(new, NewRequest), new
    assert (new.method, new.path) == ("POST", "/fulfillment")
    operation = Contract.load("s2").operation(new.method, new.path)
    assert operation is not None
    assert operation.check_request({}, {"Content-Type": "application/json"}, new.body.encode()) == []
    body: dict[str, Any] = json.loads(new.body)
    return body


def test_a_shipment_is_a_fulfillment_of_its_order_with_a_shipment_for_each_parcel() -> None:
    body = body_of(shipment("P-1", "P-2"))
    assert (body["orderId"], body["warehouseId"], body["channelFulfillmentId"]) == (ORDER, WAREHOUSE, str(EVENT))
    assert body["items"] == [{"productId": PRODUCT, "quantity": 2}, {"productId": OTHER, "quantity": 1}]
    assert [each["items"][0]["quantity"] for each in body["shipments"]] == [2, 1]
    assert {each["shippingCarrierId"] for each in body["shipments"]} == {"OTHER"}
    assert (body["shippingMethod"], body["attachments"]) == ("Expedited", [])
    assert body["additionalReferenceIds"] == ["P-1", "306141410000000012", "P-2", "306141410000000012"]
    assert body["address"] == {
        **dict.fromkeys(("company", "address2", "postalCode", "phone", "email"), ""),
        "name": "Ann",
        "address1": "1 Rue",
        "city": "Reims",
        "state": "Grand Est",
        "countryId": "FR",
    }


def test_the_key_follows_from_the_fact_alone() -> None:
    assert body_of(shipment())["channelFulfillmentId"] == body_of(shipment())["channelFulfillmentId"]


@pytest.mark.parametrize(
    ("country", "letters"), [("France", "FR"), ("de", "DE"), ("Elbonia", ""), ("", ""), ("ÄÖ", ""), ("UK", "GB")]
)
def test_a_country_is_two_letters_or_empty(country: str, letters: str) -> None:
    assert translate.address_of({"country": country}, PROFILE)["countryId"] == letters


def test_an_erased_address_goes_empty_and_never_as_null() -> None:
    assert set(body_of(shipment(), replace(KNOWN, parties={}))["address"].values()) == {""}


def test_what_s2_said_of_the_order_it_hears_again_and_nothing_else() -> None:
    said = {"signatureRequired": True, "method": 2, "orderType": 1, "customerNote": "Ring", "deliverByDate": "x"}
    here = FulfillmentHere("F-1", "main", "O-1", "wh_1", "to:F-1", None, None, said, ())
    body = body_of(shipment(), replace(KNOWN, fulfillments={"F-1": here}))
    del said["deliverByDate"]
    assert {name: body[name] for name in said} == said
    assert "deliverByDate" not in body
    foreign = replace(here, metadata={"method": "air", "orderType": True})
    assert not {"method", "orderType"} & body_of(shipment(), replace(KNOWN, fulfillments={"F-1": foreign})).keys()


def test_a_carrier_goes_by_the_sites_name_and_a_known_tracking_number_goes_along() -> None:
    known = replace(KNOWN, refs={**KNOWN.refs, ("tracking", "P-1"): "1Z9"})
    (parcel,) = body_of(shipment(), known, profile_with({"carriers": {"DHL": "DHL_EXPRESS"}}))["shipments"]
    assert (parcel["shippingCarrierId"], parcel["trackingNumber"]) == ("DHL_EXPRESS", "1Z9")


@pytest.mark.parametrize(
    ("without", "words"),
    [
        ({"refs": {("product", "SKU-1"): PRODUCT}}, "order of F-1"),
        ({"refs": {("order", "F-1"): ORDER}}, "product SKU-1"),
        ({"packages": {}}, "package P-1"),
        ({"packages": {"P-1": package("P-1", qty="0.5")}}, "0.5 of SKU-1, and S2 counts whole units"),
    ],
)
def test_what_is_missing_is_named(without: dict[str, Any], words: str) -> None:
    found = translate.request_for([shipment()], replace(KNOWN, **without), WAREHOUSE, PROFILE)
    assert isinstance(found, Missing)
    assert words in found.sentence


def test_of_a_fulfillment_that_s2_made_itself_nothing_can_be_told() -> None:
    known = replace(KNOWN, refs={**KNOWN.refs, ("assigned", "F-1"): S2_ID})
    assert isinstance(translate.request_for([shipment()], known, WAREHOUSE, PROFILE), NotNeeded)


# --- answers ----------------------------------------------------------------------------------------------------

FACTS = [shipment("P-1", "P-2")]
REQUEST = FixedRequest(1, "fulfillment:F-1", "POST", "/fulfillment", json.dumps(body_of(FACTS[0])), "k", 0, 0)


def made(**of: Any) -> dict[str, Any]:
    """The answer to REQUEST."""
    items = [{"product": {"id": PRODUCT}, "quantity": 2}, {"product": {"id": OTHER}, "quantity": 1}]
    shipments = [
        {"id": "s-2", "trackingNumber": "1Z2", "items": items[1:]},
        {"id": "s-1", "trackingNumber": "", "items": items[:1]},
    ]
    return {
        "id": S2_ID,
        "channelFulfillmentId": str(EVENT),
        "orderId": ORDER,
        "warehouse": {"id": WAREHOUSE},
        "items": items,
        "shipments": shipments,
        **of,
    }


EXISTS = {"code": "ALREADY_EXISTS", "message": f"Fulfillment with channelFulfillmentId '{EVENT}' already exists"}


def judged(status: int, body: Any) -> Any:
    return translate.verdict(FACTS, REQUEST, Answer(status, body), PROFILE)


def test_success_brings_the_ids_by_what_each_parcel_holds_whatever_their_order() -> None:
    verdict = judged(201, made())
    assert verdict.outcome is Outcome.OK
    assert verdict.learned == (
        Learned("fulfillment", "F-1", S2_ID),
        Learned("shipment", "P-1", "s-1"),
        Learned("shipment", "P-2", "s-2"),
        Learned("tracking", "P-2", "1Z2"),
    )


@pytest.mark.parametrize(
    ("status", "body", "outcome", "words"),
    [
        (201, made(channelFulfillmentId="another"), Outcome.AMBIG, "answered about fulfillment another"),
        (201, made(channelFulfillmentId=None), Outcome.AMBIG, "answered about fulfillment None"),
        (200, None, Outcome.AMBIG, "S2's answer to /fulfillment"),
        (200, [], Outcome.AMBIG, "S2's answer to /fulfillment"),
        (200, {"id": S2_ID}, Outcome.AMBIG, "channelFulfillmentId"),
        (201, made(orderId="another"), Outcome.DEAD, "order is another"),
        (201, made(warehouse={"id": "x"}), Outcome.DEAD, "warehouse is x"),
        (201, made(items=[]), Outcome.DEAD, "items are others"),
        (201, made(shipments=[]), Outcome.DEAD, "shipments hold something else"),
        (409, EXISTS, Outcome.DUP, "does not tell its id"),
        (409, {**EXISTS, "existing": made()}, Outcome.DUP, ""),
        (409, {**EXISTS, "existing": made(items=[])}, Outcome.DEAD, "items are others"),
        (409, {**EXISTS, "message": "Fulfillment 'another' exists"}, Outcome.DEAD, "another"),
        (409, {"code": "ILLEGAL", "message": str(EVENT)}, Outcome.DEAD, str(EVENT)),
        (400, {"message": "no"}, Outcome.DEAD, "S2 answered 400: no"),
        (403, {"message": "not yours"}, Outcome.DEAD, "not yours"),
        (403, {"message": "Unauthorized for this organization"}, Outcome.AUTH, "organization"),
        (404, {"message": "Order not found"}, Outcome.DEAD, "Order not found"),
        (401, {"message": "expired"}, Outcome.AUTH, "expired"),
        (429, {}, Outcome.WAIT, "429"),
        (500, {"message": "Contact support with reference 1-2"}, Outcome.WAIT, "reference 1-2"),
    ],
)
def test_each_answer_means_one_thing(status: int, body: Any, outcome: Outcome, words: str) -> None:
    verdict = judged(status, body)
    assert verdict.outcome is outcome
    assert words in verdict.sentence


@pytest.mark.parametrize(("sent", "outcome"), [(True, Outcome.AMBIG), (False, Outcome.WAIT)])
def test_silence_is_ambiguous_only_after_sending(sent: bool, outcome: Outcome) -> None:  # noqa: FBT001 -- a table
    assert translate.verdict(FACTS, REQUEST, NoAnswer("gone", sent=sent), PROFILE).outcome is outcome


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ({"id": ORDER, "fulfillments": [{}, 5, made()]}, True),
        ({"id": "another", "fulfillments": [made()]}, False),
        ({"id": ORDER, "fulfillments": [made(channelFulfillmentId="another")]}, False),
        ({"id": ORDER, "fulfillments": None}, False),
        (None, False),
    ],
)
def test_what_is_read_back_counts_only_for_this_order_and_this_key(order: Any, found: bool) -> None:  # noqa: FBT001
    assert (translate.found_in(order, REQUEST) is not None) is found


@pytest.mark.parametrize(
    ("detail", "left"),
    [
        ({"attachments": [{"fileName": "a", "path": "p/a"}]}, ["b"]),
        ({"attachments": [{"fileName": "a", "path": "p/other"}]}, ["a", "b"]),
        ({"attachments": [{"fileName": "a", "path": "p/a"}, {"fileName": "b", "path": "p/b"}]}, None),
        ({}, ["a", "b"]),
    ],
)
def test_only_files_that_are_not_attached_yet_are_sent(detail: Any, left: list[str] | None) -> None:
    body = {"attachments": [{"fileName": name, "path": f"p/{name}", "type": "OTHER"} for name in ("a", "b")]}
    found = attachments.not_yet_there(json.dumps(body), detail)
    assert (None if found is None else [each["fileName"] for each in json.loads(found)["attachments"]]) == left
