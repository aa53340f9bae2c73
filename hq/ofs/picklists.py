"""Picklists (waves): made from fulfillments, assigned to a device, started, completed."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import Any

from hq.calls import Act, Api, Call, answer, not_found, pack_json, unpack_json
from hq.edge import leases
from hq.idempotency import Answer
from hq.keys import FLOOR, OFFICE
from hq.ofs import allocations, products, progress, states, timeline, webhooks
from hq.ofs.models import PRIORITIES, Assign, Complete, Nothing, PicklistCreate
from hq.ofs.shapes import picklist_shape, picklist_tasks
from hq.ofs.states import Fulfillment, Picklist
from web.pages import NoQuery
from web.problems import Refused

NO_DATE = "9999"
"""Sorts work without a requested ship date behind all dated work."""

routes = Api()


@routes.writes("/picklists", PicklistCreate, *FLOOR)
def create(call: Call, body: PicklistCreate) -> Answer:
    """Make a wave: allocate what is not yet allocated, one task per line and location. All or nothing."""
    if len(set(body.fulfillment_ids)) != len(body.fulfillment_ids):
        raise Refused(422, "fulfillment_doubled", "fulfillment_ids: the same fulfillment is named twice.")
    return _answer(call, make(call, body), 201)


def make(act: Act, body: PicklistCreate) -> str:
    """A draft wave over fulfillments, its tasks reserved; its id. Raises Refused, and IllegalMove."""
    rows = [progress.fulfillment_row(act, ident) for ident in body.fulfillment_ids]
    for row in rows:
        _check_free(act, row, body.warehouse_id)
    _allocate(act, [row for row in rows if row["status"] != Fulfillment.ALLOCATED])
    picklist_id = _next_id(act)
    act.db.execute(
        "INSERT INTO picklist (picklist_id, warehouse_id, status, priority, picker_group, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (picklist_id, body.warehouse_id, Picklist.DRAFT, body.priority, body.picker_group, act.now, act.now),
    )
    for row in rows:
        _make_tasks(act, picklist_id, body.priority, row)
    timeline.add(act, "picklist_created", picklist_id=picklist_id, fulfillments=len(rows), priority=body.priority)
    return picklist_id


def _next_id(act: Act) -> str:
    """`pick_12`: people say, key and scan this one, so it is short; picklists are never deleted."""
    (number,) = act.db.execute("SELECT coalesce(max(seq), 0) + 1 FROM picklist").fetchone()
    return f"pick_{number}"


@routes.reads("/picklists/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One picklist, its tasks grouped by location in walking order."""
    return _answer(call, call.path["id"])


@routes.reads("/picklists/{id}/tasks", NoQuery, *FLOOR)
def get_tasks(call: Call, _query: NoQuery) -> Answer:
    """The tasks of a picklist in walking order."""
    row = picklist_row(call, call.path["id"])
    return answer({"items": picklist_tasks(call, row["picklist_id"]), "next_cursor": None}, version=row["version"])


@routes.writes("/picklists/{id}/assign", Assign, *FLOOR)
def assign(call: Call, body: Assign) -> Answer:
    """Give it to a worker and device. 409 when another device has it, unless the office takes it over."""
    row = picklist_row(call, call.path["id"])
    call.require_version(row["version"])
    ident, status = row["picklist_id"], Picklist(row["status"])
    if body.take_over and call.role != OFFICE:
        raise Refused(403, "wrong_role", "Only the office may take a picklist over from another device.")
    if row["device_id"] not in {None, body.device_id} and not body.take_over:
        sentence = f"Picklist {ident} is held by device {row['device_id']} ({row['worker_id']}). Take another one."
        raise Refused(409, "held_by_other", sentence, _state(row))
    leased_to = leases.holder(call, "picklist", ident)
    if leased_to not in {None, body.device_id} and not body.take_over:
        sentence = f"Picklist {ident} is leased to device {leased_to}. Take another one."
        raise Refused(409, "held_by_other", sentence, _state(row) | {"device_id": leased_to})
    if status in {Picklist.DRAFT, Picklist.COMPLETED, Picklist.CANCELLED}:
        states.move(f"Picklist {ident}", status, Picklist.ASSIGNED)
        status = Picklist.ASSIGNED
    if (row["worker_id"], row["device_id"]) != (body.worker_id, body.device_id):
        call.db.execute(
            "UPDATE picklist SET worker_id = ?, device_id = ? WHERE picklist_id = ?",
            (body.worker_id, body.device_id, ident),
        )
        set_status(call, ident, status)
        timeline.add(call, "assigned", picklist_id=ident, worker_id=body.worker_id, device_id=body.device_id)
    return _answer(call, ident)


