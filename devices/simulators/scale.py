"""A scale on a pty, TCP or a socket that stands for a hidraw node, speaking whatever protocol its `Speech` knows.

The body is the same for all (`scale_body`); a protocol's simulator file adds its speech: how a moment on the display
is put into bytes, and what the bytes of the host mean.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from devices.driver import ScaleCommand
from devices.protocols.parity import Parity, with_parity, without_parity
from devices.readings import Unit
from devices.simulators.scale_body import ScaleBody, Shown
from devices.simulators.wire import WIRE_FAULTS, FaultySender, PtyWire, TcpWire, Wire, WireFault

SpeechFault = WireFault | Literal["over", "under", "error", "stale", "wrong_unit"]

SPEECH_FAULTS: tuple[SpeechFault, ...] = (*WIRE_FAULTS, "over", "under", "error", "stale", "wrong_unit")
"""`error` is an internal fault; `stale` sends, before the first answer after a plug and before each answer to a
question, weights of a load that is no longer there; `wrong_unit` shows the load in another unit, correctly."""

STALE_MG = 1_000_000
OTHER_UNIT: dict[Unit, Unit] = {"kg": "lb", "lb": "kg", "g": "oz", "oz": "g"}
STABLE_TIMEOUT_S = 3.0
LONGEST_COMMAND = 64

Action = ScaleCommand | Literal["weigh", "status", "other"]


class Heard(NamedTuple):
    """One command of the host: what it asks for and its bytes."""

    action: Action
    raw: bytes


class Speech(Protocol):
    """How one protocol is spoken by the scale."""

    every_s: float | None
    """It sends a frame by itself so often; None when it only answers."""
    waits_for_rest: bool
    """Whether zero and tare wait until nothing moves."""

    def frame(self, shown: Shown) -> bytes:
        """The weight at one moment, as answered to a question or sent by itself."""

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """The commands in `pending`, and the rest that is not yet one."""

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:
        """What it answers to anything but a question for the weight; `done` is whether it was carried out."""

    def greeting(self) -> bytes:
        """What it sends when it is switched on; empty for nothing."""


class ScaleSimulator:
    """`heard` lists what the host asked for, so that a test can see that nothing dangerous was sent."""

    def __init__(
        self,
        speech: Speech,
        link: Path | None = None,
        *,
        tcp: bool = False,
        wire: Callable[[Callable[[bytes], None]], Wire] | None = None,
        parity: Parity | None = None,
        baudrate: int | None = None,
        unit: Unit = "kg",
        resolution: Decimal = Decimal("0.001"),
        capacity: Decimal = Decimal(30),
        settle_s: float = 0.4,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`parity` is that of a line of seven data bits, None for eight; `baudrate` garbles other speeds."""
        self.body = ScaleBody(unit=unit, resolution=resolution, capacity=capacity, settle_s=settle_s, clock=clock)
        self._speech, self._parity = speech, parity
        if wire is not None:
            self._wire: Wire = wire(self._received)
        else:
            self._wire = TcpWire(self._received) if tcp else PtyWire(self._received, link, baudrate)
        self._sender = FaultySender(self._wire)
        self._pending = b""
        self._jobs: set[asyncio.Task[None]] = set()
        self._stale_due = False
        self.heard: list[Heard] = []
        self.fault: SpeechFault | None = None
        self.plugged = False

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
        for job in self._jobs:
            if job is not asyncio.current_task():
                job.cancel()
        self._pending = b""
        await self._wire.unplug()

    async def replug(self) -> None:
        """Plug it in and switch it on, under a new name of the terminal; the link follows."""
        await self._wire.plug()
        self.plugged = True
        self._stale_due = True
        self.body.restart()
        if greeting := self._speech.greeting():
            await self._say(greeting)
        if self._speech.every_s is not None:
            self._start(self._send_for_ever(self._speech.every_s))

    def put_load_mg(self, load_mg: int) -> None:
        """Put so much on the empty pan (0 clears it)."""
        self.body.put_load_mg(load_mg)

    def set_fault(self, fault: SpeechFault | None) -> None:
        """Break the scale or its wire in one way, or mend it."""
        self.fault = fault
        self._stale_due = fault == "stale"
        self._sender.fault = next((each for each in WIRE_FAULTS if each == fault and each != "joined"), None)

    def _received(self, data: bytes) -> None:
        if self._parity is not None:
            data = without_parity(data, self._parity)
        heard, self._pending = self._speech.hear(self._pending + data)
        self._pending = self._pending[-LONGEST_COMMAND:]
        for each in heard:
            self.heard.append(each)
            self._start(self._answer(each))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        job = asyncio.create_task(work, name="simulated scale")
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)

    async def _send_for_ever(self, every_s: float) -> None:
        while True:
            await self._weigh()
            await asyncio.sleep(every_s)

    async def _answer(self, heard: Heard) -> None:
        if heard.action == "weigh":
            await self._weigh()
            return
        done = True
        if heard.action in ("zero", "tare") and self._speech.waits_for_rest:
            done = await self._comes_to_rest()
        if done and heard.action == "zero":
            self.body.set_zero()
        elif done and heard.action == "tare":
            self.body.set_tare()
        elif heard.action == "clear_tare":
            self.body.tare_mg = 0
        if reply := self._speech.reply(heard, self._shown(), done=done):
            await self._say(reply)

    async def _weigh(self) -> None:
        if self.fault == "stale" and (self._stale_due or self._speech.every_s is None):
            self._stale_due = False
            before = self._shown(self.body.load_mg + STALE_MG)
            await self._say(self._speech.frame(before) * 2)
        await self._say(self._speech.frame(self._shown()))

    async def _comes_to_rest(self) -> bool:
        moves_for_s = self.body.moves_for_s()
        if moves_for_s > 0:
            await asyncio.sleep(min(moves_for_s + 0.001, STABLE_TIMEOUT_S))
        return self.body.stable

    def _shown(self, load_mg: int | None = None) -> Shown:
        shown = self.body.shown(self.fault)
        if load_mg is not None:
            shown = replace(shown, net_mg=load_mg, stable=True)
        if self.fault == "wrong_unit":
            shown = replace(shown, unit=OTHER_UNIT[shown.unit])
        return shown

    async def _say(self, frame: bytes) -> None:
        if self.fault == "joined":
            frame *= 2
        await self._sender.send(with_parity(frame, self._parity) if self._parity is not None else frame)
        self.plugged = self.plugged and self.fault != "cut"
