"""Who may talk to a server of ours at all: exact Host and Origin lists, roles, and refusals in one shape."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from web.problems import Refused
from web.routes import ANYONE, roles_of

log = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD"})
RolesOfCaller = Callable[[web.Request], Awaitable[frozenset[str]]]


@dataclass(frozen=True)
class Doors:
    """The names a server answers to, e.g. `{"127.0.0.1:8080"}`, and the origins whose pages may call it."""

    hosts: frozenset[str]
    origins: frozenset[str]


def host_guard(doors: Callable[[], Doors]) -> Middleware:
    """Refuse foreign Host names (DNS rebinding) and writes or sockets asked for by a page of another origin.

    `doors` is asked per request, because a server on port 0 learns its names only when it listens.
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        allowed = doors()
        if request.headers.get("Host", "").lower() not in allowed.hosts:
            raise Refused(421, "wrong_host", "This server does not answer to that host name.")
        origin = request.headers.get("Origin")
        if origin is not None and origin.lower() not in allowed.origins:
            raise Refused(403, "wrong_origin", "A page of another origin may not call this server.")
        opens_socket = request.headers.get("Upgrade", "").lower() == "websocket"
        foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
        if foreign and (opens_socket or request.method not in SAFE_METHODS):
            raise Refused(403, "wrong_origin", "A page of another site may not call this server.")
        return await handler(request)

    return guard


def role_guard(roles_of_caller: RolesOfCaller) -> Middleware:
    """Refuse a caller that holds none of the roles the route names; a path without roles does not exist."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        allowed = roles_of(request)
        if allowed and ANYONE not in allowed:
            held = await roles_of_caller(request)
            if not held:
                raise Refused(401, "no_key", "This call needs a key or a signed-in worker.")
            if not held & allowed:
                raise Refused(403, "wrong_role", f"This call is for {', '.join(sorted(allowed))}.")
        return await handler(request)

    return guard


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every refusal, ours or aiohttp's, into the one body shape."""
    try:
        return await handler(request)
    except Refused as refused:
        return refused.response()
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 -- redirects are answers
            raise
        code = (error.reason or "refused").lower().replace(" ", "_")
        return Refused(error.status, code, f"{request.method} {request.path}: {error.reason}.").response()
