"""Misbehaving on demand, so that stations can be tested against the HQ they will meet."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hq.facades.facade import Facade
from hq.keys import OPERATOR, Caller, Keys
from web.problems import Refused, fault_sentences
from web.routes import RouteTable, body_of, json_answer

PATH = "/hq/faults"
DRIPS = 1000
"""Into how many pieces a longer answer is cut; a shorter one comes byte by byte."""
PORTAL = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>Sign in to the network</h1></body></html>"
Probability = Annotated[float, Field(ge=0, le=1)]


class BadFaults(Exception):  # noqa: N818 -- a refusal to start, told to the person who started it
    """The text of --faults cannot be read, and why."""


class Faults(BaseModel):
    """What goes wrong, for calls whose path begins with `prefix`; nothing by default.

    Before any work: `down` cuts every connection, `lost_request` some; `slow` lets calls wait `delay_ms`;
    `status_404`, `status_429`, `status_503`, `status_500` and `expired_token` refuse; `redirect` sends to
    `redirect_to`, and `html` answers 200 with a page. After it: `duplicate` does it twice and gives the second
    answer, `lost_reply` cuts the connection, `truncate` gives half of the answer, and `drip` gives it in small pieces
    over `delay_ms`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    down: bool = False
    slow: Probability = 1.0
    delay_ms: int = Field(default=0, ge=0, le=600_000)
    lost_reply: Probability = 0.0
    lost_request: Probability = 0.0
    status_404: Probability = 0.0
    status_429: Probability = 0.0
    status_500: Probability = 0.0
    status_503: Probability = 0.0
    retry_after_s: int = Field(default=1, ge=0, le=3600)
    expired_token: Probability = 0.0
    html: Probability = 0.0
    redirect: Probability = 0.0
    redirect_to: str = Field(default="http://portal.invalid/login", pattern=r"^https?://\S+$", max_length=500)
    duplicate: Probability = 0.0
    truncate: Probability = 0.0
    drip: Probability = 0.0
    prefix: str = Field(default="/", pattern=r"^/", max_length=200)
    only_role: Literal["station", "office"] | None = None
    seed: int = 0


