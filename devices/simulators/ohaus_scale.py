"""How an OHAUS scale speaks (device_protocols 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from devices.simulators.line_speech import LineSpeech
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard


class OhausSpeech(LineSpeech):
    """Prints by itself, as after CP; `width` is that of the weight field, 11 or 12."""

    actions: ClassVar[Mapping[bytes, Action]] = {
        b"P": "weigh",
        b"IP": "weigh",
        b"SP": "weigh",
        b"Z": "zero",
        b"T": "tare",
    }

    def __init__(self, every_s: float | None = 0.05, *, width: int = 11) -> None:
        super().__init__(every_s)
        self._width = width

    def frame(self, shown: Shown) -> bytes:
        """A question mark while it moves; out of range, and with a fault, an error in words."""
        error = {"over": "8.3", "under": "8.4", "ok": "1.0" if shown.fault else ""}[shown.range]
        if error:
            return f"Err {error}\r\n".encode()
        moving, legend = " " if shown.stable else "?", "N" if shown.tare_mg else " "
        return f"{shown.net:>{self._width}} {shown.unit} {moving} {legend}\r\n".encode()

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:  # noqa: ARG002 -- all that it answers
        """Only a word that it does not know is answered."""
        return b"ES\r\n" if heard.action == "other" else b""
