from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.drivers.hid_pos_scanner import HIDIOCGRDESC, HIDIOCGRDESCSIZE, _described_in
from devices.protocols.codes import MAX_SCAN
from devices.protocols.hid_pos import (
    FRAGMENT_S,
    LAYOUT_62,
    LAYOUT_64,
    LAYOUTS,
    NEVER_CAME,
    TORN,
    HidPos,
    ReportLayout,
    is_scanner,
    layout_of,
)
from devices.protocols.hid_report import MAX_FIELDS, NotADescriptor, input_fields
from devices.readings import BadFrame, Scan
from devices.simulators.hid_pos_scanner import (
    DESCRIPTOR_62,
    HID_POS_FAULTS,
    HidPosFault,
    HidPosScannerSimulator,
    reports,
)
from tests.devices.support import T, Witness, owned, recording, running, until

FRAMES = recording("hid_pos.txt")
SSCC = b"00340123450000000017"
LONG = b"]Q1" + b"https://example.com/" + b"0123456789" * 14


def scanner(layout: ReportLayout = LAYOUT_62) -> HidPos:
    return HidPos("dock", layout)


def scan(data: bytes, symbology: str | None = None) -> Scan:
    return Scan("dock", data, symbology, T)


def fed(decoder: HidPos, each: list[bytes], t_mono: float = T) -> list[Any]:
    return [reading for report in each for reading in decoder.feed(report, t_mono)]


@pytest.mark.parametrize(("layout", "what"), [(LAYOUT_62, "SSCC, 62 bytes"), (LAYOUT_64, "SSCC, 64 bytes")])
@pytest.mark.parametrize("before", [[], [b"\xff\xfe"], [b""], [b"\x05" * 64]])
def test_the_example_of_the_reference_alone_twice_and_after_garbage(
    layout: ReportLayout, what: str, before: list[bytes]
) -> None:
    said = fed(scanner(layout), [*before, FRAMES[what], FRAMES[what]])
    assert said[-2:] == [scan(SSCC, "]C1")] * 2


def test_a_report_cut_at_any_byte_is_a_bad_frame_and_the_next_is_read() -> None:
    report = FRAMES["SSCC, 62 bytes"]
    for size in range(1, len(report)):
        first, second = fed(scanner(), [report[:size], report])
        assert isinstance(first, BadFrame)
        assert second == scan(SSCC, "]C1")


def test_the_descriptor_of_the_reference_says_the_62_byte_layout() -> None:
    assert FRAMES["report descriptor, 62 bytes"] == DESCRIPTOR_62
    assert layout_of(DESCRIPTOR_62) == LAYOUT_62


def test_a_descriptor_may_lay_the_report_out_otherwise() -> None:
    """No report id, data before its length, usages as a range, the flag at bit 3."""
    other = bytes.fromhex(
        "058C0902A101 150026FF00 7508 9510 09FE 8202 01 95010501093B8102 058C 19FB 29FD 9503 8102"
        "7501 9503 8103 2501 9501 09FF 8102 7504 8103 C0"
    )
    layout = layout_of(other)
    assert layout == ReportLayout(0, 16, 17, 0, 16, 20, 3, 21)
    report = b"ABCDEF".ljust(16, b"\0") + b"\x06]d2"
    assert fed(scanner(layout), [report + b"\x08", b"GHI".ljust(16, b"\0") + b"\x03]d2\x00"]) == [
        scan(b"ABCDEFGHI", "]d2")
    ]


def test_a_page_pushed_and_popped_and_a_usage_that_brings_its_own_page() -> None:
    pushed = bytes.fromhex("058C A4 0501 B4 75089538 0BFE008C00 8102")
    assert layout_of(pushed).data_bytes == 56


@pytest.mark.parametrize(
    ("descriptor", "why"),
    [
        (b"", "has no report with scanned data"),
        (bytes.fromhex("0501 0906 A101 7508 9508 1900 2965 8100 C0"), "has no report with scanned data"),
        (b"\x05", "ends in the middle of an item"),
        (b"\xb4", "pushes and pops do not match"),
        (b"\xa4" * 20, "pushes and pops do not match"),
        (bytes.fromhex("7508 97FFFFFFFF 8102"), "describes a report of"),
        (bytes.fromhex("7501 968000 1900 2AFFFF 8102") * 40, f"describes more than {MAX_FIELDS} fields"),
        (bytes.fromhex("860001"), "has a report of the id 256"),
        (bytes(5000), "has 5000 bytes"),
    ],
)
def test_what_is_no_descriptor_of_a_scanner_is_refused_with_the_reason(descriptor: bytes, why: str) -> None:
    with pytest.raises(NotADescriptor, match=why):
        layout_of(descriptor)
    assert not is_scanner(descriptor)


