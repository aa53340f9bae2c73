"""While HQ is away stations know their people; while it is there no two work on the same thing."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

from tests.hq.site import Hq, Reply


async def take(hq: Hq, station: str = "pack-1", ident: str = "pick_1", ttl_s: int = 60) -> Reply:
    body = {"thing": "picklist", "id": ident, "station": station, "ttl_s": ttl_s}
    return await hq.post("/edge/leases", body, role="station")


async def test_a_lease_is_given_to_one_station_at_a_time(hq: Hq) -> None:
    first = await take(hq)
    assert (first.status, first.body["expires_at"]) == (201, "2025-09-01T08:01:00.000Z")
    refused = await take(hq, "pack-2")
    assert (refused.status, refused.code) == (409, "held_by_other")
    assert refused.body["error"]["details"] == {"station": "pack-1", "expires_at": first.body["expires_at"]}
    assert (await take(hq, "pack-2", "pick_2")).status == 201


async def test_its_holder_may_take_it_again_and_has_it_longer(hq: Hq) -> None:
    first = await take(hq)
    hq.clock.forward(timedelta(seconds=30))
    again = await take(hq)
    assert (again.status, again.body["lease_id"]) == (200, first.body["lease_id"])
    assert again.body["expires_at"] == "2025-09-01T08:01:30.000Z"


async def test_a_lease_that_ended_is_free_for_others(hq: Hq) -> None:
    first = await take(hq)
    hq.clock.forward(timedelta(seconds=60))
    second = await take(hq, "pack-2")
    assert (second.status, second.body["station"]) == (201, "pack-2")
    assert (await hq.post(f"/edge/leases/{first.body['lease_id']}/renew", {"ttl_s": 60})).status == 404
    assert (await hq.post(f"/edge/leases/{first.body['lease_id']}/release")).status == 200
    assert (await take(hq)).code == "held_by_other", "the old lease gave nothing back"


async def test_one_that_ended_can_be_renewed_as_long_as_nobody_took_the_thing(hq: Hq) -> None:
    first = await take(hq)
    hq.clock.forward(timedelta(seconds=90))
    renewed = await hq.post(f"/edge/leases/{first.body['lease_id']}/renew", {"ttl_s": 60}, role="station")
    assert renewed.body["expires_at"] == "2025-09-01T08:02:30.000Z"
    assert (await take(hq, "pack-2")).status == 409


async def test_a_lease_given_back_is_free_at_once(hq: Hq) -> None:
    first = await take(hq)
    await hq.post(f"/edge/leases/{first.body['lease_id']}/release", role="station")
    assert (await take(hq, "pack-2")).status == 201
    assert [each["station"] for each in (await hq.get("/edge/leases")).body["items"]] == ["pack-2"]


async def test_a_badge_bundle_is_signed_and_says_until_when_it_is_good(stocked: Hq) -> None:
    for worker, active in (("ann", True), ("ben", False)):
        body = {"worker_id": worker, "badge_id": f"B-{worker}", "pin": "1234", "active": active}
        await stocked.post("/warehouses/wh_1/workers", body)
    told = (await stocked.get("/edge/badges?warehouse_id=wh_1", role="station")).body
    key = (await stocked.get("/edge/badges/key")).body
    made = hmac.new(bytes.fromhex(key["key"]), told["bundle"].encode(), hashlib.sha256).hexdigest()
    assert (told["signature"], told["key_id"]) == (made, key["key_id"])
    bundle = json.loads(told["bundle"])
    assert bundle["expires_at"] == told["expires_at"] == "2025-09-08T08:00:00.000Z"
    assert [(each["worker_id"], each["badge_id"], each["roles"]) for each in bundle["workers"]] == [
        ("ann", "B-ann", ["picker"])
    ]


async def test_the_hash_of_a_pin_can_be_checked_by_a_station(stocked: Hq) -> None:
    await stocked.post("/warehouses/wh_1/workers", {"worker_id": "ann", "badge_id": "B-1", "pin": "1234"})
    bundle = json.loads((await stocked.get("/edge/badges")).body["bundle"])
    scheme, n, r, p, salt, wanted = bundle["workers"][0]["pin_hash"].split("$")
    made = {
        pin: hashlib.scrypt(pin.encode(), salt=bytes.fromhex(salt), n=int(n), r=int(r), p=int(p), dklen=32).hex()
        for pin in ("1234", "1235")
    }
    assert (scheme, made["1234"] == wanted, made["1235"] == wanted) == ("scrypt", True, False)


async def test_only_the_office_gets_the_key_that_signs(stocked: Hq) -> None:
    assert (await stocked.get("/edge/badges/key", role="station")).code == "wrong_role"
