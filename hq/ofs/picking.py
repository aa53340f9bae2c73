"""What a handheld reports of a picklist. One file, because scans and corrections change the same tasks.

Each is answered alone and counted once.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from hq.calls import Act, Api, Call, answer, moment, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import allocations, picklists, progress, stock, timeline, trace
from hq.ofs.models import Adjust, Adjustment, Rebin, Rebins, Scan, ScanBatch
from hq.ofs.products import walk_key_of
from hq.ofs.states import Fulfillment, Picklist
from hq.ofs.stock import PICKED, Movement
from web.problems import Refused, fault_sentences

KEEP = {
    "scan": "INSERT INTO scan (picklist_id, scan_id, fingerprint, result) VALUES (?, ?, ?, ?)",
    "adjustment": "INSERT INTO adjustment (picklist_id, adjustment_id, fingerprint, result) VALUES (?, ?, ?, ?)",
    "rebin": "INSERT INTO rebin (picklist_id, rebin_id, fingerprint, result) VALUES (?, ?, ?, ?)",
}
FIND = {
    "scan": "SELECT fingerprint, result FROM scan WHERE picklist_id = ? AND scan_id = ?",
    "adjustment": "SELECT fingerprint, result FROM adjustment WHERE picklist_id = ? AND adjustment_id = ?",
    "rebin": "SELECT fingerprint, result FROM rebin WHERE picklist_id = ? AND rebin_id = ?",
}

routes = Api()


@dataclass(frozen=True)
class Booked:
    """What the caller is told of an accepted element, and the fulfillments it concerns."""

    told: dict[str, Any]
    fulfillment_ids: frozenset[str]


class No(Exception):  # noqa: N818 -- the refusal of one element, told inside the answer
    """One scan or correction that does not count: a code for machines, a sentence for the picker."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@routes.writes("/picklists/{id}/scan", ScanBatch, *FLOOR)
def scan(call: Call, body: ScanBatch) -> Answer:
    """Book picks: `{results: [{scan_id, outcome, code?, message?}]}` in the order of the scans."""
    row = picklists.picklist_row(call, call.path["id"])
    call.require_version(row["version"])
    if Picklist(row["status"]) is not Picklist.IN_PROGRESS:
        sentence = f"Picklist {row['picklist_id']} is {row['status']}; scans count only while it is in progress."
        raise Refused(409, "not_in_progress", sentence, {"status": row["status"]})
    return _book_each(call, row, Kind("scan", Scan, _book_scan), body.root)


@routes.writes("/picklists/{id}/adjust", Adjust, *FLOOR)
def adjust(call: Call, body: Adjust) -> Answer:
    """Put units back (`undo`) or end a task with the rest missing (`short`), answered like scans."""
    row = picklists.picklist_row(call, call.path["id"])
    call.require_version(row["version"])
    return _book_each(call, row, Kind("adjustment", Adjustment, _book_adjustment), body.adjustments)


@routes.writes("/picklists/{id}/rebin", Rebins, *FLOOR)
def rebin(call: Call, body: Rebins) -> Answer:
    """Picked units go to a staging location and are stock there again; their order wants them anew. As scans."""
    row = picklists.picklist_row(call, call.path["id"])
    call.require_version(row["version"])
    return _book_each(call, row, Kind("rebin", Rebin, _book_rebin), body.rebins)


