"""Every fact that can be written to the journal. One long file, because it is the list in which people look facts up.

An event says what became true, with the totals after it, so that a projection needs nothing but the event.
`entity` is what HQ must see in order; `follows` is another entity whose earlier facts must have gone first.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


def decimal_text(value: Decimal) -> str:
    """A quantity as normalised text: no exponent, no trailing zeros after the point (`12`, `0.5`)."""
    text = str(value)
    if text.isdigit():
        return text
    text = format(value, "f")
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short == "-0" else short


Quantity = Annotated[Decimal, PlainSerializer(decimal_text, return_type=str)]
"""A count or measure of goods: Decimal inside, normalised text in JSON, never a float."""


class Fact(BaseModel):
    """Base of every event."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    for_hq: ClassVar[bool] = False
    """True for a fact about goods that an HQ should learn; each lane delivers it or counts it as not deliverable."""

    @property
    def entity(self) -> str:
        """The thing whose facts must reach HQ in order, e.g. `picklist:PL-1`."""
        return "station"

    @property
    def follows(self) -> str | None:
        """Another entity whose earlier facts must have reached HQ first."""
        return None


class OfPicklist(Fact):
    """A fact about one picklist."""

    picklist_id: str

    @property
    def entity(self) -> str:
        """The picklist."""
        return f"picklist:{self.picklist_id}"


class OfFulfillment(Fact):
    """A fact about one fulfillment; HQ must know first what was picked for it."""

    fulfillment_id: str
    picklist_id: str | None = None

    @property
    def entity(self) -> str:
        """The fulfillment."""
        return f"fulfillment:{self.fulfillment_id}"

    @property
    def follows(self) -> str | None:
        """The picklist it was picked on."""
        return f"picklist:{self.picklist_id}" if self.picklist_id else None


# --- the station ------------------------------------------------------------------------------------------------


class StationStarted(Fact):
    """The agent started: a new epoch begins after the row before."""

    kind: ClassVar[str] = "station.started"
    epoch: int
    epoch_id: str
    app_version: str


class WorkerSignedIn(Fact):
    """A worker's badge was scanned at a workplace."""

    kind: ClassVar[str] = "worker.signed_in"
    workplace: str
    worker_id: str


class WorkerSignedOut(Fact):
    """The worker left the workplace."""

    kind: ClassVar[str] = "worker.signed_out"
    workplace: str
    worker_id: str


class ScanRefused(Fact):
    """A scan that was not what the open work needs: a mis-scan, kept for the figures and the story."""

    kind: ClassVar[str] = "scan.refused"
    workplace: str
    code: str
    symbology: str | None
    device: str
    reason: str
    work: str | None = None


# --- work and products that HQ gave -----------------------------------------------------------------------------


class Barcode(BaseModel):
    """One code a product carries; a case code has a multiplier above one."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    barcode: str
    multiplier: int = Field(default=1, ge=1)


class ProductReceived(Fact):
    """HQ described a product (or changed its description)."""

    kind: ClassVar[str] = "product.received"
    sku: str
    name: str
    pack_text: str = ""
    nominal_weight_mg: int | None = Field(default=None, ge=0)
    location_id: str | None = None
    barcodes: tuple[Barcode, ...] = ()


class WorkLine(BaseModel):
    """One line of a fulfillment: what was ordered, and what an earlier station already picked."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    order_line_id: str
    sku: str
    qty: Quantity
    picked: Quantity = Decimal(0)


class FulfillmentReceived(Fact):
    """HQ asked for goods to be sent. Name and address are in the party table, never here."""

    kind: ClassVar[str] = "work.fulfillment_received"
    lane: str
    fulfillment_id: str
    order_id: str
    warehouse_id: str
    party_id: str
    lines: tuple[WorkLine, ...]
    ship_by: str | None = None
    carrier_hint: str | None = None
    service_code: str | None = None
    insurance: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    picked: bool = False


