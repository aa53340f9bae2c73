from __future__ import annotations

from decimal import Decimal

import pytest

from devices.protocols.sartorius_sbi import SartoriusSbi
from devices.protocols.scale import ScaleValue
from devices.readings import BadFrame, Weight
from tests.devices.recorded import Recorded, TextLineProtocol
from tests.devices.support import whole

R = Recorded.of("sartorius_sbi.txt")

MEANINGS: dict[str, list[ScaleValue]] = {
    "stable": R.number("stable", "123.45", "g"),
    "unstable (unit blank)": R.nothing("unstable (unit blank)", stability="unstable"),
    "22-character net": R.number("22-character net", "123.45", "g", mode="net"),
    "overload 22": R.nothing("overload 22", range_="over"),
    "underload 22": R.nothing("underload 22", range_="under"),
    "error 22": R.nothing("error 22", "the scale reports error 101"),
    "overload 16": R.nothing("overload 16", range_="over"),
    "underload 16": R.nothing("underload 16", range_="under"),
    "adjusting 16": R.nothing("adjusting 16", "the scale adjusts itself: wait until it is done"),
    "error 16": R.nothing("error 16", "the scale reports error 054"),
    "negative": R.number("negative", "-1.50", "kg"),
    "unverified digit": R.number("unverified digit", "123.45", "g"),
    "another identifier": R.nothing("another identifier", "the scale sends 'G#': set its printout to the net weight"),
}


class TestSartoriusSbi(TextLineProtocol):
    frames, meanings = R.frames, MEANINGS
    stable = "stable"

    def decoder(self) -> SartoriusSbi:
        return SartoriusSbi("bench")


@pytest.mark.parametrize("at", range(8))
@pytest.mark.parametrize(("token", "range_"), [("High", "over"), ("H", "over"), ("Low", "under"), ("L", "under")])
def test_over_and_under_are_found_wherever_they_stand(at: int, token: str, range_: str) -> None:
    (value,) = whole(SartoriusSbi("bench"), (" " * at + token).ljust(14).encode() + b"\r\n")
    assert isinstance(value, Weight)
    assert (value.value, value.range) == (None, range_)


@pytest.mark.parametrize("field", ["123.4[5] ", " 123.[45]", "  12[3.4]", "   [123] "])
def test_unverified_digits_are_digits(field: str) -> None:
    (value,) = whole(SartoriusSbi("bench"), f"+{field} g  \r\n".encode())
    assert isinstance(value, Weight)
    assert value.value == Decimal(field.strip().replace("[", "").replace("]", ""))


@pytest.mark.parametrize("field", ["123.4[5  ", "123.4]5[ ", "[1]23.45 ", " 1 2 3.4 ", "         ", "        ."])
def test_what_is_no_number_is_no_weight(field: str) -> None:
    (value,) = whole(SartoriusSbi("bench"), f"+{field} g  \r\n".encode())
    assert isinstance(value, BadFrame)


@pytest.mark.parametrize("what", ["stable", "22-character net"])
def test_a_line_that_stands_behind_half_a_line_is_read(what: str) -> None:
    line = R.frames[what]
    values = whole(SartoriusSbi("bench"), line + line[: len(line) // 2] + line)
    assert [type(value) for value in values] == [Weight, BadFrame, Weight]
    assert values[2] == values[0]


def test_half_a_line_before_another_identifier_does_not_hide_it() -> None:
    other = R.frames["another identifier"]
    values = whole(SartoriusSbi("bench"), R.frames["22-character net"] + other[:9] + other)
    assert not [value for value in values[1:] if isinstance(value, Weight) and value.value is not None]


@pytest.mark.parametrize("what", ["stable", "negative", "22-character net"])
def test_once_the_length_is_known_a_doubled_byte_is_not_taken_for_half_a_line_before_another_weight(
    what: str,
) -> None:
    line = R.frames[what]
    for at in range(len(line)):
        decoder = SartoriusSbi("bench")
        (true,) = whole(decoder, line)
        assert isinstance(true, Weight)
        for value in whole(decoder, line[: at + 1] + line[at:] + line):
            assert not isinstance(value, Weight) or value.value == true.value, at
