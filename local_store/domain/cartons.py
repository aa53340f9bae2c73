"""Which box to take: the smallest that holds everything, by size and by weight, as far as both are known. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from local_store.domain.events import Carton, Dimensions

FILLED_PERCENT = 80
"""How much of a box goods of different shapes fill at most; the rest is gaps and packing material."""


class Goods(NamedTuple):
    """Units of one product that are to go into a box."""

    sku: str
    qty: Decimal
    unit_mg: int | None
    """None where nobody told it, and none was learned."""
    size: Dimensions | None
    """Of one unit; None where nobody told it."""


class Suggested(NamedTuple):
    """The box to take, and what could not be looked at."""

    carton: Carton | None
    """None where no box holds everything, or nothing is known to go by."""
    no_size: tuple[str, ...] = ()
    """Products whose size is not known: then boxes are compared by weight alone."""
    no_weight: tuple[str, ...] = ()
    """Products whose weight is not known: then boxes are compared by size alone."""

    @property
    def blind(self) -> bool:
        """Whether neither size nor weight of everything is known."""
        return bool(self.no_size and self.no_weight)


def suggested(cartons: Sequence[Carton], goods: Sequence[Goods]) -> Suggested:
    """The smallest box that holds these goods; `cartons` stand in order of their size.

    What is not known of one product is not guessed: neither is then known of all of them together.
    """
    no_size = tuple(each.sku for each in goods if each.size is None)
    no_weight = tuple(each.sku for each in goods if each.unit_mg is None)
    nothing = Suggested(None, no_size, no_weight)
    if nothing.blind:
        return nothing
    found = next(
        (box for box in cartons if (no_size or _holds(box, goods)) and (no_weight or _may_weigh(box, goods))), None
    )
    return nothing._replace(carton=found)


def _may_weigh(box: Carton, goods: Sequence[Goods]) -> bool:
    contents_mg = sum(int(each.qty * (each.unit_mg or 0)) for each in goods)
    return box.max_mg is None or contents_mg <= box.max_mg - (box.tare_mg or 0)


def _holds(box: Carton, goods: Sequence[Goods]) -> bool:
    """Each unit fits by itself, turned as it needs be, and all together leave room for gaps; one unit needs none."""
    inner = sorted((box.length_mm, box.width_mm, box.height_mm))
    sizes = [(each.qty, sorted(_lengths(each.size))) for each in goods if each.size is not None]
    if any(length > room for _, size in sizes for length, room in zip(size, inner, strict=True)):
        return False
    if sum(qty for qty, _ in sizes) <= 1:
        return True
    volume = sum(qty * size[0] * size[1] * size[2] for qty, size in sizes)
    return volume * 100 <= inner[0] * inner[1] * inner[2] * FILLED_PERCENT


def _lengths(size: Dimensions) -> tuple[int, int, int]:
    return size.length_mm, size.width_mm, size.height_mm
