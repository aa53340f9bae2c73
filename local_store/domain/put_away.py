"""Put-away, scan by scan: an item or a pallet of the dock is taken in hand, then the location it is brought to. Pure.

Where it belongs is proposed by rules: the home of the product, else where the same product and lot is already, else
an empty location. Another one may be scanned where the rules permit it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from local_store.domain.commands import FloorCommand, KeyQuantity, MoveStock, Scan, Undo
from local_store.domain.events import MovedLine, PutAwayRecorded, PutAwayTaken, StockMoved, decimal_text
from local_store.domain.floor import Decision, Floor
from local_store.domain.keying import new_pieces
from local_store.domain.meaning import Meant, shown
from local_store.domain.people import By
from local_store.domain.site import Site, Worker
from local_store.domain.tally import Item
from local_store.domain.words import Answer, listed, phrase, say

NOTHING = Decimal(0)


class Spot(NamedTuple):
    """A location and what is there; `room` is how many units it holds at most, None where that is not limited."""

    location_id: str
    room: Decimal | None = None
    mixed: bool = True
    content: tuple[tuple[str, Decimal], ...] = ()
    """How many of each SKU."""


class OnDock(NamedTuple):
    """Units of one product and lot that wait to be put away."""

    item: Item
    qty: Decimal
    lot_id: str = ""
    serials: tuple[str, ...] = ()


class Hand(NamedTuple):
    """What is in hand."""

    lines: tuple[MovedLine, ...]
    container: str | None = None
    location_id: str | None = None

    @property
    def what(self) -> str:
        """It in words."""
        if self.container is not None:
            return phrase("Pallet {sscc}", sscc=self.container)
        return listed(
            [phrase("{qty} of {sku}", qty=decimal_text(line.qty), sku=shown(line.sku)) for line in self.lines]
        )


class PutAwayDesk(NamedTuple):
    """What put-away is shown of the store."""

    hand: Hand | None
    meant: Meant
    scanned: tuple[OnDock, ...] = ()
    """The product that was scanned, in each lot that is on the dock: that of the code alone where it names one."""
    item: Item | None = None
    serial: str | None = None
    """The serial number that was scanned, by itself or with its product."""
    pallet: tuple[OnDock, ...] = ()
    sscc: str | None = None
    spot: Spot | None = None
    """The location that was scanned."""
    spots: Callable[[str, str, Decimal], tuple[Spot, ...]] = lambda _sku, _lot, _qty: ()
    """Where (SKU, lot, quantity) could go, best first."""
    dock: Callable[[str, str], Decimal] = lambda _sku, _lot: NOTHING
    """How much of (SKU, lot) is on the dock and in nobody else's hands."""
    gone: Callable[[str, str], bool] = lambda _sku, _serial: False
    """Whether the unit (SKU, serial number) is known to be somewhere else, or in somebody else's hands."""
    after: Callable[[str, str], str | None] = lambda _sku, _lot: None
    """The entity of the receipt that brought the last of (SKU, lot)."""


def decide(_site: Site, floor: Floor, _worker: Worker, command: FloorCommand) -> Decision:
    """The facts and the answer that follow from an act at a put-away workplace."""
    desk: PutAwayDesk = floor.desk
    match command:
        case Scan() if desk.spot is not None and desk.item is None:
            return _bring(desk, desk.spot, command)
        case Scan():
            return _take(desk, command)
        case KeyQuantity():
            return _key(desk, command)
        case Undo() if desk.hand is not None:
            fact = PutAwayTaken(workplace=command.workplace, lines=())
            return Decision(say("put_away.laid_back", what=desk.hand.what), (fact,))
        case Undo():
            return Decision(say("put_away.nothing_to_undo"))
    return Decision(say("put_away.none"))


