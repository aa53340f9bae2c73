"""Goods that come in or back, and what there is."""

from __future__ import annotations

from typing import ClassVar, Literal

from local_store.domain.events.base import Fact, Quantity, Stored

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
    container: str | None = None
    """The SSCC of the pallet or carton they came in."""
    weight_mg: int | None = None
    """What they weighed together, where their weight is taken at the dock."""


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


class InspectedGoods(Stored):
    """Units of a return, and what becomes of them; `line_id` is None for what nobody had announced."""

    line_id: str | None = None
    sku: str
    qty: Quantity
    lot_id: str | None = None
    serials: tuple[str, ...] = ()
    to: Disposition


class ReturnInspected(OfReturn):
    """What becomes of the goods of a return, or of one line of it, and how many units may be sold again.

    A fact of an early version has no `goods`: it was about all that was there.
    """

    kind: ClassVar[str] = "return.inspected"
    for_hq: ClassVar[bool] = True
    disposition: Disposition
    restockable_qty: Quantity
    notes: str = ""
    line_id: str | None = None
    goods: tuple[InspectedGoods, ...] = ()
    photos: tuple[str, ...] = ()
    """SHA-256 of each."""


class ReturnCompleted(OfReturn):
    """Nothing more happens to a return."""

    kind: ClassVar[str] = "return.completed"
    for_hq: ClassVar[bool] = True


class CountedLot(Stored):
    """How many units of one lot there are."""

    lot_id: str
    qty: Quantity


class StockCounted(Fact):
    """How many units of a product there are, at one location or (None) in the whole warehouse: never a difference.

    `qty` is all of them; `lots` says of which lots, as far as they have one.
    """

    kind: ClassVar[str] = "stock.counted"
    for_hq: ClassVar[bool] = True
    sku: str
    location_id: str | None = None
    qty: Quantity
    article_status: ArticleStatus = "active"
    lots: tuple[CountedLot, ...] = ()
    after: str | None = None
    """The entity whose fact moved the product there last, or found it short: HQ's own sum must know of it first."""

    @property
    def entity(self) -> str:
        """The product: an older count must never overtake a newer one."""
        return f"stock:{self.sku}"

    @property
    def follows(self) -> str | None:
        """HQ must know first what was taken before the count."""
        return self.after
