"""Print states: printing is an uncertain act, and a shipping label is never sent again by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum

from local_store.domain.commands import DecideLabel, FloorCommand, PrintLabel, ReprintLabel, VoidLabel
from local_store.domain.events import (
    CarrierLabelRequested,
    Fact,
    LabelCancelled,
    LabelChecked,
    LabelConfirmed,
    LabelReleased,
    LabelReprintApproved,
    LabelRequested,
    LabelSwapped,
    LabelVoided,
    PlainLabelRequested,
)
from local_store.domain.floor import Decision, Floor, Label
from local_store.domain.words import Answer, listed, say, word


class Job(StrEnum):
    """States of a label job (architecture, invariant 6; reliability 4.5)."""

    QUEUED = "queued"  # wanted; not rendered yet
    READY = "ready"  # rendered and checked; waits for the printer
    SENDING = "sending"  # an attempt is recorded; bytes may be on their way
    SENT = "sent"  # the printer took all bytes; that proves nothing
    CONFIRMED = "confirmed"  # there is evidence that it came out
    UNCERTAIN = "uncertain"  # nobody knows; a scan or a person decides
    FAILED_CLEAN = "failed_clean"  # the printer shows that nothing came out; a person has it printed again
    EXPIRED = "expired"  # waited too long for a printer; a person says whether it is still wanted
    CANCELLED = "cancelled"  # not wanted any more; it never came out
    VOIDED = "voided"  # must not be used; its number is burned


class LabelClass(StrEnum):
    """What a second copy would do (reliability 4.5)."""

    UNIQUE = "unique"  # two parcels with one number: the machine sends it at most once, a person decides in doubt
    REPEATABLE = "repeatable"  # no harm: sent again by itself when the printer shows that nothing came out


EVENTS: Mapping[str, str] = {
    "rendered": "its bytes are made, parsed back and stored with their hash",
    "begin": "the printer is idle and ready; the attempt is committed, before the first byte",
    "taken": "the connection took every byte",
    "evidence": "a scan of the label, the printer's own evidence, or a person says that it came out",
    "doubt": "an error, a silence, a restart of printer or agent, another computer's label, a fence",
    "empty": "a unique label: the same connection shows an empty printer whose counter did not move",
    "again": "a repeatable label: the same",
    "reprint": "a person says that it did not come out or is damaged: a copy, marked as one",
    "expire": "it was not begun in time",
    "release": "a person says: print it",
    "cancel": "a person says: discard it; or the label cannot be made",
    "void": "a person burns the number",
}
"""What can happen to a job, in words."""

_NEVER_SENT = (Job.QUEUED, Job.READY)
_ASKS = (Job.FAILED_CLEAN, Job.EXPIRED)

JOB: Mapping[tuple[Job, str], Job] = {
    (Job.QUEUED, "rendered"): Job.READY,
    (Job.READY, "rendered"): Job.READY,  # for another printer, or because the stored bytes were damaged
    (Job.READY, "begin"): Job.SENDING,
    (Job.SENDING, "taken"): Job.SENT,
    **{(state, "evidence"): Job.CONFIRMED for state in (Job.SENDING, Job.SENT, Job.UNCERTAIN, *_ASKS)},
    **{(state, "doubt"): Job.UNCERTAIN for state in (Job.SENDING, Job.SENT, *_NEVER_SENT, *_ASKS)},
    (Job.SENT, "empty"): Job.FAILED_CLEAN,
    (Job.SENT, "again"): Job.READY,
    (Job.UNCERTAIN, "reprint"): Job.QUEUED,
    **{(state, "expire"): Job.EXPIRED for state in _NEVER_SENT},
    **{(state, "release"): Job.QUEUED for state in (*_ASKS, Job.CANCELLED)},
    **{(state, "cancel"): Job.CANCELLED for state in (*_NEVER_SENT, *_ASKS)},
    **{(state, "void"): Job.VOIDED for state in (*_NEVER_SENT, Job.CONFIRMED, Job.UNCERTAIN, *_ASKS, Job.CANCELLED)},
}
"""The whole table. A refused connection leaves a job `ready`: an attempt begins on a connection that is open."""

ANSWERS: Mapping[Job, tuple[str, ...]] = {
    Job.UNCERTAIN: ("came_out", "did_not", "damaged"),
    Job.FAILED_CLEAN: ("print", "discard"),
    Job.EXPIRED: ("print", "discard"),
    Job.QUEUED: ("discard",),
    Job.READY: ("discard",),
    Job.CANCELLED: ("print",),
}
"""What a person may answer about a label, by its state."""

ASKING = (Job.UNCERTAIN, Job.FAILED_CLEAN, Job.EXPIRED)
"""States in which a label waits for a person."""

PLAIN_TEMPLATES = frozenset({"location", "item", "item_gs1", "tote", "return"})
"""Labels of which a second one does no harm."""


def attempt_code(job_id: str, copy_no: int) -> str:
    """What tells one printed label from every other, also from an older copy with the same number."""
    return f"{job_id[-12:]}-{copy_no}"


def scanned(floor: Floor, label: Label) -> Decision:
    """A label was scanned: the best evidence there is, unless another one is expected here."""
    state = Job(label.state)
    if state is Job.VOIDED:
        return Decision(say("label.voided_scan", sscc=label.title, order=label.order_id))
    if label.scanned_copy is not None and label.scanned_copy < label.valid_copy:
        return Decision(say("label.older_copy", order=label.order_id, copy=label.valid_copy))
    waits = floor.unchecked
    if waits is not None and waits.package_id != label.package_id and floor.place.fulfillment_id is None:
        return _on_another_box(label, waits)
    if (state, "evidence") in JOB:
        answer = say("label.confirmed", sscc=label.title, order=label.order_id)
        return Decision(answer, (LabelConfirmed(**_of(label), evidence="scan"),))
    if state is Job.CONFIRMED and label.box_check != "done":
        return Decision(say("label.checked", sscc=label.title, order=label.order_id), (LabelChecked(**_of(label)),))
    if state in _NEVER_SENT:
        return Decision(say("label.still_waits", sscc=label.title, order=label.order_id))
    return Decision(say("label.known", order=label.order_id))


def decide(label: Label | None, command: FloorCommand) -> Decision:
    """What a person wants of a label job."""
    match command:
        case PrintLabel():
            return _print(command)
        case DecideLabel() if label is not None:
            return _answered(label, command)
        case ReprintLabel() if label is not None:
            return _reprint(label, command)
        case VoidLabel() if label is not None:
            return _void(label, command)
        case DecideLabel() | ReprintLabel() | VoidLabel():
            return Decision(say("label.unknown", job=command.job_id))
    raise TypeError(f"no rule for {command.kind} about a label")


def box_first(floor: Floor) -> Answer | None:
    """Where every label is to be scanned on its box: what has to be done before the next order is opened."""
    label = floor.unchecked
    if label is None:
        return None
    came_out = Job(label.state) in {Job.CONFIRMED, Job.SENT, Job.SENDING}
    return say("label.check_first" if came_out else "label.settle_first", sscc=label.title, order=label.order_id)


def _on_another_box(label: Label, waits: Label) -> Decision:
    """The label of one package was scanned where the box of another one stands."""
    words = {"sscc": label.title, "order": label.order_id, "wanted": waits.order_id, "wanted_sscc": waits.title}
    if Job(label.state) in {Job.SENDING, Job.SENT, Job.UNCERTAIN, *_ASKS}:
        return Decision(say("label.other_came_out", **words), (LabelConfirmed(**_of(label), evidence="seen"),))
    return Decision(say("label.swapped", **words), (LabelSwapped(**_of(label), found_at=waits.package_id),))


def _answered(label: Label, command: DecideLabel) -> Decision:
    if command.decision not in ANSWERS.get(Job(label.state), ()):
        return Decision(say("label.settled", sscc=label.title, state=word(label.state)))
    if command.decision == "print" and label.copy_waits:
        return Decision(say("label.copy_waits", sscc=label.title))
    fact: Fact
    match command.decision:
        case "came_out":
            fact = LabelConfirmed(**_of(label), evidence="person")
            return Decision(say("label.decided_out", sscc=label.title), (fact,))
        case "print":
            return Decision(say("label.released", sscc=label.title), (LabelReleased(**_of(label)),))
        case "discard":
            fact = LabelCancelled(**_of(label), reason="A person discarded it.")
            return Decision(say("label.discarded", sscc=label.title), (fact,))
    copy_no = label.highest_copy + 1
    fact = LabelReprintApproved(**_of(label), decision=command.decision, copy_no=copy_no)
    return Decision(_again(label, copy_no), (fact,))


def _again(label: Label, copy_no: int) -> Answer:
    """A carrier's label cannot be marked as a copy."""
    if label.file:
        return say("carrier_label.again", sscc=label.title)
    return say("label.reprint", sscc=label.title, copy=copy_no)


