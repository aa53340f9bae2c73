"""Goods on their way from the dock to a shelf, and from shelf to shelf."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import put_away
from local_store.domain.codes import is_sscc, key_of
from local_store.domain.floor import Place
from local_store.domain.meaning import Meant
from local_store.domain.put_away import Hand, OnDock, PutAwayDesk, Spot
from local_store.domain.stock import DOCK, MILLIONTHS, RETURNS, millionths, shelf
from local_store.domain.tally import Item
from local_store.works import receiving, stock, tally
from local_store.works.part import Act, Acts, DeskLoad, Rule

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES: tuple[str, ...] = ("dock_unit", "put_away_hand")


def load_desk(tx: Transaction, place: Place, command: c.FloorCommand, meant: Meant) -> PutAwayDesk:
    """What a put-away workplace is shown."""
    db = tx.connection
    hand = load_hand(db, place.workplace)
    item, serial = _scanned(db, command, meant)
    of_hand = tally.item(db, hand.lines[0].sku) if hand and not isinstance(command, c.Scan) else None
    item = item or of_hand
    location_id = next((each.id for each in meant.meanings if each.thing == "location"), None)
    sscc = _sscc(db, meant) if item is None else None
    lot = meant.parsed.lot if meant.parsed else None
    return PutAwayDesk(
        hand,
        meant,
        scanned=_lots(db, item, lot, place.workplace) if item else (),
        item=item,
        serial=serial,
        pallet=_pallet(db, sscc, place.workplace) if sscc else (),
        sscc=sscc,
        spot=load_spot(db, location_id) if location_id else None,
        spots=lambda sku, lot_id, qty: _spots(db, sku, lot_id, qty),
        dock=lambda sku, lot_id: _on_dock(db, sku, lot_id, place.workplace),
        gone=lambda sku, serial: _gone(db, sku, serial, place.workplace),
        after=lambda sku, lot_id: _after(db, sku, lot_id),
    )


def load_hand(db: sqlite3.Connection, workplace: str) -> Hand | None:
    """What is in hand at a workplace."""
    row = db.execute(
        "SELECT lines, container, location_id FROM put_away_hand WHERE workplace = ?", (workplace,)
    ).fetchone()
    if row is None:
        return None
    lines = tuple(e.MovedLine.model_validate(each) for each in json.loads(row[0]))
    return Hand(lines, row[1], row[2])


def load_spot(db: sqlite3.Connection, location_id: str) -> Spot:
    """A location and what is there; one that HQ did not describe has no limits."""
    row = db.execute("SELECT room, mixed FROM location WHERE location_id = ?", (location_id,)).fetchone()
    room, mixed = row or (None, True)
    content: dict[str, Decimal] = {}
    for each in stock.balances(db, account=shelf(location_id)):
        content[each.sku] = content.get(each.sku, Decimal(0)) + each.qty
    return Spot(
        location_id, None if room is None else Decimal(room) / MILLIONTHS, bool(mixed), tuple(content.items())
    )


def _scanned(db: sqlite3.Connection, command: c.FloorCommand, meant: Meant) -> tuple[Item | None, str | None]:
    """The product of a code, and its serial number; a serial number of the dock names its product by itself."""
    item = tally.scanned_item(db, meant)
    if item is not None or not isinstance(command, c.Scan) or meant.meanings:
        return item, meant.parsed.serial if meant.parsed else None
    rows = db.execute(
        "SELECT sku, serial FROM serial WHERE serial = ? AND account = ?", (command.code.strip(), DOCK)
    ).fetchall()
    return (tally.item(db, rows[0][0]), rows[0][1]) if len(rows) == 1 else (None, None)


def _lots(db: sqlite3.Connection, item: Item, lot: str | None, workplace: str) -> tuple[OnDock, ...]:
    found = [each for each in stock.balances(db, account=DOCK, sku=item.sku) if lot in {None, each.lot_id}]
    return tuple(
        OnDock(item, _on_dock(db, item.sku, each.lot_id, workplace), each.lot_id) for each in found if each.qty > 0
    )


def _on_dock(db: sqlite3.Connection, sku: str, lot_id: str, workplace: str) -> Decimal:
    """What is on the dock and in nobody else's hands."""
    left = receiving.balance(db, DOCK, sku, lot_id)
    for (lines,) in db.execute("SELECT lines FROM put_away_hand WHERE workplace <> ?", (workplace,)):
        for line in json.loads(lines):
            if (line["sku"], line["lot_id"] or "") == (sku, lot_id):
                left -= Decimal(line["qty"])
    return left


