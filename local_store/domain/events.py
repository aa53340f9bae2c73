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


NumberKind = Literal["sscc", "package", "parcel"]
"""What numbers are for: the logistic unit on its label, the package in the house, the parcel on its way."""


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _in_order(value[name]) for name in sorted(value)}
    return [_in_order(each) for each in value] if isinstance(value, list) else value


Details = Annotated[dict[str, Any], PlainSerializer(_in_order)]
"""What HQ said and nobody here looks into: kept as it is, its members in the order of their names."""


class Stored(BaseModel):
    """Base of all that stands in a body. Members are written in the order of their names: one fact, one text."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Members are written in the order of the fields, whose validator is built at first use only."""
        cls.__pydantic_fields__ = dict(sorted(cls.__pydantic_fields__.items()))


class Fact(Stored):
    """Base of every event."""

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

    @property
    def told(self) -> Fact:
        """The fact that HQ is told of: this one, or the one it brings back."""
        return self


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
    reason: Literal["install", "start", "restore", "clone", "salvage"] = "start"
    host: str = ""
    """Fingerprint of the machine and file, see `identity.host_fingerprint`."""
    lanes: tuple[str, ...] = ()
    """The lanes to which every fact of this run is promised, so that a promise that is lost can be missed."""


class StationFenced(Fact):
    """This store may be behind, or one of two: a new lineage begins with this epoch, and no old number is used."""

    kind: ClassVar[str] = "station.fenced"
    epoch: int
    epoch_id: str
    reason: Literal["restore", "clone", "salvage"]
    sentence: str


class FenceSettled(Fact):
    """The store holds everything its station did, as far as anybody can tell: printing goes on."""

    kind: ClassVar[str] = "station.fence_settled"
    lineage: str
    by: str
    """The lane whose HQ had the history, or `person`."""
    recovered: int = 0
    note: str = ""


class HistoryRecovered(Fact):
    """A fact of this station that another lineage recorded and HQ gave back. `applied` where it changes the views.

    Its journal row carries the event id and command id of the original.
    """

    kind: ClassVar[str] = "history.recovered"
    lineage: str
    origin_seq: int
    origin_hash: str
    origin_wall_ms: int
    event_kind: str
    event_version: int
    body: str
    """The original body, as it was hashed."""
    applied: bool = True

    @property
    def told(self) -> Fact:
        """The original fact; this one itself when a newer agent wrote a kind that is not known here."""
        known = KINDS.get(self.event_kind)
        is_known = known is not None and known.version == self.event_version
        return known.model_validate_json(self.body) if known is not None and is_known else self

    @property
    def entity(self) -> str:
        """That of the original."""
        told = self.told
        return "station" if told is self else told.entity

    @property
    def follows(self) -> str | None:
        """That of the original."""
        told = self.told
        return None if told is self else told.follows


class HistoryConflict(Fact):
    """The same work was done here and in another lineage: a person looks where the goods are."""

    kind: ClassVar[str] = "history.conflict"
    subject: str
    sentence: str


class HistoryConflictSettled(Fact):
    """A person has looked."""

    kind: ClassVar[str] = "history.conflict_settled"
    subject: str
    note: str


class StationClockJumped(Fact):
    """The wall clock was set, or the machine came up with another time. Order is by `seq`, so nothing else changes.

    Both in milliseconds since 1970: what the clock should have said, going by the steady clock or, at a start, by the
    last fact; and what it said.
    """

    kind: ClassVar[str] = "station.clock_jumped"
    from_ms: int
    to_ms: int


class MissingFacts(Stored):
    """A range of journal rows that no longer exist, with the hash (hex) of the last row before it."""

    first_seq: int
    last_seq: int
    hash_before: str


class StationSalvaged(Fact):
    """The store was damaged and a new one was made of what was whole; `missing` lists every gap of the journal."""

    kind: ClassVar[str] = "station.salvaged"
    reason: str
    damaged_file: str
    total: int
    salvaged: int
    missing: tuple[MissingFacts, ...]


class StationRestored(Fact):
    """The store was replaced by a backup; what was recorded after it is in `missing`, and in the replaced file."""

    kind: ClassVar[str] = "station.restored"
    backup_file: str
    replaced_file: str | None
    missing: tuple[MissingFacts, ...]


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


# --- codes -------------------------------------------------------------------------------------------------------


class CodeLinked(Fact):
    """A supervisor said that a code counts as `multiplier` of a product; scans are looked up by `key`."""

    kind: ClassVar[str] = "code.linked"
    for_hq: ClassVar[bool] = True
    code: str
    symbology: str | None
    key: str
    sku: str
    multiplier: int = Field(ge=1)

    @property
    def entity(self) -> str:
        """The product."""
        return f"product:{self.sku}"


