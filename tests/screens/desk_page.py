"""A desk in the browser over scripted answers, at a fixed time."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest_asyncio
from playwright.async_api import Browser, Route
from pydantic import BaseModel

from agent.api import exceptions, lanes, people
from local_store.domain import commands as c
from tests.screens import desk_views as d
from tests.screens.conftest import DEADLINE_MS, Screen
from tests.screens.stand_in import StandIn

ANSWERS: d.Json = {
    "/v1/station/desk/day": d.DAY,
    "/v1/station/desk/site": d.SITE,
    "/v1/station/desk/report": d.REPORT,
    "/v1/station/lanes/main/parked": d.PARKED,
    "/v1/fulfillment/picklists": d.LISTS,
    "/v1/station/tasks": d.TASKS,
    "/v1/station/stories/fulfillment/ful_10249": d.STORY,
    "/v1/station/desk/meant": {"code": "X", "things": [{"thing": "fulfillment", "id": "ful_10249"}]},
    "/v1/station/sign-in": d.SIGNED_IN,
    "/v1/station/workplaces": {"station": "station-1", "language": "en", "workplaces": []},
}


LIST = r"/v1/station/picklists/(?P<picklist_id>[^/]+)"
BODIES: dict[str, type[BaseModel]] = {
    rf"{LIST}/give": c.GivePicklist,
    rf"{LIST}/prioritise": c.PrioritisePicklist,
    rf"{LIST}/release": c.ReleasePicklist,
    "/v1/station/waves": c.RequestWave,
    "/v1/station/tasks": c.CreateTask,
    r"/v1/station/exceptions/(?P<exception_id>[^/]+)/decide": exceptions.BODY,
    "/v1/station/lanes/main/parked/.*/settle": lanes.Settle,
    "/v1/station/sign-in": people.SignIn,
}
# Only the wall clock stands: a scan is told from typing by the true times of its keys.
CLOCK_STANDS = """{
  const at = %d;
  window.Date = class extends Date {
    constructor(...of) {
      super(...(of.length ? of : [at]));
    }
    static now() {
      return at;
    }
  };
}"""
OpenDesk = Callable[..., Awaitable["Desk"]]


class Desk:
    """An open desk. `asked` holds every call with its body and whose key it carried."""

    def __init__(self, screen: Screen, answers: d.Json) -> None:
        self.screen, self.page, self.answers = screen, screen.page, {**ANSWERS, **answers}
        self.asked: list[tuple[str, Any, str]] = []

    async def answer(self, route: Route) -> None:
        """What the station would say."""
        request = route.request
        path = urlsplit(request.url).path
        body = json.loads(request.post_data) if request.post_data else None
        _require_like_the_station(path, body)
        self.asked.append((path, body, await request.header_value("authorization") or ""))
        said = self.answers.get(path, {"answer": {"tone": "done", "code": "x", "text": "Done as you asked."}})
        status = 409 if "error" in said else 200
        await route.fulfill(status=status, json=said)

    async def sign_in(self) -> None:
        """As the supervisor."""
        await self.page.locator("[data-key='sign-in']").click()
        await self.page.fill("#badge", "BADGE-EVE")
        await self.page.fill("#pin", "482915")
        await self.page.keyboard.press("Enter")
        await self.screen.shows("#said", "Eve Kowalczyk is signed in")

    async def shows(self, selector: str, text: str) -> None:
        """Wait until the part holds the text."""
        await self.screen.shows(selector, text)

    def acts(self) -> list[tuple[str, Any, str]]:
        """What was sent with a body, without the ids that each act makes for itself."""
        return [
            (path, {name: value for name, value in body.items() if name != "command_id"}, key)
            for path, body, key in self.asked
            if body is not None and path != "/v1/station/sign-in"
        ]


def _require_like_the_station(path: str, body: Any) -> None:
    """A page that sends anything but what the station takes fails its test."""
    for pattern, model in BODIES.items():
        if body is not None and (named := re.fullmatch(pattern, path)):
            model.model_validate_json(json.dumps({**body, **named.groupdict()}))


@pytest_asyncio.fixture(loop_scope="session")
async def open_desk(browser: Browser, station: StandIn) -> AsyncIterator[OpenDesk]:
    """Opens a desk at the time of the scripted morning; afterwards none may have complained in its console."""
    screens: list[Screen] = []

    async def open_page(
        page: str = "supervise",
        size: tuple[int, int] = (1280, 800),
        theme: str = "light",
        answers: d.Json | None = None,
        text: str = "16px",
    ) -> Desk:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            timezone_id="UTC",
            locale="en-GB",
            accept_downloads=True,
        )
        await context.add_init_script(CLOCK_STANDS % int(d.NOW.timestamp() * 1000))
        await context.add_init_script(f"localStorage.setItem('desk_theme', '{theme}')")
        screen = Screen(await context.new_page(), station)
        screens.append(screen)
        desk = Desk(screen, answers or {})
        await screen.page.route("**/v1/**", desk.answer)
        name, _, part = page.partition("#")
        await screen.page.goto(station.url(name) + (f"#{part}" if part else ""))
        ready = "desk-tabs a" if name == "supervise" else "shift-report h1"
        await screen.at(ready).first.wait_for(timeout=DEADLINE_MS)
        await screen.page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
        return desk

    yield open_page
    for screen in screens:
        await screen.page.context.close()
    faults = [fault for screen in screens for fault in screen.faults]
    assert not faults, faults
