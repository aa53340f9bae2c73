"""Every state can be read by a screen reader and worked by keyboard alone, in both themes and in both directions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.screens.axe import broken_rules
from tests.screens.conftest import HANDHELD, Open, Screen, until
from tests.screens.stand_in import StandIn
from tests.screens.test_pictures import SCENES, TWO_FRAMES, Scene
from tests.screens.views import Json

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
LOOKS = (("dark", "en"), ("light", "en"), ("dark", "ar"))
"""Theme and language of the page: Arabic is read from the right."""
PAGES = sorted({scene.page for scene in SCENES.values()})
# Who has the focus, and whether one sees it.
FOCUSED = """() => {
  const each = document.activeElement;
  if (each === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(each);
  const { top, bottom } = each.getBoundingClientRect();
  return {
    at: Number(each.dataset.walked ?? -1),
    outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 3,
    in_sight: bottom > 0 && top < innerHeight,
  };
}"""
# All that can be pressed, in the order of the page.
COUNT_BUTTONS = """() => {
  const found = [...document.querySelectorAll("button:enabled, summary, a[href]")];
  const all = found.filter((each) => each.checkVisibility());
  document.querySelectorAll("[data-walked]").forEach((each) => delete each.dataset.walked);
  all.forEach((each, index) => { each.dataset.walked = index; });
  return all.length;
}"""
FOCUS_BUTTON = "(at) => document.querySelector(`[data-walked='${at}']`).focus({ focusVisible: true })"
FROM_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
# What a press can change on the page itself.
STANDING = """() => JSON.stringify([
  document.body.dataset.mode,
  { ...document.documentElement.dataset },
  document.querySelector(".keyed")?.textContent,
  [...document.querySelectorAll("details")].map((each) => each.open),
])"""


async def _open(open_screen: Open, station: StandIn, page: str) -> Screen:
    first = next(scene for scene in SCENES.values() if scene.page == page)
    station.view, station.weight = first.view, first.weight
    return await open_screen(page, HANDHELD)


async def _put(screen: Screen, station: StandIn, scene: Scene, number: int, language: str = "en") -> None:
    """Make a scene the screen's, though another was there before: its answer is news."""
    await screen.page.keyboard.press("Escape")
    said = scene.view["answer"]
    view: Json = scene.view | {"language": language}
    if said:
        view["answer"] = said | {"command_id": f"scene-{number}"}
    if scene.weight:
        await station.put_weight(scene.weight)
    await station.show(view)
    await screen.at(f"html[lang={language}]").wait_for()
    await screen.shows("next-thing .headline .words", view["next"]["headline"])
    if said:
        await screen.shows("answer-band", said["text"])
    if scene.press:
        await screen.at(scene.press).click()
    for key in scene.keys:
        await screen.at(f"key-pad [data-key='{key}']").click()
    await screen.page.evaluate(TWO_FRAMES)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("theme", "language"), LOOKS)
async def test_no_rule_of_accessibility_is_broken_in_any_state(
    open_screen: Open, station: StandIn, accessibility_rules: str, page: str, theme: str, language: str
) -> None:
    screen = await _open(open_screen, station, page)
    await screen.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
    broken = {}
    for number, (name, scene) in enumerate(SCENES.items()):
        if scene.page == page:
            await _put(screen, station, scene, number, language)
            broken[name] = await broken_rules(screen.page, accessibility_rules)
    assert {name: rules for name, rules in broken.items() if rules} == {}


@pytest.mark.parametrize("page", ["start", "enrol", "bench"])
async def test_no_rule_of_accessibility_is_broken_on_the_other_pages(
    open_screen: Open, accessibility_rules: str, page: str
) -> None:
    screen = await open_screen(page, wait=page == "bench")
    await screen.at("main h1, header h1").first.wait_for()
    for theme in ("light",) if page == "bench" else ("dark", "light"):
        await screen.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        assert await broken_rules(screen.page, accessibility_rules) == [], theme


