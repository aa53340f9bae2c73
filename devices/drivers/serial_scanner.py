"""A barcode scanner on a serial line or USB-CDC port (device_protocols 5.1)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devices.driver import Driver, Emit, Report, Surroundings
from devices.line_settings import Path, SerialLine
from devices.protocols.line_scanner import LineScanner, Terminator
from devices.recorder import TapedTransport
from devices.session import Heard, States, keep_talking
from devices.transports import SerialTransport


class SerialScannerSettings(SerialLine):
    """A `[devices.NAME]` section with `driver = "serial_scanner"`."""

    driver: Literal["serial_scanner"] = "serial_scanner"
    port: Path
    terminators: Annotated[tuple[Terminator, ...], Field(min_length=1)] = ("cr", "lf")
    prefix: Annotated[str, Field(max_length=8, pattern=r"^[\x00-\x7f]*$")] = ""


class SerialScanner:
    """Emits each code as soon as its last byte arrived."""

    def __init__(self, name: str, settings: SerialScannerSettings, around: Surroundings) -> None:
        self.name = name
        self._settings, self._around = settings, around
        line = SerialTransport(name, settings.port, settings)
        self._transport = TapedTransport(name, line, around.tap, around.clock)

    async def run(self, emit: Emit, report: Report) -> None:
        """Read for ever; come back by itself after an unplug."""
        states = States(self.name, report)

        async def talk(heard: Heard) -> None:
            states.ready()
            # A new decoder for each connection: half a code from before an unplug never joins the next one.
            decoder = LineScanner(self.name, self._settings.terminators, self._settings.prefix.encode("ascii"))

            def take(data: bytes) -> None:
                heard()
                for reading in decoder.feed(data, self._around.clock()):
                    emit(reading)

            await self._transport.pump(take)

        await keep_talking(self._transport, talk, states, self._around.sleep)


DRIVER = Driver("serial_scanner", "scanner", SerialScannerSettings, SerialScanner)
