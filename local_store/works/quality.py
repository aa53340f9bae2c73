"""Quality control: what is inspected, held and let go."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import quality
from local_store.domain.events import decimal_text
from local_store.domain.quality import Hold, Inspection, Qc, Subject
from local_store.works import tally
from local_store.works.part import Act, Acts, DeskLoad, Rule

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES = ("qc", "stock_hold")
_NUMBERS = {
    "fulfillment": ("fulfillment", "fulfillment_id", "order_id"),
    "return": ("returned", "return_id", "number"),
    "receipt": ("inbound", "inbound_id", "number"),
}
"""For what can be inspected: its table, its id, and the number that people know."""
_HOLD = "SELECT hold_id, sku, lot_id, serial, location_id, reason FROM stock_hold h"


def on_hold(
    db: sqlite3.Connection, sku: str, lot: str | None, location: str | None, serial: str | None = None
) -> Hold | None:
    """The hold that these goods are under; None where they may be taken.

    Of goods whose lot nobody said, a held lot counts only where the ledger has some of it at this location: then it
    must be scanned which lot it is.
    """
    row = db.execute(
        f"{_HOLD} WHERE (h.sku IS NULL OR h.sku = :sku) AND (h.location_id IS NULL OR h.location_id = :location)"  # noqa: S608 -- ours
        " AND (h.serial IS NULL OR h.serial = :serial) AND (h.lot_id IS NULL OR h.lot_id = :lot"
        "  OR (:lot IS NULL AND EXISTS (SELECT 1 FROM stock s WHERE s.account = 'location:' || :location"
        "   AND s.sku = h.sku AND s.lot_id = h.lot_id AND s.millionths > 0))) ORDER BY h.hold_id LIMIT 1",
        {"sku": sku, "lot": lot, "location": location, "serial": serial},
    ).fetchone()
    return Hold(*row) if row else None


def any_hold(db: sqlite3.Connection) -> bool:
    """Whether anything is held at all."""
    return db.execute("SELECT 1 FROM stock_hold LIMIT 1").fetchone() is not None


def called(db: sqlite3.Connection, subject: str, ident: str) -> str:
    """The number by which people know what is inspected; its id where it has none."""
    table, key, number = _NUMBERS[subject]
    row = db.execute(f"SELECT {number} FROM {table} WHERE {key} = ?", (ident,)).fetchone()  # noqa: S608 -- ours
    return row[0] if row and row[0] else ident


def load(db: sqlite3.Connection, qc_id: str) -> Inspection | None:
    """An inspection as it stands."""
    row = db.execute(
        "SELECT qc_id, subject_id, status, units, seen, subject FROM qc WHERE qc_id = ?", (qc_id,)
    ).fetchone()
    if row is None:
        return None
    ident, subject_id, status, units, seen, subject = row
    lane, number = _lane(db, subject, subject_id), called(db, subject, subject_id)
    return Inspection(ident, number, Qc(status), Decimal(units), Decimal(seen), lane)


def _lane(db: sqlite3.Connection, subject: str, ident: str) -> str | None:
    asked = {
        "fulfillment": "SELECT lane FROM fulfillment WHERE fulfillment_id = ?",
        "return": "SELECT lane FROM returned WHERE return_id = ?",
        "receipt": "SELECT lane FROM inbound WHERE inbound_id = ?",
    }[subject]
    row = db.execute(asked, (ident,)).fetchone()
    return row[0] if row else None


def _subject(tx: Transaction, command: c.StartQc) -> Subject | None:
    """What an id or number means: a fulfillment, a return, or goods that were announced or came in under it."""
    db = tx.connection
    return _known_as(db, command.subject_id) or next(
        (found for ident in _numbered(db, command.subject_id) if (found := _known_as(db, ident))), None
    )


def _numbered(db: sqlite3.Connection, number: str) -> list[str]:
    """The ids of what people know by this number, where it is of one thing of a kind only."""
    found = (
        db.execute(f"SELECT {key} FROM {table} WHERE {known} = ? LIMIT 2", (number,)).fetchall()  # noqa: S608 -- ours
        for table, key, known in _NUMBERS.values()
    )
    return [rows[0][0] for rows in found if len(rows) == 1]


def _known_as(db: sqlite3.Connection, ident: str) -> Subject | None:
    for kind, units in (("fulfillment", _picked), ("return", _came_back), ("receipt", _came_in)):
        there = units(db, ident)
        if there is not None:
            open_qc = db.execute(
                "SELECT qc_id FROM qc WHERE subject_id = ? AND status = 'open' LIMIT 1", (ident,)
            ).fetchone()
            lane, qc_id = _lane(db, kind, ident), open_qc[0] if open_qc else None
            return Subject(kind, ident, called(db, kind, ident), there, lane, qc_id)  # type: ignore[arg-type]
    return None


def _picked(db: sqlite3.Connection, ident: str) -> Decimal | None:
    rows = db.execute("SELECT qty FROM fulfillment_line WHERE fulfillment_id = ?", (ident,)).fetchall()
    return sum((Decimal(row[0]) for row in rows), Decimal(0)) if rows else None


def _came_back(db: sqlite3.Connection, ident: str) -> Decimal | None:
    if db.execute("SELECT 1 FROM returned WHERE return_id = ?", (ident,)).fetchone() is None:
        return None
    rows = db.execute("SELECT qty FROM return_goods WHERE return_id = ?", (ident,))
    return sum((Decimal(row[0]) for row in rows), Decimal(0))


def _came_in(db: sqlite3.Connection, ident: str) -> Decimal | None:
    row = db.execute("SELECT lines FROM inbound WHERE inbound_id = ?", (ident,)).fetchone()
    if row is None:
        return None
    return sum((Decimal(line["expected"]) for line in json.loads(row[0])), Decimal(0))


def _for_record(tx: Transaction, command: c.RecordQc) -> Inspection | None:
    found = load(tx.connection, command.qc_id)
    if found is None:
        return None
    unknown = tuple(
        sha256
        for sha256 in command.photos
        if tx.connection.execute("SELECT 1 FROM file WHERE sha256 = ?", (sha256,)).fetchone() is None
    )
    return found._replace(unknown_photos=unknown)


def _for_resolve(tx: Transaction, command: c.ResolveQc) -> Inspection | None:
    return load(tx.connection, command.qc_id)


def _for_hold(tx: Transaction, command: c.HoldStock) -> frozenset[str]:
    return tally.known(tx.connection, [command.sku] if command.sku else [])


def _for_release(tx: Transaction, command: c.ReleaseStock) -> Hold | None:
    row = tx.connection.execute(f"{_HOLD} WHERE h.hold_id = ?", (command.hold_id,)).fetchone()
    return Hold(*row) if row else None


ACTS: Acts = {
    c.StartQc: Act(_subject, quality.start),
    c.RecordQc: Act(_for_record, quality.record),
    c.ResolveQc: Act(_for_resolve, quality.resolve),
    c.HoldStock: Act(_for_hold, quality.hold),
    c.ReleaseStock: Act(_for_release, quality.release),
}
DESKS: Mapping[str, DeskLoad] = {}


# --- what the facts add up to ------------------------------------------------------------------------------------


def _started(db: sqlite3.Connection, seq: int, fact: e.QcStarted) -> None:
    db.execute(
        "INSERT INTO qc VALUES (?,?,?,?,?,?,'0',NULL,NULL,'[]',?,?)",
        (
            *(fact.qc_id, fact.subject, fact.subject_id, Qc.OPEN, decimal_text(fact.units)),
            *(decimal_text(fact.of_units), seq, seq),
        ),
    )


def _recorded(db: sqlite3.Connection, seq: int, fact: e.QcRecorded) -> None:
    row = db.execute("SELECT seen, records FROM qc WHERE qc_id = ?", (fact.qc_id,)).fetchone()
    if row is not None:
        seen = decimal_text(Decimal(row[0]) + fact.units)
        told = {**fact.model_dump(mode="json", exclude={"qc_id"}), "seq": seq}
        records = json.dumps([*json.loads(row[1]), told], sort_keys=True, ensure_ascii=False)
        db.execute(
            "UPDATE qc SET seen = ?, records = ?, last_seq = ? WHERE qc_id = ?", (seen, records, seq, fact.qc_id)
        )


def _resolved(db: sqlite3.Connection, seq: int, fact: e.QcResolved) -> None:
    db.execute(
        "UPDATE qc SET status = ?, disposition = ?, notes = ?, last_seq = ? WHERE qc_id = ?",
        (Qc.RESOLVED, fact.disposition, fact.notes, seq, fact.qc_id),
    )


def _held(db: sqlite3.Connection, seq: int, fact: e.StockHeld) -> None:
    of = (fact.hold_id, fact.sku, fact.lot_id, fact.serial, fact.location_id)
    db.execute("INSERT INTO stock_hold VALUES (?,?,?,?,?,?,?)", (*of, fact.reason, seq))


def _released(db: sqlite3.Connection, _seq: int, fact: e.StockReleased) -> None:
    db.execute("DELETE FROM stock_hold WHERE hold_id = ?", (fact.hold_id,))


RULES: Mapping[str, Rule] = {
    e.QcStarted.kind: _started,
    e.QcRecorded.kind: _recorded,
    e.QcResolved.kind: _resolved,
    e.StockHeld.kind: _held,
    e.StockReleased.kind: _released,
}
