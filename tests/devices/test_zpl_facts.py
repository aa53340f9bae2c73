"""What a printer says besides its host status: conditions as bits, identity, memory, meters, serial number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.zpl import (
    ERROR_STATUS,
    HOST_MEMORY,
    MAX_ANSWER,
    ODOMETER,
    SERIAL_NUMBER,
    SYSTEM_STATUS,
    UNIQUE_ID,
    Answer,
    ZplAnswers,
    host_status_of,
)
from devices.protocols.zpl_conditions import ERRORS, WARNINGS, PrinterConditions, conditions_of
from devices.protocols.zpl_facts import Odometer, PrinterIdentity, PrinterMemory, SerialNumber, SgdValue
from devices.readings import BadFrame, PrinterStatus
from tests.devices.support import Feed, T, byte_by_byte, in_pieces, recording, whole

ANSWERS = recording("zpl_answers.txt")
HEAD_OPEN = "030,0,0,1245,000,0,0,0,000,0,0,0\r\n000,0,1,0,0,2,4,0,00000000,1,000\r\n1234,0"
MEANINGS: dict[str, Answer] = {
    "errors 5 of the reference": PrinterConditions(5, 0),
    "errors B": PrinterConditions(0xB, 0),
    "captured ZT230": PrinterConditions(0, 0x2000, ("warning 00002000",)),
    "paused and clean the head": PrinterConditions(0x10000, 2),
    "odometer": Odometer(
        "inch", {"TOTAL NONRESETTABLE": 8560, "USER RESETTABLE CNTR1": 9, "USER RESETTABLE CNTR2": 8560}
    ),
    "odometer in cm": Odometer("cm", {"TOTAL NONRESETTABLE": 21742}),
    "serial number": SerialNumber("41A06440023"),
    "identity": PrinterIdentity(300, "ZTC ZD421-300dpi ZPL", "V85.20.19", 8192),
    "identity with 11.8 dots": PrinterIdentity(300, "ZT411-300dpi", "V92.21.39Z", 524288),
    "memory": PrinterMemory(1024, 780, 780),
    "system status": SgdValue("1,1,00000000,00000004,0,00000000,00000000"),
    "host status value": SgdValue(HEAD_OPEN),
    "unique id": SgdValue("41A06440023"),
    "unknown name": SgdValue("?"),
}


def answers() -> ZplAnswers:
    return ZplAnswers("printer")


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_means_what_the_reference_says(what: str, feed: Feed) -> None:
    assert feed(answers(), ANSWERS[what]) == [MEANINGS[what]]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
def test_answers_joined_to_their_neighbours_are_all_read(feed: Feed) -> None:
    assert feed(answers(), b"".join(ANSWERS.values())) == [MEANINGS[what] for what in ANSWERS]


@pytest.mark.parametrize(
    ("what", "garbage"),
    [
        (what, garbage)
        for what, answer in ANSWERS.items()
        for garbage in (b"\x00\xff", b"OK\r\n", b"\x02", b"\x02030,0", b"\x03\x03", b"x" * 900)
        # a quoted value inside a text that never ended cannot be told from that text
        if garbage[:1] != b"\x02" or answer[:1] != b'"'
    ],
)
def test_garbage_before_an_answer_costs_at_most_itself(what: str, garbage: bytes) -> None:
    said = whole(answers(), garbage + ANSWERS[what])
    assert said[-1] == MEANINGS[what]
    assert all(isinstance(each, BadFrame) for each in said[:-1])


def test_the_answer_of_the_reference_is_read_as_it_stands_there(shared: Path) -> None:
    text = (shared / "reference" / "device_protocols.md").read_text(encoding="utf-8")
    lines = re.search(r"STX\n(  PRINTER STATUS\n.*?\n)ETX", text, re.DOTALL)
    assert lines is not None
    said = whole(answers(), b"\x02\r\n" + lines[1].replace("\n", "\r\n").encode() + b"\x03\r\n")
    assert said == [PrinterConditions(5, 0)]


@pytest.mark.parametrize("bit", ERRORS)
def test_every_error_bit_has_a_sentence_and_a_next_step(bit: int) -> None:
    trouble = PrinterConditions(bit, 0).trouble
    assert trouble is not None
    sentence, next_step = trouble
    assert sentence.startswith("The label printer ")
    assert sentence.endswith(".")
    assert next_step.endswith(".")


def test_no_two_errors_sound_alike() -> None:
    assert len({what for what, _ in ERRORS.values()}) == len(ERRORS)


@pytest.mark.parametrize(
    ("errors", "sentence"),
    [
        (0x5, "The label printer has its head open."),
        (0xB, "The label printer is out of labels."),
        (0x10001, "The label printer is out of labels."),
        (0x10000, "The label printer is paused."),
        (0x20, "The label printer has a motor that is too hot."),
        (0x100000, None),
        (0, None),
    ],
)
def test_of_several_errors_the_one_to_mend_first_is_named_and_an_unknown_one_is_none(
    errors: int, sentence: str | None
) -> None:
    trouble = PrinterConditions(errors, 0).trouble
    assert (trouble and trouble[0]) == sentence


def test_warnings_are_told_and_bits_about_the_place_of_the_paper_are_not() -> None:
    assert PrinterConditions(0, 0x6).note == f"{WARNINGS[2]} {WARNINGS[4]}"
    assert PrinterConditions(0, 0xFF0).note == ""


def test_unknown_bits_are_kept_for_the_log() -> None:
    said = conditions_of("0,1,00000001,80000001,1,0000000A,00001000")
    assert said == PrinterConditions(
        0x80000001,
        0x1000,
        ("error 80000000", "error of group 2 00000001", "warning 00001000", "warning of group 2 0000000A"),
    )


def test_the_system_status_says_the_same_in_one_value() -> None:
    assert conditions_of("1,1,00000000,00000004,0,00000000,00000000") == PrinterConditions(4, 0)
    assert conditions_of("?") is None
    assert conditions_of("1,1,00000000,0000004,0,00000000,00000000") is None


def test_the_host_status_as_a_value_is_the_host_status() -> None:
    said = host_status_of("printer", SgdValue(HEAD_OPEN), T)
    assert isinstance(said, PrinterStatus)
    assert said.head_open
    assert host_status_of("printer", SgdValue(HEAD_OPEN.removesuffix("\r\n1234,0")), T) == said
    for text in ("?", "", "\r\n", HEAD_OPEN[:-1], HEAD_OPEN[1:], HEAD_OPEN + "\r\n1"):
        assert host_status_of("printer", SgdValue(text), T) is None


@pytest.mark.parametrize("what", ["errors 5 of the reference", "captured ZT230", "paused and clean the head"])
def test_a_lost_or_doubled_byte_never_makes_other_conditions(what: str) -> None:
    data = ANSWERS[what]
    for at in range(len(data)):
        for damaged in (data[:at] + data[at + 1 :], data[: at + 1] + data[at:]):
            for said in whole(answers(), damaged):
                assert isinstance(said, BadFrame) or said == MEANINGS[what], damaged


@pytest.mark.parametrize(
    ("text", "name"), [("41A0", "41A0"), (" 41A0 ", "41A0"), ("?", None), ("", None), ("a b", None), ("x" * 41, None)]
)
def test_a_serial_number_is_one_word(text: str, name: str | None) -> None:
    assert SgdValue(text).name == name


@given(
    st.lists(st.one_of(st.binary(max_size=20), st.sampled_from([*ANSWERS.values(), b"\x02", b"\x03", b'"']))),
    st.lists(st.integers(min_value=0), max_size=8),
)
def test_it_never_raises_and_how_the_bytes_are_cut_changes_no_answer(parts: list[bytes], cuts: list[int]) -> None:
    def good(said: list[Answer | BadFrame]) -> list[Answer]:
        return [each for each in said if not isinstance(each, BadFrame)]

    data = b"".join(parts)
    assert good(in_pieces(answers(), data, cuts)) == good(whole(answers(), data))


@given(st.text(max_size=300))
def test_values_of_any_text_are_read_or_refused_and_never_raise(text: str) -> None:
    for value in (SgdValue(text), SgdValue(text.encode("utf-8", "replace").decode("latin-1"))):
        assert conditions_of(value.text) is None
        assert value.number is None or value.text.isdecimal()


@given(st.binary(max_size=3000), st.sampled_from([b"", b"\x02", b'"']))
def test_what_it_holds_back_is_bounded(data: bytes, start: bytes) -> None:
    decoder = answers()
    decoder.feed(start + data, T)
    assert len(decoder._pending) <= MAX_ANSWER


def test_the_questions_are_what_a_printer_understands() -> None:
    assert (ERROR_STATUS, ODOMETER, SERIAL_NUMBER, HOST_MEMORY) == (
        b"~HQES\r\n",
        b"~HQOD\r\n",
        b"~HQSN\r\n",
        b"~HM\r\n",
    )
    assert SYSTEM_STATUS == b'! U1 getvar "zpl.system_status"\r\n'
    assert UNIQUE_ID == b'! U1 getvar "device.unique_id"\r\n'
