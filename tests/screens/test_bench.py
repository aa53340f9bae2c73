"""The bench: a person is the far end of every device, and the labels that came out scan from the glass."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from tests.screens import views
from tests.screens.conftest import HANDHELD, STATION, Open, Screen, until
from tests.screens.stand_in import SCREENS, StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")
TEMPLATES = {path.stem: path.read_text() for path in (SCREENS.parent / "labels" / "templates").glob("*.zpl")}
ALL_VALUES_B = "".join(chr(code) for code in range(32, 127))


async def test_a_suggested_code_is_scanned_by_its_button_and_any_other_by_typing(
    open_screen: Open, station: StandIn
) -> None:
    bench = await open_screen("bench", STATION)
    await bench.at("[data-key='D-01-3']").click()
    await bench.at("#other-code").fill("NW-042")
    await bench.page.keyboard.press("Enter")
    await until(lambda: len(station.acts) == 2, "two acts")
    assert station.acts == [("scanner", "scan", {"code": "D-01-3"}), ("scanner", "scan", {"code": "NW-042"})]


async def test_weight_is_put_on_by_preset_and_by_slider(open_screen: Open, station: StandIn) -> None:
    bench = await open_screen("bench", STATION)
    assert await bench.text(".load") == "12.340 kg"
    await bench.at("#scale").get_by_text("1.000 kg").click()
    await until(lambda: station.acts, "the preset")
    await bench.at("input[type=range]").focus()
    await bench.page.keyboard.press("ArrowRight")
    await until(lambda: len(station.acts) == 2, "the slider")
    assert station.acts == [("scale", "load", {"weight_g": 1000}), ("scale", "load", {"weight_g": 1010})]


async def test_plugs_are_pulled_and_put_back_and_faults_set_and_cleared(open_screen: Open, station: StandIn) -> None:
    bench = await open_screen("bench", STATION)
    scanner = bench.at("bench-device").nth(0)
    await scanner.get_by_text("Pull the plug").click()
    await scanner.get_by_text("Plug it in").click()
    await scanner.get_by_text("garbled").click()
    await scanner.get_by_text("no fault").click()
    await until(lambda: len(station.acts) == 4, "four acts")
    assert [(act, body) for _, act, body in station.acts] == [
        ("unplug", {}),
        ("replug", {}),
        ("fault", {"fault": "garbled"}),
        ("fault", {"fault": None}),
    ]


async def test_a_refused_act_is_a_sentence_and_a_missing_station_too(open_screen: Open, station: StandIn) -> None:
    bench = await open_screen("bench", STATION)
    bench.network_may_fail = True
    station.bench["devices"][0]["plugged"] = False
    await bench.at("[data-key='D-01-3']").click()
    await bench.shows("#said", "scanner is unplugged. Plug it in, then scan.")
    await station.stop()
    await bench.shows("#said", "The station does not answer.")
    await station.start()


async def test_the_label_that_came_out_is_drawn_and_scans_from_the_screen(open_screen: Open, pictures: Path) -> None:
    bench = await open_screen("bench", STATION)
    await bench.at(".label-picture").wait_for()
    found = {each.text for each in zxingcpp.read_barcodes(await picture_of(bench, ".label-picture"))}
    assert "(00)340123450000000017" in found
    assert "(02)09521234543213(37)24" in found
    assert "Toms Spezialitäten" in (await bench.at(".label-picture").text_content() or "")
    await bench.page.screenshot(path=pictures / "bench_1280x800.png", full_page=True)


async def test_the_bench_fits_a_handheld(open_screen: Open, pictures: Path) -> None:
    bench = await open_screen("bench", HANDHELD)
    await bench.at(".label-picture").wait_for()
    await bench.page.screenshot(path=pictures / "bench_360x640.png", full_page=True)
    assert await bench.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(
    ("field", "read"),
    [
        (">;>8010952123454321310>6LOT7>821SN9", "(01)09521234543213(10)LOT7(21)SN9"),
        (">:ABC>5123456>6xyz", "ABC123456xyz"),
        (">9AB>0C", "AB>C"),
        ("ab><c>=", "ab^c~"),
    ],
)
async def test_every_way_our_zpl_writes_a_barcode_reads_back(
    open_screen: Open, station: StandIn, field: str, read: str
) -> None:
    station.bench["labels"] = [label(f"^BY2^FO60,60^BCN,200,N,N,N,N^FD{field}^FS")]
    bench = await open_screen("bench", STATION, scale=2)
    await bench.at(".label-picture").wait_for()
    assert [each.text for each in zxingcpp.read_barcodes(await picture_of(bench, ".label-picture"))] == [read]


@pytest.mark.parametrize(
    "text",
    [ALL_VALUES_B[:48], ALL_VALUES_B[48:], "2900000000110", "D-01-3", "AB123456CD", "12345", "a\tb\x1fC", "ÿ", ""],
)
async def test_the_barcode_of_a_suggestion_reads_back_or_is_not_drawn(open_screen: Open, text: str) -> None:
    bench = await open_screen("bench", (1280, 800), scale=2)
    drawn = await bench.page.evaluate(DRAW_ALONE, text)
    assert drawn == (text not in {"ÿ", ""})
    if drawn:
        found = zxingcpp.read_barcodes(await picture_of(bench, "#alone"))
        assert [each.bytes.decode() for each in found] == [text]


async def test_what_the_drawing_cannot_show_is_said_instead_of_drawn_wrong(
    open_screen: Open, station: StandIn
) -> None:
    station.bench["labels"] = [label("^FO10,10^BCN,90,N,N,N,N^FD>;>8123^FS^FO10,200^BQN,2,4^FDQA,x^FS")]
    bench = await open_screen("bench", STATION)
    await bench.shows("bench-labels", 'Set C holds pairs of digits; found "3"')
    await bench.shows("bench-labels", "^BQ is not drawn here.")
    assert zxingcpp.read_barcodes(await picture_of(bench, ".label-picture")) == []


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
async def test_every_label_we_ship_is_drawn_in_full_but_for_its_square_codes(
    open_screen: Open, station: StandIn, template: str
) -> None:
    zpl = template.split("^XA", 1)[1].replace("{sscc}", "340123450000000017")
    station.bench["labels"] = [{"number": 1, "zpl": f"^XA{zpl}", "at": views.NOW}]
    bench = await open_screen("bench", STATION)
    await bench.at(".label-picture").wait_for()
    square = [f"{code} is not drawn here." for code in ("^BQ", "^BX") if code in zpl]
    assert await bench.at(".not-drawn").all_inner_texts() == square


async def test_the_slider_stays_in_the_hand_while_the_figures_around_it_change(
    open_screen: Open, station: StandIn
) -> None:
    bench = await open_screen("bench", STATION)
    box = await bench.at("input[type=range]").bounding_box()
    assert box is not None
    await bench.page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    await bench.page.mouse.down()
    await bench.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    held = await bench.text(".load")
    station.bench["devices"][0]["fault"] = "double"
    await bench.at("bench-device [aria-pressed=true]").get_by_text("double").wait_for()
    assert await bench.text(".load") == held
    await bench.page.mouse.up()
    await until(lambda: station.acts, "the load")
    assert f"{station.acts[0][2]['weight_g'] / 1000:.3f} kg" == held


def label(body: str) -> dict[str, Any]:
    return {"number": 1, "zpl": f"^XA^CI28^PW812^LL400{body}^XZ", "at": views.NOW}


async def picture_of(screen: Screen, selector: str) -> Image.Image:
    return Image.open(io.BytesIO(await screen.at(selector).first.screenshot()))


DRAW_ALONE = """async (text) => {
  const { drawBarcode } = await import("/static/label_drawing.js");
  const picture = drawBarcode(text);
  if (!picture) return false;
  picture.setAttribute("id", "alone");
  const width = picture.viewBox.baseVal.width;
  picture.setAttribute("width", String(width));
  picture.setAttribute("height", "60");
  picture.removeAttribute("class");
  document.body.append(picture);
  return true;
}"""
