"""What is wrong right now: each problem has an id, a sentence and a next step, and goes away when it is solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local_store.clock import timestamp


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person may have to do something about."""

    problem_id: str
    sentence: str
    next_step: str
    since_ms: int

    def as_json(self) -> dict[str, str]:
        """The problem as screens and the command line get it."""
        return {
            "problem_id": self.problem_id,
            "sentence": self.sentence,
            "next_step": self.next_step,
            "since": timestamp(self.since_ms),
        }


class Problems:
    """The open problems of this station."""

    def __init__(self, wall_ms: Callable[[], int]) -> None:
        self._wall_ms = wall_ms
        self._open: dict[str, Problem] = {}

    def report(self, problem_id: str, sentence: str, next_step: str) -> None:
        """Open a problem, or say it anew; it keeps the time it began."""
        known = self._open.get(problem_id)
        since = known.since_ms if known else self._wall_ms()
        self._open[problem_id] = Problem(problem_id, sentence, next_step, since)

    def clear(self, problem_id: str) -> None:
        """The problem is solved, if there was one."""
        self._open.pop(problem_id, None)

    def open(self) -> list[Problem]:
        """All open problems, oldest first."""
        return sorted(self._open.values(), key=lambda problem: problem.since_ms)
