"""Substitutes, more than was asked, and goods of cancelled work, told to the real central service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid

from local_store import reviewing
from local_store.domain import commands as c
from local_store.domain.site import PickingRules, Worker
from tests.support.site import Hq
from tests.sync.floor import act, pack_everything
from tests.sync.station import SITE, Station, station
from tests.sync.test_picking_with_hq import known_at
from tests.sync.test_with_hq import load, order, pull_all

GOODS = [
    {"sku": "SKU-1", "name": "Tea", "location_id": "A-01-1"},
    {"sku": "SKU-2", "name": "Mint", "location_id": "A-02-1"},
]
EVE = Worker("eve", "Eve", "BADGE-EVE", frozenset({"supervisor"}))


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    """A station whose site allows half as much more as is asked."""
    site = {"picking": PickingRules(over_percent=Decimal(50)), "workers": {**SITE.workers, "eve": EVE}}
    async with station(tmp_path / "st", hq.url, secret=hq.key("station"), site=site) as made:
        yield made


async def begun(hq: Hq, here: Station) -> str:
    """A list of four teas that may go out as mint is open, and the picker stands before the teas."""
    wanted = {**order(1, SKU_1=4), "metadata": {"substitutes": {"SKU-1": ["SKU-2"]}}}
    await load(hq, GOODS, [wanted], lists_of=1)
    await pull_all(here, 1)
    ((picklist,),) = here.rows("SELECT picklist_id FROM picklist")
    await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
    await act(here, c.OpenWork, workplace="pick", id=picklist)
    for code in ("A-01-1", "SKU-1"):
        await act(here, c.Scan, workplace="pick", code=code)
    found: str = picklist
    return found


async def sent(here: Station) -> None:
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    assert here.rows("SELECT count(*) = sum(attempts) FROM outbox_request") == [(1,)]


async def ledger_of_hq(hq: Hq, sku: str) -> dict[str, int]:
    """Units of a product at HQ by place, without what it had at first."""
    told = await hq.call("GET", f"/edge/stock/movements?sku={sku}&limit=500")
    found: dict[str, int] = {}
    for each in told["items"]:
        if each["kind"] != "opening":
            for place, change in ((each["from_place"], -each["quantity"]), (each["to_place"], each["quantity"])):
                found[place] = found.get(place, 0) + change
    return {place: qty for place, qty in found.items() if qty}


async def test_hq_learns_of_a_substitute_and_ships_what_was_picked(hq: Hq, here: Station) -> None:
    picklist = await begun(hq, here)
    await known_at(here, "SKU-2", "A-02-1")
    await act(here, c.MarkShort, workplace="pick", reason="shelf empty")
    for code in ("SKU-2", "A-02-1", "SKU-2"):
        await act(here, c.Scan, workplace="pick", code=code)
    await act(here, c.KeyQuantity, workplace="pick", quantity=Decimal(3))
    await act(here, c.Complete, workplace="pick")
    await pack_everything(here)
    await sent(here)
    listed = await hq.call("GET", f"/picklists/{picklist}")
    assert listed["status"] == "completed"
    assert [(each["sku"], each["picked"], each["status"]) for each in listed["tasks"]] == [
        ("SKU-1", 1, "short"),
        ("SKU-2", 3, "done"),
    ]
    assert await ledger_of_hq(hq, "SKU-1") == {"A-01-1": -1, "@shipped": 1}
    assert await ledger_of_hq(hq, "SKU-2") == {"A-02-1": -3, "@shipped": 3}


async def test_hq_learns_of_more_than_it_asked_for(hq: Hq, here: Station) -> None:
    picklist = await begun(hq, here)
    await act(here, c.KeyQuantity, workplace="pick", quantity=Decimal(4))
    ((task,),) = here.rows("SELECT task_id FROM pick_task")
    of: dict[str, Any] = {"picklist_id": picklist, "task_id": task, "qty": Decimal(2), "reason": "full box"}
    receipt = await here.store.execute(c.OverPick(command_id=uuid.uuid7(), worker_id="ana", **of))
    assert receipt.answer.code == "pick.over"
    for _ in range(2):
        await act(here, c.Scan, workplace="pick", code="SKU-1")
    await act(here, c.Complete, workplace="pick")
    await pack_everything(here)
    await sent(here)
    assert await ledger_of_hq(hq, "SKU-1") == {"A-01-1": -6, "@shipped": 6}
    ((fulfillment,),) = here.rows("SELECT fulfillment_id FROM fulfillment")
    seen = await hq.call("GET", f"/fulfillments/{fulfillment}/timeline")
    assert [each["details"]["reason"] for each in seen["items"] if each["action"] == "more_asked"] == ["full box"]


async def test_goods_of_a_cancelled_order_are_on_their_shelf_at_hq_too(hq: Hq, here: Station) -> None:
    await begun(hq, here)
    await sent(here)
    ((fulfillment,),) = here.rows("SELECT fulfillment_id FROM fulfillment")
    await hq.call("POST", f"/fulfillments/{fulfillment}/cancel", {"reason": "the customer called"})
    async with here.syncing(pull=True):
        await here.until(lambda: reviewing.waiting(here.store.reader) != [])
    (asked,) = reviewing.waiting(here.store.reader)
    of: dict[str, Any] = {"exception_id": asked.exception_id, "choice": "put_back", "badge": EVE.badge}
    receipt = await here.store.execute(c.DecideException(command_id=uuid.uuid7(), **of))
    assert "1 of Tea (SKU-1) at A-01-1" in receipt.answer.text
    await sent(here)
    assert await ledger_of_hq(hq, "SKU-1") == {}
    assert here.rows("SELECT * FROM stock WHERE account LIKE 'picked:%' AND millionths <> 0") == []
