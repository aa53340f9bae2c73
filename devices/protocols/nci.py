"""NCI and Weigh-Tronix: SCP-01 (3825) and SCP-02 (NCI-ECR), also Brecknell and Adam (device_protocols 2.4).

A record is `LF weight CR LF status CR ETX` or, where there is no weight to tell, `LF status CR ETX`. SCP-02 puts an
`S` in front of its status. The status decides, then the number. The width of the weight differs from maker to maker
and is not in the frame; one that changes must come twice, because a lost byte makes it narrower.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from devices.driver import ScaleCommand
from devices.protocols.lines import Line, LineSplitter
from devices.protocols.scale import Frame, ScaleValue, Told, Width, hindrance
from devices.readings import BadFrame, Mode, Range, Stability, Weight, Zero

WEIGHT_NOW = b"W\r"
COMMANDS: dict[ScaleCommand, bytes] = {"zero": b"Z\r", "tare": b"T\r"}

MAX_LINE = 64  # the longest record is under 30 bytes; more without ETX means a wrong baud rate

_WEIGHT_LINE = rb"\n(?P<weight>[ -~]{5,24})\r"
_STATUS_LINE = rb"\nS?(?P<status>[0-?p-\x7f]{2,4})\r"
_RECORD = re.compile(rb"(?P<noise>.*?)(?:%s)?%s" % (_WEIGHT_LINE, _STATUS_LINE), re.DOTALL)
_UNKNOWN = re.compile(rb"\n\?\r")

_NUMBER = re.compile(r"(?P<number>[-+ ]? *(?:\d+(?:\.\d+)?|\.\d+))(?P<unit> [A-Za-z]| ?[A-Za-z]{2,5}) *")
_POUNDS_OUNCES = re.compile(r" *(?P<lb>\d{1,5}) ?LB +(?P<oz>\d{1,2}(?:\.\d{1,3})?) ?OZ *", re.IGNORECASE)
_NO_NUMBER = re.compile(r"(?:\^{6,9}|_{6,9}|-{6,9}) ?[A-Za-z]{1,5} *")
NARROWEST, WIDEST = 5, 9
OUNCES_IN_A_POUND = 16

_FAULTS = (
    (0, 0x04, "RAM error: switch it off and on, else have it serviced"),
    (0, 0x08, "EEPROM error: switch it off and on, else have it serviced"),
    (1, 0x04, "ROM error: switch it off and on, else have it serviced"),
    (1, 0x08, "its calibration is faulty: have it calibrated"),
    (2, 0x08, "it could not set its first zero: empty it, then switch it off and on"),
)
NOT_UNDERSTOOD = "the scale did not understand the command (?)"
NO_ZERO = "it is out of the range of its zero: empty it and zero it"
_ANOTHER, _TWO = 0x40, 2


@dataclass(frozen=True, slots=True)
class _Status:
    """The status characters of one record."""

    chars: bytes

    def bit(self, char: int, mask: int) -> bool:
        return len(self.chars) > char and bool(self.chars[char] & mask)

    @property
    def complete(self) -> bool:
        """Whether there are just as many characters as their own bits announce."""
        announced = next((at for at in range(1, 3) if not self.bit(at, _ANOTHER)), 3) + 1
        return len(self.chars) == announced and not self.chars[0] & _ANOTHER

    @property
    def moving(self) -> bool:
        return self.bit(0, 0x01)

    @property
    def at_zero(self) -> bool:
        return self.bit(0, 0x02)

    @property
    def fault(self) -> str | None:
        return next((words for char, mask, words in _FAULTS if self.bit(char, mask)), None)

    @property
    def range(self) -> Range:
        return "over" if self.bit(1, 0x02) else "under" if self.bit(1, 0x01) else "ok"

    @property
    def mode(self) -> Mode:
        if len(self.chars) <= _TWO:
            return "unknown"
        return "net" if self.bit(2, 0x04) else "gross"


class Nci:
    """Bytes in, values out. What stands in front of a record is set aside; what spoils one is refused with it."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._lines = LineSplitter(re.compile(rb"\x03"), 1, MAX_LINE)
        self._width = Width()

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        return [value for line in self._lines.feed(data, t_mono) for value in self._read(line, t_mono)]

    def _read(self, line: Line, t_mono: float) -> Iterator[ScaleValue]:
        frame = Frame(self._device, line.data, t_mono)
        if line.fault is not None:
            yield frame.bad(line.fault)
        elif _UNKNOWN.fullmatch(line.data):
            yield frame.nothing(fault=NOT_UNDERSTOOD)
            yield Told(None, NOT_UNDERSTOOD)
        elif match := _RECORD.fullmatch(line.data):
            if match["noise"].strip(b"?\n"):  # some scales put a stray ? or LF in front
                yield BadFrame(self._device, match["noise"], "line noise", t_mono)
            frame = Frame(self._device, line.data[len(match["noise"]) :], t_mono)
            yield from self._record(frame, match["weight"], _Status(match["status"]))
        else:
            yield frame.bad("no NCI record")

    def _record(self, frame: Frame, weight: bytes | None, status: _Status) -> Iterator[ScaleValue]:
        if not status.complete:
            yield frame.bad(f"the status {status.chars!r} does not have the length it announces")
            return
        value = self._weigh(frame, weight, status)
        yield value
        if isinstance(value, Weight):
            yield from _told(value, status)

    def _weigh(self, frame: Frame, weight: bytes | None, status: _Status) -> Weight | BadFrame:
        stability: Stability = "unstable" if status.moving else "stable"
        zero: Zero = "at_zero" if status.at_zero else "not_zero"
        if status.fault is not None:
            return frame.nothing(fault=status.fault, stability=stability, mode=status.mode)
        if status.range != "ok":
            return frame.nothing(range_=status.range, stability=stability, mode=status.mode)
        if weight is None:
            return frame.nothing(stability=stability, zero=zero, mode=status.mode)
        text = weight.decode("ascii")
        if _NO_NUMBER.fullmatch(text):
            range_: Range = {"^": "over", "_": "under"}.get(text[0], "unknown")  # type: ignore[assignment]
            return frame.nothing(fault=NO_ZERO if range_ == "unknown" else None, range_=range_, stability=stability)
        if not self._width.fits(len(text)):
            return frame.bad("the weight is not as wide as before")
        if match := _POUNDS_OUNCES.fullmatch(text):
            ounces = int(match["lb"]) * OUNCES_IN_A_POUND + Decimal(match["oz"])
            return frame.number(ounces, "oz", stability=stability, mode=status.mode, zero=zero)
        match = _NUMBER.fullmatch(text)
        if match is None or not NARROWEST <= len(match["number"]) <= WIDEST:
            return frame.bad("the weight field holds no weight")
        return frame.weight(match["number"], match["unit"], stability=stability, mode=status.mode, zero=zero)


def _told(weight: Weight, status: _Status) -> Iterator[Told]:
    """Every record has the status that answers a command, whichever it was."""
    why = hindrance(weight)
    yield Told("zero", why or (None if status.at_zero else "it is not at zero now"))
    yield Told("tare", why)
