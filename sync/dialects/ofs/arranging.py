"""Waves and tasks made by hand, as facts, to requests of seed 001 (sections 3 and 9), and its answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel, Field

from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Known, Learned, Missing, Outcome, Verdict
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, about, only, part, post


def _wave(facts: Facts, _known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.WaveRequested)
    zone = {"picker_group": fact.zone} if fact.zone else {}
    return post(
        "/picklists",
        warehouse_id=fact.warehouse_id,
        fulfillment_ids=list(fact.fulfillment_ids),
        priority=fact.priority,
        **zone,
    )


def _created(facts: Facts, _known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.TaskCreated)
    names = ("type", "warehouse_id", "instructions", "subject", "zone", "priority", "worker_id", "due_at")
    told = {name: getattr(fact, name) for name in names}
    told["type"] = "other" if fact.type == "count" else fact.type  # seed 001 has no such tasks
    return post("/tasks", **{name: value for name, value in told.items() if value is not None})


def _claimed(facts: Facts, known: Known, at: At) -> NewRequest | Missing:
    fact = only(facts, e.TaskClaimed)
    return _of_task(known, fact, "claim", worker_id=fact.worker_id, device_id=at.station_id)


def _completed(facts: Facts, known: Known, _at: At) -> NewRequest | Missing:
    fact = only(facts, e.TaskCompleted)
    return _of_task(known, fact, "complete", result=fact.result)


def _of_task(known: Known, fact: e.OfTask, act: str, **body: Any) -> NewRequest | Missing:
    ident = known.hq_ref("task", fact.task_id)
    if ident is None:
        return Missing(f"HQ's id of task {fact.task_id} is not known: it was never told of it. Tell it by hand.")
    return post(f"/tasks/{part(ident)}/{act}", **body)


class _Picklist(BaseModel):
    picklist_id: str = Field(validation_alias=AliasChoices("picklist_id", "id"), min_length=1, max_length=120)


class _Task(BaseModel):
    task_id: str = Field(min_length=1, max_length=120)


def _read_wave(facts: Facts, _sent: Sent, body: Any) -> Verdict:
    """The list itself is pulled like any other."""
    wave_id = only(facts, e.WaveRequested).wave_id
    return Verdict(Outcome.OK, learned=(Learned("wave", wave_id, _Picklist.model_validate(body).picklist_id),))


def _read_created(facts: Facts, _sent: Sent, body: Any) -> Verdict:
    task_id = only(facts, e.TaskCreated).task_id
    return Verdict(Outcome.OK, learned=(Learned("task", task_id, _Task.model_validate(body).task_id),))


def _read_task(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("task", sent.ident, _Task.model_validate(body).task_id)


BUILD: Mapping[str, Build] = {
    e.WaveRequested.kind: _wave,
    e.TaskCreated.kind: _created,
    e.TaskClaimed.kind: _claimed,
    e.TaskCompleted.kind: _completed,
}
READ: Mapping[str, Read] = {
    e.WaveRequested.kind: _read_wave,
    e.TaskCreated.kind: _read_created,
    e.TaskClaimed.kind: _read_task,
    e.TaskCompleted.kind: _read_task,
}
