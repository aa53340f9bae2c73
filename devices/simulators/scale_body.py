"""What every simulated scale has under its cover: a load that takes time to settle, zero, tare, range and display."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from devices.readings import UNIT_MG, Unit


@dataclass(frozen=True, slots=True)
class Shown:
    """What the display shows at one moment; weights are milligrams, not yet in steps of the resolution."""

    net_mg: int
    tare_mg: int
    stable: bool
    range: Literal["ok", "over", "under"]
    fault: bool
    """An internal fault: whatever number is shown is no weight."""
    unit: Unit
    resolution: Decimal
    """One step, in `unit`."""

    @property
    def net(self) -> Decimal:
        """The net weight in `unit`, in whole steps."""
        return self.in_steps(self.net_mg)

    @property
    def tare(self) -> Decimal:
        """The tare in `unit`, in whole steps."""
        return self.in_steps(self.tare_mg)

    @property
    def at_zero(self) -> bool:
        """Whether the whole load is nothing."""
        return self.net_mg + self.tare_mg == 0

    def in_steps(self, weight_mg: int) -> Decimal:
        """Milligrams in `unit`, in whole steps of the resolution and with its decimals."""
        steps = int((Decimal(weight_mg) / UNIT_MG[self.unit] / self.resolution).to_integral_value())
        return (steps * self.resolution).quantize(self.resolution)


class ScaleBody:
    """Resolution and capacity are Decimals in `unit`: a 6,000 kg floor scale is ("kg", "0.5", "6000")."""

    def __init__(
        self,
        *,
        unit: Unit = "kg",
        resolution: Decimal = Decimal("0.001"),
        capacity: Decimal = Decimal(30),
        settle_s: float = 0.4,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.unit, self.resolution, self.capacity = unit, resolution, capacity
        self._settle_s, self._clock = settle_s, clock
        self.settled_at = 0.0
        self._before_mg = 0
        self.load_mg = 0
        self.tare_mg = 0
        self.zero_mg = 0

    @property
    def stable(self) -> bool:
        """The load has come to rest."""
        return self._clock() >= self.settled_at

    def moves_for_s(self) -> float:
        """So long until it comes to rest; 0 or less when it has."""
        return self.settled_at - self._clock()

    def put_load_mg(self, load_mg: int) -> None:
        """Put so much on the empty pan (0 clears it); it moves for a while. Negative lifts the pan."""
        self._before_mg, self.load_mg = self.load_mg, load_mg
        self.settled_at = self._clock() + self._settle_s

    def felt_mg(self) -> int:
        """What the cell feels: half way while the load is still moving."""
        return self.load_mg if self.stable else (self._before_mg + self.load_mg) // 2

    def set_zero(self) -> None:
        """What lies on it now is zero, and the tare is cleared."""
        self.zero_mg, self.tare_mg = self.felt_mg(), 0

    def set_tare(self) -> None:
        """What lies on it now is tare."""
        self.tare_mg = self.felt_mg() - self.zero_mg

    def restart(self) -> None:
        """Off and on: zero and tare are forgotten."""
        self.tare_mg = self.zero_mg = 0

    def range(self) -> Literal["ok", "over", "under"]:
        """Whether the load is within the capacity, either way."""
        capacity_mg = int(self.capacity * UNIT_MG[self.unit])
        load_mg = self.felt_mg()
        if load_mg > capacity_mg:
            return "over"
        return "under" if load_mg < -capacity_mg else "ok"

    def shown(self, fault: str | None = None) -> Shown:
        """What the display shows; `fault` may be over, under or error."""
        forced: dict[str | None, Literal["over", "under"]] = {"over": "over", "under": "under"}
        return Shown(
            self.felt_mg() - self.zero_mg - self.tare_mg,
            self.tare_mg,
            self.stable,
            forced.get(fault) or self.range(),
            fault == "error",
            self.unit,
            self.resolution,
        )
