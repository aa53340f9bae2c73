"""A label printer by USB, on a serial line, and behind a print queue: what it answers.

Long, because each way must show the same promises.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from devices.driver import Printer, Surroundings
from devices.drivers.zpl_printer import CANNOT_TELL, ZplPrinter
from devices.drivers.zpl_queue import NOTE
from devices.drivers.zpl_settings import ZplPrinterSettings
from devices.identity import matching, nodes
from devices.protocols.ieee1284 import DeviceId, device_id_in
from devices.protocols.zpl import LABEL_COUNT
from devices.simulators.wire import PtyWire
from devices.simulators.zpl_printer import ZplPrinterSimulator
from devices.simulators.zpl_wires import SerialInterface
from devices.transports import ConnectRefused, TransportLost, UsbPrinterTransport
from devices.transports.print_queue import PrintQueueFault, RawQueue
from tests.devices.support import build, soon, until, watched
from tests.support.patient_loop import patient_now

LABEL = b"^XA^FO30,30^FDPL-7^FS^PQ1^XZ"
HELD_S = 0.5
QUICK = {"status_interval_s": 0.4, "answer_timeout_s": 0.3}


@pytest.fixture
async def far_end(tmp_path: Path) -> AsyncIterator[ZplPrinterSimulator]:
    simulator = ZplPrinterSimulator(
        print_s=0.02, label_count=41, usb=tmp_path / "lp0", serial_port=tmp_path / "ttyPrinter"
    )
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture(params=["usb", "serial"])
def printer(request: pytest.FixtureRequest, far_end: ZplPrinterSimulator) -> Printer:
    return by(request.param, far_end)


def by(way: str, far_end: ZplPrinterSimulator, **settings: Any) -> Printer:
    address = far_end.usb_address if way == "usb" else far_end.serial_address
    device = build("zpl_printer", "pack1", **{**QUICK, **address, **settings})
    assert isinstance(device, Printer)
    return device


async def test_by_usb_and_serial_line_a_label_is_printed_byte_for_byte_and_the_counter_proves_it(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    label = LABEL.replace(b"PL-7", b"x" * 9000)  # more than one write takes
    async with printer.connect() as link:
        before = await link.status()
        assert before is not None
        assert before.ready
        assert await link.label_count() == 41
        await link.send(label)
        await until(lambda: far_end.labels, "the label")
        assert await link.label_count() == 42
        assert await link.resolution_dpi() == 203
    assert far_end.labels == [label]


async def test_by_usb_and_serial_line_the_state_is_watched(printer: Printer, far_end: ZplPrinterSimulator) -> None:
    async with watched(printer) as says:
        await says.ready()
        far_end.set_faults("head_open")
        await says.away("has its head open")
        far_end.set_faults()
        await says.ready()


async def test_only_one_caller_holds_it(printer: Printer) -> None:
    order: list[str] = []

    async def print_one(name: str) -> None:
        async with printer.connect() as link:
            order.append(f"{name} in")
            assert await link.status() is not None
            order.append(f"{name} out")

    await asyncio.gather(print_one("a"), print_one("b"))
    assert order == ["a in", "a out", "b in", "b out"]


async def test_on_a_line_an_answer_that_comes_late_is_never_taken_for_the_next_one(tmp_path: Path) -> None:
    asked: list[bytes] = []
    opened = 0

    def received(data: bytes) -> None:
        asked.append(data)
        if opened == 3:
            wire.write(b'"42"')

    def tap(_device: str, _way: str, data: bytes, _t: float) -> None:
        nonlocal opened
        opened += data == b"opened"
        if data == b"opened" and opened == 3:
            wire.write(b'"41"')  # the answer to the question before

    wire = PtyWire(received, tmp_path / "tty")
    await wire.plug()
    settings = ZplPrinterSettings.model_validate({"serial_port": str(tmp_path / "tty"), "answer_timeout_s": 0.15})
    async with ZplPrinter("pack1", settings, Surroundings(patient_now, soon, tap)).connect() as link:
        assert await link.label_count() is None
        assert await link.label_count() == 42
    assert asked == [LABEL_COUNT, LABEL_COUNT]
    await wire.unplug()


async def test_what_the_line_holds_from_before_is_thrown_away(far_end: ZplPrinterSimulator, tmp_path: Path) -> None:
    """As when the agent was stopped between a question and its answer."""
    printer = by("serial", far_end)
    line = os.open(tmp_path / "ttyPrinter", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    os.write(line, b'! U1 getvar "odometer.total_label_count"\r\n')
    os.close(line)
    far_end.print_from_elsewhere(LABEL)
    await until(lambda: far_end.label_count == 42, "the other label")
    async with printer.connect() as link:
        assert await link.label_count() == 42


async def test_a_usb_printer_that_is_unplugged_refuses_and_then_comes_back(far_end: ZplPrinterSimulator) -> None:
    printer = by("usb", far_end)
    async with watched(printer) as says:
        await says.ready()
        await far_end.unplug()
        await says.away("is not plugged in")
        await far_end.replug()
        await says.ready()
    await far_end.unplug()
    with pytest.raises(ConnectRefused):
        async with printer.connect():
            raise AssertionError("connected to a printer that is not there")


async def test_a_usb_printer_that_is_unplugged_in_the_middle_of_a_label_is_lost(far_end: ZplPrinterSimulator) -> None:
    async with by("usb", far_end).connect() as link:
        assert await link.status() is not None
        await link.send(LABEL[:10])
        await far_end.unplug()
        with pytest.raises(TransportLost, match="is gone from"):
            await link.status()


async def test_a_serial_port_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    printer = build("zpl_printer", "pack1", serial_port=str(tmp_path / "none"))
    assert isinstance(printer, Printer)
    with pytest.raises(ConnectRefused, match="there is no such port") as refused:
        async with printer.connect():
            raise AssertionError("connected to nothing")
    assert "devices.pack1.serial_port in edge.toml" in refused.value.next_step


async def test_a_serial_printer_that_is_switched_off_does_not_answer(far_end: ZplPrinterSimulator) -> None:
    async with watched(by("serial", far_end)) as says:
        await says.ready()
        await far_end.unplug()
        await says.away("is connected but does not answer")
        await far_end.replug()
        await says.ready()


@pytest.mark.parametrize(("flow", "whole"), [("xonxoff", True), ("none", False)])
async def test_a_serial_printer_that_is_full_stops_the_line_so_that_no_byte_of_a_long_label_is_lost(
    far_end: ZplPrinterSimulator, flow: str, *, whole: bool
) -> None:
    far_end.manners.memory = 1
    label = LABEL.replace(b"PL-7", b"y" * 600_000)
    async with by("serial", far_end, flow=flow).connect() as link:
        assert await link.status() is not None
        far_end.set_faults("buffer_full")
        far_end.print_from_elsewhere(LABEL)  # now its memory is full
        sending = asyncio.create_task(link.send(label))
        if whole:
            (serial,) = (each for each in far_end._others if isinstance(each, SerialInterface))
            await until(lambda: serial._stopped, "the line is stopped")
            with pytest.raises(TimeoutError):  # without Xon/Xoff all of it is away by now, and most of it lost
                await asyncio.wait_for(asyncio.shield(sending), HELD_S)
        else:
            await sending
        far_end.set_faults()
        await sending
        await until(lambda: far_end.label_count == 42 + whole, "what came whole is printed")
    assert far_end.labels == ([LABEL, label] if whole else [LABEL])


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({}, "exactly one of host, usb"),
        ({"host": "p", "queue": "q", "proof": "scan"}, "exactly one of host, usb"),
        ({"usb": "0a5f:0166", "serial_port": "/dev/serial/by-id/x"}, "exactly one of host, usb"),
        ({"queue": "zebra"}, 'set proof = "scan"'),
        ({"queue": "-o evil", "proof": "scan"}, "match pattern"),
        ({"node": "/dev/usb/lp0"}, "must be a name that stays"),
        ({"serial_port": "/dev/ttyUSB0"}, "must be a name that stays"),
        ({"host": "p", "usb_port": "1-1"}, "set usb too"),
        ({"node": "/dev/label", "serial": "4"}, "needs host or usb"),
        ({"usb": "0a5f:0166", "alert_listen": "192.0.2.1:9101"}, "alert_listen needs host"),
        ({"serial_port": "/dev/label", "bytesize": 7}, 'set flow = "rtscts"'),
        ({"serial_port": "/dev/label", "flow": "dsrdtr"}, "'none', 'rtscts' or 'xonxoff'"),
    ],
)
def test_a_printer_is_connected_in_exactly_one_way(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ZplPrinterSettings.model_validate(settings)
    assert complaint in refused.value.errors()[0]["msg"]


@pytest.mark.parametrize("proof", ["scan", "counter"])
async def test_a_printer_that_never_answers_is_ready_only_where_the_site_says_that_scans_prove(proof: str) -> None:
    simulator = ZplPrinterSimulator()
    await simulator.start()
    try:
        simulator.set_faults("silent")
        printer = build("zpl_printer", "pack1", **QUICK, **simulator.address, proof=proof)
        assert isinstance(printer, Printer)
        async with watched(printer) as says:
            if proof == "scan":
                await says.ready()
                assert says.sentence == f"'pack1' is ready. {CANNOT_TELL}"
            else:
                await says.away("does not answer")
    finally:
        await simulator.stop()


# --- what a USB printer says it is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meaning", "speaks"),
    [
        (
            b"MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421-300dpi ZPL;CLS:PRINTER;",
            DeviceId("Zebra Technologies", "ZTC ZD421-300dpi ZPL", ("ZPL",), ""),
            True,
        ),
        (
            b"MANUFACTURER:Zebra;COMMAND SET:EPL2, ZPL II;MODEL:GK420d;SN:29J1;",
            DeviceId("Zebra", "GK420d", ("EPL2", "ZPL II"), "29J1"),
            True,
        ),
        (b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;", DeviceId("EPSON", "TM-T88V", ("ESC/POS",), ""), False),
        (b"", DeviceId("", "", (), ""), None),
        (b"no id at all \xff\x00;;::;:x", DeviceId("", "", (), ""), None),
    ],
)
def test_the_id_of_a_usb_printer_tells_its_languages(text: bytes, meaning: DeviceId, *, speaks: bool | None) -> None:
    said = device_id_in((len(text) + 2).to_bytes(2, "big") + text + bytes(40))
    assert said == meaning
    assert said.speaks_zpl is speaks


@given(st.binary(max_size=1500))
def test_an_id_of_any_bytes_is_read_and_never_raises(raw: bytes) -> None:
    said = device_id_in(raw)
    assert all(text.isprintable() for text in (said.manufacturer, said.model, said.serial, *said.languages))


async def test_a_usb_printer_that_names_other_languages_is_ready_with_a_note(far_end: ZplPrinterSimulator) -> None:
    printer = by("usb", far_end)
    assert isinstance(printer, ZplPrinter)
    printer._see_id(b"\x00\x00MFG:Zebra;CMD:EPL2;MDL:LP2844;")
    async with printer.connect() as link:
        assert await link.status() is not None
        printer._see_id(b"\x00\x00MFG:Zebra;CMD:EPL2;MDL:LP2844;")
        assert printer._note(None) == "It says that it understands EPL2 and does not name ZPL."


def test_two_usb_printers_alike_are_told_apart_by_their_socket(tmp_path: Path) -> None:
    for number, socket in enumerate(("1-1.1", "1-1.4")):
        usb = tmp_path / "sys/devices/usb1" / socket
        (usb / f"{socket}:1.0/usbmisc/lp{number}").mkdir(parents=True)
        for fact, text in (("idVendor", "0a5f"), ("idProduct", "0166"), ("product", "ZD421"), ("serial", "")):
            (usb / fact).write_text(text, encoding="utf-8")
        entry = tmp_path / f"sys/class/usbmisc/lp{number}"
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(usb / f"{socket}:1.0")
    found = nodes("usbmisc", tmp_path / "sys", Path("/dev"))
    assert [each.path for each in matching(found, "0a5f:0166", None, "1-1.4")] == [Path("/dev/usb/lp1")]
    assert len(matching(found, "0a5f:0166", None, None)) == 2


async def test_a_node_that_is_no_usb_printer_has_no_id_and_an_empty_read_is_not_its_end(tmp_path: Path) -> None:
    """A named pipe with both ends open stands for the kernel's node: it can be waited for, and it is no usblp."""
    os.mkfifo(tmp_path / "lp0")
    line = UsbPrinterTransport("pack1", lambda: [tmp_path / "lp0"], "a printer", "devices.pack1.usb")
    await line.open()
    assert line.device_id() == b""
    await line.write(b"~HS")
    assert await line.read() == b"~HS"
    await line.close()


