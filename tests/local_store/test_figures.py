"""The figures of a scripted day are those that somebody reckons by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from local_store import figures
from local_store.domain import events as e
from local_store.store import Store
from tests.support.floor import SITE

DAY = 1_763_625_600_000
"""2025-11-20 08:00 UTC."""
MIN, HOUR = 60_000, 3_600_000


class Watch:
    """A clock that a test sets; both of its hands go alike."""

    now = DAY

    def wall_ms(self) -> int:
        return self.now

    def mono_ms(self) -> int:
        return self.now


class Day:
    """A store whose facts are written at given times."""

    def __init__(self, folder: Path) -> None:
        self.watch = Watch()
        self.store = Store(folder, SITE, self.watch, "0")

    async def at(self, minute: int, *facts: e.Fact, actor: str = "ana") -> None:
        """So many minutes after eight somebody did this."""
        self.watch.now = DAY + minute * MIN
        for fact in facts:
            await self.store.run(lambda tx, fact=fact: tx.append(fact, actor=actor))  # type: ignore[misc]

    def figures(self, hours: int = 24) -> figures.Figures:
        now = self.watch.now
        return figures.of_window(self.store.reader, now - hours * HOUR, now, ["pick-1", "pick-2"])


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    made = Day(tmp_path)
    await made.store.open()
    yield made
    await made.store.close()


def order(ident: str, ship_by: str | None) -> e.FulfillmentReceived:
    return e.FulfillmentReceived(
        lane="main",
        fulfillment_id=ident,
        order_id=f"O-{ident}",
        warehouse_id="WH-1",
        party_id="p",
        lines=(e.WorkLine(order_line_id="1", sku="TEA", qty=Decimal(1)),),
        ship_by=ship_by,
        picked=True,
    )


def counted(task: str, qty: int, status: str = "done") -> e.PickCounted:
    of = {"picklist_id": "PL", "location_id": "A", "sku": "TEA", "count_id": f"c{task}{qty}"}
    return e.PickCounted(task_id=task, qty=Decimal(qty), picked=Decimal(qty), status=status, **of)


def undone(task: str, qty: int) -> e.PickUndone:
    of = {"picklist_id": "PL", "count_id": "c", "undo_id": "u", "picked": Decimal(0), "status": "open"}
    return e.PickUndone(task_id=task, qty=Decimal(qty), **of)


def short(task: str) -> e.PickShort:
    of = {"picklist_id": "PL", "location_id": "A", "sku": "TEA", "count_id": "s", "reason": "empty"}
    return e.PickShort(task_id=task, qty=Decimal(1), status="short", **of)


def left(ident: str) -> tuple[e.Fact, ...]:
    """The parcel of an order is sealed and waits for its carrier."""
    sealed = e.PackageSealed(
        fulfillment_id=ident, workplace="pack-1", package_id=f"P-{ident}", sscc="1" * 18, sscc_serial=1
    )
    opened = e.PackOpened(fulfillment_id=ident, workplace="pack-1", worker_id="ana", package_id=f"P-{ident}")
    asked = e.ShipmentRequested(
        fulfillment_id=ident, warehouse_id="WH-1", party_id="p", packages=((f"P-{ident}", 1),), reference=ident,
        carrier_hint=None, service_code=None, insurance=None,
    )  # fmt: skip
    return opened, sealed, asked


def label(job: str) -> tuple[tuple[e.Fact, ...], e.Fact]:
    """A label is wanted and on its way, and a person says that it came out."""
    of = {"fulfillment_id": "F1", "package_id": f"P-{job}"}
    wanted = e.LabelRequested(job_id=job, sscc="1" * 18, workplace="pack-1", **of)
    return (wanted, e.LabelUncertain(job_id=job, reason="r", **of)), e.LabelConfirmed(
        job_id=job, evidence="person", **of
    )


def mis_scan(workplace: str, reason: str = "pick.wrong_item") -> e.ScanRefused:
    return e.ScanRefused(workplace=workplace, code="X", symbology=None, device="d", reason=reason)


async def test_of_nothing_nothing_is_said(day: Day) -> None:
    told = day.figures()
    assert told._replace(complete=True) == figures.Figures(
        None, None, 0, None, 0, None, None, None, 0, 0, complete=True
    )


async def test_units_are_counted_by_person_and_hour_and_what_was_taken_back_is_not(day: Day) -> None:
    await day.at(5, counted("t1", 10), undone("t1", 10), counted("t2", 4))
    await day.at(50, counted("t3", 8))
    await day.at(70, counted("t4", 20))
    await day.at(75, counted("t5", 1), actor="ben")
    told = day.figures()
    # by hand: ana 8:00-9:00 picks 10 - 10 + 4 + 8 = 12, ana 9:00-10:00 picks 20, ben 1; sorted 1, 12, 20
    assert (told.pick_rate_p50, told.pick_rate_p95) == (Decimal(12), Decimal(20))


async def test_lines_that_ended_full_are_the_yield_whatever_was_undone_between(day: Day) -> None:
    await day.at(1, counted("t1", 1), counted("t2", 1), counted("t3", 1, "open"), short("t4"))
    await day.at(
        2,
        undone("t2", 1),
        short("t2"),
        mis_scan("pick-1"),
        mis_scan("pick-2"),
        mis_scan("pick-1", "scan.again"),
        mis_scan("pack-1"),
    )
    told = day.figures()
    # by hand: t1 full; t2 and t4 short; t3 has not ended: 1 of 3
    assert (told.first_pass_yield, told.mis_picks) == (Decimal("0.3333"), 2)


async def test_orders_are_on_time_by_when_their_parcel_was_sealed_and_late_when_it_is_not(day: Day) -> None:
    await day.at(0, order("F1", "2025-11-20T09:00:00Z"), order("F2", "2025-11-20T10:00:00+01:00"))
    await day.at(
        0, order("F3", "2025-11-20T08:30:00Z"), order("F4", "soon"), order("F5", None), order("F6", "2025-11-22")
    )
    await day.at(59, *left("F1"))
    await day.at(61, *left("F2"))
    await day.at(62, *left("F5"))
    told = day.figures()
    # by hand: F1 left at 8:59 for 9:00; F2 at 9:01 for 9:00; F5 had no time: 1 of 2. F3 should have left at 8:30.
    assert (told.on_time_ship_rate, told.ship_late_count, told.pack_throughput) == (Decimal("0.5"), 1, 3)
    (late,) = figures.late(day.store.reader, day.watch.now, "", 10)
    assert (late.fulfillment_id, late.late_s) == ("F3", 32 * 60)
    assert figures.late(day.store.reader, day.watch.now, "F3", 10) == []


async def test_a_label_takes_from_the_seal_to_the_proof_and_a_return_from_its_first_goods_to_its_end(
    day: Day,
) -> None:
    (wanted, confirmed), (other, later) = label("job-000000000001"), label("job-000000000002")
    goods = e.ReceivedLine(sku="TEA", qty=Decimal(1))
    await day.at(0, order("F1", None), *wanted, *other, e.ReturnReceived(return_id="R1", lines=(goods,)))
    await day.at(1, confirmed)
    await day.at(
        4, later, e.ReturnReceived(return_id="R1", lines=(goods,)), e.ReturnReceived(return_id="R2", lines=(goods,))
    )
    await day.at(10, e.ReturnCompleted(return_id="R1"), e.ReturnCompleted(return_id="R2"))
    told = day.figures()
    # by hand: labels 60 s and 240 s; returns 600 s and 360 s
    assert (told.label_generation_latency, told.returns_processing_time) == (Decimal(150), Decimal(480))


async def test_what_was_before_the_window_is_not_counted(day: Day) -> None:
    await day.at(0, order("F1", None), *left("F1"), counted("t1", 9))
    await day.at(120, counted("t2", 3))
    assert (day.figures(1).pack_throughput, day.figures(1).pick_rate_p50, day.figures(3).pack_throughput) == (
        0,
        Decimal(3),
        1,
    )


async def test_a_clock_that_was_set_is_told(day: Day) -> None:
    await day.at(0, counted("t1", 1), e.StationClockJumped(from_ms=DAY, to_ms=DAY + HOUR))
    assert day.figures().clock_set == 1


async def test_more_facts_than_are_read_are_told_as_not_complete(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    await day.at(0, *(counted(f"t{number}", 1) for number in range(5)))
    monkeypatch.setattr(figures, "MOST_FACTS", 3)
    assert (day.figures().complete, day.figures().pick_rate_p50) == (False, Decimal(3))


def test_percentiles_are_nearest_ranks_as_hq_takes_them() -> None:
    units = [Decimal(each) for each in range(1, 21)]
    assert (figures.percentile(units, 50), figures.percentile(units, 95)) == (Decimal(11), Decimal(20))
    assert figures.percentile([], 50) is None
