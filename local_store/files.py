"""Files beside the journal, each under the SHA-256 of its bytes, checked whenever it is read.

They can be erased: a fact names a file and does not hold it. What is too much is refused, never pushed out.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from local_store.checks import damaged, read_one
from local_store.domain import events as e
from local_store.domain.carrier_labels import Parcel, receive
from local_store.domain.codes import key_of
from local_store.domain.commands import MAX_FILE_BYTES, ReceiveCarrierLabel
from local_store.domain.floor import Decision
from local_store.domain.words import say

if TYPE_CHECKING:
    from local_store.transaction import Transaction

MAX_ALL_BYTES = 512 * 1024 * 1024
"""All files of a station together: a day's labels many times over, and a disk can bear it."""


class KeptFile(NamedTuple):
    """A file as it was given."""

    data: bytes
    content_type: str


def has_room(connection: sqlite3.Connection, more: int) -> bool:
    """Whether a file of so many bytes may be kept."""
    (kept,) = connection.execute("SELECT coalesce(sum(length(bytes)), 0) FROM file").fetchone()
    fits: bool = more <= MAX_FILE_BYTES and kept + more <= MAX_ALL_BYTES
    return fits


def keep(tx: Transaction, sha256: str, data: bytes, content_type: str) -> None:
    """Keep a file; one that is here already is as young as a new one from now on."""
    tx.connection.execute(
        "INSERT INTO file VALUES (?,?,?,?,?) ON CONFLICT(sha256) DO UPDATE SET bytes = excluded.bytes,"
        " kept_ms = excluded.kept_ms, kept_seq = excluded.kept_seq",
        (sha256, content_type, data, tx.wall_ms, tx.head.seq),
    )


def read(connection: sqlite3.Connection, sha256: str) -> KeptFile | None:
    """A file; None when it is not kept here (any more). Raises RowDamaged when it is not what was given."""
    what = f"file {sha256}"
    row = read_one(connection, what, "SELECT bytes, content_type FROM file WHERE sha256 = ?", sha256)
    if row is None:
        return None
    data, content_type = row
    if not is_sound(sha256, data):
        raise damaged(what)
    return KeptFile(data, content_type)


def is_sound(sha256: object, data: object) -> bool:
    """Whether bytes are those of this name."""
    return isinstance(data, bytes) and hashlib.sha256(data).hexdigest() == sha256


def take_label(tx: Transaction, command: ReceiveCarrierLabel) -> Decision:
    """Decide about a carrier's label, and keep its bytes with its fact."""
    decision = receive(tx.site, command, _parcel(tx.connection, command))
    if not decision.facts:
        return decision
    if not has_room(tx.connection, len(command.data)):
        return Decision(say("file.no_room", most=MAX_ALL_BYTES >> 20))
    keep(tx, command.sha256, command.data, command.content_type)
    return decision


class Transfer(NamedTuple):
    """A file on its way between this station and an HQ; see the table `file_transfer`."""

    lane: str
    way: str
    name: str
    of: str
    attempts: int


def add(tx: Transaction, data: bytes, content_type: str, of: str) -> str | None:
    """Keep a file and have it sent to every HQ that takes files; its SHA-256. None when there is no room for it.

    A disk that is nearly full is left to the work that is open.
    """
    if not tx.site.accepts_new_work or not has_room(tx.connection, len(data)):
        return None
    sha256 = hashlib.sha256(data).hexdigest()
    keep(tx, sha256, data, content_type)
    tx.connection.executemany(
        "INSERT OR IGNORE INTO file_transfer(lane, way, name, of, state) VALUES (?,'up',?,?,'wanted')",
        [(lane.name, sha256, of) for lane in tx.site.lanes if lane.takes_files and lane.sink],
    )
    return sha256


def follow(connection: sqlite3.Connection, lanes: frozenset[str], fact: e.Fact) -> None:
    """What a fact changes in the queue: a new shipment wants its label from a lane that buys labels."""
    if isinstance(fact, e.HqRefLearned) and fact.thing == "shipment" and fact.lane in lanes:
        connection.execute(
            "INSERT OR IGNORE INTO file_transfer(lane, way, name, of, state) VALUES (?,'down',?,?,'wanted')",
            (fact.lane, fact.hq_id, fact.local_id),
        )


