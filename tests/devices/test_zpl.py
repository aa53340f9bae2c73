from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.zpl import (
    HOST_IDENTITY,
    HOST_STATUS,
    LABEL_COUNT,
    MAX_ANSWER,
    Answer,
    ZplAnswers,
    alert_of,
)
from devices.protocols.zpl_facts import PrinterIdentity, SgdValue
from devices.readings import BadFrame, PrinterStatus
from tests.devices.support import Feed, T, byte_by_byte, in_pieces, recording, whole

ANSWERS = recording("zpl_host_status.txt")

IDLE = PrinterStatus(
    device="printer",
    paper_out=False,
    paused=False,
    label_length_dots=1245,
    formats_in_buffer=0,
    buffer_full=False,
    diagnostic_mode=False,
    partial_format=False,
    corrupt_ram=False,
    under_temperature=False,
    over_temperature=False,
    head_open=False,
    ribbon_out=False,
    thermal_transfer=False,
    print_mode="2",
    label_waiting=False,
    labels_remaining=0,
    t_mono=T,
)

MEANINGS = {
    "idle": IDLE,
    "paper out": replace(IDLE, paper_out=True),
    "paused": replace(IDLE, paused=True),
    "head open": replace(IDLE, head_open=True),
    "ribbon out": replace(IDLE, ribbon_out=True, thermal_transfer=True),
    "buffer full": replace(IDLE, buffer_full=True),
    "7 labels to print": replace(IDLE, labels_remaining=7),
    "over temperature": replace(IDLE, over_temperature=True),
    "captured from a printer": replace(IDLE, label_length_dots=156, thermal_transfer=True),
}


def answers() -> ZplAnswers:
    return ZplAnswers("printer")


def host_status(string_1: str, string_2: str) -> bytes:
    return b"".join(b"\x02" + each.encode() + b"\x03\r\n" for each in (string_1, string_2, "1234,0"))


def test_the_idle_recording_is_the_wire_form_of_the_reference(shared: Path) -> None:
    text = (shared / "reference" / "device_protocols.md").read_text(encoding="utf-8")
    wire = next(row for row in text.splitlines() if row.startswith("| wire form of idle |"))
    assert bytes.fromhex(wire.split("`")[1]) == ANSWERS["idle"]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("what", ANSWERS)
def test_a_host_status_means_what_the_reference_says(what: str, feed: Feed) -> None:
    assert feed(answers(), ANSWERS[what]) == [MEANINGS[what]]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
def test_answers_joined_to_their_neighbours_are_all_read(feed: Feed) -> None:
    data = b'"17"'.join(ANSWERS.values())
    said = feed(answers(), data)
    assert [each for each in said if isinstance(each, PrinterStatus)] == [MEANINGS[what] for what in ANSWERS]
    assert said.count(SgdValue("17")) == len(ANSWERS) - 1


@pytest.mark.parametrize(
    "garbage", [b"\x00\xff", b"OK\r\n", b"\x02", b"\x02030,0", b"\x03\x03", b"x" * 900, b'"1\x00']
)
@pytest.mark.parametrize("what", ANSWERS)
def test_garbage_before_an_answer_costs_at_most_itself(what: str, garbage: bytes) -> None:
    said = whole(answers(), garbage + ANSWERS[what])
    assert said[-1] == MEANINGS[what]
    assert all(isinstance(each, BadFrame) for each in said[:-1])


def test_it_is_complete_at_the_third_etx_and_not_before() -> None:
    decoder, data = answers(), ANSWERS["idle"]
    end = data.rindex(b"\x03")
    assert decoder.feed(data[:end], T) == []
    assert decoder.feed(data[end : end + 1], T + 1) == [replace(IDLE, t_mono=T + 1)]


def test_a_string_that_is_missing_makes_no_status_and_the_next_answer_is_read() -> None:
    strings = ANSWERS["idle"].split(b"\r\n")
    said = whole(answers(), strings[0] + strings[2] + ANSWERS["paper out"])
    assert isinstance(said[0], BadFrame)
    assert said[-1] == MEANINGS["paper out"]


def test_the_unused_field_of_string_2_is_not_taken_for_the_head() -> None:
    (said,) = whole(answers(), host_status("030,0,0,1245,000,0,0,0,000,0,0,0", "000,1,0,0,0,2,4,0,00000000,1,000"))
    assert said == IDLE