def share_out(tasks: Sequence[Mapping[str, Any]], item: Scan) -> list[tuple[Mapping[str, Any], int]]:
    """Which task gets how many of the scanned units; `tasks` are those of the sku on the picklist. Raises No."""
    if not tasks:
        raise No("unknown_sku", f"{item.sku} is not on this picklist. Put it back.")
    here = [task for task in tasks if task["location_id"] == item.location_id]
    if not here:
        places = ", ".join(dict.fromkeys(task["location_id"] for task in tasks))
        raise No("wrong_location", f"{item.sku} is to be taken from {places}, not from {item.location_id}.")
    if item.task_id is not None:
        here = [task for task in here if task["task_id"] == item.task_id]
        if not here:
            raise No("unknown_task", f"Task {item.task_id} is not for {item.sku} at {item.location_id} here.")
    if all(task["short_reason"] == "cancelled" for task in here):
        raise No(
            "fulfillment_cancelled", f"The order for {item.sku} was cancelled. Put it back at {item.location_id}."
        )
    still_open = [task for task in here if task["status"] == "open"]
    left = sum(task["qty"] - task["picked"] for task in still_open)
    if item.qty > left:
        asked = sum(task["qty"] for task in here)
        sentence = (
            f"{item.location_id} was asked for {asked} of {item.sku}, {left} are still to pick; {item.qty} scanned."
        )
        raise No("more_than_asked", f"{sentence} Put back what is too much.")
    parts, rest = [], item.qty
    for task in still_open:
        qty = min(rest, task["qty"] - task["picked"])
        parts.append((task, qty))
        rest -= qty
    return parts


@dataclass(frozen=True)
class Kind:
    """What is reported; `name` is its table, and with `_id` the member that tells repeats."""

    name: str
    model: type[BaseModel]
    book: Callable[[Call, sqlite3.Row, Any, str], Booked]


def _book_each(call: Call, picklist: sqlite3.Row, kind: Kind, items: Sequence[Mapping[str, Any]]) -> Answer:
    touched: set[str] = set()
    results = [_book_one(call, picklist, kind, raw, touched) for raw in items]
    if touched:
        picklists.set_status(call, picklist["picklist_id"], Picklist(picklist["status"]))
    for fulfillment_id in sorted(touched):
        progress.settle(call, fulfillment_id)
    version = picklists.picklist_row(call, picklist["picklist_id"])["version"]
    return answer({"results": results}, version=version)


def _book_one(
    call: Call, picklist: sqlite3.Row, kind: Kind, raw: Mapping[str, Any], touched: set[str]
) -> dict[str, Any]:
    """Check and book one element; an accepted one is kept, so that its repeat gets the same answer."""
    id_name = f"{kind.name}_id"
    given = raw.get(id_name)
    ident = given if isinstance(given, str) else call.new_id(kind.name)
    fingerprint = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
    try:
        item = _checked(kind.model, raw)
        earlier = _earlier(call, kind, picklist["picklist_id"], ident, fingerprint)
        if earlier is not None:
            return earlier
        with call.store.attempt():
            booked = kind.book(call, picklist, item, ident)
    except No as no:
        return {id_name: ident, "outcome": "refused", "code": no.code, "message": no.message}
    touched |= booked.fulfillment_ids
    result = {id_name: ident, "outcome": "accepted", **booked.told}
    call.db.execute(KEEP[kind.name], (picklist["picklist_id"], ident, fingerprint, pack_json(result)))
    return result


def _earlier(call: Call, kind: Kind, picklist_id: str, ident: str, fingerprint: str) -> dict[str, Any] | None:
    row = call.db.execute(FIND[kind.name], (picklist_id, ident)).fetchone()
    if row is None:
        return None
    if row["fingerprint"] != fingerprint:
        sentence = f"{kind.name}_id {ident} was used for another {kind.name}; nothing was booked."
        raise No(f"{kind.name}_id_reused", sentence)
    return dict(unpack_json(row["result"]))


def _checked(model: type[BaseModel], raw: Mapping[str, Any]) -> BaseModel:
    try:
        return model.model_validate_json(pack_json(raw))
    except ValidationError as error:
        fault = fault_sentences(error)[0]
        raise No("invalid", f"{fault['field']}: {fault['message']} (got {fault['got']}).") from error


