"""What the calibration sheet says of a scanner on a serial line: its bytes are laid beside what is printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from devices.calibration_sheet import DECISIVE, GS, Fit, Learned, advice, fit
from devices.protocols.line_scanner import TERMINATOR_BYTES

_END = b"[\\x00-\\x1f]{0,2}"
_ALL = len(DECISIVE)
_DEFAULT: Final = (b"\r", b"\n", b"\r\n")
_SEVEN_BITS = 0x7F


def learn_lines(received: Mapping[str, bytes]) -> Learned:
    """The settings of a `serial_scanner` for the bytes that came for each code."""
    found = fit(received, _END)
    settings: dict[str, Any] = {}
    if found.explained < _ALL:
        stripped = {name: bytes(byte & _SEVEN_BITS for byte in data) for name, data in received.items()}
        found = fit(stripped, _END)
        settings = {"bytesize": 7, "parity": _parity(b"".join(received.values()))}
    if found.explained < _ALL:
        return Learned("serial_scanner", understood=False, complete=False, sentences=_not_understood(found))
    problems = advice(found, gs_settable=False)
    if found.case == "swapped":
        problems.append("The scanner sends capitals for small letters. Switch its case conversion off.")
    terminators = [name for name, end in TERMINATOR_BYTES.items() if end == found.end]
    if found.end not in _DEFAULT and terminators:
        settings["terminators"] = terminators
    elif not terminators:
        problems.insert(0, f"The scanner ends a code with {found.end!r}. Set its suffix to CR or CR LF.")
    if found.prefix:
        settings["prefix"] = found.prefix.decode("latin-1")
    notes = []
    if found.gs not in (GS, b"", None):
        settings["gs_text"] = found.gs.decode("latin-1")
        notes.append(f"The scanner sends {settings['gs_text']!r} for GS; no code may hold that text itself.")
    return Learned("serial_scanner", settings, complete=not problems, sentences=(*problems, *notes))


def _parity(data: bytes) -> str:
    """What bit 7 is of, where it is not data."""
    ones = {byte.bit_count() % 2 for byte in data}
    return {frozenset({0}): "even", frozenset({1}): "odd"}.get(frozenset(ones), "none")


def _not_understood(found: Fit) -> tuple[str, ...]:
    only = f"Only {found.explained} of {_ALL} codes can be explained by any setting."
    fix = "Compare baudrate, bytesize and parity with the scanner's menu, or reset it, and scan the sheet again."
    return (f"{only} {fix}",)
