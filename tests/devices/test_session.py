from __future__ import annotations

import asyncio
from pathlib import Path

from devices.driver import ReadingDevice, Surroundings
from devices.readings import DeviceState
from devices.registry import DRIVERS
from devices.session import FIRST_WAIT_S, LONGEST_WAIT_S, States
from devices.simulators.line_scanner import LineScannerSimulator
from tests.devices.support import Witness, owned, until
from tests.support.patient_loop import patient_now


class Waits:
    """A sleep that only writes down how long it was asked for."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0.001)


def scanner_at(port: Path, waits: Waits) -> ReadingDevice:
    kind = DRIVERS["serial_scanner"]
    device = kind.build("dock", kind.settings.model_validate({"port": str(port)}), Surroundings(patient_now, waits))
    assert isinstance(device, ReadingDevice)
    return device


async def test_the_wait_between_two_tries_doubles_up_to_its_cap(tmp_path: Path) -> None:
    waits, says = Waits(), Witness()
    async with owned(scanner_at(tmp_path / "nothing", waits).run(says.emit, says.states.append)):
        await until(lambda: len(waits.seconds) >= 7, "seven tries")
    assert waits.seconds[:7] == [0.2, 0.4, 0.8, 1.0, 1.0, 1.0, 1.0]
    assert (FIRST_WAIT_S, LONGEST_WAIT_S) == (0.2, 1.0)


async def test_the_same_refusal_again_and_again_is_reported_once(tmp_path: Path) -> None:
    waits, says = Waits(), Witness()
    async with owned(scanner_at(tmp_path / "nothing", waits).run(says.emit, says.states.append)):
        await until(lambda: len(waits.seconds) >= 20, "twenty tries")
    assert len(says.states) == 1


async def test_a_device_that_was_heard_is_tried_again_quickly_and_a_mute_one_ever_more_slowly(tmp_path: Path) -> None:
    simulator, waits, says = LineScannerSimulator(tmp_path / "dock"), Waits(), Witness()
    async with owned(scanner_at(tmp_path / "dock", waits).run(says.emit, says.states.append)):
        await until(lambda: len(waits.seconds) >= 6, "six tries")
        await simulator.start()
        await says.ready()
        mute = len(waits.seconds)
        await simulator.unplug()
        await until(lambda: len(waits.seconds) > mute, "another try")
        assert waits.seconds[mute] == LONGEST_WAIT_S
        await simulator.replug()
        await says.ready()
        await simulator.scan(b"HEARD")
        await until(lambda: says.scans, "the scan")
        heard = len(waits.seconds)
        await simulator.unplug()
        await until(lambda: len(waits.seconds) > heard, "another try")
        assert waits.seconds[heard] == FIRST_WAIT_S


def test_each_change_of_state_is_reported_once() -> None:
    told: list[DeviceState] = []
    states = States("dock", told.append)
    states.ready()
    states.ready()
    states.away("It is out of labels.", "Load a roll.")
    states.away("It is out of labels.", "Load a roll.")
    states.away("It has its head open.", "Close the head.")
    states.ready()
    assert [(state.state, state.sentence) for state in told] == [
        ("ready", "'dock' is ready."),
        ("away", "It is out of labels."),
        ("away", "It has its head open."),
        ("ready", "'dock' is ready."),
    ]
