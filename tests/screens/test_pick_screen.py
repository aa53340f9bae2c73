"""What a picker does by touch: what a unit lacks is keyed, goods are taken elsewhere, a list changes hands."""

from __future__ import annotations

import pytest

from tests.screens import views
from tests.screens.acting import keyed, more, press_keys, said
from tests.screens.conftest import Open, Screen, until
from tests.screens.stand_in import Json, StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")
TRACED = [views.KEY_SERIAL, views.SHORT, views.action("undo", "Undo"), views.SERIALS, views.RELEASE, views.SIGN_OUT]


def wants_serial() -> Json:
    asked = views.doing("scan_item", "Scan the serial number", "Phone (NW-099)", code="NW-099")
    return views.pick(asked, actions=TRACED)


async def test_a_serial_number_is_the_next_thing_and_is_keyed_by_touch(open_screen: Open, station: StandIn) -> None:
    station.view = wants_serial()
    screen = await open_screen()
    await screen.shows("next-thing h1", "Scan the serial number")
    await screen.at("action-bar .primary").click()
    await keyed(screen, "SN-7")
    await station.until_answered()
    assert said(station) == [{"command": "set", "name": "serial", "value": "SN-7"}]


async def test_an_expiry_date_is_keyed_with_its_dashes(open_screen: Open, station: StandIn) -> None:
    asked = views.doing("scan_item", "Scan the expiry date", "Tofu (NW-014)", code="NW-014")
    station.view = views.pick(asked, actions=[views.KEY_EXPIRY, views.SIGN_OUT])
    screen = await open_screen()
    await screen.at("action-bar .primary").click()
    await screen.shows("key-pad h2", "Expiry date, like 2031-03-31")
    await keyed(screen, "2031-03-31")
    await station.until_answered()
    assert said(station) == [{"command": "set", "name": "expiry", "value": "2031-03-31"}]


async def test_a_scan_while_a_value_could_be_keyed_is_a_scan(open_screen: Open, station: StandIn) -> None:
    station.view = wants_serial()
    screen = await open_screen()
    await screen.at("action-bar .primary").click()
    await screen.scan("SN-000000042")
    await station.until_answered()
    assert said(station) == [{"command": "scan", "code": "SN-000000042"}]


async def add(screen: Screen, text: str) -> None:
    await press_keys(screen, text)
    await screen.at("key-pad [data-key=add]").click()


async def test_many_serial_numbers_are_collected_taken_out_again_and_sent_in_one_go(
    open_screen: Open, station: StandIn
) -> None:
    station.view = wants_serial()
    screen = await open_screen()
    await more(screen, "serials")
    for text in ("S1", "S2", "S2", "S3"):
        await add(screen, text)
    assert await screen.at("key-pad .chip").count() == 3, "the same number twice is one"
    await screen.at("key-pad .chip").nth(1).click()
    await screen.at("key-pad [data-key=ok]").click()
    await station.until_answered()
    assert said(station) == [{"command": "serials", "serials": ["S1", "S3"]}]
    await screen.at("action-bar [data-key=short]").wait_for()


async def test_a_refusal_leaves_the_collected_numbers_there(open_screen: Open, station: StandIn) -> None:
    station.view = wants_serial()
    station.answer_to = lambda sent: views.answer(300, "refused", "S1 is picked already.", sent["command_id"])
    screen = await open_screen()
    await more(screen, "serials")
    await add(screen, "S1")
    await screen.at("key-pad [data-key=ok]").click()
    await screen.shows("answer-band", "S1 is picked already.")
    assert await screen.at("key-pad .chip").count() == 1


async def test_a_scan_among_the_collected_numbers_counts_by_itself_and_leaves_them(
    open_screen: Open, station: StandIn
) -> None:
    station.view = wants_serial()
    screen = await open_screen()
    await more(screen, "serials")
    await add(screen, "S1")
    await screen.scan("NW-099")
    await screen.shows("answer-band", "NW-099 counted.")
    assert await screen.at("key-pad .chip").count() == 1


async def test_goods_are_taken_elsewhere_by_a_tile_that_tells_how_many_are_there(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pick(actions=[views.REPLAN, views.SHORT, views.action("undo", "Undo"), views.SIGN_OUT])
    screen = await open_screen()
    await screen.at("action-bar [data-key=replan]").click()
    assert "12 there" in await screen.at("reason-tiles .tile").nth(0).inner_text()
    await screen.at("reason-tiles [data-key=F-01-4]").click()
    await station.until_answered()
    assert said(station) == [{"command": "replan", "location_id": "F-01-4"}]


async def test_a_list_is_put_aside_with_a_reason(open_screen: Open, station: StandIn) -> None:
    station.view = wants_serial()
    screen = await open_screen()
    await more(screen, "picklist-release")
    await screen.at("reason-tiles [data-key=break]").click()
    await until(lambda: station.commands, "the release")
    assert said(station) == [{"path": views.RELEASE["path"], "workplace": "pick", "reason": "break"}]


async def test_the_zone_is_chosen_before_a_list_and_all_of_the_warehouse_again(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pick(
        views.doing("choose", "Scan a picklist"), **{**views.EMPTY_HANDS, "actions": [views.ZONE, views.SIGN_OUT]}
    )
    screen = await open_screen()
    for key in ("B", "null"):
        await screen.at("action-bar [data-key=zone]").click()
        await screen.at(f"reason-tiles [data-key={key}]").click()
    await until(lambda: len(station.answers) == 2, "both choices")
    assert said(station) == [{"command": "zone", "zone": "B"}, {"command": "zone", "zone": None}]


async def test_picked_goods_go_back_to_a_shelf(open_screen: Open, station: StandIn) -> None:
    station.view = views.pick(actions=[views.SHORT, views.REBIN, views.RELEASE, views.SIGN_OUT])
    screen = await open_screen()
    await more(screen, "picks-rebin")
    await screen.at("reason-tiles [data-key=task_1]").click()
    await keyed(screen, "2")
    await keyed(screen, "A-01")
    await until(lambda: station.commands, "the goods that go back")
    back = {"rebin_id": "screen", "task_id": "task_1", "qty": "2", "location_id": "A-01"}
    assert said(station) == [{"path": views.REBIN["path"], "workplace": "pick", "rebins": [back]}]
