from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from devices.driver import Printer, Surroundings
from devices.drivers.zpl_link import ZplLink
from devices.drivers.zpl_printer import DRIVER
from devices.simulators.zpl_printer import PrinterFault, When, ZplPrinterSimulator
from devices.transports import ConnectRefused, TransportLost
from tests.devices.support import build, open_files, owned, soon, until, watched
from tests.support.patient_loop import patient_now

QUICK = {"status_interval_s": 0.4, "answer_timeout_s": 0.3, "connect_timeout_s": 2}

LABEL = b"^XA^FO30,30^FDPL-7^FS^PQ1^XZ"


@pytest.fixture
async def far_end(tmp_path: Path) -> AsyncIterator[ZplPrinterSimulator]:
    simulator = ZplPrinterSimulator(tmp_path / "labels", print_s=0.02, label_count=41)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def printer(far_end: ZplPrinterSimulator) -> Printer:
    return printer_at(far_end)


def printer_at(simulator: ZplPrinterSimulator, **settings: Any) -> Printer:
    device = build("zpl_printer", "pack1", **{**QUICK, **simulator.address, **settings})
    assert isinstance(device, Printer)
    return device


async def test_a_label_is_printed_byte_for_byte_and_the_counter_proves_it(
    printer: Printer, far_end: ZplPrinterSimulator, tmp_path: Path
) -> None:
    async with printer.connect() as link:
        before = await link.status()
        assert before is not None
        assert before.ready
        assert await link.label_count() == 41
        await link.send(LABEL)
        await until(lambda: far_end.labels, "the label")
        after = await link.status()
        assert after is not None
        assert after.empty
        assert await link.label_count() == 42
    assert far_end.labels == [LABEL]
    assert (tmp_path / "labels" / "000001.zpl").read_bytes() == LABEL
    assert [path.name for path in (tmp_path / "labels").iterdir()] == ["000001.zpl"]


