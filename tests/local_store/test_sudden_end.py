"""The plug is pulled in the middle of the work: what was answered stays, and everything may be done again."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local_store import journal
from tests.local_store.child import ACTS, count
from tests.support.floor import Bench
from tests.support.needs import ROOT


@pytest.mark.parametrize("seed", range(10))
def test_no_answered_act_is_lost_and_none_counts_twice(tmp_path: Path, seed: int) -> None:
    answered = _killed_after(random.Random(seed).randrange(1, ACTS), tmp_path)
    bench = Bench(tmp_path)
    assert journal.verify(bench.store.reader) > 0
    live = bench.dump()
    assert bench.rebuilt_dump() == live
    for n in answered:
        assert bench.do(count(n)).repeated, f"act {n} was answered and is not in the store"
    for n in range(ACTS):
        bench.do(count(n))
    assert bench.task("SKU-1").picked == ACTS
    bench.close()


def _killed_after(acts: int, folder: Path) -> list[int]:
    """Kill a busy agent once it has answered so many acts; all the acts it answered."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.local_store.child", "busy_day", str(folder)], cwd=ROOT, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        answered = [int(child.stdout.readline()) for _ in range(acts)]
        child.send_signal(signal.SIGKILL)
        answered += [int(line) for line in child.stdout.read().splitlines()]
    assert child.returncode == -signal.SIGKILL
    return answered
