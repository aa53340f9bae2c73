"""Watches a scale for a weight that does not live: the same digits for so long that it cannot be goods."""

from __future__ import annotations

from collections.abc import Callable

from agent.problems import Problems
from devices.readings import Weight
from local_store.domain.weights import Still, Weighing, kilograms, still

S_PER_MIN = 60


class ScaleWatch:
    """Opens the problem `scale.frozen.<name>` and clears it when the scale moves again."""

    def __init__(self, problems: Problems, changed: Callable[[], None], after_min: int) -> None:
        self._problems, self._changed, self._after_min = problems, changed, after_min
        self._still: dict[str, Still] = {}
        self._frozen: set[str] = set()

    def look(self, reading: Weight) -> None:
        """One more reading, by its own time of the steady clock."""
        name, before = reading.device, self._still.get(reading.device)
        now = self._still[name] = still(before, as_weighing(reading), reading.t_mono)
        frozen = now.frozen(reading.t_mono, self._after_min * S_PER_MIN)
        if frozen == (name in self._frozen):
            return
        if frozen:
            self._frozen.add(name)
            self._problems.report(
                f"scale.frozen.{name}",
                f"The scale {name!r} has shown {kilograms(reading.weight_mg or 0)} for {self._after_min} minutes "
                "without the slightest change.",
                "Take off what lies on it. If it still shows this, switch it off and on; weigh nothing on it before.",
            )
        else:
            self._frozen.discard(name)
            self._problems.clear(f"scale.frozen.{name}")
        self._changed()


def as_weighing(reading: Weight) -> Weighing:
    """A reading in the terms of the rules."""
    return Weighing(reading.device, reading.weight_mg, reading.stability, reading.range, reading.fault)
