"""`/v1/station/devices/…`: every device of the station, what its scale is told, and what went over its wire."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agent.api import shapes
from agent.api.access import OPERATOR, SCREEN
from devices.driver import CommandRefused, Device, Scale, ScaleCommand
from devices.readings import DeviceState, Reading
from devices.recorder import Recorder, written
from devices.shown import as_json
from devices.transports import DeviceUnreachable
from web.problems import Refused
from web.routes import LINES, Handler, RouteTable, Told, json_answer, query_of

MAX_WATCHERS = 8
"""Terminals that watch at once; a station has one or two."""
MAX_BEHIND = 1_000
"""A watcher that reads too slowly for so many readings loses the oldest: it wants to see what is now."""

BEAT_S = 0.5
"""An empty line comes when nothing else did for so long: whoever watches knows that the agent is there."""

Heard = Reading | DeviceState
SCALE_COMMANDS: dict[str, ScaleCommand] = {"zero": "zero", "tare": "tare", "clear-tare": "clear_tare"}


class TapeQuery(BaseModel):
    """How far back the tape is wanted, in seconds; all of it where that is not said."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    last_s: int | None = Field(default=None, ge=0, le=86400)


@dataclass
class DeviceWatch:
    """Passes on what devices say to those who watch."""

    watchers: set[Callable[[Heard], None]] = field(default_factory=set)
    last: dict[str, Reading] = field(default_factory=dict)
    """The newest reading of each device that gave one."""

    def through(self, emit: Callable[[Reading], None]) -> Callable[[Reading], None]:
        """An `emit` that tells the watchers too."""

        def both(reading: Reading) -> None:
            self.last[reading.device] = reading
            emit(reading)
            self.tell(reading)

        return both

    def tell(self, told: Heard) -> None:
        """A device said something."""
        for watcher in self.watchers:
            watcher(told)


@dataclass
class DeviceRoutes:
    """The handlers of the devices' routes."""

    devices: Mapping[str, Device]
    drivers: Mapping[str, str]
    kinds: Mapping[str, str]
    states: Mapping[str, DeviceState]
    recorder: Recorder
    watch: DeviceWatch
    now: Callable[[], float]

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.get("/v1/station/devices", SCREEN, answers=shapes.Devices)(self.all)
        device = "/v1/station/devices/{name}"
        routes.get(f"{device}/tape", OPERATOR, query=TapeQuery, gives="text/plain")(self.tape)
        routes.get(f"{device}/readings", OPERATOR, gives=LINES)(self.readings)
        for word, command in SCALE_COMMANDS.items():
            told = Told(answers=shapes.Done, more=(409,))
            routes.post(f"{device}/{word}", SCREEN, **told)(self._command(command))
        return routes

    async def all(self, _request: web.Request) -> web.Response:
        """Every device of edge.toml: driver, kind, state, and what it can be told."""
        return json_answer({"devices": {name: self._one(name) for name in self.devices}})

    async def tape(self, request: web.Request) -> web.Response:
        """The last bytes on the device's wire, as a recording; `last_s` takes only the last seconds of it."""
        entries = self.recorder.entries(self._named(request))
        last_s = query_of(request, TapeQuery).last_s
        if last_s is not None:
            since = self.now() - last_s
            entries = [entry for entry in entries if entry.t_mono >= since]
        return web.Response(text=written(entries), content_type="text/plain")

    async def readings(self, request: web.Request) -> web.StreamResponse:
        """Every reading and state of the device from now on, one JSON object a line; `all` for every device."""
        name = request.match_info["name"]
        names = set(self.devices) if name == "all" and name not in self.devices else {self._named(request)}
        if len(self.watch.watchers) >= MAX_WATCHERS:
            raise Refused(503, "too_many_watchers", f"{MAX_WATCHERS} terminals watch already; close one.")
        response = web.StreamResponse(headers={"Content-Type": LINES})
        await response.prepare(request)
        waiting: deque[Heard] = deque((self.states[each] for each in sorted(names)), maxlen=MAX_BEHIND)
        news = asyncio.Event()

        def watcher(told: Heard) -> None:
            if told.device in names:
                waiting.append(told)
                news.set()

        self.watch.watchers.add(watcher)
        try:
            while True:
                news.clear()
                while waiting:
                    await response.write(json.dumps(as_json(waiting.popleft())).encode() + b"\n")
                try:
                    async with asyncio.timeout(BEAT_S):
                        await news.wait()
                except TimeoutError:
                    await response.write(b"\n")
        except ConnectionError:  # the terminal was closed
            return response
        finally:
            self.watch.watchers.discard(watcher)

    def _command(self, command: ScaleCommand) -> Handler:
        async def tell(request: web.Request) -> web.Response:
            """Tell the scale to set zero, tare or clear the tare, and wait until it says that it has."""
            name = self._named(request)
            scale = self.devices[name]
            if not isinstance(scale, Scale):
                raise Refused(409, "no_scale", f"'{name}' is no scale that can be told anything.")
            try:
                await scale.command(command)
            except (CommandRefused, DeviceUnreachable) as refusal:
                raise Refused(409, "scale_refused", f"{refusal.sentence} {refusal.next_step}") from refusal
            return json_answer({"done": command})

        return tell

    def _one(self, name: str) -> dict[str, Any]:
        state, device = self.states[name], self.devices[name]
        return {
            "driver": self.drivers[name],
            "kind": self.kinds[name],
            "state": state.state,
            "sentence": state.sentence,
            "next_step": state.next_step,
            "commands": sorted(device.commands) if isinstance(device, Scale) else [],
        }

    def _named(self, request: web.Request) -> str:
        name = request.match_info["name"]
        if name not in self.devices:
            known = ", ".join(self.devices) or "none"
            raise Refused(404, "no_device", f"There is no device {name[:40]!r} in edge.toml; there is {known}.")
        return name
