from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.driver import ReadingDevice, Surroundings
from devices.hotplug import Deaf, HotPlug, Udev
from devices.registry import DRIVERS
from devices.simulators.line_scanner import LineScannerSimulator
from tests.devices.support import Witness, owned, until
from tests.support.patience import PATIENCE_S
from tests.support.patient_loop import patient_now

LONG_S = 60.0


class Events:
    """A source of events whose far end a test holds."""

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()
        self.closed = False

    def says(self, word: bytes) -> None:
        self._far.send(word)

    def fileno(self) -> int:
        return self._near.fileno()

    def plugged(self) -> bool:
        return b"+" in self._near.recv(100)

    def close(self) -> None:
        self.closed = True
        self._near.close()
        self._far.close()


@pytest.fixture
def events() -> Iterator[Events]:
    source = Events()
    yield source
    source.close()


async def test_a_sleep_ends_when_something_is_plugged_in_or_out(events: Events) -> None:
    plug = HotPlug(lambda: events)
    async with owned(plug.run()):
        sleeps = [asyncio.create_task(plug.sleep(LONG_S)) for _ in range(3)]
        await asyncio.sleep(0)
        events.says(b"-")  # something else happened, such as a change of a property
        await asyncio.sleep(0.01)
        assert not any(sleep.done() for sleep in sleeps)
        events.says(b"+")
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*sleeps)
    assert events.closed


async def test_without_an_event_it_sleeps_as_long_as_it_was_told() -> None:
    begun = patient_now()
    await HotPlug().sleep(0.05)
    assert patient_now() - begun >= 0.049


async def test_where_udev_cannot_be_heard_it_says_so_once_and_still_sleeps(caplog: pytest.LogCaptureFixture) -> None:
    def deaf() -> Events:
        raise Deaf("udev does not run here")

    plug = HotPlug(deaf)
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            async with owned(plug.run()):
                await plug.sleep(0.001)
    assert [record.getMessage() for record in caplog.records] == [
        "plugging cannot be heard (udev does not run here): a device that comes back is found within a second"
    ]


def test_a_machine_without_udev_is_told_by_the_file_that_udev_keeps(tmp_path: Path) -> None:
    with pytest.raises(Deaf, match="udev does not run here"):
        Udev(tmp_path / "control")


def test_the_monitor_of_udev_opens_and_takes_what_waits(tmp_path: Path) -> None:
    (tmp_path / "control").touch()
    udev = Udev(tmp_path / "control")
    os.fstat(udev.fileno())
    assert not udev.plugged()


def plugged(events: Events) -> bool:
    """Says so again and again, as the session may be between two sleeps."""
    events.says(b"+")
    return True


async def test_a_scanner_that_is_plugged_in_is_tried_at_once(tmp_path: Path, events: Events) -> None:
    """The session waits a minute between two tries here; only the plug can be what ends the wait."""
    plug, says = HotPlug(lambda: events), Witness()
    kind, simulator = DRIVERS["serial_scanner"], LineScannerSimulator(tmp_path / "dock")

    async def slow(_seconds: float) -> None:
        await plug.sleep(LONG_S)

    settings = kind.settings.model_validate({"port": str(tmp_path / "dock")})
    device = kind.build("dock", settings, Surroundings(patient_now, slow))
    assert isinstance(device, ReadingDevice)
    async with owned(plug.run()), owned(device.run(says.emit, says.states.append)):
        await says.away("there is no such port")
        await simulator.start()
        await until(lambda: plugged(events) and says.state == "ready", "ready")
        await simulator.unplug()
        await says.away("is gone")
        await simulator.replug()
        await until(lambda: plugged(events) and says.state == "ready", "ready again")
    await simulator.stop()
