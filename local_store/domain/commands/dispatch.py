"""Loading, manifests, notices and the end of a day."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from local_store.domain.commands.base import Amount, Code, Id, Reason, WorkerCommand

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Carrier = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")]
"""A time as RFC 3339 in UTC."""

MOST_PARCELS = 1000
"""Parcels that are put onto a manifest in one call: more than a trailer holds."""
_LOADERS = frozenset({"packer", "receiver", "supervisor", "admin"})
_CLOSERS = frozenset({"supervisor", "admin"})


class OpenManifest(WorkerCommand):
    """Begin to load for a carrier at a dock; `parcels` are put on at once, all of them or none."""

    kind: ClassVar[str] = "manifest-open"
    roles: ClassVar[frozenset[str]] = _LOADERS
    carrier: Carrier
    dock: Id
    dispatch_date: Day
    parcels: Annotated[tuple[Code, ...], Field(max_length=MOST_PARCELS)] = ()


class UnloadParcel(WorkerCommand):
    """Take a parcel off an open manifest, by any code on it."""

    kind: ClassVar[str] = "parcel-unload"
    roles: ClassVar[frozenset[str]] = _LOADERS
    manifest_id: Id
    parcel: Code
    reason: Reason


class CloseManifest(WorkerCommand):
    """Shut the doors; `without_missing` leaves behind what should be on it."""

    kind: ClassVar[str] = "manifest-close"
    roles: ClassVar[frozenset[str]] = _LOADERS
    manifest_id: Id
    without_missing: bool = False


class MakeNotice(WorkerCommand):
    """Tell another house what is on its way: a closed manifest, or `fulfillment_ids` of it."""

    kind: ClassVar[str] = "notice-make"
    roles: ClassVar[frozenset[str]] = _LOADERS
    asn_reference: Id
    manifest_id: Id | None = None
    fulfillment_ids: Annotated[tuple[Id, ...], Field(max_length=MOST_PARCELS)] = ()
    expected_arrival: Moment | None = None
    destination_warehouse_id: Id | None = None


class VendorGoods(BaseModel):
    """Units of one product that go back; see `events.VendorLine`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    sku: Id
    qty: Amount
    location_id: Id | None = None
    serials: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


class ShipToVendor(WorkerCommand):
    """Goods go back to a supplier; what of it is more than is here is refused."""

    kind: ClassVar[str] = "vendor-ship"
    roles: ClassVar[frozenset[str]] = _CLOSERS
    vendor: Carrier
    lines: Annotated[tuple[VendorGoods, ...], Field(min_length=1, max_length=1000)]
    rma_reference: Id | None = None
    return_id: Id | None = None


class CloseDay(WorkerCommand):
    """The day is over; `leave_open` says that somebody has seen what is left."""

    kind: ClassVar[str] = "day-close"
    roles: ClassVar[frozenset[str]] = _CLOSERS
    leave_open: bool = False
