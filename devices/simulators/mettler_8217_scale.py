"""How a METTLER TOLEDO 8217 speaks (device_protocols 2.2)."""

from __future__ import annotations

import re
from decimal import Decimal

from devices.protocols.mettler_8217 import AT_ZERO, MOVING, NET, OUTSIDE_ZERO, OVER, UNDER, Model
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard

_COMMAND = re.compile(rb"T\d{5}|.", re.DOTALL)
_ACTIONS: dict[bytes, Action] = {b"W": "weigh", b"Z": "zero", b"T": "tare", b"C": "clear_tare"}


class Mettler8217Speech:
    """`once` says a stable weight one time and then "no condition" until it changes, as some scales do."""

    every_s: float | None = None
    waits_for_rest = True

    def __init__(self, *, once: bool = False, blanks: bool = False, model: Model = "8217") -> None:
        """`blanks` puts blanks where leading zeros would be."""
        self._once, self._blanks = once, blanks
        self._pounds = "06.2f" if model == "8217" else "05.2f"
        self._said = b""
        self._echo = False

    def frame(self, shown: Shown) -> bytes:
        """`STX weight CR`, or the status where there is no weight to show."""
        bits = _bits(shown)
        if shown.fault or bits & (MOVING | OVER | UNDER) or shown.net < 0:
            self._said = b""
            return _status(bits)
        in_pounds = shown.unit != "kg"
        net = shown.net.quantize(Decimal("0.01")) if in_pounds else shown.net
        text = format(net, self._pounds if in_pounds else "06.3f")
        if self._blanks and text.startswith("0"):
            text = f" {text[1:]}"
        frame = b"\x02%s%s\r" % (text.encode(), b"N" if bits & NET else b"")
        if self._once and frame == self._said:
            return _status(bits & NET)
        self._said = frame
        return frame

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """Each byte is a command by itself; a tare may be keyed in as five digits after its letter."""
        commands = _COMMAND.findall(pending)
        return [Heard(_ACTIONS.get(each, "other"), each) for each in commands], b""

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:
        """The status, whatever was asked; echo on and off are answered with their letter."""
        if heard.raw in (b"E", b"F"):
            self._echo = heard.raw == b"E"
            return b"\x02" + heard.raw + b"\r"
        if self._echo and heard.action == "other":
            return heard.raw
        return _status(_bits(shown) | (OUTSIDE_ZERO if heard.action == "zero" and not done else 0))

    def greeting(self) -> bytes:
        """It says nothing by itself."""
        self._said, self._echo = b"", False
        return b""


def _status(bits: int) -> bytes:
    return b"\x02?%c\r" % (0x40 | bits)


def _bits(shown: Shown) -> int:
    """The low six bits of the status; a fault inside is told as out of range, for there is no bit for it."""
    return (
        (0 if shown.stable else MOVING)
        | (OVER if shown.range == "over" or shown.fault else 0)
        | (UNDER if shown.range == "under" or (shown.range == "ok" and shown.net < 0) else 0)
        | (AT_ZERO if shown.at_zero and shown.range == "ok" else 0)
        | (NET if shown.tare_mg else 0)
    )
