"""A scanner that types is told from a person who types, whatever has the focus."""

from __future__ import annotations

import random

import pytest
from playwright.async_api import expect

from tests.screens.conftest import DEADLINE_MS, Open, Screen, until
from tests.screens.stand_in import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")
ADD_A_FIELD = """() => {
  const field = document.createElement("input");
  field.id = "field";
  document.querySelector("main").append(field);
  field.focus();
}"""


def scans(station: StandIn) -> list[tuple[str, str | None]]:
    return [(each["code"], each.get("symbology")) for each in station.commands if each["command"] == "scan"]


async def test_a_burst_ended_by_enter_or_tab_is_a_scan(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.burst("2900000000110")
    await screen.burst("D-01-3", end="Tab")
    await until(lambda: len(scans(station)) == 2, "two scans")
    assert scans(station) == [("2900000000110", None), ("D-01-3", None)]


async def test_a_burst_without_an_ending_is_a_scan_after_a_short_silence(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.burst("NW-011", end="")
    await until(lambda: scans(station), "the scan")
    assert scans(station) == [("NW-011", None)]


async def test_a_symbology_identifier_is_set_apart(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.burst("]C100340123450000000017")
    await until(lambda: scans(station), "the scan")
    assert scans(station) == [("00340123450000000017", "]C1")]


async def test_a_group_separator_sent_as_a_key_is_kept(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.burst("10LOT7", "F8", "21SN9")
    await until(lambda: scans(station), "the scan")
    assert scans(station) == [("10LOT7\x1d21SN9", None)]


async def test_fifty_scans_with_no_pause_are_fifty_scans_in_order(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    codes = [f"NW-{number:03}" for number in range(50)]
    await screen.scan(*codes)
    await until(lambda: len(station.answers) == 50, "fifty answers", within_s=90)
    assert [code for code, _ in scans(station)] == codes


async def test_the_same_code_in_a_moment_counts_once_where_the_site_says_so(
    open_screen: Open, station: StandIn
) -> None:
    station.view |= {"same_scan_ms": 60_000}
    screen = await open_screen()
    await screen.scan("NW-011", "NW-011", "NW-042", "NW-011")
    await until(lambda: len(station.answers) == 3, "three answers")
    await screen.page.wait_for_function("() => localStorage.length === 0")  # the page heard them
    assert [code for code, _ in scans(station)] == ["NW-011", "NW-042", "NW-011"]
    await screen.scan("NW-011")
    await screen.shows("answer-band", "NW-011 came twice in a moment and counts once")
    assert len(scans(station)) == 3


async def test_a_line_feed_after_the_return_ends_nothing_twice(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.at("[data-key=undo]").focus()
    await screen.burst("NW-011", "Enter")
    await screen.burst("NW-042")
    await until(lambda: len(station.answers) == 2, "two answers")
    assert [each["command"] for each in station.commands] == ["scan", "scan"]


async def test_a_scan_never_reaches_a_focused_field_nor_presses_a_focused_button(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    await screen.page.evaluate(ADD_A_FIELD)
    await screen.burst("NW-011")
    await screen.at("[data-key=undo]").focus()
    await screen.burst("A B C 1")
    await until(lambda: len(station.answers) == 2, "two answers")
    assert await screen.at("#field").input_value() == ""
    assert [each["command"] for each in station.commands] == ["scan", "scan"]


async def test_what_a_person_types_arrives_in_the_field_and_is_no_scan(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.page.evaluate(ADD_A_FIELD)
    for key in "Ana B":
        await screen.press([key], 0)
        await screen.page.wait_for_timeout(90)  # a person's pace is the fact under test
    await expect(screen.at("#field")).to_have_value("Ana B")
    assert station.commands == []


@pytest.mark.parametrize("gap_ms", [40, 55])
async def test_keys_too_slow_for_a_scanner_are_a_person(open_screen: Open, station: StandIn, gap_ms: int) -> None:
    screen = await open_screen()
    await screen.press(list("1234"), gap_ms)
    await screen.shows("key-pad .keyed", "1234")
    assert station.commands == []


async def test_one_slow_key_does_not_cut_a_scan(open_screen: Open, station: StandIn) -> None:
    """On a machine so busy that half of the keys come late it is refused as pieces, and scanned again."""
    screen = await open_screen()
    for _ in range(5):
        await screen.burst("NW", 45, "-011")
        await screen.at("answer-band:not([data-meaning=none])").wait_for(timeout=DEADLINE_MS)
        if await screen.at("answer-band[data-meaning=done]").count():
            break
    assert scans(station) == [("NW-011", None)]


async def test_a_scan_in_pieces_is_refused_and_never_sent_shortened(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.burst("NW", 100, "-0110")
    await screen.shows("answer-band[data-meaning=refused]", "came in pieces")
    assert scans(station) == []


async def test_a_key_held_down_is_a_person(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    for _ in range(8):
        await screen.page.keyboard.down("5")
    await screen.page.keyboard.up("5")
    await screen.shows("key-pad .keyed", "5")
    assert (await screen.text("key-pad .keyed")).splitlines()[-1] == "5"
    assert station.commands == []


async def test_a_person_can_press_a_focused_button_by_keyboard(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.at("[data-key=undo]").focus()
    await screen.page.keyboard.press("Space")
    await until(lambda: len(station.answers) == 1, "the answer to space")
    await screen.page.keyboard.press("Enter")
    await until(lambda: len(station.answers) == 2, "the answer to enter")
    assert [each["command"] for each in station.commands] == ["undo", "undo"]


COUNT_PIECES = """() => {
  window.inPieces = 0;
  const band = document.querySelector("answer-band");
  new MutationObserver(() => {
    if (band.textContent.includes("came in pieces")) inPieces += 1;
  }).observe(band, { childList: true, subtree: true });
}"""
# A key that was held back that long is a person's, and did what a person's key does.
AS_BEFORE = """() => {
  document.querySelector("#field").value = "";
  document.querySelector("details").open = false;
  history.replaceState(null, "", location.pathname);
}"""
# Half a second after the last key, when everything is answered.
SETTLED = """(keyedAt) => performance.now() > keyedAt + 500
  && Object.keys(localStorage).every((key) => !key.startsWith("commands:"))"""
FOCUSED = {
    "a button": "[data-key=undo]",
    "a key of the pad": "key-pad [data-key='5']",
    "a link": "#link",
    "what folds": "#folds",
    "a field": "#field",
}
ADD_THINGS = """() => {
  const link = Object.assign(document.createElement("a"), { id: "link", href: "#away", textContent: "away" });
  const details = document.createElement("details");
  details.append(Object.assign(document.createElement("summary"), { id: "folds", textContent: "More" }));
  const field = Object.assign(document.createElement("input"), { id: "field" });
  document.querySelector("main").append(link, details, field);
}"""


@pytest.mark.parametrize("what", FOCUSED)
async def test_fifty_bursts_with_no_pause_are_fifty_scans_whatever_has_the_focus(
    open_screen: Open, station: StandIn, what: str
) -> None:
    screen = await open_screen()
    await screen.page.evaluate(ADD_THINGS)
    if "pad" in what:
        await screen.at("button.amount").click()
    await screen.at(FOCUSED[what]).focus()
    codes = [f"NW-{number:03} {number % 7}" for number in range(50)]
    await _scanned_in_one_go(screen, codes)
    assert [code for code, _ in scans(station)] == codes
    assert [each["command"] for each in station.commands] == ["scan"] * 50
    assert await screen.at("#field").input_value() == ""
    assert await screen.page.evaluate("location.hash") == ""
    assert await screen.page.evaluate("document.querySelector('details').open") is False


async def _scanned_in_one_go(screen: Screen, codes: list[str]) -> None:
    """Real keys with no pause; again where a busy machine held keys back so long that the page refused a scan."""
    for _ in range(8):
        await screen.page.evaluate(COUNT_PIECES)
        await screen.press([key for code in codes for key in (*code, "Enter")], 2)
        await screen.page.wait_for_function(SETTLED, arg=await screen.page.evaluate("performance.now()"))
        if not await screen.page.evaluate("inPieces"):
            return
        await screen.page.evaluate(AS_BEFORE)
        screen.station.commands.clear()
        screen.station.answers.clear()
    pytest.fail("this machine held keys back in each of eight tries")


@pytest.mark.parametrize("seed", range(6))
async def test_no_rhythm_of_a_person_is_taken_for_a_scan(open_screen: Open, station: StandIn, seed: int) -> None:
    """Gaps of 60 to 250 ms, and of 40 to 70 for the fast; some hold a key, some type the next before it is up."""
    rhythm = random.Random(seed)
    slowest = 250 if seed % 2 else 70
    fastest = 60 if seed % 2 else 40
    screen = await open_screen()
    await screen.page.evaluate(ADD_A_FIELD)
    text = "".join(rhythm.choice("abcdefghijklmnop-") for _ in range(24))
    keys: list[str | int] = []
    for key in text:
        keys += [key, rhythm.randint(fastest, slowest)]
    await screen.press(keys, 0)
    await expect(screen.at("#field")).to_have_value(text)
    assert scans(station) == []
