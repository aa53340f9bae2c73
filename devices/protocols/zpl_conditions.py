"""What a ZPL printer says is wrong with it, as bits (device_protocols 9.2), and what each means for a person.

`~HQES` and the SGD value `zpl.system_status` carry the same two words of 32 bits for errors and for warnings. A bit
that no manual tells of is kept as it is, to be logged: it is no reason to fail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

Trouble = tuple[str, str]
"""What is wrong, and what to do, each a sentence."""

_WORDS = rb"%s:\s+[01]\s+([0-9A-Fa-f]{8})\s+([0-9A-Fa-f]{8})(?![0-9A-Fa-f])"
_ERRORS, _WARNINGS = (re.compile(_WORDS % word) for word in (b"ERRORS", b"WARNINGS"))
_SYSTEM = re.compile(r"[01],[01],([0-9A-Fa-f]{8}),([0-9A-Fa-f]{8}),[01],([0-9A-Fa-f]{8}),([0-9A-Fa-f]{8})")

# An open head also reports missing labels and ribbon, so it is named first; then what the person at the bench can
# mend, then what needs service. The bits of the KR403 kiosk printer are the ones about presenter and retract.
ERRORS: Final[dict[int, Trouble]] = {
    0x4: ("has its head open", "Close the head."),
    0x1: ("is out of labels", "Load a roll."),
    0x2: ("is out of ribbon", "Load a ribbon."),
    0x8: ("has a fault at its cutter", "Switch it off, clear the cutter of scraps, and switch it on."),
    0x10: ("has a head that is too hot", "Let it cool down; it goes on by itself."),
    0x20: ("has a motor that is too hot", "Let it cool down; it goes on by itself."),
    0x40: ("has a bad element in its print head", "Look for white lines along the label; have the head replaced."),
    0x80: ("does not find its print head", "Switch it off and on; if it says so again, have it serviced."),
    0x100: ("has an invalid firmware configuration", "Switch it off and on; if it says so again, have it serviced."),
    0x200: ("has a broken sensor of the head's heat", "Have it serviced."),
    0x1000: ("has jammed paper in its retract", "Open it and take out the paper."),
    0x2000: ("has a presenter that does not run", "Switch it off and on; if it says so again, have it serviced."),
    0x4000: ("does not feed its paper", "Open it, take out the paper and lay it in anew."),
    0x8000: ("could not clear its paper path", "Open it and take out the paper."),
    0x20000: ("took too long to retract the paper", "Open it and take out the paper."),
    0x40000: ("has to learn its black marks", "Calibrate it (its page says how)."),
    0x80000: (
        "does not find the black marks",
        "Load paper with marks, or set the printer to labels with gaps.",
    ),
    0x10000: ("is paused", "Press its pause key."),
}
WARNINGS: Final[dict[int, str]] = {
    0x1: "Its labels have to be calibrated: hold the feed key until its lamp blinks twice.",
    0x2: "Its print head has to be cleaned: wipe it with alcohol at the next change of roll.",
    0x4: "Its print head is worn: have it replaced soon.",
    0x8: "Its paper is near the end: have a roll at hand.",
}
"""What a person should know although it prints."""

SENSORS = 0x10 | 0x20 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800
"""Warning bits that only say where the paper is."""

PRINTS_ON = 0x40
"""Errors with which it prints all the same: a dot of the head that is burnt out."""


@dataclass(frozen=True, slots=True)
class PrinterConditions:
    """The first groups of errors and warnings as bits; whatever the second groups hold is in `unknown`."""

    errors: int
    warnings: int
    unknown: tuple[str, ...] = ()
    """Bits without a meaning, in words for the log, such as "warning 00002000"."""

    @property
    def trouble(self) -> Trouble | None:
        """The fault to mend first; None when nothing is wrong."""
        return _first(self.errors)

    @property
    def hindrance(self) -> Trouble | None:
        """The same, but only what keeps a label from being printed."""
        return _first(self.errors & ~PRINTS_ON)

    @property
    def note(self) -> str:
        """What to see to although it prints; empty when there is nothing."""
        return " ".join(sentence for bit, sentence in WARNINGS.items() if self.warnings & bit)


def _first(errors: int) -> Trouble | None:
    for bit, (what, fix) in ERRORS.items():
        if errors & bit:
            return f"The label printer {what}.", fix
    return None


def conditions_in(answer: bytes) -> PrinterConditions | None:
    """What an answer to `~HQES` says; None when it is none."""
    errors, warnings = _ERRORS.search(answer), _WARNINGS.search(answer)
    if errors is None or warnings is None:
        return None
    return _conditions(*(int(group, 16) for group in (*errors.groups(), *warnings.groups())))


def conditions_of(system_status: str) -> PrinterConditions | None:
    """What the value of `zpl.system_status` says (device_protocols 9.4); None when it is no such value."""
    found = _SYSTEM.fullmatch(system_status)
    return None if found is None else _conditions(*(int(group, 16) for group in found.groups()))


def _conditions(error_2: int, error_1: int, warning_2: int, warning_1: int) -> PrinterConditions:
    """The bits decide, and not the flag before them: a fault that is shown does less harm than one that is not."""
    unknown = (
        ("error", error_1 & ~sum(ERRORS)),
        ("error of group 2", error_2),
        ("warning", warning_1 & ~(sum(WARNINGS) | SENSORS)),
        ("warning of group 2", warning_2),
    )
    return PrinterConditions(error_1, warning_1, tuple(f"{what} {bits:08X}" for what, bits in unknown if bits))
