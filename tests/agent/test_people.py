"""Badge and PIN, keys, wrong PINs, a second badge. One file, because all of it needs the same people at a station."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent import pins
from local_store import works
from local_store.domain import events as e
from local_store.journal import read
from local_store.works.part import Act
from tests.support.badges import DAY_MS, HOUR_MS, KEY, NOW_MS, Hands, person, signed
from tests.support.station_people import (
    HASH,
    PIN,
    SITE,
    WRONG,
    StationPeople,
    Throw,
    station_people,
    throw,
    throwing,
)

SCRYPT = (
    "scrypt$16384$8$1$00112233445566778899aabbccddeeff$"
    "3d1b4bd4e4d5a8b1f2a7fcc8b5f1f7fd2f0bb0a5f1c1b6a1a0f0a5f1c1b6a1a0"
)


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StationPeople]:
    assert isinstance(works.ACTS, dict)
    monkeypatch.setitem(works.ACTS, Throw, Act(lambda _tx, _command: None, throw))
    async with station_people(tmp_path, more=[throwing]) as made:
        yield made


# --- badge and PIN -------------------------------------------------------------------------------------------------


async def test_badge_and_pin_give_a_key_with_the_roles_of_the_person(here: StationPeople) -> None:
    status, told = await here.sign_in("sue")
    assert (status, told["worker_id"], told["roles"]) == (200, "sue", ["admin", "supervisor"])
    assert told["key"].startswith("worker.station-1.")
    assert len(told["key"].rpartition(".")[2]) == 43, "256 bits"
    assert (await here.get("/v1/fulfillment/roles", key=told["key"]))[0] == 200
    told = here.rows("SELECT group_concat(body) FROM journal")[0][0]
    assert not [word for word in ("BADGE", "argon2", "worker.station-1") if word in told]


async def test_the_secret_of_a_key_is_kept_nowhere(here: StationPeople, tmp_path: Path) -> None:
    key = await here.key_of("ana")
    await here.store.between(lambda db: bool(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()))
    assert _holding(tmp_path, key) == []


def _holding(folder: Path, text: str) -> list[Path]:
    """The files that a text stands in."""
    return [path for path in folder.iterdir() if path.is_file() and text.encode() in path.read_bytes()]


@pytest.mark.parametrize(("who", "pin"), [("ana", WRONG), ("nobody", PIN)])
async def test_a_wrong_pin_and_an_unknown_badge_are_told_alike(here: StationPeople, who: str, pin: str) -> None:
    status, told = await here.sign_in(who, pin)
    assert (status, told["error"]["code"]) == (401, "wrong_pin")
    assert told["error"]["message"] == "This badge and PIN do not go together. Scan the badge and key the PIN again."


async def test_somebody_without_a_pin_is_told_how_to_get_one(here: StationPeople) -> None:
    status, told = await here.sign_in("ben")
    assert (status, told["error"]["code"]) == (403, "no_pin")
    assert "edge-agent people pin" in told["error"]["message"]


async def test_five_wrong_pins_make_wait_and_each_further_one_twice_as_long(here: StationPeople) -> None:
    for _ in range(5):
        assert (await here.sign_in(pin=WRONG))[0] == 401
    waits = []
    for _ in range(9):
        status, told = await here.sign_in(pin=PIN)
        assert (status, told["error"]["code"]) == (429, "pin_waits"), "even the right one waits"
        waits.append(_wait_of(told))
        here.hands.pass_(waits[-1] * 1000 - 1)
        assert (await here.sign_in(pin=PIN))[0] == 429
        here.hands.pass_(1)
        assert (await here.sign_in(pin=WRONG))[0] == 401
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    here.hands.pass_(HOUR_MS)
    assert (await here.sign_in(pin=PIN))[0] == 200
    assert (await here.sign_in(pin=WRONG))[0] == 401, "a right one ends the count"


def _wait_of(told: Any) -> int:
    """The seconds that somebody is told to wait."""
    return int(told["error"]["message"].split("Wait ")[1].split(" s")[0])


async def test_no_clock_that_is_set_and_no_reboot_shortens_a_wait(tmp_path: Path) -> None:
    hands = Hands()
    async with station_people(tmp_path, hands) as here:
        for _ in range(6):
            await here.sign_in(pin=WRONG)
            hands.pass_(0)
        hands.pass_(10_000)
        hands.wall += 10 * 365 * DAY_MS
        await here.people._tick()
        assert (await here.sign_in())[0] == 429
    hands.reboot(off_ms=DAY_MS)
    async with station_people(tmp_path, hands) as here:
        _, told = await here.sign_in()
        assert "Wait 19 s" in told["error"]["message"], "30 s, of which it ran 10, and 1 since it was switched on"
        hands.pass_(19_000)
        assert (await here.sign_in())[0] == 200


async def test_the_time_is_written_down_every_ten_minutes_and_each_tick_while_somebody_waits(
    here: StationPeople,
) -> None:
    kept: list[int] = []

    async def sleep(seconds: float) -> None:
        kept.append(here.rows("SELECT mono_ms FROM steady")[0][0])
        if len(kept) == 41:
            raise asyncio.CancelledError
        here.hands.pass_(round(seconds * 1000))

    here.people._sleep = sleep
    for many in (3, 41):
        kept.clear()
        with pytest.raises(asyncio.CancelledError):
            await here.people.run()
        assert len(set(kept)) == many
        assert (await here.sign_in(pin=WRONG))[0] == 401


async def test_guessing_for_a_day_finds_a_pin_of_six_digits_with_less_than_one_in_ten_thousand(
    here: StationPeople,
) -> None:
    tried, end = 0, here.hands.mono + DAY_MS
    while here.hands.mono < end:
        status, told = await here.sign_in(pin=WRONG)
        tried += status == 401
        here.hands.pass_(1000 if status == 401 else _wait_of(told) * 1000)
    assert tried / 10**6 < 1e-4, tried
    assert tried < 40


async def test_after_a_hundred_wrong_pins_in_a_row_only_a_supervisor_lets_try_again(here: StationPeople) -> None:
    await here.store.run(lambda tx: tx.connection.execute("INSERT INTO pin_attempt VALUES ('ana', 99, 0)"))
    assert (await here.sign_in(pin=WRONG))[0] == 401
    here.hands.pass_(365 * DAY_MS)
    status, told = await here.sign_in()
    assert (status, told["error"]["code"]) == (423, "pin_locked")
    assert (await here.act("/v1/station/people/ana/unlock", key=await here.key_of("eve")))[1]["answer"]["text"] == (
        "Ana can try their PIN again."
    )
    assert (await here.sign_in())[0] == 200


async def test_unlocking_is_for_supervisors_and_never_for_oneself(here: StationPeople) -> None:
    ana, eve = await here.key_of("ana"), await here.key_of("eve")
    assert (await here.act("/v1/station/people/ana/unlock", key=ana))[0] == 403
    for who, text in (
        ("eve", "Eve cannot allow this. Another person who is a supervisor here scans their badge."),
        ("nobody", "Nobody called nobody is known here. Look at the list of people again."),
        ("ana", "Ana can try their PIN already."),
    ):
        status, told = await here.act(f"/v1/station/people/{who}/unlock", key=eve)
        assert (status, told["answer"]["text"]) == (200, text)


async def test_a_power_cut_while_a_pin_is_checked_gives_no_try_for_nothing(
    here: StationPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_kept: str, _pin: str) -> bool:
        raise RuntimeError("the power went")

    monkeypatch.setattr(pins, "fits", cut)
    for _ in range(6):
        with pytest.raises(RuntimeError):
            await here.people.known_by("BADGE-ANA", PIN)
        here.hands.pass_(30_000)
    assert here.rows("SELECT failures FROM pin_attempt") == [(6,)]


def test_a_pin_is_argon2id_with_19_mib_and_salted_anew() -> None:
    one, other = pins.make(PIN), pins.make(PIN)
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other
    assert (pins.fits(one, PIN), pins.fits(one, WRONG)) == (True, False)


def test_a_pin_as_hq_keeps_it_is_checked_too() -> None:
    made = hashlib.scrypt(PIN.encode(), salt=b"salt", n=16384, r=8, p=1, dklen=32).hex()
    kept = f"scrypt$16384$8$1${b'salt'.hex()}${made}"
    assert (pins.fits(kept, PIN), pins.fits(kept, WRONG)) == (True, False)


@pytest.mark.parametrize(
    "kept",
    ["", "1234", "scrypt$", "scrypt$99999999$8$1$00$00", "$argon2id$v=19$m=1000000,t=2,p=1$AAAAAAAAAAA$AAAA", SCRYPT],
)
def test_what_stands_for_no_pin_fits_none(kept: str) -> None:
    assert pins.fits(kept, PIN) is False


# --- keys ----------------------------------------------------------------------------------------------------------


async def test_a_key_ends_after_half_an_hour_without_use_and_after_twelve_hours_at_most(here: StationPeople) -> None:
    key, idle = await here.key_of("ana"), await here.key_of("ana")
    for _ in range(12 * 3 - 1):
        here.hands.pass_(20 * 60_000)
        assert (await here.get("/v1/fulfillment/keys", key=key))[0] == 200
    status, told = await here.get("/v1/fulfillment/keys", key=idle)
    assert (status, told["error"]["code"]) == (401, "key_idle")
    here.hands.pass_(20 * 60_000)
    status, told = await here.get("/v1/fulfillment/keys", key=key)
    assert (status, told["error"]["code"]) == (401, "key_expired")
    assert told["error"]["message"].endswith("Sign in again with badge and PIN.")


async def test_setting_the_clock_ends_no_key_and_makes_none_last_longer(here: StationPeople) -> None:
    key = await here.key_of("ana")
    here.hands.wall += 365 * DAY_MS
    assert (await here.get("/v1/fulfillment/keys", key=key))[0] == 200
    here.hands.pass_(31 * 60_000)
    here.hands.wall -= 2 * 365 * DAY_MS
    assert (await here.get("/v1/fulfillment/keys", key=key))[0] == 401


async def test_a_key_of_a_clock_that_was_years_ahead_ends_when_hq_sets_it_right(here: StationPeople) -> None:
    bundle = signed(issued_ms=NOW_MS - 365 * DAY_MS)
    key = await here.key_of("ana")
    await here.people.take_bundle(bundle, "main", is_fresh=True)
    assert (await here.get("/v1/fulfillment/keys", key=key))[1]["error"]["code"] == "key_expired"
    assert (await here.get("/v1/fulfillment/keys", key=await here.key_of("ana")))[0] == 200


async def test_signing_out_and_taking_a_key_back_end_it_at_once(here: StationPeople) -> None:
    ana, other, eve = await here.key_of("ana"), await here.key_of("ana"), await here.key_of("eve")
    assert await here.post("/v1/station/sign-out", key=ana) == (200, {"ended": True})
    status, told = await here.get("/v1/fulfillment/keys", key=ana)
    assert (status, told["error"]["message"]) == (
        401,
        "This key was taken back (signed_out). Sign in again with badge and PIN.",
    )
    ident = next(
        row["key_id"] for row in (await here.get("/v1/fulfillment/keys"))[1]["items"] if row["worker_id"] == "ana"
    )
    assert await here.post(f"/v1/station/keys/{ident}/revoke", key=eve) == (200, {"ended": True})
    assert (await here.get("/v1/fulfillment/keys", key=other))[1]["error"]["code"] == "key_revoked"
    assert await here.post(f"/v1/station/keys/{ident}/revoke", key=eve) == (200, {"ended": False})
    assert (await here.post("/v1/station/keys/key_0/revoke", key=eve))[0] == 404


async def test_a_key_of_another_station_is_told_apart_from_one_that_was_never_given(here: StationPeople) -> None:
    key = await here.key_of("ana")
    status, told = await here.get("/v1/fulfillment/keys", key=key.replace("station-1", "station-2"))
    assert (status, told["error"]["code"]) == (401, "key_of_other_station")
    assert told["error"]["message"] == (
        "This key is for station station-2, and this is station-1. Sign in or enrol here."
    )
    assert (await here.get("/v1/fulfillment/keys", key=key + "x"))[1]["error"]["code"] == "unknown_key"
    assert (await here.get("/v1/fulfillment/keys", key="anything"))[1]["error"]["code"] == "no_key"


async def test_a_key_outlives_a_restart_of_the_agent_but_not_of_its_people(tmp_path: Path) -> None:
    hands = Hands()
    async with station_people(tmp_path, hands) as here:
        key = await here.key_of("ana")
    async with station_people(tmp_path, hands) as here:
        assert (await here.get("/v1/fulfillment/keys", key=key))[0] == 200
    site = replace(SITE, workers={"eve": SITE.workers["eve"]})
    async with station_people(tmp_path, hands, site=site) as here:
        assert (await here.get("/v1/fulfillment/keys", key=key))[1]["error"]["code"] == "key_revoked"


async def test_keys_are_listed_without_their_secrets_page_by_page(here: StationPeople) -> None:
    keys = [await here.key_of(who) for who in ("ana", "eve", "sue")]
    seen, cursor = [], ""
    for _ in range(4):
        _, told = await here.get(f"/v1/fulfillment/keys?limit=1{cursor}")
        seen += told["items"]
        cursor = f"&cursor={told['next_cursor']}"
        if told["next_cursor"] is None:
            break
    assert {each["worker_id"] for each in seen} == {"ana", "eve", "sue"}
    assert {"key_id", "device_id", "worker_id", "issued_by", "made_at", "expires_at", "role"} == set(seen[0])
    assert not [key for key in keys if key in str(seen)]
    for bad in ("cursor=%21", "limit=0", "what=1"):
        assert (await here.get(f"/v1/fulfillment/keys?{bad}"))[0] == 422


async def test_a_key_given_for_a_while_is_told_again_to_a_repeat_and_only_to_it(here: StationPeople) -> None:
    eve, wanted = await here.key_of("eve"), {"device_id": "tc-1", "worker_id": "eve", "ttl_s": 60}
    first = await here.post("/v1/fulfillment/keys", key=eve, repeat="one", **wanted)
    assert (first[0], first[1]["worker_id"], first[1]["issued_by"]) == (201, "eve", "eve")
    assert await here.post("/v1/fulfillment/keys", key=eve, repeat="one", **wanted) == first
    status, _ = await here.post("/v1/fulfillment/keys", key=eve, repeat="one", **wanted | {"device_id": "tc-2"})
    assert status == 422
    assert (await here.get("/v1/fulfillment/roles", key=first[1]["key"]))[0] == 200
    here.hands.pass_(60_000)
    assert (await here.get("/v1/fulfillment/roles", key=first[1]["key"]))[1]["error"]["code"] == "key_expired"


async def test_nobody_gives_a_key_of_somebody_else_nor_to_a_device_that_did_not_enrol(here: StationPeople) -> None:
    eve, ana = await here.key_of("eve"), await here.key_of("ana")
    told = await here.post("/v1/fulfillment/keys", key=eve, device_id="tc-1", worker_id="ana")
    assert (told[0], told[1]["error"]["code"]) == (403, "not_yours")
    assert (await here.post("/v1/fulfillment/keys", key=eve, device_id="tc-1"))[1]["error"]["code"] == "not_enrolled"
    assert (await here.post("/v1/fulfillment/keys", key=ana, device_id="tc-1"))[1]["error"]["code"] == "wrong_role"


async def test_the_roles_are_those_of_the_seed_and_two_of_ours(here: StationPeople) -> None:
    _, told = await here.get("/v1/fulfillment/roles", key=await here.key_of("ana"))
    assert told == {
        "items": ["picker", "packer", "receiver", "supervisor", "qc_agent", "admin"],
        "next_cursor": None,
    }


# --- a second badge ------------------------------------------------------------------------------------------------


async def test_what_nobody_may_do_alone_leaves_two_names(here: StationPeople) -> None:
    ana = await here.key_of("ana")
    _, told = await here.act("/v1/station/throw", key=ana)
    assert told["answer"]["text"] == (
        "Throwing a box away needs a second person. A supervisor allows it by badge and PIN."
    )
    _, told = await here.act("/v1/station/throw", key=ana, approval={"badge": "BADGE-EVE", "pin": PIN})
    assert told["answer"]["tone"] == "note"
    (fact,) = [each.fact for each in read(here.store.reader) if isinstance(each.fact, e.GoodsAllowed)]
    assert (fact.worker_id, fact.approved_by, fact.reason) == ("ana", "eve", "wet")
    assert PIN not in str(here.rows("SELECT * FROM journal")) + str(here.rows("SELECT * FROM receipt"))


@pytest.mark.parametrize(
    ("badge", "pin", "status", "code"),
    [
        ("BADGE-EVE", WRONG, 401, "wrong_pin"),
        ("BADGE-ANA", PIN, 403, "not_a_supervisor"),
        ("BADGE-NOBODY", PIN, 401, "wrong_pin"),
        ("BADGE-EVE", "1", 422, "invalid"),
    ],
)
async def test_only_a_supervisors_badge_with_its_pin_allows_it(
    here: StationPeople, badge: str, pin: str, status: int, code: str
) -> None:
    ana = await here.key_of("ana")
    told = await here.act("/v1/station/throw", key=ana, approval={"badge": badge, "pin": pin})
    assert (told[0], told[1]["error"]["code"]) == (status, code)
    assert here.rows("SELECT count(*) FROM journal WHERE kind = 'inbound.allowed'") == [(0,)]


async def test_nobody_fills_in_who_acts_or_who_allowed_it(here: StationPeople) -> None:
    for member in ({"worker_id": "eve"}, {"approved_by": "eve"}):
        assert (await here.act("/v1/station/throw", key=await here.key_of("ana"), **member))[0] == 422


# --- badges that HQ gives ------------------------------------------------------------------------------------------


async def test_people_of_a_bundle_sign_in_until_it_is_over_and_are_warned_two_days_before(
    here: StationPeople,
) -> None:
    zoe = person("zoe", "picker", "supervisor", pin_hash=HASH)
    assert await here.people.take_bundle(signed(zoe), "main", is_fresh=True) is None
    key, ana = await here.key_of("zoe"), await here.key_of("ana")
    assert here.problems == {}
    here.hands.pass_(5 * DAY_MS)
    await here.people._tick()
    assert here.problems["people.badges"].startswith("The badges that HQ gave are good until ")
    key, ana = await here.key_of("zoe"), await here.key_of("ana")
    here.hands.pass_(2 * DAY_MS)
    await here.people._tick()
    assert "Who is signed in may finish." in here.problems["people.badges"]
    status, told = await here.sign_in("zoe")
    assert (status, told["error"]["code"]) == (403, "badges_ended")
    ana = await here.key_of("ana")
    told = await here.act("/v1/station/throw", key=ana, approval={"badge": "BADGE-ZOE", "pin": PIN})
    assert (told[0], told[1]["error"]["code"]) == (403, "badges_ended")
    assert key != ana
    fresh = signed(zoe, issued_ms=NOW_MS + 7 * DAY_MS)
    await here.people.take_bundle(fresh, "main", is_fresh=True)
    assert here.problems == {}
    assert (await here.sign_in("zoe"))[0] == 200


async def test_who_is_signed_in_when_the_badges_end_may_finish(here: StationPeople) -> None:
    bundle = signed(person("zoe", "picker", pin_hash=HASH), issued_ms=NOW_MS - 7 * DAY_MS + 60_000)
    await here.people.take_bundle(bundle, "main", is_fresh=False)
    key = await here.key_of("zoe")
    here.hands.pass_(61_000)
    await here.people._tick()
    assert (await here.sign_in("zoe"))[0] == 403
    assert (await here.get("/v1/fulfillment/roles", key=key))[0] == 200


async def test_who_is_in_the_next_bundle_no_more_is_out_at_once(here: StationPeople) -> None:
    zoe = person("zoe", "picker", pin_hash=HASH)
    await here.people.take_bundle(signed(zoe), "main", is_fresh=True)
    key = await here.key_of("zoe")
    await here.people.take_bundle(signed(person("yan"), issued_ms=NOW_MS + 1), "main", is_fresh=True)
    assert (await here.get("/v1/fulfillment/roles", key=key))[1]["error"]["code"] == "key_revoked"
    assert (await here.sign_in("zoe"))[0] == 401


async def test_a_bundle_that_is_refused_is_a_problem_until_a_good_one_comes(here: StationPeople) -> None:
    assert await here.people.take_bundle(signed(key=bytes(32)), "main", is_fresh=True) == "key"
    assert here.problems["people.badges_refused"].endswith(
        "main: It was signed with another key than people.badge_key."
    )
    await here.people.take_bundle(signed(key=KEY), "main", is_fresh=True)
    assert here.problems == {}
