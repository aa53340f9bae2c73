"""Everything a person, a device or HQ can ask of the store. Each is decided once, by `command_id`.

A command that comes again with the same id gets its first answer; the same id with other contents is refused.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import UUID7, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from local_store.domain.events import (
    Announcement,
    ArticleStatus,
    Condition,
    Disposition,
    FulfillmentReceived,
    InboundAnnounced,
    PicklistReceived,
    ProductReceived,
    ReturnAnnounced,
    StockTold,
    WorkKind,
    WorkOrderAnnounced,
)

MAX_CODE = 4096
MAX_FILE_BYTES = 8 * 1024 * 1024
"""A carrier's label or a photo: more is neither."""
MAX_WEIGHT_MG = 10**12
"""A thousand tonnes: more is no weight but a fault."""
Code = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CODE)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Badge = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Amount = Annotated[Decimal, Field(max_digits=10, decimal_places=3, allow_inf_nan=False)]
"""A quantity as somebody keyed it; whether it makes sense is for the domain to say."""
Reason = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]


class Command(BaseModel):
    """Base of every command."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    kind: ClassVar[str]
    observed: ClassVar[frozenset[str]] = frozenset()
    """Members that a device said and not the caller: a repeat with the same id may carry others."""
    command_id: UUID7


class FloorCommand(Command):
    """A command from a workplace."""

    needs: ClassVar[str | None] = None
    """The kind of work a workplace must be for; None where any will do."""
    workplace: Id


class Scan(FloorCommand):
    """A code was scanned, by whatever means."""

    kind: ClassVar[str] = "scan"
    code: Code
    symbology: str | None = Field(default=None, max_length=3)
    device: str = Field(default="screen", max_length=40)


class KeyQuantity(FloorCommand):
    """The worker keyed how many of the item just scanned are in hand, in all."""

    kind: ClassVar[str] = "quantity"
    quantity: Annotated[Decimal, Field(max_digits=9, decimal_places=3)]


class OpenWork(FloorCommand):
    """The worker chose a picklist or a fulfillment from the list."""

    kind: ClassVar[str] = "open"
    id: Id


class Skip(FloorCommand):
    """Put the current line off."""

    kind: ClassVar[str] = "skip"
    needs: ClassVar[str | None] = "pick"


class MarkShort(FloorCommand):
    """The rest of the current line cannot be picked."""

    kind: ClassVar[str] = "short"
    needs: ClassVar[str | None] = "pick"
    reason: Reason


class Undo(FloorCommand):
    """Take the last count back."""

    kind: ClassVar[str] = "undo"


class Complete(FloorCommand):
    """The picklist is through."""

    kind: ClassVar[str] = "complete"
    needs: ClassVar[str | None] = "pick"


class Weigh(FloorCommand):
    """Use what the scale says for the open parcel; a reason accepts a weight out of tolerance."""

    kind: ClassVar[str] = "weigh"
    observed: ClassVar[frozenset[str]] = frozenset(
        {"scale", "weight_mg", "stability", "range", "fault", "newer_than_request", "emptied"}
    )
    needs: ClassVar[str | None] = "pack"
    scale: str = Field(default="", max_length=40)
    weight_mg: Annotated[int, Field(ge=-MAX_WEIGHT_MG, le=MAX_WEIGHT_MG)] | None = None
    stability: str = Field(default="unknown", max_length=10)
    range: str = Field(default="unknown", max_length=10)
    fault: str | None = Field(default=None, max_length=80)
    newer_than_request: bool = False
    emptied: bool = False
    """Whether the scale was empty since the last weight that was accepted."""
    reason: Reason | None = None


class Seal(FloorCommand):
    """Close the parcel for good and print its label."""

    kind: ClassVar[str] = "seal"
    needs: ClassVar[str | None] = "pack"


class DecideLabel(FloorCommand):
    """A person answers what became of a label, or is to become of it: see `printing.ANSWERS`."""

    kind: ClassVar[str] = "label-decision"
    needs: ClassVar[str | None] = "pack"
    job_id: Id
    decision: Literal["came_out", "did_not", "damaged", "print", "discard"]


class ReprintLabel(FloorCommand):
    """A label that came out is wanted once more, marked as a copy."""

    kind: ClassVar[str] = "label-reprint"
    needs: ClassVar[str | None] = "pack"
    job_id: Id
    reason: Reason


class VoidLabel(FloorCommand):
    """A label must not be used any more; its number is burned."""

    kind: ClassVar[str] = "label-void"
    needs: ClassVar[str | None] = "pack"
    job_id: Id
    reason: Reason


class PrintLabel(FloorCommand):
    """Print a location, item or tote label."""

    kind: ClassVar[str] = "label-print"
    needs: ClassVar[str | None] = "pack"
    template: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
    values: Annotated[dict[Id, Annotated[str, StringConstraints(max_length=300)]], Field(max_length=20)]


class SignOut(FloorCommand):
    """The worker leaves the workplace."""

    kind: ClassVar[str] = "sign-out"


class LinkCode(Command):
    """A code that is not known here is to count as `multiplier` of a product; `badge` is the supervisor's."""

    kind: ClassVar[str] = "code-link"
    code: Code
    symbology: str | None = Field(default=None, max_length=3)
    sku: Id
    multiplier: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    badge: Badge


class UnlinkCode(Command):
    """A code that was linked here counts as nothing any more."""

    kind: ClassVar[str] = "code-unlink"
    code: Code
    symbology: str | None = Field(default=None, max_length=3)
    badge: Badge


