"""Whatever moment the power goes: what was answered is there, what was not is whole or absent, and work goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.torture import power_cut


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_answered_command_is_lost_in_five_thousand_images_of_a_day(compiler: str) -> None:
    power_cut.run(seed=1, images=5000).report()


@pytest.mark.slow
def test_a_short_look_at_a_day_finds_nothing_lost(compiler: str, tmp_path: Path) -> None:
    """The same with few images: what the planted faults are held against."""
    asyncio.run(power_cut.record(tmp_path / "day", seed=1))
    counts = power_cut.check(power_cut.Part(tmp_path / "day", seed=1, images=40, number=0, of=1))
    assert not counts.violations, str(counts)
