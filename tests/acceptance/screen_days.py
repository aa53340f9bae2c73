"""A house with a running agent, lived in through its pages alone: wedge scanners, buttons and keys, at three sizes.

HQ cannot be reached all day. The scale and the printer of the pack station are simulated.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Locator, async_playwright, expect

from agent import pins
from agent.wiring import Agent
from config import load
from devices.registry import SETTINGS
from devices.simulators.bench import BenchDevices
from local_store.domain import commands as c
from sync.dialects import SETTINGS as DIALECTS
from tests.screens.conftest import PICTURES, Screen
from tests.screens.stand_in import StandIn
from tests.support.browser import BROWSER_ARGS
from tests.support.dock import location
from tests.support.floor import new_id
from tests.support.patience import PATIENCE_S
from tests.support.site import free_port, until, write_config, write_secret

DEADLINE_MS = 1000 * PATIENCE_S
"""A day is not about speed: a machine that does much else may take its time."""
HELD_BACK = re.compile(r"WebSocket connection to|Failed to load resource: (net::|.*\b(429|503)\b)")
"""What the browser notes of a station that answers too late because its machine is busy; the page asks again."""
SIZES = {"handheld": (360, 640), "tablet": (768, 1024), "desktop": (1280, 800)}
at_every_size = pytest.mark.parametrize("size", SIZES)
at_a_desk = pytest.mark.parametrize("size", ["tablet", "desktop"])

WORKPLACES = {
    "pick": "pick",
    "pack": "pack",
    "dock": "receive",
    "put": "put_away",
    "count": "count",
    "back": "return",
    "look": "inspect",
    "kit": "kit",
    "door": "load",
}
ROLES = {
    "pick": "picker",
    "pack": "packer",
    "receive": "receiver",
    "put-away": "put-away",
    "count": "counter",
    "return": "returns-clerk",
    "inspect": "inspector",
    "kit": "kitter",
    "load": "loader",
}
"""Who works at each page, as the picture of the day is called."""
PIN = "482915"
PEOPLE = {
    "ana": ["picker", "packer"],
    "ben": ["picker", "packer"],
    "rosa": ["receiver", "picker"],
    "quinn": ["qc_agent"],
    "eve": ["supervisor"],
}


class House:
    """A running agent, what its store holds, and its scale and printer."""

    def __init__(self, agent: Agent, url: str, bench: BenchDevices) -> None:
        self.agent, self.url, self.bench = agent, url, bench

    async def does(self, command: c.Command) -> str:
        """What HQ says, or what people did before this day; the answer must be no refusal."""
        receipt = await self.agent._store.execute(command)
        assert not receipt.refused, receipt.answer.text
        return receipt.answer.text

    async def at(self, workplace: str, command: type[c.FloorCommand], **of: Any) -> str:
        """An act at another workplace of the house."""
        return await self.does(command(**{"command_id": new_id(), "workplace": workplace, **of}))

    async def scans(self, workplace: str, *codes: str) -> None:
        """Somebody scans at another workplace of the house."""
        for code in codes:
            await self.at(workplace, c.Scan, code=code)

    async def stocked(self, sku: str, location_id: str, qty: int) -> None:
        """So many units lie there in the morning."""
        await self.does(c.ReceiveInbound(command_id=new_id(), locations=(location(location_id, 1),)))
        where = {"location_id": location_id, "reason": "opening"}
        await self.does(c.AdjustStock(command_id=new_id(), worker_id="eve", sku=sku, qty=Decimal(qty), **where))

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the store."""
        return [tuple(row) for row in self.agent._store.reader.execute(sql, values)]

    def units(self, account: str, sku: str) -> int:
        """How many units of a product are in an account."""
        rows = self.rows("SELECT millionths FROM stock WHERE account = ? AND sku = ?", account, sku)
        return int(sum(millionths for (millionths,) in rows) // 1_000_000)


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """A whole agent on a free port, whose HQ does not answer."""
    bench = BenchDevices(folder / "devices", scanners=(), settle_s=0.02, print_s=0.02)
    await bench.start()
    address, path = f"127.0.0.1:{free_port()}", folder / "edge.toml"
    write_config(path, _settings(folder, address, bench))
    write_secret(folder, "hq-main", "k" * 32)
    agent, ready, stop = Agent(load(path, SETTINGS, DIALECTS), folder), asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(agent.run(lambda _url: ready.set(), stop))
    await until(lambda: ready.is_set() or running.done(), "the agent did not start")
    if running.done():
        await running
    try:
        yield House(agent, f"http://{address}", bench)
    finally:
        stop.set()
        await running
        await bench.stop()


def _settings(folder: Path, address: str, bench: BenchDevices) -> dict[str, Any]:
    people = {
        name: {"name": name.title(), "badge": f"BADGE-{name.upper()}", "roles": roles}
        | ({"pin_hash": pins.make(PIN)} if "supervisor" in roles else {})
        for name, roles in PEOPLE.items()
    }
    own = {"id": "north-3", "warehouse_id": "WH-1", "data_dir": str(folder / "data"), "ballast_mb": 0}
    nobody = f"http://127.0.0.1:{free_port()}"
    return {
        "station": {**own, "listen": address},
        "hq": {"main": {"dialect": "ofs", "url": nobody, "secret": "hq-main", "tenant": "t1", "poll_s": 3600}},
        "devices": bench.settings(),
        "workplaces": {
            name: {"work": work, "devices": ["scale", "printer"] if name == "pack" else []}
            for name, work in WORKPLACES.items()
        },
        "workers": people,
        "numbers": {"sscc": {"company_prefix": "0614141", "last": 999}},
    }


class Hands(Screen):
    """Somebody at a page, with a scanner that types. A button has to be in sight to be touched."""

    async def shows(self, selector: str, text: str) -> None:
        """Wait until the part holds the text."""
        await self.at(selector).filter(has_text=text).first.wait_for(timeout=DEADLINE_MS)

    async def scans(self, code: str, said: str) -> None:
        """Scan a code, and read the answer."""
        await self.scan(code)
        await self.shows("answer-band", said)

    async def is_refused(self, code: str, said: str) -> None:
        """Scan a code that is wrong now, and read why."""
        await self.scans(code, said)
        await self.at("answer-band[data-meaning=refused]").wait_for(timeout=DEADLINE_MS)

    async def taps(self, *keys: str) -> None:
        """Touch buttons, one after the other, by their names in the page."""
        for key in keys:
            await self.touches(self.at(f"main [data-key='{key}'], action-bar [data-key='{key}']").first)

    async def chooses(self, key: str) -> None:
        """Touch something of a list, which may have to be scrolled to."""
        await self.at(f"choice-list [data-key='{key}']").click(timeout=DEADLINE_MS)

    async def keys(self, text: str) -> None:
        """Touch the keys of the pad, then send."""
        for key in text:
            pressed = self.at(f"key-pad [data-key='{key}']")
            while not await pressed.count():
                await self.touches(self.at("key-pad [data-key=page]"))
            await self.touches(pressed)
        await self.touches(self.at("key-pad [data-key=ok]"))

    async def keys_quantity(self, text: str) -> None:
        """Touch the amount, and key how many are in hand in all."""
        await self.taps("quantity")
        await self.keys(text)

    async def touches(self, button: Locator) -> None:
        """Touch a button that is wholly in sight as the page stands: nobody scrolls for the way on."""
        await button.wait_for(timeout=DEADLINE_MS)
        await expect(button).to_be_in_viewport(ratio=0.98, timeout=DEADLINE_MS)
        await button.click(timeout=DEADLINE_MS)

    async def takes_a_photo(self, key: str, picture: bytes) -> None:
        """Touch what takes a photo, and take one with the device's own camera."""
        async with self.page.expect_file_chooser() as choosing:
            await self.taps(key)
        await (await choosing.value).set_files(FilePayload(name="photo.png", mimeType="image/png", buffer=picture))

    async def loads_again(self) -> None:
        """Load the page again in the middle of work."""
        await self.page.reload()
        await self.is_there()

    async def signs_out(self) -> None:
        """Leave the workplace."""
        await self.touches(self.at("station-strip [data-key=sign-out]"))
        await self.shows("next-thing", "Scan your badge")

    async def is_there(self) -> None:
        """The page hears the station, and knows that HQ is away."""
        await self.at("body[data-connected='true']").wait_for(timeout=DEADLINE_MS)
        await self.shows("station-strip .standing", "HQ away")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chrome(chromium: str) -> AsyncIterator[Browser]:
    """A browser for all days of a file."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGS)
        yield running
        await running.close()


@asynccontextmanager
async def page_of(chrome: Browser, size: str, address: str, who: str) -> AsyncIterator[Hands]:
    """A page at a size; its picture is kept when the day ends, and it may complain of nothing."""
    width, height = SIZES[size]
    context = await chrome.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    opened = Hands(await context.new_page(), StandIn())
    await opened.page.goto(address)
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        yield opened
    finally:
        await opened.page.screenshot(path=PICTURES / f"day_{who}_{size}.png")
        await context.close()
    assert [fault for fault in opened.faults if not HELD_BACK.match(fault)] == [], opened.faults


@asynccontextmanager
async def hands(chrome: Browser, place: House, size: str, page: str, who: str) -> AsyncIterator[Hands]:
    """Somebody at a work screen of the house, who signs in by badge."""
    async with page_of(chrome, size, f"{place.url}/{page}", ROLES[page]) as opened:
        await opened.is_there()
        await opened.scans(f"BADGE-{who.upper()}", f"Hello {who.title()}.")
        yield opened
