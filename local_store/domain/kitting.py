"""Kits of kits: what is needed at all levels, how many can be built of what is in hand, and of what. Pure.

A bill says what one kit is made of. A part that has a bill itself is taken as it is where one is in hand, and built
first where none is. A bill that leads back to its own kit is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from local_store.domain.commands import BillPart
from local_store.domain.events import KitPart

ZERO = Decimal(0)
DEEPEST = 20
"""Levels of a kit: deeper than anything that hands build."""


class Part(NamedTuple):
    """So many units of a product in each kit."""

    sku: str
    qty: Decimal


Bills = Mapping[str, tuple[Part, ...]]
NO_BILLS: Bills = MappingProxyType({})


class Piece(NamedTuple):
    """Units in hand, from one place."""

    sku: str
    qty: Decimal
    lot_id: str | None = None
    serials: tuple[str, ...] = ()
    location_id: str | None = None
    built: bool = False


class Build(NamedTuple):
    """Kits that are built, and of what; parts of a kit come before it."""

    sku: str
    qty: Decimal
    used: tuple[Piece, ...]


class Plan(NamedTuple):
    """How kits are built of what is in hand; nothing is built where something is missing."""

    builds: tuple[Build, ...] = ()
    missing: Mapping[str, Decimal] = MappingProxyType({})
    left: tuple[Piece, ...] = ()


class Need(NamedTuple):
    """What a number of kits needs of one product, if nothing but the lowest parts were in hand."""

    level: int
    """1 is a part of the kit itself; a product on several levels stands on its lowest."""
    sku: str
    qty: Decimal
    is_kit: bool


def parts_of(parts: Iterable[BillPart | KitPart]) -> tuple[Part, ...]:
    """Parts with the same product added up."""
    found: dict[str, Decimal] = {}
    for each in parts:
        found[each.sku] = found.get(each.sku, ZERO) + each.qty
    return tuple(Part(sku, qty) for sku, qty in found.items())


def cycle(bills: Bills, sku: str) -> tuple[str, ...] | None:
    """The way on which a kit would need itself, or is deeper than `DEEPEST`; None for a bill that can be built."""
    done: set[str] = set()

    def visit(way: tuple[str, ...]) -> tuple[str, ...] | None:
        if way[-1] in way[:-1] or len(way) > DEEPEST:
            return way
        if way[-1] in done:
            return None
        for part in bills.get(way[-1], ()):
            found = visit((*way, part.sku))
            if found is not None:
                return found
        done.add(way[-1])
        return None

    return visit((sku,))


def in_order(bills: Bills, sku: str) -> tuple[str, ...]:
    """Every product of a kit that can be built, each before its parts."""
    found: list[str] = []
    seen: set[str] = set()

    def visit(each: str) -> None:
        if each not in seen:
            seen.add(each)
            for part in reversed(bills.get(each, ())):
                visit(part.sku)
            found.append(each)

    visit(sku)
    return tuple(reversed(found))


def needs(bills: Bills, sku: str, kits: Decimal) -> tuple[Need, ...]:
    """What `kits` kits need at all levels."""
    qty, level = {sku: kits}, {sku: 0}
    for each in in_order(bills, sku):
        for part in bills.get(each, ()):
            qty[part.sku] = qty.get(part.sku, ZERO) + qty[each] * part.qty
            level[part.sku] = max(level.get(part.sku, 0), level[each] + 1)
    return tuple(Need(level[each], each, qty[each], each in bills) for each in qty if each != sku)


def plan(bills: Bills, sku: str, kits: Decimal, pieces: Sequence[Piece]) -> Plan:
    """How `kits` kits are built. Finished kits among the pieces are none of their own parts."""
    order = in_order(bills, sku)
    built, missing = _to_build(bills, order, kits, _in_hand(pieces))
    if missing:
        return Plan(missing=missing, left=tuple(pieces))
    shelf = _Shelf([piece for piece in pieces if piece.sku != sku])
    builds = []
    for each in reversed(order):
        if built.get(each, ZERO) > 0:
            used = tuple(piece for part in bills[each] for piece in shelf.take(part.sku, part.qty * built[each]))
            builds.append(Build(each, built[each], used))
            if each != sku:
                shelf.put(Piece(each, built[each], built=True))
    return Plan(tuple(builds), left=shelf.left())


def most(bills: Bills, sku: str, wanted: Decimal, pieces: Sequence[Piece]) -> Decimal:
    """How many kits can be built of what is in hand, `wanted` at most: found by halving, for less always fits."""
    order, there = in_order(bills, sku), _in_hand(pieces)
    low, high = 0, int(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        if _to_build(bills, order, Decimal(middle), there)[1]:
            high = middle - 1
        else:
            low = middle
    return Decimal(low)


def _in_hand(pieces: Iterable[Piece]) -> dict[str, Decimal]:
    there: dict[str, Decimal] = {}
    for piece in pieces:
        there[piece.sku] = there.get(piece.sku, ZERO) + piece.qty
    return there


def _to_build(
    bills: Bills, order: Sequence[str], kits: Decimal, there: Mapping[str, Decimal]
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """How many of each kit are to be built, and what is missing. No half kits are built to go into another."""
    need, built, missing = {order[0]: kits}, dict[str, Decimal](), dict[str, Decimal]()
    for place, each in enumerate(order):
        rest = need.get(each, ZERO) - (there.get(each, ZERO) if place else ZERO)
        if rest <= 0:
            continue
        if each not in bills or rest % 1 != 0:
            missing[each] = rest
            continue
        built[each] = rest
        for part in bills[each]:
            need[part.sku] = need.get(part.sku, ZERO) + rest * part.qty
    return built, missing


class _Shelf:
    """Pieces that are used up, those in hand before those that were just built."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces: dict[str, list[Piece]] = {}
        for piece in pieces:
            self.put(piece)

    def put(self, piece: Piece) -> None:
        self._pieces.setdefault(piece.sku, []).append(piece)

    def take(self, sku: str, qty: Decimal) -> list[Piece]:
        """Units of a product; there are enough."""
        there, found = self._pieces.get(sku, []), list[Piece]()
        while qty > 0:
            first = there.pop(0)
            taken = min(first.qty, qty)
            count = int(taken)
            found.append(first._replace(qty=taken, serials=first.serials[:count]))
            if first.qty > taken:
                there.insert(0, first._replace(qty=first.qty - taken, serials=first.serials[count:]))
            qty -= taken
        return found

    def left(self) -> tuple[Piece, ...]:
        return tuple(piece for pieces in self._pieces.values() for piece in pieces)
