from __future__ import annotations

from decimal import Decimal

import pytest

from devices.protocols.and_line import LONGEST_COMMAND_S, And
from devices.protocols.scale import ScaleValue, Told
from devices.readings import BadFrame, Weight
from tests.devices.recorded import Recorded, TextLineProtocol
from tests.devices.support import T, byte_by_byte, whole

R = Recorded.of("and_line.txt")
DP = R.frames["DP, stable"]
MT = b"S     123.45 g\r\n"
OUT_OF_RANGE = "the load is out of range, over or under (OL)"


def refused(what: str, words: str) -> list[ScaleValue]:
    return [*R.nothing(what, words), Told(None, words)]


MEANINGS: dict[str, list[ScaleValue]] = {
    "stable": R.number("stable", "123.45", "g"),
    "unstable": R.number("unstable", "123.47", "g", "unstable"),
    "negative": R.number("negative", "-12.30", "g"),
    "zero": R.number("zero", "0.00", "g"),
    "counting": R.nothing("counting", "the scale counts pieces: switch it to weighing", raw_unit="PC"),
    "over (GH/GF/FX)": R.nothing("over (GH/GF/FX)", range_="over"),
    "under (GH/GF/FX)": R.nothing("under (GH/GF/FX)", range_="under"),
    "over (EJ)": R.nothing("over (EJ)", range_="over"),
    "over (GC): ordinary-looking number!": R.nothing("over (GC): ordinary-looking number!", range_="over"),
    "with comparator": R.number("with comparator", "1.234", "kg"),
    "indicator, stable gross": R.number("indicator, stable gross", "123.45", "kg", mode="gross"),
    "indicator, out of range": R.nothing("indicator, out of range", OUT_OF_RANGE, mode="gross"),
    "indicator, net unstable": R.number("indicator, net unstable", "-1.50", "kg", "unstable", "net"),
    "indicator, tare": R.number("indicator, tare", "1.50", "kg", mode="tare"),
    "DP, stable": R.number("DP, stable", "123.45", "g"),
    "DP, unstable": R.number("DP, unstable", "-12.30", "g", "unstable"),
    "DP, over": R.nothing("DP, over", range_="over"),
    "DP, under": R.nothing("DP, under", range_="under"),
    "MT, over": R.nothing("MT, over", range_="over"),
    "MT, under": R.nothing("MT, under", range_="under"),
    "not at rest": refused("not at rest", "the scale does not come to rest (EC,E11)"),
    "undefined command": refused("undefined command", "the scale does not know the command (EC,E01)"),
    "an error of another model": refused("an error of another model", "the scale reports the error EC,E99"),
    "percent": R.nothing("percent", "the scale weighs in the unit '%'", raw_unit="%"),
}


class TestAnd(TextLineProtocol):
    frames, meanings = R.frames, MEANINGS
    stable = "stable"

    def decoder(self) -> And:
        return And("bench")


MT_RECORDED = Recorded({"MT, stable": MT, "MT, unstable": b"SD    -12.30 g\r\n"})
MEANINGS_MT: dict[str, list[ScaleValue]] = {
    "MT, stable": MT_RECORDED.number("MT, stable", "123.45", "g"),
    "MT, unstable": MT_RECORDED.number("MT, unstable", "-12.30", "g", "unstable"),
}


class TestAndMt(TextLineProtocol):
    frames, meanings = MT_RECORDED.frames, MEANINGS_MT
    stable = "MT, stable"

    def decoder(self) -> And:
        return And("bench")


def numbers(decoder: And, data: bytes) -> list[Decimal | None]:
    return [value.value if isinstance(value, Weight) else None for value in whole(decoder, data)]


@pytest.mark.parametrize("comparator", ["HI", "OK", "LO", "--"])
def test_the_comparator_does_not_hide_the_weight(comparator: str) -> None:
    assert numbers(And("bench"), f"ST,{comparator},+0001.234 kg\r\n".encode()) == [Decimal("1.234")]


def test_the_unit_of_the_indicator_format_is_as_wide_as_the_setting_says() -> None:
    two, three = b"ST,GS,+0123.45 g\r\n", b"ST,GS,+0123.45 kg\r\n"
    assert numbers(And("bench", 2), two + three) == [Decimal("123.45"), None]
    assert numbers(And("bench", 3), two + three) == [None, Decimal("123.45")]


@pytest.mark.parametrize("line", [DP, MT])
def test_where_no_manual_gives_the_width_a_new_one_is_believed_when_it_comes_twice(line: bytes) -> None:
    lost = line.replace(b"2", b"")
    assert numbers(And("bench"), line + lost + line + lost + lost) == [
        Decimal("123.45"),
        None,
        Decimal("123.45"),
        None,
        Decimal("13.45"),
    ]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("ack", [b"\x06", b"\x06\r\n"])
def test_zero_and_tare_are_done_when_the_last_acknowledgement_came(feed: object, ack: bytes) -> None:
    assert callable(feed)
    weight = R.frames["stable"]
    twice = And("bench", acknowledgements=2)
    assert [value for value in feed(twice, ack + weight) if isinstance(value, Told)] == []
    assert feed(twice, ack) == [Told(None)]
    assert feed(twice, ack) == []
    assert feed(And("bench", acknowledgements=1), ack) == [Told(None)]
    assert feed(And("bench"), ack) == []


def test_a_command_that_is_taken_and_then_refused_is_refused_and_the_next_one_starts_anew() -> None:
    decoder = And("bench", acknowledgements=2)
    assert Told(None, "the scale does not come to rest (EC,E11)") in whole(decoder, b"\x06EC,E11\r\n")
    assert whole(decoder, b"\x06") == []
    assert whole(decoder, b"\x06") == [Told(None)]


def test_an_acknowledgement_of_long_ago_does_not_count() -> None:
    decoder = And("bench", acknowledgements=2)
    assert decoder.feed(b"\x06", T) == []
    assert decoder.feed(b"\x06", T + LONGEST_COMMAND_S + 1) == []


def test_an_acknowledgement_inside_a_weight_is_damage() -> None:
    (value,) = whole(And("bench", acknowledgements=1), b"ST,+0012\x06.45  g\r\n")
    assert isinstance(value, BadFrame)
