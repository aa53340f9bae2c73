"""Open tallies and what was counted onto them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from local_store.domain import events as e
from local_store.domain.events import decimal_text
from local_store.domain.meaning import Meant
from local_store.domain.tally import Counted, InHand, Item, Tally
from local_store.works.part import Acts, DeskLoad, Rule

TABLES = ("tally", "tally_count")
ACTS: Acts = {}
DESKS: Mapping[str, DeskLoad] = {}


def load(db: sqlite3.Connection, tally_id: str | None) -> Tally | None:
    """A tally with its counts, oldest first."""
    row = db.execute(
        "SELECT tally_id, work, about, status, workplace, worker_id, location_id, container, in_hand"
        " FROM tally WHERE tally_id = ?",
        (tally_id,),
    ).fetchone()
    if row is None:
        return None
    tally_id, work, about, status, workplace, worker_id, location_id, container, in_hand = row
    counts = db.execute(
        "SELECT count_id, sku, qty, lot_id, expires_on, condition, location_id, serials, weight_mg, container,"
        " photo FROM tally_count WHERE tally_id = ? ORDER BY seq",
        (tally_id,),
    ).fetchall()
    items: dict[str, Item] = {}
    return Tally(
        *(tally_id, work, about, status, workplace, worker_id, location_id, container),
        in_hand=_in_hand(db, items, in_hand),
        counts=tuple(_counted(db, items, each) for each in counts),
    )


def open_one(db: sqlite3.Connection, work: str, about: str) -> str | None:
    """The open tally of this kind for this thing, where there is one."""
    row = db.execute(
        "SELECT tally_id FROM tally WHERE work = ? AND about = ? AND status = 'open' LIMIT 1", (work, about)
    ).fetchone()
    return row[0] if row else None


def unit_at(db: sqlite3.Connection, tally_id: str | None) -> Callable[[str, str], str | None]:
    """The workplace where a unit (SKU, serial number) is on another open tally of what comes in, back or into kits.

    Counts are left out, for two of them may be about one shelf; so are inspections, which look at what came back.
    """

    def find(sku: str, serial: str) -> str | None:
        row = db.execute(
            "SELECT t.workplace FROM tally t INDEXED BY tally_open JOIN tally_count c USING (tally_id)"
            " WHERE t.status = 'open' AND t.work IN ('receive', 'return', 'kit')"
            " AND t.tally_id IS NOT ? AND c.sku = ?"
            " AND EXISTS (SELECT 1 FROM json_each(c.serials) WHERE value = ?) LIMIT 1",
            (tally_id, sku, serial),
        ).fetchone()
        return row[0] if row else None

    return find


def item(db: sqlite3.Connection, sku: str) -> Item | None:
    """A product, where it is known here."""
    row = db.execute(
        "SELECT p.sku, p.name, p.serial_required, p.expiry_required, coalesce(r.lot_required, 0),"
        " coalesce(r.catch_weight, 0), r.min_shelf_days, EXISTS (SELECT 1 FROM code c WHERE c.thing = 'product'"
        "  AND c.id = p.sku AND c.key <> p.sku) OR EXISTS (SELECT 1 FROM linked_code l WHERE l.sku = p.sku)"
        " FROM product p LEFT JOIN product_rule r USING (sku) WHERE p.sku = ?",
        (sku,),
    ).fetchone()
    if row is None:
        return None
    sku, name, serial, expiry, lot, weight, days, barcoded = row
    return Item(sku, name, bool(serial), bool(expiry), bool(lot), bool(weight), days, bool(barcoded))


def known(db: sqlite3.Connection, skus: Iterable[str]) -> frozenset[str]:
    """Those of these SKUs that are products here, described or only named by work."""
    found = (db.execute("SELECT id FROM code WHERE thing = 'product' AND id = ?", (sku,)).fetchone() for sku in skus)
    return frozenset(row[0] for row in found if row)


def scanned_item(db: sqlite3.Connection, meant: Meant) -> Item | None:
    """The product a code means; one that is named by work and not described yet has its SKU for a name."""
    sku = next((meaning.id for meaning in meant.meanings if meaning.thing == "product"), None)
    return None if sku is None else item(db, sku) or Item(sku, sku)


def _item(db: sqlite3.Connection, items: dict[str, Item], sku: str) -> Item:
    if sku not in items:
        items[sku] = item(db, sku) or Item(sku, sku)
    return items[sku]


def _in_hand(db: sqlite3.Connection, items: dict[str, Item], text: str | None) -> InHand | None:
    if text is None:
        return None
    told = json.loads(text)
    return InHand(_item(db, items, told.pop("sku")), Decimal(told.pop("qty")), **told)


def _counted(db: sqlite3.Connection, items: dict[str, Item], row: tuple[Any, ...]) -> Counted:
    count_id, sku, qty, lot_id, expires_on, condition, location_id, serials, *more = row
    of = (lot_id, expires_on, condition, location_id, tuple(json.loads(serials)), *more)
    return Counted(count_id, _item(db, items, sku), Decimal(qty), *of)


# --- what the facts add up to ------------------------------------------------------------------------------------


def _opened(db: sqlite3.Connection, _seq: int, fact: e.TallyOpened) -> None:
    db.execute(
        "INSERT INTO tally(tally_id, work, about, status, workplace, worker_id) VALUES (?,?,?,'open',?,?)"
        " ON CONFLICT DO UPDATE SET workplace = excluded.workplace, worker_id = excluded.worker_id",
        (fact.tally_id, fact.work, fact.about, fact.workplace, fact.worker_id),
    )
    db.execute("UPDATE place SET work_id = NULL WHERE work_id = ?", (fact.tally_id,))
    db.execute("UPDATE place SET work_id = ? WHERE workplace = ?", (fact.tally_id, fact.workplace))


def _moved(db: sqlite3.Connection, _seq: int, fact: e.TallyMoved) -> None:
    db.execute(
        "UPDATE tally SET location_id = ?, in_hand = NULL WHERE tally_id = ?", (fact.location_id, fact.tally_id)
    )


def _contained(db: sqlite3.Connection, _seq: int, fact: e.TallyContained) -> None:
    db.execute("UPDATE tally SET container = ?, in_hand = NULL WHERE tally_id = ?", (fact.container, fact.tally_id))


def _photographed(db: sqlite3.Connection, _seq: int, fact: e.TallyPhotographed) -> None:
    db.execute(
        "UPDATE tally_count SET photo = ? WHERE tally_id = ? AND count_id = ?",
        (fact.sha256, fact.tally_id, fact.count_id),
    )


def _held(db: sqlite3.Connection, _seq: int, fact: e.TallyInHand) -> None:
    text = json.dumps(fact.model_dump(mode="json", exclude={"tally_id"}), sort_keys=True, ensure_ascii=False)
    db.execute("UPDATE tally SET in_hand = ? WHERE tally_id = ?", (text, fact.tally_id))


def _count(db: sqlite3.Connection, seq: int, fact: e.TallyCounted) -> None:
    db.execute(
        "INSERT INTO tally_count VALUES (?,?,?,?,?,?,?,?,?,?,?,?,NULL)",
        (
            *(fact.tally_id, seq, fact.count_id, fact.sku, decimal_text(fact.qty), fact.lot_id, fact.expires_on),
            *(fact.condition, fact.location_id, json.dumps(fact.serials, ensure_ascii=False)),
            *(fact.weight_mg, fact.container),
        ),
    )
    db.execute("UPDATE tally SET in_hand = NULL WHERE tally_id = ?", (fact.tally_id,))


def _undone(db: sqlite3.Connection, _seq: int, fact: e.TallyUndone) -> None:
    db.execute("DELETE FROM tally_count WHERE tally_id = ? AND count_id = ?", (fact.tally_id, fact.count_id))
    db.execute("UPDATE tally SET in_hand = NULL WHERE tally_id = ?", (fact.tally_id,))


def _closed(db: sqlite3.Connection, _seq: int, fact: e.TallyClosed) -> None:
    status = "discarded" if fact.discarded else "closed"
    db.execute("UPDATE tally SET status = ?, in_hand = NULL WHERE tally_id = ?", (status, fact.tally_id))
    db.execute("UPDATE place SET work_id = NULL WHERE work_id = ?", (fact.tally_id,))


RULES: Mapping[str, Rule] = {
    e.TallyOpened.kind: _opened,
    e.TallyMoved.kind: _moved,
    e.TallyContained.kind: _contained,
    e.TallyInHand.kind: _held,
    e.TallyPhotographed.kind: _photographed,
    e.TallyCounted.kind: _count,
    e.TallyUndone.kind: _undone,
    e.TallyClosed.kind: _closed,
}
