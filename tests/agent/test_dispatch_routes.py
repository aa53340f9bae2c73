"""Manifests, notices and shipments over HTTP, as a client of HQ and as a page of the station call them."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uuid_utils
import uuid_utils.compat
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from click.testing import CliRunner

from agent.__main__ import main
from agent.api import dispatch, story
from agent.api.access import CALLER, Caller, StationKey
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from agent.slips.compose import bar_width_dots
from agent.slips.counter import Wanted, document_of
from agent.slips.gather import NoSlip
from agent.slips.layout import as_lines
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import Worker
from local_store.store import Store
from local_store.transaction import Transaction
from tests.support.floor import ANA, EVE, product
from tests.support.loading import DOCKS, PARTY

SUE = Worker("sue", "Sue", "BADGE-SUE", frozenset({"packer", "supervisor"}))
LOADER = Caller(frozenset({"packer"}), "lou")
SUPERVISOR = Caller(frozenset({"supervisor"}), "eve")
PICKER = Caller(frozenset({"picker"}), "ana")


class KeyOf(StationKey):
    """Knows people's keys by their name in a header, in place of the keys that people sign in for."""

    async def roles_of(self, request: web.Request) -> frozenset[str]:
        who = {"lou": LOADER, "eve": SUPERVISOR, "ana": PICKER}.get(request.headers.get("X-Who", ""))
        if who is None:
            return await super().roles_of(request)
        request[CALLER] = who
        return who.roles


