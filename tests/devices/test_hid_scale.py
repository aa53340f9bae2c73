from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.driver import CommandRefused, Scale
from devices.protocols.hid_scale import HidScale
from devices.protocols.scale import ScaleValue, Told
from devices.readings import BadFrame, Weight
from devices.simulators.hid_scale import HidScaleSpeech, ReportWire
from devices.simulators.scale import ScaleSimulator
from devices.simulators.wire import SeqpacketWire
from devices.transports import NewestReportTransport, TransportLost
from tests.devices.scale_rules import assert_all_are_recorded, nothing, numbers, weight
from tests.devices.support import T, Witness, build, owned, recording, running, until, whole

FRAMES = recording("hid_scale.txt")

CALIBRATE, REZERO = "the scale must be calibrated", "the scale must be set to zero: empty it and press its zero key"
BROKEN = "the scale reports a fault: switch it off and on, else have it serviced"


def number(what: str, value: str, unit: Any, **more: Any) -> list[ScaleValue]:
    return [weight(FRAMES[what], value, unit, **{"zero": "not_zero", **more})]


MEANINGS: dict[str, list[ScaleValue]] = {
    "stable 28.3 oz": number("stable 28.3 oz", "28.3", "oz"),
    "stable 1250 g": number("stable 1250 g", "1250", "g"),
    "in motion 1252 g": number("in motion 1252 g", "1252", "g", stability="unstable", zero="unknown"),
    "stable zero (g)": [*number("stable zero (g)", "0", "g", zero="at_zero"), Told("zero")],
    "under zero, -36 g": [nothing(FRAMES["under zero, -36 g"], range_="under", zero="not_zero")],
    "over limit": [nothing(FRAMES["over limit"], range_="over", zero="not_zero")],
    "fault": [nothing(FRAMES["fault"], BROKEN)],
    "needs calibration": [nothing(FRAMES["needs calibration"], CALIBRATE)],
    "needs re-zero": [nothing(FRAMES["needs re-zero"], REZERO)],
    "1.235 kg (exponent -3 = FD)": number("1.235 kg (exponent -3 = FD)", "1.235", "kg"),
    "12.4 lb (exponent -1)": number("12.4 lb (exponent -1)", "12.4", "lb"),
    "34 000 g (must be unsigned: D0 84)": number("34 000 g (must be unsigned: D0 84)", "34000", "g"),
    "report id 04, 2.50 lb": number("report id 04, 2.50 lb", "2.50", "lb"),
}


@pytest.mark.parametrize("what", FRAMES)
def test_a_report_means_what_the_reference_says(what: str) -> None:
    assert whole(HidScale("bench"), FRAMES[what]) == MEANINGS[what]


def test_the_recording_holds_every_worked_report_of_the_reference(shared: Path) -> None:
    assert set(FRAMES) == set(MEANINGS)
    section = ("| State | Bytes |\n|---|---|\n| stable 28.3 oz", "Zero command")
    assert_all_are_recorded(shared, section, 13, set(FRAMES.values()))


def read(raw: str) -> ScaleValue:
    return whole(HidScale("bench"), bytes.fromhex(raw))[0]


@pytest.mark.parametrize("status", ["01", "05", "06", "07", "08"])
def test_a_magnitude_behind_a_status_that_forbids_it_is_no_weight(status: str) -> None:
    weight = read(f"03 {status} 02 00 E2 04")
    assert isinstance(weight, Weight)
    assert weight.value is None
    assert weight.fault is not None or weight.range in ("over", "under")


@pytest.mark.parametrize(
    ("raw", "value"), [("03 04 02 02 0C 00", "1200"), ("03 04 03 FE FF FF", "655.35"), ("03 04 01 00 FF FF", "65535")]
)
def test_the_exponent_is_signed_and_the_magnitude_is_not(raw: str, value: str) -> None:
    weight = read(raw)
    assert isinstance(weight, Weight)
    assert str(weight.value) == value


@pytest.mark.parametrize(("unit", "name"), [("05", "tael"), ("09", "short ton")])
def test_a_unit_that_is_not_converted_is_a_fault(unit: str, name: str) -> None:
    weight = read(f"03 04 {unit} 00 E2 04")
    assert isinstance(weight, Weight)
    assert (weight.value, weight.fault) == (None, f"the scale weighs in the unit '{name}'")


@pytest.mark.parametrize(
    "raw",
    [
        "03 04 02 00 E2",  # cut
        "03 04 02 00 E2 04 00",
        "03 04 02 00 E2 04 03 04 02 00 E2 04",  # two in one
        "04 02 00 E2 04 00",  # shifted: a status of 2 and a magnitude
        "00 04 02 00 E2 04",
        "05 04 02 00 E2 04",  # another report of the scale
        "03 00 02 00 E2 04",
        "03 09 02 00 E2 04",
        "03 04 00 00 E2 04",
        "03 04 0D 00 E2 04",
        "03 04 02 7F E2 04",
        "03 02 02 00 E2 04",  # at zero, and 1250 g
        "83 84 82 80 E2 84",
    ],
)
def test_what_is_not_exactly_a_report_is_a_bad_frame(raw: str) -> None:
    assert isinstance(read(raw), BadFrame)


@given(st.lists(st.binary(max_size=14)))
def test_it_never_raises_and_every_report_stands_for_itself(reports: list[bytes]) -> None:
    one = HidScale("bench")
    for report in reports:
        values = one.feed(report, T)
        assert values == HidScale("bench").feed(report, T)
        assert all(len(value.raw) == 6 for value in numbers(values))


