"""What a supervisor arranges: who picks which list and when, waves, tasks made by hand; and what became of those."""

from __future__ import annotations

from typing import ClassVar, Literal

from local_store.domain.events.base import Details, Fact, OfPicklist
from local_store.domain.events.given import Priority

TaskType = Literal["pack", "qc", "label", "inspection", "count", "other"]


class PicklistGiven(OfPicklist):
    """A supervisor gave a picklist to one worker, or (None) to whoever takes it."""

    kind: ClassVar[str] = "picklist.given"
    worker_id: str | None


class PicklistPrioritised(OfPicklist):
    """A supervisor changed how urgent a picklist is here."""

    kind: ClassVar[str] = "picklist.prioritised"
    priority: Priority


class WaveRequested(Fact):
    """Orders that wait are to be picked together: HQ makes the picklist, for it says where the goods are."""

    kind: ClassVar[str] = "wave.requested"
    for_hq: ClassVar[bool] = True
    wave_id: str
    warehouse_id: str
    fulfillment_ids: tuple[str, ...]
    priority: Priority
    zone: str | None = None

    @property
    def entity(self) -> str:
        """The wave."""
        return f"wave:{self.wave_id}"


class OfTask(Fact):
    """A fact about a task that a person made by hand."""

    task_id: str

    @property
    def entity(self) -> str:
        """The task."""
        return f"task:{self.task_id}"


class TaskCreated(OfTask):
    """A supervisor wants something done; `subject` is what it is about, `worker_id` who is to do it."""

    kind: ClassVar[str] = "task.created"
    for_hq: ClassVar[bool] = True
    type: TaskType
    warehouse_id: str
    instructions: str
    subject: str | None = None
    zone: str | None = None
    priority: Priority = "normal"
    worker_id: str | None = None
    due_at: str | None = None


class TaskClaimed(OfTask):
    """A worker took the task."""

    kind: ClassVar[str] = "task.claimed"
    for_hq: ClassVar[bool] = True
    worker_id: str


class TaskCompleted(OfTask):
    """The task is done; `result` is what came of it."""

    kind: ClassVar[str] = "task.completed"
    for_hq: ClassVar[bool] = True
    worker_id: str
    result: Details
