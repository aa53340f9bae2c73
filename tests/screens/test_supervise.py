"""The supervisor's desk: what it shows, what it sends and under whose key, and every state of it as a picture."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from tests.screens import desk_views as d
from tests.screens.axe import broken_rules
from tests.screens.conftest import DEADLINE_MS, until
from tests.screens.desk_page import OpenDesk
from tests.screens.desk_page import open_desk as open_desk  # noqa: PLC0414 -- the fixture
from tests.screens.stand_in import SCREENS

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESK = SCREENS / "desk"
SIZES = {"1280x800": (1280, 800), "768x1024": (768, 1024)}
KEY = "Bearer k"
MEASURE = """() => {
  const shown = (each) => each.checkVisibility() && !each.closest('.out-of-sight');
  const small = [...document.querySelectorAll('body *')].filter((each) => shown(each)
    && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    && parseFloat(getComputedStyle(each).fontSize) < 16).map((each) => each.outerHTML.slice(0, 80));
  const targets = [...document.querySelectorAll('button, a, input, select, textarea, summary')].filter(shown)
    .filter((each) => each.getBoundingClientRect().height < 43.5).map((each) => each.outerHTML.slice(0, 80));
  const charts = [...document.querySelectorAll('.chart text')].filter((each) => {
    const [own, chart] = [each.getBoundingClientRect(), each.closest('svg').parentElement.getBoundingClientRect()];
    return own.left < chart.left - 1 || own.right > chart.right + 1;
  }).map((each) => each.textContent);
  return { small, targets, charts, sideways: document.documentElement.scrollWidth - innerWidth };
}"""
WELL = {"small": [], "targets": [], "charts": [], "sideways": 0}
SCENES: dict[str, tuple[str, d.Json, bool]] = {
    "today": ("supervise", {}, False),
    "today_empty": (
        "supervise",
        {
            "/v1/station/desk/day": d.EMPTY,
            "/v1/station/desk/site": d.NO_SITE,
            "/v1/station/lanes/main/parked": {"parked": []},
        },
        False,
    ),
    "decide": ("supervise#decide", {}, True),
    "decide_looking": ("supervise#decide", {}, False),
    "arrange": ("supervise#arrange", {}, True),
    "story": ("supervise#story/fulfillment/ful_10249", {}, True),
    "report": ("report", {}, False),
}
"""Name -> page, answers, and whether somebody is signed in."""


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCENES)
async def test_every_state_is_readable_and_nothing_is_cut(
    open_desk: OpenDesk, pictures: Path, accessibility_rules: str, name: str, size: str, theme: str
) -> None:
    page, answers, signed_in = SCENES[name]
    desk = await open_desk(page, SIZES[size], theme, answers)
    if signed_in:
        await desk.sign_in()
    if name == "arrange":
        await desk.page.click("[data-key='list PICK-12']")
    if name == "story":
        await desk.shows("story-view", "Label came out")
    await desk.page.screenshot(path=pictures / f"desk_{name}_{size}_{theme}.png", full_page=True)
    assert await desk.page.evaluate(MEASURE) == WELL
    assert await broken_rules(desk.page, accessibility_rules) == []


async def test_the_report_on_paper_is_black_on_white_and_has_no_buttons(open_desk: OpenDesk, pictures: Path) -> None:
    desk = await open_desk("report", (794, 1123))
    await desk.page.emulate_media(media="print")
    await desk.page.screenshot(path=pictures / "desk_report_paper.png", full_page=True)
    assert not await desk.page.locator("report-times").is_visible()
    assert await desk.page.locator("shift-report .signed").is_visible()


async def test_with_the_text_twice_as_large_nothing_scrolls_sideways(open_desk: OpenDesk, pictures: Path) -> None:
    for part in ("today", "decide", "arrange", "story/fulfillment/ful_10249"):
        desk = await open_desk(f"supervise#{part}", text="32px")
        await desk.page.screenshot(path=pictures / f"desk_text_200_{part[:6]}.png")
        assert await desk.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, part


async def test_every_chart_has_its_table_and_its_values_in_words(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    charts = desk.page.locator("svg.chart")
    assert await charts.count() == 4
    for number in range(4):
        chart = charts.nth(number)
        assert re.search(r"\d", await chart.get_attribute("aria-label") or "")
        assert await chart.locator("xpath=../details//table").count() == 1
    values = await desk.page.locator(".card[aria-label='Units picked each hour'] text.value").all_text_contents()
    assert values == list(d.PICKED)


async def test_a_place_where_it_goes_wrong_opens_the_story_of_its_work(open_desk: OpenDesk) -> None:
    desk = await open_desk(answers={"/v1/station/stories/picklist/PICK-9": d.STORY})
    await desk.page.locator(".ranks [data-key='story picklist PICK-9']").first.click()
    await desk.shows("story-view h2", "Picklist PICK-9")
    await desk.shows("story-view .story", "Sealed")


async def test_a_scan_anywhere_finds_the_story_and_never_lands_in_a_field(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.page.focus("#code")
    await desk.screen.scan("ord_10249")
    await desk.shows("story-view h2", "Order ful_10249")
    assert await desk.page.input_value("#code") == ""
    assert ("/v1/station/desk/meant", None, "") in desk.asked


async def test_an_unknown_code_says_so_and_what_to_do(open_desk: OpenDesk) -> None:
    desk = await open_desk(answers={"/v1/station/desk/meant": {"code": "X", "things": []}})
    await desk.page.fill("#code", "X-1")
    await desk.page.keyboard.press("Enter")
    await desk.shows("story-view", "This station knows nothing of X-1.")


async def test_nobody_decides_before_a_supervisor_signed_in(open_desk: OpenDesk) -> None:
    desk = await open_desk("supervise#decide")
    await desk.shows("decide-view .notice", "Sign in with a supervisor's badge and PIN")
    assert await desk.page.locator("decide-view .case button:not(.link):enabled").count() == 0


async def test_a_badge_is_scanned_into_the_sign_in_and_only_acts_carry_the_key(open_desk: OpenDesk) -> None:
    desk = await open_desk("supervise#decide")
    await desk.page.click("[data-key='sign-in']")
    await desk.screen.scan("BADGE-EVE")
    await desk.page.locator("#pin:focus").wait_for(timeout=DEADLINE_MS)
    await desk.page.keyboard.type("482915", delay=60)
    await desk.page.keyboard.press("Enter")
    await desk.shows("#said", "Eve Kowalczyk is signed in")
    assert ("/v1/station/sign-in", {"badge": "BADGE-EVE", "pin": "482915"}, "") in desk.asked
    await desk.page.click("[data-key='ex-1 put_back']")
    await desk.shows("#said", "Done as you asked.")
    assert desk.acts() == [("/v1/station/exceptions/ex-1/decide", {"choice": "put_back"}, KEY)]
    assert [key for _, body, key in desk.asked if body is None and key] == []


async def test_parked_records_are_sent_again_or_settled_with_a_note(open_desk: OpenDesk) -> None:
    desk = await open_desk("supervise#decide")
    await desk.sign_in()
    await desk.page.click("[data-key='again main fulfillment:ful_10247']")
    await desk.shows("#said", "Done as you asked.")
    settle = "[data-key='settle main fulfillment:ful_10247']"
    await desk.page.click(settle)
    await desk.page.fill("[data-key='note main fulfillment:ful_10247']", "HQ booked it by hand, call of 11:40.")
    await desk.page.click(settle)
    path = "/v1/station/lanes/main/parked/fulfillment%3Aful_10247"
    await until(lambda: len(desk.acts()) == 2, "both acts")
    assert desk.acts() == [
        (f"{path}/retry", {}, KEY),
        (f"{path}/settle", {"note": "HQ booked it by hand, call of 11:40."}, KEY),
    ]


async def test_a_list_is_given_made_urgent_and_put_aside(open_desk: OpenDesk) -> None:
    desk = await open_desk("supervise#arrange")
    await desk.sign_in()
    await desk.page.click("[data-key='list PICK-12']")
    for name in ("Łukasz Święty", "high"):
        await desk.page.get_by_role("button", name=name, exact=True).click()
    await desk.page.fill("#release-reason", "Ana goes home")
    await desk.page.click("[data-key='release']")
    await until(lambda: len(desk.acts()) == 3, "three acts")
    assert desk.acts() == [
        ("/v1/station/picklists/PICK-12/give", {"to_worker_id": "w2"}, KEY),
        ("/v1/station/picklists/PICK-12/prioritise", {"priority": "high"}, KEY),
        ("/v1/station/picklists/PICK-12/release", {"reason": "Ana goes home"}, KEY),
    ]


async def test_waves_and_tasks_by_hand_are_asked_for(open_desk: OpenDesk) -> None:
    desk = await open_desk("supervise#arrange")
    await desk.sign_in()
    await desk.page.fill("#wave-orders", "ful_1\nful_2")
    await desk.page.click("[data-key='sv_ask_wave']")
    await desk.shows("#said", "Done as you asked.")
    await desk.page.fill("#task-what", "Count D-01-3")
    await desk.page.select_option("#task-who", "w2")
    await desk.page.click("[data-key='sv_make_task']")
    await until(lambda: len(desk.acts()) == 2, "two acts")
    wave = {"fulfillment_ids": ["ful_1", "ful_2"], "priority": "normal", "zone": None}
    task = {"type": "count", "instructions": "Count D-01-3", "priority": "normal", "to_worker_id": "w2"}
    assert desk.acts() == [("/v1/station/waves", wave, KEY), ("/v1/station/tasks", task, KEY)]


async def test_a_refusal_is_told_in_the_words_of_the_station(open_desk: OpenDesk) -> None:
    refused = {"error": {"code": "x", "message": "Somebody picks this list at pick-1. Put it aside first."}}
    desk = await open_desk("supervise#decide", answers={"/v1/station/exceptions/ex-1/decide": refused})
    await desk.sign_in()
    desk.screen.network_may_fail = True
    await desk.page.click("[data-key='ex-1 hold']")
    await desk.shows("#said.refused", "Somebody picks this list at pick-1.")


async def test_a_proof_is_saved_as_a_file(open_desk: OpenDesk) -> None:
    proof: d.Json = {"/v1/station/desk/proofs/ful_10249": {"statement": {}}}
    desk = await open_desk("supervise#story/fulfillment/ful_10249", answers=proof)
    await desk.sign_in()
    async with desk.page.expect_download() as saving:
        await desk.page.click("[data-key='proof']")
    saved = await saving.value
    assert saved.suggested_filename == "proof ful_10249.json"
    assert ("/v1/station/desk/proofs/ful_10249", None, KEY) in desk.asked


async def test_a_table_is_saved_for_a_spreadsheet_and_no_cell_becomes_a_formula(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    people: list[dict[str, Any]] = [
        {**d.DAY["people"][0], "name": '=HYPERLINK("x")'},
        {**d.DAY["people"][1], "name": 'Smith, "Al"\nB', "units_picked": "-2"},
    ]
    desk = await open_desk(answers={"/v1/station/desk/day": {**d.DAY, "people": people}})
    async with desk.page.expect_download() as saving:
        await desk.page.click("[data-csv='labour']")
    path = tmp_path / "labour.csv"
    await (await saving.value).save_as(path)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == 3
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == ['\'=HYPERLINK("x")', 'Smith, "Al"\nB']
    assert rows[2][2] == "-2"


async def test_what_somebody_types_or_opened_stays_when_the_figures_change(open_desk: OpenDesk) -> None:
    desk = await open_desk("supervise#decide")
    await desk.sign_in()
    note = "[data-key='note main fulfillment:ful_10247']"
    await desk.page.fill(note, "half a sen")
    desk.answers["/v1/station/desk/day"] = {**d.DAY, "late": []}
    await desk.page.click("[data-key='ex-1 hold']")
    await desk.shows("decide-view", "No order is late.")
    assert await desk.page.input_value(note) == "half a sen"


async def test_a_station_that_does_not_answer_is_said_so_and_the_figures_turn_grey(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    desk.screen.network_may_fail = True
    await desk.page.unroute("**/v1/**")
    await desk.page.route("**/v1/**", lambda route: route.abort())
    await desk.page.click("[data-key='hours 4']")
    await desk.shows("desk-tabs .connection", "Not connected to the station.")


async def test_without_hq_the_page_says_whose_figures_these_are(open_desk: OpenDesk) -> None:
    desk = await open_desk(answers={"/v1/station/desk/site": d.NO_SITE})
    await desk.shows(".scope", "This station only. HQ main tells no figures")
    other = await open_desk()
    await other.shows(".scope", "HQ main, 3 min old")
    await other.shows("[data-figure='first_pass_yield']", "whole site 98.1")


async def test_colours_are_named_in_one_file() -> None:
    assert re.findall(r"(?<![-\w])#[0-9a-f]{3,8}\b", (DESK / "desk.css").read_text()) == []
