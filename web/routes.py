"""Routes that name who may call them. A route without roles cannot be built."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from web.problems import Refused, invalid, shown

ANYONE = "anyone"
"""The role of a route that needs no key: health, and the pages a browser loads before it has one."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Route:
    """One method and path, the roles that may call it, and one line on what it does."""

    method: str
    path: str
    roles: frozenset[str]
    handler: Handler
    summary: str


class RouteTable:
    """Collects the routes of one server; `RouteTable.add_to(app)` hands them to aiohttp."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(self, method: str, path: str, *roles: str) -> Callable[[Handler], Handler]:
        """Register a handler. Its docstring's first line is the summary. Raises TypeError without roles."""
        if not roles:
            raise TypeError(f"{method} {path} names no role; use ANYONE where that is meant")

        def register(handler: Handler) -> Handler:
            summary = (handler.__doc__ or "").strip().split("\n")[0]
            self.routes.append(Route(method, path, frozenset(roles), handler, summary))
            return handler

        return register

    def get(self, path: str, *roles: str) -> Callable[[Handler], Handler]:
        """Register a GET handler."""
        return self.route("GET", path, *roles)

    def post(self, path: str, *roles: str) -> Callable[[Handler], Handler]:
        """Register a POST handler."""
        return self.route("POST", path, *roles)

    def add_to(self, app: web.Application) -> None:
        """Add every route to `app`, its roles on the handler, where the guard of the server reads them."""
        for route in self.routes:
            app.router.add_route(route.method, route.path, _with_roles(route))


def roles_of(request: web.Request) -> frozenset[str]:
    """The roles that may call the route this request matched; none for a path that does not exist."""
    return getattr(request.match_info.handler, "roles", frozenset())


async def body_of(request: web.Request, model: type[Model], **named_by_path: str) -> Model:
    """The JSON body as `model`; what the path names is not in the body but filled in here.

    Raises Refused: 415 for another type, 400 for bad JSON, 422 for bad members.
    """
    if request.content_type != "application/json":
        raise Refused(415, "not_json", f"Send application/json to {request.path} (got {request.content_type}).")
    raw = await request.read()
    try:
        return model.model_validate_json(_filled_in(request, raw, named_by_path) if named_by_path else raw)
    except ValidationError as error:
        if any(fault["type"] == "json_invalid" for fault in error.errors(include_url=False)):
            _parsed(request, raw)  # says in words where it stops being JSON
        raise invalid(error, f"{request.method} {request.path}") from error


def query_of(request: web.Request, model: type[Model]) -> Model:
    """The query string as `model`. Raises Refused 422."""
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        raise invalid(error, f"{request.method} {request.path}") from error


def json_answer(body: BaseModel | dict[str, Any] | list[Any], status: int = 200, etag: str = "") -> web.Response:
    """A JSON response, with an ETag where the resource has a version."""
    text = body.model_dump_json() if isinstance(body, BaseModel) else json.dumps(body, ensure_ascii=False)
    headers = {"ETag": f'"{etag}"'} if etag else {}
    return web.Response(text=text, status=status, content_type="application/json", headers=headers)


def require_match(request: web.Request, etag: str) -> None:
    """Refuse with 412 when the caller's If-Match names another version than `etag`."""
    wanted = request.headers.get("If-Match")
    if wanted not in {None, "*", f'"{etag}"'}:
        raise Refused(
            412,
            "version_conflict",
            f"{request.path} is at version {etag}, your If-Match says {shown(wanted)}. Read it again and repeat.",
        )


def _filled_in(request: web.Request, raw: bytes, named_by_path: Mapping[str, str]) -> bytes:
    """The body with the members that the path names; JSON again, since only there a strict model takes lists."""
    told = _parsed(request, raw)
    if not isinstance(told, dict):
        return raw
    doubled = sorted(named_by_path.keys() & told.keys())
    if doubled:
        raise Refused(422, "invalid", f"{request.path} names {doubled[0]} already; leave it out of the body.")
    return json.dumps({**told, **named_by_path}).encode()


def _parsed(request: web.Request, raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Refused(400, "bad_json", f"The body of {request.path} is not JSON: {fault}.") from fault


def _with_roles(route: Route) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await route.handler(request)

    handle.roles = route.roles  # type: ignore[attr-defined]
    return handle
