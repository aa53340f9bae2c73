"""`/v1/station/files`: a photo or paper about something, kept here and sent to each HQ that takes files."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from agent.api import shapes
from agent.api.access import SCREEN
from agent.api.deciding import in_words
from agent.lanes import Lanes
from local_store import files
from local_store.domain.commands import MAX_FILE_BYTES
from local_store.store import Store
from web.problems import Refused
from web.routes import RouteTable, Told, json_answer, query_of

KINDS = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/webp": b"RIFF",
    "application/pdf": b"%PDF-",
}
"""What may be sent, and how such a file begins."""
CHUNK = 64 * 1024


class FileQuery(BaseModel):
    """What the file is about, like `fulfillment:F-1`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    of: Annotated[str, StringConstraints(pattern=r"^(fulfillment|picklist|return|inbound):[^\x00-\x1f\x7f]{1,120}$")]


class FileRoutes:
    """The handler of files that go up."""

    def __init__(self, store: Store, lanes: Lanes) -> None:
        self._store, self._lanes = store, lanes

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        told = Told(query=FileQuery, takes=", ".join(KINDS), answers=shapes.KeptFile, status=201, more=(507,))
        routes.post("/v1/station/files", SCREEN, **told)(self.add)
        return routes

    async def add(self, request: web.Request) -> web.Response:
        """Keep the body as a file about `?of=…`, at most 8 MiB; the same bytes again change nothing."""
        of, kind = query_of(request, FileQuery).of, request.content_type
        if kind not in KINDS:
            raise Refused(415, "wrong_type", f"A file is one of {', '.join(KINDS)} (got {kind[:40]}).")
        data = await _read(request)
        if not data.startswith(KINDS[kind]):
            raise Refused(422, "not_what_it_says", f"These bytes are no {kind}.")
        with in_words():
            sha256 = await self._store.run(lambda tx: files.add(tx, data, kind, of))
        if sha256 is None:
            most = files.MAX_ALL_BYTES >> 20
            sentence = f"A station keeps {most} MB of files at most, and none while its disk is nearly full."
            raise Refused(507, "no_room", sentence)
        self._lanes.wake_files()
        return json_answer({"sha256": sha256, "of": of}, 201)


async def _read(request: web.Request) -> bytes:
    data = bytearray()
    async for chunk in request.content.iter_chunked(CHUNK):
        data += chunk
        if len(data) > MAX_FILE_BYTES:
            raise Refused(413, "too_large", f"A file has at most {MAX_FILE_BYTES} bytes. Make the picture smaller.")
    return bytes(data)
