"""Finds out how a scanner on a serial line is set, from a few scans of a person; nothing is ever sent to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from devices.probe import SPEEDS, Ask, Chunk, Plan, Prompt, Tune, parities_of
from devices.protocols.line_scanner import Terminator
from devices.protocols.parity import Parity, without_parity

WAIT_S = 20.0
"""So long a person may take for one scan."""
LISTEN_S = 0.25
ENOUGH = 6
"""A shorter code may look like text at a wrong speed by chance."""

_TEXT = re.compile(rb"[\x02\t\n\r\x03\x04\x1c-\x7e]+")
_ENDS: tuple[tuple[bytes, Terminator], ...] = (
    (b"\r\n", "crlf"),
    (b"\r", "cr"),
    (b"\n", "lf"),
    (b"\t", "tab"),
    (b"\x03", "etx"),
)
_FRONT = re.compile(rb"([\x00-\x1c\x1e\x1f]*)(\][A-Za-z][0-9A-Za-z])?")


class Scanned(NamedTuple):
    """What one scan shows of a scanner's settings."""

    baudrate: int
    parity: Parity | None
    prefix: bytes
    """Control characters before the code; the line's settings name them as `prefix`."""
    symbology: str | None
    code: bytes
    terminator: Terminator | None

    @property
    def settings(self) -> dict[str, object]:
        """The lines of edge.toml that fit."""
        found: dict[str, object] = {"baudrate": self.baudrate}
        if self.parity is not None:
            found |= {"bytesize": 7, "parity": self.parity}
        if self.terminator is not None:
            found["terminators"] = [self.terminator]
        if self.prefix:
            found["prefix"] = self.prefix.decode("ascii")
        return found


@dataclass(frozen=True, slots=True)
class ScannerFinding:
    """`scanned` is None when no speed made a text of what came; `heard` is all that came, as it came."""

    scanned: Scanned | None
    heard: tuple[bytes, ...]


def investigate_scanner(speeds: Sequence[int] = SPEEDS) -> Plan[ScannerFinding]:
    """The plan: one scan at a time, each heard at the next speed until it reads as text."""
    heard: list[bytes] = []
    for baudrate in speeds:
        yield Tune(baudrate)
        yield Prompt("Scan a code with at least six characters." if not heard else "That was not clear: scan again.")
        came: list[Chunk] = []
        for _ in range(int(WAIT_S / LISTEN_S)):
            more = yield Ask(b"", LISTEN_S)
            if came and not more:
                break
            came += more
        if not came:
            break
        heard.append(b"".join(chunk.data for chunk in came))
        if (scanned := read_scan(heard[-1], baudrate)) is not None:
            return ScannerFinding(scanned, tuple(heard))
    return ScannerFinding(None, tuple(heard))


def read_scan(data: bytes, baudrate: int) -> Scanned | None:
    """What the bytes of one scan show; None when they are no text, with any parity."""
    for parity in parities_of(data):
        text = data if parity is None else without_parity(data, parity)
        if not _TEXT.fullmatch(text):
            continue
        ends = [(end, name) for end, name in _ENDS if text.endswith(end)]
        end, name = ends[0] if ends else (b"", None)
        front = _FRONT.match(text)
        assert front is not None  # it may be empty
        code = text[front.end() : len(text) - len(end)]
        if len(code) >= ENOUGH:
            return Scanned(baudrate, parity, front[1], front[2].decode() if front[2] else None, code, name)
    return None
