from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest

from devices.protocols.nci import MAX_LINE, NO_ZERO, NOT_UNDERSTOOD, Nci
from devices.protocols.scale import ScaleValue, Told
from devices.readings import BadFrame, Weight
from devices.simulators.nci_scale import NciSpeech
from devices.simulators.scale_body import ScaleBody
from tests.devices.scale_rules import ScaleProtocol, assert_all_are_recorded, damaged, nothing, numbers, weight
from tests.devices.support import Feed, byte_by_byte, recording, whole

FRAMES = recording("nci.txt")
NOT_AT_ZERO, MOVES = "it is not at zero now", "something moves on it"


def raw(what: str) -> bytes:
    return FRAMES[what].removesuffix(b"\x03")


def told(why: str | None = None, why_not_zero: str | None = NOT_AT_ZERO) -> list[ScaleValue]:
    return [Told("zero", why or why_not_zero), Told("tare", why)]


def fault(what: str, words: str, **more: Any) -> list[ScaleValue]:
    return [nothing(raw(what), words, stability="stable", **more), *told(words)]


SERVICE = "switch it off and on, else have it serviced"
MEANINGS: dict[str, list[ScaleValue]] = {
    "stable 1.505 kg": [weight(raw("stable 1.505 kg"), "1.505", "kg", "KG", zero="not_zero"), *told()],
    "zero": [weight(raw("zero"), "0.000", "kg", "KG", zero="at_zero"), *told(None, None)],
    "in motion": [nothing(raw("in motion"), stability="unstable", zero="not_zero"), *told(MOVES)],
    "in motion near zero": [
        nothing(raw("in motion near zero"), stability="unstable", zero="at_zero"),
        *told(MOVES),
    ],
    "under capacity / negative": [
        nothing(raw("under capacity / negative"), range_="under", stability="stable"),
        *told("the load is under its range"),
    ],
    "over capacity": [
        nothing(raw("over capacity"), range_="over", stability="stable"),
        *told("the load is over its range"),
    ],
    "RAM error": fault("RAM error", f"RAM error: {SERVICE}"),
    "EEPROM error": fault("EEPROM error", f"EEPROM error: {SERVICE}"),
    "ROM error": fault("ROM error", f"ROM error: {SERVICE}"),
    "faulty calibration": fault("faulty calibration", "its calibration is faulty: have it calibrated"),
    "net, three status bytes": [
        weight(raw("net, three status bytes"), "1.505", "kg", "KG", mode="net", zero="not_zero"),
        *told(),
    ],
    "initial-zero error, three status bytes": fault(
        "initial-zero error, three status bytes",
        "it could not set its first zero: empty it, then switch it off and on",
        mode="gross",
    ),
    "SCP-01 stable": [weight(raw("SCP-01 stable"), "1.505", "lb", zero="not_zero"), *told()],
    "SCP-01 over capacity": [
        nothing(raw("SCP-01 over capacity"), range_="over", stability="stable"),
        *told("the load is over its range"),
    ],
    "command not known": [nothing(raw("command not known"), NOT_UNDERSTOOD), Told(None, NOT_UNDERSTOOD)],
}


SCP_01 = {what for what in FRAMES if what.startswith("SCP-01")}


class TestScp02(ScaleProtocol):
    frames: ClassVar = {what: frame for what, frame in FRAMES.items() if what not in SCP_01}
    meanings: ClassVar = {what: values for what, values in MEANINGS.items() if what not in SCP_01}
    stable, end, most_held = "stable 1.505 kg", b"\x03", MAX_LINE

    def decoder(self) -> Nci:
        return Nci("bench")


class TestScp01(TestScp02):
    frames: ClassVar = {what: FRAMES[what] for what in [*SCP_01, "command not known"]}
    meanings: ClassVar = {what: MEANINGS[what] for what in [*SCP_01, "command not known"]}
    stable = "SCP-01 stable"


def test_the_recording_holds_every_worked_frame_of_the_reference(shared: Path) -> None:
    letters = {letter + b"\r" for letter in (b"W", b"S", b"Z", b"H", b"U", b"M", b"T")}
    assert_all_are_recorded(shared, ("### 2.4", "Parser: split"), 15, set(FRAMES.values()), frozenset(letters))


