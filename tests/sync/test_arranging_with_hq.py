"""Waves and tasks that a person made, against the real central service, run as its own process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import events as e
from tests.support.site import Hq
from tests.sync.station import Station, station
from tests.sync.test_with_hq import PRODUCTS, load, order


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station(tmp_path / "st", hq.url, secret=hq.key("station")) as made:
        yield made


def wave(ident: str, *orders: str, **of: Any) -> e.WaveRequested:
    return e.WaveRequested(wave_id=ident, warehouse_id="wh_1", fulfillment_ids=orders, priority="high", **of)


async def test_a_wave_becomes_a_picklist_of_hq_that_is_pulled_and_ends_the_waiting(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2), order(2, SKU_2=1)], lists_of=0)
    waiting = [each["id"] for each in (await hq.call("GET", "/fulfillments?status=created"))["items"]]
    await here.record(wave("wave_1", *waiting))
    here.poll_s = 1
    async with here.syncing(pull=True):
        await here.until(lambda: here.rows("SELECT count(*) FROM picklist") == [(1,)])
    ((hq_id,),) = here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'wave' AND local_id = 'wave_1'")
    assert here.rows("SELECT picklist_id, priority FROM picklist") == [(hq_id, 1)]
    assert here.rows("SELECT count(*) FROM wave_order") == [(0,)]


async def test_a_wave_of_an_order_that_hq_does_not_know_is_parked_with_hqs_words(hq: Hq, here: Station) -> None:
    await here.record(wave("wave_1", "ful_404"))
    async with here.syncing():
        await here.until(lambda: here.figures().parked == 1)
    ((_, _, reason),) = here.parked()
    assert "ful_404" in reason


async def test_a_task_is_made_taken_and_done_at_hq_as_well(hq: Hq, here: Station) -> None:
    of = {"warehouse_id": "wh_1", "instructions": "Count A-1."}
    await here.record(
        e.TaskCreated(task_id="task_1", type="count", subject="A-1", priority="urgent", **of),
        e.TaskClaimed(task_id="task_1", worker_id="ana"),
        e.TaskCompleted(task_id="task_1", worker_id="ana", result={"found": "12"}),
    )
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    (task,) = (await hq.call("GET", "/tasks?type=other&status=done"))["items"]
    assert (task["subject"], task["worker_id"], task["result"]) == ("A-1", "ana", {"found": "12"})
