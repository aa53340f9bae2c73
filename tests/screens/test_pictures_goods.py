"""Every state of the screens of work with goods, as a real floor shows it: looked at by people, measured here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.screens.axe import broken_rules
from tests.screens.conftest import HANDHELD, Open, Screen
from tests.screens.goods_floor import STORIES, Scene
from tests.screens.stand_in import StandIn
from tests.screens.test_pages import ZOOMED
from tests.screens.test_pictures import MEASURE, NOTHING_WRONG, SIZES, TWO_FRAMES
from tests.screens.views import Json

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

Scenes = dict[str, dict[str, Scene]]


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    """Every story, lived once."""
    found: Scenes = {}
    for page, story in STORIES.items():
        told = story(tmp_path_factory.mktemp(page) / "data")
        found[page] = told.scenes
        told.close()
    return found


@pytest.mark.parametrize("page", STORIES)
async def test_in_every_state_the_next_thing_is_in_sight_and_no_rule_of_accessibility_is_broken(
    lived: Scenes, open_screen: Open, station: StandIn, pictures: Path, accessibility_rules: str, page: str
) -> None:
    screen = await _opened(open_screen, station, page)
    faults: dict[str, Any] = {}
    for name, scene in lived[page].items():
        await _show(screen, scene)
        if broken := await broken_rules(screen.page, accessibility_rules):
            faults[f"{name}_rules"] = broken
        faults |= await _measured(screen, pictures, name)
    assert faults == {}


@pytest.mark.parametrize("page", STORIES)
async def test_the_screens_of_goods_are_whole_in_the_light_theme_and_with_a_picture(
    lived: Scenes, open_screen: Open, station: StandIn, pictures: Path, page: str
) -> None:
    screen = await _opened(open_screen, station, page)
    faults: dict[str, Json] = {}
    name = next(each for each in lived[page] if each.endswith(("_counted", "_home")))
    await screen.page.evaluate("document.documentElement.dataset.theme = 'light'")
    await _show(screen, lived[page][name])
    faults |= await _measured(screen, pictures, f"{name}_light")
    view = lived[page][name].view
    seen = {**view, "next": {**view["next"], "code": view["next"]["code"] or "NW-001", "picture": True}}
    await _show(screen, Scene(seen))
    await screen.page.wait_for_function("() => document.querySelector('next-thing img')?.naturalWidth > 0")
    faults |= await _measured(screen, pictures, f"{name}_picture")
    assert faults == {}


@pytest.mark.parametrize("page", STORIES)
async def test_at_400_percent_zoom_the_headline_is_whole_and_nothing_scrolls_sideways(
    lived: Scenes, open_screen: Open, station: StandIn, pictures: Path, page: str
) -> None:
    name = next(each for each in lived[page] if each.endswith(("_counted", "_home")))
    station.workplaces, station.view = [page.replace("-", "_")], lived[page][name].view
    screen = await open_screen(page, ZOOMED, scale=4)
    await screen.touch()
    await screen.page.screenshot(path=pictures / f"zoom_{name}.png")
    assert await screen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    box = await screen.at("next-thing .headline .words").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] + box["height"] <= ZOOMED[1]


async def _opened(open_screen: Open, station: StandIn, page: str) -> Screen:
    station.workplaces = [page.replace("-", "_")]
    screen = await open_screen(page, HANDHELD)
    await screen.touch()
    return screen


async def _show(screen: Screen, scene: Scene) -> None:
    """The scene as if the page had just come to it, small, with what is pressed in it."""
    station = screen.station
    width, height = HANDHELD
    await screen.page.set_viewport_size({"width": width, "height": height})
    await screen.page.keyboard.press("Escape")
    await station.show(scene.view)
    if scene.weight is not None:
        await station.put_weight(scene.weight)
    await screen.shows("next-thing .headline .words", scene.view["next"]["headline"])
    text = (scene.view["answer"] or {"text": ""})["text"]
    await screen.shows("answer-band", text[:20])
    await screen.page.evaluate(TWO_FRAMES)
    for selector in scene.press:
        await screen.at(selector).first.click()
    await screen.page.evaluate(TWO_FRAMES)


async def _measured(screen: Screen, pictures: Path, name: str) -> dict[str, Json]:
    faults = {}
    for size, (width, height) in SIZES.items():
        await screen.page.set_viewport_size({"width": width, "height": height})
        await screen.page.evaluate(TWO_FRAMES)
        await screen.page.screenshot(path=pictures / f"{name}_{size}.png")
        found = await screen.page.evaluate(MEASURE)
        if found != NOTHING_WRONG:
            faults[f"{name}_{size}"] = {key: value for key, value in found.items() if value != NOTHING_WRONG[key]}
    return faults
