"""What facts about withdrawn or changed work add up to; called by `projections`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from local_store.domain import events as e
from local_store.domain import states
from local_store.domain.asking import kept
from local_store.domain.codes import key_of
from local_store.domain.conflicts import Stage, Step
from local_store.domain.events import decimal_text
from local_store.domain.states import PickTask


def withdrawn(db: sqlite3.Connection, _seq: int, fact: e.WorkWithdrawn) -> None:
    """The work is no longer here. What is sealed stays as it is."""
    if fact.thing == "picklist":
        _drop_picklist(db, fact.work_id)
    else:
        _drop_fulfillment(db, fact.work_id)


def changed(db: sqlite3.Connection, _seq: int, fact: e.WorkChanged) -> None:
    """HQ's lines take the place of those that were here, with what hands did as far as it is still wanted."""
    if fact.picklist is None and fact.fulfillment is None:
        return
    db.execute("DELETE FROM work_exception WHERE thing = ? AND work_id = ?", (fact.thing, fact.work_id))
    db.execute("DELETE FROM last_count WHERE work = ?", (fact.entity,))
    if fact.picklist is not None:
        _change_picklist(db, fact.picklist)
    if fact.fulfillment is not None:
        _change_fulfillment(db, fact.fulfillment)


def raised(db: sqlite3.Connection, seq: int, fact: e.ExceptionRaised) -> None:
    """A person is asked. It takes the place of what was asked before about the same work, and about its orders."""
    db.execute(
        "DELETE FROM work_exception WHERE thing = ? AND work_id = ? AND state <> 'decided'",
        (fact.thing, fact.work_id),
    )
    if fact.thing == "picklist":
        db.execute(
            "DELETE FROM work_exception WHERE thing = 'fulfillment' AND state <> 'decided' AND stage = ?"
            " AND work_id IN (SELECT fulfillment_id FROM pick_task WHERE picklist_id = ?)",
            (Stage.PICKING.value, fact.work_id),
        )
    db.execute(
        "INSERT OR REPLACE INTO work_exception VALUES (?,?,?,?,?,?,?,?,?,?,?,?,'open',NULL,?)",
        (
            fact.exception_id,
            fact.thing,
            fact.work_id,
            fact.lane,
            fact.word,
            fact.stage,
            fact.did,
            kept(fact),
            fact.proposed,
            json.dumps(fact.offered),
            fact.picklist and fact.picklist.model_dump_json(),
            fact.fulfillment and fact.fulfillment.model_dump_json(),
            seq,
        ),
    )


def decided(db: sqlite3.Connection, _seq: int, fact: e.ExceptionDecided) -> None:
    """A person chose: what is held is still asked. HQ's own word that all is as before leaves nothing."""
    if fact.by == "hq":
        db.execute("DELETE FROM work_exception WHERE exception_id = ?", (fact.exception_id,))
        return
    state = "held" if fact.choice == Step.HOLD else "decided"
    db.execute(
        "UPDATE work_exception SET state = ?, choice = ? WHERE exception_id = ?",
        (state, fact.choice, fact.exception_id),
    )


def _drop_picklist(db: sqlite3.Connection, picklist_id: str) -> None:
    fulfillments = db.execute(
        "SELECT DISTINCT fulfillment_id FROM pick_task WHERE picklist_id = ? ORDER BY 1", (picklist_id,)
    ).fetchall()
    db.execute("DELETE FROM pick_task WHERE picklist_id = ?", (picklist_id,))
    db.execute("DELETE FROM picklist WHERE picklist_id = ?", (picklist_id,))
    db.execute("UPDATE place SET picklist_id = NULL WHERE picklist_id = ?", (picklist_id,))
    _forget(db, "picklist", picklist_id)
    for (fulfillment_id,) in fulfillments:
        on_another = db.execute("SELECT 1 FROM pick_task WHERE fulfillment_id = ?", (fulfillment_id,)).fetchone()
        if on_another is None:
            _drop_fulfillment(db, fulfillment_id)


def _drop_fulfillment(db: sqlite3.Connection, fulfillment_id: str) -> None:
    """A fulfillment and what is still to be picked for it; a list of which nothing is left goes as well.

    One of which a parcel is sealed stays.
    """
    sealed = db.execute(
        "SELECT 1 FROM fulfillment f WHERE fulfillment_id = ? AND (session = ? OR EXISTS"
        " (SELECT 1 FROM package p WHERE p.fulfillment_id = f.fulfillment_id AND p.status = 'sealed'))",
        (fulfillment_id, states.PackSession.PACKED),
    ).fetchone()
    if sealed is not None:
        return
    lists = db.execute(
        "SELECT DISTINCT picklist_id FROM pick_task JOIN picklist USING (picklist_id)"
        " WHERE fulfillment_id = ? AND picklist.status <> ? ORDER BY 1",
        (fulfillment_id, states.Picklist.COMPLETED),
    ).fetchall()
    for table in ("fulfillment_line", "package", "fulfillment"):
        db.execute(f"DELETE FROM {table} WHERE fulfillment_id = ?", (fulfillment_id,))  # noqa: S608 -- ours
    db.execute("UPDATE place SET fulfillment_id = NULL WHERE fulfillment_id = ?", (fulfillment_id,))
    _forget(db, "fulfillment", fulfillment_id)
    for (picklist_id,) in lists:
        _drop_tasks(db, picklist_id, fulfillment_id)


