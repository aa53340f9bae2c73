"""What the store lets go of: promises that were kept, bytes of labels that came out, addresses nobody needs any more.

Journal and receipts are never pruned. Age is counted in nights that this station closed, one for each day on which it
ran, so that no clock can make a thing older than it is: it can only be kept longer.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from local_store.database import open_reader

if TYPE_CHECKING:
    from local_store.store import Store
    from local_store.transaction import Transaction

NIGHTS_OF_PROMISES = 90
NIGHTS_OF_LABELS = 30
NIGHTS_OF_ADDRESSES = 90
"""After HQ has every fact about all that was sent there, where the site says nothing else."""

NIGHTS_BEFORE_ANEW = 6
"""The file is written anew so many nights after a name was erased, which is once a week."""
MOST_ANEW = 512 * 2**20
"""Bytes: some seconds in which nobody is answered. A larger file is written anew by `edge-agent rebuild`."""

MOST = 100_000
"""Rows of one kind in one night: more than a station makes in a day, little enough to stay in memory."""
SLICE = 200
"""Rows in one transaction: a scan that comes at that moment waits for a few milliseconds."""
PAUSE_S = 0.05
GROWTH_NIGHTS = 7
"""The growth of the store is judged by so many nights, at most."""

Sleep = Callable[[float], Awaitable[None]]

_NOBODY_NEEDS = (
    "NOT EXISTS (SELECT 1 FROM fulfillment f WHERE f.party_id = party.party_id AND NOT ("
    "   f.session = 'packed'"
    "   AND EXISTS (SELECT 1 FROM spool_job s WHERE s.package_id = f.package_id)"
    "   AND NOT EXISTS (SELECT 1 FROM spool_job s WHERE s.package_id = f.package_id"
    "     AND s.state NOT IN ('confirmed', 'cancelled', 'voided'))"
    "   AND NOT EXISTS (SELECT 1 FROM outbox o INDEXED BY outbox_open"
    "     WHERE o.lane IN (SELECT value FROM json_each(:lanes)) AND o.entity = 'fulfillment:' || f.fulfillment_id"
    "     AND o.state IN ('pending', 'parked'))))"
)
"""Every fulfillment of this party is packed, its labels are settled, and every HQ has all its facts."""


class Rule(NamedTuple):
    """Which rows may go, as found by a reader, and what the writer does to each."""

    find: str
    prune: str
    """Says again when a row may go, since it may have changed after it was found."""


PROMISES = Rule(
    "SELECT lane, seq FROM outbox WHERE seq <= :cutoff AND state = 'delivered' LIMIT :most",
    "DELETE FROM outbox WHERE lane = :key AND seq = :more AND state = 'delivered'",
)
REQUESTS = Rule(
    "SELECT request_id, 0 FROM outbox_request WHERE request_id <= :cutoff AND state = 'answered' LIMIT :most",
    "DELETE FROM outbox_request WHERE request_id = :key AND state = 'answered'",
)
LABELS = Rule(
    "SELECT job_id, 0 FROM spool_job INDEXED BY spool_job_bytes"
    " WHERE zpl IS NOT NULL AND requested_seq <= :cutoff AND state IN ('confirmed', 'cancelled', 'voided')"
    " LIMIT :most",
    "UPDATE spool_job SET zpl = NULL WHERE job_id = :key AND state IN ('confirmed', 'cancelled', 'voided')",
)
NEEDED_AGAIN = Rule(
    "SELECT a.party_id, 0 FROM address_settled a LEFT JOIN party USING (party_id)"  # noqa: S608 -- ours
    f" WHERE party.party_id IS NULL OR NOT {_NOBODY_NEEDS} LIMIT :most",
    "DELETE FROM address_settled WHERE party_id = :key",
)
SETTLED = Rule(
    "SELECT party_id, 0 FROM party WHERE NOT EXISTS (SELECT 1 FROM address_settled a"  # noqa: S608 -- ours
    f"  WHERE a.party_id = party.party_id) AND {_NOBODY_NEEDS} LIMIT :most",
    "INSERT OR IGNORE INTO address_settled VALUES (:key, :cutoff)",
)
"""The cutoff is this night."""
_ERASED = (
    "SELECT f.fulfillment_id FROM address_settled a JOIN party USING (party_id)"  # noqa: S608 -- ours
    f" JOIN fulfillment f USING (party_id) WHERE a.night <= :cutoff AND {_NOBODY_NEEDS}"
)
ERASED_REQUESTS = Rule(
    "SELECT request_id, 0 FROM outbox_request WHERE state <> 'open'"  # noqa: S608 -- ours
    f" AND entity IN (SELECT 'fulfillment:' || e.fulfillment_id FROM ({_ERASED}) e) LIMIT :most",
    "DELETE FROM outbox_request WHERE request_id = :key AND state <> 'open'",
)
ERASED_LABELS = Rule(
    f"SELECT job_id, 0 FROM spool_job WHERE zpl IS NOT NULL AND fulfillment_id IN ({_ERASED}) LIMIT :most",  # noqa: S608
    LABELS.prune,
)
_FILE_IS_DONE_WITH = (
    "NOT EXISTS (SELECT 1 FROM spool_job s INDEXED BY spool_job_file WHERE s.file = file.sha256 AND s.file <> ''"
    "  AND s.state NOT IN ('confirmed', 'cancelled', 'voided'))"
    " AND NOT EXISTS (SELECT 1 FROM file_transfer t INDEXED BY file_transfer_up WHERE t.name = file.sha256"
    "  AND t.way = 'up' AND t.state = 'wanted' AND t.lane IN (SELECT value FROM json_each(:lanes)))"
)
"""No label that is not settled is made of it, and no HQ still waits for it."""
FILES = Rule(
    f"SELECT sha256, 0 FROM file WHERE kept_seq <= :cutoff AND {_FILE_IS_DONE_WITH} LIMIT :most",  # noqa: S608 -- ours
    f"DELETE FROM file WHERE sha256 = :key AND {_FILE_IS_DONE_WITH}",  # noqa: S608 -- ours
)
ADDRESSES = Rule(
    "SELECT a.party_id, 0 FROM address_settled a JOIN party USING (party_id)"  # noqa: S608 -- ours
    f" WHERE a.night <= :cutoff AND {_NOBODY_NEEDS} LIMIT :most",
    f"DELETE FROM party WHERE party_id = :key AND {_NOBODY_NEEDS}",  # noqa: S608 -- ours
)
ERASED_FILES = Rule(
    f"SELECT c.sha256, 0 FROM carrier_label c JOIN file USING (sha256) WHERE c.fulfillment_id IN ({_ERASED})"  # noqa: S608
    f" AND {_FILE_IS_DONE_WITH} LIMIT :most",
    f"DELETE FROM file WHERE sha256 = :key AND {_FILE_IS_DONE_WITH}",  # noqa: S608 -- ours
)
_ERASURE = (ERASED_REQUESTS, ERASED_LABELS, ERASED_FILES, ADDRESSES)
"""The address last, for it tells which requests, labels and carriers' files show it."""


