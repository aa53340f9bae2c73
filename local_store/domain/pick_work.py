"""What the domain is shown of picking: a list with its tasks, and what is known of lots and units. Frozen values.

Named tuples, as everything on the `floor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from local_store.domain import states
from local_store.domain.events import LotChoice
from local_store.domain.gs1 import Parsed


class Count(NamedTuple):
    """A count that can still be taken back."""

    count_id: str
    line_id: str
    qty: Decimal


class Traced(NamedTuple):
    """What must be known of each unit of a line before it counts."""

    lot_id: str | None = None
    """The lot that HQ planned."""
    serial_required: bool = False
    expiry_required: bool = False


class Task(NamedTuple):
    """One line to pick."""

    task_id: str
    fulfillment_id: str
    order_line_id: str
    order_id: str
    location_id: str
    sku: str
    name: str
    traced: Traced | None
    """None for most: their units only count."""
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


class PickHand(NamedTuple):
    """The item in hand for a task, and what is known of it. `choice`: the lot was asked about and is meant."""

    task_id: str
    qty: Decimal
    lot_id: str | None = None
    expires_on: str | None = None
    choice: LotChoice | None = None


class LotHere(NamedTuple):
    """Units of one lot on a shelf, as far as this station knows; `expires_on` None where nobody said."""

    lot_id: str
    expires_on: str | None
    qty: Decimal


class LotElsewhere(NamedTuple):
    """The lot of a product that expires first on all other shelves, as far as this station knows."""

    lot_id: str
    expires_on: str
    location_id: str


class Tracing(NamedTuple):
    """What the store knows of the lots and serial numbers that a command is about."""

    today: str
    """The day at the site, as `2027-03-31`."""
    expiry: Mapping[str, str] = MappingProxyType({})
    """When each known lot of the product expires."""
    here: tuple[LotHere, ...] = ()
    """The lots on the shelf it is taken from."""
    serials: Mapping[str, str] = MappingProxyType({})
    """The account in which each serial number in question is."""
    said: Parsed | None = None
    """What the scanned code says besides the item."""
    elsewhere: LotElsewhere | None = None
    """Of what is on other shelves and has not expired."""


class PickTrace(NamedTuple):
    """What is known of the units of one count."""

    count_id: str
    task_id: str
    location_id: str
    sku: str
    qty: Decimal
    lot_id: str
    expires_on: str | None
    serials: tuple[str, ...]


class Totes(NamedTuple):
    """Into which tote the goods of a task are to go, and whose the scanned one is."""

    wanted: str | None = None
    scanned_order_id: str | None = None


class Substitute(NamedTuple):
    """Another product, as it may be taken for what is short."""

    sku: str
    name: str
    allowed: bool
    """Whether the order itself names it."""
    location_id: str | None
    """Where it is, as far as is known: here, else where most of it is, else where it belongs."""
    there: Decimal | None = None
    """How many are known to be there."""

    @property
    def item(self) -> str:
        """The product in words."""
        return f"{self.name} ({self.sku})"


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
    given_to: str | None = None
    """The worker a supervisor gave it to; None for whoever takes it."""
    traced: bool = False
    """Whether lots or serial numbers matter on any line."""
    in_hand: PickHand | None = None
    zone: str | None = None
    """Whose pickers it is for; None for anybody's."""
    put_task_id: str | None = None
    """The task whose goods are to go into their tote before anything else."""

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
