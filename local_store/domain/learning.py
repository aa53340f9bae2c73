"""What one unit of a product weighs, learned from parcels whose weight nobody had to explain. Pure.

A parcel tells one number, the sum of its units. What it tells of each product is in proportion to how much of the
doubt is that product's (a Kalman filter that keeps no correlations): a parcel of one product tells all of it, one of
many tells a little of each. A surprise beyond three deviations moves a mean as far as three would, and makes nobody
surer. How coarse the scale is comes from its weights too: on one that shows half kilos nobody is sure of ten grams.
All in whole milligrams.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import isqrt
from typing import NamedTuple

from local_store.domain.pack_work import Learned, PackLine
from local_store.domain.site import WeightRule
from local_store.domain.weights import Expected, expected

TRUSTED = 8
"""Parcels after which a learned weight counts more than the nominal one."""
DEVIATIONS = 4
"""How far from the expected weight a parcel may be, in standard deviations: one in 16,000 by chance."""
SURPRISE = 3
SCALE_MG2 = 5_000**2
"""What scale and tape add, beside what the scale rounds: five grams, squared."""
_FINEST_MG = 1_000
"""A scale is never taken for finer than one gram."""
_SAME_SHARE = 20
"""What is left below a twentieth of a step is none: pounds and ounces are not whole milligrams."""
MOST_UNITS = 3
"""More missing or extra units than this are not guessed."""
_REMEMBERED = 30
"""Parcels that count for the spread; earlier ones fade."""


def from_nominal(nominal_mg: int) -> Learned:
    """What is known of a product before the first parcel: its nominal weight, give or take a third."""
    return Learned(0, nominal_mg, (nominal_mg // 3) ** 2 + 1, _least_spread(nominal_mg))


def finer(step_mg: int | None, weight_mg: int) -> int:
    """The step in which a scale weighs, after one more weight: what divides all that it showed.

    A scale of which nothing is known may have a step as large as its first weight.
    """
    step_mg, rest_mg = (weight_mg, 0) if step_mg is None else (step_mg, _beside(weight_mg, step_mg))
    while rest_mg >= max(step_mg // _SAME_SHARE, _FINEST_MG):
        step_mg, rest_mg = rest_mg, _beside(step_mg, rest_mg)
    return max(step_mg, _FINEST_MG)


def learn(
    amounts: Mapping[str, Decimal], known: Mapping[str, Learned | None], net_mg: int, step_mg: int = 0
) -> dict[str, Learned]:
    """What is known of each product after a parcel of these amounts weighed `net_mg` without its carton.

    `step_mg` is the step of the scale.

    A product of which nothing is known is learned from a parcel that holds nothing else.
    """
    if net_mg <= 0:
        return {}
    before = {sku: weight for sku in amounts if (weight := known[sku]) is not None}
    if len(before) < len(amounts):
        if len(amounts) > 1:
            return {}
        ((sku, qty),) = amounts.items()
        mean_mg = int(net_mg / qty)
        return {sku: Learned(1, mean_mg, (mean_mg // 10) ** 2 + 1, _least_spread(mean_mg))}
    total_mg2 = _doubt(
        (before[sku].doubt_mg2 * qty**2 + before[sku].spread_mg2 * qty for sku, qty in amounts.items()), step_mg
    )
    off = Decimal(net_mg) - sum(before[sku].mean_mg * qty for sku, qty in amounts.items())
    most = SURPRISE * Decimal(isqrt(int(total_mg2)))
    surprised = abs(off) > most
    off = max(-most, min(most, off))
    return {sku: _after(before[sku], qty, off, total_mg2, surprised=surprised) for sku, qty in amounts.items()}


class Content(NamedTuple):
    """Units of one line in a parcel."""

    line: PackLine
    qty: Decimal


def expected_of(contents: Sequence[Content], tare_mg: int, rule: WeightRule, step_mg: int = 0) -> Expected | None:
    """What a parcel should weigh on a scale that weighs in steps of `step_mg`; None where a weight is missing.

    The tolerance is the site's; where the weights of all products are learned it is narrower, never wider.
    """
    told = [(each.qty, unit_mg(each.line)) for each in contents]
    by_site = expected(told, replace(rule, carton_mg=tare_mg))
    learned = [(each.qty, each.line.learned) for each in contents]
    if by_site is None or not all(weight is not None and weight.parcels >= TRUSTED for _, weight in learned):
        return by_site
    doubts = (weight.doubt_mg2 * qty**2 + weight.spread_mg2 * qty for qty, weight in learned if weight is not None)
    total_mg2 = _doubt(doubts, step_mg)
    narrow_mg = DEVIATIONS * isqrt(int(total_mg2))
    return Expected(by_site.weight_mg, min(by_site.tolerance_mg, narrow_mg))


def unit_mg(line: PackLine) -> int | None:
    """What one unit weighs: as learned, else as HQ says."""
    if line.learned is not None and line.learned.parcels >= TRUSTED:
        return line.learned.mean_mg
    return line.nominal_mg


def suspect(contents: Iterable[Content], off_mg: int, tolerance_mg: int) -> tuple[PackLine, int] | None:
    """The product, and how many of it, that a parcel has too many of (or, below zero, too few) by its weight.

    None where no product or more than one fits.
    """
    found: list[tuple[PackLine, int]] = []
    for line, qty in contents:
        weight_mg = unit_mg(line) or 0
        units = round(Decimal(off_mg) / weight_mg) if weight_mg else 0
        near = abs(off_mg - units * weight_mg) <= min(tolerance_mg, weight_mg // 4)
        if units and abs(units) <= MOST_UNITS and near and (units > 0 or -units <= qty):
            found.append((line, units))
    fewest = min((abs(units) for _, units in found), default=0)
    likely = [each for each in found if abs(each[1]) == fewest]
    return likely[0] if len(likely) == 1 else None


def _after(before: Learned, qty: Decimal, off: Decimal, total_mg2: Decimal, *, surprised: bool) -> Learned:
    gain = qty * before.doubt_mg2 / total_mg2
    mean_mg = max(1, int(before.mean_mg + gain * off))
    parcels = before.parcels + 1
    share = qty * before.spread_mg2 / total_mg2
    fades = Decimal(min(parcels + 1, _REMEMBERED))
    spread = before.spread_mg2 + share * before.spread_mg2 * (off * off / total_mg2 - 1) * 2 / fades
    spread_mg2 = max(int(spread), _least_spread(mean_mg))
    doubt = before.doubt_mg2 if surprised else int(before.doubt_mg2 * (1 - gain * qty))
    return Learned(parcels, mean_mg, max(doubt, spread_mg2 // _REMEMBERED, 1), spread_mg2)


def _least_spread(mean_mg: int) -> int:
    """Units of a product are never more alike than half a per cent."""
    return (mean_mg // 200) ** 2 + 1


def _beside(weight_mg: int, step_mg: int) -> int:
    """How far a weight is from the nearest multiple of a step."""
    over_mg = weight_mg % step_mg
    return min(over_mg, step_mg - over_mg)


def _doubt(parts: Iterable[Decimal], step_mg: int) -> Decimal:
    """The variance of a parcel's weight; rounding to a step adds a twelfth of the step squared."""
    return sum(parts, Decimal(SCALE_MG2 + step_mg**2 // 12))
