"""How a Sartorius scale speaks SBI (device_protocols 2.11)."""

from __future__ import annotations

import re

from devices.simulators.line_speech import LineSpeech
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard

_COMMAND = re.compile(rb"\x1b([A-Za-z])")
_ACTIONS: dict[bytes, Action] = {b"P": "weigh", b"T": "tare", b"U": "tare", b"V": "zero"}


class SartoriusSbiSpeech(LineSpeech):
    """Prints by itself; `identified` puts six characters in front of each line. The unit is blank while it moves."""

    def __init__(self, every_s: float | None = 0.05, *, identified: bool = False) -> None:
        super().__init__(every_s)
        self._identified = identified

    def frame(self, shown: Shown) -> bytes:
        """14 characters, or 20."""
        status = {"over": "High", "under": "Low", "ok": "ERR 101" if shown.fault else ""}[shown.range]
        if status:
            return f"{'Stat  ' if self._identified else ''}{status:^14}\r\n".encode()
        sign, unit = "-" if shown.net < 0 else "+", shown.unit if shown.stable else ""
        return f"{'N     ' if self._identified else ''}{sign}{abs(shown.net):>9} {unit:<3}\r\n".encode()

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """ESC and a letter; CR LF may follow."""
        heard = [Heard(_ACTIONS.get(each[1], "other"), each[0]) for each in _COMMAND.finditer(pending)]
        return heard, b"\x1b" if pending.endswith(b"\x1b") else b""
