"""Every route of the agent answers every kind of caller as documented: nothing is open by default.

The routes are those of the application as it is built, so that one that is added later is covered by itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uuid_utils

from agent.api.access import IT, OPERATOR, SCREEN, STATION_KEY
from agent.api.pages import PAGES
from agent.api.people import PEOPLE
from local_store.domain.site import ROLES
from tests.support.door import Door, opened
from tests.support.patience import PATIENCE_S
from web.routes import ANYONE


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with opened(tmp_path) as door:
        yield door


async def test_every_route_names_roles_and_the_whole_floor_is_there(door: Door) -> None:
    assert len(door.routes) > 50
    assert [each for each in door.routes if not each.roles] == []
    known = {ANYONE, SCREEN, OPERATOR, IT, "device", *ROLES}
    assert [each for each in door.routes if each.roles - known] == []


async def test_without_a_key_only_what_is_for_anyone_answers(door: Door) -> None:
    for route in door.routes:
        if ANYONE in route.roles:
            assert (await door.code(route))[1] not in {"no_key", "wrong_role"}, route
        else:
            assert await door.code(route) == (401, "no_key"), route


async def test_what_is_for_anyone_is_few(door: Door) -> None:
    paths = {each.path for each in door.routes if ANYONE in each.roles}
    pages = {"/", *(f"/{page}" for page in PAGES), "/static/{file}", "/static/{folder}/{file}"}
    assert paths - pages - {"/health", "/v1/station/enrol"} == {
        "/v1/fulfillment/health",  # as HQ has it
        "/v1/openapi.json",  # the code is public too
    }, "a route for everybody on the network is a decision: name it here, and say why in its docstring"


async def test_the_key_of_another_role_is_refused_by_every_route(door: Door) -> None:
    keys = {role: await door.key(role) for role in PEOPLE}
    for route in door.routes:
        for role in sorted(ROLES - route.roles):
            if ANYONE not in route.roles:
                assert await door.code(route, key=keys[role]) == (403, "wrong_role"), (route, role)


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ({"lasts_ms": 0}, "key_expired"),
        ({"ended": "revoked"}, "key_revoked"),
        ({"station": "station-2"}, "key_of_other_station"),
    ],
)
async def test_a_key_that_does_not_work_is_told_why_by_every_route(door: Door, of: dict[str, Any], code: str) -> None:
    key = await door.key("supervisor", **of)
    for route in door.routes:
        if ANYONE not in route.roles:
            assert await door.code(route, key=key) == (401, code), route


async def test_the_right_key_is_let_in_by_every_route(door: Door) -> None:
    """Whatever is wrong with an empty call is told as 4xx: nothing falls over, and nobody is asked for a key."""
    station = door.client.app[STATION_KEY]
    for route in door.routes:
        for role in sorted(route.roles & (ROLES | {SCREEN, OPERATOR})):
            of = {"key": await door.key(role)} if role in ROLES else {"key": station.key}
            of = {"cookie": station.cookie} if role == SCREEN else of
            status, code = await asyncio.wait_for(door.code(route, **of), PATIENCE_S)
            assert status < 500 or code == "too_many_screens", (route, role, status)
            assert status != 401, (route, role)
            assert (status, code) != (403, "wrong_role"), (route, role)


async def test_a_call_that_comes_again_gets_its_first_answer(door: Door) -> None:
    """For each POST that takes a `command_id` or an Idempotency-Key."""
    station = door.client.app[STATION_KEY]
    told = 0
    for route in door.routes:
        if route.method != "POST" or ANYONE in route.roles or not (route.roles & ROLES or SCREEN in route.roles):
            continue
        role = next(iter(sorted(route.roles & ROLES)), None)
        key = await door.key(role) if role else station.key
        for body in _bodies():
            repeat = uuid_utils.uuid4().hex
            first = await door.call(route, key=key, body=body, repeat=repeat)
            again = await door.call(route, key=key, body=body, repeat=repeat)
            if "sign-in" not in route.path and "sign-out" not in route.path:
                assert (again[0], _said(again[1])) == (first[0], _said(first[1])), (route, body)
            told += first[0] < 300
    assert told > 10, "most are refused for what is in them, and some are done"


def _said(text: str) -> Any:
    """An answer without the number and time at which it was shown."""
    told = json.loads(text)
    answer = told.get("answer") if isinstance(told, dict) else None
    if isinstance(answer, dict):
        told["answer"] = {name: value for name, value in answer.items() if name not in {"number", "at"}}
    return told


def _fresh() -> str:
    return str(uuid_utils.uuid7())


def _bodies() -> list[str]:
    """Nothing; only an id; and what suits many commands of the floor."""
    return [
        "{}",
        json.dumps({"command_id": _fresh()}),
        json.dumps({"command_id": _fresh(), "code": "A-1"}),
        json.dumps({"command_id": _fresh(), "id": "PL-1"}),
        json.dumps({"command_id": _fresh(), "quantity": 1}),
        json.dumps({"kind": "scanner"}),
    ]
