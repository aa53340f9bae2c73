"""What a picker compares with what the hands hold: the lot that is asked for, its expiry, whose it is, its tote."""

from __future__ import annotations

import sqlite3

from agent.floor.view_parts import View, fact
from local_store.domain.pick_work import PickWork
from local_store.domain.words import phrase


def pick_facts(db: sqlite3.Connection, work: PickWork | None) -> list[View]:
    """About the current line of an open list; none where there is none."""
    task = work.current if work is not None else None
    if work is None or task is None:
        return []
    hand = work.in_hand if work.in_hand is not None and work.in_hand.task_id == task.task_id else None
    lot = (hand.lot_id if hand else None) or (task.traced.lot_id if task.traced else None)
    expires_on = (hand.expires_on if hand else None) or (_expiry(db, task.sku, lot) if lot else None)
    tote = tote_of(db, task.fulfillment_id)
    found = [
        fact(phrase("Lot"), lot, code=True) if lot else None,
        fact(phrase("Expires"), expires_on) if expires_on else None,
        fact(phrase("Order"), task.order_id, code=True),
        fact(phrase("Tote"), tote, code=True) if tote else None,
    ]
    return [each for each in found if each is not None]


def tote_of(db: sqlite3.Connection, fulfillment_id: str) -> str:
    """The tote of an order's goods; empty where none is known."""
    row = db.execute("SELECT tote_id FROM fulfillment WHERE fulfillment_id = ?", (fulfillment_id,)).fetchone()
    return (row[0] or "") if row else ""


def _expiry(db: sqlite3.Connection, sku: str, lot_id: str) -> str | None:
    """When a lot expires, as far as this station knows."""
    row = db.execute("SELECT expires_on FROM lot WHERE sku = ? AND lot_id = ?", (sku, lot_id)).fetchone()
    return row[0] if row else None
