"""How a CAS retail scale speaks to a cash register, "type 6" (device_protocols 2.5)."""

from __future__ import annotations

from functools import reduce
from operator import xor

from devices.simulators.line_speech import LineSpeech
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard

_ACTIONS: dict[int, Action] = {0x05: "status", 0x11: "weigh"}


class CasEcrSpeech(LineSpeech):
    """ACK to ENQ, or NAK when it cannot weigh; a block to DC1."""

    def frame(self, shown: Shown) -> bytes:
        """15 bytes, checked by the XOR of those between STX and BCC."""
        status = "S" if shown.stable and shown.range == "ok" else "U"
        if shown.range == "over":
            sign, number = "F", "F" * 6
        else:
            sign, number = "-" if shown.net < 0 else " ", f"{abs(shown.net):06}"
        body = f"{status}{sign}{number}{shown.unit:>2}".encode()
        return b"\x01\x02%b%c\x03\x04" % (body, reduce(xor, body))

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """Single control characters."""
        return [Heard(_ACTIONS.get(byte, "other"), bytes([byte])) for byte in pending], b""

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:  # noqa: ARG002 -- nothing to be done
        """ACK or NAK to ENQ; nothing to what it does not know. It has no way to say that it is under its range."""
        if heard.action != "status":
            return b""
        return b"\x15" if shown.fault or shown.range == "under" else b"\x06"