class CodeUnlinked(Fact):
    """A supervisor took such a link away."""

    kind: ClassVar[str] = "code.unlinked"
    for_hq: ClassVar[bool] = True
    code: str
    key: str
    sku: str
    multiplier: int = Field(ge=1)

    @property
    def entity(self) -> str:
        """The product."""
        return f"product:{self.sku}"


# --- work and products that HQ gave -----------------------------------------------------------------------------


class Barcode(Stored):
    """One code a product carries; a case code has a multiplier above one."""

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
    serial_required: bool = False
    """Each unit's serial number is to be captured when it goes out."""
    expiry_required: bool = False
    """Each unit's expiry date is to be captured."""


class WorkLine(Stored):
    """One line of a fulfillment: what was ordered, and what an earlier station already picked."""

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
    insurance: Details | None = None
    metadata: Details | None = None
    picked: bool = False


class TaskPlan(Stored):
    """One line to pick, as HQ planned it."""

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


# --- work that HQ took back or changed ---------------------------------------------------------------------------


WorkKind = Literal["picklist", "fulfillment"]
"""What HQ gives to be worked on."""


class OfWork(Fact):
    """A fact about what HQ says of work that is here already."""

    lane: str
    thing: WorkKind
    work_id: str

    @property
    def entity(self) -> str:
        """The picklist or the fulfillment."""
        return f"{self.thing}:{self.work_id}"


class WorkWithdrawn(OfWork):
    """The work is no longer this station's; `reason` is one of `conflicts.HqDid`. A sealed package stays."""

    kind: ClassVar[str] = "work.withdrawn"
    reason: str


class WorkChanged(OfWork):
    """HQ wants something else than before: all of it anew. What is picked here is kept as far as it is wanted.

    An address is not in it: where that alone changed, neither member is there.
    """

    kind: ClassVar[str] = "work.changed"
    what: str
    picklist: PicklistReceived | None = None
    fulfillment: FulfillmentReceived | None = None


class ExceptionRaised(OfWork):
    """What HQ says and where the goods are do not go together: a supervisor decides among the `offered` steps."""

    kind: ClassVar[str] = "exception.raised"
    exception_id: str
    word: str
    """Tells whether HQ says the same again: a digest of what it said."""
    stage: str
    did: str
    sentence: str
    proposed: str
    offered: tuple[str, ...]
    picklist: PicklistReceived | None = None
    fulfillment: FulfillmentReceived | None = None


class ExceptionDecided(OfWork):
    """A supervisor chose a step; or HQ said again what is so here, and there is nothing left to decide."""

    kind: ClassVar[str] = "exception.decided"
    exception_id: str
    choice: str
    by: Literal["person", "hq"]


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


class PickedLine(Stored):
    """What was picked for one order line."""

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


class PackedItem(Stored):
    """What one package holds of one order line."""

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


# --- goods that come in, and what there is ----------------------------------------------------------------------

Condition = Literal["good", "damaged"]
Disposition = Literal["reshelve", "repair", "scrap", "quarantine"]
ArticleStatus = Literal["expected", "active", "quarantine", "suspended"]


class ReceivedLine(Stored):
    """Units of one product that came in; `line_id` is that of the announcement or order, None for what was not."""

    line_id: str | None = None
    sku: str
    qty: Quantity
    condition: Condition = "good"
    lot_id: str | None = None
    expires_on: str | None = None
    serials: tuple[str, ...] = ()


class ReceiptRecorded(Fact):
    """Goods came in: against a receiving ASN, a purchase order, or without any announcement (blind)."""

    kind: ClassVar[str] = "receipt.recorded"
    for_hq: ClassVar[bool] = True
    receipt_id: str
    against: Literal["asn", "purchase_order", "blind"]
    inbound_id: str | None = None
    lines: tuple[ReceivedLine, ...]

    @property
    def entity(self) -> str:
        """What was announced; the receipt itself where nothing was."""
        return f"inbound:{self.inbound_id or self.receipt_id}"


class OfReturn(Fact):
    """A fact about goods that a customer sent back."""

    return_id: str

    @property
    def entity(self) -> str:
        """The return."""
        return f"return:{self.return_id}"


class ReturnReceived(OfReturn):
    """Goods of a return arrived; inspection begins."""

    kind: ClassVar[str] = "return.received"
    for_hq: ClassVar[bool] = True
    lines: tuple[ReceivedLine, ...]


