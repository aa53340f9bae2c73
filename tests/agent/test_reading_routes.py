"""What a station holds, read with the calls of seed 001 by a client that was written for HQ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp.test_utils import TestClient, TestServer

from agent.api import reading
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from tests.support.floor import Bench, line, new_id, product
from web.contract import Contract


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


class Client:
    """A program for HQ, pointed at a station."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench, key, ports = bench, StationKey(folder), list[int]()
        table = reading.routes(Around(bench.store, SystemClock()))

        async def start() -> TestClient[Any, Any]:
            client = TestClient(TestServer(build_app(key, lambda: doors_of("127.0.0.1", ports[0]), [table])))
            await client.start_server()
            return client

        self._client = bench.runner.run(start())
        ports.append(self._client.port or 0)
        self._headers = {"Authorization": f"Bearer {key.key}", "Host": f"127.0.0.1:{ports[0]}"}

    def get(self, path: str, **headers: str) -> Answer:
        async def ask() -> Answer:
            told = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
            async with self._client.get(f"/v1/fulfillment{path}", headers=told) as answer:
                return Answer(answer.status, answer.headers, await answer.read())

        return self.bench.runner.run(ask())

    def told(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status == 200, answer.body
        return answer.told

    def close(self) -> None:
        self.bench.runner.run(self._client.close())


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    bench = Bench(tmp_path)
    bench.given_products(product("SKU-1"), product("SKU-2"))
    bench.given_picklist("PL-1", line("SKU-1", 2, order="O-1"), line("SKU-2", "1.5", at="B-2", order="O-2"))
    bench.given_picklist("PL-2", line("SKU-1", 4), priority="urgent")
    bench.given_order("O-9", line("SKU-1", 1))
    client = Client(bench, tmp_path)
    yield client
    client.close()
    bench.close()


BOX = e.Carton(
    carton_id="box-1", name="Small", length_mm=300, width_mm=200, height_mm=100, tare_mg=120_000, max_mg=10_000_000
)


def given_boxes(client: Client, *boxes: e.Carton) -> None:
    """HQ described these boxes."""
    client.bench.do(c.ReceiveCartons(command_id=new_id(), told=e.CartonsTold(lane="main", cartons=boxes)))


def pages(client: Client, path: str, limit: int) -> list[Any]:
    """All items, page by page."""
    found, cursor = [], ""
    while True:
        page = client.told(f"{path}{'&' if '?' in path else '?'}limit={limit}{cursor}")
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def status_of(client: Client, order: str) -> str:
    found: str = client.told(f"/fulfillments/F-{order}")["status"]
    return found


def test_an_order_has_hqs_status_from_its_picklist_to_its_sealed_parcel(client: Client) -> None:
    bench, seen = client.bench.signed_in(), [status_of(client, "O-1")]
    bench.scan("PL-1", "A-1", "SKU-1")
    seen.append(status_of(client, "O-1"))
    bench.scan("SKU-1", "B-2", "SKU-2")
    bench.key("1.5")
    assert client.told("/fulfillments/F-O-1")["tasks"][0]["worker_id"] == "ana"
    bench.complete()
    assert client.told("/fulfillments/F-O-1")["tasks"][0]["worker_id"] is None
    seen.append(status_of(client, "O-1"))
    bench.at("pack-1").signed_in().scan("O-1")
    seen.append(status_of(client, "O-1"))
    bench.scan("SKU-1", "SKU-1")
    bench.weigh(200)
    bench.seal()
    seen.append(status_of(client, "O-1"))
    assert seen == ["allocated", "picking", "picked", "packing", "ready_to_ship"]
    (package,) = client.told("/fulfillments/F-O-1")["packages"]
    assert (package["weight"], package["sealed"]) == (200, True)
    assert client.told("/fulfillments?status=ready_to_ship")["items"][0]["id"] == "F-O-1"


def test_a_list_comes_in_pages_of_any_size(client: Client) -> None:
    for path in ("/fulfillments", "/tasks", "/picklists", "/queues"):
        whole = pages(client, path, 100)
        assert len(whole) > 1, path
        assert pages(client, path, 1) == whole == pages(client, path, 2)


def test_picklists_and_tasks_come_most_urgent_first(client: Client) -> None:
    assert [each["id"] for each in pages(client, "/picklists", 9)] == ["PL-2", "PL-1"]
    tasks = [(each["picklist_id"], each["qty"]) for each in pages(client, "/tasks", 9)]
    assert tasks == [("PL-2", 4), ("PL-1", 2), ("PL-1", "1.5")]


def test_a_task_that_is_short_says_what_will_not_come_and_why(client: Client) -> None:
    client.bench.signed_in().scan("PL-1", "A-1", "SKU-1")
    client.bench.short("shelf empty")
    (task,) = client.told("/tasks?status=short")["items"]
    assert (task["picked"], task["short"], task["short_reason"]) == (1, 1, "shelf empty")
    assert (task["worker_id"], task["device_id"]) == ("ana", "station-1")


def test_lists_are_filtered_as_hq_filters_them(client: Client) -> None:
    assert [each["id"] for each in client.told("/fulfillments?order_id=O-2")["items"]] == ["F-O-2"]
    assert client.told("/picklists?status=completed")["items"] == []
    assert [each["id"] for each in client.told("/picklists?status=assigned")["items"]] == ["PL-2", "PL-1"]
    assert client.told("/tasks?worker_id=ana")["items"] == []
    assert {each["picklist_id"] for each in client.told("/tasks?priority=urgent")["items"]} == {"PL-2"}


def test_queues_count_what_waits_here(client: Client) -> None:
    counted = {each["queue"]: each["count"] for each in client.told("/queues")["items"]}
    assert counted == {"waves": 2, "unassigned_waves": 2, "packing": 1, "labels": 0, "exceptions": 0}


def test_a_station_knows_its_own_warehouse_and_settings_without_secrets(client: Client) -> None:
    (warehouse,) = client.told("/warehouses")["items"]
    assert client.told("/warehouses/WH-1") == warehouse
    assert (warehouse["id"], warehouse["capabilities"]) == ("WH-1", ["pack", "pick"])
    assert client.told("/settings")["packaging_rules"] == {
        "tolerance_percent": "3",
        "tolerance_g": 200,
        "carton_g": 0,
    }


def test_boxes_are_told_in_centimetres_and_grams_as_hq_described_them(client: Client) -> None:
    assert client.told("/packaging-profiles")["items"] == []
    other = BOX.model_copy(update={"carton_id": "box-2", "width_mm": 205, "tare_mg": None})
    given_boxes(client, BOX, other)
    small, wide = pages(client, "/packaging-profiles", 1)
    assert (small["profile_id"], small["name"], small["dimensions"]) == (
        "box-1",
        "Small",
        {"l": 30, "w": 20, "h": 10},
    )
    assert (small["tare_weight"], small["max_weight"]) == (120, 10_000)
    assert (wide["dimensions"]["w"], wide["tare_weight"]) == ("20.5", None)


@pytest.mark.parametrize("path", ["/fulfillments/F-none", "/warehouses/WH-2"])
def test_what_is_not_here_may_be_known_to_hq(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status == 404
    assert answer.told["error"]["message"].endswith("on this station; HQ may know of it.")


@pytest.mark.parametrize(
    "path",
    ["/fulfillments?cursor=x", "/tasks?cursor=WzFd", "/fulfillments?status=lost", "/queues?limit=0", "/settings?x=1"],
)
def test_a_question_that_makes_no_sense_is_refused(client: Client, path: str) -> None:
    assert client.get(path).status == 422


def test_a_caller_who_has_the_newest_version_gets_304_until_it_changes(client: Client) -> None:
    etag = client.get("/fulfillments/F-O-1").headers["ETag"]
    again = client.get("/fulfillments/F-O-1", If_None_Match=f'"other", {etag}')
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    client.bench.signed_in().scan("PL-1", "A-1", "SKU-1")
    changed = client.get("/fulfillments/F-O-1", If_None_Match=etag)
    assert (changed.status, changed.headers["ETag"] != etag) == (200, True)


def test_the_tenant_a_client_names_comes_back(client: Client) -> None:
    assert client.get("/settings", X_Tenant_ID="acme").headers["X-Tenant-ID"] == "acme"


NOT_KEPT = frozenset({"created_at", "updated_at"})
"""Only HQ knows when it made something: here these are null."""


def test_every_answer_keeps_to_hqs_contract_but_for_the_times_that_only_hq_knows(client: Client) -> None:
    contract = Contract.load("ofs")
    client.bench.signed_in().scan("PL-1", "A-1", "SKU-1")
    paths = ("/fulfillments?order_id=O-1", "/fulfillments/F-O-1", "/tasks?priority=urgent", "/queues", "/warehouses")
    given_boxes(client, BOX)
    for path in (*paths, "/warehouses/WH-1", "/settings", "/packaging-profiles"):
        operation = contract.operation("GET", path.partition("?")[0])
        assert operation is not None, path
        answer = client.get(path)
        faults = operation.check_answer(answer.status, answer.headers, answer.body)
        assert [each for each in faults if not any(name in each for name in NOT_KEPT)] == [], path
