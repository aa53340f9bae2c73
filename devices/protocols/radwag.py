"""Radwag balances and terminals (device_protocols 2.12).

A weight line is `command(3) SP marker SP sign mass(9) SP unit(3) CR LF`, always 20 characters before its end, so a
lost byte shows. There is no checksum. Over and under come with a number: the marker decides, then the number.
"""

from __future__ import annotations

import re

from devices.driver import ScaleCommand
from devices.protocols.scale import Frame, ScaleValue, Told
from devices.protocols.text_lines import TextLines
from devices.readings import Range, Stability

WEIGHT_NOW = b"SI\r\n"
COMMANDS: dict[ScaleCommand, bytes] = {"zero": b"Z\r\n", "tare": b"T\r\n"}

_WEIGHT = re.compile(r"(?:S  |SI |SU |SUI) ([ ?^v]) ([ -])( *\d+(?:\.\d+)?) ([A-Za-z%.]{1,3} {0,2})")
_LENGTH, _MASS = 20, 9
_RANGE: dict[str, Range] = {"^": "over", "v": "under"}
_TOLD_TO: dict[str, ScaleCommand] = {"Z": "zero", "T": "tare"}
_WHY = {
    "D": None,
    "I": "it cannot do that now",
    "^": "the load is over its range",
    "v": "the load is under its range",
    "E": "it did not come to rest in time",
}
_NO_WEIGHT = {
    "I": "busy: the scale cannot answer now (I)",
    "E": "the scale did not come to rest in time (E)",
}
_UNKNOWN = "the scale did not understand the command (ES)"
_ANSWER = re.compile(r"(S|SI|SU|SUI|Z|T) ([ADIEv^])")


class Radwag:
    """Bytes in, values out."""

    def __init__(self, device: str) -> None:
        self._lines = TextLines(device, _read)

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        return self._lines.feed(data, t_mono)


def _read(frame: Frame, text: str) -> list[ScaleValue]:
    if text.rstrip() == "ES":
        return [frame.nothing(fault=_UNKNOWN), Told(None, _UNKNOWN)]
    if match := _ANSWER.fullmatch(text):
        return _answer(frame, *match.groups())
    match = _WEIGHT.fullmatch(text)
    if match is None or len(text) != _LENGTH or len(match[3]) != _MASS:
        return [frame.bad("no Radwag answer")]
    marker, sign, mass, raw_unit = match.groups()
    if marker in _RANGE:
        return [frame.nothing(range_=_RANGE[marker], raw_unit=raw_unit)]
    stability: Stability = "unstable" if marker == "?" else "stable"
    return [frame.weight(sign + mass, raw_unit, stability=stability)]


def _answer(frame: Frame, command: str, what: str) -> list[ScaleValue]:
    if command in _TOLD_TO:  # A means begun: D or a refusal follows
        return [] if what == "A" else [Told(_TOLD_TO[command], _WHY[what])]
    if what in _RANGE:
        return [frame.nothing(range_=_RANGE[what])]
    return [frame.nothing(fault=_NO_WEIGHT[what])] if what in _NO_WEIGHT else []
