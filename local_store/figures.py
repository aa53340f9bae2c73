"""How the floor of this station does: the figures of seed 001 section 15, from its own facts of a window of time.

Each is computed as HQ computes it, so that both can be compared. What cannot be said yet is None, never 0.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from local_store import journal
from local_store.domain import events as e
from local_store.domain import states

MS_PER_HOUR = 3_600_000
MS_PER_S = 1000
MOST_FACTS = 300_000
"""Facts of a window that are read: a very busy day has fewer. Beyond it the oldest are left out, and that is told."""
MOST_RETURNS = 5_000

_COUNTED = (
    e.PickCounted.kind,
    e.PickUndone.kind,
    e.PickShort.kind,
    e.PackageSealed.kind,
    e.ShipmentRequested.kind,
    e.LabelRequested.kind,
    e.CarrierLabelRequested.kind,
    e.LabelConfirmed.kind,
    e.ReturnReceived.kind,
    e.ReturnCompleted.kind,
    e.ScanRefused.kind,
    e.StationClockJumped.kind,
)


class Figures(NamedTuple):
    """The figures: shares from 0 to 1, times in seconds, pick rates in units that one person picked in an hour."""

    pick_rate_p50: Decimal | None
    pick_rate_p95: Decimal | None
    pack_throughput: int
    """Parcels sealed."""
    on_time_ship_rate: Decimal | None
    ship_late_count: int
    """Orders of this station that should have left by now and have not."""
    returns_processing_time: Decimal | None
    """From the first goods of a return to its end."""
    first_pass_yield: Decimal | None
    """Lines that were picked in full, of those that were touched and ended."""
    label_generation_latency: Decimal | None
    """From the seal to the proof that the label is on paper."""
    mis_picks: int
    """Scans at a place to pick that were not what the line needs."""
    clock_set: int
    """How often the clock was set: then times are not to be trusted."""
    complete: bool


class Late(NamedTuple):
    """An order that should have left."""

    fulfillment_id: str
    order_id: str
    warehouse_id: str
    status: str
    requested_ship_date: str
    late_s: int


@dataclass
class _Seen:
    """What the facts of the window add up to."""

    picked: defaultdict[tuple[str, int], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    tasks: dict[str, str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    left_ms: dict[str, int] = field(default_factory=dict)
    wanted_ms: dict[str, int] = field(default_factory=dict)
    label_ms: list[int] = field(default_factory=list)
    ended_ms: dict[str, int] = field(default_factory=dict)
    mis_picks: int = 0


def of_window(db: sqlite3.Connection, since_ms: int, now_ms: int, pick_places: Sequence[str]) -> Figures:
    """The figures from `since_ms` to `now_ms` by the wall clock; `pick_places` are the workplaces to pick at."""
    seen = _Seen()
    first, complete = _first(db, since_ms)
    for wall_ms, kind, actor, body in _facts(db, first, now_ms):
        seen.kinds[kind] += 1
        _see(seen, wall_ms, kind, actor, body, pick_places)
    rates = sorted(units for units in seen.picked.values() if units > 0)
    ended = Counter(seen.tasks.values())
    tried = ended[states.PickTask.DONE] + ended[states.PickTask.SHORT]
    return Figures(
        pick_rate_p50=percentile(rates, 50),
        pick_rate_p95=percentile(rates, 95),
        pack_throughput=seen.kinds[e.PackageSealed.kind],
        on_time_ship_rate=_on_time(db, seen.left_ms),
        ship_late_count=_late_count(db, now_ms),
        returns_processing_time=_returns(db, seen.ended_ms),
        first_pass_yield=_share(ended[states.PickTask.DONE], tried),
        label_generation_latency=_mean_s(seen.label_ms),
        mis_picks=seen.mis_picks,
        clock_set=seen.kinds[e.StationClockJumped.kind],
        complete=complete,
    )


def late(db: sqlite3.Connection, now_ms: int, after: str, limit: int) -> list[Late]:
    """Orders that should have left and are not packed, by their id, after one."""
    rows = db.execute(
        "SELECT fulfillment_id, order_id, warehouse_id, session, ship_by, :now - unixepoch(ship_by) FROM fulfillment"
        " WHERE unixepoch(ship_by) < :now AND session <> 'packed' AND fulfillment_id > :after"
        " ORDER BY fulfillment_id LIMIT :limit",
        {"now": now_ms // MS_PER_S, "after": after, "limit": limit},
    )
    return [Late(*row) for row in rows]


def percentile(ordered: Sequence[Decimal], share: int) -> Decimal | None:
    """The nearest rank, as HQ takes it; None of nothing. `share` in hundredths."""
    return ordered[min(len(ordered) - 1, share * len(ordered) // 100)] if ordered else None


def _first(db: sqlite3.Connection, since_ms: int) -> tuple[int, bool]:
    first, last = journal.first_since(db, since_ms), journal.head_of(db).seq
    return (first, True) if last - first < MOST_FACTS else (last - MOST_FACTS + 1, False)


def _facts(
    db: sqlite3.Connection, first: int, until_ms: int
) -> Iterator[tuple[int, str, str | None, dict[str, Any]]]:
    wanted = ", ".join("?" * len(_COUNTED))
    rows = db.execute(
        "SELECT wall_ms, kind, actor, body FROM journal WHERE seq >= ? AND wall_ms <= ?"  # noqa: S608 -- only places
        f" AND kind IN ({wanted}) ORDER BY seq",
        (first, until_ms, *_COUNTED),
    )
    for wall_ms, kind, actor, body in rows:
        yield wall_ms, kind, actor, json.loads(body)


def _see(
    seen: _Seen, wall_ms: int, kind: str, actor: str | None, body: dict[str, Any], pick_places: Sequence[str]
) -> None:
    match kind:
        case e.PickCounted.kind | e.PickUndone.kind | e.PickShort.kind:
            seen.tasks[body["task_id"]] = body["status"]
            if kind != e.PickShort.kind:
                units = Decimal(body["qty"])
                seen.picked[actor or "", wall_ms // MS_PER_HOUR] += units if kind == e.PickCounted.kind else -units
        case e.ShipmentRequested.kind:
            seen.left_ms[body["fulfillment_id"]] = wall_ms
        case e.LabelRequested.kind | e.CarrierLabelRequested.kind:
            seen.wanted_ms[body["job_id"]] = wall_ms
        case e.LabelConfirmed.kind if body["job_id"] in seen.wanted_ms:
            seen.label_ms.append(wall_ms - seen.wanted_ms.pop(body["job_id"]))
        case e.ReturnCompleted.kind:
            seen.ended_ms[body["return_id"]] = wall_ms
        case e.ScanRefused.kind:
            seen.mis_picks += body["workplace"] in pick_places and body["reason"] != "scan.again"


def _on_time(db: sqlite3.Connection, left_ms: dict[str, int]) -> Decimal | None:
    """Of the orders that left and had a time to leave by: how many left by then."""
    rows = db.execute(
        "SELECT fulfillment_id, unixepoch(ship_by) FROM fulfillment WHERE unixepoch(ship_by) IS NOT NULL"
        " AND fulfillment_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(left_ms)),),
    ).fetchall()
    return _share(sum(left_ms[ident] <= ship_by * MS_PER_S for ident, ship_by in rows), len(rows))


def _late_count(db: sqlite3.Connection, now_ms: int) -> int:
    found: int = db.execute(
        "SELECT count(*) FROM fulfillment WHERE unixepoch(ship_by) < ? AND session <> 'packed'", (now_ms // MS_PER_S,)
    ).fetchone()[0]
    return found


def _returns(db: sqlite3.Connection, ended_ms: dict[str, int]) -> Decimal | None:
    """Mean time from the first goods of a return to its end, of those that ended in the window."""
    taken = []
    for return_id, end_ms in list(ended_ms.items())[:MOST_RETURNS]:
        (began_ms,) = db.execute(
            "SELECT min(wall_ms) FROM story JOIN journal USING (seq) WHERE thing = 'return' AND id = ? AND kind = ?",
            (return_id, e.ReturnReceived.kind),
        ).fetchone()
        if began_ms is not None:
            taken.append(end_ms - began_ms)
    return _mean_s(taken)


def _mean_s(taken_ms: Sequence[int]) -> Decimal | None:
    return (Decimal(sum(taken_ms)) / len(taken_ms) / MS_PER_S).quantize(Decimal("0.001")) if taken_ms else None


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.0001")) if whole else None
