"""What protocols of lines share: each line without the noise and the torn half before it."""

from __future__ import annotations

import re
from collections.abc import Callable

from devices.protocols.lines import LineSplitter
from devices.protocols.scale import Frame, ScaleValue
from devices.readings import BadFrame

MAX_LINE = 64  # the longest line of these scales has 40 characters; more without CR LF means a wrong baud rate

_END = re.compile(rb"\r\n")
_NOISE = re.compile(rb"[^ -~]+")

Read = Callable[[Frame, str], list[ScaleValue]]


class TextLines:
    """Bytes in; each line that ends with CR LF goes to `read`, as a frame and as text.

    Bytes that no line can hold are set aside in front of one; inside one they spoil it, unless lines are `binary`.
    Where `start` shows how a frame begins, what stands before its last beginning in a line is half of another frame.
    """

    def __init__(
        self, device: str, read: Read, start: re.Pattern[bytes] | None = None, *, binary: bool = False
    ) -> None:
        self._device, self._read, self._start, self._binary = device, read, start, binary
        self._lines = LineSplitter(_END, 2, MAX_LINE)

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """What the lines mean that `data`, read at `t_mono` seconds, completes."""
        values: list[ScaleValue] = []
        for line in self._lines.feed(data, t_mono):
            if line.fault is not None:
                values.append(Frame(self._device, line.data, t_mono).bad(line.fault))
            else:
                values += self._one(line.data, t_mono)
        return values

    def _one(self, line: bytes, t_mono: float) -> list[ScaleValue]:
        values: list[ScaleValue] = []
        if noise := _NOISE.match(line):
            values.append(Frame(self._device, noise.group(), t_mono).bad("line noise"))
            line = line[noise.end() :]
            if not line:
                return values
        begins = max((each.start() for each in self._start.finditer(line)), default=0) if self._start else 0
        frame = Frame(self._device, line, t_mono)
        if begins:
            half, frame = halves(frame, begins)
            values.append(half)
            line = frame.raw
        if not self._binary and _NOISE.search(line):
            return [*values, frame.bad("damaged characters: wrong baud rate or parity?")]
        return values + self._read(frame, line.decode("latin-1"))


def halves(frame: Frame, at: int) -> tuple[BadFrame, Frame]:
    """Half of a line, whose end never came, and the whole line that stands behind it."""
    half, whole = (Frame(frame.device, raw, frame.t_mono) for raw in (frame.raw[:at], frame.raw[at:]))
    return half.bad("half a line"), whole
