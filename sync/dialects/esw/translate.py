"""Facts to requests for seed 000. Pure. What is not published takes its names and words from the profile."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from local_store.clock import timestamp
from local_store.domain import events as e
from local_store.outbox import NewRequest, Promised
from sync.dialect import FulfillmentHere, Known, LineHere, Missing, NotNeeded
from sync.dialects.esw.capabilities import EswHq
from sync.wording import clean
from sync.work import line_key

Facts = Sequence[Promised]
Made = NewRequest | Missing | NotNeeded
Build = Callable[[Promised, Known, EswHq], Made]
F = TypeVar("F", bound=e.Fact)

CONFIRM = "/v1/PickPack/Confirm"
RETRY = "/v1/PickPack/Retry"
NOTICE = "/v1/PickPack/AdvancedShippingNotice"
EVENT = "/v1/Events/OrderEvent"
SYNC = "/v1/Inventory/Sync"

ARTICLE_STATUS = {
    "expected": "Expected",
    "active": "Active",
    "quarantine": "Quarantine",
    "suspended": "Suspended",
}
"""hq_contracts 1.3."""
MG_PER_LB = Decimal("453592.37")
POUND_DIGITS = Decimal("0.000001")
"""Less than half a milligram is lost."""
INCH_DIGITS = Decimal("0.01")


class _Untold(Exception):  # noqa: N818 -- leaves a build early; never leaves this module
    def __init__(self, sentence: str) -> None:
        self.missing = Missing(clean(sentence))


def take(facts: Facts, hq: EswHq) -> int:
    """How many facts share a request: all waiting counts of a product up to the last whole one; others alone."""
    if not isinstance(facts[0].fact, e.StockCounted):
        return 1
    together: list[e.StockCounted] = []
    for each in facts:
        if not isinstance(each.fact, e.StockCounted) or each.request_id is not None:
            break
        together.append(each.fact)
    whole = [place for place, fact in enumerate(together, 1) if _is_whole(fact, hq)]
    return whole[-1] if whole else len(together)


def request_for(facts: Facts, known: Known, hq: EswHq) -> Made:
    """The request for facts that share one: of several counts the newest."""
    newest = facts[-1]
    build = _BUILD.get(newest.fact.kind, _event)
    try:
        return build(newest, known, hq)
    except _Untold as untold:
        return untold.missing


def weight(weight_mg: int, unit: str) -> Decimal:
    """Milligrams as kilograms (exact) or pounds (to a millionth)."""
    if unit == "KG":
        return Decimal(weight_mg).scaleb(-6)
    return (Decimal(weight_mg) / MG_PER_LB).quantize(POUND_DIGITS)


def length(mm: int, unit: str) -> Decimal:
    """Millimetres as centimetres (exact) or inches (to a hundredth)."""
    return Decimal(mm).scaleb(-1) if unit == "CM" else (Decimal(mm) / Decimal("25.4")).quantize(INCH_DIGITS)


# --- what was picked --------------------------------------------------------------------------------------------


def _opened(told: Promised, known: Known, hq: EswHq) -> Made:
    """Packing begins when every line is decided: the order is confirmed as it was picked."""
    return _confirm(told, _only(told, e.PackOpened).fulfillment_id, known, hq)


def _completed(told: Promised, known: Known, hq: EswHq) -> Made:
    """An order of which nothing was found is never packed: it is confirmed as failed when its list is through."""
    fact = _only(told, e.PicklistCompleted)
    ended = [
        ident for ident in dict.fromkeys(line.fulfillment_id for line in fact.lines) if _is_empty(ident, fact, known)
    ]
    if len(ended) == 1:
        return _confirm(told, ended[0], known, hq)
    if not ended:
        if hq.profile.event_type(fact.kind) is not None:
            return _event(told, known, hq)
        return NotNeeded("What was picked is confirmed order by order, when packing begins.")
    numbers = ", ".join(_here(ident, known).order_id for ident in ended)
    return NotNeeded(
        clean(
            f"Nothing was picked for {len(ended)} orders of {fact.picklist_id}, and a call is about one. Confirm them"
            f" by hand with `edge-agent sync call LANE pickpack-confirm`: {numbers}"
        )
    )


def _is_empty(fulfillment_id: str, fact: e.PicklistCompleted, known: Known) -> bool:
    """Whether the list ends an order without anything picked: no line of it was, and none is on another list."""
    order = known.fulfillment(fulfillment_id)
    if order is None or any(line.picked for line in order.lines):
        return False
    ended = {line.order_line_id for line in fact.lines if line.fulfillment_id == fulfillment_id}
    return ended == {line.order_line_id for line in order.lines}


def _confirm(told: Promised, fulfillment_id: str, known: Known, hq: EswHq) -> NewRequest:
    order = _here(fulfillment_id, known)
    body = {
        "tenantCode": hq.tenant,
        "eswOrderReference": _ref("order", order, known),
        "threePlRequest": _ref("three_pl_request", order, known),
        "fulfillmentCentreId": hq.fulfillment_centre_id,
        "provider": hq.provider,
        "confirmedAt": timestamp(told.wall_ms),
        "items": [_confirmed(order, line, known, hq) for line in order.lines],
    }
    return _post(CONFIRM, body, hq)


def _confirmed(order: FulfillmentHere, line: LineHere, known: Known, hq: EswHq) -> dict[str, Any]:
    item: dict[str, Any] = {
        "lineItemId": _line_item(order, line.order_line_id, known),
        "sku": _sku(line.sku, known),
        "quantityRequested": _units(line.qty, line.sku),
        "quantityConfirmed": _units(line.picked, line.sku),
    }
    if line.picked == line.qty:
        return item | {"status": hq.profile.line_success}
    return item | {"status": hq.profile.line_failed, "reason": hq.profile.short_reason}


# --- parcels and events -----------------------------------------------------------------------------------------


def _sealed(told: Promised, known: Known, hq: EswHq) -> Made:
    """A sealed parcel is told by its SSCC, which no other parcel of anybody has."""
    fact = _only(told, e.PackageSealed)
    order, package = _here(fact.fulfillment_id, known), known.package(fact.package_id)
    if package is None:
        raise _Untold(f"What is in package {fact.package_id} is not known here. Check the store, then send again.")
    parcel: dict[str, Any] = {
        "packageReference": fact.sscc,
        "weight": {"weight": weight(package.weight_mg, hq.profile.weight_unit), "weightUnit": hq.profile.weight_unit},
        "items": [
            {
                "lineItemId": _line_item(order, item.order_line_id, known),
                "sku": _sku(item.sku, known),
                "quantity": _units(item.qty, item.sku),
            }
            for item in package.items
        ],
    }
    parcel |= _carrier(order, hq) | _size(hq)
    tracking = next((number.text for number in fact.numbers if number.kind == "parcel"), None)
    parcel |= {"trackingNumber": tracking} if tracking else {}
    body = {
        "tenantCode": hq.tenant,
        "eswOrderReference": _ref("order", order, known),
        "fulfillmentCentreId": hq.fulfillment_centre_id,
        "provider": hq.provider,
        "shippedAt": timestamp(told.wall_ms),
        "packages": [parcel],
    }
    return _post(NOTICE, body, hq)


def _carrier(order: FulfillmentHere, hq: EswHq) -> dict[str, str]:
    if not order.carrier_hint:
        return {}
    code = hq.profile.scac_of.get(order.carrier_hint.strip().casefold())
    if code is None:
        raise _Untold(
            f"The SCAC of carrier '{order.carrier_hint[:60]}' of order {order.order_id} is not known here. Add it "
            "below [hq.NAME.profile.scac] in edge.toml, restart the agent, then send again."
        )
    return {"carrierScac": code}


def _size(hq: EswHq) -> dict[str, Any]:
    if not hq.profile.carton_mm:
        return {}
    unit = hq.profile.dimension_unit
    long, wide, high = (length(mm, unit) for mm in hq.profile.carton_mm)
    return {"dimensions": {"dimLength": long, "dimWidth": wide, "dimHeight": high, "dimMeasurementUnit": unit}}


def _event(told: Promised, known: Known, hq: EswHq) -> Made:
    """An OrderEvent; its id is that of the fact, so a store that was restored tells it under the same."""
    fact = told.fact
    order = _order_of(fact, known)
    if isinstance(order, NotNeeded):
        return order
    body = {
        "tenantCode": hq.tenant,
        "eswOrderReference": _ref("order", order, known),
        "eventId": str(UUID(bytes=told.event_id)),
        "eventType": hq.profile.event_type(fact.kind),
        "occurredAt": timestamp(told.wall_ms),
        "payload": {"kind": fact.kind, **_details(fact, known)},
    }
    return _post(EVENT, body, hq)


def _order_of(fact: e.Fact, known: Known) -> FulfillmentHere | NotNeeded:
    if isinstance(fact, e.OfFulfillment):
        return _here(fact.fulfillment_id, known)
    assert isinstance(fact, e.OfPicklist)
    orders = known.fulfillments_on(fact.picklist_id)
    if len(orders) != 1:
        return NotNeeded(clean(f"{fact.picklist_id} holds {len(orders)} orders, and an OrderEvent is about one."))
    return _here(orders[0], known)


def _details(fact: e.Fact, known: Known) -> dict[str, Any]:
    """What happened, as far as it can be told: parcels by SSCC, picks by product and units."""
    match fact:
        case e.ShipmentRequested():
            packages = [known.package(package_id) for package_id, _ in fact.packages]
            return {"packages": [package.sscc for package in packages if package is not None]}
        case e.PackagePacked():
            return {"packages": [fact.sscc]}
        case e.PickCounted() | e.PickShort():
            return {"sku": fact.sku, "quantity": e.decimal_text(fact.qty)}
        case e.PickUndone():
            return {"quantity": e.decimal_text(fact.qty)}
    return {}


# --- stock ------------------------------------------------------------------------------------------------------


def _counted(told: Promised, known: Known, hq: EswHq) -> Made:
    """The absolute quantity of one product at the centre (hq_contracts 1.3): the newest of those that wait."""
    fact = _only(told, e.StockCounted)
    if not _is_whole(fact, hq):
        return NotNeeded(f"ESW is told the stock of the whole centre, and this is the count of {fact.location_id}.")
    item = {
        "sku": _sku(fact.sku, known),
        "articleStatus": ARTICLE_STATUS[fact.article_status],
        "quantity": _units(fact.qty, fact.sku),
    }
    body = {
        "tenantCode": hq.tenant,
        "fulfillmentCentreId": hq.fulfillment_centre_id,
        "provider": hq.provider,
        "items": [item],
    }
    return NewRequest("POST", SYNC, _json(body))


def _is_whole(fact: e.StockCounted, hq: EswHq) -> bool:
    return fact.location_id is None or hq.profile.location_is_centre


# --- what all of them need --------------------------------------------------------------------------------------


def _here(fulfillment_id: str, known: Known) -> FulfillmentHere:
    order = known.fulfillment(fulfillment_id)
    if order is None:
        raise _Untold(f"Order {fulfillment_id} is not in this store, so ESW cannot be told of it.")
    return order


_CALLED = {"order": "eswOrderReference", "three_pl_request": "threePlRequest"}


def _ref(thing: str, order: FulfillmentHere, known: Known) -> str:
    ref = known.hq_ref(thing, order.fulfillment_id)
    if ref is None:
        raise _Untold(
            f"ESW's {_CALLED[thing]} of order {order.order_id} is not known here: it comes with the imported work. "
            f"Tell it with `edge-agent sync repair LANE ENTITY --ref {thing}:{order.fulfillment_id}=ESWS`."
        )
    return ref


def _line_item(order: FulfillmentHere, order_line_id: str, known: Known) -> int | str:
    key = line_key(order.fulfillment_id, order_line_id)
    ref = known.hq_ref("line", key)
    if ref is None:
        raise _Untold(
            f"ESW's lineItemId of line {order_line_id} of order {order.order_id} is not known here: it comes with "
            f"the imported work. Tell it with `edge-agent sync repair LANE ENTITY --ref line:{key}=ESWS`."
        )
    return int(ref) if ref.isascii() and ref.isdigit() else ref


def _sku(sku: str, known: Known) -> str:
    """Products are known by the same SKU on both sides unless the import said otherwise."""
    return known.hq_ref("product", sku) or sku


def _units(qty: Decimal, sku: str) -> int:
    if qty != qty.to_integral_value():
        raise _Untold(
            f"ESW counts whole units, and {e.decimal_text(qty)} of {sku} are none. Tell it by hand, then settle this."
        )
    return int(qty)


def _post(path: str, body: Mapping[str, Any], hq: EswHq) -> NewRequest:
    return NewRequest("POST", path, _json(_named(body, hq.profile.names)))


def _named(value: Any, names: Mapping[str, str]) -> Any:
    """A body under the names of the profile; what an event holds keeps its own."""
    if isinstance(value, Mapping):
        return {
            names[name]: inner if name == "payload" else _named(inner, names)
            for name, inner in value.items()
            if names[name]
        }
    return [_named(each, names) for each in value] if isinstance(value, list) else value


def _json(value: Any) -> str:
    """JSON in which a Decimal is a number, digit for digit."""
    if isinstance(value, Decimal):
        return e.decimal_text(value)
    if isinstance(value, Mapping):
        members = (f"{json.dumps(name, ensure_ascii=False)}:{_json(value[name])}" for name in sorted(value))
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_json(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _only(told: Promised, kind: type[F]) -> F:
    assert isinstance(told.fact, kind)
    return told.fact


_BUILD: Mapping[str, Build] = {
    e.PicklistCompleted.kind: _completed,
    e.PackOpened.kind: _opened,
    e.PackageSealed.kind: _sealed,
    e.StockCounted.kind: _counted,
}
