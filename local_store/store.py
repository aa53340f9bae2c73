"""The store as the rest of the agent sees it: execute a command, run a piece of bookkeeping, read, listen."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import uuid_utils

from local_store.clock import Clock
from local_store.database import FILE_NAME, StoreLock, open_reader, open_writer
from local_store.domain.commands import Command
from local_store.domain.events import StationStarted
from local_store.domain.site import Site
from local_store.journal import Head, Recorded, Stamp
from local_store.migrations import migrate
from local_store.transaction import Receipt, Transaction
from local_store.writer import Listener, Writer

T = TypeVar("T")
EPOCH_BYTES = 16


class Store:
    """One station's store. `open` it once; it holds the folder's lock until `close`."""

    def __init__(self, folder: Path, site: Site, clock: Clock, app_version: str) -> None:
        self.path = folder / FILE_NAME
        self.site = site
        self.epoch = 0
        self._folder, self._clock, self._version = folder, clock, app_version
        self._lock = StoreLock(folder)
        self._listeners: list[Listener] = []
        self._epoch_id = os.urandom(EPOCH_BYTES).hex()

    async def open(self) -> None:
        """Take the lock, bring the schema up to date, start the writer and begin a new epoch.

        Raises StoreRefused when another agent runs here or the file is not safe to write.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock.take()
        try:
            connection = open_writer(self.path)
            migrate(connection, self._folder / "migration.lock")
            self.epoch = self._begin_epoch(connection)
            connection.close()
            self._writer = Writer(self.path, self._transaction, self._stamp, self._tell)
        except BaseException:
            self._lock.release()
            raise
        self.reader = open_reader(self.path)
        await self.run(
            lambda tx: tx.append(StationStarted(epoch=self.epoch, epoch_id=self._epoch_id, app_version=self._version))
        )

    async def close(self) -> None:
        """Finish all work and give the lock back."""
        await self._writer.stop()
        self.reader.close()
        self._lock.release()

    async def execute(self, command: Command) -> Receipt:
        """Decide a command and return its receipt once it is on disk.

        Raises CommandReused (same id, other contents) and StoreInDoubt (unknown; repeat with the same id).
        """
        receipt: Receipt = await self._writer.submit(lambda tx: tx.execute(command), command)
        return receipt

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run a piece of bookkeeping in the writer and return its result once it is on disk."""
        result: T = await self._writer.submit(work)
        return result

    def listen(self, listener: Listener) -> None:
        """Have `listener` called on the event loop with facts that were just committed."""
        self._listeners.append(listener)

    def _begin_epoch(self, connection: sqlite3.Connection) -> int:
        with connection:
            cursor = connection.execute(
                "INSERT INTO epoch(epoch_id, started_ms, app_version) VALUES (?,?,?)",
                (self._epoch_id, self._clock.wall_ms(), self._version),
            )
        return cursor.lastrowid or 0

    def _transaction(self, connection: sqlite3.Connection, stamp: Any, head: Head) -> Transaction:
        return Transaction(connection, self.site, stamp, head, _new_id)

    def _stamp(self) -> Stamp:
        return Stamp(
            self.epoch, self._epoch_id, self.site.station_id, self._clock.wall_ms(), "system", self._clock.mono_ms()
        )

    def _tell(self, recorded: list[Recorded]) -> None:
        for listener in self._listeners:
            listener(recorded)


def _new_id() -> bytes:
    """A UUIDv7: close in time, close on disk. Never used for order."""
    return uuid_utils.uuid7().bytes