def _reprint(label: Label, command: ReprintLabel) -> Decision:
    if Job(label.state) is not Job.CONFIRMED:
        return Decision(say("label.no_reprint", sscc=label.title, state=word(label.state)))
    if label.copy_waits:
        return Decision(say("label.copy_waits", sscc=label.title))
    job_id = f"label_{command.command_id.hex}"
    if not label.package_id:
        plain = PlainLabelRequested(
            job_id=job_id, workplace=command.workplace, template=label.template, values=json.loads(label.values)
        )
        return Decision(say("label.asked", title=label.title), (plain,))
    copy_no = label.highest_copy + 1
    wanted = {
        "fulfillment_id": label.fulfillment_id,
        "picklist_id": label.picklist_id,
        "job_id": job_id,
        "package_id": label.package_id,
        "sscc": label.sscc,
        "workplace": command.workplace,
        "copy_no": copy_no,
        "reason": command.reason,
    }
    fact: Fact = LabelRequested.model_validate(wanted)
    if label.file:
        of_carrier = {"file": label.file, "tracking_number": label.tracking_number}
        fact = CarrierLabelRequested.model_validate({**wanted, **of_carrier})
    return Decision(_again(label, copy_no), (fact,))


def _void(label: Label, command: VoidLabel) -> Decision:
    if not label.package_id:
        return Decision(say("label.no_number", title=label.title))
    if label.on_its_way or (Job(label.state), "void") not in JOB:
        return Decision(say("label.no_void", sscc=label.title, state=word(label.state)))
    return Decision(say("label.voided", sscc=label.title), (LabelVoided(**_of(label), reason=command.reason),))


def _print(command: PrintLabel) -> Decision:
    if command.template not in PLAIN_TEMPLATES:
        known = listed(sorted(PLAIN_TEMPLATES))
        return Decision(say("label.not_plain", template=command.template, known=known))
    fact = PlainLabelRequested(
        job_id=f"label_{command.command_id.hex}",
        workplace=command.workplace,
        template=command.template,
        values=command.values,
    )
    title = " ".join([command.template, *list(command.values.values())[:1]])
    return Decision(say("label.asked", title=title), (fact,))


def _of(label: Label) -> dict[str, str | None]:
    return {
        "fulfillment_id": label.fulfillment_id,
        "picklist_id": label.picklist_id,
        "job_id": label.job_id,
        "package_id": label.package_id,
    }
