"""Receiving and put-away over HTTP: lists for a page, and what people decide beside the scans."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid
from aiohttp.test_utils import TestClient, TestServer

from agent.api import receiving
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.store import Store
from tests.support.dock import DOCK_SITE, PALLET, TEA, announced, expected, on_pallet, pallet
from tests.support.floor import product


class Page:
    """The page of the receiving desk, where Ray is signed in."""

    def __init__(self, client: TestClient[Any, Any], key: str, store: Store) -> None:
        self._client, self._key, self.store = client, key, store

    async def call(self, method: str, path: str, *, key: bool = True, **body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Host": f"127.0.0.1:{self._client.port}"}
        headers |= {"Authorization": f"Bearer {self._key}"} if key else {}
        async with self._client.request(method, f"/v1/station/{path}", json=body or None, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())

    async def act(self, path: str, **body: Any) -> str:
        members = {"command_id": str(uuid.uuid7()), "workplace": "in-1", **body}
        status, answer = await self.call("POST", path, **members)
        assert status == 200, answer
        code: str = answer["answer"]["code"]
        return code

    async def scan(self, *codes: str) -> None:
        for code in codes:
            await self.store.execute(c.Scan(command_id=uuid.uuid7(), workplace="in-1", code=code))


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    store = Store(tmp_path, DOCK_SITE, SystemClock(), "test")
    await store.open()
    on_it = pallet(PALLET, on_pallet("TEA", 4))
    inbound = (announced("ASN-1", expected("TEA", 10), pallets=(on_it,)), announced("ASN-2", expected("TEA", 1)))
    await store.execute(c.ReceiveProducts(command_id=uuid.uuid7(), products=(product("TEA", TEA),)))
    await store.execute(c.ReceiveInbound(command_id=uuid.uuid7(), inbound=inbound))
    key, ports = StationKey(tmp_path), list[int]()
    table = receiving.routes(Around(store, SystemClock()))
    app = build_app(key, lambda: doors_of("127.0.0.1", ports[0]), [table])
    async with TestClient(TestServer(app)) as client:
        ports.append(client.port or 0)
        made = Page(client, key.key, store)
        await made.scan("BADGE-RAY")
        yield made
    await store.close()


async def test_the_list_tells_what_is_announced_and_what_came_a_page_at_a_time(page: Page) -> None:
    assert (await page.call("GET", "inbound", key=False))[0] == 401
    await page.scan("ASN-1", PALLET, "ASN-1")
    status, body = await page.call("GET", "inbound?limit=1")
    assert (status, body["after"]) == (200, "ASN-1")
    assert body["inbound"] == [
        {
            "inbound_id": "ASN-1",
            "number": "ASN-1",
            "against": "asn",
            "open": True,
            "lines": [{"line_id": "L-TEA", "sku": "TEA", "expected": "10", "received": "4"}],
        }
    ]
    _, body = await page.call("GET", "inbound?after=ASN-1")
    assert [each["inbound_id"] for each in body["inbound"]] == ["ASN-2"]


async def test_an_announcement_tells_what_differs_and_a_closed_one_leaves_the_list(page: Page) -> None:
    assert await page.act("inbound/ASN-1/reject", sku="TEA", qty="2", reason="wet") == "inbound.rejected"
    assert await page.act("inbound/ASN-1/close") == "inbound.needs_second"
    fact = e.InboundClosed(inbound_id="ASN-1", worker_id="ray", approved_by="eve")
    await page.store.run(lambda tx: tx.append(fact))
    _, body = await page.call("GET", "inbound/ASN-1")
    assert [(each["differs"], each["qty"]) for each in body["discrepancies"]] == [("rejected", "2")]
    assert body["inbound"]["open"] is False
    assert len((await page.call("GET", "inbound"))[1]["inbound"]) == 1
    assert len((await page.call("GET", "inbound?closed=true"))[1]["inbound"]) == 2
    assert await page.act("inbound/ASN-1/reopen", reason="late") == "inbound.reopened"
    assert (await page.call("GET", "inbound/NOPE"))[0] == 404


async def test_a_receipt_the_dock_and_the_acts_about_them(page: Page) -> None:
    await page.scan("ASN-1", PALLET, "ASN-1")
    ((receipt_id,),) = page.store.reader.execute("SELECT DISTINCT receipt_id FROM received_line").fetchall()
    _, body = await page.call("GET", f"receipts/{receipt_id}")
    assert body["lines"] == [
        {"line": 0, "sku": "TEA", "qty": "4", "condition": "good", "lot_id": None, "container": PALLET}
    ]
    _, body = await page.call("GET", "put-away")
    assert body["waiting"] == [{"sku": "TEA", "lot_id": None, "qty": "4"}]
    assert body["units"] == [{"container": PALLET, "sku": "TEA", "lot_id": None, "qty": "4"}]
    lines = [{"line": 0, "change": "-1"}]
    assert await page.act(f"receipts/{receipt_id}/correct", lines=lines, reason="x") == "inbound.needs_second"
    assert await page.act("inbound/ASN-1/allow", sku="TEA", qty="9", reason="x") == "inbound.needs_second"
    assert await page.act("goods-labels", sku="TEA", copies=2) == "goods_label.asked"
    moved: dict[str, Any] = {"from_location_id": "A", "to_location_id": "B", "sku": "TEA", "qty": "1"}
    assert await page.act("stock-moves", **moved) == "stock_move.no_location"
    assert (await page.call("GET", "receipts/NOPE"))[0] == 404


async def test_a_page_cannot_say_who_approves(page: Page) -> None:
    said: dict[str, Any] = {"command_id": str(uuid.uuid7()), "workplace": "in-1", "approved_by": "eve"}
    status, body = await page.call("POST", "inbound/ASN-1/close", **said)
    assert (status, body["error"]["code"]) == (422, "invalid")


def test_quantities_are_texts() -> None:
    assert receiving._text(1_500_000) == str(Decimal("1.5"))
