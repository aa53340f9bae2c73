"""Facts to requests and answers to what they mean, for S2 (seed 004, hq_contracts 5.3 to 5.7). Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from local_store.domain import events as e
from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import (
    Answer,
    FulfillmentHere,
    Known,
    Learned,
    Missing,
    NoAnswer,
    NotNeeded,
    Outcome,
    PackageHere,
    Reply,
    Verdict,
)  # fmt: skip
from sync.dialects.s2.capabilities import Profile
from sync.retry import classify
from sync.wording import clean, fault, shown

CONFLICT = 409
FORBIDDEN = 403
ALREADY = "ALREADY_EXISTS"
EXISTING = "existing"
"""Under this name the client puts what S2 has of a fulfillment beside its refusal of a second one."""
DEFAULT_CARRIER = "OTHER"
COUNTRY_LETTERS = 2


def request_for(
    facts: Sequence[Promised], known: Known, warehouse: str, profile: Profile
) -> NewRequest | Missing | NotNeeded:
    """The request for one `shipment.requested`: a fulfillment of its order with a shipment for each parcel.

    `channelFulfillmentId`, the key, is the id of the fact. The warehouse always goes along (S2 picks one at random
    otherwise), and the order too: only by it the new id can be read back.
    """
    promised, fact = _shipment(facts)
    ident = fact.fulfillment_id
    assigned = known.hq_ref("assigned", ident)
    if assigned is not None:
        return NotNeeded(
            f"S2 made fulfillment {assigned} for this order itself and has no call that tells it of a parcel. "
            "Mark it as shipped at S2."
        )
    order_id = known.hq_ref("order", ident)
    if order_id is None:
        return Missing(
            f"S2's id of the order of {ident} is not known here: it was not among the orders S2 gave. "
            "Wait for the next poll, or tell it with `edge-agent sync`, then send again."
        )
    parcels = _parcels(fact, known)
    if isinstance(parcels, Missing):
        return parcels
    body = {
        "orderId": order_id,
        "warehouseId": warehouse,
        "channelFulfillmentId": str(UUID(bytes=promised.event_id)),
        "address": address_of(known.party(fact.party_id), profile),
        "shippingMethod": fact.service_code or "",
        "items": _together(items for _, items in parcels),
        "shipments": [_parcel(package, items, fact, known, profile) for package, items in parcels],
        "attachments": [],
        "additionalReferenceIds": [each for package, _ in parcels for each in (package.package_id, package.sscc)],
        **_said(known.fulfillment(ident)),
    }
    return NewRequest("POST", "/fulfillment", _json(body))


def verdict(facts: Sequence[Promised], request: FixedRequest, reply: Reply, profile: Profile) -> Verdict:
    """What a reply to the request means. Success counts only when S2's answer is about what was sent."""
    outcome = classify(reply)
    if isinstance(reply, NoAnswer):
        return Verdict(outcome, reply.sentence)
    if outcome is Outcome.OK:
        return compared(facts, request, reply.body, Outcome.OK)
    if _is_duplicate(reply, json.loads(request.body)["channelFulfillmentId"]):
        existing = reply.body.get(EXISTING)
        if existing is None:
            return Verdict(Outcome.DUP, "S2 has it already and does not tell its id.")
        return compared(facts, request, existing, Outcome.DUP)
    return Verdict(Outcome.AUTH if is_locked_out(reply, profile) else outcome, told(reply))


def compared(facts: Sequence[Promised], request: FixedRequest, body: Any, outcome: Outcome) -> Verdict:
    """`outcome` when a fulfillment of S2 is the one that was sent, with the ids it tells.

    Another one under our key is DEAD; an answer about something else says nothing (AMBIG).
    """
    sent = json.loads(request.body)
    try:
        made = _Made.model_validate(body)
    except ValidationError as error:
        return Verdict(Outcome.AMBIG, fault(f"S2's answer to {request.path}", error))
    if made.channel_fulfillment_id != sent["channelFulfillmentId"]:
        got, wanted = made.channel_fulfillment_id, sent["channelFulfillmentId"]
        return Verdict(Outcome.AMBIG, clean(f"S2 answered about fulfillment {got}, and {wanted} was sent."))
    difference = _difference(sent, made)
    if difference:
        return Verdict(
            Outcome.DEAD,
            clean(f"S2 has fulfillment {made.id} under this key, and its {difference}. Look at it there."),
        )
    return Verdict(outcome, learned=tuple(_learned(facts, sent, made)))


