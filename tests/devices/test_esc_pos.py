from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.esc_pos import (
    INITIALISE,
    MAX_TEXT,
    PAPER_IN_ORDER,
    STATUS_QUESTIONS,
    Answer,
    AutoStatus,
    DeviceText,
    EscPosAnswers,
    Flow,
    InOrder,
    ProcessId,
    RealTime,
    ReceiptStatus,
    automatic_status,
    forbidden,
    process_id_request,
    status_of,
)
from devices.readings import BadFrame
from devices.simulators.esc_pos_reader import read_commands, split_real_time
from tests.devices.support import Feed, T, byte_by_byte, in_pieces, recording, whole

BYTES = recording("esc_pos.txt")
IDLE = 0x12
FINE = ReceiptStatus("slips", T)

ANSWERS: dict[str, Answer] = {
    **{what: RealTime(raw[0]) for what, raw in BYTES.items() if re.match(r"(printer|cause|error|paper) ", what)},
    **{what: AutoStatus(raw) for what, raw in BYTES.items() if what.startswith("auto ")},
    "XON": Flow(stopped=False),
    "XOFF": Flow(stopped=True),
    "process id": ProcessId(b"A001", printed=True),
    "process id, offline": ProcessId(b"A001", printed=False),
    "model text": DeviceText("TM-T88III"),
}
TOLD = [what for what in BYTES if what not in ANSWERS]

REAL_TIME = {
    "printer idle": FINE,
    "printer offline": replace(FINE, offline=True),
    "printer drawer high": replace(FINE, drawer_high=True),
    "printer drawer high, offline": replace(FINE, drawer_high=True, offline=True),
    "cause idle": FINE,
    "cause cover open": replace(FINE, cover_open=True),
    "cause paper end": replace(FINE, paper_end=True),
    "cause error": replace(FINE, error=True),
    "cause cover open, error": replace(FINE, cover_open=True, error=True),
    "error idle": FINE,
    "error cutter": replace(FINE, cutter=True),
    "error unrecoverable": replace(FINE, unrecoverable=True),
    "error too hot": replace(FINE, overheated=True),
    "paper idle": FINE,
    "paper near end": replace(FINE, near_end=True),
    "paper end": replace(FINE, paper_end=True),
    "paper near end and end": replace(FINE, near_end=True, paper_end=True),
}
AUTOMATIC = {
    "auto idle": FINE,
    "auto cover open": replace(FINE, offline=True, cover_open=True),
    "auto near end": replace(FINE, near_end=True),
    "auto paper end": replace(FINE, offline=True, near_end=True, paper_end=True),
    "auto cutter": replace(FINE, offline=True, cutter=True),
    "auto idle, reserved byte set": FINE,
}


def answers() -> EscPosAnswers:
    return EscPosAnswers("slips")


def status(what: str) -> ReceiptStatus:
    """The state when one of the four answers is this one and the others are idle."""
    replies = [IDLE] * 4
    replies[["printer", "cause", "error", "paper"].index(what.split(maxsplit=1)[0])] = BYTES[what][0]
    return status_of("slips", (replies[0], replies[1], replies[2], replies[3]), T)


# --- answers ----------------------------------------------------------------------------------------------------


def test_every_byte_of_the_reference_is_in_the_recording(shared: Path) -> None:
    text = (shared / "reference" / "device_protocols.md").read_text(encoding="utf-8")
    section = text[text.index("## 11. ESC/POS") : text.index("### 11.5")]
    named = set(re.findall(r"`((?:[0-9A-F]{2} )+[0-9A-F]{2})`", section))
    recorded = {raw.hex(" ").upper() for raw in BYTES.values()}
    parts = {"1D 28 48 06 00 30 30", "1B 70 00 32 32", "1D 56 42 00"}
    assert {each for each in named - parts if each not in recorded} == set()


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("what", ANSWERS)
def test_fixed_bits_tell_what_an_answer_is(what: str, feed: Feed) -> None:
    assert feed(answers(), BYTES[what]) == [ANSWERS[what]]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_joined_to_its_neighbours_is_the_same_answer(what: str, feed: Feed) -> None:
    others = ["auto idle", "printer idle", "process id", "model text"]
    data = b"".join(BYTES[each] + BYTES[what] for each in others)
    assert feed(answers(), data) == [value for each in others for value in (ANSWERS[each], ANSWERS[what])]


