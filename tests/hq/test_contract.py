"""A contract says what a request and an answer must be, and the guard holds the service to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web

from hq.contract import BadContract, Contract, contract_guard
from web.contract import _Loader
from web.guard import refusals
from web.problems import Refused

JSON = {"Content-Type": "application/json"}
TEXT = """
openapi: 3.1.0
info: {title: Crates, version: '1'}
paths:
  /crates:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 9}}
        - {name: state, in: query, schema: {type: array, items: {enum: [open, closed]}}}
      responses:
        200: {description: rows, content: {application/json: {schema: {type: array}}}}
    post:
      parameters:
        - {name: Idempotency-Key, in: header, required: true, schema: {type: string, minLength: 1, maxLength: 8}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Crate'}}}
      responses:
        201:
          description: made
          headers: {ETag: {required: true, schema: {type: string, pattern: '^"'}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Crate'}}}
        4XX: {description: refused, content: {application/json: {schema: {type: object}}}}
        422: {description: refused, content: {application/json: {schema: {type: object, required: [error]}}}}
  /crates/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^c[0-9]$'}}]
      responses: {200: {description: one}, 204: {description: nothing}}
  /crates/full:
    get:
      responses: {204: {description: none}}
  /token:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [grant_type], properties: {grant_type: {const: client_credentials}}}
      responses: {200: {description: token}}
components:
  schemas:
    Crate:
      type: object
      required: [id, qty]
      additionalProperties: false
      properties:
        id: {type: string, format: uuid}
        qty: {type: integer, minimum: 1}
        packed_at: {type: string, format: date-time}
        best_before: {type: string, format: date}
        secret: {type: string, format: password, maxLength: 3}
        inner: {type: array, items: {$ref: '#/components/schemas/Crate'}}
"""
ID = "0190a5a0-0000-7000-8000-000000000001"


def crates(text: str = TEXT) -> Contract:
    return Contract(yaml.safe_load(text), "crates")


def faults(body: Any, **headers: str) -> list[str]:
    operation = crates().operation("POST", "/crates")
    assert operation is not None
    sent = {"Idempotency-Key": "k", **JSON, **headers}
    return operation.check_request({}, sent, body if isinstance(body, bytes) else json.dumps(body).encode())


def test_a_request_as_documented_has_no_faults() -> None:
    assert faults({"id": ID, "qty": 2, "packed_at": "2025-09-01T08:00:00.5Z", "best_before": "2025-09-30"}) == []


GOOD = {"id": ID, "qty": 1}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"id": ID}, 'body: must have qty (got an object with "id").'),
        ({"id": ID, "qty": 0}, "body.qty: must be 1 or more (got 0)."),
        ({"id": ID, "qty": "1"}, 'body.qty: must be integer (got "1").'),
        ({"id": "c1", "qty": 1}, 'body.id: must be a uuid (got "c1").'),
        ({**GOOD, "packed_at": "2025-09-01"}, 'body.packed_at: must be a date-time (got "2025-09-01").'),
        (
            {**GOOD, "packed_at": "2025-13-01T00:00Z"},
            'body.packed_at: must be a date-time (got "2025-13-01T00:00Z").',
        ),
        ({**GOOD, "best_before": "soon"}, 'body.best_before: must be a date (got "soon").'),
        ({**GOOD, "hue": "red"}, 'body: must not have "hue" (got an object with "id", "qty", "hue").'),
        ({**GOOD, "inner": [{"id": ID, "qty": -1}]}, "body.inner.0.qty: must be 1 or more (got -1)."),
        ({**GOOD, "secret": "hush"}, "body.secret: must have 3 characters or fewer (got a secret)."),
    ],
)
def test_a_fault_names_place_rule_and_value(body: Any, sentence: str) -> None:
    assert faults(body) == [f"POST /crates, {sentence}"]


def test_what_stands_beside_a_reference_holds_too_and_a_member_may_be_called_like_a_mark() -> None:
    schemas = crates().schemas
    crate = {"$ref": "#/components/schemas/Crate", "x-extension": True, "minProperties": 3}
    assert schemas.faults("crate", crate, GOOD) == [
        'crate: breaks the rule minProperties: 3 (got an object with "id", "qty").'
    ]
    assert schemas.faults("crate", crate, GOOD | {"best_before": "2025-09-30"}) == []
    assert schemas.faults("it", {"properties": {"x-mark": {"const": 1}}}, {"x-mark": 2}) == [
        "it.x-mark: must be 1 (got 2)."
    ]


@pytest.mark.parametrize("body", [b"{", b"NaN", b"[" * 200_000, b'{"id": \xff}', b"1" * 5000])
def test_a_body_that_is_not_json_is_one_fault(body: bytes) -> None:
    (sentence,) = faults(body)
    assert sentence.startswith("POST /crates, body: is not JSON: ")


def test_a_missing_body_header_or_type_is_named() -> None:
    assert faults(b"") == ["POST /crates, body: is missing."]
    assert faults({"id": ID, "qty": 1}, **{"Idempotency-Key": "123456789"}) == [
        'POST /crates, header Idempotency-Key: must have 8 characters or fewer (got "123456789").'
    ]
    assert faults({}, **{"Content-Type": "text/plain"}) == [
        'POST /crates, body: must be of type application/json (got "text/plain").'
    ]
    operation = crates().operation("POST", "/crates")
    assert operation is not None
    body = json.dumps({"id": ID, "qty": 1}).encode()
    assert operation.check_request({}, JSON, body) == ["POST /crates, header Idempotency-Key: is missing."]


def test_a_query_is_read_as_its_schema_means_it() -> None:
    operation = crates().operation("GET", "/crates")
    assert operation is not None
    assert operation.check_request({"limit": "9", "state": "open"}, {}, b"") == []
    assert operation.check_request({"limit": "10"}, {}, b"") == [
        "GET /crates, query parameter limit: must be 9 or less (got 10)."
    ]
    assert operation.check_request({"limit": "ten"}, {}, b"") == [
        'GET /crates, query parameter limit: must be integer (got "ten").'
    ]
    assert operation.check_request({"colour": "red"}, {}, b"") == ['GET /crates has no query parameter "colour".']


def test_a_form_is_checked_member_by_member() -> None:
    operation = crates().operation("POST", "/token")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert operation is not None
    assert operation.check_request({}, form, b"grant_type=client_credentials") == []
    assert operation.check_request({}, form, b"grant_type=password") == [
        'POST /token, body.grant_type: must be "client_credentials" (got "password").'
    ]


def test_the_most_literal_path_wins_and_an_encoded_slash_is_no_segment() -> None:
    contract = crates()
    literal, named = contract.operation("GET", "/crates/full"), contract.operation("GET", "/crates/c1%2Fx")
    assert literal is not None
    assert named is not None
    assert (literal.template, named.template, named.path_values) == ("/crates/full", "/crates/{id}", {"id": "c1/x"})
    assert named.check_request({}, {}, b"") == [
        'GET /crates/{id}, path member id: must look like ^c[0-9]$ (got "c1/x").'
    ]
    assert contract.operation("DELETE", "/crates/full") is None
    assert contract.operation("GET", "/crate") is None


def test_an_answer_is_checked_for_status_type_headers_and_body() -> None:
    operation = crates().operation("POST", "/crates")
    assert operation is not None
    body = json.dumps({"id": ID, "qty": 1}).encode()
    assert operation.check_answer(201, {**JSON, "etag": '"1"'}, body) == []
    assert operation.check_answer(201, JSON, body) == ["POST /crates, answer 201, header ETag: is missing."]
    assert operation.check_answer(500, JSON, b"{}") == [
        "POST /crates answered 500, which its contract does not name (it names 201, 422, 4XX)."
    ]
    assert operation.check_answer(404, JSON, b"{}") == []
    assert operation.check_answer(422, JSON, b"{}") == [
        "POST /crates, answer 422, body: must have error (got an empty object)."
    ]
    assert operation.check_answer(404, {"Content-Type": "text/html"}, b"<html>") == [
        'POST /crates, answer 404, body: must be of type application/json (got "text/html").'
    ]
    reads = crates().operation("GET", "/crates/full")
    assert reads is not None
    assert reads.check_answer(204, {}, b"x") == ["GET /crates/full, answer 204, body: must be empty (got 1 bytes)."]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("3.1.0", "3.0.3", " is not an OpenAPI 3.1 document with paths."),
        ("#/components/schemas/Crate", "http://x/y", ": http://x/y is not in this document; only #/components/... can be followed."),  # noqa: E501 -- one case, one line
        ("schemas/Crate'", "schemas/Cart'", ": #/components/schemas/Cart names nothing."),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_used_is_refused(old: str, new: str, sentence: str) -> None:
    with pytest.raises(BadContract) as refused:
        crates(TEXT.replace(old, new, 1))
    assert str(refused.value) == f"crates{sentence}"


def test_a_name_that_stands_twice_is_refused_and_a_time_stays_text() -> None:
    with pytest.raises(yaml.YAMLError, match="get is there twice"):
        yaml.load("paths: {get: 1, put: 2, get: 3}", Loader=_Loader)
    assert yaml.load("at: 2025-09-01T08:00:00Z", Loader=_Loader) == {"at": "2025-09-01T08:00:00Z"}


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(BadContract, match=r"There is no contract of a dialect '\.\./ofs'"):
        Contract.load("../ofs")


async def answers_as_documented(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"id": ID, "qty": 1}, status=201, headers={"ETag": '"1"'})


async def answers_without_quantity(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"id": ID}, status=201, headers={"ETag": '"1"'})


def refuse(status: int, sentences: list[str]) -> web.StreamResponse:
    return Refused(status, "broken", " ".join(sentences)).response()


@asynccontextmanager
async def served(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]], *, strict: bool
) -> AsyncIterator[Callable[..., Awaitable[tuple[int, str]]]]:
    app = web.Application(middlewares=[refusals, contract_guard(crates(), "/v1", strict=strict, refuse=refuse)])
    app.router.add_post("/v1/crates", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as session:

            async def call(path: str, body: Any, **headers: str) -> tuple[int, str]:
                async with session.post(address + path, data=body, headers={**JSON, **headers}) as answer:
                    return answer.status, await answer.text()

            yield call
    finally:
        await runner.cleanup()


BODY = json.dumps({"id": ID, "qty": 1})


async def test_the_guard_lets_a_documented_exchange_pass_and_leaves_unknown_paths_alone() -> None:
    async with served(answers_as_documented, strict=True) as call:
        assert (await call("/v1/crates", BODY, **{"Idempotency-Key": "k"}))[0] == 201
        assert (await call("/v1/crate", BODY))[0] == 404
        assert (await call("/crates", BODY))[0] == 404


async def test_the_guard_refuses_a_request_that_breaks_the_contract_in_the_words_of_the_api() -> None:
    async with served(answers_as_documented, strict=True) as call:
        status, text = await call("/v1/crates", '{"qty": 0}', **{"Idempotency-Key": "k"})
        assert (status, "body.qty: must be 1 or more (got 0)." in text) == (422, True)
        status, text = await call("/v1/crates", BODY)
        assert (status, "header Idempotency-Key: is missing." in text) == (400, True)
        assert (await call("/v1/crates", "{", **{"Idempotency-Key": "k"}))[0] == 400


async def test_an_answer_that_breaks_the_contract_is_a_fault_of_the_service(caplog: pytest.LogCaptureFixture) -> None:
    async with served(answers_without_quantity, strict=True) as call:
        status, text = await call("/v1/crates", BODY, **{"Idempotency-Key": "k"})
    assert (status, "answer 201, body: must have qty" in text) == (500, True)
    caplog.clear()
    async with served(answers_without_quantity, strict=False) as call:
        assert (await call("/v1/crates", BODY, **{"Idempotency-Key": "k"}))[0] == 201
    assert "answer 201, body: must have qty" in caplog.text
