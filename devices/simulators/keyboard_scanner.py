"""A scanner that types, on a socket that stands for its event node (device_protocols 4): 24-byte records."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from devices.protocols.keyboards import LAYOUTS, LayoutName
from devices.simulators.wire import SeqpacketWire

GsMode = Literal["alt", "alt_row", "ctrl", "f8", "down", "control_off", "text", "dropped"]
Suffix = Literal["enter", "keypad_enter", "tab", "none"]
KeyboardFault = Literal[
    "split",  # every record is its own read
    "joined",  # a code is held back and is read together with the next one
    "merged",  # a code is held back, loses its end key and is read together with the next one
    "drip",  # twenty milliseconds pass between two keys
    "repeats",  # every key is held so long that it repeats
    "dropped",  # the system says in the middle of a code that it lost records, and they are lost
    "lost_shift",  # the last release of Shift never comes
    "missing",  # the key in the middle of a code never comes
    "doubled",  # the key in the middle of a code comes twice
    "stalled",  # the code stops in its middle for a third of a second
    "silent",  # nothing is sent
    "cut",  # half a code is sent, then the plug is pulled
]

GS = 0x1D
DRIP_S, STALL_S = 0.02, 0.3
_RECORD = struct.Struct("<qqHHi")
_SYN, _KEY, _MSC = 0, 1, 4
_SYN_DROPPED, _MSC_SCAN = 3, 4
_SHIFT, _CTRL, _ALT, _ALTGR = 42, 29, 56, 100
_KEYPAD_0_2_9, _ROW_0_2_9 = (82, 80, 73), (11, 3, 10)
_SUFFIX: Final[dict[Suffix, int]] = {"enter": 28, "keypad_enter": 96, "tab": 15}
_CONTROLS = {0x09: 15, 0x0D: 28}


@dataclass(frozen=True)
class KeyboardScannerMenu:
    """How the scanner is programmed; `gs_text` is typed for GS in the mode `text`."""

    layout: LayoutName = "us"
    suffix: Suffix = "enter"
    prefix: str = ""
    gs: GsMode = "alt"
    gs_text: str = "|"
    swap_case: bool = False
    encoding: Literal["utf-8", "latin-1"] = "utf-8"


class Untypable(ValueError):  # noqa: N818 -- says what is wrong
    """A code with a character that the layout cannot type."""


class KeyboardScannerSimulator:
    """`path` is the node; `more` are further nodes of the same device, such as that of its volume keys."""

    def __init__(self, path: Path, menu: KeyboardScannerMenu | None = None, more: tuple[Path, ...] = ()) -> None:
        self.menu = menu or KeyboardScannerMenu()
        self._wire = SeqpacketWire(_deaf, path)
        self._more = [(each, SeqpacketWire(_deaf, each)) for each in more]
        self._turn = asyncio.Lock()
        self._held = b""
        self.fault: KeyboardFault | None = None
        self.plugged = False
        self.last = b""

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return self._wire.address

    @property
    def more_nodes(self) -> list[str]:
        """The paths of its further nodes."""
        return [str(path) for path, _ in self._more]

    async def start(self) -> None:
        """Plug it in."""
        await self.replug()

    async def stop(self) -> None:
        """Take it away for good."""
        await self.unplug()

    async def unplug(self) -> None:
        """Pull the plug, in the middle of a code if there is one."""
        self.plugged = False
        for wire in (self._wire, *(wire for _, wire in self._more)):
            await wire.unplug()

    async def replug(self) -> None:
        """Plug it in."""
        for wire in (self._wire, *(wire for _, wire in self._more)):
            await wire.plug()
        self.plugged = True

    def set_fault(self, fault: KeyboardFault | None) -> None:
        """Break the scanner in one way, or mend it."""
        self.fault = fault

    async def scan(self, code: bytes) -> None:
        """Pull the trigger on `code`, which may start with an AIM identifier. Raises Untypable."""
        self.last = code
        async with self._turn:
            await self._send(keystrokes(code, self.menu))

    async def press_elsewhere(self, code: int, node: int = 0) -> None:
        """Press a key, say of the volume, at one of the further nodes."""
        self._more[node][1].write(as_records([(code, 1), (code, 0)]))

    async def _send(self, keys: list[Key]) -> None:
        middle = len(keys) // 2
        match self.fault:
            case "silent":
                pass
            case "joined" | "merged" if not self._held:
                self._held = as_records(keys if self.fault == "joined" else keys[:-2])
            case "dropped":
                lost = _record(_SYN, _SYN_DROPPED, 0) + _record(_SYN, 0, 0)
                self._wire.write(as_records(keys[: middle - 2]) + lost + as_records(keys[middle + 2 :]))
            case "cut":
                self._wire.write(as_records(keys[:middle]))
                await self.unplug()
            case "stalled":
                self._wire.write(as_records(keys[:middle]))
                await asyncio.sleep(STALL_S)
                self._wire.write(as_records(keys[middle:]))
            case "split" | "drip":
                await self._slowly(keys)
            case _:
                self._wire.write(self._held + as_records(_altered(keys, self.fault)))
                self._held = b""

    async def _slowly(self, keys: list[Key]) -> None:
        for key in keys:
            records = as_records([key])
            for at in range(0, len(records), _RECORD.size):
                self._wire.write(records[at : at + _RECORD.size])
                await asyncio.sleep(0)
            if self.fault == "drip":
                await asyncio.sleep(DRIP_S)


Key = tuple[int, int]
"""A key code and 1 for down, 0 for up, 2 for a repeat."""


def keystrokes(code: bytes, menu: KeyboardScannerMenu) -> list[Key]:
    """The keys that a scanner of this menu presses for a code, its end included. Raises Untypable."""
    keys: list[Key] = []
    for character in menu.prefix + code.decode(menu.encoding):
        if ord(character) == GS:
            keys += _gs(menu)
        elif ord(character) in _CONTROLS:
            keys += _tap(_CONTROLS[ord(character)])
        else:
            keys += _typed(character.swapcase() if menu.swap_case else character, menu.layout)
    return keys if menu.suffix == "none" else keys + _tap(_SUFFIX[menu.suffix])


def as_records(keys: list[Key]) -> bytes:
    """The keys as the kernel says them, one record after the other."""
    return b"".join(_as_the_kernel_says(keys))


def _gs(menu: KeyboardScannerMenu) -> list[Key]:
    match menu.gs:
        case "alt" | "alt_row":
            digits = _KEYPAD_0_2_9 if menu.gs == "alt" else _ROW_0_2_9
            return _with(_ALT, [key for digit in digits for key in _tap(digit)])
        case "ctrl":
            return _with(_CTRL, _tap(27))
        case "control_off":
            return _tap(_CTRL)
        case "f8":
            return _tap(66)
        case "down":
            return _tap(108)
        case "text":
            return [key for character in menu.gs_text for key in _typed(character, menu.layout)]
        case "dropped":
            return []


def _typed(character: str, layout: LayoutName) -> list[Key]:
    strokes = LAYOUTS[layout].strokes(character)
    if strokes is None:
        raise Untypable(f"{character!r} is on no key of the layout '{layout}'")
    keys: list[Key] = []
    for stroke in strokes:
        tap = _tap(stroke.code)
        tap = _with(_ALTGR, tap) if stroke.altgr else tap
        keys += _with(_SHIFT, tap) if stroke.shift else tap
    return keys


def _tap(code: int) -> list[Key]:
    return [(code, 1), (code, 0)]


def _with(code: int, keys: list[Key]) -> list[Key]:
    return [(code, 1), *keys, (code, 0)]


def _altered(keys: list[Key], fault: KeyboardFault | None) -> list[Key]:
    at = _middle_character(keys)
    match fault:
        case "missing":
            return keys[:at] + keys[at + 2 :]
        case "doubled":
            return keys[: at + 2] + keys[at:]
        case "lost_shift":
            last = max((place for place, key in enumerate(keys) if key == (_SHIFT, 0)), default=len(keys))
            return keys[:last] + keys[last + 1 :]
        case "repeats":
            return [each for key in keys for each in (key, (key[0], 2))[: 1 + key[1]]]
        case _:
            return keys


def _middle_character(keys: list[Key]) -> int:
    """Where in the middle of a code a key goes down that types."""
    held = {_SHIFT, _CTRL, _ALT, _ALTGR}
    return next(at for at in range(len(keys) // 2 - 2, len(keys)) if keys[at][1] == 1 and keys[at][0] not in held)


def _as_the_kernel_says(keys: list[Key]) -> Iterator[bytes]:
    """Each key with the scan code before and the report after it (device_protocols 4.1)."""
    for code, value in keys:
        if value != 2:  # noqa: PLR2004 -- a repeat is made by the kernel, not by the device
            yield _record(_MSC, _MSC_SCAN, 0x70000 + code)
        yield _record(_KEY, code, value)
        yield _record(_SYN, 0, 0)


def _record(kind: int, code: int, value: int, clock: Callable[[], float] = time.monotonic) -> bytes:
    seconds, rest = divmod(clock(), 1)
    return _RECORD.pack(int(seconds), int(rest * 1_000_000), kind, code, value)


def _deaf(_: bytes) -> None:
    """Nothing is said to such a scanner."""
