"""What is asked about goods that come in and are put away, beside the scans at a workplace."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from local_store.domain.commands.base import Amount, Id, Reason, WorkerCommand

RECEIVERS = frozenset({"receiver", "supervisor"})
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Positive = Annotated[Amount, Field(gt=0)]


class AllowGoods(WorkerCommand):
    """Let more come in than announced, up to `qty` in all, or goods that expire too soon; needs a second person.

    `sku` may be any code of the product.
    """

    kind: ClassVar[str] = "inbound-allow"
    roles: ClassVar[frozenset[str]] = RECEIVERS
    inbound_id: Id
    sku: Id
    qty: Positive | None = None
    expires_on: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    reason: Reason


class CloseInbound(WorkerCommand):
    """Nothing more is expected of an announcement; too little of it needs a second person."""

    kind: ClassVar[str] = "inbound-close"
    roles: ClassVar[frozenset[str]] = RECEIVERS
    inbound_id: Id


class ReopenInbound(WorkerCommand):
    """More of an announcement came after it was closed."""

    kind: ClassVar[str] = "inbound-reopen"
    roles: ClassVar[frozenset[str]] = RECEIVERS
    inbound_id: Id
    reason: Reason


class RejectGoods(WorkerCommand):
    """Goods were refused at the door: they are not in stock, and HQ is told."""

    kind: ClassVar[str] = "inbound-reject"
    roles: ClassVar[frozenset[str]] = RECEIVERS
    inbound_id: Id
    sku: Id
    qty: Positive
    reason: Reason
    photo: Sha256 | None = None


class Correction(BaseModel):
    """`change` units more (or fewer) of one line of a receipt; `line` counts from 0."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    line: Annotated[int, Field(ge=0, lt=1000)]
    change: Amount
    serials: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


class CorrectReceipt(WorkerCommand):
    """A receipt was wrong. Only differences are recorded; a second person allows it."""

    kind: ClassVar[str] = "receipt-correct"
    roles: ClassVar[frozenset[str]] = RECEIVERS
    receipt_id: Id
    lines: Annotated[tuple[Correction, ...], Field(min_length=1, max_length=1000)]
    reason: Reason


class MoveStock(WorkerCommand):
    """Carry goods from one shelf to another."""

    kind: ClassVar[str] = "stock-move"
    roles: ClassVar[frozenset[str]] = RECEIVERS | {"picker"}
    from_location_id: Id
    to_location_id: Id
    sku: Id
    qty: Positive
    lot_id: Id | None = None
    serials: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()
    reason: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""


class LabelGoods(WorkerCommand):
    """Print labels for units that carry none."""

    kind: ClassVar[str] = "goods-label"
    roles: ClassVar[frozenset[str]] = RECEIVERS
    sku: Id
    copies: Annotated[int, Field(ge=1, le=50)] = 1
