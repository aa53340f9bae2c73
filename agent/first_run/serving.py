"""Serves the page of the first run on this machine alone, until edge.toml is written."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from agent.api.access import IT
from agent.api.app import MAX_BODY, doors_of
from agent.api.pages import file_of, folder_of_screens
from agent.first_run.routes import SetupRoutes
from agent.passes import CODE_S, Passes
from agent.sd_notify import notify
from web.guard import Doors, host_guard, refusals, role_guard
from web.limits import limits
from web.routes import ANYONE, RouteTable

log = logging.getLogger(__name__)

HOST, PORT = "127.0.0.1", 8765
PAGE = "setup.html"


async def serve_until_written(
    config: Path, port: int, tell: Callable[[str], None], on_ready: Callable[[str], None]
) -> bool:
    """Whether edge.toml was written; False when somebody stopped it before. `tell` reaches the terminal."""
    passes, names = Passes(time.monotonic), Doors(frozenset(), frozenset())
    url = ""

    def tell_code() -> None:
        minutes = f"{CODE_S / 60:g} minutes"
        tell(f"Set up this station at {url}/setup with the code {passes.offer()}, good for {minutes}.")

    setup = SetupRoutes(config, passes, tell_code)
    runner = web.AppRunner(_app(setup, passes, lambda: names), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port, reuse_address=True).start()
        bound: int = runner.addresses[0][1]
        names, url = doors_of(HOST, bound), f"http://{HOST}:{bound}"
        setup.listen = f"{HOST}:{bound}" if bound != PORT else ""
        tell_code()
        on_ready(url)
        notify("READY=1")
        return await _written_or_stopped(setup.written, passes, tell_code)
    finally:
        await runner.cleanup()


async def _written_or_stopped(written: asyncio.Event, passes: Passes, tell_code: Callable[[], None]) -> bool:
    """Tells a new code when the last one is over and nobody came."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.ensure_future(stop.wait())
    writing = asyncio.ensure_future(written.wait())
    try:
        while not (written.is_set() or stop.is_set()):
            await asyncio.wait([stopping, writing], timeout=CODE_S, return_when=asyncio.FIRST_COMPLETED)
            if not (written.is_set() or stop.is_set() or passes.waits or passes.in_use):
                tell_code()
    finally:
        stopping.cancel()
        writing.cancel()
    return written.is_set()


def _app(setup: SetupRoutes, passes: Passes, doors: Callable[[], Doors]) -> web.Application:
    async def roles_of(request: web.Request) -> frozenset[str]:
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        return frozenset({IT}) if scheme.lower() == "bearer" and passes.holds(shown) else frozenset()

    guards = [refusals, host_guard(doors), role_guard(roles_of), limits(lambda _request: "setup")]
    app = web.Application(middlewares=guards, client_max_size=MAX_BODY)
    for table in (_pages(), setup.routes()):
        table.add_to(app)
    return app


def _pages() -> RouteTable:
    routes, folder = RouteTable(), folder_of_screens()

    async def page(_request: web.Request) -> web.StreamResponse:
        """The page of the first run."""
        return file_of(folder, PAGE)

    async def file(request: web.Request) -> web.StreamResponse:
        """What it loads."""
        return file_of(folder, "/".join(request.match_info.values()))

    async def lead(_request: web.Request) -> web.StreamResponse:
        """Whoever looks for a screen is led to the page."""
        raise web.HTTPFound("/setup")

    routes.get("/setup", ANYONE)(page)
    for path in ("/", "/start", "/it"):
        routes.get(path, ANYONE)(lead)
    for path in ("/static/{file}", "/static/{folder}/{file}"):
        routes.get(path, ANYONE)(file)
    return routes
