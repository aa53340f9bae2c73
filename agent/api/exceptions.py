"""`/v1/station/exceptions`: what HQ took back or changed of work that was begun here, and a supervisor's decision."""

from __future__ import annotations

from aiohttp import web

from agent.api import shapes
from agent.api.access import SCREEN
from agent.api.acts import Answered, by_badge, with_badge
from agent.api.deciding import decided
from agent.exceptions import as_json
from local_store.domain.commands import DecideException
from local_store.store import Store
from web.routes import RouteTable, json_answer

BODY = by_badge(DecideException)


class ExceptionRoutes:
    """The routes of exceptions. Who may decide is said by the badge in the command, or by a supervisor's own key."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        callers, of = (SCREEN, "supervisor"), "/v1/station/exceptions"
        routes.get(of, *callers, answers=shapes.Exceptions)(self.waiting)
        routes.post(f"{of}/{{exception_id}}/decide", *callers, body=BODY, answers=Answered)(self.decide)
        return routes

    async def waiting(self, _request: web.Request) -> web.Response:
        """What waits for a supervisor, with the steps to choose from."""
        return json_answer({"exceptions": as_json(self._store.reader)})

    async def decide(self, request: web.Request) -> web.Response:
        """Choose a step, under a supervisor's badge or key."""
        command = await with_badge(request, self._store, DecideException, BODY, **request.match_info)
        return await decided(self._store, command)
