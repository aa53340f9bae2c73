from __future__ import annotations

import pytest

from devices.protocols.ohaus import Ohaus
from devices.protocols.scale import ScaleValue, Told
from devices.readings import BadFrame, Weight
from tests.devices.recorded import Recorded, TextLineProtocol, after
from tests.devices.support import whole

R = Recorded.of("ohaus.txt")
UNKNOWN = "the scale did not understand the command (ES)"
STABLE, MOVING = R.frames["stable 1.234 kg"], R.frames["unstable"]

MEANINGS: dict[str, list[ScaleValue]] = {
    "stable 1.234 kg": R.number("stable 1.234 kg", "1.234", "kg"),
    "unstable": R.number("unstable", "1.236", "kg", "unstable"),
    "negative": R.number("negative", "-0.012", "kg"),
    "bad command": [*R.nothing("bad command", UNKNOWN), Told(None, UNKNOWN)],
    "net": R.number("net", "1.234", "kg", mode="net"),
    "overload": R.nothing("overload", "the scale shows Err 8.3", "over"),
    "underload": R.nothing("underload", "the scale shows Err 8.4", "under"),
    "another error": R.nothing("another error", "the scale shows Err 9.5"),
    "dashes": R.nothing("dashes", "the scale shows dashes instead of a weight"),
}


class TestOhaus(TextLineProtocol):
    frames, meanings = R.frames, MEANINGS
    stable = "stable 1.234 kg"

    def decoder(self) -> Ohaus:
        return Ohaus("bench")


def values_of(*lines: bytes) -> list[str | None]:
    decoder = Ohaus("bench")
    values = [value for line in lines for value in whole(decoder, line + b"\r\n")]
    return [None if not isinstance(value, Weight) or value.value is None else str(value.value) for value in values]


def test_a_layout_that_changes_is_believed_when_it_comes_twice() -> None:
    wide = b" " + STABLE[:-2]
    assert values_of(STABLE[:-2], wide, STABLE[:-2], wide, wide) == ["1.234", None, "1.234", None, "1.234"]


def test_a_line_that_stands_behind_half_a_line_is_read() -> None:
    assert values_of(STABLE[:-2], STABLE[:10] + STABLE[:-2]) == ["1.234", None, "1.234"]


def test_a_line_that_gained_a_digit_behind_half_a_line_is_no_weight() -> None:
    gained = STABLE[:-2].replace(b"1.", b"11.")
    assert values_of(STABLE[:-2], STABLE[:10] + gained) == ["1.234", None]


@pytest.mark.parametrize("width", [8, 11, 12])
def test_every_family_has_its_own_width(width: int) -> None:
    line = f"{'1.234':>{width}} kg    ".encode()
    assert values_of(line, line) == ["1.234", "1.234"]


def test_the_defender_puts_its_unit_in_five_characters_and_has_a_legend() -> None:
    line, moving = b"-   1.234 kg     NET", b"-   1.234 kg   ? NET"
    assert values_of(line, line, moving) == ["-1.234", "-1.234", "-1.234"]
    (value,) = whole(after(Ohaus("bench"), line + b"\r\n"), moving + b"\r\n")
    assert isinstance(value, Weight)
    assert (value.mode, value.stability) == ("net", "unstable")


def test_a_question_mark_that_is_lost_does_not_make_a_moving_weight_stable() -> None:
    (value,) = whole(after(Ohaus("bench"), STABLE), MOVING.replace(b"?", b""))
    assert isinstance(value, Weight)
    assert (value.value, value.stability) == (None, "unknown")


def test_a_line_with_a_legend_that_is_no_weight_is_refused() -> None:
    assert isinstance(whole(Ohaus("bench"), b"      1.234 kg  TOT\r\n")[0], BadFrame)


def test_a_damaged_character_is_named_as_such() -> None:
    (value,) = whole(Ohaus("bench"), b"      1.2\xff4 kg    \r\n")
    assert isinstance(value, BadFrame)
    assert value.why == "damaged characters: wrong baud rate or parity?"
