"""What HQ gives, and what it says of work that is here."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from local_store.domain.commands.base import MAX_FILE_BYTES, Command, Id
from local_store.domain.events import (
    Announcement,
    CountRequested,
    FulfillmentReceived,
    InboundAnnounced,
    LocationTold,
    PicklistReceived,
    ProductReceived,
    ReturnAnnounced,
    StockTold,
    WorkKind,
    WorkOrderAnnounced,
)


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
    """HQ announced goods that come in or back and kits to build; what it has and wants counted; where goods lie.

    Each is kept where it says something new. One whose id another lane's HQ announced stays as that one said it.
    """

    kind: ClassVar[str] = "inbound.received"
    inbound: tuple[InboundAnnounced, ...] = ()
    returns: tuple[ReturnAnnounced, ...] = ()
    work_orders: tuple[WorkOrderAnnounced, ...] = ()
    stock: tuple[StockTold, ...] = ()
    counts: tuple[CountRequested, ...] = ()
    locations: tuple[LocationTold, ...] = ()
    refs: tuple[HqRef, ...] = ()

    @property
    def announced(self) -> tuple[Announcement, ...]:
        """All of it."""
        goods: tuple[Announcement, ...] = (*self.inbound, *self.returns, *self.work_orders)
        return (*goods, *self.stock, *self.counts, *self.locations)


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
