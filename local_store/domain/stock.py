"""What facts do to stock: double entry, so that nothing appears or goes without saying where from and where to. Pure.

An account is a place where goods can be: a shelf (`location:A-1`), what was picked for a list and is not packed yet
(`picked:PL-1`), a parcel (`package:…`), the dock where goods wait to be put away, and the outside world. Every move
takes from one account what it gives to another, so all accounts of a product add up to nothing, and
received = on hand + shipped + adjusted holds by construction. An account of a shelf may be below zero: more was taken
than this station knew of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from local_store.domain import events as e
from local_store.domain.events import Fact

SUPPLIER, CUSTOMER, ADJUSTED, ELSEWHERE = "supplier", "customer", "adjusted", "elsewhere"
"""The outside: who sends goods, who gets them, what counts added or took, what another station handed over."""
OUTSIDE = frozenset({SUPPLIER, CUSTOMER, ADJUSTED, ELSEWHERE})
DOCK, RETURNS, DAMAGED = "dock", "returns", "damaged"
"""Inside, but on no shelf: received and not put away, came back and not inspected, set aside as damaged."""
REPAIR, QUARANTINE = "repair", "quarantine"
"""Inside as well: what an inspection sent there."""
BUILT = "built"
"""Where components become kits: what goes in is, by the bill, what comes out."""

MILLIONTHS = 1_000_000


class Move(NamedTuple):
    """Units of one product that went from one account to another; `serials` are those of them that are known."""

    sku: str
    qty: Decimal
    source: str
    target: str
    lot_id: str = ""
    serials: tuple[str, ...] = ()


Moves = tuple[Move, ...]


def shelf(location_id: str) -> str:
    """The account of a location."""
    return f"location:{location_id}"


def picked(picklist_id: str | None) -> str:
    """The account of what was picked on a list and is not packed; another station's where there is no list here."""
    return f"picked:{picklist_id}" if picklist_id else ELSEWHERE


def package(package_id: str) -> str:
    """The account of a parcel."""
    return f"package:{package_id}"


def kitting(work_order_id: str) -> str:
    """The account of kits that were built to go into another kit at once."""
    return f"kitting:{work_order_id}"


def millionths(qty: Decimal) -> int:
    """A quantity as SQL can add it. What is finer than a millionth is rounded, the same on both sides of a move."""
    return int((qty * MILLIONTHS).to_integral_value())


def moves(fact: Fact) -> Moves:
    """What a fact moved; nothing for most."""
    rule = RULES.get(fact.kind)
    return rule(fact) if rule is not None else ()


def _pick_counted(fact: e.PickCounted) -> Moves:
    return (Move(fact.sku, fact.qty, shelf(fact.location_id), picked(fact.picklist_id)),)


def _pick_traced(fact: e.PickTraced) -> Moves:
    """The count beside it moved units of no lot and no number: it is moved back, and again as what it was."""
    shelf_of, list_of = shelf(fact.location_id), picked(fact.picklist_id)
    return (
        Move(fact.sku, fact.qty, list_of, shelf_of),
        Move(fact.sku, fact.qty, shelf_of, list_of, fact.lot_id, fact.serials),
    )


def _serials_assigned(fact: e.SerialsAssigned) -> Moves:
    """They are counted already; now it is known which they are."""
    at = picked(fact.picklist_id)
    return (Move(fact.sku, Decimal(0), at, at, "", fact.serials),)


def _lot_consumed(fact: e.LotConsumed) -> Moves:
    """Units that were counted as of no lot are of this one; of all others stock knows it already."""
    at = picked(fact.picklist_id)
    if not fact.named_later:
        return ()
    return (Move(fact.sku, fact.qty, at, ADJUSTED), Move(fact.sku, fact.qty, ADJUSTED, at, fact.lot_id))


def _rebinned(fact: e.PickRebinned) -> Moves:
    source, target = picked(fact.picklist_id), shelf(fact.location_id)
    known = sum((part.qty for part in fact.parts), Decimal(0))
    moved = tuple(Move(fact.sku, part.qty, source, target, part.lot_id, part.serials) for part in fact.parts)
    return moved if known == fact.qty else (*moved, Move(fact.sku, fact.qty - known, source, target))


def _handed_over(fact: e.PickHandedOver) -> Moves:
    source = picked(fact.picklist_id)
    return tuple(Move(each.sku, each.qty, source, ELSEWHERE, each.lot_id, each.serials) for each in fact.goods)


def _packed(fact: e.PackagePacked) -> Moves:
    return _of_parcel(fact.items, picked(fact.picklist_id), package(fact.package_id))


def _voided(fact: e.PackageVoided) -> Moves:
    return _of_parcel(fact.items, package(fact.package_id), picked(fact.picklist_id))


def _of_parcel(items: tuple[e.PackedItem, ...], source: str, target: str) -> Moves:
    """Units go as what they were picked as; what picking knew nothing of goes as units of no lot."""
    moved = []
    for item in items:
        moved += [Move(each.sku, each.qty, source, target, each.lot_id, each.serials) for each in item.picked]
        named = {serial for each in item.picked for serial in each.serials}
        serials = tuple(serial for serial in item.serials if serial not in named)
        rest = item.qty - sum((each.qty for each in item.picked), Decimal(0))
        if rest or serials:
            moved.append(Move(item.sku, rest, source, target, serials=serials))
    return tuple(moved)