# --- print queues -----------------------------------------------------------------------------------------------

FAKE = """#!/bin/sh
echo "$(basename $0) $*" >> {folder}/asked
[ -f {folder}/hang ] && exec sleep 60
if [ "$(basename $0)" = lp ]; then cat > {folder}/printed; fi
cat {folder}/out-$(basename $0) 2>/dev/null
cat {folder}/err-$(basename $0) >&2 2>/dev/null
exit $(cat {folder}/code-$(basename $0) 2>/dev/null || echo 0)
"""


class PrintSystem:
    """A CUPS that does what the test says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for program in ("lp", "lpstat"):
            path = folder / program
            path.write_text(FAKE.format(folder=folder), encoding="utf-8")
            path.chmod(0o755)
        self.says("lpstat", "printer zebra is idle.  enabled since Thu 01 Jan 2026\n")

    def says(self, program: str, out: str = "", err: str = "", code: int = 0) -> None:
        for what, text in (("out", out), ("err", err), ("code", str(code))):
            (self.folder / f"{what}-{program}").write_text(text, encoding="utf-8")

    @property
    def printed(self) -> bytes:
        return (self.folder / "printed").read_bytes()

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PrintSystem:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return PrintSystem(tmp_path)


@pytest.fixture
def queue() -> Printer:
    device = build("zpl_printer", "pack3", queue="zebra", proof="scan", status_interval_s=0.2)
    assert isinstance(device, Printer)
    return device


async def test_a_queue_gets_the_label_as_it_is_and_tells_nothing_back(queue: Printer, cups: PrintSystem) -> None:
    async with queue.connect() as link:
        assert await link.status() is None
        assert await link.label_count() is None
        assert await link.resolution_dpi() is None
        assert await link.fault() is None
        await link.send("^XA^FDGrüße^XZ".encode())
    assert cups.printed == "^XA^FDGrüße^XZ".encode()
    assert cups.asked == ["lpstat -p zebra", "lp -d zebra -o raw -s --"]


async def test_a_queue_that_takes_labels_is_ready_with_a_note_that_each_is_scanned(
    queue: Printer, cups: PrintSystem
) -> None:
    async with watched(queue) as says:
        await says.ready()
        assert says.sentence == f"'pack3' is ready. {NOTE}"
        cups.says("lpstat", "printer zebra disabled since Thu 01 Jan 2026 -\n\tUnplugged or turned off\n")
        await says.away("is stopped")
        assert "cupsenable zebra" in says.states[-1].next_step
        cups.says("lpstat", "printer zebra now printing zebra-12.  enabled since Thu 01 Jan 2026\n")
        await says.away("still busy")
        cups.says("lpstat", err='lpstat: Invalid destination name in list "zebra".\n', code=1)
        await says.away("Invalid destination")


@pytest.mark.parametrize("state", ["printer zebra disabled since x", "printer zebra now printing zebra-12."])
async def test_a_queue_that_would_hold_the_label_back_is_refused_before_a_byte_is_sent(
    queue: Printer, cups: PrintSystem, state: str
) -> None:
    cups.says("lpstat", state)
    with pytest.raises(ConnectRefused):
        async with queue.connect():
            raise AssertionError("the label would come out at any time")
    assert not (cups.folder / "printed").exists()


async def test_a_queue_that_fails_is_a_loss_with_its_own_words(queue: Printer, cups: PrintSystem) -> None:
    cups.says("lp", err="lp: The printer or class does not exist.\n", code=1)
    async with queue.connect() as link:
        with pytest.raises(TransportLost, match="lp failed with 1: 'lp: The printer or class does not exist"):
            await link.send(LABEL)


async def test_a_machine_without_a_print_system_says_what_to_install(
    queue: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ConnectRefused, match="the program lpstat is not installed") as refused:
        async with queue.connect():
            raise AssertionError("there is no queue")
    assert "cups-client" in refused.value.next_step


def raw(name: str | None = "zebra") -> Any:
    return RawQueue(name)  # type: ignore[no-untyped-call]


def test_the_queues_of_this_machine_are_listed(cups: PrintSystem) -> None:
    cups.says("lpstat", "printer zebra is idle.\nprinter office is idle.\n\tsomething else\n")
    assert raw().getqueues() == ["zebra", "office"]
    cups.says("lpstat", err="lpstat: No destinations added.\n", code=1)
    assert raw().getqueues() == []


def test_a_list_of_queues_that_cannot_be_had_is_no_empty_list(
    cups: PrintSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    cups.says("lpstat", err="lpstat: Bad file descriptor\n", code=1)
    with pytest.raises(PrintQueueFault, match="lpstat failed with 1: 'lpstat: Bad file descriptor'"):
        raw().getqueues()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(PrintQueueFault, match="not installed"):
        raw().getqueues()


@pytest.mark.parametrize(
    ("act", "printed"),
    [
        (lambda q: q.setup(direct_thermal=True, label_height=(406, 32), label_width=609), b"\nOD\nQ406,32\nq609\n"),
        (lambda q: q.autosense(), b"\nxa\n"),
        (lambda q: q.print_config_label(), b"\nU\n"),
        (lambda q: q.output("Grüße"), "Grüße".encode()),
    ],
)
def test_an_epl2_printer_is_set_up_through_its_queue(cups: PrintSystem, act: Any, printed: bytes) -> None:
    act(raw())
    assert cups.printed == printed
    cups.says("lp", err="lp: no\n", code=1)
    with pytest.raises(PrintQueueFault, match="lp failed with 1"):
        act(raw())


def test_a_set_up_that_no_label_has_is_refused(cups: PrintSystem) -> None:
    for size in ({"label_width": -1}, {"label_height": (20_000, 1)}, {"label_height": (1, 2, 3)}):
        with pytest.raises(PrintQueueFault, match="0 to 15000 dots"):
            raw().setup(**size)
    assert not (cups.folder / "printed").exists()


@pytest.mark.parametrize("name", [None, "", "-rf", "a b", "x" * 200])
def test_a_name_that_is_no_queue_is_refused_in_a_sentence(cups: PrintSystem, name: str | None) -> None:
    with pytest.raises(PrintQueueFault, match="There is no print queue named"):
        raw(name).output(LABEL)
