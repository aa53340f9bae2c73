"""What every simulated scale does with its wire: plug, unplug, faults, and answers that are under way."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from devices.driver import ScaleCommand
from devices.simulators.scale_body import ScaleBody
from devices.simulators.wire import WIRE_FAULTS, FaultySender, Wire

STABLE_TIMEOUT_S = 3.0

Action = ScaleCommand | Literal["weigh", "status", "other"]
FaultT = TypeVar("FaultT", bound=str)


class Heard(NamedTuple):
    """One command of the host: what it asks for and its bytes."""

    action: Action
    raw: bytes


class ScaleOnAWire(ABC, Generic[FaultT]):
    """A scale's `body` at the end of a wire. `heard` lists what the host asked for, so that a test can look."""

    def __init__(self, body: ScaleBody, wire: Callable[[Callable[[bytes], None]], Wire]) -> None:
        """`wire` makes the wire, given who hears what the host sends."""
        self.body = body
        self._wire = wire(self._received)
        self._sender = FaultySender(self._wire)
        self._pending = b""
        self._jobs: set[asyncio.Task[None]] = set()
        self.heard: list[Heard] = []
        self.fault: FaultT | None = None
        self.plugged = False

    @abstractmethod
    async def _switched_on(self) -> None:
        """What it does by itself once it has power."""

    @abstractmethod
    def _received(self, data: bytes) -> None:
        """The host sent `data`."""

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return self._wire.address

    @property
    def load_mg(self) -> int:
        """What lies on it."""
        return self.body.load_mg

    @property
    def stable(self) -> bool:
        """The load has come to rest."""
        return self.body.stable

    async def start(self) -> None:
        """Switch it on."""
        await self.replug()

    async def stop(self) -> None:
        """Switch it off for good."""
        await self.unplug()
        await self._wire.remove()

    async def unplug(self) -> None:
        """Pull the plug: what was under way is gone."""
        self.plugged = False
        self._cancel_jobs()
        self._pending = b""
        await self._wire.unplug()

    async def replug(self) -> None:
        """Plug it in and switch it on, under a new name of the terminal; the link follows."""
        await self._wire.plug()
        self.plugged = True
        await self._switched_on()

    def put_load_mg(self, load_mg: int) -> None:
        """Put so much on the empty pan (0 clears it); it moves for a while. Negative lifts the pan."""
        self.body.put_load_mg(load_mg)

    def set_fault(self, fault: FaultT | None) -> None:
        """Break the scale or its wire in one way, or mend it."""
        self.fault = fault
        # Frames joined to the next one are made by the scale itself, because one answer has no next.
        self._sender.fault = next((each for each in WIRE_FAULTS if each == fault and each != "joined"), None)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        job = asyncio.create_task(work, name="simulated scale")
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)

    def _cancel_jobs(self) -> None:
        for job in self._jobs:
            if job is not asyncio.current_task():
                job.cancel()

    async def _comes_to_rest(self) -> bool:
        moves_for_s = self.body.moves_for_s()
        if moves_for_s > 0:
            await asyncio.sleep(min(moves_for_s + 0.001, STABLE_TIMEOUT_S))
        return self.body.stable

    async def _send(self, frame: bytes) -> None:
        await self._sender.send(frame)
        self.plugged = self.plugged and self.fault != "cut"
