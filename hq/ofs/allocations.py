"""Reserving stock for a fulfillment: whole or not at all, oldest stock first."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hq.calls import Act, Api, Call, answer, not_found, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR, OFFICE
from hq.ofs import progress, states, stock, timeline
from hq.ofs.models import AllocationRequest, Nothing
from hq.ofs.states import Fulfillment
from web.pages import NoQuery
from web.problems import Refused

routes = Api()


@dataclass(frozen=True)
class Shortage:
    """What a fulfillment wants of a product and what can be had, in units."""

    sku: str
    wanted: int
    available: int


@dataclass(frozen=True)
class Take:
    """Units of a line to reserve at a location."""

    order_line_id: str
    location_id: str
    sku: str
    qty: int


@routes.writes("/allocations/request", AllocationRequest, OFFICE)
def request(call: Call, body: AllocationRequest) -> Answer:
    """Reserve stock for a whole fulfillment; too little stock reserves nothing and is told per product."""
    return answer(ask(call, body), 201)


@routes.reads("/allocations/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One allocation with the locations of each line."""
    return answer(_shape(call, _row(call)))


@routes.writes("/allocations/{id}/confirm-pick", Nothing, *FLOOR)
def confirm_pick(call: Call, _body: Nothing) -> Answer:
    """Confirm that what was allocated is picked or short; repeating it changes nothing."""
    row = _row(call)
    held = [line for line in _held(call, row["fulfillment_id"]) if line["allocation_id"] == row["allocation_id"]]
    if held:
        names = ", ".join(f"{line['held']} of {line['sku']} at {line['location_id']}" for line in held)
        raise Refused(409, "not_picked", f"Allocation {row['allocation_id']} is not picked yet: {names}.")
    if row["confirmed_at"] is None:
        call.db.execute("UPDATE allocation SET confirmed_at = ? WHERE seq = ?", (call.now, row["seq"]))
        timeline.add(call, "pick_confirmed", fulfillment_id=row["fulfillment_id"], allocation_id=row["allocation_id"])
    return answer(_shape(call, _row(call)))


@routes.writes("/allocations/{id}/release", Nothing, OFFICE)
def release(call: Call, _body: Nothing) -> Answer:
    """Give reserved stock back, as long as no picker was sent for it."""
    row = _row(call)
    ident = row["fulfillment_id"]
    task = call.db.execute(
        "SELECT picklist_id FROM task WHERE fulfillment_id = ? AND status = 'open'", (ident,)
    ).fetchone()
    if task is not None:
        sentence = (
            f"Allocation {row['allocation_id']} is being picked with {task['picklist_id']}; cancel {ident} instead."
        )
        raise Refused(409, "being_picked", sentence, {"picklist_id": task["picklist_id"]})
    if row["allocation_id"] not in release_all(call, ident):
        raise Refused(
            409, "nothing_held", f"Allocation {row['allocation_id']} is {row['status']} and holds no stock."
        )
    old = Fulfillment(progress.fulfillment_row(call, ident)["status"])
    new = states.status_of(progress.progress_of(call, ident))
    states.move(f"Fulfillment {ident}", old, new)
    progress.set_status(call, ident, new)
    timeline.add(call, "released", fulfillment_id=ident, allocation_id=row["allocation_id"])
    return answer(_shape(call, _row(call)))


def ask(act: Act, body: AllocationRequest) -> dict[str, Any]:
    """Reserve what is asked for, or keep that it failed; the allocation as shown. Raises Refused, IllegalMove."""
    row = progress.fulfillment_row(act, body.fulfillment_id)
    _check_lines(act, body)
    shortages = allocate(act, row)
    if shortages:
        _keep_failure(act, row, shortages)
    return _shape(act, act.db.execute("SELECT * FROM allocation ORDER BY seq DESC LIMIT 1").fetchone())


def allocate(act: Act, row: sqlite3.Row) -> list[Shortage]:
    """Reserve all that `row`, a fulfillment, still wants; with shortages nothing is written.

    Raises IllegalMove in a status that takes no allocation, Refused 409 when nothing is left to allocate.
    """
    ident = row["fulfillment_id"]
    states.move(f"Fulfillment {ident}", Fulfillment(row["status"]), Fulfillment.ALLOCATED)
    takes, shortages = _plan(act, row)
    if shortages:
        return shortages
    if not takes:
        raise Refused(
            409, "nothing_to_allocate", f"Fulfillment {ident} is {row['status']}; nothing is left to allocate."
        )
    allocation_id = _keep(act, ident, "allocated", [])
    for take in takes:
        act.db.execute(
            "INSERT INTO allocation_line (allocation_id, fulfillment_id, order_line_id, location_id, sku, qty)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (allocation_id, ident, take.order_line_id, take.location_id, take.sku, take.qty),
        )
        stock.reserve(act, take.location_id, take.sku, take.qty)
    progress.set_status(act, ident, Fulfillment.ALLOCATED)
    timeline.add(act, "allocated", fulfillment_id=ident, allocation_id=allocation_id)
    return []


