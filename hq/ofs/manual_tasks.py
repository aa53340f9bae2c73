"""Tasks that a person gives: packing, quality control, labels, inspections, counts; and the queues of the house."""

from __future__ import annotations

import sqlite3
from typing import Any, Literal

from hq.calls import Act, Api, Call, answer, moment, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import timeline
from hq.ofs.models import PRIORITIES, Body, Holder, Ident, Metadata, Place, Priority, Text, Time
from web.pages import Page, page, position_of, sliced
from web.problems import Refused

Type = Literal["pack", "qc", "label", "inspection", "count", "other"]
"""`count` is our addition: its subject is the location to count."""

QUEUES = (
    ("waves", ("SELECT count(*) FROM picklist WHERE status IN ('draft', 'assigned', 'in_progress')"
     " AND warehouse_id = coalesce(:here, warehouse_id)")),
    ("unassigned_waves", ("SELECT count(*) FROM picklist WHERE status = 'draft'"
     " AND warehouse_id = coalesce(:here, warehouse_id)")),
    ("allocation", ("SELECT count(*) FROM fulfillment WHERE status IN ('created', 'awaiting_allocation')"
     " AND warehouse_id = coalesce(:here, warehouse_id)")),
    ("packing", ("SELECT count(*) FROM fulfillment WHERE status IN ('picked', 'packing')"
     " AND warehouse_id = coalesce(:here, warehouse_id)")),
    ("labels", ("SELECT count(*) FROM shipment WHERE status = 'label_pending'"
     " AND from_warehouse_id = coalesce(:here, from_warehouse_id)")),
    ("qc", ("SELECT count(*) FROM qc LEFT JOIN fulfillment USING (fulfillment_id) LEFT JOIN rma USING (return_id)"
     " WHERE qc.status = 'open' AND (:here IS NULL OR :here IN (warehouse_id, destination_warehouse_id))")),
    ("returns_expected", ("SELECT count(*) FROM rma WHERE status = 'awaiting_return'"
     " AND destination_warehouse_id = coalesce(:here, destination_warehouse_id)")),
    ("returns_to_inspect", ("SELECT count(*) FROM rma WHERE status = 'received'"
     " AND destination_warehouse_id = coalesce(:here, destination_warehouse_id)")),
    ("put_away_units", "SELECT coalesce(sum(quantity), 0) FROM beside WHERE place = '@receiving'"),
    ("manual_tasks", ("SELECT count(*) FROM manual_task WHERE status = 'open'"
     " AND warehouse_id = coalesce(:here, warehouse_id)")),
)  # fmt: skip
"""Received goods wait in one place for all warehouses."""

routes = Api()


class TaskCreate(Body):
    """What is to be done, where, to what; `worker_id` gives it to one person."""

    type: Type
    warehouse_id: Place
    instructions: Text
    subject: Ident | None = None
    zone: Ident | None = None
    priority: Priority = "normal"
    worker_id: Ident | None = None
    due_at: Time | None = None


class QueueQuery(Page):
    """What waits in one warehouse, or in all."""

    warehouse_id: Place | None = None


@routes.writes("/tasks", TaskCreate, *FLOOR)
def create(call: Call, body: TaskCreate) -> Answer:
    """A task by hand. Pick tasks come from picklists alone."""
    ident = call.new_id("task")
    call.db.execute(
        "INSERT INTO manual_task (task_id, type, warehouse_id, zone, subject, instructions, priority_rank, due_at,"
        " status, worker_id, created_at, updated_at)"
        " VALUES (:id, :type, :warehouse_id, :zone, :subject, :instructions, :rank, :due, 'open', :worker_id, :now,"
        " :now)",
        {
            **body.model_dump(exclude={"due_at", "priority"}),
            "id": ident,
            "rank": PRIORITIES.index(body.priority),
            "due": moment(body.due_at) if body.due_at else None,
            "now": call.now,
        },
    )
    timeline.add(call, "task_created", task_id=ident, type=body.type, subject=body.subject)
    return answer(_shape(_row(call, ident)), 201)


