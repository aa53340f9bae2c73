"""python-escpos as a judge of the simulated receipt printer: its own status reading, and its own slips."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.slips.compose import compose
from agent.slips.documents import PackingSlip
from devices.simulators.receipt_printer import ReceiptFault, ReceiptPrinterSimulator
from tests.devices.support import until
from tests.support.patience import PATIENCE_S

PLENTY, NEARLY, NONE = 2, 1, 0


@pytest.fixture
async def printer() -> AsyncIterator[ReceiptPrinterSimulator]:
    compose(PackingSlip("O", "P", "", "", (), ()), 42)  # imports python-escpos without its side effects
    simulator = ReceiptPrinterSimulator()
    await simulator.start()
    yield simulator
    await simulator.stop()


def asked(printer: ReceiptPrinterSimulator) -> tuple[bool, int]:
    from escpos.printer import Network  # type: ignore[import-untyped]  # noqa: PLC0415 -- see the fixture

    peer = Network("127.0.0.1", int(printer.address["tcp_port"]), timeout=PATIENCE_S)
    peer.open()
    try:
        return peer.is_online(), peer.paper_status()
    finally:
        peer.close()


@pytest.mark.parametrize(
    ("faults", "online", "paper"),
    [
        ((), True, PLENTY),
        (("near_end",), True, NEARLY),
        (("paper_end",), False, NONE),
        (("cover_open",), False, PLENTY),
        (("cutter",), False, PLENTY),
        (("unrecoverable",), False, PLENTY),
        (("too_hot",), False, PLENTY),
        (("offline",), False, PLENTY),
    ],
)
async def test_python_escpos_reads_the_simulated_state_as_it_is_meant(
    printer: ReceiptPrinterSimulator, faults: tuple[ReceiptFault, ...], *, online: bool, paper: int
) -> None:
    printer.set_faults(*faults)
    assert await asyncio.to_thread(asked, printer) == (online, paper)


async def test_a_slip_that_python_escpos_sends_by_itself_is_read_without_a_rest(
    printer: ReceiptPrinterSimulator,
) -> None:
    def send() -> None:
        from escpos.printer import Network  # noqa: PLC0415 -- see the fixture

        peer = Network("127.0.0.1", int(printer.address["tcp_port"]), timeout=PATIENCE_S, profile="TM-T88V")
        peer.open()
        peer.set(align="center", bold=True, double_height=True, double_width=True)
        peer.text("Grüße aus Łódź, 12,50 €\n")
        peer.set_with_default()
        peer.barcode("{BPL-7", "CODE128", function_type="B", check=False)
        peer.ln()
        peer.cut()
        peer.cashdraw(2)
        peer.close()

    await asyncio.to_thread(send)
    await until(lambda: printer.drawer_kicks, "the drawer")
    assert printer.unknown == []
    assert [each for each in printer.slips[0] if each] == ["Grüße aus Łódź, 12,50 €", "[barcode PL-7]"]
