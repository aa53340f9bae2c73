"""Promises to HQs. One file, because every rule here is about the same two tables.

One row per fact and lane, made with the fact; requests are fixed before their first byte is sent.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from local_store import journal
from local_store.checks import SALVAGED_AT_START, RowDamaged, check_crc, crc, damaged, read_one
from local_store.domain.events import Fact, HistoryRecovered
from local_store.domain.site import Lane
from local_store.journal import JournalDamaged, Recorded
from local_store.turns import MAY_BEGIN, MAY_GO

EVERYTHING = 2**62
"""A number behind every fact."""
WINDOW = 400
"""How many facts ahead the sender looks: enough to keep several entities going, little enough to stay in memory."""

_PROMISED = "o.seq, o.entity, o.follows, o.request_id"


class PromiseDamaged(RowDamaged):
    """A fact or its promise is not what was written: it is not sent, and its entity waits for a person."""

    def __init__(self, seq: int, what: str) -> None:
        super().__init__(f"The store is damaged: {what} {SALVAGED_AT_START}")
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Promised:
    """A fact that a lane still owes its HQ."""

    seq: int
    entity: str
    fact: Fact
    wall_ms: int
    actor: str | None
    request_id: int | None
    event_id: bytes


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is to be sent, before it gets its row."""

    method: str
    path: str
    body: str


@dataclass(frozen=True, slots=True)
class FixedRequest:
    """A request whose body and idempotency key are committed: every repeat, after any restart, sends just this."""

    request_id: int
    entity: str
    method: str
    path: str
    body: str
    idempotency_key: str
    attempts: int
    due_ms: int


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """What a screen says of a lane."""

    unsent: int
    oldest_unsent_ms: int | None
    parked: int
    not_deliverable: int


INSERT = "INSERT INTO outbox(lane, seq, entity, follows, state) VALUES (?,?,?,?,?)"


def promises(seq: int, fact: Fact, lanes: Iterable[Lane], source: str | None) -> list[tuple[Any, ...]]:
    """The rows that owe a fact to its source lane and to every sink, or count it as not deliverable there."""
    told = fact.told
    if not told.for_hq:
        return []
    entity, follows = told.entity, told.follows
    return [
        (lane.name, seq, entity, follows, "pending" if told.kind in lane.accepts else "not_deliverable")
        for lane in lanes
        if lane.sink or lane.name == source
    ]


def lanes_of(connection: sqlite3.Connection) -> Iterator[str]:
    """The lanes that have promises, found by skipping through the index, whatever its size."""
    lane = ""
    while (row := connection.execute("SELECT min(lane) FROM outbox WHERE lane > ?", (lane,)).fetchone())[0]:
        lane = row[0]
        yield lane


def entities_to_send(
    connection: sqlite3.Connection, lane: str, skip: Collection[str], through: int = EVERYTHING
) -> list[str]:
    """Entities of a lane whose next fact, at most `through`, may go, oldest first; not those in `skip`, nor parked.

    Looks at the oldest `WINDOW` facts that may go, so that a long queue costs no memory.
    """
    rows = connection.execute(
        f"SELECT o.entity FROM outbox o INDEXED BY outbox_pending WHERE o.lane = :lane AND o.state = 'pending'"  # noqa: S608 -- ours
        f" AND {MAY_BEGIN} AND o.seq <= :through AND o.entity NOT IN (SELECT value FROM json_each(:skip))"
        " ORDER BY o.seq LIMIT :window",
        {"lane": lane, "skip": json.dumps(list(skip)), "window": WINDOW, "through": through},
    )
    return list(dict.fromkeys(entity for (entity,) in rows))


def next_facts(
    connection: sqlite3.Connection, lane: str, entity: str, limit: int, through: int = EVERYTHING
) -> list[Promised]:
    """The next facts of one entity, in order, up to the first that must wait; none while one of them is parked.

    Ends before a fact that is not what was written. Raises PromiseDamaged when it is the first.
    """
    rows = connection.execute(
        f"SELECT {_PROMISED}, CASE WHEN {MAY_GO} THEN 1 ELSE 0 END FROM outbox o INDEXED BY outbox_open"  # noqa: S608 -- ours
        " WHERE o.lane = :lane AND o.entity = :entity AND o.state IN ('pending', 'parked') AND o.seq <= :through"
        " ORDER BY o.seq LIMIT :limit",
        {"lane": lane, "entity": entity, "limit": limit, "through": through},
    ).fetchall()
    may_go = [row[:-1] for row in itertools.takewhile(lambda row: row[-1], rows)]
    found: list[Promised] = []
    told = journal.fetch_many(connection, [row[0] for row in may_go])
    for promise in may_go:
        try:
            found.append(_promised(promise, next(told), of=entity))
        except PromiseDamaged:
            if not found:
                raise
            break
    return found


