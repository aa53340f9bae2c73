"""A barcode scanner on a pty: sends each code with its prefix and suffix (device_protocols 5.1)."""

from __future__ import annotations

from pathlib import Path

from devices.simulators.wire import FaultySender, PtyWire, WireFault


class LineScannerSimulator:
    """`link` is the path under which the agent finds it, whatever terminal it gets after a replug."""

    def __init__(self, link: Path | None = None, suffix: bytes = b"\r\n", prefix: bytes = b"") -> None:
        self._wire = PtyWire(_deaf, link)
        self._sender = FaultySender(self._wire)
        self._suffix, self._prefix = suffix, prefix
        self.plugged = False
        self.last = b""

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return self._wire.address

    @property
    def fault(self) -> WireFault | None:
        """What is wrong with its wire."""
        return self._sender.fault

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

    def set_fault(self, fault: WireFault | None) -> None:
        """Break the wire in one way, or mend it."""
        self._sender.fault = fault

    async def scan(self, code: bytes) -> None:
        """Pull the trigger on `code`, which may start with an AIM identifier. Unplugged it only beeps to itself."""
        self.last = code
        await self._sender.send(self._prefix + code + self._suffix)
        self.plugged = self.plugged and self.fault != "cut"


def _deaf(_: bytes) -> None:
    """This scanner takes no host commands."""
