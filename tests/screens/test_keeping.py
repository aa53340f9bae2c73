"""What a page keeps of a worker: only what the station has not answered, and that for the same person alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

from tests.screens import views
from tests.screens.acting import said
from tests.screens.conftest import RECORD_SIGNALS, Open, Screen, until
from tests.screens.stand_in import StandIn
from tests.support.browser import type_at_once

pytestmark = pytest.mark.asyncio(loop_scope="session")
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('commands:'))"
BEN = {"worker_id": "w9", "name": "Ben"}
LONG_AGO = """() => {
  for (const key of Object.keys(localStorage).filter((each) => each.startsWith("commands:"))) {
    const kept = JSON.parse(localStorage.getItem(key)).map((each) => ({ ...each, at: each.at - 11 * 60_000 }));
    localStorage.setItem(key, JSON.stringify(kept));
  }
}"""


async def left_unanswered(open_screen: Open, station: StandIn, *codes: str) -> Screen:
    """A page whose scans the station does not take."""
    screen = await open_screen()
    screen.network_may_fail = True
    station.refusal = (503, "The store is busy.")
    await screen.scan(*codes)
    await screen.shows("unsent-note", f"Unsent: scan {codes[0]}")
    await until(lambda: station.commands, "the first try")
    return screen


async def opened_again(screen: Screen) -> Screen:
    """The tab is closed, and another one opened on the same device."""
    context = screen.page.context
    await screen.page.close()
    return await in_another_tab(screen, await context.new_page())


async def in_another_tab(screen: Screen, page: Page) -> Screen:
    found = Screen(page, screen.station)
    found.network_may_fail = True
    await page.add_init_script(RECORD_SIGNALS)
    await page.goto(screen.station.url("pick"))
    await found.at("body[data-connected='true']").wait_for()
    return found


async def test_an_answered_scan_leaves_nothing_on_the_device(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.scan("NW-011", "NW-042")
    await screen.shows("answer-band", "NW-042 counted.")
    assert await screen.page.evaluate(KEPT) == []
    assert await screen.page.evaluate("sessionStorage.length") == 0


async def test_a_scan_outlives_its_tab_and_goes_under_its_old_id(open_screen: Open, station: StandIn) -> None:
    screen = await opened_again(await left_unanswered(open_screen, station, "NW-011", "NW-042"))
    await screen.shows("unsent-note", "Unsent: scan NW-011 and 1 more.")
    station.refusal = None
    await screen.shows("answer-band", "NW-042 counted.")
    assert [code for code, _ in dict.fromkeys((each["code"], each["command_id"]) for each in station.commands)] == [
        "NW-011",
        "NW-042",
    ]
    assert await screen.page.evaluate(KEPT) == []


async def test_two_tabs_of_one_workplace_keep_each_their_own(open_screen: Open, station: StandIn) -> None:
    first = await left_unanswered(open_screen, station, "NW-011")
    second = await in_another_tab(first, await first.page.context.new_page())
    await type_at_once(second.page, "NW-042")
    await second.shows("unsent-note", "Unsent: scan NW-042. ")
    await first.page.close()
    await second.shows("unsent-note", "1 more")
    station.refusal = None
    await until(lambda: len(station.answers) == 2, "both scans")
    assert len({each["command_id"] for each in station.commands}) == 2


async def test_another_workers_scan_is_never_sent_but_shown_with_its_name(
    open_screen: Open, station: StandIn
) -> None:
    before = await left_unanswered(open_screen, station, "NW-011")
    station.view = views.pick(worker=BEN)
    screen = await opened_again(before)
    tried = len(station.commands)
    station.refusal = None
    await screen.shows("held-note", "Only Ana can send it: sign in as Ana")
    assert await screen.at("held-note [data-key=held_again]").count() == 0
    await screen.scan("NW-042")
    await screen.shows("answer-band", "NW-042 counted.")
    assert [each["code"] for each in station.commands[tried:]] == ["NW-042"]
    await screen.at("held-note [data-key=held_forget]").click()
    await until_gone(screen)
    assert await screen.page.evaluate(KEPT) == []


async def until_gone(screen: Screen) -> None:
    await screen.page.wait_for_function("() => document.querySelector('held-note').childElementCount === 0")


@pytest.mark.parametrize("how", ["another list", "long ago"])
async def test_what_was_done_on_other_work_or_long_ago_is_sent_only_when_a_person_says_so(
    open_screen: Open, station: StandIn, how: str
) -> None:
    before = await left_unanswered(open_screen, station, "NW-011")
    if how == "another list":
        station.view = views.pick(progress={"id": "PICK-13", "done": 0, "of": 3})
        context = before.page.context
        await before.page.close()
    else:
        context = before.page.context
        other = await context.new_page()
        await other.goto(station.url("start"))
        await before.page.close()
        await other.evaluate(LONG_AGO)
        await other.close()
    tried = len(station.commands)
    screen = await in_another_tab(before, await context.new_page())
    station.refusal = None
    await screen.shows("held-note", "It may be counted or not: look first.")
    assert len(station.commands) == tried
    await screen.at("held-note [data-key=held_again]").click()
    await screen.shows("answer-band", "NW-011 counted.")
    assert len({each["command_id"] for each in station.commands}) == 1


async def test_what_one_worker_scanned_offline_is_held_when_another_signed_in_meanwhile(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    screen.network_may_fail = True
    await station.stop()
    await screen.shows("connection-band", "Not connected")
    await screen.scan("NW-011")
    await screen.shows("unsent-note", "Unsent: scan NW-011.")
    station.view = views.pick(worker=BEN, answer=None)
    await station.start()
    await screen.shows("held-note", "Only Ana can send it")
    assert said(station) == []


async def test_a_sign_out_that_was_done_and_not_heard_is_told_by_its_id_and_never_asked_about(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    screen.network_may_fail = True
    out: dict[str, Any] = {"worker": None, **views.EMPTY_HANDS, "actions": []}

    def sign_out(command: dict[str, Any]) -> dict[str, Any]:
        station.view = views.pick(views.doing("sign_in", "Scan your badge"), **out)
        return views.answer(400, "note", "Ana signed out.", command["command_id"])

    station.answer_to = sign_out
    station.lose_next_answers = 1
    await screen.at(".sign-out").click()
    await screen.shows("answer-band", "Ana signed out.")
    assert len(station.commands) == 2
    assert await screen.text("held-note") == ""


async def test_a_lost_connection_shows_at_once_when_it_closes(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    screen.network_may_fail = True
    begun = await screen.page.evaluate("performance.now()")
    await station.stop()
    await screen.shows("connection-band", "Not connected")
    assert await screen.page.evaluate("performance.now()") - begun < 1000
    await station.start()


async def test_a_connection_that_only_falls_silent_shows_within_six_seconds(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    screen.network_may_fail = True
    station.silent = True
    begun = await screen.page.evaluate("performance.now()")
    await screen.at("connection-band").filter(has_text="Not connected").wait_for(timeout=8000)
    assert await screen.page.evaluate("performance.now()") - begun < 6500  # the last word may be a second old
