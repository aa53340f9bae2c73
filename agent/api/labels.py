"""Pictures of labels, drawn on this machine: a label job as it goes to the printer, a template with its samples."""

from __future__ import annotations

import asyncio
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from agent.api.access import SCREEN
from agent.labels.job_label import label_to_come
from agent.labels.library import Templates
from agent.labels.shipping import Address, render_shipping_label
from agent.labels.template import LabelRefused, TemplateFault
from agent.labels.zpl_parse import parse
from local_store.store import Store
from web.problems import Refused
from web.routes import RouteTable, Told, query_of

MISSING_HEADER = "X-Drawn-As-Boxes"
"""Which characters are boxes in the picture, as U+6F22 U+5B57: the printer may well print them."""

USUAL_DPI = 203


class TemplateQuery(BaseModel):
    """The printer that a template is drawn for."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    dpi: Literal["203", "300", "600"] = "203"


class LabelPictures:
    """The handlers of the pictures."""

    def __init__(self, store: Store, templates: Templates, ship_from: Address) -> None:
        self._store, self._templates, self._ship_from = store, templates, ship_from

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.get("/v1/station/labels/{job_id}/preview.png", SCREEN, gives="image/png")(self.job)
        routes.get("/v1/station/packages/{package_id}/label.png", SCREEN, gives="image/png")(self.to_come)
        told = Told(query=TemplateQuery, gives="image/png")
        routes.get("/v1/station/templates/{name}/preview.png", SCREEN, **told)(self.template)
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

    async def to_come(self, request: web.Request) -> web.Response:
        """The label that a parcel gets when it is sealed, at 203 dpi; its number is drawn then, and is zeros here."""
        package_id = request.match_info["package_id"]
        try:
            label = label_to_come(self._store.reader, package_id, self._ship_from)
            if label is None:
                raise Refused(404, "no_parcel", f"There is no parcel {package_id[:60]!r} on this station.")
            zpl = render_shipping_label(label, USUAL_DPI, self._templates)
        except LabelRefused as refused:
            raise Refused(404, "not_drawn", str(refused)) from refused
        return await _picture(zpl)

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
