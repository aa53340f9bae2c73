"""From a scanner's last byte to the changed picture, at a real agent; the benchmarks tell the figures."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.benchmarks.screens import HANDHELD, PLACES, give_work, p95, scan_to_picture
from tests.support.screen_station import ScreenStation

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
SCANS = 40
SANE_MS = 1000


async def test_nineteen_of_twenty_scans_are_on_the_screen_within_a_second(tmp_path: Path, browser: Browser) -> None:
    await asyncio.to_thread(give_work, tmp_path)
    station = ScreenStation(tmp_path, PLACES)
    await station.start()
    page = await browser.new_page(viewport=HANDHELD)
    try:
        assert p95(await scan_to_picture(station, page, SCANS)) <= SANE_MS
    finally:
        await page.close()
        await station.stop()
