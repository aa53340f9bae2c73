"""Pages of what is where: balances, serial numbers, what HQs believe, and counts that wait. Read-only."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import NamedTuple

from local_store.domain.stock import MILLIONTHS, shelf

_SHELVES = "location:"


class Balance(NamedTuple):
    """How much is in an account, and when the last fact moved something there (UTC, ms)."""

    account: str
    sku: str
    lot_id: str
    qty: Decimal
    moved_ms: int
    counted_ms: int | None
    """When all of its location was counted last."""
    hidden: bool
    """Whether it is being counted blind: nobody who counts is told."""

    @property
    def location_id(self) -> str | None:
        """The location, where the account is one."""
        return self.account.removeprefix(_SHELVES) if self.account.startswith(_SHELVES) else None


class Told(NamedTuple):
    """What an HQ believes, of a location or (empty) of the whole warehouse, and since when it says so."""

    lane: str
    warehouse_id: str
    sku: str
    location_id: str
    qty: Decimal
    told_ms: int


class Serial(NamedTuple):
    """Where a unit is, and since when."""

    sku: str
    serial: str
    account: str
    lot_id: str
    moved_ms: int


class Waiting(NamedTuple):
    """A count that waits for somebody: what a counter may know of it."""

    count_task_id: str
    location_id: str
    sku: str | None
    reason: str
    status: str
    asked_ms: int
    workplace: str | None
    """Where it is being counted now."""


def balances(
    db: sqlite3.Connection, location_id: str | None, sku: str | None, after: tuple[str, str, str], limit: int
) -> list[Balance]:
    """Balances in the order of account, SKU and lot, those after `after`."""
    rows = db.execute(
        "SELECT s.account, s.sku, s.lot_id, s.millionths, j.wall_ms,"
        " (SELECT wall_ms FROM journal WHERE seq = c.seq), EXISTS (SELECT 1 FROM count_task t"
        "  WHERE t.location_id = substr(s.account, 10) AND s.account LIKE 'location:%' AND t.status <> 'settled'"
        "  AND t.blind AND (t.sku IS NULL OR t.sku = s.sku))"
        " FROM stock s JOIN journal j ON j.seq = s.seq"
        " LEFT JOIN location_counted c ON 'location:' || c.location_id = s.account"
        " WHERE s.millionths <> 0 AND (:account IS NULL OR s.account = :account) AND (:sku IS NULL OR s.sku = :sku)"
        " AND (s.account, s.sku, s.lot_id) > (:a, :b, :c) ORDER BY s.account, s.sku, s.lot_id LIMIT :limit",
        {
            "account": None if location_id is None else shelf(location_id),
            "sku": sku,
            **dict(zip("abc", after, strict=True)),
            "limit": limit,
        },
    )
    return [
        Balance(account, of, lot, Decimal(millionths) / MILLIONTHS, moved, counted, bool(hidden))
        for account, of, lot, millionths, moved, counted, hidden in rows
    ]


def told(
    db: sqlite3.Connection, location_id: str | None, sku: str | None, after: tuple[str, str, str, str], limit: int
) -> list[Told]:
    """What HQs believe, in the order of SKU, location, lane and warehouse."""
    rows = db.execute(
        "SELECT t.lane, t.warehouse_id, t.sku, t.location_id, t.qty, j.wall_ms FROM stock_told t"
        " JOIN journal j USING (seq) WHERE (:location IS NULL OR t.location_id = :location)"
        " AND (:sku IS NULL OR t.sku = :sku)"
        " AND (t.sku, t.location_id, t.lane, t.warehouse_id) > (:a, :b, :c, :d)"
        " ORDER BY t.sku, t.location_id, t.lane, t.warehouse_id LIMIT :limit",
        {"location": location_id, "sku": sku, **dict(zip("abcd", after, strict=True)), "limit": limit},
    )
    return [Told(lane, house, of, at, Decimal(qty), ms) for lane, house, of, at, qty, ms in rows]


def told_of(db: sqlite3.Connection, sku: str, location_id: str) -> list[Told]:
    """What HQs believe of a product at a location."""
    rows = db.execute(
        "SELECT t.lane, t.warehouse_id, t.sku, t.location_id, t.qty, j.wall_ms FROM stock_told t"
        " JOIN journal j USING (seq) WHERE t.sku = ? AND t.location_id = ? ORDER BY t.lane, t.warehouse_id",
        (sku, location_id),
    )
    return [Told(lane, house, of, at, Decimal(qty), ms) for lane, house, of, at, qty, ms in rows]


def serials(
    db: sqlite3.Connection,
    named: dict[str, str | None],
    after: tuple[str, str],
    limit: int,
) -> list[Serial]:
    """Units by SKU and serial number; `named` has `sku`, `serial` and `location_id`, None for any."""
    location = named["location_id"]
    rows = db.execute(
        "SELECT s.sku, s.serial, s.account, s.lot_id, j.wall_ms FROM serial s JOIN journal j USING (seq)"
        " WHERE (:sku IS NULL OR s.sku = :sku) AND (:serial IS NULL OR s.serial = :serial)"
        " AND (:account IS NULL OR s.account = :account) AND (s.sku, s.serial) > (:a, :b)"
        " ORDER BY s.sku, s.serial LIMIT :limit",
        {
            **named,
            "account": None if location is None else shelf(location),
            "a": after[0],
            "b": after[1],
            "limit": limit,
        },
    )
    return [Serial(*row) for row in rows]


def waiting(db: sqlite3.Connection, location_id: str | None, after: int, limit: int) -> list[tuple[int, Waiting]]:
    """Counts that are not through, oldest first, each with its place in the order."""
    rows = db.execute(
        "SELECT t.seq, t.count_task_id, t.location_id, t.sku, t.reason, t.status, j.wall_ms,"
        " (SELECT y.workplace FROM tally y WHERE y.work = 'count' AND y.about = t.count_task_id"
        "  AND y.status = 'open')"
        " FROM count_task t JOIN journal j USING (seq) WHERE t.status <> 'settled' AND t.seq > :after"
        " AND (:location IS NULL OR t.location_id = :location) ORDER BY t.seq LIMIT :limit",
        {"location": location_id, "after": after, "limit": limit},
    )
    return [(seq, Waiting(*row)) for seq, *row in rows]


def counted_blind(db: sqlite3.Connection) -> set[str]:
    """The locations that are being counted blind."""
    rows = db.execute("SELECT DISTINCT location_id FROM count_task WHERE status <> 'settled' AND blind")
    return {location_id for (location_id,) in rows}
