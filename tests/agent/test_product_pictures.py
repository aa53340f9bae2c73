"""Pictures of products: from the site's own folder, and from nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from agent.api.access import COOKIE, StationKey
from agent.api.app import build_app, doors_of
from agent.api.pictures import MAX_BYTES, Pictures

PNG = b"\x89PNG\r\n\x1a\n and the rest"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "pictures"
    found.mkdir()
    (found / "NW-001.png").write_bytes(PNG)
    (found / "NW-002.jpg").write_bytes(b"GIF89a: not what its name says")
    (found / "NW-003.webp").write_bytes(b"RIFF" + bytes(MAX_BYTES))
    (tmp_path / "secret.png").write_bytes(PNG)
    return found


@pytest.fixture
async def session(tmp_path: Path, folder: Path) -> AsyncIterator[aiohttp.ClientSession]:
    key, port = StationKey(tmp_path), 0
    app = build_app(key, lambda: doors_of("127.0.0.1", port), [Pictures(folder).routes()])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookies={COOKIE: key.cookie}) as opened:
        yield opened
    await runner.cleanup()


async def test_a_picture_is_served_with_its_type(session: aiohttp.ClientSession) -> None:
    async with session.get("/v1/station/pictures/NW-001") as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", PNG)


@pytest.mark.parametrize(
    ("sku", "said"),
    [
        ("NW-404", "There is no picture of 'NW-404' here."),
        ("NW-002", "NW-002.jpg is no image/jpeg of at most"),
        ("NW-003", "There is no picture of 'NW-003' here."),
        ("..%2Fsecret", "There is no picture of '../secret' here."),
    ],
)
async def test_what_is_no_picture_is_refused_with_the_next_step(
    session: aiohttp.ClientSession, sku: str, said: str
) -> None:
    async with session.get(f"/v1/station/pictures/{sku}") as answer:
        message = (await answer.json())["error"]["message"]
        assert answer.status == 404
        assert message.startswith(said)
        assert "IT can" in message


def test_a_view_knows_which_products_have_one(folder: Path) -> None:
    pictures = Pictures(folder)
    skus = ["NW-001", "NW-003", "NW-404", "../secret", "", ".png", "N" * 300]
    assert [sku for sku in skus if pictures.has(sku)] == ["NW-001"]
    assert not Pictures(None).has("NW-001")
