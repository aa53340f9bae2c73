"""A small HQ of seed 001 on a real port that misbehaves as told. It keeps what it was told, once for each key."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.patience import PATIENCE_S

BASE = "/v1/fulfillment"
SECRET = "a-secret-of-this-station"


@dataclass(frozen=True)
class Told:
    """One call that had an effect."""

    path: str
    key: str
    body: Any
    headers: dict[str, str]
    entity: str

    @property
    def facts(self) -> list[str]:
        """What it tells, in order: ids of scans and adjustments, else the name of the act."""
        if isinstance(self.body, list):
            return [scan["scan_id"] for scan in self.body]
        if "adjustments" in self.body:
            return [each["adjustment_id"] for each in self.body["adjustments"]]
        return [self.path.rsplit("/", 1)[-1]]


@dataclass
class FakeHq:
    """What it gives, how it misbehaves next, and what it was told."""

    products: list[Any] = field(default_factory=list)
    picklists: dict[str, Any] = field(default_factory=dict)
    fulfillments: dict[str, Any] = field(default_factory=dict)
    plan: deque[str] = field(default_factory=deque)
    """A word for each of the next POSTs: ok, lose, close, hang, html, wrong_id, half, redirect, huge or a status."""
    away: bool = False
    secret: str = SECRET
    without_products: bool = False
    get_status: int = 0
    """Refuse every read with this status."""
    pages: dict[str, Any] = field(default_factory=dict)
    """What to answer for a list instead of a page."""
    retry_after: str | None = None
    refused: dict[str, str] = field(default_factory=dict)
    """Sentence by entity (422) or scan id (refused inside a 200)."""
    told: list[Told] = field(default_factory=list)
    attempts: list[tuple[str, str, str]] = field(default_factory=list)
    """(path, key, body) of every POST that arrived."""
    asked: list[str] = field(default_factory=list)
    """The path of every read."""
    probes: int = 0
    pulls: int = 0
    """How often the last list of a pull was asked for."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, POSTs arrive and are not answered."""
    in_flight: dict[str, int] = field(default_factory=dict)
    most_in_flight: int = 0
    crowded: bool = False
    """There were two requests at once for one entity."""
    url: str = ""
    _packed_for: dict[str, str] = field(default_factory=dict)
    _answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def facts(self) -> dict[str, list[str]]:
        """Everything told, by entity, in the order it came."""
        found: dict[str, list[str]] = {}
        for each in self.told:
            found.setdefault(each.entity, []).extend(each.facts)
        return found

    async def until(self, reached: Callable[[], bool], deadline_s: float = PATIENCE_S) -> None:
        """Wait for a fact about what arrived."""
        async with asyncio.timeout(deadline_s):
            while not reached():
                self._changed.clear()
                await self._changed.wait()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(BASE)
        self._changed.set()
        if self.away:
            self.probes += path == "/health"
            return _cut(request)
        if path == "/health":
            self.probes += 1
            return web.json_response({"status": "ok"})
        if request.headers.get("Authorization") != f"Bearer {self.secret}":
            return web.json_response({"error": {"code": "no_key", "message": "This call needs a key."}}, status=401)
        if request.method == "GET":
            return self._get(path, request)
        return await self._post(path, request)

    async def _post(self, path: str, request: web.Request) -> web.StreamResponse:
        key, text = request.headers["Idempotency-Key"], await request.text()
        self.attempts.append((path, key, text))
        body = json.loads(text)
        told = Told(path, key, body, dict(request.headers), self._entity(path, body))
        self.in_flight[told.entity] = self.in_flight.get(told.entity, 0) + 1
        self.crowded |= self.in_flight[told.entity] > 1
        self.most_in_flight = max(self.most_in_flight, sum(self.in_flight.values()))
        try:
            return await self._answer(request, told)
        finally:
            self.in_flight[told.entity] -= 1
            self._changed.set()

    async def _answer(self, request: web.Request, told: Told) -> web.StreamResponse:
        await self.gate.wait()
        how = self.plan.popleft() if self.plan else "ok"
        if how == "close":
            return _cut(request)
        if how == "hang":
            await asyncio.sleep(60)
        if how == "html":
            return web.Response(text="<html>Log in</html>", content_type="text/html")
        if how == "redirect":
            raise web.HTTPFound("http://127.0.0.1:9/elsewhere")
        if how == "huge":
            return web.json_response({"padding": "x" * (9 * 1024 * 1024)})
        if how.isdigit():
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            error = {"error": {"code": "fault", "message": f"A fault {how}."}}
            return web.json_response(error, status=int(how), headers=headers)
        status, body = self._effect(told)
        if how == "lose":
            return _cut(request)
        if how == "wrong_id":
            return web.json_response({"picklist_id": "another", "results": [], "package_id": "x"}, status=status)
        if how == "half":
            return web.Response(text=json.dumps(body)[:-3], content_type="application/json", status=status)
        return web.json_response(body, status=status)

    def _effect(self, told: Told) -> tuple[int, Any]:
        """The first answer under a key again, else the effect of the call."""
        if told.key not in self._answers:
            if told.entity in self.refused:
                return 422, {"error": {"code": "refused", "message": self.refused[told.entity]}}
            self._answers[told.key] = self._apply(told)
        return self._answers[told.key]

    def _apply(self, told: Told) -> tuple[int, Any]:
        body, name = told.body, told.path.rsplit("/", 1)[-1]
        if name == "scan":
            results = [self._result("scan_id", each) for each in body]
            taken = [each for each, result in zip(body, results, strict=True) if result["outcome"] == "accepted"]
            self.told.append(Told(told.path, told.key, taken, told.headers, told.entity))
            return 200, {"results": results}
        self.told.append(told)
        if name == "adjust":
            return 200, {"results": [self._result("adjustment_id", each) for each in body["adjustments"]]}
        if name == "open-session":
            return 201, {"session_id": "s-1", **body}
        if name == "pack":
            ours = body["packages"][0]["package_id"]
            return 200, {"packages": [{"package_id": f"hq-{ours}", "client_package_id": ours}], "ready_to_ship": True}
        if name == "seal":
            return 200, {"package_id": body["package_id"], "sealed": True}
        if name == "shipments":
            return 201, {"shipment_id": f"sh-{body['fulfillment_id']}", "fulfillment_id": body["fulfillment_id"]}
        return 200, {"picklist_id": told.path.split("/")[2]}

    def _entity(self, path: str, body: Any) -> str:
        parts = path.split("/")
        if parts[1] == "picklists":
            return f"picklist:{parts[2]}"
        if parts[-1] == "pack":
            self._packed_for[f"hq-{body['packages'][0]['package_id']}"] = body["fulfillment_ids"][0]
            return f"fulfillment:{body['fulfillment_ids'][0]}"
        return f"fulfillment:{body.get('fulfillment_id') or self._packed_for[body['package_id']]}"

    def _result(self, id_name: str, element: Any) -> dict[str, Any]:
        ident = element[id_name]
        if ident in self.refused:
            return {id_name: ident, "outcome": "refused", "code": "no", "message": self.refused[ident]}
        return {id_name: ident, "outcome": "accepted"}

    def _get(self, path: str, request: web.Request) -> web.StreamResponse:
        self.asked.append(path)
        kind, ident = [*path.strip("/").split("/"), ""][:2]
        if self.get_status:
            error = {"error": {"code": "fault", "message": f"A fault {self.get_status}."}}
            return web.json_response(error, status=self.get_status)
        if kind in self.pages and not ident:
            return web.json_response(self.pages[kind])
        if path == "/edge/products" and not self.without_products:
            start = int(request.query.get("since", 0))
            return web.json_response(
                {"items": self.products[start:], "next_cursor": None, "watermark": str(len(self.products))}
            )
        if kind == "edge":
            return web.json_response({"error": {"code": "not_found", "message": "No such path."}}, status=404)
        if kind == "tasks":
            return self._page(
                request,
                [
                    {"picklist_id": each["id"], "picklist_device_id": each.get("device_id")}
                    for each in self.picklists.values()
                    for _ in each["tasks"]
                ],
            )
        if kind == "fulfillments" and not ident:
            self.pulls += "cursor" not in request.query
            return self._page(request, [each for each in self.fulfillments.values() if each["status"] == "picked"])
        if kind in {"packaging-profiles", "returns"}:
            return self._page(request, [])
        found = {"picklists": self.picklists, "fulfillments": self.fulfillments}[kind].get(ident)
        if found is None:
            return web.json_response({"error": {"code": "not_found", "message": f"No {ident}."}}, status=404)
        return web.json_response(found)

    def _page(self, request: web.Request, items: list[Any]) -> web.StreamResponse:
        start = int(request.query.get("cursor", 0))
        end = start + 2
        more = str(end) if end < len(items) else None
        return web.json_response({"items": items[start:end], "next_cursor": more})


@asynccontextmanager
async def fake_hq() -> AsyncIterator[FakeHq]:
    """A fake HQ on a free port."""
    hq = FakeHq()
    hq.gate.set()
    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", hq.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        hq.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield hq
    finally:
        await runner.cleanup()
    assert not hq.crowded, "an entity had two requests in flight at once"


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
