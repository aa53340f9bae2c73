"""SMA SCP-0499, the protocol of the Scale Manufacturers Association (device_protocols 2.9).

A weight is `LF s r n m f weight(10) unit(3) CR`, always 20 bytes. The status `s` decides, then the number: a scale
that is over or under its range sends a number as well. There is no check character, so the length must be exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from devices.driver import ScaleCommand
from devices.protocols.lines import Line, LineSplitter
from devices.protocols.scale import Frame, ScaleValue, Told, hindrance
from devices.readings import BadFrame, Mode, Range, Weight, Zero

WEIGHT_NOW = b"\nW\r"
COMMANDS: dict[ScaleCommand, bytes] = {"zero": b"\nZ\r", "tare": b"\nT\r", "clear_tare": b"\nC\r"}

MAX_LINE = 64  # the longest answers are lines about the scale; more without CR means a wrong baud rate

_FRAME = re.compile(r"([ZOUEIT ])([1-9])([GNTgnt])([M ])([ -~])(.{10})([ -~]{3})")
_NUMBER = re.compile(r" *-? *(\d+\.?\d*|\.\d+)")
_DASHES = "-" * 10
_ABOUT = re.compile(r"(?:SMA|MFG|MOD|REV|SN |OP\d|CMD|CAP|END|INF):.*")
_DIAGNOSTICS = re.compile(r"[ R][ E][ C][ M]", re.IGNORECASE)

_MODES: dict[str, Mode] = {"G": "gross", "N": "net", "T": "tare"}
_RANGES: dict[str, Range] = {"O": "over", "U": "under"}
_FAULTS = {
    "E": "it could not be set to zero: empty it and try again",
    "I": "it could not set its first zero: empty it and zero it, or switch it off and on",
    "T": "it could not take the tare: wait until nothing moves and try again",
}
NOT_RESTED = "it did not come to rest in time"
NOT_UNDERSTOOD = "the scale did not understand the command (?)"
DAMAGED = "the scale received a damaged command (!)"
_WORDS = {"?": NOT_UNDERSTOOD, "!": DAMAGED}


class Sma:
    """Bytes in, values out. What stands in front of an LF is set aside; what spoils a frame is refused with it."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._lines = LineSplitter(re.compile(rb"\r"), 1, MAX_LINE)

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        return [value for line in self._lines.feed(data, t_mono) for value in self._read(line, t_mono)]

    def _read(self, line: Line, t_mono: float) -> Iterator[ScaleValue]:
        if line.fault is not None:
            yield BadFrame(self._device, line.data, line.fault, t_mono)
            return
        # The splitter takes the LF of all frames but the first for the end of the line before.
        before, _, body = line.data.rpartition(b"\n")
        if before:
            yield BadFrame(self._device, before, "line noise", t_mono)
        yield from self._parse(Frame(self._device, body, t_mono), body.decode("latin-1"))

    def _parse(self, frame: Frame, text: str) -> Iterator[ScaleValue]:
        if match := _FRAME.fullmatch(text):
            yield from _weight(frame, *match.group(1, 3, 4, 6, 7))
        elif text in _WORDS:
            yield frame.nothing(fault=_WORDS[text])
            yield Told(None, _WORDS[text])
        elif text and not _ABOUT.fullmatch(text) and not _DIAGNOSTICS.fullmatch(text):
            yield frame.bad("no SMA answer")


def _weight(frame: Frame, status: str, kind: str, motion: str, field: str, unit: str) -> Iterator[ScaleValue]:
    mode = _MODES[kind.upper()]
    moving = motion == "M"
    zero: Zero = "at_zero" if status == "Z" else "not_zero"
    value: Weight | BadFrame
    if status in _FAULTS or status in _RANGES:
        value = frame.nothing(
            fault=_FAULTS.get(status),
            range_=_RANGES.get(status, "unknown"),
            mode=mode,
            stability="unstable" if moving else "unknown",
        )
    elif field == _DASHES:
        value = frame.nothing(fault=NOT_RESTED, stability="unstable", mode=mode)
    elif not _NUMBER.fullmatch(field):
        value = frame.bad("the weight field holds no weight")
    else:
        value = frame.weight(field, unit, stability="unstable" if moving else "stable", mode=mode, zero=zero)
    yield value
    if isinstance(value, Weight):
        yield from _told(value)


def _told(weight: Weight) -> Iterator[Told]:
    """Zero and tare are answered with the weight that they lead to."""
    why = hindrance(weight)
    yield Told("zero", why or (None if weight.zero == "at_zero" else "it is not at zero now"))
    yield Told("tare", why)
    yield Told("clear_tare", why or ("it still shows a net weight" if weight.mode == "net" else None))
