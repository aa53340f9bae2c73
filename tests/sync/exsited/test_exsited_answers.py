"""What answers of Exsited mean: only a record of ours with just what was sent is success."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Answer, Learned, NoAnswer, Outcome, Reply, Verdict
from sync.dialects.exsited import answers
from sync.dialects.exsited.translate import record_id, request_for
from tests.sync.exsited.facts import (
    EVENT,
    ITEM,
    LINE,
    OTHER_LINE,
    came,
    fixed,
    known,
    profile,
    promised,
    received,
    returned,
    shipment,
)

FF, IR = record_id("FF", EVENT, profile()), record_id("IR", EVENT, profile())
LINES = [{"item_uuid": ITEM, "fulfillment_quantity": "2.000000", "uuid": LINE}]
RECORD = {"id": FF, "invoice_id": "INV-O-1", "fulfillments": LINES}


def judged(reply: Reply, fact: e.Fact | None = None, *, again: bool = False) -> Verdict:
    facts = [promised(fact or shipment())]
    new = request_for(facts, known(), profile())
    assert isinstance(new, NewRequest)
    return answers.verdict(facts, fixed(new), reply, again=again)


def lines(**changed: Any) -> list[dict[str, Any]]:
    return [{**LINES[0], **changed}]


@pytest.mark.parametrize(
    "body",
    [
        {"item_fulfillment": RECORD},
        {"item_fulfillments": RECORD},
        {"item-fulfillments": RECORD},
        {"invoice": {"item_fulfillment": RECORD}},
        {"item_fulfillment": {**RECORD, "fulfillments": lines(fulfillment_quantity=2)}},
        {"item_fulfillment": {**RECORD, "fulfillments": lines(uuid=LINE.upper())}},
        {"item_fulfillment": {**RECORD, "fulfillments": lines(uuid="another-of-their-own")}},
    ],
)
def test_a_record_under_our_id_with_our_lines_is_success_whatever_wraps_it(body: Any) -> None:
    verdict = judged(Answer(201, body))
    assert (verdict.outcome, verdict.learned) == (Outcome.OK, (Learned("shipment", "F1", FF),))
    assert judged(Answer(200, body), again=True).outcome is Outcome.DUP


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        [],
        "ok",
        {"item_fulfillment": None},
        {"item_fulfillment": {**RECORD, "id": "FF-OTHER"}},
        {"item_fulfillment": {**RECORD, "fulfillments": []}},
        {"item_fulfillment": {"id": FF}},
        {"item_fulfillment": {"fulfillments": LINES}},
        {"item_receipt": {"id": IR, "receipts": []}},
    ],
)
def test_an_answer_that_is_not_about_what_was_sent_is_never_success(body: Any) -> None:
    assert judged(Answer(200, body)).outcome is Outcome.AMBIG


@pytest.mark.parametrize("changed", [{"fulfillment_quantity": "3.000000"}, {"uuid": "x", "item_uuid": "y"}])
def test_our_id_with_other_lines_is_for_a_person(changed: dict[str, Any]) -> None:
    verdict = judged(Answer(200, {"item_fulfillment": {**RECORD, "fulfillments": lines(**changed)}}), again=True)
    assert verdict.outcome is Outcome.DEAD
    assert FF in verdict.sentence
    assert "Compare both by hand" in verdict.sentence


def test_a_quantity_that_is_none_equals_nothing() -> None:
    body = {"item_fulfillment": {**RECORD, "fulfillments": lines(fulfillment_quantity="two")}}
    assert judged(Answer(200, body)).outcome is Outcome.DEAD


def test_a_receipt_and_a_return_are_known_by_their_lines() -> None:
    receipt = {"id": IR, "receipts": [{"line_uuid": OTHER_LINE, "receipt_quantity": "1.000000", "item_id": "SKU-1"}]}
    assert judged(Answer(201, {"item_receipt": receipt}), received(came("p1", "12"))).outcome is Outcome.OK
    assert judged(Answer(201, {"item_receipt": receipt}), received(came("p1", "24"))).outcome is Outcome.DEAD
    back = {"id": "RR-1", "receive_returns": [{"uuid": LINE, "rma_receive_quantity": "1.000000"}]}
    body = {"receive_return_merchandise_authorisation": back}
    assert judged(Answer(201, body), returned(came("r1", "1"))).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Answer(400, {"errors": [{"code": 400, "message": "No."}]}), Outcome.DEAD),
        (Answer(403, None), Outcome.DEAD),
        (Answer(404, None), Outcome.DEAD),
        (Answer(405, None), Outcome.DEAD),
        (Answer(401, None), Outcome.AUTH),
        (Answer(429, None), Outcome.WAIT),
        (Answer(500, None), Outcome.WAIT),
        (Answer(504, None), Outcome.WAIT),
        (Answer(200, {"errors": [{"code": 400, "message": "No."}]}), Outcome.DEAD),
        (Answer(200, {"errors": [{"code": "503", "message": "Later."}]}), Outcome.WAIT),
        (Answer(200, {"errors": [{"code": 401, "message": "Who?"}]}), Outcome.AUTH),
        (NoAnswer("Nothing came.", sent=True), Outcome.AMBIG),
        (NoAnswer("Nobody there.", sent=False), Outcome.WAIT),
    ],
)
def test_a_refusal_is_final_only_where_a_repeat_would_bring_the_same(reply: Reply, outcome: Outcome) -> None:
    assert judged(reply).outcome is outcome


def test_a_person_reads_hqs_own_words() -> None:
    body = {"errors": [{"code": 400, "message": "date: is not a day"}, {"code": 400, "message": "id: too\nlong"}]}
    assert answers.said(400, body) == "HQ answered 400: date: is not a day id: too long"
    assert answers.said(403, "<html>") == 'HQ answered 403: "<html>"'


@pytest.mark.parametrize(
    ("reply", "lost"),
    [
        (Answer(401, None), True),
        (NoAnswer("A redirect.", sent=True, status=302), True),
        (Answer(400, {"errors": [{"code": 401, "message": "expired"}]}), True),
        (Answer(200, {"errors": [{"code": 401, "message": "expired"}]}), True),
        (NoAnswer("A redirect.", sent=True, status=307), False),
        (Answer(400, {"errors": [{"code": 400, "message": "no"}]}), False),
        (Answer(200, {"errors": "none"}), False),
    ],
)
def test_a_lost_session_shows_in_three_ways(reply: Reply, lost: bool) -> None:  # noqa: FBT001 -- a table
    assert answers.is_lost_session(reply) is lost


def listed(*rows: dict[str, Any]) -> Any:
    return {"invoice": {"item_fulfillments": [{"fulfillments": [row]} for row in rows], "pagination": {}}}


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([], False),
        ([{"uuid": LINE, "item_uuid": ITEM, "fulfillment_left": "2.000000"}], False),
        ([{"uuid": LINE, "item_uuid": ITEM, "fulfillment_left": "1.000000"}], True),
        ([{"uuid": "their-own", "item_uuid": ITEM.upper(), "fulfillment_left": 1}], True),
        ([{"uuid": LINE, "fulfillment_left": left} for left in ("3.000000", "0.000000", "2.000000")], True),
        ([{"uuid": "another", "item_uuid": "another", "fulfillment_left": "0.000000"}], False),
        ([{"uuid": LINE, "fulfillment_left": "unknown"}], False),
    ],
)
def test_what_hq_says_is_left_guards_against_too_much(rows: list[Any], refused: bool) -> None:  # noqa: FBT001
    verdict = judged(Answer(200, listed(*rows)))
    assert (verdict.outcome is Outcome.DEAD and "another fulfillment was recorded" in verdict.sentence) is refused
    assert verdict.outcome in {Outcome.DEAD, Outcome.AMBIG}


def test_what_came_back_is_found_among_the_receipts_of_a_return_by_its_contents() -> None:
    new = request_for([promised(returned(came("r1", "1")))], known(), profile())
    assert isinstance(new, NewRequest)
    rows = [{"receive_returns": [{"uuid": LINE, "rma_receive_quantity": qty}]} for qty in ("2.000000", "1.000000")]
    assert answers.received_already(fixed(new), rows) == rows[1]
    assert answers.received_already(fixed(new), rows[:1]) is None
    assert json.loads(new.body)
