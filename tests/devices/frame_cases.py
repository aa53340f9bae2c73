"""What the tests of each scale protocol say about it, so that the rules for all protocols can be tried on it too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from devices.protocols.scale import ScaleValue
from devices.readings import BadFrame, Mode, Range, Stability, Unit, Weight, Zero
from devices.simulators.scale import Speech
from tests.devices.support import T, recording


@dataclass(frozen=True)
class Cases:
    """One protocol: a fresh decoder, its recorded frames and what each of them means."""

    decoder: Callable[[], Any]
    frames: dict[str, bytes]
    meanings: dict[str, list[ScaleValue]]
    section: str
    """Of the shared reference."""
    held: Callable[[Any], int]
    """How many bytes the decoder holds back."""
    most_held: int
    speech: Speech | None = None
    """How the simulator puts the same protocol into bytes."""
    sees_lost_bytes: bool = True


@dataclass(frozen=True)
class Recorded:
    """The frames of one recording, and the readings that come of them."""

    frames: dict[str, bytes]
    end: bytes = b"\r\n"

    @classmethod
    def of(cls, name: str, end: bytes = b"\r\n") -> Recorded:
        return cls(recording(name), end)

    def number(
        self,
        what: str,
        value: str,
        unit: Unit,
        stability: Stability = "stable",
        mode: Mode = "unknown",
        zero: Zero = "unknown",
    ) -> list[ScaleValue]:
        raw = self.frames[what].removesuffix(self.end)
        return [Weight("bench", Decimal(value), unit, unit, mode, stability, "ok", zero, None, raw, T)]

    def nothing(
        self,
        what: str,
        fault: str | None = None,
        range_: Range = "unknown",
        stability: Stability = "unknown",
        mode: Mode = "unknown",
        raw_unit: str = "",
    ) -> list[ScaleValue]:
        raw = self.frames[what].removesuffix(self.end)
        return [Weight("bench", None, None, raw_unit, mode, stability, range_, "unknown", fault, raw, T)]

    def bad(self, what: str, why: str) -> list[ScaleValue]:
        return [BadFrame("bench", self.frames[what].removesuffix(self.end), why, T)]


def after(decoder: Any, *seen: bytes) -> Any:
    """The decoder, after it has seen these frames."""
    for frame in seen:
        decoder.feed(frame, T)
    return decoder
