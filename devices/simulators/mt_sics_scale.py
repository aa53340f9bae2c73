"""A scale that speaks MT-SICS over a pty or TCP (device_protocols 2.1), with a load that takes time to settle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

from devices.readings import Unit
from devices.simulators.scale import OTHER_UNIT
from devices.simulators.scale_body import ScaleBody
from devices.simulators.scale_on_a_wire import Action, Heard, ScaleOnAWire
from devices.simulators.wire import WIRE_FAULTS, PtyWire, TcpWire, Wire, WireFault

ScaleFault = WireFault | Literal["over", "under", "busy", "error", "stale", "wrong_unit"]

SCALE_FAULTS: tuple[ScaleFault, ...] = (*WIRE_FAULTS, "over", "under", "busy", "error", "stale", "wrong_unit")
"""`error` is an internal fault in a frame that says stable; `stale` sends, before the answer to a reset, weights of
a load that is no longer there; `wrong_unit` shows the load in another unit, correctly; `joined` says
everything twice in one write, because one answer has no next."""

SERIAL_NUMBER = "B021002593"
MAX_JOBS = 16  # commands sent back to back without waiting get lost, as on a real scale

_ACTIONS: dict[bytes, Action] = {
    **dict.fromkeys((b"S", b"SI", b"SIR"), "weigh"),
    **dict.fromkeys((b"Z", b"ZI"), "zero"),
    **dict.fromkeys((b"T", b"TI"), "tare"),
    b"TAC": "clear_tare",
    b"@": "clear_tare",  # a reset forgets the tare
}
_IDENTITY = {
    "I0": ['I0 B 0 "I0"', 'I0 B 0 "I4"', 'I0 B 0 "SI"', 'I0 A 0 "@"'],
    "I1": ['I1 A "01" "2.30" "2.20"'],
    "I2": ['I2 A "WarehouseSim"'],
    "I3": ['I3 A "1.00"'],
}


class MtSicsScaleSimulator(ScaleOnAWire[ScaleFault]):
    """Switched on it announces itself; everything else is an answer. What is under its cover is its `body`.

    `heard` lists what the host asked for; a `baudrate` garbles other speeds.
    """

    def __init__(
        self,
        link: Path | None = None,
        *,
        tcp: bool = False,
        baudrate: int | None = None,
        unit: Unit = "kg",
        resolution: Decimal = Decimal("0.001"),
        capacity: Decimal = Decimal(30),
        settle_s: float = 0.4,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        def line(received: Callable[[bytes], None]) -> Wire:
            return TcpWire(received) if tcp else PtyWire(received, link, baudrate)

        body = ScaleBody(unit=unit, resolution=resolution, capacity=capacity, settle_s=settle_s, clock=clock)
        super().__init__(body, line)

    async def _switched_on(self) -> None:
        await self.restart()

    async def restart(self) -> None:
        """Power off and on with the cable in place: tare and pending commands are gone, and it says so unasked."""
        self._cancel_jobs()
        self.body.restart()
        await self._say(f'I4 A "{SERIAL_NUMBER}"')

    def _received(self, data: bytes) -> None:
        self._pending += data
        *lines, rest = self._pending.split(b"\r\n")
        self._pending = rest[-256:]
        for line in lines:
            self.heard.append(Heard(_ACTIONS.get(line, "other"), line))
            self._start_job(line.decode("latin-1"))

    def _start_job(self, command: str) -> None:
        if command == "@":
            self._cancel_jobs()
        if len(self._jobs) >= MAX_JOBS:
            return
        self._start(self._answer(command))

    async def _answer(self, command: str) -> None:
        if command == "@":
            await self._reset()
        elif command in _IDENTITY:
            for line in _IDENTITY[command]:
                await self._say(line)
        elif command == "I4":
            await self._say(f'I4 A "{SERIAL_NUMBER}"')
        elif command in ("S", "SI"):
            await self._weigh(wait=command == "S")
        elif command == "SIR":
            await self._repeat()
        elif command == "C":
            await self._cancel_repeat()
        elif command in ("Z", "ZI"):
            await self._set_zero(command)
        elif command in ("T", "TI", "TA", "TAC"):
            await self._tare(command)
        else:
            await self._say("ES")

    async def _reset(self) -> None:
        if self.fault == "stale":
            for _ in range(3):
                await self._say(f"S S {self._field(self.load_mg + 1_000_000)} {self.body.unit}")
        await self._say(f'I4 A "{SERIAL_NUMBER}"')

    async def _weigh(self, *, wait: bool) -> None:
        if wait and not await self._comes_to_rest():
            await self._say("S I")
            return
        shown = self.body.shown()
        if self.fault == "wrong_unit":
            shown = replace(shown, unit=OTHER_UNIT[shown.unit])
        status = self._forced_status() or {"over": "S +", "under": "S -"}.get(shown.range)
        if status is None:
            await self._say(f"S {'S' if shown.stable else 'D'} {shown.net:>10f} {shown.unit}")
        else:
            await self._say(status)

    async def _repeat(self) -> None:
        while True:
            await self._weigh(wait=False)
            await asyncio.sleep(0.1)

    async def _cancel_repeat(self) -> None:
        await self._say("C B")
        self._cancel_jobs()
        await self._say("C A")

    async def _set_zero(self, command: str) -> None:
        if command == "Z" and not await self._comes_to_rest():
            await self._say("Z I")
            return
        self.body.set_zero()
        await self._say("Z A" if command == "Z" else f"ZI {'S' if self.stable else 'D'}")

    async def _tare(self, command: str) -> None:
        if command == "TAC":
            self.body.tare_mg = 0
            await self._say("TAC A")
            return
        if command == "T" and not await self._comes_to_rest():
            await self._say("T I")
            return
        if command != "TA":
            self.body.set_tare()
        status = "A" if command == "TA" else "S" if self.stable else "D"
        await self._say(f"{command} {status} {self._field(self.body.tare_mg)} {self.body.unit}")

    def _forced_status(self) -> str | None:
        return {"over": "S +", "under": "S -", "busy": "S I", "error": "S S  Error 10b"}.get(self.fault or "")

    def _field(self, net_mg: int) -> str:
        """Ten characters, right aligned, in whole steps of the resolution."""
        return f"{self.body.shown().in_steps(net_mg):>10f}"

    async def _say(self, line: str) -> None:
        frame = line.encode("ascii") + b"\r\n"
        await self._send(frame * 2 if self.fault == "joined" else frame)
