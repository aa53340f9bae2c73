from __future__ import annotations

import asyncio
import dataclasses
import struct
from pathlib import Path

import pytest

from devices.driver import ReadingDevice, Surroundings
from devices.readings import Reading, Scan, Weight
from devices.recorder import Entry, Recorder, read_back, written
from devices.redaction import form_of, redacted
from devices.registry import DRIVERS
from devices.simulators.line_scanner import LineScannerSimulator
from devices.simulators.mt_sics_scale import MtSicsScaleSimulator
from devices.simulators.replay import Replay
from tests.devices.replaying import replayed
from tests.devices.support import Witness, owned, running, soon, until
from tests.support.patient_loop import patient_now

QUICK = {"poll_ms": 20, "answer_timeout_ms": 100}


def without_time(readings: list[Reading]) -> list[Reading]:
    return [dataclasses.replace(reading, device="", t_mono=0.0) for reading in readings]


async def scale_session(folder: Path) -> tuple[str, Witness]:
    """Everything that happens to a scale in its life, recorded: the tape as text, and what the driver made of it."""
    simulator, recorder, says = MtSicsScaleSimulator(folder / "bench", settle_s=0.05), Recorder(), Witness()
    settings = DRIVERS["mt_sics_scale"].settings.model_validate({**QUICK, "port": str(folder / "bench")})
    around = Surroundings(patient_now, soon, recorder.tap)
    device = DRIVERS["mt_sics_scale"].build("bench", settings, around)
    assert isinstance(device, ReadingDevice)
    await simulator.start()
    async with owned(device.run(says.emit, says.states.append)):
        await says.weight_mg(0)
        simulator.put_load_mg(1_234_000)
        await says.weight_mg(1_234_000)
        simulator.set_fault("error")
        await until(lambda: says.weights[-1].fault, "a fault")
        simulator.set_fault("garbage")
        await until(lambda: says.bad, "garbage")
        simulator.set_fault("cut")
        await says.away("is gone")
        simulator.set_fault(None)
        await simulator.replug()
        await says.weight_mg(1_234_000)
    await simulator.stop()
    return written(recorder.entries("bench")), says


def test_a_recorded_session_gives_the_same_readings_bit_for_bit_every_time(tmp_path: Path) -> None:
    tape, says = asyncio.run(scale_session(tmp_path))
    first, states = replayed(read_back(tape), "mt_sics_scale", tmp_path, **QUICK)
    second, _ = replayed(read_back(tape), "mt_sics_scale", tmp_path, **QUICK)
    assert first == second
    assert without_time(first) == without_time(says.readings)
    arrived = {entry.t_mono for entry in read_back(tape) if entry.direction == "in"}
    assert {reading.t_mono for reading in first} <= arrived
    assert [state.state for state in states][:3] == ["ready", "away", "ready"]


def test_a_changed_byte_in_a_recording_changes_the_readings(tmp_path: Path) -> None:
    tape, says = asyncio.run(scale_session(tmp_path))
    changed = tape.replace(b"1.234".hex(" "), b"1.235".hex(" "))
    readings, _ = replayed(read_back(changed), "mt_sics_scale", tmp_path, **QUICK)
    assert without_time(readings) != without_time(says.readings)
    assert 1_235_000 in {reading.weight_mg for reading in readings if isinstance(reading, Weight)}


def test_minutes_of_a_recording_take_a_moment_and_keep_their_times(tmp_path: Path) -> None:
    entries = [
        Entry(0.0, "note", b"opened"),
        Entry(1.5, "in", b"]C100"),
        Entry(1.6, "in", b"3401\r\n"),
        Entry(301.0, "in", b"half a code"),
        Entry(302.5, "in", b"4006381333931\r\n"),
    ]
    begun = patient_now()
    readings, _ = replayed(entries, "serial_scanner", tmp_path)
    assert patient_now() - begun < 20
    scans = [reading for reading in readings if isinstance(reading, Scan)]
    assert [(scan.data, scan.symbology, scan.t_mono) for scan in scans] == [
        (b"003401", "]C1", 1.6),
        (b"4006381333931", None, 302.5),
    ]
    assert [reading.t_mono for reading in readings if not isinstance(reading, Scan)] == [302.5]


