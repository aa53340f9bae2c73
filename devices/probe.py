"""Finds out what an unknown scale speaks, and how fast: by listening, and by questions that no scale takes for more.

`investigate` is the plan and the judgement, without a port or a clock: it says what to do next and is given what came
back. `probe` does it on a port. Nothing that sets zero or tare or prints is ever sent: only what `Driver.probe` asks.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from devices.driver import Clock, Probe
from devices.line_settings import SerialLine
from devices.protocols.parity import DAMAGED, Parity, with_parity, without_parity
from devices.protocols.scale import Send
from devices.readings import BadFrame, Weight
from devices.transports import SerialTransport

SPEEDS = (9600, 2400, 4800, 19200, 1200, 38400, 57600, 115200)
"""The usual first; after the last nothing is left to try."""
LISTEN_S = 0.25
"""A scale that sends by itself does so at least four times a second; slower ones are heard during the questions."""
HEAR_OUT = 6
"""Times LISTEN_S that a line is heard on which something comes."""
QUICK_S, PATIENT_S, QUIET_S = 0.07, 0.3, 0.1
END_OF_LINE = b"\r\n"
"""Sent first, as the tail of a question is: a scale that reads lines may hold what it read at the speed before."""
FLUSH_S = 0.03
BITS_OF_A_QUESTION = 60
GARBAGE = 16  # bytes that nobody understands: another speed, so asking is in vain
GOOD_FRAMES = 2
TRIES = 3
"""Of a question that is answered: the first time it may come behind the rest of something else."""
MOST_STEPS = 3  # of a handshake
PARITY_BIT = 0x80
A_SETTING = "edge.toml"
_TEXT, MOSTLY = re.compile(rb"[\x02-\x06\n\r\x15 -~]"), 0.8
LONGEST_FRAGMENT = 80  # what is left of a frame whose start was missed


class Chunk(NamedTuple):
    """What came in one read, and when (monotonic seconds)."""

    data: bytes
    t_mono: float


@dataclass(frozen=True, slots=True)
class Tune:
    """Set the line to this speed, 8N1."""

    baudrate: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Send `question`, if there is one, then listen for so many seconds."""

    question: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """Tell the person what to do."""

    sentence: str


Step = Tune | Ask | Prompt
FindingT = TypeVar("FindingT")
Plan = Generator[Step, list[Chunk], FindingT]
Exchange = Generator[Tune | Ask, list[Chunk], list[Chunk]]


@dataclass(frozen=True, slots=True)
class Match:
    """A driver that understands the scale, on this line."""

    driver: str
    baudrate: int
    parity: Parity | None
    """That of a line of seven data bits; None for eight."""
    asked: bytes | None
    """The question it answered; None when it sends by itself."""
    frames: int
    explained: float
    """Which part of what came was in frames it understands, 0 to 1."""
    sample: Weight

    @property
    def line(self) -> dict[str, str | int]:
        """The settings of the line, as in edge.toml."""
        found: dict[str, str | int] = {"baudrate": self.baudrate, "bytesize": 7, "parity": self.parity or "none"}
        if self.parity is None:
            found["bytesize"] = 8
        elif self.parity == "none":
            found["stopbits"] = 2
        return found


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: no match, one, or several between which a person must decide, the best first."""

    matches: tuple[Match, ...] = ()
    heard: Mapping[int, bytes] = field(default_factory=dict)
    """The first bytes that came at each speed; a speed at which nothing came is not in it."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    good: tuple[Weight, ...]
    bad: int
    send: tuple[bytes, ...]
    explained: float

    @property
    def named(self) -> bool:
        return len(self.good) >= GOOD_FRAMES and self.bad == 0


def investigate(probes: Mapping[str, Probe], speeds: Sequence[int] = SPEEDS) -> Plan[Finding]:
    """The plan for scales that one of the drivers understands: yields what to do, is sent what came, returns."""
    heard: dict[int, bytes] = {}
    for swapped in (False, True):  # the second time each question is asked with the other parity
        for baudrate in speeds:
            yield Tune(baudrate)
            one_speed = _OneSpeed(probes, baudrate, swapped=swapped)
            matches = yield from one_speed.investigate()
            if one_speed.loose:
                heard.setdefault(baudrate, _all(one_speed.loose)[: GARBAGE * 4])
            if matches:
                return Finding(tuple(sorted(matches, key=_best_first)), heard)
    return Finding((), heard)


