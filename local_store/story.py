"""What happened to one thing, oldest first: the journal rows that tell of a parcel, an order, a unit, a list.

Most rows are found by the index `story`. Counts are not in it: they lie between the first and the last row of their
work, and are looked up there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from local_store import journal
from local_store.domain import events as e
from local_store.domain.codes import key_of
from local_store.journal import Row

MOST_ROWS = 5_000
"""Rows of one story: a wave of a thousand lines has fewer."""
MOST_LOOKED_AT = 200_000
"""Rows between the first and the last of a work that are looked through for its counts: a busy day has fewer."""

_BEGINS = (e.PicklistStarted.kind, e.PackOpened.kind)
_ENDS = (e.PicklistCompleted.kind, e.PackageSealed.kind)
_COUNTS: Mapping[str, tuple[str, str]] = {
    "picklist": ("picklist_id", "'pick.counted', 'pick.location_confirmed'"),
    "fulfillment": ("fulfillment_id", "'pack.counted'"),
}
"""Of a work: the member that names it in its counts, and the kinds of these."""


class Story(NamedTuple):
    """The rows, oldest first; not `complete` where there were more than are looked for."""

    rows: tuple[Row, ...]
    complete: bool = True


def of(db: sqlite3.Connection, thing: str, ident: str) -> Story:
    """The story of a `package`, `fulfillment`, `picklist`, `serial`, `return` …; without rows where it is unknown."""
    if thing == "package":
        return _of_package(db, ident)
    if thing == "fulfillment":
        return _of_fulfillment(db, ident)
    if thing == "picklist":
        counts, complete = _counts(db, "picklist", ident)
        return _told(db, _noted(db, "picklist", ident) | counts, complete=complete)
    return _told(db, _noted(db, thing, ident))


def package_named(db: sqlite3.Connection, asked: str) -> str | None:
    """The package of an id, an SSCC, or an order that has just one; None where there is none."""
    rows = db.execute(
        "SELECT p.package_id FROM package p WHERE p.package_id = :asked"
        " UNION SELECT c.id FROM code c WHERE c.key = :key AND c.thing = 'package'"
        " UNION SELECT p.package_id FROM code c JOIN package p ON p.fulfillment_id = c.id"
        "  WHERE c.key = :key AND c.thing = 'fulfillment' LIMIT 2",
        {"asked": asked.strip(), "key": key_of(asked)},
    ).fetchall()
    return rows[0][0] if len(rows) == 1 else None


def _of_package(db: sqlite3.Connection, package_id: str) -> Story:
    row = db.execute("SELECT fulfillment_id FROM package WHERE package_id = ?", (package_id,)).fetchone()
    if row is None:
        return _told(db, _noted(db, "package", package_id))
    whole = _of_fulfillment(db, row[0])
    return whole._replace(rows=tuple(each for each in whole.rows if _other(each) in {None, package_id}))


def _other(row: Row) -> str | None:
    """The one package that a row is about, where it is about one."""
    named = json.loads(row.body).get("package_id") if row.kind != e.HistoryRecovered.kind else None
    return named or None


def _of_fulfillment(db: sqlite3.Connection, fulfillment_id: str) -> Story:
    """The order's own rows, its counts, and those of the lists it was picked on: of its own lines there."""
    counts, complete = _counts(db, "fulfillment", fulfillment_id)
    seqs = _noted(db, "fulfillment", fulfillment_id) | counts
    tasks: dict[str, set[str]] = {}
    for picklist_id, task_id in _tasks_of(db, seqs, fulfillment_id):
        tasks.setdefault(picklist_id, set()).add(task_id)
    for picklist_id, own in tasks.items():
        picked, all_of_it = _counts(db, "picklist", picklist_id)
        seqs |= _of_lines(db, _noted(db, "picklist", picklist_id) | picked, own)
        complete = complete and all_of_it
    return _told(db, seqs, complete=complete)


def _tasks_of(db: sqlite3.Connection, seqs: Iterable[int], fulfillment_id: str) -> list[tuple[str, str]]:
    """(picklist, task) of an order, as its lists were given or changed."""
    return db.execute(
        "SELECT coalesce(j.body ->> '$.picklist_id', j.body ->> '$.picklist.picklist_id'), t.value ->> '$.task_id'"
        " FROM journal j, json_each(coalesce(j.body -> '$.tasks', j.body -> '$.picklist.tasks')) t"
        " WHERE j.seq IN (SELECT value FROM json_each(?)) AND j.kind IN ('work.picklist_received', 'work.changed')"
        " AND t.value ->> '$.fulfillment_id' = ?",
        (json.dumps(sorted(seqs)), fulfillment_id),
    ).fetchall()


def _of_lines(db: sqlite3.Connection, seqs: set[int], tasks: set[str]) -> set[int]:
    """Those rows of a list that are about these tasks, or about no single task."""
    rows = db.execute(
        "SELECT seq FROM journal WHERE seq IN (SELECT value FROM json_each(:seqs)) AND (body ->> '$.task_id' IS NULL"
        " OR body ->> '$.task_id' IN (SELECT value FROM json_each(:tasks)))",
        {"seqs": json.dumps(sorted(seqs)), "tasks": json.dumps(sorted(tasks))},
    )
    return {row[0] for row in rows}


def _noted(db: sqlite3.Connection, thing: str, ident: str) -> set[int]:
    rows = db.execute("SELECT seq FROM story WHERE thing = ? AND id = ? ORDER BY seq", (thing, ident))
    return {row[0] for row in rows.fetchmany(MOST_ROWS)}


def _counts(db: sqlite3.Connection, thing: str, ident: str) -> tuple[set[int], bool]:
    """The counts and mis-scans of a work, between its first and last row; and whether all of that was looked at."""
    places = ", ".join("?" * len(_BEGINS))
    first, last = db.execute(
        f"SELECT min(CASE WHEN kind IN ({places}) THEN seq END), max(CASE WHEN kind IN ({places}) THEN seq END)"  # noqa: S608 -- only places for values
        " FROM story JOIN journal USING (seq) WHERE thing = ? AND id = ?",
        (*_BEGINS, *_ENDS, thing, ident),
    ).fetchone()
    if first is None:
        return set(), True
    end = last if last is not None and last > first else journal.head_of(db).seq
    member, kinds = _COUNTS[thing]
    rows = db.execute(
        f"SELECT seq FROM journal WHERE seq BETWEEN ? AND ? AND (kind IN ({kinds})"  # noqa: S608 -- our own words
        f" AND body ->> '$.{member}' = ? OR kind = 'scan.refused' AND body ->> '$.work' = ?) ORDER BY seq",
        (first, min(end, first + MOST_LOOKED_AT), ident, ident),
    )
    return {row[0] for row in rows.fetchmany(MOST_ROWS)}, end <= first + MOST_LOOKED_AT


def _told(db: sqlite3.Connection, seqs: set[int], *, complete: bool = True) -> Story:
    wanted = sorted(seqs)
    found = journal.these(db, wanted[:MOST_ROWS])
    return Story(tuple(found), complete and len(wanted) <= MOST_ROWS)


def details(row: Row) -> dict[str, Any]:
    """What a row says: its body, or that of the fact it brings back."""
    body: dict[str, Any] = json.loads(row.body)
    if row.kind == e.HistoryRecovered.kind:
        return {**json.loads(body["body"]), "recovered_from": body["lineage"]}
    return body


def action(row: Row) -> str:
    """What happened: the kind of the fact, or of the one it brings back."""
    kind: str = json.loads(row.body)["event_kind"] if row.kind == e.HistoryRecovered.kind else row.kind
    return kind
