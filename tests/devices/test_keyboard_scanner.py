from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from devices.drivers.keyboard_scanner import KeyboardScannerSettings
from devices.identity import Node
from devices.line_settings import UsbNode
from devices.protocols.key_events import DROPPED, NO_END, TORN
from devices.readings import BadFrame, Reading, Scan
from devices.simulators.keyboard_scanner import (
    GsMode,
    KeyboardFault,
    KeyboardScannerMenu,
    KeyboardScannerSimulator,
    Untypable,
)
from devices.transports import ConnectRefused
from devices.transports.evdev import EVIOCGRAB, EVIOCSCLOCKID
from devices.transports.finding import of_one_device
from tests.devices.support import Witness, open_files, owned, running, until

SSCC = b"]C100340123450000000017"
GS1 = b"]C1010952123454321310LOT7\x1d21SN9"


@pytest.fixture
async def scanner(tmp_path: Path) -> AsyncIterator[KeyboardScannerSimulator]:
    simulator = KeyboardScannerSimulator(tmp_path / "event3")
    await simulator.start()
    yield simulator
    await simulator.stop()


def settings(scanner: KeyboardScannerSimulator, **changes: Any) -> dict[str, Any]:
    return {**scanner.address, **changes}


async def said(witness: Witness, count: int) -> list[bytes]:
    await until(lambda: len(witness.readings) >= count, f"{count} readings")
    return [b"bad: " + each.why.encode() if isinstance(each, BadFrame) else _data(each) for each in witness.readings]


def _data(reading: Reading) -> bytes:
    assert isinstance(reading, Scan)
    return reading.data


async def test_a_scan_arrives_with_its_symbology_and_its_separators(scanner: KeyboardScannerSimulator) -> None:
    async with running("keyboard_scanner", "dock", **settings(scanner)) as dock_says:
        await dock_says.ready()
        await scanner.scan(GS1)
        await scanner.scan(SSCC)
        assert await said(dock_says, 2) == [GS1[3:], SSCC[3:]]
        assert [scan.symbology for scan in dock_says.scans] == ["]C1", "]C1"]


@pytest.mark.parametrize(
    ("gs", "changes"),
    [
        ("alt", {}),
        ("alt_row", {}),
        ("ctrl", {}),
        ("f8", {"gs_key": "f8"}),
        ("down", {"gs_key": "down"}),
        ("control_off", {"gs_key": "control_off"}),
        ("text", {"gs_text": "|"}),
    ],
)
@pytest.mark.parametrize("layout", ["us", "uk", "de", "fr"])
@pytest.mark.parametrize("suffix", ["enter", "keypad_enter", "tab"])
async def test_every_way_a_scanner_can_be_programmed_ends_in_the_same_bytes(
    scanner: KeyboardScannerSimulator, gs: GsMode, changes: dict[str, Any], layout: Any, suffix: Any
) -> None:
    scanner.menu = KeyboardScannerMenu(layout=layout, suffix=suffix, gs=gs)
    wanted = settings(scanner, layout=layout, end_keys=[suffix], **changes)
    async with running("keyboard_scanner", "dock", **wanted) as dock_says:
        await dock_says.ready()
        await scanner.scan(GS1)
        assert await said(dock_says, 1) == [GS1[3:]]


@pytest.mark.parametrize("fault", ["split", "joined", "drip", "repeats"])
async def test_however_the_records_arrive_every_code_arrives_once(
    scanner: KeyboardScannerSimulator, fault: KeyboardFault
) -> None:
    async with running("keyboard_scanner", "dock", **settings(scanner)) as dock_says:
        await dock_says.ready()
        scanner.set_fault(fault)
        await scanner.scan(b"AB1")
        await scanner.scan(b"AB1")
        assert await said(dock_says, 2) == [b"AB1", b"AB1"]


@pytest.mark.parametrize(
    ("fault", "refused"),
    [
        ("dropped", [DROPPED]),
        ("lost_shift", ["Shift was still held at the end: scan it again"]),
        ("stalled", [NO_END, TORN]),
    ],
)
async def test_a_code_that_lost_something_on_its_way_is_refused_and_the_next_is_read(
    scanner: KeyboardScannerSimulator, fault: KeyboardFault, refused: list[str]
) -> None:
    async with running("keyboard_scanner", "dock", **settings(scanner)) as dock_says:
        await dock_says.ready()
        scanner.set_fault(fault)
        await scanner.scan(b"A1B2C3D4")
        scanner.set_fault(None)
        await scanner.scan(b"A1")
        wanted = [b"bad: " + why.encode() for why in refused] + [b"A1"]
        assert await said(dock_says, len(wanted)) == wanted


