"""How a scale that keeps to SMA SCP-0499 speaks (device_protocols 2.9)."""

from __future__ import annotations

from dataclasses import replace

from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard

_ACTIONS: dict[bytes, Action] = {
    b"W": "weigh",
    b"Z": "zero",
    b"T": "tare",
    b"C": "clear_tare",
    b"M": "status",
    b"D": "status",
    b"A": "status",
    b"B": "status",
}
_ABOUT = (b"SMA:1/1.0", b"MFG:Warehouse", b"MOD:Simulated", b"REV:1.0")


class SmaSpeech:
    """Answers each command with a frame; what it does not know with a question mark."""

    every_s: float | None = None
    waits_for_rest = True

    def __init__(self) -> None:
        self._about = len(_ABOUT)

    def frame(self, shown: Shown) -> bytes:
        """20 bytes. Over and under the range have a number as well."""
        if shown.fault:
            return _frame("E", shown, "-" * 10)
        ranges = {"over": "O", "under": "U"}
        return _frame(ranges.get(shown.range, "Z" if shown.net_mg == 0 else " "), shown, f"{shown.net:>10f}")

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """LF, a letter, CR; what has no LF in front is not understood."""
        *lines, rest = pending.split(b"\r")
        return [Heard(_action(line), line) for line in lines], rest

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:
        """A frame: after zero and tare with what they led to, or with their error."""
        letter = heard.raw.rpartition(b"\n")[2]
        if heard.action == "other":
            return b"\n?\r"
        if letter == b"M":
            return _frame(" ", replace(shown, stable=True), f"{shown.tare:>10f}", "T")
        if letter == b"D":
            return b"\n    \r"
        if letter in (b"A", b"B"):
            self._about = 0 if letter == b"A" else self._about
            line = _ABOUT[self._about] if self._about < len(_ABOUT) else b"?"
            self._about += 1
            return b"\n" + line + b"\r"
        if not done:
            return _frame("T" if heard.action == "tare" else "E", shown, "-" * 10)
        return self.frame(shown)

    def greeting(self) -> bytes:
        """It says nothing by itself."""
        return b""


def _action(line: bytes) -> Action:
    start, _, letter = line.partition(b"\n")
    return "other" if start else _ACTIONS.get(letter, "other")


def _frame(status: str, shown: Shown, field: str, kind: str = "") -> bytes:
    mode = kind or ("N" if shown.tare_mg else "G")
    text = f"\n{status}1{mode}{' ' if shown.stable else 'M'} {field}{shown.unit:<3}\r"
    return text.encode()
