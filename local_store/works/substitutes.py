"""Where else a product is, and which other product an order allows for it."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING

from local_store.domain import commands as c
from local_store.domain.meaning import Meant
from local_store.domain.pick_work import PickWork, Substitute, Task
from local_store.domain.replanning import shorted
from local_store.domain.stock import MILLIONTHS, shelf
from local_store.domain.substituting import Wanted, named_by

if TYPE_CHECKING:
    from local_store.transaction import Transaction

MOST_PLACES = 5
"""Other locations that are looked at after a short."""
_SHELF = "location:"


def elsewhere(db: sqlite3.Connection, sku: str, not_at: str) -> tuple[tuple[str, Decimal], ...]:
    """Other locations with stock of a product, as far as is known here, most first."""
    rows = db.execute(
        "SELECT account, sum(millionths) AS many FROM stock WHERE sku = ? AND account LIKE 'location:%'"
        " AND account <> ? GROUP BY account HAVING many > 0 ORDER BY many DESC, account LIMIT ?",
        (sku, shelf(not_at), MOST_PLACES),
    )
    return tuple((account.removeprefix(_SHELF), Decimal(many) / MILLIONTHS) for account, many in rows)


def scanned(tx: Transaction, pick: PickWork, meant: Meant) -> Substitute | None:
    """The product that was scanned just after a short, where it may be meant instead of what is short.

    One that the list wants is meant for its own line, and one that is on the list is refused as ever.
    """
    short = shorted(pick)
    products = {each.id for each in meant.meanings if each.thing == "product"}
    if short is None or not products or any(task.waits and task.sku in products for task in pick.tasks):
        return None
    on_list = {task.sku for task in pick.tasks}
    found = [_substitute(tx.connection, pick, short, sku) for sku in sorted(products)]
    return next((each for each in found if each and (each.allowed or each.sku not in on_list)), None)


def wanted(tx: Transaction, command: c.SubstitutePick) -> Wanted:
    """A list, and the product that is to be taken for one of its tasks."""
    work = tx.remembered.pick(tx, command.picklist_id)
    task = next((each for each in work.tasks if each.task_id == command.task_id), None) if work else None
    if work is None or task is None:
        return Wanted(work, None)
    return Wanted(work, _substitute(tx.connection, work, task, command.sku))


def _substitute(db: sqlite3.Connection, work: PickWork, task: Task, sku: str) -> Substitute | None:
    """None for a product that nobody described and that is nowhere."""
    row = db.execute("SELECT name, location_id FROM product WHERE sku = ?", (sku,)).fetchone()
    places = dict(elsewhere(db, sku, ""))
    if row is None and not places:
        return None
    name, home = row or (sku, None)
    at = work.location_id if work.location_id in places else next(iter(places), home)
    return Substitute(sku, name, sku in _named(db, task), at, places.get(at or ""))


def _named(db: sqlite3.Connection, task: Task) -> frozenset[str]:
    row = db.execute(
        "SELECT f.metadata, l.sku FROM fulfillment f JOIN fulfillment_line l USING (fulfillment_id)"
        " WHERE f.fulfillment_id = ? AND l.order_line_id = ?",
        (task.fulfillment_id, task.order_line_id),
    ).fetchone()
    return named_by(json.loads(row[0]), task.order_line_id, row[1]) if row and row[0] else frozenset()
