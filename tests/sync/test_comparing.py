"""Per order and line: what is here beside what HQ has."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sync.comparing import Difference, differences

D = Decimal
HERE = {("O-1", "TEA"): (D(2), D(2), D(0)), ("O-1", "JAM"): (D(1), D(0), D(0))}


def found(there: dict[Any, Any], unsent: set[str] | None = None) -> list[Difference]:
    return list(differences(dict(HERE), there, unsent or set()))


def test_what_is_the_same_on_both_sides_is_not_told() -> None:
    assert found(dict(HERE)) == []


def test_each_figure_that_differs_is_told_once_with_both_values() -> None:
    there = {**HERE, ("O-1", "TEA"): (D(2), D(1), D(1))}
    assert found(there) == [
        Difference("O-1", "TEA", "picked", D(2), D(1), unsent=False),
        Difference("O-1", "TEA", "shipped", D(0), D(1), unsent=False),
    ]


def test_a_difference_that_unsent_facts_may_end_says_so() -> None:
    there = {**HERE, ("O-1", "TEA"): (D(2), D(0), D(0))}
    assert [each.unsent for each in found(there, {"O-1"})] == [True]


def test_what_an_hq_does_not_tell_is_not_a_difference() -> None:
    assert found({key: (ordered, None, None) for key, (ordered, _, _) in HERE.items()}) == []


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ({("O-1", "TEA"): HERE["O-1", "TEA"]}, Difference("O-1", "JAM", "ordered", D(1), None, unsent=False)),
        ({**HERE, ("O-1", "OIL"): (D(4), D(0), D(0))}, Difference("O-1", "OIL", "ordered", None, D(4), unsent=False)),
    ],
    ids=["only here", "only at HQ"],
)
def test_a_line_on_one_side_only_is_told_once(there: dict[Any, Any], expected: Difference) -> None:
    assert found(there) == [expected]


def test_orders_that_are_not_here_are_not_ours_to_judge() -> None:
    assert found({**HERE, ("O-9", "TEA"): (D(4), D(4), D(4))}) == []