async def close_night(store: Store, sleep: Sleep, address_nights: int = NIGHTS_OF_ADDRESSES) -> bool:
    """The nightly work: note how far the store has come, then let go of what is old enough.

    Returns False while free parts of the file may hold names that were erased, since it is too large to be written
    anew while people work.
    """
    await store.run(_note_night)
    nights = store.reader.execute(
        "SELECT last_seq, last_request FROM night ORDER BY n DESC LIMIT ?", (NIGHTS_OF_PROMISES + 1,)
    ).fetchall()
    for rule, age, column in (
        (PROMISES, NIGHTS_OF_PROMISES, 0),
        (REQUESTS, NIGHTS_OF_PROMISES, 1),
        (LABELS, NIGHTS_OF_LABELS, 0),
        (FILES, NIGHTS_OF_LABELS, 0),
    ):
        if len(nights) > age:
            await _apply(store, rule, nights[age][column], sleep)
    return await _erase_addresses(store, sleep, address_nights)


async def _erase_addresses(store: Store, sleep: Sleep, nights: int) -> bool:
    """Erase the addresses that nobody has needed for so many nights, wherever they stand.

    What is deleted is overwritten; but SQLite may have left a copy of a row in a free part of a page when it moved
    it. So the file is written anew, once a week.
    """
    (tonight,) = store.reader.execute("SELECT max(n) FROM night").fetchone()
    await _apply(store, NEEDED_AGAIN, tonight, sleep)
    await _apply(store, SETTLED, tonight, sleep)
    found = [await _apply(store, rule, tonight - nights, sleep) for rule in _ERASURE]
    if any(found):
        await store.run(
            lambda tx: tx.connection.execute("INSERT OR IGNORE INTO erased VALUES (?)", (tonight,)) and None
        )
        await store.between(_fold)
    (since,) = store.reader.execute("SELECT min(night) FROM erased").fetchone()
    if since is None or since > tonight - NIGHTS_BEFORE_ANEW:
        return True
    if not _may_be_written_anew(store.path) or not await store.between(_write_anew):
        return False
    await store.run(partial(_note, sql="DELETE FROM erased WHERE night <= :n", n=tonight))
    return True


