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
    """What is to be met: at most `limit`, or at least where `at_least` is set; and what we would like it to be."""

    name: str
    limit: float
    at_least: bool = False
    aim: float | None = None

    def is_met(self, ratio: float) -> bool:
        """Whether a median is good enough."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def told(self, unit: str) -> str:
        """The goal in words."""
        aim = "" if self.aim is None else f", aim {self.aim:g}{unit}"
        return f"goal {'>=' if self.at_least else '<='} {self.limit:g}{unit}{aim}"


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
    beside = f"{statistics.median(ours):,.0f} beside {statistics.median(anchor):,.0f} {unit}"
    return _print(goal, ratios, "x", beside)


def judge_figure(goal: Goal, figures: list[float], unit: str, of_what: str) -> bool:
    """Print one line about a goal that is no ratio and return whether the median of the figures meets it."""
    return _print(goal, figures, unit, of_what)


def _print(goal: Goal, figures: list[float], unit: str, rest: str) -> bool:
    median = statistics.median(figures)
    met = goal.is_met(median)
    low, high = min(figures), max(figures)
    print(
        f"{'ok  ' if met else 'MISS'} {goal.name:50} {median:6.2f}{unit} ({low:.2f}-{high:.2f}),"
        f" {goal.told(unit)}; {rest}",
        flush=True,
    )
    return met