class _OneSpeed:
    """What is asked and heard at one speed; `loose` is all that came, in its order."""

    def __init__(self, probes: Mapping[str, Probe], baudrate: int, *, swapped: bool) -> None:
        self._probes, self._baudrate = probes, baudrate
        self._more_s = BITS_OF_A_QUESTION / baudrate
        self._askers: dict[bytes, list[str]] = {}
        for name, each in probes.items():
            if each.ask is not None:
                seven = each.seven_bits != swapped
                question = with_parity(each.ask, "even") if seven else each.ask
                self._askers.setdefault(question, []).append(name)
        # What does not end a line would be the beginning of the next question for a scale that reads lines.
        self._askers = dict(sorted(self._askers.items(), key=lambda item: _turn(item[0])))
        self._answers: dict[bytes, list[Chunk]] = {question: [] for question in self._askers}
        self.loose: list[Chunk] = []

    def investigate(self) -> Generator[Tune | Ask, list[Chunk], list[Match]]:
        """Every driver that understands what comes at this speed."""
        matches = yield from self._listen()
        if matches or self._is_garbage():
            return matches
        if self._askers:
            self.loose += yield Ask(END_OF_LINE, FLUSH_S + self._more_s)
        for question in self._askers:
            yield from self._exchange(question, QUICK_S)
            if self._is_garbage():
                return []
            if self._understood(question):
                break
        if not self._is_readable():
            return []
        matches = yield from self._listen()  # some only listen, and what they wait for comes slowly
        return matches or (yield from self._confirm())

    def _listen(self) -> Generator[Tune | Ask, list[Chunk], list[Match]]:
        """Hear out what comes by itself."""
        for _ in range(HEAR_OUT):
            came = yield Ask(b"", LISTEN_S)
            self.loose += came
            matches = self._named(self._probes, self.loose, None)
            if matches or not came or self._is_garbage():
                return matches
        return []

    def _confirm(self) -> Generator[Tune | Ask, list[Chunk], list[Match]]:
        """Ask each question anew, patiently, and again where the answer was understood."""
        questions = sorted(self._askers, key=lambda question: not self._understood(question))
        for question in questions:
            for number in range(TRIES):
                came = yield from self._exchange(question, PATIENT_S)
                found = self._named(self._askers[question], self._answers[question], question)
                if found:  # whoever answers this question well answers no other
                    return found
                if not came or (number and not self._understood(question)):
                    break
        return []

    def _exchange(self, question: bytes, wait_s: float) -> Exchange:
        """One question and all that comes until it is quiet, with the next steps of a handshake."""
        came = yield Ask(question, QUICK_S + self._more_s)
        if not came and wait_s > QUICK_S:
            came = yield Ask(b"", wait_s - QUICK_S)
        for _ in range(MOST_STEPS):
            for _ in range(HEAR_OUT):
                more = (yield Ask(b"", QUIET_S)) if came else []
                if not more:
                    break
                came += more
            steps = [step for name in self._askers[question] for step in self._judge(name, came)[0].send]
            if not steps:
                break
            more = yield Ask(steps[-1], wait_s + self._more_s)
            if not more:
                break
            came += more
        self._answers[question] += came
        self.loose += came
        return came

    def _understood(self, question: bytes) -> bool:
        return any(self._judge(name, self._answers[question])[0].good for name in self._askers[question])

    def _named(self, names: Iterable[str], came: Sequence[Chunk], question: bytes | None) -> list[Match]:
        found = []
        for name in names:
            judged, parity = self._judge(name, came)
            if judged.named:
                good = judged.good
                found.append(Match(name, self._baudrate, parity, question, len(good), judged.explained, good[-1]))
        return found

    def _judge(self, name: str, came: Sequence[Chunk]) -> tuple[_Judgement, Parity | None]:
        """What a driver makes of it, with the parity with which it makes the most of it."""
        views = [(_judged(self._probes[name], name, came, parity), parity) for parity in parities_of(_all(came))]
        return max(views, key=lambda view: (view[0].named, len(view[0].good), -view[0].bad))

    def _is_garbage(self) -> bool:
        return sum(len(chunk.data) for chunk in self.loose) >= GARBAGE and not self._is_readable()

    def _is_readable(self) -> bool:
        """Whether somebody understands a frame of it, or it is text, with or without parity."""
        data = _all(self.loose)
        if any(len(_TEXT.findall(each)) > len(data) * MOSTLY for each in _as_text(data)):
            return True
        return any(self._judge(name, self.loose)[0].good for name in self._probes)


