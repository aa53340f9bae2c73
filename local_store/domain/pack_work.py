"""What the domain is shown of packing: an order with its lines, its parcels and what they hold. Frozen values.

Named tuples, as everything on the `floor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from local_store.domain import states
from local_store.domain.events import Dimensions
from local_store.domain.notes import Note
from local_store.domain.pick_work import Count


class Learned(NamedTuple):
    """What one unit of a product weighs, as parcels showed it; see `learning`."""

    parcels: int
    mean_mg: int
    doubt_mg2: int
    """How far the mean may be off, squared."""
    spread_mg2: int
    """How far single units are from the mean, squared."""


class PackLine(NamedTuple):
    """One order line at the pack station; `qty` is what was picked for it and is there."""

    order_line_id: str
    sku: str
    name: str
    qty: Decimal
    packed: Decimal
    nominal_mg: int | None
    serial_required: bool = False
    learned: Learned | None = None

    @property
    def item(self) -> str:
        """The product in words."""
        return f"{self.name} ({self.sku})"

    @property
    def wanted(self) -> Decimal:
        """How many still belong in."""
        return self.qty - self.packed


class Unit(NamedTuple):
    """Something in a parcel of which the serial number or the lot is known."""

    count_id: str
    package_id: str
    order_line_id: str
    qty: Decimal
    serial: str | None
    lot_id: str | None


class PickedUnits(NamedTuple):
    """Units that were picked for an order line and are in no sealed parcel yet, where more is known than how many."""

    order_line_id: str
    sku: str
    """Not that of the line where a substitute was picked."""
    qty: Decimal
    lot_id: str = ""
    serials: tuple[str, ...] = ()


class Parcel(NamedTuple):
    """One parcel of an order as it stands."""

    package_id: str
    number: int
    state: states.Package
    weight_mg: int | None = None
    items: tuple[tuple[str, Decimal], ...] = ()
    """(line, units) it holds; of the parcel that scans go into, what it held when it was last left."""
    carton_id: str | None = None
    tare_mg: int | None = None
    photo: str | None = None
    dimensions: Dimensions | None = None

    @property
    def is_open(self) -> bool:
        """Whether its contents may still change."""
        return self.state is states.Package.OPEN or self.state is states.Package.WEIGHED


class SerialSeen(NamedTuple):
    """A serial number that was scanned in packing, and what is known of the unit."""

    serial: str
    account: str | None
    """Where it is, see `stock`; None for one that nobody saw."""
    picked: int
    """How many units of the product were picked for the order with their serial numbers."""


class PackWork(NamedTuple):
    """A fulfillment at the pack station."""

    fulfillment_id: str
    order_id: str
    lane: str
    warehouse_id: str
    party_id: str
    picklist_id: str | None
    session: states.PackSession
    lines: tuple[PackLine, ...]
    carrier_hint: str | None = None
    service_code: str | None = None
    insurance: dict[str, object] | None = None
    workplace: str | None = None
    package_id: str | None = None
    package: states.Package = states.Package.OPEN
    weight_mg: int | None = None
    counting_line_id: str | None = None
    last_count: Count | None = None
    asks: str | None = None
    """As for a picklist."""
    parcels: tuple[Parcel, ...] = ()
    """All of them by number, the voided ones too."""
    units: tuple[Unit, ...] = ()
    in_hand: str | None = None
    """The line whose unit is in hand and lacks its serial number."""
    notes: tuple[Note, ...] = ()
    """What the packer has to read and confirm before the order's parcels are sealed."""
    photo_asked: bool = False
    """Whether the order wants a photo of each parcel."""
    picked: tuple[PickedUnits, ...] = ()
    """What picking knows of units that wait to be packed, in the order they were picked."""
    alike: frozenset[str] = frozenset()
    """Of those, products that the same list has units of for other orders."""
    scale_steps: Mapping[str, int] = MappingProxyType({})
    """The step of each scale that weighed parcels here, as its weights showed it; see `learning.finer`."""

    @property
    def parcel(self) -> Parcel | None:
        """The parcel that scans go into."""
        return next((each for each in self.parcels if each.package_id == self.package_id), None)

    @property
    def turn(self) -> Parcel | None:
        """The parcel to weigh and seal now: by number, of those into which nothing more is scanned."""
        complete = self.current is None
        for parcel in self.parcels:
            closed = complete or parcel.package_id != self.package_id
            if parcel.is_open and closed and self.contents(parcel):
                return parcel
        return None

    def contents(self, parcel: Parcel) -> dict[str, Decimal]:
        """What a parcel holds, by line. Scans tell the totals only, so what goes into the open one is the rest."""
        if parcel.package_id != self.package_id or not parcel.is_open:
            return {line_id: qty for line_id, qty in parcel.items if qty > 0}
        rest = {line.order_line_id: line.packed for line in self.lines if line.packed > 0}
        for other in self.parcels:
            if other.package_id != self.package_id and other.state is not states.Package.VOIDED:
                for line_id, qty in other.items:
                    rest[line_id] = rest.get(line_id, Decimal(0)) - qty
        return {line_id: qty for line_id, qty in rest.items() if qty > 0}

    @property
    def current(self) -> PackLine | None:
        """The line to verify now."""
        waiting = [line for line in self.lines if line.wanted > 0]
        for line in waiting:
            if line.order_line_id == self.counting_line_id:
                return line
        return next(iter(waiting), None)

    def line(self, order_line_id: str) -> PackLine:
        """The line with this id."""
        return next(line for line in self.lines if line.order_line_id == order_line_id)
