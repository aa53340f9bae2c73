"""How a caller of this API gets in, how its routes are written, and how it is refused (hq_contracts 3.1, 3.6)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from hq.calls import Act
from hq.facades.facade import acting
from hq.facades.tokens import Tokens
from hq.keys import FLOOR, Keys
from web.problems import Refused
from web.routes import ANYONE, Handler, RouteTable, json_answer

__all__ = ["ANYONE", "BASE", "Api", "Ask", "duplicate", "error_item", "missing", "refuse", "token_route", "wrong"]

BASE = "/shippingservices/fulfillment/v1"
CREATED = 201

_CODES = {400: "1000045", 401: "PB-APIM-ERR-1002", 403: "1000033", 404: "8000404", 405: "8000405", 500: "1000005"}
"""Seen are those that begin with 10 or PB; the table of those with 80 was not, so ours are assumptions (3.6)."""
_OWN = {"bad_json": "1000050", "bad_request": "1000049", "bad_credentials": "1000032", "duplicate": "8000409"}


@dataclass(frozen=True)
class Ask:
    """What a call asks: the act on the truth, the ids in the path, the query, and the body, already checked."""

    act: Act
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any


class Api(RouteTable):
    """Routes below the base path whose handlers are plain functions in one transaction on the truth."""

    def calls(
        self, method: str, path: str, status: int = 200
    ) -> Callable[[Callable[[Ask], Any]], Callable[[Ask], Any]]:
        """Register a handler that gives the body of the answer."""

        def register(work: Callable[[Ask], Any]) -> Callable[[Ask], Any]:
            async def handler(request: web.Request) -> web.StreamResponse:
                raw = await request.read()
                with acting(request) as act:
                    told = work(Ask(act, request.match_info, request.query, json.loads(raw) if raw else None))
                return json_answer(told, status)

            handler.__doc__ = work.__doc__
            self.route(method, BASE + path, *FLOOR)(handler)
            return work

        return register


def token_route(tokens: Tokens, keys: Keys) -> Handler:
    """`POST /oauth/token`: Basic with any name and a key as its password, a form, and the token's life as text."""

    async def token(request: web.Request) -> web.StreamResponse:
        """A token for a key."""
        caller = keys.holder(_password(request.headers.get("Authorization", "")))
        if caller is None:
            raise Refused(401, "bad_credentials", "The API key or its secret is wrong.")
        form = await request.post()
        if form.get("grant_type") != "client_credentials":
            raise Refused(400, "bad_request", "grant_type must be client_credentials.")
        return json_answer({"access_token": tokens.issue(caller), "expiresIn": str(tokens.life_s)})

    return token


def refuse(request: web.Request, refused: Refused) -> web.StreamResponse:
    """A refusal in this API's words and statuses; the newer form is for those who ask for it (3.1, 3.6)."""
    item = error_item(refused)
    body: Any = {"errors": [item]}
    if request.headers.get("X-PB-UnifiedErrorStructure") != "true":
        body = [
            {
                "errorCode": item["errorCode"],
                "message": item["errorDescription"],
                "additionalInfo": item["additionalInfo"],
                "parameters": item["parameters"],
            }
        ]
    return web.json_response(body, status=_status(refused), headers=refused.headers)


def error_item(refused: Refused) -> dict[str, Any]:
    """One entry of the standard error object."""
    code = _OWN.get(refused.code) or _CODES.get(_status(refused), "1000005")
    more = refused.details.get("info") if isinstance(refused.details, dict) else None
    parameters = refused.details.get("parameters", []) if isinstance(refused.details, dict) else []
    return {"errorCode": code, "errorDescription": refused.message, "additionalInfo": more, "parameters": parameters}


def wrong(member: str, sentence: str) -> Refused:
    """The 400 for a member that cannot be taken."""
    return Refused(400, "invalid", f"{member}: {sentence}", {"parameters": [member]})


def duplicate(member: str, value: str) -> Refused:
    """The 400 for a record whose own id is there already; that it names the id is an assumption (3.7)."""
    return Refused(400, "duplicate", f"{member} {value} already exists.", {"parameters": [member]})


def missing(what: str, ident: str) -> Refused:
    """The 404, which leaves open whether it is there at all (3.6)."""
    return Refused(404, "not_found", f"{what} {ident} does not exist or is not available right now.")


def _status(refused: Refused) -> int:
    """A status this API knows."""
    known = {401, 403, 404, 405, 429, 503}
    if refused.status in known or refused.status >= 500:  # noqa: PLR2004 -- the class of HQ's own faults
        return refused.status if refused.status in {*known, 500} else 500
    return 400


def _password(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return pair.partition(":")[2]
