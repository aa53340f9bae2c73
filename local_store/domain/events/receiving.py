"""Goods that come in, what differs from what was announced, and where they are put."""

from __future__ import annotations

from typing import ClassVar, Literal

from local_store.domain.events.base import Fact, Quantity, Stored

Differs = Literal["over", "under", "damaged", "unexpected", "wrong_lot", "rejected"]
"""What is not as announced. Rejected goods went back with the driver: they were never in stock."""


class OfInbound(Fact):
    """A fact about goods that were announced."""

    inbound_id: str

    @property
    def entity(self) -> str:
        """As a receipt against it has it."""
        return f"inbound:{self.inbound_id}"


class GoodsAllowed(OfInbound):
    """A second person allowed what the rules of receiving do not.

    More than announced, up to `qty` units in all; or goods that expire too soon, on `expires_on`.
    """

    kind: ClassVar[str] = "inbound.allowed"
    sku: str
    what: Literal["over", "expiry"]
    qty: Quantity | None = None
    expires_on: str | None = None
    reason: str
    worker_id: str
    approved_by: str


class InboundClosed(OfInbound):
    """Nothing more is expected. What was missing is in the discrepancies that came with it."""

    kind: ClassVar[str] = "inbound.closed"
    worker_id: str
    approved_by: str | None = None


class InboundReopened(OfInbound):
    """More came after all."""

    kind: ClassVar[str] = "inbound.reopened"
    worker_id: str
    reason: str


class CorrectedLine(Stored):
    """`change` units more (or fewer) of the line of a receipt with this number, counted from 0."""

    line: int
    line_id: str | None = None
    sku: str
    change: Quantity
    condition: Literal["good", "damaged"]
    lot_id: str | None = None
    container: str | None = None
    serials: tuple[str, ...] = ()


class ReceiptCorrected(Fact):
    """A receipt was wrong: the differences, who says so, who allowed it, and why. The receipt stays as it is."""

    kind: ClassVar[str] = "receipt.corrected"
    for_hq: ClassVar[bool] = True
    correction_id: str
    receipt_id: str
    inbound_id: str | None = None
    lines: tuple[CorrectedLine, ...]
    reason: str
    worker_id: str
    approved_by: str

    @property
    def entity(self) -> str:
        """As the receipt has it."""
        return f"inbound:{self.inbound_id or self.receipt_id}"


class DiscrepancyRecorded(Fact):
    """What came is not what was announced: how much of what, and what is wrong with it."""

    kind: ClassVar[str] = "discrepancy.recorded"
    for_hq: ClassVar[bool] = True
    discrepancy_id: str
    inbound_id: str | None = None
    receipt_id: str | None = None
    line_id: str | None = None
    differs: Differs
    sku: str
    qty: Quantity
    lot_id: str | None = None
    reason: str = ""
    photos: tuple[str, ...] = ()
    """SHA-256 of each photo, see the table `file`."""

    @property
    def entity(self) -> str:
        """As the receipt has it; of its own where nothing was announced or received."""
        return f"inbound:{self.inbound_id or self.receipt_id or self.discrepancy_id}"


# --- from the dock to the shelf ---------------------------------------------------------------------------------


class MovedLine(Stored):
    """Units of one product on their way between two places of the house."""

    sku: str
    qty: Quantity
    lot_id: str | None = None
    serials: tuple[str, ...] = ()


class PutAwayTaken(Fact):
    """Somebody has goods of the dock in hand and was told where they belong; no lines: they are back on the dock."""

    kind: ClassVar[str] = "put_away.taken"
    workplace: str
    lines: tuple[MovedLine, ...]
    container: str | None = None
    location_id: str | None = None


class PutAwayRecorded(Fact):
    """Goods went from the dock to a shelf; `proposed` is where the rules would have put them."""

    kind: ClassVar[str] = "put_away.recorded"
    for_hq: ClassVar[bool] = True
    put_away_id: str
    workplace: str
    lines: tuple[MovedLine, ...]
    location_id: str
    container: str | None = None
    proposed: str | None = None
    after: str | None = None
    """The entity of the receipt that brought the last of them."""

    @property
    def entity(self) -> str:
        """The put-away."""
        return f"put_away:{self.put_away_id}"

    @property
    def follows(self) -> str | None:
        """HQ must know first that they came."""
        return self.after


class StockMoved(Fact):
    """Goods went from one shelf to another."""

    kind: ClassVar[str] = "stock.moved"
    for_hq: ClassVar[bool] = True
    move_id: str
    from_location_id: str
    to_location_id: str
    lines: tuple[MovedLine, ...]
    reason: str = ""

    @property
    def entity(self) -> str:
        """The product of the first line: an older count of it must not overtake the move."""
        return f"stock:{self.lines[0].sku}"
