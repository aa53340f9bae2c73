"""Sartorius SBI, lines of 16 and of 22 bytes (device_protocols 2.11).

`sign, number(9), SP, unit(3), CR LF`; the longer line has an identifier of six characters in front. A blank unit
means that the weight is not stable, and then nothing says in which unit the number is. There is no checksum, so
all widths are exact: a lost byte would otherwise read as another weight. Where `High`, `Low` or an error stands
varies.
"""

from __future__ import annotations

import re

from devices.driver import ScaleCommand
from devices.protocols.scale import Frame, ScaleValue
from devices.protocols.text_lines import TextLines, halves
from devices.readings import Mode, Range

WEIGHT_NOW = b"\x1bP\r\n"
COMMANDS: dict[ScaleCommand, bytes] = {"zero": b"\x1bV\r\n", "tare": b"\x1bU\r\n", "print": WEIGHT_NOW}

_WEIGHT = re.compile(r"([A-Za-z#0-9 ]{6})?([-+ ])([ \d.\[\]]{9}) ([ a-zA-Z%]{3})")
_NUMBER = re.compile(r" *(\d*\.?\d*)(?:\[([.\d]+)\])? *")
"""Digits in brackets are not verified, but shown."""
_IDS: dict[str, Mode] = {"": "unknown", "N": "net"}
_FIRST = "+-N"  # a plus sign may be a blank, but then nothing shows where a line begins
_STATUS = re.compile(r"(?:Stat  )? *(High|H|Low|L|C|Cal|(?:ERR|Err|E) *\d{1,3}) *")
_RANGE: dict[str, Range] = {"High": "over", "H": "over", "Low": "under", "L": "under"}


class SartoriusSbi:
    """Bytes in, values out."""

    def __init__(self, device: str) -> None:
        self._lines = TextLines(device, self._read)
        self._length = 0  # of this scale's lines, once one was read

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The weights and bad frames that `data`, read at `t_mono` seconds, completes."""
        return self._lines.feed(data, t_mono)

    def _read(self, frame: Frame, text: str) -> list[ScaleValue]:
        if not text.strip():
            return []
        if status := _STATUS.fullmatch(text):
            return [_no_weight(frame, status[1])]
        if match := _WEIGHT.fullmatch(text):
            self._length = len(text)
            return [_weight(frame, match)]
        begins = len(text) - self._length
        if self._length and begins > 0 and text[begins] in _FIRST:  # a whole line stands behind half of one
            half, line = halves(frame, begins)
            return [half, *self._read(line, text[begins:])]
        return [frame.bad("no SBI line")]


def _weight(frame: Frame, match: re.Match[str]) -> ScaleValue:
    what, sign, field, raw_unit = (match[1] or "").rstrip(), *match.groups()[1:]
    if what not in _IDS:
        return frame.nothing(fault=f"the scale sends {what.strip()!r}: set its printout to the net weight")
    number = _NUMBER.fullmatch(field)
    if number is None or not (digits := number[1] + (number[2] or "")):
        return frame.bad("the weight field holds no weight")
    if not raw_unit.strip():
        return frame.nothing(stability="unstable", mode=_IDS[what])
    return frame.weight(sign + digits, raw_unit, stability="stable", mode=_IDS[what])


def _no_weight(frame: Frame, token: str) -> ScaleValue:
    if token in _RANGE:
        return frame.nothing(range_=_RANGE[token])
    if token in ("C", "Cal"):
        return frame.nothing(fault="the scale adjusts itself: wait until it is done")
    return frame.nothing(fault=f"the scale reports error {token.lstrip('ER r')}")
