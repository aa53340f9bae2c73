from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.protocols.mettler_continuous import EXPANDED, MOST_SKIPPED, NOT_ZEROED, MettlerContinuous
from devices.protocols.scale import ScaleValue
from devices.readings import BadFrame, Unit, Weight
from devices.simulators.mettler_continuous_scale import MettlerContinuousSpeech
from devices.simulators.scale_body import ScaleBody
from tests.devices.scale_rules import ScaleProtocol, assert_all_are_recorded, nothing, numbers, weight
from tests.devices.support import byte_by_byte, recording, whole

FRAMES = recording("mettler_continuous.txt")
CHECKED = {what: frame for what, frame in FRAMES.items() if len(frame) == 18}
UNCHECKED = {what: frame[:17] for what, frame in FRAMES.items()}

Meaning = Callable[[bytes], Weight]


def number(value: str, unit: Unit = "kg", **more: Any) -> Meaning:
    return lambda raw: weight(raw, value, unit, **{"mode": "gross", **more})


MEANINGS: dict[str, Meaning] = {
    "gross 12.345 kg stable": number("12.345"),
    "gross 12.345 kg in motion": number("12.345", stability="unstable"),
    "net 10.345 kg, tare 2.000": number("10.345", mode="net"),
    "net -2.000 kg, tare 2.000": number("-2.000", mode="net"),
    "out of range": lambda raw: nothing(raw, range_="over", mode="gross", stability="stable"),
    "zero": number("0.000"),
    "power-up, not zeroed": lambda raw: nothing(raw, NOT_ZEROED, mode="gross", stability="stable"),
    "gross 12.345 lb": number("12.345", "lb"),
    "negative + motion": number("-0.012", stability="unstable"),
    "gross 99.993 kg: CHK is 0D": number("99.993"),
    "no checksum": number("12.345"),
}


def meanings(frames: dict[str, bytes]) -> dict[str, list[ScaleValue]]:
    return {what: [MEANINGS[what](frame)] for what, frame in frames.items()}


class TestWithCheckCharacter(ScaleProtocol):
    frames, meanings = CHECKED, meanings(CHECKED)
    stable, end, most_held = "gross 12.345 kg stable", b"", MOST_SKIPPED + 20

    def decoder(self) -> MettlerContinuous:
        return MettlerContinuous("bench", "yes")

    def held(self, decoder: Any) -> int:
        return len(decoder._pending) + len(decoder._skipped)


class TestWithoutCheckCharacter(TestWithCheckCharacter):
    frames, meanings = UNCHECKED, meanings(UNCHECKED)

    def decoder(self) -> MettlerContinuous:
        return MettlerContinuous("bench", "no")


