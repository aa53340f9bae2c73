"""Print states: printing is an uncertain act, and a shipping label is never sent again by itself."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from local_store.domain import states
from local_store.domain.commands import DecideLabel
from local_store.domain.events import LabelConfirmed, LabelReprintApproved
from local_store.domain.floor import Decision, Label
from local_store.domain.words import say


class Job(StrEnum):
    """States of a label job (architecture, invariant 6; reliability 4.5)."""

    QUEUED = "queued"  # wanted; not rendered yet
    READY = "ready"  # rendered and checked; waits for the printer
    SENDING = "sending"  # an attempt is recorded; bytes may be on their way
    SENT = "sent"  # the printer took all bytes; that proves nothing
    CONFIRMED = "confirmed"  # there is evidence that it came out
    UNCERTAIN = "uncertain"  # nobody knows; a scan or a person decides


JOB: Mapping[tuple[Job, str], Job] = {
    (Job.QUEUED, "rendered"): Job.READY,
    (Job.READY, "begin"): Job.SENDING,
    (Job.SENDING, "taken"): Job.SENT,
    (Job.SENDING, "doubt"): Job.UNCERTAIN,
    (Job.SENT, "evidence"): Job.CONFIRMED,
    (Job.SENT, "doubt"): Job.UNCERTAIN,
    (Job.UNCERTAIN, "evidence"): Job.CONFIRMED,
    (Job.UNCERTAIN, "reprint"): Job.QUEUED,
}


def scanned(label: Label) -> Decision:
    """The label itself was scanned: the best evidence there is."""
    if Job(label.state) not in {Job.SENT, Job.UNCERTAIN}:
        return Decision(say("label.known", order=label.order_id))
    states.step(JOB, Job(label.state), "evidence")
    fact = LabelConfirmed(
        fulfillment_id=label.fulfillment_id,
        picklist_id=label.picklist_id,
        job_id=label.job_id,
        package_id=label.package_id,
        evidence="scan",
    )
    return Decision(say("label.confirmed", sscc=label.sscc, order=label.order_id), (fact,))


def decide(label: Label | None, command: DecideLabel) -> Decision:
    """A person says what became of a doubtful label."""
    if label is None:
        return Decision(say("label.unknown", job=command.job_id))
    if Job(label.state) is not Job.UNCERTAIN:
        return Decision(say("label.settled", sscc=label.sscc, state=label.state))
    of = {
        "fulfillment_id": label.fulfillment_id,
        "picklist_id": label.picklist_id,
        "job_id": label.job_id,
        "package_id": label.package_id,
    }
    if command.decision == "came_out":
        return Decision(say("label.decided_out", sscc=label.sscc), (LabelConfirmed(**of, evidence="person"),))
    copy_no = label.copy_no + 1
    fact = LabelReprintApproved(**of, decision=command.decision, copy_no=copy_no)
    return Decision(say("label.reprint", sscc=label.sscc, copy=copy_no), (fact,))
