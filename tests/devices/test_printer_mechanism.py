"""What the simulated printer does to paper: torn labels, reprint after error, power cuts at any byte, its counter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from devices.simulators.zpl_printer import PrinterFault, When, ZplPrinterSimulator
from tests.devices.support import build, until

LABEL = b"^XA^FO30,30^FDPL-7^FS^PQ1^XZ"
Send = Callable[[bytes], Any]


@asynccontextmanager
async def printer(**of: Any) -> AsyncIterator[tuple[ZplPrinterSimulator, Send]]:
    """A printer that prints at once, and how to send it bytes."""
    simulator = ZplPrinterSimulator(**{"print_s": 0.01, **of})
    await simulator.start()

    async def send(data: bytes) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", simulator.port)
        writer.write(data)
        await writer.drain()
        writer.close()

    try:
        yield simulator, send
    finally:
        await simulator.stop()


@pytest.mark.parametrize("fault", ["paper_out", "head_open", "ribbon_out"])
@pytest.mark.parametrize(
    ("reprints", "obeys_jz", "says", "labels"),
    [
        (True, True, b"", 1),  # the printer's own setting, Y from the factory
        (False, True, b"", 0),
        (True, True, b"^JZN", 0),  # the label decides
        (False, True, b"^JZY", 1),
        (True, False, b"^JZN", 1),  # a printer that does not care
    ],
)
async def test_an_interrupted_label_is_torn_and_jz_decides_whether_it_is_printed_again(
    fault: PrinterFault, says: bytes, labels: int, *, reprints: bool, obeys_jz: bool
) -> None:
    label = LABEL.replace(b"^FO", says + b"^FO")
    async with printer(reprints=reprints, obeys_jz=obeys_jz) as (simulator, send):
        simulator.plan_fault(fault, "during")
        await send(label)
        await until(lambda: simulator.torn, "the label is torn")
        simulator.set_faults()
        await until(lambda: simulator.idle, "it is done")
        assert (simulator.torn, simulator.labels) == ([label], [label] * labels)
        assert simulator.label_count == labels, "a label printed again counts"


@pytest.mark.parametrize("counts_torn", [False, True])
async def test_a_torn_label_counts_only_on_a_printer_that_counts_such(*, counts_torn: bool) -> None:
    async with printer(counts_torn=counts_torn, reprints=False) as (simulator, send):
        simulator.plan_fault("paper_out", "during")
        await send(LABEL)
        await until(lambda: simulator.torn, "the label is torn")
        assert simulator.label_count == int(counts_torn)


@pytest.mark.parametrize("at", [0, 1, 5, len(LABEL) - 1, len(LABEL)])
async def test_the_power_is_cut_after_exactly_so_many_bytes_of_the_next_label(at: int) -> None:
    async with printer() as (simulator, send):
        simulator.plan_power_cut(at)
        await send(b"~HS" + LABEL)
        await until(lambda: not simulator.plugged, "the power is gone")
        assert (simulator.labels, simulator.torn, simulator.formats_received) == ([], [], int(at >= 3))
        await simulator.replug()
        await send(LABEL)
        await until(lambda: simulator.labels == [LABEL], "it prints again, with empty memory")


@pytest.mark.parametrize(
    ("when", "labels", "torn", "count"),
    [("before", 0, 0, 0), ("during", 0, 1, 0), ("uncounted", 1, 0, 0), ("after", 1, 0, 1)],
)
async def test_the_power_is_cut_around_the_printing_of_a_label(
    when: When, labels: int, torn: int, count: int
) -> None:
    async with printer() as (simulator, send):
        simulator.plan_power_cut(when)
        await send(LABEL)
        await until(lambda: not simulator.plugged, "the power is gone")
        await simulator.replug()
        assert (len(simulator.labels), len(simulator.torn), simulator.label_count) == (labels, torn, count)


async def test_a_pause_tears_nothing() -> None:
    async with printer() as (simulator, send):
        simulator.plan_fault("paused", "during")
        await send(LABEL)
        await until(lambda: simulator.faults, "it is paused")
        simulator.set_faults()
        await until(lambda: simulator.labels == [LABEL], "the label")
        assert simulator.torn == []


async def test_a_printer_without_a_counter_says_so() -> None:
    async with printer(counts=False) as (simulator, _):
        device: Any = build("zpl_printer", "pack1", **simulator.address)
        async with device.connect() as link:
            assert await link.label_count() is None
            assert await link.status() is not None


@pytest.mark.parametrize("question", [b"~HI", b"odometer"])
async def test_a_label_and_its_proof_share_a_connection_also_after_a_question_without_an_answer(
    question: bytes,
) -> None:
    async with printer(deaf_to=question) as (simulator, _):
        device: Any = build("zpl_printer", "pack1", **simulator.address, answer_timeout_s=0.2)
        async with device.connect() as link:
            unanswered = link.resolution_dpi if question == b"~HI" else link.label_count
            assert await unanswered() is None
            await link.send(LABEL)
            carried = link._transport._transport._streams
            assert await link.status() is not None
            assert link._transport._transport._streams is carried
        await until(lambda: simulator.labels == [LABEL], "the label")


@pytest.mark.parametrize("fault", ["late", "wrong", "flood"])
async def test_an_answer_that_is_not_the_single_one_to_its_question_counts_for_nothing(fault: PrinterFault) -> None:
    async with printer(label_count=41) as (simulator, _):
        device: Any = build("zpl_printer", "pack1", **simulator.address, answer_timeout_s=0.2)
        simulator.set_faults(fault)
        async with device.connect() as link:
            for _ in range(3):
                assert await link.label_count() is None
            simulator.set_faults()
            assert await link.label_count() == 41
