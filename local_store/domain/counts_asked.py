"""What a supervisor does about counts: asks for them, decides them, corrects stock; and which are due. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from local_store.domain.commands import AdjustStock, PlanCounts, RequestCount, SettleCount
from local_store.domain.counting import SETTLED, ZERO, Believed, CountTask, Line, corrections, told
from local_store.domain.events import (
    CountedLot,
    CountLine,
    CountRequested,
    CountSettled,
    StockAdjusted,
    StockCounted,
    TallyClosed,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.site import CountingRule, Site
from local_store.domain.tally import Item
from local_store.domain.words import Answer, say


class Named(NamedTuple):
    """What a command names, as far as it is known here."""

    location: bool
    item: Item | None
    open: CountTask | None = None
    """A count of the same that is not through."""


def request(_site: Site, _by: By, named: Named, command: RequestCount) -> Decision:
    """Ask for a count."""
    refusal = _unknown(named, command.location_id, command.sku)
    if refusal is None and named.open is not None:
        refusal = say("count.asked_already", location=command.location_id, reason=shown(named.open.reason))
    if refusal is not None:
        return Decision(refusal)
    fact = CountRequested(
        count_task_id=f"count_{command.command_id.hex}",
        location_id=command.location_id,
        sku=command.sku,
        reason=command.reason,
        blind=command.blind,
    )
    return Decision(say("count.asked", location=command.location_id, reason=shown(command.reason)), (fact,))


class Counted(NamedTuple):
    """A count to be settled, the tally that is open for it, and what is believed now."""

    task: CountTask | None
    tally_id: str | None
    believed: Believed


def settle(_site: Site, by: By, counted: Counted, command: SettleCount) -> Decision:
    """A supervisor takes the last count, or leaves all as it is believed."""
    task = counted.task
    if task is None:
        return Decision(say("count.unknown", id=shown(command.count_task_id)))
    if task.status == SETTLED:
        return Decision(say("count.settled_already", location=task.location_id))
    closed = (
        (TallyClosed(tally_id=counted.tally_id, discarded=True, reason=f"settled by {by.worker.worker_id}"),)
        if counted.tally_id
        else ()
    )
    of = {"count_task_id": task.count_task_id, "location_id": task.location_id, "sku": task.sku}
    last_counter = task.counters[-1] if task.counters else None
    if command.choice == "keep":
        kept = CountSettled(**of, by="kept", counted_by=last_counter)
        return Decision(say("count.kept", location=task.location_id), (*closed, kept))
    if not task.rounds:
        return Decision(say("count.nothing_counted", location=task.location_id))
    lines = tuple(_now(counted.believed, line) for line in task.rounds[-1])
    below = next((line for line in lines if line.after < 0), None)
    if below is not None:
        return Decision(say("count.moved_since", sku=below.sku, location=task.location_id))
    accepted = CountSettled(**of, by="accepted", counted_by=last_counter)
    return Decision(told(task, lines), (*closed, *corrections(task, lines, counted.believed), accepted))


def _now(believed: Believed, line: CountLine) -> Line:
    """A count as it would be now: what moved since it was made has moved what is believed as well."""
    key, known = (line.sku, line.lot_id), believed.serials.get(line.sku, {})
    before = believed.units.get(key, ZERO)
    missing = tuple(sorted(each for each, lot in known.items() if lot == line.lot_id and each not in line.serials))
    found = tuple(each for each in line.serials if known.get(each) != line.lot_id)
    return Line(line.sku, line.lot_id, before, before + line.difference, missing, found, line.serials)


class Adjusting(NamedTuple):
    """What an adjustment by hand is about, and what is believed of it."""

    named: Named
    before: Decimal
    others: Decimal
    """Units of the product at the location in all other lots."""
    moved_by: str | None = None
    """The entity of the fact that moved the product there last."""


def adjust(_site: Site, _by: By, about: Adjusting, command: AdjustStock) -> Decision:
    """Correct what is believed to be at a location, by hand."""
    refusal = _unknown(about.named, command.location_id, command.sku)
    item = about.named.item
    if refusal is not None or item is None:
        return Decision(refusal or say("count.no_product", sku=shown(command.sku)))
    words = {"qty": decimal_text(command.qty), "item": item.title, "location": command.location_id}
    if command.qty < 0:
        return Decision(say("stock.negative", **words))
    if item.serial_required:
        return Decision(say("stock.serials", **words))
    if command.qty == about.before:
        return Decision(say("stock.as_it_is", **words))
    of = {"sku": command.sku, "location_id": command.location_id}
    lots = (CountedLot(lot_id=command.lot_id, qty=command.qty),) if command.lot_id else ()
    facts = (
        StockCounted(**of, qty=max(ZERO, command.qty + about.others), lots=lots, after=about.moved_by),
        StockAdjusted(
            **of, lot_id=command.lot_id or "", before=about.before, after=command.qty, reason=command.reason
        ),
    )
    before = decimal_text(about.before)
    return Decision(say("stock.adjusted", **words, before=before, reason=shown(command.reason)), facts)


def _unknown(named: Named, location_id: str, sku: str | None) -> Answer | None:
    if not named.location:
        return say("count.no_location", location=shown(location_id))
    return say("count.no_product", sku=shown(sku)) if sku is not None and named.item is None else None


# --- which locations are due -------------------------------------------------------------------------------------


class Shelf(NamedTuple):
    """A location, how many picks there were, and days since it was last counted; None when it never was."""

    location_id: str
    picks: int
    days: int | None


A_SHARE, B_SHARE = Decimal("0.8"), Decimal("0.95")


def due(rule: CountingRule, shelves: Iterable[Shelf], most: int) -> tuple[Shelf, ...]:
    """The locations to count now, longest overdue first, in the share of its days that each class has."""
    ranked = sorted(shelves, key=lambda shelf: (-shelf.picks, shelf.location_id))
    total, before = sum(shelf.picks for shelf in ranked), 0
    found: list[tuple[Decimal, Shelf]] = []
    for shelf in ranked:
        share = Decimal(before) / total if total else Decimal(1)
        every = rule.a_days if share < A_SHARE else rule.b_days if share < B_SHARE else rule.c_days
        overdue = Decimal("Infinity") if shelf.days is None else Decimal(shelf.days) / every
        if overdue >= 1:
            found.append((overdue, shelf))
        before += shelf.picks
    found.sort(key=lambda each: -each[0])
    return tuple(shelf for _, shelf in found[:most])


def planned(rule: CountingRule, shelves: Iterable[Shelf], most: int, ident: str) -> tuple[CountRequested, ...]:
    """The counts that are due; `shelves` are those of which none is open, `ident` begins the ids of the counts."""
    return tuple(
        CountRequested(count_task_id=f"count_{ident}_{place}", location_id=shelf.location_id, reason="due")
        for place, shelf in enumerate(due(rule, shelves, most), 1)
    )


def plan(site: Site, _by: By, shelves: tuple[Shelf, ...], command: PlanCounts) -> Decision:
    """A supervisor asks for the counts that are due."""
    facts = planned(site.counting, shelves, command.most, command.command_id.hex)
    return Decision(say("count.planned", many=len(facts)) if facts else say("count.none_due"), facts)