class ReturnInspected(OfReturn):
    """What becomes of the goods of a return, and how many units may be sold again."""

    kind: ClassVar[str] = "return.inspected"
    for_hq: ClassVar[bool] = True
    disposition: Disposition
    restockable_qty: Quantity
    notes: str = ""


class ReturnCompleted(OfReturn):
    """Nothing more happens to a return."""

    kind: ClassVar[str] = "return.completed"
    for_hq: ClassVar[bool] = True


class StockCounted(Fact):
    """How many units of a product there are, at one location or (None) in the whole warehouse: never a difference."""

    kind: ClassVar[str] = "stock.counted"
    for_hq: ClassVar[bool] = True
    sku: str
    location_id: str | None = None
    qty: Quantity
    article_status: ArticleStatus = "active"

    @property
    def entity(self) -> str:
        """The product: an older count must never overtake a newer one."""
        return f"stock:{self.sku}"


# --- what HQ announced ------------------------------------------------------------------------------------------


class AnnouncedLine(Stored):
    """Units of one product that are to come; `received` is what HQ has counted in by now, wherever that was."""

    line_id: str
    sku: str
    expected: Quantity
    received: Quantity = Decimal(0)


class InboundAnnounced(Fact):
    """HQ said that goods are on their way to us, or says something else of them now; `number` is on the papers."""

    kind: ClassVar[str] = "inbound.announced"
    lane: str
    inbound_id: str
    against: Literal["asn", "purchase_order"]
    number: str
    supplier: str = ""
    expected_on: str | None = None
    lines: tuple[AnnouncedLine, ...]
    open: bool = True
    """False once HQ expects nothing more: it was cancelled, or all of it came."""

    @property
    def entity(self) -> str:
        """As a receipt against it has it."""
        return f"inbound:{self.inbound_id}"


class ReturnAnnounced(Fact):
    """HQ said that a customer sends goods back, or says something else of them now; `number` is on the parcel."""

    kind: ClassVar[str] = "return.announced"
    lane: str
    return_id: str
    number: str
    order_id: str | None = None
    lines: tuple[AnnouncedLine, ...]
    open: bool = True

    @property
    def entity(self) -> str:
        """As the facts about its goods have it."""
        return f"return:{self.return_id}"


class KitPart(Stored):
    """What one kit is made of: so many units of a product in each."""

    sku: str
    qty: Quantity


class WorkOrderAnnounced(Fact):
    """HQ wants `qty` kits of a product built; `parts` are what goes into one, empty where HQ does not say."""

    kind: ClassVar[str] = "work_order.announced"
    lane: str
    work_order_id: str
    number: str
    name: str = ""
    sku: str
    qty: Quantity
    parts: tuple[KitPart, ...] = ()
    open: bool = True

    @property
    def entity(self) -> str:
        """The work order."""
        return f"work_order:{self.work_order_id}"


class StockTold(Fact):
    """How many units of a product an HQ believes to be in a warehouse. What is here is never changed by it."""

    kind: ClassVar[str] = "stock.told"
    lane: str
    warehouse_id: str
    sku: str
    qty: Quantity

    @property
    def entity(self) -> str:
        """The product."""
        return f"stock:{self.sku}"


Announcement = InboundAnnounced | ReturnAnnounced | WorkOrderAnnounced | StockTold


# --- labels -----------------------------------------------------------------------------------------------------


class LabelRequested(OfFulfillment):
    """A shipping label is wanted for a sealed package; the job waits in the spool. A reprint says its reason."""

    kind: ClassVar[str] = "label.requested"
    job_id: str
    package_id: str
    sscc: str
    workplace: str
    copy_no: int = 1
    reason: str | None = None


class PlainLabelRequested(Fact):
    """A label that may come out twice without harm is wanted: of a location, an item, a tote."""

    kind: ClassVar[str] = "label.plain_requested"
    job_id: str
    workplace: str
    template: str
    values: Annotated[dict[str, str], PlainSerializer(_in_order)]


class CarrierLabelReceived(OfFulfillment):
    """HQ gave the label that a carrier made for a parcel; its bytes are in the table `file` under `sha256`."""

    kind: ClassVar[str] = "carrier_label.received"
    package_id: str
    """Ours; empty when nothing of the fulfillment was sealed here."""
    lane: str
    tracking_number: str
    sha256: str
    content_type: str


class CarrierLabelRequested(LabelRequested):
    """The carrier's own label of a sealed package is wanted on paper: no second one is made by itself, ever."""

    kind: ClassVar[str] = "label.carrier_requested"
    file: str
    """SHA-256 of the carrier's file."""
    tracking_number: str


