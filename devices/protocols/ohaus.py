"""OHAUS balances and scales (device_protocols 2.7).

`weight, to the right · SP · unit · SP · ? when unstable, else a blank · SP · legend · CR LF`. The widths differ per
family and no frame says which it is, but one scale keeps to its own: so a layout that changes is believed when it
comes twice. A lost digit would otherwise read as another weight, and a lost `?` as a stable one.
"""

from __future__ import annotations

import re

from devices.driver import ScaleCommand
from devices.protocols.scale import Frame, ScaleValue, Told, Width
from devices.protocols.text_lines import TextLines, halves
from devices.readings import Mode, Range, Stability

WEIGHT_NOW = b"IP\r\n"
COMMANDS: dict[ScaleCommand, bytes] = {"zero": b"Z\r\n", "tare": b"T\r\n", "print": b"P\r\n"}

_TORN = re.compile(r"[^ ] ")
"""Half a line and the beginning of the next one, which are blanks."""
_WEIGHT = re.compile(r"( *-? *\d+(?:\.\d+)?) +([A-Za-z%:]{1,5}) *(\?)? *([A-Z/]{0,3}) *")
_MODE: dict[str, Mode] = {"": "unknown", "G": "gross", "B/G": "gross", "N": "net", "NET": "net", "T": "tare"}
_ERROR = re.compile(r" *\[?(?:Err|ERR|Error) *(\d{1,3}(?:\.\d{1,2})?)\]? *")
_RANGE: dict[str, Range] = {"8.3": "over", "8.4": "under"}
_DASHES = re.compile(r" *-{3,} *[A-Za-z]{0,5} *")
_UNKNOWN = "the scale did not understand the command (ES)"


class Ohaus:
    """Bytes in, values out."""

    def __init__(self, device: str) -> None:
        self._lines = TextLines(device, self._read)
        self._width = Width()
        self._length = 0  # of this scale's lines, once one was read

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The weights, answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        return self._lines.feed(data, t_mono)

    def _read(self, frame: Frame, text: str) -> list[ScaleValue]:
        if not text.strip():
            return []
        if text == "ES":
            return [frame.nothing(fault=_UNKNOWN), Told(None, _UNKNOWN)]
        if error := _ERROR.fullmatch(text):
            return [frame.nothing(fault=f"the scale shows Err {error[1]}", range_=_RANGE.get(error[1], "unknown"))]
        if _DASHES.fullmatch(text):
            return [frame.nothing(fault="the scale shows dashes instead of a weight")]
        match = _WEIGHT.fullmatch(text)
        begins = len(text) - self._length
        if match is None and self._length and begins > 0 and _TORN.match(text, begins - 1):
            half, line = halves(frame, begins)
            return [half, *self._read(line, text[begins:])]
        if match is None or match[4] not in _MODE:
            return [frame.bad("no OHAUS line")]
        number, raw_unit, moving, legend = match.groups()
        if not self._width.fits(len(number), len(text)):
            return [frame.nothing(raw_unit=raw_unit)]
        self._length = len(text)
        stability: Stability = "unstable" if moving else "stable"
        return [frame.weight(number, raw_unit, stability=stability, mode=_MODE[legend])]
