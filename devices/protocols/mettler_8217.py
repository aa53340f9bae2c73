"""METTLER TOLEDO 8217 and 8213, the scale of a shop counter (device_protocols 2.2).

The host sends one letter without an end; the scale answers `STX weight [N] CR` or `STX ? status CR`. The unit is not
in the frame, so the settings name it and the number of decimals must fit it. Some scales send a stable weight once
and then only "no condition" until it changes: that repeats the weight before it, and only if every answer since was
read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, NamedTuple

from devices.driver import ScaleCommand
from devices.protocols.lines import Line, LineSplitter
from devices.protocols.scale import Frame, ScaleValue, Told, hindrance
from devices.readings import BadFrame, Stability, Weight

WEIGHT_NOW = b"W"
COMMANDS: dict[ScaleCommand, bytes] = {"zero": b"Z", "tare": b"T", "clear_tare": b"C"}

MAX_LINE = 64  # an answer is nine bytes; more without CR means a wrong baud rate
STX = b"\x02"

Model = Literal["8217", "8213"]
WeighsIn = Literal["kg", "lb"]


class _Format(NamedTuple):
    field: re.Pattern[str]
    words: str


_KG = _Format(re.compile(r"[ \d]\d\.\d{3}"), "6 characters with 3 decimals (kg)")
_FORMATS: dict[tuple[WeighsIn, Model], _Format] = {
    ("kg", "8217"): _KG,
    ("kg", "8213"): _KG,
    ("lb", "8217"): _Format(re.compile(r"[ 0][ \d]\d\.\d{2}"), "6 characters with 2 decimals (lb, model 8217)"),
    ("lb", "8213"): _Format(re.compile(r"[ \d]\d\.\d{2}"), "5 characters with 2 decimals (lb, model 8213)"),
}

_WEIGHT = re.compile(r"([ \d.]{5,6})(N?)")
_STATUS = re.compile(r"\?([@-\x7f])")

MOVING, OVER, UNDER, OUTSIDE_ZERO, AT_ZERO, NET = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20

NOT_SAID = "the scale told this weight before it was asked by us: lift the load and put it back"
TOO_HEAVY = "the load is too heavy to be taken for zero"
NO_UNIT = "the unit is not in the frame: set unit in edge.toml"


class Mettler8217:
    """Bytes in, values out. What stands in front of an STX is set aside; what spoils a frame is refused with it."""

    def __init__(self, device: str, unit: WeighsIn | None = None, model: Model = "8217") -> None:
        """`unit` None recognises the protocol and reads no weight."""
        self._device, self._unit = device, unit
        self._format = None if unit is None else _FORMATS[unit, model]
        self._lines = LineSplitter(re.compile(rb"\r"), 1, MAX_LINE)
        self._said: Weight | None = None

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        return [value for line in self._lines.feed(data, t_mono) for value in self._read(line, t_mono)]

    def _read(self, line: Line, t_mono: float) -> Iterator[ScaleValue]:
        before, start, body = line.data.rpartition(STX)
        if line.fault is not None or not start:
            yield self._bad(line.data, line.fault or "no STX in front", t_mono)
            return
        if before:
            yield self._bad(before, "line noise", t_mono)
        frame = Frame(self._device, start + body, t_mono)
        text = body.decode("latin-1")
        if match := _STATUS.fullmatch(text):
            yield from self._status(frame, ord(match[1]))
        elif match := _WEIGHT.fullmatch(text):
            yield self._weight(frame, match[1], net=bool(match[2]))
        elif text not in ("", "E", "F"):  # answers to the self-test and to echo on and off
            yield self._bad(frame.raw, "no 8217 answer", t_mono)

    def _bad(self, raw: bytes, why: str, t_mono: float) -> BadFrame:
        self._said = None  # it may have been the next weight
        return BadFrame(self._device, raw, why, t_mono)

    def _weight(self, frame: Frame, field: str, *, net: bool) -> Weight | BadFrame:
        self._said = None
        if self._format is None or self._unit is None:
            return frame.nothing(fault=NO_UNIT, stability="stable")
        if not self._format.field.fullmatch(field):
            return frame.nothing(
                fault=f"the weight {field!r} does not have {self._format.words}: correct unit or model in edge.toml"
            )
        weight = frame.weight(field, self._unit, stability="stable", mode="net" if net else "gross")
        if isinstance(weight, Weight):
            self._said = weight
        return weight

    def _status(self, frame: Frame, bits: int) -> Iterator[ScaleValue]:
        said, self._said = self._said, None
        stability: Stability = "unstable" if bits & MOVING else "unknown"
        if bits & (OVER | UNDER):
            value = frame.nothing(range_="over" if bits & OVER else "under", stability=stability)
        elif bits & MOVING:
            value = frame.nothing(stability=stability, mode="net" if bits & NET else "gross")
        elif said is not None and _unchanged(said, bits):
            self._said = said
            value = replace(said, raw=frame.raw, t_mono=frame.t_mono)
        else:
            value = frame.nothing(fault=None if bits & OUTSIDE_ZERO else NOT_SAID)
        yield value
        # It answers a command as well, whichever it was; only zero minds how much lies on the scale.
        why = hindrance(replace(value, fault=None))
        yield Told("zero", why or (TOO_HEAVY if bits & OUTSIDE_ZERO else None))
        yield Told("tare", why)
        yield Told("clear_tare", why)


def _unchanged(said: Weight, bits: int) -> bool:
    """Whether the status fits the weight before it: one that says more than "no condition" may be about another."""
    if bits & OUTSIDE_ZERO or (said.mode == "net") != bool(bits & NET):
        return False
    return not bits & AT_ZERO or said.value == 0 or said.mode == "net"
