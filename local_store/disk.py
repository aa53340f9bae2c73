"""Room for facts: how full the disk is, and a ballast file that is given up when it is full (reliability 4.1 R9).

Facts are never deleted to make room. What gives way is new work: work that is open can always be finished.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

BALLAST_NAME = "ballast"
GIB = 1 << 30
PROBE_BYTES = 64 * 1024
"""More than a usual commit writes."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class Room(IntEnum):
    """How much room is left, from plenty to none."""

    OK = 0
    WARN = 1  # somebody should make room
    TIGHT = 2  # what can be made again is dropped
    NO_NEW_WORK = 3  # open work is finished, none is begun
    FULL = 4  # the ballast is given up; the last facts of open work live on it


class Space(NamedTuple):
    """What the file system says, in bytes, for a user without privileges."""

    size: int
    free: int


_MARKS = (
    (Room.NO_NEW_WORK, 97, 1 * GIB),
    (Room.TIGHT, 92, 4 * GIB),
    (Room.WARN, 85, 16 * GIB),
)
"""(room, percent in use from which it holds, free bytes with which it never holds). A share alone would refuse work
on a big disk with gigabytes to spare."""


def room_of(space: Space, owed: int = 0) -> Room:
    """The room on a disk; `owed` are the bytes of a ballast that should be there and is not."""
    free = space.free - owed
    used = space.size - free
    for room, percent, plenty in _MARKS:
        if free < plenty and used * 100 >= space.size * percent:
            return Room.FULL if owed and room is Room.NO_NEW_WORK else room
    return Room.OK


def space_of(folder: Path) -> Space:
    """The space of the file system `folder` lies on; a superuser's reserve does not count."""
    found = os.statvfs(folder)
    return Space((found.f_blocks - found.f_bfree + found.f_bavail) * found.f_frsize, found.f_bavail * found.f_frsize)


class Disk:
    """The disk under a data folder, with its ballast. `release` is the writer's; the rest is for whoever watches."""

    def __init__(self, folder: Path, ballast_bytes: int) -> None:
        self._folder, self._ballast, self._bytes = folder, folder / BALLAST_NAME, ballast_bytes

    def look(self) -> tuple[Room, Space]:
        """The room as of now. Makes the ballast when it is missing and there is room for it."""
        space = space_of(self._folder)
        room = room_of(space, self._owed())
        if room is not Room.FULL and self._owed() and not self._make():
            room = Room.FULL
        return room, space

    def has_ballast(self) -> bool:
        """Whether all of the ballast is there."""
        return self._owed() == 0

    def release(self) -> None:
        """The disk is full: give up the ballast."""
        self._ballast.unlink(missing_ok=True)

    def make_room_to_start(self) -> None:
        """Opening a store writes a little: on a full disk the ballast makes room for it."""
        if not self._takes_a_probe():
            self.release()

    def is_full(self, error: Exception) -> bool:
        """Whether an error of the file means that there is no room: SQLite does not always say so."""
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        return isinstance(error, sqlite3.OperationalError) and not self._takes_a_probe()

    def _owed(self) -> int:
        """Bytes of the ballast that are not there."""
        if not self._bytes:
            return 0
        try:
            found = self._ballast.stat()
        except FileNotFoundError:
            return self._bytes
        return self._bytes if found.st_size != self._bytes else 0

    def _make(self) -> bool:
        self.release()
        try:
            descriptor = os.open(self._ballast, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, self._bytes)
            finally:
                os.close(descriptor)
        except OSError as error:
            self.release()
            if error.errno in _NO_ROOM:
                return False
            raise
        return True

    def _takes_a_probe(self) -> bool:
        probe = self._folder / "probe"
        try:
            probe.write_bytes(bytes(PROBE_BYTES))
        except OSError as error:
            if error.errno not in _NO_ROOM:
                return True
            probe.unlink(missing_ok=True)
            return False
        probe.unlink()
        return True