def _judged(probe: Probe, name: str, came: Sequence[Chunk], parity: Parity | None) -> _Judgement:
    decoder, good, send, bad, fragments = probe.decoder(name), list[Weight](), list[bytes](), 0, 0
    for chunk in came:
        data = chunk.data if parity is None else without_parity(chunk.data, parity)
        for value in decoder.feed(data, chunk.t_mono):
            if isinstance(value, Send):
                send.append(value.data)
            elif isinstance(value, BadFrame) and not good and fragments + len(value.raw) <= LONGEST_FRAGMENT:
                fragments += len(value.raw)  # its start was missed
            elif isinstance(value, BadFrame):
                bad += 1
            elif isinstance(value, Weight) and _says_something(value):
                good.append(value)
    total = sum(len(chunk.data) for chunk in came)
    understood = sum(len(weight.raw) for weight in good)
    return _Judgement(tuple(good), bad, tuple(send), min(1.0, understood / total) if total else 0.0)


def _says_something(weight: Weight) -> bool:
    """A number, or a valid reason why there is none; an error may be the answer to a question it does not know.

    A fault that sends the person to edge.toml is of a frame that was understood, but for a setting such as the unit.
    """
    if weight.fault is not None:
        return A_SETTING in weight.fault
    return weight.value is not None or weight.range in ("over", "under") or weight.stability == "unstable"


def _all(came: Sequence[Chunk]) -> bytes:
    return b"".join(chunk.data for chunk in came)


def _turn(question: bytes) -> tuple[int, bool]:
    """Whole lines first, then what ends with CR, with parity before without, and last what ends nothing."""
    place = 0 if question.endswith(b"\n") else 1 if question[-1] & 0x7F == ord("\r") else 2
    return place, max(question) < PARITY_BIT


def _as_text(data: bytes) -> list[bytes]:
    """As eight bits, and as seven with even or odd parity."""
    return [data, without_parity(data, "even"), without_parity(data, "odd")]


def parities_of(data: bytes) -> list[Parity | None]:
    """How bit 7 can be meant: as it is, or as the parity of seven bits where each byte has it right."""
    found: list[Parity | None] = [None]
    if any(byte & 0x80 for byte in data):
        kinds: tuple[Parity, ...] = ("even", "odd")
        found += [kind for kind in kinds if DAMAGED not in without_parity(data, kind)]
        if all(byte & 0x80 for byte in data):
            found.append("none")
    return found


def _best_first(match: Match) -> tuple[float, int]:
    return -round(match.explained, 1), -match.frames


Open = Callable[[str], SerialTransport]


def _open_8n1(port: str) -> SerialTransport:
    return SerialTransport("probe", port, SerialLine(baudrate=SPEEDS[0]))


def _to_nobody(_sentence: str) -> None:
    """Nobody is there."""


async def probe(
    port: str,
    plan: Plan[FindingT],
    clock: Clock,
    *,
    open_port: Open = _open_8n1,
    say: Callable[[str], None] = _to_nobody,
) -> FindingT:
    """Carry out a plan on a serial port; `say` gets its sentences for the person.

    Raises ConnectRefused, and TransportLost when the port goes meanwhile.
    """
    line = open_port(port)
    await line.open()
    try:
        step = next(plan)
        while True:
            if isinstance(step, Prompt):
                say(step.sentence)
                step = plan.send([])
            else:
                step = plan.send(await _done(line, step, clock))
    except StopIteration as end:
        found: FindingT = end.value
        return found
    finally:
        await line.close()


async def _done(line: SerialTransport, step: Tune | Ask, clock: Clock) -> list[Chunk]:
    if isinstance(step, Tune):
        await line.retune(step.baudrate)
        return []
    if step.question:
        await line.write(step.question)
    came: list[Chunk] = []
    try:
        async with asyncio.timeout(step.seconds):
            while True:
                came.append(Chunk(await line.read(), clock()))
    except TimeoutError:
        return came
