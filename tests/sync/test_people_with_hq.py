"""Badges and devices against the real central service, run as its own process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent import pins
from agent.badge_file import BadgeFile
from agent.people import People
from agent.problems import Problems
from local_store.domain import events as e
from sync.dialect import AtStation, PullStopped
from sync.dialects.ofs.badges import EVERY_MS
from sync.dialects.ofs.client import OfsClient
from sync.known import KnownHere
from tests.support.site import Hq
from tests.sync.station import LANE, OFS, Station, new_id, station

PIN = "246810"


@pytest.fixture
async def hq(tmp_path: Path) -> AsyncIterator[Hq]:
    made = Hq(tmp_path / "hq")
    await made.start()
    await made.call("POST", "/warehouses", {"warehouse_id": "wh_1", "name": "One"})
    try:
        yield made
    finally:
        made.process.stop()


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station(tmp_path / "st", hq.url, secret=hq.key("station")) as made:
        told = await hq.call("GET", "/edge/badges/key")
        made.store.site = replace(made.store.site, badge_key=bytes.fromhex(told["key"]))
        yield made


async def hires(hq: Hq, worker: str, **of: Any) -> None:
    """HQ's office makes somebody known, or says that they left."""
    told = {"worker_id": worker, "badge_id": f"B-{worker}", "name": worker.title(), "pin": PIN, **of}
    await hq.call("POST", "/warehouses/wh_1/workers", told)


async def people_of(here: Station) -> People:
    made = People(
        here.store, here.time, "boot-1", sleep=here.time.sleep, report=lambda *_: None, clear=lambda _: None
    )
    await made.start()
    return made


def client_of(here: Station) -> OfsClient:
    settings = {"dialect": "ofs", "url": here.url, "secret": "hq", "tenant": "t1"}
    at = AtStation("st-1", "wh_1", here.time, wants_badges=True)
    client = OFS.make_client(OFS.settings.model_validate(settings), here.secret, at)
    assert isinstance(client, OfsClient)
    return client


async def bundles(client: OfsClient, here: Station) -> list[Any]:
    known = KnownHere(here.store.reader, LANE)
    return [each async for each in client.pull(LANE, known, new_id) if hasattr(each, "bundle")]


async def test_people_whom_hq_knows_sign_in_with_the_pin_that_hq_keeps(hq: Hq, here: Station) -> None:
    await hires(hq, "zoe", roles=["picker", "receiver", "supervisor"])
    people, client = await people_of(here), client_of(here)
    (bundle,) = await bundles(client, here)
    assert await people.take_bundle(bundle, LANE, is_fresh=True) is None
    worker = await people.known_by("B-zoe", PIN)
    assert (worker.worker_id, sorted(worker.roles)) == ("zoe", ["picker", "receiver", "supervisor"])
    assert pins.fits(worker.pin_hash or "", "000000") is False
    assert await bundles(client, here) == [], "HQ is not asked again at once"
    await hires(hq, "zoe", active=False)
    await hires(hq, "yan")
    here.time.now_ms += EVERY_MS
    (bundle,) = await bundles(client, here)
    await people.take_bundle(bundle, LANE, is_fresh=True)
    assert set(here.store.site.workers) == {"ana", "yan"}
    await client.close()


async def test_the_lane_brings_the_badges_with_its_pull(hq: Hq, here: Station) -> None:
    await hires(hq, "zoe")
    people = await people_of(here)

    def make_client(*_: Any) -> OfsClient:
        return client_of(here)

    here.make_client = make_client
    async with here.syncing() as lane:
        lane._on_badges = people.take_bundle
        await lane._pull()
    assert set(here.store.site.workers) == {"ana", "zoe"}


async def test_an_hq_that_gives_no_badges_or_cannot_is_asked_for_work_all_the_same(hq: Hq, here: Station) -> None:
    client = client_of(here)
    client._badges._station = replace(client._badges._station, warehouse_id="x" * 400)
    told = [each async for each in client.pull(LANE, KnownHere(here.store.reader, LANE), new_id)]
    assert [each.sentence.startswith("HQ's bundle of badges: ") for each in told if hasattr(each, "sentence")] == [
        True
    ]
    await client.close()
    hq.process.stop()
    client = client_of(here)
    with pytest.raises(PullStopped):
        await bundles(client, here)
    await client.close()


async def test_a_bundle_file_is_taken_in_and_a_spoilt_one_told(hq: Hq, here: Station, tmp_path: Path) -> None:
    await hires(hq, "zoe")
    people, problems = await people_of(here), Problems(here.time.wall_ms)
    client = client_of(here)
    (bundle,) = await bundles(client, here)
    await client.close()
    path = tmp_path / "badges.json"
    reading = BadgeFile(path, people, problems, here.time.sleep)
    await reading.look()
    assert "No such file" in problems.open()[0].sentence
    path.write_text("{}")
    await reading.look()
    assert problems.open()[0].sentence == f"{path}: this is not a bundle of badges."
    path.write_text(bundle.model_dump_json())
    await reading.look()
    assert problems.open() == []
    assert set(here.store.site.workers) == {"ana", "zoe"}


async def test_a_device_that_was_registered_here_is_known_at_hq(hq: Hq, here: Station) -> None:
    told = {"device_id": "tc/1", "device_kind": "handheld", "model": "TC52", "metadata": {"bay": "7"}}
    await here.record(e.DeviceRegistered.model_validate(told))
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    device = (await hq.call("GET", "/devices"))["items"][0]
    assert (device["device_id"], device["kind"], device["model"], device["warehouse_id"], device["metadata"]) == (
        "tc/1", "handheld", "TC52", "wh_1", {"bay": "7"},
    )  # fmt: skip
