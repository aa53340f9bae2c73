"""Whatever moment the power goes: what was answered is there, what was not is whole or absent, and work goes on."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local_store.database import FILE_NAME
from tests.support import shim
from tests.support.needs import ROOT
from tests.torture import power_cut

FLUSH_US = 100_000


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


SIGN_IN = """
import pathlib, sys, time
from tests.support.floor import Bench
bench = Bench(pathlib.Path(sys.argv[1]))
began = time.monotonic()
bench.signed_in()
print(time.monotonic() - began)
bench.close()
"""


def test_an_answer_waits_for_its_flush(compiler: str, tmp_path: Path) -> None:
    slow = shim.environment(shim.build(compiler, tmp_path), FILE_NAME, delay_us=FLUSH_US)
    done = subprocess.run(
        [sys.executable, "-c", SIGN_IN, str(tmp_path / "data")],
        cwd=ROOT, env=os.environ | slow, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert float(done.stdout) * 1_000_000 >= FLUSH_US
