"""The doctor of a device at IT's page: what it says and asks, line by line, and the person's answers."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from devices.attending import Attendance
from devices.doctor import plan_for
from devices.driver import Driver
from devices.probe import Finding
from devices.readings import DeviceState, Reading
from devices.shown import as_json


class Examination:
    """One device and the person at it. `lines` are what the page is told, as JSON members."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._answers: asyncio.Queue[str] = asyncio.Queue(1)
        self._asked = False
        self.attendance = Attendance(time.monotonic, self._say, self._ask, _held_by_the_agent)

    def answer(self, text: str) -> bool:
        """The person answered; False where nothing was asked."""
        if not self._asked:
            return False
        self._asked = False
        self._answers.put_nowait(text)
        return True

    def told(self, heard: Reading | DeviceState) -> None:
        """The device said something."""
        self.attendance.told(as_json(heard))

    async def carry_out(self, name: str, driver: Driver) -> None:
        """Examine the device to the end; the last line is the verdict."""
        code, sentence, next_step = await self.attendance.carry_out(plan_for(name, driver))
        self.lines.put_nowait({"verdict": code, "sentence": sentence, "next_step": next_step})

    def _say(self, sentence: str) -> None:
        self.lines.put_nowait({"said": sentence})

    async def _ask(self, sentence: str) -> str:
        self._asked = True
        self.lines.put_nowait({"asked": sentence})
        return await self._answers.get()


async def _held_by_the_agent() -> Finding | None:
    """The agent holds the port, so it cannot be probed now."""
    return None
