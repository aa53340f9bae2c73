"""Backups: made while the agent works; one counts only once it was restored into a scratch store and found whole."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from config import durable_file
from local_store import aside, journal
from local_store.checks import RowDamaged
from local_store.clock import Clock
from local_store.database import StoreRefused, open_reader, open_writer
from local_store.migrations import migrate
from local_store.scrub import Report, look_with_pauses

FOLDER = "backups"
KEEP = 7
"""Verified backups that are kept."""
OLDEST_MS = 26 * 3_600_000
"""A last verified backup older than this is a problem: a night was left out (reliability 2.2 T31)."""
_MAKING, _CHECKING, _VERIFIED = ".making", ".checking", ".verified.json"

Sleep = Callable[[float], Awaitable[None]]


class BackupFailed(Exception):  # noqa: N818 -- says what happened
    """There is no new backup; those there were are untouched. The message is a sentence."""


@dataclass(frozen=True)
class Backup:
    """A verified backup, as its side file tells."""

    name: str
    at_ms: int
    facts: int
    last_seq: int
    size: int


async def make_backup(store: Path, clock: Clock, sleep: Sleep) -> Backup:
    """Copy the store, restore the copy into a scratch store, look at all of it, and keep it. Raises BackupFailed.

    The agent may work meanwhile, or not run at all.
    """
    folder = store.parent / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with _alone(folder):
            return await _make(store, folder / f"edge-{aside.stamp(clock.wall_ms())}.sqlite3", clock, sleep)
    except (sqlite3.Error, OSError, StoreRefused, RowDamaged) as error:
        raise BackupFailed(
            f"The backup of {store} failed ({error}). Make room on the disk, or look at it, and run "
            "`edge-agent backup`; until then the last good backup is the one before."
        ) from error


def backups(store: Path) -> list[Backup]:
    """The verified backups, oldest first."""
    found = []
    for side in sorted((store.parent / FOLDER).glob(f"*{_VERIFIED}")):
        backup = Backup(**json.loads(side.read_text(encoding="utf-8")))
        if side.with_name(backup.name).exists():
            found.append(backup)
    return sorted(found, key=lambda backup: backup.at_ms)


def restore_to(backup: Path, target: Path) -> None:
    """Put a copy of a backup at `target`, ready to be written, as a restore does. Raises StoreRefused."""
    shutil.copyfile(backup, target)
    target.chmod(0o600)
    with closing(open_writer(target)) as connection:
        migrate(connection, target.parent / "migration.lock")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


async def _make(store: Path, final: Path, clock: Clock, sleep: Sleep) -> Backup:
    making, checking = final.with_name(final.name + _MAKING), final.with_name(final.name + _CHECKING)
    try:
        await asyncio.to_thread(_copy, store, making)
        await asyncio.to_thread(restore_to, making, checking)
        report = await look_with_pauses(checking, sleep)
        await asyncio.to_thread(_compare, store, making, report)
        backup = Backup(final.name, clock.wall_ms(), report.facts, report.head.seq, making.stat().st_size)
        await asyncio.to_thread(_keep, making, final, backup)
    finally:
        for each in (making, checking):
            aside.remove_with_log(each)
    return backup


def _copy(store: Path, making: Path) -> None:
    """One moment of the store in one file. Raises sqlite3.Error."""
    aside.remove_with_log(making)
    with closing(open_reader(store)) as reader:
        reader.execute("VACUUM INTO ?", (str(making),))
    making.chmod(0o600)
    durable_file.sync(making)


def _compare(store: Path, making: Path, report: Report) -> None:
    """The copy is whole, and it is a copy of this store up to its last fact. Raises BackupFailed."""
    faults = list(report.sentences)
    if report.views_differ:
        faults.append(f"{report.views_differ} lines of the views are not what the facts make")
    with closing(open_reader(making)) as copy, closing(open_reader(store)) as live:
        head = journal.head_of(copy)
        counts = [
            reader.execute("SELECT count(*) FROM journal WHERE seq <= ?", (head.seq,)).fetchone()[0]
            for reader in (copy, live)
        ]
        here = live.execute("SELECT hash FROM journal WHERE seq = ?", (head.seq,)).fetchone()
    if head != report.head or counts != [report.facts, report.facts] or here is None or here[0] != head.hash:
        faults.append(f"{counts[0]} facts were copied, {counts[1]} should have been and {report.facts} were restored")
    if faults:
        raise BackupFailed(
            f"The backup of {store} was made and is not kept: restored into a scratch store it is not whole"
            f" ({'; '.join(faults[:3])}). The store itself may be damaged: look at `edge-agent status`."
        )


def _keep(making: Path, final: Path, backup: Backup) -> None:
    """Give the backup its name, say that it was verified, and let go of the oldest."""
    making.rename(final)
    side = final.with_name(final.name + _VERIFIED)
    durable_file.write(side, json.dumps(asdict(backup)) + "\n")
    for old in backups(final.parent.parent / "any")[:-KEEP]:
        (final.parent / old.name).unlink()
        (final.parent / (old.name + _VERIFIED)).unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time, by whichever process. Raises BackupFailed."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupFailed("Another backup is being made right now; wait until it is done.") from None
    finally:
        os.close(descriptor)
