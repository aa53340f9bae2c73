"""What is known of the units of counts, when some of them go back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from decimal import Decimal

from local_store.domain import events as e
from local_store.domain.events import RebinnedPart, decimal_text

ZERO = Decimal(0)


def taken_back(db: sqlite3.Connection, fact: e.PickUndone) -> tuple[RebinnedPart, ...]:
    """Of which lot and number the units are that went back, as far as it is known.

    A count is taken back as it was. Where units went back for another reason, those of which nothing is known went
    first, then those that were picked last.
    """
    rows = [
        RebinnedPart(count_id=count_id, qty=Decimal(qty), lot_id=lot_id, serials=tuple(json.loads(serials)))
        for count_id, qty, lot_id, serials in db.execute(
            "SELECT count_id, qty, lot_id, serials FROM pick_trace WHERE picklist_id = ? AND task_id = ?"
            " ORDER BY seq DESC",
            (fact.picklist_id, fact.task_id),
        )
    ]
    same = [row for row in rows if row.count_id == fact.count_id]
    unknown = fact.picked + fact.qty - sum((row.qty for row in rows), ZERO)
    rest = fact.qty if same else fact.qty - unknown
    parts = []
    for row in same or rows:
        qty = min(rest, row.qty)
        if qty > 0:
            parts.append(row.model_copy(update={"qty": qty, "serials": row.serials[-int(qty) :]}))
            rest -= qty
    return tuple(parts)


def give_back(db: sqlite3.Connection, parts: Iterable[RebinnedPart]) -> None:
    """These units are picked no more."""
    for part in parts:
        row = db.execute("SELECT qty, serials FROM pick_trace WHERE count_id = ?", (part.count_id,)).fetchone()
        if row is None:
            continue
        rest = Decimal(row[0]) - part.qty
        serials = [each for each in json.loads(row[1]) if each not in part.serials]
        db.execute(
            "UPDATE pick_trace SET qty = ?, serials = ? WHERE count_id = ?",
            (decimal_text(rest), json.dumps(serials, ensure_ascii=False), part.count_id),
        )
        db.execute("DELETE FROM pick_trace WHERE count_id = ? AND qty = '0'", (part.count_id,))
