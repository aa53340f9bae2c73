"""The journal: every fact, in the order it became true, each row chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic_core import to_json

from local_store.domain.events import KINDS, Fact

GENESIS = bytes(32)
"""Previous hash of the first row."""

INSERT = "INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class JournalDamaged(Exception):  # noqa: N818 -- says where the chain breaks
    """A row does not fit its chain: it was changed, removed or put in between."""


@dataclass(frozen=True, slots=True)
class Stamp:
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


class Recorded(NamedTuple):
    """A fact that is in the journal, as listeners and projections get it."""

    seq: int
    fact: Fact
    wall_ms: int
    actor: str | None


def canonical(fact: Fact) -> str:
    """The body as it is stored and hashed: sorted keys, no blanks, UTF-8; members at their default are left out."""
    return _encode(fact.model_dump(mode="json", exclude_defaults=True))


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
    """Facts after `after_seq`, oldest first. Raises JournalDamaged at a row whose body cannot be read."""
    rows = connection.execute(
        "SELECT seq, kind, body, wall_ms, actor FROM journal WHERE seq > ? ORDER BY seq", (after_seq,)
    )
    for seq, kind, body, wall_ms, actor in rows:
        yield Recorded(seq, fact_of(seq, kind, body), wall_ms, actor)


def fact_of(seq: int, kind: str, body: str) -> Fact:
    """One row's body as its event. Raises JournalDamaged."""
    try:
        return KINDS[kind].model_validate_json(body)
    except (KeyError, ValueError) as error:
        raise JournalDamaged(f"journal row {seq} ({kind}) cannot be read: {error}") from error


def verify(connection: sqlite3.Connection) -> int:
    """Walk the whole chain and return how many rows it holds. Raises JournalDamaged at the first break."""
    expected = Head()
    rows = connection.execute(
        "SELECT seq, epoch_id, event_id, command_id, kind, version, actor, station, correlation_id,"
        " wall_ms, wall_quality, mono_ms, body, prev_hash, hash"
        " FROM journal LEFT JOIN epoch ON epoch.ordinal = journal.epoch ORDER BY seq"
    )
    for seq, epoch_id, event_id, command_id, *rest in rows:
        *header, body, previous, digest = rest
        if seq != expected.seq + 1:
            raise JournalDamaged(f"journal row {expected.seq + 1} is missing (the next one is {seq}).")
        if previous != expected.hash:
            raise JournalDamaged(f"journal row {seq} does not follow row {expected.seq}: one of them was changed.")
        if row_hash(previous, (seq, epoch_id, event_id.hex(), command_id.hex(), *header), body) != digest:
            raise JournalDamaged(f"journal row {seq} was changed after it was written.")
        expected = Head(seq, digest)
    return expected.seq