async def test_a_button_without_a_name_is_found(open_screen: Open, accessibility_rules: str) -> None:
    screen = await open_screen()
    await screen.page.evaluate("document.querySelector('[data-key=undo]').replaceChildren()")
    assert await broken_rules(screen.page, accessibility_rules) == ['button-name: button[data-key="undo"]']


@pytest.mark.parametrize("page", PAGES)
async def test_tab_walks_over_all_that_can_be_pressed_in_the_order_of_the_page_and_out_again(
    open_screen: Open, station: StandIn, page: str
) -> None:
    screen = await _open(open_screen, station, page)
    for number, (name, scene) in enumerate(SCENES.items()):
        if scene.page != page:
            continue
        await screen.page.evaluate("document.activeElement.blur()")
        await _put(screen, station, scene, number)
        walked = await _walk(screen)
        buttons = await screen.page.evaluate(COUNT_BUTTONS)
        assert [each["at"] for each in walked if each["at"] >= 0] == list(range(buttons)), name
        assert [each for each in walked if not (each["outlined"] and each["in_sight"])] == [], name


async def _walk(screen: Screen) -> list[Json]:
    """Press Tab from the top of the page until the focus leaves it, or comes back to where it began."""
    buttons = await screen.page.evaluate(COUNT_BUTTONS)
    await screen.page.evaluate(FROM_THE_TOP)
    walked: list[Json] = []
    for _ in range(buttons + 6):
        await screen.page.keyboard.press("Tab")
        focused = await screen.page.evaluate(FOCUSED)
        if focused is None or (walked and focused["at"] == walked[0]["at"]):
            return walked
        walked.append(focused)
    msg = f"the focus never left the page: {walked}"
    raise AssertionError(msg)


@pytest.mark.parametrize(
    "name",
    [
        "pick_signed_out",
        "pick_choose",
        "pick_counted",
        "pick_short",
        "pick_quantity",
        "pick_list_done",
        "pack_label_uncertain",
        "pack_parcel_done",
    ],
)
async def test_every_button_does_by_key_what_it_is_for(open_screen: Open, station: StandIn, name: str) -> None:
    scene = replace(SCENES[name], view={**SCENES[name].view, "answer": None})
    screen = await _open(open_screen, station, scene.page)
    await _put(screen, station, scene, 0)
    buttons = await screen.page.evaluate(COUNT_BUTTONS)
    for at in range(buttons):
        await _put(screen, station, scene, at + 1)
        await screen.page.evaluate(COUNT_BUTTONS)
        already = await screen.page.evaluate(f"document.querySelector('[data-walked=\"{at}\"]').ariaPressed")
        before, sent = await screen.page.evaluate(STANDING), len(station.commands)
        await screen.page.evaluate(FOCUS_BUTTON, at)
        await screen.page.keyboard.press("Space")
        if already == "true":
            continue  # what is set already stays so
        assert await _happens(screen, station, before, sent), f"{name}: button {at} does nothing"


async def _happens(screen: Screen, station: StandIn, before: str, sent: int) -> bool:
    """Whether, soon, a command was sent or something on the page is otherwise than before."""
    for _ in range(200):
        if len(station.commands) > sent or await screen.page.evaluate(STANDING) != before:
            return True
    return False


async def test_a_reason_is_chosen_by_keyboard_alone(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.page.evaluate("document.querySelector('[data-key=short]').focus({ focusVisible: true })")
    await screen.page.keyboard.press("Enter")
    await screen.at("reason-tiles [data-key=empty]:focus-visible").wait_for()
    await screen.page.keyboard.press("Tab")
    await screen.page.keyboard.press("Enter")
    await until(lambda: station.commands, "the command")
    assert (station.commands[0]["command"], station.commands[0]["reason"]) == ("short", "fewer")


async def test_back_is_meant_though_a_number_was_keyed(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.at("button.amount").click()
    await screen.at("key-pad [data-key='7']").click()
    await screen.page.evaluate("document.querySelector('key-pad .back').focus({ focusVisible: true })")
    await screen.page.keyboard.press("Enter")
    await screen.at("body[data-mode=work]").wait_for()
    assert station.commands == []