@routes.writes("/picklists/{id}/start", Nothing, *FLOOR)
def start(call: Call, _body: Nothing) -> Answer:
    """Picking begins. Starting again changes nothing."""
    row = picklist_row(call, call.path["id"])
    call.require_version(row["version"])
    ident = row["picklist_id"]
    if Picklist(row["status"]) is not Picklist.IN_PROGRESS:
        states.move(f"Picklist {ident}", Picklist(row["status"]), Picklist.IN_PROGRESS)
        set_status(call, ident, Picklist.IN_PROGRESS)
        timeline.add(call, "picking_started", picklist_id=ident)
        for fulfillment_id in _fulfillment_ids(call, ident):
            progress.settle(call, fulfillment_id)
    return _answer(call, ident)


@routes.writes("/picklists/{id}/complete", Complete, *FLOOR)
def complete(call: Call, body: Complete) -> Answer:
    """Confirm what was picked; every task must be done or short. The same confirmation id gets the same answer."""
    row = picklist_row(call, call.path["id"])
    ident = row["picklist_id"]
    if row["completion"] is not None:
        if body.pick_confirmation_id != row["pick_confirmation_id"]:
            sentence = f"Picklist {ident} was completed before with {row['pick_confirmation_id']}."
            raise Refused(409, "already_completed", sentence, _state(row))
        return answer(unpack_json(row["completion"]))
    call.require_version(row["version"])
    states.move(f"Picklist {ident}", Picklist(row["status"]), Picklist.COMPLETED)
    tasks = picklist_tasks(call, ident)
    _require_closed(ident, tasks)
    confirmation_id = body.pick_confirmation_id or call.new_id("conf")
    completion = {
        "picklist_id": ident,
        "status": Picklist.COMPLETED,
        "pick_confirmation_id": confirmation_id,
        "picked": [{"task_id": task["task_id"], "qty": task["picked"]} for task in tasks],
    }
    call.db.execute(
        "UPDATE picklist SET pick_confirmation_id = ?, completion = ? WHERE picklist_id = ?",
        (confirmation_id, pack_json(completion), ident),
    )
    set_status(call, ident, Picklist.COMPLETED)
    timeline.add(call, "picklist_completed", picklist_id=ident, pick_confirmation_id=confirmation_id)
    webhooks.emit(
        call,
        "picklist.completed",
        {"picklist_id": ident, "fulfillment_ids": _fulfillment_ids(call, ident), "status": Picklist.COMPLETED},
    )
    return answer(completion)


def picklist_row(act: Act, picklist_id: str) -> sqlite3.Row:
    """The stored picklist. Raises Refused 404."""
    row: sqlite3.Row | None = act.db.execute(
        "SELECT * FROM picklist WHERE picklist_id = ?", (picklist_id,)
    ).fetchone()
    if row is None:
        raise not_found("picklist", picklist_id)
    return row


def set_status(act: Act, picklist_id: str, status: Picklist) -> None:
    """Write a status that was checked, and count the version up."""
    act.db.execute(
        "UPDATE picklist SET status = ?, version = version + 1, updated_at = ? WHERE picklist_id = ?",
        (status, act.now, picklist_id),
    )