def _gone(db: sqlite3.Connection, sku: str, serial: str, workplace: str) -> bool:
    """Whether a unit is somewhere else than on the dock, or in the hands of another workplace."""
    if stock.serial_at(db, sku, serial) not in {None, DOCK}:
        return True
    held = db.execute("SELECT lines FROM put_away_hand WHERE workplace <> ?", (workplace,))
    lines = [line for (text,) in held for line in json.loads(text)]
    return any(line["sku"] == sku and serial in line["serials"] for line in lines)


def _sscc(db: sqlite3.Connection, meant: Meant) -> str | None:
    told = meant.parsed.sscc if meant.parsed else None
    if told or is_sscc(meant.key):
        return told or meant.key
    row = db.execute("SELECT 1 FROM dock_unit WHERE container = ?", (meant.key,)).fetchone()
    return meant.key if row else None


def _pallet(db: sqlite3.Connection, sscc: str, workplace: str) -> tuple[OnDock, ...]:
    held = db.execute("SELECT 1 FROM put_away_hand WHERE container = ? AND workplace <> ?", (sscc, workplace))
    if held.fetchone() is not None:
        return ()
    rows = db.execute(
        "SELECT sku, lot_id, millionths, serials FROM dock_unit WHERE container = ? AND millionths > 0"
        " ORDER BY sku, lot_id",
        (sscc,),
    ).fetchall()
    return tuple(
        OnDock(tally.item(db, sku) or Item(sku, sku), Decimal(qty) / MILLIONTHS, lot_id, tuple(json.loads(serials)))
        for sku, lot_id, qty, serials in rows
    )


def _spots(db: sqlite3.Connection, sku: str, lot_id: str, qty: Decimal) -> tuple[Spot, ...]:
    """The home of the product, then where the same lot is, then the first empty location with room for them all.

    The home of another product is kept for that.
    """
    home = db.execute("SELECT location_id FROM product WHERE sku = ? AND location_id IS NOT NULL", (sku,)).fetchall()
    same = db.execute(
        "SELECT substr(account, 10) FROM stock WHERE sku = ? AND lot_id = ? AND millionths > 0"
        " AND account GLOB 'location:*' ORDER BY millionths DESC, account",
        (sku, lot_id),
    ).fetchall()
    empty = db.execute(
        "SELECT location_id FROM location l WHERE NOT EXISTS (SELECT 1 FROM stock s"
        "  WHERE s.account = 'location:' || l.location_id AND s.millionths > 0)"
        " AND NOT EXISTS (SELECT 1 FROM product p WHERE p.location_id = l.location_id AND p.sku <> :sku)"
        " AND coalesce(room, :qty) >= :qty ORDER BY walk_order LIMIT 1",
        {"sku": sku, "qty": millionths(qty)},
    ).fetchall()
    return tuple(load_spot(db, each) for each in dict.fromkeys(each for (each,) in (*home, *same, *empty)))


def _after(db: sqlite3.Connection, sku: str, lot_id: str) -> str | None:
    """What brought the last of a product to the dock: a receipt, or the inspection of a return."""
    row = db.execute(
        "SELECT entity, seq FROM received_line WHERE sku = :sku AND lot_id = :lot_id AND condition = 'good'"
        " UNION ALL SELECT 'return:' || (body ->> '$.return_id'), seq FROM stock JOIN journal USING (seq)"
        "  WHERE account = :returns AND sku = :sku AND lot_id = :lot_id ORDER BY 2 DESC LIMIT 1",
        {"sku": sku, "lot_id": lot_id, "returns": RETURNS},
    ).fetchone()
    return row[0] if row else None


def _moving(tx: Transaction, command: c.MoveStock) -> tuple[Item | None, Spot | None, Spot | None, frozenset[str]]:
    db = tx.connection
    source, target = (_known_spot(db, each) for each in (command.from_location_id, command.to_location_id))
    rows = db.execute(
        "SELECT serial FROM serial WHERE sku = ? AND account = ?", (command.sku, shelf(command.from_location_id))
    )
    return tally.item(db, command.sku), source, target, frozenset(serial for (serial,) in rows)


def _known_spot(db: sqlite3.Connection, location_id: str) -> Spot | None:
    row = db.execute(
        "SELECT id FROM code WHERE key = ? AND thing = 'location' AND id = ?", (key_of(location_id), location_id)
    ).fetchone()
    return load_spot(db, location_id) if row else None


