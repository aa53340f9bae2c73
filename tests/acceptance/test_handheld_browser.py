"""A handheld with nothing but a browser, at a station over TLS: it enrols by QR code, works, and loses the line.

The browser trusts the site's own authority and nothing else. The station's name leads it through a wire that is cut.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image
from playwright.async_api import Page, async_playwright

from agent import certificates
from agent.__main__ import main
from agent.wiring import Agent
from config import load
from devices.registry import SETTINGS
from local_store.domain import commands as c
from sync.dialects import SETTINGS as DIALECTS
from tests.acceptance.days import Wire
from tests.screens.conftest import DEADLINE_MS, Screen
from tests.screens.stand_in import StandIn
from tests.support.browser import BROWSER_ARGS
from tests.support.floor import new_id, product
from tests.support.render import read_barcodes
from tests.support.site import free_port, until, write_config

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]
NAME = "dock.wh.example"
GOODS = (product("TEA-1", name="Tea"), product("JAM-1", name="Jam"))


class Site(NamedTuple):
    """A station with a door for handhelds, and the wire between it and them."""

    agent: Agent
    config: Path
    port: int
    wire: Wire

    def received(self) -> list[str]:
        """The kinds of facts about goods, in order."""
        rows = self.agent._store.reader.execute("SELECT kind FROM journal WHERE kind LIKE 'tally.%' ORDER BY seq")
        return [kind for (kind,) in rows]

    async def offered(self, folder: Path) -> str:
        """What the QR code for a handheld says, read from its picture."""
        png = folder / "code.png"
        told = ["site-ca", "enrol", "--config", str(self.config), "--png", str(png), "tc-1", "dock"]
        done = await asyncio.to_thread(CliRunner().invoke, main, told, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        with Image.open(png) as picture:
            ((_, text),) = read_barcodes(picture)
        return text


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Site]:
    """A whole agent whose TLS door has a certificate of the site's own authority."""
    certificates.make_authority(folder, "Test", datetime.now(UTC))
    certificates.issue(folder, folder, (NAME,), datetime.now(UTC))
    port, config = free_port(), folder / "edge.toml"
    own = {"id": "north-3", "warehouse_id": "WH-1", "data_dir": str(folder / "data"), "ballast_mb": 0}
    tables: dict[str, Any] = {
        "station": {**own, "listen": f"127.0.0.1:{free_port()}"},
        "tls": {"listen": f"127.0.0.1:{port}", "certificate": "station.pem", "key": "station.key"},
        "workplaces": {"dock": {"work": "receive"}, "pick": {"work": "pick"}},
        "workers": {"rosa": {"name": "Rosa", "badge": "BADGE-ROSA", "roles": ["receiver"]}},
    }
    write_config(config, tables)
    agent, ready, stop = Agent(load(config, SETTINGS, DIALECTS), folder), asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(agent.run(lambda _url: ready.set(), stop))
    await until(lambda: ready.is_set() or running.done(), "the agent did not start")
    await agent._store.execute(c.ReceiveProducts(command_id=new_id(), products=GOODS))
    try:
        yield Site(agent, config, port, Wire())
    finally:
        stop.set()
        await running


def key_of(authority: Path) -> str:
    """The fingerprint by which Chromium is told to trust an authority."""
    certificate = x509.load_pem_x509_certificate(authority.read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


@asynccontextmanager
async def handheld(here: Site, chromium: str) -> AsyncIterator[Page]:
    """A browser that reaches the station by its name, and trusts what the site's authority signed."""
    async with here.wire.to(f"http://127.0.0.1:{here.port}") as leads_to, async_playwright() as playwright:
        way = leads_to.rpartition("/")[2]
        rules = [
            f"--host-resolver-rules=MAP {NAME}:{here.port} {way}",
            f"--ignore-certificate-errors-spki-list={key_of(here.config.parent / 'site-ca.pem')}",
        ]
        chrome = await playwright.chromium.launch(executable_path=chromium, args=[*BROWSER_ARGS, *rules])
        context = await chrome.new_context(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
        yield await context.new_page()
        await chrome.close()


async def test_a_handheld_enrols_works_roams_and_comes_back(chromium: str, tmp_path: Path) -> None:
    async with site(tmp_path) as here, handheld(here, chromium) as page:
        hands = Screen(page, StandIn())
        await page.goto(await here.offered(tmp_path))
        await page.get_by_text("tc-1").wait_for(timeout=DEADLINE_MS)
        assert "code=" not in page.url, "the code is nobody's to see any more"
        await page.locator("#on").click()
        await page.get_by_role("link", name="Receive").click()
        await hands.at("body[data-connected='true']").wait_for(timeout=DEADLINE_MS)

        await hands.scan("BADGE-ROSA")
        await hands.shows("answer-band", "Hello Rosa.")
        await hands.at("action-bar [data-key=open]").click()
        await hands.scan("TEA-1")
        await hands.shows("answer-band", "Tea (TEA-1): 1 more, 1 in all.")
        counted = here.received()

        here.wire.cut()
        await hands.shows("connection-band", "Not connected to the station.")
        await hands.scan("JAM-1")
        await hands.shows("unsent-note", "Unsent: scan JAM-1. Not counted yet")
        assert here.received() == counted

        await page.close()  # it is put into a pocket, and taken out elsewhere
        again = await page.context.new_page()
        hands = Screen(again, StandIn())
        here.wire.mend()
        await again.goto(f"https://{NAME}:{here.port}/receive")
        await hands.shows("answer-band", "Jam (JAM-1): 1 more, 1 in all.")
        await hands.at("unsent-note:empty").wait_for(state="attached", timeout=DEADLINE_MS)
        assert here.received() == [*counted, counted[-1]]


async def test_without_the_sites_authority_a_browser_shows_no_page_of_the_station(
    chromium: str, tmp_path: Path
) -> None:
    async with site(tmp_path) as here, async_playwright() as playwright:
        rules = [f"--host-resolver-rules=MAP {NAME}:{here.port} 127.0.0.1:{here.port}"]
        chrome = await playwright.chromium.launch(executable_path=chromium, args=[*BROWSER_ARGS, *rules])
        with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
            await (await chrome.new_page()).goto(f"https://{NAME}:{here.port}/receive")
        await chrome.close()
