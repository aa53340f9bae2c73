"""How figures are compared: side by side in interleaved rounds, as ratios, judged by their median."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

ROUNDS = 7

T = TypeVar("T")


@dataclass(frozen=True)
class Goal:
    """A ratio that is to be met: at most `limit`, or at least where `at_least` is set."""

    name: str
    limit: float
    at_least: bool = False

    def is_met(self, ratio: float) -> bool:
        """Whether a median ratio is good enough."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit


def interleaved(cases: Mapping[str, Callable[[int], T]], rounds: int = ROUNDS) -> dict[str, list[T]]:
    """Run A B C, C B A, A B C …; each case gets the number of its round. Results by case, in order of rounds."""
    results: dict[str, list[T]] = {name: [] for name in cases}
    for number in range(rounds):
        order = list(cases)[:: 1 if number % 2 == 0 else -1]
        for name in order:
            results[name].append(cases[name](number))
    return results


def judge(goal: Goal, ours: list[float], anchor: list[float], unit: str) -> bool:
    """Print one line about a goal and return whether the median of the per-round ratios meets it."""
    ratios = [one / other for one, other in zip(ours, anchor, strict=True)]
    median = statistics.median(ratios)
    met = goal.is_met(median)
    sign = ">=" if goal.at_least else "<="
    print(
        f"{'ok  ' if met else 'MISS'} {goal.name:48} {median:5.2f}x ({min(ratios):.2f}-{max(ratios):.2f}),"
        f" goal {sign} {goal.limit}x; {statistics.median(ours):,.0f} beside {statistics.median(anchor):,.0f} {unit}"
    )
    return met
