"""A scanner that types is told from a person who types, whatever has the focus."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.screens.conftest import Open, until
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
    await until(lambda: len(station.answers) == 50, "fifty answers", within_s=20)
    assert [code for code, _ in scans(station)] == codes


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
    await screen.shows("number-pad .number", "1234")
    assert station.commands == []


async def test_one_slow_key_does_not_cut_a_scan(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.burst("NW", 45, "-011")
    await until(lambda: scans(station), "the scan")
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
    await screen.shows("number-pad .number", "5")
    assert (await screen.text("number-pad .number")).splitlines()[-1] == "5"
    assert station.commands == []


async def test_a_person_can_press_a_focused_button_by_keyboard(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.at("[data-key=undo]").focus()
    await screen.page.keyboard.press("Space")
    await until(lambda: len(station.answers) == 1, "the answer to space")
    await screen.page.keyboard.press("Enter")
    await until(lambda: len(station.answers) == 2, "the answer to enter")
    assert [each["command"] for each in station.commands] == ["undo", "undo"]
