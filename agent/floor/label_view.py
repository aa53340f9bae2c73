"""How a label job stands on the screen: what became of it, what a person is asked, and what can be done with it."""

from __future__ import annotations

import sqlite3
from typing import Any

from local_store import spool
from local_store.domain.printing import ANSWERS, ASKING, Job
from local_store.spool import SpoolJob

LABELS = 6
View = dict[str, Any]

SENTENCES = {
    Job.QUEUED: "Waits for the printer.",
    Job.READY: "Waits for the printer.",
    Job.SENDING: "On its way to {printer}.",
    Job.SENT: "{printer} has it.",
    Job.CONFIRMED: "Printed.",
    Job.CANCELLED: "Discarded.",
    Job.VOIDED: "Void. Destroy it if it turns up.",
}
QUESTIONS = {
    Job.UNCERTAIN: "Did it come out?",
    Job.FAILED_CLEAN: "Nothing came out. Print it again?",
    Job.EXPIRED: "Is it still wanted?",
}
"""What a person is asked, after the reason."""

EVIDENCE = {
    "counter": "Printed on {printer}, which counted it.",
    "alert": "Printed on {printer}, which reported it.",
    "status": "Printed on {printer}, which is done with it.",
    "scan": "On its box: it was scanned there.",
    "seen": "Printed: it was scanned, on another box.",
    "person": "Printed, as a person said.",
}

ANSWER_LABELS = {
    "came_out": "It came out",
    "did_not": "It did not",
    "damaged": "It is damaged",
    "print": "Print it",
    "discard": "Discard it",
}

REPRINT_REASONS = (
    {"code": "damaged on the box", "label": "Damaged on the box"},
    {"code": "cannot be scanned", "label": "Cannot be scanned"},
    {"code": "lost", "label": "It is lost"},
    {"code": "needed twice", "label": "Needed twice"},
)

VOID_REASONS = (
    {"code": "parcel is unpacked", "label": "Parcel is unpacked"},
    {"code": "wrong contents", "label": "Wrong contents"},
    {"code": "order is cancelled", "label": "Order is cancelled"},
)


def labels_of(db: sqlite3.Connection, workplace: str) -> list[View]:
    """The labels of a workplace: what waits for a person first, then the newest."""
    return [_label(db, job) for job in spool.recent(db, workplace, LABELS)]


def _label(db: sqlite3.Connection, job: SpoolJob) -> View:
    row = db.execute("SELECT order_id FROM fulfillment WHERE fulfillment_id = ?", (job.fulfillment_id,)).fetchone()
    asks = ANSWERS[job.state] if job.state in ASKING else ()
    return {
        "job_id": job.job_id,
        "sscc": job.title,
        "order_id": row["order_id"] if row else "",
        "copy_no": job.copy_no,
        "printer": job.printer,
        "state": job.state.value,
        "sentence": _sentence(job),
        "questions": [{"decision": answer, "label": ANSWER_LABELS[answer]} for answer in asks],
        "actions": _actions(job),
    }


def _sentence(job: SpoolJob) -> str:
    if job.state in QUESTIONS:
        return f"{job.reason} {QUESTIONS[job.state]}"
    if job.box_check == "swapped":
        return "It was scanned on another box. Find it, and scan it on its own."
    if job.state is Job.CONFIRMED:
        return EVIDENCE.get(job.evidence, SENTENCES[job.state]).format(printer=job.printer)
    return " ".join(part for part in (SENTENCES[job.state].format(printer=job.printer), job.reason) if part)


def _actions(job: SpoolJob) -> list[View]:
    """What else can be done with it, behind a second tap, so that no card is full of buttons."""
    if job.state is Job.CANCELLED:
        return [_action(job, "label-decision", "Print it", None, decision="print")]
    if job.state in {Job.QUEUED, Job.READY}:
        return [_action(job, "label-decision", "Discard it", None, decision="discard")]
    if job.state is not Job.CONFIRMED:
        return []
    found = [_action(job, "label-reprint", "Print again", REPRINT_REASONS)]
    return [*found, _action(job, "label-void", "Void it", VOID_REASONS)] if job.package_id else found


def _action(job: SpoolJob, do: str, label: str, reasons: tuple[dict[str, str], ...] | None, **body: str) -> View:
    tiles = None if reasons is None else list(reasons)
    return {"do": do, "label": label, "enabled": True, "reasons": tiles, "body": {"job_id": job.job_id, **body}}
