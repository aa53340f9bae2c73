"""Opening the file: one lock, one writing connection with checked pragmas, read-only connections for the rest."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path

FILE_NAME = "edge.sqlite3"
LOCK_NAME = "edge.lock"

WRITER_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("busy_timeout", "5000", 5000),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("wal_autocheckpoint", "2000", 2000),
    ("cache_size", "-8000", -8000),
    ("foreign_keys", "ON", 1),
    ("mmap_size", "0", 0),
    ("cell_size_check", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("secure_delete", "ON", 1),
)
"""(pragma, value to set, value to read back). FULL under WAL is what makes an answer durable (reliability 4.1).

A checkpoint every 2,000 pages, not 1,000: half as many flushes for it, and pages changed often are copied once.
What is deleted is overwritten, so that an address that is erased is in no free part of the file.
8 MB of pages in memory, not 2: the inner pages of a store of millions of facts fit.
"""


class StoreRefused(Exception):  # noqa: N818 -- the store says why it will not open
    """The store cannot be used safely. The message names the file and what to do."""


def open_writer(path: Path) -> sqlite3.Connection:
    """The only writing connection. Raises StoreRefused when the file is no store or a pragma did not take."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        untaken = _set_pragmas(connection)
    except sqlite3.DatabaseError as error:
        raise StoreRefused(
            f"{path}: it cannot be used as a store ({error}). Keep it, and put the last good backup in its place."
        ) from error
    if untaken is not None:
        connection.close()
        raise StoreRefused(
            f"{path}: {untaken}; facts would not be safe on this file system. Put station.data_dir on a local disk."
        )
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that can never write or checkpoint (a query_only one could: libraries, finding 1)."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.row_factory = sqlite3.Row
    return connection


class StoreLock:
    """Held while an agent runs on a data folder, so that there is never a second writer."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock. Raises StoreRefused when another process holds it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise StoreRefused(
                f"{self._path.parent}: another agent is running on this folder. Stop it "
                "(`systemctl stop edge-agent`) or choose another station.data_dir."
            ) from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _set_pragmas(connection: sqlite3.Connection) -> str | None:
    """Set the writer's pragmas and read them back; what did not take, in words."""
    for pragma, value, wanted in WRITER_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}={value}").fetchall()
        row = connection.execute(f"PRAGMA {pragma}").fetchone()
        got = row[0] if row else None
        if got != wanted:
            return f"PRAGMA {pragma} is {got!r} and must be {wanted!r}"
    return None
