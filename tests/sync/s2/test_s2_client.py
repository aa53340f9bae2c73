"""Signing in at an S2 that refuses it in any way: the lane waits or pauses, nothing is given up or shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from local_store.clock import SystemClock
from sync.dialect import Answer, AtStation, NoAnswer, Outcome
from sync.dialects.s2.capabilities import S2Hq
from sync.dialects.s2.client import S2Client
from tests.sync.s2.test_s2_translate import FACTS, REQUEST, made

PASSWORD = "a-password-nobody-may-see"
SETTINGS = {
    "dialect": "s2", "secret": "s2", "email": "st-1@house", "timeout_s": 5,
    "organization": "95d73baf-76ba-4bea-86ac-1534c5e5d4aa", "warehouse": "9cae310d-c440-4d78-bdc0-bf306ec33880",
}  # fmt: skip


@asynccontextmanager
async def s2(
    login: web.Response, others: dict[str, web.Response] | None = None
) -> AsyncIterator[tuple[S2Client, list[str]]]:
    """A client of a server that answers the login so, and 404 to all but `others`; with the paths that were asked."""
    asked: list[str] = []

    async def handle(request: web.BaseRequest) -> web.Response:
        asked.append(f"{request.method} {request.path}")
        answer = login if request.path == "/login" else (others or {}).get(request.path)
        if answer is None:
            return web.json_response({"message": "not found"}, status=404)
        return web.Response(body=answer.body, status=answer.status, headers={"Content-Type": answer.content_type})

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    client = S2Client(S2Hq.model_validate({**SETTINGS, "url": url}), PASSWORD, AtStation("st", "wh", SystemClock()))
    try:
        yield client, asked
    finally:
        await client.close()
        await runner.cleanup()


def said(status: int, body: Any = None) -> web.Response:
    return web.json_response({"message": f"no, {PASSWORD[:3]}"} if body is None else body, status=status)


@pytest.mark.parametrize(
    ("login", "outcome"),
    [
        (said(400), Outcome.AUTH),
        (said(401), Outcome.AUTH),
        (said(403), Outcome.AUTH),
        (said(422), Outcome.AUTH),
        (said(429), Outcome.WAIT),
        (said(500), Outcome.WAIT),
        (said(200, {}), Outcome.WAIT),
        (said(200, []), Outcome.WAIT),
        (said(200, {"accessToken": ""}), Outcome.WAIT),
        (said(200, {"accessToken": "a\r\nX-Evil: 1"}), Outcome.WAIT),
        (said(302), Outcome.WAIT),
        (web.Response(text="<html>Sign in</html>", content_type="text/html"), Outcome.WAIT),
    ],
)
async def test_a_login_that_fails_gives_no_fact_up(login: web.Response, outcome: Outcome) -> None:
    async with s2(login) as (client, asked):
        reply = await client.send(REQUEST, FACTS)
        verdict = client.verdict(FACTS, REQUEST, reply)
    assert verdict.outcome is outcome
    assert "POST /fulfillment" not in asked, "nothing goes without a token"
    assert PASSWORD not in f"{verdict} {reply}"


async def test_a_login_answers_with_a_token_that_is_never_shown() -> None:
    token = said(200, {"accessToken": "a-token-nobody-may-see"})
    async with s2(token, {"/fulfillment": said(201, made())}) as (client, asked):
        for _ in range(2):
            reply = await client.send(REQUEST, FACTS)
            assert client.verdict(FACTS, REQUEST, reply).outcome is Outcome.OK
        assert "nobody-may-see" not in f"{client._signed.__dict__} {client._line.__dict__} {reply}"
    assert asked == ["POST /login", "POST /fulfillment", "POST /fulfillment"], "one token for many calls"


async def test_a_token_that_is_refused_is_fetched_once_more_and_no_more() -> None:
    async with s2(said(200, {"accessToken": "t"}), {"/fulfillment": said(401)}) as (client, asked):
        verdict = client.verdict(FACTS, REQUEST, await client.send(REQUEST, FACTS))
    assert verdict.outcome is Outcome.AUTH
    assert asked == ["POST /login", "POST /fulfillment"] * 2


@pytest.mark.parametrize(("message", "status"), [("Unauthorized for this organization", 401), ("not yours", 403)])
async def test_a_read_that_is_refused_for_the_organisation_counts_as_a_refused_key(message: str, status: int) -> None:
    refusal = said(403, {"message": message})
    async with s2(said(200, {"accessToken": "t"}), {"/order": refusal}) as (client, _):
        reply = await client.call("GET", "/order", None)
    assert isinstance(reply, Answer)
    assert reply.status == status


async def test_a_refused_second_one_whose_order_cannot_be_read_is_found_out_later() -> None:
    exists = said(409, {"code": "ALREADY_EXISTS", "message": made()["channelFulfillmentId"]})
    order = f"/order/{made()['orderId']}"
    for answer, outcome in ((said(500), Outcome.WAIT), (said(404), Outcome.DUP), (said(200, {"id": 5}), Outcome.DUP)):
        async with s2(said(200, {"accessToken": "t"}), {"/fulfillment": exists, order: answer}) as (client, _):
            verdict = client.verdict(FACTS, REQUEST, await client.send(REQUEST, FACTS))
            assert (verdict.outcome, verdict.learned) == (outcome, ())


async def test_before_a_repeat_the_order_is_read_and_silence_is_not_absence() -> None:
    order = f"/order/{made()['orderId']}"
    token = said(200, {"accessToken": "t"})
    for answer, found in ((said(404), None), (said(200, {"id": made()["orderId"], "fulfillments": []}), None)):
        async with s2(token, {order: answer}) as (client, _):
            assert await client.look_up(REQUEST, FACTS) is found
    async with s2(token, {order: said(503)}) as (client, _):
        there = await client.look_up(REQUEST, FACTS)
        assert there is not None
        assert there[1].outcome is Outcome.WAIT
    async with s2(token, {order: said(200, {"id": made()["orderId"], "fulfillments": [made()]})}) as (client, _):
        there = await client.look_up(REQUEST, FACTS)
        assert there is not None
        assert (there[1].outcome, len(there[1].learned)) == (Outcome.DUP, 4)


async def test_s2_is_there_when_it_refuses_and_away_when_something_else_answers() -> None:
    async with s2(said(200), {"/account": said(401)}) as (client, _):
        assert await client.probe() is None
    for answer in (said(503), web.Response(text="<html>", content_type="text/html")):
        async with s2(said(200), {"/account": answer}) as (client, _):
            assert await client.probe() is not None


async def test_no_connection_is_no_answer() -> None:
    settings = S2Hq.model_validate({**SETTINGS, "url": "http://127.0.0.1:1"})
    client = S2Client(settings, PASSWORD, AtStation("st", "wh", SystemClock()))
    reply = await client.send(REQUEST, FACTS)
    await client.close()
    assert isinstance(reply, NoAnswer)
    assert not reply.sent
