"""A scanner that speaks SSI on a pty (device_protocols 5.3): waits for each ACK, tries twice more, then gives up."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, Literal

from devices.simulators.wire import WIRE_FAULTS, FaultySender, PtyWire, WireFault

SsiFault = WireFault | Literal["wrong_checksum", "lost_first", "ack_lost", "deaf", "asleep"]

SSI_FAULTS: Final[tuple[SsiFault, ...]] = (
    *(each for each in WIRE_FAULTS if each != "joined"),
    "wrong_checksum",
    "lost_first",
    "ack_lost",
    "deaf",
    "asleep",
)
"""`wrong_checksum` and `lost_first` spoil the first sending of each packet, `ack_lost` the first answer to it; `deaf`
hears nothing, `asleep` nothing until it is woken. Nothing is `joined`: a scanner waits for each answer."""

ACK, NAK, DECODE_DATA, PARAM_SEND, BEEP = 0xD0, 0xD1, 0xF3, 0xC6, 0xE6
RETRANSMITTED, CONTINUED = 1, 2
RESEND, UNKNOWN = 1, 2
TRIES = 3
DATA_BYTES = 250
PACKETED = bytes.fromhex("EE01")
_OBEYED = frozenset({PARAM_SEND, BEEP, 0xC4, 0xC5, 0xD2, 0xE4, 0xE5, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB})


class SsiScannerSimulator:
    """`link` is the path under which the agent finds it. It sends raw data until it is told to send packets."""

    def __init__(self, link: Path | None = None, response_s: float = 2.0) -> None:
        self._wire = PtyWire(self._received, link)
        self._sender = FaultySender(self._wire)
        self._response_s = response_s
        self._turn = asyncio.Lock()
        self._pending = b""
        self._awake = True
        self._answer = asyncio.Event()
        self._wanted_again = False
        self._skip_acks = 0
        self._said: set[asyncio.Task[None]] = set()
        self.packeted = False
        self.fault: SsiFault | None = None
        self.plugged = False
        self.last = b""
        self.given_up = 0
        """Transmit errors: four low beeps each."""
        self.beeps: list[int] = []
        """The codes of the beeps it was told to make."""

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return self._wire.address

    async def start(self) -> None:
        """Plug it in."""
        await self.replug()

    async def stop(self) -> None:
        """Take it away for good."""
        await self.unplug()
        await self._wire.remove()

    async def unplug(self) -> None:
        """Pull the plug: the scanner loses power and with it the volatile settings."""
        self.plugged = self.packeted = False
        self._pending = b""
        self._answer.set()
        await self._wire.unplug()

    async def replug(self) -> None:
        """Plug it in and switch it on."""
        await self._wire.plug()
        self.plugged = True

    def restart(self) -> None:
        """Power off and on with the cable in place: it sends raw data again."""
        self.packeted = False

    def set_fault(self, fault: SsiFault | None) -> None:
        """Break the scanner or its wire in one way, or mend it."""
        self.fault = fault
        self._awake = fault != "asleep"
        self._sender.fault = next((each for each in WIRE_FAULTS if each == fault), None)

    async def scan(self, code: bytes, code_type: int = 0x03) -> bool:
        """Pull the trigger on `code`; whether the host acknowledged it. In raw mode nobody can."""
        self.last = code
        async with self._turn:
            if not self.packeted:
                await self._sender.send(code)
                return False
            parts = [code[at : at + DATA_BYTES] for at in range(0, len(code), DATA_BYTES)] or [b""]
            for number, part in enumerate(parts, 1):
                status = CONTINUED if number < len(parts) else 0
                if not await self._transmit(bytes([code_type]) + part, status):
                    return False
            return True

    async def _transmit(self, data: bytes, status: int) -> bool:
        self._skip_acks = 1 if self.fault == "ack_lost" else 0
        for attempt in range(TRIES):
            self._answer.clear()
            self._wanted_again = False
            await self._send_once(data, status | (RETRANSMITTED if attempt else 0), attempt)
            try:
                async with asyncio.timeout(self._response_s):
                    await self._answer.wait()
            except TimeoutError:
                continue
            if not self._wanted_again:
                return self.plugged
        self.given_up += 1
        return False

    async def _send_once(self, data: bytes, status: int, attempt: int) -> None:
        frame = packet(DECODE_DATA, data, status)
        if attempt == 0 and self.fault == "lost_first":
            return
        if attempt == 0 and self.fault == "wrong_checksum":
            middle = len(frame) // 2
            frame = frame[:middle] + bytes([frame[middle] ^ 0x01]) + frame[middle + 1 :]
        await self._sender.send(frame)
        self.plugged = self.plugged and self.fault != "cut"

    def _received(self, data: bytes) -> None:
        if self.fault == "deaf":
            return
        if not self._awake:
            self._awake = data[:1] == b"\0"
            return
        self._pending += data
        while self._pending:
            size = self._pending[0] + 2
            if size <= 2:  # noqa: PLR2004 -- the byte that wakes a sleeper
                self._pending = self._pending[1:]
                continue
            if len(self._pending) < size:
                return
            frame, self._pending = self._pending[:size], self._pending[size:]
            self._heard(frame)

    def _heard(self, frame: bytes) -> None:
        opcode, data = frame[1], frame[4:-2]
        if (sum(frame[:-2]) + int.from_bytes(frame[-2:], "big")) & 0xFFFF:
            self._say(packet(NAK, bytes([RESEND])))
        elif opcode in (ACK, NAK):
            if self._skip_acks:
                self._skip_acks -= 1
                return
            self._wanted_again = opcode == NAK
            self._answer.set()
        elif opcode in _OBEYED:
            self.packeted = self.packeted or (opcode == PARAM_SEND and data[1:] == PACKETED)
            self.beeps += data[:1] if opcode == BEEP and not frame[3] & RETRANSMITTED else b""
            self._say(packet(ACK))
        else:
            self._say(packet(NAK, bytes([UNKNOWN])))

    def _say(self, frame: bytes) -> None:
        task = asyncio.create_task(self._sender.send(frame), name="the scanner answers")
        self._said.add(task)
        task.add_done_callback(self._said.discard)


def packet(opcode: int, data: bytes = b"", status: int = 0) -> bytes:
    """A packet of the scanner, with its checksum."""
    body = bytes([4 + len(data), opcode, 0, status]) + data
    return body + (0x10000 - sum(body) & 0xFFFF).to_bytes(2, "big")
