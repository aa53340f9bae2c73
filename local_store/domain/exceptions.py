"""A supervisor decides what is done about work that HQ took back or changed. Pure."""

from __future__ import annotations

from typing import NamedTuple

from local_store.domain import bringing_back
from local_store.domain import events as e
from local_store.domain.commands import DecideException
from local_store.domain.conflicts import APPLIES, WITHDRAWS, HqDid, LineHere, Step, WorkHere
from local_store.domain.events import Fact, FulfillmentReceived, PicklistReceived, WorkKind
from local_store.domain.floor import Decision, Label
from local_store.domain.meaning import shown
from local_store.domain.printing import JOB, Job
from local_store.domain.site import Site, Worker
from local_store.domain.words import Answer, listed, say, word

ROLE = "supervisor"


class Asked(NamedTuple):
    """An exception that is not decided yet, as it was raised."""

    exception_id: str
    lane: str
    thing: WorkKind
    work_id: str
    stage: str
    did: HqDid
    offered: tuple[str, ...]
    picklist: PicklistReceived | None
    fulfillment: FulfillmentReceived | None


def decide(
    site: Site, command: DecideException, asked: Asked | None, here: WorkHere | None, label: Label | None
) -> Decision:
    """What follows from the chosen step; `label` is the newest label of the package, where there is one."""
    refusal = _not_allowed(site.worker_by_badge(command.badge))
    if refusal is not None:
        return Decision(refusal)
    if asked is None or here is None:
        return Decision(say("exception.none", exception=shown(command.exception_id)))
    if command.choice not in asked.offered:
        offered = listed([word(step) for step in asked.offered])
        return Decision(say("exception.no_step", choice=word(command.choice), title=here.title, offered=offered))
    step = Step(command.choice)
    if step in APPLIES and here.stage != asked.stage:
        return Decision(say("exception.moved_on", title=here.title, stage=word(here.stage.value)))
    decided = e.ExceptionDecided(
        lane=asked.lane,
        thing=asked.thing,
        work_id=asked.work_id,
        exception_id=asked.exception_id,
        choice=step.value,
        by="person",
    )
    if step in APPLIES:
        answer, facts = _as_hq_wants(asked, here)
        return Decision(answer, (decided, *facts), asked.lane)
    if step is Step.VOID_LABEL:
        return _void(decided, asked, here, label)
    held = step is Step.HOLD
    return Decision(say("exception.held" if held else "exception.goes_on", title=here.title), (decided,), asked.lane)


def _as_hq_wants(asked: Asked, here: WorkHere) -> tuple[Answer, tuple[Fact, ...]]:
    """The goods are back on their shelves: HQ's word is true here."""
    goods = _brought_back(asked, here)
    if asked.did in WITHDRAWS:
        withdrawn = e.WorkWithdrawn(lane=asked.lane, thing=asked.thing, work_id=asked.work_id, reason=asked.did.value)
        answer = say("exception.gone", title=here.title)
        if goods:
            words = bringing_back.in_words(goods, here.held)
            answer = say("exception.gone_back", title=here.title, goods=words)
        return answer, (*goods, withdrawn)
    changed = e.WorkChanged(
        lane=asked.lane,
        thing=asked.thing,
        work_id=asked.work_id,
        what=asked.did.value,
        picklist=asked.picklist,
        fulfillment=asked.fulfillment,
    )
    return say("exception.changed", title=here.title), (*_put_back(asked, here), *goods, changed)


def _brought_back(asked: Asked, here: WorkHere) -> list[Fact]:
    """What was picked for nothing. HQ is told of what it counts as picked here: not of work that others have now."""
    reason = f"HQ's word: {asked.did.value}"
    if asked.did in WITHDRAWS:
        return bringing_back.back(here.held, reason, asked.exception_id, told=asked.did is HqDid.CANCELLED)
    if asked.picklist is not None:  # of a task that is still there the count is taken back
        still = {task.task_id for task in asked.picklist.tasks}
        gone = [each for each in here.held if each.task_id not in still]
        return bringing_back.back(gone, reason, asked.exception_id, told=False)
    if asked.fulfillment is None or asked.fulfillment.picked:
        return []
    wants = {line.order_line_id: line.qty for line in asked.fulfillment.lines}
    return bringing_back.beyond(here.held, wants, reason, asked.exception_id)


def _put_back(asked: Asked, here: WorkHere) -> list[Fact]:
    """Units that HQ counts as picked and that lie on their shelf again."""
    if asked.picklist is None:
        return []
    wants = {task.task_id: task.qty for task in asked.picklist.tasks}
    too_many = [line for line in here.lines if line.line_id in wants and line.done > wants[line.line_id]]
    return [_undone(asked, line, asked.picklist.picklist_id) for line in too_many]


def _undone(asked: Asked, line: LineHere, picklist_id: str) -> Fact:
    assert asked.picklist is not None
    want = next(task.qty for task in asked.picklist.tasks if task.task_id == line.line_id)
    return e.PickUndone(
        picklist_id=picklist_id,
        task_id=line.line_id,
        count_id=asked.exception_id,
        undo_id=f"{asked.exception_id}:{line.line_id}",
        qty=line.done - want,
        picked=want,
        status="open",
    )


def _void(decided: Fact, asked: Asked, here: WorkHere, label: Label | None) -> Decision:
    answer = say("exception.void", title=here.title)
    if label is None or Job(label.state) is Job.VOIDED:
        return Decision(answer, (decided,), asked.lane)
    if label.on_its_way or (Job(label.state), "void") not in JOB:
        return Decision(say("exception.label_busy", title=here.title))
    void = e.LabelVoided(
        fulfillment_id=label.fulfillment_id,
        picklist_id=label.picklist_id,
        job_id=label.job_id,
        package_id=label.package_id,
        reason=f"HQ's word: {asked.did.value}.",
    )
    return Decision(answer, (decided, void), asked.lane)


def _not_allowed(worker: Worker | None) -> Answer | None:
    if worker is None:
        return say("exception.badge")
    return None if ROLE in worker.roles else say("exception.role", name=worker.name)
