r"""METTLER TOLEDO MT-SICS (device_protocols 2.1).

A weight answer is `S SP status SP field(10) SP unit CR LF`. The header decides, then the number: an internal fault
carries the status letter of a stable weight. There is no checksum, so a field that is not exactly 10 characters wide
is refused: a lost byte would otherwise read as another weight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from devices.protocols.lines import Line, LineSplitter
from devices.readings import UNIT_MG, BadFrame, Mode, Range, Stability, Unit, Weight

RESET = b"@\r\n"
WEIGHT_NOW = b"SI\r\n"

MAX_LINE = 256  # the longest answers are I2 texts of under 100 bytes; more without CR LF means a wrong baud rate


@dataclass(frozen=True, slots=True)
class Restarted:
    """`I4 A "serial"`: the answer to a reset, or unsolicited after power-on: then commands and tare are gone."""

    serial: str
    raw: bytes
    t_mono: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a command that asks for no weight: its command id, status letter and what follows."""

    command: str
    status: str
    text: str


SicsValue = Weight | Restarted | Answer | BadFrame

_STABILITY: dict[str, Stability] = {"S": "stable", "D": "unstable", "M": "stable", "N": "unstable", "A": "unknown"}
_RANGE: dict[str, Range] = {"+": "over", "-": "under"}
_REFUSAL = {"I": "busy: the scale cannot answer now (S I)", "L": "the scale refused the command (S L)"}
_COMMAND_ERRORS = {
    "ES": "the scale did not understand the command (ES)",
    "ET": "the scale received a damaged command (ET)",
    "EL": "the scale cannot execute the command (EL)",
}
_FAULTS = {
    1: "boot error",
    2: "brand error",
    3: "checksum error",
    9: "option failed",
    10: "EEPROM error",
    11: "device mismatch",
    12: "unplugged while on",
    14: "module mismatch",
    15: "adjustment needed",
}
_TRIGGERS = {"b": "in the electronics", "t": "in the terminal"}
_UNITS: dict[str, Unit] = {unit: unit for unit in UNIT_MG}

# A weight id, its status, exactly ten characters, a blank, the unit. T, TI and TA speak of the tare.
_WEIGHT = re.compile(r"(S|TI?|TA) ([SDMNA]) (.{10}) (\S{1,5})")
_NUMBER = re.compile(r" *(-?\d+(?:\.\d+)?) ?")  # one blank may stand for the last decimal (DeltaRange)
_ERROR = re.compile(r"S [SD] +Error +(\d{1,3})([a-z]?) *")
_STATE = re.compile(r"S ([-+IL])")
_SERIAL = re.compile(r'I4 A "(.{0,64})"')
_ANSWER = re.compile(r"([A-Z]+\d{0,3}) ([SDABIL+-])(?: (.*))?")
_LINE_NOISE = re.compile(rb"[^ -~]+")


class MtSics:
    """Bytes in, values out. Bytes that no frame can hold are set aside in front of one; inside one they spoil it."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._lines = LineSplitter(re.compile(rb"\r\n"), 2, MAX_LINE)

    def feed(self, data: bytes, t_mono: float) -> list[SicsValue]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        values: list[SicsValue] = []
        for line in self._lines.feed(data, t_mono):
            values += self._read(line, t_mono)
        return values

    def _read(self, line: Line, t_mono: float) -> list[SicsValue]:
        if line.fault is not None:
            return [BadFrame(self._device, line.data, line.fault, t_mono)]
        noise = _LINE_NOISE.match(line.data)
        if noise is None:
            return [self._parse(line.data, t_mono)]
        bad = BadFrame(self._device, noise.group(), "line noise", t_mono)
        rest = line.data[noise.end() :]
        return [bad, self._parse(rest, t_mono)] if rest else [bad]

    def _parse(self, raw: bytes, t_mono: float) -> SicsValue:
        if _LINE_NOISE.search(raw):
            return BadFrame(self._device, raw, "damaged characters: wrong baud rate or parity?", t_mono)
        text = raw.decode("ascii")
        if match := _SERIAL.fullmatch(text):
            return Restarted(match[1], raw, t_mono)
        if match := _ERROR.fullmatch(text):
            return self._no_weight(raw, t_mono, fault=_error_words(int(match[1]), match[2]))
        if match := _STATE.fullmatch(text):
            return self._no_weight(raw, t_mono, range_=_RANGE.get(match[1], "unknown"), fault=_REFUSAL.get(match[1]))
        if text in _COMMAND_ERRORS:
            return self._no_weight(raw, t_mono, fault=_COMMAND_ERRORS[text])
        if match := _WEIGHT.fullmatch(text):
            return self._weight(raw, t_mono, match)
        match = _ANSWER.fullmatch(text)
        if match and match[1] != "S":
            return Answer(match[1], match[2], match[3] or "")
        return BadFrame(self._device, raw, "no MT-SICS answer", t_mono)

    def _weight(self, raw: bytes, t_mono: float, match: re.Match[str]) -> Weight | BadFrame:
        command, status, field, raw_unit = match.groups()
        number = _NUMBER.fullmatch(field)
        if number is None or (status == "A") != (command == "TA"):
            return BadFrame(self._device, raw, "the weight field holds no weight", t_mono)
        unit = _UNITS.get(raw_unit)
        if unit is None:
            return self._no_weight(raw, t_mono, fault=f"the scale weighs in the unit {raw_unit!r}", raw_unit=raw_unit)
        mode: Mode = "unknown" if command == "S" else "tare"
        value = Decimal(number[1])
        stability = _STABILITY[status]
        # M and N mark a value below the minimum weight: a number, but not one to charge for.
        range_: Range = "unknown" if status in "MN" else "ok"
        return Weight(self._device, value, unit, raw_unit, mode, stability, range_, "unknown", None, raw, t_mono)

    def _no_weight(
        self, raw: bytes, t_mono: float, *, range_: Range = "unknown", fault: str | None = None, raw_unit: str = ""
    ) -> Weight:
        return Weight(self._device, None, None, raw_unit, "unknown", "unknown", range_, "unknown", fault, raw, t_mono)


def _error_words(number: int, trigger: str) -> str:
    words = f"Error {number}{trigger}: {_FAULTS.get(number, 'not in the manual')} {_TRIGGERS.get(trigger, '')}"
    return words.rstrip()
