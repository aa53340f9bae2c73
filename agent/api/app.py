"""The station's HTTP application: guards first, then routes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from aiohttp import web

from agent.api.access import StationKey
from web.guard import Doors, host_guard, refusals, role_guard
from web.routes import RouteTable

MAX_BODY = 256 * 1024


def build_app(key: StationKey, doors: Callable[[], Doors], tables: Iterable[RouteTable]) -> web.Application:
    """An application that answers only its own host names, its own pages and holders of its key."""
    app = web.Application(
        middlewares=[refusals, host_guard(doors), role_guard(key.roles_of)], client_max_size=MAX_BODY
    )
    for table in tables:
        table.add_to(app)
    return app


def doors_of(host: str, port: int) -> Doors:
    """The names of a loopback listener: the address itself and `localhost`."""
    names = frozenset({f"{host}:{port}", f"localhost:{port}", f"127.0.0.1:{port}"})
    return Doors(names, frozenset(f"http://{name}" for name in names))
