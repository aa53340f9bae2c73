from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.mt_sics import MAX_LINE, MtSics
from devices.protocols.scale import Restarted, ScaleValue, Told
from devices.readings import BadFrame, Mode, Range, Stability, Unit, Weight
from tests.devices.support import Feed, T, byte_by_byte, in_pieces, recording, whole

FRAMES = recording("mt_sics.txt")


def decoder() -> MtSics:
    return MtSics("bench")


def line(what: str) -> bytes:
    return FRAMES[what].removesuffix(b"\r\n")


def number(what: str, value: str, unit: Unit, stability: Stability = "stable", mode: Mode = "unknown") -> Weight:
    raw = line(what)
    return Weight("bench", Decimal(value), unit, unit, mode, stability, "ok", "unknown", None, raw, T)


def nothing(what: str, fault: str | None, range_: Range = "unknown") -> Weight:
    return Weight("bench", None, None, "", "unknown", "unknown", range_, "unknown", fault, line(what), T)


MEANINGS: dict[str, list[ScaleValue]] = {
    "stable 100.00 g": [number("stable 100.00 g", "100.00", "g")],
    "moving": [number("moving", "100.01", "g", "unstable")],
    "negative, stable": [number("negative, stable", "-12.34", "g")],
    "zero": [number("zero", "0.00", "g")],
    "kilogram": [number("kilogram", "1.2345", "kg")],
    "DeltaRange coarse": [number("DeltaRange coarse", "100.0", "g")],
    "overload": [nothing("overload", None, "over")],
    "underload": [nothing("underload", None, "under")],
    "busy / no stability in time": [
        nothing("busy / no stability in time", "busy: the scale cannot answer now (S I)")
    ],
    "tare done": [number("tare done", "12.50", "g", "stable", "tare"), Told("tare")],
    "tare refused (moving too long)": [Told("tare", "it is busy or does not come to rest")],
    "tare value": [number("tare value", "12.50", "g", "unknown", "tare")],
    "tare cleared": [Told("clear_tare")],
    "zeroed": [Told("zero")],
    "zero out of range high": [Told("zero", "the load is over its range")],
    "zero out of range low": [Told("zero", "the load is under its range")],
    "reset or power-on (also **unsolicited**)": [Restarted(b'I4 A "B021002593"', T)],
    "internal fault": [nothing("internal fault", "Error 10b: EEPROM error in the electronics")],
    "syntax error": [
        nothing("syntax error", "the scale did not understand the command (ES)"),
        Told(None, "the scale did not understand the command (ES)"),
    ],
    "transmission error": [
        nothing("transmission error", "the scale received a damaged command (ET)"),
        Told(None, "the scale received a damaged command (ET)"),
    ],
    "logical error": [
        nothing("logical error", "the scale cannot execute the command (EL)"),
        Told(None, "the scale cannot execute the command (EL)"),
    ],
}


def test_every_recorded_frame_has_a_meaning_here() -> None:
    assert set(FRAMES) == set(MEANINGS)


def test_the_recording_holds_every_worked_frame_of_the_reference(shared: Path) -> None:
    text = (shared / "reference" / "device_protocols.md").read_text(encoding="utf-8")
    table = text[text.index("**Worked frames**") : text.index("**Integrity variants")]
    worked = {bytes.fromhex(raw) for raw in re.findall(r"`((?:[0-9A-F]{2} )+0D 0A)`", table)}
    assert len(worked) == 18
    assert worked <= set(FRAMES.values())


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("what", FRAMES)
def test_a_frame_means_what_the_reference_says(what: str, feed: Feed) -> None:
    assert feed(decoder(), FRAMES[what]) == MEANINGS[what]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
def test_frames_joined_to_their_neighbours_are_all_read(feed: Feed) -> None:
    assert feed(decoder(), b"".join(FRAMES.values())) == [value for what in FRAMES for value in MEANINGS[what]]


@pytest.mark.parametrize(
    "garbage", [b"\x00\xfe\x80", b"x7 kg\r\n", b"S S    1", b"\x00" * 500, b"~" * 1000 + b"\r\n"]
)
@pytest.mark.parametrize("what", FRAMES)
def test_after_garbage_the_next_frame_but_one_is_always_read_and_no_weight_is_made_up(
    what: str, garbage: bytes
) -> None:
    values = whole(decoder(), garbage + FRAMES[what] * 2)
    assert isinstance(values[0], BadFrame)
    assert values[-len(MEANINGS[what]) :] == MEANINGS[what]
    assert all(value in MEANINGS[what] for value in values if not isinstance(value, BadFrame))


