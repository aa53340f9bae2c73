"""How this API answers: outcomes, problems in the manner of ASP.NET, and the body of a call."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from aiohttp import web

from hq.facades.facade import CALLER
from web.problems import Refused

MOUNT = "/esw"
TOKEN_PATH = f"{MOUNT}/connect/token"
DIALECT = "esw"
ABOUT: web.RequestKey[dict[str, Any]] = web.RequestKey("esw_about", dict)
"""What a call is about, so that a refusal can name it."""

_PLACE = re.compile(r", (?:body|query parameter|path member)[. ]?(?P<path>[\w.]*): (?P<rule>.*)", re.DOTALL)
_LACKS = re.compile(r"must have (?P<names>\w+(, \w+)*) \(got an? ")


async def body_of(request: web.Request, **about: str) -> dict[str, Any]:
    """The body, which the contract has checked, with Decimals; `about` names the members a refusal is to show."""
    body: dict[str, Any] = json.loads(await request.text(), parse_float=Decimal)
    request[ABOUT] = {shown: body[member] for shown, member in about.items() if member in body}
    return body


def told(body: Mapping[str, Any], section: str = "1.6", status: int = 200) -> web.Response:
    """An answer; `section` of the reference says on which assumption it rests."""
    return web.json_response(body, status=status, headers=_assumed(section))


def duplicate(about: Mapping[str, Any], detail: str) -> web.Response:
    """What was told before (hq_contracts 1.7: how ESW shows it is not published)."""
    return _problem(409, detail, {}, about)


def invalid(member: str, sentence: str) -> Refused:
    """The 400 for one member, named in PascalCase."""
    return Refused(400, "invalid", sentence, {"errors": {member: [sentence]}})


def refuse(request: web.Request, refused: Refused) -> web.StreamResponse:
    """A refusal in this API's words: what is wrong with the order itself is a 200 whose outcome says so."""
    if request.path == TOKEN_PATH and refused.status == HTTPStatus.BAD_REQUEST:
        error = refused.code if refused.code == "invalid_client" else "invalid_request"
        return told({"error": error, "error_description": refused.message}, "1.1", 400)
    if refused.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return web.Response(status=refused.status, headers=_assumed("1.4"))
    if refused.status in {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY} and CALLER in request:
        return told({"outcome": "Rejected", **request.get(ABOUT, {}), "detail": refused.message}, "1.5")
    if refused.status == HTTPStatus.BAD_REQUEST:
        return _problem(400, refused.message, refused.headers, {"errors": _errors(refused)})
    return _problem(refused.status, refused.message, refused.headers, {})


def _problem(status: int, detail: str, headers: Mapping[str, str], more: Mapping[str, Any]) -> web.Response:
    title = "One or more validation errors occurred." if status == HTTPStatus.BAD_REQUEST else _phrase(status)
    body = {
        "type": f"https://httpstatuses.com/{status}",
        "title": title,
        "status": status,
        "detail": detail,
        "traceId": f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00",
        **more,
    }
    text = json.dumps(body, ensure_ascii=False)
    sent = {**headers, **({} if status == HTTPStatus.BAD_REQUEST else _assumed("1.4"))}
    return web.Response(status=status, text=text, headers=sent, content_type="application/problem+json")


def _errors(refused: Refused) -> dict[str, list[str]]:
    """The faults by member in PascalCase; what concerns the whole body stands under `$`."""
    if isinstance(refused.details, dict) and "errors" in refused.details:
        given: dict[str, list[str]] = refused.details["errors"]
        return given
    sentences = [each["message"] for each in refused.details or []] or [refused.message]
    errors: dict[str, list[str]] = {}
    for sentence in dict.fromkeys(sentences):
        place = _PLACE.search(sentence)
        path, rule = (place["path"], place["rule"]) if place else ("", sentence)
        lacks = _LACKS.match(rule)
        if lacks:
            for name in lacks["names"].split(", "):
                errors.setdefault(_pascal(f"{path}.{name}"), []).append(f"The {_pascal(name)} field is required.")
        else:
            errors.setdefault(_pascal(path), []).append(rule)
    return errors


def _pascal(path: str) -> str:
    """`items.0.articleStatus` as `Items[0].ArticleStatus`; `$` for the body itself."""
    parts = [f"[{part}]" if part.isdigit() else f".{part[:1].upper()}{part[1:]}" for part in path.split(".") if part]
    return "".join(parts).lstrip(".") or "$"


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Error"


def _assumed(section: str) -> dict[str, str]:
    return {"X-Emulated-Assumption": f"hq_contracts {section}"}
