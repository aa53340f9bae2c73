"""Filling a new store from what a damaged one still held: the journal and its gaps, then all that hangs on it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from local_store import files, harvest, journal, projections
from local_store.domain.events import MissingFacts
from local_store.identity import Reason
from local_store.journal import Head, Row

_BY_FACTS = frozenset(
    {"epoch", "journal", "receipt", "outbox", "outbox_request", "spool_job", "spool_attempt", "party", "file"}
)
_OF_A_RUN = frozenset({"spool_run", "fence_wanted"})
"""Tables that the next start fills anew."""
_FILE_COLUMNS = 5


@dataclass(frozen=True)
class Refilled:
    """What went into the new store: the end of its chain, how many rows, and the gaps between them."""

    head: Head
    rows: int
    gaps: tuple[MissingFacts, ...]


def refill(db: sqlite3.Connection, source: Path, epochs: list[harvest.Epoch], last_known: int) -> Refilled:
    """Fill `db`, a new store with `found` attached, with all but what follows from facts.

    `last_known` is a seq that the journal surely had reached.
    """
    _fill_epochs(db, epochs)
    done = _fill_journal(db, epochs, last_known)
    db.execute("INSERT OR IGNORE INTO receipt SELECT * FROM found.receipt")
    db.execute("INSERT OR IGNORE INTO party SELECT * FROM found.party")
    _fill_requests(db)
    _fill_rest(db, source, complete=not done.gaps)
    _fill_stock_from(db, source, done.head.seq)
    _fill_files(db, source)
    return done


def _fill_epochs(db: sqlite3.Connection, epochs: list[harvest.Epoch]) -> None:
    """The rows of the runs; one whose row is lost is known by its facts."""
    for epoch in epochs:
        row = db.execute(
            "SELECT started_ms, app_version, CASE WHEN reason IN (SELECT value FROM json_each(?)) THEN reason"
            " ELSE 'start' END, host_fp FROM found.epoch WHERE ordinal = ? AND epoch_id = ?",
            (json.dumps(get_args(Reason)), epoch.ordinal, epoch.epoch_id),
        ).fetchone()
        if row is None:
            (first_ms,) = db.execute(
                "SELECT wall_ms FROM found.journal WHERE seq = ? AND epoch_id = ?", (epoch.first_seq, epoch.epoch_id)
            ).fetchone()
            row = (first_ms, "", "start", "")
        db.execute(
            "INSERT INTO epoch(ordinal, epoch_id, started_ms, app_version, reason, host_fp) VALUES (?,?,?,?,?,?)",
            (epoch.ordinal, epoch.epoch_id, *row),
        )


def _fill_journal(db: sqlite3.Connection, epochs: list[harvest.Epoch], last_known: int) -> Refilled:
    """The rows that make one chain, in order, and the gaps between them."""
    rows = db.execute(
        "SELECT * FROM found.journal WHERE epoch_id IN (SELECT value FROM json_each(?)) ORDER BY seq",
        (json.dumps([epoch.epoch_id for epoch in epochs]),),
    )
    chain = _Chain(db)
    for row in rows:
        chain.add(Row._make(row[:-1]), row[-1])
    chain.write(keep=0)
    told = max(last_known, _last_told(db))
    head = chain.head
    if told > head.seq:
        chain.gaps.append(_gap(head, told))
        head = Head(told, head.hash)
    return Refilled(head, chain.rows, tuple(chain.gaps))


class _Chain:
    """Writes rows one behind, since a row that the next one does not follow is given up."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._heads = [Head()]
        self._batch: list[tuple[Any, ...]] = []
        self.rows, self.gaps = 0, list[MissingFacts]()

    @property
    def head(self) -> Head:
        """The last row."""
        return self._heads[-1]

    def add(self, row: Row, ordinal: int) -> None:
        """The next row found."""
        if row.seq == self.head.seq:
            return
        if row.seq == self.head.seq + 1 and row.prev_hash != self.head.hash and self._batch:
            self._give_up_last()
        if row.seq > self.head.seq + 1:
            self._tell_gap(row.seq - 1)
        self._heads = [self.head, Head(row.seq, row.hash)]
        self._batch.append((row.seq, ordinal, *row[2:]))
        if len(self._batch) > harvest.BATCH:
            self.write(keep=1)

    def write(self, *, keep: int) -> None:
        """Write all but the last `keep` rows."""
        many = len(self._batch) - keep
        self._db.executemany(journal.INSERT, self._batch[:many])
        self._batch = self._batch[many:]
        self.rows += many

    def _give_up_last(self) -> None:
        self._batch.pop()
        self._heads = self._heads[:1]

    def _tell_gap(self, last_seq: int) -> None:
        if self.gaps and self.gaps[-1].first_seq == self.head.seq + 1:
            self.gaps.pop()
        self.gaps.append(_gap(self.head, last_seq))


