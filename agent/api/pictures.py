"""`/v1/station/pictures/{sku}`: pictures of products, from a folder that the site fills."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from agent.api.access import SCREEN
from web.problems import Refused
from web.routes import RouteTable

TYPES = {
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".webp": ("image/webp", b"RIFF"),
}
"""What a picture may be, and how such a file begins."""
MAX_BYTES = 1 << 20
"""A screen shows it the size of a hand: more only costs time on the air."""
NOT_IN_NAMES = frozenset("/\\\0")
HEADERS = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}


class Pictures:
    """The pictures in a folder; a site without one has none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def has(self, sku: str) -> bool:
        """Whether there is a picture of this product."""
        return self._path(sku) is not None

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes = RouteTable()
        gives = ", ".join(kind for kind, _ in TYPES.values())
        routes.get("/v1/station/pictures/{sku}", SCREEN, gives=gives)(self.picture)
        return routes

    async def picture(self, request: web.Request) -> web.Response:
        """The picture of a product, at most 1 MiB."""
        sku = request.match_info["sku"]
        path = self._path(sku)
        if path is None:
            sentence = f"There is no picture of {sku[:60]!r} here. IT can put one into the folder of pictures."
            raise Refused(404, "no_picture", sentence)
        kind, begins = TYPES[path.suffix]
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            sentence = f"The picture of {sku[:60]!r} cannot be read ({error.strerror}). IT can look at {path.name}."
            raise Refused(404, "no_picture", sentence) from error
        if len(data) > MAX_BYTES or not data.startswith(begins):
            sentence = f"{path.name} is no {kind} of at most {MAX_BYTES} bytes. IT can put another one there."
            raise Refused(404, "no_picture", sentence)
        return web.Response(body=data, content_type=kind, headers=HEADERS)

    def _path(self, sku: str) -> Path | None:
        """The file of a product. A name that leads elsewhere is that of none, nor is a file that is too large."""
        if self._folder is None or not sku or sku.startswith(".") or NOT_IN_NAMES & set(sku):
            return None
        for suffix in TYPES:
            path = self._folder / f"{sku}{suffix}"
            try:
                if path.is_file() and path.stat().st_size <= MAX_BYTES:
                    return path
            except OSError:  # a name longer than the disk allows is that of no file
                return None
        return None