async def test_two_codes_without_an_end_between_them_are_refused(scanner: KeyboardScannerSimulator) -> None:
    async with running("keyboard_scanner", "dock", **settings(scanner)) as dock_says:
        await dock_says.ready()
        scanner.set_fault("merged")
        await scanner.scan(SSCC)
        await scanner.scan(SSCC)
        assert await said(dock_says, 1) == [b"bad: two codes ran together: scan them one by one"]


@pytest.mark.parametrize(("fault", "data"), [("missing", b"1245"), ("doubled", b"123345")])
async def test_a_key_the_scanner_itself_lost_or_doubled_cannot_be_seen_here(
    scanner: KeyboardScannerSimulator, fault: KeyboardFault, data: bytes
) -> None:
    """The reason why the page advises serial or HID POS: only a check digit tells, which the floor checks."""
    async with running("keyboard_scanner", "dock", **settings(scanner)) as dock_says:
        await dock_says.ready()
        scanner.set_fault(fault)
        await scanner.scan(b"12345")
        assert await said(dock_says, 1) == [data]


async def test_a_scanner_set_to_another_layout_types_something_else_and_the_setting_puts_it_right(
    scanner: KeyboardScannerSimulator,
) -> None:
    scanner.menu = KeyboardScannerMenu(layout="de")
    async with running("keyboard_scanner", "dock", **settings(scanner)) as dock_says:
        await dock_says.ready()
        await scanner.scan(b"YZ-1")
        assert await said(dock_says, 1) == [b"ZY/1"]
    async with running("keyboard_scanner", "dock", **settings(scanner, layout="de")) as dock_says:
        await dock_says.ready()
        await scanner.scan(b"YZ-1")
        assert await said(dock_says, 1) == [b"YZ-1"]


async def test_a_scanner_without_an_end_key_is_read_by_its_pauses_and_every_scan_says_so(
    scanner: KeyboardScannerSimulator,
) -> None:
    scanner.menu = KeyboardScannerMenu(suffix="none")
    async with running("keyboard_scanner", "dock", **settings(scanner, end_keys=[])) as dock_says:
        await dock_says.ready()
        await scanner.scan(b"A1")
        await until(lambda: dock_says.scans, "the scan")
        assert [(scan.data, scan.terminated) for scan in dock_says.scans] == [(b"A1", False)]
    async with running("keyboard_scanner", "dock", **settings(scanner)) as dock_says:
        await dock_says.ready()
        await scanner.scan(b"A1")
        assert await said(dock_says, 1) == [b"bad: " + NO_END.encode()]


async def test_a_program_that_reads_late_does_not_cut_a_code_in_two(scanner: KeyboardScannerSimulator) -> None:
    async with running("keyboard_scanner", "dock", **settings(scanner, gap_ms=400)) as dock_says:
        await dock_says.ready()
        scanner.menu = KeyboardScannerMenu(suffix="none")
        await scanner.scan(b"123")
        await asyncio.sleep(0.02)  # the driver has read it and waits for what follows
        scanner.menu = KeyboardScannerMenu()
        await scanner.scan(b"45")
        time.sleep(0.5)  # noqa: ASYNC251 -- the whole program is held up, while the rest waits to be read
        assert await said(dock_says, 1) == [b"12345"]


async def test_every_node_of_a_device_is_read_also_one_that_comes_later(tmp_path: Path) -> None:
    scanner = KeyboardScannerSimulator(tmp_path / "event3", more=(tmp_path / "event4",))
    await scanner.start()
    late = KeyboardScannerSimulator(tmp_path / "event5")
    nodes = [*scanner.more_nodes, str(tmp_path / "event5")]
    async with running("keyboard_scanner", "dock", **settings(scanner, more_nodes=nodes)) as dock_says:
        await dock_says.ready()
        await scanner.press_elsewhere(30)
        await scanner.press_elsewhere(28)
        assert await said(dock_says, 1) == [b"a"]
        await late.start()
        async with owned(scan_again_and_again(late)):
            await until(lambda: len(dock_says.scans) > 1, "a scan at the node that came later")
        assert dock_says.scans[1].data == b"LATE"
        assert [state.state for state in dock_says.states] == ["ready"]
    await late.stop()
    await scanner.stop()


async def scan_again_and_again(scanner: KeyboardScannerSimulator) -> None:
    while True:
        await scanner.scan(b"LATE")
        await asyncio.sleep(0.05)


async def test_a_shift_that_was_down_when_the_plug_was_pulled_is_up_when_it_comes_back(
    scanner: KeyboardScannerSimulator,
) -> None:
    async with running("keyboard_scanner", "dock", **settings(scanner)) as dock_says:
        await dock_says.ready()
        scanner.set_fault("cut")
        await scanner.scan(b"AB")
        await dock_says.away()
        assert dock_says.states[1].sentence == "'dock' is gone (it was unplugged)."
        scanner.set_fault(None)
        await scanner.replug()
        await dock_says.ready()
        await scanner.scan(b"a1")
        assert (await said(dock_says, 1))[-1] == b"a1"


