"""Goods, counts and photos over HTTP, and a count from the command line's route."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uuid_utils
from aiohttp.test_utils import TestClient, TestServer

from agent.api import receiving
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from agent.api.files import FileRoutes
from agent.api.goods import GoodsRoutes
from local_store import files
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain.site import Lane
from local_store.store import Store
from tests.agent.test_code_routes import EVE, SITE
from tests.support.floor import product

PHOTO = b"\x89PNG\r\n\x1a\n a photo"


class Woken:
    """In place of the lanes: how often they were told of a file."""

    files = 0

    def wake_files(self) -> None:
        self.files += 1


class Page:
    """A page of the station."""

    def __init__(self, client: TestClient[Any, Any], key: str, store: Store, lanes: Woken) -> None:
        self._client, self._key, self.store, self.lanes = client, key, store, lanes

    async def post(self, path: str, data: bytes, kind: str, *, key: bool = True) -> tuple[int, dict[str, Any]]:
        port = self._client.port
        headers = {"Host": f"127.0.0.1:{port}", "Content-Type": kind}
        headers |= {"Authorization": f"Bearer {self._key}"} if key else {}
        async with self._client.post(path, data=io.BytesIO(data), headers=headers) as answer:
            return answer.status, json.loads(await answer.text())

    async def act(self, path: str, *, key: bool = True, **body: Any) -> tuple[int, dict[str, Any]]:
        members = {"command_id": str(uuid_utils.uuid7()), "badge": EVE, **body}
        return await self.post(f"/v1/station/{path}", json.dumps(members).encode(), "application/json", key=key)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.reader.execute(sql)]


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    site = replace(SITE, lanes=(Lane("main", frozenset(), takes_files=True), Lane("plain", frozenset())))
    store, lanes = Store(tmp_path, site, SystemClock(), "test"), Woken()
    await store.open()
    await store.execute(c.ReceiveProducts(command_id=uuid_utils.compat.uuid7(), products=(product("SKU-1"),)))
    key, ports = StationKey(tmp_path), list[int]()
    photos = FileRoutes(store, lanes).routes()  # type: ignore[arg-type]
    tables = [GoodsRoutes(store).routes(), receiving.routes(Around(store, SystemClock())), photos]
    app = build_app(key, lambda: doors_of("127.0.0.1", ports[0]), tables)
    async with TestClient(TestServer(app)) as client:
        ports.append(client.port or 0)
        yield Page(client, key.key, store, lanes)
    await store.close()


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("receipts", {"against": "blind", "lines": [{"sku": "SKU-1", "qty": "2"}]}, "receipt.recorded"),
        ("counts", {"sku": "SKU-1", "qty": "12", "location_id": "A-1"}, "stock.counted"),
    ],
)
async def test_each_route_records_its_fact_for_who_may_call_it(
    page: Page, path: str, body: dict[str, Any], kind: str
) -> None:
    assert (await page.act(path, key=False, **body))[0] == 401
    status, answer = await page.act(path, **body)
    assert (status, answer["answer"]["tone"]) == (200, "note")
    assert page.rows(f"SELECT count(*) FROM journal WHERE kind = '{kind}'") == [(1,)]


async def test_what_is_not_in_the_right_form_is_refused_before_it_is_decided(page: Page) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"sku": "SKU-1"},
        {"sku": "SKU-1", "qty": "many"},
        {"sku": "SKU-1", "qty": "NaN"},
    )
    for body in wrong:
        assert (await page.act("counts", **body))[0] == 422


async def test_a_photo_is_kept_and_queued_for_the_hqs_that_take_files(page: Page) -> None:
    path = "/v1/station/files?of=fulfillment:F1"
    status, body = await page.post(path, PHOTO, "image/png")
    assert status == 201
    assert (await page.post(path, PHOTO, "image/png"))[1] == body
    assert page.rows("SELECT lane, way, name, of, state FROM file_transfer") == [
        ("main", "up", body["sha256"], "fulfillment:F1", "wanted")
    ]
    assert files.read(page.store.reader, body["sha256"]) == files.KeptFile(PHOTO, "image/png")
    assert page.lanes.files == 2


@pytest.mark.parametrize(
    ("path", "data", "kind", "status"),
    [
        ("?of=fulfillment:F1", PHOTO, "text/html", 415),
        ("?of=fulfillment:F1", b"<html>", "image/png", 422),
        ("?of=worker:ana", PHOTO, "image/png", 422),
        ("", PHOTO, "image/png", 422),
        ("?of=fulfillment:F1", PHOTO + b" " * c.MAX_FILE_BYTES, "image/png", 413),
    ],
)
async def test_what_is_no_photo_or_paper_is_refused(
    page: Page, path: str, data: bytes, kind: str, status: int
) -> None:
    assert (await page.post(f"/v1/station/files{path}", data, kind))[0] == status
    assert page.rows("SELECT count(*) FROM file") == [(0,)]


async def test_a_disk_that_is_nearly_full_is_left_to_the_work(page: Page) -> None:
    page.store.accept_new_work(accepts=False)
    status, body = await page.post("/v1/station/files?of=fulfillment:F1", PHOTO, "image/png")
    assert (status, body["error"]["code"]) == (507, "no_room")
    assert page.rows("SELECT count(*) FROM file") == [(0,)]
