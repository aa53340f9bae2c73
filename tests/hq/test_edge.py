"""What HQ keeps of its stations: every row, checked; every copy found out; every number given once."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from hq.edge.chain import GENESIS
from tests.hq.site import Hq, Reply, running_hq, taken

PATH = "/edge/devices/pack-1"


def ident(number: int) -> str:
    return f"{number:032x}"


L1, L2, L3 = ident(1), ident(2), ident(3)


def chain(
    many: int, *, after: tuple[int, str] = (0, GENESIS), epoch: str = L1, word: str = ""
) -> list[dict[str, Any]]:
    """Rows that follow one another; `word` makes another history."""
    rows, (seq, previous) = [], after
    for number in range(seq + 1, seq + many + 1):
        members: dict[str, Any] = {
            "seq": number, "epoch_id": epoch, "event_id": ident(1000 + number), "command_id": ident(2000 + number),
            "kind": "scan.refused", "version": 1, "actor": "zoë", "station": "pack-1", "correlation_id": None,
            "wall_ms": 1, "wall_quality": "system", "mono_ms": 1,
        }  # fmt: skip
        body = json.dumps({"code": f"{word}{number}"})
        header = json.dumps(list(members.values()), separators=(",", ":"), ensure_ascii=False)
        text = b"\x01" + bytes.fromhex(previous) + header.encode() + b"\n" + body.encode()
        digest = hashlib.sha256(text).hexdigest()
        rows.append({**members, "epoch": 1, "body": body, "prev_hash": previous, "hash": digest})
        previous = digest
    return rows


def end(rows: list[dict[str, Any]]) -> tuple[int, str]:
    return rows[-1]["seq"], rows[-1]["hash"]


async def push(hq: Hq, rows: list[Any], lineage: str = L1, host: str = "host-a", **more: Any) -> Reply:
    body = {"lineage": lineage, "host": {"name": host, "fingerprint": f"fp-{host}"}, "rows": rows, **more}
    return await hq.call("PUT", f"{PATH}/journal", role="station", json=body)


async def watermark(hq: Hq) -> dict[str, tuple[int, str]]:
    told = (await hq.get(f"{PATH}/watermark", role="station")).body
    return {each["lineage"]: (each["seq"], each["hash"]) for each in told["lineages"]}


async def alarms(hq: Hq) -> list[Any]:
    return list((await hq.get("/edge/alarms")).body["items"])


async def test_rows_are_kept_and_given_back_as_they_were(hq: Hq) -> None:
    rows = chain(5)
    answered = await push(hq, rows)
    assert (answered.status, answered.body["seq"], answered.body["hash"]) == (200, *end(rows))
    assert (await hq.get(f"{PATH}/journal?lineage={L1}", role="station")).body == {"rows": rows, "more": False}
    page = (await hq.get(f"{PATH}/journal?lineage={L1}&after=2&limit=2", role="station")).body
    assert ([row["seq"] for row in page["rows"]], page["more"]) == ([3, 4], True)


async def test_rows_that_come_again_change_nothing(hq: Hq) -> None:
    rows = chain(5)
    await push(hq, rows[:3])
    await push(hq, rows)
    again = await push(hq, rows[1:4])
    assert (again.status, await watermark(hq)) == (200, {L1: end(rows)})


async def test_rows_that_come_too_early_wait_unless_the_gap_is_told(hq: Hq) -> None:
    rows = chain(6)
    await push(hq, rows[:2])
    assert (await push(hq, rows[3:])).body["seq"] == 2
    assert (await push(hq, rows[3:], gaps=[[3, 3]])).body["seq"] == 6


@pytest.mark.parametrize(
    ("member", "value"), [("body", "{}"), ("actor", "ben"), ("wall_ms", 2), ("prev_hash", "1" * 64)]
)
async def test_a_row_that_was_changed_on_the_way_is_refused_and_nothing_kept(hq: Hq, member: str, value: Any) -> None:
    rows = chain(3)
    rows[2][member] = value
    refused = await push(hq, rows)
    assert (refused.status, refused.code) == (422, "bad_hash")
    assert await watermark(hq) == {}


async def test_another_row_at_the_same_place_is_a_fork_that_names_both_hosts(hq: Hq) -> None:
    rows = chain(4)
    await push(hq, rows)
    other = chain(2, after=end(rows[:2]), word="x")
    refused = await push(hq, other, host="host-b")
    assert (refused.status, refused.code) == (409, "fork")
    assert refused.body["error"]["details"]["seq"] == 4
    assert await watermark(hq) == {L1: end(rows)}
    (alarm,) = await alarms(hq)
    assert (alarm["kind"], alarm["hosts"]) == ("fork", ["host-a (fp-host-)", "host-b (fp-host-)"])
    await push(hq, other, host="host-b")
    assert len(await alarms(hq)) == 1


async def test_a_row_that_follows_another_is_a_fork(hq: Hq) -> None:
    rows = chain(4)
    await push(hq, rows[:3])
    other = chain(2, after=end(rows[:2]), word="x")
    assert (await push(hq, other[1:], host="host-b")).code == "fork"


async def test_a_fresh_store_of_a_known_station_is_told_what_it_lacks(hq: Hq) -> None:
    rows = chain(4)
    await push(hq, rows)
    refused = await push(hq, chain(1, epoch=L2), lineage=L2, host="host-b")
    assert (refused.status, refused.code) == (409, "rollback_or_clone")
    assert refused.body["error"]["details"]["seq"] == 4
    (alarm,) = await alarms(hq)
    assert alarm["kind"] == "rollback_or_clone"
    assert alarm["hosts"] == ["host-a (fp-host-)", "host-b (fp-host-)"]


async def test_a_lineage_parts_where_it_shares_a_row_and_is_told_of_when_it_is_behind(hq: Hq) -> None:
    rows = chain(4)
    await push(hq, rows)
    point = {"lineage": L1, "seq": 2, "hash": rows[1]["hash"]}
    mine = chain(3, after=end(rows[:2]), epoch=L2, word="y")
    assert (await push(hq, mine, lineage=L2, host="host-b", parent=point)).status == 200
    assert await watermark(hq) == {L1: end(rows), L2: end(mine)}
    assert [alarm["kind"] for alarm in await alarms(hq)] == ["rollback_or_clone"]
    third = chain(1, after=end(mine[:1]), epoch=L3)
    point = {"lineage": L2, "seq": 3, "hash": mine[0]["hash"]}
    assert (await push(hq, third, lineage=L3, parent=point)).status == 200


async def test_a_lineage_cannot_part_at_a_row_hq_does_not_have(hq: Hq) -> None:
    await push(hq, chain(2))
    point = {"lineage": L1, "seq": 2, "hash": "0" * 64}
    assert (await push(hq, [], lineage=L2, parent=point)).code == "unknown_parent"


async def test_a_lineage_that_goes_on_beside_its_copy_raises_an_alarm(hq: Hq) -> None:
    rows = chain(4)
    await push(hq, rows[:2])
    point = {"lineage": L1, "seq": 2, "hash": rows[1]["hash"]}
    await push(hq, [], lineage=L2, host="host-b", parent=point)
    assert await alarms(hq) == []
    await push(hq, rows)
    (alarm,) = await alarms(hq)
    assert alarm["kind"] == "two_machines"
    assert "host-a" in alarm["sentence"]
    assert "host-b" in alarm["sentence"]


async def test_a_gap_told_never_lets_another_history_in(hq: Hq) -> None:
    rows = chain(4)
    await push(hq, rows[:3])
    other = chain(1, after=end(rows[:2]), word="x")
    assert (await push(hq, other, gaps=[[4, 9]])).code == "fork"


# what has had its effect


async def test_facts_of_a_call_count_as_delivered_with_its_effect(stocked: Hq) -> None:
    one, two = await stocked.order("o1", SKU_1=1), await stocked.order("o2", SKU_1=1)
    made = await stocked.wave(one, two)
    facts = {"X-Device-ID": "pack-1", "X-Edge-Facts": ident(7)}
    await stocked.post(f"/picklists/{made['id']}/assign", {"worker_id": "a", "device_id": "pack-1"}, headers=facts)
    refused = {**facts, "X-Edge-Facts": ident(8)}
    assert (await stocked.post(f"/picklists/{made['id']}/complete", headers=refused)).status == 409
    told = await stocked.get(f"{PATH}/delivered?ids={ident(7)},{ident(8)}")
    assert told.body == {"lacking": [ident(8)]}


async def test_an_element_refused_inside_an_answer_does_not_count_as_delivered(stocked: Hq) -> None:
    picklist = await stocked.started(await stocked.order("o1", SKU_1=1))
    (task,) = picklist["tasks"]
    scans = [taken(task, scan_id="s1"), taken(task, scan_id="s2")]
    headers = {"X-Device-ID": "pack-1", "X-Edge-Facts": f"{ident(1)},{ident(2)}"}
    results = await stocked.scan(picklist["id"], *scans, headers=headers)
    assert [each["outcome"] for each in results] == ["accepted", "refused"]
    assert (await stocked.get(f"{PATH}/delivered?ids={ident(1)},{ident(2)}")).body == {"lacking": [ident(2)]}


@pytest.mark.parametrize("header", ["x", ident(1) + ",", ",".join([ident(1)] * 201)])
async def test_a_list_of_facts_that_is_none_is_refused(stocked: Hq, header: str) -> None:
    refused = await stocked.post("/picklists", {}, headers={"X-Edge-Facts": header})
    assert refused.status in {400, 431}


# numbers


async def block(
    hq: Hq, kind: str = "sscc", count: int = 10, device: str = "pack-1", lineage: str = L1, **how: Any
) -> Reply:
    body = {"lineage": lineage, "kind": kind, "count": count}
    return await hq.post(f"/edge/devices/{device}/number-blocks", body, role="station", **how)


async def test_no_two_blocks_overlap_and_the_same_key_brings_the_same_block(tmp_path: Path) -> None:
    async with running_hq(tmp_path / "hq.db", company_prefix="0614141") as hq:
        await push(hq, chain(1))
        await hq.call("PUT", "/edge/devices/pack-2/journal", json={
            "lineage": L2, "host": {"name": "b", "fingerprint": "f"}, "rows": chain(1, epoch=L2)
        })  # fmt: skip
        first = (await block(hq, key="k1")).body
        other = (await block(hq, device="pack-2", lineage=L2)).body
        assert (await block(hq, key="k1")).body == first
        plain = (await block(hq, kind="package")).body
    assert {name: first[name] for name in ("prefix", "extension_digit", "first", "last")} == {
        "prefix": "0614141", "extension_digit": 4, "first": 1, "last": 10,
    }  # fmt: skip
    assert (other["first"], other["last"]) == (11, 20)
    assert (plain["prefix"], plain["extension_digit"], plain["first"]) == ("PK-", None, 1)


async def test_numbers_need_a_known_lineage_and_a_company_prefix(hq: Hq) -> None:
    assert (await block(hq)).code == "unknown_lineage"
    await push(hq, chain(1))
    assert (await block(hq)).code == "no_company_prefix"


async def test_a_series_that_is_used_up_says_so(tmp_path: Path) -> None:
    async with running_hq(tmp_path / "hq.db", company_prefix="0614141234") as hq:
        await push(hq, chain(1))
        for _ in range(10):
            last = (await block(hq, count=100_000)).body["last"]
        assert last == 999_999
        assert (await block(hq)).code == "numbers_exhausted"


async def test_a_database_put_back_gives_no_number_twice(tmp_path: Path) -> None:
    database = tmp_path / "hq.db"
    async with running_hq(database, company_prefix="0614141") as hq:
        await push(hq, chain(1))
    shutil.copy(database, tmp_path / "kept")
    async with running_hq(database, company_prefix="0614141") as hq:
        given = (await block(hq)).body
    shutil.copy(tmp_path / "kept", database)
    async with running_hq(database, company_prefix="0614141") as hq:
        assert (await block(hq)).body["first"] == given["last"] + 1


async def test_a_block_that_hq_has_forgotten_is_learned_from_the_journal_and_a_double_told(tmp_path: Path) -> None:
    async with running_hq(tmp_path / "hq.db", company_prefix="0614141") as hq:
        await push(hq, chain(1))
        await block(hq)
        told = {"block_id": "old", "number_kind": "sscc", "prefix": "0614141", "extension_digit": 4, "first": 5,
                "last": 8, "next": 5, "source": "main"}  # fmt: skip
        rows = chain(1, after=end(chain(1)))
        rows[0] |= {"kind": "numbers.leased", "body": json.dumps(told)}
        await push(hq, [_hashed(rows[0])])
        (alarm,) = await alarms(hq)
        assert alarm["kind"] == "numbers_twice"


def _hashed(row: dict[str, Any]) -> dict[str, Any]:
    names = ("seq", "epoch_id", "event_id", "command_id", "kind", "version", "actor", "station", "correlation_id",
             "wall_ms", "wall_quality", "mono_ms")  # fmt: skip
    header = json.dumps([row[name] for name in names], separators=(",", ":"), ensure_ascii=False)
    text = b"\x01" + bytes.fromhex(row["prev_hash"]) + header.encode() + b"\n" + row["body"].encode()
    return {**row, "hash": hashlib.sha256(text).hexdigest()}
