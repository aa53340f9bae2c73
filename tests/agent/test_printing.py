"""The print spool against a printer on a real port: printed needs evidence, and doubt is said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from local_store import spool
from local_store.domain import commands as c
from local_store.domain.printing import Job
from tests.support.pack_station import PackStation
from tests.support.site import until

SLOW_DISK_S = 0.05


@asynccontextmanager
async def opened(station: PackStation) -> AsyncIterator[PackStation]:
    await station.open()
    yield station
    await station.close()


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[PackStation]:
    async with opened(PackStation(tmp_path / "store")) as made:
        yield made


async def test_a_label_is_called_printed_when_the_printers_own_counter_shows_it(station: PackStation) -> None:
    sscc = await station.seal_an_order()
    station.print()
    await station.until_job_is(Job.CONFIRMED)
    assert len(station.printer.labels) == 1
    assert sscc.encode() in station.printer.labels[0]


async def test_the_attempt_is_on_disk_before_the_first_byte_of_the_label_leaves(
    station: PackStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts_when_bytes_came: list[int] = []
    run = station.store.run

    async def run_on_a_slow_disk(work: Any) -> Any:
        await asyncio.sleep(SLOW_DISK_S)
        return await run(work)

    monkeypatch.setattr(station.store, "run", run_on_a_slow_disk)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", station.printer.port)

        async def back() -> None:
            while data := await far_reader.read(4096):
                writer.write(data)

        answering = asyncio.create_task(back())
        while data := await reader.read(4096):
            if b"^XA" in data:
                rows = station.store.reader.execute("SELECT count(*) FROM spool_attempt")
                attempts_when_bytes_came.append(rows.fetchone()[0])
            far_writer.write(data)
        far_writer.close()
        await answering
        writer.close()

    wire = await asyncio.start_server(relay, "127.0.0.1", 0)
    await station.seal_an_order()
    station.print(port=wire.sockets[0].getsockname()[1])
    await station.until_job_is(Job.CONFIRMED)
    await station.stop_printing()
    wire.close()
    await wire.wait_closed()
    assert attempts_when_bytes_came == [1]


async def test_without_labels_in_the_printer_nothing_is_sent_and_the_screen_says_what_to_do(
    station: PackStation,
) -> None:
    station.printer.set_faults("paper_out")
    await station.seal_an_order()
    station.print()
    await until(station.problems.open, "no problem was shown")
    (problem,) = station.problems.open()
    assert (problem.sentence, problem.next_step) == (
        "The label printer is out of labels.",
        "Load a roll. The label is printed by itself then.",
    )
    assert station.jobs()[0].state is Job.READY
    station.printer.set_faults()
    await station.until_job_is(Job.CONFIRMED)
    assert len(station.printer.labels) == 1
    await until(lambda: not station.problems.open(), "the problem did not go away")


async def test_a_printer_that_is_switched_off_gets_the_label_when_it_is_back(station: PackStation) -> None:
    await station.printer.unplug()
    await station.seal_an_order()
    station.print()
    await until(station.problems.open, "no problem was shown")
    await station.printer.replug()
    await station.until_job_is(Job.CONFIRMED)
    assert len(station.printer.labels) == 1


async def test_a_printer_that_loses_power_with_the_label_inside_leaves_doubt_and_no_second_label(
    tmp_path: Path,
) -> None:
    async with opened(PackStation(tmp_path / "store", print_s=60)) as station:
        await station.seal_an_order()
        station.print()
        await station.until_job_is(Job.SENT)
        await station.printer.power_cycle()
        job = await station.until_job_is(Job.UNCERTAIN)
        assert "connection to the printer broke while the label was on its way" in (job.reason or "")
        assert station.printer.labels == []


async def test_a_doubtful_label_does_not_hold_up_the_next_one(station: PackStation) -> None:
    await station.seal_an_order()
    station.printer.plan_fault("silent", "during")
    station.print(confirm_timeout_s=0.3)
    job = await station.until_job_is(Job.UNCERTAIN)
    assert job.reason == "The printer 'printer' stopped answering while the label was on its way."
    station.printer.set_faults()
    other = await station.seal_an_order()
    await until(lambda: other.encode() in b"".join(station.printer.labels), "the next label was not printed")
    await until(lambda: [each.state for each in station.jobs()] == [Job.UNCERTAIN, Job.CONFIRMED], "not confirmed")


async def test_a_label_of_another_computer_in_between_makes_the_evidence_worthless(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", print_s=0.3)) as station:
        await station.seal_an_order()
        station.print()
        await station.until_job_is(Job.SENT)
        station.printer.print_from_elsewhere(b"^XA^FO1,1^FDother^FS^XZ")
        job = await station.until_job_is(Job.UNCERTAIN)
        assert job.reason == "The printer's counter went from 0 to 2 while one label was on its way."


async def test_a_printer_that_still_holds_somebody_elses_labels_gets_none_of_ours(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", print_s=60)) as station:
        station.printer.print_from_elsewhere(b"^XA^FO1,1^FDother^FS^XZ")
        await station.seal_an_order()
        station.print()
        await until(station.problems.open, "no problem was shown")
        assert "still holds labels of somebody else" in station.problems.open()[0].sentence
        assert station.jobs()[0].state is Job.READY


async def test_a_doubtful_label_is_printed_again_only_when_a_person_says_so_and_is_marked(
    station: PackStation,
) -> None:
    sscc = await station.seal_an_order()
    await station.store.run(lambda tx: spool.rendered(tx, station.jobs()[0].job_id, b"^XA^XZ"))
    await station.store.run(lambda tx: spool.begin(tx, station.jobs()[0], 0))
    assert await station.store.run(lambda tx: spool.doubt_unfinished(tx, "The agent stopped (run 7).")) == 1
    station.print()
    job = await station.until_job_is(Job.UNCERTAIN)
    assert job.reason == "The agent stopped (run 7)."
    assert await station.do(c.DecideLabel, job_id=job.job_id, decision="did_not") == "label.reprint"
    await station.until_job_is(Job.CONFIRMED)
    (label,) = station.printer.labels
    assert sscc.encode() in label
    assert b"COPY 2" in label


async def test_a_scan_of_the_label_settles_the_doubt(station: PackStation) -> None:
    sscc = await station.seal_an_order()
    await station.store.run(lambda tx: spool.rendered(tx, station.jobs()[0].job_id, b"^XA^XZ"))
    await station.store.run(lambda tx: spool.begin(tx, station.jobs()[0], 0))
    await station.store.run(lambda tx: spool.doubt_unfinished(tx, "The agent stopped."))
    assert await station.do(c.Scan, code=f"00{sscc}", symbology="]C1") == "label.confirmed"
    assert station.jobs()[0].state is Job.CONFIRMED


async def test_a_label_scanned_before_the_printer_gave_its_evidence_stays_confirmed(station: PackStation) -> None:
    sscc = await station.seal_an_order()
    job = station.jobs()[0]
    await station.store.run(lambda tx: spool.rendered(tx, job.job_id, b"^XA^XZ"))
    n = await station.store.run(lambda tx: spool.begin(tx, job, 0))
    await station.store.run(lambda tx: spool.taken(tx, job, n))
    assert await station.do(c.Scan, code=f"00{sscc}", symbology="]C1") == "label.confirmed"
    await station.store.run(lambda tx: spool.doubted(tx, job, n, "No answer."))
    assert station.jobs()[0].state is Job.CONFIRMED
