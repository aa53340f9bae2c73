"""What people do beside loading: open and close manifests, announce, send back to suppliers, end the day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from local_store.domain import spelling, tracing
from local_store.domain.commands import (
    CloseDay,
    CloseManifest,
    MakeNotice,
    OpenManifest,
    ShipToVendor,
    UnloadParcel,
    VendorGoods,
)
from local_store.domain.dispatch import Manifest, Parcel, close, loaded, opened, unload, why_not
from local_store.domain.events import DayClosed, NoticeMade, VendorLine, VendorShipped, decimal_text
from local_store.domain.floor import Decision
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.site import Site
from local_store.domain.stock import DAMAGED, shelf
from local_store.domain.words import phrase, say


class ToOpen(NamedTuple):
    """The parcels a call names, each with its code; None for a code that is no parcel here."""

    parcels: tuple[tuple[str, Parcel | None], ...]


class ToAnnounce(NamedTuple):
    """What a notice is about: whether it is there already, the closed manifests of its orders, and those orders."""

    exists: bool
    manifests: frozenset[str]
    fulfillment_ids: tuple[str, ...]
    not_away: str | None = None
    """The first of them that is on no closed manifest."""


class DayEnd(NamedTuple):
    """What there is at the end of a day; `closed` where it was closed before."""

    day: str
    closed: bool
    sealed: int
    dispatched: int
    manifests: int
    unsealed: int
    not_loaded: int
    labels_waiting: int
    unsent: int
    parked: int

    @property
    def is_done(self) -> bool:
        """Whether nothing stays for tomorrow."""
        return not (self.unsealed or self.not_loaded or self.labels_waiting or self.unsent or self.parked)


def open_manifest(_site: Site, by: By, loading: ToOpen, command: OpenManifest) -> Decision:
    """Begin a manifest with these parcels, all of them or none."""
    manifest_id = spelling.manifest_id(command.command_id)
    manifest = Manifest(
        manifest_id, command.carrier, command.dock, command.dispatch_date, "open", command.workplace or command.dock
    )
    facts = []
    known: dict[str, Parcel] = {}
    for code, parcel in loading.parcels:
        if parcel is None:
            return Decision(say("load.unknown", code=shown(code)))
        refusal = why_not(parcel, command.carrier)
        if refusal is not None:
            return Decision(refusal)
        if parcel.package_id not in known:  # a shipment may be named by each of its parcels
            known[parcel.package_id] = parcel
            facts.append(loaded(manifest_id, parcel))
    lanes = {parcel.lane for parcel in known.values()}
    words = {"carrier": command.carrier, "dock": command.dock, "day": command.dispatch_date}
    answer = say("load.opened", loaded=len(facts), **words)
    source = lanes.pop() if len(lanes) == 1 else None
    return Decision(answer, (opened(manifest, manifest.workplace, by.worker), *facts), source)


def close_manifest(site: Site, _by: By, manifest: Manifest | None, command: CloseManifest) -> Decision:
    """Shut the doors."""
    if manifest is None:
        return Decision(say("manifest.unknown", id=shown(command.manifest_id)))
    return close(site, manifest, without_missing=command.without_missing)


def unload_parcel(_site: Site, _by: By, found: tuple[Manifest | None, str | None], command: UnloadParcel) -> Decision:
    """Take a parcel off; `found` is the manifest, and the package that the code names."""
    manifest, package_id = found
    if manifest is None:
        return Decision(say("manifest.unknown", id=shown(command.manifest_id)))
    return unload(manifest, command.parcel, package_id, command.reason)


def make_notice(_site: Site, _by: By, found: ToAnnounce, command: MakeNotice) -> Decision:
    """Announce what left with one manifest."""
    reference = shown(command.asn_reference)
    if found.exists:
        return Decision(say("notice.exists", ref=reference))
    if found.not_away is not None or not found.manifests:
        which = found.not_away or command.manifest_id
        return Decision(say("notice.not_loaded", what=shown(which)) if which else say("notice.nothing_loaded"))
    if len(found.manifests) > 1:
        return Decision(say("notice.two_manifests"))
    fact = NoticeMade(
        asn_reference=command.asn_reference,
        manifest_id=next(iter(found.manifests)),
        fulfillment_ids=found.fulfillment_ids,
        expected_arrival=command.expected_arrival,
        destination_warehouse_id=command.destination_warehouse_id,
    )
    return Decision(say("notice.made", ref=reference, orders=len(found.fulfillment_ids)), (fact,))


def source_of(line: VendorGoods | VendorLine) -> str:
    """The account that units for a supplier come from."""
    return shelf(line.location_id) if line.location_id else DAMAGED


class ToSendBack(NamedTuple):
    """What each (account, SKU) holds, and the accounts of the units (SKU, serial number) that were seen before."""

    here: Mapping[tuple[str, str], Decimal]
    units: Mapping[tuple[str, str], str]


def ship_to_vendor(site: Site, _by: By, found: ToSendBack, command: ShipToVendor) -> Decision:
    """Send goods back to a supplier."""
    left, named = dict(found.here), set[tuple[str, str]]()
    for line in command.lines:
        if line.qty <= 0:
            return Decision(say("vendor.none", qty=decimal_text(line.qty), sku=shown(line.sku)))
        units = {(line.sku, serial) for serial in line.serials}
        if len(line.serials) > line.qty or len(units) < len(line.serials):
            words = {"serials": len(line.serials), "qty": decimal_text(line.qty), "sku": shown(line.sku)}
            return Decision(say("vendor.serials", **words))
        for serial in line.serials:
            at = found.units.get((line.sku, serial), source_of(line))
            if at != source_of(line):
                words = {"serial": shown(serial), "sku": shown(line.sku), "where": tracing.in_words(at)}
                return Decision(say("vendor.unit_elsewhere", **words))
        account = (source_of(line), line.sku)
        there = left.get(account, Decimal(0))
        if there < line.qty:
            there_is = phrase("at {which}", which=shown(line.location_id or ""))
            where = there_is if line.location_id else phrase("set aside as damaged")
            words = {"qty": decimal_text(line.qty), "sku": shown(line.sku), "where": where}
            return Decision(say("vendor.too_few", here=decimal_text(max(there, Decimal(0))), **words))
        if units & named:
            words = {"serials": len(line.serials), "qty": decimal_text(line.qty), "sku": shown(line.sku)}
            return Decision(say("vendor.serials", **words))
        named |= units
        left[account] = there - line.qty
    fact = VendorShipped(
        vendor_shipment_id=f"vsh_{command.command_id.hex}",
        vendor=command.vendor,
        warehouse_id=site.warehouse_id,
        lines=tuple(VendorLine(**line.model_dump()) for line in command.lines),
        rma_reference=command.rma_reference,
        return_id=command.return_id,
    )
    many = decimal_text(sum((line.qty for line in command.lines), Decimal(0)))
    return Decision(say("vendor.shipped", units=many, vendor=shown(command.vendor)), (fact,))


def close_day(_site: Site, _by: By, end: DayEnd, command: CloseDay) -> Decision:
    """Close the day with its figures."""
    if end.closed:
        return Decision(say("day.closed_already", day=end.day))
    if not (end.is_done or command.leave_open):
        words = {"unsealed": end.unsealed, "not_loaded": end.not_loaded, "labels": end.labels_waiting}
        return Decision(say("day.left", unsent=end.unsent, parked=end.parked, **words))
    figures = {name: value for name, value in end._asdict().items() if name != "closed"}
    answer = say("day.closed", day=end.day, dispatched=end.dispatched, manifests=end.manifests)
    return Decision(answer, (DayClosed.model_validate(figures),))
