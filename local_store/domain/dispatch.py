"""Loading parcels for a carrier, scan by scan, until the doors are shut. Pure.

The first parcel that is scanned at a dock opens a manifest for its carrier, so that a scanner is all it takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from local_store.domain import states
from local_store.domain.commands import Complete, FloorCommand, OpenWork, Scan, Undo
from local_store.domain.events import (
    Fact,
    LoadedParcel,
    ManifestClosed,
    ManifestDispatched,
    ManifestOpened,
    ParcelLoaded,
    ParcelUnloaded,
)
from local_store.domain.floor import Decision, Floor
from local_store.domain.meaning import shown
from local_store.domain.site import Site, Worker
from local_store.domain.words import Answer, either, listed, say

MOST_NAMED = 5
"""Orders named in one sentence."""
MOST_MISSING = 1000
"""Parcels that are looked through for those that should be on a manifest."""


class OnBoard(NamedTuple):
    """A parcel on a manifest."""

    package_id: str
    fulfillment_id: str
    order_id: str
    sscc: str


class Manifest(NamedTuple):
    """A manifest as it stands; what is on it stands in the order of loading."""

    manifest_id: str
    carrier: str
    dock: str
    dispatch_date: str
    status: str
    workplace: str
    parcels: tuple[OnBoard, ...] = ()
    missing: tuple[OnBoard, ...] = ()
    """Sealed parcels for this carrier that are on no manifest and may leave; known while it is open."""


class Parcel(NamedTuple):
    """A parcel as loading needs it."""

    package_id: str
    fulfillment_id: str
    order_id: str
    lane: str
    sscc: str
    status: states.Package | None
    """None where the order has no package yet."""
    carrier_hint: str | None = None
    voided: bool = False
    """Whether its number was burned, or the label that was scanned."""
    asks: str | None = None
    """Why nothing is done about the order before somebody has decided."""
    manifest: Manifest | None = None
    """The manifest it is on."""
    by_order_code: bool = False
    """Whether the code that was scanned names the order and not the box."""


class Desk(NamedTuple):
    """What a dock is shown of the store."""

    manifest: Manifest | None = None
    asked: Manifest | None = None
    """The manifest that a code or id names; or the open one for the carrier of a parcel, where none is open here."""
    parcel: Parcel | None = None
    fresh: Manifest | None = None
    """One that this scan may begin: for the carrier of the parcel, today."""


def carriers_of(hint: str | None) -> tuple[str, ...]:
    """The carriers that may take an order: HQ names one, or several as `DHL|UPS`."""
    return tuple(filter(None, (each.strip() for each in (hint or "").split("|"))))


def takes(carrier: str, hint: str | None) -> bool:
    """Whether a carrier may take an order for which HQ said `hint`; any may where HQ said nothing."""
    named = carriers_of(hint)
    return not named or carrier.casefold() in {each.casefold() for each in named}


def decide(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    """What an act at a dock leads to."""
    desk: Desk = floor.desk
    match command:
        case Scan() | OpenWork():
            code = command.code if isinstance(command, Scan) else command.id
            if desk.parcel is not None:
                return _load(site, desk, desk.parcel, worker, command)
            if desk.asked is not None:
                return _resume(desk.asked, command.workplace, worker)
            return Decision(say("load.unknown", code=shown(code)))
        case Undo():
            return _undo(desk.manifest)
        case Complete():
            return Decision(say("load.none")) if desk.manifest is None else close(site, desk.manifest)
    return Decision(say("load.one_by_one"))


def close(site: Site, manifest: Manifest, *, without_missing: bool = False) -> Decision:
    """Shut the doors: what is on it left the house."""
    if manifest.status != "open":
        return Decision(_closed_already(manifest))
    if not manifest.parcels:
        return Decision(say("manifest.empty", id=manifest.manifest_id))
    if manifest.missing and not without_missing:
        orders = _named(each.order_id for each in manifest.missing)
        words = {"missing": len(manifest.missing), "carrier": manifest.carrier, "orders": orders}
        return Decision(say("manifest.missing", **words))
    closed = ManifestClosed(
        manifest_id=manifest.manifest_id,
        carrier=manifest.carrier,
        dock=manifest.dock,
        warehouse_id=site.warehouse_id,
        dispatch_date=manifest.dispatch_date,
        parcels=tuple(
            LoadedParcel(package_id=each.package_id, fulfillment_id=each.fulfillment_id, sscc=each.sscc)
            for each in manifest.parcels
        ),
        left_behind=tuple(each.package_id for each in manifest.missing),
    )
    words = {"carrier": manifest.carrier, "loaded": len(manifest.parcels), "missing": len(manifest.missing)}
    return Decision(say("manifest.closed", **words), (closed, ManifestDispatched(manifest_id=manifest.manifest_id)))


def why_not(parcel: Parcel, carrier: str | None) -> Answer | None:
    """Why a parcel must not go onto a manifest of `carrier` (None: of any); None when it may."""
    order = {"order": parcel.order_id}
    if parcel.status is not states.Package.SEALED:
        return say("load.not_sealed", **order)
    if parcel.by_order_code:
        return say("load.order_code", code=shown(parcel.order_id), **order)
    on = parcel.manifest
    if on is not None and on.status == "open":
        return say("load.already", **order, manifest=on.manifest_id, carrier=on.carrier, dock=on.dock)
    if on is not None:
        return say("load.left", **order, manifest=on.manifest_id, carrier=on.carrier, day=on.dispatch_date)
    if parcel.voided:
        return say("load.voided", **order, sscc=parcel.sscc)
    if parcel.asks is not None:
        return say("load.asks", **order, why=parcel.asks)
    if carrier is not None and not takes(carrier, parcel.carrier_hint):
        wanted = either(carriers_of(parcel.carrier_hint))
        return say("load.wrong_carrier", **order, carrier=carrier, wanted=wanted)
    return None


def opened(manifest: Manifest, workplace: str, worker: Worker) -> ManifestOpened:
    """Begin a manifest, or go on with it."""
    return ManifestOpened(
        manifest_id=manifest.manifest_id,
        carrier=manifest.carrier,
        dock=manifest.dock,
        dispatch_date=manifest.dispatch_date,
        workplace=workplace,
        worker_id=worker.worker_id,
    )


def loaded(manifest_id: str, parcel: Parcel) -> ParcelLoaded:
    """The fact that a parcel is on a manifest."""
    of = {"package_id": parcel.package_id, "fulfillment_id": parcel.fulfillment_id, "sscc": parcel.sscc}
    return ParcelLoaded(manifest_id=manifest_id, **of)


def unload(manifest: Manifest, code: str, package_id: str | None, reason: str) -> Decision:
    """Take a parcel off an open manifest."""
    if manifest.status != "open":
        return Decision(_closed_already(manifest))
    found = next((each for each in manifest.parcels if each.package_id == package_id), None)
    if found is None:
        return Decision(say("load.not_on", code=shown(code), manifest=manifest.manifest_id))
    fact = ParcelUnloaded(manifest_id=manifest.manifest_id, package_id=found.package_id, reason=reason)
    return Decision(say("load.unloaded", order=found.order_id, loaded=len(manifest.parcels) - 1), (fact,))


def _load(site: Site, desk: Desk, parcel: Parcel, worker: Worker, command: FloorCommand) -> Decision:
    manifest = desk.manifest
    refusal = why_not(parcel, manifest.carrier if manifest else None)
    if refusal is not None:
        return Decision(refusal)
    begun: tuple[Fact, ...] = ()
    if manifest is None:
        if desk.asked is None and not site.accepts_new_work:
            return Decision(say("work.no_room", work=parcel.order_id))
        manifest = desk.asked or desk.fresh
        if manifest is None:
            return Decision(say("load.no_carrier", order=parcel.order_id))
        begun = (opened(manifest, command.workplace, worker),)
    many = len(manifest.parcels) + 1
    missing = sum(each.package_id != parcel.package_id for each in manifest.missing)
    words = {"order": parcel.order_id, "loaded": many, "carrier": manifest.carrier}
    told = say("load.loaded", missing=missing, **words) if missing else say("load.all_on", **words)
    return Decision(told, (*begun, loaded(manifest.manifest_id, parcel)), parcel.lane)


def _resume(manifest: Manifest, workplace: str, worker: Worker) -> Decision:
    if manifest.status != "open":
        return Decision(_closed_already(manifest))
    words = {"carrier": manifest.carrier, "dock": manifest.dock, "day": manifest.dispatch_date}
    return Decision(say("load.opened", loaded=len(manifest.parcels), **words), (opened(manifest, workplace, worker),))


def _undo(manifest: Manifest | None) -> Decision:
    if manifest is None or not manifest.parcels:
        return Decision(say("load.none") if manifest is None else say("load.nothing_to_undo"))
    last = manifest.parcels[-1]
    fact = ParcelUnloaded(manifest_id=manifest.manifest_id, package_id=last.package_id, reason="undo")
    return Decision(say("load.undone", order=last.order_id, loaded=len(manifest.parcels) - 1), (fact,))


def _closed_already(manifest: Manifest) -> Answer:
    words = {"carrier": manifest.carrier, "day": manifest.dispatch_date}
    return say("manifest.closed_already", id=manifest.manifest_id, **words)


def _named(orders: Iterable[str]) -> str:
    """The first few orders, each once, and that there are more."""
    return listed(list(dict.fromkeys(shown(order) for order in orders)), MOST_NAMED)
