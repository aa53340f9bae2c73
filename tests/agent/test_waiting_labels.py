"""Labels that wait: for how long, for which printer, for which roll, and who may stop them."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.readings import Stock
from devices.simulators.zpl_printer import ZplPrinterSimulator
from local_store import spool
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.printing import Job
from local_store.store import Store
from local_store.transaction import Transaction
from tests.agent.test_printing import opened
from tests.support.pack_station import SITE, PackStation, SetClock
from tests.support.site import until

DAY_MS = 86_400_000
MIN_MS = 60_000


# --- too old ----------------------------------------------------------------------------------------------------


async def test_a_label_that_waited_too_long_does_not_come_out_late_but_asks(tmp_path: Path) -> None:
    clock = SetClock()
    async with opened(PackStation(tmp_path / "store", clock)) as station:
        await station.printer.unplug()
        await station.seal_an_order()
        station.print()
        await station.until_problem("Cannot reach")
        clock.mono += 31 * MIN_MS
        job = await station.until_job_is(Job.EXPIRED)
        assert job.reason == "It waited more than 30 min for a printer."
        await station.printer.replug()
        assert await station.do(c.DecideLabel, job_id=job.job_id, decision="print") == "label.released"
        job = await station.until_job_is(Job.CONFIRMED)
        assert (job.copy_no, len(station.printer.labels)) == (1, 1)


async def test_an_expired_label_can_be_discarded_and_still_be_printed_later(tmp_path: Path) -> None:
    clock = SetClock()
    async with opened(PackStation(tmp_path / "store", clock)) as station:
        await station.seal_an_order()
        clock.mono += 31 * MIN_MS
        station.print()
        job = await station.until_job_is(Job.EXPIRED)
        assert await station.do(c.DecideLabel, job_id=job.job_id, decision="came_out") == "label.settled"
        assert await station.do(c.DecideLabel, job_id=job.job_id, decision="discard") == "label.discarded"
        assert station.jobs()[0].state is Job.CANCELLED
        assert await station.do(c.DecideLabel, job_id=job.job_id, decision="print") == "label.released"
        await station.until_job_is(Job.CONFIRMED)
        assert len(station.printer.labels) == 1


@pytest.mark.parametrize("jump_ms", [10 * 365 * DAY_MS, -10 * 365 * DAY_MS])
async def test_a_wall_clock_that_jumps_by_ten_years_expires_nothing(tmp_path: Path, jump_ms: int) -> None:
    clock = SetClock()
    async with opened(PackStation(tmp_path / "store", clock)) as station:
        await station.seal_an_order()
        clock.wall += jump_ms
        station.print()
        await station.until_job_is(Job.CONFIRMED)


async def test_the_time_before_a_restart_of_the_agent_counts(tmp_path: Path) -> None:
    clock = SetClock()
    async with opened(PackStation(tmp_path / "store", clock)) as station:
        station.hold = "Wait."
        await station.seal_an_order()
        station.print()
        await station.until_problem("Wait.")
        clock.mono += 20 * MIN_MS
        await station.stop_printing()
        await station.store.close()
        clock.mono += 11 * MIN_MS
        station.store = Store(tmp_path / "store", SITE, clock, "test")
        await station.store.open()
        station.print()
        assert (await station.until_job_is(Job.EXPIRED)).reason == "It waited more than 30 min for a printer."


async def test_after_the_computer_was_off_nobody_knows_how_long_it_waited_so_it_asks(tmp_path: Path) -> None:
    clock = SetClock()
    async with opened(PackStation(tmp_path / "store", clock)) as station:
        station.hold = "Wait."
        await station.seal_an_order()
        station.print()
        await station.until_problem("Wait.")
        await station.stop_printing()
        await station.store.close()
        station.store = Store(tmp_path / "store", SITE, clock, "test")
        await station.store.open()
        station.hold = None
        station.print(boot_id="boot-2")
        job = await station.until_job_is(Job.EXPIRED)
        assert "nobody knows for how long" in (job.reason or "")
        assert station.printer.formats_received == 0


# --- held -------------------------------------------------------------------------------------------------------


async def test_while_printing_is_held_nothing_is_started_and_the_problem_says_why(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store")) as station:
        station.hold = "This store was restored; the missing history is being fetched."
        await station.seal_an_order()
        station.print()
        _, next_step = await station.until_problem("restored")
        assert next_step == "The labels that wait are printed by themselves once this is over."
        assert (station.jobs()[0].state, station.printer.formats_received) == (Job.QUEUED, 0)
        station.hold = None
        await station.until_job_is(Job.CONFIRMED)
        await station.until_no_problem()


async def test_a_fence_puts_every_label_in_doubt_that_is_not_settled(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store")) as station:
        waiting, ready, sent = [await station.seal_an_order() for _ in range(3)]

        def fence(tx: Transaction) -> int:
            for sscc in (ready, sent):
                job = spool.rendered(tx, station.job_of(sscc).job_id, b"^XA^XZ")
            spool.taken(tx, job, spool.begin(tx, job, None))
            return spool.doubt_all(tx, "This store is a copy.")

        assert await station.store.run(fence) == 3
        for sscc in (waiting, ready, sent):
            assert (station.job_of(sscc).state, station.job_of(sscc).reason) == (
                Job.UNCERTAIN,
                "This store is a copy.",
            )
        station.print()
        await station.do(c.DecideLabel, job_id=station.job_of(waiting).job_id, decision="did_not")
        await until(lambda: station.printer.labels, "the copy was not printed")
        assert b"COPY 2" in station.printer.labels[0]


# --- another printer, another roll ------------------------------------------------------------------------------


async def test_a_label_not_begun_goes_to_the_next_printer_when_the_first_is_away(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store")) as station:
        spare = ZplPrinterSimulator(print_s=0.01)
        await spare.start()
        first, second = station.printer_of(station.printer), station.printer_of(spare, "spare")
        await station.printer.unplug()
        await station.seal_an_order()
        station.print(first, second)
        job = await station.until_job_is(Job.CONFIRMED)
        assert (job.printer, len(spare.labels)) == ("spare", 1)
        await station.until_problem("Cannot reach 'printer'")
        await spare.stop()


async def test_a_label_that_may_have_begun_never_goes_to_another_printer(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", print_s=60)) as station:
        spare = ZplPrinterSimulator(print_s=0.01)
        await spare.start()
        await station.seal_an_order()
        station.print(station.printer_of(station.printer), station.printer_of(spare, "spare"))
        await station.until_job_is(Job.SENT)
        await station.printer.unplug()
        await station.until_job_is(Job.UNCERTAIN)
        await station.seal_an_order()
        await until(lambda: spare.labels, "the next label did not go to the spare printer")
        assert spare.formats_received == 1
        assert station.jobs()[0].state is Job.UNCERTAIN
        await spare.stop()


async def test_a_wrong_roll_blocks_printing_with_a_sentence_before_anything_is_sent(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store")) as station:
        await station.seal_an_order()
        station.print(stock="812x406")
        sentence, next_step = await station.until_problem("is for labels of")
        assert sentence == (
            "The label gs1_logistic_4x6 is for labels of 812x1218 dots, and 'printer' holds 812x406 dots."
        )
        assert next_step == "Load the right roll and say so in devices.printer.stock, or use another printer."
        assert (station.jobs()[0].state, station.printer.formats_received) == (Job.READY, 0)


async def test_a_roll_that_the_printer_measures_otherwise_than_edge_toml_says_blocks_too(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", label_length_dots=430)) as station:
        await station.seal_an_order()
        station.print(stock="812x1218")
        await station.until_problem("measures labels of 430 dots")
        assert station.printer.formats_received == 0


async def test_a_print_head_of_another_density_than_edge_toml_says_blocks(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store", dots_per_mm=12)) as station:
        await station.seal_an_order()
        station.print()
        await station.until_problem("says that it has 300 dpi, and edge.toml says 203")
        assert station.printer.formats_received == 0


async def test_the_right_roll_prints_and_a_label_for_another_roll_holds_up_nothing(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store")) as station:
        await station.do(c.PrintLabel, template="tote", values={"code": "TOTE-1", "note": ""})
        sscc = await station.seal_an_order()
        station.print(stock="812x1218")
        await until(lambda: station.job_of(sscc).state is Job.CONFIRMED, "the shipping label was held up")
        assert station.printer_of(station.printer, stock="812x1218").stock == Stock(812, 1218)
        assert len(station.printer.labels) == 1


async def test_stored_bytes_that_were_damaged_are_made_again_and_never_sent(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store")) as station:
        sscc = await station.seal_an_order()
        station.printer.set_faults("paper_out")
        station.print()
        await station.until_problem("out of labels")
        zpl = station.jobs()[0].zpl or b""
        damaged = zpl.replace(sscc.encode(), b"3" * 18)
        assert damaged != zpl
        await station.store.run(lambda tx: tx.connection.execute("UPDATE spool_job SET zpl = ?", (damaged,)) and None)
        station.printer.set_faults()
        await station.until_job_is(Job.CONFIRMED)
        assert station.printer.labels == [zpl.strip()]
        await station.until_problem(f"The stored bytes of label {sscc} were damaged")


async def test_a_label_discarded_just_before_its_attempt_is_not_sent(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store")) as station:
        station.printer.set_faults("half_open")
        await station.seal_an_order()
        station.print(answer_timeout_s=30)
        await until(lambda: station.jobs()[0].state is Job.READY, "it was not made ready")
        await station.do(c.DecideLabel, job_id=station.jobs()[0].job_id, decision="discard")
        station.printer.set_faults()
        sscc = await station.seal_an_order()
        await until(lambda: station.job_of(sscc).state is Job.CONFIRMED, "the next label was not printed")
        assert station.printer.formats_received == 1


async def test_a_label_whose_address_is_no_longer_kept_is_told_and_not_tried_for_ever(tmp_path: Path) -> None:
    async with opened(PackStation(tmp_path / "store")) as station:
        await station.seal_an_order()
        await station.store.run(lambda tx: tx.connection.execute("DELETE FROM party") and None)
        station.print()
        job = await station.until_job_is(Job.CANCELLED)
        assert (job.reason or "").startswith("The address for order O1 is no longer kept here")
        rows = station.store.reader.execute("SELECT 1 FROM journal WHERE kind = ?", (e.LabelCancelled.kind,))
        assert rows.fetchone()
