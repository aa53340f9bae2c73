"""Names that HQ has for the work of another lane, and what it says of that work, without any work of its own."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from sync.comparing import compare
from sync.dialect import Answer, PullStopped
from tests.sync.exsited.site import SEED_ONLY, client, hq_and_station, order_of_cases, pulled
from tests.sync.station import LANE, Station, new_id


async def from_another_lane(here: Station, **quantities: int) -> None:
    """Order O-1 as another HQ gave it."""
    lines = tuple(
        e.WorkLine(order_line_id=f"L{place}", sku=sku.replace("_", "-"), qty=Decimal(qty))
        for place, (sku, qty) in enumerate(quantities.items())
    )
    work = e.FulfillmentReceived(
        lane="other", fulfillment_id="F-7", order_id="O-1", warehouse_id="wh_1", party_id="p", lines=lines
    )
    await here.store.execute(c.ReceiveWork(command_id=new_id(), fulfillments=(work,), parties=()))


async def test_a_lane_that_gives_no_work_learns_what_hq_calls_the_orders_of_another(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path, is_source=False) as (hq, _office, here):
        await hq.order("O-1", SKU_1=3, SKU_2=1)
        await hq.order("O-2", SKU_1=1)
        await from_another_lane(here, SKU_1=3, SKU_2=1)
        await pulled(here)
        assert here.rows("SELECT fulfillment_id FROM fulfillment") == [("F-7",)]
        assert here.rows("SELECT count(*) FROM product") == [(0,)]
        refs = {
            (thing, local): hq_id for thing, local, hq_id in here.rows("SELECT thing, local_id, hq_id FROM hq_ref")
        }
        assert refs["order", "F-7"] == "INV-O-1"
        assert Counter(thing for thing, _ in refs)["line"] == 2
        assert ("order", "INV-O-2") not in refs


async def test_an_order_that_comes_later_is_learned_later(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path, is_source=False) as (hq, _office, here):
        await hq.order("O-1", SKU_1=3)
        async with here.syncing(pull=True):
            await here.until(lambda: here.rows("SELECT 1 FROM pull_cursor WHERE what = 'invoices'") != [])
            await from_another_lane(here, SKU_1=3)
            await here.until(lambda: here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'order'") == [("INV-O-1",)])


# --- to compare -------------------------------------------------------------------------------------------------


async def test_in_the_mode_of_the_seed_nothing_is_taken_or_told_and_differences_are_shown(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path, SEED_ONLY) as (hq, office, here):
        await order_of_cases(hq, 36)
        await from_another_lane(here, SKU_9=36)
        await office.fulfil("O-1", "1.5", status="SHIPPED")
        await hq.order("O-2", SKU_1=1)
        await pulled(here)
        assert here.rows("SELECT fulfillment_id FROM fulfillment") == [("F-7",)]
        assert here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'order'") == [("INV-O-1",)]
        speaks = client(here, mode="seed_only")
        found = await compare(here.store.reader, LANE, speaks)
        (difference,) = found.differences
        assert (difference.sku, difference.what, difference.here, difference.there) == (
            "SKU-9",
            "shipped",
            Decimal(0),
            Decimal(18),
        )
        await speaks.close()


async def test_what_cannot_be_compared_is_said_and_not_left_out(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        await order_of_cases(hq, 36)
        await hq.order("O-2", SKU_1=2)
        await pulled(here)
        speaks = client(here)
        assert (await compare(here.store.reader, LANE, speaks)).differences == ()
        await office.fulfil("O-1", "1")
        await here.store.run(
            lambda tx: tx.connection.execute("DELETE FROM hq_ref WHERE thing = 'sale_uom' AND local_id LIKE '%CASE%'")
        )
        with pytest.raises(PullStopped, match="O-1: SKU-9 has no unit CASE-12"):
            await compare(here.store.reader, LANE, speaks)
        await speaks.close()


async def test_a_late_tracking_number_goes_by_hand(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        await hq.order("O-1", SKU_1=1)
        await office.fulfil("O-1", 1)
        speaks = client(here)
        named = speaks.calls()["patch-fulfillment"]
        body = '{"item_fulfillment": {"tracking_number": "1Z9"}}'
        reply = await speaks.call(named.method, named.path.replace("{id}", "FF-1"), body)
        assert isinstance(reply, Answer)
        assert reply.body["item_fulfillment"]["tracking_number"] == "1Z9"
        await speaks.close()
