"""Short-lived tokens for the APIs that want one before every other call. Kept in memory: a restart ends them all."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web

from hq.keys import Caller

MOST = 10_000


class Tokens:
    """The tokens that were given out, each with its holder and its end."""

    def __init__(self, life_s: int, clock: Callable[[], datetime]) -> None:
        self.life_s, self._clock = life_s, clock
        self._held: dict[str, tuple[Caller, datetime]] = {}

    def issue(self, caller: Caller) -> str:
        """A new token for `caller`; the oldest ends when there are too many."""
        if len(self._held) >= MOST:
            del self._held[next(iter(self._held))]
        token = secrets.token_urlsafe(32)
        self._held[token] = (caller, self._clock() + timedelta(seconds=self.life_s))
        return token

    async def caller(self, request: web.Request) -> Caller | None:
        """Who holds the token in `Authorization: Bearer`; None for none, an unknown or an ended one."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        held = self._held.get(token.strip()) if scheme.lower() == "bearer" else None
        return held[0] if held is not None and self._clock() < held[1] else None