@pytest.mark.parametrize(
    ("string_1", "change"),
    [
        ("030,0,0,1245,003,0,0,0,000,0,0,0", {"formats_in_buffer": 3}),
        ("030,0,0,1245,000,0,1,0,000,0,0,0", {"diagnostic_mode": True}),
        ("030,0,0,1245,000,0,0,1,000,0,0,0", {"partial_format": True}),
        ("030,0,0,1245,000,0,0,0,000,1,0,0", {"corrupt_ram": True}),
        ("030,0,0,1245,000,0,0,0,000,0,1,0", {"under_temperature": True}),
    ],
)
def test_each_field_is_read_from_its_own_place(string_1: str, change: dict[str, int]) -> None:
    (said,) = whole(answers(), host_status(string_1, "000,0,0,0,0,2,4,0,00000000,1,000"))
    assert said == replace(IDLE, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(("answer", "number"), [(b'"0"', 0), (b'"8560"', 8560), (b'"?"', None), (b'""', None)])
def test_a_counter_is_its_digits_and_everything_else_is_no_counter(answer: bytes, number: int | None) -> None:
    (said,) = whole(answers(), answer)
    assert isinstance(said, SgdValue)
    assert said.number == number


@pytest.mark.parametrize("answer", [b'"8560 IN, 21742 CM"', b'"-1"', b'"1.5"', b'"\xb2"', b'"' + b"9" * 40 + b'"'])
def test_a_value_with_units_or_signs_is_no_counter(answer: bytes) -> None:
    (said,) = whole(answers(), answer)
    assert isinstance(said, SgdValue)
    assert said.number is None


@pytest.mark.parametrize("what", ANSWERS)
def test_a_lost_or_doubled_byte_never_changes_what_the_printer_needs(what: str) -> None:
    data, true = ANSWERS[what], MEANINGS[what]
    for at in range(len(data)):
        for damaged in (data[:at] + data[at + 1 :], data[: at + 1] + data[at:]):
            for said in whole(answers(), damaged):
                if isinstance(said, PrinterStatus):
                    assert replace(said, label_length_dots=true.label_length_dots) == true, damaged


@given(
    st.lists(
        st.one_of(st.binary(max_size=20), st.sampled_from([*ANSWERS.values(), b'"12"', b"\x02", b"\x03", b'"']))
    ),
    st.lists(st.integers(min_value=0), max_size=8),
)
def test_it_never_raises_and_how_the_bytes_are_cut_changes_no_answer(parts: list[bytes], cuts: list[int]) -> None:
    def good(said: list[Answer | BadFrame]) -> list[Answer]:
        return [each for each in said if not isinstance(each, BadFrame)]

    data = b"".join(parts)
    assert good(in_pieces(answers(), data, cuts)) == good(whole(answers(), data))


@given(st.binary(max_size=3000), st.sampled_from([b"", b"\x02", b'"']))
def test_what_it_holds_back_is_bounded(data: bytes, start: bytes) -> None:
    decoder = answers()
    decoder.feed(start + data, T)
    assert len(decoder._pending) <= MAX_ANSWER


@pytest.mark.parametrize(("dots_per_mm", "dpi"), [(6, 152), (8, 203), (12, 300), (24, 600)])
def test_the_identity_tells_the_density_of_the_head(dots_per_mm: int, dpi: int) -> None:
    wanted = PrinterIdentity(dpi, "ZTC ZD421-300dpi ZPL", "V85.20.19", 8192)
    said = b"\x02ZTC ZD421-300dpi ZPL,V85.20.19,%d,8192KB,X\x03\r\n" % dots_per_mm
    assert whole(answers(), said) == byte_by_byte(answers(), said) == [wanted]


def test_an_identity_with_a_density_that_no_head_has_is_no_answer() -> None:
    (said,) = whole(answers(), b"\x02Model,V1,7,8192KB,X\x03\r\n")
    assert isinstance(said, BadFrame)


@pytest.mark.parametrize(
    ("line", "means"),
    [
        (b"ALERT: PQ JOB COMPLETED [2030-05-06 07:08:09] [XXZKJ1]\r\n", "completed"),
        (b"alert: pq job completed", "completed"),
        (b"ALERT: POWER ON [2030-05-06 07:08:09] [XXZKJ1]\r\n", "restart"),
        (b"ALERT: COLD START", "restart"),
        (b"ERROR CONDITION: HEAD OPEN [2030-05-06 07:08:09] [XXZKJ1]\r\n", "error"),
        (b"ERROR CLEARED: HEAD OPEN [2030-05-06 07:08:09] [XXZKJ1]\r\n", None),
        (b"LABEL READY:  [2030-05-06 07:08:09] [XXZKJ1]\r\n", None),
        (b"\xff\x00" * 4000 + b"PQ JOB COMPLETED", None),
    ],
)
def test_what_a_message_of_the_printer_means(line: bytes, means: str | None) -> None:
    assert alert_of(line, "PQ JOB COMPLETED") == means


def test_a_site_names_the_words_of_the_message_that_tells_of_a_label() -> None:
    assert alert_of(b"LABEL READY:  [2030-05-06] [X]", "label ready") == "completed"


def test_the_questions_are_what_a_printer_understands() -> None:
    assert HOST_STATUS == b"~HS\r\n"
    assert HOST_IDENTITY == b"~HI\r\n"
    assert LABEL_COUNT == b'! U1 getvar "odometer.total_label_count"\r\n'
