"""Training on a real station's machine: nothing of it reaches the real store or the real HQ."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner

from agent.__main__ import main
from agent.cli.common import settings_from
from agent.training import MARK, mark, why_not
from agent.wiring import Agent
from config import ConfigFaults
from tests.support.site import Process, until, write_config, write_secret


class RealHq:
    """Stands where the real HQ is, and counts whoever comes."""

    def __init__(self) -> None:
        self.came = 0
        self.url = ""

    async def start(self) -> asyncio.Server:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    async def _meet(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        writer.close()


def real_station(folder: Path, hq: str) -> Path:
    folder.mkdir()
    config = folder / "edge.toml"
    write_config(
        config,
        {
            "station": {"id": "pack-7", "warehouse_id": "WH-1", "data_dir": "store"},
            "hq": {"main": {"dialect": "ofs", "url": hq, "secret": "hq-main", "tenant": "acme"}},
            "workplaces": {"pack": {"work": "pack", "devices": []}},
        },
    )
    write_secret(folder, "hq-main", "the-real-key-of-hq")
    (folder / "store").mkdir()
    (folder / "store" / "edge.sqlite3").write_bytes(b"the real store")
    return config


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


async def test_a_day_of_training_touches_neither_the_real_store_nor_the_real_hq(tmp_path: Path) -> None:
    hq = RealHq()
    server = await hq.start()
    config = real_station(tmp_path / "etc", hq.url)
    before, folder = contents(config.parent), tmp_path / "training"
    arguments = ["-m", "agent", "train", "--config", str(config), "--folder", str(folder), "--port", "0"]
    day = Process(tmp_path, "train", arguments)
    url = await day.start()
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            (await session.get(f"{url}/pick")).close()

            async def view() -> Any:
                async with session.get(f"{url}/v1/station/workplaces/pick/view") as answer:
                    return await answer.json()

            body = {"code": "BADGE-ANA"}
            (await session.post(f"{url}/v1/bench/devices/pick-scanner/scan", json=body)).close()

            async def signed_in() -> Any:
                shown = await view()
                return shown["worker"] and shown["choices"] and shown

            shown = await until(signed_in, "the training day did not begin")
            assert shown["training"]
            assert shown["station"] == "training-pack-7"
            async with session.get(f"{url}/v1/station/it") as answer:
                told = await answer.json()
            assert told["training"]
            assert [lane["url"].rstrip("/") for lane in told["lanes"]] != [hq.url]
    finally:
        day.stop()
        server.close()
    assert hq.came == 0
    assert contents(config.parent) == before
    written = (folder / "edge.toml").read_text()
    assert hq.url not in written
    assert "the-real-key-of-hq" not in json.dumps([str(each) for _, each in contents(folder).values()])
    assert (folder / MARK).exists()


def test_training_is_refused_in_or_around_the_real_store(tmp_path: Path) -> None:
    real = tmp_path / "store"
    real.mkdir()
    for folder in (real, real / "inside", tmp_path):
        assert "lie in one another" in (why_not(folder, real) or ""), folder


def test_training_is_refused_in_a_folder_with_something_else_in_it(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    told = CliRunner().invoke(main, ["train", "--config", str(tmp_path / "none.toml"), "--folder", str(tmp_path)])
    assert told.exit_code == 2
    assert "holds something that is no training" in told.output
    assert (tmp_path / "letters.txt").exists()


def test_a_store_in_which_was_trained_is_refused_for_real_work(tmp_path: Path) -> None:
    config = real_station(tmp_path / "etc", "https://hq.example.com")
    mark(config.parent / "store")
    with pytest.raises(ConfigFaults, match="training was done in"):
        Agent(settings_from(config), config.parent)