def refusal(spot: Spot, lines: tuple[MovedLine, ...], proposal: str) -> Answer | None:
    """Why these goods must not be put there; None when they may."""
    qty = sum((line.qty for line in lines), NOTHING)
    there = sum((units for _, units in spot.content if units > 0), NOTHING)
    if spot.room is not None and there + qty > spot.room:
        room = decimal_text(max(spot.room - there, NOTHING))
        words = {"room": room, "qty": decimal_text(qty), "proposal": proposal}
        return say("put_away.full", location=spot.location_id, **words)
    skus = {line.sku for line in lines}
    others = sorted({sku for sku, units in spot.content if units > 0} - skus)
    if not spot.mixed and (others or len(skus) > 1):
        words = {"location": spot.location_id, "proposal": proposal}
        return (
            say("put_away.not_mixed", **words, other=shown(others[0])) if others else say("put_away.mixed", **words)
        )
    return None


def propose(spots: tuple[Spot, ...], lines: tuple[MovedLine, ...]) -> str | None:
    """The first location that is permitted."""
    return next((spot.location_id for spot in spots if refusal(spot, lines, "") is None), None)


def move(
    _site: Site, _by: By, seen: tuple[Item | None, Spot | None, Spot | None, frozenset[str]], command: MoveStock
) -> Decision:
    """Carry goods between shelves. `seen`: the product, both locations, and the serial numbers of it at the first."""
    item, source, target, serials = seen
    if item is None:
        return Decision(say("stock_move.no_product", sku=shown(command.sku)))
    if source is None or target is None:
        missing = command.from_location_id if source is None else command.to_location_id
        return Decision(say("stock_move.no_location", location=shown(missing)))
    if source.location_id == target.location_id:
        return Decision(say("stock_move.same", location=source.location_id))
    if len(set(command.serials)) > command.qty:
        words = {"serials": len(command.serials), "qty": decimal_text(command.qty), "sku": command.sku}
        return Decision(say("stock_move.serials", **words))
    for serial in command.serials:
        if serial not in serials:
            words = {"serial": shown(serial), "sku": command.sku, "location": source.location_id}
            return Decision(say("stock_move.serial_elsewhere", **words))
    line = MovedLine(sku=command.sku, qty=command.qty, lot_id=command.lot_id, serials=command.serials)
    wrong = refusal(target, (line,), phrase("another location"))
    if wrong is not None:
        return Decision(wrong)
    fact = StockMoved(
        move_id=f"move_{command.command_id.hex}",
        from_location_id=source.location_id,
        to_location_id=target.location_id,
        lines=(line,),
        reason=command.reason,
    )
    words = {"qty": decimal_text(command.qty), "sku": command.sku, "source": source.location_id}
    return Decision(say("stock_move.done", target=target.location_id, **words), (fact,))


# --- taking -----------------------------------------------------------------------------------------------------


def _take(desk: PutAwayDesk, command: Scan) -> Decision:
    if desk.sscc is not None:
        return _take_pallet(desk, command.workplace, desk.sscc)
    if desk.item is None:
        answer = say("put_away.none") if desk.meant.meanings else say("put_away.unknown", code=shown(command.code))
        return Decision(answer)
    units = Decimal(next((each.multiplier for each in desk.meant.meanings if each.thing == "product"), 1))
    if desk.item.serial_required and desk.serial is None:
        return Decision(say("put_away.scan_serial", item=desk.item.title))
    hand = desk.hand
    if hand is not None and hand.container is not None:
        return Decision(say("put_away.whole_pallet"))
    if hand is not None and hand.lines[0].sku != desk.item.sku:
        return Decision(say("put_away.in_hand", what=hand.what, location=hand.location_id or phrase("its location")))
    if desk.serial is not None and hand is not None and desk.serial in hand.lines[0].serials:
        return Decision(say("put_away.has_serial", serial=shown(desk.serial)))
    if desk.serial is not None and desk.gone(desk.item.sku, desk.serial):
        return Decision(say("put_away.serial_gone", serial=shown(desk.serial), item=desk.item.title))
    return _more(desk, desk.item, units, command.workplace)


