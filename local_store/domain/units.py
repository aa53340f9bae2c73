"""Serial numbers and lots of the units in a parcel. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from local_store.domain import stock
from local_store.domain.events import PackedItem, PickedAs
from local_store.domain.meaning import shown
from local_store.domain.pack_work import PackLine, PackWork, Parcel, SerialSeen, Unit
from local_store.domain.words import Answer, say

ZERO, ONE = Decimal(0), Decimal(1)


def wrong_serial(work: PackWork, line: PackLine, qty: Decimal, seen: SerialSeen) -> Answer | None:
    """Why the unit with this serial number must not go into the parcel; None when it may.

    Where picking recorded serial numbers, it must be one of those that were picked for the order.
    """
    serial = shown(seen.serial)
    if qty != ONE:
        return say("pack.serials_singly", item=line.item)
    if any(unit.order_line_id in _of(work, line.sku) and unit.serial == seen.serial for unit in work.units):
        return say("pack.serial_twice", serial=serial, item=line.item)
    if seen.account is not None and seen.account.startswith(stock.package("")):
        return say("pack.serial_packed", serial=serial, item=line.item)
    if seen.picked and seen.account != stock.picked(work.picklist_id):
        return say("pack.serial_not_picked", serial=serial, item=line.item, order=work.order_id)
    return None


def serials_in(work: PackWork, parcel: Parcel, line: PackLine) -> tuple[str, ...]:
    """The serial numbers of a line's units in a parcel."""
    return tuple(sorted(unit.serial for unit in _units(work, parcel, line) if unit.serial is not None))


def lots_in(work: PackWork, parcel: Parcel, line: PackLine) -> tuple[tuple[str, Decimal], ...]:
    """How many of a line's units in a parcel are of which lot, as far as it is known."""
    found: dict[str, Decimal] = {}
    for unit in _units(work, parcel, line):
        if unit.lot_id is not None:
            found[unit.lot_id] = found.get(unit.lot_id, Decimal(0)) + unit.qty
    return tuple(sorted(found.items()))


def others_for(work: PackWork, line: PackLine) -> frozenset[str]:
    """The products that were picked instead of a line's own, and wait to be packed."""
    return frozenset(
        unit.sku for unit in work.picked if unit.order_line_id == line.order_line_id and unit.sku != line.sku
    )


def told_by_picking(work: PackWork, line: PackLine, qty: Decimal) -> bool:
    """Whether picking knows the serial number of each unit of a line, and all of them go into the parcel at once.

    Then nobody has to scan them again: no other unit is there to take them for.
    """
    known = [unit for unit in work.picked if unit.order_line_id == line.order_line_id]
    numbers = sum(len(unit.serials) for unit in known)
    return line.packed == 0 and numbers == qty == line.qty and line.sku not in work.alike


def picked_in(work: PackWork, parcel: Parcel, line: PackLine) -> tuple[PickedAs, ...]:
    """As what the units of a line in a parcel were picked; in the order of picking where nothing tells them apart."""
    units = [unit for unit in work.picked if unit.order_line_id == line.order_line_id]
    qty = work.contents(parcel)[line.order_line_id]
    if not units or sum(unit.qty for unit in units) <= qty:
        return tuple(PickedAs(sku=each.sku, qty=each.qty, lot_id=each.lot_id, serials=each.serials) for each in units)
    scanned = set(serials_in(work, parcel, line))
    lots = dict(lots_in(work, parcel, line))
    taken, rest = [], qty - len(scanned)
    for unit in sorted(units, key=lambda each: (each.lot_id not in lots, bool(each.serials))):
        found = tuple(serial for serial in unit.serials if serial in scanned)
        others = min(rest, unit.qty - len(found))
        rest -= others
        for many, serials in ((Decimal(len(found)), found), (others, ())):
            if many:
                taken.append(PickedAs(sku=unit.sku, qty=many, lot_id=unit.lot_id, serials=serials))
    return tuple(taken)


def given_back(items: Iterable[PackedItem], inside: Iterable[PickedAs]) -> tuple[PackedItem, ...]:
    """The items of a parcel that is taken apart, with what the ledger knows of the units inside."""
    waiting, found = list(inside), []
    for item in items:
        mine = [unit for unit in waiting if unit.sku == item.sku]
        found.append(item.model_copy(update={"picked": _up_to(item.qty, mine, waiting)}))
    for place, item in enumerate(found):
        more = _up_to(item.qty - sum((each.qty for each in item.picked), ZERO), list(waiting), waiting)
        found[place] = item.model_copy(update={"picked": (*item.picked, *more)})
    return tuple(found)


def _up_to(qty: Decimal, units: list[PickedAs], waiting: list[PickedAs]) -> tuple[PickedAs, ...]:
    """So many of these units, taken from those that wait for a line."""
    taken = []
    for unit in units:
        many = min(qty, unit.qty)
        if not many:
            continue
        qty -= many
        serials = unit.serials[: int(many)]
        taken.append(unit.model_copy(update={"qty": many, "serials": serials}))
        place = waiting.index(unit)
        rest = unit.model_copy(update={"qty": unit.qty - many, "serials": unit.serials[len(serials) :]})
        waiting[place : place + 1] = [rest] if rest.qty else []
    return tuple(taken)


def _units(work: PackWork, parcel: Parcel, line: PackLine) -> list[Unit]:
    of = (parcel.package_id, line.order_line_id)
    return [unit for unit in work.units if (unit.package_id, unit.order_line_id) == of]


def _of(work: PackWork, sku: str) -> set[str]:
    return {line.order_line_id for line in work.lines if line.sku == sku}
