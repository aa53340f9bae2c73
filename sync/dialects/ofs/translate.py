"""Facts to requests and answers to what they mean, for seed 001. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, Field, ValidationError

from local_store.clock import timestamp
from local_store.domain import events as e
from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import Answer, Known, Learned, Missing, NoAnswer, Outcome, Reply, Verdict
from sync.dialects.ofs.capabilities import PROFILE
from sync.retry import classify
from sync.wording import clean, fault, said

Facts = Sequence[Promised]
Build = Callable[[Facts, Known, str], NewRequest | Missing]
Read = Callable[[Facts, Any, Any], Verdict]
F = TypeVar("F", bound=e.Fact)

CONFLICT = 409


def take(facts: Facts) -> int:
    """How many facts share a request: counts of one picker on one picklist in a row, any other fact alone."""
    first = facts[0]
    if not isinstance(first.fact, e.PickCounted):
        return 1
    together = 1
    for each in facts[1 : PROFILE.scans_per_request]:
        if not isinstance(each.fact, e.PickCounted) or each.actor != first.actor or each.request_id is not None:
            break
        together += 1
    return together


def request_for(facts: Facts, known: Known, station_id: str) -> NewRequest | Missing:
    """The request for facts that share one. Quantities go as JSON numbers where whole, else as exact text."""
    return _BUILD[facts[0].fact.kind](facts, known, station_id)


def verdict(facts: Facts, request: FixedRequest, reply: Reply) -> Verdict:
    """What a reply means. Success counts only when HQ's answer is about what was sent."""
    outcome = classify(reply)
    if isinstance(reply, NoAnswer):
        return Verdict(outcome, reply.sentence)
    sent = json.loads(request.body)
    if outcome is Outcome.OK:
        try:
            return _READ[facts[0].fact.kind](facts, sent, reply.body)
        except ValidationError as error:
            return Verdict(Outcome.AMBIG, fault(f"HQ's answer to {request.path}", error))
    if outcome is Outcome.DEAD and reply.status == CONFLICT:
        already = _already_so(facts[0].fact, sent, reply)
        if already is not None:
            return already
    return Verdict(outcome, said(reply.status, reply.body))


def grams(weight_mg: int) -> int:
    """Milligrams in HQ's unit of weight, half to even."""
    return round(Decimal(weight_mg) / PROFILE.mg_per_weight_unit)


# --- requests ---------------------------------------------------------------------------------------------------


def _assigned(facts: Facts, _known: Known, station_id: str) -> NewRequest:
    fact = _only(facts, e.PicklistAssigned)
    return _post(f"/picklists/{_part(fact.picklist_id)}/assign", worker_id=fact.worker_id, device_id=station_id)


def _started(facts: Facts, _known: Known, _station_id: str) -> NewRequest:
    return _post(f"/picklists/{_part(_only(facts, e.PicklistStarted).picklist_id)}/start")


def _counted(facts: Facts, _known: Known, _station_id: str) -> NewRequest:
    counts = [(each.fact, each.wall_ms) for each in facts if isinstance(each.fact, e.PickCounted)]
    scans = [
        {
            "location_id": fact.location_id,
            "sku": fact.sku,
            "qty": _number(fact.qty),
            "timestamp": timestamp(wall_ms),
            "scan_id": fact.count_id,
            "task_id": fact.task_id,
        }
        for fact, wall_ms in counts
    ]
    return NewRequest("POST", f"/picklists/{_part(counts[0][0].picklist_id)}/scan", _json(scans))


def _undone(facts: Facts, _known: Known, _station_id: str) -> NewRequest:
    """A count taken back puts its units back; a short taken back has none, and opens its task again."""
    fact = _only(facts, e.PickUndone)
    adjustment: dict[str, Any] = {"adjustment_id": fact.undo_id, "task_id": fact.task_id}
    adjustment |= {"kind": "undo", "qty": _number(fact.qty)} if fact.qty else {"kind": "reopen"}
    return _post(f"/picklists/{_part(fact.picklist_id)}/adjust", adjustments=[adjustment])


def _short(facts: Facts, _known: Known, _station_id: str) -> NewRequest:
    fact = _only(facts, e.PickShort)
    adjustment = {
        "adjustment_id": fact.count_id,
        "task_id": fact.task_id,
        "kind": "short",
        "qty": _number(fact.qty),
        "reason": fact.reason,
    }
    return _post(f"/picklists/{_part(fact.picklist_id)}/adjust", adjustments=[adjustment])


