"""Counting what is on a shelf, blind: what was counted is compared only when the counter says it is through. Pure.

A count that is near what is believed is taken at once. One that is far from it changes nothing: another person counts
again, until two counts tell the same difference, or a supervisor decides. Differences are compared and not counts, so
what is picked between two counts is no reason for a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from local_store.domain import tally as tallies
from local_store.domain.codes import Meaning
from local_store.domain.commands import (
    Complete,
    FloorCommand,
    OpenWork,
    Scan,
    SetValue,
)
from local_store.domain.events import (
    CountedLot,
    CountEmptyAsked,
    CountLine,
    CountRecountAsked,
    CountSettled,
    Fact,
    StockAdjusted,
    StockCounted,
    TallyClosed,
    TallyMoved,
    decimal_text,
)
from local_store.domain.floor import Decision, Floor
from local_store.domain.meaning import shown
from local_store.domain.site import CountingRule, Site, Worker
from local_store.domain.tally import InHand, Tally
from local_store.domain.words import Answer, listed, phrase, say

WORK = "count"
OPEN, SETTLED = "open", "settled"
ITEMS_SHOWN = 5
ZERO = Decimal(0)


class CountTask(NamedTuple):
    """A count that was asked for. `rounds` are the counts so far, none of which was taken; `counters` made them."""

    count_task_id: str
    location_id: str
    sku: str | None
    reason: str
    blind: bool
    status: str = OPEN
    counters: tuple[str, ...] = ()
    rounds: tuple[tuple[CountLine, ...], ...] = ()
    empty_asked: bool = False
    after: str | None = None


class Believed(NamedTuple):
    """What stock says of a location: units by (SKU, lot), and serial numbers of a SKU with their lots.

    `moved_by` is the entity of the fact that moved a SKU there last.
    """

    units: Mapping[tuple[str, str], Decimal]
    serials: Mapping[str, Mapping[str, str]]
    moved_by: Mapping[str, str] = MappingProxyType({})


class Line(NamedTuple):
    """A product and lot as it was believed and as it is."""

    sku: str
    lot_id: str
    before: Decimal
    after: Decimal
    missing: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether anything of it is not as it was believed."""
        return self.after != self.before or bool(self.missing or self.found)


class Asked(NamedTuple):
    """What a workplace for counting is shown beside the tally."""

    task: CountTask | None = None
    """The count that is open here."""
    wanted: CountTask | None = None
    """The one that a scan or the list names."""
    held_at: str | None = None
    """Another workplace whose worker counts what is wanted."""
    tally_id: str | None = None
    """The tally that was left of it."""
    lots: frozenset[str] = frozenset()
    """Products in hand of which stock knows lots at this location: theirs are asked for."""
    believed: Believed = Believed({}, {})
    """Loaded only for an act that may end the count."""


