"""Work that is here beside what HQ says of it: reading it for `domain.conflicts`, and the exceptions that wait."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from local_store import parties
from local_store.domain import conflicts, exceptions, states
from local_store.domain.asking import question
from local_store.domain.commands import DecideException, SeeWork
from local_store.domain.conflicts import HqDid, LineHere, Raised, Review, Stage, WorkHere
from local_store.domain.events import FulfillmentReceived, PicklistReceived, WorkKind
from local_store.domain.exceptions import Asked
from local_store.domain.floor import Decision
from local_store.domain.site import Site
from local_store.loading_labels import load_label
from local_store.loading_picked import load_held

MOST_SHOWN = 50
"""Exceptions on one screen; the rest come up when these are decided."""
_TOLD_NOT = (
    "SELECT DISTINCT substr(entity, instr(entity, ':') + 1) FROM outbox INDEXED BY outbox_open"
    " WHERE lane = :lane AND state IN ('pending', 'parked') AND entity > :thing || ':' || :after"
    " AND entity < :thing || ';' ORDER BY entity LIMIT :limit"
)
_ASKED = (
    "SELECT work_id FROM work_exception WHERE lane = :lane AND state <> 'decided' AND thing = :thing"
    " AND work_id > :after ORDER BY work_id LIMIT :limit"
)
_PICKLISTS = (
    "SELECT picklist_id FROM picklist INDEXED BY picklist_not_through WHERE lane = :lane"
    " AND status <> 'completed' AND picklist_id > :after ORDER BY picklist_id LIMIT :limit"
)
_FULFILLMENTS = (
    "SELECT fulfillment_id FROM fulfillment INDEXED BY fulfillment_not_through WHERE lane = :lane"
    " AND session <> 'packed' AND fulfillment_id > :after ORDER BY fulfillment_id LIMIT :limit"
)
_LABELS_WAIT = (
    "SELECT fulfillment_id FROM spool_job WHERE state IN ('queued', 'ready')"
    " AND fulfillment_id > :after ORDER BY fulfillment_id LIMIT :limit"
)
_LABELS_ASK = (
    "SELECT fulfillment_id FROM spool_job WHERE state IN ('uncertain', 'failed_clean', 'expired')"
    " AND fulfillment_id > :after ORDER BY fulfillment_id LIMIT :limit"
)
_OPEN: dict[WorkKind, tuple[str, ...]] = {
    "picklist": (_PICKLISTS, _TOLD_NOT, _ASKED),
    "fulfillment": (_FULFILLMENTS, _LABELS_WAIT, _LABELS_ASK, _TOLD_NOT, _ASKED),
}
"""Where work that is not through is found. Each reads a few rows of an index, whatever waits."""
_THINGS: dict[str, WorkKind] = {"1": "picklist", "2": "fulfillment"}


class OpenWork(NamedTuple):
    """A picklist or fulfillment that is not through; `place` is its place in the round of questions."""

    place: str
    thing: WorkKind
    work_id: str


class Waiting(NamedTuple):
    """An exception as a screen shows it."""

    exception_id: str
    thing: str
    work_id: str
    sentence: str
    state: str
    proposed: str
    offered: tuple[str, ...]
    raised_seq: int


def open_work(db: sqlite3.Connection, lane: str, after: str, limit: int) -> list[OpenWork]:
    """The next work of a lane that is not through, picklists first: not finished, not all told, or asked about."""
    found: set[str] = set()
    for mark, thing in _THINGS.items():
        if after[:1] > mark:
            continue
        values = {"lane": lane, "thing": thing, "limit": limit, "after": after[2:] if after[:1] == mark else ""}
        for sql in _OPEN[thing]:
            found |= {f"{mark}:{work_id}" for (work_id,) in db.execute(sql, values)}
        if len(found) >= limit:
            break
    return [OpenWork(work, _THINGS[work[0]], work[2:]) for work in sorted(found)[:limit]]


def work_here(db: sqlite3.Connection, lane: str, thing: WorkKind, work_id: str) -> WorkHere | None:
    """A picklist or fulfillment as HQ's word can concern it; None when it is not here or of another lane."""
    return _picklist(db, lane, work_id) if thing == "picklist" else _fulfillment(db, lane, work_id)


def review(db: sqlite3.Connection, seen: SeeWork) -> Review:
    """What follows now from what HQ said."""
    here = work_here(db, seen.lane, seen.thing, seen.work_id)
    if here is None:
        return Review()
    return conflicts.review(here, seen, parties.texts(seen.party) if seen.party else None)


def decide(db: sqlite3.Connection, site: Site, command: DecideException) -> Decision:
    """What follows from a supervisor's choice."""
    asked = _asked(db, command.exception_id)
    here = work_here(db, asked.lane, asked.thing, asked.work_id) if asked else None
    package = None
    if asked is not None and asked.thing == "fulfillment":
        package = db.execute(
            "SELECT package_id FROM fulfillment WHERE fulfillment_id = ?", (asked.work_id,)
        ).fetchone()
    label = load_label(db, package[0]) if package and package[0] else None
    return exceptions.decide(site, command, asked, here, label)


