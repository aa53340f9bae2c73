"""The far ends are checked against the references by themselves, so that they cannot share a driver's mistake."""

from __future__ import annotations

import asyncio
import json
import os
import tty
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from devices.simulators.bench import BenchDevices, NoSuchDevice
from devices.simulators.mt_sics_scale import MtSicsScaleSimulator, ScaleFault
from devices.simulators.zpl_printer import PrinterFault, ZplPrinterSimulator
from tests.devices.support import open_files, recording, until
from tests.support.patience import PATIENCE_S

FRAMES = recording("mt_sics.txt")


class Talk:
    """A TCP client that says bytes and hears bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, port: int | str) -> Talk:
        return cls(*await asyncio.open_connection("127.0.0.1", int(port)))

    async def ask(self, question: bytes, end: bytes = b"\r\n") -> bytes:
        self.writer.write(question)
        async with asyncio.timeout(PATIENCE_S):
            return await self.reader.readuntil(end)

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


@pytest.fixture
async def scale() -> AsyncIterator[MtSicsScaleSimulator]:
    simulator = MtSicsScaleSimulator(
        tcp=True, unit="g", resolution=Decimal("0.01"), capacity=Decimal(1000), settle_s=0.1
    )
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def operator(scale: MtSicsScaleSimulator) -> AsyncIterator[Talk]:
    talk = await Talk.to(scale.address["tcp_port"])
    yield talk
    await talk.close()


@pytest.fixture
async def printer(tmp_path: Path) -> AsyncIterator[ZplPrinterSimulator]:
    simulator = ZplPrinterSimulator(print_s=0.02)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.mark.parametrize(
    ("load_mg", "what"),
    [(100_000, "stable 100.00 g"), (-12_340, "negative, stable"), (0, "zero")],
)
async def test_the_scale_answers_byte_for_byte_as_the_reference(
    scale: MtSicsScaleSimulator, operator: Talk, load_mg: int, what: str
) -> None:
    scale.put_load_mg(load_mg)
    assert await operator.ask(b"S\r\n") == FRAMES[what]


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("over", "overload"),
        ("under", "underload"),
        ("busy", "busy / no stability in time"),
        ("error", "internal fault"),
    ],
)
async def test_the_scales_faults_are_byte_for_byte_the_reference(
    scale: MtSicsScaleSimulator, operator: Talk, fault: ScaleFault, what: str
) -> None:
    scale.set_fault(fault)
    assert await operator.ask(b"SI\r\n") == FRAMES[what]


async def test_the_scale_shows_motion_before_it_shows_rest(scale: MtSicsScaleSimulator, operator: Talk) -> None:
    scale.put_load_mg(200_020)
    assert await operator.ask(b"SI\r\n") == FRAMES["moving"]
    assert await operator.ask(b"S\r\n") == b"S S     200.02 g\r\n"


async def test_a_tare_survives_a_reset_and_not_a_zeroing(scale: MtSicsScaleSimulator, operator: Talk) -> None:
    scale.put_load_mg(12_500)
    assert await operator.ask(b"T\r\n") == FRAMES["tare done"]
    assert await operator.ask(b"@\r\n") == FRAMES["reset or power-on (also **unsolicited**)"]
    assert await operator.ask(b"TA\r\n") == FRAMES["tare value"]
    assert await operator.ask(b"SI\r\n") == FRAMES["zero"]
    assert await operator.ask(b"TAC\r\n") == FRAMES["tare cleared"]
    assert await operator.ask(b"SI\r\n") == b"S S      12.50 g\r\n"
    assert await operator.ask(b"TI\r\n") == b"TI S      12.50 g\r\n"
    assert await operator.ask(b"Z\r\n") == FRAMES["zeroed"]
    assert await operator.ask(b"TA\r\n") == b"TA A       0.00 g\r\n"


@pytest.mark.parametrize("command", [b"si", b"HELLO", b"S I", b"I9", b"\xff"])
async def test_the_scale_answers_a_command_it_does_not_know_with_a_syntax_error(
    operator: Talk, command: bytes
) -> None:
    assert await operator.ask(command + b"\r\n") == FRAMES["syntax error"]


async def test_repeating_ends_with_a_cancel(operator: Talk) -> None:
    assert await operator.ask(b"SIR\r\n") == FRAMES["zero"]
    async with asyncio.timeout(PATIENCE_S):
        assert await operator.reader.readuntil(b"\r\n") == FRAMES["zero"]
    assert (await operator.ask(b"C\r\n", b"C A\r\n")).endswith(b"C B\r\nC A\r\n")
    assert await operator.ask(b"I4\r\n") == b'I4 A "B021002593"\r\n'


async def test_every_level_0_command_is_known(operator: Talk) -> None:
    assert await operator.ask(b"I0\r\n", b'I0 A 0 "@"\r\n')
    for command in (b"I1", b"I2", b"I3", b"I4", b"ZI"):
        assert (await operator.ask(command + b"\r\n")).startswith(command + b" ")


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (None, "idle"),
        ("paper_out", "paper out"),
        ("paused", "paused"),
        ("head_open", "head open"),
        ("ribbon_out", "ribbon out"),
        ("buffer_full", "buffer full"),
        ("over_temperature", "over temperature"),
    ],
)
async def test_the_printer_answers_byte_for_byte_as_the_reference(
    printer: ZplPrinterSimulator, fault: PrinterFault | None, what: str
) -> None:
    if fault is not None:
        printer.set_faults(fault)
    talk = await Talk.to(printer.port)
    assert await talk.ask(b"~HS", b"1234,0\x03\r\n") == recording("zpl_host_status.txt")[what]
    await talk.close()


async def test_the_printer_counts_remaining_labels_as_the_reference(printer: ZplPrinterSimulator) -> None:
    printer.set_faults("paused")
    printer.print_from_elsewhere(b"^XA^PQ7^XZ")
    talk = await Talk.to(printer.port)
    assert b",00000007,1,000" in await talk.ask(b"~HS", b"1234,0\x03\r\n")
    await talk.close()


async def test_the_printer_names_itself_and_does_not_know_every_variable(printer: ZplPrinterSimulator) -> None:
    talk = await Talk.to(printer.port)
    assert (await talk.ask(b"~HI")).startswith(b"\x02WarehouseSim,")
    assert await talk.ask(b'! U1 getvar "no.such.name"\r\n', b'"?"') == b'"?"'
    assert await talk.ask(b'! U1 getvar "odometer.total_label_count"\r\n', b'"0"') == b'"0"'
    await talk.close()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
async def test_the_printer_cuts_the_stream_into_labels_however_it_arrives(
    printer: ZplPrinterSimulator, size: int
) -> None:
    first, second = b"^XA^FO1,1^FD" + b"x" * 300 + b"^FS^XZ", b"^XA^FDtwo^FS^PQ2^XZ"
    stream = b"noise" + first + b"\r\n~HS" + second + b"~HS"
    talk = await Talk.to(printer.port)
    for at in range(0, len(stream), size):
        talk.writer.write(stream[at : at + size])
        await talk.writer.drain()
    await until(lambda: len(printer.labels) == 3, "three labels")
    assert printer.labels == [first, second, second]
    assert printer.label_count == 3
    await talk.close()


async def test_a_cancel_all_empties_the_printer(printer: ZplPrinterSimulator) -> None:
    printer.set_faults("paused")
    talk = await Talk.to(printer.port)
    talk.writer.write(b"^XAone^XZ^XAhalf ~JA")
    assert await talk.ask(b"~HS", b"1234,0\x03\r\n") == recording("zpl_host_status.txt")["paused"]
    await talk.close()


async def test_a_folder_that_holds_labels_is_continued(tmp_path: Path) -> None:
    (tmp_path / "000007.zpl").write_bytes(b"old")
    simulator = ZplPrinterSimulator(tmp_path, print_s=0)
    await simulator.start()
    simulator.print_from_elsewhere(b"^XAnew^XZ")
    await until(lambda: simulator.labels, "the label")
    assert (tmp_path / "000008.zpl").read_bytes() == b"^XAnew^XZ"
    await simulator.stop()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[BenchDevices]:
    devices = BenchDevices(tmp_path, scanners=("dock", "shelf"), settle_s=0, print_s=0)
    await devices.start()
    yield devices
    await devices.stop()


async def test_the_bench_tells_the_settings_of_every_device(bench: BenchDevices, tmp_path: Path) -> None:
    settings = bench.settings()
    assert settings["dock"] == {"driver": "serial_scanner", "port": str(tmp_path / "dock")}
    assert settings["shelf"] == {"driver": "serial_scanner", "port": str(tmp_path / "shelf")}
    assert settings["scale"] == {"driver": "mt_sics_scale", "port": str(tmp_path / "scale")}
    assert settings["printer"]["driver"] == "zpl_printer"


async def test_the_bench_scans_with_the_scanner_that_is_named(bench: BenchDevices, tmp_path: Path) -> None:
    line = os.open(tmp_path / "shelf", os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line)
    await bench.scan("shelf", b"]C1004")
    assert os.read(line, 100) == b"]C1004\r\n"
    os.close(line)


async def test_a_snapshot_of_the_bench_is_json_and_shows_plugs_faults_load_and_labels(bench: BenchDevices) -> None:
    await bench.put_load_mg(5_000)
    await bench.unplug("dock")
    await bench.set_fault("scale", "over")
    bench.printer.print_from_elsewhere(b"^XAone^XZ")
    await until(lambda: bench.printer.labels, "the label")
    await bench.set_fault("printer", "paper_out")
    shown = json.loads(json.dumps(bench.snapshot()))
    assert shown["scanners"]["dock"]["plugged"] is False
    assert shown["scanners"]["shelf"]["plugged"] is True
    assert (shown["scale"]["load_mg"], shown["scale"]["fault"]) == (5_000, "over")
    assert (shown["printer"]["fault"], shown["printer"]["labels"]) == ("paper_out", ["^XAone^XZ"])
    await bench.replug("dock")
    await bench.set_fault("printer", None)
    assert bench.snapshot()["scanners"]["dock"]["plugged"] is True
    assert bench.snapshot()["printer"]["fault"] is None


async def test_every_fault_the_bench_offers_can_be_set_and_mended(bench: BenchDevices) -> None:
    shown = bench.snapshot()
    faults = [(name, fault) for name, scanner in shown["scanners"].items() for fault in scanner["faults"]]
    faults += [(shown[kind]["name"], fault) for kind in ("scale", "printer") for fault in shown[kind]["faults"]]
    assert len(faults) > 30
    for name, fault in faults:
        await bench.set_fault(name, fault)
        assert fault in str(bench.snapshot())
        await bench.set_fault(name, None)


async def test_what_is_not_on_the_bench_is_refused_with_what_is(bench: BenchDevices) -> None:
    with pytest.raises(NoSuchDevice, match="no scanner 'scale' on the bench; it has dock, shelf"):
        await bench.scan("scale", b"x")
    with pytest.raises(NoSuchDevice, match="no 'belt' on the bench; it has dock, shelf, scale, printer"):
        await bench.unplug("belt")
    with pytest.raises(NoSuchDevice, match="'dock' has no fault 'paper_out'; it has split"):
        await bench.set_fault("dock", "paper_out")


async def test_a_bench_that_is_stopped_leaves_nothing_behind(tmp_path: Path) -> None:
    files, tasks = open_files(), len(asyncio.all_tasks())
    devices = BenchDevices(tmp_path / "new")
    await devices.start()
    await devices.stop()
    await until(lambda: (open_files(), len(asyncio.all_tasks())) == (files, tasks), "nothing is left behind")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["labels"]
