"""Units of measure and quantities: HQ writes `3.000000` of a CASE where the floor counts 36 pieces. Pure, exact."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal

from sync.dialect import Known
from sync.dialects.exsited.capabilities import Profile

THOUSANDTH = Decimal("0.001")
"""The floor counts to three places."""
ONE = Decimal(1)
Rate = Callable[[str, str], Decimal | None]
"""Pieces in one unit of measure of a product; None when HQ has not told it."""


def to_pieces(quantity: Decimal, rate: Decimal) -> Decimal:
    """HQ's quantity in pieces, to a thousandth: a third of a dozen comes as 0.333333."""
    return (quantity * rate).quantize(THOUSANDTH, ROUND_HALF_EVEN).normalize() + 0


def to_uom(pieces: Decimal, rate: Decimal, places: int) -> str:
    """Pieces in HQ's unit of measure, as text with so many places, half to even."""
    return f"{(pieces / rate).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):f}"


def sale_rate(known: Known, profile: Profile) -> Rate:
    """What items say of their units when they are sold."""
    return _rate("sale_uom", known, profile)


def purchase_rate(known: Known, profile: Profile) -> Rate:
    """What items say of their units when they are bought."""
    return _rate("purchase_uom", known, profile)


def kept(rate: Decimal, uom: str) -> str:
    """The rate of a line as it is kept with its reference."""
    return f"{rate.normalize():f} {uom}".strip()


def rate_of(text: str | None) -> Decimal:
    """The rate that was kept; one for a line of which none was."""
    return Decimal(text.partition(" ")[0]) if text else ONE


def _rate(thing: str, known: Known, profile: Profile) -> Rate:
    def rate(sku: str, uom: str) -> Decimal | None:
        told = known.hq_ref(thing, f"{sku}/{uom}")
        if told is not None:
            return Decimal(told)
        return ONE if uom.upper() in profile.single_uoms else None

    return rate
