"""The facade under made-up calls: whatever it is asked, it answers as the contract of seed 003 says."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.hq.exsited_client import Exsited
from tests.hq.site import Hq, running_hq
from tests.support.conformity import examples_of_profile, run_schemathesis
from web.contract import Contract

EXAMPLES = 1


async def a_day(hq: Hq, office: Exsited) -> dict[str, list[str]]:
    """Orders of which some are fulfilled, goods that came in and back, and the ids by which they may be asked for."""
    await hq.with_products(1000)
    orders = [f"O-{number}" for number in range(5)]
    for order_id in orders:
        await hq.order(order_id, SKU_1=3, SKU_2=2)
    for order_id in orders[:2]:
        assert (await office.fulfil(order_id, 2, status="SHIPPED")).status == 201
    bought = await office.buy("PO-1", {"item_id": "SKU-1", "item_quantity": 10})
    receipt = {"receipt_status": "PENDING", "date": "2025-09-01", "id": "IR-1"}
    line = {"uuid": bought["lines"][0]["uuid"], "receipt_quantity": 2}
    body = {"item-receipt": {**receipt, "receipts": [line]}}
    assert (await office.call("POST", "/v2/purchase-orders/PO-1/item-receipts", body)).status == 201
    lines = (await office.get("/v3/invoices/INV-O-0"))["invoice"]["lines"]
    back = [{"rma_quantity": 1, "item_uuid": lines[0]["item_uuid"], "uuid": lines[0]["uuid"]}]
    body = {"return_merchandise_authorisations": {"id": "RMA-1", "date": "2025-09-01", "returns": back}}
    path = "/v3/invoices/INV-O-0/return-merchandise-authorisations"
    assert (await office.call("POST", path, body)).status == 201
    return {
        "id": [*(f"INV-{each}" for each in orders), "FF-1", "FF-2", "PO-1", "IR-1", "SKU-1", "O-1"],
        "fulfillment_id": ["FF-1", "FF-2"], "rma": ["RMA-1"], "item_id": ["SKU-1", "SKU-2"],
        "uuid": [line["uuid"] for line in lines] + [bought["lines"][0]["uuid"]],
        "item_uuid": [line["item_uuid"] for line in lines], "client_secret": ["office-secret-for-tests"],
    }  # fmt: skip


async def test_no_call_made_up_from_the_contract_meets_a_fault_or_an_undocumented_answer(tmp_path: Path) -> None:
    contract = Contract.load("exsited")
    async with running_hq(tmp_path / "hq.db", dialect="exsited") as hq, Exsited.of(hq) as office:
        known = await a_day(hq, office)
        headers = {"Authorization": f"Bearer {office.token}"}
        calls = await asyncio.to_thread(
            run_schemathesis, contract, f"{hq.url}/api", headers, examples_of_profile(EXAMPLES), known
        )
        assert calls > EXAMPLES * len(contract.operations)
        await hq.stock()
