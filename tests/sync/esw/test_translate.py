"""Which call tells ESW of a fact, and what it says; each body is held to the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Missing, NotNeeded
from sync.dialects.esw import translate
from sync.dialects.esw.capabilities import EswHq, accepts
from tests.sync.esw.orders import (
    AT,
    HEAD,
    SSCC,
    completed,
    opened,
    order,
    promised,
    sealed,
    settings,
    shipment,
    stock,
    store,
)
from tests.sync.plain_known import PlainKnown
from web.contract import Contract

CONFIRMED = {
    **HEAD,
    "eswOrderReference": "ESW-O-F-1",
    "threePlRequest": "3PL-O-F-1",
    "confirmedAt": AT,
    "items": [
        {"lineItemId": 1, "sku": "SKU-1", "quantityRequested": 2, "quantityConfirmed": 2, "status": "Success"},
        {
            "lineItemId": 2,
            "sku": "ESW-SKU-2",
            "quantityRequested": 4,
            "quantityConfirmed": 1,
            "status": "Failed",
            "reason": "Not found at its location",
        },
    ],
}
PARCEL = {
    "packageReference": SSCC,
    "carrierScac": "UPSN",
    "weight": {"weight": 1.0004, "weightUnit": "KG"},
    "items": [
        {"lineItemId": 1, "sku": "SKU-1", "quantity": 2},
        {"lineItemId": 2, "sku": "ESW-SKU-2", "quantity": 1},
    ],
}
NOTICE = {**HEAD, "eswOrderReference": "ESW-O-F-1", "shippedAt": AT, "packages": [PARCEL]}
EVENT = {
    "tenantCode": "GOCAS",
    "eswOrderReference": "ESW-O-F-1",
    "eventId": str(UUID(int=1)),
    "eventType": "Shipped",
    "occurredAt": AT,
    "payload": {"kind": "shipment.requested", "packages": [SSCC]},
}


def told(fact: e.Fact, known: PlainKnown | None = None, hq: EswHq | None = None) -> tuple[str, Any]:
    """Path and body of the one request that tells of a fact, after a look into the contract."""
    made = translate.request_for([promised(fact)], known or store(), hq or settings())
    assert isinstance(made, NewRequest), made
    operation = Contract.load("esw").operation(made.method, made.path)
    assert operation is not None
    assert operation.check_request({}, {"Content-Type": "application/json"}, made.body.encode()) == []
    return made.path, json.loads(made.body)


def untold(fact: e.Fact, known: PlainKnown | None = None, hq: EswHq | None = None) -> Missing | NotNeeded:
    made = translate.request_for([promised(fact)], known or store(), hq or settings())
    assert not isinstance(made, NewRequest), made
    return made


@pytest.mark.parametrize(
    ("fact", "path", "body"),
    [
        (opened(), "/v1/PickPack/Confirm", CONFIRMED),
        (sealed(), "/v1/PickPack/AdvancedShippingNotice", NOTICE),
        (shipment(), "/v1/Events/OrderEvent", EVENT),
        (stock("7"), "/v1/Inventory/Sync",
         {**HEAD, "items": [{"sku": "SKU-1", "articleStatus": "Active", "quantity": 7}]}),
        (stock("0", status="quarantine", sku="SKU-2"), "/v1/Inventory/Sync",
         {**HEAD, "items": [{"sku": "ESW-SKU-2", "articleStatus": "Quarantine", "quantity": 0}]}),
    ],
)  # fmt: skip
def test_each_fact_is_told_by_its_own_call(fact: e.Fact, path: str, body: Any) -> None:
    assert told(fact) == (path, body)


def test_a_number_for_the_parcels_way_is_its_tracking_number() -> None:
    number = e.UsedNumber(kind="parcel", block_id="b", number=7, text="PC-0007")
    other = e.UsedNumber(kind="package", block_id="b", number=8, text="PK-0008")
    (parcel,) = told(sealed(other, number))[1]["packages"]
    assert parcel["trackingNumber"] == "PC-0007"


def test_an_order_without_a_carrier_is_told_without_one() -> None:
    (parcel,) = told(sealed(), store(order(hint=None)))[1]["packages"]
    assert "carrierScac" not in parcel


@pytest.mark.parametrize(
    ("unit", "size", "weight", "dimensions"),
    [
        ("KG", "CM", "1.0004", {"dimLength": "30", "dimWidth": "20.5", "dimHeight": "9.9"}),
        ("LB", "INCH", "2.205504", {"dimLength": "11.81", "dimWidth": "8.07", "dimHeight": "3.9"}),
    ],
)
def test_units_are_those_of_the_profile_digit_for_digit(
    unit: str, size: str, weight: str, dimensions: Mapping[str, str]
) -> None:
    profile = {"weight_unit": unit, "dimension_unit": size, "carton_mm": [300, 205, 99]}
    made = translate.request_for([promised(sealed())], store(), settings(profile=profile))
    assert isinstance(made, NewRequest)
    (parcel,) = json.loads(made.body, parse_float=Decimal, parse_int=str)["packages"]
    assert (str(parcel["weight"]["weight"]), parcel["weight"]["weightUnit"]) == (weight, unit)
    assert {name: str(value) for name, value in parcel["dimensions"].items()} == {
        **dimensions,
        "dimMeasurementUnit": size,
    }


@given(st.integers(min_value=1, max_value=10**12))
def test_no_milligram_is_lost_on_the_way(weight_mg: int) -> None:
    assert int(translate.weight(weight_mg, "KG").scaleb(6)) == weight_mg
    assert round(translate.weight(weight_mg, "LB") * translate.MG_PER_LB) == weight_mg


@pytest.mark.parametrize(
    ("fact", "gone", "sentence"),
    [
        (opened(), ("order", "F-1"), "eswOrderReference of order O-F-1 is not known here.*--ref order:F-1=ESWS"),
        (opened(), ("three_pl_request", "F-1"), "threePlRequest of order O-F-1 .*--ref three_pl_request:F-1=ESWS"),
        (opened(), ("line", "F-1/F-1-L2"), "lineItemId of line F-1-L2 of order O-F-1 .*--ref line:F-1/F-1-L2=ESWS"),
        (sealed(), ("order", "F-1"), "eswOrderReference of order O-F-1"),
        (sealed(), ("line", "F-1/F-1-L1"), "lineItemId of line F-1-L1"),
        (shipment(), ("order", "F-1"), "eswOrderReference of order O-F-1"),
    ],
)
def test_what_is_missing_is_named_with_the_way_to_tell_it(fact: e.Fact, gone: tuple[str, str], sentence: str) -> None:
    known = store()
    refs = {key: ref for key, ref in known.refs.items() if key != gone}
    missing = untold(fact, store(refs=refs))
    assert isinstance(missing, Missing)
    assert re.search(sentence, missing.sentence), missing.sentence


@pytest.mark.parametrize(
    ("fact", "known", "sentence"),
    [
        (sealed(), store(order(hint="Speedy Express")), "SCAC of carrier 'Speedy Express' of order O-F-1"),
        (sealed(), store(packages={}), "What is in package PK-1 is not known here"),
        (opened("F-9"), store(), "Order F-9 is not in this store"),
        (opened(), store(order("F-1", ("SKU-1", "0.5", "0.5"))), "whole units, and 0.5 of SKU-1 are none"),
        (stock("1.5"), store(), "whole units, and 1.5 of SKU-1 are none"),
    ],
)
def test_what_esw_cannot_be_told_is_a_sentence_for_a_person(fact: e.Fact, known: PlainKnown, sentence: str) -> None:
    missing = untold(fact, known)
    assert isinstance(missing, Missing)
    assert sentence in missing.sentence


def test_an_order_of_which_nothing_was_found_is_confirmed_as_failed_when_its_list_is_through() -> None:
    known = store(order("F-1", ("SKU-1", "2", "2")), order("F-2", ("SKU-1", "3", "0")))
    path, body = told(completed(("F-1", "F-1-L1", "2"), ("F-2", "F-2-L1", "0")), known)
    assert (path, body["eswOrderReference"]) == ("/v1/PickPack/Confirm", "ESW-O-F-2")
    assert [(item["quantityConfirmed"], item["status"]) for item in body["items"]] == [(0, "Failed")]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([("F-1", "F-1-L1", "2"), ("F-1", "F-1-L2", "1")], "when packing begins"),
        ([("F-2", "F-2-L1", "0")], "when packing begins"),
        ([("F-3", "F-3-L1", "0"), ("F-4", "F-4-L1", "0")], "Nothing was picked for 2 orders of PL-1.*: O-F-3, O-F-4"),
    ],
    ids=["something was picked", "the rest is on another list", "two orders at once"],
)
def test_any_other_end_of_a_list_is_not_told(lines: list[tuple[str, str, str]], sentence: str) -> None:
    split = order("F-2", ("SKU-1", "3", "0"), ("SKU-2", "1", "0"))
    empty = [order(ident, ("SKU-1", "3", "0")) for ident in ("F-3", "F-4")]
    known = store(order(), split, *empty)
    left = untold(completed(*lines), known)
    assert isinstance(left, NotNeeded)
    assert re.search(sentence, left.sentence)


# --- events -----------------------------------------------------------------------------------------------------

EVENTS = {"pick.counted": "ItemPicked", "picklist.completed": "Picked", "pick.undone": "ItemPutBack"}
COUNTED = e.PickCounted(
    picklist_id="PL-1", task_id="T", count_id="c", location_id="A", sku="SKU-1", qty=Decimal(2), picked=Decimal(2),
    status="done",
)  # fmt: skip
UNDONE = e.PickUndone(
    picklist_id="PL-1", task_id="T", count_id="c", undo_id="u", qty=Decimal(2), picked=Decimal(0), status="open"
)


@pytest.mark.parametrize(
    ("fact", "event_type", "details"),
    [
        (COUNTED, "ItemPicked", {"sku": "SKU-1", "quantity": "2"}),
        (UNDONE, "ItemPutBack", {"quantity": "2"}),
        (completed(("F-1", "F-1-L1", "2")), "Picked", {}),
    ],
)
def test_a_fact_of_a_list_is_told_as_the_event_that_the_profile_names(
    fact: e.Fact, event_type: str, details: dict[str, str]
) -> None:
    hq = settings(profile={"event_types": EVENTS})
    path, body = told(fact, store(lists={"PL-1": ("F-1",)}), hq)
    assert (path, body["eventType"]) == ("/v1/Events/OrderEvent", event_type)
    assert body["payload"] == {"kind": fact.kind, **details}


def test_of_a_list_with_several_orders_no_event_is_told() -> None:
    hq = settings(profile={"event_types": EVENTS})
    left = untold(COUNTED, store(lists={"PL-1": ("F-1", "F-2")}), hq)
    assert left == NotNeeded("PL-1 holds 2 orders, and an OrderEvent is about one.")


def test_every_kind_that_may_be_promised_can_be_put_into_a_request() -> None:
    short = e.PickShort(
        picklist_id="PL-1", task_id="T", count_id="c", location_id="A", sku="SKU-1", qty=Decimal(1), reason="r",
        status="short",
    )  # fmt: skip
    packed = e.PackagePacked(fulfillment_id="F-1", package_id="PK-1", weight_mg=1, sscc=SSCC, items=())
    of_list = {"picklist_id": "PL-1", "worker_id": "ana", "workplace": "pick"}
    facts = [
        opened(), sealed(), shipment(), stock("1"), completed(("F-1", "F-1-L1", "2")), COUNTED, UNDONE, short, packed,
        e.PicklistAssigned(**of_list), e.PicklistStarted(**of_list),
    ]  # fmt: skip
    own = {"pack.opened", "package.sealed", "stock.counted"}
    kinds = {fact.kind: "Some" for fact in facts if fact.kind not in own}
    hq = settings(counts_for_site=True, profile={"event_types": kinds})
    assert {fact.kind for fact in facts} == accepts(hq)
    for fact in facts:
        told(fact, store(lists={"PL-1": ("F-1",)}), hq)


# --- counts -----------------------------------------------------------------------------------------------------


def test_all_waiting_counts_of_a_product_go_as_one_that_says_the_newest() -> None:
    facts = [promised(stock(qty), seq) for seq, qty in enumerate(("9", "8", "5"), 1)]
    assert translate.take(facts, settings()) == 3
    made = translate.request_for(facts, store(), settings())
    assert isinstance(made, NewRequest)
    assert [item["quantity"] for item in json.loads(made.body)["items"]] == [5]


@pytest.mark.parametrize(
    ("counts", "taken", "says"),
    [
        ([("9", None), ("1", "A-1")], 1, 9),
        ([("1", "A-1"), ("9", None), ("2", "A-1")], 2, 9),
        ([("1", "A-1"), ("2", "A-2")], 2, None),
    ],
)
def test_the_count_of_one_location_is_never_told_as_that_of_the_centre(
    counts: list[tuple[str, str | None]], taken: int, says: int | None
) -> None:
    facts = [promised(stock(qty, location), seq) for seq, (qty, location) in enumerate(counts, 1)]
    assert translate.take(facts, settings()) == taken
    made = translate.request_for(facts[:taken], store(), settings())
    if says is None:
        assert made == NotNeeded("ESW is told the stock of the whole centre, and this is the count of A-2.")
    else:
        assert isinstance(made, NewRequest)
        assert json.loads(made.body)["items"][0]["quantity"] == says


def test_where_each_product_has_one_location_its_count_is_that_of_the_centre() -> None:
    hq = settings(profile={"location_is_centre": True})
    facts = [promised(stock("9"), 1), promised(stock("3", "A-1"), 2)]
    assert translate.take(facts, hq) == 2
    assert told(stock("3", "A-1"), hq=hq)[1]["items"][0]["quantity"] == 3


def test_a_count_that_is_in_a_request_already_is_not_put_into_another() -> None:
    facts = [promised(stock("9"), 1), promised(stock("8"), 2, request_id=7)]
    assert translate.take(facts, settings()) == 1


# --- names ------------------------------------------------------------------------------------------------------


def test_members_go_under_the_names_of_the_profile_and_an_empty_name_leaves_one_out() -> None:
    names = {"eswOrderReference": "orderRef", "reason": "", "packages": "parcels"}
    hq = settings(profile={"names": names})
    made = translate.request_for([promised(opened())], store(), hq)
    event = translate.request_for([promised(shipment())], store(), hq)
    assert isinstance(made, NewRequest)
    assert isinstance(event, NewRequest)
    body = json.loads(made.body)
    assert body["orderRef"] == "ESW-O-F-1"
    assert "eswOrderReference" not in body
    assert [item for item in body["items"] if "reason" in item] == []
    assert json.loads(event.body)["payload"] == EVENT["payload"], "what an event holds is not the API's"
