"""A disk that is full or broken for a while: work is refused, then goes on, and nothing is lost or doubled."""

from __future__ import annotations

import errno

import pytest

from tests.torture import disk


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_errors_at_ten_seeded_calls_of_a_day_lose_nothing(compiler: str) -> None:
    disk.run(seed=1, sample=10).report()


@pytest.mark.slow
def test_a_disk_that_is_full_for_a_moment_is_answered_truthfully(compiler: str) -> None:
    """One time only: what a planted fault is held against."""
    counts = disk.check(disk.Part(seed=1, cases=[disk.Case(2500, errno.ENOSPC, for_ever=True)]))
    assert not counts.violations, str(counts)
