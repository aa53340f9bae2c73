"""A page of a foreign origin, in a real browser that has the station open too: it changes nothing, reads nothing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import pytest
import pytest_asyncio
import uuid_utils
from aiohttp import web
from playwright.async_api import BrowserContext, Page, Route, async_playwright

from tests.support.browser import BROWSER_ARGS
from tests.support.demo import Demo
from tests.support.site import until

pytestmark = [pytest.mark.asyncio(loop_scope="module")]

REBOUND = "evil.example"
"""A name of the attacker's that was changed to mean this machine (DNS rebinding)."""

# Tries everything a page can do to one address; tells what it could see of the answer.
ATTACK = """async ({ base, calls, socket }) => {
  const seen = [];
  const see = (how, url, what) => seen.push(`${how} ${url}: ${what}`);
  const tag = (name, member, url) => new Promise((resolve) => {
    const element = document.createElement(name);
    element.onload = () => { see(name, url, `loaded ${element.width || ""}`); resolve(); };
    element.onerror = () => resolve();
    if (name === "link") element.rel = "stylesheet";
    element[member] = url;
    document.body.append(element);
  });
  const fetched = async (how, url, options) => {
    try {
      const answer = await fetch(url, { credentials: "include", ...options });
      if (answer.type !== "opaque") see(how, url, `${answer.status} ${(await answer.text()).slice(0, 200)}`);
    } catch { /* refused by the browser, as it should be */ }
  };
  const form = (url, type, body) => {
    const frame = document.createElement("iframe");
    frame.name = `frame${Math.random()}`;
    const sent = document.createElement("form");
    Object.assign(sent, { action: url, method: "POST", enctype: type, target: frame.name });
    const field = document.createElement("input");
    [field.name, field.value] = [body.slice(0, -1), body.slice(-1)];  // text/plain: name=value makes JSON of it
    sent.append(field);
    document.body.append(frame, sent);
    sent.submit();
  };
  const socketed = (url) => new Promise((resolve) => {
    const line = new WebSocket(url.replace("http", "ws"));
    line.onopen = () => { see("WebSocket", url, "open"); resolve(); };
    line.onmessage = (message) => see("WebSocket", url, message.data.slice(0, 200));
    line.onerror = () => resolve();
  });
  for (const { method, path, body } of calls) {
    const url = base + path, json = JSON.stringify(body);
    const tries = [fetched(`cors ${method}`, url, {
      method, headers: { "Content-Type": "application/json" }, body: method === "GET" ? undefined : json,
    })];
    if (method === "GET") {
      tries.push(fetched("no-cors", url, { mode: "no-cors" }));
      tries.push(tag("img", "src", url), tag("script", "src", url), tag("link", "href", url));
    } else {
      tries.push(fetched("no-cors", url, { method: "POST", mode: "no-cors", body: json }));
      for (const type of ["text/plain", "application/x-www-form-urlencoded"]) form(url, type, json);
    }
    await Promise.all(tries);
  }
  await Promise.all(socket.map((path) => socketed(base + path)));
  return seen;
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    async with Demo(tmp_path_factory.mktemp("foreign")) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str, demo: Demo) -> AsyncIterator[BrowserContext]:
    """A browser in which the station's own screen is open, so that it has the station's cookie."""
    rules = [
        f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1",
        # What a newer browser refuses by itself; others do not.
        "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
    ]
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=[*BROWSER_ARGS, *rules])
        context = await started.new_context()
        await (await context.new_page()).goto(f"{demo.url}/pick")
        yield context
        await started.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def foreign_port() -> AsyncIterator[int]:
    """Another server on this machine, which serves the attacker's page under any name."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><body></body>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def every_call(demo: Demo) -> list[dict[str, Any]]:
    """A call of every route, as right as one body for all can be; `scan` is one that does something."""
    document = await demo.get("/v1/openapi.json")
    known = {"workplace": "pick", "name": "sample", "lane": "hq", "file": "tokens.css", "act": "scan"}
    calls = []
    for path, item in document["paths"].items():
        for method in item:
            named = re.sub(r"\{(\w+)\}", lambda found: known.get(found.group(1), "x"), path)
            body = {"command_id": str(uuid_utils.uuid7()), "code": "BADGE-ANA"}
            calls.append({"method": method.upper(), "path": named, "body": body})
    assert len(calls) > 60
    calls.append({"method": "GET", "path": "/v1/station/templates/gs1_logistic_4x6/preview.png", "body": None})
    return calls


def facts(demo: Demo) -> list[Any]:
    """All that the store remembers of what it was told by people: facts, answers, labels, files.

    What HQ sends may come at any moment: a page of it without news leaves an answer and nothing else.
    """
    from_hq = "answer LIKE '%work.received%'"
    with closing(sqlite3.connect(f"file:{demo.folder}/demo/store/edge.sqlite3?mode=ro", uri=True)) as db:
        tables = ("journal", f"receipt WHERE NOT {from_hq}", "spool_job", "file", "outbox")
        return [db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]


SOCKETS = ["/v1/station/live?workplace=pick", "/v1/station/facts/live"]


async def attack(page: Page, demo: Demo, base: str) -> list[str]:
    before = facts(demo)
    wanted = {"base": base, "calls": await every_call(demo), "socket": SOCKETS}
    seen: list[str] = await page.evaluate(ATTACK, wanted)
    await page.wait_for_load_state("load")  # the frames of the forms
    assert facts(demo) == before
    return seen


async def test_the_same_page_served_by_the_station_itself_sees_and_changes_much(
    browser: BrowserContext, demo: Demo
) -> None:
    """So that the tests below are known to try what would work."""
    page, before = await browser.new_page(), facts(demo)
    await page.goto(f"{demo.url}/pick")
    calls = [each for each in await every_call(demo) if each["path"].endswith(("/scan", "/view", "preview.png"))]
    seen = await page.evaluate(ATTACK, {"base": demo.url, "calls": calls, "socket": SOCKETS})
    for way in ("cors GET", "cors POST", "img", "WebSocket"):
        assert [each for each in seen if each.startswith(way)], way
    await until(lambda: facts(demo) != before, "nothing was changed")
    await page.wait_for_load_state("networkidle")  # all of it has arrived before the next test counts
    await page.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", REBOUND])
async def test_a_page_of_another_origin_changes_nothing_and_sees_nothing(
    browser: BrowserContext, demo: Demo, foreign_port: int, host: str
) -> None:
    page = await browser.new_page()
    await page.goto(f"http://{host}:{foreign_port}/")
    assert await attack(page, demo, demo.url) == []


async def test_a_name_that_was_made_to_mean_this_machine_gets_nothing_but_refusals(
    browser: BrowserContext, demo: Demo
) -> None:
    page, port = await browser.new_page(), demo.url.rpartition(":")[2]
    base = f"http://{REBOUND}:{port}"

    async def attackers_page(route: Route) -> None:
        await route.fulfill(body="<!doctype html><body></body>", content_type="text/html")

    await page.route(f"{base}/attack", attackers_page)
    await page.goto(f"{base}/attack")
    seen = await attack(page, demo, base)
    assert seen  # the browser takes it for the page's own server
    assert [each for each in seen if "wrong_host" not in each] == []


async def test_a_link_on_a_page_of_the_house_still_leads_to_the_screens(
    browser: BrowserContext, demo: Demo, foreign_port: int
) -> None:
    page = await browser.new_page()
    await page.goto(f"http://localhost:{foreign_port}/")
    await page.evaluate("url => { location = url; }", f"{demo.url}/pick")
    await page.wait_for_url(f"{demo.url}/pick")
    assert await page.title()
