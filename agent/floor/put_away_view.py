"""What a screen shows where goods go from the dock to a shelf: what is in hand, where it belongs and why."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from agent.floor import goods_parts as parts
from agent.floor.view_parts import CHOICES, View, doing, fact, quantity_action, sign_in
from local_store.domain.events import MovedLine, decimal_text
from local_store.domain.floor import Place
from local_store.domain.put_away import Hand, Spot
from local_store.domain.stock import DOCK, MILLIONTHS, shelf
from local_store.domain.words import listed, phrase
from local_store.works.put_away import load_hand, load_spot

SHOWN_THERE = 3
"""Products named of a location."""


def put_away_view(db: sqlite3.Connection, place: Place) -> View:
    """The members of a view that depend on what is in hand here."""
    signed_in = place.worker_id is not None
    hand = load_hand(db, place.workplace)
    choices = _on_dock(db) if signed_in and hand is None else []
    return {
        "next": _next(db, hand, signed_in=signed_in, anything_waits=bool(choices)),
        "progress": None,
        "picklist": None,
        "goods": parts.goods(phrase("In hand"), _rows(db, hand), None) if hand else None,
        "choices": choices,
        "actions": _actions(hand, signed_in=signed_in),
    }


def _next(db: sqlite3.Connection, hand: Hand | None, *, signed_in: bool, anything_waits: bool) -> View:
    if not signed_in:
        return sign_in()
    if hand is None:
        some, none = phrase("or choose one below"), phrase("the dock is empty")
        return doing("choose", phrase("Scan what is to be put away"), some if anything_waits else none)
    first = hand.lines[0]
    name = parts.names_of(db, [first.sku])[first.sku]
    what = phrase("Pallet {sscc}", sscc=hand.container) if hand.container else name
    qty = decimal_text(sum((line.qty for line in hand.lines), parts.ZERO))
    put = phrase("put {qty} there", qty=qty)
    if hand.location_id is None:
        facts = _lot(first)
        return doing("scan_location", phrase("Scan a free location"), what, put, first.sku, facts)
    spot = load_spot(db, hand.location_id)
    facts = [fact(phrase("Why there"), _why(db, first, spot)), fact(phrase("Lies there"), _there(spot)), *_lot(first)]
    if spot.room is not None:
        held = sum((units for _, units in spot.content), parts.ZERO)
        facts.append(fact(phrase("Room for"), decimal_text(max(spot.room - held, parts.ZERO))))
    return doing("scan_location", hand.location_id, what, put, first.sku, facts)


def _lot(line: MovedLine) -> list[View]:
    return [fact(phrase("Lot"), line.lot_id, code=True)] if line.lot_id else []


def _why(db: sqlite3.Connection, line: MovedLine, spot: Spot) -> str:
    """The rule that proposed a location, as `works.put_away` follows them."""
    home = db.execute("SELECT location_id FROM product WHERE sku = ?", (line.sku,)).fetchone()
    if home is not None and home[0] == spot.location_id:
        return phrase("its home")
    row = db.execute(
        "SELECT 1 FROM stock WHERE account = ? AND sku = ? AND lot_id = ? AND millionths > 0",
        (shelf(spot.location_id), line.sku, line.lot_id or ""),
    ).fetchone()
    return phrase("the same is there") if row else phrase("it is empty and near")


def _there(spot: Spot) -> str:
    held = [(sku, units) for sku, units in spot.content if units > 0]
    if not held:
        return phrase("nothing")
    told = [phrase("{qty} of {sku}", qty=decimal_text(units), sku=sku) for sku, units in held[:SHOWN_THERE]]
    return listed([*told, "…"] if len(held) > SHOWN_THERE else told)


def _rows(db: sqlite3.Connection, hand: Hand | None) -> list[View]:
    if hand is None:
        return []
    names = parts.names_of(db, dict.fromkeys(line.sku for line in hand.lines))
    return [
        parts.row(line.sku, names[line.sku], None, line.qty, current=True, note=_note(line)) for line in hand.lines
    ]


def _note(line: MovedLine) -> str:
    return phrase("lot {lot}", lot=line.lot_id) if line.lot_id else ""


def _on_dock(db: sqlite3.Connection) -> list[View]:
    """What waits on the dock: pallets and cartons, then single units. Choosing one is as good as scanning it."""
    pallets = db.execute(
        "SELECT container, count(*), sum(millionths) FROM dock_unit WHERE millionths > 0 GROUP BY container"
        " ORDER BY container LIMIT ?",
        (CHOICES,),
    ).fetchall()
    found = [
        _scanned(code, phrase("Pallet {sscc}", sscc=code), "", lines, _units(millionths))
        for code, lines, millionths in pallets
    ]
    rows = db.execute(
        "SELECT sku, sum(millionths), group_concat(nullif(lot_id, ''), ', ') FROM stock"
        " WHERE account = ? AND millionths > 0 GROUP BY sku ORDER BY sku LIMIT ?",
        (DOCK, CHOICES - len(found)),
    ).fetchall()
    names = parts.names_of(db, [sku for sku, *_ in rows])
    for sku, millionths, lots in rows:
        lot = phrase("lot {lot}", lot=lots) if lots else ""
        found.append(_scanned(sku, names[sku], lot or sku, None, _units(millionths)))
    return found


def _units(millionths: int) -> str:
    return decimal_text(Decimal(millionths) / MILLIONTHS)


def _scanned(code: str, title: str, detail: str, lines: int | None, units: str) -> View:
    return {**parts.choice(code, title, detail, lines, units), "do": "scan", "body": {"code": code}}


def _actions(hand: Hand | None, *, signed_in: bool) -> list[View]:
    if not signed_in or hand is None:
        return []
    single = hand.container is None and not any(line.serials for line in hand.lines)
    lay_back = {**parts.undo(enabled=True), "label": phrase("Lay it back")}
    return [lay_back, quantity_action(enabled=single)]
