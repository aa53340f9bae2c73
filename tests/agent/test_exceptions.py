"""Withdrawn work on the screens and over HTTP: it is seen, and a supervisor's badge decides it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils
from aiohttp.test_utils import TestClient, TestServer

from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.exceptions import ExceptionRoutes
from agent.exceptions import ExceptionWatch
from agent.floor.views import Strip, view_of
from agent.problems import Problems
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.store import Store
from tests.support.floor import ANA, EVE, SITE, new_id

SENTENCE = "HQ cancelled picklist PL-1, which is being picked here. Put 1 of SKU-1 (SKU-1) back on the shelf."


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Ana has taken one SKU-1 of PL-1, and HQ cancelled it."""
    made = Store(tmp_path / "data", SITE, SystemClock(), "0")
    await made.open()
    task = e.TaskPlan(
        task_id="T1", fulfillment_id="F1", order_line_id="L1", location_id="A-1", sku="SKU-1", qty=Decimal(3)
    )
    picklist = e.PicklistReceived(lane="main", picklist_id="PL-1", priority="normal", ship_by=None, tasks=(task,))
    await made.execute(c.ReceiveWork(command_id=new_id(), fulfillments=(), parties=(), picklist=picklist))
    for code in (ANA.badge, "PL-1", "A-1", "SKU-1"):
        await made.execute(c.Scan(command_id=new_id(), workplace="pick-1", code=code))
    yield made
    await made.close()


async def cancelled(store: Store) -> None:
    await store.execute(
        c.SeeWork(command_id=new_id(), lane="main", thing="picklist", work_id="PL-1", state="cancelled")
    )


async def call(store: Store, tmp_path: Path, method: str, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    key = StationKey(tmp_path)
    doors: list[int] = []
    app = build_app(key, lambda: doors_of("127.0.0.1", *doors), [ExceptionRoutes(store).routes()])
    async with TestClient(TestServer(app)) as client:
        doors.append(client.port or 0)
        headers = {"Host": f"127.0.0.1:{client.port}", "Authorization": f"Bearer {key.key}"}
        async with client.request(method, path, json=body or None, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())


async def decided(store: Store, tmp_path: Path, choice: str, badge: str) -> tuple[int, dict[str, Any]]:
    _, listed = await call(store, tmp_path, "GET", "/v1/station/exceptions")
    path = f"/v1/station/exceptions/{listed['exceptions'][0]['exception_id']}/decide"
    body = {"command_id": str(uuid_utils.uuid7()), "choice": choice, "badge": badge}
    return await call(store, tmp_path, "POST", path, **body)


async def test_withdrawn_work_is_a_problem_and_in_every_view_until_decided(store: Store, tmp_path: Path) -> None:
    problems = Problems(lambda: 0)
    watch = ExceptionWatch(store, problems)
    store.listen(watch.follow)
    strip = Strip(lambda: SITE, SystemClock(), lambda _: [], dict, problems, training=False)
    await cancelled(store)
    (problem,) = problems.open()
    assert problem.sentence == SENTENCE
    assert "`edge-agent work decide ex_" in problem.next_step
    for workplace in ("pick-1", "pack-1"):
        (shown,) = view_of(store.reader, strip, workplace, None)["exceptions"]
        assert (shown["sentence"], shown["proposed"]) == (SENTENCE, "put_back")
        assert shown["steps"] == ["put_back", "hold", "continue"]
    status, answer = await decided(store, tmp_path, "put_back", EVE.badge)
    assert (status, answer["answer"]["text"]) == (
        200,
        "picklist PL-1 is no longer here. In stock again: 1 of SKU-1 (SKU-1) at A-1.",
    )
    assert problems.open() == []
    assert view_of(store.reader, strip, "pick-1", None)["exceptions"] == []


async def test_a_badge_that_is_no_supervisors_decides_nothing(store: Store, tmp_path: Path) -> None:
    await cancelled(store)
    status, answer = await decided(store, tmp_path, "put_back", ANA.badge)
    assert (status, answer["answer"]["tone"]) == (200, "refused")
    status, answer = await decided(store, tmp_path, "burn_it", EVE.badge)
    assert status == 422
    assert len((await call(store, tmp_path, "GET", "/v1/station/exceptions"))[1]["exceptions"]) == 1


async def test_what_waits_is_said_again_when_the_agent_starts(store: Store) -> None:
    await cancelled(store)
    problems = Problems(lambda: 0)
    ExceptionWatch(store, problems).look()
    assert [problem.sentence for problem in problems.open()] == [SENTENCE]
