"""`/v1/station/work`: one file of work, as the command line sends it."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agent.api import shapes
from agent.api.access import OPERATOR
from agent.api.deciding import in_words
from local_store.store import Store
from web.problems import Refused
from web.routes import LINES, RouteTable, Told, json_answer, query_of

MOST_SHOWN = 200
TAKEN_IN_S = 600.0
"""A day of work for a large house, on a slow disk."""


class WorkQuery(BaseModel):
    """The HQ for lines that name none."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    lane: Annotated[str, Field(max_length=60)] | None = None


class WorkRoutes:
    """The routes about work that comes in files."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        told = Told(query=WorkQuery, takes=LINES, answers=shapes.TakenIn, more=(404,), deadline_s=TAKEN_IN_S)
        routes.post("/v1/station/work/import", OPERATOR, **told)(self.take)
        return routes

    async def take(self, request: web.Request) -> web.Response:
        """Take in the lines of an NDJSON file; `?lane=` is for those that name none."""
        from agent.work_files import take_in  # noqa: PLC0415 -- most stations never read a file of work
        from agent.work_lines import MOST_BYTES  # noqa: PLC0415 -- the same

        lane = query_of(request, WorkQuery).lane
        known = [each.name for each in self._store.site.lanes]
        if lane is not None and lane not in known:
            raise Refused(404, "no_lane", f"There is no HQ {lane[:40]!r} in edge.toml; there is {', '.join(known)}.")
        if not self._store.site.accepts_new_work:
            raise Refused(503, "no_room", "The disk of this station is full: no work is taken in. Make room first.")
        data = bytearray()
        async for chunk in request.content.iter_chunked(64 * 1024):
            data += chunk
            if len(data) > MOST_BYTES:
                raise Refused(413, "too_large", f"The file has more than {MOST_BYTES} bytes; cut it in parts.")
        with in_words():
            taken = await take_in(self._store, bytes(data), lane)
        bad = [each._asdict() for each in taken.bad[:MOST_SHOWN]]
        return json_answer({"lines": taken.lines, "used": taken.used, "refused": len(taken.bad), "bad": bad})
