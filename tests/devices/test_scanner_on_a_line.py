from __future__ import annotations

import asyncio
import os
import statistics
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import serial

from devices.driver import FeedbackScanner, ReadingDevice, Surroundings
from devices.drivers.serial_scanner import SerialScanner
from devices.readings import Scan
from devices.registry import DRIVERS
from devices.simulators.line_scanner import LineScannerSimulator
from devices.simulators.wire import WireFault
from tests.benchmarks.devices import flooded
from tests.devices.support import Witness, build, open_files, owned, running, until
from tests.support.patient_loop import patient_now

LONGEST_DELAY_S = 0.005


@pytest.fixture
async def scanner(tmp_path: Path) -> AsyncIterator[LineScannerSimulator]:
    simulator = LineScannerSimulator(tmp_path / "dock")
    await simulator.start()
    yield simulator
    await simulator.stop()


def dock(tmp_path: Path) -> str:
    return str(tmp_path / "dock")


async def test_a_scan_arrives_with_its_symbology_and_the_time_of_its_last_byte(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.ready()
        before = patient_now()
        await scanner.scan(b"]C100340123450000000017")
        await until(lambda: dock_says.scans, "the scan")
        (scan,) = dock_says.scans
        assert (scan.device, scan.data, scan.symbology) == ("dock", b"00340123450000000017", "]C1")
        assert before <= scan.t_mono <= dock_says.emitted_at[0]


@pytest.mark.parametrize("fault", ["split", "joined", "drip"])
async def test_however_the_line_cuts_the_bytes_every_scan_arrives_once(
    scanner: LineScannerSimulator, tmp_path: Path, fault: WireFault
) -> None:
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.ready()
        scanner.set_fault(fault)
        await scanner.scan(b"A\x1d1")
        await scanner.scan(b"B2")
        await until(lambda: len(dock_says.scans) == 2, "both scans")
        assert [scan.data for scan in dock_says.scans] == [b"A\x1d1", b"B2"]
        assert dock_says.bad == []


async def test_codes_scanned_before_the_agent_listens_are_not_delivered_later(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    await scanner.scan(b"YESTERDAY")
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.ready()
        await scanner.scan(b"TODAY")
        await until(lambda: dock_says.scans, "the scan")
        assert [scan.data for scan in dock_says.scans] == [b"TODAY"]


async def test_a_plug_pulled_in_mid_code_leaves_no_half_code_behind(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.ready()
        scanner.set_fault("cut")
        await scanner.scan(b"0123456789")
        await dock_says.away("dock")
        scanner.set_fault(None)
        await scanner.replug()
        await dock_says.ready()
        await scanner.scan(b"AB")
        await until(lambda: dock_says.scans, "the scan")
        assert [scan.data for scan in dock_says.scans] == [b"AB"]


async def test_it_comes_back_under_another_name_after_every_pull_and_leaves_nothing_behind(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.ready()
        await one_scan(scanner, dock_says, b"first")
        files, tasks = open_files(), len(asyncio.all_tasks())
        taken: list[int] = []
        names = {(tmp_path / "dock").readlink()}
        for pull in range(20):
            old_name = (tmp_path / "dock").readlink()
            await scanner.unplug()
            await dock_says.away()
            await until(lambda name=old_name: not name.exists(), "the agent lets go")  # type: ignore[misc]
            while not old_name.exists():
                taken += os.openpty()  # another device takes the old name
            await scanner.replug()
            names.add((tmp_path / "dock").readlink())
            await dock_says.ready()
            await one_scan(scanner, dock_says, f"pull {pull}".encode())
        for fd in taken:
            os.close(fd)
        assert len(names) > 1
        assert len(dock_says.scans) == 21
        assert [state.state for state in dock_says.states[-2:]] == ["away", "ready"]
        assert (open_files(), len(asyncio.all_tasks())) == (files, tasks)


async def test_an_unplugged_scanner_is_told_by_name_with_port_and_what_to_do(tmp_path: Path) -> None:
    port = dock(tmp_path)
    async with running("serial_scanner", "dock", port=port) as dock_says:
        await dock_says.away()
        assert dock_says.sentence == f"Cannot open {port} for 'dock': there is no such port."
        assert dock_says.states[-1].next_step == "Plug the device in, or correct devices.dock.port in edge.toml."


async def test_a_port_that_another_program_holds_is_told_so_and_taken_when_free(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    port = dock(tmp_path)
    with serial.Serial(port, exclusive=True):
        async with running("serial_scanner", "dock", port=port) as dock_says:
            await dock_says.away("another program holds it")
            assert f"`sudo fuser {port}`" in dock_says.states[-1].next_step
    async with running("serial_scanner", "dock", port=port) as dock_says:
        await dock_says.ready()


async def test_a_path_that_is_no_serial_port_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "dock").write_text("not a port")
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.away("Cannot open")
        assert dock_says.states[-1].next_step


async def test_the_port_is_free_again_once_the_agent_stops(scanner: LineScannerSimulator, tmp_path: Path) -> None:
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.ready()
    with serial.Serial(dock(tmp_path), exclusive=True) as free:
        assert free.is_open


async def test_stopping_while_the_port_is_being_opened_leaves_it_free(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    before = open_files()
    for _ in range(20):
        async with running("serial_scanner", "dock", port=dock(tmp_path)):
            await asyncio.sleep(0)
    await until(lambda: open_files() == before, "every port is closed")


async def test_garbage_is_reported_and_never_stops_the_scanner(scanner: LineScannerSimulator, tmp_path: Path) -> None:
    settings = {"port": dock(tmp_path), "prefix": "\x02", "terminators": ["etx"]}
    await scanner.stop()
    framed = LineScannerSimulator(tmp_path / "dock", suffix=b"\x03", prefix=b"\x02")
    await framed.start()
    async with running("serial_scanner", "dock", **settings) as dock_says:
        await dock_says.ready()
        framed.set_fault("garbage")
        await framed.scan(b"LOST")
        framed.set_fault(None)
        await framed.scan(b"FOUND")
        await until(lambda: dock_says.scans, "the scan")
        assert [scan.data for scan in dock_says.scans] == [b"FOUND"]
        assert len(dock_says.bad) == 1
    await framed.stop()


@pytest.mark.slow
async def test_four_scanners_at_a_thousand_codes_a_second_each_lose_merge_and_swap_none() -> None:
    _, wrong = await flooded(5.0)
    assert wrong == 0


async def test_the_driver_waits_for_nothing_after_the_last_byte(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.ready()
        # What the loop needs to notice a bare pipe is the machine's delay, not the driver's.
        machine, scans = [], []
        for number in range(200):
            machine.append(await delay_of_a_pipe())
            scans.append(await delay_of_a_scan(scanner, dock_says, number))
        assert statistics.median(scans) - statistics.median(machine) <= LONGEST_DELAY_S


async def delay_of_a_pipe() -> float:
    noticed = asyncio.Event()
    reads, writes = os.pipe()
    asyncio.get_running_loop().add_reader(reads, noticed.set)
    sent_at = patient_now()
    os.write(writes, b"x")
    await noticed.wait()
    noticed_at = patient_now()
    asyncio.get_running_loop().remove_reader(reads)
    os.close(reads)
    os.close(writes)
    return noticed_at - sent_at


async def delay_of_a_scan(scanner: LineScannerSimulator, dock_says: Witness, number: int) -> float:
    seen = len(dock_says.readings)
    sent_at = patient_now()
    await scanner.scan(b"%020d" % number)
    await until(lambda: len(dock_says.readings) > seen, "the scan")
    assert isinstance(dock_says.readings[-1], Scan)
    return dock_says.emitted_at[-1] - sent_at


async def one_scan(scanner: LineScannerSimulator, dock_says: Witness, code: bytes) -> None:
    await scanner.scan(code)
    await until(lambda: any(scan.data == code for scan in dock_says.scans), f"the scan of {code!r}")


@pytest.mark.parametrize(
    ("terminator", "suffix"), [("cr", b"\r"), ("lf", b"\n"), ("crlf", b"\r\n"), ("tab", b"\t"), ("etx", b"\x03")]
)
@pytest.mark.parametrize("prefix", [b"", b"\x02", b"#B"])
@pytest.mark.parametrize("aim", [True, False])
@pytest.mark.parametrize(("gs", "gs_text"), [(b"\x1d", ""), (b"|", "|"), (b"{GS}", "{GS}"), (b"", "")])
async def test_every_way_a_scanner_can_be_programmed_ends_in_the_same_code(
    tmp_path: Path, terminator: str, suffix: bytes, prefix: bytes, gs: bytes, gs_text: str, *, aim: bool
) -> None:
    programmed = LineScannerSimulator(tmp_path / "dock", suffix, prefix, aim=aim, gs=gs)
    await programmed.start()
    settings = {"terminators": [terminator], "prefix": prefix.decode(), "gs_text": gs_text}
    async with running("serial_scanner", "dock", port=dock(tmp_path), **settings) as dock_says:
        await dock_says.ready()
        await programmed.scan(b"]C110AB\x1d21X")
        await until(lambda: dock_says.readings, "the code")
        (scan,) = dock_says.scans
        assert scan.data == (b"10AB\x1d21X" if gs else b"10AB21X")
        assert scan.symbology == ("]C1" if aim else None)
    await programmed.stop()


async def test_a_code_sent_twice_is_two_scans_for_the_floor_to_judge(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.ready()
        scanner.set_fault("twice")
        await scanner.scan(b"A1")
        await until(lambda: len(dock_says.scans) == 2, "both")
        assert [scan.data for scan in dock_says.scans] == [b"A1", b"A1"]


@pytest.mark.parametrize("aim", [True, False])
async def test_two_codes_in_one_line_are_refused(tmp_path: Path, *, aim: bool) -> None:
    scanner = LineScannerSimulator(tmp_path / "dock", aim=aim)
    await scanner.start()
    async with running("serial_scanner", "dock", port=dock(tmp_path)) as dock_says:
        await dock_says.ready()
        scanner.set_fault("merged")
        await scanner.scan(b"]C100340123450000000017")
        await scanner.scan(b"]C100340123450000000024")
        await until(lambda: dock_says.readings, "the line")
        assert [each.why for each in dock_says.bad] == ["two codes ran together: scan them one by one"]
        assert dock_says.scans == []
    await scanner.stop()


@pytest.mark.parametrize(
    ("settings", "good", "bad"),
    [
        ({"feedback": "datalogic"}, b"\x01", b"FE"),
        ({"feedback": "honeywell"}, b"\x1b7,", b"\x1b8,"),
        ({"feedback": "cipherlab"}, bytes.fromhex("23402F2F2F2F0D"), bytes.fromhex("23402F2F2F2F0D") * 3),
        ({"feedback": "datalogic", "feedback_bad": "\x01\x01"}, b"\x01", b"\x01\x01"),
        ({"feedback_good": "\x07", "feedback_bad": "F"}, b"\x07", b"F"),
        ({"feedback": "honeywell", "feedback_good": ""}, b"", b"\x1b8,"),
        ({}, b"", b""),
    ],
)
async def test_the_scanner_is_told_at_once_what_became_of_its_code(
    scanner: LineScannerSimulator, tmp_path: Path, settings: dict[str, str], good: bytes, bad: bytes
) -> None:
    device, dock_says = build("serial_scanner", "dock", port=dock(tmp_path), **settings), Witness()
    assert isinstance(device, FeedbackScanner)
    device.feedback(good=True)  # it is not there yet: nobody hears it later
    async with owned(device.run(dock_says.emit, dock_says.states.append)):
        await dock_says.ready()
        device.feedback(good=True)
        device.feedback(good=False)
        await until(lambda: scanner.heard == good + bad, "both signals")
        await scanner.scan(b"A1")
        await until(lambda: dock_says.scans, "a scan after the signals")
        await scanner.unplug()
        await dock_says.away()
        for _ in range(20):
            device.feedback(good=True)
        await scanner.replug()
        await dock_says.ready()
        await scanner.scan(b"B2")
        await until(lambda: len(dock_says.scans) == 2, "a scan after the return")
        assert scanner.heard == good + bad


async def test_a_signal_that_was_not_sent_before_the_line_broke_is_never_sent(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    device, dock_says = build("serial_scanner", "dock", port=dock(tmp_path), feedback="honeywell"), Witness()
    assert isinstance(device, SerialScanner)
    device._waiting.append(b"OLD")
    async with owned(device.run(dock_says.emit, dock_says.states.append)):
        await dock_says.ready()
        device.feedback(good=True)
        await until(lambda: scanner.heard, "the signal")
        assert scanner.heard == b"\x1b7,"


async def test_a_signal_while_codes_pour_in_costs_none_of_them(scanner: LineScannerSimulator, tmp_path: Path) -> None:
    settings = {"port": dock(tmp_path), "feedback": "honeywell"}
    device, dock_says = build("serial_scanner", "dock", **settings), Witness()
    assert isinstance(device, FeedbackScanner)
    async with owned(device.run(dock_says.emit, dock_says.states.append)):
        await dock_says.ready()
        codes = [b"%04d" % number for number in range(200)]
        for code in codes:
            device.feedback(good=True)
            await scanner.scan(code)
            await asyncio.sleep(0)
        await until(lambda: len(dock_says.scans) == len(codes), "all scans")
        assert [scan.data for scan in dock_says.scans] == codes


async def test_a_wireless_scanner_that_sleeps_is_told_so_and_is_back_within_two_seconds(
    scanner: LineScannerSimulator, tmp_path: Path
) -> None:
    kind = DRIVERS["serial_scanner"]
    settings = kind.settings.model_validate({"driver": "serial_scanner", "port": dock(tmp_path), "bluetooth": True})
    device, dock_says = kind.build("dock", settings, Surroundings(patient_now, asyncio.sleep)), Witness()
    assert isinstance(device, ReadingDevice)
    async with owned(device.run(dock_says.emit, dock_says.states.append)):
        await dock_says.ready()
        await scanner.unplug()
        await dock_says.away("The wireless scanner 'dock' is asleep, switched off or out of reach")
        assert dock_says.states[-1].next_step.startswith("Press its trigger near the station")
        await asyncio.sleep(1.5)  # long enough for the longest wait between two tries
        back_at = patient_now()
        await scanner.replug()
        await dock_says.ready()
        assert patient_now() - back_at < 2
        await scanner.scan(b"AWAKE")
        await until(lambda: dock_says.scans, "the scan")


async def test_four_scanners_at_once_lose_nothing_and_mix_nothing(tmp_path: Path) -> None:
    scanners = {name: LineScannerSimulator(tmp_path / name) for name in ("one", "two", "three", "four")}
    codes = {name: [f"{name}-{number:03}".encode() for number in range(100)] for name in scanners}
    async with AsyncExitStack() as stack:
        witnesses = {}
        for name, each in scanners.items():
            await each.start()
            witnesses[name] = await stack.enter_async_context(running("serial_scanner", name, **each.address))
            await witnesses[name].ready()

        async def scan_all(name: str) -> None:
            for number, code in enumerate(codes[name]):
                scanners[name].set_fault("split" if number % 9 == 0 else None)
                await scanners[name].scan(code)
                await asyncio.sleep(0)

        await asyncio.gather(*map(scan_all, scanners))
        for name, witness in witnesses.items():
            await until(lambda each=witness: len(each.scans) == 100, "all scans")  # type: ignore[misc]
            assert [scan.data for scan in witness.scans] == codes[name]
            assert witness.bad == []
        for each in scanners.values():
            await each.stop()
