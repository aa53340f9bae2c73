"""Tokens of Exsited, and how a refusal looks there (hq_contracts 4.1, 4.5)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from hq.facades.tokens import MOST, Tokens
from hq.keys import Caller, Keys
from web.problems import Refused
from web.routes import ANYONE, RouteTable, body_of, json_answer

LIFE_S = 3600
LOGIN = "/login"
STATUSES = frozenset({400, 401, 403, 404, 405, 408, 413, 429, 500, 503})
"""What is answered as it is; any other refusal of the truth is a 400 here (hq_contracts 4.5 names no 409 or 422)."""


class Grant(BaseModel):
    """A request for a token. The client's secret is one of our keys; the other values may be anything."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    grant_type: str
    client_id: str
    client_secret: str
    redirect_uri: str
    refresh_token: str = ""


class Sessions:
    """Who has which token. A restart ends all, refresh tokens too: then a client begins from scratch."""

    def __init__(self, keys: Keys, clock: Callable[[], datetime]) -> None:
        self._keys, self._tokens = keys, Tokens(LIFE_S, clock)
        self._refresh: dict[str, Caller] = {}

    def add_to(self, routes: RouteTable) -> None:
        """Add the one call that needs no token."""
        routes.post("/api/v1/oauth2/token", ANYONE)(self._token)

    async def caller(self, request: web.Request) -> Caller | None:
        """Who holds the token of this request."""
        return await self._tokens.caller(request)

    async def _token(self, request: web.Request) -> web.StreamResponse:
        """A token; a refresh token works once. 400 for a refresh token that does not work, 401 for a bad secret."""
        asked = await body_of(request, Grant)
        holder = self._keys.holder(asked.client_secret)
        if asked.grant_type == "refresh_token":
            if self._refresh.pop(asked.refresh_token, None) is None or holder is None:
                raise Refused(400, "refresh_token", "This refresh token does not work. Ask for a token from scratch.")
        elif holder is None:
            raise Refused(401, "client", "client_id and client_secret are not those of a client.")
        assert holder is not None
        if len(self._refresh) >= MOST:
            del self._refresh[next(iter(self._refresh))]
        refresh = secrets.token_urlsafe(32)
        self._refresh[refresh] = holder
        made = {"access_token": self._tokens.issue(holder), "refresh_token": refresh, "expires_in": LIFE_S}
        return json_answer({**made, "token_type": "Bearer"})


def refuse(request: web.Request, refused: Refused) -> web.StreamResponse:
    """A refusal as Exsited has it. Who comes with a token that has ended is sent to the login page, with 302."""
    if refused.status == 401 and refused.code == "no_key" and "Authorization" in request.headers:  # noqa: PLR2004
        return web.Response(status=302, headers={"Location": LOGIN})
    status = refused.status if refused.status in STATUSES else 400
    body = {"errors": [{"code": status, "message": refused.message}]}
    return web.json_response(body, status=status, headers=refused.headers)
