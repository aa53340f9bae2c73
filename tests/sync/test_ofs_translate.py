"""Facts as requests to an HQ of seed 001, and its answers. One file: each kind of fact has its row in one table."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_store.domain import events as e
from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import Answer, Learned, Missing, NoAnswer, Outcome, Verdict
from sync.dialects.ofs import shaping, translate
from sync.dialects.ofs.capabilities import ACCEPTS
from sync.dialects.ofs.shaping import At
from tests.sync import dispatch_requests
from tests.sync.plain_known import PlainKnown
from tests.sync.station import START_MS, assigned, completed, counted, packing, short, started, undone

NOT_DELIVERABLE = frozenset(
    {
        *("code.linked", "code.unlinked", "pack.short"),
        *("kit.built", "kit.short", "kit.taken_apart", "stock.held", "stock.released"),
    }
)
"""Kinds that HQ should learn and seed 001 has no call for."""
AT = At("st-1", "wh_1")

OPENED, PACKED, SEALED, SHIPMENT = packing("F1")
VOIDED = e.PackageVoided(
    fulfillment_id="F1",
    package_id="F1-P1",
    sscc="306141410000000012",
    reason="a jar leaks",
    approved_by="eve",
    items=(),
)
TEA = e.ReceivedLine(line_id="7", sku="SKU-1", qty=Decimal(3), condition="damaged", serials=("S1",))
JAM = e.ReceivedLine(sku="SKU-3", qty=Decimal("0.5"), lot_id="L9", expires_on="2026-01-31")
COUNT_ID = "00000000-0000-0000-0000-000000000001"
SCAN = {
    "location_id": "A-1",
    "qty": 2,
    "scan_id": "c1",
    "sku": "SKU-1",
    "task_id": "P1-T1",
    "timestamp": "2025-09-01T08:00:00.000Z",
}


REFS = {
    ("package", "F1-P1"): "pkg_9",
    ("qc", "q1"): "qc_7",
    ("file", "a" * 64): "file_7",
    ("count", "T/1"): "T/1",
    ("task", "t1"): "task_7",
    **dispatch_requests.SENT,
}
HERE = PlainKnown(refs=REFS, parties={"to:F1": {"name": "Ann", "city": "Reims"}})
"""A store that knows one package, one receiver, one inspection and one photo."""


def promised(*facts: e.Fact, actor: str = "ana") -> list[Promised]:
    return [
        Promised(seq, fact.entity, fact, START_MS, actor, None, seq.to_bytes(16)) for seq, fact in enumerate(facts, 1)
    ]


OF_LINE = {"picklist_id": "P1", "fulfillment_id": "F1", "order_line_id": "L1", "sku": "SKU-1"}
REBINNED = e.PickRebinned(
    **OF_LINE,
    rebin_id="r1",
    task_id="P1-T1",
    location_id="S-1",
    qty=Decimal(1),
    picked=Decimal(1),
    line_picked=Decimal(1),
    reason="torn",
    parts=(e.RebinnedPart(count_id="c1", qty=Decimal(1), serials=("S1",)),),
)
REQUESTS: dict[str, tuple[e.Fact, str, Any]] = {
    "picklist.assigned": (assigned("P/1"), "/picklists/P%2F1/assign", {"device_id": "st-1", "worker_id": "ana"}),
    "picklist.started": (started("P1"), "/picklists/P1/start", {}),
    "pick.counted": (counted("P1", "c1", 2), "/picklists/P1/scan", [SCAN]),
    "pick.undone": (
        undone("P1", "u1", 2),
        "/picklists/P1/adjust",
        {"adjustments": [{"adjustment_id": "u1", "kind": "undo", "qty": 2, "task_id": "P1-T1"}]},
    ),
    "pick.short": (
        short("P1", "s1"),
        "/picklists/P1/adjust",
        {"adjustments": [{"adjustment_id": "s1", "kind": "short", "qty": 3, "reason": "empty", "task_id": "P1-T1"}]},
    ),
    "pick.substituted": (
        e.PickSubstituted(
            picklist_id="PL1",
            task_id="N2",
            of_task_id="T1",
            fulfillment_id="F1",
            order_line_id="L1",
            location_id="C-3",
            sku="SKU-2",
            qty=Decimal(2),
            for_sku="SKU-1",
            allowed_by="eve",
        ),
        "/picklists/PL1/adjust",
        {
            "adjustments": [
                {
                    "adjustment_id": "N2",
                    "task_id": "T1",
                    "kind": "substitute",
                    "qty": 2,
                    "location_id": "C-3",
                    "new_task_id": "N2",
                    "sku": "SKU-2",
                }
            ]
        },
    ),
    "pick.over": (
        e.PickOver(
            picklist_id="PL1",
            task_id="N3",
            of_task_id="T1",
            fulfillment_id="F1",
            order_line_id="L1",
            location_id="A-1",
            sku="SKU-1",
            qty=Decimal(1),
            reason="full box",
        ),
        "/picklists/PL1/adjust",
        {
            "adjustments": [
                {
                    "adjustment_id": "N3",
                    "task_id": "T1",
                    "kind": "over",
                    "qty": 1,
                    "location_id": "A-1",
                    "new_task_id": "N3",
                    "reason": "full box",
                }
            ]
        },
    ),
    "pick.replanned": (
        e.PickReplanned(**OF_LINE, task_id="N1", of_task_id="P1-T1", location_id="B-1", qty=Decimal(2)),
        "/picklists/P1/adjust",
        {
            "adjustments": [
                {
                    "adjustment_id": "N1",
                    "kind": "relocate",
                    "location_id": "B-1",
                    "new_task_id": "N1",
                    "qty": 2,
                    "task_id": "P1-T1",
                }
            ]
        },
    ),
    "pick.rebinned": (
        REBINNED,
        "/picklists/P1/rebin",
        {
            "rebins": [
                {
                    "rebin_id": "r1",
                    "task_id": "P1-T1",
                    "qty": 1,
                    "location_id": "S-1",
                    "reason": "torn",
                    "serials": ["S1"],
                }
            ]
        },
    ),
    "serials.assigned": (
        e.SerialsAssigned(**OF_LINE, serials=("S1", "S2")),
        "/serials/assign",
        {"fulfillment_id": "F1", "order_line_id": "L1", "serials": ["S1", "S2"]},
    ),
    "lot.consumed": (
        e.LotConsumed(**OF_LINE, lot_id="LOT-1", expires_on="2031-01-31", qty=Decimal(2)),
        "/lot/consume",
        {"fulfillment_id": "F1", "order_line_id": "L1", "lot_id": "LOT-1", "qty": 2},
    ),
    "picklist.completed": (completed("P1"), "/picklists/P1/complete", {"pick_confirmation_id": "pc-P1"}),
    "pack.opened": (
        OPENED,
        "/pack-stations/st-1/open-session",
        {"fulfillment_id": "F1", "worker_id": "ana"},
    ),
    "package.packed": (
        PACKED,
        "/pack-stations/st-1/pack",
        {
            "fulfillment_ids": ["F1"],
            "packages": [
                {
                    "items": [{"line_id": "L1", "qty": 2}],
                    "package_id": "F1-P1",
                    "sscc": "306141410000000012",
                    "weight": 1234,
                }
            ],
        },
    ),
    "package.sealed": (SEALED, "/pack-stations/st-1/seal", {"package_id": "pkg_9"}),
    "package.voided": (VOIDED, "/edge/packages/pkg_9/void", {"reason": "a jar leaks"}),
    "shipment.requested": (
        SHIPMENT,
        "/shipments",
        {
            "carrier_hint": "DHL",
            "from_warehouse_id": "wh_1",
            "fulfillment_id": "F1",
            "insurance": {"currency": "EUR", "value": 5},
            "packages": [{"package_id": "pkg_9", "weight": 1234}],
            "reference": "O-1",
            "to_address": {"city": "Reims", "name": "Ann"},
        },
    ),
    "return.received": (
        e.ReturnReceived(return_id="R/1", lines=(TEA,)),
        "/returns/R%2F1/receive",
        {
            "received_at": "2025-09-01T08:00:00.000Z",
            "received_lines": [{"condition": "damaged", "line_id": "7", "qty": 3, "serials": ["S1"]}],
        },
    ),
    "return.inspected": (
        e.ReturnInspected(return_id="R1", disposition="scrap", restockable_qty=Decimal(0), notes="wet"),
        "/returns/R1/inspect",
        {"disposition": "scrap", "restockable_qty": 0, "notes": "wet"},
    ),
    "qc.started": (
        e.QcStarted(qc_id="q1", subject="return", subject_id="R1", units=Decimal(1), of_units=Decimal(3)),
        "/qc/R1/start",
        {},
    ),
    "qc.recorded": (
        e.QcRecorded(
            qc_id="q1", check="weight", passed=True, units=Decimal(1), measurements={"g": "9"}, photos=("a" * 64,)
        ),
        "/qc/qc_7/record",
        {"measurements": {"check": "weight", "g": "9", "units": "1"}, "passed": True, "photos": ["file_7"]},
    ),
    "qc.resolved": (e.QcResolved(qc_id="q1", disposition="scrap"), "/qc/qc_7/resolve", {"disposition": "scrap"}),
    "return.created": (
        e.ReturnCreated(
            return_id="return_1",
            order_id="O-9",
            rma_reference="RMA-1",
            reason="damaged",
            expected_lines=(e.ExpectedBack(order_line_id="7", sku="SKU-1", qty=Decimal(1)),),
            return_method="ship",
            destination_warehouse_id="wh_1",
        ),
        "/returns",
        {
            "destination_warehouse_id": "wh_1",
            "expected_lines": [{"order_line_id": "7", "qty": 1, "sku": "SKU-1"}],
            "order_id": "O-9",
            "reason": "damaged",
            "return_method": "ship",
            "rma_reference": "RMA-1",
        },
    ),
    "return.surplus_received": (
        e.ReturnSurplus(return_id="R1", receipt_id="rec-2", lines=(JAM,)),
        "/edge/receipts",
        {
            "receipt_id": "rec-2",
            "warehouse_id": "wh_1",
            "received_at": "2025-09-01T08:00:00.000Z",
            "lines": [{"condition": "good", "expiry": "2026-01-31", "lot": "L9", "qty": "0.5", "sku": "SKU-3"}],
        },
    ),
    "return.ship_back_asked": (e.ReturnShipBackAsked(return_id="R1"), "/returns/R1/ship-back-to-supplier", {}),
    "return.completed": (e.ReturnCompleted(return_id="R1"), "/returns/R1/complete", {}),
    "receipt.recorded": (
        e.ReceiptRecorded(receipt_id="rec-1", against="asn", inbound_id="rasn-1", lines=(TEA, JAM)),
        "/edge/receipts",
        {
            "receipt_id": "rec-1",
            "receiving_asn_id": "rasn-1",
            "warehouse_id": "wh_1",
            "received_at": "2025-09-01T08:00:00.000Z",
            "lines": [
                {"PBlineId": 7, "condition": "damaged", "qty": 3, "serials": ["S1"], "sku": "SKU-1"},
                {"condition": "good", "expiry": "2026-01-31", "lot": "L9", "qty": "0.5", "sku": "SKU-3"},
            ],
        },
    ),
    "receipt.corrected": (
        e.ReceiptCorrected(
            correction_id="c1",
            receipt_id="rec-1",
            inbound_id="rasn-1",
            reason="miscounted",
            worker_id="ray",
            approved_by="eve",
            lines=(e.CorrectedLine(line=0, line_id="7", sku="SKU-1", change=Decimal(-2), condition="good"),),
        ),
        "/edge/receipt-corrections",
        {
            "correction_id": "c1",
            "receipt_id": "rec-1",
            "receiving_asn_id": "rasn-1",
            "reason": "miscounted",
            "approved_by": "eve",
            "lines": [{"PBlineId": 7, "change": -2, "condition": "good", "sku": "SKU-1"}],
        },
    ),
    "discrepancy.recorded": (
        e.DiscrepancyRecorded(
            discrepancy_id="d1", inbound_id="rasn-1", differs="rejected", sku="SKU-1", qty=Decimal(3), reason="wet"
        ),
        "/edge/discrepancies",
        {
            "discrepancy_id": "d1",
            "receiving_asn_id": "rasn-1",
            "differs": "rejected",
            "sku": "SKU-1",
            "qty": 3,
            "reason": "wet",
        },
    ),
    "put_away.recorded": (
        e.PutAwayRecorded(
            put_away_id="p1", workplace="put", location_id="A-1", lines=(e.MovedLine(sku="SKU-1", qty=Decimal(2)),)
        ),
        "/edge/put-aways",
        {"put_away_id": "p1", "lines": [{"location_id": "A-1", "qty": 2, "sku": "SKU-1"}]},
    ),
    "stock.moved": (
        e.StockMoved(
            move_id="m1",
            from_location_id="A-1",
            to_location_id="B-1",
            lines=(e.MovedLine(sku="SKU-1", qty=Decimal(2)),),
            reason="closer",
        ),
        "/edge/stock-moves",
        {
            "move_id": "m1",
            "from_location_id": "A-1",
            "to_location_id": "B-1",
            "sku": "SKU-1",
            "qty": 2,
            "reason": "closer",
        },
    ),
    "stock.counted": (
        e.StockCounted(sku="SKU-1", location_id="A-1", qty=Decimal(12)),
        "/edge/counts",
        {
            "count_id": COUNT_ID,
            "counted_at": "2025-09-01T08:00:00.000Z",
            "lines": [{"location_id": "A-1", "qty": 12, "sku": "SKU-1"}],
        },
    ),
    "count.settled": (
        e.CountSettled(count_task_id="T/1", by="count", location_id="A-1", counted_by="ana"),
        "/tasks/T%2F1/complete",
        {"result": {"by": "count", "counted_by": "ana", "location_id": "A-1"}},
    ),
    "wave.requested": (
        e.WaveRequested(wave_id="w1", warehouse_id="wh_1", fulfillment_ids=("F1", "F2"), priority="high", zone="B"),
        "/picklists",
        {"warehouse_id": "wh_1", "fulfillment_ids": ["F1", "F2"], "priority": "high", "picker_group": "B"},
    ),
    "task.created": (
        e.TaskCreated(task_id="t1", type="count", warehouse_id="wh_1", instructions="Count A-1.", subject="A-1"),
        "/tasks",
        {
            "type": "other",
            "warehouse_id": "wh_1",
            "instructions": "Count A-1.",
            "subject": "A-1",
            "priority": "normal",
        },
    ),
    "task.claimed": (
        e.TaskClaimed(task_id="t1", worker_id="ana"),
        "/tasks/task_7/claim",
        {"worker_id": "ana", "device_id": "st-1"},
    ),
    "task.completed": (
        e.TaskCompleted(task_id="t1", worker_id="ana", result={"found": "12"}),
        "/tasks/task_7/complete",
        {"result": {"found": "12"}},
    ),
    **dispatch_requests.REQUESTS,
    "device.registered": (
        e.DeviceRegistered(device_id="tc/1", device_kind="handheld", model="TC52"),
        "/devices/tc%2F1/register",
        {"kind": "handheld", "model": "TC52", "warehouse_id": "wh_1"},
    ),
}

ANSWERS: dict[str, Any] = {
    "picklist.assigned": {"picklist_id": "P/1"},
    "picklist.started": {"id": "P1", "status": "in_progress"},
    "pick.counted": {"results": [{"scan_id": "c1", "outcome": "accepted"}]},
    "pick.undone": {"results": [{"adjustment_id": "u1", "outcome": "accepted"}]},
    "pick.short": {"results": [{"outcome": "accepted"}]},
    "pick.substituted": {"results": [{"adjustment_id": "N2", "outcome": "accepted"}]},
    "pick.over": {"results": [{"adjustment_id": "N3", "outcome": "accepted"}]},
    "pick.replanned": {"results": [{"adjustment_id": "N1", "outcome": "accepted"}]},
    "pick.rebinned": {"results": [{"rebin_id": "r1", "outcome": "accepted"}]},
    "serials.assigned": {"order_line_id": "L1"},
    "lot.consumed": {},
    "picklist.completed": {"picklist_id": "P1", "pick_confirmation_id": "theirs"},
    "pack.opened": {"session_id": "s"},
    "package.packed": {"packages": [{"package_id": "pkg_9", "client_package_id": "F1-P1"}]},
    "package.sealed": {"package_id": "pkg_9", "sealed": True},
    "shipment.requested": {"shipment_id": "sh_1", "fulfillment_id": "F1"},
    "return.received": {"id": "R/1", "status": "received"},
    "qc.started": {"qc_id": "qc_7", "return_id": "R1"},
    "qc.recorded": {"qc_id": "qc_7"},
    "qc.resolved": {"qc_id": "qc_7"},
    "return.created": {"return_id": "rtn_1", "rma_reference": "RMA-1"},
    "return.surplus_received": {"receipt_id": "rec-2"},
    "return.ship_back_asked": {"fulfillment_id": "ful_1"},
    "return.inspected": {"id": "R1", "status": "inspected"},
    "return.completed": {"return_id": "R1"},
    "receipt.recorded": {"receipt_id": "rec-1"},
    "stock.counted": {"count_id": COUNT_ID},
    "count.settled": {"task_id": "T/1", "status": "done"},
    "wave.requested": {"picklist_id": "pick_9", "status": "draft"},
    "task.created": {"task_id": "task_7"},
    "task.claimed": {"task_id": "task_7"},
    "task.completed": {"task_id": "task_7", "status": "done"},
    **dispatch_requests.ANSWERS,
    "device.registered": {"device_id": "tc/1"},
    "receipt.corrected": {"correction_id": "c1"},
    "discrepancy.recorded": {"discrepancy_id": "d1"},
    "put_away.recorded": {"put_away_id": "p1"},
    "stock.moved": {"move_id": "m1"},
    "package.voided": {"fulfillment_id": "F1", "package_id": "pkg_9"},
}


def test_every_fact_hq_should_learn_is_carried_or_listed_as_not_deliverable() -> None:
    for_hq = {kind for kind, fact in e.KINDS.items() if fact.for_hq}
    assert set(ACCEPTS) == for_hq - NOT_DELIVERABLE
    assert set(REQUESTS) == set(ANSWERS) == set(ACCEPTS)


@pytest.mark.parametrize("kind", sorted(REQUESTS))
def test_each_kind_of_fact_has_its_request(kind: str) -> None:
    fact, path, body = REQUESTS[kind]
    request = translate.request_for(promised(fact), HERE, AT)
    assert isinstance(request, NewRequest)
    assert (request.method, request.path, json.loads(request.body)) == ("POST", path, body)


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_each_kind_of_fact_is_delivered_by_hqs_plain_answer(kind: str) -> None:
    assert judged(kind, Answer(200, ANSWERS[kind])).outcome is Outcome.OK


def test_serial_numbers_and_the_size_of_a_parcel_are_told_with_its_contents() -> None:
    fact, _path, _body = REQUESTS["package.packed"]
    assert isinstance(fact, e.PackagePacked)
    items = tuple(item.model_copy(update={"serials": ("S1", "S2")}) for item in fact.items)
    size = e.Dimensions(length_mm=300, width_mm=201, height_mm=1)
    request = translate.request_for(promised(fact.model_copy(update={"items": items, "dimensions": size})), HERE, AT)
    assert isinstance(request, NewRequest)
    (told,) = json.loads(request.body)["packages"]
    assert told["dims"] == {"l": 30, "w": 21, "h": 1}
    assert {tuple(item["serials"]) for item in told["items"]} == {("S1", "S2")}


def test_hqs_own_ids_of_packages_and_shipments_are_learned() -> None:
    assert judged("package.packed", Answer(200, ANSWERS["package.packed"])).learned == (
        Learned("package", "F1-P1", "pkg_9"),
    )
    assert judged("shipment.requested", Answer(201, ANSWERS["shipment.requested"])).learned == (
        Learned("shipment", "F1", "sh_1"),
    )


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        ("picklist.started", {"picklist_id": "P2"}, "HQ answered about picklist P2, and P1 was sent."),
        ("picklist.started", [], "HQ's answer to /picklists/P1/start: should be a valid dictionary"),
        ("pick.counted", {"results": []}, "HQ answered 0 results to 1 elements."),
        (
            "pick.counted",
            {"results": [{"scan_id": "c9", "outcome": "accepted"}]},
            "HQ answered about c9, and c1 was sent.",
        ),
        (
            "pick.counted",
            {"results": [{"scan_id": "c1", "outcome": "maybe"}]},
            "results.0.outcome: should be 'accepted' or 'refused', got \"maybe\"",
        ),
        ("package.packed", {"packages": []}, "packages: "),
        (
            "package.packed",
            {"packages": [{"package_id": "p", "client_package_id": "other"}]},
            "HQ answered about package other, and F1-P1 was sent.",
        ),
        ("package.sealed", {"package_id": "pkg_8"}, "HQ answered about package pkg_8, and pkg_9 was sent."),
        ("shipment.requested", {"shipment_id": "s", "fulfillment_id": "F2"}, "about fulfillment F2"),
        ("shipment.requested", {"fulfillment_id": "F1"}, "shipment_id: Field required"),
        ("return.received", {"id": "R2"}, "HQ answered about return R2, and R/1 was sent."),
        ("return.completed", {"status": "completed"}, "id: Field required"),
        ("receipt.recorded", {"receipt_id": "rec-2"}, "about receipt rec-2"),
        ("stock.counted", {"count_id": "x"}, "about count x"),
        ("count.settled", {"task_id": "x"}, "about task x"),
        ("task.claimed", {"task_id": "x"}, "HQ answered about task x, and task_7 was sent."),
        ("task.created", {"status": "open"}, "task_id: Field required"),
        ("wave.requested", {"status": "draft"}, "picklist_id: Field required"),
        ("device.registered", {"device_id": "tc-2"}, "about device tc-2"),
    ],
)
def test_an_answer_about_something_else_or_half_an_answer_is_no_success(kind: str, body: Any, sentence: str) -> None:
    verdict = judged(kind, Answer(200, body))
    assert verdict.outcome is Outcome.AMBIG
    assert sentence in verdict.sentence


@pytest.mark.parametrize(
    ("kind", "details", "outcome"),
    [
        ("picklist.started", {"status": "in_progress"}, Outcome.DUP),
        ("picklist.started", {"status": "cancelled"}, Outcome.DEAD),
        ("picklist.completed", {"status": "completed", "pick_confirmation_id": "pc-P1"}, Outcome.DUP),
        ("picklist.completed", {"status": "completed", "pick_confirmation_id": "somebody's"}, Outcome.DEAD),
        ("package.sealed", {"package_id": "pkg_9", "sealed": True}, Outcome.DUP),
        ("package.packed", {"package_id": "F1-P1", "sscc": "306141410000000012", "weight": 1234}, Outcome.DUP),
        ("package.packed", {"package_id": "F1-P1", "sscc": "306141410000000012", "weight": 9}, Outcome.DEAD),
        ("picklist.assigned", {"device_id": "st-2"}, Outcome.DEAD),
        ("return.completed", {"status": "completed"}, Outcome.DUP),
        ("return.completed", {"status": "received"}, Outcome.DEAD),
        ("count.settled", {"status": "done"}, Outcome.DUP),
        ("pick.counted", None, Outcome.DEAD),
    ],
)
def test_a_conflict_is_a_duplicate_only_where_hq_says_that_it_has_just_this(
    kind: str, details: Any, outcome: Outcome
) -> None:
    verdict = judged(kind, Answer(409, {"error": {"code": "c", "message": "No.", "details": details}}))
    assert verdict.outcome is outcome


def test_a_refused_element_is_named_with_hqs_reason_and_the_others_count() -> None:
    facts = promised(counted("P1", "c1"), counted("P1", "c2"))
    results = [
        {"scan_id": "c1", "outcome": "refused", "message": "Put it\nback."},
        {"scan_id": "c2", "outcome": "accepted"},
    ]
    verdict = translate.verdict(facts, fixed(facts), Answer(200, {"results": results}))
    assert verdict == Verdict(Outcome.OK, refused={1: "HQ refused this: Put it back."})


def test_counts_are_shared_only_by_one_picker_and_only_in_a_row() -> None:
    counts = promised(*(counted("P1", f"c{n}") for n in range(150)))
    assert translate.take(counts) == 100
    assert translate.take(promised(counted("P1", "c1"), counted("P1", "c2"), undone("P1", "u", 1))) == 2
    assert translate.take([*counts[:3], *promised(counted("P1", "c"), actor="ben")]) == 3
    assert translate.take(promised(undone("P1", "u", 1), counted("P1", "c1"))) == 1


def test_a_part_of_a_unit_goes_as_exact_text_and_whole_units_as_numbers() -> None:
    facts = promised(counted("P1", "c1", "0.5"), counted("P1", "c2", "3.000"))
    assert [scan["qty"] for scan in json.loads(fixed(facts).body)] == ["0.5", 3]


@pytest.mark.parametrize(("weight_mg", "grams"), [(1_500, 2), (2_500, 2), (2_501, 3), (499, 0), (1_000_000, 1000)])
def test_milligrams_become_grams_half_to_even(weight_mg: int, grams: int) -> None:
    assert shaping.grams(weight_mg) == grams


def test_a_package_without_hqs_id_makes_no_request_and_says_what_is_missing() -> None:
    for fact in packing("F2")[2:]:
        missing = translate.request_for(promised(fact), HERE, AT)
        assert isinstance(missing, Missing)
        assert "HQ's id for package F2-P1 of F2 is not known here" in missing.sentence


def test_without_an_address_hq_is_left_to_take_its_own() -> None:
    (shipment,) = [fact for fact in packing("F1") if isinstance(fact, e.ShipmentRequested)]
    erased = shipment.model_copy(update={"party_id": "to:nobody"})
    assert "to_address" not in json.loads(fixed(promised(erased)).body)


MEMBERS = ["results", "packages", "job_id", "status", "failed", "ok", "package_id", "picklist_id", "outcome", "id"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*MEMBERS, "error", "details", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=500)
@given(st.sampled_from(sorted(REQUESTS)), st.sampled_from([200, 201, 202, 204, 404, 409, 412, 422, 500]), JSON)
def test_nothing_hq_says_upsets_the_connector(kind: str, status: int, body: Any) -> None:
    verdict = judged(kind, Answer(status, body))
    assert verdict.outcome in Outcome
    assert len(verdict.sentence) <= 400
    assert verdict.sentence.isprintable()


def test_no_answer_keeps_its_own_sentence() -> None:
    assert judged("picklist.started", NoAnswer("It broke off.", sent=True)) == Verdict(Outcome.AMBIG, "It broke off.")


def judged(kind: str, reply: Answer | NoAnswer) -> Verdict:
    facts = promised(REQUESTS[kind][0])
    return translate.verdict(facts, fixed(facts), reply)


def fixed(facts: list[Promised]) -> FixedRequest:
    request = translate.request_for(facts, HERE, AT)
    assert isinstance(request, NewRequest)
    return FixedRequest(1, facts[0].entity, request.method, request.path, request.body, "key", 0, 0)
