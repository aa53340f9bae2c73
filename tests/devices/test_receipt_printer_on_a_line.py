"""The receipt printer's driver against a simulated one, over real sockets and a real pty."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.driver import NotPrinted, PrintDoubt, Printed, ReceiptPrinter
from devices.simulators.receipt_printer import ReceiptFault, ReceiptPrinterSimulator, on_pty, on_usb
from tests.devices.support import Witness, build, open_files, owned, until

QUICK = {"status_interval_s": 0.4, "answer_timeout_s": 0.12, "confirm_timeout_s": 0.6, "connect_timeout_s": 2}
SLIP = b"Order O-1\nHammer  4\nNails  100\n\x1dVB\x00"
LINES = ["Order O-1", "Hammer  4", "Nails  100"]
AGAIN = "Look at the slip. Is it missing or torn, print it again: a second slip does no harm."


@pytest.fixture
async def far_end() -> AsyncIterator[ReceiptPrinterSimulator]:
    async with plugged() as simulator:
        yield simulator


@asynccontextmanager
async def plugged(**options: Any) -> AsyncIterator[ReceiptPrinterSimulator]:
    simulator = ReceiptPrinterSimulator(**options)
    await simulator.start()
    yield simulator
    await simulator.stop()


class Bench(Witness):
    """The printer as the agent has it, and all it says."""

    printer: ReceiptPrinter


@asynccontextmanager
async def at(simulator: ReceiptPrinterSimulator, **settings: Any) -> AsyncIterator[Bench]:
    device = build("receipt_printer", "slips", **{**QUICK, **simulator.address, **settings})
    assert isinstance(device, ReceiptPrinter)
    bench = Bench()
    bench.printer = device
    async with owned(device.run(bench.states.append)):
        yield bench


# --- its state --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words", "next_step"),
    [
        ("cover_open", "has its cover open", "Close the cover."),
        ("paper_end", "is out of paper", "Put in a new roll."),
        ("cutter", "has its cutter stuck", "Open the cover, clear the cutter"),
        ("unrecoverable", "reports a fault that it cannot mend", "Switch it off"),
        ("too_hot", "is too hot", "it goes on by itself"),
        ("offline", "is offline and does not say why", "Look at its lamps"),
        ("silent", "is connected but does not answer", "is paper in"),
        ("late", "is connected but does not answer", "is paper in"),
        ("twice", "is connected but does not answer", "is paper in"),
    ],
)
async def test_a_fault_is_told_in_words_and_goes_by_itself(
    far_end: ReceiptPrinterSimulator, fault: ReceiptFault, words: str, next_step: str
) -> None:
    async with at(far_end) as bench:
        await bench.ready()
        far_end.set_faults(fault)
        await bench.away(words)
        assert next_step in bench.states[-1].next_step
        far_end.set_faults()
        await bench.ready()
        assert [state.state for state in bench.states] == ["ready", "away", "ready"]


async def test_a_roll_that_is_nearly_at_its_end_is_a_notice_and_hinders_nothing(
    far_end: ReceiptPrinterSimulator,
) -> None:
    async with at(far_end) as bench:
        far_end.set_faults("near_end")
        await until(lambda: "nearly at its end" in bench.sentence, "the notice")
        assert (bench.state, bench.states[-1].next_step) == ("ready", "Have a new roll at hand.")
        assert await bench.printer.print(SLIP) == Printed("status")


async def test_silence_is_never_plenty_of_paper(far_end: ReceiptPrinterSimulator) -> None:
    far_end.set_faults("silent")
    async with at(far_end) as bench:
        await bench.away("does not answer")
        got = await bench.printer.print(SLIP)
        assert isinstance(got, NotPrinted)
        assert "does not answer" in got.sentence
    assert far_end.printed == b""


async def test_automatic_status_that_another_driver_left_on_changes_nothing() -> None:
    async with plugged(auto=True) as simulator, at(simulator, confirm="process_id") as bench:
        await bench.ready()
        simulator.set_faults("cover_open")
        await bench.away("has its cover open")
        simulator.set_faults()
        await bench.ready()
        assert await bench.printer.print(SLIP) == Printed("process_id")
        assert [state.state for state in bench.states] == ["ready", "away", "ready"]


async def test_a_printer_that_is_switched_off_and_on_comes_back_by_itself(far_end: ReceiptPrinterSimulator) -> None:
    before = open_files()
    async with at(far_end) as bench:
        for _ in range(2):
            await bench.ready()
            await far_end.unplug()
            await bench.away()
            await far_end.replug()
        await bench.ready()
    await until(lambda: open_files() <= before, "every file is closed")


async def test_what_the_printer_says_unasked_puts_no_answer_out_of_its_place(
    far_end: ReceiptPrinterSimulator,
) -> None:
    async with at(far_end) as bench:
        await bench.ready()
        for unasked in (b"\x1e", b"\x10\x00", b"\x00\x00\x00\x5fTM\x00\xff\xfe7\x22A001\x00"):
            far_end.say(unasked)
            await asyncio.sleep(0)
            far_end.set_faults("near_end")
            await until(lambda: "nearly" in bench.sentence, f"near end after {unasked!r}")
            far_end.set_faults()
            await until(lambda: "nearly" not in bench.sentence, f"mended after {unasked!r}")
        assert {state.state for state in bench.states} == {"ready"}


# --- printing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confirm", ["process_id", "status"])
async def test_a_slip_comes_out_once_and_the_printer_proves_it(
    far_end: ReceiptPrinterSimulator, confirm: str
) -> None:
    async with at(far_end, confirm=confirm) as bench:
        await bench.ready()
        assert await bench.printer.print(SLIP) == Printed(confirm)  # type: ignore[arg-type]
        assert await bench.printer.print(b"second\n" + SLIP) == Printed(confirm)  # type: ignore[arg-type]
    assert far_end.slips == [LINES, ["second", *LINES]]
    assert far_end.unknown == []


async def test_the_same_over_a_serial_line_at_the_speed_of_the_line(tmp_path: Path) -> None:
    async with plugged(wire=on_pty(tmp_path / "slips")) as simulator, at(simulator, baudrate=115200) as bench:
        await bench.ready()
        assert await bench.printer.print(b"x" * 40 + b"\n" + SLIP) == Printed("status")
        assert simulator.slips == [["x" * 40, *LINES]]
        await simulator.unplug()
        await bench.away()
        await simulator.replug()
        await bench.ready()


async def test_the_same_on_a_usb_node_that_goes_and_comes(tmp_path: Path) -> None:
    async with plugged(wire=on_usb(tmp_path / "lp")) as simulator, at(simulator, confirm="process_id") as bench:
        await bench.ready()
        assert await bench.printer.print(SLIP) == Printed("process_id")
        assert simulator.slips == [LINES]
        await simulator.unplug()
        await bench.away("'slips' is not plugged in: there is no")
        await simulator.replug()
        await bench.ready()
        assert await bench.printer.print(SLIP) == Printed("process_id")


async def test_a_printer_that_says_stop_gets_nothing_until_it_says_go(tmp_path: Path) -> None:
    async with plugged(wire=on_pty(tmp_path / "slips")) as simulator, at(simulator, baudrate=115200) as bench:
        await bench.ready()
        simulator.say(b"\x13")
        printing = asyncio.create_task(bench.printer.print(SLIP))
        await asyncio.sleep(0.1)
        assert simulator.printed == b""
        simulator.say(b"\x11")
        assert await printing == Printed("status")


async def test_with_nothing_to_hear_a_slip_is_sent_and_never_called_printed(
    far_end: ReceiptPrinterSimulator,
) -> None:
    far_end.set_faults("silent")
    async with at(far_end, confirm="nothing") as bench:
        await bench.ready()
        assert bench.sentence == "'slips' is connected; it does not tell its state."
        got = await bench.printer.print(SLIP)
        assert got == PrintDoubt("The slip was sent to 'slips', which does not tell what it prints.", AGAIN)
        await until(lambda: far_end.slips == [LINES], "the slip")
        await far_end.unplug()
        await bench.away()


@pytest.mark.parametrize("fault", ["cover_open", "paper_end", "cutter", "unrecoverable", "too_hot", "offline"])
async def test_a_printer_in_trouble_gets_no_byte_of_a_slip(
    far_end: ReceiptPrinterSimulator, fault: ReceiptFault
) -> None:
    async with at(far_end) as bench:
        await bench.ready()
        far_end.set_faults(fault)
        got = await bench.printer.print(SLIP)
        assert isinstance(got, NotPrinted)
        assert got.next_step
        far_end.set_faults()
        assert await bench.printer.print(SLIP) == Printed("status")
    assert far_end.slips == [LINES]


@pytest.mark.parametrize(("confirm", "auto"), [("process_id", False), ("status", True)])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("cover_open", "The receipt printer has its cover open, and the slip was not finished."),
        ("paper_end", "The receipt printer is out of paper, and the slip was not finished."),
        ("cutter", "The receipt printer has its cutter stuck, and the slip was not finished."),
        ("unrecoverable", "The receipt printer reports a fault that it cannot mend, and the slip was not finished."),
        ("silent", "The receipt printer 'slips' stopped answering while the slip was on its way, within 0.6 s."),
    ],
)
async def test_a_fault_in_the_middle_of_a_slip_leaves_it_in_doubt_and_it_is_not_sent_again(
    fault: ReceiptFault, words: str, confirm: str, *, auto: bool
) -> None:
    async with plugged(auto=auto) as simulator, at(simulator, confirm=confirm) as bench:
        await bench.ready()
        simulator.plan_fault(fault, after_lines=2)
        got = await bench.printer.print(SLIP)
        assert isinstance(got, PrintDoubt)
        assert got.sentence == words
        assert got.next_step.endswith(AGAIN)
        simulator.set_faults()
        await until(lambda: simulator.idle and simulator.slips, "what it held comes out")
        await bench.ready()
        assert simulator.slips == [LINES]


async def test_a_cover_opened_and_closed_in_the_middle_is_noticed_where_the_printer_tells_it() -> None:
    async with plugged(auto=True, knows_in_order=False) as simulator, at(simulator) as bench:
        await bench.ready()

        def open_and_close() -> None:
            simulator.set_faults("cover_open")
            simulator.set_faults()

        simulator.plan(open_and_close, after_lines=2)
        got = await bench.printer.print(SLIP)
        assert isinstance(got, PrintDoubt)
        assert "has its cover open" in got.sentence


async def test_a_hot_head_only_delays_a_slip(far_end: ReceiptPrinterSimulator) -> None:
    async with at(far_end) as bench:
        await bench.ready()
        far_end.plan_fault("too_hot", after_lines=2)
        printing = asyncio.create_task(bench.printer.print(SLIP))
        await until(lambda: far_end.faults, "hot")
        await asyncio.sleep(0.3)
        assert not printing.done()
        far_end.set_faults()
        assert await printing == Printed("status")


async def test_a_power_cut_in_the_middle_is_doubt_also_where_the_line_hides_it(
    far_end: ReceiptPrinterSimulator,
) -> None:
    async with at(far_end) as bench:
        await bench.ready()
        far_end.plan(far_end.power_blink, after_lines=2)
        got = await bench.printer.print(SLIP)
        assert isinstance(got, PrintDoubt)
        assert got.sentence == "The receipt printer 'slips' did not confirm the slip, within 0.6 s."
    assert far_end.slips == []


async def test_a_line_that_breaks_in_the_middle_is_doubt(far_end: ReceiptPrinterSimulator) -> None:
    async with at(far_end) as bench:
        await bench.ready()
        unplugging: list[asyncio.Task[None]] = []
        far_end.plan(lambda: unplugging.append(asyncio.create_task(far_end.unplug())), after_lines=2)
        got = await bench.printer.print(SLIP)
        assert isinstance(got, PrintDoubt)
        assert got.sentence.startswith("The line broke while the slip was on its way: The connection to 'slips'")
        assert got.next_step == AGAIN
        await asyncio.gather(*unplugging)


async def test_a_printer_that_is_off_got_no_byte(far_end: ReceiptPrinterSimulator) -> None:
    await far_end.unplug()
    async with at(far_end) as bench:
        await bench.away("Cannot reach 'slips'")
        got = await bench.printer.print(SLIP)
        assert isinstance(got, NotPrinted)
        assert got.sentence.startswith("Cannot reach 'slips'")


async def test_a_process_id_that_comes_late_still_proves_its_slip() -> None:
    async with plugged(ids="held") as simulator, at(simulator, confirm="process_id") as bench:
        await bench.ready()
        printing = asyncio.create_task(bench.printer.print(SLIP))
        await until(lambda: simulator.slips, "the slip")
        await asyncio.sleep(0.2)
        assert not printing.done()
        simulator.let_go_ids()
        assert await printing == Printed("process_id")


async def test_the_id_of_another_slip_proves_nothing() -> None:
    """Of ids that were kept back only the last one is left: the first slip stays in doubt."""
    async with plugged(ids="held") as simulator, at(simulator, confirm="process_id") as bench:
        await bench.ready()
        assert isinstance(await bench.printer.print(SLIP), PrintDoubt)
        simulator.let_go_ids()
        again = asyncio.create_task(bench.printer.print(SLIP))
        await until(lambda: len(simulator.slips) == 2, "the second slip")
        simulator.say(b'7"ZZZZ\x00')
        await asyncio.sleep(0.1)
        assert not again.done()
        simulator.let_go_ids()
        assert await again == Printed("process_id")


@pytest.mark.parametrize(
    ("confirm", "options"), [("process_id", {"ids": "none"}), ("status", {"knows_in_order": False})]
)
async def test_a_printer_that_does_not_know_the_proof_that_is_set_leaves_doubt(
    confirm: str, options: dict[str, Any]
) -> None:
    async with plugged(**options) as simulator, at(simulator, confirm=confirm) as bench:
        await bench.ready()
        got = await bench.printer.print(SLIP)
        assert isinstance(got, PrintDoubt)
        assert "did not confirm the slip" in got.sentence
        assert simulator.slips == [LINES]


async def test_a_slip_that_was_worked_off_by_a_printer_in_trouble_is_in_doubt() -> None:
    async with plugged(knows_in_order=False) as simulator, at(simulator) as bench:
        await bench.ready()

        def finish_and_go_offline() -> None:
            simulator.say(b"\x00")
            simulator.set_faults("offline")

        simulator.plan(finish_and_go_offline, after_lines=4)
        got = await bench.printer.print(SLIP)
        assert isinstance(got, PrintDoubt)
        assert got.sentence == "The receipt printer is offline and does not say why, and the slip was not finished."


async def test_answers_that_were_not_asked_for_are_no_proof(far_end: ReceiptPrinterSimulator) -> None:
    async with plugged(knows_in_order=False) as simulator, at(simulator) as bench:
        await bench.ready()
        simulator.plan(lambda: simulator.say(b"\x00\x00\x00"), after_lines=2)  # the tail of a torn automatic status
        got = await bench.printer.print(SLIP)
        assert isinstance(got, PrintDoubt)
        assert got.sentence == "The receipt printer 'slips' answered what was not asked."


@pytest.mark.parametrize("kick", [b"\x1bp\x00\x32\x32", b"\x10\x14\x01\x00\x01", b"\x10\x04\x01"])
async def test_the_drawer_cannot_be_opened_by_what_is_printed(far_end: ReceiptPrinterSimulator, kick: bytes) -> None:
    async with at(far_end) as bench:
        await bench.ready()
        with pytest.raises(ValueError, match="this is no slip: byte 7 begins what is neither text nor layout"):
            await bench.printer.print(b"Hammer\n" + kick + SLIP)
        assert await bench.printer.print(SLIP) == Printed("status")
    assert far_end.drawer_kicks == 0
    assert far_end.slips == [LINES]


async def test_the_simulated_drawer_does_open_when_it_is_kicked(far_end: ReceiptPrinterSimulator) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", int(far_end.address["tcp_port"]))
    writer.write(b"\x1bp\x00\x32\x32" + b"\x10\x14\x01\x00\x01")
    await until(lambda: far_end.drawer_kicks == 2, "two kicks")
    writer.close()
    await writer.wait_closed()
