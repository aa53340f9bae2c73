from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import serial

from devices.readings import Scan
from devices.simulators.line_scanner import LineScannerSimulator
from devices.simulators.wire import WireFault
from tests.benchmarks.devices import flooded
from tests.devices.support import Witness, open_files, running, until

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
        before = time.monotonic()
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
    sent_at = time.monotonic()
    os.write(writes, b"x")
    await noticed.wait()
    noticed_at = time.monotonic()
    asyncio.get_running_loop().remove_reader(reads)
    os.close(reads)
    os.close(writes)
    return noticed_at - sent_at


async def delay_of_a_scan(scanner: LineScannerSimulator, dock_says: Witness, number: int) -> float:
    seen = len(dock_says.readings)
    sent_at = time.monotonic()
    await scanner.scan(b"%020d" % number)
    await until(lambda: len(dock_says.readings) > seen, "the scan")
    assert isinstance(dock_says.readings[-1], Scan)
    return dock_says.emitted_at[-1] - sent_at


async def one_scan(scanner: LineScannerSimulator, dock_says: Witness, code: bytes) -> None:
    await scanner.scan(code)
    await until(lambda: any(scan.data == code for scan in dock_says.scans), f"the scan of {code!r}")
