"""Stock, serial numbers and counts over HTTP: page by page, and blind while somebody counts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid
from aiohttp.test_utils import TestClient, TestServer

from agent.api import counting
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.store import Store
from tests.support.floor import SITE, product

COUNTING = replace(SITE, workplaces={**SITE.workplaces, "count-1": "count"})


class Page:
    """A page of the station, or a program with its key."""

    def __init__(self, client: TestClient[Any, Any], key: StationKey, store: Store) -> None:
        self._client, self._key, self.store = client, key, store

    async def call(self, method: str, path: str, *, screen: bool = False, **body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Host": f"127.0.0.1:{self._client.port}"}
        headers |= (
            {"Cookie": f"edge_station={self._key.cookie}", "Origin": f"http://127.0.0.1:{self._client.port}"}
            if screen
            else {"Authorization": f"Bearer {self._key.key}"}
        )
        async with self._client.request(method, path, json=body or None, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())

    async def get(self, path: str, *, screen: bool = False) -> dict[str, Any]:
        status, body = await self.call("GET", f"/v1/station/{path}", screen=screen)
        assert status == 200, body
        return body

    async def act(self, path: str, **of: Any) -> str:
        """What the station says to the supervisor who is signed in at pick-1."""
        members = {"command_id": str(uuid.uuid7()), "workplace": "sup", **of}
        status, body = await self.call("POST", f"/v1/station/{path}", **members)
        assert status == 200, body
        text: str = body["answer"]["text"]
        return text

    async def append(self, *facts: e.Fact) -> None:
        await self.store.run(lambda tx: [tx.append(fact) for fact in facts])


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    store = Store(tmp_path, COUNTING, SystemClock(), "test")
    await store.open()
    goods = (product("JAM", location_id="B-2"), product("TEA", location_id="A-1"))
    await store.execute(c.ReceiveProducts(command_id=uuid.uuid7(), products=goods))
    await store.run(lambda tx: tx.append(e.WorkerSignedIn(workplace="sup", worker_id="eve")))
    key, ports = StationKey(tmp_path), list[int]()
    tables = [counting.routes(Around(store, SystemClock()))]
    app = build_app(key, lambda: doors_of("127.0.0.1", ports[0]), tables)
    async with TestClient(TestServer(app)) as client:
        ports.append(client.port or 0)
        made = Page(client, key, store)
        for sku, at, qty in (("TEA", "A-1", 10), ("JAM", "B-2", 5)):
            await made.act("stock/adjustments", sku=sku, location_id=at, qty=qty, reason="opening")
        yield made
    await store.close()


async def test_what_is_where_is_told_with_its_age_and_with_what_hq_believes_beside_it(page: Page) -> None:
    told = e.StockTold(lane="main", warehouse_id="WH-1", sku="TEA", location_id="A-1", qty=Decimal(12))
    await page.append(told)
    (item,) = (await page.get("stock?location_id=A-1"))["items"]
    ages = item.pop("moved_at"), item["told"][0].pop("told_at")
    assert all(age.endswith("Z") for age in ages)
    assert item == {
        "account": "location:A-1",
        "location_id": "A-1",
        "sku": "TEA",
        "lot_id": None,
        "qty": "10",
        "counted_at": None,
        "told": [{"lane": "main", "warehouse_id": "WH-1", "sku": "TEA", "location_id": "A-1", "qty": "12"}],
    }


async def test_stock_comes_in_pages_without_gap_or_repeat(page: Page) -> None:
    whole = [(each["account"], each["sku"]) for each in (await page.get("stock"))["items"]]
    assert whole == [("adjusted", "JAM"), ("adjusted", "TEA"), ("location:A-1", "TEA"), ("location:B-2", "JAM")]
    found, cursor = [], ""
    while True:
        one = await page.get(f"stock?limit=1{cursor}")
        found += [(each["account"], each["sku"]) for each in one["items"]]
        if one["next_cursor"] is None:
            break
        cursor = f"&cursor={one['next_cursor']}"
    assert found == whole
    for bad in ("x", "W10=", "WzEsMiwzXQ=="):
        assert (await page.call("GET", f"/v1/station/stock?cursor={bad}"))[0] == 422


async def test_a_fresh_station_knows_what_hq_believes_of_shelves_it_never_saw(page: Page) -> None:
    at = [("TEA", "C-9", 3), ("JAM", None, 9)]
    await page.append(
        *(
            e.StockTold(lane="main", warehouse_id="WH-1", sku=sku, location_id=where, qty=Decimal(qty))
            for sku, where, qty in at
        )
    )
    items = (await page.get("stock/told"))["items"]
    assert [(each["sku"], each["location_id"], each["qty"]) for each in items] == [
        ("JAM", None, "9"),
        ("TEA", "C-9", "3"),
    ]
    assert (await page.get("stock/told?location_id=C-9&limit=1"))["next_cursor"] is not None


async def test_while_a_location_is_counted_blind_a_screen_is_not_told_what_is_expected_there(page: Page) -> None:
    told = e.StockTold(lane="main", warehouse_id="WH-1", sku="TEA", location_id="A-1", qty=Decimal(12))
    await page.append(told)
    assert await page.act("count-tasks", location_id="A-1", reason="spot") == "A-1 will be counted: spot."
    (item,) = (await page.get("stock?location_id=A-1", screen=True))["items"]
    assert (item["qty"], item["told"]) == (None, [])
    assert (await page.get("stock/told", screen=True))["items"] == []
    assert (await page.get("stock?location_id=B-2", screen=True))["items"][0]["qty"] == "5"
    (task,) = (await page.get("count-tasks", screen=True))["items"]
    assert sorted(task) == [
        "asked_at", "count_task_id", "location_id", "reason", "sku", "status", "workplace",
    ]  # fmt: skip
    assert (await page.get("stock?location_id=A-1"))["items"][0]["qty"] == "10", "who decides is told"


async def test_who_decides_sees_every_count_that_was_made_and_a_screen_does_not(page: Page) -> None:
    await page.act("count-tasks", location_id="A-1", reason="spot")
    ((ident,),) = page.store.reader.execute("SELECT count_task_id FROM count_task").fetchall()
    line = e.CountLine(sku="TEA", counted=Decimal(4), difference=Decimal(-6))
    await page.append(e.CountRecountAsked(count_task_id=ident, counted_by="ana", lines=(line,)))
    told = await page.get(f"count-tasks/{ident}")
    assert told["status"] == "recount"
    assert told["rounds"] == [
        {
            "counted_by": "ana",
            "lines": [{"sku": "TEA", "lot_id": None, "counted": "4", "difference": "-6", "serials": []}],
        }
    ]
    assert (await page.call("GET", f"/v1/station/count-tasks/{ident}", screen=True))[0] == 403
    assert (await page.call("GET", "/v1/station/count-tasks/none"))[0] == 404
    said = await page.act(f"count-tasks/{ident}/settle", choice="accept")
    assert said == "A-1 is counted. Corrected: 4 of TEA."


async def test_units_are_found_by_their_serial_numbers(page: Page) -> None:
    came = e.ReceivedLine(sku="TEA", qty=Decimal(2), lot_id="L1", serials=("S1", "S2"))
    await page.append(e.ReceiptRecorded(receipt_id="R1", against="blind", lines=(came,)))
    (unit,) = (await page.get("serials?serial=S2"))["items"]
    assert (unit["sku"], unit["account"], unit["lot_id"]) == ("TEA", "dock", "L1")
    first = await page.get("serials?sku=TEA&limit=1")
    second = await page.get(f"serials?sku=TEA&limit=1&cursor={first['next_cursor']}")
    assert [each["items"][0]["serial"] for each in (first, second)] == ["S1", "S2"]
    assert (await page.get("serials?location_id=A-1"))["items"] == []


async def test_a_check_tells_whether_goods_are_conserved_and_where_a_shelf_is_below_zero(page: Page) -> None:
    assert await page.get("stock/check") == {"products": 2, "conserved": True, "items": []}
    taken = {"before": Decimal(0), "after": Decimal(-3), "reason": "a test"}
    await page.append(e.StockAdjusted(sku="JAM", location_id="A-1", **taken))
    (item,) = (await page.get("stock/check"))["items"]
    assert (item["sku"], item["adjusted"], item["on_hand"], item["below_zero"]) == ("JAM", "2", "2", 1)


async def test_counts_are_planned_by_a_supervisor(page: Page) -> None:
    assert await page.act("count-tasks/plan", most=1) == "Locations to be counted: 1."
    first = await page.get("count-tasks?limit=1")
    assert len(first["items"]) == 1
    assert (await page.get(f"count-tasks?limit=1&cursor={first['next_cursor']}"))["items"] == []