def request_facts(connection: sqlite3.Connection, request_id: int) -> list[Promised]:
    """The facts that share a request, in order. Raises PromiseDamaged."""
    rows = connection.execute(
        f"SELECT {_PROMISED} FROM outbox o"  # noqa: S608 -- ours
        " WHERE o.request_id = ? AND o.state IN ('pending', 'parked') ORDER BY o.seq",
        (request_id,),
    ).fetchall()
    told = journal.fetch_many(connection, [row[0] for row in rows])
    return [_promised(row, next(told), of=row[1]) for row in rows]


def fix_request(
    connection: sqlite3.Connection, lane: str, facts: list[Promised], new: NewRequest, now_ms: int
) -> FixedRequest:
    """Commit which facts share a request, its body and its key."""
    entity, key = facts[0].entity, _unused_key(connection, lane, facts)
    head = (entity, new.method, new.path, key)
    cursor = connection.execute(
        "INSERT INTO outbox_request(lane, entity, method, path, idempotency_key, crc, body, body_hash, created_ms,"
        " state) VALUES (?,?,?,?,?,?,?,?,?,'open')",
        (lane, *head, crc(lane, *head), new.body, hashlib.sha256(new.body.encode()).digest(), now_ms),
    )
    request_id = cursor.lastrowid or 0
    connection.executemany(
        "UPDATE outbox SET request_id = ? WHERE lane = ? AND seq = ?",
        [(request_id, lane, fact.seq) for fact in facts],
    )
    return FixedRequest(request_id, entity, new.method, new.path, new.body, key, 0, 0)


def open_request(connection: sqlite3.Connection, request_id: int) -> FixedRequest:
    """The row of a request that has no final answer yet. Raises RowDamaged when it is not what was written."""
    what = f"request {request_id} to HQ"
    row = read_one(
        connection,
        what,
        "SELECT lane, crc, body_hash, entity, method, path, body, idempotency_key, attempts, due_ms"
        " FROM outbox_request WHERE request_id = ?",
        request_id,
    )
    if row is None:
        raise damaged(what)
    lane, checksum, body_hash, entity, method, path, body, key, attempts, due_ms = row
    check_crc(checksum, what, lane, entity, method, path, key)
    if not isinstance(body, str) or hashlib.sha256(body.encode()).digest() != body_hash:
        raise damaged(what)
    return FixedRequest(request_id, entity, method, path, body, key, attempts, due_ms)


def postpone(connection: sqlite3.Connection, request_id: int, due_ms: int, status: int | None, answer: str) -> None:
    """Remember a failed try and when the next one is due; survives a restart."""
    connection.execute(
        "UPDATE outbox_request SET attempts = attempts + 1, due_ms = ?, last_status = ?, last_answer = ?"
        " WHERE request_id = ?",
        (due_ms, status, answer, request_id),
    )


def delivered(connection: sqlite3.Connection, request_id: int, status: int) -> None:
    """HQ has the facts of this request."""
    connection.execute(
        "UPDATE outbox_request SET state = 'answered', attempts = attempts + 1, last_status = ?, last_answer = NULL"
        " WHERE request_id = ?",
        (status, request_id),
    )
    _settle(connection, request_id, "delivered", None)


def delivered_in_part(
    connection: sqlite3.Connection, request_id: int, status: int, refused: Mapping[int, str]
) -> None:
    """HQ answered for good and took all facts but `refused` ({seq: reason}), which wait for a person.

    A refused fact leaves the request: its key would only bring the same answer again, so it goes under a new one.
    """
    connection.executemany(
        "UPDATE outbox SET state = 'parked', request_id = NULL, reason = ? WHERE request_id = ? AND seq = ?"
        " AND state IN ('pending', 'parked')",
        [(reason, request_id, seq) for seq, reason in refused.items()],
    )
    delivered(connection, request_id, status)