class Mischief:
    """The faults in force, their random numbers, and how often each was done."""

    def __init__(
        self, faults: Faults, keys: Keys, sleep: Callable[[float], Awaitable[None]], facade: Facade | None = None
    ) -> None:
        self._keys, self._facade, self._sleep = keys, facade, sleep
        self.put(faults)

    def put(self, faults: Faults) -> None:
        """Put other faults in force; numbers begin anew from their seed, counts from zero."""
        self.faults = faults
        self.done: Counter[str] = Counter()
        self._random = random.Random(faults.seed)  # noqa: S311 -- must repeat from its seed, guards nothing
        self._turned_away: set[str] = set()

    def told(self) -> dict[str, Any]:
        """The faults in force and how often each was done."""
        return {**self.faults.model_dump(), "done": dict(self.done)}

    def middleware(self) -> Middleware:
        """The middleware that does it; stands outside the role guard, so that a dead HQ is dead for all."""

        @web.middleware
        async def misbehave(request: web.Request, handler: Handler) -> web.StreamResponse:
            faults = self.faults
            if not await self._concerns(request):
                return await handler(request)
            if faults.down:
                return self._cut(request, "down")
            drips = self._strikes("drip", faults.drip)
            if faults.delay_ms and not drips and self._strikes("slow", faults.slow):
                await self._sleep(faults.delay_ms / 1000)
            instead = await self._instead(request)
            if instead is not None:
                return instead
            lost = self._strikes("lost_reply", faults.lost_reply, count=False)
            response = await self._work(request, handler)
            if lost:
                return self._cut(request, "lost_reply")
            if self._strikes("truncate", faults.truncate):
                return await self._half_of(request, response)
            return await self._dripped(request, response) if drips else response

        return misbehave

    async def _instead(self, request: web.Request) -> web.Response | None:
        """What comes instead of any work. Raises Refused."""
        faults = self.faults
        again = {"Retry-After": str(faults.retry_after_s)}
        if self._strikes("status_429", faults.status_429):
            raise Refused(429, "too_many_requests", "HQ is asked too often (a fault on demand).", headers=again)
        if self._strikes("status_404", faults.status_404):
            raise Refused(404, "not_found", "This is not available right now (a fault on demand).")
        if self._strikes("status_500", faults.status_500):
            raise Refused(500, "internal_error", "HQ failed before doing anything (a fault on demand).")
        if self._strikes("status_503", faults.status_503):
            raise Refused(503, "unavailable", "HQ is being maintained (a fault on demand).", headers=again)
        if self._strikes("lost_request", faults.lost_request, count=False):
            return self._cut(request, "lost_request")
        if self._strikes("redirect", faults.redirect):
            return web.Response(status=307, headers={"Location": faults.redirect_to})
        if self._strikes("html", faults.html):
            return web.Response(text=PORTAL, content_type="text/html")
        await self._turn_away(request)
        return None

    async def _turn_away(self, request: web.Request) -> None:
        """Refuse a good key, but never twice running: who asks again with a fresh token gets in."""
        key = request.headers.get("Authorization", "")
        if key in self._turned_away:
            self._turned_away.discard(key)
        elif await self._caller(request) and self._strikes("expired_token", self.faults.expired_token):
            self._turned_away.add(key)
            raise Refused(401, "token_expired", "This token has expired (a fault on demand).")

    async def _work(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The answer; a refusal is one too. A body that is read as it comes cannot be worked twice."""
        repeatable = not request.can_read_body or request.content_type == "application/json"
        if repeatable and self._strikes("duplicate", self.faults.duplicate):
            await _answered(request, handler)
        return await _answered(request, handler)

    async def _half_of(self, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
        """Half of the bytes. Every second time the length fits them, as when a proxy cut the answer off."""
        body = _bytes_of(response)
        half = body[: len(body) // 2]
        told = len(half) if self.done["truncate"] % 2 == 0 else len(body)
        return await self._in_pieces(request, response, [half], told)

    async def _dripped(self, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
        body = _bytes_of(response)
        size = max(1, -(-len(body) // DRIPS))
        pieces = [body[start : start + size] for start in range(0, len(body), size)]
        return await self._in_pieces(request, response, pieces, len(body))

    async def _in_pieces(
        self, request: web.Request, response: web.StreamResponse, pieces: list[bytes], told: int
    ) -> web.StreamResponse:
        headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
        cut = web.StreamResponse(status=response.status, headers=headers)
        cut.content_length = told
        if sum(map(len, pieces)) != told:
            cut.force_close()
        await cut.prepare(request)
        for piece in pieces:
            await cut.write(piece)
            if len(pieces) > 1:
                await self._sleep(self.faults.delay_ms / 1000 / len(pieces))
        return cut

    async def _caller(self, request: web.Request) -> Caller | None:
        """Who calls, by the means of the API that is called."""
        if self._facade is not None and self._facade.covers(request):
            return await self._facade.caller(request)
        return self._keys.caller(request)

    async def _concerns(self, request: web.Request) -> bool:
        if request.path == PATH or not request.path.startswith(self.faults.prefix):
            return False
        if self.faults.only_role is None:
            return True
        caller = await self._caller(request)
        return caller is not None and caller.role == self.faults.only_role

    def _strikes(self, name: str, probability: float, *, count: bool = True) -> bool:
        struck = probability > 0 and self._random.random() < probability
        if struck and count:
            self.done[name] += 1
        return struck

    def _cut(self, request: web.Request, name: str) -> web.Response:
        self.done[name] += 1
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        return refused.response()


def _bytes_of(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else None
    return bytes(body) if isinstance(body, bytes | bytearray) else b""


MISCHIEF: web.AppKey[Mischief] = web.AppKey("mischief", Mischief)
routes = RouteTable()


@routes.get(PATH, OPERATOR)
async def get(request: web.Request) -> web.StreamResponse:
    """The faults in force and how often each was done."""
    return json_answer(request.app[MISCHIEF].told())


@routes.route("PUT", PATH, OPERATOR)
async def put(request: web.Request) -> web.StreamResponse:
    """Put other faults in force; what the body leaves out is off."""
    faults = await body_of(request, Faults)
    request.app[MISCHIEF].put(faults)
    return json_answer(request.app[MISCHIEF].told())


def from_option(text: str) -> Faults:
    """`lost_reply=0.05,seed=7` as Faults. Raises BadFaults naming the first fault."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    try:
        return Faults.model_validate({name.strip(): value.strip() for name, _, value in pairs})
    except ValidationError as error:
        first = fault_sentences(error)[0]
        raise BadFaults(f"--faults: {first['field']}: {first['message']} (got {first['got']}).") from error
