"""`/v1/station/slips`: a slip of paper is printed once, and the answer says what is known of it."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agent.api.access import SCREEN
from agent.slips.counter import SHIFT_HOURS, NoPrinter, SlipCounter, SlipKind, Wanted
from agent.slips.gather import NoSlip
from web.problems import Refused
from web.routes import RouteTable, body_of, json_answer

LONGEST_SHIFT_HOURS = 24 * 7


class SlipRequest(BaseModel):
    """Which slip, and where; the workplace may be left out where only one receipt printer is."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    kind: SlipKind
    id: Annotated[str, Field(max_length=120)] = ""
    workplace: Annotated[str, Field(max_length=40)] | None = None
    hours: Annotated[int, Field(ge=1, le=LONGEST_SHIFT_HOURS)] = SHIFT_HOURS


class SlipRoutes:
    """The handler of the slips."""

    def __init__(self, counter: SlipCounter) -> None:
        self._counter = counter

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.post("/v1/station/slips", SCREEN)(self.print)
        return routes

    async def print(self, request: web.Request) -> web.Response:
        """Print a slip; `result` is `printed`, `uncertain` or `not_printed`, with a sentence and a next step."""
        asked = await body_of(request, SlipRequest)
        try:
            said = await self._counter.print(Wanted(asked.kind, asked.id, asked.hours), asked.workplace)
        except NoPrinter as none:
            raise Refused(409, "no_receipt_printer", str(none)) from none
        except NoSlip as none:
            raise Refused(404, "no_slip", str(none)) from none
        return json_answer({"slip": said._asdict()})
