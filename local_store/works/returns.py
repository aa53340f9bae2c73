"""Goods that come back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import returns
from local_store.domain.commands import FloorCommand
from local_store.domain.events import decimal_text
from local_store.domain.floor import Place
from local_store.domain.meaning import Meant
from local_store.domain.returns import Came, ForCreating, ForReceiving, Line, Ordered, Return, ReturnWork
from local_store.domain.returns_desk import ReturnDesk
from local_store.domain.tally import Desk
from local_store.works import stock, tally
from local_store.works.part import Act, Acts, DeskLoad, Rule

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES = ("returned", "return_goods", "return_inspection")
MOST_NAMED = 5
"""Returns of one order that a scan may name; people are told to scan the number of one anyhow."""


def load(db: sqlite3.Connection, return_id: str) -> ReturnWork | None:
    """A return as it stands here."""
    row = db.execute(
        "SELECT return_id, number, order_id, status, lane, lines, restocked, shipped_back FROM returned"
        " WHERE return_id = ?",
        (return_id,),
    ).fetchone()
    if row is None:
        return None
    ident, number, order_id, status, lane, lines, restocked, shipped_back = row
    goods = db.execute(
        "SELECT line_id, sku, qty, waiting, lot_id, serials FROM return_goods WHERE return_id = ? ORDER BY seq, n",
        (return_id,),
    ).fetchall()
    came: dict[str | None, Decimal] = {}
    for line_id, _, qty, *_ in goods:
        came[line_id] = came.get(line_id, Decimal(0)) + Decimal(qty)
    counting = db.execute(
        "SELECT workplace FROM tally t WHERE work = 'return' AND about = ? AND status = 'open'"
        " AND EXISTS (SELECT 1 FROM tally_count c WHERE c.tally_id = t.tally_id) LIMIT 1",
        (return_id,),
    ).fetchone()
    return ReturnWork(
        *(ident, number, order_id, Return(status), lane),
        lines=tuple(
            Line(each["line_id"], each["sku"], Decimal(each["expected"]), came.get(each["line_id"], Decimal(0)))
            for each in json.loads(lines)
        ),
        waiting=tuple(
            Came(line_id, sku, Decimal(waiting), lot_id, tuple(json.loads(serials)))
            for line_id, sku, _, waiting, lot_id, serials in goods
            if waiting != "0"
        ),
        restocked=bool(restocked),
        shipped_back=bool(shipped_back),
        counting=counting[0] if counting else None,
    )


def named(db: sqlite3.Connection, code: str, meant: Meant) -> tuple[ReturnWork, ...]:
    """The returns that a code names: by id or number, else the open ones of an order."""
    row = db.execute("SELECT return_id FROM returned WHERE return_id = ?1 OR number = ?1 LIMIT 1", (code,)).fetchone()
    if row is not None:
        return _all(db, [row[0]])
    orders = {code}
    for meaning in meant.meanings:
        if meaning.thing == "fulfillment":
            found = db.execute("SELECT order_id FROM fulfillment WHERE fulfillment_id = ?", (meaning.id,)).fetchone()
            orders |= {found[0]} if found else set()
    ids: list[str] = []
    for order_id in sorted(orders):
        rows = db.execute(
            "SELECT return_id FROM returned WHERE order_id = ? AND status <> 'completed' ORDER BY return_id LIMIT ?",
            (order_id, MOST_NAMED),
        )
        ids += [each for (each,) in rows]
    return _all(db, ids)


def _all(db: sqlite3.Connection, ids: Iterable[str]) -> tuple[ReturnWork, ...]:
    found = [load(db, each) for each in ids]
    return tuple(each for each in found if each is not None)


def _load_desk(tx: Transaction, place: Place, command: FloorCommand, meant: Meant) -> ReturnDesk:
    db = tx.connection
    counted = tally.load(db, place.work_id)
    open_now = load(db, counted.about) if counted else None
    code = ""
    if isinstance(command, c.OpenWork):
        code = command.id.strip()
    elif isinstance(command, c.Scan) and not any(meaning.thing == "product" for meaning in meant.meanings):
        code = command.code.strip()
    found = named(db, code, meant) if code else ()
    kind = tx.site.workplaces[place.workplace]
    left = tally.open_one(db, kind, found[0].return_id) if len(found) == 1 else None
    return ReturnDesk(
        Desk(counted, meant, tally.scanned_item(db, meant), unit_at=tally.unit_at(db, place.work_id)),
        open_now,
        found,
        left,
        lambda sku, serial: stock.serial_at(db, sku, serial),
    )


def _for_creating(tx: Transaction, command: c.CreateReturn) -> ForCreating:
    rows = tx.connection.execute(
        "SELECT l.order_line_id, l.sku FROM fulfillment_line l JOIN fulfillment f USING (fulfillment_id)"
        " WHERE f.order_id = ?",
        (command.order_id,),
    ).fetchall()
    ordered = tuple(Ordered(*row) for row in rows)
    skus = {each.sku for each in ordered} | {line.sku for line in command.expected_lines if line.sku}
    same = tx.connection.execute(
        "SELECT return_id FROM returned WHERE number = ? LIMIT 1", (command.rma_reference or "",)
    ).fetchone()
    return ForCreating(ordered, tally.known(tx.connection, skus), same[0] if same else None)


def _for_receiving(tx: Transaction, command: c.ReceiveReturn) -> ForReceiving:
    return ForReceiving(
        load(tx.connection, command.return_id), tally.known(tx.connection, {line.sku for line in command.lines})
    )


def _load_work(tx: Transaction, command: Any) -> ReturnWork | None:
    return load(tx.connection, command.return_id)


ACTS: Acts = {
    c.CreateReturn: Act(_for_creating, returns.create),
    c.ReceiveReturn: Act(_for_receiving, returns.receive),
    c.InspectReturn: Act(_load_work, returns.inspect),
    c.CompleteReturn: Act(_load_work, returns.complete),
    c.ShipBackReturn: Act(_load_work, returns.ship_back),
}
DESKS: Mapping[str, DeskLoad] = {"return": _load_desk, "inspect": _load_desk}


# --- what the facts add up to ------------------------------------------------------------------------------------


def _announced(db: sqlite3.Connection, seq: int, fact: e.ReturnAnnounced) -> None:
    lines = _lines(fact.lines)
    db.execute(
        "INSERT INTO returned(return_id, lane, number, order_id, lines, open, status, made_seq, last_seq)"
        " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET lane = excluded.lane, number = excluded.number,"
        " order_id = excluded.order_id, lines = excluded.lines, open = excluded.open, last_seq = excluded.last_seq",
        (fact.return_id, fact.lane, fact.number, fact.order_id, lines, fact.open, Return.AWAITING, seq, seq),
    )


def _created(db: sqlite3.Connection, seq: int, fact: e.ReturnCreated) -> None:
    lines = tuple(
        e.AnnouncedLine(line_id=each.order_line_id, sku=each.sku, expected=each.qty) for each in fact.expected_lines
    )
    details = fact.model_dump(
        mode="json", include={"reason", "return_method", "destination_warehouse_id", "metadata"}
    )
    db.execute(
        "INSERT INTO returned(return_id, number, order_id, lines, open, status, details, made_seq, last_seq)"
        " VALUES (?,?,?,?,1,?,?,?,?)",
        (
            *(fact.return_id, fact.rma_reference, fact.order_id, _lines(lines), Return.AWAITING, _json(details)),
            *(seq, seq),
        ),
    )


def _received(db: sqlite3.Connection, seq: int, fact: e.ReturnReceived | e.ReturnSurplus) -> None:
    _status(db, seq, fact.return_id, Return.RECEIVED)
    for n, line in enumerate(fact.lines):
        line_id = None if isinstance(fact, e.ReturnSurplus) else line.line_id
        qty = decimal_text(line.qty)
        db.execute(
            "INSERT INTO return_goods VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(fact.return_id, seq, n, line_id, line.sku, qty, qty, line.condition, line.lot_id),
                *(line.expires_on, _json(line.serials)),
            ),
        )


def _inspected(db: sqlite3.Connection, seq: int, fact: e.ReturnInspected) -> None:
    if not fact.goods:  # of an early version: it was about all that was there
        db.execute("UPDATE return_goods SET waiting = '0' WHERE return_id = ?", (fact.return_id,))
    for each in fact.goods:
        _take(db, fact.return_id, each)
    waits = db.execute(
        "SELECT 1 FROM return_goods WHERE return_id = ? AND waiting <> '0'", (fact.return_id,)
    ).fetchone()
    _status(db, seq, fact.return_id, Return.RECEIVED if waits else Return.INSPECTED)
    qty = decimal_text(sum((each.qty for each in fact.goods), Decimal(0))) if fact.goods else None
    db.execute(
        "INSERT INTO return_inspection VALUES (?,?,?,?,?,?,?)",
        (
            *(fact.return_id, seq, fact.line_id, fact.disposition, qty, decimal_text(fact.restockable_qty)),
            fact.notes,
        ),
    )
    if fact.restockable_qty > 0:
        db.execute("UPDATE returned SET restocked = 1 WHERE return_id = ?", (fact.return_id,))


def _take(db: sqlite3.Connection, return_id: str, goods: e.InspectedGoods) -> None:
    """Units that were inspected wait no longer: those with these serial numbers, else in the order they came."""
    rows = db.execute(
        "SELECT seq, n, waiting, serials FROM return_goods WHERE return_id = ? AND line_id IS ? AND sku = ?"
        " AND lot_id IS ? AND waiting <> '0' ORDER BY seq, n",
        (return_id, goods.line_id, goods.sku, goods.lot_id),
    ).fetchall()
    left, named_serials = goods.qty, set(goods.serials)
    for seq, n, waiting, serials in rows:
        there = json.loads(serials)
        mine = named_serials & set(there)
        taken = min(left, Decimal(waiting), Decimal(len(mine)) if named_serials and there else left)
        if taken > 0:
            rest = [serial for serial in there if serial not in mine]
            db.execute(
                "UPDATE return_goods SET waiting = ?, serials = ? WHERE return_id = ? AND seq = ? AND n = ?",
                (decimal_text(Decimal(waiting) - taken), _json(rest), return_id, seq, n),
            )
            left -= taken


def _completed(db: sqlite3.Connection, seq: int, fact: e.ReturnCompleted) -> None:
    _status(db, seq, fact.return_id, Return.COMPLETED)


def _shipped_back(db: sqlite3.Connection, seq: int, fact: e.ReturnShipBackAsked) -> None:
    db.execute("UPDATE returned SET shipped_back = 1, last_seq = ? WHERE return_id = ?", (seq, fact.return_id))


def _status(db: sqlite3.Connection, seq: int, return_id: str, status: Return) -> None:
    """One that was never announced here is known from its first goods on."""
    db.execute(
        "INSERT INTO returned(return_id, number, lines, open, status, made_seq, last_seq)"
        " VALUES (?1, ?1, '[]', 1, ?2, ?3, ?3)"
        " ON CONFLICT DO UPDATE SET status = excluded.status, last_seq = excluded.last_seq",
        (return_id, status, seq),
    )


def _lines(lines: Iterable[e.AnnouncedLine]) -> str:
    """As in `return_order`."""
    return json.dumps([each.model_dump(mode="json") for each in lines], sort_keys=True, ensure_ascii=False)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


RULES: Mapping[str, Rule] = {
    e.ReturnAnnounced.kind: _announced,
    e.ReturnCreated.kind: _created,
    e.ReturnReceived.kind: _received,
    e.ReturnSurplus.kind: _received,
    e.ReturnInspected.kind: _inspected,
    e.ReturnCompleted.kind: _completed,
    e.ReturnShipBackAsked.kind: _shipped_back,
}
