"""Fairbanks Ultegra (device_protocols 2.10): CR asks, and a line of fixed width with EOT behind it answers.

`XXXXX.X SP lb|kg SP GR|gr SP SP CR LF EOT`; small letters mean motion. An EOT alone means that there is no weight.
There is no check character, so the width must be exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from devices.protocols.lines import Line, LineSplitter
from devices.protocols.scale import Frame, ScaleValue
from devices.readings import BadFrame, Stability, Weight

WEIGHT_NOW = b"\r"

MAX_LINE = 64  # an answer is 18 bytes; more without EOT means a wrong baud rate

# The parcel variant has its point one place further to the left.
_FRAME = re.compile(r"(?P<field>[-\d ][\d ]{3}\d\.\d|[-\d ][\d ]{2}\d\.\d\d) (?P<unit>lb|kg) (?P<kind>GR|gr)  \r\n")
_NOISE = re.compile(rb"[^ -~\r\n]+")

NO_WEIGHT = "it shows no weight: it is overloaded, or was not at zero when it was switched on"


class Ultegra:
    """Bytes in, values out. Only bytes that no answer can hold are set aside in front of one."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._lines = LineSplitter(re.compile(rb"\x04"), 1, MAX_LINE)

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        return [value for line in self._lines.feed(data, t_mono) for value in self._read(line, t_mono)]

    def _read(self, line: Line, t_mono: float) -> Iterator[ScaleValue]:
        raw = line.data
        if line.fault is not None:
            yield BadFrame(self._device, raw, line.fault, t_mono)
            return
        if noise := _NOISE.match(raw):
            yield BadFrame(self._device, noise.group(), "line noise", t_mono)
            raw = raw[noise.end() :]
            if not raw:
                return
        yield self._weigh(Frame(self._device, raw, t_mono))

    def _weigh(self, frame: Frame) -> Weight | BadFrame:
        if not frame.raw:
            return frame.nothing(fault=NO_WEIGHT)
        match = _FRAME.fullmatch(frame.raw.decode("latin-1"))
        if match is None:
            return frame.bad("no Ultegra answer")
        stability: Stability = "unstable" if match["kind"] == "gr" else "stable"
        return frame.weight(match["field"], match["unit"], stability=stability, mode="gross")
