"""What holds for the files themselves: no inline script or style, small, and readable when everything is enlarged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screens import views
from tests.screens.conftest import HANDHELD, Open
from tests.screens.stand_in import SCREENS, StandIn
from tests.screens.test_pictures import SCENES

pytestmark = pytest.mark.asyncio(loop_scope="session")
MOST_SCRIPT_BYTES = 150_000
MOST_LINES = 400
ZOOMED = (320, 200)  # 1280 x 800 at 400 %


def _loaded(page: Path) -> set[Path]:
    """The scripts of a page with all that they may load later, but for the words of other languages."""
    found: set[Path] = set()
    waiting = [SCREENS / name for name in re.findall(r'<script[^>]* src="/static/([^"]+)"', page.read_text())]
    while waiting:
        script = waiting.pop().resolve()
        if script not in found:
            found.add(script)
            names = re.findall(r'(?:from|import|import\() ?"(\.[^"]+\.js)"', script.read_text())
            waiting += [script.parent / name for name in names]
    return found


@pytest.mark.parametrize("page", sorted(SCREENS.rglob("*.html")), ids=lambda page: page.name)
async def test_all_script_of_a_page_is_small_and_no_file_is_long(page: Path) -> None:
    scripts = _loaded(page)
    words = max(path.stat().st_size for path in (SCREENS / "words").glob("work.*.js"))
    assert len(scripts) > 5
    assert sum(path.stat().st_size for path in scripts) + words < MOST_SCRIPT_BYTES
    assert [path.name for path in scripts if len(path.read_text().splitlines()) > MOST_LINES] == []


async def test_no_page_holds_inline_script_style_or_another_host() -> None:
    for page in SCREENS.rglob("*.html"):
        text = page.read_text()
        assert re.findall(r"<script>|<style|\sstyle=|\son\w+=|https?:", text) == [], page.name
    for script in SCREENS.rglob("*.js"):
        found = re.findall(r"innerHTML|insertAdjacentHTML|eval\(|https?:(?!//www\.w3\.org)", script.read_text())
        assert found == [], script.name


async def test_colours_and_type_steps_are_named_in_one_file() -> None:
    work = (SCREENS / "work.css").read_text()
    assert re.findall(r"(?<![-\w])#[0-9a-f]{3,8}\b", work) == []


@pytest.mark.parametrize("name", ["pick_counted", "pick_german", "pick_location", "pack_weigh"])
async def test_at_400_percent_zoom_the_headline_is_whole_and_nothing_scrolls_sideways(
    open_screen: Open, station: StandIn, pictures: Path, name: str
) -> None:
    scene = SCENES[name]
    station.view, station.weight = scene.view, scene.weight
    screen = await open_screen(scene.page, ZOOMED, scale=4)
    await screen.touch()
    await screen.page.screenshot(path=pictures / f"zoom_{name}.png")
    assert await screen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    box = await screen.at("next-thing .headline .words").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= ZOOMED[0]
    assert box["y"] + box["height"] <= ZOOMED[1]


async def test_at_twice_the_text_size_the_next_thing_still_begins_in_sight(
    open_screen: Open, station: StandIn, pictures: Path
) -> None:
    station.view = views.pick(views.doing("sign_in", "Scan your badge"), worker=None, **views.EMPTY_HANDS)
    screen = await open_screen("pick", HANDHELD)
    await screen.touch()
    await screen.at("[data-key='text 200']").click()
    await station.show(views.pick())
    await screen.shows("next-thing h1", "Queso Cabrales")
    await screen.page.screenshot(path=pictures / "text_200_360x640.png")
    assert await screen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    box = await screen.at("next-thing .headline .words").bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= box["y"] + box["height"] <= HANDHELD[1]


async def test_the_words_spoken_by_a_screen_reader_have_live_regions(open_screen: Open) -> None:
    screen = await open_screen()
    assert await screen.at("answer-band").get_attribute("aria-live") == "assertive"
    assert await screen.at("next-thing").get_attribute("aria-live") == "polite"
    assert await screen.at("connection-band").get_attribute("role") == "alert"
    assert await screen.at("svg:not([aria-hidden])").count() == 0


async def test_a_station_without_the_work_says_so_and_what_to_do(open_screen: Open, station: StandIn) -> None:
    station.workplaces = ["pack"]
    screen = await open_screen("pick", wait=False)
    said = "This station has no workplace for this work (Pick). Ask IT to add one to edge.toml."
    await screen.shows("answer-band", said)


@pytest.mark.parametrize("size", [HANDHELD, (1280, 800)])
async def test_not_connected_is_grey_from_edge_to_edge(
    open_screen: Open, station: StandIn, pictures: Path, size: tuple[int, int]
) -> None:
    screen = await open_screen("pick", size)
    screen.network_may_fail = True
    await screen.touch()
    await station.stop()
    await screen.scan("NW-011")
    await screen.shows("unsent-note", "Unsent: scan NW-011.")
    await screen.shows("connection-band", "Not connected to the station.")
    await screen.page.screenshot(path=pictures / f"pick_not_connected_{size[0]}x{size[1]}.png")
    box = await screen.at("connection-band").bounding_box()
    assert box is not None
    assert box["width"] == size[0]
    await station.start()
