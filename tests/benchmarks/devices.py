"""Devices: from the last byte on the wire to the reading in hand, and four scanners at a thousand codes a second.

A scan stands beside a bare loop that does nothing but split lines, and beside pyserial's own `readline`. The scanners
are a process of their own.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import serial

from devices.driver import ReadingDevice, Surroundings
from devices.readings import Reading, Scan
from devices.registry import DRIVERS
from tests.benchmarks.rounds import Goal, interleaved, judge, judge_figure
from tests.support import flood

BARE = Goal("byte to scan p50, beside a bare add_reader loop", 1.2)
READLINE = Goal("(the same beside pyserial's readline)", 0.5)
P99 = Goal("four scanners, 1,000 codes/s each, byte to scan p99", 5.0)
LOST = Goal("(codes lost, merged or out of order)", 0)
CODES_PER_S = 500
ROUND_S = 1.0
SCANNERS = 4
FLOOD_PER_S = 1_000
FLOOD_S = 60.0
US, MS = 1e6, 1e3

Start = Callable[[], None]
"""Lets the scanner begin, once somebody listens."""


def run() -> bool:
    """Print a line for each goal; whether all are met."""
    ages = interleaved({"ours": _ours, "bare": _bare, "readline": _readline})
    ours, bare, readline = (ages[name] for name in ("ours", "bare", "readline"))
    met = [judge(BARE, ours, bare, "us"), judge(READLINE, ours, readline, "us")]
    p99_ms, wrong = asyncio.run(flooded(FLOOD_S))
    met += [
        judge_figure(P99, [p99_ms], " ms", f"{FLOOD_S:g} s"),
        judge_figure(LOST, [wrong], "", f"of {SCANNERS} scanners"),
    ]
    return all(met)


async def flooded(seconds: float) -> tuple[float, int]:
    """Four scanners at once: p99 from last byte to reading in ms, and how many codes were not the next one."""
    due = int(FLOOD_PER_S * seconds)
    ages: list[float] = []
    heard = {str(number): 0 for number in range(SCANNERS)}
    wrong = 0
    done, ready = asyncio.Event(), asyncio.Semaphore(0)

    def emit(reading: Reading) -> None:
        nonlocal wrong
        code = reading.data if isinstance(reading, Scan) else b"-1-0"
        number, age_s = flood.number_and_age_s(code, time.monotonic())
        ages.append(age_s)
        wrong += number != heard[reading.device]
        heard[reading.device] += 1
        if len(ages) == due * SCANNERS:
            done.set()

    with _terminals(SCANNERS) as (masters, names):
        async with asyncio.TaskGroup() as group:
            scanners = [_scanner(str(number), name) for number, name in enumerate(names)]
            tasks = [group.create_task(each.run(emit, lambda _: ready.release())) for each in scanners]
            for _ in scanners:
                await ready.acquire()
            process = flood.start(masters, FLOOD_PER_S, seconds)
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds * 3 + 10):
                    await done.wait()
            for task in tasks:
                task.cancel()
        process.wait(10)
    missing = sum(due - count for count in heard.values())
    return statistics.quantiles(ages, n=100)[-1] * MS, wrong + missing


def _ours(_: int) -> float:
    async def measure(name: str, ages: list[float], due: int, start: Start) -> None:
        done = asyncio.Event()

        def emit(reading: Reading) -> None:
            assert isinstance(reading, Scan)
            ages.append(flood.number_and_age_s(reading.data, time.monotonic())[1])
            if len(ages) == due:
                done.set()

        ready = asyncio.Event()
        task = asyncio.create_task(_scanner("bench", name).run(emit, lambda _: ready.set()))
        await ready.wait()
        start()
        await done.wait()
        task.cancel()
        await asyncio.wait([task])

    return _p50_us(lambda *given: asyncio.run(measure(*given)))


def _bare(_: int) -> float:
    async def measure(name: str, ages: list[float], due: int, start: Start) -> None:
        fd = os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        done, pending = asyncio.Event(), b""

        def readable() -> None:
            nonlocal pending
            pending += os.read(fd, 65536)
            *lines, pending = pending.split(b"\r\n")
            ages.extend(flood.number_and_age_s(line, time.monotonic())[1] for line in lines)
            if len(ages) == due:
                done.set()

        asyncio.get_running_loop().add_reader(fd, readable)
        start()
        await done.wait()
        asyncio.get_running_loop().remove_reader(fd)
        os.close(fd)

    return _p50_us(lambda *given: asyncio.run(measure(*given)))


def _readline(_: int) -> float:
    def measure(name: str, ages: list[float], due: int, start: Start) -> None:
        with serial.Serial(name, 115200, timeout=5) as port:
            start()
            while len(ages) < due:
                ages.append(flood.number_and_age_s(port.readline().rstrip(), time.monotonic())[1])

    return _p50_us(measure)


def _p50_us(measure: Callable[[str, list[float], int, Start], None]) -> float:
    ages: list[float] = []
    with _terminals(1) as (masters, (name,)):
        processes = []
        measure(
            name,
            ages,
            int(CODES_PER_S * ROUND_S),
            lambda: processes.append(flood.start(masters, CODES_PER_S, ROUND_S)),
        )
        processes[0].wait(10)
    return statistics.median(ages) * US


@contextmanager
def _terminals(count: int) -> Iterator[tuple[list[int], list[str]]]:
    """Masters, and the names of the other sides, which stay open so that nothing hangs up."""
    pairs = [os.openpty() for _ in range(count)]
    for master, slave in pairs:
        tty.setraw(master)
        tty.setraw(slave)
    try:
        yield [master for master, _ in pairs], [os.ttyname(slave) for _, slave in pairs]
    finally:
        for pair in pairs:
            for fd in pair:
                os.close(fd)


def _scanner(name: str, port: str) -> ReadingDevice:
    driver = DRIVERS["serial_scanner"]
    device = driver.build(
        name, driver.settings.model_validate({"port": port}), Surroundings(time.monotonic, asyncio.sleep)
    )
    assert isinstance(device, ReadingDevice)
    return device
