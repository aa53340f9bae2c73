"""Facts of loading and dispatch to requests of seed 001, sections 4, 5 and 11, and what HQ's answers mean. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel, Field

from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Known, Learned, Missing, Outcome, Verdict
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, about, number, only, part, post


def _loaded(facts: Facts, known: Known, _at: At) -> NewRequest | Missing:
    """HQ takes only labelled shipments onto a manifest; asked again it gives the same label."""
    fact = only(facts, e.ParcelLoaded)
    shipments = _shipments(known, [fact.fulfillment_id])
    if isinstance(shipments, Missing):
        return shipments
    return post(f"/shipments/{part(shipments[0])}/generate-label", label_format="zpl")


def _closed(facts: Facts, known: Known, _at: At) -> NewRequest | Missing:
    fact = only(facts, e.ManifestClosed)
    shipments = _shipments(known, (parcel.fulfillment_id for parcel in fact.parcels))
    if isinstance(shipments, Missing):
        return shipments
    return post(
        "/manifests",
        warehouse_id=fact.warehouse_id,
        shipments=shipments,
        carrier_id=fact.carrier,
        dispatch_date=fact.dispatch_date,
    )


def _dispatched(facts: Facts, known: Known, _at: At) -> NewRequest | Missing:
    fact = only(facts, e.ManifestDispatched)
    hq_id = known.hq_ref("manifest", fact.manifest_id)
    if hq_id is None:
        return Missing(
            f"HQ's id for manifest {fact.manifest_id} is not known here, so it cannot be submitted. Find out why HQ "
            "did not answer its making with an id, then send again."
        )
    return post(f"/manifests/{part(hq_id)}/submit")


def _notice(facts: Facts, known: Known, _at: At) -> NewRequest | Missing:
    fact = only(facts, e.NoticeMade)
    shipments = _shipments(known, fact.fulfillment_ids)
    if isinstance(shipments, Missing):
        return shipments
    told = {
        "expected_arrival": fact.expected_arrival,
        "destination_warehouse_id": fact.destination_warehouse_id,
    }
    more = {name: value for name, value in told.items() if value is not None}
    return post("/asn", asn_reference=fact.asn_reference, shipments=shipments, **more)


def _vendor(facts: Facts, known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.VendorShipped)
    lines = []
    for line in fact.lines:
        at = line.location_id and (known.hq_ref("location", line.location_id) or line.location_id)
        lines.append({"sku": line.sku, "qty": number(line.qty)} | ({"location_id": at} if at else {}))
    more = {"rma_reference": fact.rma_reference} if fact.rma_reference else {}
    return post("/vendor-shipments", warehouse_id=fact.warehouse_id, vendor=fact.vendor, lines=lines, **more)


def _shipments(known: Known, fulfillment_ids: Iterable[str]) -> list[str] | Missing:
    """HQ's shipments of these, each once."""
    found = []
    for ident in dict.fromkeys(fulfillment_ids):
        hq_id = known.hq_ref("shipment", ident)
        if hq_id is None:
            return Missing(
                f"HQ's id for the shipment of {ident} is not known here, so HQ cannot be told that it left. Find out "
                "why HQ did not answer the shipment with an id, then send again."
            )
        found.append(hq_id)
    return list(dict.fromkeys(found))


# --- answers ----------------------------------------------------------------------------------------------------


class _Label(BaseModel):
    carrier_tracking_number: str = Field(min_length=1, max_length=120)


class _Manifest(BaseModel):
    manifest_id: str = Field(validation_alias=AliasChoices("id", "manifest_id"), min_length=1, max_length=120)


class _Notice(BaseModel):
    asn_reference: str
    asn_id: str | None = Field(default=None, max_length=120)


class _Vendor(BaseModel):
    ident: str = Field(validation_alias=AliasChoices("id", "vendor_shipment_id"), min_length=1, max_length=120)
    vendor: str


def _read_label(_facts: Facts, _sent: Sent, body: Any) -> Verdict:
    """The answer does not say whose label it is; the call does."""
    _Label.model_validate(body)
    return Verdict(Outcome.OK)


def _read_manifest(facts: Facts, _sent: Sent, body: Any) -> Verdict:
    ident = only(facts, e.ManifestClosed).manifest_id
    hq_id = _Manifest.model_validate(body).manifest_id
    return Verdict(Outcome.OK, learned=(Learned("manifest", ident, hq_id),))


def _read_submitted(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("manifest", sent.ident, _Manifest.model_validate(body).manifest_id)


def _read_notice(facts: Facts, sent: Sent, body: Any) -> Verdict:
    answer = _Notice.model_validate(body)
    ident = only(facts, e.NoticeMade).asn_reference
    learned = (Learned("notice", ident, answer.asn_id),) if answer.asn_id else ()
    return about("notice", sent.body["asn_reference"], answer.asn_reference, *learned)


def _read_vendor(facts: Facts, sent: Sent, body: Any) -> Verdict:
    answer = _Vendor.model_validate(body)
    learned = Learned("vendor_shipment", only(facts, e.VendorShipped).vendor_shipment_id, answer.ident)
    return about("goods for", sent.body["vendor"], answer.vendor, learned)


BUILD: Mapping[str, Build] = {
    e.ParcelLoaded.kind: _loaded,
    e.ManifestClosed.kind: _closed,
    e.ManifestDispatched.kind: _dispatched,
    e.NoticeMade.kind: _notice,
    e.VendorShipped.kind: _vendor,
}
READ: Mapping[str, Read] = {
    e.ParcelLoaded.kind: _read_label,
    e.ManifestClosed.kind: _read_manifest,
    e.ManifestDispatched.kind: _read_submitted,
    e.NoticeMade.kind: _read_notice,
    e.VendorShipped.kind: _read_vendor,
}
