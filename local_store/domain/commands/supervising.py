"""What a supervisor decides."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from local_store.domain.commands.base import Badge, Command, Id, WorkerCommand
from local_store.domain.events import Priority, TaskType

TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$"
"""A moment as RFC 3339 writes it."""


class DecideException(Command):
    """A supervisor says what is done about work that HQ took back or changed; `badge` is theirs."""

    kind: ClassVar[str] = "exception-decide"
    exception_id: Id
    choice: Literal["put_back", "re_bin", "unpack", "take_more", "void_label", "hold", "continue"]
    badge: Badge


SUPERVISOR = frozenset({"supervisor"})
ANY_WORKER = frozenset({"picker", "packer", "receiver", "qc_agent", "supervisor"})
MAX_TOGETHER = 200
"""Orders in one wave."""


class GivePicklist(WorkerCommand):
    """Give an open picklist to one worker, or to nobody in particular."""

    kind: ClassVar[str] = "picklist-give"
    roles: ClassVar[frozenset[str]] = SUPERVISOR
    picklist_id: Id
    to_worker_id: Id | None


class PrioritisePicklist(WorkerCommand):
    """Say how urgent an open picklist is."""

    kind: ClassVar[str] = "picklist-prioritise"
    roles: ClassVar[frozenset[str]] = SUPERVISOR
    picklist_id: Id
    priority: Priority


class RequestWave(WorkerCommand):
    """Have orders that wait picked together."""

    kind: ClassVar[str] = "wave-request"
    roles: ClassVar[frozenset[str]] = SUPERVISOR
    fulfillment_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MAX_TOGETHER)]
    priority: Priority = "normal"
    zone: Id | None = None


class CreateTask(WorkerCommand):
    """Have something done that no list says."""

    kind: ClassVar[str] = "task-create"
    roles: ClassVar[frozenset[str]] = SUPERVISOR
    type: TaskType
    instructions: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
    subject: Id | None = None
    zone: Id | None = None
    priority: Priority = "normal"
    to_worker_id: Id | None = None
    due_at: Annotated[str, StringConstraints(pattern=TIME)] | None = None


class ClaimTask(WorkerCommand):
    """Take a task."""

    kind: ClassVar[str] = "task-claim"
    roles: ClassVar[frozenset[str]] = ANY_WORKER
    task_id: Id


class CompleteTask(WorkerCommand):
    """Say that a task is done, and what came of it."""

    kind: ClassVar[str] = "task-complete"
    roles: ClassVar[frozenset[str]] = ANY_WORKER
    task_id: Id
    result: Annotated[
        dict[Id, Annotated[str, StringConstraints(max_length=500)]], Field(default_factory=dict, max_length=20)
    ]