class Party(BaseModel):
    """Who gets the goods. Kept beside the journal, so that it can be erased."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    party_id: str
    name: str
    address: dict[str, Any]


class HqRef(BaseModel):
    """What an HQ calls a thing of ours, as in the fact `hq.ref_learned`.

    A line's local id is `fulfillment_id/order_line_id`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    lane: Id
    thing: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}$")]
    local_id: Annotated[str, StringConstraints(min_length=1, max_length=250)]
    hq_id: Annotated[str, StringConstraints(min_length=1, max_length=250)]


class ReceiveProducts(Command):
    """HQ described products."""

    kind: ClassVar[str] = "products.received"
    products: tuple[ProductReceived, ...]
    refs: tuple[HqRef, ...] = ()


class ReceiveWork(Command):
    """HQ gave work: fulfillments, and the picklist they are picked on.

    `refs` are what this HQ, or another, calls them; of work that is known already only these are taken.
    """

    kind: ClassVar[str] = "work.received"
    fulfillments: tuple[FulfillmentReceived, ...]
    parties: tuple[Party, ...]
    picklist: PicklistReceived | None = None
    refs: tuple[HqRef, ...] = ()


class ReceiveInbound(Command):
    """HQ announced goods that come in, goods that come back, and kits to build; and what it believes is in stock.

    Each is kept where it says something new. One whose id another lane's HQ announced stays as that one said it.
    """

    kind: ClassVar[str] = "inbound.received"
    inbound: tuple[InboundAnnounced, ...] = ()
    returns: tuple[ReturnAnnounced, ...] = ()
    work_orders: tuple[WorkOrderAnnounced, ...] = ()
    stock: tuple[StockTold, ...] = ()
    refs: tuple[HqRef, ...] = ()

    @property
    def announced(self) -> tuple[Announcement, ...]:
        """All of it."""
        return (*self.inbound, *self.returns, *self.work_orders, *self.stock)


class SeeWork(Command):
    """What HQ says now of work that is here: as it was given, or withdrawn, or changed."""

    kind: ClassVar[str] = "work.seen"
    lane: str
    thing: WorkKind
    work_id: str
    state: Literal["as_given", "cancelled", "given_away", "completed", "packing", "packed"]
    """`packing` and `packed`: by whomever."""
    confirmation_id: str | None = None
    """Of a completed picklist, where HQ tells it."""
    picklist: PicklistReceived | None = None
    fulfillment: FulfillmentReceived | None = None
    party: Party | None = None


class DecideException(Command):
    """A supervisor says what is done about work that HQ took back or changed; `badge` is theirs."""

    kind: ClassVar[str] = "exception-decide"
    exception_id: Id
    choice: Literal["put_back", "re_bin", "unpack", "take_more", "void_label", "hold", "continue"]
    badge: Badge


class ReceiveCarrierLabel(Command):
    """HQ gave the label that a carrier made. `fulfillment_id` and `package_id` are ours; the latter may be empty."""

    kind: ClassVar[str] = "carrier_label.received"
    observed: ClassVar[frozenset[str]] = frozenset({"data"})
    """The bytes are told apart by their hash."""
    lane: Id
    fulfillment_id: Id
    package_id: Annotated[str, StringConstraints(max_length=120)] = ""
    tracking_number: Annotated[str, StringConstraints(max_length=120)] = ""
    content_type: Annotated[str, StringConstraints(max_length=100)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    data: Annotated[bytes, Field(min_length=1, max_length=MAX_FILE_BYTES, repr=False)]

    @model_validator(mode="after")
    def _is_of_its_name(self) -> Self:
        if hashlib.sha256(self.data).hexdigest() != self.sha256:
            raise ValueError("data: its SHA-256 is another one than sha256")
        return self


class GoodsCommand(Command):
    """Goods that come in or back, or are counted; `badge` is a supervisor's."""

    badge: Badge


class GoodsLine(BaseModel):
    """Units of one product as they came; see `events.ReceivedLine`. Whether they make sense, the domain says."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    line_id: Id | None = None
    sku: Id
    qty: Amount
    condition: Condition = "good"
    lot_id: Id | None = None
    expires_on: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")] | None = (
        None
    )
    serials: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


GoodsLines = Annotated[tuple[GoodsLine, ...], Field(min_length=1, max_length=1000)]


class RecordReceipt(GoodsCommand):
    """Goods came in: against an announcement (ASN), a purchase order, or without any (blind)."""

    kind: ClassVar[str] = "receipt-record"
    against: Literal["asn", "purchase_order", "blind"]
    inbound_id: Id | None = None
    lines: GoodsLines


class ReceiveReturn(GoodsCommand):
    """Goods of a return arrived."""

    kind: ClassVar[str] = "return-receive"
    return_id: Id
    lines: GoodsLines


class InspectReturn(GoodsCommand):
    """What becomes of the goods of a return, and how many units may be sold again."""

    kind: ClassVar[str] = "return-inspect"
    return_id: Id
    disposition: Disposition
    restockable_qty: Amount
    notes: Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)] = ""


class CompleteReturn(GoodsCommand):
    """Nothing more happens to a return."""

    kind: ClassVar[str] = "return-complete"
    return_id: Id


class CountStock(GoodsCommand):
    """All units of a product were counted, at one location or in the whole warehouse."""

    kind: ClassVar[str] = "stock-count"
    sku: Id
    location_id: Id | None = None
    qty: Amount
    article_status: ArticleStatus = "active"


FLOOR_COMMANDS: dict[str, type[FloorCommand]] = {
    command.kind: command
    for command in (
        Scan, KeyQuantity, OpenWork, Skip, MarkShort, Undo, Complete, Weigh, Seal, DecideLabel, ReprintLabel,
        VoidLabel, PrintLabel, SignOut,
    )
}  # fmt: skip
"""What a workplace can be asked to do, by name: the last part of the route."""
