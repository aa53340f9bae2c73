"""Nobody waits for ever, and no caller keeps the others out."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.support.site import until
from web.guard import refusals
from web.limits import limits
from web.routes import ANYONE, LINES, RouteTable, json_answer


class Slow:
    """A server whose answers come when they are let go."""

    def __init__(self) -> None:
        self.go, self.under_way = asyncio.Event(), 0

    def app(self) -> web.Application:
        routes = RouteTable()
        routes.get("/slow", ANYONE)(self.answer)
        routes.get("/late", ANYONE, deadline_s=0.02)(self.answer)
        routes.get("/broken", ANYONE)(self.breaks)
        routes.get("/lines", ANYONE, gives=LINES, deadline_s=0.02)(self.answer)
        app = web.Application(
            middlewares=[refusals, limits(lambda request: request.headers.get("X-Who", ""), at_once=2)]
        )
        routes.add_to(app)
        return app

    async def answer(self, _request: web.Request) -> web.Response:
        """Wait."""
        self.under_way += 1
        try:
            await self.go.wait()
        finally:
            self.under_way -= 1
        return json_answer({"ok": True})

    async def breaks(self, _request: web.Request) -> web.Response:
        """Give up inside."""
        raise TimeoutError


async def ask(client: TestClient[Any, Any], path: str, who: str = "ana") -> tuple[int, str, dict[str, Any]]:
    async with client.get(path, headers={"X-Who": who}) as answer:
        return answer.status, answer.headers.get("Retry-After", ""), await answer.json()


async def test_a_call_ends_at_its_deadline_and_says_that_it_may_yet_be_done() -> None:
    slow = Slow()
    async with TestClient(TestServer(slow.app())) as client:
        status, retry_after, body = await ask(client, "/late")
        assert (status, retry_after, body["error"]["code"]) == (503, "5", "too_slow")
        assert body["error"]["message"] == (
            "GET /late had no answer within 0.02 s; it may yet be done. Repeat it unchanged, with the same id or "
            "Idempotency-Key."
        )
        assert slow.under_way == 0


async def test_a_caller_with_too_many_calls_under_way_waits_and_others_do_not() -> None:
    slow = Slow()
    async with TestClient(TestServer(slow.app())) as client, asyncio.TaskGroup() as group:
        first = [group.create_task(ask(client, "/slow")) for _ in range(2)]
        await until(lambda: slow.under_way == 2, "they were not let in")
        status, retry_after, body = await ask(client, "/slow")
        assert (status, retry_after) == (429, "1")
        assert body["error"]["message"].startswith("2 requests of this caller are under way. Wait for their answers")
        other = group.create_task(ask(client, "/slow", "ben"))
        await until(lambda: slow.under_way == 3, "they were not let in")
        slow.go.set()
        assert [(await each)[0] for each in (*first, other)] == [200, 200, 200]
        assert (await ask(client, "/slow"))[0] == 200


async def test_what_lasts_as_long_as_somebody_listens_has_no_deadline_and_keeps_nobody_out() -> None:
    slow = Slow()
    async with TestClient(TestServer(slow.app())) as client, asyncio.TaskGroup() as group:
        listening = [group.create_task(ask(client, "/lines")) for _ in range(3)]
        await until(lambda: slow.under_way == 3, "they were not let in")
        assert (await ask(client, "/late"))[0] == 503  # later than their deadline would have been
        slow.go.set()
        assert [(await each)[0] for each in listening] == [200, 200, 200]


async def test_a_timeout_inside_a_handler_is_not_taken_for_the_deadline() -> None:
    async with TestClient(TestServer(Slow().app())) as client, client.get("/broken") as answer:
        assert answer.status == 504  # as aiohttp says it
