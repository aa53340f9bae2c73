from __future__ import annotations

import pytest

from devices.protocols.cas import Cas
from devices.protocols.scale import ScaleValue
from devices.readings import BadFrame, Weight
from tests.devices.recorded import Recorded, TextLineProtocol
from tests.devices.support import whole

R22, R18, R10 = (Recorded.of(f"cas_{length}_byte.txt") for length in (22, 18, 10))
HELD = "the display is held, so it does not show what lies on the scale now"


MEANINGS_22: dict[str, list[ScaleValue]] = {
    "stable gross 13.5 kg": R22.number("stable gross 13.5 kg", "13.5", "kg", "stable", "gross", "not_zero"),
    "zero": R22.number("zero", "0.0", "kg", "stable", "gross", "at_zero"),
    "unstable": R22.number("unstable", "13.6", "kg", "unstable", "gross", "not_zero"),
    "net 3.5 kg": R22.number("net 3.5 kg", "3.5", "kg", "stable", "net", "not_zero"),
    "negative": R22.number("negative", "-2.0", "kg", "stable", "gross", "not_zero"),
    "overload (weight content **?**)": R22.nothing(
        "overload (weight content **?**)", range_="over", mode="gross", raw_unit="kg"
    ),
    "held": R22.nothing("held", HELD),
    "header and lamp disagree": R22.number("header and lamp disagree", "13.5", "kg", "unknown", "gross", "not_zero"),
    "error": R22.nothing("error", "the scale reports error 01"),
}


class TestCas22(TextLineProtocol):
    frames, meanings = R22.frames, MEANINGS_22
    stable = "stable gross 13.5 kg"

    def decoder(self) -> Cas:
        return Cas("bench")


MEANINGS_18: dict[str, list[ScaleValue]] = {
    "stable gross 13.5 kg": R18.number("stable gross 13.5 kg", "13.5", "kg", "stable", "gross"),
    "unstable net": R18.number("unstable net", "3.6", "kg", "unstable", "net"),
    "overload": R18.nothing("overload", range_="over", mode="gross", raw_unit="kg"),
}


class TestCas18(TextLineProtocol):
    frames, meanings = R18.frames, MEANINGS_18
    stable = "stable gross 13.5 kg"

    def decoder(self) -> Cas:
        return Cas("bench", "18_byte")


MEANINGS_10: dict[str, list[ScaleValue]] = {
    "weight without status": R10.number("weight without status", "13.5", "kg", "unknown"),
    "negative": R10.number("negative", "-2.0", "kg", "unknown"),
}


class TestCas10(TextLineProtocol):
    frames, meanings = R10.frames, MEANINGS_10
    stable = "weight without status"

    def decoder(self) -> Cas:
        return Cas("bench", "10_byte", "kg")


@pytest.mark.parametrize("lamp", range(0x80, 0x100))
def test_the_lamp_byte_may_have_any_value_with_its_top_bit_set(lamp: int) -> None:
    (value,) = whole(Cas("bench"), b"ST,GS,1%c,000013.5 kg\r\n" % lamp)
    assert isinstance(value, Weight)
    assert (value.stability == "stable") == (lamp & 0x50 == 0x40)
    assert (value.weight_mg is None) == bool(lamp & 0x10)


def test_a_lamp_byte_that_came_over_a_line_of_seven_bits_is_refused_in_words() -> None:
    (value,) = whole(Cas("bench"), b"ST,GS,1\x44,000013.5 kg\r\n")
    assert isinstance(value, BadFrame)
    assert value.why == "the lamp byte lost its top bit: this form needs a line of 8 data bits"


@pytest.mark.parametrize("number", [b"12345678", b"+00013.5"])
def test_an_overload_is_no_weight_whatever_number_comes_with_it(number: bytes) -> None:
    (value,) = whole(Cas("bench"), b"OL,GS,1\x84,%b kg\r\n" % number)
    assert isinstance(value, Weight)
    assert (value.value, value.range) == (None, "over")


@pytest.mark.parametrize(("form", "other"), [("22_byte", R18), ("18_byte", R22), ("10_byte", R22)])
def test_one_form_is_not_taken_for_another(form: str, other: Recorded) -> None:
    values = whole(Cas("bench", form, "kg"), other.frames["stable gross 13.5 kg"])  # type: ignore[arg-type]
    assert [type(value) for value in values] == [BadFrame]


@pytest.mark.parametrize(("form", "recorded"), [("22_byte", R22), ("18_byte", R18)])
def test_a_line_that_stands_behind_half_a_line_is_read(form: str, recorded: Recorded) -> None:
    line = recorded.frames["stable gross 13.5 kg"]
    values = whole(Cas("bench", form), line[: len(line) // 2] + line)  # type: ignore[arg-type]
    assert [type(value) for value in values] == [BadFrame, Weight]