def _completed(facts: Facts, _known: Known, _station_id: str) -> NewRequest:
    fact = _only(facts, e.PicklistCompleted)
    path = f"/picklists/{_part(fact.picklist_id)}/complete"
    return _post(path, pick_confirmation_id=fact.pick_confirmation_id)


def _pack_opened(facts: Facts, _known: Known, station_id: str) -> NewRequest:
    fact = _only(facts, e.PackOpened)
    path = f"/pack-stations/{_part(station_id)}/open-session"
    return _post(path, worker_id=fact.worker_id, fulfillment_id=fact.fulfillment_id)


def _packed(facts: Facts, _known: Known, station_id: str) -> NewRequest:
    fact = _only(facts, e.PackagePacked)
    package = {
        "package_id": fact.package_id,
        "weight": grams(fact.weight_mg),
        "items": [{"line_id": item.order_line_id, "qty": _number(item.qty)} for item in fact.items],
        "sscc": fact.sscc,
    }
    path = f"/pack-stations/{_part(station_id)}/pack"
    return _post(path, fulfillment_ids=[fact.fulfillment_id], packages=[package])


def _sealed(facts: Facts, known: Known, station_id: str) -> NewRequest | Missing:
    fact = _only(facts, e.PackageSealed)
    hq_id = known.hq_ref("package", fact.package_id)
    if hq_id is None:
        return _no_package(fact.package_id, fact.fulfillment_id)
    return _post(f"/pack-stations/{_part(station_id)}/seal", package_id=hq_id)


def _shipment(facts: Facts, known: Known, _station_id: str) -> NewRequest | Missing:
    """Without an address (never given, or erased) HQ takes the one it has for the fulfillment."""
    fact = _only(facts, e.ShipmentRequested)
    packages = []
    for package_id, weight_mg in fact.packages:
        hq_id = known.hq_ref("package", package_id)
        if hq_id is None:
            return _no_package(package_id, fact.fulfillment_id)
        packages.append({"package_id": hq_id, "weight": grams(weight_mg)})
    body = {
        "fulfillment_id": fact.fulfillment_id,
        "packages": packages,
        "from_warehouse_id": fact.warehouse_id,
        "to_address": known.party(fact.party_id),
        "carrier_hint": fact.carrier_hint,
        "service_code": fact.service_code,
        "insurance": fact.insurance,
        "reference": fact.reference,
    }
    return _post("/shipments", **{name: value for name, value in body.items() if value is not None})


def _no_package(package_id: str, fulfillment_id: str) -> Missing:
    return Missing(
        f"HQ's id for package {package_id} of {fulfillment_id} is not known here, so HQ cannot be told more of it. "
        "Find out why HQ did not answer the packing with an id, then send again."
    )


# --- answers ----------------------------------------------------------------------------------------------------


class _OfPicklist(BaseModel):
    picklist_id: str | None = None
    id: str | None = None


class _Result(BaseModel):
    scan_id: str | None = None
    adjustment_id: str | None = None
    outcome: Literal["accepted", "refused"]
    message: str = "no reason given"


class _Results(BaseModel):
    results: tuple[_Result, ...]


class _Session(BaseModel):
    fulfillment_id: str | None = None


class _PackageId(BaseModel):
    package_id: str = Field(min_length=1, max_length=120)
    client_package_id: str | None = None


class _Packages(BaseModel):
    packages: tuple[_PackageId, ...] = Field(min_length=1, max_length=1)


class _Shipment(BaseModel):
    shipment_id: str = Field(min_length=1, max_length=120)
    fulfillment_id: str


def _read_picklist(facts: Facts, _sent: Any, body: Any) -> Verdict:
    fact = facts[0].fact
    assert isinstance(fact, e.OfPicklist)
    answer = _OfPicklist.model_validate(body)
    return _about("picklist", fact.picklist_id, answer.picklist_id or answer.id)


def _read_results(facts: Facts, sent: Any, body: Any) -> Verdict:
    """Each element has its own result, by its id or, where HQ keeps no ids, by its place."""
    results = _Results.model_validate(body).results
    elements = sent if isinstance(sent, list) else sent["adjustments"]
    wanted = [each.get("scan_id") or each["adjustment_id"] for each in elements]
    if len(results) != len(wanted):
        return Verdict(Outcome.AMBIG, f"HQ answered {len(results)} results to {len(wanted)} elements.")
    refused = {}
    for each, ident, result in zip(facts, wanted, results, strict=True):
        got = result.scan_id or result.adjustment_id or ident
        if got != ident:
            return Verdict(Outcome.AMBIG, clean(f"HQ answered about {got}, and {ident} was sent."))
        if result.outcome == "refused":
            refused[each.seq] = clean(f"HQ refused this: {result.message}")
    return Verdict(Outcome.OK, refused=refused)