@routes.reads("/queues", QueueQuery, *FLOOR)
def queues(call: Call, query: QueueQuery) -> Answer:
    """How much waits where: waves, quality control, returns, put-away, labels and tasks given by hand."""
    here = {"here": query.warehouse_id}
    items = [{"queue": name, "count": call.db.execute(counted, here).fetchone()[0]} for name, counted in QUEUES]
    return answer(sliced(items, query))


def listed(call: Call, filters: dict[str, Any], cursor: str | None, limit: int) -> dict[str, Any]:
    """Tasks of one type, by priority and age: those of nobody, and those of the asking worker or device."""
    rank, seq = position_of(cursor, [-1, 0])
    rows = call.db.execute(
        "SELECT * FROM manual_task WHERE type = :type AND status = :status AND (priority_rank, seq) > (:rank, :seq)"
        " AND (:warehouse IS NULL OR warehouse_id = :warehouse) AND (:zone IS NULL OR zone = :zone)"
        " AND (:priority IS NULL OR priority_rank = :priority)"
        " AND (:all OR coalesce(device_id, :device) IS :device)"
        " AND (:all OR :worker IS NULL OR coalesce(worker_id, :worker) = :worker)"
        " ORDER BY priority_rank, seq LIMIT :limit",
        {**filters, "rank": rank, "seq": seq, "limit": limit},
    ).fetchall()
    last = [rows[-1]["priority_rank"], rows[-1]["seq"]] if rows else None
    return page([_shape(row) for row in rows], limit, last)


def find(act: Act, task_id: str) -> sqlite3.Row | None:
    """A task given by hand, if there is one with this id."""
    row: sqlite3.Row | None = act.db.execute("SELECT * FROM manual_task WHERE task_id = ?", (task_id,)).fetchone()
    return row


def claim(call: Call, row: sqlite3.Row, body: Holder) -> Answer:
    """Take it. Raises Refused 409 when it is another's or done."""
    held = row["device_id"] not in {None, body.device_id} or row["worker_id"] not in {None, body.worker_id}
    if held:
        holder = f"worker {row['worker_id']}" + (f" with device {row['device_id']}" if row["device_id"] else "")
        sentence = f"Task {row['task_id']} is {holder}'s. Take another one."
        raise Refused(409, "held_by_other", sentence, {"worker_id": row["worker_id"], "device_id": row["device_id"]})
    _require_open(row)
    if row["device_id"] is None:
        call.db.execute(
            "UPDATE manual_task SET worker_id = ?, device_id = ?, updated_at = ? WHERE seq = ?",
            (body.worker_id, body.device_id, call.now, row["seq"]),
        )
        timeline.add(call, "task_claimed", task_id=row["task_id"], device_id=body.device_id)
    return answer(_shape(_row(call, row["task_id"])))


def complete(call: Call, row: sqlite3.Row, result: Metadata) -> Answer:
    """Say that it is done, with what came of it. Raises Refused 409 when it was done before."""
    _require_open(row)
    call.db.execute(
        "UPDATE manual_task SET status = 'done', result = ?, updated_at = ? WHERE seq = ?",
        (pack_json(result), call.now, row["seq"]),
    )
    timeline.add(call, "task_completed", task_id=row["task_id"], result=result)
    return answer(_shape(_row(call, row["task_id"])))


def _require_open(row: sqlite3.Row) -> None:
    if row["status"] != "open":
        raise Refused(409, "task_closed", f"Task {row['task_id']} is {row['status']}.", _shape(row))


def _row(act: Act, task_id: str) -> sqlite3.Row:
    row = find(act, task_id)
    assert row is not None
    return row


def _shape(row: sqlite3.Row) -> dict[str, Any]:
    names = ("task_id", "type", "warehouse_id", "zone", "subject", "instructions", "due_at", "status", "worker_id")
    return {
        **{name: row[name] for name in names},
        "device_id": row["device_id"],
        "priority": PRIORITIES[row["priority_rank"]],
        "result": unpack_json(row["result"]),
        "created_at": row["created_at"],
    }
