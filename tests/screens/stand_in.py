"""A stand-in for the agent: serves the pages with the strict policy and the station's API from scripted views.

Run `python -m tests.screens.stand_in` and open the address it prints, to work on the screens without an agent.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import hashlib
import json
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from agent.api.acts import Approval
from agent.api.pages import PAGES
from agent.api.station import WeighRequest
from agent.labels.preview import preview
from agent.labels.zpl_parse import parse
from local_store.domain import commands as c
from local_store.domain.commands import FLOOR_COMMANDS
from tests.screens import views
from tests.support.patience import PATIENCE_S

SCREENS = Path(__file__).parents[2] / "agent" / "screens"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PING_EVERY_S = 1.0
ACTS: dict[str, type[c.WorkerCommand]] = {
    "/v1/station/goods-labels": c.LabelGoods,
    "/v1/station/inbound/{inbound_id}/reject": c.RejectGoods,
    "/v1/station/inbound/{inbound_id}/close": c.CloseInbound,
    "/v1/station/inbound/{inbound_id}/allow": c.AllowGoods,
    "/v1/station/inbound/{inbound_id}/reopen": c.ReopenInbound,
    "/v1/station/manifests/{manifest_id}/close": c.CloseManifest,
    "/v1/station/manifests/{manifest_id}/unload": c.UnloadParcel,
    "/v1/station/picklists/{picklist_id}/release": c.ReleasePicklist,
    "/v1/station/picklists/{picklist_id}/rebin": c.RebinPicks,
    "/v1/station/packages/{package_id}/void": c.VoidPackage,
}
"""Routes of their own that the pages call, and what each takes."""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#e8d9a0"/>'
    '<circle cx="5" cy="5" r="3.500" fill="#c48a2c"/></svg>'
)
Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class StandIn:
    """What the browser sees of a station. `commands` holds every command that reached it, resends included."""

    def __init__(self) -> None:
        self.port = 0
        self.view: Json = views.pick()
        self.weight: Json | None = None
        self.bench: Json = copy.deepcopy(views.BENCH)
        self.commands: list[Json] = []
        self.acts: list[tuple[str, str, Json]] = []
        self.answers: dict[str, Json] = {}
        self.answer_to: Callable[[Json], Json] = self._count
        self.refusal: tuple[int, str] | tuple[int, str, str] | None = None
        self.lose_next_answers = 0
        self.silent = False
        self.files: list[tuple[str, str, bytes]] = []
        self.draws_labels = True
        self.workplaces = ["pick", "pack"]
        self._first_answer = asyncio.Event()
        self._numbers = 100
        self._keys: set[str] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port; after `stop`, on the same port again."""
        app = web.Application(middlewares=[_headers, self._key_guard])
        app.router.add_get("/v1/station/workplaces", self._workplaces)
        app.router.add_get("/v1/station/live", self._live)
        app.router.add_post("/v1/station/workplaces/{workplace}/{command}", self._command)
        for path in ACTS:
            app.router.add_post(path, self._act)
        app.router.add_get("/v1/station/labels/{job_id}/preview.png", self._label_picture)
        app.router.add_get("/v1/station/packages/{package_id}/label.png", self._label_picture)
        app.router.add_post("/v1/station/files", self._file)
        app.router.add_get("/v1/station/pictures/{sku}", self._picture)
        app.router.add_get("/v1/bench/devices", self._bench_devices)
        app.router.add_post("/v1/bench/devices/{name}/{act}", self._bench_act)
        for page in PAGES:
            app.router.add_get(f"/{page}", self._page)
        app.router.add_static("/static", SCREENS)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Go away as a killed agent does: every connection ends."""
        assert self._runner is not None
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)
        await self._runner.cleanup()

    async def show(self, view: Json) -> None:
        """Make this the view, on every open screen."""
        self.view = view
        await self.say({"kind": "view", "view": view})

    async def answer(self, answer: Json) -> None:
        """Send an answer to every open screen."""
        await self.say({"kind": "answer", "answer": answer})

    async def put_weight(self, weight: Json) -> None:
        """Send a weight to every open screen."""
        self.weight = weight
        await self.say({"kind": "weight", "weight": weight})

    async def say(self, message: Json) -> None:
        """Send one live message."""
        for socket in list(self._sockets):
            await socket.send_json(message)

    async def until_answered(self) -> None:
        """Wait for the first answer to a command."""
        async with asyncio.timeout(PATIENCE_S):
            await self._first_answer.wait()

    def forget_keys(self) -> None:
        """Know no cookie any more, as after a restart."""
        self._keys.clear()

    def url(self, page: str) -> str:
        """Address of a page."""
        return f"http://127.0.0.1:{self.port}/{page}"

    def _count(self, command: Json) -> Json:
        self._numbers += 1
        code = command.get("code", command["command"])
        return views.answer(self._numbers, "counted", f"{code} counted.", command["command_id"])

    @web.middleware
    async def _key_guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/v1/") and request.cookies.get("key") not in self._keys:
            return _refused(401, "This call needs a key or a signed-in worker.")
        return await handler(request)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        key = secrets.token_hex(8)
        self._keys.add(key)
        response = web.FileResponse(SCREENS / PAGES[request.path[1:]])
        response.set_cookie("key", key, httponly=True, samesite="Strict")
        return response

    async def _workplaces(self, _: web.Request) -> web.Response:
        named = [{"workplace": work, "work": work} for work in self.workplaces]
        return web.json_response({"station": "station-1", "language": "en", "workplaces": named})

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if not self.silent:
            await socket.send_json({"kind": "view", "view": self.view})
        if self.weight and not self.silent:
            await socket.send_json({"kind": "weight", "weight": self.weight})
        self._sockets.add(socket)
        pinging = asyncio.create_task(self._ping(socket))
        async for message in socket:
            assert message.type is not WSMsgType.TEXT, "the pages only listen"
        self._sockets.discard(socket)
        pinging.cancel()
        return socket

    async def _ping(self, socket: web.WebSocketResponse) -> None:
        while not socket.closed:
            await asyncio.sleep(PING_EVERY_S)
            if not self.silent and not socket.closed:
                await socket.send_json({"kind": "ping"})

    async def _command(self, request: web.Request) -> web.Response:
        name, body = request.match_info["command"], await request.json()
        _require_like_the_station(name, body)
        command = {"command": name, **body}
        self.commands.append(command)
        if self.refusal:
            return _refused(*self.refusal)
        answer = self.answers.setdefault(command["command_id"], self.answer_to(command))
        if self.lose_next_answers > 0:
            self.lose_next_answers -= 1
            assert request.transport is not None
            request.transport.close()
        self._first_answer.set()
        return web.json_response({"answer": answer})

    async def _act(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert request.match_info.route.resource is not None
        told = {**body, **request.match_info}
        if "approval" in told:
            Approval.model_validate(told.pop("approval"))
        ACTS[request.match_info.route.resource.canonical].model_validate_json(json.dumps(told))
        self.commands.append({"path": request.rel_url.raw_path, **body})
        if self.lose_next_answers > 0:
            self.lose_next_answers -= 1
            assert request.transport is not None
            request.transport.close()
        if self.refusal:
            return _refused(*self.refusal)
        self._first_answer.set()
        return web.json_response({"answer": {"tone": "note", "code": "act", "text": "That is recorded."}})

    async def _label_picture(self, _: web.Request) -> web.Response:
        if not self.draws_labels:
            return _refused(404, "This label is not drawn: its bytes are gone.")
        return web.Response(body=_drawn_label(), content_type="image/png")

    async def _file(self, request: web.Request) -> web.Response:
        data = await request.read()
        self.files.append((request.query["of"], request.content_type, data))
        if self.refusal:
            return _refused(*self.refusal)
        return web.json_response({"sha256": hashlib.sha256(data).hexdigest(), "of": request.query["of"]}, status=201)

    async def _picture(self, _: web.Request) -> web.Response:
        return web.Response(body=PICTURE.encode(), content_type="image/svg+xml")

    async def _bench_devices(self, _: web.Request) -> web.Response:
        return web.json_response(self.bench)

    async def _bench_act(self, request: web.Request) -> web.Response:
        name, act, body = request.match_info["name"], request.match_info["act"], await request.json()
        self.acts.append((name, act, body))
        device = next(each for each in self.bench["devices"] if each["name"] == name)
        if act in {"unplug", "replug"}:
            device["plugged"] = act == "replug"
        elif act == "fault":
            device["fault"] = body["fault"]
        elif act == "load":
            device["load_g"] = body["weight_g"]
        elif not device["plugged"]:
            return _refused(409, f"{name} is unplugged. Plug it in, then scan.")
        return web.json_response({})


@web.middleware
async def _headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
    return response


def _require_like_the_station(name: str, body: Json) -> None:
    """The stand-in takes just what the station takes: a page that sends anything else fails its test."""
    if name == "zone":
        c.ChooseZone.model_validate_json(json.dumps({**body, "workplace": "any"}))
    elif name == "weigh":
        WeighRequest.model_validate_json(json.dumps(body))
    else:
        FLOOR_COMMANDS[name].model_validate_json(json.dumps({**body, "workplace": "any"}))


@functools.cache
def _drawn_label() -> bytes:
    return preview(parse(views.LABEL_ZPL.replace(",4,B,2^FS", ",4^FS").encode())).png


def _refused(status: int, message: str, code: str = "refused") -> web.Response:
    return web.json_response({"error": {"code": code, "message": message, "details": None}}, status=status)


async def _main() -> None:
    stand_in = StandIn()
    stand_in.port = 8099
    await stand_in.start()
    print("Open", stand_in.url("pick"), stand_in.url("pack"), stand_in.url("bench"))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
