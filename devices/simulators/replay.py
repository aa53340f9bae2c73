"""Plays the device's side of a recording: the same bytes, in the same pieces, at the same distances in time.

What the device said by itself comes when it came. What it answered comes as long after the question as it did then;
so a host that asks a little earlier or later than the recorded one gets every answer to its own question.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from devices.driver import Clock, Sleep
from devices.recorder import Entry
from devices.simulators.wire import PtyWire, TcpWire, Wire

PATIENCE_S = 5.0
"""A question that does not come within so long is not waited for: the host speaks otherwise than the recorded one."""
LOOK_EVERY_S = 0.01
AFTER_OPENING_S = 0.1
"""Whoever opens a port throws away what waits in it."""


class Replay:
    """One recording on one wire. `now` is the time of the recording that is being played."""

    def __init__(
        self,
        entries: Sequence[Entry],
        link: Path | None = None,
        *,
        tcp: bool = False,
        wire: Callable[[Callable[[bytes], None]], Wire] | None = None,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time.monotonic,
    ) -> None:
        self._entries, self._sleep, self._clock = list(entries), sleep, clock
        if wire is not None:
            self._wire: Wire = wire(self._received)
        else:
            self._wire = TcpWire(self._received) if tcp else PtyWire(self._received, link)
        self._keeps_its_name = not isinstance(self._wire, TcpWire)
        self._tape_s = self._entries[0].t_mono if self._entries else 0.0
        self._then_s = 0.0
        self.received = self.sent = self._answered = 0

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return self._wire.address

    @property
    def listened(self) -> bool:
        """Whether somebody has its wire open; of a node that is not known, so its own times decide."""
        return self._wire.listened if isinstance(self._wire, PtyWire | TcpWire) else True

    def now(self) -> float:
        """The time of the recording, in seconds."""
        return self._tape_s + (self._clock() - self._then_s if self._then_s else 0.0)

    async def start(self) -> None:
        """Plug it in."""
        await self._wire.plug()

    async def stop(self) -> None:
        """Take it away for good."""
        await self._wire.remove()

    async def play(self) -> None:
        """Wait until somebody listens, then play all of it."""
        await self._somebody_listens()
        self._is_now(self._tape_s)
        for number, entry in enumerate(self._entries):
            match entry.direction:
                case "out":
                    await self._is_asked(len(entry.data))
                    self._is_now(entry.t_mono)
                case "in":
                    await self._sleep(max(0.0, entry.t_mono - self.now()))
                    self._is_now(entry.t_mono)
                    self.sent += len(entry.data)
                    self._wire.write(entry.data)
                case "note":
                    await self._noted(entry, number)

    async def _noted(self, entry: Entry, number: int) -> None:
        """A line that broke and came back was a plug that was pulled; a connection over TCP its host may close."""
        if self._keeps_its_name and 0 < number < len(self._entries) - 1:
            await self._sleep(max(0.0, entry.t_mono - self.now()))
            if entry.data == b"closed":
                await self._wire.unplug()
                await self._wire.plug()
            elif entry.data == b"opened":
                await self._somebody_listens()
            self._is_now(entry.t_mono)

    async def _somebody_listens(self) -> None:
        while not self.listened:
            await self._sleep(LOOK_EVERY_S)
        await self._sleep(AFTER_OPENING_S)

    async def _is_asked(self, length: int) -> None:
        self._answered += length
        waited_s = 0.0
        while self.received < self._answered and waited_s < PATIENCE_S and self.listened:
            await self._sleep(LOOK_EVERY_S)
            waited_s += LOOK_EVERY_S
        self._answered = min(self._answered, self.received)

    def _is_now(self, tape_s: float) -> None:
        self._tape_s, self._then_s = tape_s, self._clock()

    def _received(self, data: bytes) -> None:
        self.received += len(data)