@given(
    st.lists(st.one_of(st.binary(max_size=5), st.sampled_from([b"\x75\x08", b"\x81\x02", b"\x09\xfe", b"\x05\x8c"])))
)
def test_a_descriptor_of_any_bytes_is_read_or_refused(items: list[bytes]) -> None:
    for descriptor in (b"".join(items), DESCRIPTOR_62[:20] + b"".join(items) + DESCRIPTOR_62[20:]):
        try:
            assert len(input_fields(descriptor)) <= MAX_FIELDS
            layout = layout_of(descriptor)
        except NotADescriptor:
            continue
        decoder = scanner(layout)
        fed(decoder, [bytes(layout.size), b"\xff" * layout.size])


@pytest.mark.parametrize("size", [62, 64])
def test_a_long_code_in_several_reports_is_one_code(size: int) -> None:
    each = reports(LONG, size)
    assert len(each) == 3
    assert fed(scanner(LAYOUTS["62" if size == 62 else "64"]), each) == [scan(LONG[3:], "]Q1")]


def test_gs_and_null_inside_the_data_are_data() -> None:
    assert fed(scanner(), reports(b"]d2A\x1dB\x00C", 62)) == [scan(b"A\x1dB\x00C", "]d2")]


def test_without_an_identifier_there_is_none_and_one_sent_twice_is_taken_off_twice() -> None:
    assert fed(scanner(), reports(b"ABC", 62)) == [scan(b"ABC")]
    doubled = reports(b"]C1" + b"]C1" + SSCC, 62)
    assert fed(scanner(), doubled) == [scan(SSCC, "]C1")]


def test_a_code_whose_rest_never_comes_is_a_bad_frame_and_never_joins_the_next() -> None:
    decoder = scanner()
    assert fed(decoder, reports(LONG, 62)[:2]) == []
    assert decoder.expire(T) == [BadFrame("dock", LONG[: 3 + 112], NEVER_CAME, T)]
    assert decoder.expire(T) == []
    later = T + FRAGMENT_S + 0.1
    assert fed(decoder, reports(b"]Q1NEXT", 62), later) == [Scan("dock", b"NEXT", "]Q1", later)]


def test_the_rest_of_a_code_that_stalled_is_never_taken_for_a_code() -> None:
    first, second, third = reports(LONG, 62)
    later = T + FRAGMENT_S + 0.1
    by_itself, told = scanner(), scanner()
    fed(by_itself, [first, second])
    fed(told, [first, second])
    refused = BadFrame("dock", LONG[:3] + LONG[3 + 112 :], TORN, later)
    assert fed(by_itself, [third], later) == [BadFrame("dock", LONG[: 3 + 112], NEVER_CAME, later), refused]
    assert told.expire(later) == [BadFrame("dock", LONG[: 3 + 112], NEVER_CAME, later)]
    assert fed(told, [third], later) == [refused]
    assert fed(told, reports(b"NEXT", 62), later) == [Scan("dock", b"NEXT", None, later)]


def test_a_new_identifier_in_the_middle_of_a_code_begins_another_code() -> None:
    first, second = fed(scanner(), reports(LONG, 62)[:2] + reports(b"]C1" + SSCC, 62))
    assert isinstance(first, BadFrame)
    assert "never came" in first.why
    assert second == scan(SSCC, "]C1")


def test_a_report_that_says_more_than_it_can_hold_is_a_bad_frame() -> None:
    report = FRAMES["SSCC, 62 bytes"]
    (bad,) = fed(scanner(), [report[:1] + b"\x39" + report[2:]])
    assert isinstance(bad, BadFrame)
    assert bad.why == "says 57 bytes of data and has room for 56"


def test_a_code_without_end_is_bounded_and_refused() -> None:
    decoder = scanner()
    assert fed(decoder, reports(b"]Q1" + b"A" * (MAX_SCAN + 1000), 62)) == [
        BadFrame("dock", b"]Q1" + b"A" * MAX_SCAN, f"longer than {MAX_SCAN} bytes", T)
    ]
    assert fed(decoder, reports(b"]Q1" + b"A" * MAX_SCAN, 62)) == [scan(b"A" * MAX_SCAN, "]Q1")]


@given(
    st.sampled_from([LAYOUT_62, LAYOUT_64]),
    st.lists(
        st.one_of(st.binary(max_size=70), st.binary(min_size=62, max_size=64).map(lambda each: b"\x02" + each[1:])),
        max_size=30,
    ),
)
def test_reports_of_any_bytes_never_raise_and_what_is_held_is_bounded(
    layout: ReportLayout, each: list[bytes]
) -> None:
    decoder = scanner(layout)
    for reading in [*fed(decoder, each), *decoder.expire(T)]:
        assert isinstance(reading, BadFrame) or reading.data
    assert len(decoder._data) <= MAX_SCAN


