"""Lots and serial numbers of what is picked, totes, lists that change hands, and what handhelds ask for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from local_store.domain import checking, handheld, offline, releasing, states, substituting
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import quality as domain_quality
from local_store.domain.checking import Handheld
from local_store.domain.codes import key_of
from local_store.domain.commands import FloorCommand
from local_store.domain.events import decimal_text
from local_store.domain.floor import Floor
from local_store.domain.handheld import OrderLine
from local_store.domain.meaning import Meant
from local_store.domain.pick_work import LotElsewhere, LotHere, PickTrace, PickWork, Totes, Tracing
from local_store.domain.replanning import shorted
from local_store.domain.stock import MILLIONTHS, shelf
from local_store.domain.words import Answer
from local_store.works import quality, substitutes, traces
from local_store.works.part import Act, Acts, DeskLoad, Rule

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES = ("pick_hand", "pick_put", "pick_trace", "lot", "pick_scan", "picker_zone")
DESKS: Mapping[str, DeskLoad] = {}
MS_PER_S = 1000
MOST_LOTS = 500


# --- what a scan needs beside the list -----------------------------------------------------------------------------


def load_more(tx: Transaction, floor: Floor, pick: PickWork, command: FloorCommand, meant: Meant) -> Floor:
    """What the store knows of lots, totes and other places, where the command is about that; else as it was."""
    said = meant.parsed
    more: dict[str, Any] = {}
    if pick.traced or pick.in_hand or (said is not None and (said.lot or said.serial or said.expiry)):
        more["tracing"] = _tracing(tx, pick, command, meant)
    if pick.put_task_id is not None:
        task = pick.task(pick.put_task_id)
        row = tx.connection.execute(
            "SELECT tote_id FROM fulfillment WHERE fulfillment_id = ?", (task.fulfillment_id,)
        ).fetchone()
        more["totes"] = Totes(row[0] if row else None, floor.tote_order_id)
    about_list = isinstance(command, c.Scan) and any(each.thing == "picklist" for each in meant.meanings)
    if about_list or isinstance(command, c.Complete):
        more["traces"] = load_traces(tx.connection, pick.picklist_id)
    at_location = isinstance(command, c.Scan) and any(each.thing == "location" for each in meant.meanings)
    short = pick.current if isinstance(command, c.MarkShort) else shorted(pick)
    if short is not None and (at_location or isinstance(command, c.MarkShort | c.Replan)):
        more["elsewhere"] = substitutes.elsewhere(tx.connection, short.sku, short.location_id)
    meant_instead = substitutes.scanned(tx, pick, meant) if isinstance(command, c.Scan) else None
    if meant_instead is not None:
        more["substitute"] = meant_instead
    return floor._replace(**more) if more else floor


def zone_of(db: sqlite3.Connection, workplace: str) -> str | None:
    """The zone in which the picker at a workplace works, where they chose one."""
    row = db.execute("SELECT zone FROM picker_zone WHERE workplace = ?", (workplace,)).fetchone()
    return row[0] if row else None


def load_traces(db: sqlite3.Connection, picklist_id: str) -> tuple[PickTrace, ...]:
    """What is known of the counts of a list, oldest first."""
    rows = db.execute(
        "SELECT c.count_id, c.task_id, c.location_id, c.sku, c.qty, c.lot_id, c.expires_on, c.serials"
        " FROM pick_trace c JOIN pick_task USING (task_id) WHERE c.picklist_id = ? ORDER BY c.seq",
        (picklist_id,),
    )
    return tuple(
        PickTrace(count_id, task_id, location_id, sku, Decimal(qty), lot_id, expires_on, tuple(json.loads(serials)))
        for count_id, task_id, location_id, sku, qty, lot_id, expires_on, serials in rows
    )


def _tracing(tx: Transaction, pick: PickWork, command: FloorCommand, meant: Meant) -> Tracing | None:
    """Of the product that was scanned, else of the item in hand, else of the current line."""
    sku = next((each.id for each in meant.meanings if each.thing == "product"), None)
    if sku is None:
        task = pick.task(pick.in_hand.task_id) if pick.in_hand else pick.current
        if task is None:
            return None
        sku = task.sku
    serials = list(command.serials) if isinstance(command, c.KeySerials) else []
    serials += [meant.parsed.serial] if meant.parsed and meant.parsed.serial else []
    if isinstance(command, c.Scan):
        serials.append(command.code.strip())
    if isinstance(command, c.SetValue):
        serials.append(command.value)
    db = tx.connection
    tracing = _of_product(db, today(tx), sku, serials, pick.location_id)
    first = _first_elsewhere(db, tracing.today, sku, pick.location_id) if tracing.expiry else None
    return tracing._replace(said=meant.parsed, elsewhere=first)


def _of_product(db: sqlite3.Connection, day: str, sku: str, serials: Iterable[str], at: str | None) -> Tracing:
    expiry = dict(db.execute("SELECT lot_id, expires_on FROM lot WHERE sku = ? LIMIT ?", (sku, MOST_LOTS)).fetchall())
    here = db.execute(
        "SELECT lot_id, millionths FROM stock WHERE account = ? AND sku = ? AND lot_id <> '' AND millionths > 0",
        (shelf(at or ""), sku),
    ).fetchall()
    found = db.execute(
        "SELECT serial, account FROM serial WHERE sku = ? AND serial IN (SELECT value FROM json_each(?))",
        (sku, json.dumps(list(serials))),
    ).fetchall()
    lots = tuple(LotHere(lot, expiry.get(lot), Decimal(many) / MILLIONTHS) for lot, many in here)
    return Tracing(day, expiry, lots, dict(found))


def _first_elsewhere(db: sqlite3.Connection, day: str, sku: str, at: str | None) -> LotElsewhere | None:
    row = db.execute(
        "SELECT s.lot_id, l.expires_on, s.account FROM stock s JOIN lot l USING (sku, lot_id) WHERE s.sku = ?"
        " AND s.account LIKE 'location:%' AND s.account <> ? AND s.millionths > 0 AND l.expires_on >= ?"
        " ORDER BY l.expires_on, s.account LIMIT 1",
        (sku, shelf(at or ""), day),
    ).fetchone()
    return LotElsewhere(row[0], row[1], row[2].removeprefix(shelf(""))) if row else None


def today(tx: Transaction) -> str:
    """The day at the site."""
    zone: tzinfo = UTC
    if tx.site.timezone != "UTC":
        from zoneinfo import ZoneInfo  # noqa: PLC0415 -- a third of a megabyte that a site in UTC need not load

        zone = ZoneInfo(tx.site.timezone)
    return datetime.fromtimestamp(tx.wall_ms / MS_PER_S, zone).date().isoformat()


# --- what a handheld needs -----------------------------------------------------------------------------------------


def _list(tx: Transaction, command: c.AboutPicklist) -> PickWork | None:
    return tx.remembered.pick(tx, command.picklist_id)


def _beginning(tx: Transaction, command: c.StartPicklist) -> handheld.Beginning:
    work = tx.remembered.pick(tx, command.picklist_id)
    if work is None:
        return handheld.Beginning(None)
    sight = tx.site.hq.get(work.lane)
    return handheld.Beginning(work, offline.too_old(sight, tx.mono_ms, tx.site.freshness_ms))


def _scanned(tx: Transaction, command: c.ScanPicks) -> Handheld:
    """A list with what is known of the units and scans that the call names; not all that was scanned before.

    Plain scans, which are nearly all, have next to nothing read for them.
    """
    work = tx.remembered.pick(tx, command.picklist_id)
    if work is None:
        return Handheld(None)
    day, named = today(tx), _named(command)
    return Handheld(
        work,
        tracing={sku: _of_product(tx.connection, day, sku, serials, None) for sku, serials in named.items()},
        told=_told_before(tx, command),
        held=_on_hold(tx, command, work) if tx.remembered.holds(tx) else {},
    )


def _told_before(tx: Transaction, command: c.ScanPicks) -> dict[str, tuple[e.CheckedPart, ...]]:
    """Scans of this call, by the ids their handheld gave them, that were accepted in an earlier one."""
    idents = [scan.scan_id for scan in command.scans if isinstance(scan, c.PickScan) and scan.scan_id]
    if not idents:
        return {}
    rows = tx.connection.execute(
        "SELECT scan_id, tasks FROM pick_scan WHERE picklist_id = ? AND scan_id IN (SELECT value FROM json_each(?))",
        (command.picklist_id, json.dumps(idents)),
    )
    return {scan_id: tuple(e.CheckedPart(**part) for part in json.loads(parts)) for scan_id, parts in rows}


def _handheld(tx: Transaction, command: c.AboutPicklist) -> Handheld:
    """A list with all that is known of its counts."""
    work, db = tx.remembered.pick(tx, command.picklist_id), tx.connection
    if work is None:
        return Handheld(None)
    counts = db.execute(
        "SELECT count_id, line_id, qty FROM last_count WHERE work = ? ORDER BY n", (f"picklist:{work.picklist_id}",)
    ).fetchall()
    lines = db.execute(
        "SELECT DISTINCT l.fulfillment_id, l.order_line_id, l.packed FROM fulfillment_line l"
        " JOIN pick_task t USING (fulfillment_id, order_line_id) WHERE t.picklist_id = ?",
        (work.picklist_id,),
    ).fetchall()
    return Handheld(
        work,
        traces=load_traces(db, work.picklist_id),
        counts=tuple((count_id, task_id, Decimal(qty)) for count_id, task_id, qty in counts),
        packed={(fulfillment, line): Decimal(qty) for fulfillment, line, qty in lines},
    )


def _on_hold(tx: Transaction, command: c.ScanPicks, work: PickWork) -> dict[c.PickScan, Answer]:
    """The scans whose goods must not be taken, and why."""
    items, found = {task.sku: task.item for task in work.tasks}, {}
    for scan in command.scans:
        if isinstance(scan, c.Unreadable) or scan.sku not in items:
            continue
        hold = quality.on_hold(tx.connection, scan.sku, scan.lot, scan.location_id, scan.serial)
        if hold is not None:
            found[scan] = domain_quality.held(items[scan.sku], hold)
    return found


def _named(command: c.ScanPicks) -> dict[str, list[str]]:
    """The products of which scans name lots or serial numbers, with the serial numbers of each."""
    found: dict[str, list[str]] = {}
    for scan in command.scans:
        if isinstance(scan, c.Unreadable) or (scan.lot is None and scan.serial is None):
            continue
        found.setdefault(scan.sku, []).extend([scan.serial] if scan.serial else [])
    return found


def _order_line(tx: Transaction, command: c.AssignSerials | c.ConsumeLot) -> OrderLine | None:
    """An order line with what is picked for it and what is known of those units."""
    db = tx.connection
    row = db.execute(
        "SELECT l.sku, coalesce(p.name, l.sku), f.picklist_id, f.lane, l.picked,"
        " (SELECT group_concat(t.picked) FROM pick_task t WHERE t.fulfillment_id = l.fulfillment_id"
        "  AND t.order_line_id = l.order_line_id)"
        " FROM fulfillment_line l JOIN fulfillment f USING (fulfillment_id) LEFT JOIN product p USING (sku)"
        " WHERE l.fulfillment_id = ? AND l.order_line_id = ?",
        (command.fulfillment_id, command.order_line_id),
    ).fetchone()
    if row is None:
        return None
    sku, name, picklist_id, lane, picked, on_tasks = row
    many = sum((Decimal(each) for each in on_tasks.split(",")), Decimal(0)) if on_tasks else Decimal(picked)
    serials = command.serials if isinstance(command, c.AssignSerials) else ()
    tracing = _of_product(db, today(tx), sku, serials, None)
    return OrderLine(command.fulfillment_id, command.order_line_id, sku, name, picklist_id or "", lane, many, tracing)


ACTS: Acts = {
    c.AssignPicklist: Act(_list, handheld.assign),
    c.StartPicklist: Act(_beginning, handheld.start),
    c.CompletePicklist: Act(_handheld, handheld.complete),
    c.ScanPicks: Act(_scanned, checking.scan),
    c.AdjustPicks: Act(_handheld, checking.adjust),
    c.RebinPicks: Act(_handheld, checking.rebin),
    c.ReleasePicklist: Act(_list, releasing.release),
    c.SubstitutePick: Act(substitutes.wanted, substituting.substitute),
    c.OverPick: Act(_list, substituting.over_pick),
    c.ChooseZone: Act(lambda _tx, _command: None, releasing.choose_zone),
    c.AssignSerials: Act(_order_line, handheld.assign_serials),
    c.ConsumeLot: Act(_order_line, handheld.consume_lot),
}


# --- what the facts add up to --------------------------------------------------------------------------------------


def _assigned(db: sqlite3.Connection, _seq: int, fact: e.PicklistAssigned) -> None:
    db.execute("UPDATE picklist SET worker_id = ? WHERE picklist_id = ?", (fact.worker_id, fact.picklist_id))


def _in_hand(db: sqlite3.Connection, _seq: int, fact: e.PickInHand) -> None:
    said = (fact.lot_id, fact.expires_on, fact.choice)
    row = (fact.picklist_id, fact.task_id, decimal_text(fact.qty), *said)
    db.execute("INSERT OR REPLACE INTO pick_hand VALUES (?,?,?,?,?,?)", row)


def _nothing_in_hand(db: sqlite3.Connection, _seq: int, fact: e.OfPicklist) -> None:
    db.execute("DELETE FROM pick_hand WHERE picklist_id = ?", (fact.picklist_id,))


def _traced(db: sqlite3.Connection, seq: int, fact: e.PickTraced) -> None:
    of = (fact.location_id, fact.sku, decimal_text(fact.qty), fact.lot_id, fact.expires_on)
    row = (fact.count_id, fact.picklist_id, fact.task_id, seq, *of, json.dumps(fact.serials, ensure_ascii=False))
    db.execute("INSERT OR REPLACE INTO pick_trace VALUES (?,?,?,?,?,?,?,?,?,?)", row)
    _lot(db, fact.sku, fact.lot_id, fact.expires_on)


def _lot(db: sqlite3.Connection, sku: str, lot_id: str | None, expires_on: str | None) -> None:
    if lot_id and expires_on:
        db.execute("INSERT OR REPLACE INTO lot VALUES (?,?,?)", (sku, lot_id, expires_on))


def _received(db: sqlite3.Connection, _seq: int, fact: e.ReceiptRecorded | e.ReturnReceived) -> None:
    for line in fact.lines:
        _lot(db, line.sku, line.lot_id, line.expires_on)


def _undone(db: sqlite3.Connection, seq: int, fact: e.PickUndone) -> None:
    _nothing_in_hand(db, seq, fact)
    db.execute("DELETE FROM pick_put WHERE picklist_id = ?", (fact.picklist_id,))
    traces.give_back(db, traces.taken_back(db, fact))


def _put_wanted(db: sqlite3.Connection, _seq: int, fact: e.PickPutWanted) -> None:
    db.execute("INSERT OR REPLACE INTO pick_put VALUES (?,?)", (fact.picklist_id, fact.task_id))


def _put(db: sqlite3.Connection, _seq: int, fact: e.PickPut) -> None:
    db.execute("DELETE FROM pick_put WHERE picklist_id = ?", (fact.picklist_id,))


def _completed(db: sqlite3.Connection, seq: int, fact: e.PicklistCompleted) -> None:
    _nothing_in_hand(db, seq, fact)
    db.execute("DELETE FROM pick_scan WHERE picklist_id = ?", (fact.picklist_id,))


def _released(db: sqlite3.Connection, seq: int, fact: e.PicklistReleased) -> None:
    _nothing_in_hand(db, seq, fact)
    db.execute(
        "UPDATE picklist SET status = ?, workplace = NULL, worker_id = NULL, location_id = NULL,"
        " counting_task_id = NULL, zone = coalesce(?, zone) WHERE picklist_id = ?",
        (states.Picklist.OPEN, fact.zone, fact.picklist_id),
    )
    db.execute("UPDATE place SET picklist_id = NULL WHERE picklist_id = ?", (fact.picklist_id,))


def _zoned(db: sqlite3.Connection, _seq: int, fact: e.PickerZoned) -> None:
    db.execute("DELETE FROM picker_zone WHERE workplace = ?", (fact.workplace,))
    if fact.zone is not None:
        db.execute("INSERT INTO picker_zone VALUES (?,?)", (fact.workplace, fact.zone))


def _task_added(db: sqlite3.Connection, _seq: int, fact: e.OfAddedTask) -> None:
    db.execute(
        "INSERT INTO pick_task SELECT picklist_id, (SELECT max(position) + 1 FROM pick_task"
        "  WHERE picklist_id = :picklist_id), :task_id, :fulfillment_id, :order_line_id, :location_id, :sku, :qty,"
        " '0', :status, NULL, NULL FROM picklist WHERE picklist_id = :picklist_id",
        {**fact.model_dump(mode="json"), "status": states.PickTask.OPEN},
    )
    db.execute("DELETE FROM last_count WHERE work = ? AND line_id = ?", (fact.entity, fact.of_task_id))
    db.execute(
        "INSERT OR IGNORE INTO code VALUES (?, 'location', ?, 1)", (key_of(fact.location_id), fact.location_id)
    )


def _rebinned(db: sqlite3.Connection, _seq: int, fact: e.PickRebinned) -> None:
    db.execute(
        "UPDATE pick_task SET picked = ?, status = ?, reason = coalesce(reason, ?) WHERE task_id = ?",
        (decimal_text(fact.picked), states.PickTask.SHORT, fact.reason, fact.task_id),
    )
    db.execute(
        "UPDATE fulfillment_line SET picked = ? WHERE fulfillment_id = ? AND order_line_id = ? AND EXISTS"
        " (SELECT 1 FROM picklist WHERE picklist_id = ? AND status = ?)",
        (
            *(decimal_text(fact.line_picked), fact.fulfillment_id, fact.order_line_id),
            *(fact.picklist_id, states.Picklist.COMPLETED),
        ),
    )
    db.execute("DELETE FROM last_count WHERE work = ? AND line_id = ?", (fact.entity, fact.task_id))
    traces.give_back(db, fact.parts)


def _work_went(db: sqlite3.Connection, _seq: int, _fact: e.OfWork) -> None:
    """HQ took work back or changed it: what hung on tasks that are gone is gone."""
    for table in ("pick_hand", "pick_put", "pick_trace"):
        db.execute(f"DELETE FROM {table} WHERE task_id NOT IN (SELECT task_id FROM pick_task)")  # noqa: S608 -- ours
    db.execute("DELETE FROM pick_scan WHERE picklist_id NOT IN (SELECT picklist_id FROM picklist)")


RULES: Mapping[str, Rule] = {
    e.PicklistAssigned.kind: _assigned,
    e.PickInHand.kind: _in_hand,
    e.PickSetDown.kind: _nothing_in_hand,
    e.PickShort.kind: _nothing_in_hand,
    e.PickSkipped.kind: _nothing_in_hand,
    e.PickTraced.kind: _traced,
    e.PickUndone.kind: _undone,
    e.ReceiptRecorded.kind: _received,
    e.ReturnReceived.kind: _received,
    e.PickPutWanted.kind: _put_wanted,
    e.PickPut.kind: _put,
    e.PicklistCompleted.kind: _completed,
    e.PicklistReleased.kind: _released,
    e.PickerZoned.kind: _zoned,
    e.PickReplanned.kind: _task_added,
    e.PickSubstituted.kind: _task_added,
    e.PickOver.kind: _task_added,
    e.PickRebinned.kind: _rebinned,
    e.PickPutBack.kind: _rebinned,
    e.WorkWithdrawn.kind: _work_went,
    e.WorkChanged.kind: _work_went,
}
