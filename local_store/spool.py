"""Label jobs on disk: every state change is committed before the act it allows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from local_store.checks import label_hash
from local_store.domain import events as e
from local_store.domain.events import Fact
from local_store.domain.printing import JOB, Job, LabelClass
from local_store.domain.states import IllegalStep, step

if TYPE_CHECKING:
    from local_store.transaction import Transaction

SHIPPING_TEMPLATE = "gs1_logistic_4x6"
CARRIER_TEMPLATE = "carrier_label"
"""In place of a template's name: the label is what the carrier made, see `SpoolJob.file`."""
MOST_ASKING = 200
"""Labels that ask, on one screen: more than anybody could answer before the next ones come up."""
MOST_ATTEMPTS = 3
"""A repeatable label that never comes out is not tried for ever: a person is asked."""


@dataclass(frozen=True, slots=True)
class SpoolJob:
    """One label that is wanted. A plain label has `label_values` and neither package nor SSCC."""

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
    label_class: LabelClass
    template: str
    label_values: str
    waiting_seq: int
    zpl_hash: bytes | None
    zpl_dpi: int | None
    printer: str
    evidence: str
    box_check: str
    file: str
    """SHA-256 of the carrier's file; empty for a label of our own."""

    @property
    def title(self) -> str:
        """What people call it: its SSCC, or what a plain label is for."""
        if self.sscc:
            return self.sscc
        return " ".join([self.template, *list(json.loads(self.label_values).values())[:1]])

    @property
    def is_sound(self) -> bool:
        """Whether there are bytes and they are those that were rendered."""
        return self.zpl is not None and label_hash(self.job_id, self.copy_no, self.zpl) == self.zpl_hash


class Counted(NamedTuple):
    """What a printer's counter said last, and how many labels of ours may have come out since, unproved."""

    label_count: int | None = None
    unproved: int = 0


_COLUMNS = ", ".join(SpoolJob.__dataclass_fields__)
_WAITING = "state IN ('queued', 'ready')"
_ASKING = "state IN ('uncertain', 'failed_clean', 'expired')"
_ON_ITS_WAY = "state IN ('sending', 'sent')"
"""Written as the partial indexes have them, so that SQLite uses them."""

_WHAT: Mapping[type[Fact], str] = {
    e.LabelConfirmed: "evidence",
    e.LabelUncertain: "doubt",
    e.LabelFailedClean: "empty",
    e.LabelExpired: "expire",
    e.LabelCancelled: "cancel",
    e.LabelVoided: "void",
    e.LabelReleased: "release",
    e.LabelReprintApproved: "reprint",
}
"""What a fact does to its job, in the words of the table `JOB`."""


def follow(connection: sqlite3.Connection, seq: int, fact: Fact, wall_ms: int) -> None:
    """Bring the spool up to date with a fact, in the fact's own transaction."""
    if isinstance(fact, e.LabelRequested | e.PlainLabelRequested):
        _insert(connection, fact, seq, wall_ms)
    elif isinstance(fact, e.OfLabel):
        what = _WHAT.get(type(fact))
        if what is not None:
            _move(connection, fact.job_id, what, wall_ms, getattr(fact, "reason", None))
        _note(connection, seq, fact, wall_ms)
    elif isinstance(fact, e.HistoryRecovered) and fact.applied:
        _recover(connection, seq, fact.told, wall_ms)


def waiting(connection: sqlite3.Connection, workplace: str, limit: int) -> list[SpoolJob]:
    """The jobs of a workplace that may be worked on, the longest waiting first."""
    return _jobs(connection, f"workplace = ? AND {_WAITING} ORDER BY waiting_seq LIMIT ?", workplace, limit)


def recent(connection: sqlite3.Connection, workplace: str, limit: int) -> list[SpoolJob]:
    """All that waits for a person first, then the newest."""
    asking = _jobs(connection, f"workplace = ? AND {_ASKING} ORDER BY requested_seq LIMIT ?", workplace, MOST_ASKING)
    newest = _jobs(connection, "workplace = ? ORDER BY requested_seq DESC LIMIT ?", workplace, limit)
    known = {job.job_id for job in asking}
    return asking + [job for job in newest if job.job_id not in known]


