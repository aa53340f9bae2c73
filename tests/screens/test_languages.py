"""A page speaks the language of whoever works there: at once, whole, and from the side on which it is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from local_store.domain.words import LANGUAGES
from tests.screens import languages, views
from tests.screens.conftest import HANDHELD, STATION, Open, Screen
from tests.screens.stand_in import StandIn
from tests.screens.test_pictures import MEASURE, NOTHING_WRONG, TWO_FRAMES
from tests.screens.views import Json

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGES = {"weight": "pack", "label": "pack", "receive": "receive"}
"""Scene -> its page; the others are a picker's."""
STRIP = {"de": "Nicht angemeldet", "ar": "لم يسجّل أحد الدخول", "en": "Not signed in"}


async def test_the_page_turns_to_the_language_of_who_signs_in_and_back(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    assert await screen.page.title() == "Pick"
    await station.show(views.pick(language="de", answer=None))
    await screen.shows("station-strip", "Ton aus: Bildschirm berühren")
    await screen.shows(".how-far", "4 von 9 fertig")
    await screen.shows("pick-lines", "Die ganze Liste")
    assert await screen.page.title() == "Kommissionieren"
    assert await screen.at("html").get_attribute("lang") == "de"
    await station.show(views.pick(language="en"))
    await screen.shows(".how-far", "4 of 9 done")
    assert await screen.at("html").get_attribute("dir") == "ltr"


async def test_what_was_on_the_page_before_is_said_in_the_new_language_too(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pick(worker=None, **views.EMPTY_HANDS)
    screen = await open_screen()
    await screen.shows("answer-band", "Nothing scanned yet.")
    for language, words in STRIP.items():
        await station.show(views.pick(worker=None, language=language, **views.EMPTY_HANDS))
        await screen.shows("station-strip", words)
    sign_in = views.doing("sign_in", "Scannez votre badge")
    await station.show(views.pick(sign_in, worker=None, language="fr", **views.EMPTY_HANDS))
    await screen.shows("answer-band", "Rien n'a encore été scanné.")
    await screen.shows("screen-settings", "Main gauche")


async def test_a_new_device_is_told_how_to_begin_in_its_own_language(browser: Browser, station: StandIn) -> None:
    context = await browser.new_context(locale="pl-PL")
    page = await context.new_page()
    await page.goto(station.url("enrol"))
    await page.get_by_text("Zeskanuj kod, który pokazuje stacja.").wait_for()
    assert await page.title() == "Zarejestruj to urządzenie"
    await context.close()


async def test_arabic_is_read_from_the_right_and_codes_keep_their_order(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await station.show(views.pick(language="ar", answer=views.answer(77, "counted", "تم عدّ (12-NW-3): 3 من 10.")))
    await screen.shows("answer-band", "تم عدّ")
    assert await screen.at("html").get_attribute("dir") == "rtl"
    name, out = await screen.at(".who .name").bounding_box(), await screen.at(".sign-out").bounding_box()
    assert name is not None
    assert out is not None
    assert out["x"] < name["x"]
    assert await screen.at(".bar").evaluate("(bar) => getComputedStyle(bar).transform") == "matrix(-1, 0, 0, 1, 0, 0)"
    undo = screen.at("[data-key=undo] .shape")
    assert await undo.evaluate("(sign) => getComputedStyle(sign).transform") == "matrix(-1, 0, 0, 1, 0, 0)"
    assert await screen.at("answer-band bdi").all_inner_texts() == ["12-NW-3", "3", "10"]


async def test_the_left_hand_mirrors_what_the_language_mirrors(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    for language, hand, short_is_left in (
        ("en", "right", True), ("en", "left", False), ("ar", "right", False), ("ar", "left", True),
    ):  # fmt: skip
        await station.show(views.pick(language=language))
        await screen.at(f"html[lang={language}]").wait_for()
        await screen.page.evaluate("(hand) => { document.documentElement.dataset.hand = hand; }", hand)
        short = await screen.at("[data-key=short]").bounding_box()
        skip = await screen.at("[data-key=skip]").bounding_box()
        assert short is not None
        assert skip is not None
        assert (short["x"] < skip["x"]) is short_is_left, (language, hand)


async def test_a_sentence_without_spaces_breaks_between_its_words(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    jam, cheese = "野生蔓越莓果酱(NW-002)", "卡伯瑞勒斯蓝纹奶酪(NW-001)"
    text = f"这是{cheese}。PICK-12需要从此处取{jam}。请放回去。然后扫描{jam}。"
    await station.show(views.pick(language="zh", answer=views.answer(78, "refused", text)))
    await screen.shows("answer-band", "野生蔓越莓果酱")
    assert await screen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    wide = "(band) => [...band.querySelectorAll('p')].map((each) => each.scrollWidth - each.clientWidth)"
    assert await screen.at("answer-band").evaluate(wide) == [0]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
async def test_real_work_fits_in_every_language(
    open_screen: Open, station: StandIn, pictures: Path, language: str
) -> None:
    station.workplaces = ["pick", "pack", "receive"]
    screens: dict[str, Screen] = {}
    for name, scene in languages.of(language).items():
        page = PAGES.get(name, "pick")
        station.weight = scene.get("weight")
        if page not in screens:
            station.view = scene["view"]
            screens[page] = await open_screen(page, HANDHELD)
            await screens[page].page.mouse.click(2, 2)
        screen = screens[page]
        await _show(screen, station, scene)
        for theme, (width, height) in (
            ("dark", HANDHELD),
            ("light", HANDHELD),
            ("dark", STATION),
            ("light", STATION),
        ):
            await screen.page.set_viewport_size({"width": width, "height": height})
            await screen.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            await screen.page.evaluate(TWO_FRAMES)
            await screen.page.screenshot(path=pictures / f"{language}_{name}_{theme}_{width}x{height}.png")
            assert await screen.page.evaluate(MEASURE) == NOTHING_WRONG, (name, theme, width)
        await screen.page.keyboard.press("Escape")


@pytest.mark.slow
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language in {"de", "ar", "zh"}])
async def test_at_four_times_the_text_and_in_the_left_hand_nothing_scrolls_sideways(
    open_screen: Open, station: StandIn, pictures: Path, language: str
) -> None:
    scenes = languages.of(language)
    station.view = scenes["wrong_item"]["view"]
    screen = await open_screen("pick", HANDHELD)
    await screen.page.evaluate("localStorage.setItem('text', '400'); localStorage.setItem('hand', 'left')")
    await screen.page.reload()
    for name in ("wrong_item", "signed_out"):
        await _show(screen, station, scenes[name])
        await screen.page.evaluate(TWO_FRAMES)
        await screen.page.screenshot(path=pictures / f"{language}_{name}_400_left.png", full_page=True)
        assert await screen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.slow
async def test_nothing_english_is_left_on_a_german_screen(open_screen: Open, station: StandIn) -> None:
    english = set(re.findall(r"[a-z]{4,}", " ".join(await _said(open_screen, station, "en")).lower()))
    german = set(re.findall(r"[a-z]{4,}", " ".join(await _said(open_screen, station, "de")).lower()))
    assert len(english & ENGLISH_WORDS) > 20, "what is looked for is said in English"
    assert german & ENGLISH_WORDS - SAME_IN_BOTH == set()


ENGLISH_WORDS = set(
    re.findall(
        r"\w+",
        """
        back scan short skip undo done lines line units unit take more list picked count open left right hand text
        light dark weight stable parcel label sign signed away whole waits quantity need this that here from with
        """,
    )
)
SAME_IN_BOTH = {"hand", "text", "scan"}


async def _said(open_screen: Open, station: StandIn, language: str) -> list[str]:
    """All that the page says in the scenes of a language, seen or spoken, but names of goods and places."""
    station.workplaces = ["pick", "pack", "receive"]
    said: list[str] = []
    for name, scene in languages.of(language).items():
        station.view, station.weight = scene["view"], scene.get("weight")
        screen = await open_screen(PAGES.get(name, "pick"), STATION)
        await _show(screen, station, scene)
        said += await screen.page.evaluate(ALL_WORDS)
        await screen.page.context.close()
    return said


ALL_WORDS = """() => [
  document.title,
  ...[...document.querySelectorAll("[aria-label]")].map((each) => each.ariaLabel),
  document.body.innerText,
  ...[...document.querySelectorAll(".out-of-sight")].map((each) => each.textContent),
]"""


async def _show(screen: Screen, station: StandIn, scene: Json) -> None:
    await station.show(scene["view"])
    await screen.at(f"html[lang={scene['view']['language']}]").wait_for()
    await screen.shows("next-thing .headline .words", scene["view"]["next"]["headline"])
    if "press" in scene:
        await screen.at(scene["press"]).click()
