"""Facts that another lineage of this station recorded, given back by HQ and taken into this store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from local_store import journal
from local_store.domain import events as e
from local_store.domain.events import KINDS, Fact
from local_store.domain.history import Here, here, join

if TYPE_CHECKING:
    from local_store.transaction import Transaction


class Foreign(NamedTuple):
    """A journal row of another lineage, its hash already checked."""

    lineage: str
    seq: int
    hash: bytes
    event_id: bytes
    command_id: bytes
    kind: str
    version: int
    actor: str | None
    wall_ms: int
    body: str


def done_since(connection: sqlite3.Connection, common_seq: int, last_seq: int) -> Here:
    """What hands did here that rows up to `last_seq` of another lineage must be joined with.

    Rows up to `common_seq` fill a gap of this journal itself: only what was counted after them counts, by its totals.
    """
    if last_seq > common_seq:
        return here(_own(connection, common_seq))
    return Here(counted=here(_own(connection, last_seq)).counted)


def knows(connection: sqlite3.Connection, row: Foreign) -> bool:
    """Whether a row is in this journal, as its own or as one that was given back."""
    own = connection.execute("SELECT hash FROM journal WHERE seq = ?", (row.seq,)).fetchone()
    if own is not None and own[0] == row.hash:
        return True
    return connection.execute("SELECT 1 FROM recovered WHERE hash = ?", (row.hash,)).fetchone() is not None


def original(row: Foreign) -> Foreign:
    """The row itself, or the one it brings back from yet another lineage. Raises JournalDamaged."""
    if row.kind != e.HistoryRecovered.kind:
        return row
    fact = journal.fact_of(row.seq, row.kind, row.body)
    assert isinstance(fact, e.HistoryRecovered)
    return row._replace(
        lineage=fact.lineage,
        seq=fact.origin_seq,
        hash=bytes.fromhex(fact.origin_hash),
        kind=fact.event_kind,
        version=fact.event_version,
        wall_ms=fact.origin_wall_ms,
        body=fact.body,
    )


def take_in(tx: Transaction, rows: list[Foreign], done: Here, common_seq: int) -> int:
    """Record what is not known here, with what it means for the views; returns how many.

    Rows up to `common_seq` fill gaps of this journal itself: what was done after them here is no conflict.
    """
    taken = 0
    for given in rows:
        row = original(given)
        if knows(tx.connection, row):
            continue
        fact = _fact(row)
        joined = join(fact, done) if fact is not None else None
        told = e.HistoryRecovered(
            lineage=row.lineage,
            origin_seq=row.seq,
            origin_hash=row.hash.hex(),
            origin_wall_ms=row.wall_ms,
            event_kind=row.kind,
            event_version=row.version,
            body=row.body,
            applied=joined is not None and joined.applied,
        )
        tx.append(
            told,
            event_id=row.event_id,
            command_id=row.command_id,
            actor=row.actor,
            source=_source(tx.connection, fact),
        )
        if joined is not None and joined.conflict is not None and row.seq > common_seq:
            _tell(tx, joined.conflict)
        taken += 1
    return taken


def conflicts(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """(subject, sentence) of what a person still has to look at."""
    rows = connection.execute(
        "SELECT subject, sentence FROM history_conflict WHERE settled_seq IS NULL ORDER BY found_seq LIMIT 100"
    )
    return [tuple(row) for row in rows]


def settle_conflict(tx: Transaction, subject: str, note: str) -> bool:
    """A person has looked; whether there was something to look at."""
    row = tx.connection.execute(
        "SELECT 1 FROM history_conflict WHERE subject = ? AND settled_seq IS NULL", (subject,)
    ).fetchone()
    if row is not None:
        tx.append(e.HistoryConflictSettled(subject=subject, note=note))
    return row is not None


# --- what the facts add up to; called by `projections` -----------------------------------------------------------


def recovered(
    db: sqlite3.Connection, seq: int, fact: e.HistoryRecovered, apply: Callable[[sqlite3.Connection, int, Fact], None]
) -> None:
    """A fact was given back: it is known now, and where it is to be applied it changes the views like its original.

    Work that was in progress there has no place here: it goes back to the list with what was counted.
    """
    db.execute("INSERT INTO recovered VALUES (?,?)", (bytes.fromhex(fact.origin_hash), seq))
    told = fact.told
    if not fact.applied or told is fact:
        return
    match told:
        case e.FulfillmentReceived():
            if _lacks(db, "fulfillment", "fulfillment_id", told.fulfillment_id):
                apply(db, seq, told)
        case e.PicklistReceived():
            if _lacks(db, "picklist", "picklist_id", told.picklist_id):
                apply(db, seq, told)
        case e.PackOpened():
            db.execute(
                "INSERT OR IGNORE INTO package(package_id, fulfillment_id, status) VALUES (?,?,'open')",
                (told.package_id, told.fulfillment_id),
            )
            db.execute(
                "UPDATE fulfillment SET package_id = ? WHERE fulfillment_id = ? AND session IN ('waiting', 'ready')",
                (told.package_id, told.fulfillment_id),
            )
        case e.NumbersLeased():
            apply(db, seq, told)
            db.execute("UPDATE number_block SET state = 'burned' WHERE block_id = ?", (told.block_id,))
        case _:
            apply(db, seq, told)
            _leave_closed(db, told.entity)


def conflict_found(db: sqlite3.Connection, seq: int, fact: e.HistoryConflict) -> None:
    """Something for a person to look at."""
    db.execute(
        "INSERT OR REPLACE INTO history_conflict(subject, sentence, found_seq) VALUES (?,?,?)",
        (fact.subject, fact.sentence, seq),
    )


def conflict_settled(db: sqlite3.Connection, seq: int, fact: e.HistoryConflictSettled) -> None:
    """Looked at."""
    db.execute("UPDATE history_conflict SET settled_seq = ? WHERE subject = ?", (seq, fact.subject))


def _leave_closed(db: sqlite3.Connection, entity: str) -> None:
    """What came back late about finished work leaves nothing open on it."""
    kind, _, ident = entity.partition(":")
    if kind == "picklist":
        closed = db.execute(
            "UPDATE picklist SET counting_task_id = NULL WHERE picklist_id = ? AND status = 'completed'", (ident,)
        )
    else:
        closed = db.execute(
            "UPDATE fulfillment SET counting_line_id = NULL WHERE fulfillment_id = ? AND session = 'packed'", (ident,)
        )
    if closed.rowcount:
        db.execute("DELETE FROM last_count WHERE work = ?", (entity,))


def _own(connection: sqlite3.Connection, since_seq: int) -> Iterator[Fact]:
    for each in journal.read(connection, since_seq):
        if not isinstance(each.fact, e.HistoryRecovered):
            yield each.fact


def _fact(row: Foreign) -> Fact | None:
    """The fact of a row; None for a kind that only a newer agent knows. Raises JournalDamaged."""
    known = KINDS.get(row.kind)
    return journal.fact_of(row.seq, row.kind, row.body) if known and known.version == row.version else None


def _source(connection: sqlite3.Connection, fact: Fact | None) -> str | None:
    """The lane the work of a fact came from."""
    row = None
    if isinstance(fact, e.OfPicklist):
        row = connection.execute("SELECT lane FROM picklist WHERE picklist_id = ?", (fact.picklist_id,)).fetchone()
    elif isinstance(fact, e.OfFulfillment):
        row = connection.execute(
            "SELECT lane FROM fulfillment WHERE fulfillment_id = ?", (fact.fulfillment_id,)
        ).fetchone()
    return row[0] if row else None


def _tell(tx: Transaction, conflict: e.HistoryConflict) -> None:
    row = tx.connection.execute(
        "SELECT sentence, settled_seq FROM history_conflict WHERE subject = ?", (conflict.subject,)
    ).fetchone()
    if row is None or row[1] is not None or row[0] != conflict.sentence:
        tx.append(conflict)


def _lacks(db: sqlite3.Connection, table: str, column: str, value: str) -> bool:
    return db.execute(f"SELECT 1 FROM {table} WHERE {column} = ?", (value,)).fetchone() is None  # noqa: S608 -- ours