def due_at_once(connection: sqlite3.Connection, lane: str) -> None:
    """HQ is back: requests that it never answered wait no longer."""
    connection.execute(
        "UPDATE outbox_request SET due_ms = 0"
        " WHERE lane = ? AND state = 'open' AND (last_status IS NULL OR last_status IN (502, 503, 504))",
        (lane,),
    )


def park(connection: sqlite3.Connection, request_id: int, status: int, reason: str) -> None:
    """HQ refused the request for good: its facts wait for a person, and so does the rest of their entity."""
    connection.execute(
        "UPDATE outbox_request SET state = 'refused', attempts = attempts + 1, last_status = ?, last_answer = ?"
        " WHERE request_id = ?",
        (status, reason, request_id),
    )
    _settle(connection, request_id, "parked", reason)


def park_unsent(connection: sqlite3.Connection, lane: str, seq: int, reason: str) -> None:
    """A fact cannot be put into a request (something is missing): it waits for a person."""
    connection.execute(
        "UPDATE outbox SET state = 'parked', reason = ? WHERE lane = ? AND seq = ?", (reason, lane, seq)
    )


def not_needed(connection: sqlite3.Connection, lane: str, facts: Iterable[Promised], reason: str) -> None:
    """This HQ is not told of these facts, and why: they are counted as not deliverable."""
    for fact in facts:
        connection.execute(
            "UPDATE outbox SET state = 'not_deliverable', reason = ? WHERE lane = ? AND seq = ?",
            (reason, lane, fact.seq),
        )
        connection.execute(
            "UPDATE outbox_request SET state = 'refused' WHERE request_id = ? AND state = 'open'", (fact.request_id,)
        )


def told_by_hand(connection: sqlite3.Connection, lane: str, seqs: Iterable[int], note: str) -> None:
    """HQ was told of these parked facts by other means: they go no more, and what comes after them does."""
    connection.executemany(
        "UPDATE outbox SET state = 'delivered', reason = ? WHERE lane = ? AND seq = ? AND state = 'parked'",
        [(note, lane, seq) for seq in seqs],
    )


def park_next(connection: sqlite3.Connection, lane: str, entity: str, reason: str) -> None:
    """What an entity would send next cannot be used: the entity waits for a person."""
    sql = "SELECT min(seq) FROM outbox INDEXED BY outbox_open WHERE lane = ? AND entity = ?"
    (seq,) = connection.execute(f"{sql} AND state IN ('pending', 'parked')", (lane, entity)).fetchone()
    park_unsent(connection, lane, seq, reason)


def parked(connection: sqlite3.Connection, lane: str) -> list[tuple[int, str, str, str]]:
    """(seq, entity, kind, reason) of the facts that wait for a person."""
    rows = connection.execute(
        "SELECT o.seq, o.entity, j.kind, o.reason FROM outbox o INDEXED BY outbox_parked"
        " JOIN journal j ON j.seq = o.seq WHERE o.lane = ? AND o.state = 'parked' ORDER BY o.seq LIMIT 500",
        (lane,),
    )
    return [tuple(row) for row in rows]


def retry_parked(connection: sqlite3.Connection, lane: str, entity: str) -> int:
    """A person had the cause mended: the entity's parked facts are sent again, with the same keys."""
    connection.execute(
        "UPDATE outbox_request SET state = 'open', due_ms = 0 WHERE state = 'refused' AND request_id IN"
        " (SELECT request_id FROM outbox INDEXED BY outbox_parked"
        "  WHERE lane = ? AND entity = ? AND state = 'parked')",
        (lane, entity),
    )
    return connection.execute(
        "UPDATE outbox INDEXED BY outbox_parked SET state = 'pending', reason = NULL"
        " WHERE lane = ? AND entity = ? AND state = 'parked'",
        (lane, entity),
    ).rowcount


def told(connection: sqlite3.Connection, lane: str, after_seq: int, limit: int) -> list[tuple[int, str, bytes]]:
    """(seq, state, event id) of what a lane owes or has delivered, as far as it is still kept."""
    rows = connection.execute(
        "SELECT o.seq, o.state, j.event_id FROM outbox o JOIN journal j ON j.seq = o.seq"
        " WHERE o.lane = ? AND o.seq > ? AND o.state <> 'not_deliverable' ORDER BY o.seq LIMIT ?",
        (lane, after_seq, limit),
    )
    return [tuple(row) for row in rows]


