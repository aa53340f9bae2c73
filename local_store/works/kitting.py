"""Kits that are built of components."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import kits_asked
from local_store.domain import quality as domain_quality
from local_store.domain.commands import FloorCommand
from local_store.domain.events import decimal_text
from local_store.domain.floor import Place
from local_store.domain.kits_asked import BuildHere, ForBills
from local_store.domain.kitting import Part
from local_store.domain.kitting_desk import KitDesk, Order
from local_store.domain.meaning import Meant
from local_store.domain.tally import Desk
from local_store.works import quality, stock, tally
from local_store.works.part import Act, Acts, DeskLoad, Rule

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES = ("kit_order", "kit_bill", "kit_build")
MOST_BILLS = 500
"""Bills that are read for one kit; more of them are no kit that hands build."""


def load_order(db: sqlite3.Connection, code: str) -> Order | None:
    """A work order by its id or its number."""
    row = db.execute(
        "SELECT work_order_id, number, sku, qty, built, lane, open FROM kit_order"
        " WHERE work_order_id = ?1 OR number = ?1 ORDER BY open DESC, work_order_id LIMIT 1",
        (code,),
    ).fetchone()
    if row is None:
        return None
    ident, number, sku, qty, built, lane, is_open = row
    return Order(ident, number, sku, Decimal(qty), Decimal(built), lane, bool(is_open))


def bills_of(db: sqlite3.Connection, *skus: str) -> dict[str, tuple[Part, ...]]:
    """The bills of these kits and of all their parts that are kits themselves."""
    found: dict[str, tuple[Part, ...]] = {}
    waiting = list(skus)
    while waiting and len(found) < MOST_BILLS:
        sku = waiting.pop()
        row = db.execute("SELECT parts FROM kit_bill WHERE sku = ?", (sku,)).fetchone()
        if row is not None and sku not in found:
            found[sku] = _parts(row[0])
            waiting += [part.sku for part in found[sku]]
    return found


def order_bills(db: sqlite3.Connection, order: Order) -> dict[str, tuple[Part, ...]]:
    """The bills for an order: its own parts where it names some."""
    (text,) = db.execute("SELECT parts FROM kit_order WHERE work_order_id = ?", (order.work_order_id,)).fetchone()
    own = _parts(text)
    found = bills_of(db, order.sku, *(part.sku for part in own))
    return {**found, order.sku: own} if own else found


def _load_desk(tx: Transaction, place: Place, command: FloorCommand, meant: Meant) -> KitDesk:
    db = tx.connection
    counted = tally.load(db, place.work_id)
    order = load_order(db, counted.about) if counted else None
    named = None
    if isinstance(command, c.OpenWork):
        named = load_order(db, command.id.strip())
    elif isinstance(command, c.Scan) and not any(meaning.thing == "product" for meaning in meant.meanings):
        named = load_order(db, command.code.strip())
    about = order or named
    item = tally.scanned_item(db, meant)
    held = None
    if item is not None and about is not None and item.sku != about.sku and tx.remembered.holds(tx):
        lot, serial = (meant.parsed.lot, meant.parsed.serial) if meant.parsed else (None, None)
        hold = quality.on_hold(db, item.sku, lot, counted.location_id if counted else None, serial)
        held = domain_quality.held(item.title, hold) if hold else None
    left = tally.open_one(db, "kit", named.work_order_id) if named else None
    return KitDesk(
        Desk(counted, meant, item, unit_at=tally.unit_at(db, place.work_id)),
        order,
        tally.item(db, about.sku) if about else None,
        order_bills(db, about) if about else {},
        named,
        left,
        held,
        lambda sku, serial: stock.serial_at(db, sku, serial),
    )


def _for_bill(tx: Transaction, command: c.RecordBill | c.MakeWorkOrder) -> ForBills:
    db, skus = tx.connection, {command.sku, *(part.sku for part in command.parts)}
    number = command.number if isinstance(command, c.MakeWorkOrder) else None
    bills = bills_of(db, *skus)
    named = skus | {part.sku for part in bills.get(command.sku, ())}
    return ForBills(tally.known(db, named), bills, number is not None and load_order(db, number) is not None)


def _for_taking_apart(tx: Transaction, command: c.TakeApartKit) -> BuildHere | None:
    row = tx.connection.execute(
        "SELECT b.fact, b.taken_apart, o.lane, (SELECT i.sku FROM kit_build i WHERE i.build_id = b.into_build"
        " AND NOT i.taken_apart) FROM kit_build b LEFT JOIN kit_order o USING (work_order_id) WHERE b.build_id = ?",
        (command.build_id,),
    ).fetchone()
    if row is None:
        return None
    text, taken_apart, lane, inside = row
    fact = e.KitBuilt.model_validate_json(text)
    units = {serial: stock.serial_at(tx.connection, fact.sku, serial) for serial in fact.serials}
    seen = {serial: account for serial, account in units.items() if account is not None}
    return BuildHere(fact, bool(taken_apart), inside, lane, seen)


ACTS: Acts = {
    c.RecordBill: Act(_for_bill, kits_asked.record_bill),
    c.MakeWorkOrder: Act(_for_bill, kits_asked.make_order),
    c.TakeApartKit: Act(_for_taking_apart, kits_asked.take_apart),
}
DESKS: Mapping[str, DeskLoad] = {"kit": _load_desk}


# --- what the facts add up to ------------------------------------------------------------------------------------


def _announced(db: sqlite3.Connection, seq: int, fact: e.WorkOrderAnnounced) -> None:
    of = (fact.work_order_id, fact.lane, fact.number, fact.name, fact.sku, decimal_text(fact.qty))
    _order(db, (*of, _told(fact.parts), int(fact.open), seq))
    if fact.parts:
        _bill(db, fact.sku, fact.parts)


def _made(db: sqlite3.Connection, seq: int, fact: e.WorkOrderMade) -> None:
    of = (fact.work_order_id, None, fact.number, "", fact.sku, decimal_text(fact.qty))
    _order(db, (*of, _told(fact.parts), 1, seq))
    _bill(db, fact.sku, fact.parts)


def _order(db: sqlite3.Connection, row: tuple[object, ...]) -> None:
    db.execute(
        "INSERT INTO kit_order(work_order_id, lane, number, name, sku, qty, parts, open, seq)"
        " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET lane = excluded.lane, number = excluded.number,"
        " name = excluded.name, sku = excluded.sku, qty = excluded.qty, parts = excluded.parts,"
        " open = excluded.open, seq = excluded.seq",
        row,
    )


def _recorded(db: sqlite3.Connection, _seq: int, fact: e.BillRecorded) -> None:
    _bill(db, fact.sku, fact.parts)


def _built(db: sqlite3.Connection, seq: int, fact: e.KitBuilt) -> None:
    db.execute(
        "INSERT INTO kit_build VALUES (?,?,?,?,?,?,?,0)",
        (
            *(fact.build_id, fact.work_order_id, seq, fact.sku, decimal_text(fact.qty), fact.into),
            fact.model_dump_json(),
        ),
    )
    if fact.into is None:
        _add(db, fact.work_order_id, fact.qty)


def _taken_apart(db: sqlite3.Connection, _seq: int, fact: e.KitTakenApart) -> None:
    row = db.execute("SELECT into_build FROM kit_build WHERE build_id = ?", (fact.build_id,)).fetchone()
    db.execute("UPDATE kit_build SET taken_apart = 1 WHERE build_id = ?", (fact.build_id,))
    if row is not None and row[0] is None:
        _add(db, fact.work_order_id, -fact.qty)


def _add(db: sqlite3.Connection, work_order_id: str, qty: Decimal) -> None:
    row = db.execute("SELECT built FROM kit_order WHERE work_order_id = ?", (work_order_id,)).fetchone()
    if row is not None:
        built = decimal_text(Decimal(row[0]) + qty)
        db.execute("UPDATE kit_order SET built = ? WHERE work_order_id = ?", (built, work_order_id))


def _bill(db: sqlite3.Connection, sku: str, parts: Iterable[e.KitPart]) -> None:
    db.execute("INSERT OR REPLACE INTO kit_bill VALUES (?,?)", (sku, _told(parts)))


def _told(parts: Iterable[e.KitPart]) -> str:
    told = [each.model_dump(mode="json") for each in parts]
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _parts(text: str) -> tuple[Part, ...]:
    return tuple(Part(each["sku"], Decimal(each["qty"])) for each in json.loads(text))


RULES: Mapping[str, Rule] = {
    e.WorkOrderAnnounced.kind: _announced,
    e.WorkOrderMade.kind: _made,
    e.BillRecorded.kind: _recorded,
    e.KitBuilt.kind: _built,
    e.KitTakenApart.kind: _taken_apart,
}
