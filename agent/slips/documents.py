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


class Different(NamedTuple):
    """Goods that are not as announced; a negative quantity takes back what was told before."""

    sku: str
    differs: str
    qty: str
    reason: str


class InboundSlip(NamedTuple):
    """What differs between an announcement and what came of it."""

    number: str
    status: str
    differences: tuple[Different, ...]
    as_of: str


class DiscrepancySlip(NamedTuple):
    """What a picklist lacks or has too much of; while it is not completed, lines are only `open`."""

    picklist_id: str
    status: str
    differences: tuple[Difference, ...]
    open_lines: int
    as_of: str


class Loaded(NamedTuple):
    """One parcel on a manifest, or one that was left behind."""

    order_id: str
    sscc: str


class ManifestSlip(NamedTuple):
    """What a carrier takes: for the driver to sign, or to go on loading by a scan of its code."""

    manifest_id: str
    carrier: str
    dock: str
    day: str
    status: str
    parcels: tuple[Loaded, ...]
    missing: tuple[Loaded, ...]
    as_of: str


class Backlog(NamedTuple):
    """What one HQ has not been told yet; `oldest` is how old the oldest is, empty when that is not known."""

    lane: str
    unsent: int
    oldest: str
    parked: int
    not_deliverable: int


class Person(NamedTuple):
    """What one person did in a shift: signed in at all workplaces together, and what was not taken back."""

    worker_id: str
    minutes: int
    units_picked: str
    parcels: int


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
    people: tuple[Person, ...]
    backlog: tuple[Backlog, ...]
    unknown: tuple[str, ...]
    picked_orders: int = 0
    """Orders on the lists that were completed."""
    packed_orders: int = 0
    picked_units: str = "0"
    packed_units: str = "0"
    shorts: tuple[tuple[str, int], ...] = ()
    """Reason -> lines that ended short for it, most first."""
    mis_scans: int = 0
    """Of the refused scans those that were not the same label twice in a moment."""
    exceptions_open: int = 0
    """Exceptions that wait for a decision now."""
    labels_reprinted: int = 0
    labels_voided: int = 0


Document = PackingSlip | PickTicket | DiscrepancySlip | InboundSlip | ShiftReport | ManifestSlip