def rendered(tx: Transaction, job_id: str, zpl: bytes, dpi: int | None = None) -> SpoolJob:
    """The label's bytes are made and checked; they are kept with their hash. The job as it is then."""
    _move(tx.connection, job_id, "rendered", tx.wall_ms, None)
    (copy_no,) = tx.connection.execute("SELECT copy_no FROM spool_job WHERE job_id = ?", (job_id,)).fetchone()
    tx.connection.execute(
        "UPDATE spool_job SET zpl = ?, zpl_hash = ?, zpl_dpi = ? WHERE job_id = ?",
        (zpl, label_hash(job_id, copy_no, zpl), dpi, job_id),
    )
    return _jobs(tx.connection, "job_id = ?", job_id)[0]


def is_ready(tx: Transaction, job: SpoolJob) -> bool:
    """Whether a job is still just as it was when it was made ready."""
    return _jobs(tx.connection, "job_id = ? AND state = 'ready'", job.job_id) == [job]


def begin(tx: Transaction, job: SpoolJob, count_before: int | None, printer: str = "") -> int:
    """Record an attempt before its first byte; returns its number."""
    _move(tx.connection, job.job_id, "begin", tx.wall_ms, None)
    tx.connection.execute("UPDATE spool_job SET printer = ? WHERE job_id = ?", (printer, job.job_id))
    attempt = _last_attempt(tx.connection, job.job_id) + 1
    tx.connection.execute(
        "INSERT INTO spool_attempt(job_id, n, epoch, copy_no, bytes_hash, count_before, started_ms, printer)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (job.job_id, attempt, tx.epoch, job.copy_no, job.zpl_hash or b"", count_before, tx.wall_ms, printer),
    )
    if count_before is None:
        last = counted(tx.connection, printer)
        _count(tx.connection, printer, last.label_count, last.unproved + 1)
    else:
        _count(tx.connection, printer, count_before, 1)
    return attempt


def taken(tx: Transaction, job: SpoolJob, n: int) -> None:
    """The printer took every byte. That proves nothing yet."""
    if _may(tx, job, "taken"):
        _move(tx.connection, job.job_id, "taken", tx.wall_ms, None)
    _outcome(tx, job.job_id, n, "sent", None)


def confirmed(tx: Transaction, job: SpoolJob, n: int, count_after: int | None, evidence: str = "counter") -> None:
    """The printer itself shows that this label came out: by its counter, its alert or its status."""
    _outcome(tx, job.job_id, n, "confirmed", count_after)
    if _may(tx, job, "evidence"):
        fact = e.LabelConfirmed.model_validate({**_of(job), "evidence": evidence})
        tx.append(fact, correlation_id=job.job_id)


def doubted(tx: Transaction, job: SpoolJob, n: int, reason: str, count_after: int | None = None) -> None:
    """Nobody knows what became of this attempt."""
    _outcome(tx, job.job_id, n, "uncertain", count_after)
    if _may(tx, job, "doubt"):
        tx.append(e.LabelUncertain(**_of(job), reason=reason), correlation_id=job.job_id)


def came_to_nothing(tx: Transaction, job: SpoolJob, n: int, reason: str, count_after: int) -> None:
    """The printer itself shows that nothing came out: a plain label is sent again, else a person is asked."""
    _outcome(tx, job.job_id, n, "nothing", count_after)
    if not _may(tx, job, "empty"):
        return
    if job.label_class is LabelClass.REPEATABLE and n < MOST_ATTEMPTS:
        _move(tx.connection, job.job_id, "again", tx.wall_ms, reason)
    else:
        tx.append(e.LabelFailedClean(**_of(job), reason=reason), correlation_id=job.job_id)


def expired(tx: Transaction, job: SpoolJob, reason: str) -> None:
    """The job waited too long: a person says whether it is still wanted."""
    if _state(tx.connection, job.job_id) in {Job.QUEUED, Job.READY}:
        tx.append(e.LabelExpired(**_of(job), reason=reason), correlation_id=job.job_id)


def cannot_be_made(tx: Transaction, job: SpoolJob, reason: str) -> None:
    """There is no label for what this job asks: it is not tried again."""
    if _state(tx.connection, job.job_id) in {Job.QUEUED, Job.READY}:
        tx.append(e.LabelCancelled(**_of(job), reason=reason), correlation_id=job.job_id)


def doubt_unfinished(tx: Transaction, stopped: str, workplace: str | None = None) -> int:
    """Jobs that were on their way (at one workplace, or anywhere) when printing stopped are uncertain. How many."""
    jobs = _jobs(
        tx.connection, f"{_ON_ITS_WAY} AND workplace = coalesce(?, workplace) ORDER BY requested_seq", workplace
    )
    for job in jobs:
        doubted(tx, job, _last_attempt(tx.connection, job.job_id), stopped)
    return len(jobs)


