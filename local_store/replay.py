"""What follows from the facts of a salvaged journal: views, label jobs, and the promises to each HQ.

A promise is taken over when it says what its fact says. One that was lost with its page is made again: as kept where
a later fact of the same entity went out, as open where an earlier one is, else it waits for a person, since HQ may
have it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple

from local_store import harvest, journal, projections, spool
from local_store.checks import LOST_FINGERPRINT, crc
from local_store.domain import events as e
from local_store.domain.events import Fact, StationRestored, StationSalvaged, StationStarted
from local_store.domain.printing import Job
from local_store.domain.site import Site
from local_store.domain.words import say
from local_store.retention import NIGHTS_OF_PROMISES

LOST_PROMISE = "Its promise was lost when the store was damaged, so HQ may have it already. Compare with HQ first."
LOST_REQUEST = "Its request was lost when the store was damaged, so HQ may have it already. Compare with HQ first."
LOST_BEFORE = "An earlier fact, number {seq}, was lost when the store was damaged. Compare with HQ first."

_RANK = {state: place for place, state in enumerate(harvest.PROMISE_STATES)}
_JOB_AFTER: Mapping[type[Fact], Job] = {
    e.LabelConfirmed: Job.CONFIRMED,
    e.LabelUncertain: Job.UNCERTAIN,
    e.LabelFailedClean: Job.FAILED_CLEAN,
    e.LabelExpired: Job.EXPIRED,
    e.LabelCancelled: Job.CANCELLED,
    e.LabelVoided: Job.VOIDED,
    e.LabelReleased: Job.QUEUED,
    e.LabelReprintApproved: Job.QUEUED,
}
"""The state of a job after a fact, whatever was before: the facts in between may be lost."""


class Replayed(NamedTuple):
    """Rows that an earlier salvage or restore had found missing already, and promises that wait for a person now."""

    told_missing: int
    parked: int


class _Lost(NamedTuple):
    """A promise that should be there and is not."""

    lane: str
    seq: int
    fact: Fact


class LanesOfRun:
    """Follows which lanes every fact of a run was promised to, as the run's first fact tells."""

    def __init__(self) -> None:
        self._lanes: tuple[str, ...] = ()
        self._seq = 0

    def at(self, seq: int, fact: Fact) -> tuple[str, ...]:
        """The lanes of this fact; none after a gap, until the next run begins."""
        if isinstance(fact, StationStarted):
            self._lanes = fact.lanes
        elif seq != self._seq + 1:
            self._lanes = ()
        self._seq = seq
        return self._lanes


def replay(db: sqlite3.Connection, site: Site) -> Replayed:
    """Go through the facts of `db`, a new store with `found` attached."""
    lanes = LanesOfRun()
    pruned = pruned_seq(db)
    lost: list[_Lost] = []
    told_missing, after = 0, 0
    while rows := journal.rows(db, after):
        for row in rows:
            each = journal.recorded(row)
            projections.apply(db, each.seq, each.fact)
            _replay_label(db, each.seq, each.fact, each.wall_ms)
            expected = lanes.at(each.seq, each.fact)
            lost += _take_promises(db, each.seq, each.fact, expected if each.seq > pruned else ())
            if isinstance(each.fact, StationSalvaged | StationRestored):
                told_missing = sum(gap.last_seq - gap.first_seq + 1 for gap in each.fact.missing)
        after = rows[-1].seq
    parked = _settle_requests(db) + _make_again(db, lost, site) + _park_after_lost_facts(db)
    _take_labels(db)
    _answer_again(db)
    return Replayed(told_missing, parked)


def pruned_seq(db: sqlite3.Connection) -> int:
    """Promises up to here may have been kept and let go of."""
    row = db.execute("SELECT last_seq FROM night ORDER BY n DESC LIMIT 1 OFFSET ?", (NIGHTS_OF_PROMISES,)).fetchone()
    return row[0] if row else 0


def _take_promises(db: sqlite3.Connection, seq: int, fact: Fact, expected: tuple[str, ...]) -> list[_Lost]:
    """Take over the promises of one fact; those of the lanes in `expected` that were not found are returned."""
    told = fact.told
    if not told.for_hq:
        return []
    found = db.execute(
        "SELECT lane, state, request_id, reason FROM found.outbox WHERE seq = ? AND entity = ? AND follows IS ?",
        (seq, told.entity, told.follows),
    ).fetchall()
    best = {row[0]: row for row in sorted(found, key=lambda row: _RANK[row[1]])}
    db.executemany(
        "INSERT INTO outbox(lane, seq, entity, follows, state, request_id, reason) VALUES (?,?,?,?,?,?,?)",
        [(lane, seq, told.entity, told.follows, *rest) for lane, *rest in best.values()],
    )
    return [_Lost(lane, seq, told) for lane in expected if lane not in best]


def _settle_requests(db: sqlite3.Connection) -> int:
    """An open promise whose request was answered is kept; one whose request is lost waits for a person."""
    db.execute(
        "UPDATE outbox SET state = 'delivered', reason = NULL WHERE state IN ('pending', 'parked') AND request_id IN"
        " (SELECT request_id FROM outbox_request WHERE state = 'answered')"
    )
    return db.execute(
        "UPDATE outbox SET state = 'parked', request_id = NULL, reason = ?"
        " WHERE state IN ('pending', 'parked') AND request_id IS NOT NULL AND NOT EXISTS (SELECT 1"
        "   FROM outbox_request r WHERE r.request_id = outbox.request_id AND r.lane = outbox.lane"
        "   AND r.entity = outbox.entity)",
        (LOST_REQUEST,),
    ).rowcount


