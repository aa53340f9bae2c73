"""Packing: parcels, their contents and weights."""

from __future__ import annotations

from typing import ClassVar

from local_store.domain.events.base import Details, Dimensions, Fact, NumberKind, OfFulfillment, Quantity, Stored


class PackOpened(OfFulfillment):
    """A packer opened a fulfillment; its first package is open."""

    kind: ClassVar[str] = "pack.opened"
    for_hq: ClassVar[bool] = True
    workplace: str
    worker_id: str
    package_id: str
    number: int = 1
    """Which parcel of the order it is."""


class PackCounted(OfFulfillment):
    """Goods were verified into the package: `qty` now, `packed` in all."""

    kind: ClassVar[str] = "pack.counted"
    package_id: str
    order_line_id: str
    count_id: str
    sku: str
    qty: Quantity
    packed: Quantity


class PackUndone(OfFulfillment):
    """The last count into the package was taken back."""

    kind: ClassVar[str] = "pack.undone"
    package_id: str
    order_line_id: str
    count_id: str
    qty: Quantity
    packed: Quantity


class PackageWeighed(OfFulfillment):
    """The scale's stable weight was accepted for the package."""

    kind: ClassVar[str] = "package.weighed"
    package_id: str
    weight_mg: int
    scale: str
    expected_mg: int | None
    tolerance_mg: int | None
    reason: str | None = None
    tare_mg: int | None = None
    """What the parcel was taken to weigh empty; None in facts from before weights were learned."""


class PickedAs(Stored):
    """Units of an order line that picking knows more of: their lot, their serial numbers, or that they are others.

    `sku` is not that of the line where a substitute was picked; `lot_id` is empty where it is not known.
    """

    sku: str
    qty: Quantity
    lot_id: str = ""
    serials: tuple[str, ...] = ()


class PackedItem(Stored):
    """What one package holds of one order line."""

    order_line_id: str
    sku: str
    qty: Quantity
    serials: tuple[str, ...] = ()
    lots: tuple[tuple[str, Quantity], ...] = ()
    """(lot, units), as far as they were scanned."""
    picked: tuple[PickedAs, ...] = ()
    """As what they leave the goods that are picked; of the rest nothing was known there."""


class PackagePacked(OfFulfillment):
    """The contents and weight of a package are final."""

    kind: ClassVar[str] = "package.packed"
    for_hq: ClassVar[bool] = True
    package_id: str
    weight_mg: int
    sscc: str
    items: tuple[PackedItem, ...]
    dimensions: Dimensions | None = None


class UsedNumber(Stored):
    """A number that was given out, from which block, and as people read it."""

    kind: NumberKind
    block_id: str
    number: int
    text: str


class PackageSealed(OfFulfillment):
    """The package is closed; it never changes again. Its numbers are used up, whatever becomes of it."""

    kind: ClassVar[str] = "package.sealed"
    for_hq: ClassVar[bool] = True
    workplace: str
    package_id: str
    sscc: str
    sscc_serial: int
    numbers: tuple[UsedNumber, ...] = ()
    last: bool = True
    """Whether the order is packed with it; False where another parcel of it is still open."""


class ShipmentRequested(OfFulfillment):
    """The sealed packages of a fulfillment wait for their carrier."""

    kind: ClassVar[str] = "shipment.requested"
    for_hq: ClassVar[bool] = True
    warehouse_id: str
    party_id: str
    packages: tuple[tuple[str, int], ...]
    """(package_id, weight_mg)"""
    reference: str
    carrier_hint: str | None
    service_code: str | None
    insurance: Details | None


# --- several parcels of an order ---------------------------------------------------------------------------------


class OfParcelLeft(OfFulfillment):
    """Another parcel is the one that scans go into from now on."""

    package_id: str
    """The parcel that scans go into."""
    left_id: str | None = None
    """The parcel that was left, where it is not sealed; `left` is what it holds."""
    left: tuple[PackedItem, ...] = ()


class PackageOpened(OfParcelLeft):
    """A further parcel of the order is open."""

    kind: ClassVar[str] = "package.opened"
    number: int


class PackageChosen(OfParcelLeft):
    """The packer goes on with this parcel; a weight it had no longer holds."""

    kind: ClassVar[str] = "package.chosen"


class UnitsRepacked(OfFulfillment):
    """Units were taken out of one open parcel and put into another; weights of both no longer hold."""

    kind: ClassVar[str] = "package.repacked"
    source_id: str
    target_id: str
    order_line_id: str
    sku: str
    qty: Quantity
    serials: tuple[str, ...] = ()


class PackShort(OfFulfillment):
    """The rest of a line was picked and is not there to be packed."""

    kind: ClassVar[str] = "pack.short"
    for_hq: ClassVar[bool] = True
    order_line_id: str
    count_id: str
    sku: str
    qty: Quantity
    reason: str


class PackageVoided(OfFulfillment):
    """A sealed parcel was wrong: it is taken apart, what was in it is to be packed again. Its number stays used."""

    kind: ClassVar[str] = "package.voided"
    for_hq: ClassVar[bool] = True
    package_id: str
    sscc: str
    reason: str
    approved_by: str
    items: tuple[PackedItem, ...]


class PackResumed(OfFulfillment):
    """Of several orders open at a workplace, the packer goes on with this one."""

    kind: ClassVar[str] = "pack.resumed"
    workplace: str


# --- what is known of single units -------------------------------------------------------------------------------


class PackInHand(OfFulfillment):
    """A unit of this line is in hand and still lacks its serial number; None when it was put down again."""

    kind: ClassVar[str] = "pack.in_hand"
    order_line_id: str | None


class UnitIdentified(OfFulfillment):
    """Of what a count put into a parcel, the serial number or the lot is known."""

    kind: ClassVar[str] = "pack.unit_identified"
    package_id: str
    order_line_id: str
    count_id: str
    sku: str
    qty: Quantity
    serial: str | None = None
    lot_id: str | None = None
    expires_on: str | None = None


# --- what is done about a parcel before it is sealed --------------------------------------------------------------


class NoteConfirmed(OfFulfillment):
    """The packer read what the order asks for and confirmed it."""

    kind: ClassVar[str] = "pack.note_confirmed"
    code: str
    sentence: str
    worker_id: str


class CartonChosen(OfFulfillment):
    """The parcel is this box; the weight is that of the empty box."""

    kind: ClassVar[str] = "package.carton_chosen"
    package_id: str
    carton_id: str
    name: str
    tare_mg: int


class MaterialUsed(OfFulfillment):
    """Packing material went into the parcel; `tare_mg` is what the parcel weighs empty, with it."""

    kind: ClassVar[str] = "package.material_used"
    package_id: str
    material: str
    qty: Quantity
    tare_mg: int


class PackageMeasured(OfFulfillment):
    """The outer size of the parcel."""

    kind: ClassVar[str] = "package.measured"
    package_id: str
    dimensions: Dimensions


class PackagePhotographed(OfFulfillment):
    """A photo of what is in the parcel is kept under this SHA-256."""

    kind: ClassVar[str] = "package.photographed"
    package_id: str
    sha256: str


class Carton(Stored):
    """A box there is: inner size, the weight of the empty box, and the most it may weigh."""

    carton_id: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    tare_mg: int | None = None
    max_mg: int | None = None


class CartonsTold(Fact):
    """HQ said which boxes there are: all of them."""

    kind: ClassVar[str] = "cartons.told"
    lane: str
    cartons: tuple[Carton, ...]
