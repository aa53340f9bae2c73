"""Devices that people carry: one-time codes, keys for one workplace, registration, and the log of each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local_store import works
from local_store.works.part import Act
from tests.support.station_people import SITE, StationPeople, Throw, station_people, throw, throwing


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StationPeople]:
    assert isinstance(works.ACTS, dict)
    monkeypatch.setitem(works.ACTS, Throw, Act(lambda _tx, _command: None, throw))
    async with station_people(tmp_path, more=[throwing]) as made:
        yield made


async def enrolled(here: StationPeople, device: str = "tc-1", workplace: str = "pick-1") -> dict[str, Any]:
    _, offer = await here.post("/v1/station/enrolments", device_id=device, workplace=workplace)
    status, told = await here.post("/v1/station/enrol", key="", code=offer["code"])
    assert status == 201, told
    found: dict[str, Any] = told
    return found


async def test_a_handheld_swaps_a_one_time_code_for_its_key_once(here: StationPeople) -> None:
    status, offer = await here.post("/v1/station/enrolments", device_id="tc-1", workplace="pick-1")
    assert (status, len(offer["code"])) == (201, 13)
    status, told = await here.post("/v1/station/enrol", key="", code=offer["code"].lower())
    assert (status, told["device_id"], told["role"]) == (201, "tc-1", "device")
    assert (await here.get("/v1/fulfillment/roles", key="", cookie=told["key"]))[0] == 200
    assert (await here.post("/v1/station/enrol", key="", code=offer["code"]))[1]["error"]["code"] == "wrong_code"


async def test_a_code_is_over_after_ten_minutes_and_after_five_wrong_tries(here: StationPeople) -> None:
    _, late = await here.post("/v1/station/enrolments", device_id="tc-1", workplace="pick-1")
    here.hands.pass_(10 * 60_000)
    assert (await here.post("/v1/station/enrol", key="", code=late["code"]))[0] == 403
    _, tried = await here.post("/v1/station/enrolments", device_id="tc-1", workplace="pick-1")
    for _ in range(5):
        assert (await here.post("/v1/station/enrol", key="", code=tried["code"][:5] + "AAAAAAAA"))[0] == 403
    assert (await here.post("/v1/station/enrol", key="", code=tried["code"]))[0] == 403


async def test_a_handheld_may_do_what_a_page_may_for_its_own_workplace_only(here: StationPeople) -> None:
    device = (await enrolled(here))["key"]
    told = await here.act("/v1/station/throw", key="", cookie=device, workplace="pack-1")
    assert (told[0], told[1]["error"]["code"]) == (403, "other_workplace")
    told = await here.act("/v1/station/throw", key="", cookie=device, workplace="pick-1")
    assert (told[0], told[1]["answer"]["code"]) == (200, "worker.none")
    told = await here.act("/v1/station/throw", key=await here.key_of("ana"), cookie=device, workplace="pick-1")
    assert told[1]["answer"]["code"] == "inbound.needs_second", "with a person's key it is that person"


async def test_a_handheld_that_enrols_again_has_one_key(here: StationPeople) -> None:
    first, second = await enrolled(here), await enrolled(here, workplace="pack-1")
    assert (await here.get("/v1/fulfillment/roles", key="", cookie=first["key"]))[1]["error"]["code"] == "key_revoked"
    assert (await here.get("/v1/fulfillment/roles", key="", cookie=second["key"]))[0] == 200


async def test_a_device_whose_workplace_was_taken_away_has_to_enrol_again(tmp_path: Path) -> None:
    async with station_people(tmp_path) as here:
        device = (await enrolled(here, workplace="pack-1"))["key"]
    async with station_people(tmp_path, site=replace(SITE, workplaces={"pick-1": "pick"})) as here:
        status, told = await here.get("/v1/fulfillment/roles", key="", cookie=device)
        assert (status, told["error"]["code"]) == (401, "key_revoked")


async def test_a_code_is_offered_for_a_workplace_that_is_here_by_who_may(here: StationPeople) -> None:
    assert (await here.post("/v1/station/enrolments", device_id="tc-1", workplace="x"))[0] == 404
    wanted = {"device_id": "tc-1", "workplace": "pick-1"}
    assert (await here.post("/v1/station/enrolments", key=await here.key_of("ana"), **wanted))[0] == 403
    assert (await here.post("/v1/station/enrolments", key=await here.key_of("sue"), **wanted))[0] == 201


async def test_a_device_is_registered_in_the_shape_of_hq_and_has_a_log(here: StationPeople) -> None:
    ana, told = await here.key_of("ana"), {"kind": "scanner", "model": "DS3678", "metadata": {"bay": "7"}}
    first = await here.post("/v1/fulfillment/devices/sc-1/register", key=ana, repeat="a", **told)
    assert (first[0], first[1]["device_id"], first[1]["kind"], first[1]["metadata"]) == (
        201, "sc-1", "scanner", {"bay": "7"},
    )  # fmt: skip
    assert await here.post("/v1/fulfillment/devices/sc-1/register", key=ana, repeat="a", **told) == first
    here.hands.pass_(1000)
    again = await here.post("/v1/fulfillment/devices/sc-1/register", key=ana, kind="scanner", firmware="2")
    assert (again[0], again[1]["registered_at"]) == (200, first[1]["registered_at"])
    assert again[1]["updated_at"] > first[1]["updated_at"]
    _, log = await here.get("/v1/fulfillment/devices/sc-1/log")
    assert [(each["action"], each["actor"]) for each in log["items"]] == [("device.registered", "ana")] * 2
    assert (await here.post("/v1/fulfillment/devices/sc-1/register", key=ana, kind="toaster"))[0] == 422
    assert (await here.post(f"/v1/fulfillment/devices/{'x' * 121}/register", key=ana, kind="scanner"))[0] == 422


async def test_the_log_of_a_handheld_tells_its_keys_and_who_held_them(here: StationPeople) -> None:
    device = (await enrolled(here))["key"]
    ana = await here.key_of("ana", key="", cookie=device)
    await here.post("/v1/station/sign-out", key=ana, cookie=device)
    _, log = await here.get("/v1/fulfillment/devices/tc-1/log?limit=3")
    _, rest = await here.get(f"/v1/fulfillment/devices/tc-1/log?cursor={log['next_cursor']}")
    assert [(each["action"], each["actor"]) for each in log["items"] + rest["items"]] == [
        ("device.registered", None), ("key.given", None), ("key.given", "ana"), ("key.ended", "ana"),
    ]  # fmt: skip