def _read_session(facts: Facts, _sent: Any, body: Any) -> Verdict:
    ident = _only(facts, e.PackOpened).fulfillment_id
    return _about("fulfillment", ident, _Session.model_validate(body).fulfillment_id or ident)


def _read_packages(facts: Facts, _sent: Any, body: Any) -> Verdict:
    ident = _only(facts, e.PackagePacked).package_id
    (package,) = _Packages.model_validate(body).packages
    return _about("package", ident, package.client_package_id or ident, Learned("package", ident, package.package_id))


def _read_sealed(_facts: Facts, sent: Any, body: Any) -> Verdict:
    return _about("package", sent["package_id"], _PackageId.model_validate(body).package_id)


def _read_shipment(facts: Facts, _sent: Any, body: Any) -> Verdict:
    ident = _only(facts, e.ShipmentRequested).fulfillment_id
    answer = _Shipment.model_validate(body)
    return _about("fulfillment", ident, answer.fulfillment_id, Learned("shipment", ident, answer.shipment_id))


def _about(what: str, wanted: str, got: str | None, *learned: Learned) -> Verdict:
    """Success, if HQ's answer is about the thing that was sent."""
    if got != wanted:
        return Verdict(Outcome.AMBIG, clean(f"HQ answered about {what} {got}, and {wanted} was sent."))
    return Verdict(Outcome.OK, learned=learned)


def _already_so(fact: e.Fact, sent: Any, reply: Answer) -> Verdict | None:
    """A 409 whose details show that HQ has just what was sent (hq_contracts 2.6); None for a real conflict."""
    error = reply.body.get("error") if isinstance(reply.body, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    if not isinstance(details, dict):
        return None
    learned: tuple[Learned, ...] = ()
    match fact:
        case e.PicklistStarted():
            wanted: dict[str, Any] = {"status": "in_progress"}
        case e.PicklistCompleted():
            wanted = {"status": "completed", "pick_confirmation_id": fact.pick_confirmation_id}
        case e.PackageSealed():
            wanted = {"package_id": sent["package_id"], "sealed": True}
        case e.PackagePacked():
            wanted = {"package_id": fact.package_id, "sscc": fact.sscc, "weight": grams(fact.weight_mg)}
            learned = (Learned("package", fact.package_id, fact.package_id),)
        case _:
            return None
    if any(details.get(name) != value for name, value in wanted.items()):
        return None
    return Verdict(Outcome.DUP, learned=learned)


_BUILD: Mapping[str, Build] = {
    e.PicklistAssigned.kind: _assigned,
    e.PicklistStarted.kind: _started,
    e.PickCounted.kind: _counted,
    e.PickUndone.kind: _undone,
    e.PickShort.kind: _short,
    e.PicklistCompleted.kind: _completed,
    e.PackOpened.kind: _pack_opened,
    e.PackagePacked.kind: _packed,
    e.PackageSealed.kind: _sealed,
    e.ShipmentRequested.kind: _shipment,
}
_READ: Mapping[str, Read] = {
    e.PicklistAssigned.kind: _read_picklist,
    e.PicklistStarted.kind: _read_picklist,
    e.PickCounted.kind: _read_results,
    e.PickUndone.kind: _read_results,
    e.PickShort.kind: _read_results,
    e.PicklistCompleted.kind: _read_picklist,
    e.PackOpened.kind: _read_session,
    e.PackagePacked.kind: _read_packages,
    e.PackageSealed.kind: _read_sealed,
    e.ShipmentRequested.kind: _read_shipment,
}


def _only(facts: Facts, kind: type[F]) -> F:
    (each,) = facts
    assert isinstance(each.fact, kind)
    return each.fact


def _post(path: str, **body: Any) -> NewRequest:
    return NewRequest("POST", path, _json(body))


def _part(ident: str) -> str:
    """An id as one part of a path."""
    return quote(ident, safe="")


def _number(qty: Decimal) -> int | str:
    return int(qty) if qty == qty.to_integral_value() else e.decimal_text(qty)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
