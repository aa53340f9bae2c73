"""Facts of picking and packing to requests of seed 001, and what HQ's answers to them mean. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from local_store.clock import timestamp
from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Known, Learned, Missing, NotNeeded, Outcome, Verdict
from sync.dialects.ofs.shaping import (
    At,
    Build,
    Facts,
    Read,
    Sent,
    Told,
    about,
    as_json,
    grams,
    number,
    only,
    part,
    post,
)
from sync.wording import clean
from sync.work import line_key

MM_PER_CM = 10
OURS = "pick-"
"""Begins the id of a list that `sync.work.picklist_of` made for an order of an HQ that knows no picklists."""


def of_picklist(build: Build) -> Build:
    """Facts about picking go to the HQ whose picklist it is: another one never heard of it."""

    def told(facts: Facts, known: Known, at: At) -> Told:
        fact = facts[0].fact
        assert isinstance(fact, e.OfPicklist)
        order = fact.picklist_id.removeprefix(OURS)
        if order != fact.picklist_id and (known.hq_ref("fulfillment", order) or known.fulfillment(order)):
            return NotNeeded(f"Picklist {fact.picklist_id} is another HQ's order; this one is told of its parcels.")
        return build(facts, known, at)

    return told


def _assigned(facts: Facts, _known: Known, at: At) -> NewRequest:
    fact = only(facts, e.PicklistAssigned)
    return post(f"/picklists/{part(fact.picklist_id)}/assign", worker_id=fact.worker_id, device_id=at.station_id)


def _started(facts: Facts, _known: Known, _at: At) -> NewRequest:
    return post(f"/picklists/{part(only(facts, e.PicklistStarted).picklist_id)}/start")


def _counted(facts: Facts, _known: Known, _at: At) -> NewRequest:
    counts = [(each.fact, each.wall_ms) for each in facts if isinstance(each.fact, e.PickCounted)]
    scans = [
        {
            "location_id": fact.location_id,
            "sku": fact.sku,
            "qty": number(fact.qty),
            "timestamp": timestamp(wall_ms),
            "scan_id": fact.count_id,
            "task_id": fact.task_id,
        }
        for fact, wall_ms in counts
    ]
    return NewRequest("POST", f"/picklists/{part(counts[0][0].picklist_id)}/scan", as_json(scans))


def _undone(facts: Facts, _known: Known, _at: At) -> NewRequest:
    """A count taken back puts its units back; a short taken back has none, and opens its task again."""
    fact = only(facts, e.PickUndone)
    adjustment: dict[str, Any] = {"adjustment_id": fact.undo_id, "task_id": fact.task_id}
    adjustment |= {"kind": "undo", "qty": number(fact.qty)} if fact.qty else {"kind": "reopen"}
    return post(f"/picklists/{part(fact.picklist_id)}/adjust", adjustments=[adjustment])


def _short(facts: Facts, _known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.PickShort)
    adjustment = {
        "adjustment_id": fact.count_id,
        "task_id": fact.task_id,
        "kind": "short",
        "qty": number(fact.qty),
        "reason": fact.reason,
    }
    return post(f"/picklists/{part(fact.picklist_id)}/adjust", adjustments=[adjustment])


def _completed(facts: Facts, _known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.PicklistCompleted)
    path = f"/picklists/{part(fact.picklist_id)}/complete"
    return post(path, pick_confirmation_id=fact.pick_confirmation_id)


def _pack_opened(facts: Facts, known: Known, at: At) -> NewRequest | Missing:
    fact = only(facts, e.PackOpened)
    there = _there(known, fact)
    if isinstance(there, Missing):
        return there
    path = f"/pack-stations/{part(at.station_id)}/open-session"
    return post(path, worker_id=fact.worker_id, fulfillment_id=there.ident)


def _packed(facts: Facts, known: Known, at: At) -> NewRequest | Missing:
    fact = only(facts, e.PackagePacked)
    there = _there(known, fact)
    if isinstance(there, Missing):
        return there
    items = []
    for item in fact.items:
        line_id = known.hq_ref("line", line_key(fact.fulfillment_id, item.order_line_id)) or item.order_line_id
        if there.is_foreign and line_id == item.order_line_id:
            return Missing(
                f"HQ's line for {item.order_line_id} ({item.sku}) of {fact.fulfillment_id} is not known here. "
                "Compare the order with HQ's; where HQ has the line, say which with `edge-agent sync repair`."
            )
        serials = {"serials": list(item.serials)} if item.serials else {}
        items.append({"line_id": line_id, "qty": number(item.qty), **serials})
    package = {
        "package_id": fact.package_id,
        "weight": grams(fact.weight_mg),
        "items": items,
        "sscc": fact.sscc,
        **_size(fact.dimensions),
        **there.metadata,
    }
    path = f"/pack-stations/{part(at.station_id)}/pack"
    return post(path, fulfillment_ids=[there.ident], packages=[package])


def _size(size: e.Dimensions | None) -> dict[str, Any]:
    """The member `dims` in whole centimetres, rounded up: a parcel is never told smaller than it is."""
    if size is None:
        return {}
    lengths = {"l": size.length_mm, "w": size.width_mm, "h": size.height_mm}
    return {"dims": {name: -(-length // MM_PER_CM) for name, length in lengths.items()}}


def _sealed(facts: Facts, known: Known, at: At) -> NewRequest | Missing:
    fact = only(facts, e.PackageSealed)
    hq_id = known.hq_ref("package", fact.package_id)
    if hq_id is None:
        return _no_package(fact.package_id, fact.fulfillment_id)
    return post(f"/pack-stations/{part(at.station_id)}/seal", package_id=hq_id)


def _voided(facts: Facts, known: Known, _at: At) -> NewRequest | Missing:
    fact = only(facts, e.PackageVoided)
    hq_id = known.hq_ref("package", fact.package_id)
    if hq_id is None:
        return _no_package(fact.package_id, fact.fulfillment_id)
    return post(f"/edge/packages/{part(hq_id)}/void", reason=fact.reason)


def _shipment(facts: Facts, known: Known, _at: At) -> NewRequest | Missing:
    """Without an address (never given, or erased) HQ takes the one it has for the fulfillment.

    Of an order that another HQ gave, this one knows the address, the carrier and the rest itself, in its own words.
    """
    fact = only(facts, e.ShipmentRequested)
    there = _there(known, fact)
    if isinstance(there, Missing):
        return there
    packages = []
    for package_id, weight_mg in fact.packages:
        hq_id = known.hq_ref("package", package_id)
        if hq_id is None:
            return _no_package(package_id, fact.fulfillment_id)
        packages.append({"package_id": hq_id, "weight": grams(weight_mg)})
    body: dict[str, Any] = {"fulfillment_id": there.ident, "packages": packages, "reference": fact.reference}
    if not there.is_foreign:
        body |= {
            "from_warehouse_id": fact.warehouse_id,
            "to_address": known.party(fact.party_id),
            "carrier_hint": fact.carrier_hint,
            "service_code": fact.service_code,
            "insurance": fact.insurance,
            **there.metadata,
        }
    return post("/shipments", **{name: value for name, value in body.items() if value is not None})


class _There(NamedTuple):
    """A fulfillment as this HQ has it: by its own id, and whether another HQ gave it here."""

    ident: str
    is_foreign: bool
    metadata: Mapping[str, Any]
    """The member `metadata`, as HQ gave it; nothing where there is none, or another HQ's."""


