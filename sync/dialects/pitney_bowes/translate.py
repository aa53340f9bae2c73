"""Facts to announcements and answers to what they mean, for Pitney Bowes (hq_contracts 3.4, 3.6, 3.7). Pure."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from local_store.domain.events import ShipmentRequested, decimal_text
from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import Answer, Known, Learned, Missing, NoAnswer, NotNeeded, Outcome, Reply, Verdict
from sync.dialects.pitney_bowes.capabilities import PbHq, Profile
from sync.dialects.pitney_bowes.errors import mentions, said
from sync.retry import classify
from sync.wording import clean, fault, shown

ASN = "receiving_asn"
"""The thing of which an answer tells their id; the local id is the fulfillment."""
MAX_SKU, MAX_CARRIER = 30, 30
FORBIDDEN, NOT_FOUND, BAD_REQUEST, SERVER_FAULT = 403, 404, 400, 500


def transaction_id(key: str) -> str:
    """A UUID in 22 of the 25 characters that X-PB-TransactionId may have (hq_contracts 3.1)."""
    return urlsafe_b64encode(UUID(key).bytes).decode().rstrip("=")


def centre_of(profile: Profile, metadata: Mapping[str, Any], party: Mapping[str, Any] | None) -> str | None:
    """The centre goods are bound for, by what their source noted or by where they go; None for none of theirs."""
    for centre, rule in profile.centres.items():
        if _holds(rule.metadata, metadata) or _holds(rule.address, party or {}):
            return centre
    return None


def request_for(facts: Sequence[Promised], known: Known, settings: PbHq) -> NewRequest | Missing | NotNeeded:
    """The announcement of one load; NotNeeded for goods that go to none of their centres."""
    fact = _fact(facts)
    here = known.fulfillment(fact.fulfillment_id)
    if here is None:
        return Missing(f"Order {fact.fulfillment_id} is not known here, so nobody can tell where it goes.")
    party = known.party(fact.party_id)
    centre = centre_of(settings.profile, here.metadata, party)
    if centre is None:
        ours = ", ".join(settings.profile.centres) or "none is named in the profile"
        where = "goes to its customer" if party else "has no address"
        return NotNeeded(
            clean(f"Order {here.order_id} {where} and to no centre of theirs ({ours}): nothing to announce.")
        )
    lines: dict[str, Decimal] = {}
    for package_id, _ in fact.packages:
        package = known.package(package_id)
        if package is None:
            return Missing(f"What is in package {package_id} of order {here.order_id} is not known here.")
        for item in package.items:
            lines[item.sku] = lines.get(item.sku, Decimal(0)) + item.qty
    long = next((sku for sku in lines if len(sku) > MAX_SKU), None)
    if long is not None:
        return Missing(
            clean(f"SKU {long} has {len(long)} characters; Pitney Bowes takes {MAX_SKU}. Give it a shorter one.")
        )
    return NewRequest("POST", "/v1/receiving-asn", _body(fact, facts[0].event_id.hex(), centre, lines, settings))


def verdict(facts: Sequence[Promised], request: FixedRequest, reply: Reply, *, last_try: bool) -> Verdict:
    """What a reply to an announcement means. `last_try`: it was answered just so often enough before (3.6).

    A 400 that names our id may say that the load is announced already: it is read back before anything else.
    """
    if isinstance(reply, NoAnswer):
        return Verdict(classify(reply), reply.sentence)
    outcome = classify(reply)
    if outcome is Outcome.OK:
        return _taken(facts, request, reply.body)
    sentence = said(reply.status, reply.body)
    if reply.status == SERVER_FAULT:
        return Verdict(Outcome.AMBIG, sentence)
    if reply.status == NOT_FOUND and not last_try:
        return Verdict(Outcome.WAIT, sentence)
    if names_our_id(request, reply) and not last_try:
        return Verdict(Outcome.AMBIG, sentence)
    if reply.status == FORBIDDEN:
        return Verdict(Outcome.DEAD, clean(f"{sentence} The account is not enabled for this: ask Pitney Bowes."))
    return Verdict(outcome, sentence)


def may_pass(request: FixedRequest, reply: Reply) -> bool:
    """Whether a refusal is one that is tried again, but not for ever."""
    return isinstance(reply, Answer) and (reply.status == NOT_FOUND or names_our_id(request, reply))


def names_our_id(request: FixedRequest, reply: Reply) -> bool:
    """Whether a 400 is about the id under which we announced the load (assumed, 3.7)."""
    if not isinstance(reply, Answer) or reply.status != BAD_REQUEST:
        return False
    return mentions(reply.body, our_id(request), "clientASNId")


def our_id(request: FixedRequest) -> str:
    """The id under which a load is announced: made from the fact's own, so a restored store makes the same."""
    return str(json.loads(request.body)["clientASNId"])


