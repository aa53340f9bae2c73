"""A store from before receiving: what was announced can be scanned, and what was received counts."""

from __future__ import annotations

import json
import sqlite3

from local_store.domain import events as e
from local_store.domain.codes import key_of
from local_store.migrations import STEPS, statements_of
from local_store.works import receiving
from tests.support.dock import TEA, announced, expected


def old_store() -> sqlite3.Connection:
    """All steps before this one."""
    db = sqlite3.connect(":memory:")
    for step in STEPS[: STEPS.index("019_receiving")]:
        for statement in statements_of(step):
            db.execute(statement)
    return db


def insert(db: sqlite3.Connection, table: str, **of: object) -> None:
    """A row with these members; the others are empty."""
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    empty = {"INTEGER": 0, "TEXT": "", "BLOB": b""}
    row = [of.get(name, empty[kind]) for _, name, kind, *_ in columns]
    marks = ",".join("?" * len(row))
    db.execute(f"INSERT INTO {table} VALUES ({marks})", row)


def test_old_announcements_and_receipts_read_as_new_ones() -> None:
    db = old_store()
    facts = [announced(ident, expected("TEA", 3)) for ident in ("ASN-1", TEA, "1234567", "12345678", " PO 7 ")]
    line: dict[str, object] = {
        "sku": "TEA",
        "qty": "1.5",
        "line_id": "L-TEA",
        "condition": "damaged",
        "lot_id": None,
        "serials": [],
    }
    body = {"receipt_id": "r1", "against": "asn", "inbound_id": "ASN-1", "lines": [line]}
    for fact in facts:
        insert(db, "inbound", inbound_id=fact.inbound_id, number=fact.number, against="asn", lines="[]", digest=b"x")
    insert(db, "journal", seq=5, kind="receipt.recorded", body=json.dumps(body))
    for statement in statements_of("019_receiving"):
        db.execute(statement)
    codes = db.execute("SELECT key, id FROM code WHERE thing = 'inbound' ORDER BY 1, 2").fetchall()
    assert codes == sorted((key_of(fact.number), fact.inbound_id) for fact in facts)
    migrated = db.execute("SELECT * FROM received_line").fetchall()
    db.execute("DELETE FROM received_line")
    receiving.RULES["receipt.recorded"](db, 5, e.ReceiptRecorded.model_validate(body))
    assert db.execute("SELECT * FROM received_line").fetchall() == migrated
    assert db.execute("SELECT received, damaged FROM inbound_received").fetchall() == [(1_500_000, 1_500_000)]
