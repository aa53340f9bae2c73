"""What the device tests share: recordings, ways to feed bytes, and waiting for a fact with a deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, TypeVar

from devices.driver import Device, Printer, ReadingDevice, Surroundings
from devices.readings import BadFrame, DeviceState, Reading, Scan, Weight
from devices.registry import DRIVERS
from tests.support.patience import PATIENCE_S
from tests.support.patient_loop import patient_now

RECORDINGS = Path(__file__).parents[1] / "recordings"
T = 100.0

ValueT_co = TypeVar("ValueT_co", covariant=True)


Feed = Callable[[Any, bytes], list[Any]]
"""`whole` or `byte_by_byte`."""


class Decoder(Protocol[ValueT_co]):
    def feed(self, data: bytes, t_mono: float) -> Sequence[ValueT_co]: ...


def recording(name: str) -> dict[str, bytes]:
    lines = (RECORDINGS / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {what: bytes.fromhex(raw) for what, raw in rows}


def whole(decoder: Decoder[ValueT_co], data: bytes) -> list[ValueT_co]:
    return list(decoder.feed(data, T))


def byte_by_byte(decoder: Decoder[ValueT_co], data: bytes) -> list[ValueT_co]:
    return [value for at in range(len(data)) for value in decoder.feed(data[at : at + 1], T)]


def in_pieces(decoder: Decoder[ValueT_co], data: bytes, cuts: Sequence[int]) -> list[ValueT_co]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [value for left, right in pairwise(edges) for value in decoder.feed(data[left:right], T)]


async def until(fact: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not fact():
        assert time.monotonic() < deadline, f"waited {PATIENCE_S} s in vain until {what}"
        await asyncio.sleep(0.002)


async def soon(seconds: float) -> None:
    """Sleeps a twentieth of what was asked for, so that waiting between two tries costs the tests little."""
    await asyncio.sleep(seconds / 20)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


class Witness:
    """Everything one device says."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.states: list[DeviceState] = []
        self.emitted_at: list[float] = []

    def emit(self, reading: Reading) -> None:
        self.emitted_at.append(patient_now())
        self.readings.append(reading)

    @property
    def scans(self) -> list[Scan]:
        return [reading for reading in self.readings if isinstance(reading, Scan)]

    @property
    def weights(self) -> list[Weight]:
        return [reading for reading in self.readings if isinstance(reading, Weight)]

    @property
    def bad(self) -> list[BadFrame]:
        return [reading for reading in self.readings if isinstance(reading, BadFrame)]

    @property
    def state(self) -> str:
        return self.states[-1].state if self.states else "unknown"

    @property
    def sentence(self) -> str:
        return self.states[-1].sentence if self.states else ""

    async def ready(self) -> None:
        await until(lambda: self.state == "ready", f"ready (last: {self.sentence})")

    async def away(self, words: str = "") -> None:
        await until(lambda: self.state == "away" and words in self.sentence, f"away, {words} (last: {self.sentence})")

    async def weight_mg(self, weight_mg: int) -> Weight:
        def last() -> list[Weight]:
            return [each for each in self.weights[-1:] if each.weight_mg == weight_mg and each.stability == "stable"]

        await until(last, f"a stable weight of {weight_mg} mg")
        return last()[0]


def build(driver: str, name: str, **settings: Any) -> Device:
    kind = DRIVERS[driver]
    return kind.build(
        name, kind.settings.model_validate({"driver": driver, **settings}), Surroundings(patient_now, soon)
    )


@asynccontextmanager
async def owned(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error


@asynccontextmanager
async def running(driver: str, name: str, **settings: Any) -> AsyncIterator[Witness]:
    """A scanner or scale that runs until the block ends."""
    device, witness = build(driver, name, **settings), Witness()
    assert isinstance(device, ReadingDevice)
    async with owned(device.run(witness.emit, witness.states.append)):
        yield witness


@asynccontextmanager
async def watched(printer: Printer) -> AsyncIterator[Witness]:
    """A printer whose state is watched until the block ends."""
    witness = Witness()
    async with owned(printer.run(witness.states.append)):
        yield witness
