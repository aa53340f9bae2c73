"""`edge-agent sync …` and `/metrics`: what waits for HQ, what it refused, and what a person does about it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uuid_utils.compat

from agent.cli.common import settings_from
from agent.wiring import Agent
from tests.hq.site import SECRETS, Hq, running_hq
from tests.support.site import until, write_config, write_secret


@dataclass
class Picker:
    """Ana at an agent that speaks to a real HQ."""

    url: str
    config: Path
    session: aiohttp.ClientSession

    async def does(self, what: str, **body: Any) -> Any:
        body = {"command_id": str(uuid_utils.compat.uuid7()), **body}
        path = f"{self.url}/v1/station/workplaces/pick-1/{what}"
        async with self.session.post(path, json=body) as answer:
            told = await answer.json()
            assert answer.status == 200, told
            return told["answer"]

    async def lane(self) -> Any:
        async with self.session.get(f"{self.url}/v1/station/status") as answer:
            return (await answer.json())["lanes"][0]

    async def command(self, *arguments: str) -> tuple[int, str]:
        whole = [sys.executable, "-m", "agent", "sync", *arguments, "--config", str(self.config), "--url", self.url]
        done = await asyncio.to_thread(subprocess.run, whole, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    async def picks(self, picklist: str, quantity: int) -> None:
        for code in (picklist, "A-01-1", "SKU-1"):
            await self.does("scan", code=code)
        if quantity > 1:
            await self.does("quantity", quantity=quantity)


@asynccontextmanager
async def picking(folder: Path, hq: Hq) -> AsyncIterator[Picker]:
    config = folder / "edge.toml"
    station = {"id": "st-1", "warehouse_id": "wh_1", "data_dir": "data", "listen": "127.0.0.1:0", "ballast_mb": 0}
    lane = {"dialect": "ofs", "url": hq.url, "secret": "hq-main", "tenant": "t1", "poll_s": 3600}
    write_config(
        config,
        {
            "station": station,
            "hq": {"main": lane},
            "workplaces": {"pick-1": {"work": "pick"}},
            "workers": {"ana": {"name": "Ana", "badge": "BADGE-ANA", "roles": ["picker"]}},
        },
    )
    write_secret(folder, "hq-main", SECRETS["station"])
    agent = Agent(settings_from(config), folder)
    stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(agent.run(ready.set_result, stop))
    url = await ready
    key = (folder / "data" / "station.key").read_text()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as session:
        yield Picker(url, config, session)
    stop.set()
    await serving


@pytest.fixture
async def refused(tmp_path: Path) -> AsyncIterator[Picker]:
    """An order was cancelled at HQ while its goods were picked out of its sight: HQ refuses the pick."""
    async with running_hq(tmp_path / "hq.db") as hq:
        await hq.with_products()
        ident = await hq.order("O-1", SKU_1=2)
        wave = await hq.wave(ident)
        async with picking(tmp_path, hq) as ana:
            await ana.does("scan", code="BADGE-ANA")

            async def has_work() -> bool:
                view = await ana.session.get(f"{ana.url}/v1/station/workplaces/pick-1/view")
                return wave["id"] in await view.text()

            await until(has_work, "the picklist did not come")
            away = {"down": True, "only_role": "station"}
            assert (await hq.call("PUT", "/hq/faults", role="operator", json=away)).status == 200
            await ana.picks(wave["id"], 2)
            assert (await hq.post(f"/fulfillments/{ident}/cancel", {"reason": "customer"})).status == 200
            await hq.call("PUT", "/hq/faults", role="operator", json={})

            async def is_parked() -> bool:
                lane = await ana.lane()
                return bool(lane["parked"])

            await until(is_parked, "HQ did not refuse the pick")
            yield ana


async def test_what_hq_refused_is_shown_in_its_words_and_ended_by_a_person_with_a_note(refused: Picker) -> None:
    code, told = await refused.command("parked", "main")
    assert code == 1
    assert told.startswith("picklist:pick_1  p")
    assert "cancelled" in told
    code, told = await refused.command("dry-run", "main")
    assert code == 0
    assert "Refusals to expect: none" not in told
    assert "cancelled" in told
    code, told = await refused.command("status")
    assert code == 0
    assert "main: reachable since" in told
    assert "0 parked" not in told
    for _ in range(9):  # whatever comes after it is refused as well
        code, told = await refused.command("repair", "main", "picklist:pick_1", "--told", "Phoned the office.")
        assert code == 0, told
        assert told.rstrip().endswith("facts of picklist:pick_1 are ended: Phoned the office.")
        await until(lambda: is_quiet(refused), "it neither went nor was refused")
        if (await refused.lane())["parked"] == 0:
            break
    assert await refused.command("parked", "main") == (0, "Nothing is parked for main.\n")


async def is_quiet(ana: Picker) -> bool:
    lane = await ana.lane()
    return bool(lane["parked"]) or lane["unsent"] == 0


async def test_what_cannot_be_repaired_so_is_refused_in_words(refused: Picker) -> None:
    for arguments, words in (
        (("retry", "main", "picklist:other"), "Nothing of picklist:other is parked for main"),
        (("repair", "main", "picklist:pick_1"), "Give either --ref"),
        (("repair", "main", "picklist:pick_1", "--ref", "order"), "like order:F-17=INV-2041 (got order)"),
        (("parked", "moon"), "There is no HQ 'moon' in edge.toml."),
        (("call", "main", "no-such-call"), "There is no call 'no-such-call' here"),
        (("call", "main", "x", "novalue"), "A parameter is KEY=VALUE (got novalue)."),
    ):
        code, told = await refused.command(*arguments)
        assert (code, words in told) == (2, True), told


async def test_monitoring_gets_a_series_for_each_lane_and_only_with_the_key(refused: Picker) -> None:
    async with aiohttp.ClientSession() as nobody, nobody.get(f"{refused.url}/metrics") as answer:
        assert answer.status == 401
    async with refused.session.get(f"{refused.url}/metrics") as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4"
        text = await answer.text()
    samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(samples['edge_lane_parked{lane="main"}']) >= 1
    assert samples['edge_lane_state{lane="main",state="reachable"}'] == "1"
    assert float(samples['edge_lane_requests_total{lane="main",outcome="dead"}']) >= 1
    assert float(samples["edge_facts_total"]) > 5
    assert json.dumps(text).count("# TYPE") == 7


async def test_a_reference_told_by_hand_is_learned_and_the_facts_go_again(refused: Picker) -> None:
    code, told = await refused.command("repair", "main", "picklist:pick_1", "--ref", "order:F-1=INV-7")
    assert (code, told) == (0, "1 facts of picklist:pick_1 go again.\n")
