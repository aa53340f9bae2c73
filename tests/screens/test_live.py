"""The live line: what the station says appears at once; when it is silent the page does not look alive."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.screens import views
from tests.screens.conftest import Open
from tests.screens.stand_in import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOT_CONNECTED = "Not connected to the station. Nothing is lost; your last scan is not yet counted."
COUNTED = {"hertz": 2000, "wave": "sine"}


async def test_a_new_view_is_painted_without_loading_the_page_again(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.page.evaluate("window.sameDocument = true")
    await station.show(views.pick(views.doing("scan_location", "E-01-1", "Singaporean Hokkien Fried Mee", "10")))
    await screen.shows("next-thing h1", "E-01-1")
    assert await screen.page.evaluate("window.sameDocument")


async def test_an_answer_that_comes_by_post_and_live_is_shown_and_sounded_once(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    await screen.touch()
    await screen.scan("NW-011")
    await screen.shows("answer-band", "NW-011 counted.")
    await station.answer(next(iter(station.answers.values())))
    await station.answer(views.answer(500, "note", "The live line has said it all."))
    await screen.shows("answer-band", "said it all")
    assert await screen.sounds() == [COUNTED]


@pytest.mark.parametrize(
    ("tone", "meaning", "notes", "vibration"),
    [
        ("counted", "done", [2000], [30]),
        ("line_done", "done", [1500, 2250], [30, 60, 30]),
        ("list_done", "done", [1300, 1950, 2600], [60, 60, 60, 60, 120]),
        ("refused", "refused", [400, 400], [200, 100, 200]),
        ("ask", "ask", [2200, 1300, 2200], [100, 50, 100, 50, 100]),
        ("note", "note", [], None),
    ],
)
async def test_each_tone_has_its_own_shape_sound_and_vibration(
    open_screen: Open, station: StandIn, tone: str, meaning: str, notes: list[int], vibration: list[int] | None
) -> None:
    screen = await open_screen()
    await screen.touch()
    await station.answer(views.answer(40, tone, "This is what happened."))
    await screen.shows("answer-band", "This is what happened.")
    assert await screen.at("answer-band").get_attribute("data-meaning") == meaning
    assert await screen.at("answer-band .shape").get_attribute("data-shape") == meaning
    assert [each["hertz"] for each in await screen.sounds()] == notes
    assert await screen.page.evaluate("vibrated") == ([vibration] if vibration else [])


async def test_the_last_answer_is_there_after_a_reload_and_does_not_sound_again(open_screen: Open) -> None:
    screen = await open_screen()
    await screen.shows("answer-band", "3 of 10 counted")
    await screen.touch()
    assert await screen.sounds() == []


async def test_the_page_says_that_sound_is_off_until_the_first_touch(open_screen: Open) -> None:
    screen = await open_screen()
    await screen.shows("station-strip", "sound off: touch the screen")
    await screen.touch()
    assert "sound off" not in await screen.text("station-strip")


async def test_a_station_that_goes_away_turns_the_page_grey_and_its_return_wakes_it(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    screen.network_may_fail = True
    await screen.touch()
    await station.stop()
    await screen.shows("connection-band", NOT_CONNECTED)
    assert await screen.at("body").get_attribute("data-connected") == "false"
    assert not await screen.page.evaluate(
        "document.querySelector('action-bar button').checkVisibility() && !document.querySelector('.live').inert"
    )
    station.view = views.pick(views.doing("wait", "Back again"))
    await station.start()
    await screen.shows("next-thing h1", "Back again")
    assert await screen.text("connection-band") == ""
    assert [each["hertz"] for each in await screen.sounds()] == [2000, 1100, 1100, 2000]
    assert await screen.page.evaluate("vibrated") == [[400], [60]]


@pytest.mark.slow
async def test_five_seconds_without_a_word_are_not_connected(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    station.silent = True
    await screen.at("connection-band").get_by_text(NOT_CONNECTED).wait_for(timeout=9000)
    station.silent = False
    await screen.at("body[data-connected='true']").wait_for(timeout=9000)


async def test_two_full_screens_of_one_workplace_show_the_same(open_screen: Open, station: StandIn) -> None:
    one, other = await open_screen(), await open_screen()
    await one.scan("NW-011")
    await station.until_answered()
    await station.answer(next(iter(station.answers.values())))
    await other.shows("answer-band", "NW-011 counted.")


async def test_the_strip_says_how_hq_and_each_device_stand_in_words_and_shapes(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pick(
        devices=[views.device("scanner", "scanner"), views.device("scale", "scale", away="The scale is unplugged.")],
        lanes=[
            views.lane("unreachable", "HQ unreachable since 14:02.", unsent=12, oldest_unsent_at=views.minutes_ago(3))
        ],
    )
    screen = await open_screen()
    strip = (await screen.text("station-strip")).replace("\xa0", " ")
    assert "scale away" in strip
    assert "HQ away · 12 unsent · oldest 3 min" in strip
    shapes = await screen.at(".standing .shape").evaluate_all("all => all.map(each => each.dataset.shape)")
    assert shapes[:3] == ["good", "away", "away"]
    await screen.shows("notice-list", "HQ unreachable since 14:02.")


async def test_what_works_without_hq_is_a_touch_away_and_stays_open_while_figures_change(
    open_screen: Open, station: StandIn
) -> None:
    told = {"offline": ["Work that HQ gave may be begun until 2026-12-23 11:26.", "Waits for HQ: new work."]}
    away = views.lane("unreachable", "HQ cannot be reached. Keep working.", unsent=12, **told)
    station.view = views.pick(lanes=[away])
    screen = await open_screen()
    until = screen.at("notice-list p").filter(has_text="until 2026-12-23 11:26")
    await expect(until).to_be_hidden()
    await screen.at("notice-list summary").focus()
    await screen.page.keyboard.press("Enter")
    await expect(until).to_be_visible()
    await station.show(
        views.pick(lanes=[away | {"unsent": 13, "sentence": "HQ cannot be reached. 13 are safe here."}])
    )
    await screen.shows("notice-list summary", "13 are safe here")
    await expect(until).to_be_visible()
    await screen.at("notice-list summary").click()
    await expect(until).to_be_hidden()
