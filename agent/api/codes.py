"""`/v1/station/codes`: a supervisor links a code that nobody knows to a product, and takes the link away."""

from __future__ import annotations

from aiohttp import web

from agent.api import shapes
from agent.api.access import SCREEN
from agent.api.acts import Answered, by_badge, with_badge
from agent.api.deciding import decided
from local_store.domain.commands import LinkCode, UnlinkCode
from local_store.store import Store
from web.routes import RouteTable, json_answer

LINK, UNLINK = by_badge(LinkCode), by_badge(UnlinkCode)


class CodeRoutes:
    """The routes of linked codes. Who may is said by the badge in the command, or by a supervisor's own key."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        callers, of = (SCREEN, "supervisor"), "/v1/station/codes"
        routes.get(of, *callers, answers=shapes.LinkedCodes)(self.linked)
        routes.post(of, *callers, body=LINK, answers=Answered)(self.link)
        routes.route("DELETE", f"{of}/{{code:.+}}", *callers, body=UNLINK, answers=Answered)(self.unlink)
        return routes

    async def linked(self, _request: web.Request) -> web.Response:
        """The codes that were linked at this station."""
        rows = self._store.reader.execute("SELECT code, sku, multiplier FROM linked_code ORDER BY code")
        return json_answer({"codes": [dict(row) for row in rows]})

    async def link(self, request: web.Request) -> web.Response:
        """Let a code count as `multiplier` of a product, under a supervisor's badge or key."""
        return await decided(self._store, await with_badge(request, self._store, LinkCode, LINK))

    async def unlink(self, request: web.Request) -> web.Response:
        """Take such a link away, under a supervisor's badge or key."""
        command = await with_badge(request, self._store, UnlinkCode, UNLINK, **request.match_info)
        return await decided(self._store, command)