ACTS: Acts = {c.MoveStock: Act(_moving, put_away.move)}
DESKS: Mapping[str, DeskLoad] = {"put_away": load_desk}


# --- what the facts add up to ------------------------------------------------------------------------------------


def _received(db: sqlite3.Connection, _seq: int, fact: e.ReceiptRecorded) -> None:
    for line in fact.lines:
        if line.container is None or line.condition != "good":
            continue
        key = (line.container, line.sku, line.lot_id or "")
        row = db.execute(
            "SELECT millionths, serials FROM dock_unit WHERE container = ? AND sku = ? AND lot_id = ?", key
        ).fetchone()
        qty, serials = row or (0, "[]")
        told = json.dumps([*json.loads(serials), *line.serials], ensure_ascii=False)
        db.execute("INSERT OR REPLACE INTO dock_unit VALUES (?,?,?,?,?)", (*key, qty + millionths(line.qty), told))


def _corrected(db: sqlite3.Connection, _seq: int, fact: e.ReceiptCorrected) -> None:
    for line in fact.lines:
        if line.container is not None and line.condition == "good":
            _take(db, (line.container, line.sku, line.lot_id or ""), -millionths(line.change), line.serials)


def _taken(db: sqlite3.Connection, _seq: int, fact: e.PutAwayTaken) -> None:
    db.execute("DELETE FROM put_away_hand WHERE workplace = ?", (fact.workplace,))
    if fact.lines:
        lines = json.dumps([each.model_dump(mode="json") for each in fact.lines], ensure_ascii=False)
        row = (fact.workplace, lines, fact.container, fact.location_id)
        db.execute("INSERT INTO put_away_hand VALUES (?,?,?,?)", row)
    work_id = f"put_away:{fact.workplace}" if fact.lines else None
    db.execute("UPDATE place SET work_id = ? WHERE workplace = ?", (work_id, fact.workplace))


def _put_away(db: sqlite3.Connection, _seq: int, fact: e.PutAwayRecorded) -> None:
    db.execute("DELETE FROM put_away_hand WHERE workplace = ?", (fact.workplace,))
    db.execute("UPDATE place SET work_id = NULL WHERE workplace = ?", (fact.workplace,))
    for line in fact.lines:
        lot_id = line.lot_id or ""
        if fact.container is not None:
            _take(db, (fact.container, line.sku, lot_id), millionths(line.qty), line.serials)
        else:
            _take_from_pallets(db, line.sku, lot_id, line.serials)


def _take(db: sqlite3.Connection, key: tuple[str, str, str], qty: int, serials: tuple[str, ...]) -> None:
    """So many units less on a pallet (more, where the quantity is negative)."""
    row = db.execute(
        "SELECT millionths, serials FROM dock_unit WHERE container = ? AND sku = ? AND lot_id = ?", key
    ).fetchone()
    there, named = row or (0, "[]")
    known: list[str] = json.loads(named)
    left = [each for each in known if each not in serials] if qty > 0 else [*known, *serials]
    if there - qty > 0:
        told = json.dumps(left, ensure_ascii=False)
        db.execute("INSERT OR REPLACE INTO dock_unit VALUES (?,?,?,?,?)", (*key, there - qty, told))
    else:
        db.execute("DELETE FROM dock_unit WHERE container = ? AND sku = ? AND lot_id = ?", key)


def _take_from_pallets(db: sqlite3.Connection, sku: str, lot_id: str, serials: tuple[str, ...]) -> None:
    """Units that went one by one came off a pallet where no loose ones are left: less is on the dock than there."""
    on_dock = millionths(receiving.balance(db, DOCK, sku, lot_id))
    rows = db.execute(
        "SELECT container, millionths FROM dock_unit WHERE sku = ? AND lot_id = ? ORDER BY container", (sku, lot_id)
    ).fetchall()
    too_many = sum(qty for _, qty in rows) - on_dock
    for container, qty in rows:
        if too_many > 0 or serials:
            less = max(min(too_many, qty), 0)
            _take(db, (container, sku, lot_id), less, serials)
            too_many -= less


RULES: Mapping[str, Rule] = {
    e.ReceiptRecorded.kind: _received,
    e.ReceiptCorrected.kind: _corrected,
    e.PutAwayTaken.kind: _taken,
    e.PutAwayRecorded.kind: _put_away,
}
