"""The journal: every fact, in the order it became true, each row chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pydantic_core import to_json

from local_store.checks import RowDamaged, is_damage
from local_store.domain.events import KINDS, Fact, MissingFacts, StationRestored, StationSalvaged

GENESIS = bytes(32)
"""Previous hash of the first row."""

INSERT = "INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

SLICE = 256
"""Rows read at once: much cheaper than one by one, and soon done."""

_COLUMNS = (
    "SELECT seq, epoch_id, event_id, command_id, kind, version, actor, station, correlation_id,"
    " wall_ms, wall_quality, mono_ms, body, prev_hash, hash"
    " FROM journal LEFT JOIN epoch ON epoch.ordinal = journal.epoch"
)
_SELECT = f"{_COLUMNS} WHERE seq > ? ORDER BY seq LIMIT ?"
_SELECT_THESE = f"{_COLUMNS} WHERE seq IN (SELECT value FROM json_each(?))"  # noqa: S608 -- our own words


class JournalDamaged(RowDamaged):
    """A row does not fit its chain: it was changed, removed or put in between. It is neither used nor sent."""

    def __init__(self, seq: int, sentence: str) -> None:
        super().__init__(sentence)
        self.seq = seq


class Stamp(NamedTuple):
    """Who wrote a row, where and when. The clock is evidence; order is `seq`."""

    epoch: int
    epoch_id: str
    station: str
    wall_ms: int
    wall_quality: str
    mono_ms: int


class Head(NamedTuple):
    """The end of the chain."""

    seq: int = 0
    hash: bytes = GENESIS


class Row(NamedTuple):
    """One row as it is stored, with its epoch's id in place of the ordinal. `check` says whether it is sound."""

    seq: int
    epoch_id: str
    event_id: bytes
    command_id: bytes
    kind: str
    version: int
    actor: str | None
    station: str
    correlation_id: str | None
    wall_ms: int
    wall_quality: str
    mono_ms: int
    body: str
    prev_hash: bytes
    hash: bytes


class Recorded(NamedTuple):
    """A fact that is in the journal, as listeners and projections get it."""

    seq: int
    fact: Fact
    wall_ms: int
    actor: str | None
    event_id: bytes


def canonical(fact: Fact) -> str:
    """The body as it is stored and hashed: sorted keys, no blanks, UTF-8; members at their default are left out."""
    return fact.__pydantic_serializer__.to_json(fact, exclude_defaults=True).decode()


def fact_digest(fact: Fact) -> bytes:
    """Tells whether what HQ says of a thing is what it said before."""
    return hashlib.sha256(canonical(fact).encode()).digest()


def next_row(
    head: Head, stamp: Stamp, fact: Fact, ids: tuple[bytes, bytes], actor: str | None, correlation_id: str | None
) -> tuple[Head, tuple[Any, ...]]:
    """The row that follows `head`, and the head it makes. `ids` are (event id, command id), 16 bytes each."""
    seq = head.seq + 1
    body = canonical(fact)
    event_id, command_id = ids
    fields = (fact.kind, fact.version, actor, stamp.station, correlation_id)
    times = (stamp.wall_ms, stamp.wall_quality, stamp.mono_ms)
    digest = row_hash(head.hash, (seq, stamp.epoch_id, event_id.hex(), command_id.hex(), *fields, *times), body)
    row = (seq, stamp.epoch, event_id, command_id, *fields, *times, body, head.hash, digest)
    return Head(seq, digest), row


def row_hash(previous: bytes, header: tuple[Any, ...], body: str) -> bytes:
    """SHA-256 over the previous hash, the row's header members as JSON and its body."""
    return hashlib.sha256(b"\x01" + previous + to_json(header) + b"\n" + body.encode()).digest()


def head_of(connection: sqlite3.Connection) -> Head:
    """The last row's place in the chain."""
    row = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(row[0], row[1]) if row else Head()


def read(connection: sqlite3.Connection, after_seq: int = 0) -> Iterator[Recorded]:
    """Facts after `after_seq`, oldest first, each row checked by its own hash.

    Raises JournalDamaged at a row that is not what was written.
    """
    while found := rows(connection, after_seq):
        for row in found:
            yield recorded(row)
        after_seq = found[-1].seq


def fetch(connection: sqlite3.Connection, seq: int) -> Recorded:
    """One fact, its row checked by its hash and by its link to the row before. Raises JournalDamaged."""
    found = {row.seq: row for row in rows(connection, seq - 2, 2)}
    row, before = found.get(seq), found.get(seq - 1)
    if row is None:
        raise JournalDamaged(seq, f"journal row {seq} is missing.")
    if before is not None:
        follow(connection, Head(before.seq, before.hash), row)
    elif seq > 1 and _gap_before(connection, seq) is None:
        raise JournalDamaged(seq, f"journal row {seq - 1}, which row {seq} follows, is missing.")
    return recorded(row)


def fetch_many(connection: sqlite3.Connection, seqs: Sequence[int]) -> Iterator[Recorded | JournalDamaged]:
    """Each of these facts, checked as `fetch` does, or what is wrong with it; read together, which is quicker."""
    wanted = json.dumps([place for seq in seqs for place in (seq - 1, seq)])
    try:
        found = {row.seq: row for row in map(Row._make, connection.execute(_SELECT_THESE, (wanted,)))}
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        found = {}  # each is read by itself then
    for seq in seqs:
        row, before = found.get(seq), found.get(seq - 1)
        try:
            if row is None or before is None:
                yield fetch(connection, seq)
            else:
                follow(connection, Head(before.seq, before.hash), row)
                yield recorded(row)
        except JournalDamaged as damage:
            yield damage


