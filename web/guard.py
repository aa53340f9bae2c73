"""Who may talk to a server of ours at all: exact Host and Origin lists, roles, and refusals in one shape."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from web.problems import Refused, shown
from web.routes import ANYONE, roles_of

log = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD"})
OWN_SITE = frozenset({"same-origin", "none"})
RolesOfCaller = Callable[[web.Request], Awaitable[frozenset[str]]]


@dataclass(frozen=True)
class Doors:
    """The names a server answers to, e.g. `{"127.0.0.1:8080"}`, and the origins whose pages may call it."""

    hosts: frozenset[str]
    origins: frozenset[str]


def host_guard(doors: Callable[[], Doors]) -> Middleware:
    """Refuse foreign Host names (DNS rebinding) and whatever a page of another origin asks for, pictures included.

    A page of another port of this machine counts as the same site for a browser: it gets our cookie sent. Only a link
    may lead from such a page to one of ours.

    `doors` is asked per request, because a server on port 0 learns its names only when it listens.
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        allowed = doors()
        if request.headers.get("Host", "").lower() not in allowed.hosts:
            raise Refused(
                421, "wrong_host", "This server does not answer to that host name. Use the address it gives itself."
            )
        origin = request.headers.get("Origin")
        if origin is not None and origin.lower() not in allowed.origins:
            raise Refused(
                403, "wrong_origin", "A page of another origin may not call this server. Open its own pages."
            )
        if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITE and not _follows_a_link(request):
            raise Refused(403, "wrong_origin", "A page of another site may not call this server. Open its own pages.")
        return await handler(request)

    return guard


def _follows_a_link(request: web.Request) -> bool:
    """Whether the answer becomes a page of its own, which the page that led here cannot look into."""
    told = (request.headers.get("Sec-Fetch-Mode"), request.headers.get("Sec-Fetch-Dest"))
    return told == ("navigate", "document") and request.method in SAFE_METHODS


def role_guard(roles_of_caller: RolesOfCaller) -> Middleware:
    """Refuse a caller that holds none of the roles the route names; a path without roles does not exist."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        allowed = roles_of(request)
        if allowed and ANYONE not in allowed:
            held = await roles_of_caller(request)
            if not held:
                raise Refused(
                    401, "no_key", "This call needs a key or a signed-in worker. Sign in, or send your key."
                )
            if not held & allowed:
                raise Refused(403, "wrong_role", f"This call is for {', '.join(sorted(allowed))}. Ask one of them.")
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
        sentence = f"{request.method} {shown(request.path)}: {error.reason}. {_next_step(error)}"
        return Refused(error.status, code, sentence.strip(), headers=_allowed(error)).response()


def _next_step(error: web.HTTPException) -> str:
    """What to do about a refusal of aiohttp's own."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        return f"It takes {', '.join(sorted(error.allowed_methods))}."
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return "Send it in smaller parts."
    return {404: "There is no such call; look at how it is written.", 400: "Look at what was sent."}.get(
        error.status, ""
    )


def _allowed(error: web.HTTPException) -> dict[str, str]:
    return {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
