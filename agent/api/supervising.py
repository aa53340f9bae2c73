"""The routes of a supervisor's acts, and of tasks made by hand."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from agent.api.access import SCREEN, caller_of
from agent.api.acts import add_acts
from agent.api.around import Around
from local_store.domain.commands import (
    ClaimTask,
    CompleteTask,
    CreateTask,
    GivePicklist,
    PrioritisePicklist,
    RequestWave,
    WorkerCommand,
)
from local_store.domain.commands.supervising import ANY_WORKER
from local_store.store import Store
from local_store.works import supervising
from web.routes import RouteTable, json_answer

ACTS: dict[str, type[WorkerCommand]] = {
    "/v1/station/picklists/{picklist_id}/give": GivePicklist,
    "/v1/station/picklists/{picklist_id}/prioritise": PrioritisePicklist,
    "/v1/station/waves": RequestWave,
    "/v1/station/tasks": CreateTask,
    "/v1/station/tasks/{task_id}/claim": ClaimTask,
    "/v1/station/tasks/{task_id}/complete": CompleteTask,
}


class HandTask(BaseModel):
    """A task made by hand."""

    model_config = ConfigDict(extra="forbid")
    task_id: str
    type: str
    instructions: str
    subject: str | None
    zone: str | None
    priority: str
    worker_id: str | None
    due_at: str | None
    status: str


class HandTasks(BaseModel):
    """Tasks that are not done, most urgent first."""

    tasks: list[HandTask]


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table = RouteTable()
    add_acts(table, around.store, ACTS)
    table.get("/v1/station/tasks", SCREEN, *sorted(ANY_WORKER), answers=HandTasks)(_Tasks(around.store).listed)
    return table


class _Tasks:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def listed(self, request: web.Request) -> web.Response:
        """Tasks made by hand that are not done: those the caller may do, or all for a page of the station."""
        found: list[dict[str, Any]] = supervising.tasks(self._store.reader, caller_of(request).worker_id)
        return json_answer({"tasks": found})
