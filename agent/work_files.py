"""A folder in which files of work are dropped, and taking such a file into the store.

Only `*.ndjson` is read, and only once its size and time stayed the same between two looks: a file that is still being
copied is not read, and one that is written under another name and renamed is never seen half. It is moved after the
commit, so that whatever happens in between brings the same work again, of which nothing is new.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import uuid_utils.compat as uuid

from agent import work_lines
from agent.problems import Problems
from agent.work_lines import BadLine, Here, Take
from config import durable_file
from local_store.store import Store
from local_store.transaction import Transaction
from local_store.writer import StoreInDoubt

log = logging.getLogger(__name__)

LOOK_S = 5.0
AT_ONCE = 50
"""Commands handed to the writer together: they share commits, and a scan comes in between."""
MS_PER_DAY = 86_400_000
DONE, REFUSED = "done", "refused"
REPORT = ".report.ndjson"
BAD_LINES, FOLDER = "work_files.lines", "work_files.folder"
"""Ids of the problems."""

Sleep = Callable[[float], Awaitable[None]]


class Taken(NamedTuple):
    """What became of a file: how many lines it had, how many were of use, and the others."""

    lines: int
    used: int
    bad: tuple[BadLine, ...]


class Look(NamedTuple):
    """A file as it lies there."""

    size: int
    mtime_ns: int


async def take_in(store: Store, data: bytes, lane: str | None = None) -> Taken:
    """Take the good lines of a file into the store; what is known already changes nothing. Raises StoreInDoubt."""
    place = work_lines.Place([each.name for each in store.site.lanes], store.site.warehouse_id, lane)
    file = await asyncio.to_thread(work_lines.read, data, place)
    takes, unfit = work_lines.takes(file, await store.run(partial(_here, file=file)), uuid.uuid7)
    for start in range(0, len(takes), AT_ONCE):
        part = takes[start : start + AT_ONCE]
        await asyncio.gather(*(store.run(partial(_take, take=take)) for take in part))
    bad = (*file.bad, *unfit)
    return Taken(file.lines, len(file.good) - len(unfit), bad)


class WorkFiles:
    """The folder of one station. `run` is a loop for the supervisor."""

    def __init__(self, store: Store, folder: Path, problems: Problems, sleep: Sleep) -> None:
        self._store, self._folder, self._problems, self._sleep = store, folder, problems, sleep
        self._seen: dict[str, Look] = {}

    async def run(self) -> None:
        """Look into the folder, for ever."""
        while True:
            try:
                await self.look()
                self._problems.clear(FOLDER)
            except OSError as error:
                self._problems.report(
                    FOLDER,
                    f"Files of work cannot be read: {self._folder}: {error.strerror}.",
                    "Let the agent's user read and write this folder; it is tried again by itself.",
                )
            except StoreInDoubt as doubt:
                log.warning("a file of work is read again: %s", doubt)
            await self._sleep(LOOK_S)

    async def look(self) -> None:
        """Take in every file that lay still since the last look. Raises OSError and StoreInDoubt."""
        for name in (DONE, REFUSED):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        before, self._seen = self._seen, dict(_files(self._folder))
        for name, look in sorted(self._seen.items()):
            if before.get(name) == look and self._store.site.accepts_new_work:
                await self._take(name, look)
        self._say_bad_lines()

    async def _take(self, name: str, look: Look) -> None:
        path = self._folder / name
        data = await asyncio.to_thread(_read, path)
        if len(data) != look.size:  # it grew after all
            return
        taken = await take_in(self._store, data)
        log.info("%s: %s of %s lines were of use", name, taken.used, taken.lines)
        await asyncio.to_thread(_put_away, self._folder, name, taken)

    def _say_bad_lines(self) -> None:
        reports = sorted(each.name for each in (self._folder / REFUSED).iterdir() if each.name.endswith(REPORT))
        if not reports:
            self._problems.clear(BAD_LINES)
            return
        more = f" and {len(reports) - 1} more" if len(reports) > 1 else ""
        self._problems.report(
            BAD_LINES,
            f"Lines in files of work could not be used: {self._folder / REFUSED / reports[0]}{more} says why.",
            "Correct those lines, drop them in a new file, and delete the report.",
        )


def let_go(folder: Path, days: int, wall_ms: int) -> None:
    """Delete files that were put away so many days ago: they hold names and addresses, and the store has the work."""
    for name in (DONE, REFUSED):
        for path in (folder / name).glob("*"):
            if path.is_file() and wall_ms - path.lstat().st_ctime_ns // 1_000_000 > days * MS_PER_DAY:
                path.unlink()


def _files(folder: Path) -> Iterator[tuple[str, Look]]:
    """Plain files of the agreed name; a link could point anywhere."""
    with os.scandir(folder) as entries:
        for each in entries:
            if each.name.endswith(".ndjson") and each.is_file(follow_symlinks=False):
                stat = each.stat(follow_symlinks=False)
                yield each.name, Look(stat.st_size, stat.st_mtime_ns)


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return file.read(work_lines.MOST_BYTES + 1)


def _put_away(folder: Path, name: str, taken: Taken) -> None:
    """The report first: a file that is moved is never looked at again."""
    if taken.bad:
        durable_file.write(_free(folder / REFUSED, f"{name}{REPORT}"), work_lines.report(taken.bad))
    target = _free(folder / (DONE if taken.used else REFUSED), name)
    (folder / name).rename(target)
    durable_file.sync(target.parent)
    durable_file.sync(folder)


def _free(folder: Path, name: str) -> Path:
    """A path that is not taken: a file of the same name may have come before."""
    path, number = folder / name, 2
    while path.exists():
        path, number = folder / f"{number}-{name}", number + 1
    return path


# --- in the writer ------------------------------------------------------------------------------------------------


def _here(tx: Transaction, *, file: work_lines.Read) -> Here:
    """What the store holds of what a file names."""
    named, db = work_lines.names(file), tx.connection
    own = {work_lines.own_list(ident): ident for ident in named.fulfillments}
    places = _pairs(db, _PLACES, named.skus)
    return Here(
        lines=frozenset(_pairs(db, _LINES, named.fulfillments)),
        picklists=frozenset(ident for ident, _ in _pairs(db, _PICKLISTS, named.picklists)),
        tasks=frozenset(ident for ident, _ in _pairs(db, _TASKS, named.tasks)),
        listed_here=frozenset(own[ident] for ident, _ in _pairs(db, _PICKLISTS, sorted(own))),
        locations={**dict(places), **work_lines.told_places(file)},
    )


_LINES = (
    "SELECT fulfillment_id, order_line_id FROM fulfillment_line"
    " WHERE fulfillment_id IN (SELECT value FROM json_each(?))"
)
_PICKLISTS = "SELECT picklist_id, '' FROM picklist WHERE picklist_id IN (SELECT value FROM json_each(?))"
_TASKS = "SELECT task_id, '' FROM pick_task WHERE task_id IN (SELECT value FROM json_each(?))"
_PLACES = (
    "SELECT sku, location_id FROM product WHERE location_id IS NOT NULL AND sku IN (SELECT value FROM json_each(?))"
)


def _pairs(db: sqlite3.Connection, sql: str, values: list[str]) -> list[tuple[str, str]]:
    return [(one, other) for one, other in db.execute(sql, (json.dumps(values),))]


def _take(tx: Transaction, *, take: Take) -> None:
    """A list that was made for an order without one is not made twice."""
    command = take.command
    if take.unless_known is not None:
        known = tx.connection.execute(
            "SELECT 1 FROM fulfillment WHERE fulfillment_id = ?", (take.unless_known,)
        ).fetchone()
        if known is not None:
            command = command.model_copy(update={"fulfillments": (), "parties": (), "picklist": None})
    tx.execute(command)
