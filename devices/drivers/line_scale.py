"""A scale on a serial line or TCP, whatever its protocol: asks it or listens to it, for ever.

A protocol's own driver file says what to send and how to read what comes (`ScaleTalk`); the conversation is the same
for all. Every weight that is passed on was measured after its question, and is stable only when it came again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from devices.agreement import UNCHECKED, Agreement, Rule
from devices.driver import CommandRefused, Emit, Report, ScaleCommand, Surroundings
from devices.line_settings import Host, Path, SerialLine, TcpPort
from devices.protocols.scale import Restarted, ScaleDecoder, ScaleValue, Send, Told
from devices.readings import BadFrame, Weight
from devices.recorder import TapedTransport
from devices.session import Heard, States, keep_talking
from devices.transports import SerialTransport, TcpTransport, Transport

MISSES_UNTIL_AWAY = 3
CONNECT_TIMEOUT_S = 3.0
QUIET_S = 0.15
"""A late answer must not be taken for the next one: before a fresh start a line is listened to until it is silent."""
LONGEST_QUIET_S = 2.0
COMMAND_TIMEOUT_S = 6.0
"""A scale waits for rest before it sets zero or tare; most give up after three to five seconds."""
AGAIN_S = 0.005
"""A weight that must come again is asked for at once, but not in the same breath."""
STARTED = "the scale started anew: its tare may be lost"

_UNTOLD: dict[ScaleCommand, str] = {"zero": "zero", "tare": "tare", "clear_tare": "clear tare", "print": "print"}


class LineScaleSettings(SerialLine):
    """What all scales on a line share: either `port`, or `tcp_host` and `tcp_port`."""

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


class SevenBitScaleSettings(LineScaleSettings):
    """The same for protocols that are usually set to 7 data bits and even parity."""

    bytesize: Literal[7, 8] = 7
    parity: Literal["none", "even", "odd"] = "even"


@dataclass(frozen=True, slots=True)
class ScaleTalk:
    """How one scale is spoken to: its protocol in words, its decoder, and the bytes to send."""

    protocol: str
    decoder: Callable[[], ScaleDecoder]
    """A new one for each connection."""
    weigh: bytes | None
    """Asks for the weight now; None where the scale sends by itself."""
    reset: bytes | None = None
    """Makes the scale answer with Restarted; None where nothing does."""
    commands: Mapping[ScaleCommand, bytes] = field(default_factory=dict)
    replies: bool = True
    """Whether a command is answered; otherwise it is done once it is sent."""
    pause_s: float = 0.0
    """So long nothing more is sent after a command that is not answered."""
    rule: Rule = UNCHECKED
    when_garbled: str | None = None
    """What to do when nothing can be read; None where the settings of a serial line are the likely cause."""
    may_be_silent: bool = False
    """Whether a scale that is there may say nothing for long: then it is away only when its line breaks."""


class LineScale:
    """Emits every weight the scale reports; sets zero and tare when told to, between two weights."""

    def __init__(self, name: str, transport: Transport, talk: ScaleTalk, settings: Any, around: Surroundings) -> None:
        """`settings` has poll_ms and answer_timeout_ms."""
        self.name = name
        self.commands = frozenset(talk.commands)
        self._talk, self._settings, self._around = talk, settings, around
        self._transport = TapedTransport(name, transport, around.tap, around.clock)
        self._open: _Conversation | None = None

    async def run(self, emit: Emit, report: Report) -> None:
        """Weigh for ever; come back by itself after silence, power-off or unplug."""
        states = States(self.name, report)

        async def talk(heard: Heard) -> None:
            self._open = _Conversation(self.name, self._settings, self._talk, self._transport, self._around)
            try:
                await self._open.run(emit, states, heard)
            finally:
                self._open.end()
                self._open = None

        await keep_talking(self._transport, talk, states, self._around.sleep)

    async def command(self, what: ScaleCommand) -> None:
        """Tell the scale, and wait until it says that it is done. Raises CommandRefused."""
        if what not in self._talk.commands:
            raise CommandRefused(
                f"The scale '{self.name}' cannot be told to {_UNTOLD[what]}: "
                f"{self._talk.protocol} has no such command.",
                "Use the key on the scale.",
            )
        if self._open is None:
            raise CommandRefused(
                f"The scale '{self.name}' is not connected, so it was not told to {_UNTOLD[what]}.",
                "Check that it is switched on and its cable is in place, then try again.",
            )
        await self._open.tell(what)


@dataclass(frozen=True, slots=True)
class _Order:
    """A command that waits for its turn, and who waits for it."""

    what: ScaleCommand
    done: asyncio.Future[Told]

    def settle(self, why: str | None = None) -> None:
        """Tell who waits that it is done, or why not; nobody may wait any more."""
        if not self.done.done():
            self.done.set_result(Told(self.what, why))


class _Conversation:
    """One open line. In step means: every answer read now belongs to a question asked now."""

    def __init__(self, name: str, settings: Any, talk: ScaleTalk, transport: Transport, around: Surroundings) -> None:
        self._name, self._talk, self._transport, self._clock = name, talk, transport, around.clock
        self._poll_s, self._answer_timeout_s = settings.poll_ms / 1000, settings.answer_timeout_ms / 1000
        self._decoder = talk.decoder()
        self._agreement = Agreement(talk.rule)
        self._in_step = talk.weigh is None
        self._misses = 0
        self._garbage = False
        self._orders: asyncio.Queue[_Order] = asyncio.Queue()
        self._order: _Order | None = None

    async def run(self, emit: Emit, states: States, heard: Heard) -> None:
        self._emit = emit
        while True:
            if await self._answers():
                self._misses, self._garbage = 0, False
                heard()
                states.ready()
            elif self._talk.may_be_silent and not self._garbage:
                self._in_step = self._talk.weigh is None
                heard()
                states.ready()
            else:
                self._missed(states)
            if not self._orders.empty():
                await self._obey(self._orders.get_nowait())
            elif self._talk.weigh is not None:
                # Listening, not sleeping: a frame that waits in a buffer would be stamped later than it arrived.
                await _within(AGAIN_S if self._agreement.pending else self._poll_s, self._listen)

    async def tell(self, what: ScaleCommand) -> None:
        """Put a command in line and wait for what the scale says to it. Raises CommandRefused."""
        order = _Order(what, asyncio.get_running_loop().create_future())
        self._orders.put_nowait(order)
        told = await order.done
        if told.why is not None:
            raise CommandRefused(
                f"The scale '{self._name}' did not {_UNTOLD[what]}: {told.why}.",
                "Wait until nothing moves on it, then try again or use its key.",
            )

    def end(self) -> None:
        """The line is gone: whoever waits for a command learns that nobody knows what became of it."""
        waiting = [self._orders.get_nowait() for _ in range(self._orders.qsize())]
        for order in [*waiting, *([self._order] if self._order else [])]:
            order.settle("the connection broke before it answered")

    async def _answers(self) -> bool:
        """Whether a weight came in time. Coming in step takes its own time, which is not the scale's."""
        return (self._in_step or await self._comes_in_step()) and await _within(self._answer_timeout_s, self._weight)

    async def _comes_in_step(self) -> bool:
        """Throw away whatever comes before the answer to a reset or, where there is no reset, before a silence."""
        if self._talk.reset is not None:
            return await _within(self._answer_timeout_s, self._reset)
        if await _within(LONGEST_QUIET_S, self._until_quiet):
            self._decoder = self._talk.decoder()
            self._in_step = True
        return self._in_step

    async def _reset(self) -> None:
        assert self._talk.reset is not None
        self._decoder = self._talk.decoder()  # half an answer from before must not spoil this one
        await self._transport.write(self._talk.reset)
        while not self._in_step:
            await self._hear()

    async def _until_quiet(self) -> None:
        while await _within(QUIET_S, self._read_away):
            pass

    async def _weight(self) -> None:
        """Ask for a weight, or wait for the next one that comes by itself."""
        if self._talk.weigh is not None:
            await self._transport.write(self._talk.weigh)
        while True:
            for value in await self._hear():
                if isinstance(value, Weight):
                    return
                if isinstance(value, Restarted) and self._talk.weigh is not None:  # the question was lost with it
                    await self._transport.write(self._talk.weigh)

    async def _read_away(self) -> None:
        await self._transport.read()

    async def _obey(self, order: _Order) -> None:
        if order.done.done():  # whoever asked for it has gone: a zero that comes late is a wrong zero
            return
        self._order = order
        await self._transport.write(self._talk.commands[order.what])
        if not self._talk.replies:
            order.settle()
            await _within(self._talk.pause_s, self._listen)
        elif not await _within(COMMAND_TIMEOUT_S, self._until_told):
            order.settle(f"it did not answer within {COMMAND_TIMEOUT_S:g} s")
            self._in_step = self._talk.weigh is None
        self._order = None

    async def _until_told(self) -> None:
        while self._order is not None and not self._order.done.done():
            await self._hear()

    async def _listen(self) -> None:
        while True:
            await self._hear()

    async def _hear(self) -> list[ScaleValue]:
        data = await self._transport.read()
        values = list(self._decoder.feed(data, self._clock()))
        for value in values:
            if isinstance(value, Send):
                await self._transport.write(value.data)
            else:
                self._pass_on(value)
        return values

    def _pass_on(self, value: Weight | BadFrame | Restarted | Told) -> None:
        match value:
            case BadFrame():
                self._garbage = True
                self._emit(value)
            case Restarted():
                self._in_step = True
                self._emit(_started(self._name, value))
            case Told() if self._order is not None and value.command in (None, self._order.what):
                self._order.settle(value.why)
            case Weight() if self._in_step and value.mode != "tare" and not self._answers_a_command():
                self._emit(self._agreement.judge(value))

    def _answers_a_command(self) -> bool:
        """Whether what comes now was not asked for as a weight: a status that answers a command measures nothing."""
        return self._order is not None and self._talk.weigh is not None and self._talk.replies

    def _missed(self, states: States) -> None:
        self._in_step = self._talk.weigh is None  # a late answer is not the answer to the next question
        if self._talk.weigh is None:
            self._agreement = Agreement(self._talk.rule)  # what comes after a silence may be what was said before it
        self._misses += 1
        if self._misses < MISSES_UNTIL_AWAY:
            return
        if self._garbage:
            states.away(
                f"The scale '{self._name}' sends characters that are no {self._talk.protocol} answers.",
                self._talk.when_garbled
                or "Set baudrate, bytesize and parity in edge.toml as in the scale's menu, "
                f"and its protocol to {self._talk.protocol}.",
            )
        else:
            states.away(
                f"The scale '{self._name}' {'does not answer' if self._talk.weigh else 'sends nothing'}.",
                "Check that it is switched on and its cable is in place; it comes back by itself.",
            )


def line_of(name: str, settings: LineScaleSettings) -> Transport:
    """The line that the settings name."""
    if settings.tcp_host is not None and settings.tcp_port is not None:
        return TcpTransport(name, settings.tcp_host, settings.tcp_port, CONNECT_TIMEOUT_S)
    assert settings.port is not None
    return SerialTransport(name, settings.port, settings)


def _started(device: str, value: Restarted) -> Weight:
    return Weight(
        device, None, None, "", "unknown", "unknown", "unknown", "unknown", STARTED, value.raw, value.t_mono
    )


async def _within(timeout_s: float, step: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            await step()
    except TimeoutError:
        return False
    return True
