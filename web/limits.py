"""How long a request may take, and how many a caller may have under way: nobody waits for ever or blocks others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from web.problems import Refused
from web.routes import ENDLESS, route_of

AT_ONCE = 128
"""Requests of one caller at once; a screen has one or two, a handheld that catches up a few dozen."""


def limits(caller_of: Callable[[web.Request], str], at_once: int = AT_ONCE) -> Middleware:
    """Refuse more than `at_once` requests of one caller with 429, and end one at its route's deadline with 503.

    `caller_of` says whose request it is. What lasts as long as somebody listens counts itself (see `ENDLESS`).
    """
    under_way: Counter[str] = Counter()

    @web.middleware
    async def limit(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = route_of(request)
        if route is None or route.gives in ENDLESS:
            return await handler(request)
        caller = caller_of(request)
        if under_way[caller] >= at_once:
            sentence = f"{at_once} requests of this caller are under way. Wait for their answers, then repeat this."
            raise Refused(429, "too_many", sentence, headers={"Retry-After": "1"})
        under_way[caller] += 1
        try:
            async with asyncio.timeout(route.deadline_s) as deadline:
                return await handler(request)
        except TimeoutError as late:
            if not deadline.expired():
                raise
            sentence = (
                f"{request.method} {request.path} had no answer within {route.deadline_s:g} s; it may yet be done. "
                "Repeat it unchanged, with the same id or Idempotency-Key."
            )
            raise Refused(503, "too_slow", sentence, headers={"Retry-After": "5"}) from late
        finally:
            under_way[caller] -= 1
            if not under_way[caller]:
                del under_way[caller]

    return limit
