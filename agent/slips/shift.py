"""The counts of a shift, from the journal: what was recorded, and what nobody can know."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from agent.slips.documents import Backlog, ShiftReport
from agent.slips.gather import local_time
from agent.slips.layout import counted
from local_store import outbox
from local_store.domain import events as e
from local_store.domain import states

MS_PER_MIN = 60_000
MS_PER_HOUR = 60 * MS_PER_MIN
_PICKING = (e.PickCounted.kind, e.PickShort.kind, e.PickUndone.kind)
_COUNTED = (
    *_PICKING,
    e.PackageSealed.kind,
    e.LabelRequested.kind,
    e.PlainLabelRequested.kind,
    e.CarrierLabelRequested.kind,
    e.LabelReprintApproved.kind,
    e.LabelConfirmed.kind,
    e.LabelUncertain.kind,
    e.ScanRefused.kind,
    e.StationClockJumped.kind,
    e.HistoryRecovered.kind,
)
_ASKING = "state IN ('uncertain', 'failed_clean', 'expired')"
_WAITING = "state IN ('queued', 'ready', 'sending', 'sent')"


class _Told(NamedTuple):
    """What the facts of the time add up to."""

    kinds: Counter[str]
    tasks: dict[str, str]
    """The last state of every line that was touched."""
    by_person: int


def shift_report(db: sqlite3.Connection, station: str, since_ms: int, until_ms: int, timezone: str) -> ShiftReport:
    """What was recorded from `since_ms` to `until_ms` by the wall clock, and what is still owed to HQ now."""
    first_seq = _first_since(db, since_ms)
    told = _told(db, first_seq, until_ms)
    asking, waiting = (_labels(db, which) for which in (_ASKING, _WAITING))
    kinds, states_of = told.kinds, Counter(told.tasks.values())
    return ShiftReport(
        station=station,
        since=local_time(since_ms, timezone),
        until=local_time(until_ms, timezone),
        picked_lines=states_of[states.PickTask.DONE],
        short_lines=states_of[states.PickTask.SHORT],
        packed_parcels=kinds[e.PackageSealed.kind],
        labels_wanted=kinds[e.LabelRequested.kind]
        + kinds[e.PlainLabelRequested.kind]
        + kinds[e.CarrierLabelRequested.kind]
        + kinds[e.LabelReprintApproved.kind],
        labels_proved=kinds[e.LabelConfirmed.kind] - told.by_person,
        labels_doubted=kinds[e.LabelUncertain.kind],
        labels_asking=asking,
        labels_waiting=waiting,
        refusals=kinds[e.ScanRefused.kind],
        backlog=tuple(_backlog(db, lane, until_ms) for lane in outbox.lanes_of(db)),
        unknown=tuple(_unknown(db, told, asking, since_ms, timezone)),
    )


def age(of_ms: int) -> str:
    """`3 h 12 min`; empty for what lies in the future, because the clock was set."""
    if of_ms < 0:
        return ""
    hours, minutes = divmod(of_ms // MS_PER_MIN, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _first_since(db: sqlite3.Connection, since_ms: int) -> int:
    """The first fact of the time, by halving: there is no index by time, and a journal may hold millions.

    The clock only ever goes back where a fact says so, and then the report says so too.
    """
    low, high = (bound or 0 for bound in db.execute("SELECT min(seq), max(seq) FROM journal").fetchone())
    high += 1
    while low < high:
        middle = (low + high) // 2
        row = db.execute("SELECT seq, wall_ms FROM journal WHERE seq >= ? ORDER BY seq LIMIT 1", (middle,)).fetchone()
        if row is None or row["wall_ms"] >= since_ms:
            high = middle
        else:
            low = row["seq"] + 1
    return low


def _told(db: sqlite3.Connection, first_seq: int, until_ms: int) -> _Told:
    kinds: Counter[str] = Counter()
    tasks: dict[str, str] = {}
    by_person = 0
    for kind, body in _facts(db, first_seq, until_ms):
        kinds[kind] += 1
        if kind in _PICKING:
            tasks[body["task_id"]] = body["status"]
        by_person += kind == e.LabelConfirmed.kind and body["evidence"] == "person"
    return _Told(kinds, tasks, by_person)


def _facts(db: sqlite3.Connection, first_seq: int, until_ms: int) -> Iterator[tuple[str, dict[str, str]]]:
    wanted = ", ".join("?" * len(_COUNTED))
    rows = db.execute(
        "SELECT kind, body FROM journal WHERE seq >= ? AND wall_ms <= ?"  # noqa: S608 -- only places for values
        f" AND kind IN ({wanted}) ORDER BY seq",
        (first_seq, until_ms, *_COUNTED),
    )
    for kind, body in rows:
        yield kind, json.loads(body)


def _labels(db: sqlite3.Connection, which: str) -> int:
    found: int = db.execute(f"SELECT count(*) FROM spool_job WHERE {which}").fetchone()[0]  # noqa: S608 -- ours
    return found


def _backlog(db: sqlite3.Connection, lane: str, until_ms: int) -> Backlog:
    figures = outbox.figures(db, lane)
    oldest = "" if figures.oldest_unsent_ms is None else age(until_ms - figures.oldest_unsent_ms)
    return Backlog(lane, figures.unsent, oldest, figures.parked, figures.not_deliverable)


def _unknown(db: sqlite3.Connection, told: _Told, asking: int, since_ms: int, timezone: str) -> Iterator[str]:
    if asking:
        yield f"whether {counted(asking, 'label')} came out; the screens ask."
    if told.by_person:
        yield f"whether {counted(told.by_person, 'label')} came out where only a person says so."
    (first_ms,) = db.execute("SELECT wall_ms FROM journal ORDER BY seq LIMIT 1").fetchone() or (None,)
    if first_ms is not None and first_ms > since_ms:
        yield f"what was before {local_time(first_ms, timezone)}: this journal begins then."
    if jumps := told.kinds[e.StationClockJumped.kind]:
        yield f"the exact times: the clock was set {counted(jumps, 'time')}."
    if recovered := told.kinds[e.HistoryRecovered.kind]:
        yield f"what belongs to this time of {counted(recovered, 'fact')} that HQ gave back; not counted here."
    (lost,) = db.execute("SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM journal_gap").fetchone()
    if lost:
        yield f"what {counted(lost, 'fact')} said that this journal lost."
