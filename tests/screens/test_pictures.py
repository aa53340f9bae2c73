"""Every state of screens.md, at the handheld's and the station's size: looked at by people, measured here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.screens import views
from tests.screens.conftest import HANDHELD, STATION, Open
from tests.screens.stand_in import StandIn
from tests.screens.views import Json, answer, device, doing, label, lane, pack, pick, weight

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

SIZES = {"360x640": HANDHELD, "1280x800": STATION}


@dataclass(frozen=True)
class Scene:
    view: Json
    weight: Json | None = None
    press: str = ""
    keys: str = ""
    page: str = field(default="pick")


def _pack(view: Json, on_scale: Json | None = None, press: str = "") -> Scene:
    empty = weight("stable", "0.000 kg") if view["parcel"] else None
    return Scene(view, on_scale or empty, press, page="pack")


HQ_AWAY = lane(
    "unreachable",
    "HQ unreachable since 14:02. Keep working. Safe here and still to be sent: 212.",
    unsent=212,
    oldest_unsent_at=views.minutes_ago(3),
    since=views.NOW,
    offline=[
        "Work that HQ gave may be begun until 2026-12-23 12:06.",
        "Waits for HQ: labels of carriers, new work, new parcel numbers, figures of the whole site.",
    ],
)
SCANNER_AWAY = device(
    "scanner", "scanner", away="The scanner is unplugged.", step="Plug it in; it works again by itself."
)
PRINTER_AWAY = device("printer", "printer", away="The printer's head is open.", step="Close it until it clicks.")

SCENES: dict[str, Scene] = {
    "pick_signed_out": Scene(
        pick(
            doing("sign_in", "Scan your badge", "Then the work of this station appears."),
            worker=None,
            **views.EMPTY_HANDS,
        )
    ),
    "pick_empty": Scene(
        pick(
            doing("wait", "Nothing to pick", "Every list is done. New work appears here by itself."),
            **views.EMPTY_HANDS,
        )
    ),
    "pick_choose": Scene(pick(doing("choose", "Choose a list"), **{**views.EMPTY_HANDS, "choices": views.CHOICES})),
    "pick_location": Scene(
        pick(doing("scan_location", "D-01-3", "Queso Cabrales · 1 kg pkg.", "take 7 → tote 2", "D-01-3"), answer=None)
    ),
    "pick_counted": Scene(pick()),
    "pick_refused": Scene(
        pick(
            answer=answer(
                4,
                "refused",
                "This is Chai (NW-001). PICK-12 needs Chang (NW-002) from here. Put it back and scan Chang.",
            )
        )
    ),
    "pick_ask": Scene(
        pick(
            answer=answer(
                5, "ask", "Queso Cabrales (NW-011) was scanned 11 times, 10 are wanted. Is one too many in the tote?"
            )
        )
    ),
    "pick_note": Scene(pick(answer=answer(5, "note", "The last scan of Queso Cabrales was taken back. 2 of 10."))),
    "pick_line_done": Scene(pick(answer=answer(6, "line_done", "Queso Cabrales (NW-011): 10 of 10. Line done."))),
    "pick_list_done": Scene(
        pick(
            doing("complete", "PICK-12 is picked", "Bring tote 2 to the pack station."),
            answer=answer(7, "list_done", "PICK-12: all 9 lines are done."),
            progress={"id": "PICK-12", "done": 9, "of": 9},
            actions=[views.action("complete", "Complete the list"), views.action("undo", "Undo"), views.SIGN_OUT],
        )
    ),
    "pick_short": Scene(pick(), press="action-bar [data-key=short]"),
    "pick_quantity": Scene(pick(), press="button.amount", keys="12"),
    "pick_device_gone": Scene(pick(devices=[SCANNER_AWAY])),
    "pick_device_back": Scene(pick(answer=answer(9, "note", "The scanner is back. Go on with Queso Cabrales."))),
    "pick_hq_away": Scene(pick(lanes=[HQ_AWAY])),
    "pick_hq_back": Scene(pick(lanes=[lane(unsent=12, oldest_unsent_at=views.minutes_ago(3), parked=1)])),
    "pick_signed_out_in_mid_work": Scene(
        pick(
            doing("sign_in", "Scan your badge", "PICK-12 waits here: 4 of 9 lines are done."),
            worker=None,
            actions=[],
            answer=answer(9, "note", "Ana signed out. PICK-12 stays open."),
        )
    ),
    "pick_training": Scene(pick(training=True)),
    "pick_german": Scene(
        pick(
            doing(
                "scan_item",
                "Räucherlachsfiletspezialitätenmischung nach Großmutterart",
                "Kartonverpackung zu 24 Vakuumbeuteln · Hochregallager D-01-3",
                "noch 7 Verkaufseinheiten → Sammelbehälter 2",
                "NW-011",
            ),
            answer=answer(
                9,
                "refused",
                "Das ist Räucherlachsfilet (NW-036). PICK-12 braucht von hier die Spezialitätenmischung (NW-011). "
                "Bitte zurücklegen und die Spezialitätenmischung scannen.",
            ),
            actions=[
                {**views.SHORT, "label": "Fehlmenge melden"},
                views.action("undo", "Rückgängig machen"),
                views.action("skip", "Überspringen"),
                views.action("quantity", "Menge eintippen"),
                views.action("sign-out", "Abmelden"),
            ],
        )
    ),
    "pick_polish": Scene(
        pick(
            doing(
                "scan_item",
                "Żurawinowa konfitura świętokrzyska bez cukru",
                "Opakowanie zbiorcze 12 słoików po 550 ml",
                "jeszcze 7 sztuk → pojemnik 2",
                "NW-008",
            ),
            answer=answer(9, "ask", "Zeskanowano 11 sztuk, potrzeba 10. Czy w pojemniku jest o jedną za dużo?"),
        )
    ),
    "pick_arabic": Scene(
        pick(
            doing("scan_item", "جبنة كابراليس", "عبوة 1 كغ · الموقع D-01-3", "خذ 7 أخرى ← الصندوق 2", "NW-011"),
            worker={"worker_id": "w3", "name": "ليلى"},
            answer=answer(9, "counted", "تم عدّ جبنة كابراليس (NW-011): 3 من 10."),
        )
    ),
    "pack_scan": _pack(pack(), weight("moving", "4.120 kg")),
    "pack_choose": _pack(
        pack(
            doing("scan_parcel", "Scan a tote or an order", "Or choose one here."),
            parcel=None,
            progress=None,
            answer=None,
            actions=[views.SIGN_OUT],
            choices=[{**each, "id": f"ful_{n}", "title": f"ord_1024{n}"} for n, each in enumerate(views.CHOICES)],
        )
    ),
    "pack_refused": _pack(
        pack(
            answer=answer(
                9,
                "refused",
                "This is Chai (NW-001). Order 10249 has none. Put it aside and scan Manjimup Dried Apples.",
            )
        )
    ),
    "pack_weigh": _pack(
        pack(
            doing("weigh", "Put the parcel on the scale", "It is weighed when the figure stands still."),
            parcel=views.FULL_PARCEL,
            answer=answer(10, "line_done", "Everything of order 10249 is in the parcel."),
            progress={"id": "ord_10249", "done": 4, "of": 4},
            actions=[views.action("weigh", "Keep this weight"), views.action("undo", "Undo"), views.SIGN_OUT],
        ),
        weight("stable", "12.340 kg"),
    ),
    "pack_weight_reasons": _pack(
        pack(
            doing("weigh", "Check the parcel", "It weighs 1.120 kg less than its goods should."),
            parcel=views.FULL_PARCEL,
            answer=answer(10, "ask", "11.280 kg is 1.120 kg under the 12.400 kg expected. Is everything in?"),
            actions=[
                views.action(
                    "weigh",
                    "Keep it with a reason",
                    reasons=[
                        views.reason("counted", "I counted, all is in"),
                        views.reason("packaging", "Other carton"),
                    ],
                ),
                views.action("undo", "Undo"),
                views.SIGN_OUT,
            ],
        ),
        weight("stable", "11.280 kg"),
        "action-bar [data-key=weigh]",
    ),
    "pack_scale_fault": _pack(
        pack(
            doing("weigh", "Take the load off", "More lies on the scale than it can weigh."), parcel=views.FULL_PARCEL
        ),
        weight("fault", "", "The scale is overloaded (more than 30 kg). Take something off."),
    ),
    "pack_scale_away": _pack(
        pack(
            devices=[
                *views.PACK_DEVICES[:1],
                device("scale", "scale", away="The scale does not answer.", step="Check its cable."),
                PRINTER_AWAY,
            ]
        ),
        weight("away", "", "No weight comes from the scale."),
    ),
    "pack_seal": _pack(
        pack(
            doing("seal", "Close the parcel", "Then its label is printed."),
            parcel={
                **views.FULL_PARCEL,
                "package": {**views.SEALED_PARCEL["package"], "state": "weighed", "sscc": None},
                "label_to_come": "pkg_1",
            },
            actions=[views.action("seal", "Seal and print"), views.action("undo", "Undo"), views.SIGN_OUT],
        ),
        weight("stable", "12.340 kg"),
    ),
    "pack_label_uncertain": _pack(
        pack(
            doing("label", "Did the label come out?", "Look at the printer, then answer at the label."),
            parcel=views.SEALED_PARCEL,
            labels=[views.UNCERTAIN],
            answer=answer(12, "ask", "It is not known whether label 3 came out."),
            actions=[views.SIGN_OUT],
        ),
        weight("stable", "12.340 kg"),
    ),
    "pack_parcel_done": _pack(
        pack(
            doing("scan_parcel", "Scan the next tote"),
            parcel=views.SEALED_PARCEL,
            labels=[label("confirmed", "The printer reported label 3 as printed.")],
            answer=answer(13, "list_done", "Order 10249 is packed: 1 parcel, 12.340 kg."),
            progress={"id": "ord_10249", "done": 4, "of": 4},
        )
    ),
}


@pytest.mark.parametrize("name", SCENES)
async def test_in_every_state_the_next_thing_is_in_sight_and_everything_is_large_enough(
    open_screen: Open, station: StandIn, pictures: Path, name: str
) -> None:
    scene = SCENES[name]
    station.view, station.weight = scene.view, scene.weight
    screen = await open_screen(scene.page, HANDHELD)
    await screen.touch()
    await screen.shows("next-thing .headline .words", scene.view["next"]["headline"])
    if scene.press:
        await screen.at(scene.press).click()
    for key in scene.keys:
        await screen.at(f"key-pad [data-key='{key}']").click()
    for size, (width, height) in SIZES.items():
        await screen.page.set_viewport_size({"width": width, "height": height})
        await screen.page.evaluate(TWO_FRAMES)
        await screen.page.screenshot(path=pictures / f"{name}_{size}.png")
        assert await screen.page.evaluate(MEASURE) == NOTHING_WRONG, size


TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
NOTHING_WRONG = {
    "small_text": [],
    "small_targets": [],
    "sideways": 0,
    "cut_off": [],
    "headline_in_sight": True,
}

# What is drawn: text under 16 px, targets under 64 px, sideways scrolling, words cut off, the headline in its place.
MEASURE = """() => {
  const seen = (each) => each.checkVisibility({ visibilityProperty: true }) && each.getBoundingClientRect().width > 2;
  const all = [...document.querySelectorAll("body *")].filter(seen);
  const ownText = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const style = (each) => getComputedStyle(each);
  const words = (found) => found.map((each) => each.textContent);
  const isSmall = (box) => box.height < 63.9 || box.width < 63.9;
  const isBox = (each) => each.clientWidth > 0 && style(each).display !== "inline";
  const isCut = (each) => isBox(each) && each.scrollWidth > each.clientWidth + 2;
  const headline = document.querySelector("next-thing .headline .words").getBoundingClientRect();
  const bar = document.querySelector("action-bar").getBoundingClientRect();
  const floor = bar.height > 0 && bar.top > headline.top ? bar.top : innerHeight;
  return {
    small_text: words(all.filter((each) => ownText(each) && parseFloat(style(each).fontSize) < 16)),
    small_targets: words(all.filter((each) => each.matches("button") && isSmall(each.getBoundingClientRect()))),
    sideways: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    cut_off: words(all.filter((each) => ownText(each) && isCut(each))),
    headline_in_sight: headline.top >= 0 && headline.bottom <= floor + 1,
  };
}"""
