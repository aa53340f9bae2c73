"""What people do on the screens of work with goods: with a scanner alone, by touch alone, on a keyboard alone."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.screens import views
from tests.screens.conftest import Open, Screen, until
from tests.screens.stand_in import StandIn
from tests.screens.views import Json

pytestmark = pytest.mark.asyncio(loop_scope="session")


def behind(action: Json, **more: Any) -> Json:
    return {**action, "place": "more", **more}


SET_LOT = views.action("set", "Lot", pad="text", member="value", body={"name": "lot"})
SET_DATE = views.action("set", "Expiry date", pad="date", member="value", body={"name": "expiry"})
KEY_CODE = behind(views.action("scan", "Key a code", pad="text", member="code"))
LABELS = behind(
    views.action("goods-label", "Labels for it", pad="number", member="copies", body={"sku": "NW-001"}),
    path="/v1/station/goods-labels",
)
REJECT = behind(
    views.action("inbound-reject", "Reject", reasons=[views.reason("too warm", "Too warm")], body={"sku": "NW-001"}),
    path="/v1/station/inbound/ASN%2F1/reject",
    then=[{"ask": "How many go back?", "member": "qty", "reasons": None, "pad": "number"}],
)
PHOTO = behind(
    views.action("set", "Photo", pad="photo", member="value", body={"name": "photo"}),
    about="inbound:ASN-1",
)
USUAL = [views.action("complete", "Done"), views.action("undo", "Undo"), views.action("quantity", "Quantity")]
FACTS = [
    {"label": "Lot", "value": "L-2027-44", "code": True},
    {"label": "Expires", "value": "2027-03-31", "code": False},
]


def receiving(next_thing: Json | None = None, *actions: Json, **changes: Any) -> Json:
    """A receiver in the middle of a delivery."""
    row = {"sku": "NW-001", "name": "Chai", "done": "3", "of": "24", "over": "0", "note": "", "state": "current"}
    over = {**row, "sku": "NW-002", "name": "Chang", "done": "26", "over": "2", "state": "over"}
    counted: Json = {"sku": "NW-001", "name": "Chai", "qty": "3", "lot_id": None, "expires_on": None, "photo": False}
    counted |= {"condition": "damaged", "location_id": None, "container": None, "serials": []}
    goods = {"title": "ASN-1", "rows": [row, over], "hidden": 0, "counted": [counted]}
    asked = next_thing or views.doing("scan_item", "Chai", "", "21 more of it", "NW-001")
    shown = [*actions, *USUAL, KEY_CODE, LABELS, REJECT, PHOTO, views.SIGN_OUT]
    progress = {"id": "ASN-1", "done": "3", "of": "24"}
    return views.pick(asked, picklist=None, goods=goods, progress=progress, actions=shown, **changes)


async def opened(open_screen: Open, station: StandIn, view: Json) -> Screen:
    station.workplaces, station.view = ["receive"], view
    screen = await open_screen("receive")
    await screen.touch()
    await screen.at("goods-lines .line").first.wait_for()
    return screen


async def test_what_is_expected_and_what_was_counted_stand_beside_the_next_thing(
    open_screen: Open, station: StandIn
) -> None:
    screen = await opened(open_screen, station, receiving())
    assert "3 of 24" in await screen.text("goods-lines .expected .current")
    assert "2 too many" in await screen.text("goods-lines .expected .short")
    assert "damaged" in await screen.text("goods-lines .counted .line")


async def test_facts_to_compare_with_stand_under_the_next_thing(open_screen: Open, station: StandIn) -> None:
    screen = await opened(open_screen, station, receiving({**views.doing("scan_item", "Chai"), "facts": FACTS}))
    assert (await screen.text("next-thing .facts")).split("\n") == ["Lot", "L-2027-44", "Expires", "2027-03-31"]
    assert await screen.at("next-thing .facts code").count() == 1


async def test_the_picture_of_an_item_stands_beside_its_name(open_screen: Open, station: StandIn) -> None:
    item = {**views.doing("scan_item", "Chai", "", "", "NW 1/2"), "picture": True}
    screen = await opened(open_screen, station, receiving(item))
    picture = screen.at("next-thing img")
    assert await picture.get_attribute("src") == "/v1/station/pictures/NW%201%2F2"
    await until_loaded(screen)


async def test_by_touch_alone_a_lot_and_a_code_are_keyed(open_screen: Open, station: StandIn) -> None:
    screen = await opened(open_screen, station, receiving(views.doing("set", "Chai", "", "scan its lot"), SET_LOT))
    await screen.at("action-bar [data-key=set-lot]").click()
    for key in ("7", "page", "L"):
        await screen.at(f"key-pad [data-key='{key}']").click()
    await screen.at("key-pad [data-key=ok]").click()
    await until(lambda: station.commands, "the lot")
    await screen.at("action-bar [data-key=more]").click()
    await screen.at("reason-tiles [data-key=scan]").click()
    await screen.at("key-pad [data-key='9']").click()
    await screen.at("key-pad [data-key=ok]").click()
    await until(lambda: len(station.commands) == 2, "the code")
    lot, scan = station.commands
    assert (lot["command"], lot["name"], lot["value"]) == ("set", "lot", "7L")
    assert (scan["command"], scan["code"]) == ("scan", "9")


async def test_a_day_is_keyed_as_six_digits_and_read_back_before_it_is_sent(
    open_screen: Open, station: StandIn
) -> None:
    screen = await opened(open_screen, station, receiving(views.doing("set", "Chai", "", "scan its date"), SET_DATE))
    await screen.at("action-bar [data-key=set-expiry]").click()
    for digit in "27033":
        await screen.at(f"key-pad [data-key='{digit}']").click()
    await screen.shows("key-pad .keyed", "2027-03-3_")
    assert await screen.at("key-pad [data-key=ok]").is_disabled()
    await screen.at("key-pad [data-key='1']").click()
    await screen.at("key-pad [data-key=ok]").click()
    await until(lambda: station.commands, "the day")
    assert station.commands[0]["value"] == "2027-03-31"


async def test_on_a_keyboard_alone_what_is_asked_for_is_typed(open_screen: Open, station: StandIn) -> None:
    screen = await opened(open_screen, station, receiving(views.doing("set", "Chai", "", "scan its lot"), SET_LOT))
    await type_by_hand(screen, "L-7")
    await screen.shows("key-pad h2, key-pad .keyed", "L-7")
    await screen.page.keyboard.press("Enter")
    await until(lambda: station.commands, "the lot")
    assert (station.commands[0]["command"], station.commands[0]["value"]) == ("set", "L-7")


async def test_on_a_keyboard_digits_are_the_quantity_and_letters_begin_a_code(
    open_screen: Open, station: StandIn
) -> None:
    screen = await opened(open_screen, station, receiving())
    await type_by_hand(screen, "12")
    await screen.page.keyboard.press("Enter")
    await until(lambda: station.commands, "the quantity")
    await type_by_hand(screen, "NW")
    await screen.page.keyboard.press("Enter")
    await until(lambda: len(station.commands) == 2, "the code")
    assert [station.commands[0].get("quantity"), station.commands[1].get("code")] == ["12", "NW"]


async def test_an_act_behind_more_has_its_own_route_and_its_answer_is_shown_each_time(
    open_screen: Open, station: StandIn
) -> None:
    screen = await opened(open_screen, station, receiving())
    for times in (1, 2):
        await screen.at("action-bar [data-key=more]").click()
        await screen.at("reason-tiles [data-key=goods-label]").click()
        await screen.at("key-pad [data-key='3']").click()
        await screen.at("key-pad [data-key=ok]").click()
        await until(lambda: station.commands, "the labels")
        await screen.shows("answer-band", "That is recorded.")
        await station.answer(views.answer(50 + times, "counted", "Something else."))
        await screen.shows("answer-band", "Something else.")
    told = station.commands[0]
    assert (told["path"], told["copies"], told["sku"]) == ("/v1/station/goods-labels", "3", "NW-001")
    assert told["workplace"] == "receive"


async def test_goods_are_rejected_in_two_steps_why_and_how_many(open_screen: Open, station: StandIn) -> None:
    screen = await opened(open_screen, station, receiving())
    await screen.at("action-bar [data-key=more]").click()
    await screen.at("reason-tiles [data-key=inbound-reject]").click()
    await screen.at("reason-tiles [data-key='too warm']").click()
    await screen.shows("key-pad h2", "How many go back?")
    await station.show(receiving())  # a view that changes nothing leaves the keys open
    await screen.at("key-pad [data-key='2']").click()
    await screen.at("key-pad [data-key=ok]").click()
    await until(lambda: station.commands, "the rejection")
    told = station.commands[0]
    assert (told["reason"], told["qty"], told["sku"]) == ("too warm", "2", "NW-001")
    assert told["path"].endswith("/ASN%2F1/reject")


async def test_a_scan_closes_what_is_open_behind_more_and_counts(open_screen: Open, station: StandIn) -> None:
    screen = await opened(open_screen, station, receiving())
    await screen.at("action-bar [data-key=more]").click()
    await screen.scan("NW-001")
    await screen.shows("answer-band", "NW-001 counted.")
    assert await screen.at("reason-tiles button").count() == 0


async def test_a_photo_of_damage_is_sent_to_the_station_and_said_of_what_was_counted(
    open_screen: Open, station: StandIn, tmp_path: Path
) -> None:
    photo = tmp_path / "damage.png"
    Image.new("RGB", (40, 30), "brown").save(photo)
    screen = await opened(open_screen, station, receiving())
    await screen.at("action-bar [data-key=more]").click()
    async with screen.page.expect_file_chooser() as chosen:
        await screen.at("reason-tiles [data-key=set-photo]").click()
    await (await chosen.value).set_files(photo)
    await until(lambda: station.commands, "the photo")
    ((of, kind, kept),) = station.files
    assert (of, kind) == ("inbound:ASN-1", "image/jpeg")
    told = station.commands[0]
    assert (told["name"], told["value"]) == ("photo", hashlib.sha256(kept).hexdigest())


async def test_a_choice_may_be_a_scan_and_a_chosen_tile_says_so(open_screen: Open, station: StandIn) -> None:
    tile = {**views.choice("scrap", "Scrap", "", "normal", 0, "0", None), "lines": None, "units": None}
    tile |= {"do": "scan", "body": {"code": "scrap"}, "tile": True, "chosen": False}
    screen = await opened(open_screen, station, receiving(choices=[tile, {**tile, "id": "repair", "chosen": True}]))
    assert await screen.at("choice-list [aria-pressed=true] .shape").count() == 1
    await screen.at("choice-list [data-key=scrap]").click()
    await until(lambda: station.commands, "the scan")
    assert (station.commands[0]["command"], station.commands[0]["code"]) == ("scan", "scrap")


async def type_by_hand(screen: Screen, text: str) -> None:
    for key in text:
        await screen.page.keyboard.press(key)
        await screen.page.wait_for_timeout(140)  # a person's pace is the fact under test


async def until_loaded(screen: Screen) -> None:
    await screen.page.wait_for_function("() => document.querySelector('next-thing img')?.naturalWidth > 0")
