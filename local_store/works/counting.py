"""Counts that were asked for, and what a counter and a supervisor are shown of the store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from local_store import journal
from local_store.domain import commands as c
from local_store.domain import counting, counts_asked
from local_store.domain import events as e
from local_store.domain.codes import key_of
from local_store.domain.counting import Asked, Believed, CountTask
from local_store.domain.counts_asked import Adjusting, Counted, Named, Shelf
from local_store.domain.floor import Place
from local_store.domain.meaning import Meant
from local_store.domain.stock import shelf
from local_store.domain.tally import Desk, Tally
from local_store.works import stock, tally
from local_store.works.part import Act, Acts, DeskLoad, Rule

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES = ("count_task", "location_counted")

MS_PER_DAY = 86_400_000
_COLUMNS = (
    "count_task_id, location_id, sku, reason, blind, status, counters, rounds, empty_asked,"
    " (SELECT body ->> '$.after' FROM journal j WHERE j.seq = count_task.seq)"
)
_NOTHING = Believed({}, {})


def task(db: sqlite3.Connection, count_task_id: str) -> CountTask | None:
    """A count that was asked for."""
    row = db.execute(f"SELECT {_COLUMNS} FROM count_task WHERE count_task_id = ?", (count_task_id,)).fetchone()  # noqa: S608
    return _task(row) if row else None


def open_at(db: sqlite3.Connection, location_id: str) -> list[CountTask]:
    """The counts of a location that are not through, oldest first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM count_task WHERE location_id = ? AND status <> 'settled' ORDER BY seq",  # noqa: S608
        (location_id,),
    )
    return [_task(row) for row in rows]


def believed(db: sqlite3.Connection, location_id: str, sku: str | None) -> Believed:
    """What stock says of a location, of one product or of all."""
    account = shelf(location_id)
    serials: dict[str, dict[str, str]] = {}
    rows = db.execute(
        "SELECT sku, serial, lot_id FROM serial WHERE account = :account AND (:sku IS NULL OR sku = :sku)",
        {"account": account, "sku": sku},
    )
    for of, serial, lot_id in rows:
        serials.setdefault(of, {})[serial] = lot_id
    units = {(each.sku, each.lot_id): each.qty for each in stock.balances(db, account=account, sku=sku)}
    return Believed(units, serials, dict(_moved_by(db, account, sku)))


def _moved_by(db: sqlite3.Connection, account: str, sku: str | None) -> Iterator[tuple[str, str]]:
    """Who moved each product of an account last; what a store was moved in with was moved by nobody."""
    rows = db.execute(
        "WITH last AS (SELECT sku, max(seq) AS seq FROM stock"
        "  WHERE account = :account AND (:sku IS NULL OR sku = :sku) GROUP BY sku)"
        " SELECT sku, seq, kind, body FROM last JOIN journal USING (seq)",
        {"account": account, "sku": sku},
    )
    for of, seq, kind, body in rows:
        yield of, journal.fact_of(seq, kind, body).entity


def load_desk(tx: Transaction, place: Place, command: c.FloorCommand, meant: Meant) -> Desk:
    """The count that is open at a workplace, or the one that a scan or the list names."""
    db = tx.connection
    counted = tally.load(db, place.work_id)
    asked = _wanted(tx, place, command, meant) if counted is None else _going_on(db, counted, command, meant)
    return Desk(counted, meant, tally.scanned_item(db, meant), asked)


def _wanted(tx: Transaction, place: Place, command: c.FloorCommand, meant: Meant) -> Asked:
    db = tx.connection
    found = _named(db, place, command, meant)
    if found is None:
        return Asked()
    tally_id = tally.open_one(db, counting.WORK, found.count_task_id)
    left = tally.load(db, tally_id)
    held = left.workplace if left is not None and left.workplace != place.workplace else None
    if held is not None and tx.remembered.place(tx, held).worker_id is None:
        held = None  # whoever began has gone
    return Asked(wanted=found, held_at=held, tally_id=tally_id)


def _named(db: sqlite3.Connection, place: Place, command: c.FloorCommand, meant: Meant) -> CountTask | None:
    """What is wanted: at a location the oldest count that this worker may make."""
    if isinstance(command, c.OpenWork):
        return task(db, command.id)
    location = next((each.id for each in meant.meanings if each.thing == "location"), None)
    if location is None:
        return None
    found = open_at(db, location)
    return next((each for each in found if place.worker_id not in each.counters), found[0] if found else None)


def _going_on(db: sqlite3.Connection, counted: Tally, command: c.FloorCommand, meant: Meant) -> Asked:
    at = task(db, counted.about)
    if at is None:
        return Asked()
    location = any(each.thing == "location" and each.id == at.location_id for each in meant.meanings)
    ends = location or isinstance(command, c.Complete)
    skus = {each.id for each in meant.meanings if each.thing == "product"}
    skus |= {counted.in_hand.item.sku} if counted.in_hand else set()
    lots = frozenset(sku for sku in skus if _has_lots(db, at.location_id, sku))
    return Asked(task=at, lots=lots, believed=believed(db, at.location_id, at.sku) if ends else _NOTHING)


def _has_lots(db: sqlite3.Connection, location_id: str, sku: str) -> bool:
    return any(each.lot_id for each in stock.balances(db, account=shelf(location_id), sku=sku))


def _load_named(tx: Transaction, location_id: str, sku: str | None) -> Named:
    known = any(each.thing == "location" for each in tx.remembered.meanings(tx, key_of(location_id)))
    same = (each for each in open_at(tx.connection, location_id) if each.sku == sku)
    return Named(known, tally.item(tx.connection, sku) if sku else None, next(same, None))


