"""One HQ's HTTP: nothing lasts longer than its patience, nothing but JSON is an answer, nothing else is trusted."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from config.model import Hq
from sync.auth import FixedKey, RenewedToken, SignedLine, Token
from sync.dialect import Answer, NoAnswer, Reply
from sync.http import MAX_FILE, File, Line
from tests.sync.mischief import CASES, Case, Mischief, between
from web.contract import Contract

PATIENCE_S = 2
SLACK_S = 20
"""A starved machine may take this much longer than our patience; without an end it would be for ever."""


@asynccontextmanager
async def serving(handle: Callable[[web.Request], Any]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def line_to(url: str, **of: Any) -> AsyncIterator[Line]:
    settings = Hq.model_validate({"dialect": "x", "url": url, "secret": "hq", "timeout_s": PATIENCE_S, **of})
    line = Line(settings, url, {"X-Here": "yes"})
    try:
        yield line
    finally:
        await line.close()


class Once(Mischief):
    """One case strikes the first call and no other."""

    def __init__(self, case: Case) -> None:
        super().__init__(Contract.load("ofs"), "/v1/fulfillment", 1)
        self._left: list[Case] = [case]

    def strike(self, _method: str, _target: str, _body: bytes) -> Case | None:
        return self._left.pop() if self._left else None


async def _thing(_request: web.Request) -> web.Response:
    return web.json_response({"id": "x" * 3000})


async def test_after_any_misbehaviour_calls_end_in_time_and_the_connection_works_again() -> None:
    async def one(case: Case, hq: str) -> tuple[str, float, Reply]:
        async with between(hq, Once(case)) as spoiled, line_to(spoiled) as line:
            longest = 0.0
            for _ in range(4):
                began = time.monotonic()
                reply = await line.call("POST", "/things", {}, b'{"n": 1}')
                longest = max(longest, time.monotonic() - began)
            return str(case), longest, reply

    async with serving(_thing) as hq:
        ends = [await asyncio.gather(*(one(case, hq) for case in CASES[at : at + 70])) for at in range(0, 210, 70)]
    told = [each for some in ends for each in some]
    assert len(told) == len(CASES)
    assert [name for name, longest, _ in told if longest > PATIENCE_S + SLACK_S] == []
    wrong = [name for name, _, last in told if not (isinstance(last, Answer) and last.body == {"id": "x" * 3000})]
    assert wrong == []


async def test_an_answer_that_came_before_its_request_does_not_outlast_our_patience() -> None:
    """aiohttp's own limit does not reach such an answer: it would be waited for without an end."""
    answered, sent = asyncio.Event(), asyncio.Event()
    held: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        await answered.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{")
        await writer.drain()
        sent.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with line_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as line:
        assert await line.call("GET", "/") == Answer(200, {})
        answered.set()
        await sent.wait()
        for _ in range(20):
            await asyncio.sleep(0)  # turns of the loop: what came before its time is read
        async with asyncio.timeout(PATIENCE_S + SLACK_S):
            late = await line.call("GET", "/")
    server.close()
    for writer in held:
        writer.close()
        await writer.wait_closed()
    assert isinstance(late, NoAnswer)
    assert "did not answer" in late.sentence


async def test_long_bodies_go_packed_where_hq_takes_it_and_short_ones_never() -> None:
    seen: list[tuple[str | None, int]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append((request.headers.get("Content-Encoding"), len(await request.read())))
        return web.json_response({})

    body = b'{"a": "' + b"x" * 5000 + b'"}'
    async with serving(take) as hq:
        for compress in (True, False):
            async with line_to(hq, compress=compress) as line:
                for sent in (body, b"{}"):
                    assert await line.call("POST", "/", {}, sent) == Answer(200, {})
    assert seen == [("gzip", 5009), (None, 2), (None, 5009), (None, 2)]  # the server has unpacked it


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://files.example.com/a.zpl", "is not https"),
        ("ftp://127.0.0.1/a.zpl", "is not https"),
        ("http://[", "is not an address"),
        ("file:///etc/passwd", "is not https"),
    ],
)
async def test_a_file_is_fetched_and_sent_by_https_only(address: str, words: str) -> None:
    async with line_to("https://hq.example.com") as line:
        for reply in (await line.download(address), await line.upload(address, b"x", "image/png")):
            assert isinstance(reply, NoAnswer)
            assert words in reply.sentence
            assert not reply.sent


