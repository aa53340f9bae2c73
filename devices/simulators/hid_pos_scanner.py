"""A HID POS scanner on a socket that stands for its hidraw node (device_protocols 6)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, Literal

from devices.simulators.wire import SeqpacketWire

HidPosFault = Literal["joined", "garbage", "drip", "silent", "cut", "torn", "too_short", "too_full", "other_report"]

HID_POS_FAULTS: Final[dict[HidPosFault, str]] = {
    "joined": "a code is held back and its reports come directly before those of the next one",
    "garbage": "a report that is no report comes first",
    "drip": "a tenth of a second passes between two reports",
    "silent": "nothing is sent",
    "cut": "the first report is sent, then the plug is pulled",
    "torn": "the last report of a code of several never comes",
    "too_short": "every report is one byte short",
    "too_full": "every report says that it holds more than it has room for",
    "other_report": "a report of another id comes between those of a code",
}
"""Every fault of such a scanner, in words."""

DATA_BYTES, DRIP_S = 56, 0.1
REPORT_ID = 2
SIZES: Final = {"62": 62, "64": 64}

DESCRIPTOR_62: Final = bytes.fromhex(
    "058C0902A101850209 12A1021500 26FF00750895 010501093B 8102950305 8C09FB09FC 09FD8102 953809FE8202 01"
    "2501750195 0109FF8102 75078103 C0C0"
)
"""The report descriptor of the 62-byte layout, as a working emulator has it."""


class HidPosScannerSimulator:
    """`path` is the node; `layout` the size of its reports."""

    def __init__(self, path: Path, layout: Literal["62", "64"] = "62") -> None:
        self._wire = SeqpacketWire(_deaf, path)
        self._layout = layout
        self._turn = asyncio.Lock()
        self._held: list[bytes] = []
        self.fault: HidPosFault | None = None
        self.plugged = False
        self.last = b""

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return {**self._wire.address, "layout": self._layout}

    async def start(self) -> None:
        """Plug it in."""
        await self.replug()

    async def stop(self) -> None:
        """Take it away for good."""
        await self.unplug()

    async def unplug(self) -> None:
        """Pull the plug."""
        self.plugged = False
        await self._wire.unplug()

    async def replug(self) -> None:
        """Plug it in."""
        await self._wire.plug()
        self.plugged = True

    def set_fault(self, fault: HidPosFault | None) -> None:
        """Break the scanner in one way, or mend it."""
        self.fault = fault

    async def scan(self, code: bytes) -> None:
        """Pull the trigger on `code`, which may start with an AIM identifier: that goes into its own field."""
        self.last = code
        async with self._turn:
            await self._send(reports(code, SIZES[self._layout]))

    async def _send(self, each: list[bytes]) -> None:
        if self.fault == "joined" and not self._held:
            self._held = each
            return
        for number, report in enumerate(self._held + _altered(each, self.fault)):
            if number and self.fault == "drip":
                await asyncio.sleep(DRIP_S)
            self._wire.write(report)
            if self.fault == "cut":
                await self.unplug()
        self._held = []


def reports(code: bytes, size: int) -> list[bytes]:
    """The reports of one code: 56 bytes of data in each, and in all but the last the bit that more follows."""
    aim, data = (code[:3], code[3:]) if code[:1] == b"]" else (bytes(3), code)
    parts = [data[at : at + DATA_BYTES] for at in range(0, len(data), DATA_BYTES)] or [b""]
    made = []
    for number, part in enumerate(parts, 1):
        head = bytes([REPORT_ID, len(part)]) + aim + part.ljust(DATA_BYTES, b"\0")
        made.append(head.ljust(size - 1, b"\0") + (b"\0" if number == len(parts) else b"\1"))
    return made


def _altered(each: list[bytes], fault: HidPosFault | None) -> list[bytes]:
    match fault:
        case "silent":
            return []
        case "garbage":
            return [b"\xff\xfe", *each]
        case "torn":
            return each[:-1]
        case "too_short":
            return [report[:-1] for report in each]
        case "too_full":
            return [report[:1] + b"\xff" + report[2:] for report in each]
        case "other_report":
            return [every for report in each for every in (bytes([REPORT_ID + 1]) * len(report), report)]
        case _:
            return each


def _deaf(_: bytes) -> None:
    """Nothing is said to such a scanner here."""
