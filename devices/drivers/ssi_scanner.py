"""A Symbol or Zebra scanner that speaks SSI on a serial line (device_protocols 5.3)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from pydantic import Field

from devices.alarm import Alarm
from devices.driver import Driver, Emit, Report, Surroundings
from devices.line_settings import Path, SerialLine
from devices.protocols.ssi_host import SsiHost
from devices.recorder import TapedTransport
from devices.session import Heard, States, keep_talking
from devices.transports import SerialTransport

WAKE_BYTE = b"\x00"
ASLEEP_AFTER_S = 1.0
ASK_AGAIN_S = 5.0
"""How often a scanner that does not answer is told again to send packets."""


class SsiScannerSettings(SerialLine):
    """A `[devices.NAME]` section with `driver = "ssi_scanner"`."""

    driver: Literal["ssi_scanner"] = "ssi_scanner"
    port: Path
    response_timeout_ms: Annotated[int, Field(ge=100, le=10_000)] = 2_000
    wake_ms: Annotated[int, Field(ge=0, le=200)] = 10
    type_in_each_packet: bool = True
    good_beep: Annotated[int, Field(ge=0, le=0x1F)] = 0
    bad_beep: Annotated[int, Field(ge=0, le=0x1F)] = 7


class SsiScanner:
    """Emits each code once, acknowledges each packet at once, and beeps as it is told."""

    def __init__(self, name: str, settings: SsiScannerSettings, around: Surroundings) -> None:
        self.name = name
        self._settings, self._around = settings, around
        self._alarm = Alarm()
        self._host: SsiHost | None = None
        line = SerialTransport(name, settings.port, settings)
        self._transport = TapedTransport(name, line, around.tap, around.clock)

    def feedback(self, *, good: bool) -> None:
        """Beep for a good or a bad read. A scanner that is away hears nothing."""
        if self._host is not None:
            self._host.beep(self._settings.good_beep if good else self._settings.bad_beep)
            self._alarm.ring()

    async def run(self, emit: Emit, report: Report) -> None:
        """Read for ever; come back by itself after an unplug."""
        states = States(self.name, report)

        host = SsiHost(
            self.name, self._settings.response_timeout_ms / 1000, type_in_each=self._settings.type_in_each_packet
        )

        async def talk(heard: Heard) -> None:
            for reading in host.connected(self._around.clock()):
                emit(reading)
            self._host = host
            try:
                await self._converse(host, emit, states, heard)
            finally:
                self._host = None

        await keep_talking(self._transport, talk, states, self._around.sleep)

    async def _converse(self, host: SsiHost, emit: Emit, states: States, heard: Heard) -> None:
        clock = self._around.clock
        heard_at, ask_at = float("-inf"), float("inf")
        while True:
            await self._say(host, awake=clock() - heard_at < ASLEEP_AFTER_S)
            if host.answers is False:
                states.away(*_no_answer(self.name))
                ask_at = min(ask_at, clock() + ASK_AGAIN_S)
            waits = [wait_s for wait_s in (host.wait_s(clock()), ask_at - clock()) if wait_s is not None]
            data = await self._alarm.within(min(waits), self._transport.read)
            now = clock()
            for reading in host.feed(data, now) if data else host.expire(now):
                emit(reading)
            if data and host.answers:
                heard()
                heard_at, ask_at = now, float("inf")
                states.ready()
            if host.raw or now >= ask_at:
                ask_at = float("inf")
                host.enable_packets()

    async def _say(self, host: SsiHost, *, awake: bool) -> None:
        answers, command = host.output(self._around.clock())
        if answers:
            await self._transport.write(answers)
        if command and not awake and self._settings.wake_ms:
            await self._transport.write(WAKE_BYTE)
            await asyncio.sleep(self._settings.wake_ms / 1000)
        if command:
            await self._transport.write(command)


def _no_answer(name: str) -> tuple[str, str]:
    return (
        f"The scanner '{name}' does not answer in SSI.",
        "Check that it is on and set to SSI with its manual, and baudrate in edge.toml; it comes back by itself.",
    )


DRIVER = Driver("ssi_scanner", "scanner", SsiScannerSettings, SsiScanner)
