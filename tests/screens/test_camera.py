"""A camera as a scanner.

Chromium on Linux has no `BarcodeDetector`: a stub of it looks at a real video of a stream that a canvas paints.
"""

from __future__ import annotations

import pytest

from tests.screens.acting import said
from tests.screens.conftest import HANDHELD, STATION, Open, Screen, until
from tests.screens.stand_in import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")

# The stub reads what the test says is in sight, from a playing video only.
CAMERA = """
window.inSight = [];
window.looks = 0;
const canvas = document.createElement("canvas");
canvas.width = 640;
canvas.height = 480;
const paint = () => {
  canvas.getContext("2d").fillRect(0, 0, Math.random() * 640, 480);
  requestAnimationFrame(paint);
};
paint();
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["ean_13", "code_128", "qr_code", "unknown"]; }
  constructor({ formats }) { window.formats = formats; }
  async detect(video) {
    window.looks += 1;
    if (video.readyState < 2 || video.videoWidth !== 640) throw new DOMException("no picture", "InvalidStateError");
    return window.inSight;
  }
};
const asked = async () => {
  if (window.cameraFault) throw new DOMException("no", window.cameraFault);
  window.stream = canvas.captureStream(20);
  return window.stream;
};
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: asked } });
"""
SHOW = """([codes]) => {
  const box = (x, y) => ({ x: x - 20, y: y - 10, width: 40, height: 20 });
  window.inSight = codes.map(([rawValue, format, x, y]) => ({ rawValue, format, boundingBox: box(x, y) }));
}"""
LOOKED = """before => new Promise((done) => {
  const look = () => (looks > before + 2 ? done() : setTimeout(look, 20));
  look();
})"""
TWO_MINUTES_LATER = """() => {
  const now = performance.now.bind(performance);
  performance.now = () => now() + 121_000;
}"""
MIDDLE = (320, 240)


async def with_camera(open_screen: Open, size: tuple[int, int] = HANDHELD) -> Screen:
    screen = await open_screen("pick", size)
    await screen.page.evaluate("() => {" + CAMERA + "}")
    # the strip is drawn with the button once the browser can read codes
    await screen.page.evaluate("document.querySelector('station-strip').redraw()")
    await screen.station.show({**screen.station.view, "station": "north-4"})
    await screen.at("[data-key=camera]").click()
    await screen.at("camera-eye video").wait_for()
    return screen


async def sees(screen: Screen, *codes: tuple[str, str, int, int]) -> None:
    """These codes are in sight, and were looked at."""
    await screen.page.evaluate(SHOW, [codes])
    await screen.page.evaluate(LOOKED, await screen.page.evaluate("looks"))


async def test_without_a_browser_that_reads_codes_there_is_no_camera_button_and_no_script_for_it(
    open_screen: Open,
) -> None:
    screen = await open_screen()
    assert await screen.page.evaluate("'BarcodeDetector' in window") is False
    assert await screen.at("[data-key=camera]").count() == 0
    loaded = "performance.getEntriesByType('resource').map((each) => each.name)"
    assert not any("camera.js" in name for name in await screen.page.evaluate(loaded))


async def test_a_code_that_is_held_there_is_one_scan_with_its_symbology(open_screen: Open, station: StandIn) -> None:
    screen = await with_camera(open_screen)
    await sees(screen, ("2900000000110", "ean_13", *MIDDLE))
    await sees(screen, ("2900000000110", "ean_13", *MIDDLE))
    await until(lambda: station.commands, "the scan")
    assert said(station) == [{"command": "scan", "code": "2900000000110", "symbology": "]E0"}]


async def test_a_code_counts_again_once_it_was_out_of_sight_for_a_second(open_screen: Open, station: StandIn) -> None:
    screen = await with_camera(open_screen)
    await sees(screen, ("NW-011", "code_128", *MIDDLE))
    await sees(screen)
    await screen.page.wait_for_timeout(1100)  # the second itself is the fact under test
    await sees(screen, ("NW-011", "code_128", *MIDDLE))
    await until(lambda: len(station.answers) == 2, "both scans")


async def test_gs1_data_is_told_by_its_identifier_and_an_uncertain_symbology_is_not_guessed(
    open_screen: Open, station: StandIn
) -> None:
    screen = await with_camera(open_screen)
    await sees(screen, ("\x1d00340123450000000017", "code_128", *MIDDLE))
    await sees(screen, ("NW-042", "code_128", *MIDDLE))
    await until(lambda: len(station.answers) == 2, "both scans")
    assert [(each["code"], each.get("symbology")) for each in station.commands] == [
        ("00340123450000000017", "]C1"),
        ("NW-042", None),
    ]


async def test_of_several_codes_the_one_in_the_middle_is_meant(open_screen: Open, station: StandIn) -> None:
    screen = await with_camera(open_screen)
    await sees(screen, ("AT-THE-EDGE", "qr_code", 40, 60), ("AIMED-AT", "qr_code", 330, 250))
    await until(lambda: station.commands, "the scan")
    assert [each["code"] for each in station.commands] == ["AIMED-AT"]


@pytest.mark.parametrize("size", [HANDHELD, STATION])
async def test_the_picture_covers_nothing_and_the_next_thing_stays_in_sight(
    open_screen: Open, station: StandIn, size: tuple[int, int]
) -> None:
    screen = await with_camera(open_screen, size)
    eye = await screen.at("camera-eye").bounding_box()
    words = await screen.at("next-thing .headline .words").bounding_box()
    bar = await screen.at("action-bar").bounding_box()
    assert eye is not None
    assert words is not None
    assert bar is not None
    assert eye["y"] + eye["height"] <= words["y"]
    assert words["y"] + words["height"] <= bar["y"]


async def test_the_camera_stops_by_touch_and_when_nothing_was_read_for_two_minutes(
    open_screen: Open, station: StandIn
) -> None:
    screen = await with_camera(open_screen)
    await screen.at("[data-key=camera]").click()
    await screen.at("camera-eye").wait_for(state="hidden")
    assert await screen.page.evaluate("stream.getTracks()[0].readyState") == "ended"
    await screen.at("[data-key=camera]").click()
    await screen.at("[data-key=camera][aria-pressed=true]").wait_for()
    await screen.page.evaluate(TWO_MINUTES_LATER)
    await screen.at("camera-eye").wait_for(state="hidden")
    assert await screen.page.evaluate("stream.getTracks()[0].readyState") == "ended"


async def test_a_camera_that_may_not_be_used_is_told_in_words(open_screen: Open, station: StandIn) -> None:
    screen = await with_camera(open_screen)
    await screen.at("[data-key=camera]").click()
    await screen.page.evaluate("window.cameraFault = 'NotAllowedError'")
    await screen.at("[data-key=camera]").click()
    await screen.shows("answer-band[data-meaning=refused]", "The camera may not be used.")
