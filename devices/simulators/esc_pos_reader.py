"""Reads ESC/POS as a printer does: bytes in, commands out, and what is no command is named. Pure.

Written from the command tables (device_protocols 11), not from what the agent sends: it is there to judge that.
"""

from __future__ import annotations

from typing import NamedTuple

_ESC, _GS, _DLE, _LF = 0x1B, 0x1D, 0x10, 0x0A

_ARGUMENTS = {
    (_ESC, "@"): 0,
    (_ESC, "2"): 0,
    **{(_ESC, letter): 1 for letter in "!EGMRTVadtJ{-3"},
    (_ESC, "p"): 3,
    **{(_GS, letter): 1 for letter in "!BHabfhrwI"},
}
"""How many bytes follow a command of two bytes."""
_FEEDS_AND_CUTS = range(0x41, 0x45)  # GS V 65 to 68 take one more byte: how far to feed first
CODE128 = 73

_PAGES = {0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 15: "iso8859-7"} | {
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    39: "iso8859-2",
    40: "iso8859-15",
    45: "cp1250",
    46: "cp1251",
}


class Command(NamedTuple):
    """One command: its name such as `ESC t`, `text`, `LF` or `unknown`, its arguments, and all its bytes."""

    name: str
    arguments: bytes
    raw: bytes


class RealTimeCommand(NamedTuple):
    """`DLE EOT n`, `DLE ENQ n` or `DLE DC4 …`, which a printer obeys the moment it arrives."""

    name: str
    arguments: bytes


_REAL_TIME = {0x04: ("DLE EOT", 1), 0x05: ("DLE ENQ", 1), 0x14: ("DLE DC4", 3)}


def split_real_time(data: bytes) -> tuple[list[RealTimeCommand], bytes, bytes]:
    """Real-time commands, the rest in its order, and what may be the beginning of another one.

    A printer looks for them in every byte that arrives, also inside an image (11.1).
    """
    found: list[RealTimeCommand] = []
    rest = bytearray()
    at = 0
    while at < len(data):
        if data[at] != _DLE:
            rest.append(data[at])
            at += 1
            continue
        if at + 1 == len(data):
            return found, bytes(rest), data[at:]
        name, arguments = _REAL_TIME.get(data[at + 1], ("", 0))
        if not name:
            rest.append(data[at])
            at += 1
            continue
        if len(data) < at + 2 + arguments:
            return found, bytes(rest), data[at:]
        found.append(RealTimeCommand(name, data[at + 2 : at + 2 + arguments]))
        at += 2 + arguments
    return found, bytes(rest), b""


def read_commands(data: bytes) -> tuple[list[Command], bytes]:
    """The whole commands at the front of `data`, and the rest, which is the beginning of one."""
    commands: list[Command] = []
    at = 0
    while at < len(data):
        command = _first(data[at:])
        if command is None:
            break
        commands.append(command)
        at += len(command.raw)
    return commands, data[at:]


def decoded(text: bytes, page: int) -> str:
    """The characters that a printer with this code page selected prints."""
    return text.decode(_PAGES.get(page, "latin-1"), "replace")


def _first(data: bytes) -> Command | None:
    if data[0] == _LF:
        return Command("LF", b"", data[:1])
    if data[0] >= 0x20:  # noqa: PLR2004 -- the first printable character
        length = next((at for at, byte in enumerate(data) if byte < 0x20), len(data))  # noqa: PLR2004
        return Command("text", data[:length], data[:length])
    if data[0] not in {_ESC, _GS}:
        return Command("unknown", b"", data[:1])
    if len(data) == 1:
        return None
    letter = chr(data[1])
    if data[0] == _GS and letter in "Vk(":
        return {"V": _cut, "k": _barcode, "(": _long}[letter](data)
    arguments = _ARGUMENTS.get((data[0], letter))
    if arguments is None:
        return Command("unknown", b"", data[:2])
    return _of(data, 2, arguments)


def _of(data: bytes, head: int, arguments: int) -> Command | None:
    if len(data) < head + arguments:
        return None
    prefix = "ESC" if data[0] == _ESC else "GS"
    return Command(f"{prefix} {chr(data[1])}", data[head : head + arguments], data[: head + arguments])


def _cut(data: bytes) -> Command | None:
    longer = len(data) > 2 and data[2] in _FEEDS_AND_CUTS  # noqa: PLR2004 -- the place of m
    return _of(data, 2, 2 if longer else 1)


def _barcode(data: bytes) -> Command | None:
    """`GS k m n data` for m from 65 on; the older `GS k m data 00` below."""
    if len(data) < 4:  # noqa: PLR2004 -- GS k m n
        return None
    if data[2] < 65:  # noqa: PLR2004 -- function A ends with 00
        end = data.find(0, 3)
        return None if end < 0 else _of(data, 2, end - 1)
    return _of(data, 2, 2 + data[3])


def _long(data: bytes) -> Command | None:
    """`GS ( X pL pH …`."""
    if len(data) < 5:  # noqa: PLR2004 -- GS ( X pL pH
        return None
    return _of(data, 2, 3 + data[3] + 256 * data[4])
