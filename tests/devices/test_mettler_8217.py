from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.protocols.mettler_8217 import MAX_LINE, NOT_SAID, Mettler8217, Model, WeighsIn
from devices.protocols.scale import ScaleValue, Told
from devices.readings import BadFrame, Weight
from tests.devices.scale_rules import ScaleProtocol, assert_all_are_recorded, nothing, numbers, weight
from tests.devices.support import T, recording, whole

FRAMES = recording("mettler_8217.txt")
STABLE, UNCHANGED = FRAMES["stable 1.500 kg"], FRAMES["no condition"]


def raw(what: str) -> bytes:
    return FRAMES[what].removesuffix(b"\r")


def told(why: str | None = None, why_not_zero: str | None = None) -> list[ScaleValue]:
    return [Told("zero", why or why_not_zero), Told("tare", why), Told("clear_tare", why)]


MOVES, OVER, UNDER = "something moves on it", "the load is over its range", "the load is under its range"

MEANINGS: dict[str, list[ScaleValue]] = {
    "stable 1.50 lb": [
        nothing(
            raw("stable 1.50 lb"),
            "the weight '001.50' does not have 6 characters with 3 decimals (kg): correct unit or model in edge.toml",
        )
    ],
    "stable 1.500 kg": [weight(raw("stable 1.500 kg"), "1.500", "kg", mode="gross")],
    "stable net 1.500 kg": [weight(raw("stable net 1.500 kg"), "1.500", "kg", mode="net")],
    "leading blank variant": [weight(raw("leading blank variant"), "1.500", "kg", mode="gross")],
    "no condition": [nothing(raw("no condition"), NOT_SAID), *told()],
    "in motion": [nothing(raw("in motion"), stability="unstable", mode="gross"), *told(MOVES)],
    "over capacity": [nothing(raw("over capacity"), range_="over"), *told(OVER)],
    "over + motion": [nothing(raw("over + motion"), range_="over", stability="unstable"), *told(MOVES)],
    "under zero": [nothing(raw("under zero"), range_="under"), *told(UNDER)],
    "under zero + motion": [nothing(raw("under zero + motion"), range_="under", stability="unstable"), *told(MOVES)],
    "outside zero capture": [
        nothing(raw("outside zero capture")),
        *told(None, "the load is too heavy to be taken for zero"),
    ],
    "centre of zero": [nothing(raw("centre of zero"), NOT_SAID), *told()],
    "net": [nothing(raw("net"), NOT_SAID), *told()],
    "net + motion": [nothing(raw("net + motion"), stability="unstable", mode="net"), *told(MOVES)],
}


class TestMettler8217(ScaleProtocol):
    frames, meanings = FRAMES, MEANINGS
    stable, end, most_held = "stable 1.500 kg", b"\r", MAX_LINE

    def decoder(self) -> Mettler8217:
        return Mettler8217("bench", "kg")


def test_the_recording_holds_every_worked_frame_of_the_reference(shared: Path) -> None:
    section = ("| State | Answer to `W`", "Behaviour to support")
    assert_all_are_recorded(shared, section, 14, set(FRAMES.values()))


def test_a_scale_that_says_a_weight_once_says_it_again_with_every_no_condition() -> None:
    scale = Mettler8217("bench", "kg")
    scale.feed(STABLE, 1.0)
    for t_mono in (2.0, 3.0):
        again = scale.feed(UNCHANGED, t_mono)[0]
        assert isinstance(again, Weight)
        assert (again.value, again.unit, again.stability, again.t_mono) == (Decimal("1.500"), "kg", "stable", t_mono)


@pytest.mark.parametrize(
    "between",
    [
        *(FRAMES[what] for what in FRAMES if "motion" in what or "capacity" in what or what == "under zero"),
        FRAMES["net"],  # the weight before it was gross
        FRAMES["centre of zero"],  # and it was not zero
        FRAMES["stable 1.50 lb"],
        b"\x02?\xff\r",  # the answer that was damaged may have been another weight
        b"\x020\xff.500\r",
        b"\x0201.50\r",
        b"noise\r",
    ],
)
def test_no_condition_never_repeats_a_weight_when_something_came_between(between: bytes) -> None:
    scale = Mettler8217("bench", "kg")
    scale.feed(STABLE + between, 1.0)
    again = scale.feed(UNCHANGED, 2.0)[0]
    assert isinstance(again, Weight)
    assert (again.value, again.fault) == (None, NOT_SAID)


def test_no_condition_after_half_a_frame_repeats_nothing() -> None:
    scale = Mettler8217("bench", "kg")
    scale.feed(STABLE + b"\x0202.", 1.0)
    assert numbers(scale.feed(UNCHANGED, 5.0)) == []


def test_a_net_weight_is_repeated_by_net_and_zero_by_centre_of_zero() -> None:
    for first, again in ((FRAMES["stable net 1.500 kg"], FRAMES["net"]), (b"\x0200.000\r", FRAMES["centre of zero"])):
        one, other = numbers(whole(Mettler8217("bench", "kg"), first + again))
        assert (one.value, one.mode, one.unit) == (other.value, other.mode, other.unit)


@pytest.mark.parametrize(
    ("unit", "model", "field", "value"),
    [
        ("lb", "8217", b"001.50", "1.50"),
        ("lb", "8217", b"  1.50", "1.50"),
        ("lb", "8217", b"012.50", "12.50"),
        ("lb", "8217", b"02.50", None),  # 012.50 that lost a byte
        ("lb", "8217", b"01.500", None),  # kg
        ("lb", "8213", b"12.50", "12.50"),
        ("lb", "8213", b"001.50", None),
        ("kg", "8213", b"12.345", "12.345"),
        ("kg", "8217", b"1.500", None),
        ("kg", "8217", b"012.50", None),
        ("kg", "8217", b"1 .500", None),
        ("kg", "8217", b"12.3.5", None),
    ],
)
def test_the_field_must_fit_the_unit_and_model_that_are_set(
    unit: WeighsIn, model: Model, field: bytes, value: str | None
) -> None:
    (read,) = whole(Mettler8217("bench", unit, model), b"\x02" + field + b"\r")
    assert isinstance(read, Weight)
    assert read.value == (None if value is None else Decimal(value))
    assert (read.fault is None) == (value is not None)


@pytest.mark.parametrize(
    "bad", [b"\x02?0\r", b"\x02?@@\r", b"\x02?\r", b"\x0201.500n\r", b"01.500\r", b"\x0201.500NN\r"]
)
def test_what_is_not_exactly_an_answer_is_a_bad_frame(bad: bytes) -> None:
    assert [type(value) for value in whole(Mettler8217("bench", "kg"), bad)] == [BadFrame]


def test_without_a_unit_it_is_recognised_and_reads_no_weight() -> None:
    (read,) = whole(Mettler8217("bench"), STABLE)
    assert isinstance(read, Weight)
    assert read.weight_mg is None
    assert read.fault is not None
    assert "unit" in read.fault


def test_the_answers_to_the_self_test_and_to_echo_are_no_bad_frames() -> None:
    data: Any = b"\x02\r\x02E\r\x02F\r"
    assert Mettler8217("bench", "kg").feed(data, T) == []
