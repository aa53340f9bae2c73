"""The frames of one recording, and the readings that come of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from devices.protocols.scale import ScaleValue
from devices.protocols.text_lines import MAX_LINE
from devices.readings import Mode, Range, Stability, Unit, Zero
from tests.devices.scale_rules import ScaleProtocol, nothing, weight
from tests.devices.support import T, recording


@dataclass(frozen=True)
class Recorded:
    """Frames by what they are; `end` is not part of what a reading keeps of them."""

    frames: dict[str, bytes]
    end: bytes = b"\r\n"

    @classmethod
    def of(cls, name: str, end: bytes = b"\r\n") -> Recorded:
        return cls(recording(name), end)

    def raw(self, what: str) -> bytes:
        return self.frames[what].removesuffix(self.end)

    def number(
        self,
        what: str,
        value: str,
        unit: Unit,
        stability: Stability = "stable",
        mode: Mode = "unknown",
        zero: Zero = "unknown",
    ) -> list[ScaleValue]:
        return [weight(self.raw(what), value, unit, mode=mode, stability=stability, zero=zero)]

    def nothing(
        self,
        what: str,
        fault: str | None = None,
        range_: Range = "unknown",
        stability: Stability = "unknown",
        mode: Mode = "unknown",
        raw_unit: str = "",
    ) -> list[ScaleValue]:
        raw = self.raw(what)
        return [nothing(raw, fault, range_=range_, mode=mode, stability=stability, raw_unit=raw_unit)]


def after(decoder: Any, *seen: bytes) -> Any:
    """The decoder, after it has seen these frames."""
    for frame in seen:
        decoder.feed(frame, T)
    return decoder


class TextLineProtocol(ScaleProtocol):
    """A protocol whose lines are cut by devices.protocols.text_lines."""

    end: ClassVar[bytes] = b"\r\n"
    most_held: ClassVar[int] = MAX_LINE + 1

    def held(self, decoder: Any) -> int:
        return len(decoder._lines._lines._pending)
