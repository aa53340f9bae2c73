"""What proves a label and what does not: counter, alert, status, and everything that makes them worthless."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devices.simulators.zpl_printer import PrinterFault, ZplPrinterSimulator
from local_store import spool
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.printing import Job
from tests.agent.test_printing import opened
from tests.support.pack_station import PackStation
from tests.support.site import free_port, until


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[PackStation]:
    async with opened(PackStation(tmp_path / "store")) as made:
        yield made


@pytest.fixture
async def countless(tmp_path: Path) -> AsyncIterator[PackStation]:
    """Its printer has no counter."""
    async with opened(PackStation(tmp_path / "store", counts=False)) as made:
        yield made


async def test_a_printer_without_a_counter_prints_and_the_label_waits_for_its_scan(countless: PackStation) -> None:
    sscc = await countless.seal_an_order()
    countless.print()
    job = await countless.until_job_is(Job.UNCERTAIN)
    assert job.reason == "The printer 'printer' does not count its labels, so it cannot prove this one."
    assert len(countless.printer.labels) == 1
    assert await countless.do(c.Scan, code=f"00{sscc}", symbology="]C1") == "label.confirmed"


async def test_an_idle_printer_is_proof_only_where_the_site_says_so(countless: PackStation) -> None:
    await countless.seal_an_order()
    countless.print(proof="status")
    assert (await countless.until_job_is(Job.CONFIRMED)).evidence == "status"
    assert len(countless.printer.labels) == 1


async def test_a_printer_that_cannot_tell_gets_the_label_and_its_scan_decides(station: PackStation) -> None:
    station.printer.set_faults("silent")
    sscc = await station.seal_an_order()
    station.print(proof="scan", answer_timeout_s=0.1)
    job = await station.until_job_is(Job.UNCERTAIN)
    assert job.reason == "The printer 'printer' cannot tell whether a label came out: scan this one."
    await until(lambda: len(station.printer.labels) == 1, "the label did not come out")
    assert await station.do(c.Scan, code=f"00{sscc}", symbology="]C1") == "label.confirmed"
    assert station.printer.formats_received == 1


async def test_a_printer_that_needs_no_answer_but_gives_one_is_not_sent_a_label_while_it_is_in_trouble(
    station: PackStation,
) -> None:
    station.printer.set_faults("head_open")
    await station.seal_an_order()
    station.print(proof="scan")
    await station.until_problem("has its head open")
    assert (station.jobs()[0].state, station.printer.formats_received) == (Job.READY, 0)


async def test_a_printer_that_falls_silent_in_an_error_says_why_it_takes_no_label_and_why_one_is_in_doubt(
    tmp_path: Path,
) -> None:
    async with opened(PackStation(tmp_path / "store", silent_in_error=True)) as station:
        station.printer.set_faults("ribbon_out")
        await station.seal_an_order()
        station.print(answer_timeout_s=0.1)
        await station.until_problem("is out of ribbon")
        assert (station.jobs()[0].state, station.printer.formats_received) == (Job.READY, 0)
        station.printer.plan_fault("head_open", "during")
        station.printer.set_faults()
        job = await station.until_job_is(Job.UNCERTAIN)
        assert job.reason == (
            "The printer 'printer' stopped answering while the label was on its way. "
            "The label printer has its head open."
        )


async def test_a_fault_that_the_status_does_not_tell_holds_the_label_back_and_one_that_hinders_nothing_does_not(
    station: PackStation,
) -> None:
    station.printer.set_faults("cutter_fault", "bad_head_element")
    await station.seal_an_order()
    station.print()
    await station.until_problem("has a fault at its cutter")
    assert (station.jobs()[0].state, station.printer.formats_received) == (Job.READY, 0)
    station.printer.set_faults("bad_head_element")
    await station.until_job_is(Job.CONFIRMED)


async def test_a_printer_that_does_not_know_its_errors_prints(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", tells_errors=False)) as station:
        for _ in range(2):
            await station.seal_an_order()
        station.print(answer_timeout_s=0.1)
        await until(lambda: {job.state for job in station.jobs()} == {Job.CONFIRMED}, "both labels")


async def test_a_printer_that_only_looks_idle_for_a_moment_has_proved_nothing(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", counts=False, print_s=0.6, looks_idle=True)) as station:
        station.printer.plan_power_cut("during")
        await station.seal_an_order()
        station.print(proof="status")
        await until(lambda: station.printer.torn, "the power was not cut")
        await station.until_job_is(Job.UNCERTAIN)


async def test_a_printer_that_reports_its_labels_proves_them(countless: PackStation) -> None:
    port = free_port()
    countless.printer.alerts_to = ("127.0.0.1", port)
    printer = countless.printer_of(countless.printer, proof="alert", alert_listen=f"127.0.0.1:{port}")
    listening = asyncio.create_task(printer.run(lambda _state: None))
    await countless.printer.power_cycle()
    await until(lambda: printer.alerts.restarts, "the printer was not heard", every_s=0.05)
    await countless.seal_an_order()
    countless.print(printer)
    assert (await countless.until_job_is(Job.CONFIRMED)).evidence == "alert"
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_a_message_from_anybody_but_the_printer_proves_nothing(countless: PackStation) -> None:
    port = free_port()
    printer = countless.printer_of(countless.printer, host="127.0.0.2", alert_listen=f"127.0.0.1:{port}")
    listening = asyncio.create_task(printer.run(lambda _state: None))

    async def cut_off() -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            return False
        writer.write(b"ALERT: PQ JOB COMPLETED\r\n")
        try:
            return await reader.read() == b""
        except ConnectionResetError:
            return True
        finally:
            writer.close()

    await until(cut_off, "nobody listened")
    assert printer.alerts.completed == 0
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


@pytest.mark.parametrize("fault", ["paper_out", "head_open", "ribbon_out"])
@pytest.mark.parametrize("counts_torn", [False, True])
async def test_a_label_that_a_fault_may_have_torn_is_in_doubt_whatever_the_counter_says(
    tmp_path: Path, fault: PrinterFault, *, counts_torn: bool
) -> None:
    async with opened(PackStation(tmp_path / "store", counts_torn=counts_torn)) as station:
        station.printer.plan_fault(fault, "during")
        await station.seal_an_order()
        station.print()
        job = await station.until_job_is(Job.UNCERTAIN)
        assert (job.reason or "").endswith("That happened while the label was on its way.")
        station.printer.set_faults()
        await until(lambda: station.printer.idle, "the printer did not finish")
        assert (len(station.printer.torn), station.printer.labels) == (1, []), "the label says ^JZN: it is lost"
        assert station.jobs()[0].state is Job.UNCERTAIN


async def test_with_reprint_after_error_the_printer_prints_it_again_and_the_agent_does_not(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", obeys_jz=False)) as station:
        station.printer.plan_fault("head_open", "during")
        sscc = await station.seal_an_order()
        station.print()
        await station.until_job_is(Job.UNCERTAIN)
        station.printer.set_faults()
        await until(lambda: station.printer.labels, "the printer did not print it again")
        assert await station.do(c.Scan, code=f"00{sscc}", symbology="]C1") == "label.confirmed"
        assert len(station.printer.labels) == 1


async def test_a_label_that_the_printer_swallowed_failed_cleanly_and_is_printed_by_one_tap(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", print_s=0.4)) as station:
        station.printer.plan(station.printer.forget, "during")
        await station.seal_an_order()
        station.print(confirm_timeout_s=0.6)
        job = await station.until_job_is(Job.FAILED_CLEAN)
        assert job.reason == "The printer 'printer' took the label, is empty, and did not count it within 0.6 s."
        assert await station.do(c.DecideLabel, job_id=job.job_id, decision="print") == "label.released"
        job = await station.until_job_is(Job.CONFIRMED)
        (label,) = station.printer.labels
        assert (job.copy_no, b"COPY" in label) == (1, False)


async def test_a_repeatable_label_that_was_swallowed_is_sent_again_by_itself_but_not_for_ever(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", print_s=0.2)) as station:
        values = {"code": "A-01-1", "note": "Shelf A"}
        assert await station.do(c.PrintLabel, template="location", values=values) == "label.asked"
        station.printer.plan(station.printer.forget, "during")
        station.print(confirm_timeout_s=0.4)
        await station.until_job_is(Job.CONFIRMED)
        assert (station.printer.formats_received, len(station.printer.labels)) == (2, 1)

        def swallow() -> None:
            station.printer.forget()
            station.printer.plan(swallow, "during")

        station.printer.plan(swallow, "during")
        await station.do(c.PrintLabel, template="location", values=values)
        await station.until_job_is(Job.FAILED_CLEAN)
        assert station.printer.formats_received == 2 + spool.MOST_ATTEMPTS


async def test_labels_printed_elsewhere_between_two_of_ours_make_the_next_proof_worthless_and_are_told(
    station: PackStation,
) -> None:
    await station.seal_an_order()
    station.print()
    await station.until_job_is(Job.CONFIRMED)
    for _ in range(2):
        station.printer.print_from_elsewhere(b"^XA^FDother^XZ")
    await until(lambda: station.printer.label_count == 3, "the other labels")
    await station.seal_an_order()
    job = await station.until_job_is(Job.UNCERTAIN)
    assert "went from 1 to 3 between two labels of this station" in (job.reason or "")
    sentence, next_step = await station.until_problem("Somebody else prints on 'printer'")
    assert "give it another printer" in next_step
    await station.seal_an_order()
    await until(lambda: Job.CONFIRMED in {j.state for j in station.jobs()[1:2]}, "trust did not come back")
    await until(lambda: not station.problems.open(), f"still said: {sentence}")


async def test_two_agents_on_one_printer_find_each_other_and_neither_calls_a_label_printed_that_is_not(
    tmp_path: Path,
) -> None:
    async with opened(PackStation(tmp_path / "one")) as one, opened(PackStation(tmp_path / "two")) as two:
        for _ in range(4):
            for station in (one, two):
                await station.seal_an_order()
        for station in (one, two):
            station.print(station.printer_of(one.printer))
        settled = {Job.CONFIRMED, Job.UNCERTAIN}
        for station in (one, two):
            await until(lambda s=station: {j.state for j in s.jobs()} <= settled, "not all settled")  # type: ignore[misc]
        await until(lambda: one.problems.open() or two.problems.open(), "nobody noticed")
        assert one.printer.formats_received == 8
        assert len(one.printer.labels) == 8


@pytest.mark.parametrize("fault", ["silent", "cut", "garbage", "wrong", "late", "flood"])
async def test_answers_that_cannot_be_trusted_send_nothing_and_prove_nothing(
    station: PackStation, fault: PrinterFault
) -> None:
    station.printer.set_faults(fault)
    await station.seal_an_order()
    station.print(answer_timeout_s=0.1)
    await station.until_problem("does not answer")
    assert (station.jobs()[0].state, station.printer.formats_received) == (Job.READY, 0)
    station.printer.set_faults()
    await station.until_job_is(Job.CONFIRMED)
    station.printer.plan_fault(fault, "during")
    await station.seal_an_order()
    await until(lambda: station.jobs()[0].state is Job.UNCERTAIN, "it was not in doubt")
    assert station.printer.formats_received == 2


async def test_a_counter_that_stops_answering_proves_nothing(station: PackStation) -> None:
    station.printer.plan(station.printer.lose_counter, "during")
    await station.seal_an_order()
    station.print()
    job = await station.until_job_is(Job.UNCERTAIN)
    assert job.reason == "The printer 'printer' stopped answering while the label was on its way."


async def test_a_printer_whose_port_another_host_holds_gets_the_label_when_it_is_free(station: PackStation) -> None:
    _, other = await asyncio.open_connection("127.0.0.1", station.printer.port)
    other.write(b"^XA^FDother^XZ")
    await until(lambda: station.printer.label_count == 1, "the other's label")
    await station.seal_an_order()
    station.print(answer_timeout_s=0.1)
    await station.until_problem("does not answer")
    assert station.jobs()[0].state is Job.READY
    other.close()
    assert (await station.until_job_is(Job.CONFIRMED)).evidence == "counter"
    assert len(station.printer.labels) == 2


async def test_a_printer_restart_that_it_reports_puts_the_label_on_its_way_in_doubt(tmp_path: Path) -> None:
    port = free_port()
    async with opened(PackStation(tmp_path / "store", print_s=60)) as station:
        printer = station.printer_of(station.printer, alert_listen=f"127.0.0.1:{port}", confirm_timeout_s=60)
        listening = asyncio.create_task(printer.run(lambda _state: None))
        await station.seal_an_order()
        station.print(printer)
        await station.until_job_is(Job.SENT)

        async def told() -> bool:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"ALERT: POWER ON [2030-05-06 07:08:09] [SIM1]\r\n")
            await writer.drain()
            writer.close()
            return True

        await told()
        job = await station.until_job_is(Job.UNCERTAIN)
        assert job.reason == "The printer 'printer' was switched off and on while the label was on its way."
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_a_worker_that_broke_off_leaves_doubt_and_never_a_label_that_is_on_its_way_for_ever(
    tmp_path: Path,
) -> None:
    async with opened(PackStation(tmp_path / "store", print_s=60)) as station:
        await station.seal_an_order()
        station.print()
        await station.until_job_is(Job.SENT)
        await station.stop_printing()
        assert station.jobs()[0].state is Job.SENT
        station.print()
        job = await station.until_job_is(Job.UNCERTAIN)
        assert job.reason == "Printing broke off while the label was on its way."
        assert station.printer.formats_received == 1


async def test_what_proved_a_label_is_a_fact(station: PackStation) -> None:
    await station.seal_an_order()
    station.print()
    await station.until_job_is(Job.CONFIRMED)
    rows = station.store.reader.execute("SELECT body FROM journal WHERE kind = ?", (e.LabelConfirmed.kind,))
    assert '"evidence":"counter"' in rows.fetchone()[0]


async def test_the_simulated_printer_says_what_it_is(station: PackStation) -> None:
    assert isinstance(station.printer, ZplPrinterSimulator)
    async with station.printer_of(station.printer).connect() as link:
        assert await link.resolution_dpi() == 203
