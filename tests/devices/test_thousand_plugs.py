"""Pulling one plug a thousand times costs nothing and nobody else a reading."""

from __future__ import annotations

import asyncio
import gc
from functools import partial
from pathlib import Path

import pytest

from devices.simulators.line_scanner import LineScannerSimulator
from tests.devices.support import Witness, open_files, owned, running, until

PULLS = 1_000
WARM_UP = 50
MAX_GROWTH_BYTES = 1 << 20
MAX_NEW_OBJECTS = 500


@pytest.mark.slow
async def test_a_plug_pulled_a_thousand_times_leaves_files_tasks_and_memory_where_they_were(tmp_path: Path) -> None:
    loose, fixed = LineScannerSimulator(tmp_path / "loose"), LineScannerSimulator(tmp_path / "fixed")
    await loose.start()
    await fixed.start()
    async with (
        running("serial_scanner", "loose", port=str(tmp_path / "loose")) as loose_says,
        running("serial_scanner", "fixed", port=str(tmp_path / "fixed")) as fixed_says,
        owned(scan_for_ever(fixed, fixed_says)) as scanning,
    ):
        await pull(loose, loose_says, WARM_UP)
        before = footprint()
        await pull(loose, loose_says, PULLS)
        after = footprint()
        assert not scanning.done()
        numbers = [int(scan.data) for scan in fixed_says.scans]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > PULLS / 10
        assert fixed_says.bad == []
        assert [state.state for state in fixed_says.states] == ["ready"]
    await loose.stop()
    await fixed.stop()
    assert after["files"] == before["files"]
    assert after["tasks"] == before["tasks"]
    kept = len(fixed_says.readings) + len(fixed_says.emitted_at) + len(loose_says.states)
    assert after["objects"] - before["objects"] < kept + MAX_NEW_OBJECTS
    assert after["rss"] - before["rss"] < kept * 500 + MAX_GROWTH_BYTES


async def pull(scanner: LineScannerSimulator, says: Witness, times: int) -> None:
    for _ in range(times):
        await scanner.unplug()
        await until(lambda: says.state == "away", "away")
        await scanner.replug()
        await until(lambda: says.state == "ready", "ready again")
        await scanner.scan(b"back")
        await until(lambda: says.scans, "its scan")
        says.readings.clear()


async def scan_for_ever(scanner: LineScannerSimulator, says: Witness) -> None:
    """Like a person, who scans the next code once the last was heard."""
    await says.ready()
    number = 0
    while True:
        await scanner.scan(b"%d" % number)
        number += 1
        await until(partial(heard, says, number), "the scan of the other scanner")


def heard(says: Witness, readings: int) -> bool:
    return len(says.readings) >= readings


def footprint() -> dict[str, int]:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "files": open_files(),
        "tasks": len(asyncio.all_tasks()),
        "objects": len(gc.get_objects()),
        "rss": pages * 4096,
    }
