"""A return as seed 001 has it, read from the store."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from typing import Any

from local_store.clock import timestamp

_INSTRUCTIONS = {
    "ship": "Put the label on the parcel and hand it to the carrier.",
    "dropoff": "Bring the goods to the warehouse with the number of the return.",
    "pickup": "Keep the goods ready; somebody comes for them.",
}


def return_shape(db: sqlite3.Connection, return_id: str, home: str) -> dict[str, Any] | None:
    """The return with its lines, what came and what was decided; None where it is not known here.

    `home` is this station's warehouse: where goods go that were announced without saying it. The version is the
    number of the last fact about it. The label is printed at the station, so it has no address.
    """
    row = db.execute("SELECT * FROM returned WHERE return_id = ?", (return_id,)).fetchone()
    if row is None:
        return None
    details: dict[str, Any] = json.loads(row["details"] or "{}")
    method = details.get("return_method")
    return {
        "id": return_id,
        "order_id": row["order_id"],
        "status": row["status"],
        "destination_warehouse_id": details.get("destination_warehouse_id") or home,
        "created_at": _at(db, row["made_seq"]),
        "updated_at": _at(db, row["last_seq"]),
        "expected_lines": [
            {"order_line_id": each["line_id"], "sku": each["sku"], "qty": number(each["expected"])}
            for each in json.loads(row["lines"])
        ],
        "received_lines": _came(db, return_id),
        "inspections": _decided(db, return_id),
        "rma_reference": row["number"],
        "reason": details.get("reason"),
        "return_method": method,
        "return_label_url": None,
        "instructions": _INSTRUCTIONS.get(method or ""),
        "metadata": details.get("metadata") or {},
        "version": row["last_seq"],
    }


def number(text: str) -> int | str:
    """A JSON number where it is whole, else the exact text."""
    qty = Decimal(text)
    return int(qty) if qty == qty.to_integral_value() else text


def _came(db: sqlite3.Connection, return_id: str) -> list[dict[str, Any]]:
    """`waiting` of each were not inspected yet, with the serial numbers among them (our additions)."""
    rows = db.execute("SELECT * FROM return_goods WHERE return_id = ? ORDER BY seq, n", (return_id,)).fetchall()
    return [
        {
            "line_id": row["line_id"],
            "sku": row["sku"],
            "qty": number(row["qty"]),
            "condition": row["condition"],
            "serials": json.loads(row["serials"]),
            "waiting": number(row["waiting"]),
            "received_at": _at(db, row["seq"]),
        }
        for row in rows
    ]


def _decided(db: sqlite3.Connection, return_id: str) -> list[dict[str, Any]]:
    rows = db.execute("SELECT * FROM return_inspection WHERE return_id = ? ORDER BY seq", (return_id,)).fetchall()
    return [
        {
            "line_id": row["line_id"],
            "disposition": row["disposition"],
            "qty": None if row["qty"] is None else number(row["qty"]),
            "restockable_qty": number(row["restockable_qty"]),
            "notes": row["notes"] or None,
            "at": _at(db, row["seq"]),
        }
        for row in rows
    ]


def _at(db: sqlite3.Connection, seq: int) -> str:
    (wall_ms,) = db.execute("SELECT wall_ms FROM journal WHERE seq = ?", (seq,)).fetchone()
    return timestamp(wall_ms)
