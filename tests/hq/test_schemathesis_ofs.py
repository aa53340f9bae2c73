"""The service under made-up calls: whatever it is asked, it answers as the contract of seed 001 says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.hq.served import served_part
from tests.hq.site import PRODUCTS, SCANNED_AT, order
from tests.support.conformity import examples_of_profile, run_schemathesis
from tests.support.site import Hq

EXAMPLES = 3


async def a_day(hq: Hq) -> dict[str, list[str]]:
    """Work in every state, and the ids by which it may be asked for."""
    await hq.load("products", PRODUCTS)
    row = {"sku": "SKU-1", "location_id": "A-01-1", "quantity": 500, "reference": "opening"}
    await hq.load("stock", [row])
    orders = [order(f"ord_{number}", SKU_1=2) for number in range(6)]
    made = [(await hq.call("POST", "/fulfillments", each))["fulfillment_id"] for each in orders]
    bodies = [{"warehouse_id": "wh_1", "fulfillment_ids": [ident]} for ident in made[:4]]
    waves: list[Any] = [await hq.call("POST", "/picklists", body) for body in bodies]
    for wave in waves[:3]:
        await hq.call("POST", f"/picklists/{wave['id']}/assign", {"worker_id": "ann", "device_id": "d1"})
        await hq.call("POST", f"/picklists/{wave['id']}/start", {})
    packages, shipments = [], []
    for wave, ident in zip(waves[:2], made[:2], strict=True):
        task = wave["tasks"][0]
        scan = {"location_id": task["location_id"], "sku": task["sku"], "qty": 2, "timestamp": SCANNED_AT}
        await hq.call("POST", f"/picklists/{wave['id']}/scan", [scan])
        await hq.call("POST", f"/picklists/{wave['id']}/complete", {})
        line = task["order_line_id"]
        packages.append(f"PK-{ident}")
        package = {"package_id": packages[-1], "weight": 700, "items": [{"line_id": line, "qty": 2}]}
        await hq.call("POST", "/pack-stations/p1/pack", {"fulfillment_ids": [ident], "packages": [package]})
        await hq.call("POST", "/pack-stations/p1/seal", {"package_id": packages[-1]})
    body = {"fulfillment_id": made[0], "packages": [{"package_id": packages[0]}]}
    shipments.append((await hq.call("POST", "/shipments", body))["shipment_id"])
    await hq.call("POST", f"/shipments/{shipments[0]}/generate-label", {"label_format": "zpl"})
    tasks = [task for wave in waves for task in wave["tasks"]]
    return {
        "fulfillmentId": made, "fulfillment_id": made, "fulfillment_ids": made,
        "order_id": [f"ord_{number}" for number in range(6)], "picklistId": [wave["id"] for wave in waves],
        "allocationId": [(await hq.call("GET", f"/fulfillments/{ident}"))["allocation_id"] for ident in made[:4]],
        "shipmentId": shipments, "shipments": shipments, "package_id": packages, "stationId": ["p1"],
        "taskId": [task["task_id"] for task in tasks], "task_id": [task["task_id"] for task in tasks],
        "line_id": [task["order_line_id"] for task in tasks], "order_line_id": [f"ord_{n}-1" for n in range(6)],
        "sku": ["SKU-1", "SKU-2"], "location_id": ["A-01-1"], "warehouse_id": ["wh_1"], "warehouseId": ["wh_1"],
        "worker_id": ["ann"], "device_id": ["d1"], "deviceId": ["d1"], "jobId": ["job_1"],
    }  # fmt: skip


async def test_no_call_made_up_from_the_contract_meets_a_fault_or_an_undocumented_answer(tmp_path: Path) -> None:
    contract = served_part()
    hq = Hq(tmp_path, more=("--company-prefix", "0614141"))
    await hq.start()
    try:
        known = await a_day(hq)
        headers = {"Authorization": f"Bearer {hq.key('office')}"}
        url = f"{hq.url}/v1/fulfillment"
        calls = await asyncio.to_thread(
            run_schemathesis, contract, url, headers, examples_of_profile(EXAMPLES), known
        )
        assert calls > EXAMPLES * len(contract.operations)
    finally:
        hq.process.stop()
