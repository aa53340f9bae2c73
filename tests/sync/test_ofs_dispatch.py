"""Loading and dispatch as requests to an HQ of seed 001: what parks, what is learned, and what is no answer."""

from __future__ import annotations

from typing import Any

import pytest

from sync.dialect import Answer, Learned, Missing, Outcome
from sync.dialects.ofs import translate
from tests.sync.dispatch_requests import ANSWERS, REQUESTS
from tests.sync.plain_known import PlainKnown
from tests.sync.test_ofs_translate import AT, judged, promised


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [
        ("parcel.loaded", "HQ's id for the shipment of F1 is not known here"),
        ("manifest.closed", "HQ's id for the shipment of F1 is not known here"),
        ("notice.made", "HQ's id for the shipment of F1 is not known here"),
        ("manifest.dispatched", "HQ's id for manifest M/1 is not known here"),
    ],
)
def test_what_hq_was_not_told_before_is_named_and_nothing_is_sent_under_a_made_up_id(kind: str, lacks: str) -> None:
    missing = translate.request_for(promised(REQUESTS[kind][0]), PlainKnown(), AT)
    assert isinstance(missing, Missing)
    assert missing.sentence.startswith(lacks)


@pytest.mark.parametrize(
    ("kind", "learned"),
    [
        ("manifest.closed", Learned("manifest", "M/1", "man/7")),
        ("notice.made", Learned("notice", "ASN-1", "asn_1")),
        ("vendor.shipped", Learned("vendor_shipment", "vsh-1", "vsh_1")),
    ],
)
def test_hqs_own_ids_are_learned(kind: str, learned: Learned) -> None:
    assert judged(kind, Answer(201, ANSWERS[kind])).learned == (learned,)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("parcel.loaded", {}),
        ("parcel.loaded", {"carrier_tracking_number": ""}),
        ("manifest.closed", {"status": "draft"}),
        ("manifest.dispatched", {"id": "another"}),
        ("notice.made", {"asn_id": "x", "asn_reference": "ASN-9"}),
        ("vendor.shipped", {"id": "vsh_1", "vendor": "Somebody"}),
    ],
)
def test_an_answer_about_something_else_proves_nothing(kind: str, body: Any) -> None:
    assert judged(kind, Answer(200, body)).outcome is Outcome.AMBIG


def test_a_manifest_that_hq_has_as_submitted_was_submitted() -> None:
    said = {"error": {"code": "c", "message": "No.", "details": {"status": "submitted"}}}
    assert judged("manifest.dispatched", Answer(409, said)).outcome is Outcome.DUP
    said["error"]["details"] = {"status": "rejected"}
    assert judged("manifest.dispatched", Answer(409, said)).outcome is Outcome.DEAD
