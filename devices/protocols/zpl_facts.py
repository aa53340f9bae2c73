r"""What a ZPL printer tells about itself: identity, memory, counters, serial number (device_protocols 9.2 to 9.4).

Each is one text between STX and ETX; `~HQ` answers are lines of it. SGD values are quoted texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# 11.8 and 23.6 dots are what some call 12 and 24 (device_protocols 8.4).
DPI: Final = {b"6": 152, b"8": 203, b"12": 300, b"11.8": 300, b"24": 600, b"23.6": 600}

_IDENTITY = re.compile(
    rb"(?P<model>[^,]{1,80}),(?P<firmware>[^,]{1,40}),(?P<dots_per_mm>6|8|12|11\.8|24|23\.6),(?P<rest>.{0,200})",
    re.DOTALL,
)
_KILOBYTES = re.compile(rb"\s*(\d{1,9})\s*KB?", re.IGNORECASE)
_MEMORY = re.compile(rb"(\d{1,9}),(\d{1,9}),(\d{1,9})")
_METER = re.compile(rb"^\s*([A-Z][A-Z0-9 ]{1,40}?)\s*:\s+(\d{1,12})\s*(\"|cm)\s*$", re.MULTILINE)
_SERIAL = re.compile(rb"\s*SERIAL NUMBER\s+([!-~]{1,40})\s*")
_COUNTER = re.compile(r"\d{1,18}", re.ASCII)
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class SgdValue:
    """One `getvar` answer without its quotes; "?" where the printer does not know the name."""

    text: str

    @property
    def number(self) -> int | None:
        """The value of a counter; None where this printer has none."""
        return int(self.text) if _COUNTER.fullmatch(self.text) else None

    @property
    def name(self) -> str | None:
        """The value as a serial number; None where it is none."""
        text = self.text.strip()
        return text if re.fullmatch(r"[!-~]+", text) and text != "?" and len(text) <= _LONGEST_NAME else None


@dataclass(frozen=True, slots=True)
class PrinterIdentity:
    """What `~HI` says: the print head in dots per inch, the memory in kilobytes (None where it is not said)."""

    dpi: int
    model: str = ""
    firmware: str = ""
    memory_kb: int | None = None


@dataclass(frozen=True, slots=True)
class PrinterMemory:
    """What `~HM` says, in kilobytes: all there is, the most that is for the user, and what is free now."""

    total_kb: int
    most_kb: int
    free_kb: int


@dataclass(frozen=True, slots=True)
class Odometer:
    """What `~HQOD` says: how much was printed, by the name of each meter, in the unit the printer is set to."""

    unit: str
    """Either "inch" or "cm"."""
    meters: dict[str, int]


@dataclass(frozen=True, slots=True)
class SerialNumber:
    """What `~HQSN` says."""

    text: str


Fact = PrinterIdentity | PrinterMemory | Odometer | SerialNumber


def fact_in(text: bytes) -> Fact | None:
    """What is between one STX and its ETX; None when it is none of these."""
    if found := _SERIAL.fullmatch(text):
        return SerialNumber(found[1].decode("ascii"))
    if found := _MEMORY.fullmatch(text):
        return PrinterMemory(*map(int, found.groups()))
    if found := _IDENTITY.fullmatch(text):
        return _identity(found)
    meters = _METER.findall(text.replace(b"\r", b""))
    units = {unit for _, _, unit in meters}
    if len(units) != 1:  # none, or a text that is torn from two answers
        return None
    return Odometer("cm" if b"cm" in units else "inch", {name.decode("ascii"): int(n) for name, n, _ in meters})


def _identity(found: re.Match[bytes]) -> PrinterIdentity:
    memory = _KILOBYTES.match(found["rest"])
    return PrinterIdentity(
        DPI[found["dots_per_mm"]],
        found["model"].decode("latin-1").strip(),
        found["firmware"].decode("latin-1").strip(),
        int(memory[1]) if memory else None,
    )