@pytest.mark.parametrize("what", ANSWERS)
def test_after_garbage_the_next_answer_is_found(what: str) -> None:
    for garbage in (b"\xfe\x80", b"\x37", b"\x37\x22A\x00", b"\x5fTM\x9b", b"\x15\x03\xff"):
        for feed in (whole, byte_by_byte):
            *before, last = feed(answers(), garbage + BYTES[what])
            assert last == ANSWERS[what]
            assert any(isinstance(value, BadFrame) for value in before)


def test_flow_control_inside_automatic_status_is_no_part_of_it() -> None:
    data = b"\x38\x13\x00\x00\x11\x00"
    assert whole(answers(), data) == [Flow(stopped=True), Flow(stopped=False), AutoStatus(b"\x38\x00\x00\x00")]


def test_automatic_status_before_an_answer_is_never_taken_for_it() -> None:
    """`byte 0` of what was read is 38h here, which as an answer to the paper question would mean no paper."""
    got = whole(answers(), BYTES["auto cover open"] + BYTES["paper idle"])
    assert [type(value) for value in got] == [AutoStatus, RealTime]


def test_the_answer_to_a_question_in_order_is_neither_state_nor_automatic_status() -> None:
    assert whole(answers(), b"\x00\x0f\x63") == [InOrder(0x00), InOrder(0x0F), InOrder(0x63)]


@pytest.mark.parametrize(
    "raw", [b"\x37\x22A01\x00", b"\x37\x22A0011\x00", b"\x37\x22A\x7f01\x00", b"\x37\x21A001\x00"]
)
def test_a_process_id_of_another_length_is_none(raw: bytes) -> None:
    got = whole(answers(), raw)
    assert not any(isinstance(value, ProcessId) for value in got)
    assert isinstance(got[0], BadFrame)


def test_a_text_without_an_end_is_not_collected_for_ever() -> None:
    parser = answers()
    got = whole(parser, b"\x5f" + b"A" * (MAX_TEXT - 1) + b"\x52" * 3)
    assert isinstance(got[0], BadFrame)
    assert not parser.midway


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=8))
def test_how_bytes_are_cut_into_reads_changes_nothing(data: bytes, cuts: list[int]) -> None:
    assert in_pieces(answers(), data, cuts) == whole(answers(), data)


@given(st.binary(max_size=300))
def test_every_byte_belongs_to_one_value_and_little_is_kept_back(data: bytes) -> None:
    parser = answers()
    assert sum(_length(value) for value in whole(parser, data)) + len(parser._frame) == len(data)
    assert len(parser._frame) <= MAX_TEXT


@given(st.lists(st.sampled_from(sorted(ANSWERS)), max_size=20), st.lists(st.integers(0, 300), max_size=8))
def test_any_answers_in_a_row_come_out_as_they_went_in(said: list[str], cuts: list[int]) -> None:
    data = b"".join(BYTES[what] for what in said)
    assert in_pieces(answers(), data, cuts) == [ANSWERS[what] for what in said]


def _length(value: Answer | BadFrame) -> int:
    match value:
        case BadFrame(raw=raw) | AutoStatus(raw=raw):
            return len(raw)
        case ProcessId(ident, _):
            return len(ident) + 3
        case DeviceText(text):
            return len(text) + 2
    return 1


# --- what they mean ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", REAL_TIME)
def test_an_answer_means_what_the_reference_says(what: str) -> None:
    assert status(what) == REAL_TIME[what]


@pytest.mark.parametrize("what", AUTOMATIC)
def test_automatic_status_means_what_the_reference_says(what: str) -> None:
    assert automatic_status("slips", AutoStatus(BYTES[what]), T) == AUTOMATIC[what]


@pytest.mark.parametrize("bit", [0x04, 0x08])
def test_one_bit_of_the_near_end_pair_is_enough(bit: int) -> None:
    assert status_of("slips", (IDLE, IDLE, IDLE, IDLE | bit), T).near_end