def doubt_all(tx: Transaction, reason: str) -> int:
    """This file may be behind what really happened: every label that is not settled may be on paper. How many."""
    jobs = _jobs(
        tx.connection,
        "state IN ('queued', 'ready', 'sending', 'sent', 'failed_clean', 'expired') ORDER BY requested_seq",
    )
    for job in jobs:
        tx.append(e.LabelUncertain(**_of(job), reason=reason), correlation_id=job.job_id)
    return len(jobs)


def remember_boot(tx: Transaction, boot_id: str) -> None:
    """Which boot of the machine this run belongs to."""
    tx.connection.execute("INSERT OR REPLACE INTO spool_run VALUES (?, ?)", (tx.epoch, boot_id))


def waited_ms(connection: sqlite3.Connection, job: SpoolJob, mono_ms: int, boot_id: str) -> int | None:
    """How long a job has waited by the clock that never jumps; None when the machine was off in between."""
    row = connection.execute(
        "SELECT j.mono_ms, r.boot_id FROM journal j LEFT JOIN spool_run r USING (epoch) WHERE j.seq = ?",
        (job.waiting_seq,),
    ).fetchone()
    if row is None or row[1] != boot_id:
        return None
    since_ms: int = row[0]
    return mono_ms - since_ms


def counted(connection: sqlite3.Connection, printer: str) -> Counted:
    """What is known of a printer's counter."""
    row = connection.execute(
        "SELECT label_count, unproved FROM spool_printer WHERE printer = ?", (printer,)
    ).fetchone()
    return Counted(*row) if row else Counted()


def is_busy(connection: sqlite3.Connection, workplace: str) -> bool:
    """Whether a label of this workplace is on its way or waits for its printer."""
    row = connection.execute(
        f"SELECT 1 FROM spool_job WHERE workplace = ? AND ({_WAITING} OR {_ON_ITS_WAY}) LIMIT 1",  # noqa: S608 -- ours
        (workplace,),
    ).fetchone()
    return row is not None


def expect_one_more(tx: Transaction, printer: str) -> None:
    """A label of no job is about to be sent: it may move the printer's counter."""
    tx.connection.execute("UPDATE spool_printer SET unproved = unproved + 1 WHERE printer = ?", (printer,))


def note_count(tx: Transaction, printer: str, label_count: int) -> None:
    """The printer's counter as it stands after a label of no job."""
    _count(tx.connection, printer, label_count, 0)


def _insert(
    connection: sqlite3.Connection, fact: e.LabelRequested | e.PlainLabelRequested, seq: int, wall_ms: int
) -> None:
    of: tuple[Any, ...]
    if isinstance(fact, e.LabelRequested):
        of = (fact.fulfillment_id, fact.picklist_id, fact.package_id, fact.sscc, fact.workplace, fact.copy_no)
        label = (LabelClass.UNIQUE, SHIPPING_TEMPLATE, "", "")
        if isinstance(fact, e.CarrierLabelRequested):
            values = json.dumps({"tracking_number": fact.tracking_number}, ensure_ascii=False)
            label = (LabelClass.UNIQUE, CARRIER_TEMPLATE, values, fact.file)
    else:
        of = ("", None, "", "", fact.workplace, 1)
        label = (LabelClass.REPEATABLE, fact.template, json.dumps(fact.values, ensure_ascii=False), "")
    connection.execute(
        "INSERT INTO spool_job(job_id, fulfillment_id, picklist_id, package_id, sscc, workplace, copy_no,"
        " label_class, template, label_values, file, state, requested_seq, waiting_seq, changed_ms)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (fact.job_id, *of, *label, Job.QUEUED, seq, seq, wall_ms),
    )


def _note(connection: sqlite3.Connection, seq: int, fact: e.OfLabel, wall_ms: int) -> None:
    """What a fact about a label changes besides its state."""
    match fact:
        case e.LabelConfirmed():
            checked = "done" if fact.evidence == "scan" else "open"
            _set(connection, fact.job_id, evidence=fact.evidence, box_check=checked)
        case e.LabelChecked():
            _set(connection, fact.job_id, box_check="done")
        case e.LabelSwapped():
            _set(connection, fact.job_id, box_check="swapped")
        case e.LabelVoided():  # the number is burned, and with it every other copy
            for (job_id,) in connection.execute(
                "SELECT job_id FROM spool_job WHERE package_id = ? AND state <> 'voided' AND (file = '') ="
                " (SELECT file = '' FROM spool_job WHERE job_id = ?)",
                (fact.package_id, fact.job_id),
            ).fetchall():
                _move(connection, job_id, "void", wall_ms, fact.reason)
        case e.LabelReleased() | e.LabelReprintApproved():  # made afresh, and it waits anew
            _set(connection, fact.job_id, zpl=None, zpl_hash=None, waiting_seq=seq, box_check="open")
            if isinstance(fact, e.LabelReprintApproved):
                _set(connection, fact.job_id, copy_no=fact.copy_no)


