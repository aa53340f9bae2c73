"""How an A&D balance or indicator speaks (device_protocols 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from devices.simulators.line_speech import LineSpeech
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard

_RANGES = {
    "standard": {"over": "OL,+9999999E+19", "under": "OL,-9999999E+19"},
    "indicator": {"over": "OL,GS,     .  kg", "under": "OL,GS,     .  kg"},
    "dp": {"over": "          E", "under": "         -E"},
    "mt": {"over": "SI+", "under": "SI-"},
}


class AndSpeech(LineSpeech):
    """Answers Q, or sends by itself. With `acknowledgements` zero and tare are acknowledged and refused in words."""

    actions: ClassVar[Mapping[bytes, Action]] = {
        b"Q": "weigh",
        b"S": "weigh",
        b"SI": "weigh",
        b"Z": "zero",
        b"R": "zero",
        b"T": "tare",
    }

    def __init__(
        self,
        every_s: float | None = None,
        *,
        form: Literal["standard", "indicator", "dp", "mt"] = "standard",
        acknowledgements: Literal[0, 1, 2] = 0,
    ) -> None:
        super().__init__(every_s)
        self._form, self._acknowledgements = form, acknowledgements

    def frame(self, shown: Shown) -> bytes:
        """One line in the chosen format."""
        if shown.fault:
            return b"EC,E02\r\n"
        if shown.range != "ok":
            return f"{_RANGES[self._form][shown.range]}\r\n".encode()
        return f"{self._line(shown)}\r\n".encode()

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:  # noqa: ARG002 -- the display says nothing
        """ACK when a command is taken and again when it is done; without that setting nothing."""
        if not self._acknowledgements:
            return b""
        if heard.action == "other":
            return b"EC,E01\r\n"
        taken = b"\x06" * (self._acknowledgements - 1)
        return taken + (b"\x06" if done else b"EC,E11\r\n")

    def _line(self, shown: Shown) -> str:
        header, number, unit = "ST" if shown.stable else "US", shown.net, shown.unit
        match self._form:
            case "indicator":
                return f"{header},{'NT' if shown.tare_mg else 'GS'},{number:+08}{unit:>2}"
            case "dp":
                signed = f"{number:+}" if number else f"{number}"
                return f"{'WT' if shown.stable else 'US'}{signed:>10}{unit:>3}"
            case "mt":
                return f"{'S ' if shown.stable else 'SD'}{number:>10} {unit}"
            case _:
                return f"{header},{number:+09}{unit:>3}"
