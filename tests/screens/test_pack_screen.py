"""What a packer does by touch reaches the station as the command that is meant."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image
from playwright.async_api import FilePayload

from tests.screens import views
from tests.screens.acting import keyed, more, said
from tests.screens.conftest import HANDHELD, STATION, Open, Screen
from tests.screens.stand_in import Json, StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")
MANY: Json = {"parcel": {**views.PARCEL, "parcels": views.PARCELS}, "actions": views.MANY_PARCELS}


async def test_each_parcel_of_the_order_stands_there_and_an_open_one_is_chosen_by_touch(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pack(**MANY)
    screen = await open_screen("pack", STATION)
    chips = screen.at("parcel-panel .parcels .chip")
    assert await chips.count() == 3
    assert "Parcel 1" in await chips.nth(0).inner_text()
    assert await chips.nth(0).is_disabled(), "a sealed parcel takes nothing more"
    assert await chips.nth(2).is_disabled(), "goods go in here already"
    await chips.nth(1).click()
    await station.until_answered()
    assert said(station) == [{"command": "parcel", "number": 2}]


async def test_of_one_parcel_alone_no_strip_is_drawn(open_screen: Open, station: StandIn) -> None:
    station.view = views.pack(parcel={**views.PARCEL, "parcels": views.PARCELS[2:]})
    screen = await open_screen("pack", STATION)
    assert await screen.at("parcel-panel .parcels").count() == 0


async def test_the_next_parcel_is_one_touch(open_screen: Open, station: StandIn) -> None:
    station.view = views.pack(**MANY)
    screen = await open_screen("pack")
    await screen.at("action-bar [data-key=next-parcel]").click()
    await station.until_answered()
    assert said(station) == [{"command": "next-parcel"}]


async def test_goods_are_moved_by_saying_what_into_which_parcel_and_how_many(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pack(**MANY)
    screen = await open_screen("pack")
    await more(screen, "repack")
    await screen.at("reason-tiles [data-key=NW-014]").click()
    await screen.shows("reason-tiles h2", "Into which parcel?")
    await screen.at("reason-tiles [data-key='4']").click()
    await screen.shows("key-pad h2", "How many?")
    await keyed(screen, "2")
    await station.until_answered()
    assert said(station) == [{"command": "repack", "source": 2, "sku": "NW-014", "target": 4, "qty": "2"}]


async def test_of_goods_with_serial_numbers_the_unit_itself_is_moved(open_screen: Open, station: StandIn) -> None:
    station.view = views.pack(**MANY)
    screen = await open_screen("pack")
    await more(screen, "repack")
    await screen.at("reason-tiles [data-key=NW-099]").click()
    await screen.at("reason-tiles [data-key='3']").click()
    await station.until_answered()
    moved = {"source": 2, "sku": "NW-099", "target": 3, "qty": "1", "serials": ["SN-1"]}
    assert said(station) == [{"command": "repack", **moved}]


async def test_the_way_back_leads_out_of_a_half_said_move_and_nothing_is_sent(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pack(**MANY)
    screen = await open_screen("pack")
    await more(screen, "repack")
    await screen.at("reason-tiles [data-key=NW-014]").click()
    await screen.at("reason-tiles [data-key=back]").click()
    await screen.at("action-bar [data-key=undo]").wait_for()
    assert station.commands == []


async def test_the_box_is_chosen_by_a_tile_with_its_size(open_screen: Open, station: StandIn) -> None:
    station.view = views.pack(actions=views.FIRST_GOODS)
    screen = await open_screen("pack")
    await screen.at("action-bar [data-key=carton]").click()
    tiles = screen.at("reason-tiles .tile")
    assert "40 x 30 x 20 cm" in await tiles.nth(0).inner_text()
    await screen.at("reason-tiles [data-key=BOX-S]").click()
    await station.until_answered()
    assert said(station) == [{"command": "carton", "carton_id": "BOX-S"}]


async def test_packing_material_is_named_and_counted_and_the_parcel_shows_it(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pack(parcel={**views.PARCEL, "parcels": views.PARCELS[2:]}, actions=views.MANY_PARCELS)
    screen = await open_screen("pack", STATION)
    await screen.shows("parcel-panel header", "2 x Bubble wrap")
    await more(screen, "material")
    await keyed(screen, "TAPE")
    await screen.shows("key-pad h2", "How many?")
    await keyed(screen, "3")
    await station.until_answered()
    assert said(station) == [{"command": "material", "material": "TAPE", "qty": "3"}]


async def test_a_parcel_is_measured_side_by_side(open_screen: Open, station: StandIn) -> None:
    station.view = views.pack(**MANY)
    screen = await open_screen("pack")
    await more(screen, "measure")
    for asked, millimetres in (("Length in mm", "400"), ("Width in mm", "300"), ("Height in mm", "250")):
        await screen.shows("key-pad h2", asked)
        await keyed(screen, millimetres)
    await station.until_answered()
    measured = {"length_mm": "400", "width_mm": "300", "height_mm": "250"}
    assert said(station) == [{"command": "measure", **measured}]


async def test_a_sealed_parcel_is_unpacked_with_a_reason_by_its_own_route(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pack(**MANY)
    screen = await open_screen("pack")
    await more(screen, "package-void")
    await screen.at("reason-tiles [data-key='wrong contents']").click()
    await station.until_answered()
    assert said(station) == [{"path": views.UNPACK["path"], "workplace": "pack", "reason": "wrong contents"}]


async def test_a_note_is_confirmed_alone_and_the_others_stay_to_be_read(open_screen: Open, station: StandIn) -> None:
    notes = {
        "notes": views.NOTES,
        "to_confirm": [{"code": "packing", "sentence": views.NOTES[2], "confirmed": False}],
    }
    station.view = views.pack(
        views.doing("confirm", "Read and confirm", views.NOTES[2]),
        parcel={**views.FULL_PARCEL, **notes},
        actions=[views.CONFIRM, views.SIGN_OUT],
    )
    screen = await open_screen("pack", STATION)
    assert await screen.at("parcel-panel .notes .done").count() == 2
    assert await screen.at("parcel-panel .notes .ask").count() == 1
    await screen.at("action-bar .primary").click()
    await station.until_answered()
    assert said(station) == [{"command": "confirm", "code": "packing"}]


async def test_another_open_order_comes_to_the_front_by_touch(open_screen: Open, station: StandIn) -> None:
    station.view = views.pack(orders=views.ORDERS)
    screen = await open_screen("pack", STATION)
    await screen.at("open-orders [data-key=ful_2]").click()
    await station.until_answered()
    assert said(station) == [{"command": "open", "id": "ful_2"}]


def photo(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "grey").save(file, "PNG")
    return file.getvalue()


def photo_view() -> Json:
    return views.pack(
        views.doing("photo", "Photograph the parcel", "Show what is in it before it is closed"),
        parcel=views.FULL_PARCEL,
        actions=[views.PHOTO, views.action("weigh", "Weigh"), views.action("undo", "Undo"), views.SIGN_OUT],
    )


async def take(screen: Screen, data: bytes, name: str = "box.png") -> None:
    async with screen.page.expect_file_chooser() as choosing:
        await screen.at("action-bar .primary").click()
    await (await choosing.value).set_files(FilePayload(name=name, mimeType="image/png", buffer=data))


async def test_a_photo_is_made_small_kept_at_the_station_and_then_told_of_the_parcel(
    open_screen: Open, station: StandIn
) -> None:
    station.view = photo_view()
    screen = await open_screen("pack")
    await take(screen, photo(3200, 1200))
    await station.until_answered()
    ((of, kind, data),) = station.files
    assert (of, kind) == ("fulfillment:ful_1", "image/jpeg")
    assert Image.open(io.BytesIO(data)).size == (1600, 600)
    assert said(station) == [{"command": "photo", "sha256": hashlib.sha256(data).hexdigest()}]


async def test_what_is_no_photo_is_refused_in_words_and_nothing_is_sent(open_screen: Open, station: StandIn) -> None:
    station.view = photo_view()
    screen = await open_screen("pack")
    await take(screen, b"no picture at all")
    await screen.shows("answer-band[data-meaning=refused]", "no photo that can be read")
    assert (station.files, station.commands) == ([], [])


async def test_a_photo_the_station_does_not_keep_is_told_in_its_words(open_screen: Open, station: StandIn) -> None:
    station.view = photo_view()
    screen = await open_screen("pack")
    screen.network_may_fail = True
    station.refusal = (507, "A station keeps 512 MB of files at most.")
    await take(screen, photo(64, 64))
    await screen.shows("answer-band[data-meaning=refused]", "keeps 512 MB of files at most")
    assert station.commands == []


def doubt() -> Json:
    return views.pack(
        views.doing(
            "label", "Did the label come out?", "Order ord_10249. It was on its way.", "Scan it if it is there"
        ),
        parcel=views.SEALED_PARCEL,
        labels=[{**views.UNCERTAIN, "picture": True}],
        actions=[*views.DOUBT_ACTIONS, views.SIGN_OUT],
    )


@pytest.mark.parametrize("size", [HANDHELD, STATION])
async def test_a_doubtful_label_asks_before_anything_else_with_its_three_answers_as_the_way_on(
    open_screen: Open, station: StandIn, size: tuple[int, int]
) -> None:
    station.view = doubt()
    screen = await open_screen("pack", size)
    ways = screen.at("action-bar .ways .primary")
    assert await ways.all_inner_texts() == ["It came out: scan it", "It did not", "It is damaged"]
    assert await screen.at("label-jobs .row button").count() == 0, "the answers stand there once"
    await ways.nth(2).click()
    await station.until_answered()
    assert said(station) == [{"command": "label-decision", "job_id": "job_3", "decision": "damaged"}]


async def test_the_picture_of_the_label_is_the_one_the_station_draws(open_screen: Open, station: StandIn) -> None:
    station.view = doubt()
    screen = await open_screen("pack", STATION)
    picture = screen.at("label-jobs img.label-picture")
    await picture.wait_for()
    assert await picture.get_attribute("src") == "/v1/station/labels/job_3/preview.png"
    await screen.page.wait_for_function("() => document.querySelector('img.label-picture').naturalWidth > 100")


async def test_before_the_parcel_is_sealed_its_label_is_shown(open_screen: Open, station: StandIn) -> None:
    parcel = {**views.FULL_PARCEL, "label_to_come": "pkg/1"}
    station.view = views.pack(views.doing("seal", "Seal the parcel"), parcel=parcel)
    screen = await open_screen("pack", STATION)
    await screen.shows("parcel-panel figcaption", "Its number is drawn when the parcel is sealed.")
    picture = screen.at("parcel-panel img.label-picture")
    assert await picture.get_attribute("src") == "/v1/station/packages/pkg%2F1/label.png"
    await screen.page.wait_for_function("() => document.querySelector('img.label-picture').naturalWidth > 100")


async def test_a_label_without_a_picture_says_so_in_words(open_screen: Open, station: StandIn) -> None:
    station.view, station.draws_labels = views.pack(), False
    screen = await open_screen("pack", STATION)
    screen.network_may_fail = True
    await station.show(doubt())
    await screen.shows("label-jobs", "There is no picture of this label.")
    assert await screen.at("label-jobs img").count() == 0
