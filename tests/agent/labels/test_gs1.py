from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.labels.gs1 import NumberRefused, checked_sscc, sscc


def test_the_sscc_is_the_published_one() -> None:
    assert sscc(3, "4012345", 1) == "340123450000000017"


@given(st.integers(0, 9), st.integers(4, 12), st.data())
def test_every_sscc_has_18_digits_and_its_check_digit(
    extension: int, prefix_digits: int, data: st.DataObject
) -> None:
    prefix = "9" * prefix_digits
    serial = data.draw(st.integers(0, 10 ** (16 - prefix_digits) - 1))
    number = sscc(extension, prefix, serial)
    assert checked_sscc(number) == number
    assert number.startswith(f"{extension}{prefix}")
    assert int(number[1 + prefix_digits : -1]) == serial


def test_one_wrong_digit_is_noticed() -> None:
    number = sscc(3, "4012345", 1)
    for place, digit in enumerate(number):
        wrong = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
        with pytest.raises(NumberRefused, match="its check digit is"):
            checked_sscc(wrong)


@pytest.mark.parametrize(
    ("extension", "prefix", "serial", "sentence"),
    [
        (10, "4012345", 1, "extension digit must be 0 to 9"),
        (3, "40", 1, "4 to 12 digits"),
        (3, "40123A5", 1, "must be digits only"),
        (3, "٤٠١٢٣٤٥", 1, "must be digits only"),
        (3, "4012345", 10**9, r"9 digits, 0 to 999999999 \(got 1000000000\)"),
        (3, "4012345", -1, "got -1"),
    ],
)
def test_a_part_out_of_range_is_refused_in_a_sentence(
    extension: int, prefix: str, serial: int, sentence: str
) -> None:
    with pytest.raises(NumberRefused, match=sentence):
        sscc(extension, prefix, serial)


@pytest.mark.parametrize("text", ["", "123", "34012345000000001x", "3401234500000000177"])
def test_what_is_not_18_digits_is_no_sscc(text: str) -> None:
    with pytest.raises(NumberRefused):
        checked_sscc(text)
