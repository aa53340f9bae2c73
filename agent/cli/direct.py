"""Devices read without the agent: with the settings of edge.toml, for a station on which no agent runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from agent.cli.common import Refusal
from config import Settings
from devices.driver import Device, Surroundings, Tap, no_tap
from devices.readings import DeviceState, Reading
from devices.registry import DRIVERS

Told = Callable[[Reading | DeviceState], None]


def named(settings: Settings, name: str | None) -> list[str]:
    """The device of that name, or all of them. A name that is not in edge.toml is refused."""
    if name is None:
        return list(settings.devices)
    if name not in settings.devices:
        known = ", ".join(settings.devices) or "none"
        raise Refusal(f"There is no [devices.{name}] in edge.toml; there is {known}.")
    return [name]


def built(settings: Settings, names: Iterable[str], tap: Tap = no_tap) -> list[Device]:
    """The devices as the agent would build them."""
    around = Surroundings(time.monotonic, asyncio.sleep, tap)
    drivers = settings.device_drivers()
    return [DRIVERS[drivers[name]].build(name, settings.devices[name], around) for name in names]


async def run_for(settings: Settings, devices: Iterable[Any], told: Told, seconds: float | None) -> None:
    """Run devices for so many seconds, or until this is cancelled; everything they say goes to `told`."""
    drivers = settings.device_drivers()
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            for device in devices:
                reads = DRIVERS[drivers[device.name]].kind in {"scanner", "scale"}
                running = device.run(told, told) if reads else device.run(told)
                group.create_task(running, name=f"device {device.name}")