def next_transfer(connection: sqlite3.Connection, lane: str, now_ms: int, longest_ms: int) -> Transfer | None:
    """What is due first. A time further away than any pause was set before the clock was."""
    row = connection.execute(
        "SELECT lane, way, name, of, attempts FROM file_transfer INDEXED BY file_transfer_wanted WHERE lane = ?"
        " AND state = 'wanted' AND (due_ms <= ? OR due_ms > ?) ORDER BY due_ms LIMIT 1",
        (lane, now_ms, now_ms + longest_ms),
    ).fetchone()
    return Transfer(*row) if row else None


def next_due_ms(connection: sqlite3.Connection, lane: str) -> int | None:
    """When the next try is due; None when nothing is wanted."""
    (due_ms,) = connection.execute(
        "SELECT min(due_ms) FROM file_transfer INDEXED BY file_transfer_wanted WHERE lane = ? AND state = 'wanted'",
        (lane,),
    ).fetchone()
    due: int | None = due_ms
    return due


def refusals(connection: sqlite3.Connection, lane: str) -> list[str]:
    """Why files of a lane do not go or come, a sentence each."""
    rows = connection.execute(
        "SELECT reason FROM file_transfer INDEXED BY file_transfer_refused WHERE lane = ? AND state = 'refused'"
        " ORDER BY way, name LIMIT 100",
        (lane,),
    )
    return [reason for (reason,) in rows]


def put_off(connection: sqlite3.Connection, job: Transfer, due_ms: int, reason: str) -> None:
    """Remember a failed try and when the next one is due; survives a restart."""
    _set(connection, job, "state = 'wanted', attempts = attempts + 1, due_ms = ?, reason = ?", due_ms, reason)


def refuse(connection: sqlite3.Connection, job: Transfer, reason: str) -> None:
    """It is not tried again before the next start."""
    _set(connection, job, "state = 'refused', attempts = attempts + 1, reason = ?", reason)


def done(connection: sqlite3.Connection, job: Transfer) -> None:
    """The file is where it was to go."""
    _set(connection, job, "state = 'done', reason = NULL")


def ask_again(connection: sqlite3.Connection, lane: str) -> None:
    """What was refused may have been mended meanwhile."""
    connection.execute(
        "UPDATE file_transfer SET state = 'wanted', due_ms = 0 WHERE lane = ? AND state = 'refused'", (lane,)
    )


def _set(connection: sqlite3.Connection, job: Transfer, columns: str, *values: str | int) -> None:
    connection.execute(
        f"UPDATE file_transfer SET {columns} WHERE lane = ? AND way = ? AND name = ? AND of = ?",  # noqa: S608 -- ours
        (*values, job.lane, job.way, job.name, job.of),
    )


def label_received(db: sqlite3.Connection, _seq: int, fact: e.CarrierLabelReceived) -> None:
    """Remember whose label is here; a scan of its tracking number means this package, unless it means something."""
    db.execute(
        "INSERT OR REPLACE INTO carrier_label VALUES (?,?,?,?,?,?)",
        (
            fact.fulfillment_id,
            fact.package_id,
            fact.lane,
            fact.tracking_number,
            fact.sha256,
            fact.content_type,
        ),
    )
    if fact.package_id and fact.tracking_number:
        db.execute(
            "INSERT INTO code SELECT :key, 'carrier_label', :package, 1"
            " WHERE NOT EXISTS (SELECT 1 FROM code WHERE key = :key)",
            {"key": key_of(fact.tracking_number), "package": fact.package_id},
        )


def _parcel(connection: sqlite3.Connection, command: ReceiveCarrierLabel) -> Parcel | None:
    """The parcel a label is for. A package id is ours; without one it is the fulfillment's own."""
    row = connection.execute(
        "SELECT f.fulfillment_id, f.picklist_id, f.order_id, coalesce(p.package_id, ''), f.workplace"
        " FROM fulfillment f LEFT JOIN package p ON p.fulfillment_id = f.fulfillment_id AND p.sscc IS NOT NULL"
        "  AND p.package_id = coalesce(nullif(:package, ''), f.package_id) WHERE f.fulfillment_id = :fulfillment",
        {"package": command.package_id, "fulfillment": command.fulfillment_id},
    ).fetchone()
    if row is None:
        return None
    labelled = connection.execute(
        "SELECT lane FROM carrier_label WHERE fulfillment_id = ? AND package_id = ?", (row[0], row[3])
    )
    fulfillment_id, picklist_id, order_id, package_id, workplace = row
    lanes = frozenset(lane for (lane,) in labelled)
    return Parcel(fulfillment_id, picklist_id, order_id, package_id, workplace, lanes)
