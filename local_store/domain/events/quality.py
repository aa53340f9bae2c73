"""Quality control: what was looked at and found, and goods that nobody may take before they are let go."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, PlainSerializer

from local_store.domain.events.base import Fact, Quantity, in_order
from local_store.domain.events.goods import Disposition

QcSubject = Literal["fulfillment", "return", "receipt"]
_OF = {"fulfillment": "fulfillment", "return": "return", "receipt": "inbound"}


class OfQc(Fact):
    """A fact about one inspection."""

    qc_id: str

    @property
    def entity(self) -> str:
        """The inspection."""
        return f"qc:{self.qc_id}"


class QcStarted(OfQc):
    """Somebody begins to inspect `units` of the `of_units` that there are."""

    kind: ClassVar[str] = "qc.started"
    for_hq: ClassVar[bool] = True
    subject: QcSubject
    subject_id: str
    units: Quantity
    of_units: Quantity

    @property
    def follows(self) -> str | None:
        """What is inspected: HQ must know it first."""
        return f"{_OF[self.subject]}:{self.subject_id}"


class QcRecorded(OfQc):
    """What was found on `units` units: a check, what was measured, and photos of it (SHA-256)."""

    kind: ClassVar[str] = "qc.recorded"
    for_hq: ClassVar[bool] = True
    check: str
    passed: bool | None = None
    units: Quantity
    measurements: Annotated[dict[str, str], PlainSerializer(in_order)] = Field(default_factory=dict)
    notes: str = ""
    photos: tuple[str, ...] = ()


class QcResolved(OfQc):
    """What becomes of what was inspected."""

    kind: ClassVar[str] = "qc.resolved"
    for_hq: ClassVar[bool] = True
    disposition: Disposition
    notes: str = ""


class OfHold(Fact):
    """A fact about goods that are held."""

    hold_id: str

    @property
    def entity(self) -> str:
        """The hold."""
        return f"hold:{self.hold_id}"


class StockHeld(OfHold):
    """Nobody may pick or pack these goods: a product, one lot or unit of it, or all that is at a location."""

    kind: ClassVar[str] = "stock.held"
    for_hq: ClassVar[bool] = True
    sku: str | None = None
    lot_id: str | None = None
    serial: str | None = None
    location_id: str | None = None
    reason: str


class StockReleased(OfHold):
    """They may be taken again."""

    kind: ClassVar[str] = "stock.released"
    for_hq: ClassVar[bool] = True
    reason: str