def _book_scan(call: Call, picklist: sqlite3.Row, item: Scan, scan_id: str) -> Booked:
    rows = call.db.execute(
        "SELECT * FROM task WHERE picklist_id = ? AND sku = ? ORDER BY walk_key, location_id, seq",
        (picklist["picklist_id"], item.sku),
    ).fetchall()
    parts = [(task, qty) for task, qty in share_out([dict(row) for row in rows], item) if qty]
    for task, qty in parts:
        take(call, task, qty)
        timeline.add(
            call,
            "picked",
            fulfillment_id=task["fulfillment_id"],
            picklist_id=picklist["picklist_id"],
            task_id=task["task_id"],
            scan_id=scan_id,
            location_id=item.location_id,
            sku=item.sku,
            lot=item.lot,
            serial=item.serial,
            qty=qty,
            scanned_at=moment(item.timestamp),
        )
    if item.serial is not None or item.lot is not None:
        for task, qty in parts:
            about = {"serial": item.serial, "lot_id": item.lot, "fulfillment_id": task["fulfillment_id"]}
            trace.note(call, "picked", item.sku, qty, **about, location_id=item.location_id, scan_id=scan_id)
    told = [{"task_id": task["task_id"], "qty": qty} for task, qty in parts]
    return Booked({"tasks": told}, frozenset(task["fulfillment_id"] for task, _ in parts))


def take(act: Act, task: Mapping[str, Any], qty: int) -> None:
    """Book `qty` units of a task as picked: off their reservation and off the shelf."""
    act.db.execute(
        "UPDATE task SET picked = picked + :qty, status = CASE WHEN picked + :qty = qty THEN 'done' ELSE 'open' END"
        " WHERE seq = :seq",
        {"qty": qty, "seq": task["seq"]},
    )
    stock.reserve(act, task["location_id"], task["sku"], -qty)
    stock.move(act, _movement("pick", task, task["location_id"], PICKED, qty))


def end_short(act: Act, task: Mapping[str, Any], reason: str) -> int:
    """The rest of an open task will not come: its reservation is released. Returns how many units that are."""
    rest = int(task["qty"] - task["picked"])
    allocations.release_line(act, task["allocation_seq"], task["location_id"], task["sku"], rest)
    act.db.execute("UPDATE task SET status = 'short', short_reason = ? WHERE seq = ?", (reason, task["seq"]))
    return rest


def _book_adjustment(call: Call, picklist: sqlite3.Row, item: Adjustment, ident: str) -> Booked:
    row = call.db.execute(
        "SELECT * FROM task WHERE task_id = ? AND picklist_id = ?", (item.task_id, picklist["picklist_id"])
    ).fetchone()
    if row is None:
        raise No("unknown_task", f"Task {item.task_id} is not on picklist {picklist['picklist_id']}.")
    task = dict(row)
    happened, correct = CORRECTIONS[item.kind]
    qty = correct(call, picklist, task, item)
    timeline.add(
        call,
        happened,
        fulfillment_id=task["fulfillment_id"],
        picklist_id=picklist["picklist_id"],
        task_id=item.task_id,
        adjustment_id=ident,
        qty=qty,
        reason=item.reason,
    )
    told = {"task_id": item.task_id, "kind": item.kind, "qty": qty}
    return Booked(told, frozenset({task["fulfillment_id"]}))


def _book_rebin(call: Call, picklist: sqlite3.Row, item: Rebin, ident: str) -> Booked:
    task = call.db.execute(
        "SELECT * FROM task WHERE task_id = ? AND picklist_id = ?", (item.task_id, picklist["picklist_id"])
    ).fetchone()
    if task is None:
        raise No("unknown_task", f"Task {item.task_id} is not on picklist {picklist['picklist_id']}.")
    if task["status"] == "open":
        raise No("task_open", f"Task {item.task_id} is still being picked; finish it, mark it short, or undo.")
    if item.qty > task["picked"]:
        raise No("more_than_picked", f"Only {task['picked']} of {task['sku']} are picked for {item.task_id}.")
    order = task["fulfillment_id"]
    if progress.fulfillment_row(call, order)["status"] != Fulfillment.CANCELLED:
        _require_unpacked(call, dict(task), item.qty)
    try:
        stock.open_shelf(call, item.location_id, task["sku"])
    except Refused as refused:
        raise No(refused.code, refused.message) from refused
    stock.move(call, _movement("put_back", dict(task), PICKED, item.location_id, item.qty))
    call.db.execute("UPDATE allocation_line SET qty = qty - ? WHERE seq = ?", (item.qty, task["allocation_seq"]))
    call.db.execute(
        "UPDATE task SET picked = picked - ?, status = 'short', short_reason = coalesce(short_reason, ?)"
        " WHERE seq = ?",
        (item.qty, item.reason or "rebinned", task["seq"]),
    )
    for serial in item.serials:  # the unit may go out again
        trace.free(call, task["sku"], serial, order)
    told: dict[str, Any] = {"task_id": item.task_id, "qty": item.qty, "location_id": item.location_id}
    timeline.add(call, "rebinned", fulfillment_id=order, rebin_id=ident, reason=item.reason, **told)
    return Booked(told, frozenset({order}))


