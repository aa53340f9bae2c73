"""What a damaged file still holds: rows that prove themselves, staged in a scratch database attached as `found`.

A journal row is proved by its hash, an answer, a request and a party by their checksums. What a promise or a label
job says is proved later by the fact it belongs to. The rest (cursors, counters, nights) is read through SQLite as far
as it can be.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from local_store import journal
from local_store.checks import crc, is_damage
from local_store.pages import PAGE_BYTES, Cell, PageFile

BATCH = 2_000
EPOCH_ID_CHARS, ID_BYTES = 32, 16
PROMISE_STATES = ("pending", "parked", "not_deliverable", "delivered")
"""From least to most settled: of two versions of a promise the more settled one is kept."""
REQUEST_STATES = ("open", "refused", "answered")

_STAGE = """
DROP TABLE IF EXISTS found.journal; DROP TABLE IF EXISTS found.epoch; DROP TABLE IF EXISTS found.receipt;
DROP TABLE IF EXISTS found.outbox; DROP TABLE IF EXISTS found.request; DROP TABLE IF EXISTS found.party;
DROP TABLE IF EXISTS found.job; DROP TABLE IF EXISTS found.attempt;
CREATE TABLE found.journal (seq, epoch_id, event_id, command_id, kind, version, actor, station, correlation_id,
    wall_ms, wall_quality, mono_ms, body, prev_hash, hash, ordinal, PRIMARY KEY (seq, hash)) WITHOUT ROWID;
CREATE INDEX found.journal_epoch ON journal(epoch_id, ordinal, seq);
CREATE TABLE found.epoch (ordinal, epoch_id, started_ms, app_version, reason, host_fp,
    PRIMARY KEY (ordinal, epoch_id)) WITHOUT ROWID;
CREATE TABLE found.receipt (command_id PRIMARY KEY, fingerprint, status, answer, first_seq, last_seq, crc)
    WITHOUT ROWID;
CREATE TABLE found.outbox (seq, lane, entity, follows, state, request_id, reason,
    PRIMARY KEY (seq, lane, entity, state)) WITHOUT ROWID;
CREATE TABLE found.request (request_id, lane, entity, method, path, body, body_hash, idempotency_key, created_ms,
    state, attempts, due_ms, last_status, last_answer, crc, PRIMARY KEY (request_id, state)) WITHOUT ROWID;
CREATE TABLE found.party (party_id PRIMARY KEY, name, address, crc) WITHOUT ROWID;
CREATE TABLE found.job (job_id PRIMARY KEY, fulfillment_id, picklist_id, package_id, sscc, workplace, copy_no, state,
    requested_seq, changed_ms, label_class, template, label_values) WITHOUT ROWID;
CREATE TABLE found.attempt (job_id, n, epoch, copy_no, bytes_hash, count_before, count_after, started_ms, outcome,
    printer, PRIMARY KEY (job_id, n)) WITHOUT ROWID;
