"""When a weight may be used for a parcel, and what the parcel should weigh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from local_store.domain.site import WeightRule
from local_store.domain.words import Answer, say

MG_PER_KG = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the scale said after the worker asked; `weight_mg` is None when there is no usable number."""

    scale: str
    weight_mg: int | None = None
    stability: str = "unknown"
    range: str = "unknown"
    fault: str | None = None
    newer_than_request: bool = False
    emptied: bool = False
    """Whether the scale was empty since the last weight that was accepted."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the contents and the carton should weigh together."""

    weight_mg: int
    tolerance_mg: int

    def fits(self, weight_mg: int) -> bool:
        """Whether a weight is within tolerance."""
        return abs(weight_mg - self.weight_mg) <= self.tolerance_mg


@dataclass(frozen=True, slots=True)
class Still:
    """What a scale has shown unchanged, to the last digit, and since when (seconds of the steady clock)."""

    shown: tuple[int | None, str, str, str | None]
    since: float

    def frozen(self, now: float, after_s: float) -> bool:
        """Whether it shows something other than zero for so long that nobody can believe that it still weighs.

        Goods on a real scale creep by a digit or two; a scale that hangs repeats itself (field_failures 3, row 13).
        """
        weight_mg, *_ = self.shown
        return bool(weight_mg) and now - self.since > after_s


def still(before: Still | None, weighing: Weighing, now: float) -> Still:
    """What the scale shows unchanged, after one more reading at `now`."""
    shown = (weighing.weight_mg, weighing.stability, weighing.range, weighing.fault)
    return before if before is not None and before.shown == shown else Still(shown, now)


def is_empty(weighing: Weighing, empty_mg: int) -> bool:
    """Whether nothing lies on the scale: at rest, in range, and not above what counts as empty."""
    return (
        weighing.fault is None
        and weighing.weight_mg is not None
        and weighing.stability == "stable"
        and weighing.range == "ok"
        and weighing.weight_mg <= empty_mg
    )


def refusal(weighing: Weighing, *, again: bool = False) -> Answer | None:
    """Why this weighing cannot be used, or None when it can (device_protocols 1.1: all conditions must hold).

    A weight is never used for the next parcel: the scale must have been empty since the last one that was accepted,
    except when the same parcel is weighed `again`.
    """
    if weighing.fault is not None:
        return say("scale.fault", fault=weighing.fault)
    if weighing.range == "over":
        return say("scale.over")
    if weighing.range == "under":
        return say("scale.under")
    if weighing.weight_mg is None:
        return say("scale.moving" if weighing.stability == "unstable" else "scale.none")
    if not weighing.newer_than_request:
        return say("scale.old")
    if weighing.stability != "stable" or weighing.range != "ok":
        return say("scale.moving")
    if weighing.weight_mg <= 0:
        return say("scale.empty", weight=kilograms(weighing.weight_mg))
    return None if weighing.emptied or again else say("scale.not_emptied")


def expected(items: Iterable[tuple[Decimal, int | None]], rule: WeightRule) -> Expected | None:
    """Expected weight of (quantity, nominal_mg) items in a carton; None when a nominal weight is missing."""
    total = Decimal(rule.carton_mg)
    for quantity, nominal_mg in items:
        if quantity == 0:
            continue
        if nominal_mg is None:
            return None
        total += quantity * nominal_mg
    share = total * rule.tolerance_percent / 100
    whole = int(total.to_integral_value(ROUND_HALF_EVEN))
    return Expected(whole, max(rule.tolerance_mg, int(share)))


def kilograms(weight_mg: int) -> str:
    """A weight for people: kilograms with three decimals."""
    return f"{Decimal(weight_mg) / MG_PER_KG:.3f} kg"
