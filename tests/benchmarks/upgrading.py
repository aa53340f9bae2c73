"""How long the first start of this version takes with a store of an earlier one.

`python -m tests.benchmarks.upgrading FOLDER`: a store of that version, filled by its own `tests.benchmarks.growing`.
It is copied, and stays as it is.
"""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from local_store.clock import SystemClock
from local_store.database import FILE_NAME
from local_store.store import Store
from tests.benchmarks.answering import SCRATCH
from tests.benchmarks.counting import copy_of
from tests.benchmarks.rounds import Goal, judge_figure
from tests.support.floor import SITE

UPGRADED = Goal("first start with a million facts of an earlier version", 60.0)
MILLION = 1_000_000
KB_PER_MB = 1024


def run(folder: Path) -> bool:
    """Copy the store, start it twice, print; whether the first start was fast enough for each million facts."""
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="upgrade-", dir=SCRATCH) as name:
        copy = Path(name) / "store"
        copy_of(folder / FILE_NAME, copy)
        with closing(sqlite3.connect(copy / FILE_NAME)) as db:
            (facts,) = db.execute("SELECT count(*) FROM journal").fetchone()
        first, second = (asyncio.run(_started(copy)) for _ in range(2))
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KB_PER_MB
    beside = f"{facts:,} facts: first start {first:.1f} s, the next {second:.1f} s; {most_mb} MB of memory at most"
    return judge_figure(UPGRADED, [first * MILLION / facts], "s", beside)


async def _started(folder: Path) -> float:
    """Seconds until a store is open."""
    store = Store(folder, SITE, SystemClock(), "benchmark")
    begun = time.perf_counter()
    await store.open()
    taken = time.perf_counter() - begun
    await store.close()
    return taken


if __name__ == "__main__":
    sys.exit(0 if run(Path(sys.argv[1])) else 1)