def waiting(db: sqlite3.Connection) -> list[Waiting]:
    """The exceptions that a supervisor has to decide, oldest first."""
    rows = db.execute(
        "SELECT exception_id, thing, work_id, sentence, state, proposed, offered, raised_seq FROM work_exception"
        " WHERE state <> 'decided' ORDER BY raised_seq LIMIT ?",
        (MOST_SHOWN,),
    )
    return [Waiting._make((*row[:3], question(row[3]), *row[4:6], tuple(json.loads(row[6])), row[7])) for row in rows]


def _asked(db: sqlite3.Connection, exception_id: str) -> Asked | None:
    row = db.execute(
        "SELECT exception_id, lane, thing, work_id, stage, did, offered, picklist, fulfillment FROM work_exception"
        " WHERE exception_id = ? AND state <> 'decided'",
        (exception_id,),
    ).fetchone()
    if row is None:
        return None
    *ids, did, offered, picklist, fulfillment = row
    wants = (
        PicklistReceived.model_validate_json(picklist) if picklist else None,
        FulfillmentReceived.model_validate_json(fulfillment) if fulfillment else None,
    )
    return Asked._make((*ids, HqDid(did), tuple(json.loads(offered)), *wants))


# --- reading ----------------------------------------------------------------------------------------------------


def _picklist(db: sqlite3.Connection, lane: str, picklist_id: str) -> WorkHere | None:
    row = db.execute(
        "SELECT status, pick_confirmation_id FROM picklist WHERE picklist_id = ? AND lane = ?", (picklist_id, lane)
    ).fetchone()
    if row is None:
        return None
    status, confirmation_id = states.Picklist(row[0]), row[1]
    return WorkHere(
        thing="picklist",
        work_id=picklist_id,
        lane=lane,
        called=picklist_id,
        stage=_stage_of_list(db, picklist_id, status),
        unsent=_is_unsent(db, lane, f"picklist:{picklist_id}"),
        lines=tuple(_tasks(db, picklist_id)),
        confirmation_id=confirmation_id,
        raised=_raised(db, "picklist", picklist_id),
        held=load_held(db, "picklist", picklist_id),
    )


def _stage_of_list(db: sqlite3.Connection, picklist_id: str, status: states.Picklist) -> Stage:
    """A list that is through is as far as the furthest of its orders."""
    if status is states.Picklist.OPEN:  # a list that was put aside has been begun
        begun = any(line.touched for line in _tasks(db, picklist_id))
        return Stage.PICKING if begun else Stage.NOT_BEGUN
    if status is not states.Picklist.COMPLETED:
        return Stage.PICKING
    rows = db.execute(
        "SELECT DISTINCT f.fulfillment_id, f.session, f.package_id FROM pick_task t"
        " JOIN fulfillment f USING (fulfillment_id) WHERE t.picklist_id = ?",
        (picklist_id,),
    ).fetchall()
    order = list(Stage)
    stages = [Stage.PICKED, *(_stage_after_picking(db, row[1], row[2]) for row in rows)]
    return max(stages, key=order.index)


def _tasks(db: sqlite3.Connection, picklist_id: str) -> Iterator[LineHere]:
    rows = db.execute(
        "SELECT t.task_id, coalesce(p.name, t.sku), t.sku, t.qty, t.picked, t.status FROM pick_task t"
        " LEFT JOIN product p USING (sku) WHERE t.picklist_id = ? ORDER BY t.position",
        (picklist_id,),
    )
    for task_id, name, sku, qty, picked, status in rows:
        touched = Decimal(picked) > 0 or status in {states.PickTask.DONE, states.PickTask.SHORT}
        yield LineHere(task_id, f"{name} ({sku})", Decimal(qty), Decimal(picked), touched)


