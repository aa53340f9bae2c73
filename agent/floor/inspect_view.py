"""What a screen shows where returned goods are inspected: what waits, and what becomes of the units scanned next."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from agent.floor import goods_parts as parts
from agent.floor.quality_view import DISPOSITIONS, open_checks, start
from agent.floor.return_view import about, open_returns
from agent.floor.view_parts import View, doing, sign_in
from local_store.domain.events import decimal_text
from local_store.domain.floor import Place
from local_store.domain.returns import Return, ReturnWork
from local_store.domain.tally import Tally
from local_store.domain.words import phrase
from local_store.works import returns
from local_store.works import tally as tallies


def inspect_view(db: sqlite3.Connection, place: Place) -> View:
    """The members of a view that depend on what is open here."""
    signed_in = place.worker_id is not None
    tally = tallies.load(db, place.work_id)
    work = returns.load(db, tally.about) if tally else None
    choices = open_returns(db, (Return.RECEIVED,)) if signed_in and tally is None else []
    anything_waits = bool(choices)
    if tally is not None and work is not None and signed_in:
        choices = [_tile(tally, code) for code in DISPOSITIONS]
    return {
        "next": _next(tally, work, signed_in=signed_in, anything_waits=anything_waits),
        "progress": _progress(tally, work) if tally and work else None,
        "picklist": None,
        "goods": _goods(db, tally, work) if tally and work else None,
        "checks": open_checks(db) if signed_in and tally is None else [],
        "choices": choices,
        "actions": _actions(tally, signed_in=signed_in),
    }


def _tile(tally: Tally, code: str) -> View:
    """One of the four; touching it is as good as scanning it on the wall."""
    units = sum((each.qty for each in tally.counts if each.location_id == code), parts.ZERO)
    detail = phrase("{qty} so far", qty=decimal_text(units)) if units else ""
    found = parts.choice(code, DISPOSITIONS[code], detail, None, None)
    chosen = tally.location_id == code
    return {**found, "do": "scan", "body": {"code": code}, "tile": True, "chosen": chosen}


def _next(tally: Tally | None, work: ReturnWork | None, *, signed_in: bool, anything_waits: bool) -> View:
    if not signed_in:
        return sign_in()
    if tally is None or work is None:
        some, none = phrase("or choose one below"), phrase("nothing waits for inspection")
        return doing("choose", phrase("Scan a return"), some if anything_waits else none)
    left = _waiting(work) - sum((each.qty for each in tally.counts), parts.ZERO)
    if left <= 0:
        return doing("complete", phrase("All is inspected"), _restock(tally), facts=about(work))
    if tally.location_id not in DISPOSITIONS:
        return doing("decide", phrase("What becomes of it?"), phrase("then scan each unit"))
    hand = tally.waiting
    if hand is not None:
        wanted = parts.MISSING["serial"] if hand.item.serial_required and hand.serial is None else ""
        return doing("set", hand.item.name, "", wanted, hand.item.sku, parts.hand_facts(hand))
    return doing("scan_item", phrase("Scan a unit"), "", phrase("{qty} to inspect", qty=decimal_text(left)))


def _goods(db: sqlite3.Connection, tally: Tally, work: ReturnWork) -> View:
    """What waits and what was counted; where a unit goes is said in words."""
    found = parts.goods(work.title, _rows(db, tally, work), tally)
    for each in found["counted"]:
        each["location_id"] = DISPOSITIONS.get(each["location_id"], each["location_id"])
    return found


def _restock(tally: Tally) -> str:
    units = sum((each.qty for each in tally.counts if each.location_id == "reshelve"), parts.ZERO)
    return phrase("{qty} can be sold again", qty=decimal_text(units))


def _waiting(work: ReturnWork) -> Decimal:
    return sum((each.qty for each in work.waiting), parts.ZERO)


def _rows(db: sqlite3.Connection, tally: Tally | None, work: ReturnWork | None) -> list[View]:
    if tally is None or work is None:
        return []
    waits: dict[str, Decimal] = {}
    for each in work.waiting:
        waits[each.sku] = waits.get(each.sku, parts.ZERO) + each.qty
    names, now = parts.names_of(db, list(waits)[: parts.MOST_SHOWN]), parts.current_sku(tally)
    return [
        parts.row(sku, names.get(sku, sku), tally.total(sku), qty, current=sku == now) for sku, qty in waits.items()
    ]


def _progress(tally: Tally, work: ReturnWork) -> View:
    done = sum((each.qty for each in tally.counts), parts.ZERO)
    return parts.as_progress(work.title, done, _waiting(work))


def _actions(tally: Tally | None, *, signed_in: bool) -> list[View]:
    if not signed_in:
        return []
    if tally is None:
        return [start()]
    hand = tally.waiting
    wanted = "serial" if hand is not None and hand.item.serial_required and hand.serial is None else None
    return [
        *parts.say_of_item(tally, wanted=wanted, of=("serial",)),
        parts.complete(phrase("Done"), enabled=bool(tally.counts) and hand is None),
        parts.undo(enabled=bool(tally.counts)),
        parts.quantity(tally),
        *parts.photo(tally, f"return:{tally.about}"),
    ]
