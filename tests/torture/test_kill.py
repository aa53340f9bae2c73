"""The agent is killed at any call: nothing is lost, doubled or invented at HQ, on paper or in the answers."""

from __future__ import annotations

import pytest

from tests.support.shim import Action
from tests.torture import kill


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sixteen_deaths_at_seeded_calls_of_a_day_change_nothing_at_hq(compiler: str) -> None:
    kill.run(seed=1, sample=16).report()


@pytest.mark.slow
def test_a_death_in_the_middle_of_the_day_changes_nothing(compiler: str) -> None:
    """One death only: what a planted fault is held against."""
    counts = kill.check(kill.Part(seed=1, points=[(2500, Action.KILL_BEFORE)]))
    assert not counts.violations, str(counts)
