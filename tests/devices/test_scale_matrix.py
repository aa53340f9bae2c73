"""Every scale protocol in every plight: never a wrong accepted weight, never 0 for an error, soon back.

What each cell came to is the table in docs/devices/scales.md: this test fails when the page says anything else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.driver import Scale, Surroundings
from devices.readings import Weight
from devices.registry import DRIVERS
from devices.simulators.mt_sics_scale import MtSicsScaleSimulator
from devices.simulators.scale import ScaleSimulator
from devices.simulators.scales import SPEECHES
from tests.devices.support import Witness, owned, until
from tests.devices.test_scales_on_a_line import is_load
from tests.support.generated import check_table
from tests.support.patient_loop import patient_now

PAGE = Path(__file__).parents[2] / "docs" / "devices" / "scales.md"
LOAD_MG = 1_234_000
BELOW_MG = -500_000
SETTLE_S = 0.15
NOISY_READINGS = 60
BACK_S = 2.0
QUICK = {"poll_ms": 20, "answer_timeout_ms": 200}
CANNOT_TELL = "cannot tell"


class Plight:
    """One scale with its driver, and everything the driver said."""

    def __init__(self, simulator: ScaleSimulator | MtSicsScaleSimulator, cannot: frozenset[str], what: str) -> None:
        self.simulator, self.cannot, self.what = simulator, cannot, what
        self.says = Witness()

    @property
    def accepted(self) -> list[Weight]:
        """The weights that could be charged for."""
        return [each for each in self.says.weights if usable(each)]

    async def weighs(self, load_mg: int) -> None:
        await self.becomes(lambda last: usable(last) and is_load(last, load_mg), f"{load_mg} mg")

    async def becomes(self, fact: Callable[[Weight], object], what: str) -> None:
        seen = len(self.says.weights)
        await until(
            lambda: len(self.says.weights) > seen and fact(self.says.weights[-1]), f"{self.what} becomes {what}"
        )

    def only(self, *loads_mg: int, since: int = 0) -> None:
        """Whatever was accepted was one of these loads."""
        for each in self.accepted[since:]:
            assert any(is_load(each, load_mg) for load_mg in loads_mg), (self.what, each)


def usable(weight: Weight) -> bool:
    return weight.weight_mg is not None and weight.stability == "stable" and weight.range == "ok"


async def stable(it: Plight) -> str:
    it.simulator.put_load_mg(LOAD_MG)
    await it.weighs(LOAD_MG)
    it.only(0, LOAD_MG)
    return "exact"


async def moving(it: Plight) -> str:
    await it.weighs(0)
    seen = len(it.says.weights)
    it.simulator.put_load_mg(LOAD_MG)
    await it.weighs(LOAD_MG)
    it.only(0, LOAD_MG)
    told = [each for each in it.says.weights[seen:] if each.stability == "unstable"]
    if not told:
        return "waits until it rests"
    return "moving" if told[0].value is not None else "moving, no number"


async def zero(it: Plight) -> str:
    it.simulator.put_load_mg(LOAD_MG)
    await it.weighs(LOAD_MG)
    it.simulator.put_load_mg(0)
    await it.weighs(0)
    it.only(0, LOAD_MG)
    return "exact"


async def negative(it: Plight) -> str:
    await it.weighs(0)
    it.simulator.put_load_mg(BELOW_MG)
    await it.becomes(
        lambda last: last.range == "under" or last.fault or (usable(last) and last.weight_mg), "negative"
    )
    it.only(0, BELOW_MG)
    last = it.says.weights[-1]
    return "exact" if usable(last) else last.range if last.range == "under" else "a fault"


async def tare(it: Plight) -> str:
    it.simulator.put_load_mg(1_000_000)
    await it.weighs(1_000_000)
    it.simulator.body.set_tare()
    it.simulator.put_load_mg(1_500_000)
    await it.weighs(500_000)
    it.only(0, 1_000_000, 500_000)
    return "net" if it.says.weights[-1].mode == "net" else "the displayed weight"


async def overload(it: Plight) -> str:
    return await without_number(it, "over")


async def underload(it: Plight) -> str:
    return await without_number(it, "under")


async def error_frame(it: Plight) -> str:
    return await without_number(it, "error")


async def without_number(it: Plight, fault: Any) -> str:
    it.simulator.put_load_mg(LOAD_MG)
    await it.weighs(LOAD_MG)
    if fault in it.cannot:
        return CANNOT_TELL
    it.simulator.set_fault(fault)
    await it.becomes(lambda last: last.fault or last.range in ("over", "under"), fault)
    seen = len(it.says.weights)
    await until(lambda: len(it.says.weights) >= seen + 3, f"three more of {it.what}")
    assert all(each.weight_mg is None for each in it.says.weights[seen:]), it.what  # and so never 0
    last = it.says.weights[-1]
    it.simulator.set_fault(None)
    await it.weighs(LOAD_MG)
    it.only(0, LOAD_MG)
    return last.range if last.range in ("over", "under") else "a fault"


async def wrong_unit(it: Plight) -> str:
    it.simulator.put_load_mg(LOAD_MG)
    await it.weighs(LOAD_MG)
    it.simulator.set_fault("wrong_unit")
    await it.becomes(lambda last: last.fault or (usable(last) and last.unit != "kg"), "another unit")
    it.only(0, LOAD_MG)
    return "a fault" if it.says.weights[-1].fault else "converted"


async def half_frames(it: Plight) -> str:
    return await through(it, "half")


async def merged_frames(it: Plight) -> str:
    return await through(it, "joined")


async def through(it: Plight, fault: Any) -> str:
    await it.weighs(0)
    it.simulator.set_fault(fault)
    it.simulator.put_load_mg(LOAD_MG)
    if fault in it.cannot:
        it.simulator.set_fault(None)
    await it.weighs(LOAD_MG)
    it.only(0, LOAD_MG)
    return CANNOT_TELL if fault in it.cannot else "exact"


async def flipped_bits(it: Plight) -> str:
    it.simulator.put_load_mg(LOAD_MG)
    await it.weighs(LOAD_MG)
    it.simulator.set_fault("flip")
    seen = len(it.says.readings)
    await until(lambda: len(it.says.readings) > seen + NOISY_READINGS or it.says.state == "away", "much noise")
    it.simulator.set_fault(None)
    await it.weighs(LOAD_MG)
    it.only(0, LOAD_MG)
    return "never wrong"


async def stale_frame(it: Plight) -> str:
    await it.weighs(0)
    await it.simulator.unplug()
    await it.says.away()
    it.simulator.set_fault("stale")
    seen = len(it.accepted)
    await it.simulator.replug()
    await it.says.ready()
    it.simulator.set_fault(None)
    await it.weighs(0)
    it.only(0, since=seen)
    return "not taken"


async def cut_in_mid_frame(it: Plight) -> str:
    it.simulator.put_load_mg(LOAD_MG)
    await it.weighs(LOAD_MG)
    it.simulator.set_fault("cut")
    await it.says.away()
    it.simulator.set_fault(None)
    return await back_in_time(it)


async def replugged(it: Plight) -> str:
    it.simulator.put_load_mg(LOAD_MG)
    await it.weighs(LOAD_MG)
    await it.simulator.unplug()
    await it.says.away()
    return await back_in_time(it)


async def back_in_time(it: Plight) -> str:
    it.simulator.put_load_mg(LOAD_MG)
    seen, start = len(it.says.weights), patient_now()
    await it.simulator.replug()
    await until(lambda: len(it.says.weights) > seen and it.says.state == "ready", f"{it.what} is back")
    assert patient_now() - start <= BACK_S, it.what
    await it.weighs(LOAD_MG)
    it.only(0, LOAD_MG)
    return f"back in {BACK_S:g} s"


COLUMNS: dict[str, Callable[[Plight], Awaitable[str]]] = {
    "stable": stable,
    "moving": moving,
    "zero": zero,
    "negative": negative,
    "tare": tare,
    "overload": overload,
    "underload": underload,
    "wrong unit": wrong_unit,
    "error frame": error_frame,
    "half frames": half_frames,
    "merged frames": merged_frames,
    "1 % of bits flipped": flipped_bits,
    "stale frame first": stale_frame,
    "plug pulled in mid-frame": cut_in_mid_frame,
    "replugged under another name": replugged,
}
PROTOCOLS = ["mt_sics", *SPEECHES]


@pytest.mark.slow
async def test_every_protocol_in_every_plight_is_as_the_page_says(tmp_path: Path) -> None:
    cells: dict[tuple[str, str], str] = {}
    for column, act in COLUMNS.items():  # all protocols at once: they mostly wait
        folder = tmp_path / column.replace(" ", "_")
        folder.mkdir()
        ends = await asyncio.gather(*(cell(protocol, folder, act) for protocol in PROTOCOLS), return_exceptions=True)
        failures = [end for end in ends if isinstance(end, Exception)]
        if failures:
            raise ExceptionGroup(column, failures)
        cells |= {(protocol, column): str(end) for protocol, end in zip(PROTOCOLS, ends, strict=True)}
    rows = [[protocol, *(cells[protocol, column] for column in COLUMNS)] for protocol in PROTOCOLS]
    check_table(PAGE, "matrix", ["protocol", *COLUMNS], rows)


async def cell(protocol: str, folder: Path, act: Callable[[Plight], Awaitable[str]]) -> str:
    async with plight(protocol, folder) as it:
        return await act(it)


@asynccontextmanager
async def plight(protocol: str, folder: Path) -> AsyncIterator[Plight]:
    if protocol == "mt_sics":
        simulator: Any = MtSicsScaleSimulator(folder / protocol, settle_s=SETTLE_S, clock=patient_now)
        driver, cannot = "mt_sics_scale", frozenset[str]()
        more: dict[str, Any] = dict(QUICK)
    else:
        spoken = SPEECHES[protocol]
        simulator = spoken.simulator(folder / protocol, settle_s=SETTLE_S, clock=patient_now)
        driver, cannot = spoken.driver, frozenset(spoken.cannot)
        more = {**(QUICK if spoken.wire == "serial" else {}), **spoken.settings}
    await simulator.start()
    kind = DRIVERS[driver]
    given = kind.settings.model_validate({"driver": driver, **simulator.address, **more})
    # The real sleep: how soon it is back after a replug is part of the promise.
    device = kind.build("bench", given, Surroundings(patient_now, asyncio.sleep))
    assert isinstance(device, Scale)
    it = Plight(simulator, cannot, protocol)
    run: Coroutine[Any, Any, None] = device.run(it.says.emit, it.says.states.append)
    async with owned(run):
        yield it
    await simulator.stop()
