"""What the writer remembers of the floor, so that a scan need not read again what the scan before it left.

The rule: what is remembered equals what `loading` would read now. What it reads changes by facts only, so the facts
that come with nearly every scan are followed here, and after any other fact everything is forgotten. When a
transaction was rolled back or is in doubt, the writer begins a new memory, for then facts went that were followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from local_store import loading, loading_packs
from local_store.domain import events as e
from local_store.domain import states
from local_store.domain.codes import Meaning
from local_store.domain.events import Fact
from local_store.domain.floor import Place
from local_store.domain.pack_work import PackWork
from local_store.domain.pick_work import Count, PickWork, Task
from local_store.works import quality

if TYPE_CHECKING:
    from local_store.transaction import Transaction

MOST = 500
"""Values of one kind that are kept: more than a station's workplaces, work and usual codes; little memory."""

T = TypeVar("T")


class Remembered:
    """Workplaces, open work and meanings of codes, as last loaded or followed. Used in the writer thread only."""

    def __init__(self) -> None:
        self.highest_command: bytes | None = None
        """The highest command id that has a receipt; None until it was looked up. Facts change nothing about it."""
        self._forget()

    def _forget(self) -> None:
        """Load everything afresh from now on."""
        self.places: dict[str, Place] = {}
        self.picks: dict[str, PickWork | None] = {}
        self.packs: dict[str, PackWork | None] = {}
        self.meanings_of: dict[str, tuple[Meaning, ...]] = {}
        self.something_held: bool | None = None

    def place(self, tx: Transaction, workplace: str) -> Place:
        """A workplace as it stands."""
        if workplace not in self.places:
            _keep(self.places, workplace, loading.load_place(tx.connection, workplace))
        return self.places[workplace]

    def pick(self, tx: Transaction, picklist_id: str) -> PickWork | None:
        """A picklist as it stands."""
        if picklist_id not in self.picks:
            _keep(self.picks, picklist_id, loading.load_pick(tx.connection, picklist_id, tx.site.picking))
        return self.picks[picklist_id]

    def pack(self, tx: Transaction, fulfillment_id: str) -> PackWork | None:
        """A fulfillment as it stands."""
        if fulfillment_id not in self.packs:
            _keep(self.packs, fulfillment_id, loading_packs.load_pack(tx.connection, fulfillment_id))
        return self.packs[fulfillment_id]

    def meanings(self, tx: Transaction, key: str) -> tuple[Meaning, ...]:
        """What a code may mean."""
        if key not in self.meanings_of:
            _keep(self.meanings_of, key, loading.load_meanings(tx.connection, key))
        return self.meanings_of[key]

    def holds(self, tx: Transaction) -> bool:
        """Whether any goods are on hold."""
        if self.something_held is None:
            self.something_held = quality.any_hold(tx.connection)
        return self.something_held

    def follow(self, fact: Fact) -> None:
        """Bring it up to date with a fact that was just appended."""
        if isinstance(fact, e.PickCounted):
            pick = self.picks.get(fact.picklist_id)
            if pick is not None:
                self.picks[fact.picklist_id] = _pick_counted(pick, fact)
        elif isinstance(fact, e.PackCounted):
            pack = self.packs.get(fact.fulfillment_id)
            if pack is not None:
                self.packs[fact.fulfillment_id] = _pack_counted(pack, fact)
        elif isinstance(fact, e.LocationConfirmed):
            pick = self.picks.get(fact.picklist_id)
            if pick is not None:
                self.picks[fact.picklist_id] = _at_location(pick, fact)
        elif not isinstance(fact, e.ScanRefused | e.PicksChecked):
            self._forget()


def _keep(kept: dict[str, T], key: str, value: T) -> None:
    if len(kept) >= MOST:
        kept.clear()
    kept[key] = value


def _pick_counted(work: PickWork, fact: e.PickCounted) -> PickWork:
    status = states.PickTask(fact.status)
    tasks = [Task(*task[:-2], fact.picked, status) if task.task_id == fact.task_id else task for task in work.tasks]
    counting = fact.task_id if status is states.PickTask.OPEN else None
    last_count = Count(fact.count_id, fact.task_id, fact.qty)
    of = (work.picklist_id, work.lane, work.status, tuple(tasks), work.workplace)
    kept = (work.in_hand, work.zone, work.put_task_id)
    return PickWork(*of, fact.location_id, counting, last_count, None, work.given_to, work.traced, *kept)


def _at_location(work: PickWork, fact: e.LocationConfirmed) -> PickWork:
    return work._replace(location_id=fact.location_id, counting_task_id=None)


def _pack_counted(work: PackWork, fact: e.PackCounted) -> PackWork:
    return work._replace(
        lines=tuple(
            line._replace(packed=fact.packed) if line.order_line_id == fact.order_line_id else line
            for line in work.lines
        ),
        counting_line_id=fact.order_line_id if fact.packed > 0 else None,
        last_count=Count(fact.count_id, fact.order_line_id, fact.qty),
    )
