"""`/v1/station/…`: what only a station has. Workplaces, their commands and views, sync state, labels, problems."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import UUID7, BaseModel, ConfigDict, Field

from agent.api import shapes
from agent.api.access import OPERATOR, SCREEN, caller_of
from agent.api.deciding import in_words
from agent.api.live import Screen
from agent.floor.desk import Desk, Said
from agent.floor.views import Strip, lanes_view, view_of
from local_store.domain import commands as c
from local_store.store import Store
from web.problems import Refused
from web.routes import ANYONE, SOCKET, Handler, RouteTable, body_of, json_answer, query_of, versioned

MAX_SOCKETS = 20
"""Screens at once; a station has a handful."""


class WeighRequest(BaseModel):
    """What a screen sends to have the parcel weighed: the weight itself comes from the scale, never from a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    command_id: UUID7
    reason: c.Reason | None = None


class LiveQuery(BaseModel):
    """The workplace whose view is wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    workplace: str = Field(min_length=1, max_length=60)


@dataclass
class Station:
    """Everything the station's routes need."""

    store: Store
    strip: Strip
    desks: Mapping[str, Desk]
    scales: Mapping[str, str]
    """Workplace -> name of its scale."""
    now: Callable[[], float]
    version: str
    screens: set[Screen]
    disk: Callable[[], dict[str, Any]]
    """What `status` shows of the disk under the store."""
    care: Callable[[], dict[str, Any]]
    """What `status` shows of backups and of the last look at the whole store."""
    identity: Callable[[], dict[str, Any]]
    """What `status` shows of lineage, fence and numbers."""

    def changed(self) -> None:
        """Tell every screen that its view may have changed."""
        for screen in self.screens:
            screen.on_changed()

    def view(self, workplace: str) -> dict[str, Any]:
        """The view of a workplace as of now."""
        desk = self.desks[workplace]
        if desk.said is None:
            return view_of(self.store.reader, self.strip, workplace, None)
        return view_of(self.store.reader, self.strip, workplace, desk.said.as_json(), desk.said.answer)


class StationApi:
    """The handlers of one station's routes."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.get("/health", ANYONE, answers=shapes.Health)(self.health)
        routes.get("/v1/station/workplaces", SCREEN, answers=shapes.Workplaces)(self.workplaces)
        place = "/v1/station/workplaces/{workplace}"
        routes.get(f"{place}/view", SCREEN, answers=shapes.View, more=(304,))(self.view)
        routes.get("/v1/station/live", SCREEN, query=LiveQuery, gives=SOCKET, more=(400, 404))(self.live)
        routes.get("/v1/station/status", OPERATOR, answers=shapes.Status)(self.status)
        routes.post(f"{place}/weigh", SCREEN, body=WeighRequest, answers=shapes.SaidAnswer)(self.weigh)
        for name, model in c.FLOOR_COMMANDS.items():
            if name != c.Weigh.kind:
                path = f"{place}/{name}"
                routes.post(path, SCREEN, body=model, answers=shapes.SaidAnswer)(self._command(model))
        return routes

    async def health(self, _request: web.Request) -> web.Response:
        """Whether the agent answers and its store can be read."""
        self._station.store.reader.execute("SELECT 1").fetchone()
        return json_answer({"status": "ok", "version": self._station.version})

    async def workplaces(self, request: web.Request) -> web.Response:
        """The workplaces of this station and their kind of work; for a handheld its own."""
        found, own = self._station.strip.site.workplaces, caller_of(request).workplace
        shown = {name: work for name, work in found.items() if own in {None, name}}
        site = self._station.strip.site
        places = [{"workplace": name, "work": work} for name, work in shown.items()]
        return json_answer({"station": site.station_id, "language": site.language, "workplaces": places})

    async def view(self, request: web.Request) -> web.Response:
        """What a screen of this workplace shows now."""
        return versioned(request, self._station.view(self._desk(request).workplace))

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Live view, answers and weight of a workplace over a WebSocket."""
        station = self._station
        desk = self._named_desk(query_of(request, LiveQuery).workplace)
        if len(station.screens) >= MAX_SOCKETS:
            raise Refused(503, "too_many_screens", f"{MAX_SOCKETS} screens are open here already; close one.")
        socket = web.WebSocketResponse(heartbeat=10, compress=False, max_msg_size=1024)
        await socket.prepare(request)
        screen = Screen(desk, lambda: station.view(desk.workplace), station.now)
        station.screens.add(screen)
        try:
            await screen.serve(socket)
        finally:
            station.screens.discard(screen)
        return socket

    async def weigh(self, request: web.Request) -> web.Response:
        """Use what the scale says for the open parcel."""
        desk = self._desk(request)
        asked = await body_of(request, WeighRequest)
        scale = self._station.scales.get(desk.workplace)
        return await _answer(desk.weigh(asked.command_id, scale, asked.reason, self._station.now))

    async def status(self, _request: web.Request) -> web.Response:
        """Devices, lanes, problems and the store in one answer, for the command line and monitoring."""
        return json_answer(_status(self._station))

    def _command(self, model: type[c.FloorCommand]) -> Handler:
        async def command(request: web.Request) -> web.Response:
            """Execute a floor command; a floor refusal is an answer with tone `refused`."""
            desk = self._desk(request)
            return await _answer(desk.execute(await body_of(request, model, workplace=desk.workplace)))

        return command

    def _desk(self, request: web.Request) -> Desk:
        return self._named_desk(request.match_info["workplace"])

    def _named_desk(self, workplace: str) -> Desk:
        desk = self._station.desks.get(workplace)
        if desk is None:
            known = ", ".join(self._station.desks)
            raise Refused(404, "no_workplace", f"There is no workplace {workplace[:40]!r} here; there is {known}.")
        return desk


async def _answer(execution: Coroutine[Any, Any, Said]) -> web.Response:
    with in_words():
        said = await execution
    return json_answer({"answer": said.as_json()})


def _status(station: Station) -> dict[str, Any]:
    (facts,) = station.store.reader.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()
    devices = {
        name: {"kind": kind, "state": state.state, "sentence": state.sentence, "next_step": state.next_step}
        for workplace in station.strip.site.workplaces
        for name, kind, state in station.strip.devices(workplace)
    }
    return {
        "station": station.strip.site.station_id,
        "version": station.version,
        "facts": facts,
        "epoch": station.store.epoch,
        "disk": station.disk(),
        "store": station.care(),
        "identity": station.identity(),
        "devices": devices,
        "lanes": lanes_view(station.store.reader, station.strip),
        "problems": [problem.as_json() for problem in station.strip.problems.open()],
    }