def read(weight_line: bytes, status: bytes = b"00") -> ScaleValue:
    return whole(Nci("bench"), b"\n" + weight_line + b"\r\n" + status + b"\r\x03")[0]


@pytest.mark.parametrize(
    ("line", "value", "unit"),
    [
        (b"0001.50 lb", "1.50", "lb"),  # SCP-01 with a blank in front of its unit
        (b" 00012.5kg", "12.5", "kg"),  # Brecknell: polarity, eight characters
        (b"-0012.50lb", "-12.50", "lb"),
        (b"   12.50lb   ", "12.50", "lb"),
        (b"00150.5 g", "150.5", "g"),
        (b"00024.0OZ", "24.0", "oz"),
        (b"1LB  8.0OZ", "24.0", "oz"),
        (b" 12LB 15.9OZ", "207.9", "oz"),
    ],
)
def test_the_number_is_read_in_every_width_that_makers_use(line: bytes, value: str, unit: str) -> None:
    weight = read(line)
    assert isinstance(weight, Weight)
    assert (weight.value, weight.unit, weight.stability) == (Decimal(value), unit, "stable")


@pytest.mark.parametrize(
    ("line", "range_", "words"),
    [
        (b"^^^^^^lb", "over", None),
        (b"________lb", "under", None),
        (b"------ kg", "unknown", NO_ZERO),
    ],
)
def test_a_filled_field_is_no_number_even_if_the_status_says_nothing(
    line: bytes, range_: str, words: str | None
) -> None:
    weight = read(line)
    assert isinstance(weight, Weight)
    assert (weight.value, weight.range, weight.fault) == (None, range_, words)


def test_a_number_with_a_status_that_forbids_it_is_no_number() -> None:
    for status in (b"02", b"01", b"40", b"80", b"04", b"08", b"0p8"):
        weight = read(b"01.505KG", status)
        assert isinstance(weight, Weight)
        assert weight.value is None


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"01.505G", b"00"),  # the K of KG is lost
        (b"1.505KG", b"p0"),
        (b"01.505KG", b"0"),
        (b"01.505KG", b"0p"),  # announces a third character
        (b"01.505KG", b"000"),  # not announced
        (b"01.505KG", b"T00"),
        (b"01.5.5KG", b"00"),
        (b"1.50KG", b"00"),
        (b"0 1.505KG", b"00"),
        (b"01,505KG", b"00"),
    ],
)
def test_what_is_not_exactly_a_record_is_no_weight(line: bytes, status: bytes) -> None:
    assert isinstance(read(line, status), BadFrame)


def test_a_weight_that_lost_a_digit_in_mid_stream_is_refused_once_for_its_width() -> None:
    frame = FRAMES["stable 1.505 kg"]
    for bad in damaged(frame):
        for value in numbers(whole(Nci("bench"), frame + bad + frame)):
            assert value.value == Decimal("1.505"), bad


def test_after_one_of_another_width_the_next_of_the_old_width_is_read() -> None:
    frame = FRAMES["stable 1.505 kg"]
    assert len(numbers(whole(Nci("bench"), frame + FRAMES["SCP-01 stable"] + frame + frame))) == 3


def test_another_width_is_believed_when_it_comes_again() -> None:
    scale, narrow = Nci("bench"), FRAMES["stable 1.505 kg"]
    whole(scale, FRAMES["SCP-01 stable"])
    assert [len(numbers(whole(scale, narrow))) for _ in range(3)] == [0, 1, 1]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("stray", [b"?", b"\n", b"?\n", b"\n\n"])
def test_a_stray_question_mark_or_line_feed_in_front_costs_nothing(stray: bytes, feed: Feed) -> None:
    body = ScaleBody(settle_s=0)
    body.put_load_mg(1_505_000)
    values = feed(Nci("bench"), NciSpeech(stray=stray).frame(body.shown()))
    assert values == MEANINGS["stable 1.505 kg"]
