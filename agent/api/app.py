"""The station's HTTP application: guards first, then routes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from aiohttp import web

from agent import __version__
from agent.api.access import CALLER, STATION_KEY, StationKey
from agent.api.idempotency import key_guard
from web import openapi
from web.guard import Doors, host_guard, refusals, role_guard
from web.limits import limits
from web.routes import ANYONE, Route, RouteTable, json_answer

MAX_BODY = 256 * 1024
TITLE = "Warehouse edge agent"


def build_app(key: StationKey, doors: Callable[[], Doors], tables: Iterable[RouteTable]) -> web.Application:
    """An application that answers only its own host names, its own pages and holders of its key."""
    guards = [refusals, host_guard(doors), role_guard(key.roles_of), key_guard, limits(_whose)]
    app = web.Application(middlewares=guards, client_max_size=MAX_BODY)
    app[STATION_KEY] = key
    served = [route for table in tables for route in table.routes]
    for route in [*served, *_described(served).routes]:
        route.add_to(app)
    app.on_response_prepare.append(_echo_tenant)
    return app


@cache
def doors_of(host: str, port: int) -> Doors:
    """The names of a loopback listener: the address itself and `localhost`."""
    names = frozenset({f"{host}:{port}", f"localhost:{port}", f"127.0.0.1:{port}"})
    return Doors(names, frozenset(f"http://{name}" for name in names))


def _described(served: list[Route]) -> RouteTable:
    """The route that tells of all routes. Its document is made when somebody asks for it."""
    routes = RouteTable()

    @routes.get("/v1/openapi.json", ANYONE, gives="application/json")
    async def described(_request: web.Request) -> web.Response:
        """This API as an OpenAPI 3.1 document; for anyone, since it tells nothing of this station."""
        return json_answer(openapi.document([*served, *routes.routes], TITLE, __version__))

    return routes


def _whose(request: web.Request) -> str:
    """Whose request it is: a person's, one of the station's own pages and programs, or a stranger's."""
    caller = request.get(CALLER)
    return "" if caller is None else caller.worker_id or ",".join(sorted(caller.roles))


async def _echo_tenant(request: web.Request, response: web.StreamResponse) -> None:
    """A client written for HQ names its tenant and looks for it in the answer."""
    tenant = request.headers.get("X-Tenant-ID")
    if tenant is not None and tenant.isprintable():
        response.headers["X-Tenant-ID"] = tenant