def _drop_tasks(db: sqlite3.Connection, picklist_id: str, fulfillment_id: str) -> None:
    db.execute(
        "DELETE FROM last_count WHERE work = ? AND line_id IN"
        " (SELECT task_id FROM pick_task WHERE picklist_id = ? AND fulfillment_id = ?)",
        (f"picklist:{picklist_id}", picklist_id, fulfillment_id),
    )
    db.execute("DELETE FROM pick_task WHERE picklist_id = ? AND fulfillment_id = ?", (picklist_id, fulfillment_id))
    if db.execute("SELECT 1 FROM pick_task WHERE picklist_id = ?", (picklist_id,)).fetchone() is None:
        _drop_picklist(db, picklist_id)
        return
    _tidy_picklist(db, picklist_id)


def _change_picklist(db: sqlite3.Connection, wanted: e.PicklistReceived) -> None:
    before = {
        task_id: (Decimal(picked), PickTask(status), reason)
        for task_id, picked, status, reason in db.execute(
            "SELECT task_id, picked, status, reason FROM pick_task WHERE picklist_id = ?", (wanted.picklist_id,)
        )
    }
    db.execute("DELETE FROM pick_task WHERE picklist_id = ?", (wanted.picklist_id,))
    for position, task in enumerate(wanted.tasks):
        was, status, reason = before.get(task.task_id, (Decimal(0), PickTask.OPEN, None))
        picked = min(was, task.qty)
        if picked == task.qty:
            status, reason = PickTask.DONE, None
        elif status is PickTask.DONE:
            status = PickTask.OPEN
        ids = (wanted.picklist_id, position, task.task_id, task.fulfillment_id, task.order_line_id)
        counts = (decimal_text(task.qty), decimal_text(picked), status, reason)
        db.execute(
            "INSERT OR IGNORE INTO pick_task VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (*ids, task.location_id, task.sku, *counts, task.lot_id),
        )
        db.execute(
            "UPDATE fulfillment SET picklist_id = ? WHERE fulfillment_id = ?",
            (wanted.picklist_id, task.fulfillment_id),
        )
        _code(db, "location", task.location_id)
        _code(db, "product", task.sku)
    db.execute(
        "UPDATE picklist SET priority = ? WHERE picklist_id = ?",
        (states.PRIORITIES.index(wanted.priority), wanted.picklist_id),
    )
    _tidy_picklist(db, wanted.picklist_id)


def _tidy_picklist(db: sqlite3.Connection, picklist_id: str) -> None:
    """Where the walk begins, and what was being counted, after tasks came or went."""
    db.execute(
        "UPDATE picklist SET counting_task_id = NULL, first_location = coalesce((SELECT location_id FROM pick_task"
        "  WHERE pick_task.picklist_id = picklist.picklist_id ORDER BY position LIMIT 1), '') WHERE picklist_id = ?",
        (picklist_id,),
    )


def _change_fulfillment(db: sqlite3.Connection, wanted: e.FulfillmentReceived) -> None:
    ident = wanted.fulfillment_id
    before = {
        line_id: (Decimal(picked), Decimal(packed))
        for line_id, picked, packed in db.execute(
            "SELECT order_line_id, picked, packed FROM fulfillment_line WHERE fulfillment_id = ?", (ident,)
        )
    }
    db.execute("DELETE FROM fulfillment_line WHERE fulfillment_id = ?", (ident,))
    for position, line in enumerate(wanted.lines):
        was_picked, was_packed = before.get(line.order_line_id, (Decimal(0), Decimal(0)))
        picked = line.picked if wanted.picked else min(was_picked, line.qty)
        amounts = [decimal_text(each) for each in (line.qty, picked, min(was_packed, picked))]
        db.execute(
            "INSERT INTO fulfillment_line VALUES (?,?,?,?,?,?,?)",
            (ident, line.order_line_id, position, line.sku, *amounts),
        )
        _code(db, "product", line.sku)
    db.execute(
        "UPDATE fulfillment SET ship_by = ?, carrier_hint = ?, service_code = ?, counting_line_id = NULL"
        " WHERE fulfillment_id = ?",
        (wanted.ship_by, wanted.carrier_hint, wanted.service_code, ident),
    )
    db.execute(
        "UPDATE package SET status = ?, weight_mg = NULL, expected_mg = NULL"
        " WHERE fulfillment_id = ? AND status NOT IN (?, ?)",
        (states.Package.OPEN, ident, states.Package.SEALED, states.Package.VOIDED),
    )


def _code(db: sqlite3.Connection, thing: str, ident: str) -> None:
    """A place or product may be named here for the first time."""
    db.execute("INSERT OR IGNORE INTO code VALUES (?,?,?,1)", (key_of(ident), thing, ident))


def _forget(db: sqlite3.Connection, thing: str, ident: str) -> None:
    db.execute("DELETE FROM code WHERE thing = ? AND id = ?", (thing, ident))
    db.execute("DELETE FROM last_count WHERE work = ?", (f"{thing}:{ident}",))
    db.execute("DELETE FROM work_exception WHERE thing = ? AND work_id = ?", (thing, ident))


RULES: Mapping[str, Callable[[sqlite3.Connection, int, Any], None]] = {
    e.WorkWithdrawn.kind: withdrawn,
    e.WorkChanged.kind: changed,
    e.ExceptionRaised.kind: raised,
    e.ExceptionDecided.kind: decided,
}
"""What each of these facts does."""
