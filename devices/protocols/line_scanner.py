"""Scanners that send each code as one line of bytes (device_protocols 5.1, AIM identifiers 7.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from devices.protocols.codes import MAX_SCAN, reading
from devices.protocols.lines import CUT_OFF, Line, LineSplitter
from devices.readings import BadFrame, Scan

Terminator = Literal["cr", "lf", "crlf", "tab", "etx"]

TERMINATOR_BYTES: dict[Terminator, bytes] = {"crlf": b"\r\n", "cr": b"\r", "lf": b"\n", "tab": b"\t", "etx": b"\x03"}


TORN = "it may be the rest of a code that stalled: scan it again"


class LineScanner:
    """Bytes in, scans out. Only the configured terminators end a code: GS, RS and EOT inside it are data."""

    def __init__(
        self,
        device: str,
        terminators: Sequence[Terminator],
        prefix: bytes = b"",
        gs_text: bytes = b"",
        *,
        stalls: bool = False,
    ) -> None:
        """`gs_text` stands for GS in the codes of a scanner that cannot send it.

        A wireless line `stalls` in mid-code and goes on later: then the rest of a code that was given up is refused.
        """
        self._device, self._prefix, self._gs_text = device, prefix, gs_text
        self._stalls, self._torn = stalls, False
        ends = b"|".join(TERMINATOR_BYTES[name] for name in TERMINATOR_BYTES if name in terminators)
        self._lines = LineSplitter(re.compile(ends), 2 if "crlf" in terminators else 1, MAX_SCAN)

    def feed(self, data: bytes, t_mono: float) -> list[Scan | BadFrame]:
        """The scans and bad frames that `data` completes. An empty line is neither."""
        return [self._reading(line, t_mono) for line in self._lines.feed(data, t_mono) if line.data or line.fault]

    def _reading(self, line: Line, t_mono: float) -> Scan | BadFrame:
        if line.fault is not None or self._torn:
            why = line.fault or TORN
            self._torn = self._stalls and why == CUT_OFF
            return BadFrame(self._device, line.data, why, t_mono)
        code = line.data.replace(self._gs_text, b"\x1d") if self._gs_text else line.data
        return reading(self._device, code, self._prefix, t_mono)
