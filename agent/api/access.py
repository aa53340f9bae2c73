"""Who is calling: a browser that got this station's cookie with its page, or a program that can read the key file."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from aiohttp import web

from config import durable_file

COOKIE = "edge_station"
SCREEN = "screen"
"""Role of a page this station served: floor commands, whose worker the badge decides, and reading."""
OPERATOR = "operator"
"""Role of a program on this machine that may read the key file: the command line."""

KEY_FILE = "station.key"


class StationKey:
    """The secret of this station, made at first start, in a file only its user can read."""

    def __init__(self, folder: Path) -> None:
        path = folder / KEY_FILE
        if not path.exists() or not path.read_text(encoding="ascii").strip():  # an empty key would let anybody in
            durable_file.write(path, secrets.token_urlsafe(32))
        self.key = path.read_text(encoding="ascii").strip()
        self.cookie = hashlib.sha256(b"screen:" + self.key.encode()).hexdigest()

    async def roles_of(self, request: web.Request) -> frozenset[str]:
        """The roles a request holds."""
        held = set()
        if _equal(request.cookies.get(COOKIE, ""), self.cookie):
            held.add(SCREEN)
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _equal(key, self.key):
            held |= {SCREEN, OPERATOR}
        return frozenset(held)

    def give_to(self, response: web.StreamResponse) -> None:
        """Let the page that gets this response call the station."""
        response.set_cookie(COOKIE, self.cookie, httponly=True, samesite="Strict", path="/")


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