async def test_while_a_batch_prints_the_status_says_how_many_are_left(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    far_end.set_faults("paused")
    async with printer.connect() as link:
        await link.send(LABEL.replace(b"^PQ1", b"^PQ3") + LABEL)
        status = await link.status()
        assert status is not None
        assert (status.labels_remaining, status.formats_in_buffer, status.empty) == (3, 1, False)
        far_end.set_faults()
        await until(lambda: len(far_end.labels) == 4, "four labels")
        assert await link.label_count() == 45


async def test_a_watched_printer_is_ready_and_says_each_change_once(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    async with watched(printer) as says:
        await says.ready()
        far_end.set_faults("paper_out")
        await says.away("out of labels")
        assert (says.sentence, says.states[-1].next_step) == ("The label printer is out of labels.", "Load a roll.")
        far_end.set_faults("head_open")
        await says.away("head open")
        far_end.set_faults()
        await says.ready()
        assert [state.state for state in says.states] == ["ready", "away", "away", "ready"]


@pytest.mark.parametrize(
    ("tells_errors", "sentence"),
    [(True, "is out of labels"), (False, "is connected but does not answer")],
)
async def test_a_printer_that_falls_silent_in_an_error_names_it_where_it_knows_another_question(
    sentence: str, *, tells_errors: bool
) -> None:
    simulator = ZplPrinterSimulator(silent_in_error=True, tells_errors=tells_errors)
    await simulator.start()
    try:
        async with watched(printer_at(simulator)) as says:
            await says.ready()
            simulator.set_faults("paper_out")
            await says.away(sentence)
            assert "labels" in says.states[-1].next_step or says.states[-1].next_step == "Load a roll."
            simulator.set_faults()
            await says.ready()
    finally:
        await simulator.stop()


@pytest.mark.parametrize(
    ("fault", "sentence", "next_step"),
    [
        ("cutter_fault", "has a fault at its cutter", "clear the cutter"),
        ("motor_too_hot", "has a motor that is too hot", "goes on by itself"),
        ("bad_head_element", "has a bad element in its print head", "have the head replaced"),
    ],
)
async def test_what_the_host_status_does_not_tell_is_told_by_the_errors(
    printer: Printer, far_end: ZplPrinterSimulator, fault: PrinterFault, sentence: str, next_step: str
) -> None:
    far_end.set_faults(fault)
    async with watched(printer) as says:
        await says.away(sentence)
        assert next_step in says.states[-1].next_step


async def test_a_warning_is_a_note_and_hinders_nothing(printer: Printer, far_end: ZplPrinterSimulator) -> None:
    far_end.set_faults("clean_head")
    async with watched(printer) as says:
        await says.ready()
        assert says.sentence.startswith("'pack1' is ready. Its print head has to be cleaned")
        far_end.set_faults()
        await until(lambda: says.sentence == "'pack1' is ready.", "the note goes")


async def test_a_printer_that_does_not_know_its_errors_is_asked_once_and_not_again(tmp_path: Path) -> None:
    asked: list[bytes] = []
    simulator = ZplPrinterSimulator(tells_errors=False)
    await simulator.start()
    try:
        settings = {"driver": "zpl_printer", **QUICK, **simulator.address, "answer_timeout_s": 0.1}
        around = Surroundings(patient_now, soon, lambda _device, _way, data, _t: asked.append(data))
        printer = DRIVER.build("pack1", DRIVER.settings.model_validate(settings), around)
        assert isinstance(printer, Printer)
        async with watched(printer) as says:
            await says.ready()
            await until(lambda: asked.count(b"~HS\r\n") >= 5, "five looks")
        assert asked.count(b"~HQES\r\n") == 1
    finally:
        await simulator.stop()


async def test_why_it_is_silent_is_asked_on_the_same_connection_and_proves_nothing(tmp_path: Path) -> None:
    simulator = ZplPrinterSimulator(silent_in_error=True)
    await simulator.start()
    try:
        simulator.set_faults("head_open")
        async with printer_at(simulator).connect() as link:
            assert await link.status() is None
            first = set(simulator._serving)
            assert await link.fault() == ("The label printer has its head open.", "Close the head.")
            assert set(simulator._serving) == first, "the same connection"
            assert await link.label_count() == 0
            assert set(simulator._serving) != first, "what counts is asked on a new one"
    finally:
        await simulator.stop()


async def test_it_tells_who_it_is_and_how_much_it_has_printed(printer: Printer) -> None:
    async with printer.connect() as link:
        assert isinstance(link, ZplLink)
        identity, odometer = await link.identity(), await link.odometer()
        assert identity is not None
        assert (identity.model, identity.dpi, identity.memory_kb) == ("WarehouseSim", 203, 8192)
        assert odometer is not None
        assert odometer.meters == {"TOTAL NONRESETTABLE": 41 * 6}
        assert await link.serial_number() == "SIM1"


async def test_a_printer_without_the_value_says_its_serial_number_in_the_old_way(tmp_path: Path) -> None:
    simulator = ZplPrinterSimulator(deaf_to=b"unique_id", serial="41A06440023")
    await simulator.start()
    try:
        async with printer_at(simulator).connect() as link:
            assert isinstance(link, ZplLink)
            assert await link.serial_number() == "41A06440023"
    finally:
        await simulator.stop()


@pytest.mark.parametrize("fault", ["silent", "cut", "garbage", "half_open"])
async def test_without_a_whole_answer_there_is_no_status_and_no_count(
    printer: Printer, far_end: ZplPrinterSimulator, fault: PrinterFault
) -> None:
    far_end.set_faults(fault)
    async with printer.connect() as link:
        assert await link.status() is None
        if fault != "half_open":  # there the second connection waits behind the first, which nobody closes
            assert await link.label_count() is None
        far_end.set_faults()


async def test_a_late_answer_is_never_taken_for_the_answer_to_the_next_question(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    async with printer.connect() as link:
        far_end.set_faults("half_open")
        assert await link.label_count() is None
        far_end.set_faults()  # only now it reads the first question, and answers 41
        far_end.print_from_elsewhere(LABEL)
        await until(lambda: far_end.label_count == 42, "the other label")
        assert await link.label_count() == 42


async def test_a_printer_that_is_off_refuses_the_connection_so_surely_no_byte_was_sent(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    await far_end.unplug()
    with pytest.raises(ConnectRefused) as refused:
        async with printer.connect():
            raise AssertionError("connected to a printer that is off")
    assert refused.value.sentence == (f"Cannot reach 'pack1' at 127.0.0.1 port {far_end.port}: Connection refused.")
    assert "devices.pack1" in refused.value.next_step


async def test_a_power_cut_after_the_first_byte_is_lost_and_never_a_refusal(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    async with printer.connect() as link:
        await link.send(LABEL[:10])
        await far_end.unplug()
        with pytest.raises(TransportLost):
            await link.status()


async def test_a_connection_that_cannot_be_renewed_after_sending_is_lost_and_never_a_refusal(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    async with printer.connect() as link:
        await link.send(LABEL)
        far_end.set_faults("silent")
        assert await link.status() is None
        await far_end.unplug()
        with pytest.raises(TransportLost):
            await link.status()


@pytest.mark.parametrize(
    "fault", ["paper_out", "head_open", "ribbon_out", "paused", "over_temperature", "buffer_full"]
)
@pytest.mark.parametrize(("when", "printed_at_once"), [("before", 0), ("during", 0), ("after", 1)])
async def test_a_fault_around_a_label_shows_in_status_and_counter_and_the_label_comes_out_once(
    printer: Printer, far_end: ZplPrinterSimulator, fault: PrinterFault, when: When, printed_at_once: int
) -> None:
    far_end.plan_fault(fault, when)
    async with printer.connect() as link:
        await link.send(LABEL)
        await until(lambda: far_end.faults, "the fault")
        status = await link.status()
        assert status is not None
        assert getattr(status, fault)
        assert not status.ready
        assert status.empty == bool(printed_at_once)
        assert await link.label_count() == 41 + printed_at_once
        far_end.set_faults()
        await until(lambda: far_end.label_count == 42, "the label")
    assert far_end.labels == [LABEL]


async def test_power_loss_forgets_the_label_that_was_not_printed_and_keeps_the_counter(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    far_end.set_faults("paper_out")
    async with printer.connect() as link:
        await link.send(LABEL)
        status = await link.status()
        assert status is not None
        assert not status.empty
        await far_end.power_cycle()
        with pytest.raises(TransportLost):
            await link.status()
    far_end.set_faults()
    async with printer.connect() as link:
        status = await link.status()
        assert status is not None
        assert status.empty
        assert await link.label_count() == 41
    assert far_end.labels == []


async def test_half_a_label_from_a_broken_job_is_seen_before_the_next_is_swallowed_by_it(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    async with printer.connect() as link:
        await link.send(LABEL[:12])
    async with printer.connect() as link:
        status = await link.status()
        assert status is not None
        assert status.partial_format
        assert not status.ready


async def test_the_label_of_another_computer_shows_in_the_counter(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    async with printer.connect() as link:
        far_end.print_from_elsewhere(b"^XAother^XZ")
        await until(lambda: far_end.labels, "the other label")
        assert await link.label_count() == 42


async def test_only_one_caller_holds_the_printer_and_the_next_waits_for_the_peers_close(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    order: list[str] = []

    async def print_one(name: str) -> None:
        async with printer.connect() as link:
            order.append(f"{name} in")
            assert await link.status() is not None
            assert len(far_end._serving) == 1
            order.append(f"{name} out")
        assert not far_end._serving

    await asyncio.gather(print_one("a"), print_one("b"), print_one("c"))
    assert order == ["a in", "a out", "b in", "b out", "c in", "c out"]


async def test_watching_waits_while_someone_prints(printer: Printer, far_end: ZplPrinterSimulator) -> None:
    states: list[str] = []
    async with AsyncExitStack() as held:
        await held.enter_async_context(printer.connect())
        async with owned(printer.run(lambda state: states.append(state.state))):
            await until(lambda: printer._one_connection._waiters, "the watch stands in line")  # type: ignore[attr-defined]
            assert states == []
            await held.aclose()
            await until(lambda: states == ["ready"], "the watch has its turn")


async def test_a_printer_held_by_another_computer_does_not_answer_and_is_told_so(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    _, other = await asyncio.open_connection("127.0.0.1", far_end.port)
    async with watched(printer) as says:
        await says.away("does not answer")
        other.close()
        await says.ready()


async def test_it_comes_back_after_every_power_cut_and_leaves_nothing_behind(
    printer: Printer, far_end: ZplPrinterSimulator
) -> None:
    async with watched(printer) as says:
        await says.ready()
        await until(lambda: not far_end._serving, "calm")
        files, tasks = open_files(), len(asyncio.all_tasks())
        for _ in range(20):
            await far_end.unplug()
            await says.away("Cannot reach")
            await far_end.replug()
            await says.ready()
        await until(lambda: (open_files(), len(asyncio.all_tasks())) == (files, tasks), "nothing is left behind")
