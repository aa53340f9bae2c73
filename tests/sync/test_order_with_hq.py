"""Counts and what is taken from their shelves, done while HQ is away: what HQ believes when it has heard of all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from tests.support.site import Hq
from tests.sync.floor import act, pick
from tests.sync.station import Station, station
from tests.sync.test_with_hq import PRODUCTS, load, order, pull_all

CALLS = "/v1/fulfillment"


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station(tmp_path / "st", hq.url, secret=hq.key("station")) as made:
        yield made


async def two_lists(hq: Hq, here: Station) -> tuple[str, str]:
    """Two picklists that take from the same shelf, 2 units and 3."""
    await load(hq, PRODUCTS, [order(1, SKU_1=2), order(2, SKU_1=3)], lists_of=1)
    await pull_all(here, 2)
    await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
    (first, second) = (each for (each,) in here.rows("SELECT picklist_id FROM pick_task ORDER BY qty"))
    return first, second


def counted(qty: int, after: str | None = None) -> e.StockCounted:
    return e.StockCounted(sku="SKU-1", location_id="A-01-1", qty=Decimal(qty), after=after)


async def fails(hq: Hq, path: str) -> None:
    """Calls below `path` fail until it is mended."""
    await hq.call("PUT", "/hq/faults", {"status_500": 1.0, "prefix": f"{CALLS}{path}"}, role="operator")


async def mended(hq: Hq) -> None:
    await hq.call("PUT", "/hq/faults", {}, role="operator")


async def on_hand(hq: Hq) -> Any:
    ((shelf),) = (await hq.call("GET", "/edge/stock?sku=SKU-1&location_id=A-01-1"))["items"]
    return shelf["on_hand"]


async def tried(here: Station, path: str) -> None:
    """Wait for several tries of a request."""
    await here.until(lambda: here.rows("SELECT 1 FROM outbox_request WHERE path = ? AND attempts > 2", path) != [])


async def test_a_pick_after_a_count_waits_for_the_count_however_long_that_takes(hq: Hq, here: Station) -> None:
    first, second = await two_lists(hq, here)
    await pick(here, first)
    await here.record(counted(50, after=f"picklist:{first}"))
    await pick(here, second)
    await fails(hq, "/edge/counts")
    async with here.syncing():
        await tried(here, "/edge/counts")
        waits = here.rows("SELECT DISTINCT j.kind FROM outbox JOIN journal j USING (seq) WHERE state = 'pending'")
        assert ("pick.counted",) in waits
        await mended(hq)
        await here.sent()
    assert here.parked() == []
    assert await on_hand(hq) == 50 - 3


async def test_a_count_waits_for_the_picks_of_every_list_before_it(hq: Hq, here: Station) -> None:
    first, second = await two_lists(hq, here)
    await pick(here, first)
    await pick(here, second)
    await here.record(counted(50, after=f"picklist:{second}"))
    await fails(hq, f"/picklists/{first}/scan")
    async with here.syncing():
        await tried(here, f"/picklists/{first}/scan")
        await mended(hq)
        await here.sent()
    assert here.parked() == []
    assert await on_hand(hq) == 50


async def test_other_goods_do_not_wait_for_a_count(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_2=4)], lists_of=1)
    await pull_all(here, 1)
    await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
    await here.record(counted(50))
    ((picklist,),) = here.rows("SELECT picklist_id FROM picklist")
    await pick(here, picklist)
    await fails(hq, "/edge/counts")
    async with here.syncing():
        await here.until(lambda: here.figures().unsent == 1)
        assert here.rows("SELECT entity FROM outbox WHERE state = 'pending'") == [("stock:SKU-1",)]
        await mended(hq)
        await here.sent()


async def test_a_count_that_hq_refused_holds_up_no_pick_and_never_undoes_one(hq: Hq, here: Station) -> None:
    """HQ takes no count below what is promised to orders: sent again after the picks, it would add them again."""
    first, second = await two_lists(hq, here)
    await here.record(counted(4))
    await pick(here, first)
    await pick(here, second)
    async with here.syncing():
        await here.sent()
        ((entity, _, reason),) = here.parked()
        assert (entity, "promised to orders" in reason) == ("stock:SKU-1", True)
        await here.retry(entity)
        await here.sent()
    assert here.parked() == []
    assert await on_hand(hq) == 100_000 - 5
    ((kind, why),) = here.rows("SELECT kind, reason FROM outbox JOIN journal USING (seq) WHERE reason IS NOT NULL")
    assert (kind, why) == (
        "stock.counted",
        "HQ knows of later picks or put-aways of SKU-1 at A-01-1, which this count would undo there. Count it again.",
    )
