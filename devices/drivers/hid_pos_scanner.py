"""A barcode scanner that is a USB HID POS device, read from its hidraw node (device_protocols 6)."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import struct
from pathlib import Path
from typing import Literal

from devices.driver import Driver, Emit, Report, Surroundings
from devices.line_settings import UsbNode
from devices.protocols.hid_pos import FRAGMENT_S, LAYOUTS, HidPos, LayoutChoice, ReportLayout, is_scanner, layout_of
from devices.protocols.hid_report import MAX_DESCRIPTOR, NotADescriptor
from devices.recorder import TapedTransport
from devices.session import Heard, States, keep_talking
from devices.transports import ConnectRefused, NodeTransport, nodes_of

HIDIOCGRDESCSIZE = 0x80044801
HIDIOCGRDESC = 0x90044802

SYSFS_HIDRAW = Path("/sys/class/hidraw")


class HidPosScannerSettings(UsbNode):
    """A `[devices.NAME]` section with `driver = "hid_pos_scanner"`."""

    driver: Literal["hid_pos_scanner"] = "hid_pos_scanner"
    layout: LayoutChoice = "descriptor"


class HidPosScanner:
    """Emits each code as soon as its last report arrived."""

    def __init__(self, name: str, settings: HidPosScannerSettings, around: Surroundings) -> None:
        self.name = name
        self._settings, self._around = settings, around
        key = "usb" if settings.node is None else "node"
        self._node = NodeTransport(name, self._find, str(settings), f"devices.{name}.{key}")
        self._transport = TapedTransport(name, self._node, around.tap, around.clock)

    async def run(self, emit: Emit, report: Report) -> None:
        """Read for ever; come back by itself after an unplug."""
        states = States(self.name, report)

        async def talk(heard: Heard) -> None:
            decoder = HidPos(self.name, self._layout())
            states.ready()
            while True:
                try:
                    async with asyncio.timeout(FRAGMENT_S if decoder.begun else None):
                        data = await self._transport.read()
                except TimeoutError:
                    readings = decoder.expire(self._around.clock())
                else:
                    heard()
                    readings = decoder.feed(data, self._around.clock())
                for reading in readings:
                    emit(reading)

        await keep_talking(self._transport, talk, states, self._around.sleep)

    def _find(self) -> list[Path]:
        """The node that reports codes: a scanner may have further ones, for its keyboard or its set-up."""
        found = nodes_of(self.name, self._settings, "hidraw")
        if len(found) == 1 or self._settings.layout != "descriptor":
            return found
        return [path for path in found if is_scanner(_described_in(SYSFS_HIDRAW, path))]

    def _layout(self) -> ReportLayout:
        """Where the codes lie. Raises ConnectRefused when the device does not tell."""
        if self._settings.layout != "descriptor":
            return LAYOUTS[self._settings.layout]
        if self._node.simulated:
            raise self._no_layout("a socket cannot be asked where its codes lie")
        try:
            return layout_of(_descriptor(self._node.fileno()))
        except OSError as error:
            raise self._no_layout(errno.errorcode.get(error.errno or 0, str(error))) from error
        except NotADescriptor as error:
            raise self._no_layout(f"its report descriptor {error}") from error

    def _no_layout(self, why: str) -> ConnectRefused:
        return ConnectRefused(
            f"{self._node.path} is no HID POS scanner for '{self.name}': {why}.",
            f"Set the scanner to USB HID POS with its manual, or set devices.{self.name}.layout in edge.toml.",
        )


def _descriptor(fd: int) -> bytes:
    """The report descriptor of an open hidraw node. Raises OSError."""
    size: int = struct.unpack("i", fcntl.ioctl(fd, HIDIOCGRDESCSIZE, bytes(4)))[0]
    # `struct hidraw_report_descriptor`: how much is wanted, and the room for it, filled in place.
    answer = bytearray(struct.pack(f"I{MAX_DESCRIPTOR}x", min(size, MAX_DESCRIPTOR)))
    fcntl.ioctl(fd, HIDIOCGRDESC, answer)
    return bytes(answer[4 : 4 + size])


def _described_in(sysfs: Path, node: Path) -> bytes:
    """The report descriptor of a node, without opening it; empty when it just went."""
    try:
        return (sysfs / node.name / "device" / "report_descriptor").read_bytes()
    except OSError:
        return b""


DRIVER = Driver("hid_pos_scanner", "scanner", HidPosScannerSettings, HidPosScanner)
