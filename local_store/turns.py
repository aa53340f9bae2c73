"""Whose turn it is: which promised facts may go to an HQ now, and which wait for others.

What is of one entity goes in order, and after what it follows. Beside that, a count of a product and whatever else
took or put units of it go in the order they happened: HQ books a count as what there is, so one that comes late would
undo what was told before it.
"""
# ruff: noqa: S608 -- all of this SQL is ours; what is asked for comes as parameters

from __future__ import annotations

import sqlite3

from local_store.domain.stock import AT_SHELVES

_OPEN = "('pending', 'parked')"
_COUNTS = "stock:"
"""How entities of counts begin; the rest is the SKU."""
_PARKED = "SELECT 1 FROM outbox p INDEXED BY outbox_parked WHERE p.lane = o.lane AND p.state = 'parked' AND p.entity"
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(AT_SHELVES))


def _counts_of(promise: str) -> str:
    """The entities of the counts of all products that a fact took from shelves or put on some.

    Who takes a pick back names its task alone.
    """
    return (
        f"SELECT '{_COUNTS}' || t.value FROM journal j, json_tree(j.body) t"
        f" WHERE j.seq = {promise}.seq AND j.kind IN ({_KINDS}) AND t.key = 'sku'"
        f" UNION ALL SELECT '{_COUNTS}' || k.sku FROM journal j"
        " JOIN pick_task k ON k.task_id = j.body ->> '$.task_id'"
        f" WHERE j.seq = {promise}.seq AND j.kind IN ({_KINDS})"
    )


_IN_ORDER = (
    f"NOT EXISTS ({_PARKED} = o.entity)"
    " AND (o.follows IS NULL OR NOT EXISTS (SELECT 1 FROM outbox b INDEXED BY outbox_open"
    f"   WHERE b.lane = o.lane AND b.entity = o.follows AND b.state IN {_OPEN} AND b.seq < o.seq))"
)
_NOTHING_COUNTED = (
    "NOT EXISTS (SELECT 1 FROM outbox c INDEXED BY outbox_open WHERE c.lane = :lane"
    f" AND c.entity >= '{_COUNTS}' AND c.entity < 'stock;' AND c.state IN {_OPEN} AND c.state = 'pending')"
)
_STUCK = (
    f"EXISTS ({_PARKED} IN (b.entity, b.follows, (SELECT f.follows FROM outbox f INDEXED BY outbox_open"
    f"   WHERE f.lane = b.lane AND f.entity = b.follows AND f.state IN {_OPEN} AND f.seq < b.seq LIMIT 1))"
    f" UNION ALL {_PARKED} IN (SELECT m.entity FROM outbox m INDEXED BY outbox_open"
    f"   WHERE m.lane = p.lane AND m.entity = p.entity AND m.state IN {_OPEN} AND m.seq < b.seq"
    f"   AND b.entity IN ({_counts_of('m')})))"
)
"""Whether the count `b` waits for a person to deal with something: nothing of another entity waits for that."""
_AFTER_COUNTS = (
    "NOT EXISTS (SELECT 1 FROM outbox b INDEXED BY outbox_open WHERE b.lane = o.lane AND b.entity <> o.entity"
    f" AND b.entity IN ({_counts_of('o')}) AND b.state IN {_OPEN} AND b.state = 'pending' AND b.seq < o.seq"
    f" AND NOT {_STUCK})"
)
_COUNTED_AFTER = (
    f"b.seq < o.seq AND b.entity <> o.entity AND o.entity IN ({_counts_of('b')})"
    f" AND (b.follows IS NULL OR NOT EXISTS ({_PARKED} = b.follows))"
)
_AFTER_WHAT_IT_COUNTED = (
    f"(o.entity NOT GLOB '{_COUNTS}*' OR NOT EXISTS (SELECT 1 FROM outbox b INDEXED BY outbox_pending"
    f"   WHERE b.lane = o.lane AND b.state = 'pending' AND {_COUNTED_AFTER}"
    f"  UNION ALL SELECT 1 FROM outbox b INDEXED BY outbox_parked"
    f"   WHERE b.lane = o.lane AND b.state = 'parked' AND {_COUNTED_AFTER}))"
)
_COUNTS_IN_TURN = f"{_AFTER_COUNTS} AND {_AFTER_WHAT_IT_COUNTED}"
_FIRST = (
    "NOT EXISTS (SELECT 1 FROM outbox b INDEXED BY outbox_open"
    f" WHERE b.lane = o.lane AND b.entity = o.entity AND b.state IN {_OPEN} AND b.seq < o.seq)"
)
MAY_GO = f"({_IN_ORDER} AND ({_NOTHING_COUNTED} OR ({_COUNTS_IN_TURN})))"
"""SQL: whether the promise `o` of lane `:lane` may go once what is earlier of its entity has gone.

To be used as a condition (of a CASE, of a WHERE): as a value, SQLite works out all of it, and not just what decides.
All waiting is for earlier facts, so no two wait for each other. Indexes are named throughout: left alone, SQLite
reads every promise ever kept to find those that are open.
"""
MAY_BEGIN = f"({_IN_ORDER} AND ({_NOTHING_COUNTED} OR ({_FIRST} AND {_COUNTS_IN_TURN})))"
"""SQL: whether `o` shows that its entity has something to send; what waits for a count holds up what is behind it."""


def overtaken(connection: sqlite3.Connection, lane: str, seq: int, sku: str, location_id: str) -> bool:
    """Whether HQ was told already of what somebody took from a shelf, or put there, after the count at `seq`.

    That can only be when the count was refused first, or had to wait for something that was.
    """
    at = "SELECT 1 FROM json_tree(j.body) t WHERE t.key GLOB '*location_id' AND t.value = :at"
    undone = "SELECT 1 FROM pick_task k WHERE k.task_id = j.body ->> '$.task_id' AND k.location_id = :at"
    row = connection.execute(
        "SELECT 1 FROM outbox b JOIN journal j ON j.seq = b.seq WHERE b.lane = :lane AND b.seq > :seq"
        " AND (b.state = 'delivered' OR (b.state = 'pending' AND b.request_id IS NOT NULL))"
        f" AND j.kind IN ({_KINDS}) AND :entity IN ({_counts_of('b')})"
        f" AND (EXISTS ({at}) OR EXISTS ({undone})) LIMIT 1",
        {"lane": lane, "seq": seq, "entity": f"{_COUNTS}{sku}", "at": location_id},
    ).fetchone()
    return row is not None
