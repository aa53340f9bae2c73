"""Does a label fit what is in the printer? Asked before anything is sent."""

from __future__ import annotations

from typing import Protocol

from agent.labels.proof import NotNow
from devices.driver import Printer

SAME_STOCK = 0.02
"""Dots rounded from another density differ by less."""
MEASURED = 0.15
GAP_DOTS = 48
"""A printer measures a label with its gap, 2 to 6 mm: 48 dots at 203 dpi."""


class Sized(Protocol):
    """A label of a name and a size in dots."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def width_dots(self) -> int:
        """Across the roll."""

    @property
    def height_dots(self) -> int:
        """Along the roll."""


def wrong_roll(template: Sized, printer: Printer, measured_dots: int, says_dpi: int | None) -> NotNow | None:
    """Why this label must not go to this printer, None when it may. All sizes in dots.

    `measured_dots` is the label length of `~HS`, 0 where the printer gives none; `says_dpi` is what it answered to
    `~HI`, None without an answer (device_protocols 8.4, 9.1, 9.3).
    """
    name = printer.name
    if says_dpi is not None and says_dpi != printer.dpi:
        return NotNow(
            f"The printer '{name}' says that it has {says_dpi} dpi, and edge.toml says {printer.dpi}.",
            f"Correct devices.{name}.dpi; labels would come out in the wrong size and not scan.",
        )
    if printer.stock is None:
        return None
    width, length = printer.stock
    if not (_near(template.width_dots, width, SAME_STOCK) and _near(template.height_dots, length, SAME_STOCK)):
        return NotNow(
            f"The label {template.name} is for labels of {template.width_dots}x{template.height_dots} dots, and "
            f"'{name}' holds {printer.stock}.",
            f"Load the right roll and say so in devices.{name}.stock, or use another printer.",
        )
    if measured_dots and not _near(measured_dots, length, MEASURED, GAP_DOTS):
        return NotNow(
            f"The printer '{name}' measures labels of {measured_dots} dots, and edge.toml says that its roll has "
            f"{length}: a wrong roll is loaded.",
            f"Load the right roll and calibrate the printer, or correct devices.{name}.stock.",
        )
    return None


def _near(dots: int, wanted: int, share: float, at_least: int = 8) -> bool:
    return abs(dots - wanted) <= max(wanted * share, at_least)
