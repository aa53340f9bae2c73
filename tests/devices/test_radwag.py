from __future__ import annotations

import pytest

from devices.protocols.radwag import Radwag
from devices.protocols.scale import ScaleValue, Told
from devices.readings import Weight
from tests.devices.recorded import Recorded, TextLineProtocol
from tests.devices.support import whole

R = Recorded.of("radwag.txt")
UNKNOWN = "the scale did not understand the command (ES)"

MEANINGS: dict[str, list[ScaleValue]] = {
    "stable": R.number("stable", "1.234", "kg"),
    "unstable": R.number("unstable", "1.236", "kg", "unstable"),
    "over": R.nothing("over", range_="over", raw_unit="kg"),
    "under": R.nothing("under", range_="under", raw_unit="kg"),
    "negative": R.number("negative", "-0.012", "kg"),
    "not now": R.nothing("not now", "busy: the scale cannot answer now (I)"),
    "weight timed out": R.nothing("weight timed out", "the scale did not come to rest in time (E)"),
    "over, without a number": R.nothing("over, without a number", range_="over"),
    "zero begun": [],
    "zero done": [Told("zero")],
    "zero not now": [Told("zero", "it cannot do that now")],
    "zero over its range": [Told("zero", "the load is over its range")],
    "zero under its range": [Told("zero", "the load is under its range")],
    "tare done": [Told("tare")],
    "tare timed out": [Told("tare", "it did not come to rest in time")],
    "unknown command": [*R.nothing("unknown command", UNKNOWN), Told(None, UNKNOWN)],
}


class TestRadwag(TextLineProtocol):
    frames, meanings = R.frames, MEANINGS
    stable = "stable"

    def decoder(self) -> Radwag:
        return Radwag("bench")


@pytest.mark.parametrize("marker", ["^", "v"])
def test_the_number_in_a_frame_that_is_out_of_range_is_no_weight(marker: str) -> None:
    (value,) = whole(Radwag("bench"), f"SI  {marker}     31.234 kg \r\n".encode())
    assert isinstance(value, Weight)
    assert (value.value, value.weight_mg) == (None, None)


def test_begun_is_not_done() -> None:
    assert whole(Radwag("bench"), b"T A\r\n") == []