@pytest.mark.parametrize("bit", [0x20, 0x40])
def test_one_bit_of_the_paper_end_pair_is_enough(bit: int) -> None:
    assert status_of("slips", (IDLE, IDLE, IDLE, IDLE | bit), T).paper_end


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("printer idle", "The receipt printer is ready."),
        ("printer offline", "The receipt printer is offline and does not say why. Look at its lamps; switch it"),
        ("cause cover open", "The receipt printer has its cover open. Close the cover."),
        ("cause cover open, error", "The receipt printer has its cover open. Close the cover."),
        ("cause paper end", "The receipt printer is out of paper. Put in a new roll."),
        ("error cutter", "The receipt printer has its cutter stuck. Open the cover, clear the cutter,"),
        ("error unrecoverable", "The receipt printer reports a fault that it cannot mend. Switch it off,"),
        ("error too hot", "The receipt printer is too hot. Let it cool down; it goes on by itself."),
        ("paper near end", "The paper of the receipt printer is nearly at its end. Have a new roll at hand."),
        ("paper end", "The receipt printer is out of paper. Put in a new roll."),
        ("paper near end and end", "The receipt printer is out of paper. Put in a new roll."),
    ],
)
def test_a_state_is_a_sentence_and_a_next_step(what: str, sentence: str) -> None:
    assert status(what).sentence.startswith(sentence)


def test_nearly_at_its_end_hinders_no_slip_and_too_hot_only_delays_it() -> None:
    near, hot = status("paper near end"), status("error too hot")
    assert (near.trouble, near.interrupts) == (None, False)
    assert hot.trouble is not None
    assert not hot.interrupts
    assert status("cause cover open").interrupts


def test_an_open_drawer_is_no_trouble_and_every_other_state_but_near_end_is() -> None:
    quiet = {"device", "t_mono", "drawer_high", "near_end"}
    assert replace(FINE, drawer_high=True).trouble is None
    for field in fields(ReceiptStatus):
        assert field.name in quiet or replace(FINE, **{field.name: True}).trouble is not None, field.name  # type: ignore[arg-type]


# --- what may be sent -------------------------------------------------------------------------------------------


def test_what_is_sent_is_what_the_reference_says() -> None:
    assert list(STATUS_QUESTIONS) == [BYTES[f"ask {what}"] for what in ("printer", "cause", "error", "paper")]
    assert (BYTES["initialise"], BYTES["ask paper in order"]) == (INITIALISE, PAPER_IN_ORDER)
    assert process_id_request(b"A001") == BYTES["ask process id"]


@pytest.mark.parametrize("ident", [b"A01", b"A0011", b"A\x1f01", b"A\x7f01"])
def test_a_process_id_has_four_printable_characters(ident: bytes) -> None:
    with pytest.raises(ValueError, match="a process id has 4 printable characters"):
        process_id_request(ident)


HARMLESS = {"initialise", "cut full", "cut partial", "feed, then cut", "feed three lines", "code page"}


@pytest.mark.parametrize("what", TOLD)
def test_only_text_and_layout_may_stand_in_a_slip(what: str) -> None:
    assert (forbidden(BYTES[what]) is None) == (what in HARMLESS), what
    assert (forbidden(b"Hammer\n" + BYTES[what] + b"4 pieces\n") is None) == (what in HARMLESS), what


@pytest.mark.parametrize("what", TOLD)
def test_the_simulators_reader_knows_every_command_of_the_reference(what: str) -> None:
    at_once, rest, begun = split_real_time(BYTES[what])
    commands, left = read_commands(rest)
    assert (len(at_once) + len(commands), begun, left) == (1, b"", b"")
    assert all(command.name != "unknown" for command in commands)


@given(st.binary(max_size=80))
def test_what_passes_as_a_slip_opens_no_drawer_and_asks_nothing(data: bytes) -> None:
    if forbidden(data) is None:
        assert_harmless(data)


PARTS = st.sampled_from(
    b"1b2110 1b40 1b7410 1d564210 1d6b4910 1d6b49057b42313233 04 1401 1b6410 1b70 1b 1d 10 410a e4 0000 0502".split()
).map(lambda part: bytes.fromhex(part.decode()))


@given(st.lists(PARTS, max_size=12).map(b"".join))
def test_no_join_of_harmless_parts_opens_a_drawer(data: bytes) -> None:
    if forbidden(data) is None:
        assert_harmless(data)


def assert_harmless(data: bytes) -> None:
    at_once, rest, begun = split_real_time(data)
    commands, left = read_commands(rest + begun)
    assert (at_once, left) == ([], b"")
    assert not {"ESC p", "GS r", "GS I", "GS a", "GS (", "unknown"} & {command.name for command in commands}
