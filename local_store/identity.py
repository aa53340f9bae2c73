"""Which machine and file this store is, and the fence that stands while it may be behind or one of two.

A lineage is a line of epochs that follow one another in one file. A restored, copied or salvaged store begins a new
one: its chain parts from what HQ was told, and no number of an old block is used (reliability 4.2, 4.4).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from local_store import numbers, spool
from local_store.domain import events as e

if TYPE_CHECKING:
    from local_store.transaction import Transaction

FenceReason = Literal["restore", "clone", "salvage"]
Reason = Literal["install", "start", "restore", "clone", "salvage"]

FENCING = frozenset({"restore", "clone", "salvage"})
"""Reasons of an epoch that begins fenced."""
MACHINE_ID = Path("/etc/machine-id")
EPOCH_BYTES = 16
MOVED = "The store of this station was copied, or moved to another machine or disk."


class Epoch(NamedTuple):
    """The run that begins: its place and random id, why it begins, and why it is fenced if it is."""

    ordinal: int
    epoch_id: str
    reason: Reason
    host: str
    sentence: str = ""


def new_epoch_id() -> str:
    """128 random bits as hex."""
    return os.urandom(EPOCH_BYTES).hex()


def host_fingerprint(store: Path, machine_id: Path = MACHINE_ID) -> str:
    """Tells this file on this machine from a copy of it: machine id, file system id and inode of the store file.

    A copied file has another inode, one that moved to another machine another machine id; a file that was restarted,
    vacuumed or renamed stays what it was. An image of the whole disk has all three: only HQ can tell that one.
    """
    try:
        machine = machine_id.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        machine = ""
    parts = (machine, os.statvfs(store).f_fsid, store.stat().st_ino)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def next_epoch(connection: sqlite3.Connection, host: str, wall_ms: int, app_version: str) -> Epoch:
    """The epoch that this start begins, kept together with the wish for a fence if it needs one.

    A crash before `begin` was committed leaves the wish, and the next start fences.
    """
    connection.execute("BEGIN IMMEDIATE")
    last = connection.execute("SELECT ordinal, host_fp FROM epoch ORDER BY ordinal DESC LIMIT 1").fetchone()
    if last is not None and last[1] not in {"", host} and _wanted(connection) is None:
        raise_fence(connection, "clone", MOVED, wall_ms)
    wanted = _wanted(connection)
    reason, sentence = wanted or ("install" if last is None else "start", "")
    epoch = Epoch(last[0] + 1 if last else 1, new_epoch_id(), reason, host, sentence)
    _insert(connection, epoch, wall_ms, app_version)
    connection.execute("COMMIT")
    return epoch


def begin(tx: Transaction, epoch: Epoch, app_version: str) -> None:
    """The first facts of a run: that it started, the fence if it needs one, and the number ranges of edge.toml."""
    tx.append(
        e.StationStarted(
            epoch=epoch.ordinal,
            epoch_id=epoch.epoch_id,
            app_version=app_version,
            reason=epoch.reason,
            host=epoch.host,
            lanes=tuple(lane.name for lane in tx.site.lanes if lane.sink),
        )
    )
    if epoch.reason in FENCING:
        tx.connection.execute("DELETE FROM fence_wanted")
        _fence(tx, epoch)
    numbers.take_in_ranges(tx)


def raise_fence(connection: sqlite3.Connection, reason: FenceReason, sentence: str, wall_ms: int) -> None:
    """For whoever puts a file in place while no agent runs on it: its next start is fenced. The caller commits."""
    connection.execute("INSERT OR REPLACE INTO fence_wanted VALUES (1,?,?,?)", (reason, sentence, wall_ms))


def fence_now(tx: Transaction, reason: FenceReason, sentence: str) -> str:
    """While the agent runs: begin a new epoch and lineage, fenced. Returns the lineage."""
    ordinal, host, version = tx.connection.execute(
        "SELECT ordinal, host_fp, app_version FROM epoch ORDER BY ordinal DESC LIMIT 1"
    ).fetchone()
    epoch = Epoch(ordinal + 1, new_epoch_id(), reason, host, sentence)
    _insert(tx.connection, epoch, tx.wall_ms, version)
    _fence(tx, epoch)
    return epoch.epoch_id


def fence_held(connection: sqlite3.Connection) -> str | None:
    """Why printing waits and no old number may be used; None when no fence stands."""
    row = connection.execute(
        "SELECT sentence FROM fence WHERE settled_seq IS NULL ORDER BY raised_seq DESC LIMIT 1"
    ).fetchone()
    return row[0] if row else None


def lineage_of(connection: sqlite3.Connection) -> str:
    """The lineage this store is in: that of its last fence, else its first epoch."""
    row = connection.execute("SELECT lineage FROM fence ORDER BY raised_seq DESC LIMIT 1").fetchone()
    if row is None:
        row = connection.execute("SELECT epoch_id FROM epoch ORDER BY ordinal LIMIT 1").fetchone()
    return cast("str", row[0])


def host_of(connection: sqlite3.Connection) -> str:
    """The fingerprint this run began with."""
    row = connection.execute("SELECT host_fp FROM epoch ORDER BY ordinal DESC LIMIT 1").fetchone()
    return cast("str", row[0])


def settle(tx: Transaction, by: str, *, recovered: int = 0, note: str = "") -> bool:
    """Take the fence away; whether one stood. `by` is the lane whose HQ had the history, or `person`."""
    if fence_held(tx.connection) is None:
        return False
    tx.append(e.FenceSettled(lineage=lineage_of(tx.connection), by=by, recovered=recovered, note=note))
    return True


# --- what the facts add up to; called by `projections` -----------------------------------------------------------


def fenced(db: sqlite3.Connection, seq: int, fact: e.StationFenced) -> None:
    """A fence stands."""
    db.execute(
        "INSERT INTO fence(lineage, reason, sentence, raised_seq) VALUES (?,?,?,?)",
        (fact.epoch_id, fact.reason, fact.sentence, seq),
    )


def settled(db: sqlite3.Connection, seq: int, _fact: e.FenceSettled) -> None:
    """No fence stands any more."""
    db.execute("UPDATE fence SET settled_seq = ? WHERE settled_seq IS NULL", (seq,))


def _wanted(connection: sqlite3.Connection) -> tuple[Reason, str] | None:
    row: tuple[Reason, str] | None = connection.execute("SELECT reason, sentence FROM fence_wanted").fetchone()
    return row


def _insert(connection: sqlite3.Connection, epoch: Epoch, wall_ms: int, app_version: str) -> None:
    connection.execute(
        "INSERT INTO epoch(ordinal, epoch_id, started_ms, app_version, reason, host_fp) VALUES (?,?,?,?,?,?)",
        (epoch.ordinal, epoch.epoch_id, wall_ms, app_version, epoch.reason, epoch.host),
    )


def _fence(tx: Transaction, epoch: Epoch) -> None:
    tx.append(
        e.StationFenced(
            epoch=epoch.ordinal,
            epoch_id=epoch.epoch_id,
            reason=cast("FenceReason", epoch.reason),
            sentence=epoch.sentence,
        )
    )
    numbers.burn_all(tx)
    spool.doubt_all(
        tx, f"{epoch.sentence} This label may have come out before, without this store knowing. Look for it."
    )
