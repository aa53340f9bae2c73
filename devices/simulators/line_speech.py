"""What speeches share whose host sends a word and CR LF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from devices.simulators.scale import LONGEST_COMMAND
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard


class LineSpeech:
    """A speech that says nothing but weights, unless it says otherwise."""

    actions: ClassVar[Mapping[bytes, Action]] = {}
    """What the words of the host mean; any other is "other"."""
    waits_for_rest = True

    def __init__(self, every_s: float | None = None) -> None:
        self.every_s = every_s

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """The words in `pending`, and what is not yet one."""
        *words, rest = pending.replace(b"\n", b"\r").split(b"\r")
        return [Heard(self.actions.get(word, "other"), word) for word in words if word], rest[-LONGEST_COMMAND:]

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:  # noqa: ARG002 -- some answer nothing
        """Nothing: what is done is not answered."""
        return b""

    def greeting(self) -> bytes:
        """Nothing: it is switched on in silence."""
        return b""
