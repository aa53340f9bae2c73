r"""METTLER TOLEDO MT-SICS (device_protocols 2.1).

A weight answer is `S SP status SP field(10) SP unit CR LF`. The header decides, then the number: an internal fault
carries the status letter of a stable weight. There is no checksum, so a field that is not exactly 10 characters wide
is refused: a lost byte would otherwise read as another weight.
"""

from __future__ import annotations

import re

from devices.driver import ScaleCommand
from devices.protocols.lines import Line, LineSplitter
from devices.protocols.scale import Frame, Restarted, ScaleValue, Told
from devices.readings import BadFrame, Mode, Range, Stability

RESET = b"@\r\n"
WEIGHT_NOW = b"SI\r\n"

MAX_LINE = 256  # the longest answers are I2 texts of under 100 bytes; more without CR LF means a wrong baud rate


COMMANDS: dict[ScaleCommand, bytes] = {"zero": b"Z\r\n", "tare": b"T\r\n", "clear_tare": b"TAC\r\n"}

_STABILITY: dict[str, Stability] = {"S": "stable", "D": "unstable", "M": "stable", "N": "unstable", "A": "unknown"}
_RANGE: dict[str, Range] = {"+": "over", "-": "under"}
_REFUSAL = {"I": "busy: the scale cannot answer now (S I)", "L": "the scale refused the command (S L)"}
_TOLD_TO: dict[str, ScaleCommand] = {"Z": "zero", "ZI": "zero", "T": "tare", "TI": "tare", "TAC": "clear_tare"}
_REFUSALS = {
    "I": "it is busy or does not come to rest",
    "L": "it does not allow that",
    "+": "the load is over its range",
    "-": "the load is under its range",
}
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

# A weight id, its status, exactly ten characters, a blank, the unit. T, TI and TA speak of the tare.
_WEIGHT = re.compile(r"(S|TI?|TA) ([SDMNA]) (.{10}) (\S{1,5})")
_NUMBER = re.compile(r" *(-?\d+(?:\.\d+)?) ?")  # one blank may stand for the last decimal (DeltaRange)
_ERROR = re.compile(r"S [SD] +Error +(\d{1,3})([a-z]?) *")
_STATE = re.compile(r"S ([-+IL])")
_SERIAL = re.compile(r'I4 A "(.{0,64})"')
_TOLD = re.compile(r"(Z|ZI|T|TI|TAC) ([ASDIL+-])(?: .*)?")
_ANSWER = re.compile(r"([A-Z]+\d{0,3}) ([SDABIL+-])(?: (.*))?")
_LINE_NOISE = re.compile(rb"[^ -~]+")


class MtSics:
    """Bytes in, values out. Bytes that no frame can hold are set aside in front of one; inside one they spoil it."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._lines = LineSplitter(re.compile(rb"\r\n"), 2, MAX_LINE)

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        values: list[ScaleValue] = []
        for line in self._lines.feed(data, t_mono):
            values += self._read(line, t_mono)
        return values

    def _read(self, line: Line, t_mono: float) -> list[ScaleValue]:
        if line.fault is not None:
            return [BadFrame(self._device, line.data, line.fault, t_mono)]
        noise = _LINE_NOISE.match(line.data)
        if noise is None:
            return self._parse(line.data, t_mono)
        bad = BadFrame(self._device, noise.group(), "line noise", t_mono)
        rest = line.data[noise.end() :]
        return [bad, *self._parse(rest, t_mono)] if rest else [bad]

    def _parse(self, raw: bytes, t_mono: float) -> list[ScaleValue]:
        frame = Frame(self._device, raw, t_mono)
        if _LINE_NOISE.search(raw):
            return [frame.bad("damaged characters: wrong baud rate or parity?")]
        text = raw.decode("ascii")
        if _SERIAL.fullmatch(text):
            return [Restarted(raw, t_mono)]
        if match := _ERROR.fullmatch(text):
            return [frame.nothing(fault=_error_words(int(match[1]), match[2]))]
        if match := _STATE.fullmatch(text):
            return [frame.nothing(range_=_RANGE.get(match[1], "unknown"), fault=_REFUSAL.get(match[1]))]
        if text in _COMMAND_ERRORS:
            return [frame.nothing(fault=_COMMAND_ERRORS[text]), Told(None, _COMMAND_ERRORS[text])]
        if match := _WEIGHT.fullmatch(text):
            return _weight(frame, match)
        if match := _TOLD.fullmatch(text):
            return [Told(_TOLD_TO[match[1]], _REFUSALS.get(match[2]))]
        return [] if _ANSWER.fullmatch(text) and text[:2] != "S " else [frame.bad("no MT-SICS answer")]


def _weight(frame: Frame, match: re.Match[str]) -> list[ScaleValue]:
    command, status, field, raw_unit = match.groups()
    number = _NUMBER.fullmatch(field)
    if number is None or (status == "A") != (command == "TA"):
        return [frame.bad("the weight field holds no weight")]
    # M and N mark a value below the minimum weight: a number, but not one to charge for.
    range_: Range = "unknown" if status in "MN" else "ok"
    mode: Mode = "unknown" if command == "S" else "tare"
    weight = frame.weight(number[1], raw_unit, mode=mode, stability=_STABILITY[status], range_=range_)
    return [weight, Told("tare")] if command in ("T", "TI") else [weight]


def _error_words(number: int, trigger: str) -> str:
    words = f"Error {number}{trigger}: {_FAULTS.get(number, 'not in the manual')} {_TRIGGERS.get(trigger, '')}"
    return words.rstrip()
