"""What the protocols of all scales have in common: what a decoder may say, and the units they write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from devices.driver import ScaleCommand
from devices.readings import UNIT_MG, BadFrame, Mode, Range, Stability, Unit, Weight, Zero


@dataclass(frozen=True, slots=True)
class Restarted:
    """The scale began anew, by itself or because it was told to: pending commands are gone, the tare may be."""

    raw: bytes
    t_mono: float


@dataclass(frozen=True, slots=True)
class Told:
    """What a scale says to a command: it is done (`why` is None), or why not, in words."""

    command: ScaleCommand | None
    """None where the answer does not say to which command it belongs."""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """The protocol's own next step: these bytes must go out now."""

    data: bytes


ScaleValue = Weight | BadFrame | Restarted | Told | Send


class ScaleDecoder(Protocol):
    """Bytes of one connection in, values out. Made anew for each connection."""

    def feed(self, data: bytes, t_mono: float) -> Sequence[ScaleValue]:
        """The values that `data`, read at `t_mono` seconds, completes."""


_NAMES: dict[str, Unit] = {unit: unit for unit in UNIT_MG} | {"lbs": "lb", "gn": "gr", "tr.oz": "ozt", "car": "ct"}
_NUMBER = re.compile(r"([+-]?) *(\d{1,12}(?:\.\d{1,9})?|\.\d{1,9})")


def unit_of(text: str) -> Unit | None:
    """The unit that a scale writes so, in any case; None for one without a single meaning (tael, pieces)."""
    return _NAMES.get(text.strip().lower())


def number_of(text: str) -> Decimal | None:
    """The number in a field, blanks around it and after its sign allowed; None when it holds anything else."""
    match = _NUMBER.fullmatch(text.strip(" "))
    return None if match is None else Decimal(match[1] + match[2])


def hindrance(weight: Weight) -> str | None:
    """Why a command was not carried out, as far as the reading that answers it tells."""
    if weight.fault is None and weight.stability == "unstable":
        return "something moves on it"
    return weight.fault or _OUT_OF_RANGE.get(weight.range)


_OUT_OF_RANGE: dict[Range, str] = {"over": "the load is over its range", "under": "the load is under its range"}


class Width:
    """Whether fields are as wide as before, where a protocol leaves the widths open: a lost byte makes one narrower.

    The first widths are taken as they come; others are believed when they come a second time.
    """

    def __init__(self) -> None:
        self._known: tuple[int, ...] | None = None
        self._other: tuple[int, ...] | None = None

    def fits(self, *widths: int) -> bool:
        """Whether fields of so many characters may be read."""
        believed = self._known is None or widths in (self._known, self._other)
        self._known, self._other = (widths, None) if believed else (self._known, widths)
        return believed


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame that is being read: what every weight made from it has in common."""

    device: str
    raw: bytes
    t_mono: float

    def weight(
        self,
        text: str,
        raw_unit: str,
        *,
        stability: Stability,
        mode: Mode = "unknown",
        range_: Range = "ok",
        zero: Zero = "unknown",
    ) -> Weight | BadFrame:
        """The weight whose field is `text`: a number, or a bad frame; a unit that we do not convert is a fault."""
        value = number_of(text)
        if value is None:
            return self.bad(f"the weight field holds no weight: {text!r}")
        return self.number(value, raw_unit, stability=stability, mode=mode, range_=range_, zero=zero)

    def number(
        self,
        value: Decimal,
        raw_unit: str,
        *,
        stability: Stability,
        mode: Mode = "unknown",
        range_: Range = "ok",
        zero: Zero = "unknown",
    ) -> Weight:
        """A weight with a number; a unit that we do not convert makes it a fault."""
        unit = unit_of(raw_unit)
        if unit is None:
            return self.nothing(fault=f"the scale weighs in the unit {raw_unit.strip()!r}", raw_unit=raw_unit)
        return Weight(
            self.device, value, unit, raw_unit.strip(), mode, stability, range_, zero, None, self.raw, self.t_mono
        )

    def nothing(
        self,
        *,
        fault: str | None = None,
        range_: Range = "unknown",
        stability: Stability = "unknown",
        mode: Mode = "unknown",
        zero: Zero = "unknown",
        raw_unit: str = "",
    ) -> Weight:
        """A reading without a number: over, under, moving, or a fault in words."""
        return Weight(
            self.device, None, None, raw_unit.strip(), mode, stability, range_, zero, fault, self.raw, self.t_mono
        )

    def bad(self, why: str) -> BadFrame:
        """Bytes that are no frame."""
        return BadFrame(self.device, self.raw, why, self.t_mono)
