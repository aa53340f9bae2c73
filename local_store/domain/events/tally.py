"""Goods that are counted scan by scan onto an open tally, whatever for: a receipt, a return, a count, a kit."""

from __future__ import annotations

from typing import ClassVar

from local_store.domain.events.base import Fact, Quantity
from local_store.domain.events.goods import Condition


class OfTally(Fact):
    """A fact about one tally. What HQ is told is said by the facts that follow when it is closed."""

    tally_id: str

    @property
    def entity(self) -> str:
        """The tally."""
        return f"tally:{self.tally_id}"


class TallyOpened(OfTally):
    """Somebody begins, or goes on with one that was left: `about` is the announcement, return, order or location."""

    kind: ClassVar[str] = "tally.opened"
    work: str
    about: str
    workplace: str
    worker_id: str


class TallyMoved(OfTally):
    """What is counted from now on is at this location."""

    kind: ClassVar[str] = "tally.moved"
    location_id: str


class TallyContained(OfTally):
    """What is counted from now on is on this pallet or in this carton (its SSCC); None: on none any more."""

    kind: ClassVar[str] = "tally.contained"
    container: str | None


class TallyPhotographed(OfTally):
    """A photo (the SHA-256 of its bytes, see the table `file`) of what was counted with this id."""

    kind: ClassVar[str] = "tally.photographed"
    count_id: str
    sha256: str


class TallyInHand(OfTally):
    """The item in hand and what is known of it so far; it is counted once nothing is missing."""

    kind: ClassVar[str] = "tally.in_hand"
    sku: str
    qty: Quantity
    lot_id: str | None = None
    expires_on: str | None = None
    serial: str | None = None
    condition: Condition = "good"
    weight_mg: int | None = None
    container: str | None = None


class TallyCounted(OfTally):
    """Units were counted: `qty` now."""

    kind: ClassVar[str] = "tally.counted"
    count_id: str
    sku: str
    qty: Quantity
    lot_id: str | None = None
    expires_on: str | None = None
    condition: Condition = "good"
    location_id: str | None = None
    serials: tuple[str, ...] = ()
    weight_mg: int | None = None
    container: str | None = None
    """The SSCC of the pallet or carton they came in."""


class TallyUndone(OfTally):
    """The last count was taken back."""

    kind: ClassVar[str] = "tally.undone"
    count_id: str


class TallyClosed(OfTally):
    """Nothing more is counted onto it; `reason` where it was given up and counts for nothing."""

    kind: ClassVar[str] = "tally.closed"
    discarded: bool = False
    reason: str | None = None
