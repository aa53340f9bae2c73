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
from tests.support.shim import FLUSHES, WRITES, Call
from tests.torture import power_cut

FLUSH_US = 100_000


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_answered_command_is_lost_in_two_thousand_images_of_a_day(compiler: str) -> None:
    power_cut.run(seed=1, images=2000).report()


@pytest.mark.slow
def test_a_short_look_at_a_day_finds_nothing_lost(compiler: str, tmp_path: Path) -> None:
    """The same with few images: what the planted faults are held against."""
    asyncio.run(power_cut.record(tmp_path / "day", seed=1))
    counts = power_cut.check(power_cut.Part(tmp_path / "day", seed=1, images=40, number=0, of=1))
    assert not counts.violations, str(counts)


ONE_SCAN = """
import os, pathlib, sys
from local_store.domain import commands as c
from tests.support import shim
from tests.support.floor import ANA, Bench, new_id
bench = Bench(pathlib.Path(sys.argv[1]))
scan = c.Scan(command_id=new_id(), workplace=bench.workplace, code=ANA.badge)
bench.runner.run(bench.store.execute(scan))
shim.mark(os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND), scan.command_id.hex)
bench.close()
"""


def test_an_answer_waits_for_its_flush(compiler: str, tmp_path: Path) -> None:
    tape = tmp_path / "tape"
    slow = shim.environment(shim.build(compiler, tmp_path), FILE_NAME, delay_us=FLUSH_US, record=tape)
    subprocess.run(
        [sys.executable, "-c", ONE_SCAN, str(tmp_path / "data"), str(tape)],
        cwd=ROOT, env=os.environ | slow, check=True, timeout=60,
    )  # fmt: skip
    entries = list(shim.read_record(tape))
    (answered,) = [n for n, entry in enumerate(entries) if entry.call is Call.MARK]
    command_id = bytes.fromhex(entries[answered].data.decode())
    flushes = [n for n, entry in enumerate(entries[:answered]) if entry.call in FLUSHES]
    writes = [n for n, entry in enumerate(entries[:answered]) if entry.call in WRITES and command_id in entry.data]
    assert max(writes, default=answered) < max(flushes, default=0), "answered before it was flushed"
