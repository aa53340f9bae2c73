"""Putting a new store in the place of the present one, which is kept under another name and never deleted.

A log belongs to one file: a new store must never meet the old one's. So the old file gets its second name first, then
its log leaves, then the new file takes the place in one step. A crash in between is undone at the next start.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from config import durable_file

_LOG, _INDEX = "-wal", "-shm"
_READ_ONLY = 0o400


def swap(path: Path, new: Path, kept: Path) -> None:
    """`new` (closed, without a log) becomes the store; what was at `path`, if anything, stays read-only at `kept`."""
    durable_file.sync(new)
    log, index = _beside(path)
    kept_log, _ = _beside(kept)
    if path.exists():
        kept.hardlink_to(path)
        durable_file.sync(path.parent)
    if log.exists() and log.stat().st_size:
        log.rename(kept_log)
    log.unlink(missing_ok=True)
    index.unlink(missing_ok=True)
    durable_file.sync(path.parent)
    new.replace(path)
    durable_file.sync(path.parent)
    for each in (kept, kept_log):
        if each.exists():
            each.chmod(_READ_ONLY)


def undo_interrupted_swap(path: Path) -> None:
    """At start: a store that still has its second name gets its log back and loses that name."""
    log, _ = _beside(path)
    for kept in kept_files(path):
        if path.exists() and kept.samefile(path):
            kept_log, _ = _beside(kept)
            if kept_log.exists() and not log.exists():
                kept_log.rename(log)
            kept.unlink()
            durable_file.sync(path.parent)


def kept_files(path: Path) -> list[Path]:
    """Every store that was replaced in this folder, oldest first."""
    found = [*path.parent.glob(f"{path.name}.damaged-*"), *path.parent.glob(f"{path.name}.replaced-*")]
    return sorted(each for each in found if ".json" not in each.suffixes and not each.name.endswith((_LOG, _INDEX)))


def free_name(path: Path, why: Literal["damaged", "replaced"], wall_ms: int) -> Path:
    """A name for what is to be kept: `edge.sqlite3.damaged-20261122T010203Z`."""
    name, n = f"{path.name}.{why}-{stamp(wall_ms)}", 1
    while path.with_name(name).exists():
        n += 1
        name = f"{path.name}.{why}-{stamp(wall_ms)}-{n}"
    return path.with_name(name)


def stamp(wall_ms: int) -> str:
    """A moment in a file name: `20261122T010203Z`."""
    return datetime.fromtimestamp(wall_ms // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def remove_with_log(path: Path) -> None:
    """Remove a scratch store."""
    for each in (path, *_beside(path)):
        each.unlink(missing_ok=True)


def _beside(path: Path) -> tuple[Path, Path]:
    return path.with_name(path.name + _LOG), path.with_name(path.name + _INDEX)
