"""IT's page: everything of the machine at a glance, to everybody; raw data and acts to whoever signed in."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.screens import it_stand_in as told
from tests.screens.desks import picture
from tests.screens.it_stand_in import ItStandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def at(page: Page, machine: ItStandIn) -> Page:
    await page.goto(machine.url("it"))
    await page.locator("body[data-connected='true']").wait_for()
    return page


async def sign_in(page: Page, machine: ItStandIn) -> Page:
    await at(page, machine)
    await page.get_by_label("Badge").fill(told.BADGE)
    await page.get_by_label("PIN").fill(told.PIN)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_text("Ida looks after this machine here.").wait_for()
    return page


async def test_who_only_looks_sees_devices_hq_and_store_and_no_button_to_act(
    page: Page, machine: ItStandIn, pictures: Path, accessibility_rules: str
) -> None:
    await at(page, machine)
    for words in (
        "Nothing is wrong here.",
        "a code of 18 characters",
        "All is sent",
        "room enough",
        "4.120 kg stable",
    ):
        await page.get_by_text(words).first.wait_for()
    assert await page.get_by_role("button", name="Watch the wire").count() == 0
    assert await page.get_by_text("Secrets are shown to nobody").count() == 1
    await picture(page, pictures, "it_looks", accessibility_rules)


async def test_trouble_is_first_each_with_its_next_step(
    page: Page, machine: ItStandIn, pictures: Path, accessibility_rules: str
) -> None:
    machine.view = told.trouble()
    await at(page, machine)
    await page.get_by_text("2 problems").wait_for()
    first = await page.locator("it-problems li").first.inner_text()
    assert "Plug it in; it works again by itself." in first
    await page.get_by_text("212 unsent").wait_for()
    await page.get_by_text("cannot be reached").wait_for()
    await page.get_by_text("At no workplace").wait_for()
    problems, devices = (
        await page.locator("it-problems").bounding_box(),
        await page.locator("it-devices").bounding_box(),
    )
    assert problems is not None
    assert devices is not None
    assert problems["y"] < devices["y"]
    await picture(page, pictures, "it_trouble", accessibility_rules)


async def test_training_is_marked(page: Page, machine: ItStandIn) -> None:
    machine.view = told.view(training=True, station="training-pack-7")
    await at(page, machine)
    await page.get_by_text("Training · not real work").wait_for()


async def test_the_wire_is_watched_live_as_text_and_bytes(
    page: Page, machine: ItStandIn, pictures: Path, accessibility_rules: str
) -> None:
    await sign_in(page, machine)
    await page.locator("[data-key='wire scale']").click()
    await page.get_by_text("53 49 0d 0a").wait_for()
    assert await page.locator("it-wire tbody tr").first.inner_text() != ""
    assert "← from the device" in await page.locator("it-wire tbody tr").first.inner_text()
    await picture(page, pictures, "it_wire", accessibility_rules)
    await page.locator("[data-key='wire scale']").click()
    await page.locator("it-wire").wait_for(state="detached")


async def test_a_test_print_says_what_is_known_of_it(page: Page, machine: ItStandIn) -> None:
    await sign_in(page, machine)
    await page.locator("[data-key='print printer']").click()
    await page.get_by_text("The test came out.").wait_for()
    assert machine.sent("/v1/station/it/devices/printer/test-print") == {}


async def test_the_doctor_asks_and_tells_its_verdict(
    page: Page, machine: ItStandIn, pictures: Path, accessibility_rules: str
) -> None:
    await sign_in(page, machine)
    await page.locator("[data-key='doctor scale']").click()
    await page.get_by_label("Your answer").fill("1 kg")
    await picture(page, pictures, "it_doctor_asks", accessibility_rules)
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_text("The scale shows 0.940 kg for 1 kg. Have it adjusted.").wait_for()
    assert machine.sent("/v1/station/it/devices/scale/doctor/answer") == {"answer": "1 kg"}


async def test_settings_say_where_they_come_from_and_no_secret(
    page: Page, machine: ItStandIn, pictures: Path, accessibility_rules: str
) -> None:
    await sign_in(page, machine)
    await page.get_by_role("button", name="Show the settings").click()
    await page.get_by_text("edge.toml, line 19").wait_for()
    assert await page.get_by_text("usual value", exact=True).count() == 0
    await page.get_by_role("button", name="Also the usual values").click()
    await page.get_by_text("usual value", exact=True).first.wait_for()
    await page.get_by_text("•••").wait_for()
    await picture(page, pictures, "it_settings", accessibility_rules)


async def test_a_wrong_code_says_what_to_do(page: Page, machine: ItStandIn) -> None:
    await at(page, machine)
    await page.get_by_label("One-time code").fill("NO-SUCH")
    await page.get_by_role("button", name="Use the code").click()
    await page.get_by_text("This code is wrong, used or older than ten minutes.").wait_for()


async def test_what_is_typed_is_not_lost_while_the_page_is_drawn_anew(page: Page, machine: ItStandIn) -> None:
    await at(page, machine)
    await page.get_by_label("One-time code").fill("ABCD")
    machine.view = told.trouble()
    await page.get_by_text("2 problems").wait_for()
    assert await page.get_by_label("One-time code").input_value() == "ABCD"


async def test_signing_out_takes_everything_away(page: Page, machine: ItStandIn) -> None:
    await sign_in(page, machine)
    await page.get_by_role("button", name="Show the settings").click()
    await page.get_by_text("edge.toml, line 19").wait_for()
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_text("Secrets are shown to nobody").wait_for()
    assert await page.get_by_text("edge.toml, line 19").count() == 0
    assert await page.get_by_role("button", name="Watch the wire").count() == 0
    await page.get_by_label("One-time code").fill(told.CODE)
    await page.get_by_role("button", name="Use the code").click()
    await page.get_by_role("button", name="Show the settings").wait_for()


async def test_a_station_that_is_silent_is_said_to_be(
    page: Page, machine: ItStandIn, pictures: Path, accessibility_rules: str
) -> None:
    await at(page, machine)
    await machine.stop()
    await page.get_by_text("The station does not answer.").wait_for()
    await picture(page, pictures, "it_silent", accessibility_rules)
    await machine.start()
    await page.get_by_text("The station does not answer.").wait_for(state="hidden")
