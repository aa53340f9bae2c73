from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, ConsoleMessage, Locator, Page, async_playwright

from tests.screens.it_stand_in import ItStandIn
from tests.screens.stand_in import StandIn
from tests.support.browser import BROWSER_ARGS, KEYS, type_at_once, type_keys
from tests.support.patience import PATIENCE_S

HANDHELD = (360, 640)
STATION = (1280, 800)
PICTURES = Path(__file__).parents[2] / "build" / "screens"
DEADLINE_MS = 1000 * PATIENCE_S
# The browser itself reports these when a server is away or refuses; a test says when it expects them.
NETWORK_COMPLAINTS = ("Failed to load resource", "WebSocket connection to")
# Listens at the browser's own border, and lets everything through: what really sounds and shakes.
RECORD_SIGNALS = """
window.sounded = [];
window.vibrated = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  sounded.push({ hertz: this.frequency.value, wave: this.type });
  return start.call(this, at);
};
const vibrate = Navigator.prototype.vibrate;
Navigator.prototype.vibrate = function (pattern) {
  vibrated.push(pattern);
  return vibrate.call(this, pattern);
};
// Headless Chromium lets every page sound at once; on a handheld there is silence until the first touch.
window.AudioContext = class extends AudioContext {
  constructor() {
    super();
    this.suspend();
  }
};
"""


class Screen:
    """One open page, the station behind it, and everything the page complained about."""

    def __init__(self, page: Page, station: StandIn) -> None:
        self.page, self.station = page, station
        self.faults: list[str] = []
        self.network_may_fail = False
        self.network_failed = 0
        self.cdp: CDPSession | None = None
        self.last_key_s = 0.0
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def at(self, selector: str) -> Locator:
        return self.page.locator(selector)

    async def text(self, selector: str) -> str:
        return (await self.at(selector).first.inner_text()).strip()

    async def shows(self, selector: str, text: str) -> None:
        """Wait until the part holds the text."""
        await self.at(selector).filter(has_text=text).first.wait_for(timeout=DEADLINE_MS)

    async def touch(self) -> None:
        """The first touch, which unlocks the sound."""
        await self.page.mouse.click(2, 2)
        await self.page.get_by_text("sound off").wait_for(state="hidden", timeout=DEADLINE_MS)

    async def scan(self, *codes: str) -> None:
        """Type whole codes with no pause at all."""
        await type_at_once(self.page, *codes)

    async def burst(self, *parts: str | int, end: str = "Enter") -> None:
        """Type as a scanner does, a key every 3 ms. Parts: text, the name of a key (F8), a longer pause in ms."""
        keys: list[str | int] = []
        for part in parts:
            keys += [part] if isinstance(part, int) or part in KEYS else list(part)
        await self.press([*keys, end] if end else keys, 3)

    async def press(self, keys: Sequence[str | int], gap_ms: int) -> None:
        """Real keys with exact times, not waiting for each other, so that a busy machine keeps the rhythm."""
        self.cdp = self.cdp or await self.page.context.new_cdp_session(self.page)
        self.last_key_s = await type_keys(self.cdp, keys, gap_ms, self.last_key_s)

    async def sounds(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.page.evaluate("sounded")
        return found

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        if self.network_may_fail and message.text.startswith(NETWORK_COMPLAINTS):
            self.network_failed += 1
        else:
            self.faults.append(message.text)


async def until(fact: Callable[[], Any], what: str, within_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + within_s
    while not fact():
        assert time.monotonic() < deadline, f"waited {within_s} s in vain: {what}"
        await asyncio.sleep(0.005)


Open = Callable[..., Awaitable[Screen]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def station() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def open_screen(browser: Browser, station: StandIn) -> AsyncIterator[Open]:
    """Opens a page at a size; afterwards no page may have complained in its console."""
    opened: list[Screen] = []

    async def open_page(
        name: str = "pick", size: tuple[int, int] = HANDHELD, scale: float = 1, *, wait: bool = True
    ) -> Screen:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, device_scale_factor=scale, reduced_motion="reduce"
        )
        await context.add_init_script(RECORD_SIGNALS)
        screen = Screen(await context.new_page(), station)
        opened.append(screen)
        await screen.page.goto(station.url(name))
        if wait:
            await screen.at("body[data-connected='true']").wait_for(timeout=DEADLINE_MS)
        return screen

    yield open_page
    for screen in opened:
        await screen.page.context.close()
    assert [fault for screen in opened for fault in screen.faults] == []


@pytest.fixture(scope="session")
def pictures() -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES


@pytest_asyncio.fixture(loop_scope="session")
async def machine() -> AsyncIterator[ItStandIn]:
    """What IT's page and the first run speak to."""
    stand_in = ItStandIn()
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A desktop's page that complains of nothing but the network."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    opened = await context.new_page()
    opened.set_default_timeout(DEADLINE_MS)
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield opened
    await context.close()
    assert [each for each in faults if not each.startswith(NETWORK_COMPLAINTS)] == []
