"""How a Fairbanks Ultegra speaks (device_protocols 2.10)."""

from __future__ import annotations

from decimal import Decimal

from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Heard

EOT = b"\x04"


class UltegraSpeech:
    """One decimal, or two for parcels (`parcels`)."""

    every_s: float | None = None
    waits_for_rest = True

    def __init__(self, *, parcels: bool = False) -> None:
        self._step = Decimal("0.01") if parcels else Decimal("0.1")

    def frame(self, shown: Shown) -> bytes:
        """A line and EOT; EOT alone when there is no weight to show."""
        if shown.fault or shown.range != "ok":
            return EOT
        net = shown.net.quantize(self._step)
        field = f"{abs(net):>7f}" if net >= 0 else f"-{abs(net):>6f}"
        return f"{field} {shown.unit} {'GR' if shown.stable else 'gr'}  \r\n".encode() + EOT

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """Each CR asks for the weight, whatever stands in front of it."""
        *questions, rest = pending.split(b"\r")
        return [Heard("weigh", question) for question in questions], rest

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:  # noqa: ARG002 -- it knows one question only
        """Nothing."""
        return b""

    def greeting(self) -> bytes:
        """It says nothing by itself."""
        return b""
