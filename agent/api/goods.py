"""`/v1/station/counts`: a count of a product under a supervisor's badge, at a location or in the whole warehouse."""

from __future__ import annotations

from aiohttp import web

from agent.api.access import SCREEN
from agent.api.acts import Answered
from agent.api.deciding import decided
from local_store.domain.commands import CountStock
from local_store.store import Store
from web.routes import RouteTable, body_of


class GoodsRoutes:
    """The routes of goods. Any page may call them; the badge in the command says who may."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.post("/v1/station/counts", SCREEN, body=CountStock, answers=Answered)(self.count)
        return routes

    async def count(self, request: web.Request) -> web.Response:
        """How many units of a product there are, at a location or in the whole warehouse."""
        return await decided(self._store, await body_of(request, CountStock))
