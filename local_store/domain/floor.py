"""What the domain is shown of the store before it decides: frozen values, loaded for one command.

They are named tuples, because every scan makes a dozen of them and a frozen dataclass takes five times as long.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from local_store.domain import states
from local_store.domain.codes import Meaning
from local_store.domain.events import Fact, NumberKind
from local_store.domain.numbers import Block
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


class Task(NamedTuple):
    """One line to pick."""

    task_id: str
    fulfillment_id: str
    order_line_id: str
    order_id: str
    location_id: str
    sku: str
    name: str
    qty: Decimal
    picked: Decimal
    status: states.PickTask

    @property
    def item(self) -> str:
        """The product in words: the name people know first, then the code."""
        return f"{self.name} ({self.sku})"

    @property
    def wanted(self) -> Decimal:
        """How many are still to be taken."""
        return self.qty - self.picked

    @property
    def waits(self) -> bool:
        """Whether there is still something to do for it."""
        return self.status is states.PickTask.OPEN or self.status is states.PickTask.SKIPPED


class Count(NamedTuple):
    """A count that can still be taken back."""

    count_id: str
    line_id: str
    qty: Decimal


class PickWork(NamedTuple):
    """An open picklist with its tasks in walking order."""

    picklist_id: str
    lane: str
    status: states.Picklist
    tasks: tuple[Task, ...]
    workplace: str | None = None
    location_id: str | None = None
    counting_task_id: str | None = None
    last_count: Count | None = None
    asks: str | None = None
    """Why nothing is done about it before a supervisor has decided: HQ took it back, or changed it."""

    @property
    def current(self) -> Task | None:
        """The line to pick now: being counted, else the next at this location, else the next of the walk."""
        if self.counting_task_id is not None:
            for task in self.tasks:
                if task.task_id == self.counting_task_id and task.waits:
                    return task
        waiting = [task for task in self.tasks if task.waits]
        fresh = [task for task in waiting if task.status is states.PickTask.OPEN] or waiting
        here = [task for task in fresh if task.location_id == self.location_id]
        return next(iter(here or fresh), None)

    def task(self, task_id: str) -> Task:
        """The task with this id."""
        return next(task for task in self.tasks if task.task_id == task_id)


class PackLine(NamedTuple):
    """One order line at the pack station; `qty` is what was picked for it."""

    order_line_id: str
    sku: str
    name: str
    qty: Decimal
    packed: Decimal
    nominal_mg: int | None

    @property
    def item(self) -> str:
        """The product in words."""
        return f"{self.name} ({self.sku})"

    @property
    def wanted(self) -> Decimal:
        """How many still belong in."""
        return self.qty - self.packed


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
    asked_pick: PickWork | None = None
    asked_pack: PackWork | None = None
    """Work named by the command that is not the open one."""
    tote_order_id: str | None = None
    label: Label | None = None
    unchecked: Label | None = None
    """The label that waits to be scanned on the box at this workplace."""
    numbers: Mapping[NumberKind, Block | None] = MappingProxyType({})
    """For a seal: the block to take each number from that a parcel needs; None where none is left."""

    @property
    def asks(self) -> str | None:
        """Why nothing is done about the open work, or about that which is to be opened, before somebody decided."""
        work = self.pick or self.pack or self.asked_pick or self.asked_pack
        return work.asks if work is not None else None
