from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.protocols.scale import ScaleValue, Told
from devices.protocols.sma import DAMAGED, MAX_LINE, NOT_RESTED, NOT_UNDERSTOOD, Sma
from devices.readings import BadFrame, Weight
from tests.devices.scale_rules import ScaleProtocol, assert_all_are_recorded, nothing, weight
from tests.devices.support import recording, whole

FRAMES = recording("sma.txt")

OVER, UNDER, MOVES = "the load is over its range", "the load is under its range", "something moves on it"
NOT_AT_ZERO, NET = "it is not at zero now", "it still shows a net weight"
ZERO_ERROR = "it could not be set to zero: empty it and try again"
TARE_ERROR = "it could not take the tare: wait until nothing moves and try again"


def raw(what: str) -> bytes:
    return FRAMES[what].strip(b"\n\r")


def told(
    why: str | None, why_not_zero: str | None = NOT_AT_ZERO, why_not_cleared: str | None = None
) -> list[ScaleValue]:
    return [Told("zero", why or why_not_zero), Told("tare", why), Told("clear_tare", why or why_not_cleared)]


def number(what: str, value: str, unit: Any = "lb", **more: Any) -> Weight:
    return weight(raw(what), value, unit, **{"mode": "gross", "zero": "not_zero", **more})


def without(what: str, fault: str | None = None, **more: Any) -> Weight:
    return nothing(raw(what), fault, **{"mode": "gross", **more})


OVERLOAD, TIMEOUT = "over capacity (a number is present!)", "stability timeout after P or Q (unit blank)"
MEANINGS: dict[str, list[ScaleValue]] = {
    "stable gross 5.025 lb": [number("stable gross 5.025 lb", "5.025"), *told(None)],
    "motion": [number("motion", "7.650", "kg", stability="unstable"), *told(MOVES)],
    "zero": [number("zero", "0.000", zero="at_zero"), *told(None, None)],
    "net": [number("net", "3.025", mode="net"), *told(None, NOT_AT_ZERO, NET)],
    OVERLOAD: [without(OVERLOAD, range_="over"), *told(OVER)],
    "under capacity": [without("under capacity", range_="under"), *told(UNDER)],
    "zero error": [without("zero error", ZERO_ERROR), *told(ZERO_ERROR)],
    "tare error": [without("tare error", TARE_ERROR, mode="net"), *told(TARE_ERROR)],
    TIMEOUT: [without(TIMEOUT, NOT_RESTED, stability="unstable"), *told(NOT_RESTED)],
    "unrecognised command": [nothing(raw("unrecognised command"), NOT_UNDERSTOOD), Told(None, NOT_UNDERSTOOD)],
    "communication error": [nothing(raw("communication error"), DAMAGED), Told(None, DAMAGED)],
}


class TestSma(ScaleProtocol):
    frames, meanings = FRAMES, MEANINGS
    stable, end, most_held = "stable gross 5.025 lb", b"\r", MAX_LINE

    def decoder(self) -> Sma:
        return Sma("bench")


def test_the_recording_holds_every_worked_frame_of_the_reference(shared: Path) -> None:
    questions = frozenset({b"\nW\r"})
    assert_all_are_recorded(shared, ("### 2.9", "Commands: `W` now"), 11, set(FRAMES.values()), questions)


def read(frame: bytes) -> ScaleValue:
    return whole(Sma("bench"), b"\n" + frame + b"\r")[0]


@pytest.mark.parametrize(
    ("status", "field", "unit", "value", "canonical", "mode"),
    [
        (b" 1g  ", b"    5.0250", b"kg ", "5.0250", "kg", "gross"),  # high resolution
        (b" 2n  ", b"      12.5", b"g  ", "12.5", "g", "net"),
        (b" 1G  ", b"-     1.25", b"lb ", "-1.25", "lb", "gross"),
        (b" 1G  ", b"     -1.25", b"oz ", "-1.25", "oz", "gross"),
        (b" 1G  ", b"       150", b" lb", "150", "lb", "gross"),
        (b" 1T  ", b"     1.000", b"kg ", "1.000", "kg", "tare"),
    ],
)
def test_what_a_weight_may_look_like(
    status: bytes, field: bytes, unit: bytes, value: str, canonical: str, mode: str
) -> None:
    weight = read(status + field + unit)
    assert isinstance(weight, Weight)
    assert (weight.value, weight.unit, weight.mode) == (Decimal(value), canonical, mode)


@pytest.mark.parametrize("status", [b"O", b"U", b"E", b"I", b"T"])
def test_a_number_behind_a_status_that_forbids_it_is_no_number(status: bytes) -> None:
    weight = read(status + raw("stable gross 5.025 lb")[1:])
    assert isinstance(weight, Weight)
    assert weight.value is None
    assert weight.fault is not None or weight.range in ("over", "under")


@pytest.mark.parametrize(
    "bad",
    [
        b"X1G       5.025lb ",
        b" 0G       5.025lb ",
        b" 1X       5.025lb ",
        b" 1GX      5.025lb ",
        b" 1G       5. 25lb ",
        b" 1G       5,025lb ",
        b" 1G     1e5.025lb ",
        b" 1G      5.0.25lb ",
        b" 1G            lb ",
        b" 1G     Infinitylb",
        b"5.025lb",
    ],
)
def test_what_is_not_exactly_a_frame_is_no_weight(bad: bytes) -> None:
    assert isinstance(read(bad), BadFrame)


def test_lines_about_the_scale_are_no_weights_and_no_bad_frames() -> None:
    assert whole(Sma("bench"), b"\nSMA:2/1.0\r\nMFG:Example\r\nMOD:9\r\nREV:1\r\n    \r\nr   \r") == []


def test_an_unknown_unit_is_a_fault() -> None:
    weight = read(b" 1G       5.025tl ")
    assert isinstance(weight, Weight)
    assert (weight.value, weight.fault) == (None, "the scale weighs in the unit 'tl'")
