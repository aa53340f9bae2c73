"""A scale that shows the same digits for too long is a problem, and none any more when it moves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from agent.floor.scale_watch import ScaleWatch
from agent.problems import Problems
from devices.readings import Weight

HALF_HOUR_S = 30 * 60.0


class Watched:
    """A scale that is read every ten seconds."""

    def __init__(self) -> None:
        self.problems = Problems(lambda: 0)
        self.changes = 0
        self.watch = ScaleWatch(self.problems, self._changed, after_min=30)
        self.now = 1000.0

    def shows(self, kilograms: str | None, seconds: float = 0.0, name: str = "bench", **of: Any) -> list[str]:
        """What is wrong after the scale has shown this for so long."""
        until = self.now + seconds
        while True:
            members = {"mode": "gross", "stability": "stable", "range": "ok", "zero": "unknown", "fault": None, **of}
            value = None if kilograms is None else Decimal(kilograms)
            self.watch.look(Weight(name, value, "kg", "kg", raw=b"", t_mono=self.now, **members))
            if self.now >= until:
                return [problem.problem_id for problem in self.problems.open()]
            self.now += 10

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def scale() -> Watched:
    return Watched()


def test_a_weight_that_never_changes_is_a_problem_with_a_next_step(scale: Watched) -> None:
    assert scale.shows("1.234", HALF_HOUR_S) == []
    assert scale.shows("1.234", 10) == ["scale.frozen.bench"]
    (problem,) = scale.problems.open()
    assert problem.sentence == ("The scale 'bench' has shown 1.234 kg for 30 minutes without the slightest change.")
    assert problem.next_step.startswith("Take off what lies on it.")
    assert scale.changes == 1


@pytest.mark.parametrize("moved", [{"kilograms": "1.235"}, {"kilograms": "1.234", "stability": "unstable"}])
def test_the_slightest_change_clears_it(scale: Watched, moved: dict[str, Any]) -> None:
    scale.shows("1.234", HALF_HOUR_S + 10)
    assert scale.shows(**moved) == []
    assert scale.shows("1.234", HALF_HOUR_S) == []
    assert scale.changes == 2


def test_a_scale_that_lives_is_never_a_problem(scale: Watched) -> None:
    for digit in range(400):
        assert scale.shows(f"1.23{digit % 2}", 60) == []


def test_an_empty_scale_may_stay_empty_all_night(scale: Watched) -> None:
    assert scale.shows("0.000", 10 * HALF_HOUR_S) == []


def test_a_scale_that_gives_no_number_is_another_problem(scale: Watched) -> None:
    assert scale.shows(None, 2 * HALF_HOUR_S, fault="Error 10b") == []
    assert scale.shows(None, 2 * HALF_HOUR_S, range="over") == []


def test_each_scale_is_watched_by_itself(scale: Watched) -> None:
    scale.shows("1.234", HALF_HOUR_S + 10)
    assert scale.shows("5.000", HALF_HOUR_S + 10, name="floor") == ["scale.frozen.bench", "scale.frozen.floor"]
    assert scale.shows("1.000") == ["scale.frozen.floor"]


def test_the_same_weight_after_the_agent_heard_nothing_for_long_is_judged_by_its_first_reading(
    scale: Watched,
) -> None:
    scale.shows("1.234")
    scale.now += 2 * HALF_HOUR_S
    assert scale.shows("1.234") == ["scale.frozen.bench"]