class OfLabel(OfFulfillment):
    """A fact about one label job; a plain label belongs to no fulfillment and to no package."""

    fulfillment_id: str = ""
    job_id: str
    package_id: str = ""


class LabelConfirmed(OfLabel):
    """There is evidence that the label came out."""

    kind: ClassVar[str] = "label.confirmed"
    evidence: Literal["counter", "alert", "status", "scan", "seen", "person"]
    """`scan`: on its own box; `seen`: scanned where another label was expected, so it exists and may be misplaced."""


class LabelUncertain(OfLabel):
    """Nobody knows whether the label came out; `reason` says why in a sentence."""

    kind: ClassVar[str] = "label.uncertain"
    reason: str


class LabelFailedClean(OfLabel):
    """The printer itself shows that nothing came out; `reason` says how in a sentence."""

    kind: ClassVar[str] = "label.failed_clean"
    reason: str


class LabelReprintApproved(OfLabel):
    """A person said that the label did not come out or is damaged: it is printed again, marked as a copy."""

    kind: ClassVar[str] = "label.reprint_approved"
    decision: Literal["did_not", "damaged"]
    copy_no: int


class LabelExpired(OfLabel):
    """The label waited too long for its printer; a person says whether it is still wanted."""

    kind: ClassVar[str] = "label.expired"
    reason: str


class LabelReleased(OfLabel):
    """A person said that a label that never came out is to be printed now."""

    kind: ClassVar[str] = "label.released"


class LabelCancelled(OfLabel):
    """The label is not wanted any more, or cannot be made; it never came out."""

    kind: ClassVar[str] = "label.cancelled"
    reason: str


class LabelVoided(OfLabel):
    """The label must not be used; its number is never given out again."""

    kind: ClassVar[str] = "label.voided"
    reason: str


class LabelChecked(OfLabel):
    """The label was scanned on its own box."""

    kind: ClassVar[str] = "label.checked"


class LabelSwapped(OfLabel):
    """This label was scanned where another package's label belongs: it may be on the wrong box."""

    kind: ClassVar[str] = "label.swapped"
    found_at: str
    """The package whose label was expected."""


# --- slips ------------------------------------------------------------------------------------------------------


class OfSlip(Fact):
    """A fact about one slip of paper that somebody asked for: packing, pick, discrepancy or shift, and `of` what."""

    workplace: str
    slip: str
    of: str
    printer: str


class SlipPrinted(OfSlip):
    """The slip is on paper, as the printer says."""

    kind: ClassVar[str] = "slip.printed"
    evidence: Literal["process_id", "status"]


class SlipDoubted(OfSlip):
    """Nobody knows whether the whole slip came out; `reason` says why. It is not sent again by itself."""

    kind: ClassVar[str] = "slip.uncertain"
    reason: str


# --- numbers ----------------------------------------------------------------------------------------------------


class NumbersLeased(Fact):
    """A block of numbers that only this lineage of this station may give out, from `next` on."""

    kind: ClassVar[str] = "numbers.leased"
    block_id: str
    number_kind: NumberKind
    prefix: str
    extension_digit: int | None = None
    first: int
    last: int
    next: int
    source: str
    """`site` for a range in edge.toml, else the lane whose HQ gave it."""


class NumbersRetired(Fact):
    """A range was taken out of edge.toml; what is left of it is not used while it is not there."""

    kind: ClassVar[str] = "numbers.retired"
    block_id: str


class NumbersBurned(Fact):
    """The rest of a block, `first` to `last`, is never used: another copy of this store may have used it."""

    kind: ClassVar[str] = "numbers.burned"
    block_id: str
    first: int
    last: int


# --- what HQ answered -------------------------------------------------------------------------------------------


class HqRefLearned(Fact):
    """An HQ's own id for something of ours: pulled with work, read from an answer, or imported.

    `thing` is package, shipment, pack_session, order, fulfillment, line (`fulfillment_id/order_line_id`), product …
    """

    kind: ClassVar[str] = "hq.ref_learned"
    lane: str
    thing: str
    local_id: str
    hq_id: str


class PromiseSettled(Fact):
    """A person told HQ by other means what a lane could not: the parked facts `seqs` of `subject` go no more."""

    kind: ClassVar[str] = "promise.settled"
    lane: str
    subject: str
    seqs: tuple[int, ...]
    note: str


def _all_kinds(base: type[Fact]) -> dict[str, type[Fact]]:
    found: dict[str, type[Fact]] = {}
    for child in base.__subclasses__():
        if "kind" in vars(child):
            found[child.kind] = child
        found |= _all_kinds(child)
    return found


KINDS: dict[str, type[Fact]] = _all_kinds(Fact)
"""Every event by its kind."""
