"""Pictures of labels, drawn on this machine: a label job as it goes to the printer, a template with its samples."""

from __future__ import annotations

import asyncio
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from agent.api.access import SCREEN
from agent.labels.library import Templates
from agent.labels.template import TemplateFault
from agent.labels.zpl_parse import parse
from local_store.store import Store
from web.problems import Refused
from web.routes import RouteTable, query_of

MISSING_HEADER = "X-Drawn-As-Boxes"
"""Which characters are boxes in the picture, as U+6F22 U+5B57: the printer may well print them."""


class TemplateQuery(BaseModel):
    """The printer that a template is drawn for."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    dpi: Literal["203", "300", "600"] = "203"


class LabelPictures:
    """The handlers of the pictures."""

    def __init__(self, store: Store, templates: Templates) -> None:
        self._store, self._templates = store, templates

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.get("/v1/station/labels/{job_id}/preview.png", SCREEN)(self.job)
        routes.get("/v1/station/templates/{name}/preview.png", SCREEN)(self.template)
        return routes

    async def job(self, request: web.Request) -> web.Response:
        """The label of a job, dot for dot as its printer gets it."""
        job_id = request.match_info["job_id"]
        row = self._store.reader.execute("SELECT zpl, file FROM spool_job WHERE job_id = ?", (job_id,)).fetchone()
        if row is None:
            raise Refused(404, "no_label", f"There is no label job {job_id[:60]!r} on this station.")
        if row["file"]:
            raise Refused(404, "carriers_label", "This label is the carrier's own; no picture of it is drawn here.")
        if row["zpl"] is None:
            raise Refused(
                404, "not_drawn", "This label is not drawn: it still waits for its printer, or its bytes are gone."
            )
        return await _picture(row["zpl"])

    async def template(self, request: web.Request) -> web.Response:
        """A template with the sample values of its header, for printers of `?dpi=203`, 300 or 600."""
        name, dpi = request.match_info["name"], int(query_of(request, TemplateQuery).dpi)
        try:
            template = self._templates.get(name, dpi)
        except TemplateFault as fault:
            raise Refused(404, "no_template", str(fault)) from fault
        return await _picture(template.render(template.samples()))


async def _picture(zpl: bytes) -> web.Response:
    from agent.labels.preview import MISSING_SHOWN, preview  # noqa: PLC0415 -- memory of a station that shows none

    drawn = await asyncio.to_thread(lambda: preview(parse(zpl)))
    codes = " ".join(f"U+{ord(character):04X}" for character in drawn.missing[:MISSING_SHOWN])
    headers = {"Cache-Control": "no-store", **({MISSING_HEADER: codes} if codes else {})}
    return web.Response(body=drawn.png, content_type="image/png", headers=headers)
