"""From a command to its committed answer, beside a bare loop that commits the same rows."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from functools import partial
from pathlib import Path

from agent import memory
from local_store.database import FILE_NAME
from tests.benchmarks.bare_loop import Recording, record, replay
from tests.benchmarks.counting import Timed, copy_of, count_pieces, counts, open_store, prepare
from tests.benchmarks.rounds import Goal, interleaved, judge
from tests.support.needs import ROOT

EVENTS = {1: 400, 8: 1600, 64: 6400}
"""Commands in flight, and how many are sent in one round."""

SHOWN = 1_000_000.0
"""Latencies are shown in microseconds."""

SCRATCH = ROOT / "build"
"""On a disk: where temporary folders are in memory, a flush would cost nothing."""

QUICK = Goal("scan to answer, 1 in flight: p50", 2.0, aim=1.25)
MANY = Goal("scans answered in a second, 64 in flight", 0.40, at_least=True, aim=0.70)


def run() -> bool:
    """Measure and print; whether both goals are met. The rate with 8 in flight is shown for information."""
    memory.settle()  # as the agent does before it serves
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=SCRATCH) as folder:
        return _run(Path(folder))


def _run(folder: Path) -> bool:
    prepare(folder / "prepared")
    prepared = folder / "prepared" / FILE_NAME
    met = []
    for in_flight, events in EVENTS.items():
        recording = asyncio.run(
            record(copy_of(prepared, folder / f"recorded-{in_flight}"), counts(events, in_flight))
        )
        cases = {
            "bare": partial(_bare, recording, folder, events, in_flight),
            "store": partial(_store, prepared, folder, events, in_flight),
        }
        rounds = interleaved(cases)
        if in_flight == 1:
            met.append(judge(QUICK, _p50(rounds["store"]), _p50(rounds["bare"]), "us"))
        else:
            goal = (
                MANY if in_flight == max(EVENTS) else Goal(f"(the same, {in_flight} in flight)", 0.0, at_least=True)
            )
            met.append(judge(goal, _rates(rounds["store"]), _rates(rounds["bare"]), "a second"))
    return all(met)


def _bare(recording: Recording, folder: Path, events: int, per_commit: int, number: int) -> Timed:
    return replay(recording, folder / f"bare-{per_commit}-{number}", events, per_commit)


def _store(prepared: Path, folder: Path, events: int, in_flight: int, number: int) -> Timed:
    async def work() -> Timed:
        store = await open_store(copy_of(prepared, folder / f"store-{in_flight}-{number}"))
        timed = await count_pieces(store, events, in_flight)
        await store.close()
        return timed

    return asyncio.run(work())


def _p50(rounds: list[Timed]) -> list[float]:
    return [statistics.median(timed.each_s) * SHOWN for timed in rounds]


def _rates(rounds: list[Timed]) -> list[float]:
    return [timed.per_second for timed in rounds]
