"""`/v1/bench/…`: the simulated devices of a demo, to play with. Exists only where the agent runs on simulators."""

from __future__ import annotations

from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agent.api import shapes
from agent.api.access import SCREEN
from agent.api.station import Station
from devices.simulators.bench import BenchDevices, NoSuchDevice
from local_store.clock import SystemClock, timestamp
from web.problems import Refused
from web.routes import RouteTable, body_of, json_answer

MG_PER_G = 1000
MAX_LOAD_G = 10_000_000
WRONG_CODE = "2999999999994"


class Act(BaseModel):
    """What is done to a simulated device; each act uses its own member."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    code: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    weight_g: Annotated[int, Field(ge=0, le=MAX_LOAD_G)] | None = None
    fault: Annotated[str, Field(max_length=60)] | None = None


class BenchApi:
    """The handlers of the bench."""

    def __init__(self, devices: BenchDevices) -> None:
        self._devices, self._clock = devices, SystemClock()
        self._seen_at: dict[int, str] = {}
        self.station: Station | None = None
        """Set once the agent is built: lets the bench suggest what to scan next."""

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        routes.get("/v1/bench/devices", SCREEN, answers=shapes.BenchDevices)(self.devices)
        routes.post("/v1/bench/devices/{name}/{act}", SCREEN, body=Act, answers=shapes.Done)(self.act)
        return routes

    async def devices(self, _request: web.Request) -> web.Response:
        """The simulated devices, what could be scanned now, and the last labels that came out."""
        seen = self._devices.snapshot()
        scanners = [_device(name, "scanner", state) for name, state in seen["scanners"].items()]
        scale = _device(seen["scale"]["name"], "scale", seen["scale"])
        printer = _device(seen["printer"]["name"], "printer", seen["printer"])
        first = seen["printer"]["label_count"] - len(seen["printer"]["labels"]) + 1
        labels = [
            {"number": number, "zpl": zpl, "at": self._seen_at.setdefault(number, timestamp(self._clock.wall_ms()))}
            for number, zpl in enumerate(seen["printer"]["labels"], first)
        ]
        return json_answer(
            {"devices": [*scanners, scale, printer], "suggestions": self._suggestions(), "labels": labels}
        )

    async def act(self, request: web.Request) -> web.Response:
        """Do one thing to one device."""
        name, act = request.match_info["name"], request.match_info["act"]
        asked = await body_of(request, Act)
        try:
            await self._do(name, act, asked)
        except NoSuchDevice as error:
            raise Refused(404, "no_device", str(error)) from error
        return json_answer({"done": act})

    async def _do(self, name: str, act: str, asked: Act) -> None:
        match act:
            case "scan" if asked.code is not None:
                await self._devices.scan(name, asked.code.encode())
            case "load" if asked.weight_g is not None:
                await self._devices.put_load_mg(asked.weight_g * MG_PER_G)
            case "unplug":
                await self._devices.unplug(name)
            case "replug":
                await self._devices.replug(name)
            case "fault":
                await self._devices.set_fault(name, asked.fault)
            case _:
                raise Refused(422, "no_act", "A device takes scan {code}, load {weight_g}, unplug, replug or fault.")

    def _suggestions(self) -> list[dict[str, str]]:
        """The codes that the open work waits for, and one that is wrong."""
        if self.station is None:
            return []
        found = [each for name in self.station.desks for each in self._next_codes(self.station.view(name))]
        return [*found, {"code": WRONG_CODE, "label": "Something wrong"}]

    def _next_codes(self, view: dict[str, Any]) -> list[dict[str, str]]:
        assert self.station is not None
        do, place = view["next"]["do"], view["workplace"]
        if do == "sign_in":
            people = self.station.strip.site.workers.values()
            return [{"code": who.badge, "label": f"Badge of {who.name} ({place})"} for who in people]
        if do in {"choose", "scan_parcel"}:
            return [{"code": each["title"], "label": f"{each['title']} ({place})"} for each in view["choices"][:3]]
        if do == "scan_location":
            return [{"code": view["next"]["headline"], "label": f"Location {view['next']['headline']}"}]
        if do == "scan_item":
            row = self.station.store.reader.execute(
                "SELECT key FROM code WHERE thing = 'product' AND id = ? ORDER BY key = id LIMIT 1",
                (view["next"]["code"],),
            ).fetchone()
            code = row["key"] if row else view["next"]["code"]
            return [{"code": code, "label": f"{view['next']['code']} ({place})"}]
        return []


def _device(name: str, kind: str, state: dict[str, Any]) -> dict[str, Any]:
    load_mg = state.get("load_mg")
    return {
        "name": name,
        "kind": kind,
        "plugged": state["plugged"],
        "faults": state["faults"],
        "fault": state["fault"],
        "load_g": None if load_mg is None else load_mg // MG_PER_G,
    }
