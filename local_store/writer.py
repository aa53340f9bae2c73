"""The one thread that writes: commands that wait at the same moment share a commit; answers leave after it."""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, cast

from local_store.database import StoreRefused, open_writer
from local_store.domain.commands import Command
from local_store.journal import Head, Recorded, Stamp, head_of, read
from local_store.remembered import Remembered
from local_store.transaction import CommandReused, Transaction

log = logging.getLogger(__name__)

MAX_BATCH = 64
"""Commands in one commit: enough to pay one flush for a burst, few enough to keep the first of them quick."""

_OF_THE_FILE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""Primary result codes that say nothing about the work and all about the file."""

Work = Callable[[Transaction], Any]
Listener = Callable[[list[Recorded]], None]


class StoreInDoubt(Exception):  # noqa: N818 -- neither yes nor no
    """The commit failed and the command is not in the store. Try again with the same command id. HTTP 503."""


@dataclass(slots=True)
class _Job:
    work: Work
    future: asyncio.Future[Any]
    command: Command | None
    result: Any = None
    error: Exception | None = None
    recorded: list[Recorded] = field(default_factory=list)


class Writer:
    """Owns the writing connection and all checkpoints. Callers hand it work and await what the commit decided."""

    def __init__(
        self,
        path: Path,
        make_transaction: Callable[[sqlite3.Connection, Any, Any, Remembered], Transaction],
        make_stamp: Callable[[], Stamp],
        notify: Listener,
        on_file_error: Callable[[Exception], None],
    ) -> None:
        self._path, self._make_transaction, self._make_stamp, self._notify = (
            path,
            make_transaction,
            make_stamp,
            notify,
        )
        self._on_file_error = on_file_error
        self._queue: queue.SimpleQueue[list[_Job] | None] = queue.SimpleQueue()
        self._gathered: list[_Job] | None = None
        self._stopping = self._failed = False
        self._between: deque[tuple[Callable[[sqlite3.Connection], bool], asyncio.Future[bool]]] = deque()
        self._loop = asyncio.get_running_loop()
        self._connection: sqlite3.Connection | None = None
        self._head, self._remembered = Head(), Remembered()
        self._open()
        self._done: deque[list[_Job]] = deque()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC | os.EFD_SEMAPHORE)
        self._loop.add_reader(self._bell, self._deliver)
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work, command: Command | None = None) -> asyncio.Future[Any]:
        """Run `work` in a transaction; what is returned has its result once it is on disk.

        A caller that is cancelled does not cancel the work. Raises what the work raised, or StoreInDoubt.
        """
        if self._stopping:
            raise StoreInDoubt("the store is closed; try again when the agent runs")
        job = _Job(work, self._loop.create_future(), command)
        if self._gathered is None:
            self._queue.put([job])
        else:
            self._gathered.append(job)
        return job.future

    async def between(self, work: Callable[[sqlite3.Connection], bool]) -> bool:
        """Run work that cannot stand in a transaction, between two of them. False when it or the file says so."""
        done: asyncio.Future[bool] = self._loop.create_future()
        self._between.append((work, done))
        await self.submit(lambda _tx: None)  # wakes the thread
        return await done

    async def stop(self) -> None:
        """Finish what was submitted, fold the log into the file and close."""
        self._stopping = True
        self._hand_over()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        while self._done:
            self._deliver()
        self._loop.remove_reader(self._bell)
        os.close(self._bell)

    def _run(self) -> None:
        waiting: list[_Job] = []
        open_for_work = True
        while open_for_work or waiting:
            while open_for_work and len(waiting) < MAX_BATCH and not (waiting and self._queue.empty()):
                more = self._queue.get()
                open_for_work = more is not None
                waiting += more or []
            batch, waiting = waiting[:MAX_BATCH], waiting[MAX_BATCH:]
            while self._between:
                work, done = self._between.popleft()
                self._loop.call_soon_threadsafe(done.set_result, self._worked_between(work))
            if batch:
                self._work(batch)
        if not self._failed:
            self._fold()
        self._close()

    def _work(self, batch: list[_Job]) -> None:
        """Do all of the batch and send every answer. A job that fails before the commit fails alone."""
        try:
            head = self._attempt(batch)
        except Exception as error:
            if _is_of_the_file(error):
                self._resolve(batch, error)
            elif len(batch) > 1:
                for job in batch:
                    self._work([job])
                return
            else:
                batch[0].error = error
        else:
            self._commit(batch, head)
        self._done.append(batch)
        os.eventfd_write(self._bell, 1)  # wakes the loop a tenth of a flush sooner than call_soon_threadsafe

    def _attempt(self, batch: list[_Job]) -> Head:
        """The work of the batch in one open transaction. Raises what any of it raised, with nothing done."""
        connection = self._connection or self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            tx = self._make_transaction(connection, self._make_stamp(), self._head, self._remembered)
            for job in batch:
                before = len(tx.recorded)
                job.result = job.work(tx)
                job.recorded = tx.recorded[before:]
            tx.write_out()
        except BaseException:
            connection.rollback()
            self._remembered = Remembered()
            raise
        return tx.head

    def _commit(self, batch: list[_Job], head: Head) -> None:
        try:
            cast("sqlite3.Connection", self._connection).execute("COMMIT")
            self._head = head
        except sqlite3.Error as error:
            self._resolve(batch, error)

    def _resolve(self, batch: list[_Job], error: Exception) -> None:
        """After an error of the file nothing is certain: open it again and look each command up by its id.

        While it cannot be opened, everything stays in doubt; the next command tries again. A flush that failed is
        never repeated: the kernel may say that it worked and have dropped the data (reliability 1, S44).
        """
        for job in batch:
            job.result, job.recorded = None, []
            job.error = StoreInDoubt(f"the store could not keep this ({error}); try again")
        try:
            if _is_of_the_file(error):
                self._failed = True
                self._on_file_error(error)
            self._close()
            connection = self._open()
            for job in batch:
                self._look_up(connection, job)
        except Exception as second:
            log.critical("the store cannot be opened again: %s", second)
            self._on_file_error(second)

    def _look_up(self, connection: sqlite3.Connection, job: _Job) -> None:
        if job.command is None:
            return
        try:
            receipt = self._make_transaction(connection, self._make_stamp(), self._head, self._remembered).known(
                job.command
            )
        except CommandReused as reused:
            job.error = reused
            return
        if receipt is None:
            return
        job.result, job.error = receipt, None
        if receipt.first_seq is not None and receipt.last_seq is not None:
            many = receipt.last_seq - receipt.first_seq + 1
            job.recorded = list(islice(read(connection, receipt.first_seq - 1), many))

    def _open(self) -> sqlite3.Connection:
        connection = open_writer(self._path)
        self._connection, self._head = connection, head_of(connection)
        self._remembered = Remembered()
        return connection

    def _worked_between(self, work: Callable[[sqlite3.Connection], bool]) -> bool:
        try:
            return work(self._connection or self._open())
        except sqlite3.Error as error:
            log.warning("the file could not be put in order (%s); it is tried again", error)
            return False

    def _fold(self) -> None:
        """Fold the log into the file, so that the next start has less to read."""
        if self._connection is not None:
            try:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.Error as error:
                log.warning("the log could not be folded into the file (%s); the next start does it", error)

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _deliver(self) -> None:
        """On the event loop, once for each batch, after its commit: answer the callers, then tell the listeners."""
        os.eventfd_read(self._bell)
        batch = self._done.popleft()
        for job in batch:
            if job.future.cancelled():
                continue  # the caller went away; the work is done all the same
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)
        if self._gathered is None:
            self._gathered = []
            self._loop.call_soon(self._hand_over)  # once all who were answered went on
        recorded = [each for job in batch for each in job.recorded]
        if recorded:
            self._notify(recorded)

    def _hand_over(self) -> None:
        """Who was answered together often asks again together: that makes one batch, not a small one and the rest."""
        if self._gathered:
            self._queue.put(self._gathered)
        self._gathered = None


def _is_of_the_file(error: Exception) -> bool:
    """Whether the file or its disk is at fault, and not the work that was asked for."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return isinstance(error, StoreRefused) or code in _OF_THE_FILE