def _fulfillment(db: sqlite3.Connection, lane: str, fulfillment_id: str) -> WorkHere | None:
    row = db.execute(
        "SELECT order_id, session, package_id, party_id FROM fulfillment WHERE fulfillment_id = ? AND lane = ?",
        (fulfillment_id, lane),
    ).fetchone()
    if row is None:
        return None
    order_id, session, package_id, party_id = row
    lists = db.execute(
        "SELECT DISTINCT t.picklist_id, p.status FROM pick_task t JOIN picklist p USING (picklist_id)"
        " WHERE t.fulfillment_id = ?",
        (fulfillment_id,),
    ).fetchall()
    elsewhere = not lists and session != states.PackSession.WAITING
    lines = tuple(_lines(db, fulfillment_id, elsewhere=elsewhere, session=session))
    on_a_list = any(status != states.Picklist.COMPLETED for _, status in lists)
    stage = _stage_after_picking(db, session, package_id)
    if session == states.PackSession.WAITING or not lists:
        begun = any(line.touched for line in lines)
        waiting_stage = Stage.PICKING if begun else Stage.NOT_BEGUN
        stage = waiting_stage if stage is Stage.PICKED else stage
    entities = [f"fulfillment:{fulfillment_id}", *(f"picklist:{picklist_id}" for picklist_id, _ in lists)]
    return WorkHere(
        thing="fulfillment",
        work_id=fulfillment_id,
        lane=lane,
        called=order_id,
        stage=stage,
        unsent=any(_is_unsent(db, lane, entity) for entity in entities),
        lines=lines,
        on_a_list=on_a_list,
        picked_elsewhere=elsewhere,
        voided=_is_voided(db, fulfillment_id),
        list_asks=any(_is_asked(db, "picklist", picklist_id) for picklist_id, _ in lists),
        party=parties.texts_of(db, party_id),
        raised=_raised(db, "fulfillment", fulfillment_id),
        held=load_held(db, "fulfillment", fulfillment_id),
    )


def _is_voided(db: sqlite3.Connection, fulfillment_id: str) -> bool:
    """Whether somebody here took a sealed parcel of an order apart."""
    of = (fulfillment_id, states.Package.VOIDED)
    return db.execute("SELECT 1 FROM package WHERE fulfillment_id = ? AND status = ?", of).fetchone() is not None


def _lines(db: sqlite3.Connection, fulfillment_id: str, *, elsewhere: bool, session: str) -> Iterator[LineHere]:
    """Before the list is complete its tasks know what was picked; an order of another station counts what it gave."""
    tasks: dict[str, list[Any]] = {}
    for line_id, *task in db.execute(
        "SELECT order_line_id, qty, picked, status FROM pick_task WHERE fulfillment_id = ?", (fulfillment_id,)
    ):
        tasks.setdefault(line_id, []).append(task)
    rows = db.execute(
        "SELECT l.order_line_id, coalesce(p.name, l.sku), l.sku, l.qty, l.picked FROM fulfillment_line l"
        " LEFT JOIN product p USING (sku) WHERE l.fulfillment_id = ? ORDER BY l.position",
        (fulfillment_id,),
    ).fetchall()
    for line_id, name, sku, qty, picked in rows:
        item, of = f"{name} ({sku})", tasks.get(line_id, [])
        if elsewhere:
            touched = session != states.PackSession.READY
            yield LineHere(line_id, item, Decimal(picked), Decimal(picked), touched)
        elif session == states.PackSession.WAITING:
            done = sum((Decimal(each[1]) for each in of), Decimal(0))
            planned = sum((Decimal(each[0]) for each in of), Decimal(0)) if of else None
            touched = done > 0 or any(each[2] == states.PickTask.SHORT for each in of)
            yield LineHere(line_id, item, Decimal(qty), done, touched, planned)
        else:
            yield LineHere(line_id, item, Decimal(qty), Decimal(picked), touched=True)


def _stage_after_picking(db: sqlite3.Connection, session: str, package_id: str | None) -> Stage:
    if session == states.PackSession.PACKING:
        sealed = db.execute(
            "SELECT p.package_id FROM package p JOIN package o USING (fulfillment_id)"
            " WHERE o.package_id = ? AND p.status = 'sealed' ORDER BY p.number DESC LIMIT 1",
            (package_id,),
        ).fetchone()
        if sealed is None:
            return Stage.PACKING
        package_id = sealed[0]  # one parcel of it is closed, and that never changes
        session = states.PackSession.PACKED
    if session != states.PackSession.PACKED:
        return Stage.PICKED
    unprinted = db.execute(
        "SELECT 1 FROM spool_job WHERE package_id = ?"
        " AND state NOT IN ('queued', 'ready', 'failed_clean', 'expired', 'cancelled', 'voided')",
        (package_id,),
    ).fetchone()
    return Stage.SEALED if unprinted is None else Stage.LABELLED


def _raised(db: sqlite3.Connection, thing: str, work_id: str) -> tuple[Raised, ...]:
    rows = db.execute(
        "SELECT exception_id, word, stage, did, state FROM work_exception WHERE thing = ? AND work_id = ?",
        (thing, work_id),
    )
    return tuple(Raised(*row) for row in rows)


def _is_unsent(db: sqlite3.Connection, lane: str, entity: str) -> bool:
    """Whether a lane's HQ has not got every fact of an entity yet."""
    row = db.execute(
        "SELECT 1 FROM outbox INDEXED BY outbox_open WHERE lane = ? AND entity = ?"
        " AND state IN ('pending', 'parked') LIMIT 1",
        (lane, entity),
    )
    return row.fetchone() is not None


def _is_asked(db: sqlite3.Connection, thing: str, work_id: str) -> bool:
    return any(each.state != "decided" for each in _raised(db, thing, work_id))
