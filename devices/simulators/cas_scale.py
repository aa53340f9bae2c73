"""How a CAS indicator speaks (device_protocols 2.5): it sends by itself and hears nothing."""

from __future__ import annotations

from devices.protocols.cas import CasForm
from devices.simulators.line_speech import LineSpeech
from devices.simulators.scale_body import Shown

_DEVICE_ID = b"1"


class CasSpeech(LineSpeech):
    """Sends one form for ever."""

    def __init__(self, every_s: float | None = 0.05, *, form: CasForm = "22_byte") -> None:
        super().__init__(every_s)
        self._form = form

    def frame(self, shown: Shown) -> bytes:
        """22, 18 or 10 bytes; the lamp byte of the first is binary."""
        if shown.fault:
            return b"ERR01\r\n"
        if self._form == "10_byte":
            return b"" if shown.range != "ok" else f"{shown.net:08}\r\n".encode()
        header = b"OL" if shown.range != "ok" else b"ST" if shown.stable else b"US"
        mode, unit = b"NT" if shown.tare_mg else b"GS", f"{shown.unit:>2}".encode()
        if self._form == "18_byte":
            return b"%b,%b,%b%b\r\n" % (header, mode, _field(shown, "+08"), unit)
        return b"%b,%b,%b%b,%b %b\r\n" % (header, mode, _DEVICE_ID, _lamp(shown), _field(shown, "08"), unit)


def _field(shown: Shown, form: str) -> bytes:
    return f"{shown.net:{form}}".encode() if shown.range == "ok" else b" " * 8


def _lamp(shown: Shown) -> bytes:
    lamp = 0x80 | (0x02 if shown.tare_mg else 0x04)
    if shown.range == "ok":
        lamp |= 0x40 * shown.stable | 0x01 * shown.at_zero
    return bytes([lamp])
