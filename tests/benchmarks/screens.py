"""From the last byte of a scanner to the changed picture of a page, how soon a page is there, and what it weighs.

`python -m tests.benchmarks.screens`. A real agent, a simulated scanner on a real line, a real Chromium; shown, not
judged: a browser and its machine decide most of it.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, ViewportSize, async_playwright

from agent import memory
from tests.benchmarks.answering import SCRATCH
from tests.support import needs
from tests.support.browser import BROWSER_ARGS, type_at_once
from tests.support.floor import line, product
from tests.support.screen_station import SCANNED_AT, ScreenStation, bench_of

SCANS, WARM = 200, 20
MANY_SCANS, AT_ONCE = 10_000, 50
FIRST_PAINTS = 5
MS = 1000
MB = 1024 * 1024
HANDHELD: ViewportSize = {"width": 360, "height": 640}
PLACES = {SCANNED_AT: "pick", "pick-2": "pick"}
LOTS = 100_000

# When the answer band changed, by the page's clock, in the frame after it was drawn.
WATCH = """() => {
  window.painted = [];
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => painted.push(Date.now()))))
    .observe(document.querySelector("answer-band"), { childList: true, subtree: true });
}"""
FIRST_PAINT = """() => new Promise((told) => {
  const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
  const ready = () => document.body.dataset.connected === "true" && seen();
  const look = () => (ready() ? told([seen().startTime, performance.now()]) : setTimeout(look, 5));
  look();
})"""


def run() -> bool:
    """Measure and print. Always true: nothing is judged."""
    if needs.chromium() is None:
        print("screens: not measured, for no Chromium is here")
        return True
    memory.settle()
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="screens-", dir=SCRATCH) as folder:
        give_work(Path(folder))
        asyncio.run(_measured(Path(folder)))
    return True


def give_work(folder: Path) -> None:
    """A list at each workplace that is never through."""
    bench = bench_of(folder, PLACES)
    bench.given_products(product("SKU-1"))
    for place in PLACES:
        bench.given_picklist(f"PL-{place}", line("SKU-1", LOTS))
        bench.at(place).signed_in().scan(f"PL-{place}", "A-1")
    bench.close()


async def scan_to_picture(station: ScreenStation, page: Page, many: int = SCANS) -> list[float]:
    """Milliseconds from the scanner's last byte to the changed answer band, scan by scan."""
    await page.goto(f"{station.url}/pick?workplace={SCANNED_AT}")
    await page.locator("body[data-connected='true']").wait_for()
    await page.evaluate(WATCH)
    each_ms = []
    for number in range(many + WARM):
        await station.scanner.scan(b"SKU-1")
        sent_ms = time.time() * MS
        await page.wait_for_function("many => painted.length >= many", arg=number + 1)
        each_ms.append(await page.evaluate("number => painted[number]", number) - sent_ms)
    return each_ms[WARM:]


async def first_paints(browser: Browser, url: str) -> list[tuple[float, float]]:
    """Milliseconds to the first picture and to the live view, with nothing kept from before."""
    found = []
    for _ in range(FIRST_PAINTS):
        context = await browser.new_context(viewport=HANDHELD)
        page = await context.new_page()
        await page.goto(url)
        painted, live = await page.evaluate(FIRST_PAINT)
        found.append((painted, live))
        await context.close()
    return found


async def heap_after_scans(browser: Browser, url: str, scans: int = MANY_SCANS) -> tuple[float, float]:
    """Megabytes of script heap before and after so many scans typed into a page, each after a full collection."""
    context = await browser.new_context(viewport=HANDHELD)
    page = await context.new_page()
    await page.goto(url)
    await page.locator("body[data-connected='true']").wait_for()
    cdp = await context.new_cdp_session(page)
    await _typed(page, AT_ONCE)
    before = await _heap_mb(cdp)
    for _ in range(scans // AT_ONCE):
        await _typed(page, AT_ONCE)
    after = await _heap_mb(cdp)
    await context.close()
    return before, after


async def _typed(page: Page, many: int) -> None:
    await type_at_once(page, *["SKU-1"] * many)
    await page.wait_for_function("() => Object.keys(localStorage).every((key) => !key.startsWith('commands:'))")


async def _heap_mb(cdp: CDPSession) -> float:
    await cdp.send("HeapProfiler.enable")
    await cdp.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = await cdp.send("Runtime.getHeapUsage")
    return float(used["usedSize"]) / MB


async def _measured(folder: Path) -> None:
    station = ScreenStation(folder, PLACES)
    await station.start()
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=needs.chromium(), args=BROWSER_ARGS)
            page = await browser.new_page(viewport=HANDHELD)
            each_ms = await scan_to_picture(station, page)
            await page.close()
            told = f"p50 {statistics.median(each_ms):.0f} ms, p95 {p95(each_ms):.0f} ms"
            print(f"scanner's last byte to changed picture, {SCANS} scans: {told}")
            url = f"{station.url}/pick?workplace=pick-2"
            paints = await first_paints(browser, url)
            painted, live = (statistics.median(column) for column in zip(*paints, strict=True))
            print(f"/pick cold: first picture {painted:.0f} ms, live view {live:.0f} ms (median of {FIRST_PAINTS})")
            before, after = await heap_after_scans(browser, url)
            print(f"script heap: {before:.2f} MB, after {MANY_SCANS} scans {after:.2f} MB")
            await browser.close()
    finally:
        await station.stop()


def p95(each: list[float]) -> float:
    """The value that nineteen of twenty do not exceed."""
    return statistics.quantiles(each, n=20)[-1]


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
