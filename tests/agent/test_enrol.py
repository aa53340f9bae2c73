"""A machine becomes a station by a code of the office; the machine that was it before is believed no more."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from agent.enrolment import EnrolmentRefused, address_and_code
from config import read_secret
from tests.support.site import Hq

pytestmark = [pytest.mark.asyncio(loop_scope="module")]
SETTINGS = {
    "station": {"warehouse_id": "wh_1", "language": "de"},
    "workplaces": {"pack-1": {"work": "pack", "devices": []}},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hq(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hq]:
    running = Hq(tmp_path_factory.mktemp("hq"))
    await running.start()
    yield running
    running.process.stop()


async def offer(hq: Hq, station: str, **more: Any) -> str:
    told = await hq.call("POST", "/edge/enrolments", {"device_id": station, "settings": SETTINGS, **more})
    code: str = told["code"]
    return code


async def enrol(hq: Hq, folder: Path, code: str, *more: str) -> subprocess.CompletedProcess[str]:
    config = str(folder / "edge.toml")
    command = [sys.executable, "-m", "agent", "enrol", code, "--hq", hq.url, "--config", config, *more]
    return await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)


async def status_at_hq(hq: Hq, station: str, key: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {key}", "X-Device-ID": station}
    path = f"{hq.url}/v1/fulfillment/edge/devices/{station}/watermark"
    async with aiohttp.ClientSession() as session, session.get(path, headers=headers) as answer:
        body = await answer.json()
        return answer.status, body.get("error", {}).get("code", "")


async def test_a_code_gives_settings_and_key_and_an_overlay_counts_before_them(hq: Hq, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[station]\nlanguage = "en"\n')
    told = await enrol(hq, tmp_path, await offer(hq, "pack-1"), "--overlay", str(tmp_path / "own.toml"))
    assert told.returncode == 0, told.stderr
    written = (tmp_path / "edge.toml").read_text()
    assert 'id = "pack-1"' in written
    assert 'language = "en"' in written
    assert await status_at_hq(hq, "pack-1", read_secret("hq-main", tmp_path)) == (200, "")


async def test_a_code_works_once(hq: Hq, tmp_path: Path) -> None:
    code = await offer(hq, "pack-2")
    assert (await enrol(hq, tmp_path / "one", code)).returncode == 0
    again = await enrol(hq, tmp_path / "two", code)
    assert again.returncode == 2
    assert "wrong, used or over" in again.stderr
    assert not (tmp_path / "two" / "edge.toml").exists()


async def test_after_five_wrong_tries_the_right_code_is_over(hq: Hq, tmp_path: Path) -> None:
    code = await offer(hq, "pack-3")
    wrong = f"{code.partition('-')[0]}-AAAAAAAAAA"
    for _ in range(5):
        assert (await redeem(hq, wrong)) == 403
    assert (await redeem(hq, code)) == 403
    assert not (tmp_path / "edge.toml").exists()


async def redeem(hq: Hq, code: str) -> int:
    body = {"code": code, "host": {"name": "machine", "fingerprint": ""}}
    path = f"{hq.url}/v1/fulfillment/edge/enrolments/redeem"
    async with aiohttp.ClientSession() as session, session.post(path, json=body) as answer:
        return answer.status


async def test_a_machine_that_is_replaced_is_fenced_at_hq(hq: Hq, tmp_path: Path) -> None:
    assert (await enrol(hq, tmp_path / "old", await offer(hq, "pack-4"))).returncode == 0
    told = await enrol(hq, tmp_path / "new", await offer(hq, "pack-4"))
    assert "its key works no more" in told.stdout
    old, new = (read_secret("hq-main", tmp_path / name) for name in ("old", "new"))
    assert (await status_at_hq(hq, "pack-4", old))[0] == 401
    assert (await status_at_hq(hq, "pack-4", new))[0] == 200
    alarms = (await hq.call("GET", "/edge/alarms?device_id=pack-4"))["items"]
    assert [alarm["kind"] for alarm in alarms] == ["replaced"]


async def test_a_key_that_several_share_speaks_no_more_for_an_enrolled_station(hq: Hq, tmp_path: Path) -> None:
    assert await status_at_hq(hq, "pack-5", hq.key("station")) == (200, "")
    assert (await enrol(hq, tmp_path, await offer(hq, "pack-5"))).returncode == 0
    assert await status_at_hq(hq, "pack-5", hq.key("station")) == (401, "replaced")


async def test_only_the_office_gives_codes(hq: Hq) -> None:
    path, key = f"{hq.url}/v1/fulfillment/edge/enrolments", hq.key("station")
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k1"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(path, json={"device_id": "pack-6"}, headers=headers) as answer,
    ):
        assert answer.status == 403


async def test_a_list_of_enrolments_tells_no_code(hq: Hq) -> None:
    code = await offer(hq, "pack-7")
    told = await hq.call("GET", "/edge/enrolments?device_id=pack-7")
    assert code not in str(told)
    assert told["items"][0]["redeemed_at"] is None


async def test_a_station_is_not_enrolled_over_another_one(hq: Hq, tmp_path: Path) -> None:
    (tmp_path / "edge.toml").write_text("mine")
    told = await enrol(hq, tmp_path, await offer(hq, "pack-8"))
    assert told.returncode == 2
    assert (tmp_path / "edge.toml").read_text() == "mine"


async def test_the_address_may_stand_with_the_code() -> None:
    assert address_and_code("https://hq.example.com/#enrol=ABCD-EFGHJKLMNP", None) == (
        "https://hq.example.com",
        "ABCD-EFGHJKLMNP",
    )
    with pytest.raises(EnrolmentRefused, match="Give HQ's address"):
        address_and_code("ABCD-EFGHJKLMNP", None)


async def test_the_key_never_crosses_a_network_in_clear(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "agent", "enrol", "ABCD-EFGHJKLMNP", "--hq", "http://hq.example.com"]
    told = await asyncio.to_thread(
        subprocess.run,
        [*command, "--config", str(tmp_path / "edge.toml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2
    assert "must begin with https" in told.stderr
