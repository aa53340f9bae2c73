"""How a lane shows who it is: a fixed key, or a token that is fetched, reused until it ends, and fetched again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sync.dialect import Answer, NoAnswer, Reply
from sync.http import Line

EARLY_S = 60
"""A token is renewed this long before its end, or after half of a shorter life."""
REFUSED = 401


@dataclass(frozen=True, slots=True)
class Token:
    """What an HQ gave instead of the key, and for how many seconds."""

    value: str = field(repr=False)
    life_s: int


class Auth(Protocol):
    """Who the lane is, as headers."""

    async def headers(self) -> Mapping[str, str] | Reply:
        """What goes with a call; a Reply where no token could be had, as if the call had got it."""

    def refused(self, headers: Mapping[str, str]) -> bool:
        """HQ did not accept these headers; True when others can be had."""


class FixedKey:
    """A key that is what it is: nothing can be done when it is refused."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    async def headers(self) -> Mapping[str, str] | Reply:
        """The same headers always."""
        return self._headers

    def refused(self, _headers: Mapping[str, str]) -> bool:
        """Only a person can give another key."""
        return False


class RenewedToken:
    """A bearer token; `fetch` gets one with the key, `now_s` is a steady clock in seconds."""

    def __init__(self, fetch: Callable[[], Awaitable[Token | Reply]], now_s: Callable[[], float]) -> None:
        self._fetch, self._now_s = fetch, now_s
        self._token: str | None = None
        self._until_s = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def headers(self) -> Mapping[str, str] | Reply:
        """The token as headers, fetched first when there is none or it ends soon; one fetch at a time."""
        async with self._one_at_a_time:
            if self._token is None or self._now_s() >= self._until_s:
                got = await self._fetch()
                if not isinstance(got, Token):
                    return got
                self._token = got.value
                self._until_s = self._now_s() + max(got.life_s - EARLY_S, got.life_s / 2)
            return {"Authorization": f"Bearer {self._token}"}

    def refused(self, headers: Mapping[str, str]) -> bool:
        """Drop the token, unless another call has already brought a new one."""
        if headers.get("Authorization") == f"Bearer {self._token}":
            self._token = None
        return True


class SignedLine:
    """A line whose calls show who we are; a refused token is renewed once and the call made once more."""

    def __init__(self, line: Line, auth: Auth, is_refused: Callable[[Reply], bool] | None = None) -> None:
        """`is_refused` tells a reply that means a lost session; by default a 401."""
        self._line, self._auth = line, auth
        self._is_refused = is_refused or _is_401

    async def call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        """As `Line.call`."""
        given = await self._auth.headers()
        if isinstance(given, Answer | NoAnswer):
            return given
        reply = await self._line.call(method, path, {**(headers or {}), **given}, body)
        if not self._is_refused(reply) or not self._auth.refused(given):
            return reply
        given = await self._auth.headers()
        if isinstance(given, Answer | NoAnswer):
            return given
        return await self._line.call(method, path, {**(headers or {}), **given}, body)


def _is_401(reply: Reply) -> bool:
    return isinstance(reply, Answer) and reply.status == REFUSED
