"""What the domain must know of the site: plain data, built once from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property


@dataclass(frozen=True)
class Worker:
    """A person who may sign in with a badge."""

    worker_id: str
    name: str
    badge: str
    roles: frozenset[str]


@dataclass(frozen=True)
class WeightRule:
    """How far a parcel may be from its expected weight."""

    tolerance_percent: Decimal = Decimal(3)
    tolerance_mg: int = 200_000
    carton_mg: int = 0


@dataclass(frozen=True)
class SsccNumbers:
    """The SSCC serials this station may use."""

    company_prefix: str
    extension_digit: int
    first: int
    last: int


@dataclass(frozen=True)
class PlainNumbers:
    """Package or parcel numbers this station may use: a text before the number."""

    prefix: str
    first: int
    last: int


@dataclass(frozen=True)
class Lane:
    """One HQ as the store sees it: which event kinds it can carry, and whether it takes facts of others' work."""

    name: str
    accepts: frozenset[str]
    sink: bool = True
    buys_labels: bool = False
    """Whether the label of each shipment is fetched from here."""
    takes_files: bool = False
    """Whether photos and papers can be sent there."""


@dataclass(frozen=True)
class Site:
    """Station, people, places and rules."""

    station_id: str
    warehouse_id: str
    workplaces: Mapping[str, str]
    """Name of the workplace -> kind of work, `pick` or `pack`."""
    workers: Mapping[str, Worker] = field(default_factory=dict)
    lanes: tuple[Lane, ...] = ()
    weights: WeightRule = WeightRule()
    sscc: SsccNumbers | None = None
    package_numbers: PlainNumbers | None = None
    parcel_numbers: PlainNumbers | None = None
    label_check: bool = False
    """Whether the label on a box must be scanned before the next order is opened."""
    carrier_labels: bool = False
    """Whether a carrier's label is printed where its parcel was sealed."""
    accepts_new_work: bool = True
    """False while the disk is nearly full: open work is finished, none is begun."""

    def worker_by_badge(self, badge: str) -> Worker | None:
        """The worker whose badge this is."""
        return self._by_badge.get(badge)

    @cached_property
    def label_lanes(self) -> frozenset[str]:
        """The lanes from which the label of each shipment is fetched."""
        return frozenset(lane.name for lane in self.lanes if lane.buys_labels)

    @cached_property
    def _by_badge(self) -> dict[str, Worker]:
        return {worker.badge: worker for worker in self.workers.values()}
