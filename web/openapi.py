"""An OpenAPI 3.1 document made of the routes themselves: what is served and what is documented cannot differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel

from web.routes import ANYONE, LINES, MAX_NAME, NAME_PATTERN, SOCKET, Route

Json = dict[str, Any]
Mode = Literal["validation", "serialization"]
JSON = "application/json"
REF = "#/components/schemas/{model}"
FLOOR = "/v1/fulfillment/"
"""Under here the calls of seed 001 are served, with its headers."""
MAX_KEY = 255

REASONS: Mapping[int, str] = {
    304: "What the caller has is what there is.",
    400: "The request cannot be read: broken JSON, or a header that is missing.",
    401: "No key, or one that is not known here.",
    403: "The caller may not do this, or a page of another origin asked.",
    404: "Nothing of that name is here.",
    409: "It cannot be done as things stand; the sentence says what to do.",
    412: "It was changed since it was read: read it again.",
    413: "The body is too large.",
    415: "The body is of another type.",
    421: "This server does not answer to that host name.",
    422: "A member breaks a rule; the sentence names member, rule and value.",
    423: "The PIN is locked; a supervisor unlocks it.",
    429: "Too many requests of this caller at once.",
    502: "HQ gave no answer, or broke off.",
    503: "Not now: repeat it unchanged after Retry-After.",
    507: "No room on the disk of this station.",
}
ALWAYS = frozenset({403, 421, 429, 503})
OF_A_BODY = frozenset({400, 413, 415, 422})


class Refusal(BaseModel):
    """What was refused and why: `code` for programs, `message` for people, `details` where there are several."""

    code: str
    message: str
    details: Any = None


class Problem(BaseModel):
    """The body of every refusal."""

    error: Refusal


def document(routes: Iterable[Route], title: str, version: str) -> Json:
    """The document of these routes. A path that two routes share is told once for each method."""
    told = list(routes)
    models = _Models(told)
    paths: dict[str, Json] = {}
    for route in told:
        paths.setdefault(route.template, {}).setdefault(route.method.lower(), _operation(route, models))
    used = {status for path in paths.values() for each in path.values() for status in each["responses"]}
    responses = {f"Refused{status}": _refused(status) for status in REASONS if str(status) in used}
    keys = {
        "key": {"type": "http", "scheme": "bearer", "description": "The key of a person, or that of this station."},
        "page": {"type": "apiKey", "in": "cookie", "name": "edge_station", "description": "A page of this station."},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": models.schemas, "responses": responses, "securitySchemes": keys},
    }


def statuses_of(route: Route) -> frozenset[int]:
    """Every status a call of this route can have: its own, and refusals by guards, limits, path, query and body."""
    found = {*_successes(route), *ALWAYS, *route.more}
    if ANYONE not in route.roles:
        found |= {401}
    if route.named:
        found |= {404, 422}
    if route.query is not None:
        found |= {422}
    if route.body is not None or route.takes:
        found |= OF_A_BODY
    if route.path.startswith(FLOOR) and route.method != "GET":
        found |= OF_A_BODY | {404, 409}
    return frozenset(found)


def _successes(route: Route) -> set[int]:
    """What it answers when all is well: one status, or another one e.g. where nothing had to be made."""
    own = 101 if route.gives == SOCKET else route.status
    return {own, *(status for status in route.more if status < 300)}  # noqa: PLR2004 -- the classes of HTTP


class _Models:
    """The schemas of all models, each named once."""

    def __init__(self, routes: Sequence[Route]) -> None:
        from pydantic.json_schema import models_json_schema  # noqa: PLC0415 -- most stations are never asked

        wanted: list[tuple[type[BaseModel], Mode]] = [(Problem, "serialization")]
        for route in routes:
            wanted += [(model, "validation") for model in (route.body, route.query) if model is not None]
            wanted += [(route.answers, "serialization")] if route.answers is not None else []
        refs, found = models_json_schema(list(dict.fromkeys(wanted)), ref_template=REF)
        self._refs: Any = refs
        self.schemas: Json = found.get("$defs", {})

    def of(self, model: type[BaseModel], mode: Mode) -> Json:
        """The reference to a model's schema."""
        found: Json = self._refs[model, mode]
        return found

    def whole(self, model: type[BaseModel]) -> Json:
        """The schema of what is sent, itself."""
        name = self.of(model, "validation")["$ref"].rpartition("/")[2]
        found: Json = self.schemas[name]
        return found


