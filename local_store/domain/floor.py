"""What the domain is shown of the store before it decides: frozen values, loaded for one command.

They are named tuples, because every scan makes a dozen of them and a frozen dataclass takes five times as long.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from local_store.domain.codes import Meaning
from local_store.domain.events import Carton, Fact, NumberKind
from local_store.domain.meaning import Meant
from local_store.domain.numbers import Block
from local_store.domain.pack_work import PackWork, SerialSeen
from local_store.domain.pick_work import PickTrace, PickWork, Substitute, Totes, Tracing
from local_store.domain.words import Answer


class Decision(NamedTuple):
    """What follows from a command: the facts, and what the worker is told. A refusal is an answer too."""

    answer: Answer
    facts: tuple[Fact, ...] = ()
    source: str | None = None
    """The lane the work came from, when the facts are about work."""


class Place(NamedTuple):
    """A workplace as it stands."""

    workplace: str
    worker_id: str | None = None
    picklist_id: str | None = None
    fulfillment_id: str | None = None
    work_id: str | None = None
    """What is open where neither is picked nor packed: a tally, a load …"""

    @property
    def open_work(self) -> str | None:
        """The id of whatever is open here."""
        return self.picklist_id or self.fulfillment_id or self.work_id


class Label(NamedTuple):
    """A label job as a decision needs it."""

    job_id: str
    package_id: str
    fulfillment_id: str
    picklist_id: str | None
    order_id: str
    sscc: str
    state: str
    copy_no: int
    highest_copy: int
    """The highest copy number of any job for this package."""
    valid_copy: int
    """The copy that belongs on the box: the highest that was not discarded and not given up."""
    on_its_way: bool
    """Whether any label of this package is being printed right now."""
    copy_waits: bool
    """Whether another label of this package is wanted and its end not known yet."""
    box_check: str
    """`open`: not yet scanned on its box; `done`; `swapped`: it was scanned where another label belongs."""
    template: str
    values: str
    """The values of a plain label as JSON; empty for a shipping label."""
    file: str = ""
    """SHA-256 of the carrier's file, for a label that a carrier made."""
    scanned_copy: int | None = None
    """The copy that was scanned, where the scan tells."""

    @property
    def title(self) -> str:
        """What people call it: its SSCC, its tracking number, or what a plain label is for."""
        return self.sscc or (self.file and self.tracking_number) or self.template

    @property
    def tracking_number(self) -> str:
        """The carrier's number on the carrier's label."""
        number: str = json.loads(self.values)["tracking_number"]
        return number


class Floor(NamedTuple):
    """A workplace, its open work, and what a scanned code may mean."""

    place: Place
    pick: PickWork | None = None
    pack: PackWork | None = None
    meanings: tuple[Meaning, ...] = ()
    unclear: Answer | None = None
    """What is told of a code that must not be guessed."""
    too_old: Answer | None = None
    """Why the work that is asked for is not begun: what HQ said is too old."""
    asked_pick: PickWork | None = None
    asked_pack: PackWork | None = None
    """Work named by the command that is not the open one."""
    tote_order_id: str | None = None
    tracing: Tracing | None = None
    """For a pick whose lots or serial numbers matter; None for most."""
    traces: tuple[PickTrace, ...] = ()
    """Of an open list that may be completed: what is known of its counts."""
    totes: Totes | None = None
    """While goods are to go into their tote."""
    zone: str | None = None
    """The zone in which the picker here works, where they chose one."""
    elsewhere: tuple[tuple[str, Decimal], ...] | None = None
    """Where else there is stock of what is short, most first; None where that is not asked."""
    substitute: Substitute | None = None
    """The product that was scanned just after a short, and may be meant instead."""
    label: Label | None = None
    unchecked: Label | None = None
    """The label that waits to be scanned on the box at this workplace."""
    held: Answer | None = None
    """Why the goods that a scan or a key would count must not be taken: they are on hold."""
    desk: Any = None
    """The open work of a workplace that is neither for picking nor for packing, as `works.DESKS` loads it."""
    numbers: Mapping[NumberKind, Block | None] = MappingProxyType({})
    """For a seal: the block to take each number from that a parcel needs; None where none is left."""
    others: tuple[PackWork, ...] = ()
    """The other orders that are open at this pack station."""
    meant: Meant | None = None
    """In packing: all that a scanned code says."""
    has_file: bool = False
    """For a photo: whether it is kept here."""
    cartons: tuple[Carton, ...] = ()
    """For the choice of a carton: those there are."""
    seen: SerialSeen | None = None
    """For a scan in packing that says a serial number: what is known of it."""

    @property
    def asks(self) -> str | None:
        """Why nothing is done about the open work, or about that which is to be opened, before somebody decided."""
        work = self.pick or self.pack or self.asked_pick or self.asked_pack
        return work.asks if work is not None else None
