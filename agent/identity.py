"""Says on the screens when this store is fenced, when work was done twice, and when numbers run out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.problems import Problems
from local_store import history, identity, numbers
from local_store.domain import events as e
from local_store.domain.numbers import NUMBER_WORDS, WARN_DAYS
from local_store.journal import Recorded
from local_store.numbers import Figures
from local_store.store import Store

FENCE = "station.fence"
CHANGES = (
    e.StationFenced,
    e.FenceSettled,
    e.HistoryConflict,
    e.HistoryConflictSettled,
    e.NumbersLeased,
    e.NumbersRetired,
    e.NumbersBurned,
    e.PackageSealed,
)
"""Facts after which one of these sentences may be another."""

Words = tuple[str, str]
"""A sentence and a next step."""


class IdentityWatch:
    """Keeps the problems about identity and numbers in step with the store."""

    def __init__(self, store: Store, problems: Problems, with_hq: Callable[[], bool]) -> None:
        self._store, self._problems, self._with_hq = store, problems, with_hq
        self._said: dict[str, Words] = {}

    def follow(self, recorded: list[Recorded]) -> None:
        """Facts were committed."""
        if any(isinstance(each.fact, CHANGES) for each in recorded):
            self.look()

    def look(self) -> None:
        """Say what is so now, and take back what no longer is."""
        now = self._words()
        for problem in self._said.keys() - now.keys():
            self._problems.clear(problem)
        for problem, words in now.items():
            if self._said.get(problem) != words:
                self._problems.report(problem, *words)
        self._said = now

    def hold(self) -> str | None:
        """Why nothing may be printed while the fence stands."""
        return identity.fence_held(self._store.reader)

    def as_json(self) -> dict[str, Any]:
        """Identity and numbers as `status` shows them."""
        reader = self._store.reader
        return {
            "lineage": identity.lineage_of(reader),
            "fenced": identity.fence_held(reader),
            "conflicts": [{"subject": subject, "sentence": text} for subject, text in history.conflicts(reader)],
            "numbers": {each.kind: {"left": each.left, "days_left": each.days} for each in numbers.figures(reader)},
        }

    def _words(self) -> dict[str, Words]:
        reader = self._store.reader
        found: dict[str, Words] = {}
        fence = identity.fence_held(reader)
        if fence is not None:
            found[FENCE] = (
                f"{fence} Work goes on; no label is printed and no old number used before what is missing is back.",
                "It ends by itself once HQ answers." if self._with_hq() else SETTLE_FENCE,
            )
        for subject, sentence in history.conflicts(reader):
            found[f"history.{subject}"] = (sentence, f"Then say so: `edge-agent settle '{subject}' --note …`.")
        for each in numbers.figures(reader):
            words = number_words(each)
            if words is not None:
                found[f"numbers.{each.kind}"] = words
        return found


SETTLE_FENCE = (
    "This HQ keeps no journal of stations. Look what was done since the backup, put fresh ranges under [numbers] in "
    "edge.toml, restart, then `edge-agent settle fence --note …`."
)


def number_words(figures: Figures) -> Words | None:
    """What IT is told of numbers that run out; None while there are enough."""
    if figures.days > WARN_DAYS:
        return None
    what = NUMBER_WORDS[figures.kind]
    if figures.left == 0:
        sentence = f"No {what} numbers are left here: no parcel can be sealed."
    else:
        sentence = f"{figures.left} {what} numbers are left here, enough for about {figures.days} days."
    return sentence, f"HQ gives more when it can be reached; else put a fresh range into numbers.{figures.kind}."
