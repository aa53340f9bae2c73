"""The counts of a shift, from the journal: what was recorded, and what nobody can know."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from agent.slips.documents import Backlog, ShiftReport
from agent.slips.layout import counted
from agent.slips.people import people
from local_store import hours, journal, outbox
from local_store.clock import local_time
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
    e.LabelVoided.kind,
    e.PicklistCompleted.kind,
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
    again: int
    """Refused scans that were one label twice in a moment."""
    lists: tuple[str, ...]
    """The picklists that were completed."""


def shift_report(db: sqlite3.Connection, station: str, since_ms: int, until_ms: int, timezone: str) -> ShiftReport:
    """What was recorded from `since_ms` to `until_ms` by the wall clock, and what is still owed to HQ now."""
    first_seq = journal.first_since(db, since_ms)
    told = _told(db, first_seq, until_ms)
    asking, waiting = (_labels(db, which) for which in (_ASKING, _WAITING))
    kinds, states_of = told.kinds, Counter(told.tasks.values())
    window = hours.of_window(db, since_ms, until_ms + 1)
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
        people=people(db, first_seq, since_ms, until_ms),
        backlog=tuple(_backlog(db, lane, until_ms) for lane in outbox.lanes_of(db)),
        unknown=(*_unknown(db, told, asking, since_ms, timezone), *_left_out(window)),
        picked_orders=_orders_of(db, told.lists),
        packed_orders=window.orders_packed,
        picked_units=_sum(each.picked for each in window.hours),
        packed_units=_sum(each.packed for each in window.hours),
        shorts=window.reasons,
        mis_scans=kinds[e.ScanRefused.kind] - told.again,
        exceptions_open=db.execute("SELECT count(*) FROM work_exception WHERE state <> 'decided'").fetchone()[0],
        labels_reprinted=kinds[e.LabelReprintApproved.kind],
        labels_voided=kinds[e.LabelVoided.kind],
    )


def age(of_ms: int) -> str:
    """`3 h 12 min`; empty for what lies in the future, because the clock was set."""
    if of_ms < 0:
        return ""
    hours, minutes = divmod(of_ms // MS_PER_MIN, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _told(db: sqlite3.Connection, first_seq: int, until_ms: int) -> _Told:
    kinds: Counter[str] = Counter()
    tasks: dict[str, str] = {}
    lists: dict[str, None] = {}
    by_person = again = 0
    for kind, body in _facts(db, first_seq, until_ms):
        kinds[kind] += 1
        if kind in _PICKING:
            tasks[body["task_id"]] = body["status"]
        by_person += kind == e.LabelConfirmed.kind and body["evidence"] == "person"
        again += kind == e.ScanRefused.kind and body["reason"] == hours.NOT_A_MIS_SCAN
        if kind == e.PicklistCompleted.kind:
            lists[body["picklist_id"]] = None
    return _Told(kinds, tasks, by_person, again, tuple(lists))


def _left_out(window: hours.Window) -> Iterator[str]:
    if not window.complete:
        yield "the units and orders of the first part: the time holds more facts than are read for one report."


def _orders_of(db: sqlite3.Connection, picklists: Sequence[str]) -> int:
    found: int = db.execute(
        "SELECT count(DISTINCT fulfillment_id) FROM pick_task WHERE picklist_id IN (SELECT value FROM json_each(?))",
        (json.dumps(picklists),),
    ).fetchone()[0]
    return found


def _sum(units: Iterable[Decimal]) -> str:
    return e.decimal_text(sum(units, Decimal(0)))


def _facts(db: sqlite3.Connection, first_seq: int, until_ms: int) -> Iterator[tuple[str, dict[str, Any]]]:
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