def is_duplicate(reply: Reply, request: FixedRequest) -> bool:
    """Whether S2 says that it has this fulfillment already."""
    return isinstance(reply, Answer) and _is_duplicate(reply, json.loads(request.body)["channelFulfillmentId"])


def found_in(order: Any, request: FixedRequest) -> dict[str, Any] | None:
    """Our fulfillment among those of an order as S2 tells it; None when it is not there or the order is another."""
    sent = json.loads(request.body)
    if not isinstance(order, dict) or order.get("id") != sent["orderId"]:
        return None
    fulfillments = order.get("fulfillments")
    for each in fulfillments if isinstance(fulfillments, list) else []:
        if isinstance(each, dict) and each.get("channelFulfillmentId") == sent["channelFulfillmentId"]:
            return each
    return None


def is_locked_out(reply: Answer, profile: Profile) -> bool:
    """Whether S2 refuses us as a whole, and not this one call: a wrong organisation may also be a 403."""
    message = reply.body.get("message") if isinstance(reply.body, dict) else None
    wrong = isinstance(message, str) and re.search(profile.wrong_organization, message) is not None
    return reply.status == FORBIDDEN and wrong


def told(reply: Answer) -> str:
    """S2's own sentence from `{code?, message}`: a fault's holds the reference for its support."""
    body = reply.body
    message = body.get("message") if isinstance(body, dict) else None
    if isinstance(message, str) and message.strip():
        return clean(f"S2 answered {reply.status}: {message}")
    return clean(f"S2 answered {reply.status}: {shown(body)}")


def address_of(party: Mapping[str, Any] | None, profile: Profile) -> dict[str, str]:
    """Name and address with S2's members: each is there, empty where nothing is known (or it was erased)."""
    known = {name: value for name, value in (party or {}).items() if isinstance(value, str)}
    names = {"name": "name", "company": "company", "address1": "address1", "address2": "address2", "city": "city"}
    names |= {"state": "region", "postalCode": "postal_code", "phone": "phone", "email": "email"}
    country = known.get("country", "").strip()
    letters = country.upper() if len(country) == COUNTRY_LETTERS and country.isascii() and country.isalpha() else ""
    return {theirs: known.get(ours, "") for theirs, ours in names.items()} | {
        "countryId": profile.countries.get(country, letters)
    }


# --- requests ---------------------------------------------------------------------------------------------------


def _parcels(fact: e.ShipmentRequested, known: Known) -> list[tuple[PackageHere, list[dict[str, Any]]]] | Missing:
    """Each package with what is in it, as S2 wants it."""
    parcels = []
    for package_id, _ in fact.packages:
        package = known.package(package_id)
        if package is None:
            return Missing(f"The contents of package {package_id} are not known here, so S2 cannot be told of it.")
        items = _items(package, known)
        if isinstance(items, Missing):
            return items
        parcels.append((package, items))
    return parcels


def _items(package: PackageHere, known: Known) -> list[dict[str, Any]] | Missing:
    """Units by S2's product id; S2 counts whole ones."""
    sums: dict[str, Any] = {}
    for item in package.items:
        sums[item.sku] = sums.get(item.sku, 0) + item.qty
    items = []
    for sku, qty in sums.items():
        product_id = known.hq_ref("product", sku)
        if product_id is None:
            return Missing(
                f"S2's id of product {sku} is not known here, so S2 cannot be told that it was sent. "
                "Have it made at S2; the next poll brings its id. Then send again."
            )
        if qty != qty.to_integral_value():
            return Missing(
                f"Package {package.package_id} holds {e.decimal_text(qty)} of {sku}, and S2 counts whole units. "
                "Tell S2 by hand."
            )
        items.append({"productId": product_id, "quantity": int(qty)})
    return items