def test_line_noise_before_a_frame_does_not_cost_the_frame() -> None:
    what = "reset or power-on (also **unsolicited**)"
    assert whole(decoder(), b"\x00\xfe" + FRAMES[what]) == [
        BadFrame("bench", b"\x00\xfe", "line noise", T),
        *MEANINGS[what],
    ]


@pytest.mark.parametrize("number_", range(1, 16))
@pytest.mark.parametrize("trigger", ["b", "t", ""])
@pytest.mark.parametrize("status", ["S", "D"])
def test_an_error_in_the_weight_field_is_never_a_weight(number_: int, trigger: str, status: str) -> None:
    (value,) = whole(decoder(), f"S {status} {f'Error {number_}{trigger}':>10}\r\n".encode())
    assert isinstance(value, Weight)
    assert value.weight_mg is None
    assert value.fault is not None
    assert value.fault.startswith(f"Error {number_}{trigger}")


@pytest.mark.parametrize("status", ["M", "N"])
def test_a_value_below_the_minimum_weight_is_not_in_range(status: str) -> None:
    (value,) = whole(decoder(), f"S {status}       0.01 g\r\n".encode())
    assert isinstance(value, Weight)
    assert value.range == "unknown"


def test_an_unknown_unit_is_a_fault_and_not_a_weight() -> None:
    (value,) = whole(decoder(), b"S S     100.00 tl\r\n")
    assert isinstance(value, Weight)
    assert value.weight_mg is None
    assert value.raw_unit == "tl"
    assert value.fault == "the scale weighs in the unit 'tl'"


@pytest.mark.parametrize(
    "bad",
    [
        b"S S    100.00 g",  # nine characters
        b"S S      100.00 g",  # eleven
        b"S S     1 0.00 g",
        b"S S     -.1234 g",
        b"S S     1e5.00 g",
        b"S S     +12.34 g",
        b"S S 1.2.3.4.56 g",
        b"S S   Infinity g",
        b"S S     100.00  g",
        b"S S     100.00",
        b"S X     100.00 g",
        b"S A     100.00 g",
        b"s s     100.00 g",
        b"SI S     100.00 g!",
        b"S S\x00    100.00 g",
        "S S     \uff1100.00 g".encode(),
    ],
)
def test_what_is_not_exactly_a_weight_frame_is_no_weight(bad: bytes) -> None:
    values = whole(decoder(), bad + b"\r\n")
    assert not any(isinstance(value, Weight) and value.value is not None for value in values)


@pytest.mark.parametrize("what", [what for what, values in MEANINGS.items() if isinstance(values[0], Weight)])
def test_a_lost_or_doubled_byte_never_changes_the_number(what: str) -> None:
    frame, true = FRAMES[what], MEANINGS[what][0]
    assert isinstance(true, Weight)
    for at in range(len(frame)):
        for damaged in (frame[:at] + frame[at + 1 :], frame[: at + 1] + frame[at:]):
            for value in whole(decoder(), damaged + FRAMES["zeroed"]):
                if isinstance(value, Weight) and value.value is not None:
                    assert value.value == true.value, damaged


@pytest.mark.parametrize("what", FRAMES)
def test_a_frame_with_bit_7_set_is_no_weight(what: str) -> None:
    values = whole(decoder(), bytes(byte | 0x80 for byte in FRAMES[what]) + b"\r\n")
    assert values
    assert all(isinstance(value, BadFrame) for value in values)


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from(list(FRAMES.values())),
            st.from_regex(rb"S [SDMNIL+-] [ 0-9.Error-]{8,11} k?g\r\n", fullmatch=True),
            st.just(b"7" * (MAX_LINE + 1)),
        )
    ),
    st.lists(st.integers(min_value=0), max_size=8),
)
def test_it_never_raises_and_how_the_bytes_are_cut_changes_nothing(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(parts)
    expected = whole(decoder(), data)
    assert in_pieces(decoder(), data, cuts) == expected
    for value in expected:
        if isinstance(value, Weight) and value.weight_mg is not None:
            assert re.fullmatch(rb"(S [SDMN]|TI? [SDMN]|TA A) (?=.{10} ) *-?\d+(\.\d+)? ? [a-z]{1,3}", value.raw)
            assert value.raw + b"\r\n" in data


@given(st.binary(max_size=2000))
def test_what_it_holds_back_is_bounded(data: bytes) -> None:
    sics = decoder()
    sics.feed(data.replace(b"\r\n", b""), T)
    assert len(sics._lines._pending) <= MAX_LINE + 1
