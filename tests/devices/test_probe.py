"""Every simulated scale is named right at every speed that is tried, and is asked nothing but its weight."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.driver import Probe
from devices.probe import (
    END_OF_LINE,
    SPEEDS,
    Ask,
    Chunk,
    Finding,
    FindingT,
    Plan,
    Tune,
    investigate,
    parities_of,
    probe,
)
from devices.probe_scanner import investigate_scanner, read_scan
from devices.protocols.mt_sics import MtSics
from devices.protocols.parity import with_parity
from devices.registry import DRIVERS
from devices.simulators.line_scanner import LineScannerSimulator
from devices.simulators.mt_sics_scale import MtSicsScaleSimulator
from devices.simulators.scale import ScaleSimulator
from devices.simulators.scales import SPEECHES
from devices.simulators.wire import PtyWire
from devices.transports import ConnectRefused
from tests.support.patient_loop import patient_now

PROBES: dict[str, Probe] = {name: each for name in DRIVERS if (each := DRIVERS[name].probe) is not None}
SECOND, LAST = SPEEDS[1], SPEEDS[-1]
LONGEST_S = 10.0
TWINS = {"cas_18_byte": "and_scale"}
"""Protocols whose frames are also those of another driver: naming that one is right too."""
HARMLESS = {"weigh", "status", "other"}


def simulated(protocol: str, link: Path, baudrate: int) -> Any:
    if protocol == "mt_sics":
        return MtSicsScaleSimulator(link, baudrate=baudrate)
    spoken = SPEECHES[protocol]
    return ScaleSimulator(spoken.speech(), link, parity=spoken.parity, baudrate=baudrate)


def timed(plan: Plan[Finding], seconds: list[float]) -> Plan[Finding]:
    """The same plan; the time it takes on any machine is that for which it listens."""
    came: list[Chunk] = []
    try:
        step = next(plan)
        while True:
            seconds.append(step.seconds if isinstance(step, Ask) else 0.0)
            came = yield step
            step = plan.send(came)
    except StopIteration as end:
        found: Finding = end.value
        return found


async def named(scale: Any, link: Path) -> tuple[Finding, float]:
    await scale.start()
    scale.put_load_mg(1_230_000)
    seconds: list[float] = []
    found = await probe(str(link), timed(investigate(PROBES), seconds), patient_now)
    await scale.stop()
    return found, sum(seconds)


async def wrong_of(protocol: str, link: Path, baudrate: int) -> str:
    """What went wrong with the probing of one simulated scale; empty for nothing."""
    scale = simulated(protocol, link, baudrate)
    found, took_s = await named(scale, link)
    driver = "mt_sics_scale" if protocol == "mt_sics" else SPEECHES[protocol].driver
    mine = [match for match in found.matches if match.driver in (driver, TWINS.get(protocol))]
    others = [match.driver for match in found.matches if match not in mine]
    if not mine or mine[0].explained < found.matches[0].explained - 0.05:
        return f"{protocol} was taken for {others}; heard {dict(found.heard)}"
    asked = {heard.action for heard in scale.heard} - HARMLESS
    if mine[0].baudrate != baudrate or asked or took_s >= LONGEST_S:
        return f"{protocol}: {mine[0].baudrate} baud, asked {asked}, took {took_s} s"
    return ""


@pytest.mark.parametrize("baudrate", [SECOND, LAST])
async def test_every_simulated_scale_is_named_within_ten_seconds_and_only_asked_its_weight(
    tmp_path: Path, baudrate: int
) -> None:
    on_a_line = [name for name, spoken in SPEECHES.items() if getattr(spoken, "wire", "serial") == "serial"]
    protocols = ["mt_sics", *on_a_line]
    wrong = await asyncio.gather(*(wrong_of(each, tmp_path / each, baudrate) for each in protocols))
    assert [each for each in wrong if each] == []


async def test_what_is_printed_for_edge_toml_reads_the_scale(tmp_path: Path) -> None:
    scale = simulated("mt_sics", tmp_path / "port", SECOND)
    found, _ = await named(scale, tmp_path / "port")
    (match,) = found.matches
    assert match.line == {"baudrate": SECOND, "bytesize": 8, "parity": "none"}
    DRIVERS[match.driver].settings.model_validate({"port": str(tmp_path / "port"), **match.line})
    assert (match.sample.value, match.sample.unit) == (Decimal("1.230"), "kg")


async def test_a_silent_port_and_a_port_that_is_not_there_are_told_apart(tmp_path: Path) -> None:
    wire = PtyWire(lambda _data: None, tmp_path / "port")
    await wire.plug()
    found = await probe(str(tmp_path / "port"), investigate(PROBES, SPEEDS[:1]), patient_now)
    assert (found.matches, dict(found.heard)) == ((), {})
    await wire.remove()
    with pytest.raises(ConnectRefused, match="there is no such port"):
        await probe(str(tmp_path / "port"), investigate(PROBES, SPEEDS[:1]), patient_now)


class Line:
    """A line on which the plan is played without a port: what comes depends on speed and question only."""

    def __init__(self, baudrate: int, answers: dict[bytes, bytes], unasked: bytes = b"") -> None:
        self._baudrate, self._answers, self._unasked = baudrate, answers, unasked
        self.asked: list[bytes] = []
        self.seconds = 0.0
        self.tuned = 0

    def play(self, probes: dict[str, Probe], speeds: Sequence[int] = SPEEDS) -> Finding:
        return self.follow(investigate(probes, speeds))

    def follow(self, plan: Plan[FindingT]) -> FindingT:
        came: list[Chunk] = []
        speed = 0
        try:
            step = next(plan)
            while True:
                if isinstance(step, Tune):
                    speed, came = step.baudrate, []
                    self.tuned += 1
                elif isinstance(step, Ask):
                    self.seconds += step.seconds
                    came = self._comes(step.question) if speed == self._baudrate else []
                step = plan.send(came)
        except StopIteration as end:
            found: FindingT = end.value
            return found

    def _comes(self, question: bytes) -> list[Chunk]:
        if question not in (b"", END_OF_LINE):
            self.asked.append(question)
        data = self._answers.get(question, b"") if question else self._unasked
        return [Chunk(data, self.seconds)] if data else []


WEIGHT = b"S S      1.234 kg\r\n"


def test_one_good_frame_is_not_enough_and_a_bad_one_between_two_is_too_much() -> None:
    probes = {"mt": Probe(MtSics, b"SI\r\n")}
    assert Line(9600, {b"SI\r\n": WEIGHT}).play(probes).matches
    assert not Line(9600, {}, WEIGHT[:-1]).play(probes).matches
    assert not Line(9600, {b"SI\r\n": WEIGHT + b"S S    x\r\n"}).play(probes).matches


def test_a_frame_whose_start_was_missed_is_forgiven() -> None:
    assert Line(9600, {}, b"1.234 kg\r\n" + WEIGHT * 2).play({"mt": Probe(MtSics)}).matches


def test_an_answer_that_is_only_an_error_names_nobody() -> None:
    assert not Line(9600, {b"SI\r\n": b"ES\r\n"}).play({"mt": Probe(MtSics, b"SI\r\n")}).matches


def test_several_drivers_that_understand_it_are_all_named_the_best_first() -> None:
    probes = {"one": Probe(MtSics, b"SI\r\n"), "other": Probe(MtSics, b"SI\r\n")}
    assert {match.driver for match in Line(4800, {b"SI\r\n": WEIGHT}).play(probes).matches} == {"one", "other"}


def test_a_line_full_of_garbage_is_not_asked_anything() -> None:
    line = Line(9600, {}, b"\xe5\x91\x80" * 20)
    found = line.play({"mt": Probe(MtSics, b"SI\r\n")}, speeds=(9600,))
    assert not found.matches
    assert found.heard[9600].startswith(b"\xe5\x91\x80")
    assert line.asked == []


def test_a_question_goes_out_with_parity_first_where_seven_bits_are_usual_and_later_without() -> None:
    line = Line(9600, {})
    line.play({"seven": Probe(MtSics, b"SI\r\n", seven_bits=True)}, speeds=(9600,))
    assert line.asked == [with_parity(b"SI\r\n", "even"), b"SI\r\n"]


@pytest.mark.parametrize("parity", ["even", "odd", "none"])
def test_the_parity_of_what_comes_is_found(parity: Any) -> None:
    answer = with_parity(WEIGHT, parity)
    (match,) = Line(9600, {b"SI\r\n": answer}).play({"mt": Probe(MtSics, b"SI\r\n")}).matches
    assert match.parity == parity
    assert match.line["bytesize"] == 7
    DRIVERS["mt_sics_scale"].settings.model_validate({"port": "/dev/x", **match.line})


def test_bytes_without_bit_seven_have_no_parity() -> None:
    assert parities_of(WEIGHT) == [None]


@pytest.mark.parametrize("probe_of", list(PROBES.items()), ids=list(PROBES))
def test_nothing_a_driver_asks_is_a_command(probe_of: tuple[str, Probe]) -> None:
    _, each = probe_of
    assert each.ask in (None, b"SI\r\n", b"\nW\r", b"Q\r\n", b"\x05", b"G\r\n")


def as_read(sent: bytes, sender: int, reader: int, parity_bit: int | None) -> bytes:
    """What a UART of `reader` baud makes of what another sends at `sender` baud: start bit 0, stop bit 1, idle 1."""
    bits = [1] * 12
    for byte in sent:
        bits += [0, *((byte >> place) & 1 for place in range(8)), 1]
    bits += [1] * 12
    found, at, length = bytearray(), 0.0, len(bits)
    step = sender / reader  # line bits per bit of the reader
    while at < length:
        if bits[int(at)] == 1:
            at += 0.1
            continue
        places = [at + step * (place + 1.5) for place in range(9)]
        if places[-1] >= length:
            break
        byte = sum(bits[int(place)] << number for number, place in enumerate(places[:8]))
        found.append(byte & 0x7F if parity_bit else byte)
        at += step * 9.5
        while at < length and bits[int(at)] == 0:
            at += 0.1
    return bytes(found)


DANGEROUS = (b"Z\r", b"T\r", b"P\r", b"\nZ", b"\nT", b"TAC", b"TK", b"ZI\r", b"\x1bT", b"\x1bV", b"\x1bP")


def test_a_question_is_read_as_it_is_at_its_own_speed() -> None:
    assert as_read(b"\nW\r", 9600, 9600, None) == b"\nW\r"
    assert as_read(with_parity(b"Q\r\n", "even"), 2400, 2400, 7) == b"Q\r\n"


@pytest.mark.parametrize("parity", [None, "even"])
@pytest.mark.parametrize("question", sorted({each.ask for each in PROBES.values() if each.ask}))
def test_no_question_is_read_as_a_command_by_a_scale_at_another_speed(question: bytes, parity: Any) -> None:
    sent = question if parity is None else with_parity(question, parity)
    for sender in SPEEDS:
        for reader in SPEEDS:
            for bits in (None, 7):
                read = as_read(sent, sender, reader, bits)
                assert not [each for each in DANGEROUS if each in read], (question, sender, reader, read)


# --- scanners ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"]C1003401234500000017\r\n", (b"", "]C1", b"003401234500000017", "crlf")),
        (b"4006381333931\r", (b"", None, b"4006381333931", "cr")),
        (b"\x024006381333931\x03", (b"\x02", None, b"4006381333931", "etx")),
        (b"]d2010950110153\x1d10AB\t", (b"", "]d2", b"010950110153\x1d10AB", "tab")),
        (b"4006381333931", (b"", None, b"4006381333931", None)),
    ],
)
def test_what_a_scan_shows_of_the_scanners_settings(data: bytes, expected: tuple[Any, ...]) -> None:
    found = read_scan(data, 9600)
    assert found is not None
    assert found[2:] == expected
    settings = {"port": "/dev/x", **found.settings}
    DRIVERS["serial_scanner"].settings.model_validate(settings)


def test_a_scan_with_parity_is_found_and_garbage_is_nothing() -> None:
    found = read_scan(with_parity(b"4006381333931\r", "even"), 9600)
    assert found is not None
    assert (found.parity, found.code) == ("even", b"4006381333931")
    assert read_scan(bytes(byte >> 1 ^ 0xE5 for byte in b"4006381333931\r"), 9600) is None


async def test_a_scanner_is_found_by_scanning_once_at_each_speed_until_it_reads(tmp_path: Path) -> None:
    scanner = LineScannerSimulator(tmp_path / "dock", suffix=b"\r", baudrate=4800)
    await scanner.start()
    asked: list[str] = []
    jobs: list[asyncio.Task[None]] = []

    def say(sentence: str) -> None:
        asked.append(sentence)
        jobs.append(asyncio.create_task(scanner.scan(b"]E04006381333931")))

    found = await probe(str(tmp_path / "dock"), investigate_scanner(), patient_now, say=say)
    assert found.scanned is not None
    assert (found.scanned.baudrate, found.scanned.symbology, found.scanned.terminator) == (4800, "]E0", "cr")
    assert len(asked) == SPEEDS.index(4800) + 1
    await asyncio.gather(*jobs)
    await scanner.stop()


def test_a_person_who_does_not_scan_is_not_waited_for_at_every_speed() -> None:
    line = Line(9600, {})
    found = line.follow(investigate_scanner())
    assert (found.scanned, found.heard) == (None, ())
    assert line.tuned == 1
    assert line.seconds <= 20