def _there(known: Known, fact: e.OfFulfillment) -> _There | Missing:
    """By this HQ's id where it was learned; work that this HQ gave (or a copy of it) goes by its own."""
    ident = fact.fulfillment_id
    ref, here = known.hq_ref("fulfillment", ident), known.fulfillment(ident)
    if ref is not None:
        return _There(ref, True, {})
    if fact.picklist_id == f"{OURS}{ident}":
        order = here.order_id if here else ident
        return Missing(
            f"HQ's fulfillment of order {order} is not known here. It is looked for at each poll; where HQ has the "
            "order, send again once it was found, or say which it is with `edge-agent sync repair`."
        )
    return _There(ident, False, {"metadata": here.metadata} if here and here.metadata else {})


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
    fulfillment_id: str | None = None


def _read_picklist(facts: Facts, _sent: Sent, body: Any) -> Verdict:
    fact = facts[0].fact
    assert isinstance(fact, e.OfPicklist)
    answer = _OfPicklist.model_validate(body)
    return about("picklist", fact.picklist_id, answer.picklist_id or answer.id)


def read_results(facts: Facts, sent: Sent, body: Any) -> Verdict:
    """Each element has its own result, by its id or, where HQ keeps no ids, by its place."""
    results = _Results.model_validate(body).results
    elements = sent.body if isinstance(sent.body, list) else sent.body["adjustments"]
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


def _read_session(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    ident = sent.body["fulfillment_id"]
    return about("fulfillment", ident, _Session.model_validate(body).fulfillment_id or ident)


def _read_packages(facts: Facts, _sent: Sent, body: Any) -> Verdict:
    ident = only(facts, e.PackagePacked).package_id
    (package,) = _Packages.model_validate(body).packages
    return about("package", ident, package.client_package_id or ident, Learned("package", ident, package.package_id))


def _read_sealed(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("package", sent.body["package_id"], _PackageId.model_validate(body).package_id)


def _read_voided(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("package", sent.path.split("/")[3], part(_PackageId.model_validate(body).package_id))


def _read_shipment(facts: Facts, sent: Sent, body: Any) -> Verdict:
    ident, wanted = only(facts, e.ShipmentRequested).fulfillment_id, sent.body["fulfillment_id"]
    answer = _Shipment.model_validate(body)
    learned = Learned("shipment", ident, answer.shipment_id)
    return about("fulfillment", wanted, answer.fulfillment_id or wanted, learned)


BUILD: Mapping[str, Build] = {
    e.PicklistAssigned.kind: of_picklist(_assigned),
    e.PicklistStarted.kind: of_picklist(_started),
    e.PickCounted.kind: of_picklist(_counted),
    e.PickUndone.kind: of_picklist(_undone),
    e.PickShort.kind: of_picklist(_short),
    e.PicklistCompleted.kind: of_picklist(_completed),
    e.PackOpened.kind: _pack_opened,
    e.PackagePacked.kind: _packed,
    e.PackageSealed.kind: _sealed,
    e.PackageVoided.kind: _voided,
    e.ShipmentRequested.kind: _shipment,
}
READ: Mapping[str, Read] = {
    e.PicklistAssigned.kind: _read_picklist,
    e.PicklistStarted.kind: _read_picklist,
    e.PickCounted.kind: read_results,
    e.PickUndone.kind: read_results,
    e.PickShort.kind: read_results,
    e.PicklistCompleted.kind: _read_picklist,
    e.PackOpened.kind: _read_session,
    e.PackagePacked.kind: _read_packages,
    e.PackageSealed.kind: _read_sealed,
    e.PackageVoided.kind: _read_voided,
    e.ShipmentRequested.kind: _read_shipment,
}
