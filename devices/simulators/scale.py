"""A scale on a pty, TCP or a socket that stands for a hidraw node, speaking whatever protocol its `Speech` knows.

The body is the same for all (`scale_body`); a protocol's simulator file adds its speech: how a moment on the display
is put into bytes, and what the bytes of the host mean.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Literal, Protocol

from devices.protocols.parity import Parity, with_parity, without_parity
from devices.readings import Unit
from devices.simulators.scale_body import ScaleBody, Shown
from devices.simulators.scale_on_a_wire import Heard, ScaleOnAWire
from devices.simulators.wire import WIRE_FAULTS, PtyWire, TcpWire, Wire, WireFault

SpeechFault = WireFault | Literal["over", "under", "error", "stale", "wrong_unit"]

SPEECH_FAULTS: tuple[SpeechFault, ...] = (*WIRE_FAULTS, "over", "under", "error", "stale", "wrong_unit")
"""`error` is an internal fault; `stale` sends, before the first answer after a plug and before each answer to a
question, weights of a load that is no longer there; `wrong_unit` shows the load in another unit, correctly."""

STALE_MG = 1_000_000
OTHER_UNIT: dict[Unit, Unit] = {"kg": "lb", "lb": "kg", "g": "oz", "oz": "g"}
LONGEST_COMMAND = 64


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


class ScaleSimulator(ScaleOnAWire[SpeechFault]):
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
        self._speech, self._parity = speech, parity
        self._stale_due = False

        def line(received: Callable[[bytes], None]) -> Wire:
            return TcpWire(received) if tcp else PtyWire(received, link, baudrate)

        body = ScaleBody(unit=unit, resolution=resolution, capacity=capacity, settle_s=settle_s, clock=clock)
        super().__init__(body, wire or line)

    async def _switched_on(self) -> None:
        self._stale_due = True
        self.body.restart()
        if greeting := self._speech.greeting():
            await self._say(greeting)
        if self._speech.every_s is not None:
            self._start(self._send_for_ever(self._speech.every_s))

    def set_fault(self, fault: SpeechFault | None) -> None:
        """Break the scale or its wire in one way, or mend it."""
        super().set_fault(fault)
        self._stale_due = fault == "stale"

    def _received(self, data: bytes) -> None:
        if self._parity is not None:
            data = without_parity(data, self._parity)
        heard, self._pending = self._speech.hear(self._pending + data)
        self._pending = self._pending[-LONGEST_COMMAND:]
        for each in heard:
            self.heard.append(each)
            self._start(self._answer(each))

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
        await self._send(with_parity(frame, self._parity) if self._parity is not None else frame)
