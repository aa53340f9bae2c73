"""Promises to HQs: one row per fact and lane, made with the fact; requests fixed before their first byte is sent."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_store.domain.events import Fact
from local_store.domain.site import Lane
from local_store.journal import fact_of

WINDOW = 400
"""How many facts ahead the sender looks: enough to keep several entities going, little enough to stay in memory."""

_PROMISED = "o.seq, o.entity, j.kind, j.body, j.wall_ms, j.actor, o.request_id"
_MAY_GO = (
    "(NOT EXISTS (SELECT 1 FROM outbox p INDEXED BY outbox_parked"
    "   WHERE p.lane = o.lane AND p.state = 'parked' AND p.entity = o.entity)"
    " AND (o.follows IS NULL OR NOT EXISTS (SELECT 1 FROM outbox b INDEXED BY outbox_open"
    "   WHERE b.lane = o.lane AND b.entity = o.follows AND b.state IN ('pending', 'parked') AND b.seq < o.seq)))"
)
"""Nothing of its entity is parked, and all that is earlier of the entity it follows has gone.

Indexes are named throughout: left alone, SQLite reads every promise ever kept to find those that are open.
"""


@dataclass(frozen=True, slots=True)
class Promised:
    """A fact that a lane still owes its HQ."""

    seq: int
    entity: str
    fact: Fact
    wall_ms: int
    actor: str | None
    request_id: int | None


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
    if not fact.for_hq:
        return []
    return [
        (lane.name, seq, fact.entity, fact.follows, "pending" if fact.kind in lane.accepts else "not_deliverable")
        for lane in lanes
        if lane.sink or lane.name == source
    ]


def entities_to_send(connection: sqlite3.Connection, lane: str, skip: Collection[str]) -> list[str]:
    """Entities of a lane whose next fact may go, oldest fact first; not those in `skip`, nor parked ones.

    Looks at the oldest `WINDOW` facts that may go, so that a long queue costs no memory.
    """
    rows = connection.execute(
        f"SELECT o.entity FROM outbox o INDEXED BY outbox_pending WHERE o.lane = :lane AND o.state = 'pending'"  # noqa: S608 -- ours
        f" AND {_MAY_GO} AND o.entity NOT IN (SELECT value FROM json_each(:skip)) ORDER BY o.seq LIMIT :window",
        {"lane": lane, "skip": json.dumps(list(skip)), "window": WINDOW},
    )
    return list(dict.fromkeys(entity for (entity,) in rows))


def next_facts(connection: sqlite3.Connection, lane: str, entity: str, limit: int) -> list[Promised]:
    """The next facts of one entity, in order, up to the first that must wait; none while one of them is parked."""
    rows = connection.execute(
        f"SELECT {_PROMISED}, {_MAY_GO} FROM outbox o INDEXED BY outbox_open JOIN journal j ON j.seq = o.seq"  # noqa: S608 -- ours
        " WHERE o.lane = :lane AND o.entity = :entity AND o.state IN ('pending', 'parked')"
        " ORDER BY o.seq LIMIT :limit",
        {"lane": lane, "entity": entity, "limit": limit},
    )
    found = []
    for *promised, may_go in rows:
        if not may_go:
            break
        found.append(_promised(promised))
    return found


def request_facts(connection: sqlite3.Connection, request_id: int) -> list[Promised]:
    """The facts that share a request, in order."""
    rows = connection.execute(
        f"SELECT {_PROMISED} FROM outbox o JOIN journal j ON j.seq = o.seq"  # noqa: S608 -- ours
        " WHERE o.request_id = ? AND o.state IN ('pending', 'parked') ORDER BY o.seq",
        (request_id,),
    )
    return [_promised(row) for row in rows]


def fix_request(
    connection: sqlite3.Connection, lane: str, facts: list[Promised], new: NewRequest, key: str, now_ms: int
) -> FixedRequest:
    """Commit which facts share a request, its body and its key."""
    entity = facts[0].entity
    cursor = connection.execute(
        "INSERT INTO outbox_request(lane, entity, method, path, body, body_hash, idempotency_key, created_ms, state)"
        " VALUES (?,?,?,?,?,?,?,?,'open')",
        (lane, entity, new.method, new.path, new.body, hashlib.sha256(new.body.encode()).digest(), key, now_ms),
    )
    request_id = cursor.lastrowid or 0
    connection.executemany(
        "UPDATE outbox SET request_id = ? WHERE lane = ? AND seq = ?",
        [(request_id, lane, fact.seq) for fact in facts],
    )
    return FixedRequest(request_id, entity, new.method, new.path, new.body, key, 0, 0)


def open_request(connection: sqlite3.Connection, request_id: int) -> FixedRequest:
    """The row of a request that has no final answer yet."""
    row = connection.execute(
        "SELECT request_id, entity, method, path, body, idempotency_key, attempts, due_ms"
        " FROM outbox_request WHERE request_id = ?",
        (request_id,),
    ).fetchone()
    return FixedRequest(*row)


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


def figures(connection: sqlite3.Connection, lane: str) -> LaneFigures:
    """Counts of a lane, from partial indexes only, whatever the size of the journal."""
    unsent, oldest = connection.execute(
        "SELECT count(*), min(seq) FROM outbox INDEXED BY outbox_pending WHERE lane = ? AND state = 'pending'",
        (lane,),
    ).fetchone()
    oldest_ms = None
    if oldest is not None:
        (oldest_ms,) = connection.execute("SELECT wall_ms FROM journal WHERE seq = ?", (oldest,)).fetchone()
    return LaneFigures(
        unsent, oldest_ms, _count(connection, lane, "parked"), _count(connection, lane, "not_deliverable")
    )


def hq_ref(connection: sqlite3.Connection, lane: str, thing: str, local_id: str) -> str | None:
    """What an HQ calls a thing of ours."""
    row = connection.execute(
        "SELECT hq_id FROM hq_ref WHERE lane = ? AND thing = ? AND local_id = ?", (lane, thing, local_id)
    ).fetchone()
    return row[0] if row else None


def _promised(row: Sequence[Any]) -> Promised:
    seq, entity, kind, body, wall_ms, actor, request_id = row
    return Promised(seq, entity, fact_of(seq, kind, body), wall_ms, actor, request_id)


def _settle(connection: sqlite3.Connection, request_id: int, state: str, reason: str | None) -> None:
    connection.execute(
        "UPDATE outbox SET state = ?, reason = ? WHERE (lane, seq) IN"
        " (SELECT lane, seq FROM outbox WHERE request_id = ? AND state IN ('pending', 'parked'))",
        (state, reason, request_id),
    )


def _count(connection: sqlite3.Connection, lane: str, state: str) -> int:
    # The state stands in the text, not in a parameter: only then may SQLite use the partial index.
    row = connection.execute(
        f"SELECT count(*) FROM outbox INDEXED BY outbox_{state} WHERE lane = ? AND state = '{state}'",  # noqa: S608
        (lane,),
    )
    count: int = row.fetchone()[0]
    return count
