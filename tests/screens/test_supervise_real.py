"""A supervisor at a real agent with a real HQ: what HQ refused is seen, its story read, and settled."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from agent import pins
from agent.cli.common import settings_from
from agent.wiring import Agent
from tests.agent.test_sync_command import Picker
from tests.hq.site import SECRETS, Hq, running_hq
from tests.screens.conftest import DEADLINE_MS
from tests.support.site import until, write_config, write_secret

pytestmark = pytest.mark.asyncio(loop_scope="session")
PIN = "482915"


@asynccontextmanager
async def station(folder: Path, hq: Hq) -> AsyncIterator[tuple[Picker, Agent]]:
    """A running agent where Ana picks and Eve may decide."""
    config = folder / "edge.toml"
    people = {
        "ana": {"name": "Ana", "badge": "BADGE-ANA", "roles": ["picker"]},
        "eve": {"name": "Eve", "badge": "BADGE-EVE", "roles": ["supervisor"], "pin_hash": pins.make(PIN)},
    }
    own = {"id": "st-1", "warehouse_id": "wh_1", "data_dir": "data", "listen": "127.0.0.1:0", "ballast_mb": 0}
    lane = {"dialect": "ofs", "url": hq.url, "secret": "hq-main", "tenant": "t1", "poll_s": 3600}
    work = {"pick-1": {"work": "pick"}}
    write_config(config, {"station": own, "hq": {"main": lane}, "workplaces": work, "workers": people})
    write_secret(folder, "hq-main", SECRETS["station"])
    agent = Agent(settings_from(config), folder)
    stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(agent.run(ready.set_result, stop))
    url = await ready
    key = (folder / "data" / "station.key").read_text()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as session:
        yield Picker(url, config, session), agent
    stop.set()
    await serving


async def picked_out_of_sight(hq: Hq, ana: Picker, ident: str, picklist: str) -> None:
    """HQ was away while a list was picked, and cancelled its order meanwhile: it refuses the pick."""
    await ana.does("scan", code="BADGE-ANA")

    async def has_work() -> bool:
        view = await ana.session.get(f"{ana.url}/v1/station/workplaces/pick-1/view")
        return picklist in await view.text()

    async def is_parked() -> bool:
        return bool((await ana.lane())["parked"])

    await until(has_work, "the picklist did not come")
    away = {"down": True, "only_role": "station"}
    assert (await hq.call("PUT", "/hq/faults", role="operator", json=away)).status == 200
    await ana.picks(picklist, 2)
    assert (await hq.post(f"/fulfillments/{ident}/cancel", {"reason": "customer"})).status == 200
    await hq.call("PUT", "/hq/faults", role="operator", json={})
    await until(is_parked, "HQ did not refuse the pick")


@pytest_asyncio.fixture(loop_scope="session")
async def at_work(tmp_path: Path) -> AsyncIterator[tuple[str, Picker, Agent]]:
    """The id of a list whose pick HQ refused, and the station it was picked at."""
    async with running_hq(tmp_path / "hq.db") as hq:
        await hq.with_products()
        ident = await hq.order("O-1", SKU_1=2)
        picklist = (await hq.wave(ident))["id"]
        async with station(tmp_path, hq) as (ana, agent):
            await picked_out_of_sight(hq, ana, ident, picklist)
            yield picklist, ana, agent


async def shows(page: Page, selector: str, text: str) -> None:
    await page.locator(selector).filter(has_text=text).first.wait_for(timeout=DEADLINE_MS)


async def test_a_supervisor_finds_and_settles_what_hq_refused(
    at_work: tuple[str, Picker, Agent], browser: Browser, pictures: Path
) -> None:
    picklist, ana, agent = at_work
    page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
    await page.goto(f"{ana.url}/supervise")
    await shows(page, "today-view .scope", "HQ main")
    await shows(page, "[data-figure='pack_throughput']", "whole site 0")
    await page.goto(f"{ana.url}/supervise#decide")
    await shows(page, "decide-view .case", "cancelled")
    await page.click("[data-key='sign-in']")
    await page.fill("#badge", "BADGE-EVE")
    await page.fill("#pin", PIN)
    await page.keyboard.press("Enter")
    await shows(page, "#said", "Eve is signed in")
    await page.screenshot(path=pictures / "desk_real_decide.png", full_page=True)
    entity = f"picklist:{picklist}"
    await page.fill(f"[data-key='note main {entity}']", "Phoned the office.")
    await page.click(f"[data-key='settle main {entity}']")
    await shows(page, "#said", f"Nothing more is sent of {entity}")
    settled = agent._store.reader.execute(
        "SELECT actor, body FROM journal WHERE kind = 'promise.settled' ORDER BY seq LIMIT 1"
    ).fetchone()
    assert (settled["actor"], json.loads(settled["body"])["note"]) == ("eve", "Phoned the office.")
    await page.fill("#code", picklist)
    await page.keyboard.press("Enter")
    await shows(page, "story-view .story", "Picked")
    await page.screenshot(path=pictures / "desk_real_story.png", full_page=True)
    await page.goto(f"{ana.url}/report")
    await shows(page, "shift-report", "Units picked")
    assert await page.locator("shift-report tr", has_text="Units picked").locator("td").first.inner_text() == "2"
    await page.context.close()