async def test_a_file_comes_without_our_headers_and_not_larger_than_it_may_be() -> None:
    seen: list[bool] = []

    async def give(request: web.Request) -> web.StreamResponse:
        seen.append("Authorization" in request.headers or "X-Here" in request.headers)
        if request.path == "/large":
            return web.Response(body=gzip.compress(bytes(MAX_FILE + 1)), headers={"Content-Encoding": "gzip"})
        return web.Response(
            body=b"^XA^XZ", content_type="application/zpl", status=200 if request.path == "/a" else 403
        )

    async with serving(give) as hq, line_to(hq) as line:
        assert await line.download(f"{hq}/a") == File(b"^XA^XZ", "application/zpl")
        ended, large = await line.download(f"{hq}/b"), await line.download(f"{hq}/large")
    assert isinstance(ended, NoAnswer)
    assert ended.status == 403
    assert isinstance(large, NoAnswer)
    assert "more than" in large.sentence
    assert seen == [False] * 3


class Hq401:
    """Accepts the newest token only, and counts."""

    def __init__(self) -> None:
        self.given, self.calls, self.now_s, self.life_s = 0, 0, 0.0, 3600
        self.refuses: Reply | None = None

    async def fetch(self) -> Token | Reply:
        if self.refuses is not None:
            return self.refuses
        self.given += 1
        return Token(f"t{self.given}", self.life_s)

    async def answer(self, request: web.Request) -> web.Response:
        self.calls += 1
        good = request.headers.get("Authorization") == f"Bearer t{self.given}"
        return web.json_response({}, status=200 if good else 401)


@asynccontextmanager
async def signed(hq: Hq401) -> AsyncIterator[SignedLine]:
    async with serving(hq.answer) as url, line_to(url) as line:
        yield SignedLine(line, RenewedToken(hq.fetch, lambda: hq.now_s))


async def test_a_token_is_fetched_once_for_many_calls_and_again_before_it_ends() -> None:
    hq = Hq401()
    async with signed(hq) as line:
        await asyncio.gather(*(line.call("GET", "/") for _ in range(10)))
        assert hq.given == 1
        hq.now_s = 3600 - 59
        assert await line.call("GET", "/") == Answer(200, {})
    assert (hq.given, hq.calls) == (2, 11)


async def test_a_token_that_is_refused_is_renewed_once_and_the_call_made_once_more() -> None:
    hq = Hq401()
    async with signed(hq) as line:
        await line.call("GET", "/")
        hq.given = 7  # HQ was started anew and knows the old token no more
        assert await line.call("GET", "/") == Answer(200, {})
        assert (hq.given, hq.calls) == (8, 3)


async def test_a_key_that_is_refused_is_told_and_not_tried_without_end() -> None:
    hq = Hq401()
    hq.refuses = Answer(401, {"error": "invalid_client"})
    async with signed(hq) as line:
        assert await line.call("GET", "/") == hq.refuses
        hq.refuses = NoAnswer("HQ is away.", sent=False)
        assert await line.call("GET", "/") == hq.refuses
    assert hq.calls == 0


async def test_a_fixed_key_is_not_renewed() -> None:
    hq = Hq401()
    async with serving(hq.answer) as url, line_to(url) as plain:
        reply = await SignedLine(plain, FixedKey({"Authorization": "Bearer old"})).call("GET", "/")
    assert reply == Answer(401, {})
    assert hq.calls == 1
