"""Devices and their logs, keys that end by themselves, and the people and places of a warehouse."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.hq.site import Hq, Reply, running_hq, taken

BADGE = {"worker_id": "ann", "badge_id": "B-1", "name": "Ann", "roles": ["picker", "supervisor"], "pin": "1234"}


async def key_for(hq: Hq, device: str = "d1", **more: Any) -> dict[str, Any]:
    made = await hq.post("/keys", {"device_id": device, "ttl_s": 60, **more}, role="station")
    assert made.status == 201, made.text
    return dict(made.body)


async def with_key(hq: Hq, key: str, method: str = "GET", path: str = "/tasks", **headers: str) -> Reply:
    sent = {"Authorization": f"Bearer {key}", "Idempotency-Key": next(hq.keys), **headers}
    how: dict[str, Any] = {} if method == "GET" else {"json": {"device_id": "d9"}}
    return await hq.call(method, path, role="", headers=sent, **how)


async def test_a_device_is_registered_and_told_anew_what_it_is(hq: Hq) -> None:
    made = await hq.post("/devices/d1/register", {"kind": "scanner", "model": "X1"}, role="station")
    assert (made.status, made.body["firmware"]) == (201, None)
    again = await hq.post("/devices/d1/register", {"kind": "scanner", "model": "X1", "firmware": "2.0"})
    assert (again.status, again.body["firmware"]) == (200, "2.0")
    assert (await hq.get("/devices/d1")).body == again.body
    assert len((await hq.get("/devices")).body["items"]) == 1
    assert (await hq.post("/devices/d2/register", {"kind": "toaster"})).status == 422


async def test_a_devices_log_tells_what_was_done_with_it_and_nothing_else(stocked: Hq) -> None:
    picklist = await stocked.started(await stocked.order("o1", SKU_1=1))
    task = picklist["tasks"][0]
    await stocked.scan(picklist["id"], taken(task), headers={"X-Device-ID": "d1", "X-Worker-ID": "ann"})
    log = (await stocked.get("/devices/d1/log", role="station")).body["items"]
    assert [(each["action"], each["actor"]) for each in log] == [("picked", "ann")]
    assert (await stocked.get("/devices/d2/log")).body["items"] == []


async def test_the_roles_are_those_of_the_seed(hq: Hq) -> None:
    assert (await hq.get("/roles")).body["items"] == [
        "picker", "packer", "supervisor", "qc_agent", "receiver", "admin",
    ]  # fmt: skip


async def test_a_key_works_until_it_ends(hq: Hq) -> None:
    made = await key_for(hq, worker_id="ann")
    assert (await with_key(hq, made["key"])).status == 200
    hq.clock.forward(timedelta(seconds=59))
    assert (await with_key(hq, made["key"])).status == 200
    hq.clock.forward(timedelta(seconds=1))
    assert (await with_key(hq, made["key"])).code == "no_key"
    assert (await hq.get("/keys")).body["items"] == []


async def test_a_key_is_for_its_device_alone_and_may_do_a_stations_work_only(hq: Hq) -> None:
    made = await key_for(hq)
    assert (await with_key(hq, made["key"], **{"X-Device-ID": "d1"})).status == 200
    assert (await with_key(hq, made["key"], **{"X-Device-ID": "d2"})).code == "wrong_device"
    assert (await with_key(hq, made["key"], path="/webhooks")).code == "wrong_role"
    assert (await with_key(hq, made["key"], "POST", "/keys")).code == "wrong_key"


async def test_what_is_done_with_a_key_is_logged_under_its_device_and_worker(hq: Hq) -> None:
    made = await key_for(hq, worker_id="ann")
    sent = {"Authorization": f"Bearer {made['key']}", "Idempotency-Key": "k"}
    await hq.call("POST", "/devices/d1/register", role="", headers=sent, json={"kind": "scanner"})
    (entry,) = (await hq.get("/devices/d1/log")).body["items"]
    assert (entry["action"], entry["actor"]) == ("device_registered", "ann")


async def test_the_secret_is_in_no_table_and_in_no_list(hq: Hq) -> None:
    made = await key_for(hq)
    dump = "\n".join(hq.store.db.iterdump())
    assert made["key"] not in dump
    assert hashlib.sha256(made["key"].encode()).hexdigest().upper() in dump.upper()
    listed = await hq.get("/keys?device_id=d1", role="station")
    assert [each["key_id"] for each in listed.body["items"]] == [made["key_id"]]
    assert made["key"] not in listed.text


async def test_asking_again_tells_the_same_key_until_hq_is_started_anew(tmp_path: Path) -> None:
    body = {"device_id": "d1"}
    async with running_hq(tmp_path / "hq.db") as hq:
        first = await hq.post("/keys", body, key="k1")
        again = await hq.post("/keys", body, key="k1")
        assert (again.status, again.body, again.headers["Idempotency-Replayed"]) == (201, first.body, "true")
        other = await hq.post("/keys", {"device_id": "d2"}, key="k1")
        assert other.code == "idempotency_key_reused"
    async with running_hq(tmp_path / "hq.db") as hq:
        assert (await with_key(hq, first.body["key"])).status == 200
        refused = await hq.post("/keys", body, key="k1")
        assert (refused.status, refused.code) == (409, "secret_forgotten")


async def test_a_warehouse_is_known_by_its_locations_and_can_be_told_more_of(stocked: Hq) -> None:
    assert [each["id"] for each in (await stocked.get("/warehouses")).body["items"]] == ["wh_1"]
    made = await stocked.post("/warehouses", {"warehouse_id": "wh_2", "timezone": "Europe/London"})
    assert (made.status, made.body["timezone"]) == (201, "Europe/London")
    assert (await stocked.post("/warehouses", {"warehouse_id": "wh_2"})).code == "warehouse_exists"
    assert (await stocked.get("/warehouses/wh_2", role="station")).body == made.body
    assert (await stocked.get("/warehouses/wh_9")).status == 404


async def test_zones_come_from_locations_and_workstations(stocked: Hq) -> None:
    await stocked.post("/warehouses/wh_1/workstation", {"station_id": "pack-1", "kind": "pack", "zone": "P"})
    await stocked.post("/warehouses/wh_1/workstation", {"station_id": "scale-1", "kind": "scale", "zone": "P"})
    zones = (await stocked.get("/warehouses/wh_1/zones", role="station")).body["items"]
    assert [(each["zone"], each["kinds"], each["locations"]) for each in zones] == [
        ("A", ["pick"], 3), ("P", ["pack", "scale"], 0),
    ]  # fmt: skip
    again = await stocked.post("/warehouses/wh_1/workstation", {"station_id": "pack-1", "kind": "pack"})
    assert again.code == "workstation_exists"
    assert len((await stocked.get("/warehouses/wh_1/workstation")).body["items"]) == 2


async def test_capacity_is_what_was_done_and_what_waits(stocked: Hq) -> None:
    await stocked.picked("o1", SKU_1=6)
    await stocked.wave(await stocked.order("o2", SKU_2=4))
    told = (await stocked.get("/warehouses/wh_1/capacity")).body
    assert (told["picks_per_hour"], told["units_to_pick"]) == (0.25, 4)
    stocked.clock.forward(timedelta(hours=25))
    assert (await stocked.get("/warehouses/wh_1/capacity")).body["picks_per_hour"] == 0


async def test_a_worker_has_one_badge_and_a_pin_nobody_reads(stocked: Hq) -> None:
    made = await stocked.post("/warehouses/wh_1/workers", BADGE)
    assert (made.status, made.body["has_pin"], "pin" in made.body) == (201, True, False)
    other = await stocked.post("/warehouses/wh_1/workers", {"worker_id": "ben", "badge_id": "B-1"})
    assert (other.code, other.body["error"]["details"]["worker_id"]) == ("badge_taken", "ann")
    moved = await stocked.post("/warehouses/wh_1/workers", {"worker_id": "ann", "badge_id": "B-2"})
    assert (moved.status, moved.body["badge_id"], moved.body["has_pin"]) == (200, "B-2", True)
    assert '"1234"' not in "\n".join(stocked.store.db.iterdump())
    assert len((await stocked.get("/warehouses/wh_1/workers", role="station")).body["items"]) == 1


@pytest.mark.parametrize("pin", ["123", "abcd", "1" * 13])
async def test_a_pin_is_four_to_twelve_digits(stocked: Hq, pin: str) -> None:
    assert (await stocked.post("/warehouses/wh_1/workers", {**BADGE, "pin": pin})).status == 422


@pytest.mark.parametrize("path", ["/warehouses/wh_1/workers", "/warehouses/wh_1/workstation", "/warehouses"])
async def test_only_the_office_changes_people_and_places(stocked: Hq, path: str) -> None:
    assert (await stocked.post(path, {}, role="station")).code == "wrong_role"
