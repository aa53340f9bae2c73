"""What a screen shows where goods come in: what the delivery still owes, and what is known of the item in hand."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal

from agent.floor import goods_parts as parts
from agent.floor.receive_acts import Desk, beside, reopening
from agent.floor.view_parts import CHOICES, View, action, doing, fact, sign_in
from local_store.domain import receiving
from local_store.domain.events import decimal_text
from local_store.domain.floor import Place
from local_store.domain.inbound import Inbound
from local_store.domain.site import ReceivingRule
from local_store.domain.tally import Tally
from local_store.domain.words import Answer, phrase
from local_store.works import tally as tallies
from local_store.works.receiving import load_inbound


def receive_view(db: sqlite3.Connection, place: Place, rule: ReceivingRule, answer: Answer | None) -> View:
    """The members of a view that depend on what is open here. `answer` is the last one that was given here."""
    signed_in = place.worker_id is not None
    tally = tallies.load(db, place.work_id)
    inbound = load_inbound(db, tally.about, tally.tally_id) if tally else None
    choices = _deliveries(db) if signed_in and tally is None else []
    title = inbound.number if inbound else phrase("Not announced")
    return {
        "next": _next(db, tally, inbound, signed_in=signed_in, anything_waits=bool(choices)),
        "progress": _progress(tally, inbound) if tally and inbound else None,
        "picklist": None,
        "goods": parts.goods(title, _rows(db, tally, inbound), tally) if tally else None,
        "choices": choices,
        "actions": _actions(Desk(db, tally, inbound, rule, answer)) if signed_in else [],
    }


def _next(
    db: sqlite3.Connection,
    tally: Tally | None,
    inbound: Inbound | None,
    *,
    signed_in: bool,
    anything_waits: bool,
) -> View:
    if not signed_in:
        return sign_in()
    if tally is None:
        some, none = phrase("or choose one below"), phrase("none is announced here yet")
        return doing("choose", phrase("Scan a delivery"), some if anything_waits else none)
    hand = tally.waiting
    if hand is not None:
        lacks = receiving.wants(hand)
        do = "weigh" if lacks == "weight" else "set"
        facts = [*parts.hand_facts(hand), *_about(db, tally, inbound)]
        detail = phrase("{qty} in hand", qty=decimal_text(hand.qty)) if hand.qty != 1 else ""
        return doing(do, hand.item.name, detail, parts.MISSING[lacks] if lacks else "", hand.item.sku, facts)
    facts = [*parts.hand_facts(tally.counts[-1] if tally.counts else None), *_about(db, tally, inbound)]
    last = tally.counts[-1] if tally.counts else None
    if inbound is None:
        return doing("scan_item", phrase("Scan an item"), phrase("nobody announced it"), facts=facts)
    owed = _owed(tally, inbound)
    if owed <= 0:
        return doing("complete", phrase("All of it came"), phrase("or scan what is too many"), facts=facts)
    amount = phrase("{missing} still to come", missing=decimal_text(owed))
    if last is not None and (left := _left(tally, inbound, last.item.sku)) > 0:
        more = phrase("{qty} more of it", qty=decimal_text(left))
        told = phrase("scan the next serial number") if parts.wants_another(tally) else ""
        return doing("scan_item", last.item.name, told, more, last.item.sku, facts)
    return doing("scan_item", phrase("Scan an item"), "", amount, facts=facts)


def _about(db: sqlite3.Connection, tally: Tally, inbound: Inbound | None) -> list[View]:
    if inbound is None:
        return []
    row = db.execute("SELECT supplier FROM inbound WHERE inbound_id = ?", (inbound.inbound_id,)).fetchone()
    found = [fact(phrase("Supplier"), row[0])] if row is not None and row[0] else []
    if tally.container is not None and not tally.counts:
        found.append(fact(phrase("Pallet or carton"), tally.container, code=True))
    return found


def _came(tally: Tally, inbound: Inbound, sku: str) -> Decimal:
    """By receipts, on the tallies of others, and on this one."""
    return inbound.received(sku) + inbound.elsewhere.get(sku, parts.ZERO) + tally.total(sku)


def _left(tally: Tally, inbound: Inbound, sku: str) -> Decimal:
    return max(inbound.expected(sku) - _came(tally, inbound, sku), parts.ZERO)


def _owed(tally: Tally, inbound: Inbound) -> Decimal:
    return sum((_left(tally, inbound, sku) for sku in inbound.skus), parts.ZERO)


def _rows(db: sqlite3.Connection, tally: Tally | None, inbound: Inbound | None) -> list[View]:
    """What was announced with what came of it: the one of now, then the open ones, then those that are through."""
    if tally is None or inbound is None:
        return []
    counted = (each.item.sku for each in tally.counts)
    skus = list(dict.fromkeys((*inbound.skus, *counted)))
    now = parts.current_sku(tally)
    skus.sort(key=lambda sku: (sku != now, _left(tally, inbound, sku) <= 0))
    names = parts.names_of(db, skus[: parts.MOST_SHOWN])
    return [
        parts.row(
            sku,
            names.get(sku, sku),
            _came(tally, inbound, sku),
            inbound.expected(sku),
            current=sku == now,
            note="" if inbound.expected(sku) else phrase("not announced"),
        )
        for sku in skus
    ]


def _progress(tally: Tally, inbound: Inbound) -> View:
    came = sum((min(_came(tally, inbound, sku), inbound.expected(sku)) for sku in inbound.skus), parts.ZERO)
    expected = sum((line.expected for line in inbound.lines), parts.ZERO)
    return parts.as_progress(inbound.number, came, expected)


def _deliveries(db: sqlite3.Connection) -> list[View]:
    """What is announced and not closed, what is expected first in front."""
    rows = db.execute(
        "SELECT i.inbound_id, i.number, i.supplier, i.expected_on, i.lines FROM inbound i"
        " LEFT JOIN inbound_closed c USING (inbound_id) WHERE coalesce(1 - c.closed, i.open)"
        " ORDER BY i.expected_on IS NULL, i.expected_on, i.number LIMIT ?",
        (CHOICES,),
    )
    found = []
    for ident, number, supplier, expected_on, lines in rows:
        quantities = [Decimal(line["expected"]) for line in json.loads(lines)]
        units = decimal_text(sum(quantities, parts.ZERO))
        day = phrase("expected on {day}", day=expected_on) if expected_on else ""
        detail = phrase("{first}, {rest}", first=supplier, rest=day) if supplier and day else supplier or day
        found.append(parts.choice(ident, number or ident, detail, len(quantities), units))
    return found


def _actions(desk: Desk) -> list[View]:
    tally, inbound = desk.tally, desk.inbound
    if tally is None:
        blind = action("open", phrase("Not announced"), body={"id": receiving.DRIVER_WORD})
        return [blind, *reopening(desk.db)]
    lacks = receiving.wants(tally.waiting) if tally.waiting else None
    weigh = [action("weigh", phrase("Weigh"))] if lacks == "weight" else []
    return [
        *weigh,
        *parts.say_of_item(tally, wanted=lacks, of=("lot", "expiry", "serial")),
        parts.complete(phrase("Done"), enabled=bool(tally.counts) and lacks is None),
        parts.undo(enabled=bool(tally.counts)),
        parts.condition(tally),
        parts.quantity(tally),
        *parts.photo(tally, f"inbound:{inbound.inbound_id}" if inbound else None),
        *beside(desk, tally),
    ]
