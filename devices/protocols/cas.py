"""CAS indicators that send by themselves (device_protocols 2.5).

| Form | Line before CR LF |
|---|---|
| `22_byte` | `ST,GS,` device id, lamp byte, `,` weight(8) SP unit(2) |
| `18_byte` | `ST,GS,` weight(8) unit(2) |
| `10_byte` | weight(8): no status and no unit |

There is no checksum, so every field must have its exact width: a lost byte would otherwise read as another weight.
The lamp byte is binary, with bit 7 set: it is neither CR nor LF, and a line of seven data bits destroys it.
"""

from __future__ import annotations

import re
from typing import Literal

from devices.protocols.scale import Frame, ScaleValue
from devices.protocols.text_lines import TextLines
from devices.readings import Mode, Stability, Unit, Zero

CasForm = Literal["22_byte", "18_byte", "10_byte"]

_TOP, _STABLE, _HELD, _AT_ZERO = 0x80, 0x40, 0x10, 0x01  # bits of the lamp byte
_MODE: dict[str, Mode] = {"GS": "gross", "NT": "net"}
_START = re.compile(rb"(?:ST|US|OL),(?:GS|NT),")
_LINES: dict[CasForm, re.Pattern[str]] = {
    "22_byte": re.compile(r"(ST|US|OL),(GS|NT),[1-=](.),(.{8}) ([ a-zA-Z][a-zA-Z])", re.DOTALL),
    "18_byte": re.compile(r"(ST|US|OL),(GS|NT),(.{8})([ a-zA-Z][a-zA-Z])"),
    "10_byte": re.compile(r".{8}"),
}
_WEIGHT = re.compile(r" *[+-]? *\d+(?:\.\d+)?")
_ERROR = re.compile(r"ERR ?([0-9A-Za-z]{1,4})")


class Cas:
    """Bytes in, values out, in one form; `unit` is what the scale shows where the form does not say it."""

    def __init__(self, device: str, form: CasForm = "22_byte", unit: Unit | None = None) -> None:
        self._form, self._unit = form, unit
        self._lines = TextLines(device, self._read, _START, binary=True)

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The weights and bad frames that `data`, read at `t_mono` seconds, completes."""
        return self._lines.feed(data, t_mono)

    def _read(self, frame: Frame, text: str) -> list[ScaleValue]:
        if error := _ERROR.fullmatch(text):
            return [frame.nothing(fault=f"the scale reports error {error[1]}")]
        match = _LINES[self._form].fullmatch(text)
        if match is None:
            return [frame.bad(f"no CAS line of the form {self._form}")]
        if self._form == "10_byte":
            return [_weight(frame, match[0], self._unit or "", "unknown")]
        header, mode, *lamp, field, raw_unit = match.groups()
        return [_with_status(frame, header, _MODE[mode], ord(lamp[0]) if lamp else None, field, raw_unit)]


def _with_status(frame: Frame, header: str, mode: Mode, lamp: int | None, field: str, raw_unit: str) -> ScaleValue:
    stability: Stability = "stable" if header == "ST" else "unstable"
    zero: Zero = "unknown"
    if lamp is not None:
        if not lamp & _TOP:
            return frame.bad("the lamp byte lost its top bit: this form needs a line of 8 data bits")
        zero = "at_zero" if lamp & _AT_ZERO else "not_zero"
        if lamp & _HELD:
            return frame.nothing(fault="the display is held, so it does not show what lies on the scale now")
        if stability == "stable" and not lamp & _STABLE:  # header and lamp must agree
            stability = "unknown"
    if header == "OL":
        return frame.nothing(range_="over", mode=mode, raw_unit=raw_unit)
    return _weight(frame, field, raw_unit, stability, mode, zero)


def _weight(
    frame: Frame, field: str, raw_unit: str, stability: Stability, mode: Mode = "unknown", zero: Zero = "unknown"
) -> ScaleValue:
    if _WEIGHT.fullmatch(field) is None:
        return frame.bad("the weight field holds no weight")
    return frame.weight(field, raw_unit, stability=stability, mode=mode, zero=zero)
