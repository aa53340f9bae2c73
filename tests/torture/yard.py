"""Where days are worked: a real HQ process, a simulated scale and printer, and a nursery of agents."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Self

import aiohttp

from devices.simulators.bench import BenchDevices
from tests.support import needs, shim
from tests.support.needs import ROOT
from tests.support.site import START_TIMEOUT_S, Hq
from tests.torture.counts import scratch
from tests.torture.day import Day

LOAD_MG = 1_000_000
"""What every parcel weighs."""
ZERO_SHOWS_S = 0.15
"""The scale is asked every 20 ms, and zero is believed when it came three times."""
ANSWER_TIMEOUT_S = 20


class Nursery:
    """The warm process, under the shim when its environment says so."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._pid = 0
        self._ended: asyncio.Future[int] | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.torture.nursery", cwd=ROOT, env=self._environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._ended is not None and not self._ended.done():
            os.kill(self._pid, signal.SIGKILL)
            await self._ended
        if self._process.stdin is not None:
            self._process.stdin.close()
        await asyncio.wait_for(self._process.wait(), START_TIMEOUT_S)

    async def fork(self, order: Mapping[str, str]) -> tuple[int, asyncio.Future[int]]:
        """Start an agent: its pid, and the future of its end (as in waitpid)."""
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps(order) + "\n").encode())
        self._pid = (await self._heard())["pid"]
        self._ended = asyncio.ensure_future(self._end())
        return self._pid, self._ended

    async def _end(self) -> int:
        return (await self._heard())["status"]

    async def _heard(self) -> dict[str, int]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the nursery ended"
        told: dict[str, int] = json.loads(line)
        return told


class Yard:
    """Where days are worked: HQ, a scale, a printer and a nursery, shared by the days of one worker process."""

    hq: Hq
    bench: BenchDevices
    nursery: Nursery
    session: aiohttp.ClientSession

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._days = 0
        self._empty_since: float | None = None

    async def take_the_parcel_off(self) -> None:
        """As a packer does who has sealed it."""
        await self.bench.put_load_mg(0)
        self._empty_since = asyncio.get_running_loop().time()

    async def put_a_parcel_on(self) -> None:
        """Once the scale has shown zero."""
        if self._empty_since is None:
            await self.take_the_parcel_off()
        shown_at = (self._empty_since or 0.0) + ZERO_SHOWS_S
        await asyncio.sleep(max(0.0, shown_at - asyncio.get_running_loop().time()))
        await self.bench.put_load_mg(LOAD_MG)
        self._empty_since = None

    async def do_what_the_printer_asks(self) -> None:
        """Switch it off and on when the agent died in the middle of a label and the printer waits for the rest."""
        printer = self.bench.printer
        if printer.waits_for_the_rest:
            await asyncio.sleep(0.2)
            if printer.waits_for_the_rest:
                await printer.power_cycle()

    async def new_day(self, seed: int, *, ballast_mb: int = 1) -> Day:
        """A fresh station with a fresh day of work; what the day before left is thrown away."""
        shutil.rmtree(self.folder / f"day-{self._days}", ignore_errors=True)
        self._days += 1
        day = Day(self, self.folder / f"day-{self._days}", seed, self._days)
        day.ballast_mb = ballast_mb
        await day.prepare()
        return day


@asynccontextmanager
async def open_yard(folder: Path, environment: Mapping[str, str] | None = None) -> AsyncIterator[Yard]:
    """A yard in `folder`; agents get `environment` on top of ours."""
    yard = Yard(folder)
    yard.hq = Hq(folder / "hq")
    yard.bench = BenchDevices(
        folder / "bench", scanners=(), unit="kg", resolution=Decimal("0.001"), settle_s=0.0, print_s=0.002
    )
    try:
        await yard.hq.start()
        await yard.bench.start()
        await yard.bench.put_load_mg(LOAD_MG)
        timeout = aiohttp.ClientTimeout(total=ANSWER_TIMEOUT_S)
        async with Nursery(environment or {}) as nursery, aiohttp.ClientSession(timeout=timeout) as session:
            yard.nursery, yard.session = nursery, session
            yield yard
    finally:
        await yard.bench.stop()
        yard.hq.process.stop()


@asynccontextmanager
async def spoilt_yard(*, sockets: bool = False) -> AsyncIterator[tuple[Yard, shim.Control]]:
    """A yard in memory whose agents' stores (and sends, with `sockets`) are spoiled by what the control says."""
    with tempfile.TemporaryDirectory(dir=scratch(), prefix="edge-yard-") as name:
        control = shim.Control(Path(name) / "control")
        library = shim.build(needs.compiler() or "cc", Path(name))
        watched = shim.environment(library, "/store", control=control.path, sockets=sockets)
        async with open_yard(Path(name) / "yard", watched) as yard:
            yield yard, control
