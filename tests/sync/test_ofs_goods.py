"""Goods in, back and counted, work of other HQs, metadata, and jobs: as requests to an HQ of seed 001."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from local_store.domain import events as e
from local_store.outbox import FixedRequest, NewRequest
from sync.dialect import Answer, FulfillmentHere, Learned, LineHere, Missing, NotNeeded, Outcome, Verdict
from sync.dialects.ofs import translate
from sync.dialects.ofs.shaping import At
from tests.sync.plain_known import PlainKnown
from tests.sync.station import assigned, counted, packing
from tests.sync.test_ofs_translate import promised

AT = At("st-1", "wh_1")
OPENED, PACKED, SEALED, SHIPMENT = packing("F1")


def here(lane: str = "other", **metadata: Any) -> FulfillmentHere:
    line = LineHere("L1", "SKU-1", Decimal(2), Decimal(2), Decimal(2))
    return FulfillmentHere("F1", lane, "O-1", "wh_9", "to:F1", "DHL", None, metadata, (line,))


FOREIGN = PlainKnown(
    refs={
        ("fulfillment", "F1"): "ful_7",
        ("line", "F1/L1"): "line_7",
        ("package", "F1-P1"): "pkg_9",
    },
    parties={"to:F1": {"name": "Ann"}},
    fulfillments={"F1": here(note="theirs")},
    is_source=False,
)
"""F1 came from another HQ; this one has it as ful_7."""


def body_of(fact: e.Fact, known: PlainKnown) -> Any:
    request = translate.request_for(promised(fact), known, AT)
    assert isinstance(request, NewRequest), request
    return json.loads(request.body)


# --- returns, receipts, counts ----------------------------------------------------------------------------------


def test_what_was_not_announced_with_a_return_is_not_sent_under_a_made_up_line() -> None:
    line = e.ReceivedLine(sku="SKU-9", qty=Decimal(1))
    missing = translate.request_for(promised(e.ReturnReceived(return_id="R1", lines=(line,))), PlainKnown(), AT)
    assert isinstance(missing, Missing)
    assert "SKU-9 was not announced with return R1" in missing.sentence


def test_a_return_that_another_hq_announced_goes_by_this_hqs_id() -> None:
    known = PlainKnown(refs={("return", "R1"): "rtn_5"})
    request = translate.request_for(promised(e.ReturnCompleted(return_id="R1")), known, AT)
    assert isinstance(request, NewRequest)
    assert request.path == "/returns/rtn_5/complete"


def test_a_receipt_names_what_it_is_against_and_a_blind_one_nothing() -> None:
    line = (e.ReceivedLine(sku="SKU-1", qty=Decimal(1), line_id="L-4"),)
    blind = body_of(e.ReceiptRecorded(receipt_id="r", against="blind", lines=line), PlainKnown())
    assert blind["lines"] == [{"condition": "good", "qty": 1, "sku": "SKU-1"}]
    assert not {"receiving_asn_id", "purchase_order_number"} & blind.keys()
    order = e.ReceiptRecorded(receipt_id="r", against="purchase_order", inbound_id="PO-1", lines=line)
    assert body_of(order, PlainKnown(refs={("purchase_order", "PO-1"): "4711"}))["purchase_order_number"] == "4711"


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (e.StockCounted(sku="S", qty=Decimal(1)), "S was counted in the whole warehouse"),
        (
            e.CountSettled(count_task_id="c", by="count", location_id="A"),
            "The count of A was asked for at this station",
        ),
        (e.StockCounted(sku="S", location_id="A", qty=Decimal(1), article_status="quarantine"), "quarantine units"),
    ],
)
def test_a_count_that_hq_has_no_place_for_is_listed_and_not_sent(fact: e.Fact, why: str) -> None:
    told = translate.request_for(promised(fact), PlainKnown(), AT)
    assert isinstance(told, NotNeeded)
    assert why in told.sentence


@pytest.mark.parametrize(
    ("fact", "what"),
    [
        (e.StockCounted(sku="S", location_id="A", qty=Decimal(1)), "counts"),
        (
            e.ReceiptRecorded(receipt_id="r", against="blind", lines=(e.ReceivedLine(sku="S", qty=Decimal(1)),)),
            "receipts",
        ),
    ],
)
def test_an_hq_without_our_extension_is_told_apart_in_words(fact: e.Fact, what: str) -> None:
    verdict = judged(fact, Answer(404, {"error": {"message": "No such path."}}))
    assert verdict.outcome is Outcome.DEAD
    assert f"No such path. Seed 001 knows no {what}; only an HQ with our extension takes them." in verdict.sentence


# --- work of other HQs ------------------------------------------------------------------------------------------


def test_the_parcels_of_another_hqs_order_go_by_this_hqs_ids_and_lines() -> None:
    assert body_of(OPENED, FOREIGN) == {"worker_id": "ana", "fulfillment_id": "ful_7"}
    packed = body_of(PACKED, FOREIGN)
    assert packed["fulfillment_ids"] == ["ful_7"]
    assert packed["packages"][0]["items"] == [{"line_id": "line_7", "qty": 2}]
    assert "metadata" not in packed["packages"][0]
    assert body_of(SHIPMENT, FOREIGN) == {
        "fulfillment_id": "ful_7",
        "packages": [{"package_id": "pkg_9", "weight": 1234}],
        "reference": "O-1",
    }


def test_the_answer_about_another_hqs_order_is_kept_under_our_own_id() -> None:
    verdict = judged(SHIPMENT, Answer(201, {"shipment_id": "sh_1", "fulfillment_id": "ful_7"}), FOREIGN)
    assert verdict == Verdict(Outcome.OK, learned=(Learned("shipment", "F1", "sh_1"),))
    assert judged(OPENED, Answer(200, {"fulfillment_id": "F1"}), FOREIGN).outcome is Outcome.AMBIG


def test_an_order_that_this_hq_is_not_known_to_have_waits_with_a_sentence() -> None:
    known = PlainKnown(fulfillments={"F1": here()}, is_source=False)
    opened, packed, _sealed, shipment = packing("F1", "pick-F1")
    for fact in (opened, packed, shipment):
        missing = translate.request_for(promised(fact), known, AT)
        assert isinstance(missing, Missing)
        assert missing.sentence.startswith("HQ's fulfillment of order O-1 is not known here.")


def test_a_line_that_this_hq_is_not_known_to_have_waits_with_a_sentence() -> None:
    known = PlainKnown(refs={("fulfillment", "F1"): "ful_7"}, fulfillments={"F1": here()})
    missing = translate.request_for(promised(PACKED), known, AT)
    assert isinstance(missing, Missing)
    assert "HQ's line for L1 (SKU-1) of F1 is not known here" in missing.sentence


def test_picking_on_another_hqs_list_is_not_told_and_holds_nothing_up() -> None:
    for fact in (assigned("pick-F1"), counted("pick-F1", "c1")):
        assert isinstance(translate.request_for(promised(fact), FOREIGN, AT), NotNeeded)
    not_found_yet = PlainKnown(fulfillments={"F1": here()})
    assert isinstance(translate.request_for(promised(assigned("pick-F1")), not_found_yet, AT), NotNeeded)
    assert isinstance(translate.request_for(promised(assigned("pick-F2")), not_found_yet, AT), NewRequest)


def test_a_copy_of_the_hq_that_gave_the_work_is_told_all_of_it_under_the_same_ids() -> None:
    copy = PlainKnown(fulfillments={"F1": here()}, is_source=False)
    assert isinstance(translate.request_for(promised(assigned("P1")), copy, AT), NewRequest)
    assert body_of(OPENED, copy)["fulfillment_id"] == "F1"


# --- metadata ---------------------------------------------------------------------------------------------------


def test_metadata_of_an_order_goes_with_its_packages_and_shipments_as_hq_gave_it() -> None:
    metadata = {"customs": {"hs_code": "0902.30"}, "vip": True, "n": [1, None]}
    own = PlainKnown(refs={("package", "F1-P1"): "pkg_9"}, fulfillments={"F1": here("main", **metadata)})
    assert body_of(PACKED, own)["packages"][0]["metadata"] == metadata
    assert body_of(SHIPMENT, own)["metadata"] == metadata


# --- jobs -------------------------------------------------------------------------------------------------------


def job(status: str, *results: dict[str, Any], **more: Any) -> Answer:
    return Answer(202, {"job_id": "job_1", "status": status, "results": list(results), **more})


def test_a_202_is_no_success_before_its_job_ended_well() -> None:
    fact = e.ReturnCompleted(return_id="R1")
    assert judged(fact, Answer(202, {"job_id": "job_1"})).outcome is Outcome.WAIT
    waits = judged(fact, job("running"))
    assert (waits.outcome, waits.sentence) == (Outcome.WAIT, "HQ still works on it as job job_1 (running).")
    assert judged(fact, job("completed", {"ok": True, "id": "R1"})).outcome is Outcome.OK
    assert judged(fact, job("completed", {"ok": True, "id": "R2"})).outcome is Outcome.AMBIG
    assert judged(fact, job("completed")).outcome is Outcome.AMBIG
    assert judged(fact, Answer(202, {})).outcome is Outcome.AMBIG


def test_a_job_that_ended_badly_is_parked_with_hqs_words() -> None:
    fact = e.ReturnCompleted(return_id="R1")
    refused = {"ok": False, "error": {"code": "x", "message": "It is not inspected."}}
    for reply in (job("failed", refused), job("cancelled"), job("completed", refused, failed=1)):
        verdict = judged(fact, reply)
        assert verdict.outcome is Outcome.DEAD
        assert verdict.sentence.startswith("HQ's job job_1 ended as ")
    assert judged(fact, job("failed", refused)).sentence.endswith("It is not inspected.")


def judged(fact: e.Fact, reply: Answer, known: PlainKnown | None = None) -> Verdict:
    facts = promised(fact)
    request = translate.request_for(facts, known or PlainKnown(), AT)
    assert isinstance(request, NewRequest)
    fixed = FixedRequest(1, facts[0].entity, request.method, request.path, request.body, "key", 0, 0)
    return translate.verdict(facts, fixed, reply)
