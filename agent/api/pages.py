"""The screens: static files from package data, with headers that keep everything foreign out."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from aiohttp import web

from agent.api.access import StationKey
from web.problems import Refused
from web.routes import ANYONE, RouteTable

PAGES = {
    "start": "start.html",
    "pick": "work.html",
    "pack": "work.html",
    "receive": "work.html",
    "put-away": "work.html",
    "count": "work.html",
    "return": "work.html",
    "inspect": "work.html",
    "kit": "work.html",
    "load": "work.html",
    "enrol": "enrol.html",
    "it": "it.html",
    "bench": "bench.html",
    "supervise": "desk/supervise.html",
    "report": "desk/report.html",
}
"""Path of each page -> its file. The screens of all kinds of work are one page, which looks at its own address."""
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
        self._folder = folder_of_screens()
        self._pages = [page for page in PAGES if with_bench or page != "bench"]

    def routes(self) -> RouteTable:
        """A route for each page, one for the files."""
        routes = RouteTable()
        routes.get("/", ANYONE, status=302, gives="text/plain")(self.start)
        for page in self._pages:
            routes.get(f"/{page}", ANYONE, gives="text/html")(self.page)
        for path in ("/static/{file}", "/static/{folder}/{file}"):
            routes.get(path, ANYONE, gives=", ".join(TYPES.values()))(self.file)
        return routes

    async def start(self, _request: web.Request) -> web.StreamResponse:
        """Lead to the screens of this station."""
        raise web.HTTPFound("/start")

    async def page(self, request: web.Request) -> web.StreamResponse:
        """One screen."""
        response = file_of(self._folder, PAGES[request.path.strip("/")])
        self._key.give_to(request, response)
        return response

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A script, style or picture of the screens."""
        return file_of(self._folder, "/".join(request.match_info.values()))


def folder_of_screens() -> Path:
    """Where the pages and what they load lie."""
    return Path(str(resources.files("agent").joinpath("screens"))).resolve()


def file_of(folder: Path, name: str) -> web.Response:
    """A file of the screens. Raises Refused 404 for anything else."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or path.suffix not in TYPES or not path.is_file():
        raise Refused(404, "no_file", f"There is no file {name[:60]!r} here.")
    return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS)
