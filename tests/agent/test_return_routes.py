"""Returns over HTTP in HQ's own shapes, and for pages of the station."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uuid_utils
from aiohttp.test_utils import TestClient, TestServer

from agent.api import floor
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain.site import Site, Worker
from local_store.store import Store
from tests.support.floor import product

RAY = Worker("ray", "Ray", "BADGE-RAY", frozenset({"receiver", "qc_agent", "supervisor"}))
PIA = Worker("pia", "Pia", "BADGE-PIA", frozenset({"receiver"}))
SITE = Site(
    "station-1",
    "WH-1",
    {"returns": "return", "dock": "receive", "kits": "kit"},
    {"ray": RAY, "pia": PIA},
)
NEW: dict[str, Any] = {
    "order_id": "O-1",
    "rma_reference": "RMA-1",
    "reason": "damaged",
    "expected_lines": [{"order_line_id": "l1", "qty": 2, "sku": "TEA"}],
    "return_method": "ship",
    "destination_warehouse_id": "WH-1",
    "metadata": {"channel": "web"},
}


class Client:
    """A client of the station with its key."""

    def __init__(self, client: TestClient[Any, Any], key: str, store: Store) -> None:
        self._client, self._key, self.store = client, key, store

    async def call(
        self, method: str, path: str, body: Any = None, *, again: str | None = None, key: bool = True
    ) -> tuple[int, Any]:
        """Status and body; `again` is the Idempotency-Key."""
        headers = {"Host": f"127.0.0.1:{self._client.port}", "X-Tenant-ID": "t1"}
        headers |= {"Authorization": f"Bearer {self._key}"} if key else {}
        headers |= {"Idempotency-Key": again or str(uuid_utils.uuid7())} if method == "POST" else {}
        async with self._client.request(method, path, json=body, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())

    async def post(self, path: str, _again: str | None = None, **body: Any) -> tuple[int, Any]:
        """As whoever is signed in at `returns`."""
        return await self.call("POST", path, {"workplace": "returns", **body}, again=_again)


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Client]:
    store = Store(tmp_path, SITE, SystemClock(), "test")
    await store.open()
    products = (product("TEA"), product("JAM"), product("BOX"), product("SET"))
    await store.execute(c.ReceiveProducts(command_id=uuid_utils.compat.uuid7(), products=products))
    await store.execute(c.Scan(command_id=uuid_utils.compat.uuid7(), workplace="returns", code=RAY.badge))
    key, ports = StationKey(tmp_path), list[int]()
    app = build_app(key, lambda: doors_of("127.0.0.1", ports[0]), floor.tables(Around(store, SystemClock())))
    async with TestClient(TestServer(app)) as client:
        ports.append(client.port or 0)
        yield Client(client, key.key, store)
    await store.close()


async def test_a_client_written_for_hq_takes_a_return_through_all_its_steps(station: Client) -> None:
    status, made = await station.post("/v1/fulfillment/returns", **NEW)
    assert (status, made["status"], made["metadata"]) == (201, "awaiting_return", {"channel": "web"})
    of = f"/v1/fulfillment/returns/{made['return_id']}"
    lines = [{"line_id": "l1", "qty": 2, "condition": "damaged", "serials": []}]
    status, told = await station.post(f"{of}/receive", received_lines=lines, received_at="2026-01-01T00:00:00Z")
    assert (status, told["status"], told["received_lines"][0]["waiting"]) == (200, "received", 2)
    status, told = await station.post(f"{of}/inspect", disposition="reshelve", restockable_qty=1, notes="lid")
    assert (told["status"], told["inspections"][0]["restockable_qty"]) == ("inspected", 1)
    status, told = await station.post(f"{of}/complete")
    assert told["status"] == "completed"
    assert (await station.post(f"{of}/ship-back-to-supplier"))[0] == 200
    assert (await station.call("GET", of))[1]["version"] > made["version"]


async def test_the_same_idempotency_key_makes_one_return(station: Client) -> None:
    first = await station.post("/v1/fulfillment/returns", "key-1", **NEW)
    assert await station.post("/v1/fulfillment/returns", "key-1", **NEW) == first
    status, body = await station.post("/v1/fulfillment/returns", "key-2", **NEW)
    assert (status, body["error"]["code"]) == (409, "return.number_taken")


async def test_returns_are_listed_in_pages_by_status_and_order(station: Client) -> None:
    for number in range(3):
        await station.post("/v1/fulfillment/returns", **{**NEW, "rma_reference": f"RMA-{number}"})
    seen: list[str] = []
    cursor = ""
    while True:
        _, told = await station.call("GET", f"/v1/fulfillment/returns?limit=2{cursor}")
        seen += [each["rma_reference"] for each in told["items"]]
        if told["next_cursor"] is None:
            break
        cursor = f"&cursor={told['next_cursor']}"
    assert sorted(seen) == ["RMA-0", "RMA-1", "RMA-2"]
    for query, found in (("status=received", 0), ("order_id=O-1", 3), ("warehouse_id=WH-9", 0)):
        _, told = await station.call("GET", f"/v1/fulfillment/returns?{query}")
        assert len(told["items"]) == found, query
    assert (await station.call("GET", "/v1/fulfillment/returns?cursor=!"))[0] == 422


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("R-404/complete", {}, 404, "return.unknown"),
        ("R-404/receive", {"received_lines": [{"line_id": "l1", "qty": 1}]}, 404, "return.unknown"),
        ("{id}/receive", {"received_lines": [{"line_id": "l9", "qty": 1}]}, 422, "unknown_line"),
        ("{id}/receive", {"received_lines": [{"line_id": "l1", "qty": 0}]}, 422, "goods.none"),
        ("{id}/inspect", {"disposition": "scrap"}, 409, "return.nothing_waits"),
        ("{id}/inspect", {"disposition": "burn"}, 422, "invalid"),
        ("{id}/complete", {}, 409, "return.not_yet"),
    ],
)
async def test_what_cannot_be_is_a_problem_with_a_sentence(
    station: Client, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    _, made = await station.post("/v1/fulfillment/returns", **NEW)
    got, told = await station.post(f"/v1/fulfillment/returns/{path.format(id=made['return_id'])}", **body)
    assert (got, told["error"]["code"]) == (status, code)
    assert told["error"]["message"].endswith(".")


async def test_nobody_without_a_key_reads_a_return(station: Client) -> None:
    assert (await station.call("GET", "/v1/fulfillment/returns", key=False))[0] == 401


async def test_a_page_of_the_station_gets_the_answer_in_words(station: Client) -> None:
    body = {"command_id": str(uuid_utils.uuid7()), "workplace": "returns", "lines": [{"sku": "TEA", "qty": "1"}]}
    status, told = await station.call("POST", "/v1/station/returns/R%2F1/receive", body)
    assert (status, told["answer"]["text"]) == (200, "Recorded. Units of return R/1 that are here: 1.")
    body = {"command_id": str(uuid_utils.uuid7()), "workplace": "returns", "lines": [{"sku": "SALT", "qty": "1"}]}
    status, told = await station.call("POST", "/v1/station/returns/R%2F1/receive", body)
    assert (status, told["answer"]["tone"]) == (200, "refused")
