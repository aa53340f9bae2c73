"""Keys to codes. One file, because every rule speaks of the same few streams of records."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.codes import MAX_SCAN
from devices.protocols.key_events import DROPPED, NO_END, TORN, KeyEvents, KeyRules
from devices.protocols.keyboards import LAYOUTS, LayoutName
from devices.protocols.keyboards.keys import GsKey, Typing
from devices.readings import BadFrame, Scan
from tests.devices.support import Feed, T, byte_by_byte, in_pieces, recording, whole
from tests.support import needs

FRAMES = recording("key_events.txt")
SHIFT, CTRL, ALT, ALTGR, CAPS, ENTER, TAB = 42, 29, 56, 100, 58, 28, 15
Key = tuple[int, int]


def rules(layout: LayoutName = "us", **changes: Any) -> KeyRules:
    typing = {name: changes.pop(name) for name in ("gs_key", "encoding", "swap_case", "dead_keys") if name in changes}
    return KeyRules(Typing(LAYOUTS[layout], **typing), **changes)


def decoder(layout: LayoutName = "us", **changes: Any) -> KeyEvents:
    return KeyEvents("dock", rules(layout, **changes))


def scan(data: bytes, symbology: str | None = None, *, terminated: bool = True) -> Scan:
    return Scan("dock", data, symbology, T, terminated)


def bad(data: bytes, why: str) -> BadFrame:
    return BadFrame("dock", data, why, T)


def event(kind: int, code: int, value: int, at_s: float = 0.0) -> bytes:
    return struct.pack("<qqHHi", int(at_s), round(at_s % 1 * 1e6), kind, code, value)


def keys(*pressed: Key, at_s: float = 0.0, every_s: float = 0.0) -> bytes:
    return b"".join(event(1, code, value, at_s + place * every_s) for place, (code, value) in enumerate(pressed))


def tap(*codes: int) -> list[Key]:
    return [(code, value) for code in codes for value in (1, 0)]


def held(code: int, *pressed: Key) -> list[Key]:
    return [(code, 1), *pressed, (code, 0)]


ABC = tap(30, 48, 46)
DIGITS = tap(*range(2, 12))
END = tap(ENTER)


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("before", [b"", event(4, 4, 0x7001E), FRAMES["A1 Enter"], keys(*tap(69))])
@pytest.mark.parametrize(
    ("what", "gs_key", "data"),
    [
        ("A1 Enter", "none", b"A1"),
        ("10AB GS 21X, Alt 029", "none", b"10AB\x1d21X"),
        ("10AB GS 21X, Ctrl and ]", "none", b"10AB\x1d21X"),
        ("10AB GS 21X, F8", "f8", b"10AB\x1d21X"),
        ("10AB GS 21X, Ctrl alone", "control_off", b"10AB\x1d21X"),
        ("10AB GS 21X, Down", "down", b"10AB\x1d21X"),
    ],
)
def test_the_worked_streams_of_the_reference_however_they_are_cut(
    feed: Feed, before: bytes, what: str, gs_key: GsKey, data: bytes
) -> None:
    said = feed(decoder(gs_key=gs_key), before + FRAMES[what] + FRAMES["A1 Enter"])
    assert said[-2:] == [scan(data), scan(b"A1")]
    assert len(said) == (3 if before == FRAMES["A1 Enter"] else 2)


@pytest.mark.parametrize("what", ["10AB GS 21X, F8", "10AB GS 21X, Ctrl alone", "10AB GS 21X, Down"])
def test_a_gs_key_that_is_not_set_spoils_the_code_instead_of_vanishing(what: str) -> None:
    (reading,) = whole(decoder(), FRAMES[what])
    assert isinstance(reading, BadFrame)
    assert "gs_key" in reading.why


def test_a_printable_that_stands_for_gs_becomes_gs() -> None:
    typed = keys(*ABC, *held(SHIFT, *tap(43)), *ABC, *END)
    assert whole(decoder(gs_text=b"|"), typed) == [scan(b"abc\x1dabc")]
    assert whole(decoder(), typed) == [scan(b"abc|abc")]


def test_the_aim_identifier_is_kept_beside_the_data() -> None:
    aim = [*tap(27), *held(SHIFT, *tap(46)), *tap(2)]
    assert whole(decoder(), keys(*aim, *DIGITS, *END)) == [scan(b"1234567890", "]C1")]


@pytest.mark.parametrize(
    ("layout", "typed"),
    [
        # YZ-_/:;+=()[]AQWM, each layout's keys by hand: (code, Shift, AltGr).
        ("us", "21S 44S 12 12S 53 39S 39 13S 13 10S 11S 26 27 30S 16S 17S 50S"),
        ("uk", "21S 44S 12 12S 53 39S 39 13S 13 10S 11S 26 27 30S 16S 17S 50S"),
        ("de", "44S 21S 53 53S 8S 52S 51S 27 11S 9S 10S 9G 10G 30S 16S 17S 50S"),
        ("fr", "21S 17S 7 9 52S 52 51 13S 13 6 12 6G 12G 16S 30S 44S 39S"),
    ],
)
def test_the_set_up_code_of_the_reference_in_each_layout(layout: LayoutName, typed: str) -> None:
    pressed: list[Key] = []
    for key in typed.split():
        code = int(key.rstrip("SG"))
        modifier = {"S": SHIFT, "G": ALTGR}.get(key[-1])
        pressed += tap(code) if modifier is None else held(modifier, *tap(code))
    assert whole(decoder(layout), keys(*pressed, *END)) == [scan(b"YZ-_/:;+=()[]AQWM")]


def test_a_german_scanner_sends_the_key_of_z_for_y_and_a_french_one_shifts_its_digits() -> None:
    assert whole(decoder("de"), keys(*tap(44), *END)) == [scan(b"y")]
    assert whole(decoder("fr"), keys(*tap(16), *held(SHIFT, *tap(2)), *END)) == [scan(b"a1")]
    assert whole(decoder("us"), keys(*tap(16), *held(SHIFT, *tap(2)), *END)) == [scan(b"q!")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_printable_character_can_be_typed_in_every_layout_and_comes_back(layout: LayoutName) -> None:
    for byte in range(0x20, 0x7F):
        strokes = LAYOUTS[layout].strokes(chr(byte))
        assert strokes, chr(byte)
        pressed: list[Key] = []
        for stroke in strokes:
            press = tap(stroke.code)
            press = held(ALTGR, *press) if stroke.altgr else press
            pressed += held(SHIFT, *press) if stroke.shift else press
        assert whole(decoder(layout), keys(*DOT[layout], *pressed, *END)) == [scan(b"." + bytes([byte]))]


DOT = {"us": tap(52), "uk": tap(52), "de": tap(52), "fr": held(SHIFT, *tap(51))}


@pytest.mark.parametrize(("layout", "symbols"), [("us", "us"), ("uk", "gb"), ("de", "de")])
def test_the_tables_agree_with_those_of_the_system(layout: LayoutName, symbols: str) -> None:
    if (tables := needs.keyboard_tables()) is None:
        needs.skip_or_fail("the keyboard tables of X")
    there = system_layout(tables / symbols)
    plain = {code: text[:2] for code, text in LAYOUTS[layout].keys.items() if code in there}
    assert plain == {code: text for code, text in there.items() if code in plain}
    assert len(plain) > 40


def system_layout(file: Path, section: str = "basic") -> dict[int, str]:
    """What is typed without and with Shift, by key code, from the tables of X."""
    text = file.read_text(encoding="utf-8")
    text = text[text.index(f'xkb_symbols "{section}"') :]
    found: dict[int, str] = {}
    for line in text[: text.index("\n};")].replace("=\n", "=").splitlines():
        if included := re.search(r'include "(latin)(?:\((\w+)\))?"', line):
            found |= system_layout(file.with_name(included[1]), included[2] or "basic")
        key = re.search(
            r"key <(\w+)>\s*{.*?\[\s*(\w+),\s*(\w+)", line.replace("type[Group1]", "").replace("symbols[G", "")
        )
        row = {"AE": 1, "AD": 15, "AC": 29, "AB": 43}.get(key[1][:2]) if key else None
        code = {"TLDE": 41, "BKSL": 43}.get(key[1]) if key and row is None else row and key and row + int(key[1][2:])
        if key and code:
            found[code] = "".join(KEYSYMS.get(each, each) for each in key.groups()[1:])
    return found


KEYSYMS = {
    "exclam": "!", "at": "@", "numbersign": "#", "dollar": "$", "percent": "%", "asciicircum": "^", "ampersand": "&",
    "asterisk": "*", "parenleft": "(", "parenright": ")", "minus": "-", "underscore": "_", "equal": "=", "plus": "+",
    "bracketleft": "[", "braceleft": "{", "bracketright": "]", "braceright": "}", "semicolon": ";", "colon": ":",
    "apostrophe": "'", "quotedbl": '"', "grave": "`", "asciitilde": "~", "backslash": "\\", "bar": "|", "comma": ",",
    "less": "<", "period": ".", "greater": ">", "slash": "/", "question": "?", "sterling": "£", "notsign": "¬",
    "section": "§", "ssharp": "ß", "udiaeresis": "ü", "Udiaeresis": "Ü", "odiaeresis": "ö", "Odiaeresis": "Ö",
    "adiaeresis": "ä", "Adiaeresis": "Ä", "degree": "°", "dead_circumflex": "\u0302", "dead_acute": "\u0301",
    "dead_grave": "\u0300", "quoteleft": "`", "quoteright": "'",
}  # fmt: skip


def test_a_dead_key_waits_for_its_letter_or_the_space_bar() -> None:
    typed = keys(*tap(41, 57), *tap(13, 18), *tap(41, 48), *tap(13), *END)
    (reading,) = whole(decoder("de"), typed)
    assert isinstance(reading, Scan)
    assert reading.data.decode() == "^é^b\xb4"


def test_a_layout_without_dead_keys_types_the_accent_at_once() -> None:
    assert whole(decoder("de", dead_keys=False), keys(*tap(41, 18), *END)) == [scan(b"^e")]


def test_characters_beyond_ascii_are_utf_8_or_latin_1_as_the_site_says() -> None:
    typed = keys(*tap(40), *END)
    assert whole(decoder("de"), typed) == [scan("ä".encode())]
    assert whole(decoder("de", encoding="latin-1"), typed) == [scan(b"\xe4")]
    (reading,) = whole(decoder("de", encoding="latin-1"), keys(*held(ALTGR, *tap(18)), *END))
    assert reading == bad(b"", "'€' is no character of latin-1")


def test_caps_lock_turns_letters_only_and_a_scanner_with_turned_case_is_turned_back() -> None:
    assert whole(decoder(), keys(*tap(CAPS), *ABC, *held(SHIFT, *tap(30)), *tap(2), *END)) == [scan(b"ABCa1")]
    assert whole(decoder(swap_case=True), keys(*ABC, *held(SHIFT, *tap(30)), *tap(2), *END)) == [scan(b"ABCa1")]


@pytest.mark.parametrize(
    ("pressed", "control"),
    [
        (held(CTRL, *tap(30)), b"\x01"),
        (held(97, *tap(44)), b"\x1a"),
        (held(CTRL, *tap(26)), b"\x1b"),
        (held(CTRL, *tap(43)), b"\x1c"),
        (held(CTRL, *tap(7)), b"\x1e"),
        (held(CTRL, *tap(12)), b"\x1f"),
        (held(ALT, *tap(82, 80, 73)), b"\x1d"),
        (held(ALT, *tap(11, 3, 10)), b"\x1d"),
        (held(ALT, *tap(82, 79, 80, 71)), b"\x7f"),
        (held(ALT, *tap(80, 76, 76)), b"\xff"),
        (tap(TAB), b"\t"),
    ],
)
def test_control_characters_by_ctrl_by_alt_code_and_by_their_own_key(pressed: list[Key], control: bytes) -> None:
    assert whole(decoder(), keys(*ABC, *pressed, *ABC, *END)) == [scan(b"abc" + control + b"abc")]


@pytest.mark.parametrize(
    "pressed",
    [
        held(ALT, *tap(82, 80, 73, 82, 82)),
        held(ALT, *tap(80, 76, 77)),
        held(ALT, *tap(30)),
        held(ALT),
        held(CTRL, *tap(51)),
        tap(113),
        tap(59),
    ],
)
def test_a_key_that_means_nothing_spoils_the_code_instead_of_vanishing(pressed: list[Key]) -> None:
    first, second = whole(decoder(), keys(*ABC, *pressed, *ABC, *END, *ABC, *END))
    assert isinstance(first, BadFrame)
    assert second == scan(b"abc")


def test_altgr_may_come_as_ctrl_and_alt() -> None:
    assert whole(decoder("de"), keys(*held(CTRL, *held(ALT, *tap(16))), *END)) == [scan(b"@")]
    assert whole(decoder("de"), keys(*held(CTRL, *held(ALTGR, *tap(9))), *END)) == [scan(b"[")]


def test_repeats_of_a_held_key_are_no_second_character() -> None:
    assert whole(decoder(), keys((30, 1), (30, 2), (30, 2), (30, 0), *END)) == [scan(b"a")]


@pytest.mark.parametrize("end", [28, 96, 15])
def test_only_the_keys_that_are_set_end_a_code(end: int) -> None:
    said = whole(decoder(ends=frozenset({end})), keys(*ABC, *tap(end), *ABC, *tap(end)))
    assert said == [scan(b"abc"), scan(b"abc")]
    (one,) = whole(decoder(ends=frozenset({end})), keys(*ABC, *tap(next(iter({28, 15} - {end}))), *ABC, *tap(end)))
    assert isinstance(one, Scan)


def test_an_end_without_a_code_is_nothing() -> None:
    assert whole(decoder(), keys(*END, *END)) == []


def test_a_pause_ends_a_code_that_has_no_end_key_as_a_bad_frame() -> None:
    each = decoder()
    assert each.feed(keys(*ABC), T) == []
    assert each.begun
    assert each.expire(T) == [bad(b"abc", NO_END)]
    assert not each.begun
    assert each.expire(T) == []


def test_the_tail_of_a_code_that_stalled_is_never_taken_for_a_code() -> None:
    head, tail = keys(*DIGITS, at_s=10), keys(*ABC, *END, at_s=10.5)
    later = keys(*ABC, *END, at_s=10.6)
    assert whole(decoder(), head + tail + later) == [bad(b"1234567890", NO_END), bad(b"abc", TORN), scan(b"abc")]
    timed = decoder()
    assert [*timed.feed(head, T), *timed.expire(T), *timed.feed(tail + later, T)] == whole(
        decoder(), head + tail + later
    )


def test_the_next_code_after_a_cut_one_is_good_when_a_person_had_the_time_to_scan_it() -> None:
    typed = keys(*DIGITS, at_s=10) + keys(*ABC, *END, at_s=12.1)
    assert whole(decoder(), typed) == [bad(b"1234567890", NO_END), scan(b"abc")]


def test_the_pause_is_measured_by_the_records_and_not_by_when_they_were_read() -> None:
    each = decoder()
    assert each.feed(keys(*ABC, at_s=10, every_s=0.01), T) == []
    assert each.feed(keys(*ABC, *END, at_s=10.1, every_s=0.01), T + 60) == [Scan("dock", b"abcabc", None, T + 60)]


def test_where_no_end_key_is_set_the_pause_ends_a_scan_that_says_so() -> None:
    each = decoder(ends=frozenset())
    said = each.feed(keys(*ABC, at_s=10) + keys(*DIGITS, at_s=11), T) + each.expire(T)
    assert said == [scan(b"abc", terminated=False), scan(b"1234567890", terminated=False)]


def test_two_codes_that_ran_together_are_refused() -> None:
    ean = tap(5, 11, 11, 7, 4, 9, 2, 4, 4, 4, 10, 4, 2)  # 4006381333931
    each = decoder(ends=frozenset())
    assert each.feed(keys(*ean, *ean), T) == []
    assert each.expire(T) == [bad(b"40063813339314006381333931", "two codes ran together: scan them one by one")]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("lost_end", [False, True])
def test_after_dropped_records_nothing_up_to_the_next_end_is_believed(feed: Feed, *, lost_end: bool) -> None:
    lost = event(0, 3, 0) + keys(*tap(3), *held(SHIFT)) + event(0, 0, 0)
    rest = keys(*ABC) if lost_end else keys(*ABC, *END)
    said = feed(decoder(), keys(*DIGITS) + lost + rest + keys(*ABC, *END) * 2)
    assert said[0] == bad(b"1234567890abc" + (b"abc" if lost_end else b""), DROPPED)
    assert said[1:] == [scan(b"abc")] * (1 if lost_end else 2)


def test_dropped_records_lose_a_shift_and_a_caps_lock_too() -> None:
    lost = keys((SHIFT, 1), *tap(CAPS)) + event(0, 3, 0) + event(0, 0, 0)
    assert whole(decoder(), lost + keys(*END, *ABC, *END)) == [bad(b"", DROPPED), scan(b"abc")]


def test_dropped_records_whose_report_never_comes_end_with_the_pause_too() -> None:
    each = decoder()
    assert each.feed(keys(*tap(CAPS), at_s=10) + event(0, 3, 0) + keys(*ABC, at_s=10), T) == []
    assert each.expire(T) == [bad(b"", DROPPED)]
    assert each.feed(keys(*ABC, *END, at_s=13), T) == [scan(b"abc")]


def test_dropped_records_between_two_codes_end_with_the_pause() -> None:
    each = decoder()
    assert each.feed(event(0, 3, 0) + event(0, 0, 0), T) == []
    assert each.expire(T) == [bad(b"", DROPPED)]
    assert each.feed(keys(*ABC, *END, at_s=10), T) == [scan(b"abc")]


@pytest.mark.parametrize("modifier", [42, 54, 29, 56, 100])
def test_a_release_that_was_lost_spoils_one_code_and_not_the_next(modifier: int) -> None:
    first, second = whole(decoder(), keys((modifier, 1), *tap(2), *END, *ABC, *END))
    assert isinstance(first, BadFrame)
    assert second == scan(b"abc")


def test_shift_may_go_down_long_before_its_key() -> None:
    assert whole(decoder(), keys((SHIFT, 1), at_s=10) + keys(*tap(30), (SHIFT, 0), *END, at_s=11)) == [scan(b"A")]


def test_a_code_without_its_prefix_is_a_bad_frame() -> None:
    first, second = whole(decoder(prefix=b"a"), keys(*tap(48), *END, *ABC, *END))
    assert first == bad(b"b", "does not start with the prefix b'a'")
    assert second == scan(b"bc")


def test_a_code_without_an_end_is_cut_at_the_limit_and_is_one_bad_frame() -> None:
    (reading,) = whole(decoder(), keys(*tap(2) * (MAX_SCAN + 500), *END))
    assert reading == bad(b"1" * MAX_SCAN, f"longer than {MAX_SCAN} bytes without an end")


KEY_CODES = st.sampled_from(
    [2, 3, 11, 14, 15, 16, 27, 28, 29, 30, 42, 54, 56, 58, 66, 69, 82, 96, 97, 100, 108, 113, 999]
)
EVENTS = st.one_of(
    st.builds(event, st.just(1), KEY_CODES, st.integers(0, 2), st.floats(0, 5)),
    st.builds(event, st.integers(0, 5), st.integers(0, 5), st.integers(-1, 2)),
    st.binary(max_size=30),
)


@given(
    st.sampled_from(list(LAYOUTS)),
    st.lists(EVENTS, max_size=40),
    st.lists(st.integers(min_value=0), max_size=8),
)
def test_it_never_raises_and_how_the_bytes_are_cut_changes_nothing(
    layout: LayoutName, events: Iterable[bytes], cuts: list[int]
) -> None:
    data = b"".join(events)
    one, other = decoder(layout), decoder(layout)
    expected = [*whole(one, data), *one.expire(T)]
    assert [*in_pieces(other, data, cuts), *other.expire(T)] == expected
    assert all(reading.data for reading in expected if isinstance(reading, Scan))


@given(st.binary(max_size=4000))
def test_what_it_holds_back_is_bounded(data: bytes) -> None:
    each = decoder()
    each.feed(data + keys(*tap(2) * 200), T)
    assert len(each._code) <= MAX_SCAN
    assert len(each._pending) < 24
    assert len(each._keyboard._alt_digits) <= 4


def test_what_is_lost_in_mid_code_is_never_a_scan_of_what_is_left() -> None:
    """A code of ten digits loses every run of records once; unless whole keys are gone, the rest is refused."""
    typed = [*held(SHIFT, *tap(30)), *DIGITS, *held(SHIFT, *tap(48)), *END]
    for start in range(len(typed) - 2):
        for stop in range(start + 1, len(typed) - 2):
            stream = keys(*typed[:start]) + event(0, 3, 0) + event(0, 0, 0) + keys(*typed[stop:])
            assert not any(isinstance(each, Scan) for each in whole(decoder(), stream))
