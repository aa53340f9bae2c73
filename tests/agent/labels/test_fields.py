from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.labels.fields import (
    MAX_FIELD_BYTES,
    Box,
    FieldTooLong,
    clean,
    escape,
    plain_width,
    rows,
    shape,
    text_width,
)
from agent.labels.zpl_parse import Command, parse


def whole_field(text: str) -> bytes:
    return b"^FH_^FD" + escape(text).encode("ascii") + b"^FS"


ESCAPED = re.compile(rb"(?:[ -\x5b\x5c\x5d`-}]|_[0-9A-F]{2})*")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('5"^~_', b'^FH_^FD5"_5E_7E_5F^FS'),
        ("Café", b"^FH_^FDCaf_C3_A9^FS"),
        ("a\x10b", b"^FH_^FDa_10b^FS"),
        ("a\x1eb\x1fc", b"^FH_^FDa_1Eb_1Fc^FS"),
        ("two\r\nlines", b"^FH_^FDtwo_0D_0Alines^FS"),
        ("a,b\\c", b"^FH_^FDa,b\\c^FS"),
        ("", b"^FH_^FD^FS"),
    ],
)
def test_every_byte_outside_the_safe_set_is_written_in_hex(text: str, field: bytes) -> None:
    assert whole_field(text) == field


@given(st.text(max_size=200))
def test_whatever_the_text_a_field_is_three_commands(text: str) -> None:
    field = whole_field(text)
    data = field.removeprefix(b"^FH_^FD").removesuffix(b"^FS")
    assert ESCAPED.fullmatch(data)
    assert parse(field) == [Command("^", "FH", b"_"), Command("^", "FD", data), Command("^", "FS", b"")]


def test_a_field_longer_than_a_printer_takes_is_refused_in_a_sentence() -> None:
    assert len(whole_field("x" * MAX_FIELD_BYTES)) == MAX_FIELD_BYTES + len("^FH_^FD^FS")
    with pytest.raises(FieldTooLong, match="takes 3072 bytes, this one needs 3074; shorten its text"):
        whole_field("x" * (MAX_FIELD_BYTES - 1) + "^")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b", "ab"),
        ("a\x10\x1b\x7fb", "ab"),
        ("  two   words\t", "two words"),
        ("line\r\nline", "line\nline"),
        ("\u202eevil\u202c \ufeffmark", "evil mark"),
        ("Mu\u0308nster", "Münster"),
        ("\ud800", ""),
    ],
)
def test_controls_and_invisible_characters_never_reach_a_label(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_text_that_fits_stays_as_it_is() -> None:
    assert shape("Rua do Paço, 67", Box(740, 48), 60) == ("Rua do Paço, 67",)


def test_text_too_long_for_its_dots_is_cut_with_a_visible_mark() -> None:
    (line,) = shape("Federal Shipping Company of the North", Box(300, 48), 60)
    assert line == "Federal Ship…"


def test_text_longer_than_its_field_allows_is_cut_too() -> None:
    assert shape("123456789", Box(740, 20), 6) == ("12345…",)


def test_a_block_breaks_between_words_and_keeps_its_line_ends() -> None:
    box = Box(300, 48, lines=4)
    assert shape("Vins et alcools Chevalier\n59 rue de l'Abbaye", box, 200) == (
        "Vins et alcools",
        "Chevalier",
        "59 rue de",
        "l'Abbaye",
    )


def test_lines_a_block_does_not_need_are_empty() -> None:
    assert shape("one", Box(300, 48, lines=3), 200) == ("one", "", "")


def test_a_word_wider_than_the_box_is_broken() -> None:
    assert shape("Donaudampfschifffahrt", Box(200, 40, lines=3), 200) == ("Donaudamp", "fschifffahrt", "")


@given(st.text(max_size=120), st.integers(60, 800), st.integers(15, 80), st.integers(1, 5))
def test_no_line_is_ever_wider_than_its_box(text: str, width: int, height: int, lines: int) -> None:
    box = Box(max(width, 2 * height), height, lines)
    shaped = shape(text, box, 100)
    assert len(shaped) == lines
    assert all(text_width(line, height) <= box.width_dots for line in shaped)


def test_rows_stay_side_by_side_whatever_is_in_them() -> None:
    box = Box(300, 48, lines=3)
    assert rows("one\n\nFederal Shipping Company of the North", box, 60) == ("one", "", "Federal Ship…")
    assert rows("a\u2028b\rc\nsecond", box, 60) == ("a b c", "second")


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60), st.integers(15, 400))
def test_the_quick_width_is_never_less_than_the_width(text: str, height: int) -> None:
    assert text_width(text, height) <= plain_width(text, height)