def _more(desk: PutAwayDesk, item: Item, units: Decimal, workplace: str) -> Decision:
    """So many units more are in hand, of the lot that is in hand already or that has the most on the dock."""
    held = desk.hand.lines[0] if desk.hand else MovedLine(sku=item.sku, qty=NOTHING)
    lots = [each for each in desk.scanned if desk.hand is None or (held.lot_id or "") == each.lot_id]
    if desk.hand is not None and desk.scanned and not lots:
        where = desk.hand.location_id or phrase("its location")
        return Decision(say("put_away.in_hand", what=desk.hand.what, location=where))
    lot = max(lots, key=lambda each: each.qty, default=OnDock(item, NOTHING))
    qty = held.qty + units
    if qty > lot.qty:
        return Decision(say("put_away.not_on_dock", item=item.title, qty=decimal_text(lot.qty)))
    serials = (*held.serials, desk.serial) if desk.serial else held.serials
    line = MovedLine(sku=item.sku, qty=qty, lot_id=lot.lot_id or None, serials=serials)
    return _held(desk, workplace, (line,), None)


def _take_pallet(desk: PutAwayDesk, workplace: str, sscc: str) -> Decision:
    if desk.hand is not None:
        where = desk.hand.location_id or phrase("its location")
        return Decision(say("put_away.in_hand", what=desk.hand.what, location=where))
    if not desk.pallet:
        return Decision(say("put_away.pallet_gone", sscc=sscc))
    lines = tuple(
        MovedLine(sku=each.item.sku, qty=each.qty, lot_id=each.lot_id or None, serials=each.serials)
        for each in desk.pallet
    )
    return _held(desk, workplace, lines, sscc)


def _held(desk: PutAwayDesk, workplace: str, lines: tuple[MovedLine, ...], container: str | None) -> Decision:
    proposed = _proposed(desk, lines)
    fact = PutAwayTaken(workplace=workplace, lines=lines, container=container, location_id=proposed)
    what = Hand(lines, container).what
    if proposed is None:
        return Decision(say("put_away.take_anywhere", what=what), (fact,))
    return Decision(say("put_away.take", what=what, location=proposed), (fact,))


def _proposed(desk: PutAwayDesk, lines: tuple[MovedLine, ...]) -> str | None:
    qty = sum((line.qty for line in lines), NOTHING)
    return propose(desk.spots(lines[0].sku, lines[0].lot_id or "", qty), lines)


def _key(desk: PutAwayDesk, command: KeyQuantity) -> Decision:
    hand = desk.hand
    if hand is None:
        return Decision(say("put_away.none"))
    if hand.container is not None:
        return Decision(say("put_away.whole_pallet"))
    if hand.lines[0].serials:
        return Decision(say("put_away.scan_serial", item=desk.item.title if desk.item else hand.lines[0].sku))
    line, item = hand.lines[0], desk.item or Item(hand.lines[0].sku, hand.lines[0].sku)
    pieces = new_pieces(command.quantity, line.qty, Decimal(2), item.title)
    if isinstance(pieces, Answer):
        return Decision(pieces)
    return _more(desk, item, pieces, command.workplace)


# --- bringing ---------------------------------------------------------------------------------------------------


def _bring(desk: PutAwayDesk, spot: Spot, command: Scan) -> Decision:
    hand = desk.hand
    if hand is None:
        return Decision(say("put_away.none"))
    first = hand.lines[0]
    wrong = refusal(spot, hand.lines, _proposed(desk, hand.lines) or phrase("another location"))
    if wrong is not None:
        return Decision(wrong)
    for line in hand.lines:  # a correction may have taken it off the dock meanwhile
        left = desk.dock(line.sku, line.lot_id or "")
        if left < line.qty:
            return Decision(say("put_away.not_on_dock", item=line.sku, qty=decimal_text(left)))
        gone = next((serial for serial in line.serials if desk.gone(line.sku, serial)), None)
        if gone is not None:
            return Decision(say("put_away.unit_left", serial=shown(gone), item=shown(line.sku)))
    fact = PutAwayRecorded(
        put_away_id=f"put_away_{command.command_id.hex}",
        workplace=command.workplace,
        lines=hand.lines,
        location_id=spot.location_id,
        container=hand.container,
        proposed=hand.location_id,
        after=desk.after(first.sku, first.lot_id or ""),
    )
    return Decision(say("put_away.done", what=hand.what, location=spot.location_id), (fact,))
