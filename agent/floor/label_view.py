"""How a label job stands on the screen: what became of it, what a person is asked, and what can be done with it."""

from __future__ import annotations

import sqlite3

from agent.floor.view_parts import View, action, tile
from local_store import spool
from local_store.domain.printing import ANSWERS, ASKING, Job
from local_store.domain.words import phrase
from local_store.spool import SpoolJob

LABELS = 6

SENTENCES = {
    Job.QUEUED: phrase("Waits for the printer."),
    Job.READY: phrase("Waits for the printer."),
    Job.SENDING: phrase("On its way to {printer}."),
    Job.SENT: phrase("{printer} has it."),
    Job.CONFIRMED: phrase("Printed."),
    Job.CANCELLED: phrase("Discarded."),
    Job.VOIDED: phrase("Void. Destroy it if it turns up."),
}
QUESTIONS = {
    Job.UNCERTAIN: phrase("Did it come out?"),
    Job.FAILED_CLEAN: phrase("Nothing came out. Print it again?"),
    Job.EXPIRED: phrase("Is it still wanted?"),
}
"""What a person is asked, after the reason."""

EVIDENCE = {
    "counter": phrase("Printed on {printer}, which counted it."),
    "alert": phrase("Printed on {printer}, which reported it."),
    "status": phrase("Printed on {printer}, which is done with it."),
    "scan": phrase("On its box: it was scanned there."),
    "seen": phrase("Printed: it was scanned, on another box."),
    "person": phrase("Printed, as a person said."),
}

ANSWER_LABELS = {
    "came_out": phrase("It came out"),
    "did_not": phrase("It did not"),
    "damaged": phrase("It is damaged"),
    "print": phrase("Print it"),
    "discard": phrase("Discard it"),
}

REPRINT_REASONS = (
    tile("damaged on the box", phrase("Damaged on the box")),
    tile("cannot be scanned", phrase("Cannot be scanned")),
    tile("lost", phrase("It is lost")),
    tile("needed twice", phrase("Needed twice")),
)

VOID_REASONS = (
    tile("parcel is unpacked", phrase("Parcel is unpacked")),
    tile("wrong contents", phrase("Wrong contents")),
    tile("order is cancelled", phrase("Order is cancelled")),
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
        "reason": job.reason or "",
        "picture": job.zpl is not None and not job.file,
        "questions": [{"decision": answer, "label": ANSWER_LABELS[answer]} for answer in asks],
        "actions": _actions(job),
    }


def _sentence(job: SpoolJob) -> str:
    if job.state in QUESTIONS:
        return phrase("{reason} {question}", reason=job.reason, question=QUESTIONS[job.state])
    if job.box_check == "swapped":
        return phrase("It was scanned on another box. Find it, and scan it on its own.")
    if job.state is Job.CONFIRMED:
        return phrase(EVIDENCE.get(job.evidence, SENTENCES[job.state]).sentence, printer=job.printer)
    state = phrase(SENTENCES[job.state].sentence, printer=job.printer)
    return phrase("{state} {reason}", state=state, reason=job.reason) if job.reason else state


def _actions(job: SpoolJob) -> list[View]:
    """What else can be done with it, behind a second tap, so that no card is full of buttons."""
    if job.state is Job.CANCELLED:
        return [_action(job, "label-decision", phrase("Print it"), None, decision="print")]
    if job.state in {Job.QUEUED, Job.READY}:
        return [_action(job, "label-decision", phrase("Discard it"), None, decision="discard")]
    if job.state is not Job.CONFIRMED:
        return []
    found = [_action(job, "label-reprint", phrase("Print again"), REPRINT_REASONS)]
    return [*found, _action(job, "label-void", phrase("Void it"), VOID_REASONS)] if job.package_id else found


def _action(job: SpoolJob, do: str, label: str, reasons: tuple[dict[str, str], ...] | None, **body: str) -> View:
    tiles = None if reasons is None else list(reasons)
    return action(do, label, reasons=tiles, body={"job_id": job.job_id, **body})
