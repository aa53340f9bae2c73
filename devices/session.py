"""Keeps the line to one device open: opens it, lets the driver talk, and tries again for ever when it breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from devices.driver import Report, Sleep
from devices.readings import DeviceState
from devices.transports import DeviceUnreachable, Transport

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 1.0  # a person who has plugged a scanner in again expects its next scan to work

Heard = Callable[[], None]
"""Called by a driver when its device said something: only then is the line known to work."""


class States:
    """Reports the state of one device, each change once."""

    def __init__(self, device: str, report: Report) -> None:
        self.device, self._report = device, report
        self._last: DeviceState | None = None

    def ready(self, sentence: str = "", next_step: str = "") -> None:
        """The device can be used; where something will hinder it soon, a sentence says so."""
        self._change(DeviceState(self.device, "ready", sentence or f"'{self.device}' is ready.", next_step))

    def away(self, sentence: str, next_step: str) -> None:
        """The device cannot be used: why, and what to do."""
        self._change(DeviceState(self.device, "away", sentence, next_step))

    def _change(self, state: DeviceState) -> None:
        if state != self._last:
            self._last = state
            self._report(state)


async def keep_talking(
    transport: Transport, talk: Callable[[Heard], Awaitable[None]], states: States, sleep: Sleep
) -> None:
    """Run `talk` on an open line for ever. It ends only by TransportLost, ConnectRefused or cancellation.

    The wait between two tries doubles up to LONGEST_WAIT_S and starts anew once the device was heard.
    """
    wait_s = FIRST_WAIT_S

    def heard() -> None:
        nonlocal wait_s
        wait_s = FIRST_WAIT_S

    while True:
        try:
            await transport.open()
            await talk(heard)
        except DeviceUnreachable as fault:
            states.away(fault.sentence, fault.next_step)
        finally:
            # Closed before the next open: else a replugged adapter gets another name (device_protocols 1.4).
            await transport.close()
        await sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)


async def until_one_ends(*sides: Coroutine[Any, Any, None]) -> None:
    """Run all sides of a conversation until the first of them ends, and end as that one does."""
    tasks = [asyncio.create_task(side) for side in sides]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