def _undo(call: Call, picklist: sqlite3.Row, task: Mapping[str, Any], item: Adjustment) -> int:
    """Units go from picked back to their location; reserved again while the task can still be picked."""
    if item.qty is None:
        raise No("invalid", "qty: undo needs the number of units put back.")
    if item.qty > task["picked"]:
        raise No("more_than_picked", f"Only {task['picked']} of {task['sku']} are picked for {task['task_id']}.")
    cancelled = progress.fulfillment_row(call, task["fulfillment_id"])["status"] == Fulfillment.CANCELLED
    if not cancelled:
        _require_unpacked(call, task, item.qty)
    stock.move(call, _movement("put_back", task, PICKED, task["location_id"], item.qty))
    reopens = task["status"] != "short" and picklist["status"] == Picklist.IN_PROGRESS and not cancelled
    if reopens:
        stock.reserve(call, task["location_id"], task["sku"], item.qty)
    else:
        call.db.execute("UPDATE allocation_line SET qty = qty - ? WHERE seq = ?", (item.qty, task["allocation_seq"]))
    call.db.execute(
        "UPDATE task SET picked = picked - ?, status = ?, short_reason = coalesce(short_reason, ?) WHERE seq = ?",
        (item.qty, "open" if reopens else "short", None if reopens else item.reason or "put back", task["seq"]),
    )
    return item.qty


def _short(call: Call, picklist: sqlite3.Row, task: Mapping[str, Any], item: Adjustment) -> int:
    """The rest of the task will not come: its reservation is released, a count must find out why."""
    rest = int(task["qty"] - task["picked"])
    if picklist["status"] != Picklist.IN_PROGRESS:
        raise No("not_in_progress", f"Picklist {picklist['picklist_id']} is {picklist['status']}.")
    if task["status"] != "open":
        raise No("task_closed", f"Task {task['task_id']} is {task['status']} with {task['picked']} picked.")
    if item.qty not in {None, rest}:
        raise No("rest_differs", f"{rest} of {task['sku']} are still to pick, not {item.qty}. Send the scans first.")
    return end_short(call, task, item.reason or "not found")


def _reopen(call: Call, picklist: sqlite3.Row, task: Mapping[str, Any], _item: Adjustment) -> int:
    """A short was a mistake: the rest is held again and may be picked."""
    rest = int(task["qty"] - task["picked"])
    if picklist["status"] != Picklist.IN_PROGRESS:
        raise No("not_in_progress", f"Picklist {picklist['picklist_id']} is {picklist['status']}.")
    if task["status"] != "short":
        raise No("not_short", f"Task {task['task_id']} is {task['status']}; only a short can be taken back.")
    if progress.fulfillment_row(call, task["fulfillment_id"])["status"] == Fulfillment.CANCELLED:
        raise No("fulfillment_cancelled", f"Order {task['fulfillment_id']} is cancelled; put its goods back.")
    if not allocations.hold_again(call, task, rest):
        raise No("promised_elsewhere", f"{rest} of {task['sku']} are promised to another picklist by now.")
    call.db.execute("UPDATE task SET status = 'open', short_reason = NULL WHERE seq = ?", (task["seq"],))
    return rest


def _relocate(call: Call, picklist: sqlite3.Row, task: Mapping[str, Any], item: Adjustment) -> int:
    """What a short task lacks is taken from another location: held there, and a task of its own."""
    _require_short(picklist, task, item)
    return _add_task(call, task, item, task["sku"])


def _substitute(call: Call, picklist: sqlite3.Row, task: Mapping[str, Any], item: Adjustment) -> int:
    """Another product goes out for what a short task lacks, unit for unit: a task of its own on the same line."""
    if item.sku is None or item.sku == task["sku"]:
        raise No("invalid", "substitute needs the sku of another product.")
    _require_short(picklist, task, item)
    return _add_task(call, task, item, item.sku)


