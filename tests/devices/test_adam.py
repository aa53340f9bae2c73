from __future__ import annotations

import pytest

from devices.protocols.adam import Adam
from devices.protocols.scale import ScaleValue
from devices.readings import Weight
from tests.devices.recorded import Recorded, TextLineProtocol, after
from tests.devices.support import whole

P, A = Recorded.of("adam_cpwplus.txt"), Recorded.of("adam_azextra.txt")
GROSS = P.frames["gross 2.00 kg"]


MEANINGS: dict[str, list[ScaleValue]] = {
    "gross 2.00 kg": P.number("gross 2.00 kg", "2.00", "kg", "unknown", "gross"),
    "net": P.number("net", "1.00", "kg", "unknown", "net"),
    "negative": P.number("negative", "-0.50", "kg", "unknown", "net"),
    "tare": P.number("tare", "1.00", "kg", "unknown", "tare"),
}


class TestCpwPlus(TextLineProtocol):
    frames, meanings = P.frames, MEANINGS
    stable = "gross 2.00 kg"

    def decoder(self) -> Adam:
        return Adam("bench")


MEANINGS_AZEXTRA: dict[str, list[ScaleValue]] = {
    "0.100 kg": A.number("0.100 kg", "0.100", "kg", "unknown"),
    "nothing new": A.nothing("nothing new"),
}


class TestAzExtra(TextLineProtocol):
    frames, meanings = A.frames, MEANINGS_AZEXTRA
    stable = "0.100 kg"

    def decoder(self) -> Adam:
        return Adam("bench", "azextra")

    test_a_lost_or_doubled_byte_never_changes_the_number = None  # type: ignore[assignment] # an answer comes once


def test_an_answer_that_lost_a_digit_is_no_weight() -> None:
    for lost in (GROSS.replace(b"2.", b"."), GROSS.replace(b"00", b"0"), GROSS.replace(b"  2", b" 2")):
        first, second = whole(Adam("bench"), GROSS + lost)
        assert isinstance(first, Weight)
        assert str(first.value) == "2.00"
        assert not isinstance(second, Weight) or second.value is None


@pytest.mark.parametrize("answer", [b"\r\n", b"   \r\n"])
def test_an_empty_answer_is_neither_zero_nor_the_last_weight(answer: bytes) -> None:
    decoder = after(Adam("bench", "azextra"), A.frames["0.100 kg"])
    (value,) = whole(decoder, answer)
    assert isinstance(value, Weight)
    assert (value.value, value.fault, value.stability) == (None, None, "unknown")