@asynccontextmanager
async def scale_at(place: Path, speech: HidScaleSpeech | None = None) -> AsyncIterator[ScaleSimulator]:
    simulator = ScaleSimulator(
        speech or HidScaleSpeech(every_s=0.02), wire=lambda received: ReportWire(received, place), settle_s=0
    )
    await simulator.start()
    yield simulator
    await simulator.stop()


def stable(says: Witness, value: int) -> bool:
    return [(each.value, each.stability) for each in says.weights[-1:]] == [(Decimal(value), "stable")]


async def test_a_zero_is_done_when_the_scale_is_at_zero(tmp_path: Path) -> None:
    async with scale_at(tmp_path / "node") as simulator:
        device, says = build("hid_scale", "bench", zero_report="02 02", **simulator.address), Witness()
        assert isinstance(device, Scale)
        async with owned(device.run(says.emit, says.states.append)):
            simulator.put_load_mg(1_000_000)
            await says.weight_mg(1_000_000)
            await device.command("zero")
            assert simulator.heard[-1].raw == b"\x02\x02"
            assert simulator.body.zero_mg == 1_000_000
            await says.weight_mg(0)


async def test_a_scale_that_ignores_zero_is_not_said_to_have_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.drivers.line_scale.COMMAND_TIMEOUT_S", 0.2)
    async with scale_at(tmp_path / "node", HidScaleSpeech(every_s=0.02, obeys=False)) as simulator:
        device, says = build("hid_scale", "bench", zero_report="02 02", **simulator.address), Witness()
        assert isinstance(device, Scale)
        async with owned(device.run(says.emit, says.states.append)):
            simulator.put_load_mg(1_000_000)
            await says.weight_mg(1_000_000)
            with pytest.raises(CommandRefused, match="did not zero: it did not answer"):
                await device.command("zero")
            await says.weight_mg(1_000_000)


async def test_a_scale_that_falls_asleep_is_away_and_not_at_zero(tmp_path: Path) -> None:
    async with (
        scale_at(tmp_path / "node") as simulator,
        running("hid_scale", "bench", silence_ms=300, **simulator.address) as says,
    ):
        simulator.put_load_mg(1_000_000)
        await says.weight_mg(1_000_000)
        simulator.set_fault("silent")
        seen = len(says.weights)
        await says.away("sends nothing")
        assert {each.weight_mg for each in says.weights[seen:]} <= {1_000_000}
        simulator.put_load_mg(2_000_000)
        simulator.set_fault(None)
        await says.ready()
        await says.weight_mg(2_000_000)


async def test_the_first_report_after_a_sleep_may_be_old_and_is_not_stable(tmp_path: Path) -> None:
    heard: list[bytes] = []
    wire = SeqpacketWire(heard.append, tmp_path / "node")
    await wire.plug()

    def say(report: bytes) -> bool:
        wire.write(report)
        return True

    old, new = FRAMES["stable 1250 g"], FRAMES["34 000 g (must be unsigned: D0 84)"]
    async with running("hid_scale", "bench", silence_ms=300, node=str(tmp_path / "node")) as says:
        await until(lambda: say(old) and stable(says, 1250), "the old weight")
        await says.away("sends nothing")
        seen = len(says.weights)
        wire.write(old)
        await until(lambda: len(says.weights) > seen, "the old report")
        await until(lambda: say(new) and stable(says, 34_000), "the new weight")
        assert {each.value for each in says.weights[seen:] if each.stability == "stable"} == {Decimal(34_000)}
    await wire.remove()


async def test_what_queued_up_while_nobody_looked_is_old(tmp_path: Path) -> None:
    place = tmp_path / "node"
    wire = SeqpacketWire(lambda data: None, place)
    await wire.plug()
    node = NewestReportTransport("bench", lambda: [place], "scale", "devices.bench.node")
    await node.open()
    for report in (b"old", b"older", b"new"):
        wire.write(report)
    assert await node.read() == b"new"
    wire.write(b"last")
    await wire.unplug()
    assert await node.read() == b"last"
    with pytest.raises(TransportLost, match="unplugged"):
        await node.read()
    await node.close()
    await wire.remove()


@pytest.mark.parametrize("fault", ["garbage", "half"])
async def test_reports_that_are_none_make_no_weight_and_are_told(tmp_path: Path, fault: Any) -> None:
    async with scale_at(tmp_path / "node") as simulator:
        simulator.put_load_mg(1_000_000)
        simulator.set_fault(fault)
        async with running("hid_scale", "bench", silence_ms=300, **simulator.address) as says:
            await until(lambda: says.bad, "bad frames")
            if fault == "garbage":
                await says.away("sends characters that are no USB HID scale answers")
                assert "devices.bench.node" in says.states[-1].next_step
            simulator.set_fault(None)
            await says.weight_mg(1_000_000)
            assert {each.weight_mg for each in says.weights} == {1_000_000}


async def test_a_scale_that_is_not_plugged_in_is_named(tmp_path: Path) -> None:
    async with running("hid_scale", "bench", usb="0922:8003", serial="0042") as says:
        await says.away()
        assert says.sentence == "'bench' is not plugged in: there is no USB device 0922:8003 serial 0042."
        assert "devices.bench.usb" in says.states[-1].next_step
