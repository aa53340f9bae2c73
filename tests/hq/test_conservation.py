"""Random days on the floor: whatever is done in whatever order, no unit is lost and nothing breaks."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hq.site import Hq, running_hq, taken

ACTS = [
    "order",
    "wave",
    "start",
    "scan",
    "scan",
    "undo",
    "short",
    "reopen",
    "complete",
    "pack",
    "seal",
    "ship",
    "call_off",
    "rebin",
    "cancel",
    "count",
]
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(1, 4)), min_size=10, max_size=40)


class Day:
    """Does one act after the other with whatever is there; every answer below 500 is a good answer."""

    def __init__(self, hq: Hq) -> None:
        self.hq, self.numbers = hq, itertools.count(1)
        self.orders: list[str] = []
        self.picklists: list[str] = []

    async def run(self, act: str, which: int, qty: int) -> None:
        await getattr(self, act)(which, qty)
        totals = await self.hq.stock()
        assert min(totals["on_hand"], totals["picked"], totals["shipped"]) >= 0

    async def order(self, which: int, qty: int) -> None:
        other = ("SKU_1", "SKU_2", "SKU_3")[which % 3]
        self.orders.append(await self.hq.order(f"o{next(self.numbers)}", **{"SKU_1": qty, other: qty}))

    async def wave(self, which: int, qty: int) -> None:
        wanted = self.orders[which : which + qty]
        if wanted:
            made = await self.post("/picklists", {"warehouse_id": "wh_1", "fulfillment_ids": wanted})
            self.picklists += [made["id"]] if "id" in made else []

    async def start(self, which: int, qty: int) -> None:
        for picklist in self.picklists[which : which + 1]:
            await self.post(f"/picklists/{picklist}/assign", {"worker_id": "ann", "device_id": "d1"})
            await self.post(f"/picklists/{picklist}/start", {})

    async def scan(self, which: int, qty: int) -> None:
        for picklist, task in await self.tasks(which):
            await self.post(f"/picklists/{picklist}/scan", [taken(task, qty)])

    async def undo(self, which: int, qty: int) -> None:
        await self.adjust(which, {"kind": "undo", "qty": qty})

    async def short(self, which: int, qty: int) -> None:
        await self.adjust(which, {"kind": "short"})

    async def reopen(self, which: int, qty: int) -> None:
        await self.adjust(which, {"kind": "reopen"})

    async def complete(self, which: int, qty: int) -> None:
        for picklist in self.picklists[which : which + 1]:
            await self.post(f"/picklists/{picklist}/complete", {})

    async def pack(self, which: int, qty: int) -> None:
        for ident in self.orders[which : which + 1]:
            lines = (await self.hq.get(f"/fulfillments/{ident}")).body["lines"]
            items = [{"line_id": line["order_line_id"], "qty": qty} for line in lines[:1]]
            box = {"package_id": f"box-{which}-{qty}", "weight": 100, "items": items}
            await self.post("/pack-stations/p1/pack", {"fulfillment_ids": [ident], "packages": [box]})

    async def seal(self, which: int, qty: int) -> None:
        await self.post("/pack-stations/p1/seal", {"package_id": f"box-{which}-{qty}"})

    async def ship(self, which: int, qty: int) -> None:
        for ident in self.orders[which : which + 1]:
            packages = (await self.hq.get(f"/fulfillments/{ident}")).body["packages"]
            ready = [
                {"package_id": each["package_id"]} for each in packages if each["sealed"] and not each["shipment_id"]
            ]
            await self.post("/shipments", {"fulfillment_id": ident, "packages": ready or [{"package_id": "none"}]})

    async def call_off(self, which: int, qty: int) -> None:
        shipments = (await self.hq.get("/shipments")).body["items"]
        for shipment in shipments[which : which + 1]:
            await self.post(f"/shipments/{shipment['id']}/cancel", {})

    async def rebin(self, which: int, qty: int) -> None:
        for picklist, task in await self.tasks(which):
            what = {"rebin_id": f"b{next(self.numbers)}", "task_id": task["task_id"], "qty": qty}
            await self.post(f"/picklists/{picklist}/rebin", {"rebins": [{**what, "location_id": "A-10-1"}]})

    async def cancel(self, which: int, qty: int) -> None:
        for ident in self.orders[which : which + 1]:
            await self.post(f"/fulfillments/{ident}/cancel", {})

    async def count(self, which: int, qty: int) -> None:
        line = {"location_id": "A-01-1", "sku": "SKU-1", "quantity": qty - 2, "reference": f"c{next(self.numbers)}"}
        await self.hq.import_lines("stock", [line])

    async def adjust(self, which: int, change: dict[str, Any]) -> None:
        for picklist, task in await self.tasks(which):
            what = {"adjustment_id": f"a{next(self.numbers)}", "task_id": task["task_id"], **change}
            await self.post(f"/picklists/{picklist}/adjust", {"adjustments": [what]})

    async def tasks(self, which: int) -> list[tuple[str, Any]]:
        found = []
        for picklist in self.picklists[-2:]:
            tasks = (await self.hq.get(f"/picklists/{picklist}")).body["tasks"]
            found += [(picklist, task) for task in tasks[which : which + 1]]
        return found

    async def post(self, path: str, body: Any) -> Any:
        answered = await self.hq.post(path, body)
        assert answered.status < 500, (path, body, answered.text)
        return answered.body


@settings(max_examples=30)
@given(STEPS)
async def test_no_unit_is_lost_whatever_is_done_in_whatever_order(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_hq(Path(folder) / "hq.db") as hq:
            await hq.with_products()
            day = Day(hq)
            for act in (("order", 1, 2), ("order", 2, 1), ("wave", 0, 2), ("start", 0, 1), *steps):
                await day.run(*act)
