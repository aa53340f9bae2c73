"""Lots, serial numbers, other places and goods that go back, told to the real central service."""

from __future__ import annotations

from decimal import Decimal

import pytest
import uuid_utils.compat as uuid

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.transaction import Transaction
from tests.support.site import Hq
from tests.sync.floor import act
from tests.sync.station import Station
from tests.sync.test_with_hq import TRACED, here, load, order, pull_all  # noqa: F401 -- fixtures

GOODS = [
    {"sku": "SKU-1", "name": "Phone", "location_id": "A-01-1", "serial_required": True},
    {"sku": "SKU-2", "name": "Milk", "location_id": "A-02-1", "expiry_required": True},
    {"sku": "SKU-3", "name": "Tea", "location_id": "A-03-1"},
]
SCANNED = ("A-01-1", "SKU-1", "S1", "S2", "A-02-1", "SKU-2")


@pytest.fixture
async def picked(hq: Hq, here: Station) -> str:  # noqa: F811 -- the fixture above
    """A list of three lines: two phones, one milk of lot L7, and teas that were short and are at another location."""
    await load(hq, GOODS, [order(1, SKU_1=2, SKU_2=1, SKU_3=3)], lists_of=1)
    await hq.load("products", [{"sku": "SKU-9", "name": "Salt", "location_id": "B-09-1"}])
    await hq.load("stock", [{"location_id": "B-09-1", "sku": "SKU-3", "quantity": 9, "reference": "more"}])
    await pull_all(here, 1)
    ((picklist,),) = here.rows("SELECT picklist_id FROM picklist")
    await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
    await act(here, c.OpenWork, workplace="pick", id=picklist)
    for code in SCANNED:
        await act(here, c.Scan, workplace="pick", code=code)
    await act(here, c.SetValue, workplace="pick", name="lot", value="L7")
    await act(here, c.SetValue, workplace="pick", name="expiry", value="2031-01-31")
    await act(here, c.Scan, workplace="pick", code="A-03-1")
    await act(here, c.Scan, workplace="pick", code="SKU-3")
    await known_at(here, "SKU-3", "B-09-1")
    await act(here, c.MarkShort, workplace="pick", reason="shelf empty")
    await act(here, c.Replan, workplace="pick", location_id="B-09-1")
    await act(here, c.Scan, workplace="pick", code="B-09-1")
    await act(here, c.Scan, workplace="pick", code="SKU-3")
    await act(here, c.KeyQuantity, workplace="pick", quantity=Decimal(2))
    await act(here, c.Complete, workplace="pick")
    found: str = picklist
    return found


async def known_at(here: Station, sku: str, location: str) -> None:  # noqa: F811 -- the fixture above
    """The ledger here knows of five units there; how it came to know concerns no HQ."""
    fact = e.PickRebinned(
        picklist_id="none", rebin_id="none", task_id="none", fulfillment_id="none", order_line_id="none",
        location_id=location, sku=sku, qty=Decimal(5), picked=Decimal(0), line_picked=Decimal(0), reason="none",
    )  # fmt: skip

    def know(tx: Transaction) -> None:
        seq = tx.append(fact)
        tx.connection.execute("DELETE FROM outbox WHERE seq = ?", (seq,))

    await here.store.run(know)


async def test_hq_learns_lots_serials_and_the_other_place_at_the_first_try(
    hq: Hq,
    here: Station,  # noqa: F811 -- the same
    picked: str,
) -> None:
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    assert here.rows("SELECT count(*) = sum(attempts) FROM outbox_request") == [(1,)]
    told = {kind for (kind,) in here.rows("SELECT DISTINCT kind FROM journal JOIN outbox USING (seq)")}
    assert told >= TRACED - {"pick.rebinned", "pick.substituted", "pick.over"}
    listed = await hq.call("GET", f"/picklists/{picked}")
    assert listed["status"] == "completed"
    tea = [(each["location_id"], each["picked"]) for each in listed["tasks"] if each["sku"] == "SKU-3"]
    assert tea == [("A-03-1", 1), ("B-09-1", 2)]
    seen = await hq.call("GET", "/traceability?serial=S2")
    assert [each["event"] for each in seen["items"]] == ["assigned"]
    lot = await hq.call("GET", "/traceability?lot_id=L7")
    assert [(each["event"], each["qty"]) for each in lot["items"]] == [("lot_consumed", 1)]


async def test_units_that_went_back_may_go_out_again(
    hq: Hq,
    here: Station,  # noqa: F811 -- the same
    picked: str,
) -> None:
    ((task_id,),) = here.rows("SELECT task_id FROM pick_task WHERE sku = 'SKU-1'")
    back = c.PickRebin(rebin_id="r", task_id=task_id, qty=Decimal(1), location_id="A-01-1", serials=("S1",))
    command = c.RebinPicks(command_id=uuid.uuid7(), worker_id="ana", picklist_id=picked, rebins=(back,))
    receipt = await here.store.execute(command)
    assert receipt.answer.text == f"{picked}: 1 of 1 are right."
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    seen = await hq.call("GET", "/traceability?serial=S1")
    assert [each["event"] for each in seen["items"]] == ["assigned", "put_back"]
    listed = await hq.call("GET", f"/picklists/{picked}")
    assert {each["picked"] for each in listed["tasks"] if each["sku"] == "SKU-1"} == {1}
