"""The flight recorder: the last bytes on every wire with their times, kept in memory until somebody wants them.

A recording is a text file, one line each: seconds since its start, direction, bytes in hex, and a note where one
was made. The same file can be played to a driver again (`replayed` in tests, `edge-agent devices replay`).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, NoReturn

from devices.driver import Clock, Tap
from devices.transports import Transport

Direction = Literal["in", "out", "note"]

MAX_ENTRIES = 2_000
"""Per device: a scale that sends ten frames a second is kept for three minutes."""
MAX_ENTRY_BYTES = 4_096
"""More of one read or write is cut: a label of a megabyte need not be kept to see what went wrong."""

_SIGNS: dict[Direction, str] = {"in": "<", "out": ">", "note": "#"}
_DIRECTIONS: dict[str, Direction] = {sign: direction for direction, sign in _SIGNS.items()}
_LINE = re.compile(r"(\d+\.\d{6}) ([<>#]) (.*)")


class Entry(NamedTuple):
    """What was on one wire at one moment; a note is text as UTF-8."""

    t_mono: float
    direction: Direction
    data: bytes


class Recorder:
    """Keeps the newest entries of each device."""

    def __init__(self) -> None:
        self._tapes: dict[str, deque[Entry]] = {}

    def tap(self, device: str, direction: Direction, data: bytes, t_mono: float) -> None:
        """Keep what was on a wire; the oldest goes when there is too much."""
        tape = self._tapes.setdefault(device, deque(maxlen=MAX_ENTRIES))
        tape.append(Entry(t_mono, direction, data[:MAX_ENTRY_BYTES]))

    def entries(self, device: str) -> list[Entry]:
        """What was kept of a device, the oldest first."""
        return list(self._tapes.get(device, ()))


class TapedTransport:
    """A transport that tells the recorder what goes through it."""

    def __init__(self, device: str, transport: Transport, tap: Tap, clock: Clock) -> None:
        self._device, self._transport, self._tap, self._clock = device, transport, tap, clock

    async def open(self) -> None:
        """Open the line below."""
        await self._transport.open()
        self._note("opened")

    async def read(self) -> bytes:
        """What has arrived."""
        data = await self._transport.read()
        self._tap(self._device, "in", data, self._clock())
        return data

    async def pump(self, take: Callable[[bytes], None]) -> NoReturn:
        """Hand all that arrives to `take`, for ever."""

        def taped(data: bytes) -> None:
            self._tap(self._device, "in", data, self._clock())
            take(data)

        await self._transport.pump(taped)

    async def write(self, data: bytes) -> None:
        """Write all of `data`."""
        self._tap(self._device, "out", data, self._clock())
        await self._transport.write(data)

    async def close(self) -> None:
        """Close the line below."""
        await self._transport.close()
        self._note("closed")

    def _note(self, words: str) -> None:
        self._tap(self._device, "note", words.encode(), self._clock())


def written(entries: Iterable[Entry]) -> str:
    """A recording as text, its times counted from its first entry."""
    lines, start = [], None
    for entry in entries:
        start = entry.t_mono if start is None else start
        what = entry.data.decode("utf-8", "replace") if entry.direction == "note" else entry.data.hex(" ")
        lines.append(f"{entry.t_mono - start:.6f} {_SIGNS[entry.direction]} {what}\n")
    return "".join(lines)


def read_back(text: str) -> list[Entry]:
    """The entries of a recording. Raises ValueError that names the line that is none."""
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        if not (match := _LINE.fullmatch(line)):
            raise ValueError(f"line {number} is not an entry of a recording: {line[:60]!r}")
        direction = _DIRECTIONS[match[2]]
        data = match[3].encode() if direction == "note" else bytes.fromhex(match[3])
        entries.append(Entry(float(match[1]), direction, data))
    return entries
