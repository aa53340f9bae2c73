"""A USB HID scale (device_protocols 3) behind a socket that stands for its hidraw node."""

from __future__ import annotations

from devices.protocols.hid_scale import (
    AT_ZERO,
    FAULT,
    MOVING,
    OVER,
    REPORT,
    STABLE,
    UNDER,
    UNITS,
)
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Heard
from devices.simulators.wire import SeqpacketWire

ZERO = b"\x02\x02"
MOST = 0xFFFF
_CODES = {unit: code for code, unit in UNITS.items()}


class ReportWire(SeqpacketWire):
    """Whatever is said leaves in reports of six bytes; what is left over leaves as a short one."""

    def write(self, data: bytes) -> None:
        """Send `data` report by report."""
        for at in range(0, len(data), REPORT.size):
            super().write(data[at : at + REPORT.size])


class HidScaleSpeech:
    """Reports for ever; `obeys` is whether it takes the command to zero, which many models ignore."""

    waits_for_rest = False

    def __init__(self, *, every_s: float = 0.05, report_id: int = 3, obeys: bool = True) -> None:
        self.every_s: float | None = every_s
        self._report_id, self._obeys = report_id, obeys

    def frame(self, shown: Shown) -> bytes:
        """One report. A weight that needs more than 16 bits is told in coarser steps."""
        exponent = shown.net.as_tuple().exponent
        assert isinstance(exponent, int)
        magnitude = int(abs(shown.net).scaleb(-exponent))
        while magnitude > MOST:
            magnitude, exponent = magnitude // 10, exponent + 1
        return REPORT.pack(self._report_id, _status(shown), _CODES[shown.unit], exponent, magnitude)

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """One OUT report: zero, or something it does not know."""
        return [Heard("zero" if pending == ZERO and self._obeys else "other", pending)], b""

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:  # noqa: ARG002 -- its next report shows it
        """Nothing."""
        return b""

    def greeting(self) -> bytes:
        """Nothing but its reports."""
        return b""


def _status(shown: Shown) -> int:
    if shown.fault:
        return FAULT
    if shown.range == "over":
        return OVER
    if shown.range == "under" or shown.net < 0:
        return UNDER
    if not shown.stable:
        return MOVING
    return AT_ZERO if shown.net == 0 else STABLE
