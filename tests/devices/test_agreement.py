from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from devices.agreement import CHECKED, INFERRED, UNCHECKED, Agreement, Rule
from devices.readings import Weight

KILOGRAM = Weight("bench", Decimal("1.000"), "kg", "kg", "gross", "stable", "ok", "unknown", None, b"", 0.0)


def judged(rule: Rule, *weights: Weight, every_s: float = 0.1) -> list[str]:
    agreement = Agreement(rule)
    return [agreement.judge(replace(each, t_mono=at * every_s)).stability for at, each in enumerate(weights)]


def test_a_weight_is_stable_once_it_came_as_often_as_the_rule_says() -> None:
    assert judged(CHECKED, *[KILOGRAM] * 3) == ["unknown", "stable", "stable"]
    assert judged(UNCHECKED, *[KILOGRAM] * 4) == ["unknown", "unknown", "stable", "stable"]


@pytest.mark.parametrize(
    "other",
    [
        {"value": Decimal("1.001")},
        {"unit": "lb"},
        {"mode": "net"},
        {"stability": "unstable"},
        {"value": None},
        {"fault": "broken"},
        {"range": "over"},
    ],
)
def test_anything_else_in_between_begins_the_count_anew(other: dict[str, Any]) -> None:
    between = replace(KILOGRAM, **other)
    assert judged(CHECKED, KILOGRAM, between, KILOGRAM, KILOGRAM)[2:] == ["unknown", "stable"]


def test_weights_of_one_moment_count_once_because_they_may_have_waited_together() -> None:
    assert judged(CHECKED, *[KILOGRAM] * 9, every_s=0.0) == ["unknown"] * 9


@pytest.mark.parametrize("useless", [{"value": None}, {"fault": "broken"}, {"range": "over"}])
def test_a_reading_without_a_usable_number_is_never_stable_however_often_it_says_so(useless: dict[str, Any]) -> None:
    assert judged(CHECKED, *[replace(KILOGRAM, **useless)] * 4) == ["unknown"] * 4


def test_a_moving_weight_stays_a_moving_weight() -> None:
    assert judged(CHECKED, *[replace(KILOGRAM, stability="unstable")] * 3) == ["unstable"] * 3


def test_a_scale_that_never_says_stable_is_believed_after_five_times_in_half_a_second() -> None:
    silent = replace(KILOGRAM, stability="unknown")
    assert judged(INFERRED, *[silent] * 6, every_s=0.125) == ["unknown"] * 4 + ["stable"] * 2
    assert judged(INFERRED, *[silent] * 6, every_s=0.05)[-1] == "unknown"
    assert judged(CHECKED, *[silent] * 6)[-1] == "unknown"
