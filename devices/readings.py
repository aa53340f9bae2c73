"""What devices say, in the devices' own frozen types. What it means for the floor is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Literal, NamedTuple

Unit = Literal["mg", "g", "kg", "t", "ct", "lb", "oz", "ozt", "gr", "dwt"]
Mode = Literal["gross", "net", "tare", "unknown"]
Stability = Literal["stable", "unstable", "unknown"]
Range = Literal["ok", "over", "under", "unknown"]
Zero = Literal["at_zero", "not_zero", "unknown"]

UNIT_MG: dict[Unit, Decimal] = {
    "mg": Decimal(1),
    "g": Decimal(1_000),
    "kg": Decimal(1_000_000),
    "t": Decimal(1_000_000_000),
    "ct": Decimal(200),
    "lb": Decimal("453592.37"),
    "oz": Decimal("28349.523125"),
    "ozt": Decimal("31103.4768"),
    "gr": Decimal("64.79891"),
    "dwt": Decimal("1555.17384"),
}
"""Milligrams in one unit, exact (device_protocols 1.1)."""

# A weight field holds 10 characters and a factor at most 12 digits: 60 digits never round before the last step.
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Scan:
    """One code: `data` without the AIM identifier, GS bytes kept; `symbology` such as "]C1", None when not sent.

    `terminated` is False when only a pause ended it, because its scanner sends no end: it may be cut short.
    """

    device: str
    data: bytes
    symbology: str | None
    t_mono: float
    terminated: bool = True


@dataclass(frozen=True, slots=True)
class Weight:
    """One answer of a scale (device_protocols 1.1): a number, or the reason why there is none.

    `value` is None whenever the frame carries no usable number; `fault` is then the device's own error in words,
    or `range` says over or under. `t_mono` is when the last byte of the frame arrived.
    """

    device: str
    value: Decimal | None
    unit: Unit | None
    raw_unit: str
    mode: Mode
    stability: Stability
    range: Range
    zero: Zero
    fault: str | None
    raw: bytes
    t_mono: float

    @property
    def weight_mg(self) -> int | None:
        """Whole milligrams, converted exactly and rounded half-even; None when there is no usable number."""
        if self.value is None or self.unit is None or self.fault is not None or self.range in ("over", "under"):
            return None
        return int(_EXACT.multiply(self.value, UNIT_MG[self.unit]).to_integral_value(ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Bytes that are not a frame of the device's protocol, and `why`. Never a scan and never a weight."""

    device: str
    raw: bytes
    why: str
    t_mono: float


Reading = Scan | Weight | BadFrame


class Stock(NamedTuple):
    """The labels on a roll, in dots of the printer they are in."""

    width_dots: int
    length_dots: int

    def __str__(self) -> str:
        return f"{self.width_dots}x{self.length_dots} dots"


class Alerts(NamedTuple):
    """How many messages of each sort a printer sent by itself since the agent started (device_protocols 9.5)."""

    completed: int = 0
    restarts: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """The host status a ZPL printer returns (device_protocols 9.1); counts are labels, formats or dots."""

    device: str
    paper_out: bool
    paused: bool
    label_length_dots: int
    formats_in_buffer: int
    buffer_full: bool
    diagnostic_mode: bool
    partial_format: bool
    corrupt_ram: bool
    under_temperature: bool
    over_temperature: bool
    head_open: bool
    ribbon_out: bool
    thermal_transfer: bool
    print_mode: str
    label_waiting: bool
    labels_remaining: int
    t_mono: float

    @property
    def ready(self) -> bool:
        """Nothing hinders a label sent now."""
        return self.trouble is None

    @property
    def empty(self) -> bool:
        """No label waits inside: nothing buffered, nothing half received, nothing left to print."""
        return self.formats_in_buffer == 0 and self.labels_remaining == 0 and not self.partial_format

    @property
    def trouble(self) -> tuple[str, str] | None:
        """The fault to mend first, as (what is wrong, what to do); None when ready."""
        for field, what, fix in _TROUBLES:
            if getattr(self, field):
                return f"The label printer {what}.", fix
        return None

    @property
    def interrupts(self) -> bool:
        """A label that was printing now is torn: it is lost or printed again, by `^JZ` (device_protocols 9.5)."""
        return self.paper_out or self.ribbon_out or self.head_open

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, for the person at the bench."""
        return "The label printer is ready." if self.trouble is None else " ".join(self.trouble)


# An open head also reports missing labels and ribbon, so it is named first.
_TROUBLES = (
    ("head_open", "has its head open", "Close the head."),
    ("paper_out", "is out of labels", "Load a roll."),
    ("ribbon_out", "is out of ribbon", "Load a ribbon."),
    ("over_temperature", "is too hot", "Let it cool down; it goes on by itself."),
    ("under_temperature", "is too cold", "Let it warm up; it goes on by itself."),
    ("corrupt_ram", "reports damaged memory", "Switch it off and on; if it says so again, have it serviced."),
    ("diagnostic_mode", "is in diagnostic mode and prints codes as text", "Switch it off and on."),
    ("paused", "is paused", "Press its pause key."),
    ("buffer_full", "has a full memory", "Wait until it has printed what it holds."),
    (
        "partial_format",
        "waits for the rest of an unfinished label",
        "Switch it off and on, then look for torn labels.",
    ),
)


@dataclass(frozen=True, slots=True)
class DeviceState:
    """Whether a device can be used now: one sentence and, while it is away, what to do next."""

    device: str
    state: Literal["ready", "away"]
    sentence: str
    next_step: str
