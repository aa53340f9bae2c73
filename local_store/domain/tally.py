"""Counting goods onto an open tally, scan by scan: the same at the dock, at a shelf, at the returns desk. Pure.

One scan may say several things at once (GS1), or one thing each: the item, its lot, expiry or serial number. What a
unit still lacks is asked for; it is counted when nothing is missing. What the counts lead to when the tally is closed
is for the kind of work to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from local_store.domain.codes import Meaning
from local_store.domain.commands import FloorCommand, KeyQuantity, Scan, SetValue, Undo
from local_store.domain.events import (
    Condition,
    Fact,
    TallyContained,
    TallyCounted,
    TallyInHand,
    TallyMoved,
    TallyOpened,
    TallyPhotographed,
    TallyUndone,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.keying import new_pieces
from local_store.domain.meaning import Meant, shown
from local_store.domain.words import Answer, listed, phrase, say, word

ONE = Decimal(1)
_WANTS = {
    "lot": "tally.wants_lot",
    "expiry": "tally.wants_expiry",
    "serial": "tally.wants_serial",
    "weight": "tally.wants_weight",
}
NEVER_TWICE = 1_000_000
"""More of one item than anybody counts at once."""


class Item(NamedTuple):
    """A product as counting needs it."""

    sku: str
    name: str
    serial_required: bool = False
    expiry_required: bool = False
    lot_required: bool = False
    catch_weight: bool = False
    """Whether each unit or carton is weighed when it comes in."""
    min_shelf_days: int | None = None
    barcoded: bool = True
    """Whether its units carry a code that can be scanned."""

    @property
    def title(self) -> str:
        """The product in words."""
        return f"{self.name} ({self.sku})"


class InHand(NamedTuple):
    """The item in hand and what is known of it."""

    item: Item
    qty: Decimal = ONE
    lot_id: str | None = None
    expires_on: str | None = None
    serial: str | None = None
    condition: Condition = "good"
    weight_mg: int | None = None
    container: str | None = None


class Counted(NamedTuple):
    """One count on a tally, as it stands."""

    count_id: str
    item: Item
    qty: Decimal
    lot_id: str | None = None
    expires_on: str | None = None
    condition: Condition = "good"
    location_id: str | None = None
    serials: tuple[str, ...] = ()
    weight_mg: int | None = None
    container: str | None = None
    photo: str | None = None

    @property
    def scan(self) -> str:
        """What it was counted by: the counts of one scan of a whole pallet have ids that begin alike."""
        return self.count_id.partition(":")[0]


class Tally(NamedTuple):
    """An open tally. `about` is what it is for: an announcement, a return, a work order, a location."""

    tally_id: str
    work: str
    about: str
    status: str = "open"
    workplace: str | None = None
    worker_id: str | None = None
    location_id: str | None = None
    container: str | None = None
    """The SSCC of the pallet or carton whose units are being counted."""
    in_hand: InHand | None = None
    counts: tuple[Counted, ...] = ()

    def total(self, sku: str) -> Decimal:
        """How many units of a product are on it."""
        return sum((each.qty for each in self.counts if each.item.sku == sku), Decimal(0))

    @property
    def waiting(self) -> InHand | None:
        """The item in hand that is not counted yet; a unit that only another serial number would make is none."""
        hand, last = self.in_hand, self.counts[-1] if self.counts else None
        if hand is None or (hand.serial is None and last and last.serials and last.item.sku == hand.item.sku):
            return None
        return hand


Check = Callable[[Tally, InHand], Answer | None]
"""Why the item in hand must not be counted here; None when it may be."""
Wants = Callable[[InHand], str | None]
"""What is still to be said of the item in hand before it counts: `lot`, `expiry`, `serial`, `weight`."""


class Desk(NamedTuple):
    """What a workplace that tallies is shown of the store."""

    tally: Tally | None
    meant: Meant
    item: Item | None
    """The product that was scanned."""
    asked: object = None
    """What a scan or an open names for this kind of work: an announcement, a return, a work order."""
    unit_at: Callable[[str, str], str | None] = lambda _sku, _serial: None
    """The workplace where a unit (SKU, serial number) is on another open tally."""


def counted_elsewhere(desk: Desk, item: Item, serial: str) -> Answer | None:
    """Why a unit must not be counted here: it is counted at another workplace, and nobody has completed that yet."""
    at = desk.unit_at(item.sku, serial)
    return say("tally.serial_elsewhere", serial=shown(serial), item=item.title, workplace=at) if at else None


def wants_what_its_product_requires(hand: InHand) -> str | None:
    """Lot, expiry and serial number, for products that must have them."""
    if hand.item.lot_required and hand.lot_id is None:
        return "lot"
    if hand.item.expiry_required and hand.expires_on is None:
        return "expiry"
    if hand.item.serial_required and hand.serial is None:
        return "serial"
    return None


def opened(work: str, about: str, workplace: str, worker_id: str, tally_id: str) -> TallyOpened:
    """Begin a tally, or go on with one that was left: `tally_id` is new or that of the open one."""
    return TallyOpened(tally_id=tally_id, work=work, about=about, workplace=workplace, worker_id=worker_id)


def asks_for_text(tally: Tally, desk: Desk, wants: Wants) -> bool:
    """Whether a code that means nothing here is what was asked for: a lot, an expiry, a serial number."""
    hand = tally.in_hand
    return hand is not None and not desk.meant.meanings and wants(hand) in {"serial", "lot", "expiry"}


def weighed(tally: Tally, weight_mg: int, count_id: str, check: Check, wants: Wants) -> Decision:
    """The item in hand was weighed; the weight has been judged already."""
    if tally.in_hand is None:
        return Decision(say("tally.item_first"))
    return _take(tally, tally.in_hand._replace(weight_mg=weight_mg), count_id, check, wants)


def contained(tally: Tally, container: str | None) -> TallyContained:
    """What is counted from now on is on this pallet, or on none."""
    return TallyContained(tally_id=tally.tally_id, container=container)


def act(desk: Desk, command: FloorCommand, check: Check, wants: Wants = wants_what_its_product_requires) -> Decision:
    """What an act on an open tally leads to. Raises TypeError for a command that is not about counting."""
    tally = desk.tally
    if tally is None:
        return Decision(say("tally.none"))
    match command:
        case Scan():
            return _scan(desk, tally, command, check, wants)
        case SetValue():
            return _set(tally, command.name, command.value, str(command.command_id), check, wants)
        case KeyQuantity():
            return _key(tally, command, check)
        case Undo():
            return _undo(tally)
    raise TypeError(f"no rule for {command.kind} on a tally")


def _scan(desk: Desk, tally: Tally, command: Scan, check: Check, wants: Wants) -> Decision:
    things = {meaning.thing: meaning for meaning in desk.meant.meanings}
    if "product" in things and desk.item is not None:
        hand = _read(tally, desk.item, things["product"], desk.meant)
        return _take(tally, hand, str(command.command_id), check, wants)
    if "location" in things:
        return _at(tally, things["location"].id)
    missing = wants(tally.in_hand) if tally.in_hand is not None else None
    if missing is not None and asks_for_text(tally, desk, wants):
        parsed = desk.meant.parsed
        said = {"serial": parsed.serial, "lot": parsed.lot, "expiry": parsed.expiry} if parsed else {}
        value = str(said.get(missing) or command.code)
        return _set(tally, missing, value, str(command.command_id), check, wants)
    if not things:
        return Decision(say("tally.unknown", code=shown(command.code)))
    other = desk.meant.meanings[0]
    return Decision(say("tally.not_for", code=shown(command.code), thing=other.named))


def _read(tally: Tally, item: Item, meaning: Meaning, meant: Meant) -> InHand:
    """A product that was scanned, with all that its code says."""
    parsed = meant.parsed
    hand = InHand(item, Decimal(meaning.multiplier), container=tally.container)
    if parsed is None:
        return hand
    expiry = parsed.expiry.isoformat() if parsed.expiry else None
    weight_mg = parsed.weight_mg
    return hand._replace(lot_id=parsed.lot, expires_on=expiry, serial=parsed.serial, weight_mg=weight_mg)


def _take(tally: Tally, hand: InHand, count_id: str, check: Check, wants: Wants) -> Decision:
    """Count the item in hand, or ask for what it lacks."""
    refusal = _wrong(tally, hand) or check(tally, hand)
    if refusal is not None:
        return Decision(refusal)
    missing = wants(hand)
    if missing is not None:
        return Decision(say(_WANTS[missing], item=hand.item.title), (_held(tally, hand),))
    total = tally.total(hand.item.sku) + hand.qty
    answer = say("tally.counted", item=hand.item.title, qty=decimal_text(hand.qty), total=decimal_text(total))
    facts: tuple[Fact, ...] = (count_of(tally, hand, count_id),)
    if hand.serial is not None:  # the next unit of it lacks a serial number again
        facts = (*facts, _held(tally, hand._replace(serial=None, condition="good", weight_mg=None)))
    return Decision(answer, facts)


def _wrong(tally: Tally, hand: InHand) -> Answer | None:
    if hand.serial is None:
        return None
    if hand.qty != ONE:
        return say("tally.serial_of_many", serial=shown(hand.serial), qty=decimal_text(hand.qty))
    for each in tally.counts:
        if each.item.sku == hand.item.sku and hand.serial in each.serials:
            return say("tally.serial_twice", serial=shown(hand.serial), item=hand.item.title)
    return None


def _set(tally: Tally, name: str, value: str, count_id: str, check: Check, wants: Wants) -> Decision:
    """Something was said of the item in hand; where none is, of what was just counted."""
    last = tally.counts[-1] if tally.counts else None
    text = value.strip()
    if name == "photo":
        return _photo(tally, last, text)
    hand = tally.in_hand or (_again(last) if last is not None else None)
    if hand is None:
        return Decision(say("tally.item_first"))
    match name:
        case "serial":
            hand = hand._replace(serial=text, qty=ONE)
        case "lot":
            hand = hand._replace(lot_id=text)
        case "expiry":
            day = day_of(text)
            if day is None:
                return Decision(say("tally.no_date", value=shown(text)))
            hand = hand._replace(expires_on=day)
        case "condition" if text in {"good", "damaged"}:
            hand = hand._replace(condition="damaged" if text == "damaged" else "good")
        case _:
            return Decision(say("tally.no_value", name=word(name), value=shown(text)))
    if tally.in_hand is None and last is not None:
        return _amend(tally, last, hand, count_id, check)
    if name == "condition":  # changes what comes next, and counts nothing by itself
        return Decision(
            say("tally.condition", item=hand.item.title, condition=word(text, "condition")), (_held(tally, hand),)
        )
    return _take(tally, hand, count_id, check, wants)


def _again(last: Counted) -> InHand:
    serial = last.serials[0] if last.serials else None
    said = (last.lot_id, last.expires_on, serial, last.condition, last.weight_mg, last.container)
    return InHand(last.item, last.qty, *said)


def _amend(tally: Tally, last: Counted, hand: InHand, count_id: str, check: Check) -> Decision:
    """The last count is taken back and made again with what was said of it now."""
    if hand.qty != last.qty:
        return Decision(say("tally.serial_of_many", serial=shown(hand.serial or ""), qty=decimal_text(last.qty)))
    before = tally._replace(counts=tally.counts[:-1])
    refusal = _wrong(before, hand) or check(before, hand)
    if refusal is not None:
        return Decision(refusal)
    undone = TallyUndone(tally_id=tally.tally_id, count_id=last.count_id)
    answer = say("tally.amended", item=hand.item.title, qty=decimal_text(hand.qty), said=_in_words(hand))
    photo = (TallyPhotographed(tally_id=tally.tally_id, count_id=count_id, sha256=last.photo),) if last.photo else ()
    counted = count_of(tally, hand, count_id)
    return Decision(answer, (undone, counted.model_copy(update={"location_id": last.location_id}), *photo))


def _in_words(hand: InHand) -> str:
    said = [
        word(hand.condition, "condition"),
        phrase("lot {lot}", lot=shown(hand.lot_id)) if hand.lot_id else "",
        phrase("expires {day}", day=hand.expires_on) if hand.expires_on else "",
        phrase("serial number {serial}", serial=shown(hand.serial)) if hand.serial else "",
    ]
    return listed([each for each in said if each])


def _photo(tally: Tally, last: Counted | None, sha256: str) -> Decision:
    if last is None:
        return Decision(say("tally.item_first"))
    fact = TallyPhotographed(tally_id=tally.tally_id, count_id=last.count_id, sha256=sha256)
    return Decision(say("tally.photographed", item=last.item.title, qty=decimal_text(last.qty)), (fact,))


def day_of(text: str) -> str | None:
    """A date as a person keys it or a label says it, `2027-03-31` or `270331`; None when it is none."""
    if len(text) == len("270331") and text.isascii() and text.isdigit():
        text = f"20{text[:2]}-{text[2:4]}-{text[4:]}"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _key(tally: Tally, command: KeyQuantity, check: Check) -> Decision:
    """The worker keyed how many of the item last counted there are in all, of the same lot at the same place."""
    last = tally.counts[-1] if tally.counts else None
    if last is None or last.serials or last.location_id != tally.location_id:
        return Decision(say("tally.scan_first"))
    alike = [each for each in tally.counts if _alike(each, last)]
    counted = sum((each.qty for each in alike), Decimal(0))
    pieces = new_pieces(command.quantity, counted, Decimal(NEVER_TWICE), last.item.title)
    if isinstance(pieces, Answer):
        return Decision(pieces)
    hand = InHand(
        last.item, pieces, last.lot_id, last.expires_on, None, last.condition, last.weight_mg, last.container
    )
    refusal = check(tally, hand)
    if refusal is not None:
        return Decision(refusal)
    words = {"item": last.item.title, "qty": decimal_text(pieces), "total": decimal_text(counted + pieces)}
    return Decision(say("tally.counted", **words), (count_of(tally, hand, str(command.command_id)),))


def _alike(one: Counted, other: Counted) -> bool:
    same = ("item", "lot_id", "expires_on", "condition", "location_id", "container")
    return not one.serials and all(getattr(one, name) == getattr(other, name) for name in same)


def _undo(tally: Tally) -> Decision:
    if not tally.counts:
        return Decision(say("tally.nothing_to_undo"))
    last = tally.counts[-1]
    together = [each for each in tally.counts if each.scan == last.scan]
    facts = tuple(TallyUndone(tally_id=tally.tally_id, count_id=each.count_id) for each in reversed(together))
    if len(together) > 1:
        words = {"container": last.container, "lines": len(together)}
        return Decision(say("tally.pallet_undone", **words), facts)
    total = decimal_text(tally.total(last.item.sku) - last.qty)
    return Decision(say("tally.undone", total=total, item=last.item.title, qty=decimal_text(last.qty)), facts)


def _at(tally: Tally, location_id: str) -> Decision:
    fact = TallyMoved(tally_id=tally.tally_id, location_id=location_id)
    return Decision(say("tally.at", location=location_id), (fact,))


def _held(tally: Tally, hand: InHand) -> TallyInHand:
    return TallyInHand(tally_id=tally.tally_id, sku=hand.item.sku, **_said(hand), serial=hand.serial, qty=hand.qty)


def count_of(tally: Tally, hand: InHand, count_id: str) -> TallyCounted:
    """The count of the item in hand."""
    return TallyCounted(
        tally_id=tally.tally_id,
        count_id=count_id,
        sku=hand.item.sku,
        qty=hand.qty,
        location_id=tally.location_id,
        serials=(hand.serial,) if hand.serial else (),
        **_said(hand),
    )


def _said(hand: InHand) -> dict[str, object]:
    names = ("lot_id", "expires_on", "condition", "weight_mg", "container")
    return {name: getattr(hand, name) for name in names}
