"""What ESW's answers mean: success only when they are about what was sent."""

from __future__ import annotations

from typing import Any

import pytest

from local_store.outbox import NewRequest
from sync.auth import Token
from sync.dialect import Answer, NoAnswer, Outcome, Reply
from sync.dialects.esw import answers, translate
from tests.sync.esw.orders import SSCC, fixed, opened, promised, sealed, settings, shipment, stock, store

ORDER = {"eswOrderReference": "ESW-O-F-1"}
BOTH = {**ORDER, "threePlRequest": "3PL-O-F-1"}
PARCELS = {"packages": [{"packageReference": SSCC}]}
EVENT_ID = "00000000-0000-0000-0000-000000000001"
FACTS = {"Confirm": opened(), "Notice": sealed(), "Event": shipment(), "Sync": stock("7")}
PROBLEM = {
    "type": "https://httpstatuses.com/400",
    "title": "One or more validation errors occurred.",
    "status": 400,
    "errors": {"FulfillmentCentreId": ["The FulfillmentCentreId field is required."], "Items[0].Sku": ["a", "b"]},
    "traceId": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
}


def outcome(call: str, reply: Reply, **profile: Any) -> tuple[Outcome, str]:
    hq = settings(profile=profile)
    request = translate.request_for([promised(FACTS[call])], store(), hq)
    assert isinstance(request, NewRequest)
    verdict = answers.verdict(fixed(request), reply, hq.profile)
    return verdict.outcome, verdict.sentence


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("Confirm", {**BOTH, "outcome": "PickPackConfirmed"}),
        ("Confirm", {**ORDER, "outcome": "success"}),
        ("Notice", {**ORDER, **PARCELS, "outcome": "packagecreated"}),
        ("Notice", {**ORDER, "outcome": "PackageCreated"}),
        ("Event", {**ORDER, "eventId": EVENT_ID.upper(), "outcome": "EventAccepted"}),
        ("Sync", None),
        ("Sync", {}),
        ("Sync", {"outcome": "Success"}),
    ],
)
@pytest.mark.parametrize("status", [200, 201, 202])
def test_success_is_an_answer_about_what_was_sent_with_a_good_outcome(call: str, body: Any, status: int) -> None:
    assert outcome(call, Answer(status, body)) == (Outcome.OK, "")


@pytest.mark.parametrize(
    ("call", "body", "sentence"),
    [
        ("Confirm", {**BOTH, "outcome": "Rejected", "detail": "It was cancelled."}, "It was cancelled."),
        ("Notice", {**ORDER, "outcome": "PackageFailed"}, "PackageFailed"),
        ("Notice", {**ORDER, "outcome": "PickPackConfirmed"}, "PickPackConfirmed"),
        ("Event", {**ORDER, "outcome": "Ignored"}, "Ignored"),
        ("Sync", {"outcome": "Rejected", "detail": "No such centre."}, "No such centre."),
        ("Sync", {"outcome": 7}, "7"),
    ],
)
def test_a_200_whose_outcome_is_none_of_success_is_a_refusal(call: str, body: Any, sentence: str) -> None:
    what, said = outcome(call, Answer(200, body))
    assert what is Outcome.DEAD
    assert "refused it" in said
    assert sentence in said


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("Confirm", None),
        ("Confirm", []),
        ("Confirm", "ok"),
        ("Confirm", {}),
        ("Confirm", {"outcome": "PickPackConfirmed"}),
        ("Confirm", BOTH),
        ("Confirm", {**BOTH, "outcome": True}),
        ("Confirm", {**BOTH, "eswOrderReference": "ESW-O-F-2", "outcome": "PickPackConfirmed"}),
        ("Confirm", {**BOTH, "threePlRequest": "3PL-O-F-2", "outcome": "PickPackConfirmed"}),
        ("Confirm", {**BOTH, "eswOrderReference": None, "outcome": "PickPackConfirmed"}),
        ("Notice", {**ORDER, "packages": [{"packageReference": "other"}], "outcome": "PackageCreated"}),
        ("Notice", {**ORDER, "packages": [], "outcome": "PackageCreated"}),
        ("Notice", {**ORDER, "packages": {}, "outcome": "PackageCreated"}),
        ("Notice", {**ORDER, "packages": [7], "outcome": "PackageCreated"}),
        ("Event", {**ORDER, "eventId": "0" * 36, "outcome": "EventAccepted"}),
        ("Event", {**ORDER, "eswOrderReference": "x", "outcome": "Rejected"}),
        ("Sync", []),
        ("Sync", "ok"),
    ],
)
def test_an_answer_about_something_else_or_nothing_is_never_success(call: str, body: Any) -> None:
    assert outcome(call, Answer(200, body))[0] is Outcome.AMBIG


@pytest.mark.parametrize(
    ("call", "body", "what"),
    [
        ("Confirm", {**BOTH, "detail": "It was confirmed before."}, Outcome.DUP),
        ("Notice", ORDER, Outcome.DUP),
        ("Event", ORDER, Outcome.DUP),
        ("Confirm", None, Outcome.DUP),
        ("Confirm", {**BOTH, "threePlRequest": "3PL-9"}, Outcome.AMBIG),
        ("Notice", {**ORDER, "packages": [{"packageReference": "other"}]}, Outcome.AMBIG),
        ("Confirm", "conflict", Outcome.AMBIG),
        ("Sync", None, Outcome.DEAD),
    ],
)
def test_a_409_is_what_esw_has_already_unless_it_is_about_something_else(call: str, body: Any, what: Outcome) -> None:
    assert outcome(call, Answer(409, body))[0] is what


