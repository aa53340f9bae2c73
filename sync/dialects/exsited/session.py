"""A token of Exsited: fetched with the client's values, renewed with its refresh token, else begun from scratch."""

from __future__ import annotations

import json
from typing import Any

from sync.auth import Token
from sync.dialect import Answer, NoAnswer, Reply
from sync.dialects.exsited.answers import as_told, is_lost_session
from sync.dialects.exsited.capabilities import ExsitedHq
from sync.http import Line

MAX_TOKEN = 8000
USUAL_LIFE_S = 3600
"""hq_contracts 4.1."""
FOR_A_PERSON = frozenset({400, 401, 403, 404, 405, 422})
"""What a token from scratch may be refused with: somebody has to give other values."""


class TokenSource:
    """Gets tokens for one lane; `fetch` is what `sync.auth.RenewedToken` wants."""

    def __init__(self, line: Line, settings: ExsitedHq, secret: str) -> None:
        self._line, self._path = line, settings.profile.token_path
        self._values = {
            "client_id": settings.client_id,
            "client_secret": secret,
            "redirect_uri": settings.redirect_uri,
        }
        self._refresh: str | None = None

    async def fetch(self) -> Token | Reply:
        """A token, by the refresh token where there is one; any refusal of that means from scratch."""
        if self._refresh is not None:
            refresh, self._refresh = self._refresh, None
            reply = await self._ask(grant_type="refresh_token", refresh_token=refresh)
            if not _is_refused(reply):
                return self._taken(reply)
        reply = await self._ask(grant_type="client_credentials")
        if isinstance(reply, Answer) and reply.status in FOR_A_PERSON:
            return Answer(401, reply.body)
        return self._taken(reply)

    async def _ask(self, **grant: str) -> Reply:
        body = json.dumps({**grant, **self._values}).encode()
        return as_told(await self._line.call("POST", self._path, {"Content-Type": "application/json"}, body))

    def _taken(self, reply: Reply) -> Token | Reply:
        if isinstance(reply, NoAnswer):
            return NoAnswer(reply.sentence, sent=False)  # the call that wants the token did not go
        if not 200 <= reply.status < 300:  # noqa: PLR2004 -- the class of success
            return reply
        body: Any = reply.body if isinstance(reply.body, dict) else {}
        value, refresh, life = body.get("access_token"), body.get("refresh_token"), body.get("expires_in")
        if not _is_text(value) or not value.isascii() or not value.isprintable():
            return NoAnswer(
                "HQ answered the call for a token without a token: that is not HQ.", sent=True, status=200
            )
        self._refresh = refresh if _is_text(refresh) else None
        known = isinstance(life, int | str) and not isinstance(life, bool) and str(life).isdecimal()
        return Token(value, min(int(life), 10 * USUAL_LIFE_S) if known and int(life) else USUAL_LIFE_S)


def _is_refused(reply: Reply) -> bool:
    return is_lost_session(reply) or (isinstance(reply, Answer) and reply.status in FOR_A_PERSON)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TOKEN