def _over(call: Call, picklist: sqlite3.Row, task: Mapping[str, Any], item: Adjustment) -> int:
    """More than was asked is taken for a task that is done: a task of its own on the same line."""
    if picklist["status"] != Picklist.IN_PROGRESS or task["status"] != "done":
        raise No("not_done", f"Task {task['task_id']} is {task['status']}; more is taken only for one that is done.")
    return _add_task(call, task, item, task["sku"])


def _require_short(picklist: sqlite3.Row, task: Mapping[str, Any], item: Adjustment) -> None:
    if item.qty is None or item.location_id is None or item.new_task_id is None:
        raise No("invalid", f"{item.kind} needs qty, location_id and new_task_id.")
    if picklist["status"] != Picklist.IN_PROGRESS or task["status"] != "short":
        raise No("not_short", f"Task {task['task_id']} is {task['status']}; only what is short is taken elsewhere.")
    if item.qty > task["qty"] - task["picked"]:
        raise No("rest_differs", f"{task['qty'] - task['picked']} of {task['sku']} are short, not {item.qty}.")


def _add_task(call: Call, task: Mapping[str, Any], item: Adjustment, sku: str) -> int:
    """A task beside another one, for which goods are held."""
    if item.qty is None or item.location_id is None or item.new_task_id is None:
        raise No("invalid", f"{item.kind} needs qty, location_id and new_task_id.")
    if progress.fulfillment_row(call, task["fulfillment_id"])["status"] == Fulfillment.CANCELLED:
        raise No("fulfillment_cancelled", f"Order {task['fulfillment_id']} is cancelled; nothing more is picked.")
    if call.db.execute("SELECT 1 FROM task WHERE task_id = ?", (item.new_task_id,)).fetchone() is not None:
        raise No("task_known", f"There is a task {item.new_task_id} already.")
    beyond = item.kind == "over"
    seq = allocations.hold_at(call, task, sku, item.location_id, item.qty, beyond=beyond)
    if seq is None:
        raise No("no_stock", f"{item.qty} of {sku} are not free at {item.location_id}.")
    call.db.execute(
        "INSERT INTO task (task_id, picklist_id, fulfillment_id, order_line_id, allocation_seq, location_id, sku,"
        " qty, worker_id, device_id, priority_rank, ship_by, walk_key) SELECT ?, picklist_id, fulfillment_id,"
        " order_line_id, ?, ?, ?, ?, worker_id, device_id, priority_rank, ship_by, ? FROM task WHERE seq = ?",
        (item.new_task_id, seq, item.location_id, sku, item.qty, walk_key_of(item.location_id), task["seq"]),
    )
    return item.qty


CORRECTIONS = {
    "undo": ("put_back", _undo),
    "short": ("short", _short),
    "reopen": ("reopened", _reopen),
    "relocate": ("relocated", _relocate),
    "substitute": ("substituted", _substitute),
    "over": ("more_asked", _over),
}
"""Kind of an adjustment -> what stands in the timeline, and what does it."""


def _require_unpacked(call: Call, task: Mapping[str, Any], qty: int) -> None:
    ident, line_id = task["fulfillment_id"], task["order_line_id"]
    row = call.db.execute(
        "SELECT (SELECT sum(picked) FROM task WHERE fulfillment_id = :id AND order_line_id = :line) AS picked,"
        " (SELECT coalesce(sum(qty), 0) FROM package_item"
        "  WHERE fulfillment_id = :id AND order_line_id = :line) AS packed",
        {"id": ident, "line": line_id},
    ).fetchone()
    if row["picked"] - qty < row["packed"]:
        raise No("already_packed", f"{row['packed']} of line {line_id} are already packed. Take them out first.")


def _movement(kind: str, task: Mapping[str, Any], come: str, go: str, qty: int) -> Movement:
    return Movement(kind, task["sku"], come, go, qty, fulfillment_id=task["fulfillment_id"], task_id=task["task_id"])