def _note(tx: Transaction, *, sql: str, n: int) -> None:
    tx.connection.execute(sql, {"n": n})


def _may_be_written_anew(path: Path) -> bool:
    """Everybody waits meanwhile, and it takes as much room again twice: for the copy and for the log."""
    size = path.stat().st_size
    return size <= MOST_ANEW and shutil.disk_usage(path.parent).free > 3 * size


def _write_anew(connection: sqlite3.Connection) -> bool:
    connection.execute("VACUUM")
    return _fold(connection)


def _fold(connection: sqlite3.Connection) -> bool:
    """Fold the log into the file and empty it; False while somebody reads."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


async def drop_label_bytes(store: Store, sleep: Sleep) -> None:
    """The disk is getting full: let go of the bytes of every label that came out; a reprint makes them anew.

    A carrier's file cannot be made anew, so it stays its nights.
    """
    await _apply(store, LABELS, 1 << 62, sleep)


def bytes_a_day(reader: sqlite3.Connection) -> int | None:
    """How much the store grew for each of the last nights; None before the second night."""
    rows = reader.execute("SELECT n, bytes_used FROM night ORDER BY n DESC LIMIT ?", (GROWTH_NIGHTS + 1,)).fetchall()
    if len(rows) < 2:  # noqa: PLR2004 -- growth needs a before and an after
        return None
    (last, bytes_now), (first, bytes_then) = rows[0], rows[-1]
    grown: int = max(0, bytes_now - bytes_then) // (last - first)
    return grown


def _note_night(tx: Transaction) -> None:
    (requests,) = tx.connection.execute("SELECT coalesce(max(request_id), 0) FROM outbox_request").fetchone()
    (pages,) = tx.connection.execute("PRAGMA page_count").fetchone()
    (free,) = tx.connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = tx.connection.execute("PRAGMA page_size").fetchone()
    tx.connection.execute(
        "INSERT INTO night(last_seq, last_request, bytes_used) VALUES (?,?,?)",
        (tx.head.seq, requests, (pages - free) * size),
    )


async def _apply(store: Store, rule: Rule, cutoff: int, sleep: Sleep) -> int:
    """Find what may go in a thread with a connection of its own; have the writer let go of it in small slices.

    Returns how many were found.
    """
    values = {"cutoff": cutoff, "lanes": json.dumps([lane.name for lane in store.site.lanes]), "most": MOST}
    found = await asyncio.to_thread(_found, store.path, rule, values)
    for start in range(0, len(found), SLICE):
        await store.run(partial(_prune, rule=rule, found=found[start : start + SLICE], values=values))
        await sleep(PAUSE_S)
    return len(found)


def _found(path: Path, rule: Rule, values: dict[str, Any]) -> list[tuple[Any, Any]]:
    with closing(open_reader(path)) as reader:
        return [tuple(row) for row in reader.execute(rule.find, values)]


def _prune(tx: Transaction, *, rule: Rule, found: list[tuple[Any, Any]], values: dict[str, Any]) -> None:
    tx.connection.executemany(rule.prune, [{**values, "key": key, "more": more} for key, more in found])
