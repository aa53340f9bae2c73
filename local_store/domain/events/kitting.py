"""Kits: what they are made of, that they were built of counted components, and that one was taken apart again."""

from __future__ import annotations

from typing import ClassVar

from local_store.domain.events.base import Fact, Quantity, Stored
from local_store.domain.events.given import KitPart


class OfWorkOrder(Fact):
    """A fact about kits that are to be built."""

    work_order_id: str

    @property
    def entity(self) -> str:
        """The work order."""
        return f"work_order:{self.work_order_id}"


class WorkOrderMade(OfWorkOrder):
    """Somebody here wants `qty` kits of a product built; `parts` are what goes into one."""

    kind: ClassVar[str] = "work_order.made"
    number: str
    sku: str
    qty: Quantity
    parts: tuple[KitPart, ...]


class BillRecorded(Fact):
    """Somebody here said what a kit is made of, from now on."""

    kind: ClassVar[str] = "bill.recorded"
    sku: str
    parts: tuple[KitPart, ...]

    @property
    def entity(self) -> str:
        """The product."""
        return f"product:{self.sku}"


class KitComponent(Stored):
    """Units that went into kits: from a location or, without one, the dock; or `built` in the same act before."""

    sku: str
    qty: Quantity
    lot_id: str | None = None
    serials: tuple[str, ...] = ()
    location_id: str | None = None
    built: bool = False


class KitBuilt(OfWorkOrder):
    """`qty` kits were built of these components; `into` is the build they went into, for a kit within a kit."""

    kind: ClassVar[str] = "kit.built"
    for_hq: ClassVar[bool] = True
    build_id: str
    sku: str
    qty: Quantity
    used: tuple[KitComponent, ...]
    serials: tuple[str, ...] = ()
    location_id: str | None = None
    """Where the kits were put; without one they are at the dock."""
    into: str | None = None


class MissingPart(Stored):
    """Units that were not there, at whatever level of the kit."""

    sku: str
    qty: Quantity


class KitShort(OfWorkOrder):
    """`qty` kits could not be built for now: what is missing for them at all levels, and why."""

    kind: ClassVar[str] = "kit.short"
    for_hq: ClassVar[bool] = True
    qty: Quantity
    missing: tuple[MissingPart, ...]
    reason: str


class KitTakenApart(OfWorkOrder):
    """The kits of one build are components again: the correcting fact. They lie at the dock, to be put away."""

    kind: ClassVar[str] = "kit.taken_apart"
    for_hq: ClassVar[bool] = True
    build_id: str
    sku: str
    qty: Quantity
    parts: tuple[KitComponent, ...]
    serials: tuple[str, ...] = ()
    location_id: str | None = None
    """Where the kits were; without one at the dock."""
    reason: str
