"""Making a new store: under another name, complete and flushed, before it gets its own name.

The first minutes of a database are special: an old rollback journal may come back after a power cut and wipe what was
answered since, unless everything was made with synchronous=EXTRA and the folder was synced (reliability 0.4, 4.1 R5).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from config import durable_file
from local_store.database import FILE_NAME, StoreRefused
from local_store.migrations import migrate

MAKING = f"{FILE_NAME}.new"
"""What a store is called until it is whole. One that is left by a crash holds no fact."""
_COMPANIONS = ("-journal", "-wal", "-shm")


def make_if_missing(folder: Path) -> bool:
    """Make an empty store in `folder` unless there is one; whether it was made. The folder's lock must be held.

    Raises StoreRefused when the folder holds the remains of a store and not the store itself.
    """
    path = folder / FILE_NAME
    _remove_half_made(folder)
    log_bytes = _size(path.with_name(path.name + "-wal"))
    if path.exists():
        _require_contents(path, log_bytes)
        return False
    _require_no_log(path, log_bytes)
    making = folder / MAKING
    make_empty(making)
    durable_file.sync(making)
    making.rename(path)
    durable_file.sync(folder)
    return True


def make_empty(path: Path) -> None:
    """Make an empty store with the newest schema where there is no file yet; not flushed. Raises StoreRefused."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=EXTRA")
        migrate(connection, path.parent / "migration.lock")
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error as error:
        raise StoreRefused(
            f"{path.parent}: a store cannot be made there ({error}). Make room on the disk, or look at its cabling."
        ) from error
    finally:
        connection.close()


def make_folder(folder: Path) -> None:
    """Make the data folder, for its user only, so that a power cut cannot take it back."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in missing:
        durable_file.sync(each.parent)


def _remove_half_made(folder: Path) -> None:
    for name in (MAKING, *(MAKING + companion for companion in _COMPANIONS)):
        (folder / name).unlink(missing_ok=True)


def _require_contents(path: Path, log_bytes: int) -> None:
    """A store gets its name when it is whole, so an empty file was emptied later: never go on as if it were new."""
    if _size(path) + log_bytes == 0:
        raise StoreRefused(
            f"{path}: the file is empty, and a store never is. Keep it, and put the last good backup in its place."
        )


def _require_no_log(path: Path, log_bytes: int) -> None:
    """A log beside no file: its facts are not lost yet, and a new file would be mixed up with it."""
    if log_bytes:
        raise StoreRefused(
            f"{path}: the file is gone and its log {path.name}-wal is still there. Bring the file back, or keep the "
            "log elsewhere and put the last good backup in the file's place."
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
