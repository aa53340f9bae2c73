from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.labels.gs1 import NumberRefused, checked_sscc
from local_store.domain.codes import sscc_of


def test_the_sscc_is_the_published_one() -> None:
    assert sscc_of("4012345", 3, 1) == "340123450000000017"


@given(st.integers(0, 9), st.integers(4, 12), st.data())
def test_every_sscc_has_18_digits_and_its_check_digit(
    extension: int, prefix_digits: int, data: st.DataObject
) -> None:
    prefix = "9" * prefix_digits
    serial = data.draw(st.integers(0, 10 ** (16 - prefix_digits) - 1))
    number = sscc_of(prefix, extension, serial)
    assert checked_sscc(number) == number
    assert number.startswith(f"{extension}{prefix}")
    assert int(number[1 + prefix_digits : -1]) == serial


def test_one_wrong_digit_is_noticed() -> None:
    number = sscc_of("4012345", 3, 1)
    for place, digit in enumerate(number):
        wrong = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
        with pytest.raises(NumberRefused, match="its check digit is"):
            checked_sscc(wrong)


@pytest.mark.parametrize("serial", [10**9, -1])
def test_a_serial_that_does_not_fit_beside_its_prefix_never_loses_digits(serial: int) -> None:
    with pytest.raises(ValueError, match="does not fit in 9 digits beside prefix 4012345"):
        sscc_of("4012345", 3, serial)


@pytest.mark.parametrize("text", ["", "123", "34012345000000001x", "3401234500000000177"])
def test_what_is_not_18_digits_is_no_sscc(text: str) -> None:
    with pytest.raises(NumberRefused):
        checked_sscc(text)
