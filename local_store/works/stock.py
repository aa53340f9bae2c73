"""What is where, as facts moved it, and which unit carries which serial number."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from local_store import counts
from local_store.domain import events as e
from local_store.domain import stock
from local_store.domain.events import Fact
from local_store.domain.stock import MILLIONTHS, Move, Moves, picked, shelf
from local_store.works.part import Acts, DeskLoad, Rule
from local_store.works.traces import taken_back

TABLES = ("stock", "serial")
ACTS: Acts = {}
DESKS: Mapping[str, DeskLoad] = {}


class Balance(NamedTuple):
    """How much of a product, and of which lot, is in an account."""

    account: str
    sku: str
    lot_id: str
    qty: Decimal


def balances(db: sqlite3.Connection, *, account: str | None = None, sku: str | None = None) -> list[Balance]:
    """What is in an account, or where a product is; what is empty is left out."""
    rows = db.execute(
        "SELECT account, sku, lot_id, millionths FROM stock WHERE (:account IS NULL OR account = :account)"
        " AND (:sku IS NULL OR sku = :sku) AND millionths <> 0 ORDER BY account, sku, lot_id",
        {"account": account, "sku": sku},
    )
    return [Balance(at, of, lot_id, Decimal(millionths) / MILLIONTHS) for at, of, lot_id, millionths in rows]


def serial_at(db: sqlite3.Connection, sku: str, serial: str) -> str | None:
    """The account in which the unit with this serial number is; None for one that nobody saw."""
    row = db.execute("SELECT account FROM serial WHERE sku = ? AND serial = ?", (sku, serial)).fetchone()
    return row[0] if row else None


class Sums(NamedTuple):
    """What came of a product and where it is: received + adjusted + elsewhere = on_hand + shipped. In units."""

    sku: str
    received: Decimal
    """From suppliers."""
    elsewhere: Decimal
    """Handed over by other stations, less what was handed to them."""
    shipped: Decimal
    """To customers, less what came back."""
    adjusted: Decimal
    """Added by counts, less what they took."""
    on_hand: Decimal
    unbalanced: Decimal
    """Units that appeared or went without a move: always nothing."""
    below_zero: int
    """Shelves from which more was taken than this station knew of: to be counted."""


def sums(db: sqlite3.Connection, sku: str | None = None) -> list[Sums]:
    """The equation of every product that ever moved, or of one."""
    rows = db.execute(
        "SELECT sku, -coalesce(sum(millionths) FILTER (WHERE account = 'supplier'), 0),"
        " -coalesce(sum(millionths) FILTER (WHERE account = 'elsewhere'), 0),"
        " coalesce(sum(millionths) FILTER (WHERE account = 'customer'), 0),"
        " -coalesce(sum(millionths) FILTER (WHERE account = 'adjusted'), 0),"
        " coalesce(sum(millionths) FILTER"
        "  (WHERE account NOT IN ('supplier', 'elsewhere', 'customer', 'adjusted')), 0),"
        " sum(millionths), count(*) FILTER (WHERE millionths < 0 AND account LIKE 'location:%')"
        " FROM stock WHERE :sku IS NULL OR sku = :sku GROUP BY sku ORDER BY sku",
        {"sku": sku},
    )
    return [Sums._make((of, *(Decimal(each) / MILLIONTHS for each in told), below)) for of, *told, below in rows]


def conserved(db: sqlite3.Connection) -> list[Sums]:
    """The products of which something appeared or went without a move; none, unless there is a fault of ours."""
    return [each for each in sums(db) if each.unbalanced]


def follow(db: sqlite3.Connection, seq: int, moves: Moves) -> None:
    """Bring ledger and serial numbers up to date with moves."""
    for statement, values in counts.moved(seq, moves):
        db.execute(statement, values)
    for move in moves:
        db.executemany(
            "INSERT OR REPLACE INTO serial VALUES (?,?,?,?,?)",
            [(move.sku, serial, move.target, move.lot_id, seq) for serial in move.serials],
        )


def _moved(db: sqlite3.Connection, seq: int, fact: Fact) -> None:
    follow(db, seq, stock.moves(fact))


def _pick_undone(db: sqlite3.Connection, seq: int, fact: e.PickUndone) -> None:
    """Back to where it was taken from, as the lot and the units it was; a short that is taken back moved nothing."""
    row = db.execute("SELECT location_id, sku FROM pick_task WHERE task_id = ?", (fact.task_id,)).fetchone()
    if row is None or not fact.qty:
        return
    location_id, sku = row
    of = (picked(fact.picklist_id), shelf(location_id))
    known = taken_back(db, fact)
    moves = [Move(sku, each.qty, *of, each.lot_id, each.serials) for each in known]
    rest = fact.qty - sum((each.qty for each in known), Decimal(0))
    follow(db, seq, (*moves, Move(sku, rest, *of)) if rest else tuple(moves))


def _dispatched(db: sqlite3.Connection, seq: int, fact: e.ManifestClosed) -> None:
    """All that the ledger has in each parcel, by lot and with its serial numbers, goes to who gets it."""
    for parcel in fact.parcels:
        account = stock.package(parcel.package_id)
        serials: dict[tuple[str, str], list[str]] = {}
        for sku, lot_id, serial in db.execute(
            "SELECT sku, lot_id, serial FROM serial WHERE account = ? ORDER BY sku, serial", (account,)
        ):
            serials.setdefault((sku, lot_id), []).append(serial)
        moves = [
            Move(sku, qty, account, stock.CUSTOMER, lot_id, tuple(serials.pop((sku, lot_id), ())))
            for _, sku, lot_id, qty in balances(db, account=account)
        ]
        # a unit whose lot was told by another fact than its quantity still leaves with its parcel
        rest = [
            Move(sku, Decimal(0), account, stock.CUSTOMER, lot_id, tuple(units))
            for (sku, lot_id), units in serials.items()
        ]
        follow(db, seq, (*moves, *rest))


_BY_LOOKING: Mapping[str, Callable[[sqlite3.Connection, int, Any], None]] = {
    e.PickUndone.kind: _pick_undone,
    e.ManifestClosed.kind: _dispatched,
}
_WITH_SCANS = frozenset({e.PickCounted.kind})
"""Their moves are written with the other rows of such facts, see `counts`."""
RULES: Mapping[str, Rule] = {**dict.fromkeys(stock.RULES.keys() - _WITH_SCANS, _moved), **_BY_LOOKING}