def these(connection: sqlite3.Connection, seqs: Sequence[int]) -> list[Row]:
    """The rows with these numbers as they are stored, unchecked, oldest first."""
    found = connection.execute(f"{_SELECT_THESE} ORDER BY seq", (json.dumps(list(seqs)),))
    return [Row._make(row) for row in found]


def first_since(connection: sqlite3.Connection, wall_ms: int) -> int:
    """The first fact since a time, by halving: there is no index by time, and a journal may hold millions.

    The clock only ever goes back where a fact says so. Behind the last fact where there is none.
    """
    low, high = (bound or 0 for bound in connection.execute("SELECT min(seq), max(seq) FROM journal").fetchone())
    high += 1
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(
            "SELECT seq, wall_ms FROM journal WHERE seq >= ? ORDER BY seq LIMIT 1", (middle,)
        ).fetchone()
        if row is None or row[1] >= wall_ms:
            high = middle
        else:
            low = row[0] + 1
    return low


def rows(connection: sqlite3.Connection, after_seq: int, limit: int = SLICE) -> list[Row]:
    """The next rows as they are stored, unchecked, up to one that cannot be read.

    Raises JournalDamaged when the very first of them cannot be read.
    """
    try:
        return _in_order([Row._make(row) for row in connection.execute(_SELECT, (after_seq, limit))], after_seq)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        if limit == 1:
            seq = after_seq + 1
            raise JournalDamaged(seq, f"journal row {seq} cannot be read: {error}.") from error
    found = rows(connection, after_seq, 1)
    while len(found) < limit:
        try:
            more = rows(connection, found[-1].seq, 1)
        except JournalDamaged:
            break
        if not more:
            break
        found += more
    return found


def _in_order(found: list[Row], after_seq: int) -> list[Row]:
    """Those up to the first that is out of its place: a page that stands where another should gives such rows."""
    before = after_seq
    for place, row in enumerate(found):
        if not isinstance(row.seq, int) or row.seq <= before:
            if place == 0:
                raise JournalDamaged(
                    after_seq + 1, f"journal row {after_seq + 1} is missing, and others are in its place."
                )
            return found[:place]
        before = row.seq
    return found


def recorded(row: Row) -> Recorded:
    """A row as its fact, checked by its own hash. Raises JournalDamaged."""
    check(row)
    return Recorded(row.seq, fact_of(row.seq, row.kind, row.body), row.wall_ms, row.actor, row.event_id)


def check(row: Row) -> None:
    """Raises JournalDamaged when a row's own hash does not fit its members."""
    if not is_sound(row):
        raise JournalDamaged(row.seq, f"journal row {row.seq} was changed after it was written.")


def is_sound(row: Row) -> bool:
    """Whether a row's own hash fits its members."""
    try:
        header = (row.seq, row.epoch_id, row.event_id.hex(), row.command_id.hex(), *row[4:12])
        return row_hash(row.prev_hash, header, row.body) == row.hash
    except (AttributeError, TypeError, ValueError):  # damage can make text of a number and bytes of a text
        return False


def follow(connection: sqlite3.Connection, before: Head, row: Row) -> Head:
    """The head that `row` makes; it must follow `before`, or a gap that a fact tells of. Raises JournalDamaged."""
    if row.seq == before.seq + 1 and row.prev_hash == before.hash:
        return Head(row.seq, row.hash)
    gap = _gap_before(connection, row.seq)
    if gap == (before.seq + 1, before.hash):
        return Head(row.seq, row.hash)
    if row.seq != before.seq + 1:
        missing = before.seq + 1
        raise JournalDamaged(missing, f"journal row {missing} is missing (the next one is {row.seq}).")
    raise JournalDamaged(row.seq, f"journal row {row.seq} does not follow row {before.seq}: one of them was changed.")


def fact_of(seq: int, kind: str, body: str) -> Fact:
    """One row's body as its event. Raises JournalDamaged."""
    try:
        return KINDS[kind].model_validate_json(body)
    except (KeyError, ValueError) as error:
        raise JournalDamaged(seq, f"journal row {seq} ({kind}) cannot be read: {error}") from error


def verify(connection: sqlite3.Connection, after: Head | None = None) -> int:
    """Walk the chain from its first row, or from `after`, to its end, and return how many rows that are.

    Raises JournalDamaged at the first break that no fact tells of.
    """
    head, many = after or Head(), 0
    while found := rows(connection, head.seq):
        for row in found:
            head = follow(connection, head, row)
            check(row)
        many += len(found)
    return many


def _gap_before(connection: sqlite3.Connection, seq: int) -> tuple[int, bytes] | None:
    """The gap that ends before `seq`, as its first seq and the hash before it, when a sound fact tells of it."""
    gap = connection.execute(
        "SELECT first_seq, hash_before, told_seq FROM journal_gap WHERE last_seq = ?", (seq - 1,)
    ).fetchone()
    if gap is None:
        return None
    first_seq, hash_before, told_seq = gap
    teller = [row for row in rows(connection, told_seq - 1, 1) if row.seq == told_seq]
    if not teller:
        return None
    fact = recorded(teller[0]).fact
    told = MissingFacts(first_seq=first_seq, last_seq=seq - 1, hash_before=hash_before.hex())
    if isinstance(fact, StationSalvaged | StationRestored) and told in fact.missing:
        return first_seq, hash_before
    return None
