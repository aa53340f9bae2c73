"""How a Radwag scale speaks (device_protocols 2.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from devices.simulators.line_speech import LineSpeech
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard


class RadwagSpeech(LineSpeech):
    """Answers SI; says when it begins with zero or tare and when it is done."""

    actions: ClassVar[Mapping[bytes, Action]] = {b"S": "weigh", b"SI": "weigh", b"Z": "zero", b"T": "tare"}

    def frame(self, shown: Shown) -> bytes:
        """20 characters; over and under with the number that is shown, as the real one."""
        if shown.fault:
            return b"SI I\r\n"
        marker = {"over": "^", "under": "v", "ok": " " if shown.stable else "?"}[shown.range]
        sign = "-" if shown.net < 0 else " "
        return f"SI  {marker} {sign}{abs(shown.net):>9} {shown.unit:<3}\r\n".encode()

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:
        """Begun, then done or timed out."""
        if heard.action == "other":
            return b"ES\r\n"
        if shown.range != "ok":
            return heard.raw + (b" ^\r\n" if shown.range == "over" else b" v\r\n")
        return heard.raw + b" A\r\n" + heard.raw + (b" D\r\n" if done else b" E\r\n")
