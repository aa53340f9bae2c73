"""Holding a central service to its contract from the command line: what is kept, what is not, and what it prints."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner

from agent.cli.hq_conform import conform as conform_command
from tests.agent.test_hq_command import edge_agent
from tests.hq.served import served_part
from tests.support.site import Hq

SECRET = "the-key-of-the-office-1"


@pytest.fixture
async def hq(tmp_path: Path) -> AsyncIterator[Hq]:
    """A service with a product, ten of it in stock, and an order."""
    running = Hq(tmp_path)
    await running.start()
    try:
        await running.load("products", [{"sku": "SKU-1", "name": "Tea", "location_id": "A-01-1"}])
        row = {"sku": "SKU-1", "location_id": "A-01-1", "quantity": 10, "reference": "opening"}
        await running.load("stock", [row])
        line = {"order_line_id": "1", "sku": "SKU-1", "quantity": 1}
        await running.call("POST", "/fulfillments", {"order_id": "o-1", "warehouse_id": "wh_1", "lines": [line]})
        yield running
    finally:
        running.process.stop()


async def conform(url: str, *more: str) -> tuple[int, list[str]]:
    code, told = await edge_agent("hq", "conform", "--dialect", "ofs", "--url", url, *more)
    assert SECRET not in told
    return code, told.splitlines()


def about(lines: list[str], operation: str, sent: str) -> str:
    """What the table says of one check."""
    (found,) = [line for line in lines if line.startswith(f"{operation} ") and line[51:].startswith(f"{sent} ")]
    return " ".join(found[51 + len(sent) :].split())


async def test_our_own_service_is_as_documented_wherever_it_has_a_route(hq: Hq) -> None:
    values = ("--value", "sku=SKU-1", "--value", "warehouse_id=wh_1", "--value", "station_id=p1")
    target = (f"{hq.url}/v1/fulfillment", "--secret-file", str(hq.keys_file), *values)
    code, lines = await conform(*target, "--write", "--extensions")
    served = {each.name for each in served_part().operations}
    broken = [line for line in lines if "NOT AS DOCUMENTED: " in line and line[:50].strip() in served]
    assert broken == []
    assert about(lines, "GET /fulfillments", "valid call") == "200 as documented: answered as the contract says"
    assert about(lines, "GET /fulfillments", "all pages") == "200 as documented: the list ends after 1 page(s)"
    assert about(lines, "GET /fulfillments", "no key").startswith("401 as documented")
    assert about(lines, "GET /fulfillments/{fulfillmentId}", "unknown id").startswith("404 as documented")
    assert about(lines, "POST /fulfillments", "valid call").startswith("201 as documented")
    assert about(lines, "POST /fulfillments", "broken JSON").startswith("400 as documented")
    assert about(lines, "POST /picklists", "valid call").startswith("201 as documented")
    assert about(lines, "POST /picklists/{picklistId}/start", "valid call").startswith("200 as documented")
    assert about(lines, "POST /fulfillments/{fulfillmentId}/cancel", "valid call").startswith("200 as documented")
    assert (code == 0) == lines[-1].split(", ")[1].startswith("0 ")


async def test_without_write_nothing_is_changed_and_no_extension_is_asked_for(hq: Hq) -> None:
    await conform(f"{hq.url}/v1/fulfillment", "--secret-file", str(hq.keys_file))
    before = await hq.call("GET", "/hq/truth")
    _, lines = await conform(f"{hq.url}/v1/fulfillment", "--secret-file", str(hq.keys_file))
    assert await hq.call("GET", "/hq/truth") == before
    assert [line for line in lines[1:-1] if not line.startswith("GET /")] == []
    assert [line for line in lines if "/edge/" in line] == []


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def broken_server() -> AsyncIterator[str]:
    """A service that gets each thing wrong in its own way."""
    app = web.Application(middlewares=[_needs_key])
    base = "/v1/fulfillment"
    for path, answer in BROKEN.items():
        app.router.add_get(base + path, answer)
    app.router.add_post(base + "/picklists", _says_yes)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{base}"
    finally:
        await runner.cleanup()


@web.middleware
async def _needs_key(request: web.Request, handler: Answer) -> web.StreamResponse:
    if request.headers.get("Authorization") == f"Bearer {SECRET}" or request.path.endswith(("/queues", "/health")):
        return await handler(request)
    return web.json_response({"error": {"code": "no_key", "message": "No key."}}, status=401)


async def _endless(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"items": [], "next_cursor": "again"})


async def _page(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"items": [], "next_cursor": None})


async def _half(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"items": [{"id": "rtn_1"}], "next_cursor": None})


async def _html(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>Log in first</html>", content_type="text/html")


async def _fault(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"error": {"code": "oops", "message": "Sorry."}}, status=500)


async def _elsewhere(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(request.path.replace("/roles", "/metrics"))


async def _metrics(request: web.Request) -> web.StreamResponse:
    return web.json_response({"found": request.path})


async def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def _says_yes(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"picklist_id": "pick_1"}, status=201)


BROKEN: dict[str, Answer] = {
    "/fulfillments": _endless, "/fulfillments/{id}": _metrics, "/queues": _page, "/returns": _half, "/health": _html,
    "/settings": _fault, "/roles": _elsewhere, "/metrics": _metrics, "/slas": _cut, "/warehouses/{id}": _metrics,
}  # fmt: skip


async def test_each_way_to_break_the_contract_is_told(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(SECRET)
    async with broken_server() as url:
        code, lines = await conform(url, "--secret-file", str(key), "--write", "--value", "warehouse_id=wh_1")
    assert code == 1

    def said(operation: str, sent: str, status: str, sentence: str) -> None:
        assert about(lines, operation, sent).startswith(f"{status} NOT AS DOCUMENTED: {sentence}")

    said("GET /fulfillments", "page 2", "200", "the list does not end: a cursor comes again")
    said("GET /queues", "no key", "200", "a call without a key is answered 200, not 401 or 403")
    said("GET /returns", "valid call", "200", "GET /returns, answer 200, body.items.0: must have order_id, status, ")
    said("GET /health", "valid call", "200", "GET /health, answer 200, body: must be of type application/json (got ")
    said("GET /settings", "valid call", "500", "the server answers 500 to a call that should work")
    said("GET /roles", "valid call", "302", "GET /roles answered 302, which its contract does not name")
    said("GET /slas", "valid call", "-", "no answer: ")
    said("GET /warehouses/{warehouseId}", "unknown id", "200", "an id that nobody has is answered 200, not 404")
    said("POST /picklists", "broken JSON", "201", "a body that breaks the contract is answered 201, not refused")
    assert about(lines, "GET /metrics", "valid call") == "200 as documented: answered as the contract says"


def refused(*arguments: str) -> str:
    """The sentence with which the command does not begin."""
    told = CliRunner().invoke(conform_command, arguments)
    assert (told.exit_code, SECRET in told.output) == (2, False)
    return told.output.strip()


def test_a_key_goes_only_over_tls_or_to_this_machine_and_wrong_options_are_told_without_it() -> None:
    key = ("--header", f"Authorization: Bearer {SECRET}")
    for url in ("http://hq.example/v1/fulfillment", "ftp://127.0.0.1/", "hq.example"):
        sentence = f"--url must be https://..., or http:// on this machine (got {url})."
        assert refused("--dialect", "ofs", "--url", url, *key) == sentence
    target = ("--url", "https://hq.example")
    assert refused("--dialect", "ofs", *target, "--header", SECRET) == "--header wants NAME:VALUE."
    assert refused("--dialect", "none", *target).startswith(
        "There is no contract of a dialect 'none'; there is one of "
    )


async def test_the_command_line_looks_into_a_contract_without_importing_hq() -> None:
    program = (
        "import sys, agent.conform\nfrom web.contract import Contract\nContract.load('ofs')\n"
        "print([name for name in sys.modules if name.partition('.')[0] in {'hq', 'aiohttp'}])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: ASYNC221
    assert found.stdout.strip() == "[]"
