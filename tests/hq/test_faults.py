from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from hq.faults import BadFaults, Faults, Mischief, from_option
from hq.keys import Caller, Keys
from tests.hq.site import SECRETS, Hq, order, running_hq


async def put(hq: Hq, **faults: Any) -> None:
    answered = await hq.call("PUT", "/hq/faults", role="operator", json=faults)
    assert answered.status == 200, answered.text


async def test_a_dead_hq_closes_the_connection_without_an_answer(stocked: Hq) -> None:
    await put(stocked, down=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await stocked.get("/health", role="")
    await put(stocked)
    assert (await stocked.get("/health", role="")).status == 200


async def test_a_lost_reply_comes_after_the_work_was_stored(stocked: Hq) -> None:
    await put(stocked, lost_reply=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await stocked.post("/fulfillments", order("ord_1", SKU_1=1), key="k1")
    await put(stocked)
    assert [each["order_id"] for each in (await stocked.get("/fulfillments")).body["items"]] == ["ord_1"]
    again = await stocked.post("/fulfillments", order("ord_1", SKU_1=1), key="k1")
    assert (again.status, again.headers["Idempotency-Replayed"]) == (201, "true")


async def test_the_reply_of_a_refused_call_is_lost_too(stocked: Hq) -> None:
    await put(stocked, lost_reply=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await stocked.get("/fulfillments/x")


async def test_refusals_on_demand_come_before_any_work(stocked: Hq) -> None:
    await put(stocked, status_429=1, retry_after_s=3)
    refused = await stocked.post("/fulfillments", order("ord_1", SKU_1=1))
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (429, "too_many_requests", "3")
    await put(stocked, status_500=1)
    refused = await stocked.post("/fulfillments", order("ord_1", SKU_1=1))
    assert (refused.status, refused.code) == (500, "internal_error")
    await put(stocked)
    assert (await stocked.get("/fulfillments")).body["items"] == []


async def test_a_slow_hq_waits_the_time_named_before_it_answers() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    mischief = Mischief(Faults(delay_ms=250), Keys([(Caller("station", "station"), SECRETS["station"])]), sleep)
    app = web.Application(middlewares=[mischief.middleware()])

    async def handler(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    app.router.add_get("/", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/") as found,
    ):
        assert await found.text() == "ok"
    await runner.cleanup()
    assert slept == [0.25]
    assert mischief.told()["done"] == {"slow": 1}


async def test_faults_strike_only_the_paths_and_the_role_named(stocked: Hq) -> None:
    await put(stocked, status_500=1, prefix="/v1/fulfillment/tasks")
    assert (await stocked.get("/tasks")).status == 500
    assert (await stocked.get("/fulfillments")).status == 200
    await put(stocked, status_500=1, only_role="station")
    assert (await stocked.get("/tasks", role="station")).status == 500
    assert (await stocked.get("/tasks", role="office")).status == 200


async def test_the_same_seed_gives_the_same_faults(stocked: Hq) -> None:
    runs = []
    for _ in range(2):
        await put(stocked, status_500=0.5, seed=7)
        runs.append([(await stocked.get("/tasks")).status for _ in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}


async def test_only_the_operator_controls_faults_even_while_hq_is_down(stocked: Hq) -> None:
    for role, status in (("station", 403), ("office", 403), ("", 401)):
        assert (await stocked.call("PUT", "/hq/faults", role=role, json={"down": True})).status == status
    await put(stocked, down=True, status_429=1)
    told = (await stocked.call("GET", "/hq/faults", role="operator")).body
    assert (told["down"], told["done"]) == (True, {})
    wrong = await stocked.call("PUT", "/hq/faults", role="operator", json={"explode": True})
    assert wrong.status == 422


async def test_faults_of_the_command_line_are_in_force_from_the_start(tmp_path: Path) -> None:
    faults = from_option("status_429=1, retry_after_s=9,only_role=station,prefix=/v1/fulfillment/tasks,seed=7")
    async with running_hq(tmp_path / "hq.db", faults) as hq:
        assert (await hq.get("/tasks", role="station")).headers["Retry-After"] == "9"


@pytest.mark.parametrize("text", ["lost_reply=2", "explode=1", "lost_reply", "delay_ms=-1", "prefix=tasks"])
def test_faults_that_cannot_be_are_refused_by_name(text: str) -> None:
    with pytest.raises(BadFaults, match=text.split("=", maxsplit=1)[0]):
        from_option(text)
