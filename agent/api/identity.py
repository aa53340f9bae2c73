"""`/v1/station/settle`: a person says that a fence, or work that was done twice, was looked at."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from agent.api import shapes
from agent.api.access import OPERATOR
from local_store import history, identity
from local_store.store import Store
from web.problems import Refused
from web.routes import RouteTable, body_of, json_answer

FENCE = "fence"


class Settle(BaseModel):
    """`fence`, or the subject of a conflict as `status` shows it, and what was found."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    what: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    note: Annotated[str, StringConstraints(min_length=3, max_length=200, strip_whitespace=True)]


class IdentityRoutes:
    """The routes about who this store is."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.post("/v1/station/settle", OPERATOR, body=Settle, answers=shapes.Settled, more=(404,))(self.settle)
        return routes

    async def settle(self, request: web.Request) -> web.Response:
        """Take away the fence, or the sentence about work that was done twice."""
        asked = await body_of(request, Settle)
        if asked.what == FENCE:
            done = await self._store.run(lambda tx: identity.settle(tx, "person", note=asked.note))
        else:
            done = await self._store.run(lambda tx: history.settle_conflict(tx, asked.what, asked.note))
        if not done:
            raise Refused(404, "nothing_to_settle", f"Nothing called {asked.what!r} waits here; see `status`.")
        return json_answer({"settled": asked.what})
