"""What a network and its proxies do to calls and answers, on demand and repeatable."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from hq.calls import BASE
from hq.faults import Faults, Mischief
from hq.keys import Caller, Keys
from tests.hq.site import SECRETS, Hq, order

STATION = {"Authorization": f"Bearer {SECRETS['station']}"}


async def put(hq: Hq, **faults: Any) -> None:
    answered = await hq.call("PUT", "/hq/faults", role="operator", json=faults)
    assert answered.status == 200, answered.text


async def orders(hq: Hq) -> list[str]:
    await put(hq)
    return [each["order_id"] for each in (await hq.get("/fulfillments")).body["items"]]


async def test_a_lost_request_had_no_effect(stocked: Hq) -> None:
    await put(stocked, lost_request=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await stocked.post("/fulfillments", order("ord_1", SKU_1=1))
    assert await orders(stocked) == []


async def test_maintenance_says_when_to_come_again_and_does_nothing(stocked: Hq) -> None:
    await put(stocked, status_503=1, retry_after_s=7)
    refused = await stocked.post("/fulfillments", order("ord_1", SKU_1=1))
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (503, "unavailable", "7")
    assert await orders(stocked) == []


async def test_a_good_key_is_turned_away_but_never_twice_running(stocked: Hq) -> None:
    await put(stocked, expired_token=1)
    refused = await stocked.get("/tasks", role="station")
    assert (refused.status, refused.code) == (401, "token_expired")
    assert (await stocked.get("/tasks", role="office")).status == 401, "each key for itself"
    assert (await stocked.get("/tasks", role="station")).status == 200
    assert (await stocked.get("/tasks", role="station")).status == 401


async def test_a_portal_answers_200_with_a_page_and_nothing_was_done(stocked: Hq) -> None:
    await put(stocked, html=1)
    page = await stocked.post("/fulfillments", order("ord_1", SKU_1=1))
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Sign in" in page.text
    assert await orders(stocked) == []


async def test_a_redirect_leads_to_another_host_and_nothing_was_done(stocked: Hq) -> None:
    await put(stocked, redirect=1, redirect_to="https://elsewhere.invalid/x")
    sent = await stocked.post("/fulfillments", order("ord_1", SKU_1=1), allow_redirects=False)
    assert (sent.status, sent.headers["Location"]) == (307, "https://elsewhere.invalid/x")
    assert await orders(stocked) == []


async def test_a_call_worked_twice_counts_once_and_gets_the_answer_of_the_second(stocked: Hq) -> None:
    await put(stocked, duplicate=1)
    made = await stocked.post("/fulfillments", order("ord_1", SKU_1=1))
    assert (made.status, made.headers["Idempotency-Replayed"]) == (201, "true")
    told = (await stocked.call("GET", "/hq/faults", role="operator")).body
    assert told["done"] == {"duplicate": 1}
    assert await orders(stocked) == ["ord_1"]


async def test_an_upload_is_never_worked_twice(stocked: Hq) -> None:
    await put(stocked, duplicate=1)
    line = {"location_id": "A-01-1", "sku": "SKU-1", "quantity": 1, "reference": "r1"}
    assert (await stocked.import_lines("stock", [line]))["accepted"] == 1


async def test_half_an_answer_comes_once_with_the_whole_length_and_once_with_its_own(stocked: Hq) -> None:
    whole = await stocked.get("/edge/products")
    await put(stocked, truncate=1)
    with pytest.raises(aiohttp.ClientPayloadError):
        await stocked.get("/edge/products")
    with pytest.raises(json.JSONDecodeError):
        await stocked.get("/edge/products")
    async with stocked.session.get(f"{stocked.url}{BASE}/edge/products", headers=STATION) as broken:
        assert broken.content_length == len(whole.text.encode())
    async with stocked.session.get(f"{stocked.url}{BASE}/edge/products", headers=STATION) as cut:
        assert await cut.text() == whole.text[: len(whole.text) // 2]


async def test_the_refusal_of_a_call_breaks_off_too(stocked: Hq) -> None:
    await put(stocked, truncate=1)
    with pytest.raises(aiohttp.ClientPayloadError):
        await stocked.get("/fulfillments/x")


async def test_a_dripping_answer_is_whole_and_takes_the_time_named() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    faults = Faults(drip=1, delay_ms=2000)
    mischief = Mischief(faults, Keys([(Caller("station", "station"), SECRETS["station"])]), sleep)
    app = web.Application(middlewares=[mischief.middleware()])

    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="x" * int(request.query["many"]))

    app.router.add_get("/", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    async with aiohttp.ClientSession() as session:
        for many, pieces in ((10, 10), (2500, 834)):
            slept.clear()
            async with session.get(url, params={"many": many}) as found:
                assert await found.text() == "x" * many
            assert (len(slept), round(sum(slept), 6)) == (pieces, 2.0)
    await runner.cleanup()
    assert mischief.told()["done"] == {"drip": 2}


async def test_every_fault_repeats_from_its_seed(stocked: Hq) -> None:
    runs = []
    for _ in range(2):
        await put(stocked, status_503=0.3, html=0.3, expired_token=0.3, seed=11)
        runs.append([(await stocked.get("/tasks")).status for _ in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 401, 503}
