"""A document made of routes says what they take, answer and refuse."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from pydantic import BaseModel

from web.contract import Contract
from web.openapi import document
from web.routes import ANYONE, SOCKET, RouteTable, Shape


class Box(Shape):
    """A box."""

    box_id: str
    worker_id: str
    weight: int


class Query(Shape):
    """Which."""

    heavier_than: int = 0


class Boxes(Shape):
    """All of them."""

    boxes: list[Box]


async def handler(_request: web.Request) -> web.Response:
    """Do it.

    And more.
    """
    return web.Response()


def described(method: str, path: str, *roles: str, **told: Any) -> dict[str, Any]:
    routes = RouteTable()
    routes.route(method, path, *roles, **told)(handler)
    whole = document(routes.routes, "A server", "1")
    Contract(whole, "it")  # which raises for a reference that leads nowhere
    (path_item,) = whole["paths"].values()
    found: dict[str, Any] = path_item[method.lower()]
    return found


def sent(operation: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return schema


def test_what_the_path_and_the_key_say_is_not_in_the_body() -> None:
    body = sent(described("POST", "/boxes/{box_id}", "packer", body=Box, filled=("worker_id",)))
    assert (list(body["properties"]), body["required"]) == (["weight"], ["weight"])


def test_a_body_that_is_sent_whole_is_named_once() -> None:
    assert sent(described("POST", "/boxes", "packer", body=Box)) == {"$ref": "#/components/schemas/Box"}


def test_the_summary_is_the_first_line_of_the_handler_and_the_roles_are_told() -> None:
    found = described("GET", "/boxes", "packer", "admin", answers=Boxes)
    assert (found["summary"], found["x-roles"]) == ("Do it.", ["admin", "packer"])
    assert found["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Boxes")


def statuses(method: str, path: str, *roles: str, **told: Any) -> list[int]:
    return [int(status) for status in sorted(described(method, path, *roles, **told)["responses"])]


def test_each_route_has_the_refusals_that_its_kind_can_give() -> None:
    assert statuses("GET", "/open", ANYONE, answers=Boxes) == [200, 403, 421, 429, 503]
    assert statuses("GET", "/boxes", "packer", query=Query, answers=Boxes, more=(304,)) == [
        *(200, 304, 401, 403, 421, 422, 429, 503),
    ]
    assert statuses("POST", "/boxes/{box_id:.+}", "packer", body=Box, status=201) == [
        *(201, 400, 401, 403, 404, 413, 415, 421, 422, 429, 503),
    ]
    assert statuses("GET", "/live", "packer", gives=SOCKET) == [101, 401, 403, 421, 429, 503]


def test_a_call_of_seed_001_names_its_headers() -> None:
    found = described("POST", "/v1/fulfillment/boxes", "packer", body=Box)
    headers = {each["name"]: each["required"] for each in found["parameters"]}
    assert headers == {"X-Tenant-ID": False, "Idempotency-Key": True}


def test_if_match_is_named_only_where_it_is_looked_at() -> None:
    found = described("POST", "/v1/fulfillment/boxes", "packer", body=Box, more=(412,))
    assert "If-Match" in {each["name"] for each in found["parameters"]}
    assert "412" in found["responses"]
    assert 412 not in statuses("POST", "/v1/fulfillment/boxes", "packer", body=Box)


def test_another_success_and_an_own_503_are_told_with_what_is_answered() -> None:
    found = described("POST", "/boxes", "packer", answers=Boxes, status=201, more=(200,))["responses"]
    assert found["200"] == found["201"]
    content = described("GET", "/well", ANYONE, answers=Boxes, more=(503,))["responses"]["503"]["content"]
    named = [each["$ref"].rpartition("/")[2] for each in content["application/json"]["schema"]["anyOf"]]
    assert named == ["Boxes", "Problem"]


def test_an_answer_that_may_be_text_too_is_told_as_both() -> None:
    found = described("GET", "/boxes", "packer", answers=Boxes, gives="text/plain")["responses"]["200"]
    assert found["content"].keys() == {"application/json", "text/plain"}


def test_a_pattern_in_a_path_is_no_part_of_the_name() -> None:
    routes = RouteTable()
    routes.get("/files/{file:.+}", ANYONE, gives="image/png, image/jpeg")(handler)
    (path,) = document(routes.routes, "A server", "1")["paths"]
    assert path == "/files/{file}"


def test_models_of_one_name_are_told_apart() -> None:
    class Other(BaseModel):
        box: int

    Other.__name__ = Other.__qualname__ = "Box"
    routes = RouteTable()
    routes.post("/boxes", "packer", body=Box)(handler)
    routes.post("/others", "packer", body=Other)(handler)
    found = Contract(document(routes.routes, "A server", "1"), "it")
    schemas = [found.resolved(sent(dict(each.document)))["properties"].keys() for each in found.operations]
    assert [list(each) for each in schemas] == [["box_id", "worker_id", "weight"], ["box"]]