def _operation(route: Route, models: _Models) -> Json:
    body = _body(route, models)
    parameters = [*_names(route), *_query(route, models), *_headers(route)]
    refused = {
        str(status): {"$ref": f"#/components/responses/Refused{status}"}
        for status in sorted(statuses_of(route))
        if status in REASONS
    }
    told = {str(status): _answer(route, models) for status in sorted(_successes(route))}
    told |= {str(status): _own_or_refused(route, models) for status in ALWAYS & {*route.more}}
    return {
        "summary": route.summary,
        "operationId": f"{route.method.lower()} {route.template}",
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": body} if body else {}),
        "responses": {**told, **{status: each for status, each in refused.items() if status not in told}},
        "security": [] if ANYONE in route.roles else [{"key": []}, {"page": []}],
        "x-roles": sorted(route.roles),
    }


def _body(route: Route, models: _Models) -> Json | None:
    if route.takes:
        binary = {"type": "string", "contentMediaType": "application/octet-stream"}
        return {"required": True, "content": {each.strip(): {"schema": binary} for each in route.takes.split(",")}}
    if route.body is None:
        return None
    return {"required": True, "content": {JSON: {"schema": _sent(route, route.body, models)}}}


def _sent(route: Route, body: type[BaseModel], models: _Models) -> Json:
    """The schema of a body: without the members that the path or the caller's key says."""
    whole, known = models.whole(body), {*route.named, *route.filled}
    if not known & whole.get("properties", {}).keys():
        return models.of(body, "validation")
    members = {name: member for name, member in whole["properties"].items() if name not in known}
    required = [name for name in whole.get("required", ()) if name not in known]
    return {**whole, "properties": members, "required": required}


def _answer(route: Route, models: _Models) -> Json:
    if route.gives == SOCKET:
        return {"description": "The call becomes a WebSocket."}
    described: Json = {"description": "One JSON object a line." if route.gives == LINES else "As asked."}
    content: Json = {each.strip(): {} for each in route.gives.split(",") if each}
    if route.answers is not None:
        content[JSON] = {"schema": models.of(route.answers, "serialization")}
    return described | ({"content": content} if content else {})


def _own_or_refused(route: Route, models: _Models) -> Json:
    """A status that any call can have, and that this one also gives with what it answers."""
    assert route.answers is not None
    either = [models.of(route.answers, "serialization"), {"$ref": REF.format(model="Problem")}]
    return {"description": "As asked, or refused as any call.", "content": {JSON: {"schema": {"anyOf": either}}}}


def _names(route: Route) -> Iterator[Json]:
    schema = {"type": "string", "minLength": 1, "maxLength": MAX_NAME, "pattern": NAME_PATTERN}
    for name in route.named:
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(route: Route, models: _Models) -> Iterator[Json]:
    if route.query is not None:
        whole = models.whole(route.query)
        for name, schema in whole.get("properties", {}).items():
            yield {"name": name, "in": "query", "required": name in whole.get("required", ()), "schema": schema}


def _headers(route: Route) -> Iterator[Json]:
    if route.path.startswith(FLOOR):
        yield _header("X-Tenant-ID", {"type": "string", "maxLength": MAX_KEY})
        if route.method != "GET":
            key = {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": r"^[\x21-\x7e]+$"}
            yield _header("Idempotency-Key", key, required=True)
    for status, name in ((304, "If-None-Match"), (412, "If-Match")):
        if status in statuses_of(route):
            yield _header(name, {"type": "string", "maxLength": MAX_KEY})


def _header(name: str, schema: Json, *, required: bool = False) -> Json:
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _refused(status: int) -> Json:
    if status < 400:  # noqa: PLR2004 -- what is no refusal has no body
        return {"description": REASONS[status]}
    return {"description": REASONS[status], "content": {JSON: {"schema": {"$ref": REF.format(model="Problem")}}}}
