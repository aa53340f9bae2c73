"""The plumbing both servers share: what it refuses, and in which words."""

from __future__ import annotations

import io
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import BaseModel, ConfigDict
from yarl import URL

from web.guard import Doors, host_guard, refusals, role_guard
from web.routes import ANYONE, RouteTable, body_of, json_answer, require_match


class Box(BaseModel):
    model_config = ConfigDict(extra="forbid")
    lines: int


def served() -> web.Application:
    routes = RouteTable()

    @routes.get("/open", ANYONE)
    async def open_to_all(_request: web.Request) -> web.Response:
        """Open."""
        return json_answer({"ok": True})

    @routes.post("/boxes", "packer")
    async def boxes(request: web.Request) -> web.Response:
        """Take a box."""
        box = await body_of(request, Box)
        require_match(request, "3")
        return json_answer(box, 201, etag="4")

    async def roles_of(request: web.Request) -> frozenset[str]:
        return frozenset(filter(None, [request.headers.get("X-Role")]))

    doors = Doors(frozenset({"station.local"}), frozenset({"http://station.local"}))
    app = web.Application(middlewares=[refusals, host_guard(lambda: doors), role_guard(roles_of)])
    routes.add_to(app)
    return app


async def ask(method: str, path: str, headers: dict[str, str], **of: Any) -> tuple[int, Any]:
    async with TestClient(TestServer(served())) as client:
        answer = await client.request(method, path, headers={"Host": "station.local", **headers}, **of)
        return answer.status, await answer.json()


def test_a_route_that_names_no_role_cannot_be_built() -> None:
    with pytest.raises(TypeError, match="GET /secret names no role"):
        RouteTable().get("/secret")


async def test_a_route_for_anyone_needs_no_key() -> None:
    assert await ask("GET", "/open", {}) == (200, {"ok": True})


@pytest.mark.parametrize(
    ("role", "status", "code"), [(None, 401, "no_key"), ("picker", 403, "wrong_role"), ("packer", 201, None)]
)
async def test_only_the_named_roles_may_call(role: str | None, status: int, code: str | None) -> None:
    headers = {"X-Role": role} if role else {}
    answered, body = await ask("POST", "/boxes", headers, json={"lines": 1})
    assert answered == status
    assert code is None or body["error"]["code"] == code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://station.local", "Sec-Fetch-Site": "same-origin"}, 201),
    ],
)
async def test_foreign_hosts_and_origins_are_turned_away(headers: dict[str, str], status: int) -> None:
    answered, _body = await ask("POST", "/boxes", {"X-Role": "packer", **headers}, json={"lines": 1})
    assert answered == status


@pytest.mark.parametrize(
    ("mode", "dest", "status"),
    [("no-cors", "image", 403), ("cors", "empty", 403), ("navigate", "iframe", 403), ("navigate", "document", 200)],
)
async def test_another_site_may_lead_to_a_page_and_show_nothing_of_it(mode: str, dest: str, status: int) -> None:
    for site in ("cross-site", "same-site"):
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        assert (await ask("GET", "/open", headers))[0] == status


@pytest.mark.parametrize(
    ("of", "status", "says"),
    [
        ({"data": b"x", "headers": {"Content-Type": "text/plain"}}, 415, "Send application/json to /boxes"),
        (
            {"data": b"{", "headers": {"Content-Type": "application/json"}},
            400,
            "is not JSON: Expecting property name",
        ),
        ({"json": {"lines": "many"}}, 422, "POST /boxes: lines: Input should be a valid integer"),
        ({"json": {}}, 422, "lines: Field required"),
        ({"json": {"lines": 1, "colour": 2}}, 422, "colour: Extra inputs are not permitted (got 2)"),
    ],
)
async def test_a_body_that_does_not_fit_is_refused_with_place_and_value(
    of: dict[str, Any], status: int, says: str
) -> None:
    headers = {"X-Role": "packer", **of.pop("headers", {})}
    answered, body = await ask("POST", "/boxes", headers, **of)
    assert answered == status
    assert says in body["error"]["message"]


async def test_another_version_than_the_callers_is_a_conflict_that_says_what_to_do() -> None:
    answered, body = await ask("POST", "/boxes", {"X-Role": "packer", "If-Match": '"2"'}, json={"lines": 1})
    assert answered == 412
    assert body["error"]["message"].endswith("Read it again and repeat.")


NO_SUCH_CALL = 'GET "/nothing": Not Found. There is no such call; look at how it is written.'


async def test_a_method_that_a_path_does_not_take_is_told_which_it_takes() -> None:
    status, body = await ask("PUT", "/boxes", {})
    assert (status, body["error"]["message"]) == (405, 'PUT "/boxes": Method Not Allowed. It takes POST.')


async def test_a_body_that_is_too_large_is_refused_before_it_is_read_in_whole() -> None:
    headers = {"X-Role": "packer", "Content-Type": "application/json"}
    status, body = await ask("POST", "/boxes", headers, data=io.BytesIO(b'"' + b"1" * 2**21))
    assert (status, body["error"]["code"]) == (413, "request_entity_too_large")
    assert body["error"]["message"].endswith("Send it in smaller parts.")


async def test_a_path_that_does_not_exist_is_refused_in_the_same_shape() -> None:
    assert await ask("GET", "/nothing", {}) == (
        404,
        {"error": {"code": "not_found", "message": NO_SUCH_CALL, "details": None}},
    )


async def test_a_name_in_a_path_is_limited_in_one_place() -> None:
    routes = RouteTable()

    @routes.get("/boxes/{box}", ANYONE)
    async def box(request: web.Request) -> web.Response:
        """One box."""
        return json_answer({"box": request.match_info["box"]})

    app = web.Application(middlewares=[refusals])
    routes.add_to(app)
    async with TestClient(TestServer(app)) as client:
        for name, status in (("B%2F1", 200), ("010%1D21x", 200), ("%00", 422), ("a%0A", 422), ("x" * 401, 422)):
            async with client.get(URL(f"/boxes/{name}", encoded=True)) as answer:
                assert answer.status == status, name
        async with client.get(URL("/boxes/%7F", encoded=True)) as answer:
            message = (await answer.json())["error"]["message"]
    assert message.startswith("box in the path must have 1 to 400 characters and no control characters (got ")
