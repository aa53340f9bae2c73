"""What the domain must know of the site: plain data, built once from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from local_store.domain.offline import MS_PER_DAY, Sight

ROLES = frozenset({"picker", "packer", "receiver", "supervisor", "qc_agent", "admin"})
"""Roles of people: those of seed 001 section 17, and ours: who takes goods in, and who looks after the machines."""


@dataclass(frozen=True)
class Worker:
    """A person who may sign in with a badge."""

    worker_id: str
    name: str
    badge: str
    roles: frozenset[str]
    pin_hash: str | None = field(default=None, repr=False)
    """What stands for their PIN; None where they have none."""
    by_bundle: bool = False
    """Whether a bundle of badges names them, which expires; the others are in the settings."""
    language: str | None = None
    """What they are told in, of `words.LANGUAGES`; None: the language of the station."""


@dataclass(frozen=True)
class WeightRule:
    """How far a parcel may be from its expected weight."""

    tolerance_percent: Decimal = Decimal(3)
    tolerance_mg: int = 200_000
    carton_mg: int = 0


@dataclass(frozen=True)
class CountingRule:
    """How far a count may be from what was believed before another person counts again, and how often is counted.

    Locations with the most picks are A, those with some B, those with hardly any C.
    """

    recount_percent: Decimal = Decimal(2)
    recount_units: Decimal = Decimal(2)
    a_days: int = 30
    b_days: int = 90
    c_days: int = 365


@dataclass(frozen=True)
class ReceivingRule:
    """How far a delivery may be from its announcement without a second person, and what is labelled."""

    over_percent: Decimal = Decimal(0)
    under_percent: Decimal = Decimal(0)
    label_unlabelled: bool = True
    """Whether units without a code of their own get a label when they come in."""


@dataclass(frozen=True)
class PickingRules:
    """What a site wants of its pickers."""

    put_check: bool = False
    """Whether the tote of each order is scanned when goods go into it, on lists of several orders."""
    order: Literal["walk", "hq"] = "walk"
    """Whether a list is walked as the shelves stand, or as HQ ordered its tasks."""
    over_percent: Decimal = Decimal(0)
    """How much more than asked may be taken for an order line, with a reason."""


USUAL_PICKING = PickingRules()
"""Where a site says nothing else."""


@dataclass(frozen=True)
class PackRule:
    """How orders are packed at this site."""

    slots: int = 1
    """Orders that may be open at one pack station."""
    photo: bool = False
    """Whether each parcel is photographed before it is sealed; where not, only those whose order wants it."""
    hands_free: bool = False
    """Whether a stable, fitting weight seals the parcel by itself."""
    ship_at_seal: bool = True
    """Whether a shipment is asked for when an order is packed, or only when somebody dispatches it."""


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
    """Name of the workplace -> kind of work: a key of `deciding.ROLE_FOR`."""
    workers: Mapping[str, Worker] = field(default_factory=dict)
    lanes: tuple[Lane, ...] = ()
    weights: WeightRule = WeightRule()
    counting: CountingRule = CountingRule()
    receiving: ReceivingRule = ReceivingRule()
    picking: PickingRules = PickingRules()
    packing: PackRule = PackRule()
    sscc: SsccNumbers | None = None
    package_numbers: PlainNumbers | None = None
    parcel_numbers: PlainNumbers | None = None
    label_check: bool = False
    """Whether the label on a box must be scanned before the next order is opened."""
    carrier_labels: bool = False
    """Whether a carrier's label is printed where its parcel was sealed."""
    freshness_days: int = 35
    """How long work that HQ gave may be begun without a word from HQ."""
    same_scan_ms: int = 0
    """A code that its scanner sends again within so many milliseconds counts once; 0: each counts."""
    hq: Mapping[str, Sight] = field(default_factory=dict)
    """What is seen of the HQ of each lane that gives work."""
    timezone: str = "UTC"
    """IANA name of the site's time: what day it is, and when one ends."""
    language: str = "en"
    """What is said where nobody acts who has a language of their own."""
    badge_key: bytes | None = field(default=None, repr=False)
    """The key that signs the bundles of badges of this site; None where it has none."""
    badges_ended: str | None = None
    """Until when the bundle of badges was good, in words, once it is over: its people cannot sign in anew."""
    accepts_new_work: bool = True
    """False while the disk is nearly full: open work is finished, none is begun."""

    @property
    def freshness_ms(self) -> int:
        """The same in milliseconds."""
        return self.freshness_days * MS_PER_DAY

    def worker_by_badge(self, badge: str) -> Worker | None:
        """The worker whose badge this is."""
        return self._by_badge.get(badge)

    @cached_property
    def is_english(self) -> bool:
        """Whether nobody here is told anything in another language."""
        return {self.language, *(worker.language or "en" for worker in self.workers.values())} == {"en"}

    def language_of(self, worker: Worker | None) -> str:
        """What somebody is told in."""
        return (worker.language if worker else None) or self.language

    @cached_property
    def label_lanes(self) -> frozenset[str]:
        """The lanes from which the label of each shipment is fetched."""
        return frozenset(lane.name for lane in self.lanes if lane.buys_labels)

    @cached_property
    def _by_badge(self) -> dict[str, Worker]:
        return {worker.badge: worker for worker in self.workers.values()}
