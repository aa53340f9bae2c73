"""What a screen shows where goods come back: what the return announces, and in what state each unit is."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal

from agent.floor import goods_parts as parts
from agent.floor.view_parts import CHOICES, View, doing, fact, sign_in
from local_store.domain.events import decimal_text
from local_store.domain.floor import Place
from local_store.domain.returns import Return, ReturnWork
from local_store.domain.tally import Tally, wants_what_its_product_requires
from local_store.domain.words import phrase
from local_store.works import returns
from local_store.works import tally as tallies

TO_RECEIVE = (Return.AWAITING, Return.RECEIVED)


def return_view(db: sqlite3.Connection, place: Place) -> View:
    """The members of a view that depend on what is open here."""
    signed_in = place.worker_id is not None
    tally = tallies.load(db, place.work_id)
    work = returns.load(db, tally.about) if tally else None
    choices = open_returns(db, TO_RECEIVE) if signed_in and tally is None else []
    return {
        "next": _next(tally, work, signed_in=signed_in, anything_waits=bool(choices)),
        "progress": _progress(tally, work) if tally and work else None,
        "picklist": None,
        "goods": parts.goods(work.title, _rows(db, tally, work), tally) if tally and work else None,
        "choices": choices,
        "actions": _actions(tally, signed_in=signed_in),
    }


def open_returns(db: sqlite3.Connection, states: tuple[Return, ...]) -> list[View]:
    """Returns in these states, what came last in front."""
    told = [each.value for each in states]
    rows = db.execute(
        "SELECT return_id, number, order_id, status, lines FROM returned"
        " WHERE status IN (SELECT value FROM json_each(?)) ORDER BY last_seq DESC LIMIT ?",
        (json.dumps(told), CHOICES),
    )
    found = []
    for ident, number, order_id, status, lines in rows:
        quantities = [Decimal(line["expected"]) for line in json.loads(lines)]
        order = phrase("order {order}", order=order_id) if order_id else ""
        here = phrase("nothing came yet") if status == Return.AWAITING else phrase("some of it is here")
        detail = phrase("{first}, {rest}", first=order, rest=here) if order else here
        units = decimal_text(sum(quantities, parts.ZERO))
        found.append(parts.choice(ident, number or ident, detail, len(quantities), units))
    return found


def about(work: ReturnWork) -> list[View]:
    """What a return is of."""
    return [fact(phrase("Order"), work.order_id, code=True)] if work.order_id else []


def _next(tally: Tally | None, work: ReturnWork | None, *, signed_in: bool, anything_waits: bool) -> View:
    if not signed_in:
        return sign_in()
    if tally is None or work is None:
        some, none = phrase("or choose one below"), phrase("none is announced here yet")
        return doing("choose", phrase("Scan a return"), some if anything_waits else none)
    hand = tally.waiting
    if hand is not None:
        lacks = wants_what_its_product_requires(hand)
        wanted = parts.MISSING[lacks] if lacks else phrase("scan it again to count it")
        do = "set" if lacks else "scan_item"
        return doing(do, hand.item.name, "", wanted, hand.item.sku, [*parts.hand_facts(hand), *about(work)])
    last = tally.counts[-1] if tally.counts else None
    facts = [*parts.hand_facts(last), *about(work)]
    owed = sum((max(work.wanted(sku) - tally.total(sku), parts.ZERO) for sku in _skus(work)), parts.ZERO)
    if work.lines and owed <= 0:
        return doing("complete", phrase("All of it is back"), phrase("or scan what is too many"), facts=facts)
    amount = phrase("{missing} still to come", missing=decimal_text(owed)) if work.lines else ""
    return doing("scan_item", phrase("Scan an item"), phrase("say when one is damaged"), amount, facts=facts)


def _skus(work: ReturnWork) -> list[str]:
    return list(dict.fromkeys(line.sku for line in work.lines))


def _rows(db: sqlite3.Connection, tally: Tally | None, work: ReturnWork | None) -> list[View]:
    """What is announced with what came before and now; then what nobody announced."""
    if tally is None or work is None:
        return []
    skus = list(dict.fromkeys((*_skus(work), *(each.item.sku for each in tally.counts))))
    now = parts.current_sku(tally)
    skus.sort(key=lambda sku: sku != now)
    names = parts.names_of(db, skus[: parts.MOST_SHOWN])
    found = []
    for sku in skus:
        expected = sum((line.expected for line in work.lines if line.sku == sku), parts.ZERO)
        came = sum((line.received for line in work.lines if line.sku == sku), parts.ZERO) + tally.total(sku)
        note = "" if expected else phrase("not announced")
        found.append(parts.row(sku, names.get(sku, sku), came, expected, current=sku == now, note=note))
    return found


def _progress(tally: Tally, work: ReturnWork) -> View:
    expected = sum((line.expected for line in work.lines), parts.ZERO)
    came = sum((line.received for line in work.lines), parts.ZERO)
    now = sum((min(tally.total(sku), work.wanted(sku)) for sku in _skus(work)), parts.ZERO)
    return parts.as_progress(work.title, min(came, expected) + now, expected)


def _actions(tally: Tally | None, *, signed_in: bool) -> list[View]:
    if not signed_in or tally is None:
        return []
    lacks = wants_what_its_product_requires(tally.waiting) if tally.waiting else None
    return [
        *parts.say_of_item(tally, wanted=lacks, of=("lot", "expiry", "serial")),
        parts.complete(phrase("Done"), enabled=bool(tally.counts)),
        parts.undo(enabled=bool(tally.counts)),
        parts.condition(tally),
        parts.quantity(tally),
        *parts.photo(tally, f"return:{tally.about}"),
    ]
