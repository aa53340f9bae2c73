"""A stand-in for the station as IT's page and the first run see it: scripted answers, and what the pages sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from agent.first_run import routes as first_run
from tests.screens import views

SCREENS = Path(__file__).parents[2] / "agent" / "screens"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
WRONG_WEIGHT = "The scale shows 0.940 kg for 1 kg."
CODE, BADGE, PIN = "ABCD-EFGH", "BADGE-IDA", "123456"
Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def device(name: str, kind: str, driver: str, wire: str, **more: Any) -> Json:
    usual: Json = {"state": "ready", "sentence": f"{name} is ready.", "next_step": "", "commands": [], "last": None}
    return {"name": name, "kind": kind, "driver": driver, "wire": wire, **usual, **more}


def last(kind: str, text: str = "", characters: int = 0, symbology: str | None = None, minutes: int = 0) -> Json:
    at = views.minutes_ago(minutes)
    return {"kind": kind, "text": text, "characters": characters, "symbology": symbology, "at": at}


def lane(**more: Any) -> Json:
    usual = {
        "lane": "main",
        "state": "reachable",
        "since": None,
        "sentence": "",
        "reason": "",
        "unsent": 0,
        "oldest_unsent_at": None,
        "parked": 0,
        "not_deliverable": 0,
        "dialect": "ofs",
        "url": "https://hq.example.com/",
        "answered_at": views.minutes_ago(0),
        "next_try_at": None,
        "requests": {"ok": 1482, "wait": 3},
    }
    return {**usual, **more}


SCALE_DEVICE = device(
    "scale", "scale", "mt_sics_scale", "/dev/ttyS0", commands=["zero"], last=last("weight", "4.120 kg stable")
)
PLACES: list[Json] = [
    {
        "workplace": "pack-1",
        "work": "pack",
        "devices": [
            device(
                "pack-scanner",
                "scanner",
                "serial_scanner",
                "/dev/serial/by-id/usb-Honeywell_1950g_19050B0A2C-if00",
                last=last("scan", characters=18, symbology="]C1", minutes=2),
            ),
            device(
                "scale",
                "scale",
                "mt_sics_scale",
                "/dev/ttyS0",
                commands=["zero"],
                last=last("weight", "4.120 kg stable"),
            ),
            device("printer", "printer", "zpl_printer", "192.0.2.10:9100"),
        ],
    },
    {"workplace": "receive-1", "work": "receive", "devices": []},
]
AWAY: list[Json] = [
    {
        "workplace": "pack-1",
        "work": "pack",
        "devices": [
            device(
                "pack-scanner",
                "scanner",
                "serial_scanner",
                "/dev/serial/by-id/usb-Honeywell_1950g_19050B0A2C-if00",
                state="away",
                sentence="The scanner 'pack-scanner' is not plugged in: there is no such port.",
                next_step="Plug it in; it works again by itself.",
                last=last("bad_frame", "garbled: wrong speed?", characters=6, minutes=44),
            ),
            *PLACES[0]["devices"][1:],
        ],
    },
    {"workplace": "", "work": "", "devices": [device("old-scale", "scale", "cas_scale", "/dev/ttyUSB1")]},
]
PROBLEM = {
    "problem_id": "device.pack-scanner",
    "sentence": "The scanner 'pack-scanner' is not plugged in: there is no such port.",
    "next_step": "Plug it in; it works again by itself.",
    "since": views.minutes_ago(44),
}
BACKUP = {
    "problem_id": "store.backup",
    "sentence": "The last verified backup of this station is 61 hours old.",
    "next_step": "Run `edge-agent backup` and see what it says. The station makes one each night when it is on.",
    "since": views.minutes_ago(700),
}


def view(**more: Any) -> Json:
    backup = {"file": "store-2030-05-06T02-30-00Z.sqlite3", "at": views.minutes_ago(600), "facts": 48_211}
    usual = {
        "station": "pack-station-1",
        "version": "1.0.0",
        "language": "en",
        "training": False,
        "now": views.minutes_ago(0),
        "carer": False,
        "facts": 48_544,
        "epoch": 12,
        "places": PLACES,
        "lanes": [lane()],
        "disk": {"room": "ok", "free_bytes": 181_000_000_000, "size_bytes": 240_000_000_000, "days_left": 3200},
        "store": {
            "last_backup": backup,
            "backup_age_s": 36_000,
            "last_look": {"at": views.minutes_ago(640), "seconds": 4.1, "facts": 48_200, "damaged_rows": 0},
        },
        "identity": {
            "lineage": "a" * 32,
            "fenced": None,
            "conflicts": [],
            "numbers": {"sscc": {"left": 8120, "days_left": 61}},
        },
        "problems": [],
    }
    return {**usual, **more}


def trouble() -> Json:
    away = lane(
        state="unreachable",
        since=views.minutes_ago(95),
        reason="HQ did not answer within 30 s. Work goes on; everything is sent when HQ is back.",
        unsent=212,
        oldest_unsent_at=views.minutes_ago(95),
        parked=2,
        answered_at=views.minutes_ago(96),
        next_try_at=views.minutes_ago(-1),
    )
    return view(places=AWAY, lanes=[away], problems=[PROBLEM, BACKUP])


CHUNKS = [
    {"way": "note", "age_ms": 61_200, "hex": "", "text": "opened", "bytes": 6},
    {"way": "out", "age_ms": 910, "hex": "53 49 0d 0a", "text": "SI<CR><LF>", "bytes": 4},
    {
        "way": "in",
        "age_ms": 870,
        "hex": "53 20 53 20 20 20 20 20 34 2e 31 32 30 20 6b 67 0d 0a",
        "text": "S S     4.120 kg<CR><LF>",
        "bytes": 18,
    },
]
SETTINGS = {
    "file": "edge.toml",
    "changed": False,
    "sections": [
        {
            "section": "station",
            "settings": [
                {"key": "id", "value": "pack-station-1", "line": 5, "description": "Name of this station at HQ."},
                {"key": "listen", "value": "127.0.0.1:8765", "line": None, "description": "Address of the screens."},
            ],
        },
        {
            "section": "hq.main",
            "settings": [
                {"key": "url", "value": "https://hq.example.com/", "line": 19, "description": ""},
                {"key": "secret", "value": "•••", "line": 20, "description": "Name of the file with the key."},
            ],
        },
    ],
}
FOUND = [
    {
        "sort": "serial port",
        "name": "Mettler USB serial",
        "address": "/dev/serial/by-id/usb-Mettler_BC60-if00",
        "settings": {"port": "/dev/serial/by-id/usb-Mettler_BC60-if00"},
        "note": "",
    },
    {
        "sort": "scanner",
        "name": "Honeywell 1950g",
        "address": "0c2e:0b81",
        "settings": {"driver": "hid_pos_scanner", "usb": "0c2e:0b81"},
        "note": "",
    },
    {
        "sort": "network printer",
        "name": "ZD421",
        "address": "zd421.local",
        "settings": {"driver": "zpl_printer", "host": "192.0.2.10"},
        "note": "",
    },
]
START = {
    "file": "/etc/edge-agent/edge.toml",
    "host": "PACK-07.wh.example",
    "version": "1.0.0",
    "works": ["pick", "pack", "receive"],
    "languages": ["en", "de"],
    "drivers": {
        "hid_pos_scanner": "scanner",
        "serial_scanner": "scanner",
        "zpl_printer": "printer",
        "mt_sics_scale": "scale",
    },
}
SCALE = {"driver": "mt_sics_scale", "port": FOUND[0]["address"], "baudrate": 9600, "bytesize": 8, "parity": "none"}
WEIGHED = {"kind": "weight", "value": "1.250", "unit": "kg", "weight_mg": 1_250_000, "stability": "stable"}


class ItStandIn:
    """`acts` holds every POST that reached it, with its body; `view` is what IT's page shows."""

    def __init__(self) -> None:
        self.view: Json = view()
        self.acts: list[tuple[str, Json]] = []
        self.refusals: dict[str, tuple[int, Json]] = {}
        self.answered = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def start(self) -> None:
        """Listen on a free port; after `stop`, on the same port again."""
        app = web.Application(middlewares=[_headers, self._refuse])
        app.router.add_get("/{page:it|setup|start}", self._page)
        app.router.add_get("/health", self._health)
        base, setup = "/v1/station/it", "/v1/setup"
        app.router.add_get(base, self._view)
        app.router.add_get(f"{base}/settings", self._told(SETTINGS))
        app.router.add_get(f"{base}/devices/{{name}}/bytes", self._told({"chunks": CHUNKS}))
        app.router.add_get(f"{base}/devices/{{name}}/doctor", self._doctor)
        app.router.add_get(f"{setup}/start", self._told(START))
        app.router.add_get(f"{setup}/devices", self._told({"found": FOUND, "why": []}))
        app.router.add_post("/v1/{rest:.*}", self._act)
        app.router.add_static("/static", SCREENS)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Go away."""
        assert self._runner is not None
        await self._runner.cleanup()

    def url(self, page: str) -> str:
        """Address of a page."""
        return f"http://127.0.0.1:{self._port}/{page}"

    def sent(self, path: str) -> Json:
        """The body of the last POST to this path."""
        return next(body for each, body in reversed(self.acts) if each == path)

    @web.middleware
    async def _refuse(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        raw = request.path.endswith(("/bytes", "/settings", "/test-print", "/doctor"))
        if raw and request.headers.get("Authorization") != "Bearer the-pass":
            return _refused(403, "This call is for admin, it, operator. Ask one of them.")
        return await handler(request)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(SCREENS / f"{request.match_info['page']}.html")

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _view(self, _: web.Request) -> web.Response:
        return web.json_response(self.view)

    def _told(self, body: Json) -> Handler:
        async def tell(_: web.Request) -> web.StreamResponse:
            return web.json_response(body)

        return tell

    async def _doctor(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for line in ({"said": "The scale is asked for its weight."}, {"asked": "Put a known weight on it."}):
            await response.write(json.dumps(line).encode() + b"\n")
        await self.answered.wait()
        verdict = {"verdict": "wrong_weight", "sentence": WRONG_WEIGHT, "next_step": "Have it adjusted."}
        await response.write(json.dumps(verdict).encode() + b"\n")
        return response

    async def _act(self, request: web.Request) -> web.Response:
        path, body = f"/v1/{request.match_info['rest']}", await request.json()
        self.acts.append((path, body))
        if path in self.refusals:
            status, told = self.refusals[path]
            return web.json_response(told, status=status)
        if path.endswith("/doctor/answer"):
            self.answered.set()
        return self._answer_to(path, body)

    def _answer_to(self, path: str, body: Json) -> web.Response:
        if path.endswith("/enter"):
            good = body["code"] == CODE
            return web.json_response({"key": "the-pass"}) if good else _refused(403, first_run.WRONG_CODE)
        if path.endswith("/sign-in"):
            return web.json_response({"key": "the-pass", "name": "Ida", "roles": ["admin"]})
        if path == "/v1/setup/finish":
            first_run.Finish.model_validate(body)
            return web.json_response(
                {"station": body["tables"]["station"]["id"], "url": self.url("").rstrip("/")}, status=201
            )
        answers = {
            "/v1/setup/probe": {"matches": [SCALE], "heard": {}},
            "/v1/setup/trial": {"works": True, "told": [WEIGHED]},
            "/v1/setup/test-print": {"sentence": "The test was sent. Look at the printer: did it come out whole?"},
            "/v1/setup/redeem": {"tables": {"station": {"id": "pack-9", "warehouse_id": "WH-1"}}, "replaces": True},
        }
        return web.json_response(answers.get(path, {"proof": True, "sentence": "The test came out.", "done": "done"}))


@web.middleware
async def _headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
    return response


def _refused(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"code": "refused", "message": message, "details": None}}, status=status)
