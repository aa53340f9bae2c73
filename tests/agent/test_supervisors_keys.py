"""What a supervisor decides with a key of their own, without a badge in the body: they are named as who did it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import uuid_utils
from aiohttp.test_utils import make_mocked_request

from agent.api.access import CALLER, STATION_KEY, Caller
from agent.api.lanes import LaneRoutes
from agent.lanes import Lanes
from local_store import outbox
from tests.agent.test_api_as_people import given_work
from tests.support.door import Door, Known, opened
from tests.support.floor import SITE, Bench

CODES, DECIDE = "/v1/station/codes", "/v1/station/exceptions/x/decide"


def given_a_pick(folder: Path) -> None:
    """Something that HQ is to be told."""
    given_work(folder)
    bench = Bench(folder, SITE)
    bench.signed_in().scan("PL-1", "A-1", "TEA")
    bench.close()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    await asyncio.to_thread(given_a_pick, tmp_path / "data")
    async with opened(tmp_path) as door:
        yield door


async def call(door: Door, method: str, path: str, key: str, **body: Any) -> tuple[int, Any]:
    told = json.dumps({"command_id": str(uuid_utils.uuid7()), **body})
    status, text = await door.call(Known(method, path, frozenset()), key=key, body=told)
    return status, json.loads(text)


def newest(door: Door, kind: str) -> tuple[str | None, Any]:
    """(actor, body) of the newest fact of a kind."""
    row = door.store.reader.execute(
        "SELECT actor, body FROM journal WHERE kind = ? ORDER BY seq DESC LIMIT 1", (kind,)
    ).fetchone()
    return row["actor"], json.loads(row["body"])


async def test_a_code_is_linked_and_unlinked_with_a_supervisors_key_alone(door: Door) -> None:
    key = await door.key("supervisor")
    status, told = await call(door, "POST", CODES, key, code="NEW", sku="TEA")
    assert (status, told["answer"]["code"]) == (200, "link.done")
    assert newest(door, "code.linked")[0] == "supervisor"
    assert (await call(door, "DELETE", f"{CODES}/NEW", key))[1]["answer"]["code"] == "link.undone"
    assert newest(door, "code.unlinked")[0] == "supervisor"


async def test_the_badge_in_the_body_still_says_who_acts(door: Door) -> None:
    key = await door.key("supervisor")
    _, told = await call(door, "POST", CODES, key, code="NEW", sku="TEA", badge="BADGE-picker")
    assert told["answer"]["code"] == "link.role"


async def test_without_badge_and_key_of_a_person_nothing_is_decided(door: Door) -> None:
    station = door.client.app[STATION_KEY]
    for path, body in (
        (CODES, {"code": "NEW", "sku": "TEA"}),
        (DECIDE, {"choice": "hold"}),
    ):
        status, told = await call(door, "POST", path, station.key, **body)
        assert (status, told["error"]["code"]) == (422, "no_badge")
        assert "supervisor's badge" in told["error"]["message"]


async def test_an_exception_is_decided_under_a_supervisors_key(door: Door) -> None:
    key = await door.key("supervisor")
    _, told = await call(door, "POST", DECIDE, key, choice="hold")
    assert told["answer"]["code"] == "exception.none"  # it was looked for: who asked may decide
    status, told = await call(door, "POST", DECIDE, await door.key("picker"), choice="hold")
    assert (status, told["error"]["code"]) == (403, "wrong_role")


class OneLane:
    """The lanes of a station that has one."""

    def states(self) -> dict[str, Any]:
        return {"main": None}

    def wake(self, _lane: str) -> None:
        """It has something to do."""


async def test_who_settled_parked_facts_with_an_own_key_is_named_in_the_fact(door: Door) -> None:
    waits, *_ = outbox.entities_to_send(door.store.reader, "main", ())
    await door.store.run(lambda tx: outbox.park_next(tx.connection, "main", waits, "HQ refused it"))
    ((seq, entity, _, _),) = outbox.parked(door.store.reader, "main")
    routes = LaneRoutes(door.store, cast("Lanes", OneLane())).routes().routes
    settle = next(each for each in routes if each.path.endswith("/settle"))
    assert {"operator", "supervisor"} == settle.roles
    json_body, named = {"Content-Type": "application/json"}, {"lane": "main", "entity": entity}
    request = make_mocked_request("POST", "/", json_body, match_info=named)
    request._read_bytes = b'{"note": "told by phone"}'
    request[CALLER] = Caller(frozenset({"supervisor"}), "supervisor")
    assert (await settle.handler(request)).status == 200
    assert newest(door, "promise.settled") == (
        "supervisor",
        {"lane": "main", "subject": entity, "seqs": [seq], "note": "told by phone"},
    )
