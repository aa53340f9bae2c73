"""Work for a station to choose from: pick tasks across picklists, in the order they should be done."""

from __future__ import annotations

import sqlite3
from typing import Any, Literal

from hq.calls import Api, Call, answer, not_found
from hq.idempotency import Answer
from hq.keys import FLOOR, OFFICE
from hq.ofs import manual_tasks, picklists, timeline
from hq.ofs.models import PRIORITIES, Holder, Ident, Place, Priority, TaskResult
from hq.ofs.shapes import task_shape
from web.pages import Page, page, position_of
from web.problems import Refused

routes = Api()


class TaskQuery(Page):
    """Seed 001 section 9. The asking device is `device_id` here or `X-Device-ID`.

    `type` is our addition: tasks given by hand have other members than pick tasks, so they are asked for by name.
    """

    type: Literal["pick"] | manual_tasks.Type = "pick"
    warehouse_id: Place | None = None
    status: Literal["open", "done", "short"] = "open"
    worker_id: Ident | None = None
    device_id: Ident | None = None
    zone: Ident | None = None
    priority: Priority | None = None


@routes.reads("/tasks", TaskQuery, *FLOOR)
def list_tasks(call: Call, query: TaskQuery) -> Answer:
    """Pick tasks no other device holds, by priority, requested ship date and walking order. The office sees all."""
    if query.type != "pick":
        return answer(_by_hand(call, query))
    rank, ship_by, walk_key, seq = position_of(query.cursor, [-1, "", "", 0])
    rows = call.db.execute(
        "SELECT task.*, picklist.status AS picklist_status, picklist.priority, location.zone,"
        " fulfillment.order_id, fulfillment.requested_ship_date,"
        " picklist.worker_id AS holder, picklist.device_id AS holding_device"
        " FROM task JOIN picklist USING (picklist_id) JOIN location USING (location_id)"
        " JOIN fulfillment USING (fulfillment_id)"
        " WHERE task.status = :status AND picklist.status IN ('draft', 'assigned', 'in_progress')"
        " AND (priority_rank, ship_by, task.walk_key, task.seq) > (:rank, :ship_by, :walk_key, :seq)"
        " AND (:warehouse IS NULL OR picklist.warehouse_id = :warehouse) AND (:zone IS NULL OR zone = :zone)"
        " AND (:priority IS NULL OR priority_rank = :priority)"
        " AND (:all OR coalesce(picklist.device_id, task.device_id) IS NULL"
        "  OR (:device IS NOT NULL AND coalesce(picklist.device_id, task.device_id) = :device"
        "   AND coalesce(task.device_id, :device) = :device)"
        "  OR (:device IS NULL AND coalesce(task.worker_id, picklist.worker_id) = :worker))"
        " ORDER BY priority_rank, ship_by, task.walk_key, task.seq LIMIT :limit",
        {
            "status": query.status,
            "rank": rank,
            "ship_by": ship_by,
            "walk_key": walk_key,
            "seq": seq,
            "warehouse": query.warehouse_id,
            "zone": query.zone,
            "priority": PRIORITIES.index(query.priority) if query.priority else None,
            "all": call.role == OFFICE,
            "device": query.device_id or call.device,
            "worker": query.worker_id,
            "limit": query.limit,
        },
    ).fetchall()
    last = [rows[-1][name] for name in ("priority_rank", "ship_by", "walk_key", "seq")] if rows else None
    return answer(page([_listed(row) for row in rows], query.limit, last))


@routes.writes("/tasks/{id}/claim", Holder, *FLOOR)
def claim(call: Call, body: Holder) -> Answer:
    """Take one task. 409 when another device has it or its picklist; the holder may take it again."""
    manual = manual_tasks.find(call, call.path["id"])
    if manual is not None:
        return manual_tasks.claim(call, manual, body)
    task = _row(call)
    picklist = picklists.picklist_row(call, task["picklist_id"])
    for what, holder in ((f"Task {task['task_id']}", task), (f"Picklist {task['picklist_id']}", picklist)):
        if holder["device_id"] not in {None, body.device_id}:
            sentence = f"{what} is held by device {holder['device_id']} ({holder['worker_id']}). Take another one."
            raise Refused(409, "held_by_other", sentence, {"device_id": holder["device_id"]})
    if task["status"] != "open":
        raise Refused(409, "task_closed", f"Task {task['task_id']} is {task['status']}.", task_shape(task))
    call.db.execute(
        "UPDATE task SET worker_id = ?, device_id = ? WHERE seq = ?", (body.worker_id, body.device_id, task["seq"])
    )
    timeline.add(
        call, "task_claimed", fulfillment_id=task["fulfillment_id"], task_id=task["task_id"], device_id=body.device_id
    )
    return answer(task_shape(_row(call)))


@routes.writes("/tasks/{id}/complete", TaskResult, *FLOOR)
def complete(call: Call, body: TaskResult) -> Answer:
    """Confirm a task whose units are all picked or short; `result` goes to the timeline."""
    manual = manual_tasks.find(call, call.path["id"])
    if manual is not None:
        return manual_tasks.complete(call, manual, body.result)
    task = _row(call)
    if task["status"] == "open":
        rest = task["qty"] - task["picked"]
        sentence = f"Task {task['task_id']} is open: {rest} of {task['sku']} at {task['location_id']} are not picked."
        raise Refused(409, "task_open", f"{sentence} Pick them or mark them short.", task_shape(task))
    timeline.add(
        call,
        "task_completed",
        fulfillment_id=task["fulfillment_id"],
        picklist_id=task["picklist_id"],
        task_id=task["task_id"],
        result=body.result,
    )
    return answer(task_shape(task))


def _by_hand(call: Call, query: TaskQuery) -> dict[str, Any]:
    filters = {
        "type": query.type,
        "status": "open" if query.status == "open" else "done",
        "warehouse": query.warehouse_id,
        "zone": query.zone,
        "priority": PRIORITIES.index(query.priority) if query.priority else None,
        "all": call.role == OFFICE,
        "device": query.device_id or call.device,
        "worker": query.worker_id,
    }
    return manual_tasks.listed(call, filters, query.cursor, query.limit)


def _row(call: Call) -> sqlite3.Row:
    row: sqlite3.Row | None = call.db.execute("SELECT * FROM task WHERE task_id = ?", (call.path["id"],)).fetchone()
    if row is None:
        raise not_found("task", call.path["id"])
    return row


def _listed(row: sqlite3.Row) -> dict[str, Any]:
    more = ("order_id", "picklist_status", "priority", "requested_ship_date", "zone")
    return {
        "type": "pick",
        **task_shape(row),
        **{name: row[name] for name in more},
        "picklist_worker_id": row["holder"],
        "picklist_device_id": row["holding_device"],
    }
