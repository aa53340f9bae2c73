"""What a screen shows where a shelf is counted: where, what of, blind or not, and what was counted so far."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal

from agent.floor import goods_parts as parts
from agent.floor.view_parts import CHOICES, View, action, doing, fact, sign_in
from local_store.domain.counting import CountTask
from local_store.domain.events import decimal_text
from local_store.domain.floor import Place
from local_store.domain.stock import shelf
from local_store.domain.tally import InHand, Tally
from local_store.domain.words import phrase
from local_store.works import counting, stock
from local_store.works import tally as tallies


def count_view(db: sqlite3.Connection, place: Place) -> View:
    """The members of a view that depend on what is open here."""
    signed_in = place.worker_id is not None
    tally = tallies.load(db, place.work_id)
    task = counting.task(db, tally.about) if tally else None
    choices = _asked(db, place.worker_id) if signed_in and tally is None else []
    return {
        "next": _next(db, tally, task, signed_in=signed_in, anything_waits=bool(choices)),
        "progress": None,
        "picklist": None,
        "goods": parts.goods(task.location_id, _rows(db, tally, task), tally) if tally and task else None,
        "choices": choices,
        "actions": _actions(db, tally, task, signed_in=signed_in),
    }


def _next(
    db: sqlite3.Connection, tally: Tally | None, task: CountTask | None, *, signed_in: bool, anything_waits: bool
) -> View:
    if not signed_in:
        return sign_in()
    if tally is None or task is None:
        some, none = phrase("or choose one below"), phrase("no count is asked for here")
        return doing("choose", phrase("Scan a location"), some if anything_waits else none)
    facts = _facts(db, task)
    if tally.location_id is None:
        return doing("scan_location", task.location_id, phrase("Go there and scan it"), facts=facts)
    hand = tally.waiting
    if hand is not None:
        lacks = _lacks(db, task, hand)
        wanted = parts.MISSING[lacks] if lacks else ""
        return doing("set", hand.item.name, "", wanted, hand.item.sku, [*parts.hand_facts(hand), *facts])
    last = tally.counts[-1] if tally.counts else None
    if last is None:
        what = _name(db, task.sku) if task.sku else phrase("Scan an item")
        return doing("scan_item", what, phrase("count all that is there"), "", task.sku or "", facts)
    amount = phrase("{qty} counted", qty=decimal_text(tally.total(last.item.sku)))
    again = phrase("scan the next, or the location when you are through")
    return doing("scan_item", last.item.name, again, amount, last.item.sku, [*parts.hand_facts(last), *facts])


def _facts(db: sqlite3.Connection, task: CountTask) -> list[View]:
    """Where and what; who was far off before is not told, nor how far: the count is blind."""
    what = _name(db, task.sku) if task.sku else phrase("all that is there")
    found = [fact(phrase("Location"), task.location_id, code=True), fact(phrase("What to count"), what)]
    if task.counters:
        found.append(fact(phrase("Recount"), phrase("somebody counted before you")))
    return found


def _name(db: sqlite3.Connection, sku: str) -> str:
    return parts.names_of(db, [sku])[sku]


def _lacks(db: sqlite3.Connection, task: CountTask, hand: InHand) -> str | None:
    """As the rule of counting asks: the lot where stock is kept by lots, the serial number where units have one."""
    if hand.lot_id is None and any(
        each.lot_id for each in stock.balances(db, account=shelf(task.location_id), sku=hand.item.sku)
    ):
        return "lot"
    return "serial" if hand.item.serial_required and hand.serial is None else None


def _rows(db: sqlite3.Connection, tally: Tally | None, task: CountTask | None) -> list[View]:
    """What is believed to be there, where the count is not blind."""
    if tally is None or task is None or task.blind or task.counters:
        return []
    units: dict[str, Decimal] = {}
    for each in stock.balances(db, account=shelf(task.location_id), sku=task.sku):
        units[each.sku] = units.get(each.sku, parts.ZERO) + each.qty
    names, now = parts.names_of(db, list(units)[: parts.MOST_SHOWN]), parts.current_sku(tally)
    return [
        parts.row(sku, names.get(sku, sku), tally.total(sku), qty, current=sku == now) for sku, qty in units.items()
    ]


def _asked(db: sqlite3.Connection, worker_id: str | None) -> list[View]:
    """The counts that this worker may make, by location."""
    rows = db.execute(
        "SELECT count_task_id, location_id, sku, reason, counters FROM count_task WHERE status <> 'settled'"
        " AND NOT EXISTS (SELECT 1 FROM json_each(counters) WHERE value = ?) ORDER BY location_id, seq LIMIT ?",
        (worker_id, CHOICES),
    )
    found = []
    for ident, location_id, sku, reason, counters in rows.fetchall():
        what = _name(db, sku) if sku else phrase("all that is there")
        detail = phrase("{first}, {rest}", first=what, rest=phrase("recount") if json.loads(counters) else reason)
        found.append(parts.choice(ident, location_id, detail, None, None))
    return found


def _actions(db: sqlite3.Connection, tally: Tally | None, task: CountTask | None, *, signed_in: bool) -> list[View]:
    if not signed_in:
        return []
    if tally is None or task is None:
        return []
    if tally.location_id is None:
        return []
    lacks = _lacks(db, task, tally.waiting) if tally.waiting else None
    sure = phrase("Yes, it is empty") if task.empty_asked else phrase("It is empty")
    empty = action("scan", sure, body={"code": task.location_id}, enabled=not tally.counts)
    return [
        *parts.say_of_item(tally, wanted=lacks, of=("lot", "serial")),
        parts.complete(phrase("Done"), enabled=bool(tally.counts) and tally.waiting is None),
        parts.undo(enabled=bool(tally.counts)),
        *([empty] if not tally.counts else []),
        parts.quantity(tally),
    ]
