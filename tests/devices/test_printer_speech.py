"""What the simulated printer says is checked against the references by itself, question by question."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devices.protocols.zpl import ERROR_STATUS, SYSTEM_STATUS, ZplAnswers, getvar, host_status_of
from devices.protocols.zpl_conditions import conditions_of
from devices.protocols.zpl_facts import SgdValue
from devices.simulators.zpl_engine import PrinterFault
from devices.simulators.zpl_printer import ZplPrinterSimulator
from devices.simulators.zpl_speech import SILENCES
from tests.devices.support import T, recording, until
from tests.devices.test_simulators import Talk

ANSWERS = recording("zpl_answers.txt")
LABEL = b"^XA^FO30,30^FDPL-7^FS^PQ1^XZ"
END = b"\x03\r\n"


@pytest.fixture
async def printer() -> AsyncIterator[ZplPrinterSimulator]:
    simulator = ZplPrinterSimulator(print_s=0.01, serial="41A06440023")
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def talk(printer: ZplPrinterSimulator) -> AsyncIterator[Talk]:
    talking = await Talk.to(printer.port)
    yield talking
    talking.writer.close()


@pytest.mark.parametrize(
    ("faults", "what"),
    [
        (("head_open", "paper_out"), "errors 5 of the reference"),
        (("paused", "clean_head"), "paused and clean the head"),
    ],
)
async def test_its_errors_are_those_of_the_reference(
    printer: ZplPrinterSimulator, talk: Talk, faults: tuple[PrinterFault, ...], what: str
) -> None:
    printer.set_faults(*faults)
    assert await talk.ask(ERROR_STATUS, END) == ANSWERS[what]


async def test_its_facts_are_those_of_the_reference(talk: Talk) -> None:
    assert await talk.ask(b"~HQSN\r\n", END) == ANSWERS["serial number"]
    assert await talk.ask(b"~HM\r\n", END) == ANSWERS["memory"]
    assert await talk.ask(getvar("device.unique_id"), b'3"') == ANSWERS["unique id"]
    assert await talk.ask(getvar("head.resolution.in_dpi"), b'3"') == b'"203"'


async def test_its_values_say_what_its_other_answers_say(printer: ZplPrinterSimulator, talk: Talk) -> None:
    printer.set_faults("head_open")
    (value,) = ZplAnswers("x").feed(await talk.ask(getvar("device.host_status"), b'0"'), T)
    (status,) = ZplAnswers("x").feed(await talk.ask(b"~HS", b"1234,0\x03\r\n"), T)
    assert isinstance(value, SgdValue)
    assert host_status_of("x", value, T) == status
    (system,) = ZplAnswers("x").feed(await talk.ask(SYSTEM_STATUS, b'00000000"'), T)
    assert isinstance(system, SgdValue)
    assert [conditions_of(system.text)] == ZplAnswers("x").feed(await talk.ask(ERROR_STATUS, END), T)


@pytest.mark.parametrize("fault", sorted(SILENCES))
async def test_by_the_manual_it_gives_no_host_status_in_an_error_and_answers_everything_else(
    printer: ZplPrinterSimulator, talk: Talk, fault: PrinterFault
) -> None:
    printer.manners.silent_in_error = True
    printer.set_faults(fault)
    talk.writer.write(b"~HS" + getvar("device.host_status"))
    assert await talk.ask(getvar("odometer.total_label_count"), b'0"') == b'"0"', "nothing came before it"
    printer.set_faults("paused")
    assert b"030,0,1" in await talk.ask(b"~HS", b"1234,0\x03\r\n")


async def test_a_printer_whose_memory_is_full_reads_nothing_until_it_prints(
    printer: ZplPrinterSimulator,
) -> None:
    printer.manners.memory = 10 * len(LABEL)
    printer.set_faults("buffer_full")
    talk = await Talk.to(printer.port)
    flood = asyncio.create_task(_say(talk, LABEL * 300_000))
    await until(printer._deaf, "its memory is full")
    taken = printer.formats_received
    assert not flood.done(), "the rest waits on the wire"
    assert not printer.labels
    printer.set_faults()
    await until(lambda: len(printer.labels) > taken, "it reads on")
    flood.cancel()
    await asyncio.wait([flood])
    talk.writer.transport.abort()


async def _say(talk: Talk, data: bytes) -> None:
    talk.writer.write(data)
    await talk.writer.drain()


async def test_half_a_label_from_a_caller_that_is_gone_swallows_the_next(printer: ZplPrinterSimulator) -> None:
    first = await Talk.to(printer.port)
    first.writer.write(LABEL[:12])
    await first.close()
    await until(lambda: printer.formats_received == 1, "half a label")
    second = await Talk.to(printer.port)
    assert b",1,000,0,0,0\x03" in await second.ask(b"~HS", b"1234,0\x03\r\n"), "a partial format"
    second.writer.write(LABEL)
    await until(lambda: printer.labels, "one label of both")
    assert printer.labels == [LABEL[:12] + LABEL]
    await second.close()


async def test_half_a_label_on_one_interface_does_not_touch_another(tmp_path: Path) -> None:
    simulator = ZplPrinterSimulator(print_s=0.01, usb=tmp_path / "lp0")
    await simulator.start()
    try:
        talk = await Talk.to(simulator.port)
        talk.writer.write(LABEL[:12])
        await until(lambda: simulator.formats_received, "half a label")
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as usb:
            usb.connect(str(tmp_path / "lp0"))
            usb.send(LABEL)
            await until(lambda: simulator.labels == [LABEL], "the label by USB")
        assert not simulator.idle
        await talk.close()
    finally:
        await simulator.stop()


async def test_a_power_cut_takes_its_usb_node_away_and_leaves_its_serial_line(tmp_path: Path) -> None:
    simulator = ZplPrinterSimulator(print_s=0.01, usb=tmp_path / "lp0", serial_port=tmp_path / "tty")
    await simulator.start()
    simulator.plan_power_cut("before")
    simulator.print_from_elsewhere(LABEL)
    await until(lambda: not simulator.plugged, "the power is gone")
    assert not (tmp_path / "lp0").exists()
    assert (tmp_path / "tty").exists()
    await simulator.replug()
    assert (tmp_path / "lp0").exists()
    await simulator.stop()
    assert not (tmp_path / "lp0").exists()
    assert not (tmp_path / "tty").is_symlink()
