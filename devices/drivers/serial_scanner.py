"""A barcode scanner on a serial line, USB-CDC or Bluetooth serial port (device_protocols 5.1, 5.2)."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Annotated, Literal

from pydantic import Field

from devices.driver import Driver, Emit, Report, Surroundings
from devices.line_settings import Path, SerialLine
from devices.protocols.line_scanner import LineScanner, Terminator
from devices.protocols.scanner_feedback import SIGNALS, FeedbackKind, Signals
from devices.recorder import TapedTransport
from devices.session import Heard, States, keep_talking, until_one_ends
from devices.transports import SerialTransport

MAX_SIGNALS = 8
"""More signals than that wait for nobody: whoever scanned has long gone on."""

Signal = Annotated[str, Field(max_length=32, pattern=r"^[\x00-\xff]*$")]


class SerialScannerSettings(SerialLine):
    """A `[devices.NAME]` section with `driver = "serial_scanner"`."""

    driver: Literal["serial_scanner"] = "serial_scanner"
    port: Path
    terminators: Annotated[tuple[Terminator, ...], Field(min_length=1)] = ("cr", "lf")
    prefix: Annotated[str, Field(max_length=8, pattern=r"^[\x00-\x7f]*$")] = ""
    gs_text: Annotated[str, Field(max_length=8, pattern=r"^[!-~]*$")] = ""
    bluetooth: bool = False
    feedback: FeedbackKind = "none"
    feedback_good: Signal | None = None
    feedback_bad: Signal | None = None

    def signals(self) -> Signals:
        """The bytes for good and bad: those of the maker, or the site's own."""
        makers = SIGNALS[self.feedback]
        good, bad = self.feedback_good, self.feedback_bad
        return Signals(
            makers.good if good is None else good.encode("latin-1"),
            makers.bad if bad is None else bad.encode("latin-1"),
        )


class SerialScanner:
    """Emits each code as soon as its last byte arrived."""

    def __init__(self, name: str, settings: SerialScannerSettings, around: Surroundings) -> None:
        self.name = name
        self._settings, self._around = settings, around
        self._signals = settings.signals()
        self._waiting: deque[bytes] = deque(maxlen=MAX_SIGNALS)
        self._asked = asyncio.Event()
        self._here = False
        line = SerialTransport(name, settings.port, settings)
        self._transport = TapedTransport(name, line, around.tap, around.clock)

    def feedback(self, *, good: bool) -> None:
        """Signal a good or a bad read. A scanner that is away hears nothing, nor does one that is not set to."""
        signal = self._signals.good if good else self._signals.bad
        if self._here and signal:
            self._waiting.append(signal)
            self._asked.set()

    async def run(self, emit: Emit, report: Report) -> None:
        """Read for ever; come back by itself after an unplug or a sleep."""
        states = _WirelessStates(self.name, report) if self._settings.bluetooth else States(self.name, report)

        async def talk(heard: Heard) -> None:
            states.ready()
            self._waiting.clear()  # a signal for a code from before the line broke helps nobody
            self._here = True
            try:
                await self._converse(emit, heard)
            finally:
                self._here = False

        await keep_talking(self._transport, talk, states, self._around.sleep)

    async def _converse(self, emit: Emit, heard: Heard) -> None:
        settings = self._settings
        # A new decoder for each connection: half a code from before an unplug never joins the next one.
        prefix, gs_text = settings.prefix.encode("ascii"), settings.gs_text.encode("ascii")
        decoder = LineScanner(self.name, settings.terminators, prefix, gs_text, stalls=settings.bluetooth)

        def take(data: bytes) -> None:
            heard()
            for reading in decoder.feed(data, self._around.clock()):
                emit(reading)

        if any(self._signals):
            await until_one_ends(self._transport.pump(take), self._signal())
        await self._transport.pump(take)

    async def _signal(self) -> None:
        while True:
            await self._asked.wait()
            self._asked.clear()
            while self._waiting:
                await self._transport.write(self._waiting.popleft())


class _WirelessStates(States):
    """A wireless scanner that is gone is asleep or out of reach, whatever the system calls that."""

    def away(self, sentence: str, next_step: str) -> None:
        """Say so, and what it is that wakes it."""
        _ = next_step
        super().away(
            f"The wireless scanner '{self.device}' is asleep, switched off or out of reach ({sentence})",
            "Press its trigger near the station; it connects again by itself within two seconds.",
        )


DRIVER = Driver("serial_scanner", "scanner", SerialScannerSettings, SerialScanner)