def _gap(before: Head, last_seq: int) -> MissingFacts:
    return MissingFacts(first_seq=before.seq + 1, last_seq=last_seq, hash_before=before.hash.hex())


def _last_told(db: sqlite3.Connection) -> int:
    """The highest seq that an answer, a promise or a label job names."""
    (seq,) = db.execute(
        "SELECT max(coalesce((SELECT max(last_seq) FROM found.receipt), 0),"
        " coalesce((SELECT max(seq) FROM found.outbox), 0), coalesce((SELECT max(requested_seq) FROM found.job), 0))"
    ).fetchone()
    told: int = seq
    return told


def _fill_requests(db: sqlite3.Connection) -> None:
    """Of two versions of a request the more settled one is right."""
    for state in reversed(harvest.REQUEST_STATES):
        db.execute("INSERT OR IGNORE INTO outbox_request SELECT * FROM found.request WHERE state = ?", (state,))


def _fill_rest(db: sqlite3.Connection, source: Path, *, complete: bool) -> None:
    """Everything that nothing proves. Where facts are missing HQ is asked for all of its work again."""
    tables = db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
    done = {*_BY_FACTS, *_OF_A_RUN, *projections.PROJECTIONS, "_sqlite_migrations"}
    for (table,) in tables:
        if table in done or table.startswith("sqlite_") or (table == "pull_cursor" and not complete):
            continue
        columns = len(db.execute(f"PRAGMA main.table_info({table})").fetchall())
        insert = f"INSERT OR IGNORE INTO {table} VALUES ({','.join('?' * columns)})"  # noqa: S608 -- ours
        for row in harvest.read_rest(source, table):
            with suppress(sqlite3.IntegrityError, sqlite3.ProgrammingError):  # not what was written
                db.execute(insert, row)
    old = [row for row in harvest.read_rest(source, "party") if len(row) < 4 or row[3] is None]  # noqa: PLR2004
    db.executemany("INSERT OR IGNORE INTO party VALUES (?,?,?,NULL)", [row[:3] for row in old])


def _fill_stock_from(db: sqlite3.Connection, source: Path, last_seq: int) -> None:
    """Corrections of stock are differences, so the ledger must begin where it began before.

    Where nothing tells, because the file is older than the ledger or the row is lost, it begins now: with nothing.
    """
    row = next((row for row in harvest.read_rest(source, "stock_from") if isinstance(row[-1], int)), None)
    db.execute("UPDATE stock_from SET seq = ?", (row[-1] if row else last_seq,))


def _fill_files(db: sqlite3.Connection, source: Path) -> None:
    """The files whose bytes are still those of their names, one by one, since together they may not fit in memory."""
    for row in harvest.read_each(source, "file"):
        if len(row) == _FILE_COLUMNS and files.is_sound(row[0], row[2]):
            with suppress(sqlite3.IntegrityError):  # its other columns are not what was written
                db.execute("INSERT OR IGNORE INTO file VALUES (?,?,?,?,?)", row)
