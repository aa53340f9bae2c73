"""`/v1/station/exceptions`: what HQ took back or changed of work that was begun here, and a supervisor's decision."""

from __future__ import annotations

from aiohttp import web

from agent.api.access import SCREEN
from agent.api.deciding import decided
from agent.exceptions import as_json
from local_store.domain.commands import DecideException
from local_store.store import Store
from web.routes import RouteTable, body_of, json_answer


class ExceptionRoutes:
    """The routes of exceptions. Any page may call them; the badge in the command says who may decide."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.get("/v1/station/exceptions", SCREEN)(self.waiting)
        routes.post("/v1/station/exceptions/{exception_id}/decide", SCREEN)(self.decide)
        return routes

    async def waiting(self, _request: web.Request) -> web.Response:
        """What waits for a supervisor, with the steps to choose from."""
        return json_answer({"exceptions": as_json(self._store.reader)})

    async def decide(self, request: web.Request) -> web.Response:
        """Choose a step, under a supervisor's badge."""
        command = await body_of(request, DecideException, exception_id=request.match_info["exception_id"])
        return await decided(self._store, command)
