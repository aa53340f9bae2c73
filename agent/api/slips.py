"""`/v1/station/slips`: a slip of paper is printed once, and the answer says what is known of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from agent.api import shapes
from agent.api.access import SCREEN
from agent.slips.counter import SHIFT_HOURS, NoPrinter, SlipCounter, SlipKind, Wanted
from agent.slips.gather import NoSlip
from agent.slips.shift import MS_PER_HOUR
from web.problems import Refused
from web.routes import RouteTable, Told, body_of, json_answer

LONGEST_SHIFT_HOURS = 24 * 7
PRINTED_IN_S = 120.0
MS_PER_S = 1000


class SlipRequest(BaseModel):
    """Which slip, and where; the workplace may be left out where only one receipt printer is."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    kind: SlipKind
    id: Annotated[str, Field(max_length=120)] = ""
    workplace: Annotated[str, Field(max_length=40)] | None = None
    hours: Annotated[int, Field(ge=1, le=LONGEST_SHIFT_HOURS)] = SHIFT_HOURS
    since: AwareDatetime | None = None
    """The beginning of a shift report, in place of `hours`."""
    until: AwareDatetime | None = None
    """Its end; now where none is named."""


class SlipRoutes:
    """The handler of the slips."""

    def __init__(self, counter: SlipCounter) -> None:
        self._counter = counter

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        told = Told(body=SlipRequest, answers=shapes.SlipAnswer, more=(404, 409), deadline_s=PRINTED_IN_S)
        routes.post("/v1/station/slips", SCREEN, **told)(self.print)
        return routes

    async def print(self, request: web.Request) -> web.Response:
        """Print a slip; `result` is `printed`, `uncertain` or `not_printed`, with a sentence and a next step."""
        asked = await body_of(request, SlipRequest)
        wanted = Wanted(asked.kind, asked.id, asked.hours, _ms(asked.since), _ms(asked.until))
        _require_a_shift(wanted)
        try:
            said = await self._counter.print(wanted, asked.workplace)
        except NoPrinter as none:
            raise Refused(409, "no_receipt_printer", str(none)) from none
        except NoSlip as none:
            raise Refused(404, "no_slip", str(none)) from none
        return json_answer({"slip": said._asdict()})


def _ms(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * MS_PER_S)


def _require_a_shift(wanted: Wanted) -> None:
    """Refuse times that end before they begin, or that nobody works through. Raises Refused 422."""
    if wanted.since_ms is None or wanted.until_ms is None:
        return
    if not 0 < wanted.until_ms - wanted.since_ms <= LONGEST_SHIFT_HOURS * MS_PER_HOUR:
        words = f"A report ends after it begins, and is of {LONGEST_SHIFT_HOURS} hours at most. Choose other times."
        raise Refused(422, "invalid", words)