def release_all(act: Act, fulfillment_id: str) -> set[str]:
    """Give back everything reserved for a fulfillment and not yet picked; the ids of the allocations that held it."""
    held = _held(act, fulfillment_id)
    for line in held:
        release_line(act, line["seq"], line["location_id"], line["sku"], line["held"])
    released = {line["allocation_id"] for line in held}
    for allocation_id in released:
        act.db.execute("UPDATE allocation SET status = 'released' WHERE allocation_id = ?", (allocation_id,))
    return released


def release_line(act: Act, allocation_seq: int, location_id: str, sku: str, qty: int) -> None:
    """Give back `qty` units of one allocated line."""
    act.db.execute("UPDATE allocation_line SET qty = qty - ? WHERE seq = ?", (qty, allocation_seq))
    stock.reserve(act, location_id, sku, -qty)


def hold_again(act: Act, task: Mapping[str, Any], qty: int) -> bool:
    """Take back what `release_line` gave; False when the goods are promised to somebody else by now."""
    free = act.db.execute(
        "SELECT on_hand - reserved AS free FROM stock WHERE location_id = ? AND sku = ?",
        (task["location_id"], task["sku"]),
    ).fetchone()
    if _still_wanted(act, task) < qty or free["free"] < qty:
        return False
    release_line(act, task["allocation_seq"], task["location_id"], task["sku"], -qty)
    return True


def hold_at(act: Act, task: Mapping[str, Any], sku: str, location_id: str, qty: int, *, beyond: bool) -> int | None:
    """Hold units for a task's order line at a location; the new allocated line, None where none are free.

    `beyond`: more than the line wants.
    """
    free = act.db.execute(
        "SELECT on_hand - reserved AS free FROM stock WHERE location_id = ? AND sku = ?", (location_id, sku)
    ).fetchone()
    if free is None or free["free"] < qty or (not beyond and _still_wanted(act, task) < qty):
        return None
    added = act.db.execute(
        "INSERT INTO allocation_line (allocation_id, fulfillment_id, order_line_id, location_id, sku, qty)"
        " SELECT allocation_id, fulfillment_id, order_line_id, ?, ?, ? FROM allocation_line WHERE seq = ?",
        (location_id, sku, qty, task["allocation_seq"]),
    )
    stock.reserve(act, location_id, sku, qty)
    return added.lastrowid


def _still_wanted(act: Act, task: Mapping[str, Any]) -> int:
    """How many units of a task's order line are held nowhere."""
    row = act.db.execute(
        "SELECT l.qty - (SELECT sum(a.qty) FROM allocation_line a WHERE a.fulfillment_id = l.fulfillment_id"
        "  AND a.order_line_id = l.order_line_id) AS outstanding"
        " FROM fulfillment_line l WHERE l.fulfillment_id = ? AND l.order_line_id = ?",
        (task["fulfillment_id"], task["order_line_id"]),
    ).fetchone()
    return int(row["outstanding"])


def _plan(act: Act, row: sqlite3.Row) -> tuple[list[Take], list[Shortage]]:
    takes: list[Take] = []
    shortages: list[Shortage] = []
    free: dict[str, list[list[Any]]] = {}
    for line in _outstanding(act, row["fulfillment_id"]):
        sku, wanted = line["sku"], line["outstanding"]
        spots = free.setdefault(sku, _free_stock(act, row["warehouse_id"], sku))
        available = sum(spot[1] for spot in spots)
        if available < wanted:
            shortages.append(Shortage(sku, wanted, available))
            continue
        for spot in spots:
            qty = min(wanted, spot[1])
            if qty:
                takes.append(Take(line["order_line_id"], spot[0], sku, qty))
                spot[1] -= qty
                wanted -= qty
    return takes, shortages


