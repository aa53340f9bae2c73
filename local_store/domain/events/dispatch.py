"""Loading, manifests, notices and the end of a day."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from local_store.domain.events.base import Fact, Quantity, Stored


class OfManifest(Fact):
    """A fact about one manifest: what one carrier takes from one dock in one go."""

    manifest_id: str

    @property
    def entity(self) -> str:
        """The manifest."""
        return f"manifest:{self.manifest_id}"


class ManifestOpened(OfManifest):
    """Somebody begins to load for a carrier, or goes on with a manifest that was left. `dispatch_date` is a day."""

    kind: ClassVar[str] = "manifest.opened"
    carrier: str
    dock: str
    dispatch_date: str
    workplace: str
    worker_id: str


class ParcelLoaded(OfManifest):
    """A sealed parcel was scanned onto a manifest. HQ must know its shipment first."""

    kind: ClassVar[str] = "parcel.loaded"
    for_hq: ClassVar[bool] = True
    package_id: str
    fulfillment_id: str
    sscc: str

    @property
    def follows(self) -> str | None:
        """The fulfillment, whose shipment it is part of."""
        return f"fulfillment:{self.fulfillment_id}"


class ParcelUnloaded(OfManifest):
    """A parcel was taken off a manifest before it closed."""

    kind: ClassVar[str] = "parcel.unloaded"
    package_id: str
    reason: str


class LoadedParcel(Stored):
    """A parcel on a manifest that is closed."""

    package_id: str
    fulfillment_id: str
    sscc: str


class ManifestClosed(OfManifest):
    """The doors are shut: these parcels left the house. `left_behind` should have been on it, by package id."""

    kind: ClassVar[str] = "manifest.closed"
    for_hq: ClassVar[bool] = True
    carrier: str
    dock: str
    warehouse_id: str
    dispatch_date: str
    parcels: tuple[LoadedParcel, ...]
    left_behind: tuple[str, ...] = ()


class ManifestDispatched(OfManifest):
    """The carrier took them: HQ submits the manifest. Follows its closing at once; HQ has two calls for it."""

    kind: ClassVar[str] = "manifest.dispatched"
    for_hq: ClassVar[bool] = True


class NoticeMade(Fact):
    """Another house is told what is on its way to it: the parcels of one closed manifest, or some of them."""

    kind: ClassVar[str] = "notice.made"
    for_hq: ClassVar[bool] = True
    asn_reference: str
    manifest_id: str
    fulfillment_ids: tuple[str, ...]
    expected_arrival: str | None = None
    destination_warehouse_id: str | None = None

    @property
    def entity(self) -> str:
        """The notice."""
        return f"notice:{self.asn_reference}"

    @property
    def follows(self) -> str | None:
        """The manifest, which follows every shipment on it."""
        return f"manifest:{self.manifest_id}"


class VendorLine(Stored):
    """Units that go back to a supplier, from a shelf, or from what is set aside as damaged where none is named."""

    sku: str
    qty: Quantity
    location_id: str | None = None
    serials: tuple[str, ...] = ()


class VendorShipped(Fact):
    """Goods went back to a supplier, for a refund or for repair."""

    kind: ClassVar[str] = "vendor.shipped"
    for_hq: ClassVar[bool] = True
    vendor_shipment_id: str
    vendor: str
    warehouse_id: str
    lines: tuple[VendorLine, ...]
    rma_reference: str | None = None
    return_id: str | None = None
    """The return the goods came with, where they came with one."""

    @property
    def entity(self) -> str:
        """The shipment to the supplier."""
        return f"vendor_shipment:{self.vendor_shipment_id}"


class DayClosed(Fact):
    """A supervisor closed the day: what left, and what stays for tomorrow."""

    kind: ClassVar[str] = "day.closed"
    day: str
    sealed: int = Field(ge=0)
    """Parcels sealed on this day."""
    dispatched: int = Field(ge=0)
    """Parcels that left on this day."""
    manifests: int = Field(ge=0)
    unsealed: int = Field(ge=0)
    """Parcels that are still open."""
    not_loaded: int = Field(ge=0)
    """Sealed parcels that are on no manifest that closed."""
    labels_waiting: int = Field(ge=0)
    """Labels that wait for a printer or for a person."""
    unsent: int = Field(ge=0)
    parked: int = Field(ge=0)