def test_a_flipped_bit_is_seen_by_the_check_character() -> None:
    for what, frame in CHECKED.items():
        for bit in range(7 * len(frame)):
            bad = bytearray(frame)
            bad[bit // 7] ^= 1 << bit % 7
            read = numbers(whole(MettlerContinuous("bench", "yes"), bytes(bad) + frame))
            assert read == numbers([MEANINGS[what](frame)]), (what, bit)


def test_the_recording_holds_every_worked_frame_of_the_reference(shared: Path) -> None:
    section = ("### 2.3", "Because CHK can be")
    assert_all_are_recorded(shared, section, 11, set(FRAMES.values()))


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("frames", [CHECKED, UNCHECKED])
def test_it_learns_whether_there_is_a_check_character(frames: dict[str, bytes], feed: Any) -> None:
    scale = MettlerContinuous("bench")
    for what, frame in frames.items():
        assert [v for v in feed(scale, frame * 5) if isinstance(v, BadFrame)] == [], what
    for what, frame in frames.items():
        after = feed(scale, frame * 2)
        assert after[-1] == MEANINGS[what](frame)


@pytest.mark.parametrize("checked", [True, False])
def test_it_learns_the_same_from_any_weight(checked: bool) -> None:  # noqa: FBT001
    body = ScaleBody(settle_s=0)
    for value in range(400):  # each check character comes up, also those equal to STX and CR
        body.put_load_mg(value * 1000)
        frame = MettlerContinuousSpeech(checksum=checked).frame(body.shown())
        values = whole(MettlerContinuous("bench"), frame[5:] + frame * 6)
        assert {number.value for number in numbers(values)} == {Decimal(value) / 1000}


def test_it_does_not_learn_from_damaged_frames() -> None:
    frame = CHECKED["gross 12.345 kg stable"]
    bad = frame[:-1] + b"\x02"
    scale = MettlerContinuous("bench")
    assert numbers(whole(scale, (bad + frame) * 10)) == []
    assert numbers(whole(scale, frame * 5))


def test_the_short_form_has_no_tare() -> None:
    body = ScaleBody(settle_s=0)
    body.put_load_mg(12_345_000)
    frame = MettlerContinuousSpeech(short=True).frame(body.shown())
    assert len(frame) == 12
    assert numbers(whole(MettlerContinuous("bench", "yes", "short"), frame))[0].value == Decimal("12.345")
    assert numbers(whole(MettlerContinuous("bench", "yes", "long"), frame * 4)) == []


@pytest.mark.parametrize(
    ("point", "value"),
    [(0, "1234500"), (1, "123450"), (2, "12345"), (3, "1234.5"), (4, "123.45"), (6, "1.2345"), (7, "0.12345")],
)
def test_the_point_is_in_the_first_status_word(point: int, value: str) -> None:
    frame = bytearray(UNCHECKED["gross 12.345 kg stable"])
    frame[1] = 0x28 | point
    (read,) = numbers(whole(MettlerContinuous("bench", "no"), bytes(frame)))
    assert str(read.value) == value


def changed(at: int, byte: int) -> ScaleValue:
    frame = bytearray(UNCHECKED["gross 12.345 kg stable"])
    frame[at] = byte
    (value,) = whole(MettlerContinuous("bench", "no"), bytes(frame))
    return value


def test_grams_are_named_by_the_third_word_and_a_unit_not_in_the_book_is_a_fault() -> None:
    grams, unknown = changed(3, 0x21), changed(3, 0x23)
    assert isinstance(grams, Weight)
    assert isinstance(unknown, Weight)
    assert (grams.unit, unknown.unit, unknown.value) == ("g", None, None)
    assert unknown.fault == "the scale weighs in the unit 'code 3'"


def test_under_the_range_is_negative_and_out_of_range() -> None:
    under = changed(2, 0x36)
    assert isinstance(under, Weight)
    assert (under.range, under.value) == ("under", None)


def test_the_expanded_display_is_a_fault_and_the_print_key_is_none() -> None:
    expanded, print_key = changed(3, 0x30), changed(3, 0x28)
    assert isinstance(expanded, Weight)
    assert isinstance(print_key, Weight)
    assert (expanded.value, expanded.fault) == (None, EXPANDED)
    assert print_key.value == Decimal("12.345")


@pytest.mark.parametrize(
    ("at", "byte"), [(1, 0x0D), (1, 0x6D), (2, 0x10), (3, 0x00), (4, 0x2E), (6, 0x20), (12, 0x2D)]
)
def test_what_is_not_exactly_a_frame_is_a_bad_frame(at: int, byte: int) -> None:
    assert isinstance(changed(at, byte), BadFrame)


def test_blanks_may_stand_for_leading_zeros() -> None:
    frame = UNCHECKED["gross 12.345 kg stable"].replace(b"012345000000", b" 12345     0")
    assert numbers(whole(MettlerContinuous("bench", "no"), frame))[0].value == Decimal("12.345")


def test_a_maker_who_keeps_a_bit_at_0_has_a_bit_map_of_his_own() -> None:
    body = ScaleBody(settle_s=0)
    body.put_load_mg(12_345_000)
    frame = MettlerContinuousSpeech(bit_map="fairbanks").frame(body.shown())
    assert frame[2] == 0x10
    assert numbers(whole(MettlerContinuous("bench", "yes", bit_map="fairbanks"), frame))[0].value == Decimal("12.345")
    (refused,) = whole(MettlerContinuous("bench", "yes"), frame)
    assert isinstance(refused, BadFrame)
    assert "bit_map" in refused.why


def test_half_a_frame_is_not_completed_by_one_that_comes_much_later() -> None:
    scale, frame = MettlerContinuous("bench", "no"), UNCHECKED["gross 12.345 kg stable"]
    scale.feed(frame[:9], 1.0)
    assert [type(value) for value in scale.feed(frame[9:], 3.0)] == [BadFrame]
    assert [number.value for number in numbers(scale.feed(frame, 3.1))] == [Decimal("12.345")]
