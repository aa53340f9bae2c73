"""`/v1/station/codes`: a supervisor links a code that nobody knows to a product, and takes the link away."""

from __future__ import annotations

from aiohttp import web

from agent.api.access import SCREEN
from agent.api.deciding import decided
from local_store.domain.commands import LinkCode, UnlinkCode
from local_store.store import Store
from web.routes import RouteTable, body_of, json_answer


class CodeRoutes:
    """The routes of linked codes. Any page may call them; the badge in the command says who may."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.get("/v1/station/codes", SCREEN)(self.linked)
        routes.post("/v1/station/codes", SCREEN)(self.link)
        routes.route("DELETE", "/v1/station/codes/{code:.+}", SCREEN)(self.unlink)
        return routes

    async def linked(self, _request: web.Request) -> web.Response:
        """The codes that were linked at this station."""
        rows = self._store.reader.execute("SELECT code, sku, multiplier FROM linked_code ORDER BY code")
        return json_answer({"codes": [dict(row) for row in rows]})

    async def link(self, request: web.Request) -> web.Response:
        """Let a code count as `multiplier` of a product, under a supervisor's badge."""
        return await decided(self._store, await body_of(request, LinkCode))

    async def unlink(self, request: web.Request) -> web.Response:
        """Take such a link away, under a supervisor's badge."""
        return await decided(self._store, await body_of(request, UnlinkCode, code=request.match_info["code"]))