def _check_free(act: Act, row: sqlite3.Row, warehouse_id: str) -> None:
    ident = row["fulfillment_id"]
    if row["warehouse_id"] != warehouse_id:
        sentence = f"Fulfillment {ident} is for warehouse {row['warehouse_id']}, this picklist is for {warehouse_id}."
        raise Refused(422, "wrong_warehouse", sentence, {"fulfillment_id": ident})
    task = act.db.execute(
        "SELECT picklist_id FROM task WHERE fulfillment_id = ? AND status = 'open' LIMIT 1", (ident,)
    ).fetchone()
    if task is not None:
        sentence = f"Fulfillment {ident} is already on picklist {task['picklist_id']}."
        raise Refused(409, "already_on_picklist", sentence, {"picklist_id": task["picklist_id"]})


def _allocate(act: Act, rows: list[sqlite3.Row]) -> None:
    short = [
        {"fulfillment_id": row["fulfillment_id"], "order_id": row["order_id"], **asdict(missing)}
        for row in rows
        for missing in allocations.allocate(act, row)
    ]
    if short:
        first = short[0]
        sentence = (
            f"{first['order_id']} wants {first['wanted']} of {first['sku']}, {first['available']} are available. "
            f"Nothing was allocated; {len(short)} such lines in all. Book stock or leave these fulfillments out."
        )
        raise Refused(409, "short_stock", sentence, {"short": short})


def _make_tasks(act: Act, picklist_id: str, priority: str, row: sqlite3.Row) -> None:
    lines = act.db.execute(
        "SELECT a.* FROM allocation_line a LEFT JOIN task t ON t.allocation_seq = a.seq"
        " WHERE a.fulfillment_id = ? AND a.qty > 0 AND t.seq IS NULL ORDER BY a.seq",
        (row["fulfillment_id"],),
    ).fetchall()
    for line in lines:
        values: dict[str, Any] = {
            **dict(line),
            "task_id": act.new_id("task"),
            "picklist_id": picklist_id,
            "rank": PRIORITIES.index(priority),
            "ship_by": row["requested_ship_date"] or NO_DATE,
            "walk_key": products.walk_key_of(line["location_id"]),
        }
        act.db.execute(
            "INSERT INTO task (task_id, picklist_id, fulfillment_id, order_line_id, allocation_seq, location_id, sku,"
            " lot_id, qty, priority_rank, ship_by, walk_key) VALUES (:task_id, :picklist_id, :fulfillment_id,"
            " :order_line_id, :seq, :location_id, :sku, :lot_id, :qty, :rank, :ship_by, :walk_key)",
            values,
        )


def _require_closed(picklist_id: str, tasks: list[dict[str, Any]]) -> None:
    still_open = [task for task in tasks if task["status"] == "open"]
    if still_open:
        first = still_open[0]
        rest = first["qty"] - first["picked"]
        sentence = (
            f"Picklist {picklist_id} has {len(still_open)} open tasks, first {first['task_id']}: {rest} of "
            f"{first['sku']} at {first['location_id']}. Pick them or mark them short."
        )
        raise Refused(409, "tasks_open", sentence, {"open": [task["task_id"] for task in still_open]})


def _fulfillment_ids(act: Act, picklist_id: str) -> list[str]:
    rows = act.db.execute("SELECT DISTINCT fulfillment_id FROM task WHERE picklist_id = ?", (picklist_id,))
    return [row["fulfillment_id"] for row in rows]


def _state(row: sqlite3.Row) -> dict[str, Any]:
    names = ("picklist_id", "status", "worker_id", "device_id", "pick_confirmation_id", "version")
    return {name: row[name] for name in names}


def _answer(act: Act, picklist_id: str, status: int = 200) -> Answer:
    row = picklist_row(act, picklist_id)
    return answer(picklist_shape(act, row), status, row["version"])
