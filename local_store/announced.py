"""What HQs announced and believe, as it was said last: goods that come in or back, kits, stock, locations."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from local_store.domain import events as e
from local_store.domain import stock
from local_store.domain.codes import key_of
from local_store.domain.events import Stored, decimal_text
from local_store.journal import fact_digest

TABLES = ("inbound", "return_order", "work_order", "stock_told", "location")


def is_news(db: sqlite3.Connection, fact: e.Announcement) -> bool:
    """Whether a fact says something that the store does not hold. What another lane announced stays as it is."""
    match fact:
        case e.InboundAnnounced():
            row = db.execute("SELECT lane, digest FROM inbound WHERE inbound_id = ?", (fact.inbound_id,))
        case e.ReturnAnnounced():
            if _is_made_here(db, fact):
                return False
            row = db.execute("SELECT lane, digest FROM return_order WHERE return_id = ?", (fact.return_id,))
        case e.WorkOrderAnnounced():
            row = db.execute("SELECT lane, digest FROM work_order WHERE work_order_id = ?", (fact.work_order_id,))
        case e.LocationTold():
            row = db.execute("SELECT lane, digest FROM location WHERE location_id = ?", (fact.location_id,))
        case e.StockTold():
            row = db.execute(
                "SELECT 1 FROM stock_told WHERE (lane, warehouse_id, sku, location_id, qty) = (?,?,?,?,?)",
                (fact.lane, fact.warehouse_id, fact.sku, fact.location_id or "", decimal_text(fact.qty)),
            )
            return row.fetchone() is None
        case e.CountRequested():
            row = db.execute("SELECT 1 FROM count_task WHERE count_task_id = ?", (fact.count_task_id,))
            return row.fetchone() is None
    known = row.fetchone()
    return known is None or (known[0] == fact.lane and known[1] != fact_digest(fact))


def _is_made_here(db: sqlite3.Connection, fact: e.ReturnAnnounced) -> bool:
    """HQ tells of a return that this station announced to it, before its answer with its own id of it came."""
    found = db.execute(
        "SELECT 1 FROM returned WHERE number = ? AND return_id <> ? AND details IS NOT NULL",
        (fact.number, fact.return_id),
    )
    return found.fetchone() is not None


# --- what the facts add up to ------------------------------------------------------------------------------------


def _inbound(db: sqlite3.Connection, _seq: int, fact: e.InboundAnnounced) -> None:
    db.execute(
        "INSERT OR REPLACE INTO inbound VALUES (?,?,?,?,?,?,?,?,?)",
        (
            fact.inbound_id,
            fact.lane,
            fact.against,
            fact.number,
            fact.supplier,
            fact.expected_on,
            _json(fact.lines),
            fact.open,
            fact_digest(fact),
        ),
    )


def _return_order(db: sqlite3.Connection, _seq: int, fact: e.ReturnAnnounced) -> None:
    db.execute(
        "INSERT OR REPLACE INTO return_order VALUES (?,?,?,?,?,?,?)",
        (fact.return_id, fact.lane, fact.number, fact.order_id, _json(fact.lines), fact.open, fact_digest(fact)),
    )


def _work_order(db: sqlite3.Connection, _seq: int, fact: e.WorkOrderAnnounced) -> None:
    db.execute(
        "INSERT OR REPLACE INTO work_order VALUES (?,?,?,?,?,?,?,?,?)",
        (
            fact.work_order_id,
            fact.lane,
            fact.number,
            fact.name,
            fact.sku,
            decimal_text(fact.qty),
            _json(fact.parts),
            fact.open,
            fact_digest(fact),
        ),
    )


def _stock(db: sqlite3.Connection, seq: int, fact: e.StockTold) -> None:
    db.execute(
        "INSERT OR REPLACE INTO stock_told VALUES (?,?,?,?,?,?)",
        (fact.lane, fact.warehouse_id, fact.sku, fact.location_id or "", decimal_text(fact.qty), seq),
    )


def _location(db: sqlite3.Connection, _seq: int, fact: e.LocationTold) -> None:
    room = None if fact.capacity is None else stock.millionths(fact.capacity)
    db.execute(
        "INSERT OR REPLACE INTO location VALUES (?,?,?,?,?,?,?,?)",
        (
            *(fact.location_id, fact.lane, fact.warehouse_id, fact.zone, fact.walk_order, room, fact.mixed),
            fact_digest(fact),
        ),
    )
    db.execute(
        "INSERT OR REPLACE INTO code VALUES (?, 'location', ?, 1)", (key_of(fact.location_id), fact.location_id)
    )


def _json(values: Iterable[Stored]) -> str:
    return json.dumps([each.model_dump(mode="json") for each in values], sort_keys=True, ensure_ascii=False)


RULES: dict[str, Callable[[sqlite3.Connection, int, Any], None]] = {
    e.InboundAnnounced.kind: _inbound,
    e.ReturnAnnounced.kind: _return_order,
    e.WorkOrderAnnounced.kind: _work_order,
    e.StockTold.kind: _stock,
    e.LocationTold.kind: _location,
}
"""How each fact changes the views, for `projections`."""
