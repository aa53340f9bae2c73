"""Watch and spoil what a process asks the disk to do: builds the preloaded library `shim.c`, reads its record."""

from __future__ import annotations

import errno
import mmap
import os
import struct
import subprocess
from collections.abc import Iterable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).with_name("shim.c")
MAGIC = 0x45444745
FOR_EVER = 2**62


class Call(IntEnum):
    """What is watched, numbered as in `shim.c`."""

    FSYNC = 0
    FDATASYNC = 1
    WRITE = 2
    PWRITE = 3
    TRUNCATE = 4
    ALLOCATE = 5
    CREATE = 6
    RENAME = 7
    UNLINK = 8
    LINK = 9
    MKDIR = 10
    SEND = 11
    MARK = 13


FLUSHES = (Call.FSYNC, Call.FDATASYNC)
WRITES = (Call.WRITE, Call.PWRITE)
ON_DISK = tuple(call for call in Call if call < Call.SEND)
ALL = tuple(call for call in Call if call <= Call.SEND)


class Action(IntEnum):
    """What becomes of a call that the plan names."""

    NONE = 0
    KILL_BEFORE = 1
    KILL_AFTER = 2
    FAIL = 3
    TEAR = 4
    LIE = 5


class Outcome(IntEnum):
    """What a recorded call did: a flush that lied or failed left nothing durable."""

    DONE = 0
    LIED = 1
    FAILED = 2


class Entry(NamedTuple):
    """One recorded call. `offset` is that of the data, or the new size of a truncate or allocate."""

    call: Call
    outcome: Outcome
    path: str
    other: str
    data: bytes
    offset: int


def build(compiler: str, folder: Path) -> Path:
    """Compile the shim into `folder` and give its path."""
    shim = folder / "edge_shim.so"
    flags = ("-shared", "-fPIC", "-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror")
    done = subprocess.run(
        [compiler, *flags, "-o", str(shim), str(SOURCE), "-ldl"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return shim


def environment(
    shim: Path,
    match: str,
    out: Path | None = None,
    *,
    delay_us: int = 0,
    record: Path | None = None,
    control: Path | None = None,
    sockets: bool = False,
) -> dict[str, str]:
    """What to add to the environment of a process: watch files whose path contains `match`, report into `out`.

    Each flush of such a file takes `delay_us` microseconds longer; the rest is told at the top of `shim.c`.
    """
    wanted = {
        "LD_PRELOAD": str(shim),
        "EDGE_SHIM_MATCH": match,
        "EDGE_SHIM_OUT": str(out or ""),
        "EDGE_SHIM_DELAY_US": str(delay_us or ""),
        "EDGE_SHIM_RECORD": str(record or ""),
        "EDGE_SHIM_CONTROL": str(control or ""),
        "EDGE_SHIM_SOCKETS": "1" if sockets else "",
    }
    return {name: value for name, value in wanted.items() if value}


class Control:
    """The file through which a running process is spoiled: give its path to `environment`."""

    _FIELDS = ("clock_shift_s", "delay_us", "action", "kinds", "first", "last", "error", "seen", "hits")

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(bytes(8 * len(self._FIELDS)))
        with path.open("r+b") as file:
            self._words = memoryview(mmap.mmap(file.fileno(), 0)).cast("q")

    def plan(
        self,
        action: Action,
        calls: Iterable[Call] = ALL,
        *,
        first: int = 1,
        last: int | None = None,
        error: int = errno.EIO,
    ) -> None:
        """Do `action` at the calls of these kinds numbered `first` to `last`, counted from now on.

        Without `last` it happens once; with FOR_EVER, until another plan is made.
        """
        kinds = sum(1 << call for call in calls)
        self.stop()
        for at, value in enumerate((kinds, first, first if last is None else last, error, 0, 0), 3):
            self._words[at] = value
        self._words[2] = action

    def stop(self) -> None:
        """Spoil nothing any more; `seen` and `hits` stay."""
        self._words[2] = Action.NONE

    def count(self, calls: Iterable[Call] = ALL) -> None:
        """Spoil nothing, and count from now on."""
        self.plan(Action.LIE, calls, first=0)

    def shift_clock(self, seconds: int) -> None:
        """Let the wall clock be so far from the truth."""
        self._words[0] = seconds

    @property
    def seen(self) -> int:
        """Calls of the planned kinds since the plan was made."""
        return self._words[7]

    @property
    def hits(self) -> int:
        """How often the plan has struck."""
        return self._words[8]


def read_record(path: Path) -> Iterator[Entry]:
    """Every recorded call in order, and the marks in between."""
    header = struct.Struct("<IIIIIIq")
    data, at = path.read_bytes(), 0
    while at < len(data):
        magic, call, outcome, *lengths, offset = header.unpack_from(data, at)
        assert magic == MAGIC, f"{path}: no entry begins at byte {at}"
        at += header.size
        parts = []
        for length in lengths:
            parts.append(data[at : at + length])
            at += length
        yield Entry(Call(call), Outcome(outcome), parts[0].decode(), parts[1].decode(), parts[2], offset)


def mark(record: int, text: str) -> None:
    """Append a mark to the record (an open descriptor): what was promised at this point."""
    data = text.encode()
    os.write(record, struct.pack("<IIIIIIq", MAGIC, Call.MARK, Outcome.DONE, 0, 0, len(data), 0) + data)


def read_counts(out: Path) -> dict[str, int]:
    """Calls by name (`fsync`, `fdatasync`, `write`, `pwrite` …) and bytes (`write_bytes` …), over all processes.

    A process that reported more than once (SIGUSR2, exit) counts with its last report.
    """
    last = {(pid, name): (int(calls), int(size)) for pid, name, calls, size in _lines(out)}
    totals: dict[str, int] = {}
    for (_, name), (calls, size) in last.items():
        totals[name] = totals.get(name, 0) + calls
        totals[f"{name}_bytes"] = totals.get(f"{name}_bytes", 0) + size
    return totals


def _lines(out: Path) -> Iterable[list[str]]:
    return (line.split() for line in out.read_text(encoding="ascii").splitlines())
