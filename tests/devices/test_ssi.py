"""SSI: packets, codes, and a scanner on a line. One file, because all of it speaks of the same recorded packets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.driver import FeedbackScanner
from devices.protocols.codes import MAX_SCAN
from devices.protocols.ssi import MAX_GARBAGE, MAX_PACKET, Packet, SsiFrames, packet
from devices.protocols.ssi_host import GAP_S, MAX_WAITING, NEVER_CAME, TORN, SsiHost
from devices.readings import BadFrame, Scan
from devices.simulators import ssi_scanner
from devices.simulators.ssi_scanner import SSI_FAULTS, SsiFault, SsiScannerSimulator
from tests.devices.support import T, Witness, build, owned, recording, running, until
from tests.support.patient_loop import patient_now

FRAMES = recording("ssi.txt")
EAN, AGAIN, SSCC = (
    FRAMES["decoder: EAN-13 4006381333931"],
    FRAMES["decoder: the same, retransmitted"],
    FRAMES["decoder: GS1-128 SSCC"],
)
ACK, RESEND, DECODER_ACK, PACKETED = (
    FRAMES["host ACK"],
    FRAMES["host NAK, resend"],
    FRAMES["decoder ACK"],
    FRAMES["param send: packeted data on"],
)
RESPONSE_S = 2.0


def scan(data: bytes, symbology: str | None, t_mono: float = T) -> Scan:
    return Scan("dock", data, symbology, t_mono)


EAN_SCAN, SSCC_SCAN = scan(b"4006381333931", "]E0"), scan(b"00340123450000000017", "]C1")


def host() -> SsiHost:
    return SsiHost("dock", RESPONSE_S)


def said(each: SsiHost, *frames: bytes, t_mono: float = T) -> tuple[list[Any], bytes]:
    """The readings of these frames, and the answers to them."""
    readings = [reading for frame in frames for reading in each.feed(frame, t_mono)]
    return readings, each.output(t_mono)[0]


def decoded(data: bytes, status: int = 0) -> bytes:
    return packet(0xF3, data, status, source=0)


@pytest.mark.parametrize(
    ("what", "opcode", "data"),
    [
        ("host ACK", 0xD0, b""),
        ("host NAK, resend", 0xD1, b"\x01"),
        ("scan enable", 0xE9, b""),
        ("scan disable", 0xEA, b""),
        ("start session", 0xE4, b""),
        ("stop session", 0xE5, b""),
        ("beep code 00", 0xE6, b"\x00"),
        ("LED 1 on", 0xE7, b"\x01"),
        ("LED 1 off", 0xE8, b"\x01"),
        ("flush queue", 0xD2, b""),
        ("request revision", 0xA3, b""),
        ("param send: packeted data on", 0xC6, b"\xff\xee\x01"),
    ],
)
def test_every_packet_of_the_host_is_byte_for_byte_that_of_the_reference(what: str, opcode: int, data: bytes) -> None:
    assert packet(opcode, data) == FRAMES[what]


@pytest.mark.parametrize("what", [what for what in FRAMES if what.startswith("decoder")])
def test_the_simulator_and_the_reference_agree_on_the_packets_of_a_scanner(what: str) -> None:
    frame = FRAMES[what]
    assert ssi_scanner.packet(frame[1], frame[4:-2], frame[3]) == frame


@pytest.mark.parametrize("before", [b"", b"\x00\xfe\x80", b"\xff", EAN, DECODER_ACK])
@pytest.mark.parametrize(("frame", "wanted"), [(EAN, EAN_SCAN), (SSCC, SSCC_SCAN)], ids=["EAN-13", "SSCC"])
def test_codes_are_read_whole_byte_by_byte_joined_and_after_garbage(
    before: bytes, frame: bytes, wanted: Scan
) -> None:
    whole = [each for each in host().feed(before + frame + SSCC, T) if isinstance(each, Scan)]
    one_by_one = host()
    bytes_alone = [each for byte in before + frame + SSCC for each in one_by_one.feed(bytes([byte]), T)]
    assert whole[-2:] == [wanted, SSCC_SCAN]
    assert [each for each in bytes_alone if isinstance(each, Scan)] == whole


def test_every_code_is_acknowledged_at_once() -> None:
    assert said(host(), EAN) == ([EAN_SCAN], ACK)
    assert said(host(), EAN, SSCC) == ([EAN_SCAN, SSCC_SCAN], ACK + ACK)


def test_a_retransmission_is_acknowledged_and_is_no_second_scan() -> None:
    assert said(host(), EAN, AGAIN, AGAIN) == ([EAN_SCAN], ACK * 3)


def test_the_same_code_scanned_twice_is_two_scans() -> None:
    assert said(host(), EAN, EAN) == ([EAN_SCAN, EAN_SCAN], ACK + ACK)


def test_a_retransmission_of_what_was_never_heard_is_a_scan() -> None:
    assert said(host(), AGAIN)[0] == [EAN_SCAN]
    assert said(host(), SSCC, AGAIN)[0] == [SSCC_SCAN, EAN_SCAN]


def test_a_retransmission_long_after_belongs_to_another_code_that_was_lost() -> None:
    each = host()
    assert said(each, EAN)[0] == [EAN_SCAN]
    assert said(each, AGAIN, t_mono=T + 2 * RESPONSE_S)[0] == []
    later = T + 2 * RESPONSE_S + 2 * RESPONSE_S + 1
    assert said(each, AGAIN, t_mono=later)[0] == [scan(b"4006381333931", "]E0", later)]


def test_a_damaged_code_is_asked_for_again_and_then_counts_even_if_it_equals_the_one_before() -> None:
    damaged = EAN[:8] + b"9" + EAN[9:]
    readings, answers = said(host(), EAN, damaged, AGAIN)
    assert [type(each) for each in readings] == [Scan, BadFrame, Scan]
    assert answers == ACK + RESEND + ACK
    readings, _ = said(host(), EAN, AGAIN[:8] + b"9" + AGAIN[9:], AGAIN)
    assert [type(each) for each in readings] == [Scan, BadFrame]


def test_a_retransmission_after_a_broken_line_is_still_no_second_scan() -> None:
    each = host()
    said(each, EAN)
    each.connected(T)
    assert said(each, AGAIN)[0] == []


def test_every_byte_of_a_packet_may_be_wrong_or_missing_and_no_wrong_code_comes_of_it() -> None:
    for at in range(len(EAN)):
        for broken in (EAN[:at] + bytes([EAN[at] ^ 0x10]) + EAN[at + 1 :], EAN[:at] + EAN[at + 1 :]):
            each = host()
            readings = each.feed(broken, T) + each.expire(T + GAP_S) + each.feed(SSCC, T + 2 * GAP_S)
            readings += each.expire(T + 4 * GAP_S)
            assert {reading.data for reading in readings if isinstance(reading, Scan)} <= {SSCC_SCAN.data}


def test_half_a_packet_is_asked_for_again_after_a_pause() -> None:
    each = host()
    assert said(each, EAN[:9]) == ([], b"")
    assert each.wait_s(T) == pytest.approx(GAP_S)
    (bad,) = each.expire(T + GAP_S)
    assert bad == BadFrame("dock", EAN[:9], "a packet whose end never came", T + GAP_S)
    assert each.output(T + GAP_S)[0] == RESEND
    assert each.wait_s(T + GAP_S) is None


def test_garbage_that_looks_like_the_head_of_a_long_packet_hides_no_code() -> None:
    each = host()
    assert each.feed(b"\xff\xf3\x00\x00" + EAN, T) == []
    readings = each.expire(T + GAP_S)
    assert EAN_SCAN.data in [reading.data for reading in readings if isinstance(reading, Scan)]


def test_raw_data_says_that_the_scanner_sends_no_packets() -> None:
    each = host()
    assert each.feed(b"4006381333931\r\n", T) == []
    (bad,) = each.expire(T + GAP_S)
    assert isinstance(bad, BadFrame)
    assert (bad.raw, bad.why) == (b"4006381333931\r\n", "no SSI packet: the scanner may send its codes unpacked")
    assert each.raw


def test_a_long_code_in_several_packets_is_one_code() -> None:
    parts = [decoded(b"\x1cABC", 2), decoded(b"\x1cDEF", 2), decoded(b"\x1cGHI")]
    assert said(host(), *parts) == ([scan(b"ABCDEFGHI", None)], ACK * 3)
    untyped = SsiHost("dock", type_in_each=False)
    assert said(untyped, decoded(b"\x1cABC", 2), decoded(b"DEF"))[0] == [scan(b"ABCDEF", None)]


def test_a_part_sent_twice_is_taken_once() -> None:
    parts = [decoded(b"\x1cABC", 2), decoded(b"\x1cABC", 3), decoded(b"\x1cABC")]
    assert said(host(), *parts)[0] == [scan(b"ABCABC", None)]


def test_the_rest_of_a_long_code_that_comes_too_late_is_no_code() -> None:
    each = host()
    said(each, decoded(b"\x1cABC", 2))
    late = T + 2 * RESPONSE_S + GAP_S
    assert each.expire(late) == [BadFrame("dock", b"\x1cABC", NEVER_CAME, late)]
    assert said(each, decoded(b"\x1cDEF", 1), t_mono=late)[0] == [BadFrame("dock", b"\x1cDEF", TORN, late)]
    assert said(each, EAN, t_mono=late)[0] == [scan(b"4006381333931", "]E0", late)]


def test_the_rest_of_a_long_code_after_a_broken_line_is_no_code() -> None:
    each = host()
    said(each, decoded(b"\x1cABC", 2))
    assert each.connected(T) == [BadFrame("dock", b"\x1cABC", NEVER_CAME, T)]
    assert said(each, decoded(b"\x1cDEF", 1))[0] == [BadFrame("dock", b"\x1cDEF", TORN, T)]


def test_another_type_in_mid_code_begins_another_code() -> None:
    readings, _ = said(host(), decoded(b"\x1cABC", 2), EAN)
    assert readings == [BadFrame("dock", b"\x1cABC", NEVER_CAME, T), EAN_SCAN]


def test_an_identifier_in_the_data_is_believed_before_the_type() -> None:
    assert said(host(), decoded(b"\x03]C1" + SSCC_SCAN.data))[0] == [SSCC_SCAN]


@pytest.mark.parametrize(
    ("code_type", "symbology"),
    [
        (0x03, "]C0"),
        (0x0F, "]C1"),
        (0x08, "]E0"),
        (0x0A, "]E4"),
        (0x8B, "]E3"),
        (0x01, None),
        (0x06, None),
        (0x1B, None),
    ],
)
def test_a_type_says_the_symbology_where_that_is_sure(code_type: int, symbology: str | None) -> None:
    assert said(host(), decoded(bytes([code_type]) + b"12345670"))[0] == [scan(b"12345670", symbology)]


def test_a_packet_without_a_code_is_a_bad_frame() -> None:
    assert said(host(), decoded(b""))[0] == [BadFrame("dock", b"", "a packet without a code", T)]
    assert said(host(), decoded(b"\x03"))[0] == [BadFrame("dock", b"]C0", "holds no code", T)]


def test_one_command_waits_for_the_answer_to_the_one_before() -> None:
    each = host()
    each.connected(T)
    each.beep(7)
    assert each.output(T) == (b"", PACKETED)
    assert each.output(T) == (b"", b"")
    each.feed(DECODER_ACK, T)
    assert each.output(T) == (b"", packet(0xE6, b"\x07"))
    each.feed(packet(0xD1, b"\x06", source=0), T)
    assert each.output(T) == (b"", b"")
    assert each.wait_s(T) is None


def test_a_command_without_an_answer_is_sent_twice_more_and_then_the_scanner_counts_as_silent() -> None:
    each = host()
    each.connected(T)
    sent = [each.output(T + number * RESPONSE_S)[1] for number in range(4)]
    assert sent == [PACKETED, packet(0xC6, b"\xff\xee\x01", 1), packet(0xC6, b"\xff\xee\x01", 1), b""]
    assert each.answers is False
    each.feed(EAN, T + 10)
    assert each.answers is True


def test_a_command_the_scanner_did_not_understand_is_sent_again_at_once() -> None:
    each = host()
    each.connected(T)
    each.output(T)
    each.feed(packet(0xD1, b"\x01", source=0), T)
    assert each.output(T) == (b"", packet(0xC6, b"\xff\xee\x01", 1))


def test_more_beeps_than_a_scanner_can_make_do_not_pile_up() -> None:
    each = host()
    for code in range(100):
        each.beep(code % 20)
    assert len(each._commands) == MAX_WAITING


STREAM = st.lists(
    st.one_of(st.binary(max_size=20), st.sampled_from([EAN, AGAIN, SSCC, DECODER_ACK, EAN[:9], b"\xff\xf3\x00\x02"]))
)


@given(STREAM, st.lists(st.integers(min_value=0), max_size=6))
def test_any_bytes_never_raise_are_bounded_and_how_they_are_cut_changes_nothing(
    parts: list[bytes], cuts: list[int]
) -> None:
    data = b"".join(parts)
    whole, pieces = SsiFrames(), SsiFrames()
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    expected = whole.feed(data) + whole.expire()
    assert [each for at, end in pairwise(edges) for each in pieces.feed(data[at:end])] + (pieces.expire()) == expected
    assert not whole.begun
    assert all(isinstance(each, Packet) or 0 < len(each.raw) <= MAX_PACKET for each in expected)
    each = host()
    for number, part in enumerate(parts):
        each.feed(part, T + number / 7)
        each.output(T + number / 7)
    assert len(each._code) <= MAX_SCAN + 2
    assert len(each._frames._garbage) <= MAX_GARBAGE


def test_a_code_without_end_is_bounded_and_refused() -> None:
    parts = [decoded(b"\x1c" + bytes([65 + number]) * 250, 2) for number in range(20)]
    (bad,) = said(host(), *parts, decoded(b"\x1cZ"))[0]
    assert isinstance(bad, BadFrame)
    assert bad.why == f"longer than {MAX_SCAN} bytes"


@pytest.fixture
async def scanner(tmp_path: Path) -> AsyncIterator[SsiScannerSimulator]:
    simulator = SsiScannerSimulator(tmp_path / "dock", response_s=0.25)
    await simulator.start()
    yield simulator
    await simulator.stop()


@asynccontextmanager
async def listening(scanner: SsiScannerSimulator, **settings: Any) -> AsyncIterator[Witness]:
    settings = {**scanner.address, "response_timeout_ms": 250, **settings}
    async with running("ssi_scanner", "dock", **settings) as dock_says:
        await dock_says.ready()
        await until(lambda: scanner.packeted, "the scanner was told to send packets")
        yield dock_says


async def test_a_code_arrives_and_is_acknowledged_within_the_time_limit(scanner: SsiScannerSimulator) -> None:
    async with listening(scanner) as dock_says:
        started = patient_now()
        assert await scanner.scan(b"4006381333931", 0x0B)
        assert patient_now() - started < 0.25
        assert await scanner.scan(b"X" * 600)
        assert [(each.data, each.symbology) for each in dock_says.scans] == [
            (b"4006381333931", "]E0"),
            (b"X" * 600, "]C0"),
        ]
        assert scanner.given_up == 0


async def test_two_equal_codes_in_a_row_are_two_scans(scanner: SsiScannerSimulator) -> None:
    async with listening(scanner) as dock_says:
        for _ in range(5):
            assert await scanner.scan(b"SAME")
        assert [each.data for each in dock_says.scans] == [b"SAME"] * 5


@pytest.mark.parametrize("fault", ["split", "garbage", "wrong_checksum", "lost_first", "ack_lost"])
async def test_what_a_line_can_spoil_is_said_again_and_counts_once(
    scanner: SsiScannerSimulator, fault: SsiFault
) -> None:
    async with listening(scanner) as dock_says:
        scanner.set_fault(fault)
        for code in (b"ONE", b"TWO", b"TWO"):
            assert await scanner.scan(code)
            await asyncio.sleep(0.01)
        scanner.set_fault(None)
        await scanner.scan(b"END")
        wanted = [b"ONE", b"TWO", b"END"] if fault == "lost_first" else [b"ONE", b"TWO", b"TWO", b"END"]
        assert [each.data for each in dock_says.scans] == wanted


@pytest.mark.parametrize("fault", SSI_FAULTS)
async def test_after_any_fault_codes_are_read_again_and_no_wrong_one_ever(
    scanner: SsiScannerSimulator, fault: SsiFault
) -> None:
    async with listening(scanner) as dock_says:
        scanner.set_fault(fault)
        await scanner.scan(b"FIRST")
        scanner.set_fault(None)
        await scanner.replug()
        async with owned(scan_until_acknowledged(scanner)):
            await until(lambda: b"SECOND" in [each.data for each in dock_says.scans], "the second code")
        assert {each.data for each in dock_says.scans} <= {b"FIRST", b"SECOND"}


async def scan_until_acknowledged(scanner: SsiScannerSimulator) -> None:
    for _ in range(100):
        if await scanner.scan(b"SECOND"):
            return
        await asyncio.sleep(0.1)


async def test_a_scanner_nobody_acknowledges_tries_three_times_and_beeps(scanner: SsiScannerSimulator) -> None:
    async with listening(scanner):
        pass
    assert await scanner.scan(b"X") is False
    assert scanner.given_up == 1


async def test_a_scanner_that_lost_power_is_told_again_to_send_packets(scanner: SsiScannerSimulator) -> None:
    async with listening(scanner) as dock_says:
        scanner.restart()
        assert await scanner.scan(b"RAW") is False
        await until(lambda: scanner.packeted, "it was told again")
        assert await scanner.scan(b"PACKED")
        assert [each.data for each in dock_says.scans] == [b"PACKED"]
        assert b"RAW" in [each.raw for each in dock_says.bad]


async def test_it_beeps_for_good_and_bad_at_once(scanner: SsiScannerSimulator) -> None:
    settings = {**scanner.address, "response_timeout_ms": 250}
    device, dock_says = build("ssi_scanner", "dock", **settings), Witness()
    assert isinstance(device, FeedbackScanner)
    device.feedback(good=True)  # before it is there: nobody hears it
    async with owned(device.run(dock_says.emit, dock_says.states.append)):
        await dock_says.ready()
        device.feedback(good=True)
        device.feedback(good=False)
        await until(lambda: len(scanner.beeps) == 2, "both beeps")
        assert scanner.beeps == [0, 7]


async def test_a_scanner_that_does_not_answer_is_away_and_comes_back(scanner: SsiScannerSimulator) -> None:
    scanner.set_fault("deaf")
    settings = {**scanner.address, "response_timeout_ms": 100}
    async with running("ssi_scanner", "dock", **settings) as dock_says:
        await dock_says.away("does not answer in SSI")
        assert "baudrate" in dock_says.states[-1].next_step
        scanner.set_fault(None)
        await scanner.scan(b"RAW")  # a sign of life: it is asked again at once
        await dock_says.ready()


async def test_a_sleeping_scanner_is_woken_before_it_is_told_something(scanner: SsiScannerSimulator) -> None:
    scanner.set_fault("asleep")
    settings = {**scanner.address, "response_timeout_ms": 250}
    async with running("ssi_scanner", "dock", **settings) as dock_says:
        await dock_says.ready()
        assert scanner.packeted


async def test_four_scanners_at_once_lose_nothing_and_mix_nothing(tmp_path: Path) -> None:
    devices = {name: SsiScannerSimulator(tmp_path / name) for name in ("one", "two", "three", "four")}
    wanted = {name: [f"{name}-{number:03}".encode() for number in range(60)] for name in devices}
    async with AsyncExitStack() as stack:
        witnesses = {}
        for name, each in devices.items():
            await each.start()
            witnesses[name] = await stack.enter_async_context(running("ssi_scanner", name, **each.address))
            await witnesses[name].ready()

        async def scan_all(name: str) -> None:
            for code in wanted[name]:
                assert await devices[name].scan(code)

        await asyncio.gather(*map(scan_all, devices))
        for name, witness in witnesses.items():
            assert [each.data for each in witness.scans] == wanted[name]
            assert witness.bad == []
        for each in devices.values():
            await each.stop()
