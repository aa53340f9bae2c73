"""Adam Equipment scales (device_protocols 2.8). No line says whether the weight is stable.

CPWplus answers `label, sign, number, unit`: `G  +  2.00 kg`. No manual gives the widths, but one scale keeps to its
own, so a width that changes is believed when it comes twice. AZextra answers `  0.100 kg`, and nothing at all unless
there is a new weight; so its answers come singly, and an empty one means neither zero nor the same again.
"""

from __future__ import annotations

import re
from typing import Literal

from devices.protocols.scale import Frame, ScaleValue, Width
from devices.protocols.text_lines import TextLines
from devices.readings import Mode

AdamForm = Literal["cpwplus", "azextra"]

NET_NOW, GROSS_NOW = b"N\r\n", b"G\r\n"
TARE_KEY = b"Z\r\n"
"""On a CPWplus Z is the key Tare/Zero; T would ask for the tare."""
PRINT_KEY = b"P\r\n"

_CPWPLUS = re.compile(r"([GNT])( +)([+-])( *\d+(?:\.\d+)?) ([a-z]{1,3})")
_MODE: dict[str, Mode] = {"G": "gross", "N": "net", "T": "tare"}
_AZEXTRA = re.compile(r" *(-? *\d+\.\d+) ?([a-z]{1,3}) *")


class Adam:
    """Bytes in, values out, in one form."""

    def __init__(self, device: str, form: AdamForm = "cpwplus") -> None:
        self._lines = TextLines(device, self._cpwplus if form == "cpwplus" else _azextra)
        self._width = Width()

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The weights and bad frames that `data`, read at `t_mono` seconds, completes."""
        return self._lines.feed(data, t_mono)

    def _cpwplus(self, frame: Frame, text: str) -> list[ScaleValue]:
        match = _CPWPLUS.fullmatch(text)
        if match is None:
            return [frame.bad("no CPWplus answer")]
        label, blanks, sign, number, raw_unit = match.groups()
        if not self._width.fits(len(blanks), len(number), len(raw_unit)):
            return [frame.nothing(mode=_MODE[label], raw_unit=raw_unit)]
        return [frame.weight(sign + number, raw_unit, stability="unknown", mode=_MODE[label])]


def _azextra(frame: Frame, text: str) -> list[ScaleValue]:
    if not text.strip():  # nothing new: neither zero nor the last weight
        return [frame.nothing()]
    match = _AZEXTRA.fullmatch(text)
    if match is None:
        return [frame.bad("no AZextra answer")]
    return [frame.weight(match[1], match[2], stability="unknown")]
