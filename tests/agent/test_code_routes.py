"""Linking codes over HTTP, as a page does it with a supervisor's badge."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import uuid_utils
from aiohttp.test_utils import TestClient, TestServer

from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.codes import CodeRoutes
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain.site import Site, Worker
from local_store.store import Store
from tests.support.floor import product

EVE, ANA = "BADGE-EVE", "BADGE-ANA"
SITE = Site(
    "station-1",
    "WH-1",
    {"pick": "pick"},
    {
        "eve": Worker("eve", "Eve", EVE, frozenset({"supervisor"})),
        "ana": Worker("ana", "Ana", ANA, frozenset({"picker"})),
    },
)


class Page:
    """A page of the station."""

    def __init__(self, client: TestClient[Any, Any], key: str) -> None:
        self._client, self._key = client, key

    async def call(self, method: str, path: str, *, key: bool = True, **body: Any) -> tuple[int, dict[str, Any]]:
        """Status and body of a call."""
        port = self._client.port
        headers = {"Host": f"127.0.0.1:{port}"} | ({"Authorization": f"Bearer {self._key}"} if key else {})
        async with self._client.request(method, path, json=body or None, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())

    async def link(self, code: str, badge: str = EVE, **of: Any) -> tuple[int, dict[str, Any]]:
        """Link a code to three SKU-1."""
        members = {"command_id": str(uuid_utils.uuid7()), "code": code, "sku": "SKU-1", "multiplier": 3, **of}
        return await self.call("POST", "/v1/station/codes", badge=badge, **members)

    async def unlink(self, code: str, badge: str = EVE) -> tuple[int, dict[str, Any]]:
        """Take the link away."""
        path = f"/v1/station/codes/{quote(code, safe='')}"
        return await self.call("DELETE", path, command_id=str(uuid_utils.uuid7()), badge=badge)


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    store = Store(tmp_path, SITE, SystemClock(), "test")
    await store.open()
    await store.execute(c.ReceiveProducts(command_id=uuid_utils.compat.uuid7(), products=(product("SKU-1"),)))
    key = StationKey(tmp_path)
    ports: list[int] = []
    app = build_app(key, lambda: doors_of("127.0.0.1", ports[0]), [CodeRoutes(store).routes()])
    async with TestClient(TestServer(app)) as client:
        ports.append(client.port or 0)
        yield Page(client, key.key)
    await store.close()


async def test_a_code_is_linked_listed_and_unlinked(page: Page) -> None:
    status, body = await page.link("NEW-CODE")
    assert (status, body["answer"]["text"]) == (200, "NEW-CODE counts as 3 of Item SKU-1 (SKU-1) from now on.")
    listed = {"codes": [{"code": "NEW-CODE", "sku": "SKU-1", "multiplier": 3}]}
    assert await page.call("GET", "/v1/station/codes") == (200, listed)
    status, body = await page.unlink("NEW-CODE")
    assert (status, body["answer"]["code"]) == (200, "link.undone")
    assert await page.call("GET", "/v1/station/codes") == (200, {"codes": []})


@pytest.mark.parametrize("code", ["https://example.com/a/b?c=d", "A B/C", "100%", "0109521234543213\x1d10L", "Ü"])
async def test_a_code_of_any_characters_finds_its_way_through_the_path(page: Page, code: str) -> None:
    assert (await page.link(code))[1]["answer"]["code"] == "link.done"
    assert (await page.unlink(code))[1]["answer"]["code"] == "link.undone"


async def test_who_is_no_supervisor_is_refused_in_words(page: Page) -> None:
    _, body = await page.link("NEW-CODE", badge=ANA)
    assert (body["answer"]["tone"], body["answer"]["code"]) == ("refused", "link.role")
    await page.link("NEW-CODE")
    assert (await page.unlink("NEW-CODE", badge=ANA))[1]["answer"]["code"] == "link.role"


async def test_without_the_cookie_of_a_page_or_the_key_nothing_is_told_or_done(page: Page) -> None:
    for method in ("GET", "POST"):
        status, _ = await page.call(method, "/v1/station/codes", key=False)
        assert status in {401, 403}


async def test_a_repeat_gets_its_first_answer_and_another_act_under_the_same_id_is_refused(page: Page) -> None:
    one = str(uuid_utils.uuid7())
    first = await page.link("NEW-CODE", command_id=one)
    assert await page.link("NEW-CODE", command_id=one) == first
    status, body = await page.link("OTHER", command_id=one)
    assert (status, body["error"]["code"]) == (422, "command_reused")


@pytest.mark.parametrize("of", [{"multiplier": 0}, {"multiplier": 1.5}, {"sku": ""}, {"code": ""}, {"colour": "red"}])
async def test_members_that_make_no_sense_are_named(page: Page, of: dict[str, Any]) -> None:
    status, body = await page.link(**{"code": "NEW-CODE", **of})
    assert status == 422
    assert next(iter(of)) in json.dumps(body)
