"""Packing with the shapes of HQ over HTTP: a client written for HQ packs at a station, by the rules of a scanner."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from agent.api import packing
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.pack_work import PackWork
from local_store.domain.site import PackRule
from local_store.loading_packs import load_pack
from local_store.store import Store
from tests.support.floor import ANA, SITE, Line, _fulfillment, line, new_id, product

AT = "/v1/fulfillment/pack-stations/pack-1"


class Client:
    """A program that packs, and the store behind it."""

    def __init__(self, client: TestClient[Any, Any], key: str, store: Store) -> None:
        self._client, self._key, self.store, self._calls = client, key, store, 0

    async def post(self, path: str, body: dict[str, Any], call: str = "") -> tuple[int, dict[str, Any]]:
        self._calls += 1
        headers = {"Host": f"127.0.0.1:{self._client.port}", "Content-Type": "application/json", "X-Tenant-ID": "t1"}
        headers |= {"Authorization": f"Bearer {self._key}", "Idempotency-Key": call or f"call-{self._calls}"}
        async with self._client.post(path, data=io.BytesIO(json.dumps(body).encode()), headers=headers) as answer:
            return answer.status, json.loads(await answer.text())

    async def given(self, order: str, *lines: Line, **of: Any) -> None:
        wanted = [(f"{order}-L{place}", each) for place, each in enumerate(lines, 1)]
        order_given = _fulfillment(order, wanted, picked=True).model_copy(update=of)
        await self.store.execute(c.ReceiveWork(command_id=new_id(), fulfillments=(order_given,), parties=()))

    def work(self, order: str) -> PackWork:
        work = load_pack(self.store.reader, f"F-{order}")
        assert work is not None
        return work

    def count(self, fact: type[e.Fact]) -> int:
        (many,) = self.store.reader.execute("SELECT count(*) FROM journal WHERE kind = ?", (fact.kind,)).fetchone()
        return int(many)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    store = Store(tmp_path, SITE, SystemClock(), "test")
    await store.open()
    goods = (product("SKU-1"), product("SKU-2"), product("PHONE", serial_required=True))
    await store.execute(c.ReceiveProducts(command_id=new_id(), products=goods))
    await store.execute(c.Scan(command_id=new_id(), workplace="pack-1", code=ANA.badge))
    key, ports = StationKey(tmp_path), list[int]()
    tables = [packing.routes(Around(store, SystemClock()))]
    async with TestClient(TestServer(build_app(key, lambda: doors_of("127.0.0.1", ports[0]), tables))) as made:
        ports.append(made.port or 0)
        yield Client(made, key.key, store)
    await store.close()


def package(weight: int, *items: tuple[str, int], **of: Any) -> dict[str, Any]:
    return {"weight": weight, "items": [{"line_id": line_id, "qty": qty} for line_id, qty in items], **of}


def pack(*packages: dict[str, Any], orders: tuple[str, ...] = ("F-O-1",)) -> dict[str, Any]:
    return {"fulfillment_ids": list(orders), "packages": list(packages)}


async def test_two_parcels_are_packed_in_one_call_and_sealed_one_by_one(client: Client) -> None:
    await client.given("O-1", line("SKU-1", 2), line("SKU-2", 1))
    status, session = await client.post(f"{AT}/open-session", {"worker_id": "ana", "fulfillment_id": "F-O-1"})
    assert (status, session["station_id"], session["fulfillment_id"]) == (201, "pack-1", "F-O-1")
    one = package(100, ("O-1-L1", 1), package_id="box-1", dims={"l": 30, "w": 20.5, "h": 10})
    status, told = await client.post(f"{AT}/pack", pack(one, package(200, ("O-1-L1", 1), ("O-1-L2", 1))))
    assert (status, told["ready_to_ship"]) == (200, True)
    assert told["packages"][0] == {"package_id": "box-1", "client_package_id": "box-1"}
    status, sealed = await client.post(f"{AT}/seal", {"package_id": "box-1"})
    assert (status, sealed["sealed"], sealed["weight"]) == (200, True, 100)
    assert sealed["dimensions"] == {"l": 30, "w": 20.5, "h": 10}
    assert sealed["items"] == [{"line_id": "O-1-L1", "qty": 1, "serials": []}]
    assert (await client.post(f"{AT}/seal", {"package_id": told["packages"][1]["package_id"]}))[0] == 200
    assert client.work("O-1").session == "packed"
    assert [parcel.state for parcel in client.work("O-1").parcels] == ["sealed", "sealed"]
    assert client.count(e.ShipmentRequested) == 1


async def test_the_same_call_again_gets_the_same_answer_and_does_nothing_more(client: Client) -> None:
    await client.given("O-1", line("SKU-1", 2))
    body = pack(package(200, ("O-1-L1", 2)))
    first = await client.post(f"{AT}/pack", body, call="k")
    told = client.store.reader.execute("SELECT answer ->> '$.text' FROM receipt ORDER BY last_seq DESC LIMIT 1")
    assert told.fetchone()[0] == "Recorded. Parcels packed and weighed: 1."
    assert await client.post(f"{AT}/pack", body, call="k") == first
    assert client.count(e.PackageWeighed) == 1
    status, refused = await client.post(f"{AT}/pack", pack(package(999, ("O-1-L1", 2))), call="k")
    assert (status, refused["error"]["code"]) == (422, "command_reused")


@pytest.mark.parametrize(
    ("packages", "status", "code"),
    [
        ([package(100, ("O-1-L1", 1)), package(100, ("O-1-L1", 2))], 422, "pack.too_many"),
        ([package(100, ("O-1-L1", 1)), package(9000, ("O-1-L1", 1))], 422, "pack.wrong_weight"),
        ([package(100, ("O-1-L9", 1))], 422, "pack.no_lines"),
        ([package(100, ("O-1-L1", 1), package_id="x")] * 2, 422, "pack.package_taken"),
    ],
)
async def test_one_parcel_that_is_wrong_keeps_all_of_the_call_out(
    client: Client, packages: list[dict[str, Any]], status: int, code: str
) -> None:
    await client.given("O-1", line("SKU-1", 2))
    got, refused = await client.post(f"{AT}/pack", pack(*packages))
    assert (got, refused["error"]["code"]) == (status, code)
    assert refused["error"]["message"].endswith(".")
    assert client.count(e.PackOpened) == client.count(e.PackCounted) == 0


async def test_a_reason_accepts_a_weight_that_does_not_fit(client: Client) -> None:
    await client.given("O-1", line("SKU-1", 1))
    heavy = package(9000, ("O-1-L1", 1), metadata={"weight_reason": "heavy wrapping"})
    assert (await client.post(f"{AT}/pack", pack(heavy)))[0] == 200


async def test_serial_numbers_are_nested_into_the_parcel_one_for_each_unit(client: Client) -> None:
    await client.given("O-1", line("PHONE", 2))
    items = [{"line_id": "O-1-L1", "qty": 2, "serials": ["S1", "S2"]}]
    for wrong in (["S1"], ["S1", "S1"]):
        body = pack({"weight": 200, "items": [{"line_id": "O-1-L1", "qty": 2, "serials": wrong}]})
        status, refused = await client.post(f"{AT}/pack", body)
        assert status == 422
        assert refused["error"]["code"] in {"pack.item_wrong", "pack.serial_twice"}
    status, told = await client.post(f"{AT}/pack", pack({"weight": 200, "items": items}))
    assert status == 200
    status, sealed = await client.post(f"{AT}/seal", {"package_id": told["packages"][0]["package_id"]})
    assert (status, sealed["items"]) == (200, items)


async def test_notes_are_confirmed_before_a_parcel_is_sealed_here_too(client: Client) -> None:
    await client.given("O-1", line("SKU-1", 1), metadata={"signatureRequired": True})
    _, told = await client.post(f"{AT}/pack", pack(package(100, ("O-1-L1", 1))))
    seal = {"package_id": told["packages"][0]["package_id"]}
    status, refused = await client.post(f"{AT}/seal", seal)
    assert (status, refused["error"]["code"]) == (409, "pack.confirm_first")
    await client.store.execute(c.ConfirmNotes(command_id=new_id(), workplace="pack-1"))
    assert (await client.post(f"{AT}/seal", seal))[0] == 200
    status, refused = await client.post(f"{AT}/seal", seal)
    assert (status, refused["error"]["code"]) == (409, "pack.parcel_closed")


async def test_what_is_not_here_is_not_found(client: Client) -> None:
    assert (await client.post(f"{AT}/pack", pack(package(1, ("L", 1)), orders=("F-9",))))[0] == 404
    status, refused = await client.post(f"{AT}/seal", {"package_id": "pkg_9"})
    assert (status, refused["error"]["code"]) == (404, "pack.no_package")
    assert (await client.post("/v1/fulfillment/pack-stations/pick-1/seal", {"package_id": "x"}))[0] == 404


async def test_orders_of_two_hqs_are_told_in_calls_of_their_own(client: Client) -> None:
    await client.given("O-1", line("SKU-1", 1))
    await client.given("O-2", line("SKU-1", 1), lane="other")
    client.store.site = replace(SITE, packing=PackRule(slots=2))
    both = pack(package(100, ("O-1-L1", 1)), package(100, ("O-2-L1", 1)), orders=("F-O-1", "F-O-2"))
    status, refused = await client.post(f"{AT}/pack", both)
    assert (status, refused["error"]["code"]) == (409, "pack.two_hqs")


async def test_a_session_is_for_whoever_asks_for_it(client: Client) -> None:
    status, refused = await client.post(f"{AT}/open-session", {"worker_id": "ben"})
    assert (status, refused["error"]["code"]) == (422, "pack.session_of_other")
    assert (await client.post(f"{AT}/open-session", {"worker_id": "ana"}))[0] == 201


async def test_a_wrong_sealed_parcel_is_voided_over_http_by_a_supervisor_only(client: Client) -> None:
    await client.given("O-1", line("SKU-1", 1))
    _, told = await client.post(f"{AT}/pack", pack(package(100, ("O-1-L1", 1))))
    ident = told["packages"][0]["package_id"]
    await client.post(f"{AT}/seal", {"package_id": ident})
    body = {"command_id": str(new_id()), "workplace": "pack-1", "reason": "wrong goods"}
    status, answer = await client.post(f"/v1/station/packages/{ident}/void", body)
    assert (status, answer["answer"]["code"]) == (200, "pack.void_approval")
