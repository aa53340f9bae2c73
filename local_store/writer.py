"""The one thread that writes: commands that wait at the same moment share a commit; answers leave after it."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_store.database import open_writer
from local_store.domain.commands import Command
from local_store.journal import Recorded, Stamp, head_of
from local_store.transaction import Receipt, Transaction

MAX_BATCH = 64
"""Commands in one commit: enough to pay one flush for a burst, few enough to keep the first of them quick."""

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
        make_transaction: Callable[[sqlite3.Connection, Any, Any], Transaction],
        make_stamp: Callable[[], Stamp],
        notify: Listener,
    ) -> None:
        self._path, self._make_transaction, self._make_stamp, self._notify = (
            path,
            make_transaction,
            make_stamp,
            notify,
        )
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._connection = open_writer(path)
        self._head = head_of(self._connection)
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def submit(self, work: Work, command: Command | None = None) -> Any:
        """Run `work` in a transaction and return its result once it is on disk.

        A caller that is cancelled does not cancel the work. Raises what the work raised, or StoreInDoubt.
        """
        future: asyncio.Future[Any] = self._loop.create_future()
        self._queue.put(_Job(work, future, command))
        return await asyncio.shield(future)

    async def stop(self) -> None:
        """Finish what was submitted, fold the log into the file and close."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        open_for_work = True
        while open_for_work:
            batch: list[_Job] = []
            job = self._queue.get()
            while job is not None:
                batch.append(job)
                if len(batch) == MAX_BATCH or self._queue.empty():
                    break
                job = self._queue.get()
            open_for_work = job is not None
            if batch:
                self._work(batch)
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._connection.close()

    def _work(self, batch: list[_Job]) -> None:
        try:
            self._attempt(batch)
        except sqlite3.Error as error:
            self._resolve(batch, error)
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
            else:
                for job in batch:  # one of them is at fault: only that one may suffer
                    self._work([job])
                return
        self._loop.call_soon_threadsafe(self._deliver, batch)

    def _attempt(self, batch: list[_Job]) -> None:
        """All of the batch in one transaction. Raises what any of them raised, with nothing done."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            stamp, head = self._make_stamp(), self._head
            for job in batch:
                tx = self._make_transaction(self._connection, stamp, head)
                job.result = job.work(tx)
                job.recorded, head = tx.recorded, tx.head
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.execute("COMMIT")
        self._head = head

    def _resolve(self, batch: list[_Job], error: sqlite3.Error) -> None:
        """After a database error nothing is certain: open the file again and look each command up by its id."""
        self._connection.close()
        self._connection = open_writer(self._path)
        self._head = head_of(self._connection)
        for job in batch:
            job.recorded = []
            job.result = self._stored_receipt(job)
            if job.result is None:
                job.error = StoreInDoubt(f"the store could not keep this ({error}); try again")

    def _stored_receipt(self, job: _Job) -> Receipt | None:
        if job.command is None:
            return None
        row = self._connection.execute(
            "SELECT 1 FROM receipt WHERE command_id = ?", (job.command.command_id.bytes,)
        ).fetchone()
        if row is None:
            return None
        return self._make_transaction(self._connection, self._make_stamp(), self._head).execute(job.command)

    def _deliver(self, batch: list[_Job]) -> None:
        """On the event loop, after the commit: answer the callers, then tell the listeners."""
        for job in batch:
            if job.error is not None:
                job.future.set_exception(job.error)
                job.future.exception()  # a caller that was cancelled never looks at it
            else:
                job.future.set_result(job.result)
        recorded = [each for job in batch for each in job.recorded]
        if recorded:
            self._notify(recorded)
