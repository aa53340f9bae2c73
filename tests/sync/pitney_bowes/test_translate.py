"""What a load becomes at Pitney Bowes, and what their answers mean."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from local_store.outbox import NewRequest
from sync.dialect import Answer, Learned, Missing, NoAnswer, NotNeeded, Outcome, Reply
from sync.dialects import DIALECTS
from sync.dialects.pitney_bowes import errors, translate
from sync.dialects.pitney_bowes.calls import calls
from sync.dialects.pitney_bowes.capabilities import PROFILE
from tests.sync.pitney_bowes.facts import EVENT, KEY, TO_CENTRE, TO_CUSTOMER, answered, fixed, known, load, settings
from web.contract import Contract

OURS = EVENT.hex()
V1 = "/shippingservices/fulfillment"


def built(*packages: str, carrier: str | None = "UPS", of: Any = None, **more: Any) -> dict[str, Any]:
    new = translate.request_for(load(*packages, carrier=carrier), of or known(to=TO_CENTRE), settings(**more))
    assert isinstance(new, NewRequest), new
    assert (new.method, new.path) == ("POST", "/v1/receiving-asn")
    faults = Contract.load("pitney_bowes").operation("POST", V1 + new.path)
    assert faults is not None
    told = {"Content-Type": "application/json", "X-PB-TransactionId": "t"}
    assert faults.check_request({}, told, new.body.encode()) == []
    return dict(json.loads(new.body, parse_float=Decimal))


# --- the announcement ---------------------------------------------------------------------------------------------


def test_a_load_for_their_centre_is_announced_under_the_facts_own_id() -> None:
    assert built() == {
        "clientId": "client-1",
        "inboundType": "ASN",
        "clientASNId": OURS,
        "receivingNode": "157",
        "shippingDetails": {"carrier": "UPS"},
        "asnLines": [{"lineId": 1, "sku": "SKU-1", "expectedQuantity": 2}],
    }


def test_one_load_is_one_announcement_of_all_its_packages_by_product() -> None:
    inside = known(to=TO_CENTRE, P_1={"SKU-1": "2", "SKU-2": "0.5"}, P_2={"SKU-1": "3"})
    lines = [
        (line["lineId"], line["sku"], line["expectedQuantity"]) for line in built("P-1", "P-2", of=inside)["asnLines"]
    ]
    assert lines == [(1, "SKU-1", 5), (2, "SKU-2", Decimal("0.5"))]


def test_the_brand_goes_with_it_and_a_carrier_only_where_there_is_one() -> None:
    told = built(brand="ACME", carrier=None)
    assert told["brand"] == "ACME"
    assert "shippingDetails" not in told
    assert built(carrier="C" * 40)["shippingDetails"] == {"carrier": "C" * 30}


@pytest.mark.parametrize(
    ("to", "metadata"),
    [
        (TO_CENTRE, {}),
        (TO_CUSTOMER, {"destination_node": "157"}),
        (None, {"destination_node": "157", "other": 1}),
    ],
    ids=["by its address", "by what its source noted", "noted, without an address"],
)
def test_a_load_is_bound_for_a_centre_by_its_address_or_by_what_its_source_noted(to: Any, metadata: Any) -> None:
    assert built(of=known(to=to, metadata=metadata))["receivingNode"] == "157"


def test_goods_for_a_customer_are_told_nothing_and_the_reason_says_so() -> None:
    new = translate.request_for(load(), known(to=TO_CUSTOMER), settings())
    sentence = "Order O-1 goes to its customer and to no centre of theirs (157): nothing to announce."
    assert new == NotNeeded(sentence)
    assert isinstance(translate.request_for(load(), known(), settings()), NotNeeded)


def test_a_centre_that_is_known_by_its_address_alone_does_not_take_every_load() -> None:
    profile = {"centres": {"204": {"address": {"postal_code": "90-001"}}}}
    assert isinstance(translate.request_for(load(), known(to=TO_CUSTOMER), settings(profile=profile)), NotNeeded)


def test_a_site_names_its_own_centres_and_how_a_load_for_them_is_known() -> None:
    profile = {"centres": {"204": {"address": {"postal_code": "90-001"}}}}
    to = {**TO_CUSTOMER, "postal_code": "90-001"}
    new = translate.request_for(load(), known(to=to), settings(profile=profile))
    assert isinstance(new, NewRequest)
    assert json.loads(new.body)["receivingNode"] == "204"


@pytest.mark.parametrize(
    ("facts", "of", "sentence"),
    [
        (load("P-9"), known(to=TO_CENTRE), "What is in package P-9 of order O-1 is not known here."),
        (
            load(),
            known(to=TO_CENTRE, P_1={"S" * 31: "1"}),
            f"SKU {'S' * 31} has 31 characters; Pitney Bowes takes 30. Give it a shorter one.",
        ),
    ],
    ids=["contents unknown", "a SKU they cannot have"],
)
def test_what_is_missing_is_said(facts: Any, of: Any, sentence: str) -> None:
    assert translate.request_for(facts, of, settings()) == Missing(sentence)


def test_a_transaction_id_has_22_of_25_characters_and_is_the_same_for_a_repeat() -> None:
    made = translate.transaction_id(KEY)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", made)
    assert made == translate.transaction_id(KEY)


# --- answers ------------------------------------------------------------------------------------------------------

LEARNED = (Learned("receiving_asn", "F-1", "RA-9"),)


def outcome(reply: Reply, *, last_try: bool = False) -> tuple[Outcome, str]:
    found = translate.verdict(load(), fixed(), reply, last_try=last_try)
    assert found.learned == (LEARNED if found.outcome is Outcome.OK else ())
    return found.outcome, found.sentence


def test_an_answer_about_what_was_sent_is_success_and_teaches_their_id() -> None:
    assert outcome(Answer(201, answered())) == (Outcome.OK, "")


@pytest.mark.parametrize(
    "body",
    [None, [], "ok", {}, {"receivingASNId": "RA-9"}, answered(clientASNId="other"), answered(receivingASNId=""),
     answered(receivingASNId=7), answered(receivingASNId="a\nb")],
)  # fmt: skip
def test_any_other_answer_is_no_success_and_is_read_back(body: Any) -> None:
    assert outcome(Answer(201, body))[0] is Outcome.AMBIG


def refusal(code: str, text: str, **more: Any) -> dict[str, Any]:
    return {"errors": [{"errorCode": code, "errorDescription": text, **more}]}


@pytest.mark.parametrize(
    ("reply", "last_try", "wanted"),
    [
        (Answer(400, refusal("1000045", "receivingNode is invalid")), False, Outcome.DEAD),
        (Answer(400, refusal("8000001", f"ASN {OURS} exists")), False, Outcome.AMBIG),
        (Answer(400, refusal("8000001", "duplicate", parameters=["clientASNId"])), False, Outcome.AMBIG),
        (Answer(400, refusal("8000001", f"ASN {OURS} exists")), True, Outcome.DEAD),
        (Answer(401, refusal("1000032", "expired")), False, Outcome.AUTH),
        (Answer(403, refusal("1000033", "no")), False, Outcome.DEAD),
        (Answer(404, refusal("8000404", "later")), False, Outcome.WAIT),
        (Answer(404, refusal("8000404", "later")), True, Outcome.DEAD),
        (Answer(405, None), False, Outcome.DEAD),
        (Answer(429, None), False, Outcome.WAIT),
        (Answer(500, refusal("1000005", "oops")), False, Outcome.AMBIG),
        (Answer(503, None), False, Outcome.WAIT),
        (NoAnswer("lost", sent=True), False, Outcome.AMBIG),
        (NoAnswer("refused", sent=False), False, Outcome.WAIT),
    ],
)
def test_each_refusal_has_its_class(reply: Reply, *, last_try: bool, wanted: Outcome) -> None:
    assert outcome(reply, last_try=last_try)[0] is wanted


def test_a_403_says_whom_to_ask() -> None:
    sentence = "HQ answered 403: 1000033 no The account is not enabled for this: ask Pitney Bowes."
    assert outcome(Answer(403, refusal("1000033", "no")))[1] == sentence


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (refusal("1000045", "bad", additionalInfo=None), "HQ answered 400: 1000045 bad"),
        ([{"errorCode": "1000050", "message": "no JSON", "moreInfo": "x"}], "HQ answered 400: 1000050 no JSON"),
        ({"status": "ERROR", "errors": [{"errorCode": 8, "errorDescription": "eight"}]}, "HQ answered 400: 8 eight"),
        ([{"key": "sku", "message": "unknown"}], "HQ answered 400: sku unknown"),
        ("no", 'HQ answered 400: "no"'),
        ({"errors": "broken"}, 'HQ answered 400: {"errors": "broken"}'),
        (
            {"errors": [{"errorDescription": str(n)} for n in range(5)]},
            "HQ answered 400: 0; 1; 2 (and 2 more)",
        ),
    ],
)
def test_every_form_of_error_is_read(body: Any, said: str) -> None:
    assert errors.said(400, body) == said


def test_what_an_error_names_is_found_in_each_of_its_forms() -> None:
    for body in (
        refusal("8", "x", parameters=["clientASNId"]),
        [{"key": "clientASNId", "message": "x"}],
        [{"errorCode": "8", "message": "the CLIENTASNID is there"}],
        refusal("8", "x", additionalInfo="clientASNId"),
    ):
        assert errors.mentions(body, "clientASNId")
    assert not errors.mentions(refusal("8", "x"), "clientASNId")


# --- reading back -------------------------------------------------------------------------------------------------


def compared(**of: Any) -> tuple[Outcome, str]:
    found = translate.compared(load(), fixed(), answered(**of), PROFILE.names)
    assert found.learned == (LEARNED if found.outcome is Outcome.DUP else ())
    return found.outcome, found.sentence


def test_what_is_there_as_it_was_sent_is_delivered_already() -> None:
    assert compared()[0] is Outcome.DUP
    split = [{"sku": "SKU-1", "expectedQuantity": 1, "PBlineId": 1}, {"sku": "SKU-1", "expectedQuantity": 1.0}]
    assert compared(asnLines=split)[0] is Outcome.DUP


@pytest.mark.parametrize(
    ("of", "named"),
    [
        ({"receivingNode": "158"}, "receivingNode"),
        ({"inboundType": "PO"}, "inboundType"),
        ({"asnLines": [{"sku": "SKU-1", "expectedQuantity": 3}]}, "units of SKU-1"),
        ({"asnLines": [{"sku": "SKU-2", "expectedQuantity": 2}]}, "units of SKU-1, units of SKU-2"),
    ],
)
def test_what_is_there_otherwise_is_for_a_person(of: Any, named: str) -> None:
    wanted = f"HQ has load {OURS} with other contents ({named}); have it looked at."
    assert compared(**of) == (Outcome.DEAD, wanted)


@pytest.mark.parametrize(
    "of",
    [{"asnLines": None}, {"asnLines": [{"sku": 1}]}, {"asnLines": [7]}, {"clientASNId": "x"},
     {"receivingASNId": None}, {"asnLines": [{"sku": "SKU-1", "expectedQuantity": True}]}],
)  # fmt: skip
def test_what_cannot_be_compared_settles_nothing(of: Any) -> None:
    assert compared(**of)[0] is Outcome.AMBIG


# --- settings and calls -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "place"),
    [
        ({"profile": {"page_sise": 3}}, "page_sise"),
        ({"profile": {"page_size": 0}}, "page_size"),
        ({"profile": {"names": {"nonsense": "x"}}}, "nonsense"),
        ({"profile": 7}, "profile"),
        ({"api_key": "with:colon"}, "api_key"),
        ({"client_id": ""}, "client_id"),
        ({"url": "http://pb.example.com"}, "https"),
    ],
)
def test_a_wrong_setting_is_named(of: dict[str, Any], place: str) -> None:
    with pytest.raises(ValidationError, match=place):
        settings(**of)


def test_a_site_lays_its_own_assumptions_over_the_file() -> None:
    made = settings(profile={"names": {"asn_lines": "lines"}, "order_items_path": "order-items"})
    assert made.profile.names["asn_lines"] == "lines"
    assert made.profile.names["order_lines"] == "orderItems"
    assert calls(made.profile)["update-order-items"].path == "/v1/orders/{orderId}/order-items"


def test_every_operation_of_the_contract_can_be_called_by_name_and_nothing_else() -> None:
    contract = Contract.load("pitney_bowes")
    named = {f"{each.method} {V1}{each.path.partition('?')[0]}": each for each in calls(PROFILE).values()}
    of_theirs = {each.name: each for each in contract.operations if each.template.startswith(V1)}
    both_spellings = {f"PUT {V1}/v1/orders/{{orderId}}/order-items"}
    assert named.keys() == of_theirs.keys() - both_spellings
    for name, each in named.items():
        assert each.has_body == (of_theirs[name].request_body is not None), name
        asks = any(parameter["name"] == "clientId" for parameter in of_theirs[name].parameters)
        assert asks == ("?clientId=" in each.path), name


def test_only_shipped_loads_are_told() -> None:
    assert DIALECTS["pitney_bowes"].accepts(settings()) == {"shipment.requested"}
