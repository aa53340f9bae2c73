"""Manifests, notices and goods to suppliers against the real central service, run as its own process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import Worker
from tests.support.site import Hq
from tests.sync.floor import pack_everything, pick_everything
from tests.sync.station import SITE, Station, station
from tests.sync.test_with_hq import PRODUCTS, load, order, pull_all

EVE = Worker("eve", "Eve", "BADGE-EVE", frozenset({"packer", "supervisor"}))
DOCK = {"workplaces": {**SITE.workplaces, "dock": "load"}, "workers": {**SITE.workers, "eve": EVE}}


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station(tmp_path / "st", hq.url, secret=hq.key("station"), site=DOCK) as made:
        yield made


async def packed(hq: Hq, here: Station, orders: int) -> list[str]:
    """Orders that are picked and packed here, and of which HQ knows nothing yet; their SSCCs."""
    wanted = [{**order(number, SKU_1=1), "carrier_hint": "DHL"} for number in range(1, orders + 1)]
    await load(hq, PRODUCTS, wanted, lists_of=orders)
    await pull_all(here, 1)
    await pick_everything(here)
    await pack_everything(here)
    return [row[0] for row in here.rows("SELECT sscc FROM package ORDER BY package_id")]


async def loaded_and_closed(here: Station, codes: list[str]) -> str:
    """Scan these onto a manifest and shut the doors; its id."""
    await scan(here, EVE.badge, *codes)
    receipt = await here.store.execute(c.Complete(command_id=uuid.uuid7(), workplace="dock"))
    assert receipt.answer.code == "manifest.closed", receipt.answer
    ((ident,),) = here.rows("SELECT manifest_id FROM manifest")
    found: str = ident
    return found


async def scan(here: Station, *codes: str) -> None:
    for code in codes:
        receipt = await here.store.execute(c.Scan(command_id=uuid.uuid7(), workplace="dock", code=code))
        assert not receipt.refused, receipt.answer


async def act(here: Station, command: type[c.WorkerCommand], **of: Any) -> None:
    receipt = await here.store.execute(command(**{"command_id": uuid.uuid7(), "worker_id": "eve", **of}))
    assert not receipt.refused, receipt.answer


async def test_a_manifest_closed_while_hq_is_away_is_submitted_with_every_shipment_on_it(
    hq: Hq, here: Station
) -> None:
    ident = await loaded_and_closed(here, await packed(hq, here, 3))
    await act(here, c.MakeNotice, asn_reference="ASN-7", manifest_id=ident, destination_warehouse_id="wh_2")
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    ((hq_id,),) = here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'manifest' AND local_id = ?", ident)
    told = await hq.call("GET", f"/manifests/{hq_id}")
    shipments = (await hq.call("GET", "/shipments"))["items"]
    assert (told["status"], told["carrier_id"]) == ("submitted", "DHL")
    assert sorted(told["shipments"]) == sorted(each["id"] for each in shipments)
    assert {each["status"] for each in shipments} == {"booked"}
    (notice,) = (await hq.call("GET", "/asn"))["items"]
    assert (notice["asn_reference"], notice["destination_warehouse_id"]) == ("ASN-7", "wh_2")
    assert sorted(notice["shipments"]) == sorted(told["shipments"])
    assert here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'notice'") == [(notice["asn_id"],)]


async def test_with_lost_answers_there_is_one_manifest(hq: Hq, here: Station) -> None:
    ident = await loaded_and_closed(here, await packed(hq, here, 2))
    faults = {"lost_reply": 0.5, "status_500": 0.2, "only_role": "station", "seed": 7}
    await hq.call("PUT", "/hq/faults", faults, role="operator")
    async with here.syncing():
        await here.sent(60)
    await hq.call("PUT", "/hq/faults", {}, role="operator")
    assert here.parked() == []
    (manifest,) = (await hq.call("GET", "/manifests"))["items"]
    assert (manifest["status"], len(manifest["shipments"])) == ("submitted", 2)
    assert here.rows("SELECT hq_id FROM hq_ref WHERE local_id = ?", ident) == [(manifest["id"],)]


async def test_a_parcel_that_was_unloaded_is_on_no_manifest_of_hq(hq: Hq, here: Station) -> None:
    codes = await packed(hq, here, 2)
    await scan(here, EVE.badge, *codes)
    await here.store.execute(c.Undo(command_id=uuid.uuid7(), workplace="dock"))
    ((ident,),) = here.rows("SELECT manifest_id FROM manifest")
    await act(here, c.CloseManifest, manifest_id=ident, without_missing=True)
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    (manifest,) = (await hq.call("GET", "/manifests"))["items"]
    assert len(manifest["shipments"]) == 1


async def test_goods_for_a_supplier_leave_hqs_stock(hq: Hq, here: Station) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=1)], lists_of=1)
    (before,) = (await hq.call("GET", "/edge/stock?sku=SKU-3"))["items"]
    lines = (e.VendorLine(sku="SKU-3", qty=Decimal(2), location_id=before["location_id"]),)
    of = {"vendor": "Acme", "warehouse_id": "wh_1", "rma_reference": "RMA-1"}
    await here.record(e.VendorShipped(vendor_shipment_id="vsh-1", lines=lines, **of))
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    (after,) = (await hq.call("GET", "/edge/stock?sku=SKU-3"))["items"]
    assert after["on_hand"] == before["on_hand"] - 2
    (told,) = (await hq.call("GET", "/vendor-shipments"))["items"]
    assert (told["vendor"], told["rma_reference"]) == ("Acme", "RMA-1")


async def test_a_manifest_waits_for_a_shipment_that_hq_refuses_and_goes_when_that_is_settled(
    hq: Hq, here: Station
) -> None:
    codes = await packed(hq, here, 1)
    ((ident,),) = here.rows("SELECT fulfillment_id FROM fulfillment")
    await loaded_and_closed(here, codes)
    await hq.call("POST", f"/fulfillments/{ident}/cancel", {"reason": "customer"}, role="office")
    async with here.syncing():
        await here.until(lambda: here.figures().parked >= 1)
    assert {row[0] for row in here.rows("SELECT entity FROM outbox WHERE state = 'pending'")} >= {
        f"manifest:{here.rows('SELECT manifest_id FROM manifest')[0][0]}"
    }
    assert (await hq.call("GET", "/manifests"))["items"] == []
