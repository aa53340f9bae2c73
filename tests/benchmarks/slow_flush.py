"""On a disk whose flush takes 20 ms, as a handheld's flash may: answers wait for the flush and for little else.

`python -m tests.benchmarks.slow_flush PREPARED FOLDER MANY IN_FLIGHT` measures in a process under the shim.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from agent import memory
from local_store.database import FILE_NAME
from tests.benchmarks.answering import SCRATCH
from tests.benchmarks.counting import copy_of, count_pieces, open_store, prepare
from tests.benchmarks.rounds import Goal, interleaved, judge, judge_figure
from tests.support import needs, shim
from tests.support.needs import ROOT

FLUSH_US = 20_000
ROUNDS = 5
SCANS = {1: 60, 8: 400, 64: 3200}
"""Scans in flight, and how many are sent in one round."""
FLUSHES = 20
TICK_S = 0.001
MS = 1000.0


ANSWER = Goal("20 ms flush: scan to answer, 1 in flight: p50", 1.15)
STALL = Goal("20 ms flush: event loop stalls, 64 in flight: p99", 2.0)


@dataclass(frozen=True)
class Measured:
    """Scan to answer p50 and p99, a late tick of the event loop p99, and what a flush alone takes."""

    answer_ms: float
    late_ms: float
    stall_ms: float
    flush_ms: float


def run() -> bool:
    """Measure and print; whether both goals are met. Without a C compiler there is no slow disk to measure on."""
    compiler = needs.compiler()
    if compiler is None:
        print("MISS 20 ms flush: not measured, since there is no C compiler")
        return False
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="slow-", dir=SCRATCH) as name:
        folder = Path(name)
        library = shim.build(compiler, folder)
        prepare(folder / "prepared")
        rounds = interleaved({str(many): partial(_in_a_process, library, folder, many) for many in SCANS}, ROUNDS)
    one, most = rounds["1"], rounds[str(max(SCANS))]
    for many, figures in rounds.items():
        answer, late, stall = (
            statistics.median(getattr(each, name) for each in figures)
            for name in ("answer_ms", "late_ms", "stall_ms")
        )
        print(
            f"     20 ms flush, {many:>2} in flight: p50 {answer:.1f} ms, p99 {late:.1f} ms,"
            f" loop stall p99 {stall:.2f} ms"
        )
    quick = judge(ANSWER, [each.answer_ms for each in one], [each.flush_ms for each in one], "ms")
    return judge_figure(STALL, [each.stall_ms for each in most], " ms", "a tick of 1 ms comes so much late") and quick


def _in_a_process(library: Path, folder: Path, many: int, number: int) -> Measured:
    target = folder / f"{many}-{number}"
    arguments = [str(folder / "prepared" / FILE_NAME), str(target), str(SCANS[many]), str(many)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.slow_flush", *arguments],
        cwd=ROOT, env=os.environ | shim.environment(library, f"{target}/", delay_us=FLUSH_US),
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    return Measured(**json.loads(done.stdout))


async def _measure(prepared: Path, folder: Path, many: int, in_flight: int) -> Measured:
    store = await open_store(copy_of(prepared, folder))
    stalls: list[float] = []

    async def tick() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(TICK_S)
            stalls.append(time.perf_counter() - begun - TICK_S)

    ticking = asyncio.create_task(tick())
    timed = await count_pieces(store, many, in_flight)
    ticking.cancel()
    await store.close()
    flush = statistics.median(_flush(folder / "appended") for _ in range(FLUSHES))
    each_s, stalls = sorted(timed.each_s), sorted(stalls)
    return Measured(
        statistics.median(each_s) * MS,
        each_s[len(each_s) * 99 // 100] * MS,
        stalls[len(stalls) * 99 // 100] * MS,
        flush,
    )


def _flush(file: Path) -> float:
    """Milliseconds to append 200 bytes and have them on disk."""
    begun = time.perf_counter()
    with file.open("ab", buffering=0) as appended:
        appended.write(b"x" * 200)
        os.fdatasync(appended.fileno())
    return (time.perf_counter() - begun) * MS


if __name__ == "__main__":
    source, copy, how_many, at_once = sys.argv[1:]
    memory.settle()
    print(json.dumps(asdict(asyncio.run(_measure(Path(source), Path(copy), int(how_many), int(at_once))))))
