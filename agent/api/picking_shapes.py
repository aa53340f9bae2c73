"""Picklists in HQ's own shapes (seed 001 section 18), from what this station knows."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, RootModel

from local_store.domain import states
from local_store.domain.events import Checked, PicksChecked, decimal_text
from local_store.journal import fact_of

Number = int | str
"""A JSON number where it is whole, else the exact text."""


class TaskShape(BaseModel):
    """One line to pick; `short` is what will not come, once the task is closed short."""

    task_id: str
    picklist_id: str
    fulfillment_id: str
    order_line_id: str
    location_id: str
    sku: str
    lot_id: str | None
    qty: Number
    picked: Number
    short: Number
    status: Literal["open", "done", "short"]
    short_reason: str | None
    worker_id: str | None
    device_id: str | None


class PicklistShape(BaseModel):
    """A picklist with its tasks in walking order."""

    id: str
    picklist_id: str
    warehouse_id: str
    fulfillment_ids: list[str]
    status: Literal["draft", "assigned", "in_progress", "completed"]
    tasks: list[TaskShape]
    priority: str
    picker_group: str | None
    worker_id: str | None
    device_id: str | None
    pick_confirmation_id: str | None


class TasksPage(BaseModel):
    """The tasks of one list."""

    items: list[TaskShape]
    next_cursor: None = None


class PickedTask(BaseModel):
    """What was picked for a task."""

    task_id: str
    qty: Number


class Confirmation(BaseModel):
    """A list that is through."""

    picklist_id: str
    status: Literal["completed"]
    pick_confirmation_id: str
    picked: list[PickedTask]


class Result(BaseModel):
    """What became of one element; the id is named after what was sent."""

    scan_id: str | None = None
    adjustment_id: str | None = None
    rebin_id: str | None = None
    outcome: Literal["accepted", "refused"]
    tasks: list[PickedTask] | None = None
    code: str | None = None
    message: str | None = None


class Results(BaseModel):
    """One result for each element, in their order."""

    results: list[Result]


class SerialsTold(BaseModel):
    """Serial numbers that are kept."""

    fulfillment_id: str
    order_line_id: str
    serials: list[str]


class LotTold(BaseModel):
    """A lot that is kept."""

    fulfillment_id: str
    order_line_id: str
    lot_id: str
    qty: Number


class Elements(RootModel[list[dict[str, Any]]]):
    """An array of scans."""


def picklist(db: sqlite3.Connection, warehouse_id: str, picklist_id: str) -> PicklistShape | None:
    """A picklist as it stands here; None where there is none."""
    row = db.execute(
        "SELECT status, priority, zone, worker_id, workplace, pick_confirmation_id FROM picklist"
        " WHERE picklist_id = ?",
        (picklist_id,),
    ).fetchone()
    if row is None:
        return None
    status, priority, zone, worker_id, device_id, confirmation = row
    rows = db.execute(
        "SELECT task_id, fulfillment_id, order_line_id, location_id, sku, lot_id, qty, picked, status, reason"
        " FROM pick_task WHERE picklist_id = ? ORDER BY position",
        (picklist_id,),
    ).fetchall()
    waits = "assigned" if worker_id is not None else "draft"
    return PicklistShape(
        id=picklist_id,
        picklist_id=picklist_id,
        warehouse_id=warehouse_id,
        fulfillment_ids=list(dict.fromkeys(each[1] for each in rows)),
        status=waits if status == states.Picklist.OPEN else status,
        tasks=[_task(picklist_id, worker_id, device_id, each) for each in rows],
        priority=states.PRIORITIES[priority],
        picker_group=zone,
        worker_id=worker_id,
        device_id=device_id,
        pick_confirmation_id=confirmation,
    )


def results(db: sqlite3.Connection, last_seq: int | None) -> Results:
    """What became of each element of a call, from the fact that its answer was kept in."""
    kind, body = db.execute("SELECT kind, body FROM journal WHERE seq = ?", (last_seq,)).fetchone()
    fact = fact_of(last_seq or 0, kind, body)
    assert isinstance(fact, PicksChecked)
    return Results(results=[_result(f"{fact.what}_id", each) for each in fact.results])


def number(qty: Decimal) -> Number:
    """A quantity as HQ's shapes have it."""
    return int(qty) if qty == qty.to_integral_value() else decimal_text(qty)


def _result(name: str, told: Checked) -> Result:
    if told.code is not None:
        return Result.model_validate(
            {name: told.ident, "outcome": "refused", "code": told.code, "message": told.message}
        )
    tasks = [PickedTask(task_id=part.task_id, qty=number(part.qty)) for part in told.tasks]
    return Result.model_validate({name: told.ident, "outcome": "accepted", "tasks": tasks})


def _task(picklist_id: str, worker_id: str | None, device_id: str | None, row: tuple[Any, ...]) -> TaskShape:
    task_id, fulfillment_id, order_line_id, location_id, sku, lot_id, qty, picked, status, reason = row
    missing = Decimal(qty) - Decimal(picked) if status == states.PickTask.SHORT else Decimal(0)
    return TaskShape(
        task_id=task_id,
        picklist_id=picklist_id,
        fulfillment_id=fulfillment_id,
        order_line_id=order_line_id,
        location_id=location_id,
        sku=sku,
        lot_id=lot_id,
        qty=number(Decimal(qty)),
        picked=number(Decimal(picked)),
        short=number(missing),
        status="open" if status == states.PickTask.SKIPPED else status,
        short_reason=reason,
        worker_id=worker_id,
        device_id=device_id,
    )