def owe_again(connection: sqlite3.Connection, lane: str, seqs: Iterable[int]) -> None:
    """HQ went back to an older state: what it has lost is sent again, in the same requests with the same keys."""
    for seq in seqs:
        connection.execute(
            "UPDATE outbox_request SET state = 'open', due_ms = 0 WHERE state = 'answered' AND request_id ="
            " (SELECT request_id FROM outbox WHERE lane = ? AND seq = ?)",
            (lane, seq),
        )
        connection.execute(
            "UPDATE outbox SET state = 'pending', request_id ="
            " (SELECT request_id FROM outbox_request r WHERE r.request_id = outbox.request_id)"
            " WHERE lane = ? AND seq = ? AND state = 'delivered'",
            (lane, seq),
        )


def has_already(connection: sqlite3.Connection, lane: str, seqs: Iterable[int]) -> None:
    """HQ has these from another copy of this store. One in a request waits for the answer, which comes again."""
    connection.executemany(
        "UPDATE outbox SET state = 'delivered', reason = NULL WHERE lane = ? AND seq = ? AND request_id IS NULL"
        " AND state IN ('pending', 'parked')",
        [(lane, seq) for seq in seqs],
    )


def figures(connection: sqlite3.Connection, lane: str) -> LaneFigures:
    """Counts of a lane, which are kept with its promises: they cost the same whatever waits."""
    counts = dict(connection.execute("SELECT state, n FROM lane_count WHERE lane = ?", (lane,)).fetchall())
    (oldest,) = connection.execute(
        "SELECT min(seq) FROM outbox INDEXED BY outbox_pending WHERE lane = ? AND state = 'pending'", (lane,)
    ).fetchone()
    oldest_ms = None
    if oldest is not None:
        row = connection.execute("SELECT wall_ms FROM journal WHERE seq = ?", (oldest,)).fetchone()
        oldest_ms = row[0] if row else None  # damage can take the fact and leave its promise
    return LaneFigures(counts.get("pending", 0), oldest_ms, counts.get("parked", 0), counts.get("not_deliverable", 0))


def hq_ref(connection: sqlite3.Connection, lane: str, thing: str, local_id: str) -> str | None:
    """What an HQ calls a thing of ours."""
    row = connection.execute(
        "SELECT hq_id FROM hq_ref WHERE lane = ? AND thing = ? AND local_id = ?", (lane, thing, local_id)
    ).fetchone()
    return row[0] if row else None


def _promised(row: Sequence[Any], told: Recorded | JournalDamaged, of: str) -> Promised:
    """A fact as it may be sent: its journal row is sound, and the promise is the one that was made with it."""
    seq, entity, follows, request_id = row
    if isinstance(told, JournalDamaged):
        raise PromiseDamaged(seq, str(told)) from told
    if (told.fact.entity, told.fact.follows) != (entity, follows) or entity != of:
        raise PromiseDamaged(seq, f"the promise of journal row {seq} was changed.")
    fact = told.fact
    wall_ms = fact.origin_wall_ms if isinstance(fact, HistoryRecovered) else told.wall_ms
    return Promised(seq, entity, fact.told, wall_ms, told.actor, request_id, told.event_id)


def _unused_key(connection: sqlite3.Connection, lane: str, facts: Sequence[Promised]) -> str:
    """A key that follows from the facts' ids: a restored store that makes the same request again makes the same key.

    A fact that HQ refused and that goes again alone must not get the first answer again: it takes the next key.
    """
    ids = b"".join(fact.event_id for fact in facts)
    for number in itertools.count():
        digest = hashlib.sha256(f"{lane} {number}\n".encode() + ids).digest()
        key = str(UUID(bytes=digest[:16]))
        if connection.execute("SELECT 1 FROM outbox_request WHERE idempotency_key = ?", (key,)).fetchone() is None:
            return key
    raise AssertionError("itertools.count ends")


def _settle(connection: sqlite3.Connection, request_id: int, state: str, reason: str | None) -> None:
    connection.execute(
        "UPDATE outbox SET state = ?, reason = ? WHERE (lane, seq) IN"
        " (SELECT lane, seq FROM outbox WHERE request_id = ? AND state IN ('pending', 'parked'))",
        (state, reason, request_id),
    )
