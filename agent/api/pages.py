"""The screens: static files from package data, with headers that keep everything foreign out."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from aiohttp import web

from agent.api.access import StationKey
from web.problems import Refused
from web.routes import ANYONE, RouteTable

PAGES = ("pick", "pack", "bench")
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Pages:
    """Serves the screens and what they load. A page brings the cookie that lets it call the station."""

    def __init__(self, key: StationKey, *, with_bench: bool) -> None:
        self._key = key
        self._folder = Path(str(resources.files("agent").joinpath("screens")))
        self._pages = [page for page in PAGES if with_bench or page != "bench"]

    def routes(self) -> RouteTable:
        """A route for each page, one for the files."""
        routes = RouteTable()
        routes.get("/", ANYONE)(self.start)
        for page in self._pages:
            routes.get(f"/{page}", ANYONE)(self.page)
        routes.get("/static/{file}", ANYONE)(self.file)
        return routes

    async def start(self, _request: web.Request) -> web.StreamResponse:
        """Lead to the first screen."""
        raise web.HTTPFound("/pick")

    async def page(self, request: web.Request) -> web.StreamResponse:
        """One screen."""
        response = self._read(f"{request.path.strip('/')}.html")
        self._key.give_to(response)
        return response

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A script, style or picture of the screens."""
        return self._read(request.match_info["file"])

    def _read(self, name: str) -> web.Response:
        path = self._folder / name
        if path.parent != self._folder or path.suffix not in TYPES or not path.is_file():
            raise Refused(404, "no_file", f"There is no file {name[:60]!r} here.")
        return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS)
