"""What was done in each hour of a window of time, and where it went wrong: from this station's own facts.

Every read takes a part of the journal by its numbers, so that a window long ago costs what it holds and no more.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from local_store import journal
from local_store.domain import events as e
from local_store.domain import states

MS_PER_HOUR = 3_600_000
MOST_FACTS = 300_000
"""Facts of a window that are read. Beyond it the oldest are left out, and that is told."""
MOST_PLACES = 30
MOST_WORKS = 5

_COUNTED = (
    e.LocationConfirmed.kind,
    e.PickCounted.kind,
    e.PickUndone.kind,
    e.PickShort.kind,
    e.PackCounted.kind,
    e.PackUndone.kind,
    e.PackageSealed.kind,
    e.PackageVoided.kind,
    e.ScanRefused.kind,
)
NOT_A_MIS_SCAN = "scan.again"
"""One label that was scanned twice in a moment: nothing was wrong."""


class Hour(NamedTuple):
    """What was done from `since_ms` on, for an hour. What was taken back is missing in the hour of its count."""

    since_ms: int
    picked: Decimal
    packed: Decimal
    parcels: int


class Where(NamedTuple):
    """Where lines ended short and scans were wrong, and some of the work it happened in, as (thing, id).

    A wrong scan is put down to the location the list was last at, else to its workplace.
    """

    place: str
    shorts: int
    mis_scans: int
    works: tuple[tuple[str, str], ...]


class Window(NamedTuple):
    """What a window of time holds; not `complete` where it had more facts than are read."""

    hours: tuple[Hour, ...]
    places: tuple[Where, ...]
    reasons: tuple[tuple[str, int], ...]
    orders_packed: int
    complete: bool


@dataclass
class _Seen:
    since_ms: int
    picked: defaultdict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    packed: defaultdict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    parcels: Counter[int] = field(default_factory=Counter)
    counts: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    """Hour and quantity of each count, for who takes it back."""
    last_at: dict[str, str] = field(default_factory=dict)
    """Picklist -> the location it was last at."""
    shorts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Task -> location, reason and picklist, while it is short."""
    wrong: list[tuple[str, str]] = field(default_factory=list)
    """Place of each wrong scan, and the work that was open; empty where none was."""
    sealed: dict[str, int] = field(default_factory=dict)
    """Package -> hour of its seal."""
    packed_orders: set[str] = field(default_factory=set)

    def hour(self, wall_ms: int) -> int:
        return (wall_ms - self.since_ms) // MS_PER_HOUR


def of_window(db: sqlite3.Connection, since_ms: int, until_ms: int) -> Window:
    """What was recorded from `since_ms` until just before `until_ms`, hour by hour from its beginning."""
    seen = _Seen(since_ms)
    first, last = journal.first_since(db, since_ms), journal.first_since(db, until_ms) - 1
    complete = last - first < MOST_FACTS
    for wall_ms, kind, body in _facts(db, first if complete else last - MOST_FACTS + 1, last):
        if since_ms <= wall_ms < until_ms:
            _see(seen, wall_ms, kind, body)
    hours = range(-((since_ms - until_ms) // MS_PER_HOUR))
    return Window(
        hours=tuple(
            Hour(since_ms + each * MS_PER_HOUR, seen.picked[each], seen.packed[each], seen.parcels[each])
            for each in hours
        ),
        places=_places(db, seen),
        reasons=tuple(Counter(reason for _, reason, _ in seen.shorts.values()).most_common()),
        orders_packed=len(seen.packed_orders),
        complete=complete,
    )


def _facts(db: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[int, str, dict[str, Any]]]:
    rows = db.execute(
        "SELECT wall_ms, kind, body FROM journal WHERE seq BETWEEN ? AND ?"  # noqa: S608 -- only places for values
        f" AND kind IN ({', '.join('?' * len(_COUNTED))}) ORDER BY seq",
        (first, last, *_COUNTED),
    )
    for wall_ms, kind, body in rows:
        yield wall_ms, kind, json.loads(body)


def _see(seen: _Seen, wall_ms: int, kind: str, body: dict[str, Any]) -> None:
    match kind:
        case e.LocationConfirmed.kind:
            seen.last_at[body["picklist_id"]] = body["location_id"]
        case e.PickCounted.kind | e.PickUndone.kind | e.PickShort.kind:
            _picked(seen, wall_ms, kind, body)
        case e.PackCounted.kind | e.PackUndone.kind:
            _counted(seen, seen.packed, wall_ms, kind, body)
        case e.PackageSealed.kind:
            hour = seen.sealed[body["package_id"]] = seen.hour(wall_ms)
            seen.parcels[hour] += 1
            if body.get("last", True):
                seen.packed_orders.add(body["fulfillment_id"])
        case e.PackageVoided.kind:
            seen.packed_orders.discard(body["fulfillment_id"])
            if (sealed := seen.sealed.pop(body["package_id"], None)) is not None:
                seen.parcels[sealed] -= 1
        case e.ScanRefused.kind if body["reason"] != NOT_A_MIS_SCAN:
            work = body.get("work") or ""
            seen.wrong.append((seen.last_at.get(work, body["workplace"]), work))


def _picked(seen: _Seen, wall_ms: int, kind: str, body: dict[str, Any]) -> None:
    task = body["task_id"]
    if body["status"] == states.PickTask.SHORT and "location_id" in body:
        reason = body.get("reason") or seen.shorts.get(task, ("", "", ""))[1]
        seen.shorts[task] = (body["location_id"], reason, body["picklist_id"])
    elif body["status"] != states.PickTask.SHORT:
        seen.shorts.pop(task, None)
    if "location_id" in body:
        seen.last_at[body["picklist_id"]] = body["location_id"]
    if kind != e.PickShort.kind:
        _counted(seen, seen.picked, wall_ms, kind, body)


def _counted(seen: _Seen, into: defaultdict[int, Decimal], wall_ms: int, kind: str, body: dict[str, Any]) -> None:
    if kind in {e.PickCounted.kind, e.PackCounted.kind}:
        qty, hour = Decimal(body["qty"]), seen.hour(wall_ms)
        seen.counts[body["count_id"]] = (hour, qty)
        into[hour] += qty
    elif (count := seen.counts.pop(body["count_id"], None)) is not None:
        into[count[0]] -= count[1]  # a count of before this window was taken back: it is not in it


def _places(db: sqlite3.Connection, seen: _Seen) -> tuple[Where, ...]:
    shorts = Counter(place for place, _, _ in seen.shorts.values())
    wrong = Counter(place for place, _ in seen.wrong)
    works: defaultdict[str, dict[str, None]] = defaultdict(dict)
    happened = [(place, picklist) for place, _, picklist in seen.shorts.values()]
    for place, work in reversed(happened + seen.wrong):
        if work:
            works[place][work] = None
    ranked = sorted({*shorts, *wrong}, key=lambda place: (-shorts[place] - wrong[place], place))
    return tuple(
        Where(place, shorts[place], wrong[place], tuple(_things(db, list(works[place])[:MOST_WORKS])))
        for place in ranked[:MOST_PLACES]
    )


def _things(db: sqlite3.Connection, works: list[str]) -> Iterator[tuple[str, str]]:
    for work in works:
        is_list = db.execute("SELECT 1 FROM picklist WHERE picklist_id = ?", (work,)).fetchone() is not None
        yield ("picklist" if is_list else "fulfillment"), work