@pytest.fixture(params=["62", "64"])
async def device(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[HidPosScannerSimulator]:
    layout: Literal["62", "64"] = request.param
    simulator = HidPosScannerSimulator(tmp_path / "hidraw0", layout)
    await simulator.start()
    yield simulator
    await simulator.stop()


async def codes(witness: Witness, count: int) -> list[bytes]:
    await until(lambda: len(witness.scans) >= count, f"{count} scans")
    return [each.data for each in witness.scans]


async def test_long_and_short_codes_arrive_through_the_node(device: HidPosScannerSimulator) -> None:
    async with running("hid_pos_scanner", "dock", **device.address) as dock_says:
        await dock_says.ready()
        await device.scan(LONG)
        await device.scan(b"]C1" + SSCC)
        assert await codes(dock_says, 2) == [LONG[3:], SSCC]
        assert dock_says.bad == []


@pytest.mark.parametrize("fault", HID_POS_FAULTS)
async def test_after_any_fault_the_next_codes_are_read_and_no_wrong_one_ever(
    device: HidPosScannerSimulator, fault: HidPosFault
) -> None:
    async with running("hid_pos_scanner", "dock", **device.address) as dock_says:
        await dock_says.ready()
        device.set_fault(fault)
        await device.scan(LONG)
        device.set_fault(None)
        await device.replug()
        await until(lambda: not device.plugged or dock_says.state == "ready", "it is back")
        async with owned(scan_again_and_again(device)):
            await until(lambda: SSCC in [each.data for each in dock_says.scans], "the next code")
        assert {each.data for each in dock_says.scans} <= {LONG[3:], SSCC}
        whole = fault in ("joined", "garbage", "drip", "other_report")
        assert (LONG[3:] in [each.data for each in dock_says.scans]) == whole
        assert bool(dock_says.bad) == (fault in ("torn", "too_short", "too_full"))


async def scan_again_and_again(device: HidPosScannerSimulator) -> None:
    while True:
        await device.scan(b"]C1" + SSCC)
        await asyncio.sleep(0.1)


async def test_a_fragment_is_told_after_its_time_without_another_scan(tmp_path: Path) -> None:
    device = HidPosScannerSimulator(tmp_path / "hidraw0")
    await device.start()
    async with running("hid_pos_scanner", "dock", **device.address) as dock_says:
        await dock_says.ready()
        device.set_fault("torn")
        await device.scan(LONG)
        await until(lambda: dock_says.bad, "the fragment")
        assert [each.why for each in dock_says.bad] == [NEVER_CAME]
    await device.stop()


async def test_where_the_layout_is_asked_of_what_cannot_tell_it_is_said(
    device: HidPosScannerSimulator, tmp_path: Path
) -> None:
    async with running("hid_pos_scanner", "dock", node=str(tmp_path / "hidraw0")) as dock_says:
        await dock_says.away("a socket cannot be asked")
        assert "devices.dock.layout" in dock_says.states[-1].next_step
    os.mkfifo(tmp_path / "hidraw1")
    async with running("hid_pos_scanner", "dock", node=str(tmp_path / "hidraw1")) as dock_says:
        await dock_says.away("is no HID POS scanner for 'dock': ENOTTY")


def test_the_ioctls_are_those_of_the_kernel_headers() -> None:
    read = 2
    assert read << 30 | 4 << 16 | ord("H") << 8 | 1 == HIDIOCGRDESCSIZE
    assert read << 30 | (4 + 4096) << 16 | ord("H") << 8 | 2 == HIDIOCGRDESC


def test_a_node_is_known_by_the_descriptor_the_kernel_shows(tmp_path: Path) -> None:
    (tmp_path / "hidraw3" / "device").mkdir(parents=True)
    (tmp_path / "hidraw3" / "device" / "report_descriptor").write_bytes(DESCRIPTOR_62)
    assert is_scanner(_described_in(tmp_path, Path("/dev/hidraw3")))
    assert not is_scanner(_described_in(tmp_path, Path("/dev/hidraw4")))


async def test_four_scanners_at_once_lose_nothing_and_mix_nothing(tmp_path: Path) -> None:
    devices = {name: HidPosScannerSimulator(tmp_path / name) for name in ("one", "two", "three", "four")}
    wanted = {name: [f"{name} {number:03} ".encode() + b"x" * number for number in range(100)] for name in devices}
    async with AsyncExitStack() as stack:
        witnesses = {}
        for name, each in devices.items():
            await each.start()
            witnesses[name] = await stack.enter_async_context(running("hid_pos_scanner", name, **each.address))
            await witnesses[name].ready()

        async def scan_all(name: str) -> None:
            for code in wanted[name]:
                await devices[name].scan(b"]C0" + code)
                await asyncio.sleep(0)

        await asyncio.gather(*map(scan_all, devices))
        for name, witness in witnesses.items():
            assert await codes(witness, 100) == wanted[name]
            assert witness.bad == []
        for each in devices.values():
            await each.stop()