def compared(facts: Sequence[Promised], request: FixedRequest, theirs: Any, names: Mapping[str, str]) -> Verdict:
    """What is at HQ under our id: DUP when it is what we announced, DEAD when it is something else."""
    try:
        asn = _Asn.model_validate(theirs)
        there = _units(theirs.get(names["asn_lines"]))
    except ValidationError as error:
        return Verdict(Outcome.AMBIG, fault("HQ's announcement under our id", error))
    except _Unreadable as error:
        return Verdict(Outcome.AMBIG, str(error))
    sent = json.loads(request.body, parse_float=Decimal)
    if asn.clientASNId != sent["clientASNId"]:
        return Verdict(Outcome.AMBIG, clean(f"HQ answered about announcement {shown(asn.clientASNId)}, not ours."))
    here = _units(sent[names["asn_lines"]])
    differs = [name for name in ("inboundType", "receivingNode") if theirs.get(name) != sent[name]]
    differs += [f"units of {sku}" for sku in sorted(here.keys() | there.keys()) if here.get(sku) != there.get(sku)]
    if differs:
        sentence = (
            f"HQ has load {sent['clientASNId']} with other contents ({', '.join(differs[:5])}); have it looked at."
        )
        return Verdict(Outcome.DEAD, clean(sentence))
    return Verdict(Outcome.DUP, learned=_learned(facts, asn.receivingASNId))


# --- the body ----------------------------------------------------------------------------------------------------


def _body(fact: ShipmentRequested, our_asn: str, centre: str, lines: Mapping[str, Decimal], settings: PbHq) -> str:
    """The announcement as JSON; quantities are exact numbers."""
    head: dict[str, Any] = {"clientId": settings.client_id}
    if settings.brand:
        head["brand"] = settings.brand
    head |= {"inboundType": settings.profile.inbound_type, "clientASNId": our_asn, "receivingNode": centre}
    if fact.carrier_hint:
        head["shippingDetails"] = {"carrier": fact.carrier_hint[:MAX_CARRIER]}
    told = ",".join(
        f'{{"lineId":{place},"sku":{json.dumps(sku, ensure_ascii=False)},"expectedQuantity":{decimal_text(qty)}}}'
        for place, (sku, qty) in enumerate(lines.items(), start=1)
    )
    name = json.dumps(settings.profile.names["asn_lines"])
    return f"{json.dumps(head, ensure_ascii=False, separators=(',', ':'))[:-1]},{name}:[{told}]}}"


def _holds(rule: Mapping[str, str], told: Mapping[str, Any]) -> bool:
    return bool(rule) and all(
        str(told.get(name, "")).strip().casefold() == value.strip().casefold() for name, value in rule.items()
    )


# --- answers -----------------------------------------------------------------------------------------------------


class _Asn(BaseModel):
    model_config = ConfigDict(extra="ignore")
    receivingASNId: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,120}$")]  # noqa: N815 -- theirs
    clientASNId: str  # noqa: N815 -- theirs


class _Unreadable(Exception):  # noqa: N818 -- what HQ has, not an error of the program
    """Lines at HQ that cannot be compared with ours."""


def _taken(facts: Sequence[Promised], request: FixedRequest, body: Any) -> Verdict:
    try:
        asn = _Asn.model_validate(body)
    except ValidationError as error:
        return Verdict(Outcome.AMBIG, fault(f"HQ's answer to {request.path}", error))
    if asn.clientASNId != our_id(request):
        sentence = f"HQ's answer to {request.path} is about {shown(asn.clientASNId)}, not about what was sent."
        return Verdict(Outcome.AMBIG, clean(sentence))
    return Verdict(Outcome.OK, learned=_learned(facts, asn.receivingASNId))


def _units(lines: Any) -> dict[str, Decimal]:
    """Units by SKU. Raises _Unreadable."""
    found: dict[str, Decimal] = {}
    if not isinstance(lines, list):
        raise _Unreadable("HQ's announcement under our id has no lines that can be read.")
    for line in lines:
        sku, qty = (line.get("sku"), line.get("expectedQuantity")) if isinstance(line, dict) else (None, None)
        if not isinstance(sku, str) or isinstance(qty, bool) or not isinstance(qty, int | float | Decimal):
            raise _Unreadable(clean(f"HQ's announcement under our id has a line that cannot be read: {shown(line)}."))
        found[sku] = found.get(sku, Decimal(0)) + Decimal(str(qty))
    return found


def _learned(facts: Sequence[Promised], their_id: str) -> tuple[Learned, ...]:
    return (Learned(ASN, _fact(facts).fulfillment_id, their_id),)


def _fact(facts: Sequence[Promised]) -> ShipmentRequested:
    (only,) = facts
    assert isinstance(only.fact, ShipmentRequested)
    return only.fact
