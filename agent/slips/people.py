"""What each person did in a time: how long they were signed in, what they picked and packed."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from agent.slips.documents import Person
from local_store.domain import events as e

MS_PER_MIN = 60_000
_MOVES = (e.WorkerSignedIn.kind, e.WorkerSignedOut.kind)
_DONE = (e.PickCounted.kind, e.PickUndone.kind, e.PackageSealed.kind)

Row = tuple[str, int, str | None, dict[str, str]]
"""Kind, time of the wall clock in ms, who, and the body of a fact."""


def people(db: sqlite3.Connection, first_seq: int, since_ms: int, until_ms: int) -> tuple[Person, ...]:
    """Everybody who was signed in or did something, by their ids; `first_seq` is the first fact since then."""
    facts = list(_facts(db, first_seq, until_ms))
    here = [
        (place, worker)
        for place, worker in db.execute("SELECT workplace, worker_id FROM place WHERE worker_id IS NOT NULL")
    ]
    spent_ms = _signed_in(facts, here, since_ms, until_ms)
    units: dict[str, Decimal] = {}
    parcels: Counter[str] = Counter()
    for kind, _, who, body in facts:
        if kind == e.PackageSealed.kind:
            parcels[who or ""] += 1
        elif kind not in _MOVES:
            qty = Decimal(body["qty"])
            units[who or ""] = units.get(who or "", Decimal(0)) + (qty if kind == e.PickCounted.kind else -qty)
    known = sorted({*spent_ms, *units, *parcels} - {""})
    return tuple(
        Person(who, spent_ms[who] // MS_PER_MIN, e.decimal_text(units.get(who, Decimal(0))), parcels[who])
        for who in known
    )


def _signed_in(facts: list[Row], here: list[tuple[str, str]], since_ms: int, until_ms: int) -> Counter[str]:
    """How many ms each was signed in, at all workplaces. Who leaves a place to which nobody came was there before."""
    spent: Counter[str] = Counter()
    there: dict[str, tuple[str, int] | None] = {}
    for kind, wall_ms, _, body in facts:
        if kind not in _MOVES:
            continue
        place, worker = body["workplace"], body["worker_id"]
        left = there.get(place, (worker, since_ms) if kind == e.WorkerSignedOut.kind else None)
        if left is not None:
            spent[left[0]] += max(0, wall_ms - left[1])
        there[place] = (worker, wall_ms) if kind == e.WorkerSignedIn.kind else None
    for place, worker in here:
        there.setdefault(place, (worker, since_ms))
    for still in there.values():
        if still is not None:
            spent[still[0]] += max(0, until_ms - still[1])
    return spent


def _facts(db: sqlite3.Connection, first_seq: int, until_ms: int) -> Iterator[Row]:
    wanted = (*_MOVES, *_DONE)
    rows = db.execute(
        "SELECT kind, wall_ms, actor, body FROM journal WHERE seq >= ? AND wall_ms <= ?"  # noqa: S608 -- only places
        f" AND kind IN ({', '.join('?' * len(wanted))}) ORDER BY seq",
        (first_seq, until_ms, *wanted),
    )
    for kind, wall_ms, actor, body in rows:
        yield kind, wall_ms, actor, json.loads(body)