def test_a_site_may_have_every_409_parked() -> None:
    what, said = outcome("Confirm", Answer(409, {"detail": "It was cancelled."}), conflict_is_duplicate=False)
    assert (what, said) == (Outcome.DEAD, "ESW answered 409: It was cancelled.")


@pytest.mark.parametrize(("body", "what"), [(None, Outcome.OK), ({}, Outcome.OK), ([], Outcome.AMBIG)])
def test_a_tenant_whose_answers_are_empty_can_be_told_of_too(body: Any, what: Outcome) -> None:
    assert outcome("Confirm", Answer(202, body), answers_name_the_order=False)[0] is what


def test_an_empty_answer_allowed_is_still_none_about_another_order() -> None:
    other = {"eswOrderReference": "ESW-O-F-2"}
    assert outcome("Confirm", Answer(200, other), answers_name_the_order=False)[0] is Outcome.AMBIG


@pytest.mark.parametrize(
    ("status", "what"),
    [(400, Outcome.DEAD), (403, Outcome.DEAD), (404, Outcome.DEAD), (422, Outcome.DEAD), (401, Outcome.AUTH),
     (408, Outcome.WAIT), (429, Outcome.WAIT), (500, Outcome.WAIT), (503, Outcome.WAIT)],
)  # fmt: skip
@pytest.mark.parametrize("call", ["Confirm", "Sync"])
def test_every_other_status_has_its_class(call: str, status: int, what: Outcome) -> None:
    assert outcome(call, Answer(status, None)) == (what, f"ESW answered {status}.")


def test_a_refusal_says_every_member_and_the_trace() -> None:
    what, said = outcome("Sync", Answer(400, PROBLEM))
    assert what is Outcome.DEAD
    assert said == (
        "ESW answered 400 (trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00): "
        "FulfillmentCentreId: The FulfillmentCentreId field is required. Items[0].Sku: a Items[0].Sku: b"
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"title": "Not Found", "detail": "No order 7."}, "ESW answered 404: No order 7."),
        ({"title": "Not Found", "errors": "none"}, "ESW answered 404: Not Found"),
        ({"errors": {"Sku": "bad"}}, 'ESW answered 404: {"errors": {"Sku": "bad"}}'),
        ("gone\n\x1b[31m", 'ESW answered 404: "gone\\n\\u001b[31m"'),
        ({"detail": "red \x1b[31m text"}, "ESW answered 404: red  [31m text"),
    ],
)
def test_words_of_any_shape_are_shown_cut_and_clean(body: Any, said: str) -> None:
    assert outcome("Confirm", Answer(404, body))[1] == said
    assert len(outcome("Confirm", Answer(404, {"detail": "x" * 10_000}))[1]) <= 400


@pytest.mark.parametrize(("sent", "what"), [(True, Outcome.AMBIG), (False, Outcome.WAIT)])
def test_no_answer_is_never_a_refusal(sent: bool, what: Outcome) -> None:  # noqa: FBT001 -- a row of the table
    assert outcome("Notice", NoAnswer("Gone.", sent=sent)) == (what, "Gone.")


# --- tokens -----------------------------------------------------------------------------------------------------


def test_a_token_has_the_life_that_is_told_or_that_of_the_profile() -> None:
    told = {"access_token": "abc", "expires_in": 60, "token_type": "Bearer"}
    assert answers.token_of(Answer(200, told), 3600) == Token("abc", 60)
    assert answers.token_of(Answer(200, {"access_token": "abc"}), 3600) == Token("abc", 3600)


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"access_token": ""}, {"access_token": 7}, {"access_token": "a b"}, {"access_token": "a\r\nX: 1"},
     {"access_token": "é"}, {"access_token": "x" * 9000}, {"access_token": "a", "expires_in": "60"},
     {"access_token": "a", "expires_in": 0}, {"access_token": "a", "expires_in": True}],
)  # fmt: skip
def test_what_is_no_token_is_no_refusal_either(body: Any) -> None:
    got = answers.token_of(Answer(200, body), 3600)
    assert isinstance(got, NoAnswer)
    assert not got.sent, "the call itself never left"


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_secret_that_is_not_accepted_pauses_the_lane_and_parks_nothing(status: int) -> None:
    got = answers.token_of(Answer(status, {"error": "invalid_client"}), 3600)
    assert isinstance(got, Answer)
    assert outcome("Confirm", got)[0] is Outcome.AUTH


def test_a_token_service_that_is_away_makes_the_call_wait_which_never_left() -> None:
    assert outcome("Confirm", _reply(NoAnswer("Gone.", sent=True)))[0] is Outcome.WAIT
    assert outcome("Confirm", _reply(Answer(503, None)))[0] is Outcome.WAIT


def _reply(of_token_service: Reply) -> Reply:
    got = answers.token_of(of_token_service, 3600)
    assert not isinstance(got, Token)
    return got
