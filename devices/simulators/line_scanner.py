"""A barcode scanner on a pty: sends each code with its prefix and suffix (device_protocols 5.1)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from devices.simulators.wire import WIRE_FAULTS, FaultySender, PtyWire, WireFault

LineScannerFault = WireFault | Literal["merged", "twice", "gs_lost"]
"""`merged` holds a code back and loses its suffix, so that the next one follows in the same line; `twice` sends every
code two times, as a trigger held too long does; `gs_lost` leaves the separators out."""

GS = b"\x1d"


class LineScannerSimulator:
    """`link` is the path under which the agent finds it, whatever terminal it gets after a replug.

    `aim` is whether it sends AIM identifiers, `gs` what it sends for GS. A `baudrate` garbles other speeds.
    """

    def __init__(
        self,
        link: Path | None = None,
        suffix: bytes = b"\r\n",
        prefix: bytes = b"",
        *,
        aim: bool = True,
        gs: bytes = GS,
        baudrate: int | None = None,
    ) -> None:
        self._wire = PtyWire(self._received, link, baudrate)
        self._sender = FaultySender(self._wire)
        self._suffix, self._prefix = suffix, prefix
        self._aim, self._gs = aim, gs
        self._own_fault: LineScannerFault | None = None
        self._merging = b""
        self.plugged = False
        self.last = b""
        self.heard = b""
        """What the host sent, such as its signals for good and bad reads; the oldest is forgotten."""

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return self._wire.address

    @property
    def fault(self) -> LineScannerFault | None:
        """What is wrong with it or its wire."""
        return self._own_fault or self._sender.fault

    async def start(self) -> None:
        """Plug it in."""
        await self.replug()

    async def stop(self) -> None:
        """Take it away for good."""
        await self.unplug()
        await self._wire.remove()

    async def unplug(self) -> None:
        """Pull the plug, in the middle of a frame if there is one."""
        self.plugged = False
        await self._wire.unplug()

    async def replug(self) -> None:
        """Plug it in under a new terminal; the link follows."""
        await self._wire.plug()
        self.plugged = True

    def set_fault(self, fault: LineScannerFault | None) -> None:
        """Break the scanner or its wire in one way, or mend it."""
        self._sender.fault = next((each for each in WIRE_FAULTS if each == fault), None)
        self._own_fault = fault if self._sender.fault is None else None

    async def scan(self, code: bytes) -> None:
        """Pull the trigger on `code`, which may start with an AIM identifier. Unplugged it only beeps to itself."""
        self.last = code
        data = code[3:] if code[:1] == b"]" and not self._aim else code
        frame = self._prefix + data.replace(GS, b"" if self._own_fault == "gs_lost" else self._gs) + self._suffix
        if self._own_fault == "merged" and not self._merging:
            self._merging = frame.removesuffix(self._suffix)
            return
        merged, self._merging = self._merging, b""
        for _ in range(2 if self._own_fault == "twice" else 1):
            await self._sender.send(merged + frame)
        self.plugged = self.plugged and self.fault != "cut"

    def _received(self, data: bytes) -> None:
        self.heard = (self.heard + data)[-1024:]
