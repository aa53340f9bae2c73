"""`/v1/station/it/devices/…`: a test print, and the doctor who finds out with a person what a device lacks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from agent.api import it_shapes, shapes
from agent.api.access import CARERS
from agent.api.devices import BEAT_S, DeviceWatch, Heard
from config import Settings
from devices.driver import Device
from devices.readings import DeviceState
from devices.registry import DRIVERS
from local_store.store import Store
from web.problems import Refused
from web.routes import LINES, RouteTable, body_of, json_answer

if TYPE_CHECKING:
    from agent.examination import Examination

MOST_AT_ONCE = 2
"""Examinations at once: a person stands at each."""
PRINT_DEADLINE_S = 60.0


class Reply(BaseModel):
    """What the person answers to the doctor's question; empty where a nod is enough."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    answer: Annotated[str, StringConstraints(max_length=80)] = ""


class ItActs:
    """The handlers of what IT does to a device."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        devices: Mapping[str, Device],
        states: Mapping[str, DeviceState],
        watch: DeviceWatch,
    ) -> None:
        self._store, self._settings = store, settings
        self._devices, self._states, self._watch = devices, states, watch
        self._under_way: dict[str, Examination] = {}

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes, device = RouteTable(), "/v1/station/it/devices/{name}"
        routes.post(
            f"{device}/test-print",
            *CARERS,
            answers=it_shapes.TestPrinted,
            more=(404, 409),
            deadline_s=PRINT_DEADLINE_S,
        )(self.test_print)
        routes.get(f"{device}/doctor", *CARERS, gives=LINES, more=(409,))(self.examine)
        routes.post(f"{device}/doctor/answer", *CARERS, body=Reply, answers=shapes.Done, more=(409,))(self.answer)
        return routes

    async def test_print(self, request: web.Request) -> web.Response:
        """Print a test label or slip that belongs to no work, and tell what is known of it."""
        from agent import trial_print  # noqa: PLC0415 -- most days nobody prints a test

        name = self._named(request)
        places = self._settings.workplaces.items()
        workplace = next((place for place, of in places if name in of.devices), None)
        tried = await trial_print.print_test(self._store, self._devices[name], name, workplace)
        return json_answer({"proof": tried.proof, "sentence": tried.sentence})

    async def examine(self, request: web.Request) -> web.StreamResponse:
        """Examine a device: each line says or asks something, the last is the verdict. It ends with its listener."""
        from agent.examination import Examination  # noqa: PLC0415 -- a day without a doctor loads none

        name = self._named(request)
        if name in self._under_way or len(self._under_way) >= MOST_AT_ONCE:
            raise Refused(409, "doctor_busy", "An examination is under way already. Finish or close that one first.")
        exam = self._under_way[name] = Examination()
        watcher = _only(name, exam.told)
        self._watch.watchers.add(watcher)
        exam.told(self._states[name])
        response = web.StreamResponse(headers={"Content-Type": LINES})
        try:
            await response.prepare(request)
            await self._carry_out(name, exam, response)
        except* ConnectionError:
            pass  # the page was closed
        finally:
            self._watch.watchers.discard(watcher)
            del self._under_way[name]
        return response

    async def answer(self, request: web.Request) -> web.Response:
        """The person's answer to the doctor's question."""
        exam, told = self._under_way.get(self._named(request)), await body_of(request, Reply)
        if exam is None or not exam.answer(told.answer):
            raise Refused(409, "nothing_asked", "The doctor asks nothing now. Begin the examination again.")
        return json_answer({"done": "answered"})

    async def _carry_out(self, name: str, exam: Examination, response: web.StreamResponse) -> None:
        driver = DRIVERS[self._settings.device_drivers()[name]]
        async with asyncio.TaskGroup() as group:
            group.create_task(exam.carry_out(name, driver), name=f"doctor of {name}")
            while True:
                try:
                    async with asyncio.timeout(BEAT_S):
                        line = await exam.lines.get()
                except TimeoutError:
                    await response.write(b"\n")
                    continue
                await response.write(json.dumps(line).encode() + b"\n")
                if "verdict" in line:
                    return

    def _named(self, request: web.Request) -> str:
        name = request.match_info["name"]
        if name not in self._devices:
            known = ", ".join(self._devices) or "none"
            raise Refused(404, "no_device", f"There is no device {name[:40]!r} in edge.toml; there is {known}.")
        return name


def _only(name: str, tell: Callable[[Heard], None]) -> Callable[[Heard], None]:
    def watcher(heard: Heard) -> None:
        if heard.device == name:
            tell(heard)

    return watcher
