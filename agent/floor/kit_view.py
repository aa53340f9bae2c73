"""What a screen shows where kits are built: what is still missing of each component, and when it can be built."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from decimal import Decimal

from agent.floor import goods_parts as parts
from agent.floor.view_parts import CHOICES, View, action, doing, fact, sign_in, tile
from local_store.domain.events import decimal_text
from local_store.domain.floor import Place
from local_store.domain.kitting import Bills, Piece, cycle, needs, plan
from local_store.domain.kitting_desk import Order
from local_store.domain.tally import Tally
from local_store.domain.words import phrase
from local_store.works import kitting
from local_store.works import tally as tallies

SHORT_REASONS = (
    tile("component not there", phrase("Component not there")),
    tile("component damaged", phrase("Component damaged")),
    tile("order was cut", phrase("Fewer are wanted")),
)


def kit_view(db: sqlite3.Connection, place: Place) -> View:
    """The members of a view that depend on what is open here."""
    signed_in = place.worker_id is not None
    tally = tallies.load(db, place.work_id)
    order = kitting.load_order(db, tally.about) if tally else None
    choices = _orders(db) if signed_in and tally is None else []
    bills: Bills = kitting.order_bills(db, order) if order else {}
    missing = _missing(tally, order, bills) if tally and order else {}
    rows = _rows(db, order, bills, missing) if tally and order else []
    return {
        "next": _next(db, tally, order, missing, signed_in=signed_in, anything_waits=bool(choices)),
        "progress": parts.as_progress(order.title, order.built, order.qty) if order else None,
        "picklist": None,
        "goods": parts.goods(order.title, rows, tally) if order else None,
        "choices": choices,
        "actions": _actions(tally, order, missing, signed_in=signed_in),
    }


def _missing(tally: Tally, order: Order, bills: Bills) -> Mapping[str, Decimal]:
    """What is still missing for all kits of the order, or for those that were scanned as built."""
    if cycle(bills, order.sku) is not None:
        return {}
    pieces = [Piece(each.item.sku, each.qty) for each in tally.counts if each.item.sku != order.sku]
    return plan(bills, order.sku, tally.total(order.sku) or order.left, pieces).missing


def _next(
    db: sqlite3.Connection,
    tally: Tally | None,
    order: Order | None,
    missing: Mapping[str, Decimal],
    *,
    signed_in: bool,
    anything_waits: bool,
) -> View:
    if not signed_in:
        return sign_in()
    if tally is None or order is None:
        some, none = phrase("or choose one below"), phrase("nothing is to be built here")
        return doing("choose", phrase("Scan a work order"), some if anything_waits else none)
    kit = parts.names_of(db, [order.sku])[order.sku]
    facts = _facts(tally, order, kit)
    hand = tally.waiting
    if hand is not None:
        wanted = parts.MISSING["serial"] if hand.item.serial_required and hand.serial is None else ""
        return doing("set", hand.item.name, "", wanted, hand.item.sku, [*parts.hand_facts(hand), *facts])
    if missing:
        sku, units = next(iter(missing.items()))
        item, home = parts.names_of(db, [sku])[sku], _home(db, sku)
        amount = phrase("take {qty} more", qty=decimal_text(units))
        where = [fact(phrase("Take it from"), home, code=True)] if home else []
        return doing("scan_item", item, "", amount, sku, [*where, *facts])
    built_of = tallies.item(db, order.sku)
    if built_of is not None and built_of.serial_required and not tally.total(order.sku):
        return doing("scan_item", kit, phrase("scan the serial number of each"), "", order.sku, facts)
    built = decimal_text(tally.total(order.sku) or order.left)
    told = phrase("build {qty} of {item}", qty=built, item=kit)
    return doing("complete", phrase("All is there"), told, "", order.sku, facts)


def _facts(tally: Tally, order: Order, kit: str) -> list[View]:
    found = [
        fact(phrase("Builds"), phrase("{qty} of {item}", qty=decimal_text(order.left), item=kit)),
    ]
    if tally.location_id:
        found.insert(0, fact(phrase("Location"), tally.location_id, code=True))
    return found


def _home(db: sqlite3.Connection, sku: str) -> str | None:
    row = db.execute("SELECT location_id FROM product WHERE sku = ?", (sku,)).fetchone()
    return row[0] if row else None


def _rows(db: sqlite3.Connection, order: Order, bills: Bills, missing: Mapping[str, Decimal]) -> list[View]:
    """Every component at its lowest level: how many are there of how many; what is missing first."""
    if cycle(bills, order.sku) is not None:
        return []
    wanted = [need for need in needs(bills, order.sku, order.left) if not need.is_kit]
    wanted.sort(key=lambda need: need.sku not in missing)
    names = parts.names_of(db, [need.sku for need in wanted[: parts.MOST_SHOWN]])
    now = next(iter(missing), None)
    per_kit = {need.sku: need.qty / order.left for need in wanted} if order.left else {}
    return [
        parts.row(
            need.sku,
            names.get(need.sku, need.sku),
            max(need.qty - missing.get(need.sku, parts.ZERO), parts.ZERO),
            need.qty,
            current=need.sku == now,
            note=phrase("{qty} for each", qty=decimal_text(per_kit[need.sku])) if need.sku in per_kit else "",
        )
        for need in wanted
    ]


def _orders(db: sqlite3.Connection) -> list[View]:
    """Work orders of which something is still to be built."""
    rows = db.execute(
        "SELECT work_order_id, number, sku, qty, built FROM kit_order WHERE open ORDER BY seq LIMIT ?", (CHOICES,)
    ).fetchall()
    names = parts.names_of(db, [row[2] for row in rows])
    found = []
    for ident, number, sku, qty, built in rows:
        left = Decimal(qty) - Decimal(built)
        if left > 0:
            detail = phrase("{qty} of {item}", qty=decimal_text(left), item=names[sku])
            found.append(parts.choice(ident, number or ident, detail, None, None))
    return found


def _actions(
    tally: Tally | None, order: Order | None, missing: Mapping[str, Decimal], *, signed_in: bool
) -> list[View]:
    if not signed_in:
        return []
    if tally is None or order is None:
        return []
    hand = tally.waiting
    wanted = "serial" if hand is not None and hand.item.serial_required and hand.serial is None else None
    return [
        *parts.say_of_item(tally, wanted=wanted, of=("lot", "serial")),
        parts.complete(phrase("Build"), enabled=bool(tally.counts) and not missing),
        parts.undo(enabled=bool(tally.counts)),
        action("short", phrase("Short"), enabled=bool(missing), reasons=list(SHORT_REASONS)),
        parts.quantity(tally),
    ]
