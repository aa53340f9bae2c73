"""Each fact of the floor as a request to an HQ of seed 001, and what HQ's answers mean."""

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
from tests.sync.plain_known import PlainKnown
from tests.sync.station import START_MS, assigned, completed, counted, packing, short, started, undone

NOT_DELIVERABLE = frozenset({"code.linked", "code.unlinked"})
"""Kinds that HQ should learn and seed 001 has no call for."""
AT = At("st-1", "wh_1")

OPENED, PACKED, SEALED, SHIPMENT = packing("F1")
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


HERE = PlainKnown(refs={("package", "F1-P1"): "pkg_9"}, parties={"to:F1": {"name": "Ann", "city": "Reims"}})
"""A store that knows one package and one receiver."""


def promised(*facts: e.Fact, actor: str = "ana") -> list[Promised]:
    return [
        Promised(seq, fact.entity, fact, START_MS, actor, None, seq.to_bytes(16)) for seq, fact in enumerate(facts, 1)
    ]


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
    "stock.counted": (
        e.StockCounted(sku="SKU-1", location_id="A-1", qty=Decimal(12)),
        "/edge/counts",
        {
            "count_id": COUNT_ID,
            "counted_at": "2025-09-01T08:00:00.000Z",
            "lines": [{"location_id": "A-1", "qty": 12, "sku": "SKU-1"}],
        },
    ),
}

ANSWERS: dict[str, Any] = {
    "picklist.assigned": {"picklist_id": "P/1"},
    "picklist.started": {"id": "P1", "status": "in_progress"},
    "pick.counted": {"results": [{"scan_id": "c1", "outcome": "accepted"}]},
    "pick.undone": {"results": [{"adjustment_id": "u1", "outcome": "accepted"}]},
    "pick.short": {"results": [{"outcome": "accepted"}]},
    "picklist.completed": {"picklist_id": "P1", "pick_confirmation_id": "theirs"},
    "pack.opened": {"session_id": "s"},
    "package.packed": {"packages": [{"package_id": "pkg_9", "client_package_id": "F1-P1"}]},
    "package.sealed": {"package_id": "pkg_9", "sealed": True},
    "shipment.requested": {"shipment_id": "sh_1", "fulfillment_id": "F1"},
    "return.received": {"id": "R/1", "status": "received"},
    "return.inspected": {"id": "R1", "status": "inspected"},
    "return.completed": {"return_id": "R1"},
    "receipt.recorded": {"receipt_id": "rec-1"},
    "stock.counted": {"count_id": COUNT_ID},
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
