"""Waves, assignments, priorities and tasks made by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from local_store.domain import events as e
from local_store.domain import states, supervising
from local_store.domain.commands import (
    ClaimTask,
    CompleteTask,
    CreateTask,
    GivePicklist,
    PrioritisePicklist,
    RequestWave,
)
from local_store.domain.supervising import ListSeen, TaskSeen
from local_store.works.part import Act, Acts, DeskLoad, Rule

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES = ("hand_task", "wave_order")
MOST_TASKS = 200


def tasks(db: sqlite3.Connection, worker_id: str | None = None) -> list[dict[str, Any]]:
    """Tasks that are not done, most urgent and oldest first: all, or those a worker may do."""
    rows = db.execute(
        "SELECT task_id, type, instructions, subject, zone, priority, worker_id, due_at, status FROM hand_task"
        " WHERE status <> 'done' AND (:worker IS NULL OR coalesce(worker_id, :worker) = :worker)"
        " ORDER BY priority, seq LIMIT :most",
        {"worker": worker_id, "most": MOST_TASKS},
    )
    names = ("task_id", "type", "instructions", "subject", "zone", "priority", "worker_id", "due_at", "status")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [{**each, "priority": states.PRIORITIES[each["priority"]]} for each in found]


def _list(tx: Transaction, command: GivePicklist | PrioritisePicklist) -> ListSeen | None:
    row = tx.connection.execute(
        "SELECT lane, status, workplace FROM picklist WHERE picklist_id = ?", (command.picklist_id,)
    ).fetchone()
    return ListSeen(*row) if row else None


def _on_a_list(tx: Transaction, command: RequestWave) -> frozenset[str]:
    """Those of the orders that are here already, or were asked for. One that nobody saw is HQ's to judge."""
    marks = ",".join("?" * len(command.fulfillment_ids))
    rows = tx.connection.execute(
        f"SELECT fulfillment_id FROM fulfillment WHERE fulfillment_id IN ({marks})"  # noqa: S608 -- marks only
        f" UNION SELECT fulfillment_id FROM wave_order WHERE fulfillment_id IN ({marks})",
        (*command.fulfillment_ids, *command.fulfillment_ids),
    )
    return frozenset(row[0] for row in rows)


def _task(tx: Transaction, command: ClaimTask | CompleteTask) -> TaskSeen | None:
    row = tx.connection.execute(
        "SELECT task_id, instructions, status, worker_id FROM hand_task WHERE task_id = ?", (command.task_id,)
    ).fetchone()
    return TaskSeen(*row) if row else None


def _nothing(_tx: Transaction, _command: CreateTask) -> None:
    return None


ACTS: Acts = {
    GivePicklist: Act(_list, supervising.give),
    PrioritisePicklist: Act(_list, supervising.prioritise),
    RequestWave: Act(_on_a_list, supervising.wave),
    CreateTask: Act(_nothing, supervising.create_task),
    ClaimTask: Act(_task, supervising.claim_task),
    CompleteTask: Act(_task, supervising.complete_task),
}
DESKS: Mapping[str, DeskLoad] = {}


# --- what the facts add up to ------------------------------------------------------------------------------------


def _given(db: sqlite3.Connection, _seq: int, fact: e.PicklistGiven) -> None:
    db.execute("UPDATE picklist SET given_to = ? WHERE picklist_id = ?", (fact.worker_id, fact.picklist_id))


def _prioritised(db: sqlite3.Connection, _seq: int, fact: e.PicklistPrioritised) -> None:
    rank = states.PRIORITIES.index(fact.priority)
    db.execute("UPDATE picklist SET priority = ? WHERE picklist_id = ?", (rank, fact.picklist_id))


def _wave(db: sqlite3.Connection, _seq: int, fact: e.WaveRequested) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO wave_order VALUES (?,?)", [(each, fact.wave_id) for each in fact.fulfillment_ids]
    )


def _listed(db: sqlite3.Connection, _seq: int, fact: e.PicklistReceived) -> None:
    """The list is here: its orders wait for none any more."""
    db.executemany(
        "DELETE FROM wave_order WHERE fulfillment_id = ?", sorted({(task.fulfillment_id,) for task in fact.tasks})
    )


def _created(db: sqlite3.Connection, seq: int, fact: e.TaskCreated) -> None:
    db.execute(
        "INSERT OR IGNORE INTO hand_task VALUES (?,?,?,?,?,?,?,?,?,'open')",
        (
            *(fact.task_id, seq, fact.type, fact.instructions, fact.subject, fact.zone),
            *(states.PRIORITIES.index(fact.priority), fact.worker_id, fact.due_at),
        ),
    )


def _claimed(db: sqlite3.Connection, _seq: int, fact: e.TaskClaimed) -> None:
    db.execute(
        "UPDATE hand_task SET status = 'claimed', worker_id = ? WHERE task_id = ?", (fact.worker_id, fact.task_id)
    )


def _completed(db: sqlite3.Connection, _seq: int, fact: e.TaskCompleted) -> None:
    db.execute("UPDATE hand_task SET status = 'done' WHERE task_id = ?", (fact.task_id,))


RULES: Mapping[str, Rule] = {
    e.PicklistGiven.kind: _given,
    e.PicklistPrioritised.kind: _prioritised,
    e.WaveRequested.kind: _wave,
    e.PicklistReceived.kind: _listed,
    e.TaskCreated.kind: _created,
    e.TaskClaimed.kind: _claimed,
    e.TaskCompleted.kind: _completed,
}