def _receipt(fact: e.ReceiptRecorded) -> Moves:
    return tuple(
        Move(
            line.sku,
            line.qty,
            SUPPLIER,
            DOCK if line.condition == "good" else DAMAGED,
            line.lot_id or "",
            line.serials,
        )
        for line in fact.lines
    )


def _return(fact: e.ReturnReceived | e.ReturnSurplus) -> Moves:
    return tuple(Move(line.sku, line.qty, CUSTOMER, RETURNS, line.lot_id or "", line.serials) for line in fact.lines)


def _adjusted(fact: e.StockAdjusted) -> Moves:
    """Units whose serial numbers are known go and come by themselves; then the rest of what the quantities differ."""
    here, lot = shelf(fact.location_id), fact.lot_id
    gone, come = Decimal(len(fact.missing)), Decimal(len(fact.found))
    rest = fact.after - fact.before + gone - come
    source, target = (ADJUSTED, here) if rest > 0 else (here, ADJUSTED)
    found = (
        Move(fact.sku, gone, here, ADJUSTED, lot, fact.missing),
        Move(fact.sku, come, ADJUSTED, here, lot, fact.found),
        Move(fact.sku, abs(rest), source, target, lot),
    )
    return tuple(move for move in found if move.qty)


def _receipt_corrected(fact: e.ReceiptCorrected) -> Moves:
    moved = []
    for line in fact.lines:
        here = DOCK if line.condition == "good" else DAMAGED
        source, target = (SUPPLIER, here) if line.change > 0 else (here, SUPPLIER)
        moved.append(Move(line.sku, abs(line.change), source, target, line.lot_id or "", line.serials))
    return tuple(moved)


def _put_away(fact: e.PutAwayRecorded) -> Moves:
    return _carried(fact.lines, DOCK, shelf(fact.location_id))


def _stock_moved(fact: e.StockMoved) -> Moves:
    return _carried(fact.lines, shelf(fact.from_location_id), shelf(fact.to_location_id))


def _carried(lines: tuple[e.MovedLine, ...], source: str, target: str) -> Moves:
    return tuple(Move(line.sku, line.qty, source, target, line.lot_id or "", line.serials) for line in lines)


_AFTER_INSPECTION = {"reshelve": DOCK, "repair": REPAIR, "scrap": ADJUSTED, "quarantine": QUARANTINE}


def _inspected(fact: e.ReturnInspected) -> Moves:
    return tuple(
        Move(each.sku, each.qty, RETURNS, _AFTER_INSPECTION[each.to], each.lot_id or "", each.serials)
        for each in fact.goods
    )


def at(location_id: str | None) -> str:
    """The account of a location, or of the dock where there is none."""
    return shelf(location_id) if location_id else DOCK


def _kit_built(fact: e.KitBuilt) -> Moves:
    between = kitting(fact.work_order_id)
    used = tuple(
        Move(
            *(each.sku, each.qty, between if each.built else at(each.location_id), BUILT, each.lot_id or ""),
            each.serials,
        )
        for each in fact.used
    )
    target = between if fact.into else at(fact.location_id)
    return (*used, Move(fact.sku, fact.qty, BUILT, target, "", fact.serials))


def _kit_taken_apart(fact: e.KitTakenApart) -> Moves:
    kits = Move(fact.sku, fact.qty, at(fact.location_id), BUILT, "", fact.serials)
    parts = tuple(Move(each.sku, each.qty, BUILT, DOCK, each.lot_id or "", each.serials) for each in fact.parts)
    return (kits, *parts)


def _to_vendor(fact: e.VendorShipped) -> Moves:
    return tuple(
        Move(line.sku, line.qty, shelf(line.location_id) if line.location_id else DAMAGED, SUPPLIER, "", line.serials)
        for line in fact.lines
    )


RULES: Mapping[str, Callable[[Any], Moves]] = {
    e.PickCounted.kind: _pick_counted,
    e.PickTraced.kind: _pick_traced,
    e.SerialsAssigned.kind: _serials_assigned,
    e.LotConsumed.kind: _lot_consumed,
    e.PickRebinned.kind: _rebinned,
    e.PickPutBack.kind: _rebinned,
    e.PickHandedOver.kind: _handed_over,
    e.PackagePacked.kind: _packed,
    e.PackageVoided.kind: _voided,
    e.ReceiptRecorded.kind: _receipt,
    e.ReceiptCorrected.kind: _receipt_corrected,
    e.PutAwayRecorded.kind: _put_away,
    e.StockMoved.kind: _stock_moved,
    e.ReturnReceived.kind: _return,
    e.StockAdjusted.kind: _adjusted,
    e.ReturnSurplus.kind: _return,
    e.ReturnInspected.kind: _inspected,
    e.KitBuilt.kind: _kit_built,
    e.KitTakenApart.kind: _kit_taken_apart,
    e.VendorShipped.kind: _to_vendor,
}
"""What each fact moves.

A count that is taken back, and a manifest that closes, are in `works/stock.py`: their facts do not say all of it.
"""

AT_SHELVES = frozenset(
    {
        e.PickCounted.kind,
        e.PickUndone.kind,
        e.PickRebinned.kind,
        e.PutAwayRecorded.kind,
        e.StockMoved.kind,
        e.VendorShipped.kind,
    }
)
"""What takes units from shelves or puts some there, at HQ as well: it is told in turn with counts of its products."""
