"""What a supervisor arranges, and the tasks that are made by hand. Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from local_store.domain.commands import (
    ClaimTask,
    CompleteTask,
    CreateTask,
    GivePicklist,
    PrioritisePicklist,
    RequestWave,
)
from local_store.domain.events import (
    PicklistGiven,
    PicklistPrioritised,
    TaskClaimed,
    TaskCompleted,
    TaskCreated,
    WaveRequested,
)
from local_store.domain.floor import Decision
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.site import Site
from local_store.domain.states import Picklist
from local_store.domain.words import Answer, say, word

MAY_PICK = "picker"


class ListSeen(NamedTuple):
    """A picklist as its arranging needs it."""

    lane: str
    status: str
    workplace: str | None


class TaskSeen(NamedTuple):
    """A task made by hand."""

    task_id: str
    instructions: str
    status: str
    worker_id: str | None


def give(site: Site, _by: By, seen: ListSeen | None, command: GivePicklist) -> Decision:
    """Give an open picklist to a worker."""
    if seen is None or seen.status == Picklist.COMPLETED:
        return Decision(say("give.no_list", picklist=shown(command.picklist_id)))
    if seen.workplace is not None:
        return Decision(say("give.busy", picklist=command.picklist_id, workplace=seen.workplace))
    fact = PicklistGiven(picklist_id=command.picklist_id, worker_id=command.to_worker_id)
    if command.to_worker_id is None:
        return Decision(say("give.anybody", picklist=command.picklist_id), (fact,), seen.lane)
    worker = site.workers.get(command.to_worker_id)
    if worker is None or MAY_PICK not in worker.roles:
        return Decision(say("give.no_worker", worker=shown(command.to_worker_id)))
    return Decision(say("give.done", picklist=command.picklist_id, worker=worker.name), (fact,), seen.lane)


def prioritise(_site: Site, _by: By, seen: ListSeen | None, command: PrioritisePicklist) -> Decision:
    """Change how urgent an open picklist is."""
    if seen is None or seen.status == Picklist.COMPLETED:
        return Decision(say("give.no_list", picklist=shown(command.picklist_id)))
    fact = PicklistPrioritised(picklist_id=command.picklist_id, priority=command.priority)
    answer = say("prioritise.done", picklist=command.picklist_id, priority=word(command.priority))
    return Decision(answer, (fact,), seen.lane)


def wave(site: Site, _by: By, listed: AbstractSet[str], command: RequestWave) -> Decision:
    """Ask HQ to have orders picked together; `listed` are those of them that are picked already or asked for."""
    seen: set[str] = set()
    for each in command.fulfillment_ids:
        if each in seen:
            return Decision(say("wave.twice", order=shown(each)))
        if each in listed:
            return Decision(say("wave.listed", order=shown(each)))
        seen.add(each)
    fact = WaveRequested(
        wave_id=f"wave_{command.command_id.hex}",
        warehouse_id=site.warehouse_id,
        fulfillment_ids=command.fulfillment_ids,
        priority=command.priority,
        zone=command.zone,
    )
    return Decision(say("wave.requested", orders=len(command.fulfillment_ids)), (fact,))


def create_task(site: Site, _by: By, _loaded: None, command: CreateTask) -> Decision:
    """Put a task into the list."""
    if command.to_worker_id is not None and command.to_worker_id not in site.workers:
        return Decision(say("give.no_worker", worker=shown(command.to_worker_id)))
    fact = TaskCreated(
        task_id=f"task_{command.command_id.hex}",
        type=command.type,
        warehouse_id=site.warehouse_id,
        instructions=command.instructions,
        subject=command.subject,
        zone=command.zone,
        priority=command.priority,
        worker_id=command.to_worker_id,
        due_at=command.due_at,
    )
    return Decision(say("task.created", task=fact.task_id), (fact,))


def claim_task(_site: Site, by: By, task: TaskSeen | None, command: ClaimTask) -> Decision:
    """Take a task that is nobody else's."""
    refusal = _not_theirs(by, task, command.task_id)
    if refusal is not None or task is None:
        return Decision(refusal or say("task.none", task=shown(command.task_id)))
    fact = TaskClaimed(task_id=task.task_id, worker_id=by.worker.worker_id)
    return Decision(say("task.claimed", task=task.task_id, instructions=task.instructions), (fact,))


def complete_task(_site: Site, by: By, task: TaskSeen | None, command: CompleteTask) -> Decision:
    """Say that a task is done; one that was not taken is taken by that."""
    refusal = _not_theirs(by, task, command.task_id)
    if refusal is not None or task is None:
        return Decision(refusal or say("task.none", task=shown(command.task_id)))
    worker_id = by.worker.worker_id
    fact = TaskCompleted(task_id=task.task_id, worker_id=worker_id, result=command.result)
    facts = (fact,) if task.status == "claimed" else (TaskClaimed(task_id=task.task_id, worker_id=worker_id), fact)
    return Decision(say("task.completed", task=task.task_id), facts)


def _not_theirs(by: By, task: TaskSeen | None, asked: str) -> Answer | None:
    if task is None:
        return say("task.none", task=shown(asked))
    if task.status == "done":
        return say("task.done_before", task=task.task_id)
    if task.worker_id not in {None, by.worker.worker_id}:
        return say("task.taken", task=task.task_id, worker=task.worker_id)
    return None