def _load_request(tx: Transaction, command: c.RequestCount) -> Named:
    return _load_named(tx, command.location_id, command.sku)


def _load_count(tx: Transaction, command: c.SettleCount) -> Counted:
    db = tx.connection
    found = task(db, command.count_task_id)
    if found is None:
        return Counted(None, None, _NOTHING)
    tally_id = tally.open_one(db, counting.WORK, found.count_task_id)
    return Counted(found, tally_id, believed(db, found.location_id, found.sku))


def _load_adjusting(tx: Transaction, command: c.AdjustStock) -> Adjusting:
    now = believed(tx.connection, command.location_id, command.sku)
    units = now.units
    lot_id = command.lot_id or ""
    before = units.get((command.sku, lot_id), Decimal(0))
    others = sum((qty for (_, lot), qty in units.items() if lot != lot_id), Decimal(0))
    return Adjusting(_load_named(tx, command.location_id, command.sku), before, others, now.moved_by.get(command.sku))


def plan_due(tx: Transaction, most: int, ident: str) -> int:
    """What the calendar does: ask for the counts that are due. Returns how many."""
    facts = counts_asked.planned(tx.site.counting, _load_shelves(tx), most, ident)
    for fact in facts:
        tx.append(fact)
    return len(facts)


def _load_shelves(tx: Transaction, _command: c.PlanCounts | None = None) -> tuple[Shelf, ...]:
    """Every location at which there is or was something, and of which no count is open."""
    rows = tx.connection.execute(
        "WITH at(location_id) AS (SELECT substr(account, length('location:') + 1) FROM stock"
        "  WHERE account LIKE 'location:%' UNION SELECT location_id FROM pick_task),"
        " picks AS (SELECT location_id, count(*) AS n FROM pick_task WHERE status = 'done' GROUP BY location_id)"
        " SELECT at.location_id, coalesce(picks.n, 0), j.wall_ms FROM at LEFT JOIN picks USING (location_id)"
        " LEFT JOIN location_counted c USING (location_id) LEFT JOIN journal j ON j.seq = c.seq"
        " WHERE NOT EXISTS (SELECT 1 FROM count_task t WHERE t.location_id = at.location_id"
        "  AND t.status <> 'settled' AND t.sku IS NULL)"
    )
    now = tx.wall_ms
    return tuple(Shelf(at, picks, None if ms is None else max(0, now - ms) // MS_PER_DAY) for at, picks, ms in rows)


def _task(row: tuple[Any, ...]) -> CountTask:
    count_task_id, location_id, sku, reason, blind, status, counters, rounds, empty_asked, after = row
    lines = tuple(tuple(e.CountLine.model_validate(line) for line in each) for each in json.loads(rounds))
    return CountTask(
        *(count_task_id, location_id, sku, reason, bool(blind), status),
        tuple(json.loads(counters)),
        lines,
        bool(empty_asked),
        after,
    )


# --- what the facts add up to ------------------------------------------------------------------------------------


def _requested(db: sqlite3.Connection, seq: int, fact: e.CountRequested) -> None:
    db.execute(
        "INSERT OR IGNORE INTO count_task(count_task_id, seq, location_id, sku, reason, blind, status, counters,"
        " rounds) VALUES (?,?,?,?,?,?,'open','[]','[]')",
        (fact.count_task_id, seq, fact.location_id, fact.sku, fact.reason, fact.blind),
    )
    key = (key_of(fact.location_id), fact.location_id)
    db.execute("INSERT OR IGNORE INTO code VALUES (?, 'location', ?, 1)", key)


def _empty_asked(db: sqlite3.Connection, _seq: int, fact: e.CountEmptyAsked) -> None:
    db.execute("UPDATE count_task SET empty_asked = 1 WHERE count_task_id = ?", (fact.count_task_id,))


def _recount_asked(db: sqlite3.Connection, _seq: int, fact: e.CountRecountAsked) -> None:
    lines = [line.model_dump(mode="json") for line in fact.lines]
    db.execute(
        "UPDATE count_task SET status = 'recount', empty_asked = 0,"
        " counters = json_insert(counters, '$[#]', ?), rounds = json_insert(rounds, '$[#]', json(?))"
        " WHERE count_task_id = ?",
        (fact.counted_by, json.dumps(lines, sort_keys=True, ensure_ascii=False), fact.count_task_id),
    )


def _settled(db: sqlite3.Connection, seq: int, fact: e.CountSettled) -> None:
    db.execute("UPDATE count_task SET status = 'settled' WHERE count_task_id = ?", (fact.count_task_id,))
    if fact.sku is None and fact.by != "kept":
        db.execute("INSERT OR REPLACE INTO location_counted VALUES (?,?)", (fact.location_id, seq))


RULES: Mapping[str, Rule] = {
    e.CountRequested.kind: _requested,
    e.CountEmptyAsked.kind: _empty_asked,
    e.CountRecountAsked.kind: _recount_asked,
    e.CountSettled.kind: _settled,
}
ACTS: Acts = {
    c.RequestCount: Act(_load_request, counts_asked.request),
    c.SettleCount: Act(_load_count, counts_asked.settle),
    c.AdjustStock: Act(_load_adjusting, counts_asked.adjust),
    c.PlanCounts: Act(_load_shelves, counts_asked.plan),
}
DESKS: Mapping[str, DeskLoad] = {counting.WORK: load_desk}
