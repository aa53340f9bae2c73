"""Counts of what is on a shelf, and what they change of what this station believes."""

from __future__ import annotations

from typing import ClassVar, Literal

from local_store.domain.events.base import Fact, Quantity, Stored


class OfCount(Fact):
    """A fact about one count that was asked for."""

    count_task_id: str

    @property
    def entity(self) -> str:
        """The count."""
        return f"count:{self.count_task_id}"


class CountRequested(OfCount):
    """Somebody or something wants a location counted: all that is there, or one product. Blind unless it says so."""

    kind: ClassVar[str] = "count.requested"
    location_id: str
    sku: str | None = None
    reason: str
    blind: bool = True
    after: str | None = None
    """The entity whose fact made somebody ask: a picklist on which the location was short."""


class CountEmptyAsked(OfCount):
    """The counter scanned the location to end, and nothing was counted: scanned once more, it is empty."""

    kind: ClassVar[str] = "count.empty_asked"


class CountLine(Stored):
    """What was counted of a product and lot, and by how much that is more than the stock kept here at that moment."""

    sku: str
    lot_id: str = ""
    counted: Quantity
    difference: Quantity
    serials: tuple[str, ...] = ()


class CountRecountAsked(OfCount):
    """A count is too far from what was believed, and like no count before it: nothing follows, another person counts.

    `lines` are all that was counted, also what is as it was believed.
    """

    kind: ClassVar[str] = "count.recount_asked"
    counted_by: str
    lines: tuple[CountLine, ...]


class CountSettled(OfCount):
    """A count is through.

    By `count` where it was near what was believed, by `recount` where a second one was like the first, else by a
    supervisor, who took the last count (`accepted`) or left all as it was believed (`kept`).
    """

    kind: ClassVar[str] = "count.settled"
    for_hq: ClassVar[bool] = True
    by: Literal["count", "recount", "accepted", "kept"]
    location_id: str
    sku: str | None = None
    counted_by: str | None = None


class StockAdjusted(Fact):
    """What this station believes to be at a location was corrected: by a count, or by hand with a reason.

    `missing` and `found` are serial numbers that were believed to be there and are not, or are and were not.
    """

    kind: ClassVar[str] = "stock.adjusted"
    sku: str
    lot_id: str = ""
    location_id: str
    before: Quantity
    after: Quantity
    reason: str
    count_task_id: str | None = None
    missing: tuple[str, ...] = ()
    found: tuple[str, ...] = ()

    @property
    def entity(self) -> str:
        """The product, as its counts have it."""
        return f"stock:{self.sku}"