class Page:
    """A client of the station, and the floor behind it."""

    def __init__(self, client: TestClient[Any, Any], store: Store) -> None:
        self._client, self.store, self.port = client, store, client.port

    async def call(
        self, method: str, path: str, body: Any = None, *, who: str = "lou", key: str | None = None
    ) -> tuple[int, Any]:
        headers = {"Host": f"127.0.0.1:{self._client.port}", "X-Who": who, "X-Tenant-ID": "t1"}
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid_utils.uuid7())
        async with self._client.request(method, path, json=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if answer.content_type == "application/json" else text

    async def get(self, path: str, who: str = "lou") -> Any:
        status, body = await self.call("GET", path, who=who)
        assert status == 200, body
        return body

    async def do(self, command: type[c.FloorCommand], **of: Any) -> None:
        receipt = await self.store.execute(command(command_id=uuid_utils.compat.uuid7(), **of))
        assert not receipt.refused, receipt.answer

    async def sealed(self, order: str, carrier: str = "DHL") -> None:
        """An order for a carrier, packed and sealed."""
        line = e.WorkLine(order_line_id=f"{order}-1", sku="TEA", qty=Decimal(1), picked=Decimal(1))
        fact = e.FulfillmentReceived(
            lane="main", fulfillment_id=f"F-{order}", order_id=order, warehouse_id="WH-1", party_id="party-1",
            lines=(line,), carrier_hint=carrier, service_code="express", picked=True,
        )  # fmt: skip
        work = {"fulfillments": (fact,), "parties": (PARTY,)}
        await self.store.execute(c.ReceiveWork(command_id=uuid_utils.compat.uuid7(), **work))
        for code in (order, "TEA"):
            await self.do(c.Scan, workplace="pack-1", code=code)
        weight = {"weight_mg": 1_500_000, "stability": "stable", "range": "ok", "newer_than_request": True}
        await self.do(c.Weigh, workplace="pack-1", scale="s", emptied=True, reason="box", **weight)
        await self.do(c.Seal, workplace="pack-1")


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    store = Store(tmp_path, replace(DOCKS, workers={**DOCKS.workers, "sue": SUE}), SystemClock(), "test")
    await store.open()
    await store.execute(c.ReceiveProducts(command_id=uuid_utils.compat.uuid7(), products=(product("TEA"),)))
    around, ports = Around(store, SystemClock()), list[int]()
    tables = [dispatch.routes(around), story.routes(around)]
    app = build_app(KeyOf(tmp_path), lambda: doors_of("127.0.0.1", ports[0]), tables)
    async with TestClient(TestServer(app)) as client:
        ports.append(client.port or 0)
        made = Page(client, store)
        await made.do(c.Scan, workplace="pack-1", code=ANA.badge)
        yield made
    await store.close()


MANIFEST = {"warehouse_id": "WH-1", "carrier_id": "DHL", "dispatch_date": "2026-11-22"}
VENDOR = {"warehouse_id": "WH-1", "vendor": "A", "lines": [{"sku": "TEA", "qty": 1}]}
SEED = "/v1/fulfillment"


async def test_a_client_of_hq_makes_submits_and_announces_a_manifest_here(page: Page) -> None:
    await page.sealed("O-1")
    await page.sealed("O-2")
    shipments = [each["id"] for each in (await page.get(f"{SEED}/shipments"))["items"]]
    assert shipments == ["sh_F-O-1", "sh_F-O-2"]
    status, made = await page.call("POST", f"{SEED}/manifests", {**MANIFEST, "shipments": shipments})
    assert (status, made["status"], made["shipments"], made["carrier_id"]) == (201, "draft", shipments, "DHL")
    assert (await page.get(f"{SEED}/shipments/sh_F-O-1"))["status"] == "booked"
    status, told = await page.call("POST", f"{SEED}/manifests/{made['id']}/submit")
    assert (status, told["status"]) == (200, "submitted")
    shipment = await page.get(f"{SEED}/shipments/sh_F-O-1")
    assert (shipment["status"], shipment["carrier"], shipment["carrier_service"]) == ("in_transit", "DHL", "express")
    assert [(each["weight"], len(each["sscc"])) for each in shipment["packages"]] == [(1500, 18)]
    asn = {"asn_reference": "ASN-1", "shipments": shipments, "expected_arrival": "2026-11-23T08:00:00Z"}
    status, notice = await page.call("POST", f"{SEED}/asn", asn)
    assert (status, notice["shipments"], notice["manifest_id"]) == (201, shipments, made["id"])
    assert await page.get(f"{SEED}/asn/ASN-1") == notice
    assert (await page.get(f"{SEED}/asn"))["items"] == [notice]


async def test_the_same_key_makes_one_manifest_and_another_body_under_it_is_refused(page: Page) -> None:
    await page.sealed("O-1")
    body = {**MANIFEST, "shipments": ["sh_F-O-1"]}
    first = await page.call("POST", f"{SEED}/manifests", body, key="k1")
    assert await page.call("POST", f"{SEED}/manifests", body, key="k1") == first
    status, told = await page.call("POST", f"{SEED}/manifests", {**body, "carrier_id": "UPS"}, key="k1")
    assert (status, told["error"]["code"]) == (422, "command_reused")
    assert len((await page.get(f"{SEED}/manifests"))["items"]) == 1


async def test_hqs_ids_of_shipments_and_manifests_are_understood(page: Page) -> None:
    await page.sealed("O-1")
    learned = e.HqRefLearned(lane="main", thing="shipment", local_id="F-O-1", hq_id="sh_77")
    await page.store.run(partial(Transaction.append, fact=learned))
    assert (await page.get(f"{SEED}/shipments/sh_77"))["fulfillment_id"] == "F-O-1"
    _, made = await page.call("POST", f"{SEED}/manifests", {**MANIFEST, "shipments": ["sh_77"]})
    assert made["shipments"] == ["sh_77"]
    learned = e.HqRefLearned(lane="main", thing="manifest", local_id=made["id"], hq_id="man_9")
    await page.store.run(partial(Transaction.append, fact=learned))
    assert (await page.get(f"{SEED}/manifests/man_9"))["id"] == made["id"]
    assert (await page.call("POST", f"{SEED}/manifests/man_9/submit"))[1]["status"] == "submitted"


@pytest.mark.parametrize(
    ("method", "path", "body", "who", "status"),
    [
        ("POST", "manifests", {**MANIFEST, "shipments": ["sh_F-9"]}, "lou", 409),
        ("POST", "manifests", {**MANIFEST, "warehouse_id": "WH-2", "shipments": ["x"]}, "lou", 422),
        ("POST", "manifests", {**MANIFEST, "shipments": []}, "lou", 422),
        ("POST", "manifests", {**MANIFEST, "dispatch_date": "soon", "shipments": ["x"]}, "lou", 422),
        ("POST", "manifests", {**MANIFEST, "shipments": ["x"]}, "ana", 403),
        ("POST", "manifests", {**MANIFEST, "shipments": ["x"]}, "nobody", 401),
        ("POST", "manifests/man_1/submit", None, "lou", 409),
        ("GET", "manifests/man_1", None, "ana", 404),
        ("GET", "manifests?cursor=x", None, "ana", 422),
        ("GET", "shipments/sh_1", None, "ana", 404),
        ("GET", "asn/ASN-9", None, "ana", 404),
        ("GET", "vendor-shipments/v", None, "ana", 404),
        ("POST", "vendor-shipments", VENDOR, "lou", 403),
        ("POST", "vendor-shipments", VENDOR, "eve", 409),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_with_a_sentence(
    page: Page, method: str, path: str, body: Any, who: str, status: int
) -> None:
    got, told = await page.call(method, f"{SEED}/{path}", body, who=who)
    assert (got, bool(told["error"]["message"])) == (status, True)


async def test_goods_go_back_to_a_supplier_over_http(page: Page) -> None:
    damaged = c.GoodsLine(sku="TEA", qty=Decimal(3), condition="damaged")
    receipt = {"badge": EVE.badge, "against": "blind", "lines": (damaged,)}
    await page.store.execute(c.RecordReceipt(command_id=uuid_utils.compat.uuid7(), **receipt))
    body = {"warehouse_id": "WH-1", "vendor": "Acme", "lines": [{"sku": "TEA", "qty": 2}], "rma_reference": "R-1"}
    status, made = await page.call("POST", f"{SEED}/vendor-shipments", body, who="eve")
    assert (status, made["vendor"], made["lines"][0]["qty"], made["status"]) == (201, "Acme", "2", "shipped")
    assert await page.get(f"{SEED}/vendor-shipments/{made['id']}") == made
    assert (await page.get(f"{SEED}/vendor-shipments"))["items"] == [made]


async def test_a_manifest_is_a_file_for_programs_and_for_spreadsheets(page: Page) -> None:
    await page.sealed("=1+1")
    _, made = await page.call("POST", f"{SEED}/manifests", {**MANIFEST, "shipments": ["sh_F-=1+1"]})
    path = made["manifest_file_url"].partition("/v1/")[2]
    (line,) = [json.loads(each) for each in (await page.get(f"/v1/{path}")).splitlines()]
    assert (line["manifest_id"], line["weight"], line["order_id"]) == (made["id"], 1500, "=1+1")
    (row,) = csv.DictReader(io.StringIO(await page.get(f"/v1/{path}?format=csv")))
    assert row["order_id"] == "'=1+1"
    assert row["sscc"] == line["sscc"]
    assert (await page.call("GET", "/v1/station/manifests/none/file"))[0] == 404


async def test_lists_come_in_pages(page: Page) -> None:
    for number in range(3):
        await page.sealed(f"O-{number}")
        await page.call("POST", f"{SEED}/manifests", {**MANIFEST, "shipments": [f"sh_F-O-{number}"]})
    for name in ("manifests", "shipments"):
        first = await page.get(f"{SEED}/{name}?limit=2")
        rest = await page.get(f"{SEED}/{name}?limit=2&cursor={first['next_cursor']}")
        assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)


async def test_the_station_shows_what_is_left_of_the_day_and_closes_it(page: Page) -> None:
    await page.sealed("O-1")
    day = await page.get("/v1/station/day")
    assert [each["order_id"] for each in day["not_loaded_parcels"]] == ["O-1"]
    assert (day["sealed"], day["not_loaded"], len(day["waiting_labels"]), day["closed"]) == (1, 1, 1, False)
    command_id = str(uuid_utils.uuid7())
    status, told = await page.call("POST", "/v1/station/day/close", {"command_id": command_id}, who="eve")
    assert (status, told["answer"]["tone"]) == (200, "ask")
    body = {"command_id": str(uuid_utils.uuid7()), "leave_open": True}
    status, told = await page.call("POST", "/v1/station/day/close", body, who="eve")
    assert (status, told["answer"]["tone"]) == (200, "list_done")
    assert (await page.get("/v1/station/day"))["closed"] is True


async def test_a_page_closes_and_unloads_with_the_answer_of_the_floor(page: Page) -> None:
    await page.sealed("O-1")
    _, made = await page.call("POST", f"{SEED}/manifests", {**MANIFEST, "shipments": ["sh_F-O-1"]})
    path = f"/v1/station/manifests/{made['id']}"
    parcel = made["packages"][0]["sscc"]
    body = {"command_id": str(uuid_utils.uuid7()), "parcel": parcel, "reason": "crushed"}
    assert (await page.call("POST", f"{path}/unload", body))[1]["answer"]["code"] == "load.unloaded"
    status, told = await page.call("POST", f"{path}/close", {"command_id": str(uuid_utils.uuid7())})
    assert (status, told["answer"]["tone"]) == (200, "refused")


async def test_the_sheet_of_a_manifest_can_be_scanned_from_a_narrow_receipt(page: Page) -> None:
    await page.sealed("O-1")
    await page.sealed("O-2")
    _, made = await page.call("POST", f"{SEED}/manifests", {**MANIFEST, "shipments": ["sh_F-O-1"]})
    wanted = Wanted("manifest", made["id"])
    text = as_lines(document_of(page.store.path, wanted, "station-1", 1_763_625_600_000, "UTC"), 42)
    assert text[0].strip() == "MANIFEST"
    assert f"*{made['id']}*" in text
    assert [line.split()[-1] for line in text if " order O-" in line] == ["O-1", "O-2"]
    assert "Not on it: 1 parcel." in text
    assert bar_width_dots(made["id"], 42) is not None
    with pytest.raises(NoSlip, match="There is no manifest 'x' on this station"):
        document_of(page.store.path, Wanted("manifest", "x"), "station-1", 1, "UTC")


async def test_the_command_line_shows_the_day_and_closes_it_for_who_is_signed_in(page: Page, tmp_path: Path) -> None:
    await page.sealed("O-1")
    config = tmp_path / "edge.toml"
    config.write_text(
        f'[station]\nid = "station-1"\nwarehouse_id = "WH-1"\ndata_dir = "{tmp_path}"\n'
        '[workplaces.pack-1]\nwork = "pack"\n'
    )

    async def day(*more: str) -> tuple[int, str]:
        words = ["day", "--config", str(config), "--url", f"http://127.0.0.1:{page.port}", *more]
        told = await asyncio.to_thread(CliRunner().invoke, main, words)
        return told.exit_code, told.output

    code, text = await day()
    assert (code, "1  sealed and not loaded" in text, " of order O-1" in text) == (0, True, True)
    assert "Say with --at where a supervisor is signed in" in (await day("--close"))[1]
    code, text = await day("--close", "--at", "pack-1")
    assert (code, "Ana may not do this" in text) == (2, True)
    await page.do(c.SignOut, workplace="pack-1")
    await page.do(c.Scan, workplace="pack-1", code=SUE.badge)
    code, text = await day("--close", "--at", "pack-1")
    assert (code, "Not everything is done" in text) == (1, True)
    code, text = await day("--close", "--at", "pack-1", "--leave-open")
    assert (code, "is closed. Parcels that left: 0, manifests: 0." in text) == (0, True)