async def test_a_recording_plays_on_a_port_in_its_own_time_whatever_the_host_asks(tmp_path: Path) -> None:
    entries = [
        Entry(0.0, "note", b"opened"),
        Entry(0.0, "out", b"@\r\n"),
        Entry(0.01, "in", b'I4 A "B021002593"\r\n'),
        Entry(0.1, "out", b"SI\r\n"),
        Entry(0.12, "in", b"S S      1.000 kg\r\n"),
    ]
    player = Replay(entries, tmp_path / "bench")
    await player.start()
    async with running("mt_sics_scale", "bench", **QUICK, **player.address) as says:
        await player.play()
        await until(lambda: [each for each in says.weights if each.weight_mg == 1_000_000], "the weight")
    await player.stop()


async def test_a_recording_of_a_network_scale_plays_on_a_tcp_port() -> None:
    player = Replay([Entry(0.0, "out", b"@\r\n"), Entry(0.01, "in", b'I4 A "B021002593"\r\n')], tcp=True)
    await player.start()
    async with running("mt_sics_scale", "bench", **QUICK, **player.address) as says:
        await player.play()
        await until(lambda: says.weights, "the restart")
    await player.stop()


@pytest.mark.parametrize(
    ("driver", "before", "after"),
    [
        ("mt_sics_scale", b"S S      1.234 kg\r\n", b"S S      1.234 kg\r\n"),
        ("serial_scanner", b"]C100340123\x1d10ab\r\n", b"]C100000000\x1d00aa\r\n"),
        ("serial_scanner", b"\x02]d2BADGE-ANA\x03", b"\x02]d2AAAAA-AAA\x03"),
        ("zpl_printer", b"^XA^FO10,10^FDJane Doe 7^FS^XZ", b"^XA^FO10,10^FDAaaa Aaa 0^FS^XZ"),
        ("zpl_printer", b"^XA^FV12 Main St", b"^XA^FV00 Aaaa Aa"),
        ("zpl_printer", b"~HS", b"~HS"),
    ],
)
def test_a_redacted_recording_keeps_lengths_and_controls_and_tells_nobody_what_it_was(
    driver: str, before: bytes, after: bytes
) -> None:
    entries = [Entry(0.0, "note", b"opened"), Entry(1.0, "in", before), Entry(2.0, "out", before)]
    assert [each.data for each in redacted(entries, form_of(DRIVERS[driver]))] == [b"opened", after, after]


def test_keys_of_a_keyboard_are_redacted_and_the_report_of_a_hid_scanner_keeps_its_header() -> None:
    record = struct.Struct("=qqHHi")
    keys = [record.pack(1, 2, 1, 4, 1), record.pack(1, 2, 4, 4, 30), record.pack(1, 2, 1, 28, 1)]
    (told,) = redacted([Entry(0.0, "in", b"".join(keys))], "keys")
    assert [record.unpack(told.data[at : at + 24])[2:] for at in (0, 24, 48)] == [(1, 2, 1), (4, 4, 0), (1, 28, 1)]
    report = b"\x02\x31]C1" + b"00340123" + bytes(49)
    (told,) = redacted([Entry(0.0, "in", report)], "reports")
    assert told.data == b"\x02\x31]C1" + b"00000000" + bytes(49)


async def test_a_scanners_recording_can_be_played_after_it_was_redacted(tmp_path: Path) -> None:
    simulator, recorder = LineScannerSimulator(tmp_path / "dock"), Recorder()
    await simulator.start()
    kind, says = DRIVERS["serial_scanner"], Witness()
    settings = kind.settings.model_validate({"port": str(tmp_path / "dock")})
    device = kind.build("dock", settings, Surroundings(patient_now, soon, recorder.tap))
    assert isinstance(device, ReadingDevice)
    async with owned(device.run(says.emit, says.states.append)):
        await says.ready()
        await simulator.scan(b"]C1BADGE-ANA")
        await until(lambda: says.scans, "the scan")
    await simulator.stop()
    given_away = redacted(recorder.entries("dock"), "codes")
    readings, _ = await asyncio.to_thread(replayed, given_away, "serial_scanner", tmp_path)
    assert [(each.data, each.symbology) for each in readings if isinstance(each, Scan)] == [(b"AAAAA-AAA", "]C1")]