def _parcel(
    package: PackageHere, items: list[dict[str, Any]], fact: e.ShipmentRequested, known: Known, profile: Profile
) -> dict[str, Any]:
    parcel: dict[str, Any] = {"items": items, "prepaidLabels": []}
    parcel["shippingCarrierId"] = profile.carriers.get(fact.carrier_hint or "", DEFAULT_CARRIER)
    tracking = known.hq_ref("tracking", package.package_id)
    if tracking is not None:
        parcel["trackingNumber"] = tracking
    return parcel


def _together(parcels: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    sums: dict[str, int] = {}
    for items in parcels:
        for item in items:
            sums[item["productId"]] = sums.get(item["productId"], 0) + item["quantity"]
    return [{"productId": product_id, "quantity": quantity} for product_id, quantity in sums.items()]


def _said(here: FulfillmentHere | None) -> dict[str, Any]:
    """What S2 said of the order and wants to hear again, where it is of S2's own kind."""
    said = here.metadata if here is not None else {}
    kinds = {"signatureRequired": bool, "method": int, "orderType": int, "customerNote": str}
    return {name: said[name] for name, kind in kinds.items() if type(said.get(name)) is kind}


# --- answers ----------------------------------------------------------------------------------------------------


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)


class _Id(_Told):
    id: str = Field(min_length=1, max_length=250)


class _Item(_Told):
    product: _Id
    quantity: int


class _Shipment(_Told):
    id: str = Field(min_length=1, max_length=250)
    items: tuple[_Item, ...]
    tracking_number: str | None = Field(default=None, max_length=250)


class _Made(_Told):
    id: str = Field(min_length=1, max_length=250)
    channel_fulfillment_id: str | None
    order_id: str | None = None
    warehouse: _Id | None = None
    items: tuple[_Item, ...]
    shipments: tuple[_Shipment, ...]


def _difference(sent: Mapping[str, Any], made: _Made) -> str:
    """The first thing S2 has otherwise; empty when it is what was sent."""
    if made.order_id != sent["orderId"]:
        return f"order is {made.order_id} and not {sent['orderId']}"
    if made.warehouse is not None and made.warehouse.id != sent["warehouseId"]:
        return f"warehouse is {made.warehouse.id} and not {sent['warehouseId']}"
    if _of(made.items) != _sent(sent["items"]):
        return "items are others"
    there = Counter(frozenset(_of(each.items).items()) for each in made.shipments)
    if there != Counter(frozenset(_sent(each["items"]).items()) for each in sent["shipments"]):
        return "shipments hold something else"
    return ""


def _learned(facts: Sequence[Promised], sent: Mapping[str, Any], made: _Made) -> Iterable[Learned]:
    """S2's ids of the fulfillment and of each parcel's shipment; parcels are told apart by what they hold."""
    _, fact = _shipment(facts)
    yield Learned("fulfillment", fact.fulfillment_id, made.id)
    free = list(made.shipments)
    for (package_id, _), parcel in zip(fact.packages, sent["shipments"], strict=True):
        there = next(each for each in free if _of(each.items) == _sent(parcel["items"]))
        free.remove(there)
        yield Learned("shipment", package_id, there.id)
        if there.tracking_number:
            yield Learned("tracking", package_id, there.tracking_number)


def _of(items: Iterable[_Item]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for each in items:
        sums[each.product.id] += each.quantity
    return sums


def _sent(items: Iterable[Mapping[str, Any]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for each in items:
        sums[each["productId"]] += each["quantity"]
    return sums


def _is_duplicate(reply: Answer, key: str) -> bool:
    """The 409 names the key; one that names another is about something else (seed 004)."""
    body = reply.body if isinstance(reply.body, dict) else {}
    return reply.status == CONFLICT and body.get("code") == ALREADY and key in str(body.get("message"))


def _shipment(facts: Sequence[Promised]) -> tuple[Promised, e.ShipmentRequested]:
    (promised,) = facts
    fact = promised.fact
    assert isinstance(fact, e.ShipmentRequested)
    return promised, fact


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