def decide(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    """What an act at a workplace for counting leads to."""
    desk: tallies.Desk = floor.desk
    asked = desk.asked
    assert isinstance(asked, Asked)
    if asked.task is None or desk.tally is None:
        return _begin(site, floor, worker, command, asked)
    task, counting = asked.task, desk.tally
    location = _location(floor.meanings)
    if isinstance(command, OpenWork):
        return Decision(say("count.other_open", open=task.location_id))
    if isinstance(command, Complete):
        return _through(site, asked, task, counting, worker)
    if isinstance(command, SetValue) and command.name == "condition":
        return Decision(say("count.condition"))
    if isinstance(command, Scan) and location is not None:
        return _at(site, asked, task, counting, worker, location)
    return tallies.act(desk, command, lambda tally, hand: _wrong(task, tally, hand), lambda hand: _lacks(asked, hand))


def _begin(site: Site, floor: Floor, worker: Worker, command: FloorCommand, asked: Asked) -> Decision:
    task, location = asked.wanted, _location(floor.meanings) if isinstance(command, Scan) else None
    if task is None or task.status == SETTLED:
        if location is not None:
            return Decision(say("count.no_task", location=shown(location)))
        if isinstance(command, OpenWork):
            return Decision(say("count.unknown", id=shown(command.id)))
        return Decision(say("count.none"))
    refusal = _not_by(task, worker)
    if refusal is None and asked.held_at is not None:
        refusal = say("count.elsewhere", location=task.location_id, workplace=asked.held_at)
    if refusal is None and not site.accepts_new_work:
        refusal = say("work.no_room", work=task.location_id)
    if refusal is not None:
        return Decision(refusal)
    tally_id = asked.tally_id or f"tally_{command.command_id.hex}"
    opened = tallies.opened(WORK, task.count_task_id, floor.place.workplace, worker.worker_id, tally_id)
    words = {"location": task.location_id, "what": task.sku or phrase("all that is there")}
    if location is None:
        return Decision(say("count.opened", **words), (opened,))
    there = TallyMoved(tally_id=tally_id, location_id=task.location_id)
    return Decision(say("count.begun", **words), (opened, there))


def _at(site: Site, asked: Asked, task: CountTask, counting: Tally, worker: Worker, location: str) -> Decision:
    """A location was scanned: the first time to begin, again to end; nothing counted must be said twice."""
    if location != task.location_id:
        return Decision(say("count.wrong_location", location=shown(location), wanted=task.location_id))
    if counting.location_id is None:
        there = TallyMoved(tally_id=counting.tally_id, location_id=location)
        return Decision(say("count.begun", location=location, what=task.sku or phrase("all that is there")), (there,))
    if not counting.counts and not task.empty_asked:
        fact = CountEmptyAsked(count_task_id=task.count_task_id)
        return Decision(say("count.empty_asked", location=location), (fact,))
    return _through(site, asked, task, counting, worker)


def _wrong(task: CountTask, counting: Tally, hand: InHand) -> Answer | None:
    if counting.location_id is None:
        return say("count.location_first", location=task.location_id)
    if task.sku is not None and hand.item.sku != task.sku:
        return say("count.only", wanted=task.sku, got=hand.item.title)
    return None


def _lacks(asked: Asked, hand: InHand) -> str | None:
    """The serial number of what has one, and the lot of what is kept by lots here."""
    if hand.item.sku in asked.lots and hand.lot_id is None:
        return "lot"
    return "serial" if hand.item.serial_required and hand.serial is None else None


def _not_by(task: CountTask, worker: Worker) -> Answer | None:
    if worker.worker_id not in task.counters:
        return None
    return say("count.other_worker", name=worker.name, location=task.location_id)


# --- a count is through ------------------------------------------------------------------------------------------


def _through(site: Site, asked: Asked, task: CountTask, counting: Tally, worker: Worker) -> Decision:
    if counting.location_id is None:
        return Decision(say("count.location_first", location=task.location_id))
    refusal = _not_by(task, worker)
    if refusal is not None:
        return Decision(refusal)
    lines = compared(asked.believed, counting, task.sku)
    closed = TallyClosed(tally_id=counting.tally_id)
    near = _near(site.counting, lines)
    if not near and not any(_same(lines, earlier) for earlier in task.rounds):
        kept = tuple(_kept(line) for line in lines)
        again = CountRecountAsked(count_task_id=task.count_task_id, counted_by=worker.worker_id, lines=kept)
        return Decision(say("count.recount", location=task.location_id), (closed, again))
    settled = CountSettled(
        count_task_id=task.count_task_id,
        by="count" if near else "recount",
        location_id=task.location_id,
        sku=task.sku,
        counted_by=worker.worker_id,
    )
    return Decision(told(task, lines), (closed, *corrections(task, lines, asked.believed), settled))


def compared(believed: Believed, counting: Tally, sku: str | None) -> tuple[Line, ...]:
    """All that was counted and all that is believed to be there (of one product, where `sku` is given)."""
    counted: dict[tuple[str, str], Decimal] = {}
    serials: dict[tuple[str, str], list[str]] = {}
    for each in counting.counts:
        key = (each.item.sku, each.lot_id or "")
        counted[key] = counted.get(key, ZERO) + each.qty
        serials.setdefault(key, []).extend(each.serials)
    keys = {key for key in believed.units if sku in {None, key[0]}} | counted.keys()
    return tuple(
        _line(believed, key, counted.get(key, ZERO), tuple(sorted(serials.get(key, ()))), serials)
        for key in sorted(keys | _lots_of_missing(believed, serials, sku))
    )


def _line(
    believed: Believed,
    key: tuple[str, str],
    counted: Decimal,
    here: tuple[str, ...],
    serials: Mapping[tuple[str, str], Iterable[str]],
) -> Line:
    """A unit that is believed here under another lot is found under this one, and missing under none."""
    sku, lot_id = key
    known = believed.serials.get(sku, {})
    seen = {serial for (of, _), each in serials.items() if of == sku for serial in each}
    missing = tuple(sorted(serial for serial, lot in known.items() if lot == lot_id and serial not in seen))
    found = tuple(serial for serial in here if known.get(serial) != lot_id)
    return Line(sku, lot_id, believed.units.get(key, ZERO), counted, missing, found, here)


def _lots_of_missing(
    believed: Believed, serials: Mapping[tuple[str, str], Iterable[str]], sku: str | None
) -> set[tuple[str, str]]:
    """Lots with serial numbers but no units left: numbers can be known of units that were taken without them."""
    return {
        (of, lot) for of, known in believed.serials.items() if sku in {None, of} for lot in known.values()
    } - serials.keys()


def _near(rule: CountingRule, lines: Sequence[Line]) -> bool:
    """Whether every product is as believed, up to the larger of the two tolerances; serial numbers are exact."""
    for sku in {line.sku for line in lines}:
        of = [line for line in lines if line.sku == sku]
        before, after = sum((line.before for line in of), ZERO), sum((line.after for line in of), ZERO)
        if any(line.missing or line.found for line in of):
            return False
        if abs(after - before) > max(rule.recount_units, abs(before) * rule.recount_percent / 100):
            return False
    return True


def _same(lines: Sequence[Line], earlier: Sequence[CountLine]) -> bool:
    now = {(line.sku, line.lot_id): (line.after - line.before, line.serials) for line in lines}
    then = {(line.sku, line.lot_id): (line.difference, line.serials) for line in earlier}
    nothing: tuple[Decimal, tuple[str, ...]] = (ZERO, ())
    return all(now.get(key, nothing) == then.get(key, nothing) for key in now.keys() | then.keys())


def _kept(line: Line) -> CountLine:
    difference = line.after - line.before
    of = {"sku": line.sku, "lot_id": line.lot_id, "counted": line.after, "serials": line.serials}
    return CountLine(**of, difference=difference)


def corrections(task: CountTask, lines: Sequence[Line], believed: Believed) -> tuple[Fact, ...]:
    """What HQ is told of every product that was counted, and what the ledger must learn of those that differ."""
    facts: list[Fact] = [
        _counted(task.location_id, sku, lines, task.after or believed.moved_by.get(sku))
        for sku in sorted({line.sku for line in lines})
    ]
    facts += [
        StockAdjusted(
            sku=line.sku,
            lot_id=line.lot_id,
            location_id=task.location_id,
            before=line.before,
            after=line.after,
            reason=task.reason,
            count_task_id=task.count_task_id,
            missing=line.missing,
            found=line.found,
        )
        for line in sorted(lines, key=lambda line: bool(line.found))  # what is found comes after what is missing
        if line.differs
    ]
    return tuple(facts)


def _counted(location_id: str, sku: str, lines: Iterable[Line], after: str | None) -> StockCounted:
    of = [line for line in lines if line.sku == sku]
    return StockCounted(
        sku=sku,
        location_id=location_id,
        qty=sum((line.after for line in of), ZERO),
        lots=tuple(CountedLot(lot_id=line.lot_id, qty=line.after) for line in of if line.lot_id),
        after=after,
    )


def told(task: CountTask, lines: Sequence[Line]) -> Answer:
    """What is said of a count that was taken."""
    differ = [line for line in lines if line.differs]
    if not differ:
        return say("count.right", location=task.location_id)
    items = [_in_words(line) for line in differ[:ITEMS_SHOWN]]
    if len(differ) > ITEMS_SHOWN:
        items.append(phrase("and {many} more", many=len(differ) - ITEMS_SHOWN))
    return say("count.corrected", location=task.location_id, items=listed(items))


def _in_words(line: Line) -> str:
    missing = listed([shown(serial) for serial in line.missing], ITEMS_SHOWN)
    words = {"qty": decimal_text(line.after), "sku": line.sku, "lot": shown(line.lot_id or "")}
    found = phrase("{qty} of {sku} lot {lot}", **words) if line.lot_id else phrase("{qty} of {sku}", **words)
    return phrase("{found} (missing: {missing})", found=found, missing=missing) if missing else found


def _location(meanings: Iterable[Meaning]) -> str | None:
    """The location a code means, unless it means a product as well: then that is what is counted."""
    things = {meaning.thing: meaning.id for meaning in meanings}
    return None if "product" in things else things.get("location")
