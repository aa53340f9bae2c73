from __future__ import annotations

from typing import Any

from tests.hq.site import Hq, package, taken


async def test_an_order_goes_from_created_to_shipped_and_its_goods_leave_the_stock(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=2, SKU_2=3)
    assert await stocked.status(ident) == "created"
    picklist = await stocked.wave(ident)
    assert await stocked.status(ident) == "allocated"
    steps: list[tuple[str, Any]] = [("assign", {"worker_id": "ann", "device_id": "d1"}), ("start", None)]
    for step, body in steps:
        answered = await stocked.post(f"/picklists/{picklist['id']}/{step}", body, role="station")
        assert answered.status == 200
    assert await stocked.status(ident) == "picking"
    await stocked.scan(picklist["id"], *[taken(task) for task in picklist["tasks"]])
    assert await stocked.status(ident) == "picked"
    assert (await stocked.post(f"/picklists/{picklist['id']}/complete")).status == 200
    await stocked.pack(ident, package("box-1", 900, a=("ord_1-1", 2)), seal=True)
    assert await stocked.status(ident) == "packing"
    packed = await stocked.pack(ident, package("box-2", 700, a=("ord_1-2", 3)), seal=True)
    assert packed.body["ready_to_ship"]
    assert await stocked.status(ident) == "ready_to_ship"
    body = {"fulfillment_id": ident, "packages": [{"package_id": "box-1"}, {"package_id": "box-2"}]}
    assert (await stocked.post("/shipments", body)).status == 201
    assert await stocked.status(ident) == "shipped"
    assert await stocked.stock() == {"opening": 30, "adjusted": 0, "on_hand": 25, "picked": 0, "shipped": 5}
