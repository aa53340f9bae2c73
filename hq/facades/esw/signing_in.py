"""Tokens by client credentials, as the sibling APIs of ESW give them (hq_contracts 1.1)."""

from __future__ import annotations

from aiohttp import web

from hq.calls import SERVICES
from hq.facades.esw.words import TOKEN_PATH, told
from hq.facades.tokens import Tokens
from web.problems import Refused
from web.routes import ANYONE, RouteTable


def routes(tokens: Tokens) -> RouteTable:
    """The one call that needs no token; any client name will do, the secret is a key of this service."""
    table = RouteTable()

    @table.post(TOKEN_PATH, ANYONE)
    async def token(request: web.Request) -> web.StreamResponse:
        """A token for a client and its secret."""
        form = await request.post()
        caller = request.app[SERVICES].keys.holder(str(form.get("client_secret", "")))
        if caller is None:
            raise Refused(400, "invalid_client", "No client has this secret.")
        granted = {
            "access_token": tokens.issue(caller),
            "expires_in": tokens.life_s,
            "token_type": "Bearer",
            "scope": str(form["scope"]),
        }
        return told(granted, "1.1")

    return table
