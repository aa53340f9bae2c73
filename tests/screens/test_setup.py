"""The first run: one question after the other, each device tried, and one look before anything is written."""

from __future__ import annotations

import asyncio
import re
import signal
import stat
import sys
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.screens import it_stand_in as told
from tests.screens.desks import picture
from tests.screens.it_stand_in import ItStandIn
from tests.support.site import free_port, until

SLOW_MS = 30_000
"""For a real agent that starts on a busy machine."""

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def key_in(page: Page, code: str) -> None:
    await page.get_by_label("One-time code").fill(code)
    await go_on(page)


async def go_on(page: Page) -> None:
    await page.locator("[data-key=next]").click()


async def heading(page: Page, words: str) -> None:
    await page.get_by_role("heading", name=words, exact=True).wait_for()


async def test_without_the_code_of_the_terminal_nothing_goes_on(page: Page, machine: ItStandIn) -> None:
    await page.goto(machine.url("setup"))
    await key_in(page, "WRONG")
    await page.get_by_text("This code is wrong, used or older than ten minutes.").wait_for()
    await heading(page, "Set up this station")


async def test_a_person_goes_from_the_code_to_a_station(
    page: Page, machine: ItStandIn, pictures: Path, accessibility_rules: str
) -> None:
    await page.goto(machine.url("setup"))
    await heading(page, "Set up this station")
    await picture(page, pictures, "setup_code", accessibility_rules)
    await key_in(page, told.CODE)
    await heading(page, "Where is HQ?")
    await picture(page, pictures, "setup_hq", accessibility_rules)
    await page.get_by_label("HQ's address", exact=True).fill("https://hq.example.com")
    await page.get_by_label("Tenant").last.fill("acme")
    await page.get_by_label("HQ's key").fill("the-key-of-hq")
    await go_on(page)
    await heading(page, "What is done here?")
    await page.get_by_label("Warehouse, as HQ calls it").fill("WH-1")
    await page.get_by_label("Name", exact=True).fill("Ida")
    await page.get_by_label("Badge").fill("BADGE-IDA")
    await page.get_by_label("PIN, 6 to 12 digits").fill("123456")
    await picture(page, pictures, "setup_work", accessibility_rules)
    await go_on(page)
    await try_the_scale(page, pictures, accessibility_rules)
    await go_on(page)
    await heading(page, "Look it over")
    await page.get_by_text("/etc/edge-agent/edge.toml").wait_for()
    assert await page.get_by_text("the-key-of-hq").count() == 0
    await picture(page, pictures, "setup_look", accessibility_rules)
    await page.get_by_role("button", name="Write it and start").click()
    await page.get_by_text("This machine is pack-07-wh-example.").wait_for()
    sent = machine.sent("/v1/setup/finish")
    assert sent["secrets"] == {"hq-main": "the-key-of-hq"}
    assert sent["pins"] == {"ida": "123456"}
    assert "123456" not in str(sent["tables"])
    assert sent["tables"]["workplaces"] == {"pack-1": {"work": "pack", "devices": ["scale"]}}
    assert sent["tables"]["devices"] == {"scale": told.SCALE}


async def try_the_scale(page: Page, pictures: Path, accessibility_rules: str) -> None:
    await heading(page, "Which devices?")
    scale = page.locator("[data-address='/dev/serial/by-id/usb-Mettler_BC60-if00']")
    await scale.get_by_label("Used at").select_option("pack-1")
    await scale.get_by_role("button", name="Is it a scale?").click()
    await scale.get_by_text("It is understood: mt_sics_scale 9600.").wait_for()
    await scale.get_by_role("button", name="Try: weigh something").click()
    await scale.get_by_text("It weighed 1.250 kg.").wait_for()
    await picture(page, pictures, "setup_devices", accessibility_rules)


async def test_a_code_of_the_office_fills_in_what_it_knows_and_names_the_machine_before(
    page: Page, machine: ItStandIn, pictures: Path, accessibility_rules: str
) -> None:
    await page.goto(machine.url("setup"))
    await key_in(page, told.CODE)
    await page.get_by_label("Code, or address with code").fill("https://hq.example.com#enrol=ABCD-EFGHJKLMNP")
    await go_on(page)
    await heading(page, "What is done here?")
    assert await page.get_by_label("Its name").input_value() == "pack-9"
    await go_on(page)
    await heading(page, "Which devices?")
    await go_on(page)
    await page.get_by_text("Another machine was pack-9 before.").wait_for()
    await picture(page, pictures, "setup_replaces", accessibility_rules)


async def test_every_fault_is_told_and_nothing_is_lost(
    page: Page, machine: ItStandIn, pictures: Path, accessibility_rules: str
) -> None:
    faults = ["edge.toml: station.id: must be a name", "edge.toml: devices.printer.dpi: must be 203, 300 or 600"]
    body = {"error": {"code": "faults", "message": faults[0], "details": faults}}
    machine.refusals["/v1/setup/finish"] = (422, body)
    await page.goto(machine.url("setup"))
    await key_in(page, told.CODE)
    await go_on(page)
    await page.get_by_label("Warehouse, as HQ calls it").fill("WH-1")
    await go_on(page)
    await heading(page, "Which devices?")
    await go_on(page)
    await page.get_by_role("button", name="Write it and start").click()
    for fault in faults:
        await page.get_by_text(fault).wait_for()
    await picture(page, pictures, "setup_faults", accessibility_rules)
    await heading(page, "Look it over")


@pytest.mark.slow
async def test_a_real_machine_becomes_a_station_and_its_page_opens(page: Page, tmp_path: Path) -> None:
    """`edge-agent run` without edge.toml: the code stands on the terminal, and at the end IT's page is there."""
    page.set_default_timeout(SLOW_MS)
    port = free_port()
    config, log = tmp_path / "etc" / "edge.toml", tmp_path / "run.log"
    arguments = ["-m", "agent", "run", "--config", str(config), "--setup-port", str(port)]
    with log.open("wb") as out:
        running = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=out, stderr=out)
    try:
        found = await until(lambda: re.search(r"with the code (\S+),", log.read_text()), "no code was told")
        await page.goto(f"http://127.0.0.1:{port}/setup")
        await key_in(page, found[1])
        await heading(page, "Where is HQ?")
        await go_on(page)
        await page.get_by_label("Warehouse, as HQ calls it").fill("WH-1")
        await page.get_by_label("Its name").fill("pack-1")
        await go_on(page)
        await heading(page, "Which devices?")
        await go_on(page)
        await page.get_by_role("button", name="Write it and start").click()
        await page.get_by_role("heading", name="IT · pack-1").wait_for()
        assert stat.S_IMODE(config.stat().st_mode) == 0o600
        await page.get_by_text("No HQ is set: facts stay on this station.").wait_for()
    finally:
        running.send_signal(signal.SIGTERM)
        await running.wait()
