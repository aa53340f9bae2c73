"""Says on the screens what HQ took back or changed of work that was begun here, until a supervisor has decided."""

from __future__ import annotations

import sqlite3
from typing import Any

from agent.problems import Problems
from local_store import reviewing
from local_store.domain import events as e
from local_store.journal import Recorded
from local_store.reviewing import Waiting
from local_store.store import Store

CHANGES = (e.ExceptionRaised, e.ExceptionDecided, e.WorkWithdrawn, e.WorkChanged, e.HistoryRecovered)
"""Facts after which there may be others."""


class ExceptionWatch:
    """Keeps the problems about withdrawn and changed work in step with the store."""

    def __init__(self, store: Store, problems: Problems) -> None:
        self._store, self._problems = store, problems
        self._said: dict[str, tuple[str, str]] = {}

    def follow(self, recorded: list[Recorded]) -> None:
        """Facts were committed."""
        if any(isinstance(each.fact, CHANGES) for each in recorded):
            self.look()

    def look(self) -> None:
        """Say what is so now, and take back what no longer is."""
        now = {f"work.{each.exception_id}": _words(each) for each in reviewing.waiting(self._store.reader)}
        for problem in self._said.keys() - now.keys():
            self._problems.clear(problem)
        for problem, words in now.items():
            if self._said.get(problem) != words:
                self._problems.report(problem, *words)
        self._said = now


def as_json(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """The exceptions that wait, oldest first, as screens and the command line get them."""
    return [
        {
            "exception_id": each.exception_id,
            "work": each.thing,
            "id": each.work_id,
            "sentence": each.sentence,
            "state": each.state,
            "proposed": each.proposed,
            "steps": list(each.offered),
        }
        for each in reviewing.waiting(db)
    ]


def _words(each: Waiting) -> tuple[str, str]:
    steps = ", ".join(each.offered)
    return each.sentence, f"A supervisor decides ({steps}): `edge-agent work decide {each.exception_id} STEP`."