def _recover(connection: sqlite3.Connection, seq: int, fact: Fact, wall_ms: int) -> None:
    """Follow what another lineage of this store did about a label. It may be on paper, so it is not printed."""
    if not isinstance(fact, e.LabelRequested | e.PlainLabelRequested | e.OfLabel):
        return
    state = _state_of(connection, fact.job_id)
    if (state is None) is not isinstance(fact, e.LabelRequested | e.PlainLabelRequested):
        return
    try:
        follow(connection, seq, fact, wall_ms)
    except IllegalStep:  # what was done about it here has gone further
        return
    if _state_of(connection, fact.job_id) is Job.QUEUED:
        reason = "It was wanted before this store was restored or copied; whether it came out is not known here."
        _move(connection, fact.job_id, "doubt", wall_ms, reason)


def _state_of(connection: sqlite3.Connection, job_id: str) -> Job | None:
    row = connection.execute("SELECT state FROM spool_job WHERE job_id = ?", (job_id,)).fetchone()
    return Job(row[0]) if row else None


def _may(tx: Transaction, job: SpoolJob, what: str) -> bool:
    """Whether the printer's word still counts: nobody scanned, decided or doubted this very copy meanwhile."""
    state, copy_no = tx.connection.execute(
        "SELECT state, copy_no FROM spool_job WHERE job_id = ?", (job.job_id,)
    ).fetchone()
    on_its_way = Job(state) in {Job.SENDING, Job.SENT} or (Job(state), what) == (Job.UNCERTAIN, "evidence")
    return on_its_way and copy_no == job.copy_no and (Job(state), what) in JOB


def _of(job: SpoolJob) -> dict[str, Any]:
    return {
        "fulfillment_id": job.fulfillment_id,
        "picklist_id": job.picklist_id,
        "job_id": job.job_id,
        "package_id": job.package_id,
    }


def _jobs(connection: sqlite3.Connection, where: str, *values: object) -> list[SpoolJob]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM spool_job WHERE {where}", values)  # noqa: S608 -- ours
    return [_job(row) for row in rows]


def _job(row: tuple[Any, ...]) -> SpoolJob:
    members = dict(zip(SpoolJob.__dataclass_fields__, row, strict=True))
    return SpoolJob(**{**members, "state": Job(members["state"]), "label_class": LabelClass(members["label_class"])})


def _state(connection: sqlite3.Connection, job_id: str) -> Job:
    (state,) = connection.execute("SELECT state FROM spool_job WHERE job_id = ?", (job_id,)).fetchone()
    return Job(state)


def _move(connection: sqlite3.Connection, job_id: str, what: str, wall_ms: int, reason: str | None) -> None:
    connection.execute(
        "UPDATE spool_job SET state = ?, reason = ?, changed_ms = ? WHERE job_id = ?",
        (step(JOB, _state(connection, job_id), what), reason, wall_ms, job_id),
    )


def _set(connection: sqlite3.Connection, job_id: str, **columns: object) -> None:
    names = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE spool_job SET {names} WHERE job_id = ?", (*columns.values(), job_id))  # noqa: S608


def _last_attempt(connection: sqlite3.Connection, job_id: str) -> int:
    (n,) = connection.execute("SELECT coalesce(max(n), 0) FROM spool_attempt WHERE job_id = ?", (job_id,)).fetchone()
    last: int = n
    return last


def _outcome(tx: Transaction, job_id: str, n: int, outcome: str, count_after: int | None) -> None:
    tx.connection.execute(
        "UPDATE spool_attempt SET outcome = ?, count_after = ? WHERE job_id = ? AND n = ?",
        (outcome, count_after, job_id, n),
    )
    if count_after is not None:
        row = tx.connection.execute("SELECT printer FROM spool_attempt WHERE job_id = ? AND n = ?", (job_id, n))
        (printer,) = row.fetchone()
        _count(tx.connection, printer, count_after, 0)


def _count(connection: sqlite3.Connection, printer: str, label_count: int | None, unproved: int) -> None:
    connection.execute("INSERT OR REPLACE INTO spool_printer VALUES (?,?,?)", (printer, label_count, unproved))