"""


class Epoch(NamedTuple):
    """The journal rows of one run that were found."""

    epoch_id: str
    ordinal: int
    rows: int
    first_seq: int
    last_seq: int


def harvest(connection: sqlite3.Connection, path: Path, station: str, runs: Mapping[int, str]) -> list[Epoch]:
    """Stage every row of the damaged store at `path` that proves itself, in scratch tables of `connection`.

    Returns the runs that make one journal, see `choose_epochs`. A log that brings in facts of another store is left
    out altogether. `runs` are ids of runs that are known beside the file: a fact is proved with the id of its run.
    """
    connection.execute("ATTACH '' AS found")
    for with_log in (True, False):
        _stage(connection, path, runs, with_log=with_log)
        chosen = choose_epochs(connection, station)
        (many,) = connection.execute("SELECT count(DISTINCT epoch_id) FROM found.journal").fetchone()
        if len(chosen) == many:
            break
    return chosen


def _stage(connection: sqlite3.Connection, path: Path, runs: Mapping[int, str], *, with_log: bool) -> None:
    connection.executescript(_STAGE)
    for page_bytes in (None, *PAGE_BYTES):
        with closing(PageFile(path, page_bytes, with_log=with_log)) as pages:
            _Stage(connection, runs).take(pages.cells())
        if connection.execute("SELECT 1 FROM found.journal").fetchone():
            return


def choose_epochs(connection: sqlite3.Connection, station: str) -> list[Epoch]:
    """The runs that make one journal, in order: a log of another store may have brought in rows of its own.

    This station's and then the longest are taken first; what overlaps them, or is out of order, is not taken.
    """
    rows = connection.execute(
        "SELECT epoch_id, ordinal, count(*), min(seq), max(seq), sum(station = ?) AS ours FROM found.journal"
        " GROUP BY epoch_id, ordinal ORDER BY ours > 0 DESC, count(*) DESC",
        (station,),
    )
    chosen: list[Epoch] = []
    for *members, _ in rows.fetchall():
        epoch = Epoch(*members)
        if all(_in_order(epoch, other) or _in_order(other, epoch) for other in chosen):
            chosen.append(epoch)
    return sorted(chosen, key=lambda epoch: epoch.ordinal)


def read_rest(path: Path, table: str) -> list[tuple[Any, ...]]:
    """The rows of a small table as far as SQLite can reach them, each once."""
    return list(dict.fromkeys(read_each(path, table)))


def read_each(path: Path, table: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a table as far as SQLite can reach them from both ends of its key, some of them twice."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as damaged:
        for order in ("ASC", "DESC"):
            try:
                for row in damaged.execute(f"SELECT * FROM {table} ORDER BY 1 {order}"):  # noqa: S608 -- our own names
                    yield tuple(row)
            except sqlite3.DatabaseError as error:
                if not is_damage(error) and "no such table" not in str(error):
                    raise


def _in_order(first: Epoch, second: Epoch) -> bool:
    return first.ordinal < second.ordinal and first.last_seq < second.first_seq


class _Stage:
    """Sorts cells by what they are and stages those that are proved."""

    def __init__(self, connection: sqlite3.Connection, runs: Mapping[int, str]) -> None:
        self._db = connection
        self._epochs = {ordinal: {run} for ordinal, run in runs.items()}
        self._waiting: list[tuple[Any, ...]] = []
        self._batches: dict[str, list[tuple[Any, ...]]] = {}

    def take(self, cells: Iterable[Cell]) -> None:
        """Stage all of them; a journal row whose run is not known yet waits for it."""
        for cell in cells:
            if cell.rowid is None:
                self._take_keyed(cell.values)
            elif cell.values and cell.values[0] is None:
                self._take_numbered((cell.rowid, *cell.values[1:]))
            elif _fits(cell.values, "ss?sssis**ii", 12, 40):
                row = (*cell.values[:8], *cell.values[10:15])
                self._put("job", (*row, None, None, None)[:13])
        for row in self._waiting:
            self._prove_fact(row)
        for table in list(self._batches):
            self._write(table)

    def _take_numbered(self, values: tuple[Any, ...]) -> None:
        """A row of a table that is numbered: fact, run or request."""
        if _fits(values, "iibbsi", 15, 15) and isinstance(values[-1], bytes):
            if not self._prove_fact(values):
                self._waiting.append(values)
        elif _fits(values, "isisss", 4, 6) and len(values[1]) == EPOCH_ID_CHARS:
            self._epochs.setdefault(values[0], set()).add(values[1])
            self._put("epoch", (*values, *("start", "")[len(values) - 4 :]))
        elif _fits(values, "isssssbsisiin?", 14, 15) and hashlib.sha256(values[5].encode()).digest() == values[6]:
            row = (*values, None)[:15]
            if row[9] in REQUEST_STATES and row[14] in {None, crc(*row[1:5], row[7])}:
                self._put("request", row)

    def _take_keyed(self, values: tuple[Any, ...]) -> None:
        """A row of a table whose key comes first: answer, promise, party or attempt."""
        if _fits(values, "bbss", 6, 7) and len(values[0]) == ID_BYTES:
            row = (*values, None)[:7]
            if row[6] in {None, crc(*row[:6])}:
                self._put("receipt", row)
        elif _fits(values, "sis?sn?", 7, 7) and values[4] in PROMISE_STATES:
            lane, seq, *rest = values
            self._put("outbox", (seq, lane, *rest))
        elif _fits(values, "sss", 4, 4) and values[3] == crc(*values[:3]):
            self._put("party", values)
        elif _fits(values, "siiibnni?s", 9, 10):
            self._put("attempt", (*values, "")[:10])

    def _prove_fact(self, values: tuple[Any, ...]) -> bool:
        """Stage a journal row if its hash fits with an id that its run may have."""
        ordinal, kind, body = values[1], values[4], values[12]
        candidates = set(self._epochs.get(ordinal, ()))
        if kind == "station.started":
            candidates |= _told_epoch(body, ordinal)
        for epoch_id in candidates:
            row = journal.Row(values[0], epoch_id, *values[2:])
            if journal.is_sound(row):
                self._epochs.setdefault(ordinal, set()).add(epoch_id)
                self._put("journal", (*row, ordinal))
                return True
        return False

    def _put(self, table: str, row: tuple[Any, ...]) -> None:
        batch = self._batches.setdefault(table, [])
        batch.append(row)
        if len(batch) >= BATCH:
            self._write(table)

    def _write(self, table: str) -> None:
        batch = self._batches.pop(table)
        marks = ",".join("?" * len(batch[0]))
        self._db.executemany(f"INSERT OR IGNORE INTO found.{table} VALUES ({marks})", batch)  # noqa: S608 -- ours


_TYPES: dict[str, Callable[[Any], bool]] = {
    "i": lambda value: isinstance(value, int),
    "s": lambda value: isinstance(value, str),
    "b": lambda value: isinstance(value, bytes),
    "?": lambda value: value is None or isinstance(value, str),
    "n": lambda value: value is None or isinstance(value, int),
    "*": lambda _value: True,
}


def _fits(values: tuple[Any, ...], types: str, fewest: int, most: int) -> bool:
    """Whether there are so many members, and the first have these types.

    `i` integer, `n` integer or nothing, `s` string, `?` string or nothing, `b` bytes, `*` anything.
    """
    return fewest <= len(values) <= most and all(
        _TYPES[kind](value) for kind, value in zip(types, values, strict=False)
    )


def _told_epoch(body: Any, ordinal: int) -> set[str]:
    """The id that the first fact of a run gives its run; the row's hash proves it."""
    try:
        told = json.loads(body)
    except (TypeError, ValueError):
        return set()
    return {told["epoch_id"]} if isinstance(told, dict) and told.get("epoch") == ordinal else set()
