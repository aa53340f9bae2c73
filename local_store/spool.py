"""Label jobs on disk: every state change is committed before the act it allows."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_store.domain import events as e
from local_store.domain.events import Fact
from local_store.domain.printing import JOB, Job
from local_store.domain.states import step

if TYPE_CHECKING:
    from local_store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SpoolJob:
    """One label that is wanted."""

    job_id: str
    fulfillment_id: str
    picklist_id: str | None
    package_id: str
    sscc: str
    workplace: str
    copy_no: int
    state: Job
    reason: str | None
    zpl: bytes | None
    changed_ms: int


_COLUMNS = "job_id, fulfillment_id, picklist_id, package_id, sscc, workplace, copy_no, state, reason, zpl, changed_ms"

_WAITING = "state <> 'confirmed'"
"""Lets SQLite use the partial index of jobs that are not settled."""


def follow(connection: sqlite3.Connection, seq: int, fact: Fact, wall_ms: int) -> None:
    """Bring the spool up to date with a fact, in the fact's own transaction."""
    match fact:
        case e.LabelRequested():
            connection.execute(
                "INSERT INTO spool_job(job_id, fulfillment_id, picklist_id, package_id, sscc, workplace, copy_no,"
                " state, requested_seq, changed_ms) VALUES (?,?,?,?,?,?,?,?,?,?)",
                (
                    fact.job_id,
                    fact.fulfillment_id,
                    fact.picklist_id,
                    fact.package_id,
                    fact.sscc,
                    fact.workplace,
                    fact.copy_no,
                    Job.QUEUED,
                    seq,
                    wall_ms,
                ),
            )
        case e.LabelConfirmed():
            _move(connection, fact.job_id, "evidence", wall_ms, None)
        case e.LabelUncertain():
            _move(connection, fact.job_id, "doubt", wall_ms, fact.reason)
        case e.LabelReprintApproved():
            _move(connection, fact.job_id, "reprint", wall_ms, None)
            connection.execute(
                "UPDATE spool_job SET copy_no = ?, zpl = NULL WHERE job_id = ?", (fact.copy_no, fact.job_id)
            )


def next_job(connection: sqlite3.Connection, workplace: str) -> SpoolJob | None:
    """The oldest job of a workplace that may be worked on."""
    rows = _jobs(connection, f"workplace = ? AND state IN ('queued', 'ready') AND {_WAITING}", workplace, 1)
    return rows[0] if rows else None


def recent(connection: sqlite3.Connection, workplace: str, limit: int) -> list[SpoolJob]:
    """Doubtful jobs first, then the newest."""
    doubtful = _jobs(connection, f"workplace = ? AND state = 'uncertain' AND {_WAITING}", workplace, limit)
    newest = _jobs(connection, "workplace = ?", workplace, limit, newest=True)
    known = {job.job_id for job in doubtful}
    return doubtful + [job for job in newest if job.job_id not in known]


def rendered(tx: Transaction, job_id: str, zpl: bytes) -> None:
    """The label's bytes are made and checked."""
    _move(tx.connection, job_id, "rendered", tx.wall_ms, None)
    tx.connection.execute("UPDATE spool_job SET zpl = ? WHERE job_id = ?", (zpl, job_id))


def begin(tx: Transaction, job: SpoolJob, count_before: int | None) -> int:
    """Record an attempt before its first byte; returns its number."""
    _move(tx.connection, job.job_id, "begin", tx.wall_ms, None)
    (n,) = tx.connection.execute(
        "SELECT coalesce(max(n), 0) + 1 FROM spool_attempt WHERE job_id = ?", (job.job_id,)
    ).fetchone()
    tx.connection.execute(
        "INSERT INTO spool_attempt(job_id, n, epoch, copy_no, bytes_hash, count_before, started_ms)"
        " VALUES (?,?,?,?,?,?,?)",
        (job.job_id, n, tx.epoch, job.copy_no, hashlib.sha256(job.zpl or b"").digest(), count_before, tx.wall_ms),
    )
    attempt: int = n
    return attempt


def taken(tx: Transaction, job_id: str, n: int) -> None:
    """The printer took every byte. That proves nothing yet."""
    _move(tx.connection, job_id, "taken", tx.wall_ms, None)
    _outcome(tx, job_id, n, "sent", None)


def confirmed(tx: Transaction, job: SpoolJob, n: int, count_after: int) -> None:
    """The printer's own counter shows that this label came out."""
    _outcome(tx, job.job_id, n, "confirmed", count_after)
    if _settled(tx, job):
        return
    tx.append(e.LabelConfirmed(**_of(job), evidence="counter"), correlation_id=job.job_id)


def doubted(tx: Transaction, job: SpoolJob, n: int, reason: str) -> None:
    """Nobody knows what became of this attempt."""
    _outcome(tx, job.job_id, n, "uncertain", None)
    if _settled(tx, job):
        return
    tx.append(e.LabelUncertain(**_of(job), reason=reason), correlation_id=job.job_id)


def doubt_unfinished(tx: Transaction, stopped: str) -> int:
    """At start: jobs that were on their way when the agent stopped are uncertain. Returns how many."""
    jobs = _jobs(tx.connection, f"state IN (?, 'sent') AND {_WAITING}", "sending", limit=10_000)
    for job in jobs:
        (n,) = tx.connection.execute("SELECT max(n) FROM spool_attempt WHERE job_id = ?", (job.job_id,)).fetchone()
        doubted(tx, job, n, stopped)
    return len(jobs)


def _settled(tx: Transaction, job: SpoolJob) -> bool:
    """Whether somebody scanned the label on the box before the printer's own evidence came."""
    (state,) = tx.connection.execute("SELECT state FROM spool_job WHERE job_id = ?", (job.job_id,)).fetchone()
    return Job(state) is Job.CONFIRMED


def _of(job: SpoolJob) -> dict[str, str | None]:
    return {
        "fulfillment_id": job.fulfillment_id,
        "picklist_id": job.picklist_id,
        "job_id": job.job_id,
        "package_id": job.package_id,
    }


def _jobs(
    connection: sqlite3.Connection, where: str, value: str, limit: int, *, newest: bool = False
) -> list[SpoolJob]:
    order = "DESC" if newest else "ASC"
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM spool_job WHERE {where} ORDER BY requested_seq {order} LIMIT ?",  # noqa: S608
        (value, limit),
    )
    return [_job(row) for row in rows]


def _job(row: tuple[Any, ...]) -> SpoolJob:
    job_id, fulfillment_id, picklist_id, package_id, sscc, workplace, copy_no, state, reason, zpl, changed_ms = row
    of = (job_id, fulfillment_id, picklist_id, package_id, sscc, workplace)
    return SpoolJob(*of, copy_no, Job(state), reason, zpl, changed_ms)


def _move(connection: sqlite3.Connection, job_id: str, what: str, wall_ms: int, reason: str | None) -> None:
    (state,) = connection.execute("SELECT state FROM spool_job WHERE job_id = ?", (job_id,)).fetchone()
    connection.execute(
        "UPDATE spool_job SET state = ?, reason = ?, changed_ms = ? WHERE job_id = ?",
        (step(JOB, Job(state), what), reason, wall_ms, job_id),
    )


def _outcome(tx: Transaction, job_id: str, n: int, outcome: str, count_after: int | None) -> None:
    tx.connection.execute(
        "UPDATE spool_attempt SET outcome = ?, count_after = ? WHERE job_id = ? AND n = ?",
        (outcome, count_after, job_id, n),
    )
