"""The wall clock is evidence: however it jumps, order, answers and sending do not care."""

from __future__ import annotations

import pytest

from tests.torture import clock


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_days_with_a_jumping_clock_end_like_any_other(compiler: str) -> None:
    clock.run(seed=1, days=2).report()


@pytest.mark.slow
def test_a_day_with_a_jumping_clock_ends_like_any_other(compiler: str) -> None:
    """One day only: what a planted fault is held against."""
    counts = clock.check(clock.Part(seed=1, seeds=[2]))
    assert not counts.violations, str(counts)
