from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.codes import MAX_SCAN
from devices.protocols.line_scanner import TERMINATOR_BYTES, TORN, LineScanner, Terminator
from devices.protocols.lines import GAP_S
from devices.readings import BadFrame, Scan
from tests.devices.support import Feed, T, byte_by_byte, in_pieces, whole

SSCC = bytes.fromhex("5D 43 31 30 30 33 34 30 31 32 33 34 35 30 30 30 30 30 30 30 30 31 37 0D 0A")
ALL = tuple(TERMINATOR_BYTES)


def scanner(*terminators: Terminator, prefix: bytes = b"") -> LineScanner:
    return LineScanner("dock", terminators or ("cr", "lf"), prefix)


def scan(data: bytes, symbology: str | None = None) -> Scan:
    return Scan("dock", data, symbology, T)


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
def test_the_aim_identifier_is_split_off_and_kept_beside_the_data(feed: Feed) -> None:
    assert feed(scanner(), SSCC) == [scan(b"00340123450000000017", "]C1")]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
def test_group_separators_and_other_controls_are_data(feed: Feed) -> None:
    iso_15434 = b"[)>\x1e06\x1d1P123\x1dQ5\x1e\x04"
    assert feed(scanner(), b"]d2" + iso_15434 + b"\r") == [scan(iso_15434, "]d2")]


@pytest.mark.parametrize("terminator", ALL)
@pytest.mark.parametrize("feed", [whole, byte_by_byte])
def test_each_terminator_ends_a_code(terminator: Terminator, feed: Feed) -> None:
    end = TERMINATOR_BYTES[terminator]
    assert feed(scanner(terminator), b"ABC" + end + b"DEF" + end) == [scan(b"ABC"), scan(b"DEF")]


def test_a_terminator_that_is_not_configured_is_data() -> None:
    assert whole(scanner("crlf"), b"A\rB\tC\nD\r\n") == [scan(b"A\rB\tC\nD")]


@pytest.mark.parametrize("terminators", [("cr",), ("cr", "lf"), ("crlf",), ("crlf", "cr"), ALL])
def test_cr_and_then_lf_in_a_later_read_is_no_empty_scan_and_no_data(terminators: tuple[Terminator, ...]) -> None:
    decoder = scanner(*terminators)
    said = [each for data in (b"ABC\r", b"\n", b"DEF\r", b"\nGHI\r\n") for each in decoder.feed(data, T)]
    assert said == [scan(b"ABC"), scan(b"DEF"), scan(b"GHI")]


def test_empty_lines_are_nothing() -> None:
    assert whole(scanner(), b"\r\n\r\n\n\r\r\n") == []


def test_two_codes_in_one_read_are_two_scans() -> None:
    assert whole(scanner(), b"A1\r\n]E04006381333931\r\n") == [scan(b"A1"), scan(b"4006381333931", "]E0")]


def test_the_configured_prefix_is_taken_off_before_the_aim_identifier() -> None:
    assert whole(scanner("etx", prefix=b"\x02"), b"\x02]C0AB\x03") == [scan(b"AB", "]C0")]


def test_a_code_without_the_configured_prefix_is_a_bad_frame_and_the_next_is_read() -> None:
    first, second = whole(scanner("etx", prefix=b"\x02"), b"B\x03\x02AB\x03")
    assert isinstance(first, BadFrame)
    assert "prefix" in first.why
    assert second == scan(b"AB")


def test_an_aim_identifier_without_a_code_is_a_bad_frame() -> None:
    assert whole(scanner(), b"]C1\r") == [BadFrame("dock", b"]C1", "holds no code", T)]


def test_a_bracket_that_is_no_aim_identifier_is_data() -> None:
    assert whole(scanner(), b"]1A\r]C\r") == [scan(b"]1A"), scan(b"]C")]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_the_longest_code_is_read_and_one_byte_more_is_one_bad_frame(feed: Feed, end: bytes) -> None:
    longest = b"7" * MAX_SCAN
    assert feed(scanner(), longest + end + b"A\r") == [scan(longest), scan(b"A")]
    bad = BadFrame("dock", longest, f"longer than {MAX_SCAN} bytes without an end", T)
    assert feed(scanner(), longest + b"7" + end + b"A\r") == [bad, scan(b"A")]
    assert feed(scanner(), longest * 3 + end + b"A\r") == [bad, scan(b"A")]


def test_half_a_code_never_joins_the_code_that_comes_later() -> None:
    decoder = scanner()
    assert decoder.feed(b"0123", T) == []
    later = T + GAP_S + 0.01
    assert decoder.feed(b"4567\r", later) == [
        BadFrame("dock", b"0123", "its end never came", later),
        Scan("dock", b"4567", None, later),
    ]


def test_on_a_line_that_stalls_the_rest_of_a_code_is_never_taken_for_a_code() -> None:
    decoder = LineScanner("dock", ("cr", "lf"), stalls=True)
    assert decoder.feed(b"0123", T) == []
    later = T + GAP_S + 0.01
    assert decoder.feed(b"4567\r89\r", later) == [
        BadFrame("dock", b"0123", "its end never came", later),
        BadFrame("dock", b"4567", TORN, later),
        Scan("dock", b"89", None, later),
    ]


def test_a_slow_line_may_take_its_time_between_the_bytes() -> None:
    decoder = scanner()
    said = [each for at, byte in enumerate(b"0123456789AB\r") for each in decoder.feed(bytes([byte]), T + at / 8)]
    assert said == [Scan("dock", b"0123456789AB", None, T + 12 / 8)]


@given(
    st.lists(st.sampled_from(ALL), min_size=1, unique=True),
    st.lists(st.one_of(st.binary(max_size=12), st.sampled_from([b"\r", b"\n", b"\r\n", b"\t", b"]C1", b"X" * 4000]))),
    st.lists(st.integers(min_value=0), max_size=8),
)
def test_it_never_raises_and_how_the_bytes_are_cut_changes_nothing(
    terminators: list[Terminator], parts: list[bytes], cuts: list[int]
) -> None:
    data = b"".join(parts)
    expected = whole(scanner(*terminators), data)
    assert in_pieces(scanner(*terminators), data, cuts) == expected
    for reading in expected:
        if isinstance(reading, Scan):
            assert reading.data
            assert len(reading.data) <= MAX_SCAN


@given(st.binary(max_size=9000))
def test_what_it_holds_back_is_bounded(data: bytes) -> None:
    decoder = scanner("etx")
    decoder.feed(data.replace(b"\x03", b""), T)
    assert len(decoder._lines._pending) <= MAX_SCAN + 1
