"""Misbehaving on demand, so that stations can be tested against the HQ they will meet."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated, Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hq.keys import OPERATOR, Keys
from web.problems import Refused, fault_sentences
from web.routes import RouteTable, body_of, json_answer

PATH = "/hq/faults"
Probability = Annotated[float, Field(ge=0, le=1)]


class BadFaults(Exception):  # noqa: N818 -- a refusal to start, told to the person who started it
    """The text of --faults cannot be read, and why."""


class Faults(BaseModel):
    """What goes wrong, for calls whose path begins with `prefix`; nothing by default.

    `down` cuts every connection without an answer, `slow` lets calls wait `delay_ms`, `lost_reply` does the work and
    then cuts the connection, `status_429` and `status_500` refuse before any work is done.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    down: bool = False
    slow: Probability = 1.0
    delay_ms: int = Field(default=0, ge=0, le=600_000)
    lost_reply: Probability = 0.0
    status_429: Probability = 0.0
    status_500: Probability = 0.0
    retry_after_s: int = Field(default=1, ge=0, le=3600)
    prefix: str = Field(default="/", pattern=r"^/", max_length=200)
    only_role: Literal["station", "office"] | None = None
    seed: int = 0


class Mischief:
    """The faults in force, their random numbers, and how often each was done."""

    def __init__(self, faults: Faults, keys: Keys, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._keys, self._sleep = keys, sleep
        self.put(faults)

    def put(self, faults: Faults) -> None:
        """Put other faults in force; numbers begin anew from their seed, counts from zero."""
        self.faults = faults
        self.done: Counter[str] = Counter()
        self._random = random.Random(faults.seed)  # noqa: S311 -- must repeat from its seed, guards nothing

    def told(self) -> dict[str, Any]:
        """The faults in force and how often each was done."""
        return {**self.faults.model_dump(), "done": dict(self.done)}

    def middleware(self) -> Middleware:
        """The middleware that does it; stands outside the role guard, so that a dead HQ is dead for all."""

        @web.middleware
        async def misbehave(request: web.Request, handler: Handler) -> web.StreamResponse:
            faults = self.faults
            if not self._concerns(request):
                return await handler(request)
            if faults.down:
                return self._cut(request, "down")
            if faults.delay_ms and self._strikes("slow", faults.slow):
                await self._sleep(faults.delay_ms / 1000)
            if self._strikes("status_429", faults.status_429):
                again = {"Retry-After": str(faults.retry_after_s)}
                raise Refused(429, "too_many_requests", "HQ is asked too often (a fault on demand).", headers=again)
            if self._strikes("status_500", faults.status_500):
                raise Refused(500, "internal_error", "HQ failed before doing anything (a fault on demand).")
            lost = self._strikes("lost_reply", faults.lost_reply, count=False)
            if not lost:
                return await handler(request)
            with suppress(Refused):  # a refusal is an answer too, and is lost like any other
                await handler(request)
            return self._cut(request, "lost_reply")

        return misbehave

    def _concerns(self, request: web.Request) -> bool:
        if request.path == PATH or not request.path.startswith(self.faults.prefix):
            return False
        if self.faults.only_role is None:
            return True
        caller = self._keys.caller(request)
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
