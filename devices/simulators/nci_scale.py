"""How NCI and Weigh-Tronix scales speak: SCP-01 and SCP-02 (device_protocols 2.4)."""

from __future__ import annotations

from typing import Literal

from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard

_ACTIONS: dict[bytes, Action] = {b"W": "weigh", b"S": "status", b"Z": "zero", b"T": "tare"}
_FILLED = {"over": "^", "under": "_"}


class NciSpeech:
    """`variant` is how the weight is written: SCP-02 leaves it out when there is none, SCP-01 fills its field."""

    every_s: float | None = None
    waits_for_rest = True

    def __init__(self, variant: Literal["scp-01", "scp-02"] = "scp-02", *, stray: bytes = b"") -> None:
        """`stray` comes in front of each answer, as some scales send a `?`."""
        self._variant, self._stray = variant, stray

    def frame(self, shown: Shown) -> bytes:
        """Weight and status, or the status alone."""
        wrong = shown.fault or shown.range != "ok"
        if self._variant == "scp-02":
            with_number = not wrong and shown.stable and shown.net >= 0
            weight = f"\n{shown.net:06.3f}{shown.unit.upper()}\r" if with_number else ""
        else:
            field = _FILLED.get(shown.range, "-") * 8 if wrong else f"{shown.net:08.3f}"
            weight = f"\n{field}{shown.unit}\r"
        return self._stray + weight.encode() + self._status(shown)

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """A letter and CR; an LF in front means nothing."""
        *lines, rest = pending.split(b"\r")
        letters = (line.lstrip(b"\n") for line in lines)
        return [Heard(_ACTIONS.get(letter, "other"), letter) for letter in letters], rest

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:  # noqa: ARG002 -- the status tells it
        """The status; a question mark for what it does not know."""
        return b"\n?\r\x03" if heard.action == "other" else self._status(shown)

    def greeting(self) -> bytes:
        """It says nothing by itself."""
        return b""

    def _status(self, shown: Shown) -> bytes:
        under = shown.range == "under" or (self._variant == "scp-02" and shown.range == "ok" and shown.net < 0)
        first = 0x30 | (not shown.stable) | (shown.net_mg == 0) << 1 | shown.fault << 2
        second = 0x30 | under | (shown.range == "over") << 1
        chars = bytes([first, second | 0x40, 0x34]) if shown.tare_mg else bytes([first, second])
        return b"\n" + (b"S" if self._variant == "scp-02" else b"") + chars + b"\r\x03"
