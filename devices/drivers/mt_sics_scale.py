"""A METTLER TOLEDO scale, or one that speaks MT-SICS, on a serial line or TCP (device_protocols 2.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from devices.driver import Clock, Driver, Emit, Report, Surroundings
from devices.line_settings import Host, Path, SerialLine, TcpPort
from devices.protocols.mt_sics import RESET, WEIGHT_NOW, MtSics, Restarted, SicsValue
from devices.readings import BadFrame, Unit, Weight
from devices.recorder import TapedTransport
from devices.session import Heard, States, keep_talking
from devices.transports import SerialTransport, TcpTransport, Transport

MISSES_UNTIL_AWAY = 3
CONNECT_TIMEOUT_S = 3.0
STARTED = "the scale started anew: its tare may be lost"


class MtSicsScaleSettings(SerialLine):
    """A `[devices.NAME]` section with `driver = "mt_sics_scale"`: either `port`, or `tcp_host` and `tcp_port`."""

    driver: Literal["mt_sics_scale"] = "mt_sics_scale"
    port: Path | None = None
    tcp_host: Host | None = None
    tcp_port: TcpPort | None = None
    poll_ms: Annotated[int, Field(ge=20, le=10_000)] = 200
    answer_timeout_ms: Annotated[int, Field(ge=50, le=30_000)] = 1_000

    @model_validator(mode="after")
    def _one_line(self) -> Self:
        if (self.tcp_host is None) != (self.tcp_port is None):
            raise PydanticCustomError("line", "tcp_host and tcp_port belong together: set both or neither")
        if (self.port is None) == (self.tcp_host is None):
            raise PydanticCustomError("line", "set either port, or tcp_host and tcp_port: exactly one of the two")
        return self


class MtSicsScale:
    """Emits every weight the scale reports, polled one command at a time."""

    def __init__(self, name: str, settings: MtSicsScaleSettings, around: Surroundings) -> None:
        self.name = name
        self._settings, self._clock, self._sleep = settings, around.clock, around.sleep
        self._transport = TapedTransport(name, _transport(name, settings), around.tap, around.clock)

    async def run(self, emit: Emit, report: Report) -> None:
        """Poll for ever; come back by itself after silence, power-off or unplug."""
        states = States(self.name, report)

        async def talk(heard: Heard) -> None:
            await _Conversation(self.name, self._settings, self._transport, self._clock, emit, states, heard).run()

        await keep_talking(self._transport, talk, states, self._sleep)


class _Conversation:
    """One open line. In step means: every answer read now belongs to a question asked now."""

    def __init__(
        self,
        name: str,
        settings: MtSicsScaleSettings,
        transport: Transport,
        clock: Clock,
        emit: Emit,
        states: States,
        heard: Heard,
    ) -> None:
        self._name, self._transport, self._clock = name, transport, clock
        self._emit, self._states, self._heard = emit, states, heard
        self._poll_s, self._answer_timeout_s = settings.poll_ms / 1000, settings.answer_timeout_ms / 1000
        self._decoder = MtSics(name)
        self._in_step = False
        self._misses = 0
        self._garbage = False
        self._unit: Unit | None = None

    async def run(self) -> None:
        while True:
            if await _within(self._answer_timeout_s, self._poll):
                self._misses, self._garbage = 0, False
                self._heard()
                self._states.ready()
            else:
                self._missed()
            # Listening, not sleeping: a frame that waits in a buffer would be stamped later than it arrived.
            await _within(self._poll_s, self._listen)

    async def _poll(self) -> None:
        if not self._in_step:
            await self._reset()
        await self._transport.write(WEIGHT_NOW)
        while True:
            for value in await self._hear():
                if isinstance(value, Weight):
                    return
                if isinstance(value, Restarted):  # the question was lost with the restart
                    await self._transport.write(WEIGHT_NOW)

    async def _reset(self) -> None:
        """Start over: whatever comes before the answer to the reset is old and is thrown away."""
        await self._transport.write(RESET)
        while not self._in_step:
            await self._hear()

    async def _listen(self) -> None:
        while True:
            await self._hear()

    async def _hear(self) -> list[SicsValue]:
        data = await self._transport.read()
        values = self._decoder.feed(data, self._clock())
        for value in values:
            self._pass_on(value)
        return values

    def _pass_on(self, value: SicsValue) -> None:
        match value:
            case BadFrame():
                self._garbage = True
                self._emit(value)
            case Restarted():
                self._in_step = True
                self._emit(_started(self._name, value))
            case Weight() if self._in_step and value.mode != "tare":
                self._emit(self._trusted(value))

    def _trusted(self, weight: Weight) -> Weight:
        """A lost byte turns kg into g, and no other part of the frame shows it: a new unit must come twice."""
        before, self._unit = self._unit, weight.unit or self._unit
        if before in (None, self._unit):
            return weight
        return replace(weight, value=None, fault=f"the unit changed from {before} to {self._unit}")

    def _missed(self) -> None:
        self._in_step = False  # a late answer must not be taken for the answer to the next question
        self._misses += 1
        if self._misses < MISSES_UNTIL_AWAY:
            return
        if self._garbage:
            self._states.away(
                f"The scale '{self._name}' sends characters that are no MT-SICS answers.",
                "Set baudrate, bytesize and parity in edge.toml as in the scale's menu, and its protocol to MT-SICS.",
            )
        else:
            self._states.away(
                f"The scale '{self._name}' does not answer.",
                "Check that it is switched on and its cable is in place; it comes back by itself.",
            )


def _transport(name: str, settings: MtSicsScaleSettings) -> Transport:
    if settings.tcp_host is not None and settings.tcp_port is not None:
        return TcpTransport(name, settings.tcp_host, settings.tcp_port, CONNECT_TIMEOUT_S)
    assert settings.port is not None
    return SerialTransport(name, settings.port, settings)


def _started(device: str, value: Restarted) -> Weight:
    unknown: Final = "unknown"
    return Weight(device, None, None, "", unknown, unknown, unknown, unknown, STARTED, value.raw, value.t_mono)


async def _within(timeout_s: float, step: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            await step()
    except TimeoutError:
        return False
    return True


DRIVER = Driver("mt_sics_scale", "scale", MtSicsScaleSettings, MtSicsScale)
