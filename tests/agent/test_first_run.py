"""The calls of the first run: closed without the code, honest about devices, and all or nothing at the end."""

from __future__ import annotations

import asyncio
import re
import stat
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from agent import pins
from agent.enrolment import load_settings
from devices.simulators.bench import BenchDevices
from tests.support.site import Hq, Process, until

pytestmark = [pytest.mark.asyncio(loop_scope="module")]
TABLES: dict[str, Any] = {
    "station": {"id": "pack-1", "warehouse_id": "WH-1"},
    "workplaces": {"pack-1": {"work": "pack", "devices": []}},
}


class FirstRun:
    """`edge-agent setup` in a folder of its own, with somebody who has the code."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "etc" / "edge.toml"
        arguments = ["-m", "agent", "setup", "--config", str(self.config), "--port", "0"]
        self.process = Process(folder, "setup", arguments)
        self.url, self.headers = "", dict[str, str]()

    async def start(self) -> FirstRun:
        self.url = await self.process.start()
        return self

    async def enter(self) -> FirstRun:
        status, body = await self.call("POST", "enter", {"code": await self.code()})
        assert status == 200, body
        self.headers = {"Authorization": f"Bearer {body['key']}"}
        return self

    async def code(self) -> str:
        found = await until(lambda: re.findall(r"the code (\S+),", self.process.log.read_text()), "no code was told")
        last: str = found[-1]
        return last

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.url}/v1/setup/{path}", json=body, headers=self.headers) as answer,
        ):
            return answer.status, await answer.json()


@pytest_asyncio.fixture(loop_scope="module")
async def first(tmp_path: Path) -> AsyncIterator[FirstRun]:
    run = await FirstRun(tmp_path).start()
    yield run
    run.process.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BenchDevices]:
    devices = BenchDevices(tmp_path_factory.mktemp("bench"), resolution=Decimal("0.001"))
    await devices.start()
    yield devices
    await devices.stop()


async def test_without_the_code_nothing_is_told_or_done(first: FirstRun) -> None:
    for method, path in (
        ("GET", "start"),
        ("GET", "devices"),
        ("POST", "probe"),
        ("POST", "trial"),
        ("POST", "test-print"),
        ("POST", "redeem"),
        ("POST", "finish"),
    ):
        status, body = await first.call(method, path, {} if method == "POST" else None)
        assert (status, body["error"]["code"]) == (401, "no_key"), path


async def test_five_wrong_codes_make_the_right_one_useless_and_tell_another_on_the_terminal(first: FirstRun) -> None:
    code = await first.code()
    for _ in range(5):
        assert (await first.call("POST", "enter", {"code": "WRONG-CODE"}))[0] == 403
    assert (await first.call("POST", "enter", {"code": code}))[0] == 403
    await until(lambda: first.process.log.read_text().count("the code") > 1, "no further code was told")
    await first.enter()


async def test_a_foreign_host_name_or_page_gets_no_answer(first: FirstRun) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{first.url}/setup", headers={"Host": "evil.example"}) as answer:
            assert answer.status == 421
        path = f"{first.url}/v1/setup/enter"
        async with session.post(path, json={"code": "X"}, headers={"Origin": "http://evil.example"}) as answer:
            assert answer.status == 403


async def test_a_scale_weighs_a_scanner_reads_and_a_printer_prints_before_there_is_a_station(
    first: FirstRun, bench: BenchDevices
) -> None:
    await first.enter()
    settings = bench.settings()
    await bench.put_load_mg(1_250_000)
    _, weighed = await first.call("POST", "trial", {"settings": settings["scale"]})
    assert weighed["works"]
    assert Decimal(next(each for each in reversed(weighed["told"]) if each["kind"] == "weight")["value"]) == Decimal(
        "1.25"
    )
    trying = asyncio.create_task(first.call("POST", "trial", {"settings": settings["scanner"]}))
    while not trying.done():  # a person scans again what was not answered
        await bench.scan("scanner", b"NW-011")
        await asyncio.wait([trying], timeout=0.3)
    _, read = trying.result()
    assert read["works"]
    assert bytes.fromhex(read["told"][-1]["data"]) == b"NW-011"
    status, printed = await first.call("POST", "test-print", {"settings": settings["printer"]})
    assert (status, "Look at the printer" in printed["sentence"]) == (200, True)
    await until(lambda: bench.printer.label_count == 1, "no label came out")


async def test_a_device_that_is_not_there_is_said_to_be_away(first: FirstRun) -> None:
    await first.enter()
    settings = {"driver": "zpl_printer", "host": "127.0.0.1", "port": 9}
    status, body = await first.call("POST", "test-print", {"settings": settings})
    assert (status, body["error"]["code"]) == (409, "printer_away")
    status, body = await first.call("POST", "trial", {"settings": {"driver": "no_such"}})
    assert (status, body["error"]["code"]) == (422, "no_driver")


async def test_every_fault_is_told_at_once_and_nothing_is_written(first: FirstRun) -> None:
    await first.enter()
    tables = {"station": {"id": "Not A Name"}, "workplaces": {"pack-1": {"work": "dance"}}}
    status, body = await first.call("POST", "finish", {"tables": tables})
    assert status == 422
    told = " ".join(body["error"]["details"])
    assert "station.id" in told
    assert "workplaces.pack-1.work" in told
    assert list(first.config.parent.iterdir()) == []


async def test_at_the_end_there_is_a_station_whose_secrets_nobody_else_can_read(first: FirstRun) -> None:
    await first.enter()
    hq = {"dialect": "ofs", "url": "https://hq.example.com", "secret": "hq-main", "tenant": "acme"}
    ida = {"name": "Ida", "badge": "BADGE-IDA", "roles": ["admin"]}
    tables = {**TABLES, "hq": {"main": hq}, "workers": {"ida": ida}}
    body = {"tables": tables, "secrets": {"hq-main": "the-key-of-hq"}, "pins": {"ida": "123456"}}
    status, told = await first.call("POST", "finish", body)
    assert (status, told["station"]) == (201, "pack-1")
    settings = load_settings(first.config)
    assert pins.fits(settings.workers["ida"].pin_hash or "", "123456")
    secret = first.config.parent / "secrets" / "hq-main"
    assert secret.read_text().strip() == "the-key-of-hq"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (first.config, secret)] == [0o600, 0o600]
    assert "the-key-of-hq" not in first.config.read_text() + first.process.log.read_text()
    assert "123456" not in first.config.read_text()
    await until(lambda: "is written" in first.process.log.read_text(), "the set-up did not end")


async def test_a_code_of_the_office_brings_the_key_without_telling_it_to_the_page(
    first: FirstRun, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hq = Hq(tmp_path_factory.mktemp("hq"))
    await hq.start()
    try:
        offered = await hq.call("POST", "/edge/enrolments", {"device_id": "pack-9", "settings": TABLES})
        await first.enter()
        status, given = await first.call("POST", "redeem", {"code": f"{hq.url}#enrol={offered['code']}"})
        assert status == 200, given
        assert "key" not in given
        status, told = await first.call("POST", "finish", {"tables": {}})
        assert (status, told["station"]) == (201, "pack-9")
        assert (first.config.parent / "secrets" / "hq-main").read_text().strip() not in str(given)
    finally:
        hq.process.stop()
