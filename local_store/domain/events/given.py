"""Work and products that HQ gave, took back or changed, and what it announced."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from local_store.domain.events.base import Details, Dimensions, Fact, Quantity, Stored
from local_store.domain.events.counting import CountRequested


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
    lot_required: bool = False
    """Each unit's lot is to be captured."""
    catch_weight: bool = False
    """Each unit or carton is weighed when it comes in."""
    min_shelf_days: int | None = Field(default=None, ge=0)
    """So many days before its expiry a unit must come in."""
    size: Dimensions | None = None
    """Of one unit as it is packed, where HQ tells it."""


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
    lot_id: str | None = None
    """The lot it is to be of, where HQ says so."""


Priority = Literal["low", "normal", "high", "urgent"]


class PicklistReceived(Fact):
    """HQ gave a picklist; tasks stand in walking order."""

    kind: ClassVar[str] = "work.picklist_received"
    lane: str
    picklist_id: str
    priority: Priority
    ship_by: str | None
    tasks: tuple[TaskPlan, ...]
    zone: str | None = None
    """The part of the warehouse whose pickers it is for; None for anybody's."""


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


class AskedGoods(Stored):
    """Units of a product; without an `item` it is a line that is new."""

    item: str = ""
    qty: Quantity = Decimal(0)


class Asking(Stored):
    """What the question to a supervisor is made of, so that it can be said in any language."""

    thing: WorkKind
    called: str
    """What people call the work: the number of the order or of the list."""
    did: str
    stage: str
    proposed: str
    goods: tuple[AskedGoods, ...] = ()
    """The first few of them; `more` says how many further lines there are."""
    more: int = 0


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
    asking: Asking | None = None
    """None in facts of older releases, which have the sentence only."""
    picklist: PicklistReceived | None = None
    fulfillment: FulfillmentReceived | None = None


class ExceptionDecided(OfWork):
    """A supervisor chose a step; or HQ said again what is so here, and there is nothing left to decide."""

    kind: ClassVar[str] = "exception.decided"
    exception_id: str
    choice: str
    by: Literal["person", "hq"]


# --- what HQ announced ------------------------------------------------------------------------------------------


class AnnouncedLine(Stored):
    """Units of one product that are to come; `received` is what HQ has counted in by now, wherever that was."""

    line_id: str
    sku: str
    expected: Quantity
    received: Quantity = Decimal(0)


class PalletLine(Stored):
    """Units of one product on a pallet."""

    line_id: str
    sku: str
    qty: Quantity
    lot_id: str | None = None
    expires_on: str | None = None
    serials: tuple[str, ...] = ()


class AnnouncedPallet(Stored):
    """A pallet or carton with its SSCC, and all that is on it."""

    sscc: str
    content: tuple[PalletLine, ...]


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
    pallets: tuple[AnnouncedPallet, ...] = ()
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
    """How many units of a product an HQ believes to be in a warehouse, or at one location of it.

    What is here is never changed by it.
    """

    kind: ClassVar[str] = "stock.told"
    lane: str
    warehouse_id: str
    sku: str
    location_id: str | None = None
    qty: Quantity

    @property
    def entity(self) -> str:
        """The product."""
        return f"stock:{self.sku}"


class LocationTold(Fact):
    """HQ described a place for goods. Where it says nothing of room (`capacity`, in units), that is not limited."""

    kind: ClassVar[str] = "location.told"
    lane: str
    location_id: str
    warehouse_id: str
    zone: str = ""
    walk_order: int
    """Its place on the walk through the warehouse, from 1."""
    capacity: Quantity | None = None
    mixed: bool = True
    """Whether several products may be there together."""

    @property
    def entity(self) -> str:
        """The location."""
        return f"location:{self.location_id}"


Announcement = InboundAnnounced | ReturnAnnounced | WorkOrderAnnounced | StockTold | LocationTold | CountRequested
