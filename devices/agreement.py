"""When a weight that says "stable" is believed: only when it comes again.

Most scale protocols have no check character. One damaged bit makes another digit of a digit, and the frame is as good
as any; so a number counts as stable only when it came several times running, at different moments. Frames that came
in one read count once: they may have waited in a buffer while the load was changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from devices.readings import Weight


@dataclass(frozen=True, slots=True)
class Rule:
    """How often a weight must come, and over how many seconds; `inferred` for scales that never say "stable"."""

    readings: int
    window_s: float = 0.0
    inferred: bool = False


CHECKED = Rule(2)
"""For frames with a check character: twice, for what waited in a buffer."""
UNCHECKED = Rule(3)
"""For frames in which a damaged bit cannot be seen."""
INFERRED = Rule(5, 0.5, inferred=True)
"""For scales that do not say whether they are stable (device_protocols 2.14)."""


class Agreement:
    """Judges the weights of one connection in the order in which they came."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._last: Weight | None = None
        self._count = 0
        self._since = 0.0

    @property
    def pending(self) -> bool:
        """Whether the last weight waits to be confirmed."""
        return 0 < self._count < self._rule.readings

    def judge(self, weight: Weight) -> Weight:
        """The weight, "stable" only if it came often enough; one that must come again is of unknown stability."""
        if not self._may_count(weight):
            self._count = 0
            # The word "stable" is given here alone: a reading that nobody may use never has it.
            return replace(weight, stability="unknown") if weight.stability == "stable" else weight
        last = self._last
        if self._count and last is not None and _same(last, weight):
            self._count += weight.t_mono > last.t_mono
        else:
            self._count, self._since = 1, weight.t_mono
        self._last = weight
        enough = self._count >= self._rule.readings and weight.t_mono - self._since >= self._rule.window_s
        return replace(weight, stability="stable" if enough else "unknown")

    def _may_count(self, weight: Weight) -> bool:
        claims = weight.stability == "stable" or (self._rule.inferred and weight.stability == "unknown")
        return claims and weight.value is not None and weight.fault is None and weight.range != "over"


def _same(one: Weight, other: Weight) -> bool:
    return (one.value, one.unit, one.mode) == (other.value, other.unit, other.mode)
