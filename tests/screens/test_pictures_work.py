"""States of picking and packing: parcels, boxes, notes, photos, values; looked at by people, measured here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.screens import views
from tests.screens.acting import press_keys
from tests.screens.conftest import HANDHELD, Open, Screen
from tests.screens.stand_in import StandIn
from tests.screens.test_pictures import MEASURE, NOTHING_WRONG, SIZES, TWO_FRAMES, Scene, _pack
from tests.screens.views import Json, answer, doing, pack, pick, weight

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
MANY: Json = {**views.PARCEL, "parcels": views.PARCELS}
READ: Json = {
    "notes": views.NOTES,
    "to_confirm": [{"code": "packing", "sentence": views.NOTES[2], "confirmed": False}],
}
UNDO, WEIGH = views.action("undo", "Undo"), views.action("weigh", "Weigh")
CARTON: Json = {"carton_id": "BOX-M", "name": "Medium box", "note": ""}


def _doubt(**of: Any) -> Json:
    headline = doing(
        "label", "Did the label come out?", "Order ord_10249. The printer was switched off.", "Scan it if it is there"
    )
    usual: Json = {
        "parcel": None,
        "progress": None,
        "labels": [{**views.UNCERTAIN, "picture": True}],
        "answer": answer(12, "ask", "It is not known whether label 3 came out."),
        "actions": [*views.DOUBT_ACTIONS, views.SIGN_OUT],
    }
    return pack(headline, **{**usual, **of})


SCENES: dict[str, Scene] = {
    "pack_parcels": _pack(pack(parcel=MANY, actions=views.MANY_PARCELS), weight("stable", "4.080 kg")),
    "pack_more": _pack(pack(parcel=MANY, actions=views.MANY_PARCELS), press="action-bar [data-key=more]"),
    "pack_box": _pack(
        pack(parcel={**views.PARCEL, "carton": CARTON}, actions=views.FIRST_GOODS),
        press="action-bar [data-key=carton]",
    ),
    "pack_orders": _pack(pack(orders=views.ORDERS, parcel={**MANY, **READ}, actions=views.MANY_PARCELS)),
    "pack_confirm": _pack(
        pack(
            doing("confirm", "Read and confirm", views.NOTES[2], "and 1 more"),
            parcel={**views.FULL_PARCEL, **READ},
            actions=[views.CONFIRM, views.action("weigh", "Weigh again"), UNDO, views.MEASURE, views.SIGN_OUT],
        ),
        weight("stable", "12.340 kg"),
    ),
    "pack_photo": _pack(
        pack(
            doing("photo", "Photograph the parcel", "Show what is in it before it is closed"),
            parcel=views.FULL_PARCEL,
            actions=[views.PHOTO, WEIGH, UNDO, views.MEASURE, views.SIGN_OUT],
        )
    ),
    "pack_doubt": _pack(_doubt()),
    "pack_doubt_in_mid_order": _pack(_doubt(parcel=MANY), weight("stable", "4.080 kg")),
    "pack_label_printed": _pack(
        pack(
            doing("scan_parcel", "Scan a tote", "or an order, or choose one below"),
            parcel=None,
            progress=None,
            choices=views.CHOICES,
            labels=[{**views.label("confirmed", "Printed on printer, which counted it."), "picture": True}],
            answer=answer(13, "list_done", "Order ord_10249 is sealed. Its label 340123450000000017 is on the way."),
            actions=[views.SIGN_OUT],
        )
    ),
    "pick_serial": Scene(
        pick(
            doing("scan_item", "Scan the serial number", "Phone with two cameras (NW-099)", code="NW-099"),
            answer=answer(9, "ask", "Phone with two cameras (NW-099): scan its serial number."),
            actions=[views.KEY_SERIAL, views.SHORT, UNDO, views.SERIALS, views.RELEASE, views.SIGN_OUT],
        )
    ),
    "pick_serial_keys": Scene(
        pick(
            doing("scan_item", "Scan the serial number", "Phone (NW-099)", code="NW-099"),
            actions=[views.KEY_SERIAL, views.SHORT, UNDO, views.SERIALS, views.SIGN_OUT],
        ),
        press="action-bar .primary",
        keys="SN42",
    ),
    "pick_expiry": Scene(
        pick(
            doing("scan_item", "Scan the expiry date", "Tofu (NW-014)", code="NW-014"),
            actions=[views.KEY_EXPIRY, views.SHORT, UNDO, views.SIGN_OUT],
        )
    ),
    "pick_tote": Scene(
        pick(
            doing("scan_tote", "TOTE-7", "Queso Cabrales (NW-011)", "put it into the tote of ord_10249", "TOTE-7"),
            answer=answer(9, "line_done", "Queso Cabrales (NW-011): 10 of 10. Now into the tote of ord_10249."),
            actions=[UNDO, views.SIGN_OUT],
        )
    ),
    "pick_elsewhere": Scene(
        pick(
            answer=answer(9, "line_done", "Queso Cabrales (NW-011): 7 short (damaged). Go on. 12 are at B-02-1."),
            actions=[views.REPLAN, views.SHORT, UNDO, views.action("skip", "Skip"), views.RELEASE, views.SIGN_OUT],
        ),
        press="action-bar [data-key=replan]",
    ),
    "pick_zone": Scene(
        pick(
            doing("choose", "Scan a picklist", "or choose one below"),
            **{**views.EMPTY_HANDS, "choices": views.CHOICES, "actions": [views.ZONE, views.SIGN_OUT]},
        )
    ),
}
LIGHT = ("pack_parcels", "pack_doubt", "pick_serial")


async def shown(open_screen: Open, station: StandIn, scene: Scene) -> Screen:
    station.view, station.weight = scene.view, scene.weight
    screen = await open_screen(scene.page, HANDHELD)
    await screen.touch()
    await screen.shows("next-thing .headline .words", scene.view["next"]["headline"])
    if scene.press:
        await screen.at(scene.press).first.click()
    await press_keys(screen, scene.keys)
    return screen


async def pictured(screen: Screen, pictures: Path, name: str) -> None:
    for size, (width, height) in SIZES.items():
        await screen.page.set_viewport_size({"width": width, "height": height})
        await screen.page.evaluate(PICTURES_THERE)
        await screen.page.evaluate(TWO_FRAMES)
        await screen.page.screenshot(path=pictures / f"{name}_{size}.png")
        assert await screen.page.evaluate(MEASURE) == NOTHING_WRONG, size


PICTURES_THERE = "() => Promise.all([...document.images].map((each) => each.decode().catch(() => undefined)))"


@pytest.mark.parametrize("name", SCENES)
async def test_in_every_state_the_next_thing_is_in_sight_and_everything_is_large_enough(
    open_screen: Open, station: StandIn, pictures: Path, name: str
) -> None:
    await pictured(await shown(open_screen, station, SCENES[name]), pictures, name)


@pytest.mark.parametrize("name", LIGHT)
async def test_in_the_light_theme_as_well(open_screen: Open, station: StandIn, pictures: Path, name: str) -> None:
    screen = await shown(open_screen, station, SCENES[name])
    await screen.page.evaluate("document.documentElement.dataset.theme = 'light'")
    await pictured(screen, pictures, f"light_{name}")


async def test_what_an_earlier_page_left_asks_for_a_decision_and_leaves_the_next_thing_in_sight(
    open_screen: Open, station: StandIn, pictures: Path
) -> None:
    screen = await shown(open_screen, station, SCENES["pick_tote"])
    held = {
        "command_id": "1",
        "name": "scan",
        "body": {"code": "NW-011"},
        "by": {"worker": "w1", "name": "Ana", "work": "PICK-12"},
        "at": 0,
    }
    told = {"held": [{**held, "at": await screen.page.evaluate("Date.now() - 720000")}], "worker": "w1"}
    await screen.page.evaluate("told => document.querySelector('held-note').show(told)", told)
    await pictured(screen, pictures, "pick_held")