async def test_it_comes_back_after_every_pull_and_leaves_nothing_open(scanner: KeyboardScannerSimulator) -> None:
    async with running("keyboard_scanner", "dock", **settings(scanner)) as dock_says:
        await dock_says.ready()
        files, tasks = open_files(), len(asyncio.all_tasks())
        for pull in range(5):
            await scanner.unplug()
            await dock_says.away()
            await scanner.replug()
            await dock_says.ready()
            await scanner.scan(b"%d" % pull)
            await said(dock_says, pull + 1)
        assert [scan.data for scan in dock_says.scans] == [b"0", b"1", b"2", b"3", b"4"]
        await until(lambda: (open_files(), len(asyncio.all_tasks())) == (files, tasks), "nothing more is open")


async def test_a_scanner_that_is_not_plugged_in_is_told_with_what_is_looked_for(tmp_path: Path) -> None:
    async with running("keyboard_scanner", "dock", usb="05e0:1200") as dock_says:
        await dock_says.away()
        assert dock_says.sentence == "'dock' is not plugged in: there is no USB device 05e0:1200."
        assert dock_says.states[-1].next_step == "Plug it in, or correct devices.dock.usb in edge.toml."


async def test_a_node_that_cannot_be_grabbed_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "event3")
    async with running("keyboard_scanner", "dock", node=str(tmp_path / "event3")) as dock_says:
        await dock_says.away("it is no input device")
        assert dock_says.states[-1].next_step == "Correct devices.dock.node in edge.toml."


def test_the_ioctls_are_those_of_the_kernel_headers() -> None:
    write, size_of_int = 1, 4
    assert write << 30 | size_of_int << 16 | ord("E") << 8 | 0x90 == EVIOCGRAB
    assert write << 30 | size_of_int << 16 | ord("E") << 8 | 0xA0 == EVIOCSCLOCKID


def node(path: str, port: str | None = "1-1", serial: str | None = None) -> Node:
    return Node(Path(path), "05e0:1200", serial, port, "Example Scanner")


def test_all_nodes_of_one_device_are_its_own_and_those_of_two_alike_are_refused() -> None:
    wanted = UsbNode(usb="05e0:1200")
    assert of_one_device("dock", wanted, [node("a"), node("b")]) == [Path("a"), Path("b")]
    assert of_one_device("dock", wanted, []) == []
    with pytest.raises(ConnectRefused) as refused:
        of_one_device("dock", wanted, [node("a"), node("b", "1-2")])
    assert refused.value.sentence == (
        "2 devices could be 'dock', USB device 05e0:1200 (socket 1-1, serial none; socket 1-2, serial none)."
    )
    assert refused.value.next_step == (
        "Say which one: set devices.dock.serial or devices.dock.usb_port in edge.toml."
    )


async def test_four_scanners_at_once_lose_nothing_and_mix_nothing(tmp_path: Path) -> None:
    scanners = {name: KeyboardScannerSimulator(tmp_path / name) for name in ("one", "two", "three", "four")}
    codes = {name: [f"{name}-{number:04}".encode() for number in range(40)] for name in scanners}
    async with AsyncExitStack() as stack:
        witnesses = {}
        for name, scanner in scanners.items():
            await scanner.start()
            witnesses[name] = await stack.enter_async_context(running("keyboard_scanner", name, **settings(scanner)))
            await witnesses[name].ready()

        async def scan_all(name: str) -> None:
            for number, code in enumerate(codes[name]):
                scanners[name].set_fault("split" if number % 8 == 0 else None)
                await scanners[name].scan(code)
                await until(lambda: len(witnesses[name].readings) > number, f"{code!r}")  # noqa: B023

        await asyncio.gather(*map(scan_all, scanners))
        for name, witness in witnesses.items():
            assert [scan.data for scan in witness.scans] == codes[name]
            assert {scan.device for scan in witness.scans} == {name}
            assert witness.bad == []
        for scanner in scanners.values():
            await scanner.stop()


@pytest.mark.parametrize(
    "wrong",
    [
        {"usb": "05e0:1200", "node": "/dev/input/by-id/x"},
        {"node": "/dev/input/event3"},
        {"usb": "05e0:1200", "more_nodes": ["/dev/input/by-id/x"]},
        {"usb": "05e0:1200", "layout": "pl"},
        {"usb": "05e0:1200", "gs_key": "f9"},
        {"usb": "05e0:1200", "gs_text": "é"},
        {"usb": "05e0:1200", "gap_ms": 5},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        KeyboardScannerSettings.model_validate(wrong)


async def test_the_simulator_says_what_its_layout_cannot_type(scanner: KeyboardScannerSimulator) -> None:
    with pytest.raises(Untypable, match="'€' is on no key of the layout 'us'"):
        await scanner.scan("€".encode())