def _make_again(db: sqlite3.Connection, lost: list[_Lost], site: Site) -> int:
    """Make the promises that were lost anew; returns how many of them wait for a person."""
    accepts = {lane.name: lane.accepts for lane in site.lanes}
    parked = 0
    for lane, seq, fact in lost:
        beside = db.execute(
            "SELECT max(CASE WHEN seq > ? AND state = 'delivered' THEN 1 END),"
            " max(CASE WHEN seq < ? AND state IN ('pending', 'parked') AND reason IS NOT ? THEN 1 END)"
            " FROM outbox WHERE lane = ? AND entity = ?",
            (seq, seq, LOST_PROMISE, lane, fact.entity),
        ).fetchone()
        if lane in accepts and fact.kind not in accepts[lane]:
            state, reason = "not_deliverable", None
        elif beside[0]:
            state, reason = "delivered", None
        elif beside[1]:
            state, reason = "pending", None
        else:
            state, reason, parked = "parked", LOST_PROMISE, parked + 1
        db.execute(
            "INSERT INTO outbox(lane, seq, entity, follows, state, reason) VALUES (?,?,?,?,?,?)",
            (lane, seq, fact.entity, fact.follows, state, reason),
        )
    return parked


def _park_after_lost_facts(db: sqlite3.Connection) -> int:
    """Where an open promise outlived its fact, the rest of its entity waits: HQ must have them in order."""
    lost = db.execute(
        "SELECT lane, entity, max(seq) FROM found.outbox o WHERE state IN ('pending', 'parked')"
        " AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.seq = o.seq)"
        " AND NOT EXISTS (SELECT 1 FROM found.outbox s WHERE s.lane = o.lane AND s.seq = o.seq"
        "   AND s.state IN ('delivered', 'not_deliverable')) GROUP BY lane, entity"
    ).fetchall()
    parked = 0
    for lane, entity, seq in lost:
        parked += db.execute(
            "UPDATE outbox SET state = 'parked', reason = ? WHERE (lane, seq) IN (SELECT lane, seq FROM outbox"
            " WHERE lane = ? AND entity = ? AND seq > ? AND state = 'pending' ORDER BY seq LIMIT 1)",
            (LOST_BEFORE.format(seq=seq), lane, entity, seq),
        ).rowcount
    return parked


def _answer_again(db: sqlite3.Connection) -> None:
    """A command whose facts are here and whose answer is lost must not be done again when it is repeated."""
    lost = db.execute(
        "SELECT command_id, min(seq), max(seq) FROM journal j WHERE command_id <> event_id AND kind <> ?"
        " AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.command_id = j.command_id) GROUP BY command_id",
        (e.HistoryRecovered.kind,),
    ).fetchall()
    answer = say("work.answer_lost")
    told = json.dumps({"tone": answer.tone.value, "code": answer.code, "text": answer.text})
    for command_id, first_seq, last_seq in lost:
        row = (command_id, LOST_FINGERPRINT, "done", told, first_seq, last_seq)
        db.execute("INSERT INTO receipt VALUES (?,?,?,?,?,?,?)", (*row, crc(*row)))


def _replay_label(db: sqlite3.Connection, seq: int, fact: Fact, wall_ms: int) -> None:
    """Bring the label jobs up to date. Their bytes are made afresh when a person wants them again."""
    if isinstance(fact, e.LabelRequested | e.PlainLabelRequested | e.LabelChecked | e.LabelSwapped):
        spool.follow(db, seq, fact, wall_ms)
        return
    state = _JOB_AFTER.get(type(fact))
    if state is None:
        return
    members: dict[str, Any] = {"evidence": "", "reason": None, "copy_no": None, **fact.model_dump()}
    db.execute(
        "UPDATE spool_job SET state = :state, evidence = :evidence, reason = :reason, waiting_seq = :seq,"
        " changed_ms = :wall_ms, copy_no = coalesce(:copy_no, copy_no) WHERE job_id = :job_id",
        {**members, "state": state, "seq": seq, "wall_ms": wall_ms},
    )


def _take_labels(db: sqlite3.Connection) -> None:
    """Jobs whose request was lost are taken over as doubtful, unless they were settled; attempts as they were."""
    db.execute(
        "INSERT OR IGNORE INTO spool_job(job_id, fulfillment_id, picklist_id, package_id, sscc, workplace, copy_no,"
        " state, requested_seq, changed_ms, label_class, template, label_values)"
        " SELECT job_id, fulfillment_id, picklist_id, package_id, sscc, workplace, copy_no,"
        "  CASE WHEN state IN ('confirmed', 'cancelled', 'voided') THEN state ELSE 'uncertain' END,"
        "  requested_seq, changed_ms, coalesce(label_class, 'unique'), coalesce(template, ?),"
        "  coalesce(label_values, '')"
        " FROM found.job WHERE NOT EXISTS (SELECT 1 FROM journal WHERE seq = requested_seq)",
        (spool.SHIPPING_TEMPLATE,),
    )
    db.execute(
        "INSERT OR IGNORE INTO spool_attempt SELECT * FROM found.attempt"
        " WHERE job_id IN (SELECT job_id FROM spool_job)"
    )
