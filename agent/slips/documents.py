"""What stands on each slip, as plain values. Quantities are texts as people write them (`12`, `0.5`)."""

from __future__ import annotations

from typing import NamedTuple


class Goods(NamedTuple):
    """One line of goods in a package."""

    sku: str
    name: str
    qty: str


class PackingSlip(NamedTuple):
    """What is in one sealed package."""

    order_id: str
    package_id: str
    sscc: str
    weight: str
    ship_to: tuple[str, ...]
    goods: tuple[Goods, ...]


class ToPick(NamedTuple):
    """One line of a picklist: `wanted` is still to be taken, `picked` was taken already."""

    location: str
    sku: str
    name: str
    order_id: str
    wanted: str
    picked: str
    state: str


class PickTicket(NamedTuple):
    """A picklist on paper, its lines in walking order, for a day without a screen."""

    picklist_id: str
    status: str
    ship_by: str
    lines: tuple[ToPick, ...]
    as_of: str


class Difference(NamedTuple):
    """Goods of which more or fewer were taken than were asked for; `reason` as the picker gave it."""

    location: str
    sku: str
    name: str
    order_id: str
    qty: str
    picked: str
    difference: str
    reason: str


class DiscrepancySlip(NamedTuple):
    """What a picklist lacks or has too much of; while it is not completed, lines are only `open`."""

    picklist_id: str
    status: str
    differences: tuple[Difference, ...]
    open_lines: int
    as_of: str


class Backlog(NamedTuple):
    """What one HQ has not been told yet; `oldest` is how old the oldest is, empty when that is not known."""

    lane: str
    unsent: int
    oldest: str
    parked: int
    not_deliverable: int


class ShiftReport(NamedTuple):
    """The counts of a shift. `unknown` are sentences about what nobody can know."""

    station: str
    since: str
    until: str
    picked_lines: int
    short_lines: int
    packed_parcels: int
    labels_wanted: int
    labels_proved: int
    labels_doubted: int
    labels_asking: int
    labels_waiting: int
    refusals: int
    backlog: tuple[Backlog, ...]
    unknown: tuple[str, ...]


Document = PackingSlip | PickTicket | DiscrepancySlip | ShiftReport
