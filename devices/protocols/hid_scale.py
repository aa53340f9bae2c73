"""USB HID scales: the weighing devices of usage page 8Dh (device_protocols 3).

A data report is 6 bytes: report id, status, unit, exponent (signed), magnitude (16 bits, unsigned, low byte first).
There is no sign: "under zero" is a status, and the magnitude behind it is no weight. The status decides, then the
number.
"""

from __future__ import annotations

import struct
from decimal import Decimal

from devices.protocols.scale import Frame, ScaleValue, Told
from devices.readings import BadFrame, Range, Weight

REPORT = struct.Struct("<BBBbH")
REPORT_IDS = (3, 4)

FAULT, AT_ZERO, MOVING, STABLE, UNDER, OVER, TO_CALIBRATE, TO_ZERO = range(1, 9)

UNITS = {
    1: "mg",
    2: "g",
    3: "kg",
    4: "ct",
    5: "tael",
    6: "gr",
    7: "dwt",
    8: "t",
    9: "short ton",
    10: "ozt",
    11: "oz",
    12: "lb",
}
MOST_DECIMALS = 9

_FAULTS = {
    FAULT: "the scale reports a fault: switch it off and on, else have it serviced",
    TO_CALIBRATE: "the scale must be calibrated",
    TO_ZERO: "the scale must be set to zero: empty it and press its zero key",
}
_RANGES: dict[int, Range] = {UNDER: "under", OVER: "over"}


class HidScale:
    """Reports in, values out. It keeps nothing: one read of a hidraw node is one whole report."""

    def __init__(self, device: str) -> None:
        self._device = device

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """What one report, read at `t_mono` seconds, says."""
        frame = Frame(self._device, data, t_mono)
        if len(data) != REPORT.size:
            return [frame.bad(f"a report of {len(data)} bytes: a weight has {REPORT.size}")]
        report_id, status, unit, exponent, magnitude = REPORT.unpack(data)
        if report_id not in REPORT_IDS:
            return [frame.bad(f"report {report_id} is no weight")]
        if status in _FAULTS:
            return [frame.nothing(fault=_FAULTS[status])]
        if status in _RANGES:
            return [frame.nothing(range_=_RANGES[status], zero="not_zero")]
        weight = _weight(frame, status, unit, exponent, magnitude)
        # The one sign that a command to zero was obeyed: many models ignore it (device_protocols 3.1).
        return [weight, Told("zero")] if status == AT_ZERO and isinstance(weight, Weight) else [weight]


def _weight(frame: Frame, status: int, unit: int, exponent: int, magnitude: int) -> Weight | BadFrame:
    if status not in (AT_ZERO, MOVING, STABLE):
        return frame.bad(f"the status {status} is not in the book")
    if unit not in UNITS:
        return frame.bad(f"the unit {unit} is not in the book")
    if abs(exponent) > MOST_DECIMALS:
        return frame.bad(f"no scale weighs in steps of 10 to the {exponent}")
    if status == AT_ZERO and magnitude != 0:
        return frame.bad("it says that it is at zero, and a weight")
    value = Decimal(magnitude * 10 ** max(0, exponent)).scaleb(min(0, exponent))
    return frame.number(
        value,
        UNITS[unit],
        stability="unstable" if status == MOVING else "stable",
        zero="at_zero" if status == AT_ZERO else "unknown" if status == MOVING else "not_zero",
    )
