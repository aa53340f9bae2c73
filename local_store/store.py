"""The store as the rest of the agent sees it: execute a command, run a piece of bookkeeping, read, listen."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import uuid_utils

from local_store import heard, identity
from local_store.checks import RowDamaged, is_damage
from local_store.clock import Clock
from local_store.creation import make_folder, make_if_missing
from local_store.database import FILE_NAME, StoreLock, StoreRefused, open_reader, open_writer
from local_store.disk import Disk
from local_store.domain.commands import Command
from local_store.domain.events import StationFenced
from local_store.domain.offline import HqState, Sight
from local_store.domain.site import Site, Worker
from local_store.file_systems import require_safe
from local_store.inspection import has_log, note_damage
from local_store.journal import Head, Recorded, Stamp
from local_store.migrations import migrate
from local_store.remembered import Remembered
from local_store.salvage import salvage_if_damaged
from local_store.timekeeping import Timekeeper
from local_store.transaction import Receipt, Transaction
from local_store.writer import Listener, StoreInDoubt, Writer

log = logging.getLogger(__name__)

T = TypeVar("T")
ERROR_LASTS_MS = 60_000
"""A second error of the file within this time, and the process must be started anew (reliability 4.1 R6)."""


class StoreGaveUp(Exception):  # noqa: N818 -- says what happened and what comes next
    """The file failed twice within a minute: only a new process can tell what is on disk."""


class Store:
    """One station's store. `open` it once; it holds the folder's lock until `close`."""

    def __init__(
        self,
        folder: Path,
        site: Site,
        clock: Clock,
        app_version: str,
        *,
        ballast_bytes: int = 0,
        lasting: bool = False,
        fingerprint: Callable[[Path], str] = identity.host_fingerprint,
    ) -> None:
        """`lasting`: a station at work, so that a folder in memory is refused."""
        self.path = folder / FILE_NAME
        self.site = site
        self.epoch = 0
        self.disk = Disk(folder, ballast_bytes)
        self.troubled, self.gave_up = asyncio.Event(), asyncio.Event()
        """The file gave an error just now; it gave another one, and only a new process can tell what is on disk."""
        self.damaged = asyncio.Event()
        """Damage was found just now, and is noted for the next start."""
        self.unclean = False
        """Whether the agent before this one stopped without closing the store."""
        self._last_error: tuple[int, str] | None = None
        self._folder, self._clock, self._version, self._lasting = folder, clock, app_version, lasting
        self._lock = StoreLock(folder)
        self._listeners: list[Listener] = []
        self._epoch_id = ""
        self._fingerprint = fingerprint

    async def open(self) -> None:
        """Take the lock, bring the schema up to date, start the writer and begin a new epoch.

        Raises StoreRefused when another agent runs here or the file is not safe to write.
        """
        self._loop = asyncio.get_running_loop()
        make_folder(self._folder)
        self._lock.take()
        try:
            self.mount = require_safe(self._folder, lasting=self._lasting)
            self.disk.make_room_to_start()
            self.unclean = has_log(self.path)
            salvage_if_damaged(self.path, self.site, self._clock, self._version)
            make_if_missing(self._folder)
            connection = open_writer(self.path)
            migrate(connection, self._folder / "migration.lock")
            self._times = Timekeeper(self._clock, _last_fact_ms(connection))
            epoch = identity.next_epoch(
                connection, self._fingerprint(self.path), self._clock.wall_ms(), self._version
            )
            self.epoch, self._epoch_id = epoch.ordinal, epoch.epoch_id
            connection.close()
            self._writer = Writer(self.path, self._transaction, self._stamp, self._tell, self._file_error)
        except sqlite3.Error as error:
            self._lock.release()
            raise StoreRefused(
                f"{self.path}: it cannot be written ({error}). Make room on its disk, or have the disk looked at."
            ) from error
        except BaseException:
            self._lock.release()
            raise
        self.reader = open_reader(self.path)
        kept = heard.all_lanes(self.reader, self._clock.wall_ms(), self._clock.mono_ms())
        self.site = replace(self.site, hq={lane: Sight(heard_ms=at_ms) for lane, at_ms in kept.items()})
        await self.run(lambda tx: identity.begin(tx, epoch, self._version))

    async def close(self) -> None:
        """Finish all work and give the lock back."""
        await self._writer.stop()
        self.reader.close()
        self._lock.release()

    async def execute(self, command: Command) -> Receipt:
        """Decide a command and return its receipt once it is on disk.

        Raises CommandReused (same id, other contents) and StoreInDoubt (unknown; repeat with the same id).
        """
        try:
            receipt: Receipt = await self._writer.submit(lambda tx: tx.execute(command), command)
        except RowDamaged as damage:  # its first answer is there and cannot be used: neither yes nor no
            self.note_damage(str(damage))
            raise StoreInDoubt(str(damage)) from damage
        return receipt

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run a piece of bookkeeping in the writer and return its result once it is on disk."""
        result: T = await self._writer.submit(work)
        return result

    async def between(self, work: Callable[[sqlite3.Connection], bool]) -> bool:
        """Run work on the file that cannot stand in a transaction; whether it was done."""
        return await self._writer.between(work)

    def listen(self, listener: Listener) -> None:
        """Have `listener` called on the event loop with facts that were just committed."""
        self._listeners.append(listener)

    def accept_new_work(self, *, accepts: bool) -> None:
        """Whether new work may be begun from now on; what is open can always be finished."""
        if accepts != self.site.accepts_new_work:
            self.site = replace(self.site, accepts_new_work=accepts)

    def see_hq(self, lane: str, state: HqState) -> None:
        """Whether the HQ of a lane that gives work can be reached."""
        sight = self.site.hq.get(lane, Sight())
        if sight.state != state:
            self._sees(lane, sight._replace(state=state))

    async def heard_hq(self, lane: str) -> None:
        """The HQ of a lane has told all it had just now; kept for the next start, once a minute at most."""
        now_ms, before = self._clock.mono_ms(), self.site.hq.get(lane, Sight()).heard_ms
        if before is None or now_ms - before >= heard.AGAIN_MS:
            await self.run(lambda tx: heard.keep(tx.connection, lane, tx.wall_ms))
            self._sees(lane, self.site.hq.get(lane, Sight())._replace(heard_ms=now_ms))

    def _sees(self, lane: str, sight: Sight) -> None:
        self.site = replace(self.site, hq={**self.site.hq, lane: sight})

    def use_people(self, workers: Mapping[str, Worker], badges_ended: str | None) -> None:
        """Who may sign in from now on, and until when their badges were good where that is over."""
        if workers != self.site.workers or badges_ended != self.site.badges_ended:
            self.site = replace(self.site, workers=workers, badges_ended=badges_ended)

    def require_trusted(self) -> None:
        """Raises StoreGaveUp when the file failed too often for this process to go on with it."""
        if self.gave_up.is_set():
            raise StoreGaveUp(
                f"{self.path}: it failed twice within a minute ({self.last_error()}). Start the agent anew; under "
                "systemd that happens by itself. If this comes back, have the disk looked at."
            )

    def note_damage(self, sentence: str) -> None:
        """Part of the file is not what was written: the next start salvages it. From any thread."""
        log.critical("%s: %s", self.path, sentence)
        note_damage(self._folder, sentence)
        self._loop.call_soon_threadsafe(self.damaged.set)

    def last_error(self) -> str | None:
        """What the file said the last time it failed, if that was not long ago."""
        if self._last_error is None or self._clock.mono_ms() - self._last_error[0] > ERROR_LASTS_MS:
            return None
        return self._last_error[1]

    def _file_error(self, error: Exception) -> None:
        """In the writer's thread, before anything else is done about an error of the file.

        A full disk is a state and not a fault: the ballast makes room for what is open.
        """
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            return
        if isinstance(error, sqlite3.Error) and is_damage(error):
            self.note_damage(f"SQLite says: {error}")
        if self.disk.is_full(error):
            self.accept_new_work(accepts=False)
            self.disk.release()
        elif self.last_error() is not None:
            log.critical("the store failed twice within a minute (%s); only a new process can mend that", error)
            self._loop.call_soon_threadsafe(self.gave_up.set)
        else:
            self._last_error = (self._clock.mono_ms(), str(error))
        self._loop.call_soon_threadsafe(self.troubled.set)

    def _transaction(
        self, connection: sqlite3.Connection, stamp: Any, head: Head, remembered: Remembered
    ) -> Transaction:
        tx = Transaction(connection, self.site, stamp, head, remembered, _new_id)
        for jump in self._times.to_record(head.seq):
            tx.append(jump)
        return tx

    def _stamp(self) -> Stamp:
        return Stamp(self.epoch, self._epoch_id, self.site.station_id, *self._times.look())

    def _tell(self, recorded: list[Recorded]) -> None:
        for each in recorded:
            if isinstance(each.fact, StationFenced):
                self.epoch, self._epoch_id = each.fact.epoch, each.fact.epoch_id
        for listener in self._listeners:
            listener(recorded)


def _new_id() -> bytes:
    """A UUIDv7: close in time, close on disk. Never used for order."""
    return uuid_utils.uuid7().bytes


def _last_fact_ms(connection: sqlite3.Connection) -> int | None:
    row = connection.execute("SELECT wall_ms FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return row[0] if row else None
