"""A&D balances and indicators (device_protocols 2.6), in the four formats that say whether the weight is stable.

| Format | Line before CR LF |
|---|---|
| standard | `ST,` sign, number(8), unit(3); a comparator puts `HI,` `OK,` `LO,` or `--,` after the header |
| indicator | `ST,GS,` data(8), unit of 2 or 3 characters, as its menu says |
| DP | `WT` or `US`, the number with its sign to the right, unit(3) |
| MT | `S ` or `SD`, the number to the right, a blank, unit |

The header decides, then the number: out of range comes with an ordinary-looking number. There is no checksum.
Standard and indicator have exact widths; no manual gives those of DP and MT, so there a width that changes is
believed when it comes twice.
"""

from __future__ import annotations

import re
from typing import Literal

from devices.driver import ScaleCommand
from devices.protocols.scale import Frame, ScaleValue, Told, Width
from devices.protocols.text_lines import TextLines
from devices.readings import Mode, Range, Stability

WEIGHT_NOW = b"Q\r\n"
COMMANDS: dict[ScaleCommand, bytes] = {"zero": b"Z\r\n", "tare": b"T\r\n"}
LONGEST_COMMAND_S = 10.0
"""A first ACK older than this belongs to a command that nobody waits for any more."""

_ACK = b"\x06"
_START = re.compile(rb"(?:ST|QT|US|OL),")
_STABILITY: dict[str, Stability] = {"ST": "stable", "QT": "stable", "WT": "stable", "US": "unstable"}
_STABILITY |= {"S ": "stable", "SD": "unstable"}
_MODE: dict[str, Mode] = {"GS": "gross", "G ": "gross", "NT": "net", "TR": "tare", "PT": "tare"}
_RANGE: dict[str, Range] = {"+": "over", "-": "under", "": "over"}

_OUT_OF_RANGE = re.compile(r"OL,(?:(GS|G |NT|TR|PT|HI|OK|LO|--),)? *([+-]?)[-+ .\dE]*[ A-Za-z%]{0,3}")
_STANDARD = re.compile(r"(ST|QT|US),(?:(?:HI|OK|LO|--),)?([+-]\d{1,7}\.?\d{0,7})([ A-Za-z%]{3})")
_INDICATOR = re.compile(r"(ST|US),(GS|G |NT|TR|PT),([+-] *\d+\.?\d*)([ A-Za-z%]{2,3})")
_DP = re.compile(r"(WT|QT|US)( *[+-]?\d+(?:\.\d+)?)([ A-Za-z%]{3})")
_MT = re.compile(r"(S |SD)( *-?\d+(?:\.\d+)?) ([A-Za-z%]{1,5})")
_MT_RANGE = re.compile(r"SI *([+-]) *")
_DP_RANGE = re.compile(r" *(-?)E *")
_SIGN_AND_NUMBER, _NUMBER = 9, 8
_ERROR = re.compile(r"EC,E(\d\d)")
_ERRORS = {
    "01": "the scale does not know the command (EC,E01)",
    "02": "the scale cannot do that now (EC,E02)",
    "04": "the scale received too long a command (EC,E04)",
    "05": "the scale received a command without its end (EC,E05)",
    "06": "the scale received a command in the wrong format (EC,E06)",
    "07": "the scale does not allow that value (EC,E07)",
    "11": "the scale does not come to rest (EC,E11)",
}


class And:
    """Bytes in, values out.

    `unit_characters` is the width of the indicator format's unit; `acknowledgements` says how many ACKs the scale
    sends until zero or tare is done (0: none is expected).
    """

    def __init__(
        self, device: str, unit_characters: Literal[2, 3] = 2, acknowledgements: Literal[0, 1, 2] = 0
    ) -> None:
        self._unit_characters, self._acknowledgements = unit_characters, acknowledgements
        self._lines = TextLines(device, self._read, _START)
        self._width = Width()
        self._in_a_line = False
        self._acks, self._acked_at = 0, 0.0

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The weights, answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        values: list[ScaleValue] = []
        for part in re.split(rb"(\x06)", data):
            if part == _ACK and not self._in_a_line:  # an ACK has no CR LF to wait for
                values += self._acknowledged(t_mono)
            elif part:
                values += self._lines.feed(part, t_mono)
                self._in_a_line = not part.endswith(b"\n")
        return values

    def _acknowledged(self, t_mono: float) -> list[ScaleValue]:
        if t_mono - self._acked_at > LONGEST_COMMAND_S:
            self._acks = 0
        self._acks, self._acked_at = self._acks + 1, t_mono
        if not self._acknowledgements or self._acks < self._acknowledgements:
            return []
        self._acks = 0
        return [Told(None)]

    def _read(self, frame: Frame, text: str) -> list[ScaleValue]:
        if not text:  # the CR LF after an ACK
            return []
        if error := _ERROR.fullmatch(text):
            words = _ERRORS.get(error[1], f"the scale reports the error EC,E{error[1]}")
            self._acks = 0
            return [frame.nothing(fault=words), Told(None, words)]
        return [self._weight(frame, text)]

    def _weight(self, frame: Frame, text: str) -> ScaleValue:
        if match := _OUT_OF_RANGE.fullmatch(text):
            return _out_of_range(frame, match[1], match[2])
        if match := _MT_RANGE.fullmatch(text) or _DP_RANGE.fullmatch(text):
            return frame.nothing(range_=_RANGE[match[1]])
        if (match := _STANDARD.fullmatch(text)) and len(match[2]) == _SIGN_AND_NUMBER:
            return _number(frame, match[1], match[2], match[3])
        match = _INDICATOR.fullmatch(text)
        if match and len(match[3]) == _NUMBER and len(match[4]) == self._unit_characters:
            return _number(frame, match[1], match[3], match[4], _MODE[match[2]])
        if match := _DP.fullmatch(text) or _MT.fullmatch(text):
            if self._width.fits(len(match[2]), len(text)):
                return _number(frame, match[1], match[2], match[3])
            return frame.nothing(raw_unit=match[3])
        return frame.bad("no A&D line")


def _out_of_range(frame: Frame, kind: str | None, sign: str) -> ScaleValue:
    mode = _MODE.get(kind or "", "unknown")
    if sign:
        return frame.nothing(range_=_RANGE[sign], mode=mode)
    return frame.nothing(fault="the load is out of range, over or under (OL)", mode=mode)


def _number(frame: Frame, header: str, number: str, raw_unit: str, mode: Mode = "unknown") -> ScaleValue:
    if raw_unit.strip() == "PC":
        return frame.nothing(fault="the scale counts pieces: switch it to weighing", raw_unit=raw_unit)
    return frame.weight(number, raw_unit, stability=_STABILITY[header], mode=mode)