def _outstanding(act: Act, fulfillment_id: str) -> list[sqlite3.Row]:
    return act.db.execute(
        "SELECT l.order_line_id, l.sku, l.qty - coalesce((SELECT sum(a.qty) FROM allocation_line a"
        "  WHERE a.fulfillment_id = l.fulfillment_id AND a.order_line_id = l.order_line_id), 0) AS outstanding"
        " FROM fulfillment_line l WHERE l.fulfillment_id = ? AND outstanding > 0 ORDER BY l.position",
        (fulfillment_id,),
    ).fetchall()


def _free_stock(act: Act, warehouse_id: str, sku: str) -> list[list[Any]]:
    rows = act.db.execute(
        "SELECT location_id, on_hand - reserved AS free FROM stock JOIN location USING (location_id)"
        " WHERE sku = ? AND warehouse_id = ? AND on_hand > reserved ORDER BY stock.seq",
        (sku, warehouse_id),
    )
    return [[row["location_id"], row["free"]] for row in rows]


def _held(act: Act, fulfillment_id: str) -> list[sqlite3.Row]:
    return act.db.execute(
        "SELECT a.seq, a.allocation_id, a.location_id, a.sku, a.qty - coalesce(t.picked, 0) AS held"
        " FROM allocation_line a LEFT JOIN task t ON t.allocation_seq = a.seq"
        " WHERE a.fulfillment_id = ? AND held > 0 ORDER BY a.seq",
        (fulfillment_id,),
    ).fetchall()


def _check_lines(act: Act, body: AllocationRequest) -> None:
    if body.lines is None:
        return
    wanted = {(line.line_id, line.sku, line.qty) for line in body.lines}
    rows = _outstanding(act, body.fulfillment_id)
    outstanding = {(row["order_line_id"], row["sku"], row["outstanding"]) for row in rows}
    if wanted != outstanding:
        sentence = (
            f"lines: {body.fulfillment_id} is allocated whole; leave lines out or name all that is outstanding."
        )
        expected = [{"line_id": line, "sku": sku, "qty": qty} for line, sku, qty in sorted(outstanding)]
        raise Refused(422, "lines_differ", sentence, {"outstanding": expected})


def _keep(act: Act, fulfillment_id: str, status: str, shortages: list[Shortage]) -> str:
    allocation_id = act.new_id("alloc")
    told = pack_json([asdict(shortage) for shortage in shortages])
    act.db.execute(
        "INSERT INTO allocation (allocation_id, fulfillment_id, status, shortages, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (allocation_id, fulfillment_id, status, told, act.now),
    )
    return allocation_id


def _keep_failure(act: Act, row: sqlite3.Row, shortages: list[Shortage]) -> None:
    _keep(act, row["fulfillment_id"], "failed", shortages)
    if Fulfillment(row["status"]) is Fulfillment.CREATED:
        states.move(f"Fulfillment {row['fulfillment_id']}", Fulfillment.CREATED, Fulfillment.AWAITING_ALLOCATION)
        progress.set_status(act, row["fulfillment_id"], Fulfillment.AWAITING_ALLOCATION)
    timeline.add(
        act, "allocation_failed", fulfillment_id=row["fulfillment_id"], missing=[each.sku for each in shortages]
    )


def _row(call: Call) -> sqlite3.Row:
    row: sqlite3.Row | None = call.db.execute(
        "SELECT * FROM allocation WHERE allocation_id = ?", (call.path["id"],)
    ).fetchone()
    if row is None:
        raise not_found("allocation", call.path["id"])
    return row


def _shape(act: Act, row: sqlite3.Row) -> dict[str, Any]:
    mine = act.db.execute(
        "SELECT * FROM allocation_line WHERE allocation_id = ? ORDER BY seq",
        (row["allocation_id"],),
    ).fetchall()
    lines: dict[str, dict[str, Any]] = {}
    for part in mine:
        line = lines.setdefault(
            part["order_line_id"], {"line_id": part["order_line_id"], "sku": part["sku"], "qty": 0, "allocated": []}
        )
        line["qty"] += part["qty"]
        line["allocated"].append({"location": part["location_id"], "lot_id": part["lot_id"], "qty": part["qty"]})
    return {
        "allocation_id": row["allocation_id"],
        "fulfillment_id": row["fulfillment_id"],
        "status": row["status"],
        "lines": list(lines.values()),
        "shortages": unpack_json(row["shortages"]),
        "confirmed_at": row["confirmed_at"],
        "created_at": row["created_at"],
    }