class TaskPlan(BaseModel):
    """One line to pick, as HQ planned it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    task_id: str
    fulfillment_id: str
    order_line_id: str
    location_id: str
    sku: str
    qty: Quantity


Priority = Literal["low", "normal", "high", "urgent"]


class PicklistReceived(Fact):
    """HQ gave a picklist; tasks stand in walking order."""

    kind: ClassVar[str] = "work.picklist_received"
    lane: str
    picklist_id: str
    priority: Priority
    ship_by: str | None
    tasks: tuple[TaskPlan, ...]


# --- picking ----------------------------------------------------------------------------------------------------


class PicklistAssigned(OfPicklist):
    """A worker took the picklist at this station: HQ keeps others off it."""

    kind: ClassVar[str] = "picklist.assigned"
    for_hq: ClassVar[bool] = True
    worker_id: str
    workplace: str


class PicklistStarted(OfPicklist):
    """Picking began."""

    kind: ClassVar[str] = "picklist.started"
    for_hq: ClassVar[bool] = True
    worker_id: str
    workplace: str


class LocationConfirmed(OfPicklist):
    """The picker stands at this location."""

    kind: ClassVar[str] = "pick.location_confirmed"
    location_id: str


class PickCounted(OfPicklist):
    """Goods were taken for a task: `qty` now, `picked` in all."""

    kind: ClassVar[str] = "pick.counted"
    for_hq: ClassVar[bool] = True
    task_id: str
    count_id: str
    location_id: str
    sku: str
    qty: Quantity
    picked: Quantity
    status: str


class PickUndone(OfPicklist):
    """The last count (or short) of the list was taken back by the picker."""

    kind: ClassVar[str] = "pick.undone"
    for_hq: ClassVar[bool] = True
    task_id: str
    count_id: str
    undo_id: str
    qty: Quantity
    picked: Quantity
    status: str


class PickShort(OfPicklist):
    """The rest of a task cannot be picked here."""

    kind: ClassVar[str] = "pick.short"
    for_hq: ClassVar[bool] = True
    task_id: str
    count_id: str
    location_id: str
    sku: str
    qty: Quantity
    reason: str
    status: str


class PickSkipped(OfPicklist):
    """The task was put off; it comes back after the others."""

    kind: ClassVar[str] = "pick.skipped"
    task_id: str
    status: str


class ToteAssigned(OfPicklist):
    """A tote was taken for one fulfillment of the list."""

    kind: ClassVar[str] = "pick.tote_assigned"
    fulfillment_id: str
    tote_id: str


class PickedLine(BaseModel):
    """What was picked for one order line."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    fulfillment_id: str
    order_line_id: str
    picked: Quantity


class PicklistCompleted(OfPicklist):
    """Every task is done or short."""

    kind: ClassVar[str] = "picklist.completed"
    for_hq: ClassVar[bool] = True
    pick_confirmation_id: str
    workplace: str
    lines: tuple[PickedLine, ...]


# --- packing ----------------------------------------------------------------------------------------------------


class PackOpened(OfFulfillment):
    """A packer opened a fulfillment; its first package is open."""

    kind: ClassVar[str] = "pack.opened"
    for_hq: ClassVar[bool] = True
    workplace: str
    worker_id: str
    package_id: str


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


class PackedItem(BaseModel):
    """What one package holds of one order line."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    order_line_id: str
    sku: str
    qty: Quantity


class PackagePacked(OfFulfillment):
    """The contents and weight of a package are final."""

    kind: ClassVar[str] = "package.packed"
    for_hq: ClassVar[bool] = True
    package_id: str
    weight_mg: int
    sscc: str
    items: tuple[PackedItem, ...]


class PackageSealed(OfFulfillment):
    """The package is closed; it never changes again."""

    kind: ClassVar[str] = "package.sealed"
    for_hq: ClassVar[bool] = True
    workplace: str
    package_id: str
    sscc: str
    sscc_serial: int


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
    insurance: dict[str, Any] | None


# --- labels -----------------------------------------------------------------------------------------------------


class LabelRequested(OfFulfillment):
    """A shipping label is wanted for a sealed package; the job waits in the spool."""

    kind: ClassVar[str] = "label.requested"
    job_id: str
    package_id: str
    sscc: str
    workplace: str
    copy_no: int = 1


class LabelConfirmed(OfFulfillment):
    """There is evidence that the label came out."""

    kind: ClassVar[str] = "label.confirmed"
    job_id: str
    package_id: str
    evidence: Literal["counter", "scan", "person"]


class LabelUncertain(OfFulfillment):
    """Nobody knows whether the label came out; `reason` says why in a sentence."""

    kind: ClassVar[str] = "label.uncertain"
    job_id: str
    package_id: str
    reason: str


class LabelReprintApproved(OfFulfillment):
    """A person said that the label did not come out or is damaged: it is printed again, marked as a copy."""

    kind: ClassVar[str] = "label.reprint_approved"
    job_id: str
    package_id: str
    decision: Literal["did_not", "damaged"]
    copy_no: int


# --- what HQ answered -------------------------------------------------------------------------------------------


class HqRefLearned(Fact):
    """HQ gave its own id to something of ours."""

    kind: ClassVar[str] = "hq.ref_learned"
    lane: str
    thing: Literal["package", "shipment", "pack_session"]
    local_id: str
    hq_id: str


def _all_kinds(base: type[Fact]) -> dict[str, type[Fact]]:
    found: dict[str, type[Fact]] = {}
    for child in base.__subclasses__():
        if "kind" in vars(child):
            found[child.kind] = child
        found |= _all_kinds(child)
    return found


KINDS: dict[str, type[Fact]] = _all_kinds(Fact)
"""Every event by its kind."""
