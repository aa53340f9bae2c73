"""What the views of all work with goods are made of: rows, facts about what is in hand, and the usual acts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Literal

from agent.floor.view_parts import View, action, fact, quantity_action, tile
from local_store.domain.events import decimal_text
from local_store.domain.tally import Counted, InHand, Tally
from local_store.domain.weights import kilograms
from local_store.domain.words import phrase, word
from local_store.works import tally as tallies

ZERO = Decimal(0)
MOST_SHOWN = 100
"""Rows of one list on a screen."""
CONDITIONS = (tile("good", phrase("Good")), tile("damaged", phrase("Damaged")))
MISSING = {
    "lot": phrase("scan its lot"),
    "expiry": phrase("scan its expiry date"),
    "serial": phrase("scan its serial number"),
    "weight": phrase("put it on the scale"),
}
"""What is to be done about the item in hand, by what is not known of it."""


# --- acts --------------------------------------------------------------------------------------------------------


def undo(*, enabled: bool) -> View:
    """Taking the last count back."""
    return action("undo", phrase("Undo"), enabled=enabled)


def complete(label: str, *, enabled: bool) -> View:
    """All of it is through."""
    return action("complete", label, enabled=enabled)


def say_of_item(tally: Tally, *, wanted: str | None, of: Sequence[str]) -> list[View]:
    """What can be said of the item in hand or just counted; what is `wanted` now stands in front."""
    known = tally.in_hand is not None or bool(tally.counts)
    wanted = wanted or ("serial" if wants_another(tally) else None)
    labels = {"lot": phrase("Lot"), "expiry": phrase("Expiry date"), "serial": phrase("Serial number")}
    found = []
    for name in of:
        pad: Literal["date", "text"] = "date" if name == "expiry" else "text"
        place: Literal["bar", "more"] = "bar" if name == wanted else "more"
        body = {"name": name}
        found.append(action("set", labels[name], enabled=known, pad=pad, member="value", body=body, place=place))
    return found


def wants_another(tally: Tally) -> bool:
    """Whether a unit with a serial number was counted, and the number of the next one of it would count that."""
    return tally.in_hand is not None and tally.waiting is None


def condition(tally: Tally) -> View:
    """In what state the item in hand or just counted is."""
    known = tally.in_hand is not None or bool(tally.counts)
    body = {"name": "condition"}
    return action("set", phrase("Condition"), enabled=known, reasons=list(CONDITIONS), member="value", body=body)


def photo(tally: Tally, of: str | None) -> list[View]:
    """A photo of what was just counted, kept with the thing it is about."""
    if of is None:
        return []
    body = {"name": "photo"}
    known = bool(tally.counts)
    label = phrase("Photo")
    return [action("set", label, enabled=known, pad="photo", member="value", body=body, about=of, place="more")]


def quantity(tally: Tally) -> View:
    """How many of the item just counted there are in all; units with serial numbers are scanned one by one."""
    last = tally.counts[-1] if tally.counts else None
    can = last is not None and not last.serials and not last.item.catch_weight
    return quantity_action(enabled=can and tally.in_hand is None, place="more")


# --- facts -------------------------------------------------------------------------------------------------------


def hand_facts(hand: InHand | Counted | None) -> list[View]:
    """What is known of an item: to be compared with what the hands hold."""
    if hand is None:
        return []
    serials = hand.serials if isinstance(hand, Counted) else (hand.serial,) if hand.serial else ()
    found = [
        fact(phrase("Lot"), hand.lot_id, code=True) if hand.lot_id else None,
        fact(phrase("Expires"), hand.expires_on) if hand.expires_on else None,
        fact(phrase("Serial number"), serials[-1], code=True) if serials else None,
        fact(phrase("Weight"), kilograms(hand.weight_mg)) if hand.weight_mg is not None else None,
        fact(phrase("Condition"), word(hand.condition)) if hand.condition != "good" else None,
        fact(phrase("Pallet or carton"), hand.container, code=True) if hand.container else None,
    ]
    return [each for each in found if each is not None]


# --- rows --------------------------------------------------------------------------------------------------------


def row(sku: str, name: str, done: Decimal | None, of: Decimal | None, *, current: bool, note: str = "") -> View:
    """A product with how many there are of how many; more than that are `over`."""
    over = max((done or ZERO) - of, ZERO) if of is not None else ZERO
    through = of is not None and done is not None and done >= of
    return {
        "sku": sku,
        "name": name,
        "done": None if done is None else decimal_text(done),
        "of": None if of is None else decimal_text(of),
        "over": decimal_text(over),
        "note": note,
        "state": "current" if current else "over" if over > 0 else "done" if through else "open",
    }


def counted_rows(tally: Tally) -> list[View]:
    """What was counted, like with like, the newest first."""
    lines: dict[tuple[Any, ...], list[Counted]] = {}
    for each in reversed(tally.counts):
        key = (each.item.sku, each.lot_id, each.expires_on, each.condition, each.location_id, each.container)
        lines.setdefault(key, []).append(each)
    return [_counted(alike) for alike in list(lines.values())[:MOST_SHOWN]]


def _counted(alike: list[Counted]) -> View:
    first = alike[0]
    return {
        "sku": first.item.sku,
        "name": first.item.name,
        "qty": decimal_text(sum((each.qty for each in alike), ZERO)),
        "lot_id": first.lot_id,
        "expires_on": first.expires_on,
        "condition": first.condition,
        "location_id": first.location_id,
        "container": first.container,
        "serials": [serial for each in alike for serial in each.serials][:MOST_SHOWN],
        "photo": any(each.photo for each in alike),
    }


def names_of(db: sqlite3.Connection, skus: Iterable[str]) -> dict[str, str]:
    """What products are called; one that nobody described is called like its SKU."""
    found = {sku: tallies.item(db, sku) for sku in skus}
    return {sku: item.name if item else sku for sku, item in found.items()}


def goods(title: str, rows: Sequence[View], tally: Tally | None) -> View:
    """What stands beside the next thing: what is expected, and what was counted."""
    shown = list(rows[:MOST_SHOWN])
    counted = counted_rows(tally) if tally else []
    return {"title": title, "rows": shown, "hidden": len(rows) - len(shown), "counted": counted}


def choice(ident: str, title: str, detail: str, lines: int | None, units: str | None) -> View:
    """Work that can be chosen."""
    of = {"priority": "normal", "lines": lines, "units": units, "ship_by": None}
    return {"id": ident, "title": title, "detail": detail, **of}


def current_sku(tally: Tally) -> str | None:
    """The product that is in hand or was counted last."""
    if tally.in_hand is not None:
        return tally.in_hand.item.sku
    return tally.counts[-1].item.sku if tally.counts else None


def as_progress(ident: str, done: Decimal, of: Decimal) -> View:
    """How many units are through."""
    return {"id": ident, "done": decimal_text(done), "of": decimal_text(of)}
