"""Routes that name who may call them. A route without roles cannot be built."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar, Unpack

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json, to_json

from web.problems import Refused, invalid, shown

ANYONE = "anyone"
"""The role of a route that needs no key: health, and the pages a browser loads before it has one."""

MAX_NAME = 400
"""Characters of what a path may name: no id, code or file name of ours is longer."""
NAME_PATTERN = r"^[^\x00-\x1c\x1e\x1f\x7f\ud800-\udfff]{1,400}$"
"""What a path may name: no control characters but the one that GS1 puts between fields, and no half characters."""
DEADLINE_S = 30.0

SOCKET = "websocket"
LINES = "application/x-ndjson"
ENDLESS = frozenset({SOCKET, LINES})
"""Answers that last as long as somebody listens: no deadline ends them."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Register = Callable[[Handler], Handler]
Model = TypeVar("Model", bound=BaseModel)


class Shape(BaseModel):
    """Base of what an API tells: frozen, exact, and built only when somebody asks for the document."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Told(TypedDict, total=False):
    """What may be told of a route beside its handler; see `Route`."""

    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answers: type[BaseModel] | None
    filled: tuple[str, ...]
    takes: str
    gives: str
    status: int
    more: tuple[int, ...]
    deadline_s: float


@dataclass(frozen=True)
class Route:
    """One method and path, the roles that may call it, and one line on what it does."""

    method: str
    path: str
    roles: frozenset[str]
    handler: Handler
    summary: str
    body: type[BaseModel] | None = None
    """What its JSON body is; members that the path names are not in it."""
    query: type[BaseModel] | None = None
    answers: type[BaseModel] | None = None
    """What its JSON answer is."""
    filled: tuple[str, ...] = ()
    """Members of the body that the caller's key says: they are not in it either."""
    takes: str = ""
    """The type of a body that is no JSON."""
    gives: str = ""
    """The types of an answer that is no JSON; `SOCKET` where the call becomes a WebSocket."""
    status: int = 200
    more: tuple[int, ...] = ()
    """Statuses beyond those that any call of its kind can have, e.g. 304 with an ETag or 502 where HQ is asked.

    One below 300 comes with the same answer; one that any call can have comes with that or with a refusal.
    """
    deadline_s: float = DEADLINE_S
    """After so long the caller is told that nobody knows yet."""

    @property
    def named(self) -> tuple[str, ...]:
        """What its path names."""
        return tuple(re.findall(r"\{(\w+)", self.path))

    @property
    def template(self) -> str:
        """Its path as OpenAPI writes it."""
        return re.sub(r"\{(\w+):[^}]*\}", r"{\1}", self.path)

    def add_to(self, app: web.Application) -> None:
        """Add it to `app`, and itself to its handler, where the guards of the server find it."""
        app.router.add_route(self.method, self.path, _served(self))


class RouteTable:
    """Collects the routes of one server; `RouteTable.add_to(app)` hands them to aiohttp."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(self, method: str, path: str, *roles: str, **told: Unpack[Told]) -> Register:
        """Register a handler. Its docstring's first line is the summary; `told` are the other members of `Route`.

        Raises TypeError without roles.
        """
        if not roles:
            raise TypeError(f"{method} {path} names no role; use ANYONE where that is meant")

        def register(handler: Handler) -> Handler:
            summary = (handler.__doc__ or "").strip().split("\n")[0]
            self.routes.append(Route(method, path, frozenset(roles), handler, summary, **told))
            return handler

        return register

    def get(self, path: str, *roles: str, **told: Unpack[Told]) -> Register:
        """Register a GET handler."""
        return self.route("GET", path, *roles, **told)

    def post(self, path: str, *roles: str, **told: Unpack[Told]) -> Register:
        """Register a POST handler."""
        return self.route("POST", path, *roles, **told)

    def add_to(self, app: web.Application) -> None:
        """Add every route to `app`."""
        for route in self.routes:
            route.add_to(app)


def route_of(request: web.Request) -> Route | None:
    """The route this request matched; None for a path that does not exist."""
    return getattr(request.match_info.handler, "route", None)


def roles_of(request: web.Request) -> frozenset[str]:
    """The roles that may call the route this request matched; none for a path that does not exist."""
    route = route_of(request)
    return route.roles if route is not None else frozenset()


async def body_of(request: web.Request, model: type[Model], **named_by_path: str | None) -> Model:
    """The JSON body as `model`; what the path or the caller's key names is not in the body but filled in here.

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
    headers = {"ETag": f'"{etag}"'} if etag else None
    return web.Response(body=to_json(body), status=status, content_type="application/json", headers=headers)


def versioned(request: web.Request, body: BaseModel | dict[str, Any]) -> web.Response:
    """A JSON answer whose ETag is what it says; 304 without a body for a caller who has just that."""
    response = json_answer(body)
    etag = etag_of(response)
    response.headers["ETag"] = f'"{etag}"'
    if etag in _etags(request.headers.get("If-None-Match", "")):
        return web.Response(status=304, headers={"ETag": f'"{etag}"'})
    return response


def etag_of(response: web.Response) -> str:
    """The version of what a response says: equal for equal words."""
    told = response.body if isinstance(response.body, bytes) else b""
    return hashlib.sha256(told).hexdigest()[:32]


def require_match(request: web.Request, etag: str) -> None:
    """Refuse with 412 when the caller's If-Match names another version than `etag`."""
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted != "*" and etag not in _etags(wanted):
        raise Refused(
            412,
            "version_conflict",
            f"{request.path} is at version {etag}, your If-Match says {shown(wanted)}. Read it again and repeat.",
        )


def _etags(header: str) -> set[str]:
    """The versions a header names. A weak one is as good: what is said here is compared as a whole."""
    return {each.strip().removeprefix("W/").strip('"') for each in header.split(",")}


def _filled_in(request: web.Request, raw: bytes, named_by_path: Mapping[str, str | None]) -> bytes:
    """The body with the members that the path names; JSON again, since only there a strict model takes lists."""
    try:
        told = from_json(raw)
    except ValueError:  # the model says so too, and is asked next
        return raw
    if not isinstance(told, dict):
        return raw
    doubled = sorted(named_by_path.keys() & told.keys())
    if doubled:
        raise Refused(422, "invalid", f"{doubled[0]} is known without the body of {request.path}; leave it out.")
    return to_json({**told, **named_by_path})


def _parsed(request: web.Request, raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Refused(400, "bad_json", f"The body of {request.path} is not JSON: {fault}.") from fault


def _served(route: Route) -> Handler:
    if route.named:

        async def handle(request: web.Request) -> web.StreamResponse:
            _check_names(request)
            return await route.handler(request)

    else:

        async def handle(request: web.Request) -> web.StreamResponse:
            return await route.handler(request)

    handle.route = route  # type: ignore[attr-defined]
    return handle


def _check_names(request: web.Request) -> None:
    for name, value in request.match_info.items():
        if not _NAME.fullmatch(value):
            raise Refused(
                422,
                "invalid",
                f"{name} in the path must have 1 to {MAX_NAME} characters and no control characters (got "
                f"{shown(value)}).",
            )


_NAME = re.compile(NAME_PATTERN)
