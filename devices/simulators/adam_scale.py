"""How Adam Equipment scales speak (device_protocols 2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from devices.simulators.line_speech import LineSpeech
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard


class CpwPlusSpeech(LineSpeech):
    """Answers N, G and T with the net weight, the gross weight and the tare. Its key Tare/Zero is Z."""

    actions: ClassVar[Mapping[bytes, Action]] = {b"N": "weigh", b"G": "weigh", b"T": "weigh", b"Z": "tare"}

    def __init__(self, every_s: float | None = None) -> None:
        super().__init__(every_s)
        self._label = "N"

    def frame(self, shown: Shown) -> bytes:
        """Label, sign, number, unit; nothing when it has no weight, for no manual says what then comes."""
        if shown.fault or shown.range != "ok":
            return b""
        weight_mg = {"N": shown.net_mg, "G": shown.net_mg + shown.tare_mg, "T": shown.tare_mg}[self._label]
        number = shown.in_steps(weight_mg)
        return f"{self._label}  {'-' if number < 0 else '+'}{abs(number):>6} {shown.unit}\r\n".encode()

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """The words; a question decides which weight is answered."""
        heard, rest = super().hear(pending)
        for each in heard:
            if each.action == "weigh":
                self._label = each.raw.decode("ascii")
        return heard, rest


class AzExtraSpeech(LineSpeech):
    """Answers P with a new weight that is not zero. Asked for a weight that it has told already, it beeps."""

    actions: ClassVar[Mapping[bytes, Action]] = {b"P": "weigh"}

    def __init__(self, every_s: float | None = None) -> None:
        super().__init__(every_s)
        self.beeps = 0
        self._told: Decimal | None = None

    def frame(self, shown: Shown) -> bytes:
        """A number and its unit, or nothing at all."""
        number = shown.net
        if shown.fault or shown.range != "ok" or not number:
            self._told = None
            return b""
        if number == self._told:
            self.beeps += 1
            return b""
        self._told = number
        return f"{number:>7} {shown.unit}\r\n".encode()
