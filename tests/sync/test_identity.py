"""A store that is behind, or one of two: HQ finds out at first contact, and gives back what is missing.

One long file: each test is a story of the same station and its copies, told with the same few words.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from local_store import identity, journal, projections
from local_store.clock import SystemClock
from local_store.database import FILE_NAME
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.restore import restore
from local_store.salvage import salvage
from tests.support.site import Hq, free_port
from tests.sync.fake_hq import FakeHq
from tests.sync.floor import act, pack_everything, pick, pick_everything
from tests.sync.station import RealTime, Station, counted, packing, station
from tests.sync.test_with_hq import PRODUCTS, load, order

STATION = {"role": "station"}
WORK = ("fulfillment_line:", "last_count:", "pick_task:", "package:", "hq_ref:")


@pytest.fixture
async def hq(tmp_path: Path) -> AsyncIterator[Hq]:
    """HQ at an address that stays the same, with SSCCs to give."""
    made = Hq(tmp_path / "hq", port=free_port(), more=("--company-prefix", "0614141"))
    await made.start()
    try:
        yield made
    finally:
        made.process.stop()


@asynccontextmanager
async def at(folder: Path, hq: Hq, host: str = "pack-1", disk: str = "disk", **of: Any) -> AsyncIterator[Station]:
    """The station whose store is in `folder`, on the machine `host`; `disk` stands for machine and file."""
    store = {"fingerprint": lambda _path: disk}
    async with station(
        folder, hq.url, RealTime(), host=host, secret=hq.key("station"), poll_s=1, store=store, **of
    ) as made:
        yield made


def copied(folder: Path, to: Path) -> Path:
    """A consistent copy of a store, as a nightly backup or a disk image holds it."""
    to.mkdir(parents=True)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("VACUUM INTO ?", (str(to / FILE_NAME),))
    return to


async def told(here: Station) -> None:
    """Wait until HQ has every row and every fact, no fence stands, and there are numbers to use."""
    usable = "SELECT count(DISTINCT kind) FROM number_block WHERE state = 'usable'"

    def all_is_told() -> bool:
        ((last,),) = here.rows("SELECT max(seq) FROM journal")
        fenced = identity.fence_held(here.store.reader) is not None
        return (
            here.rows(usable) == [(3,)] and here.feed.through() == last and not here.figures().unsent and not fenced
        )

    await here.until(all_is_told, 30)


async def with_work(here: Station, picklists: int) -> None:
    """Everything HQ has is here, and HQ knows it."""
    async with here.syncing(pull=True):
        await here.until(lambda: here.rows("SELECT count(*) FROM picklist") == [(picklists,)], 30)
        await told(here)


async def synced(here: Station) -> None:
    """HQ is talked to until there is nothing more to say."""
    async with here.syncing(pull=True):
        await told(here)


async def alarms(hq: Hq) -> list[str]:
    return [each["kind"] for each in (await hq.call("GET", "/edge/alarms"))["items"]]


async def shipments(hq: Hq) -> list[int]:
    return [each["shipments"] for each in (await hq.call("GET", "/hq/truth"))["fulfillments"]]


# the journal at HQ


async def test_the_journal_is_at_hq_row_by_row_with_the_same_hashes(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2), order(2, SKU_2=1)], lists_of=2)
    async with at(tmp_path / "st", hq) as here:
        async with here.syncing(pull=True):
            await here.until(lambda: here.rows("SELECT count(*) FROM picklist") == [(1,)])
            await pick_everything(here)
            await pack_everything(here)
            await told(here)
        mine = [(seq, digest.hex()) for seq, digest in here.rows("SELECT seq, hash FROM journal ORDER BY seq")]
        lineage = identity.lineage_of(here.store.reader)
        assert here.problems == {}
    page = await hq.call("GET", f"/edge/devices/st-1/journal?lineage={lineage}", **STATION)
    assert [(row["seq"], row["hash"]) for row in page["rows"]] == mine
    truth = await hq.call("GET", "/hq/truth")
    assert [each["shipments"] for each in truth["fulfillments"]] == [1, 1]


@pytest.mark.slow
async def test_a_request_waits_for_the_rows_of_its_facts(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2)], lists_of=1)
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 1)
        await pick_everything(here)
        down = {"status_500": 1.0, "prefix": "/v1/fulfillment/edge/devices", "only_role": "station"}
        await hq.call("PUT", "/hq/faults", down, role="operator")
        async with here.syncing():
            await here.until(lambda: "hq.main.journal" in here.problems, 30)
            assert here.figures().unsent > 0
            assert (await hq.call("GET", "/hq/truth"))["stock"]["picked"] == 0
            await hq.call("PUT", "/hq/faults", {}, role="operator")
            await told(here)
        assert here.problems == {}
    assert (await hq.call("GET", "/hq/truth"))["stock"]["picked"] == 2


async def test_an_hq_that_keeps_no_journals_is_told_facts_as_before(fake: FakeHq, tmp_path: Path) -> None:
    fake.without_products = True
    async with station(tmp_path, fake.url, RealTime(), host="pack-1") as here:
        await here.record(counted("P1", "c1"))
        async with here.syncing():
            await here.sent()
        assert not here.feed.may_keep()
    assert fake.facts() == {"picklist:P1": ["c1"]}
    assert all("X-Edge-Facts" not in each.headers for each in fake.told)


async def test_a_copy_makes_the_same_requests_under_the_same_keys(fake: FakeHq, tmp_path: Path) -> None:
    async with station(tmp_path / "a", fake.url) as here:
        await here.record(counted("P1", "c1"), counted("P1", "c2"), *packing("F1"))
        copied(tmp_path / "a", tmp_path / "b")
        async with here.syncing():
            await here.sent()
    told_once = fake.facts()
    async with station(tmp_path / "b", fake.url) as here, here.syncing():
        await here.sent()
    assert fake.facts() == told_once
    assert len(fake.attempts) == 2 * len(set(fake.attempts))


# backups put back


@pytest.mark.parametrize("how", ["by the book", "by hand", "as an image"])
async def test_a_restored_backup_gets_its_day_back_and_nothing_is_done_twice(
    hq: Hq, tmp_path: Path, how: str
) -> None:
    await load(hq, PRODUCTS, [order(n, SKU_1=2, SKU_2=1) for n in (1, 2, 3)], lists_of=1)
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 3)
        old = copied(tmp_path / "st", tmp_path / "old")
        async with here.syncing():
            await pick_everything(here)
            await pack_everything(here)
            await told(here)
        sealed = here.rows("SELECT package_id, sscc FROM package ORDER BY package_id")
        views = here.rows("SELECT picklist_id, position, picked, status FROM pick_task ORDER BY 1, 2")
    if how == "by the book":
        with closing(sqlite3.connect(old / FILE_NAME)) as connection, connection:
            identity.raise_fence(connection, "restore", "A backup was put back.", 0)
    async with at(old, hq, disk="other disk" if how == "by hand" else "disk") as here:
        assert (identity.fence_held(here.store.reader) is None) is (how == "as an image")
        assert here.rows("SELECT count(*) FROM package") == [(0,)]
        await synced(here)
        assert here.rows("SELECT package_id, sscc FROM package ORDER BY package_id") == sealed
        assert here.rows("SELECT picklist_id, position, picked, status FROM pick_task ORDER BY 1, 2") == views
        assert here.rows("SELECT DISTINCT session FROM fulfillment") == [("packed",)]
        assert here.rows("SELECT DISTINCT state FROM spool_job") == [("uncertain",)]
        assert here.rows("SELECT count(*) FROM party") == [(3,)]
        assert here.rows("SELECT count(*) FROM number_block WHERE source = 'site' AND state = 'usable'") == [(0,)]
        assert here.parked() == []
        assert here.rows("SELECT count(*) FROM history_conflict") == [(0,)]
    assert await shipments(hq) == [1, 1, 1]
    assert await alarms(hq) == ["rollback_or_clone"]


async def test_edge_agents_own_restore_gets_the_rest_of_the_day_back(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(n, SKU_1=2) for n in (1, 2)], lists_of=1)
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 2)
        old = copied(tmp_path / "st", tmp_path / "old")
        await pick_everything(here)
        await pack_everything(here)
        await synced(here)
        sealed = here.rows("SELECT package_id, sscc FROM package ORDER BY package_id")
    told_newer = restore(tmp_path / "st" / FILE_NAME, old / FILE_NAME, "st-1", SystemClock(), "test")
    assert told_newer.newer_facts
    async with at(tmp_path / "st", hq) as here:
        assert identity.fence_held(here.store.reader) is not None
        await synced(here)
        journal.verify(here.store.reader)
        assert here.rows("SELECT package_id, sscc FROM package ORDER BY package_id") == sealed
        assert here.parked() == []
    assert await shipments(hq) == [1, 1]


async def test_what_a_salvage_could_not_save_comes_back_from_hq(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(n, SKU_1=2) for n in range(1, 9)], lists_of=4)
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 2)
        await pick_everything(here)
        await pack_everything(here)
        await synced(here)
        views = [line for line in projections.dump(here.store.reader) if line.startswith(WORK)]
        site = here.store.site
        (page,) = here.rows("PRAGMA page_size")[0]
        ((leaf,),) = here.rows(
            "SELECT pageno FROM dbstat WHERE name = 'journal' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 3"
        )
    with (tmp_path / "st" / FILE_NAME).open("r+b") as file:
        file.seek((leaf - 1) * page)
        file.write(bytes(page))
    saved = salvage(tmp_path / "st" / FILE_NAME, "a page was zeroed", site, SystemClock(), "test")
    assert saved.missing > 0
    async with at(tmp_path / "st", hq) as here:
        await synced(here)
        journal.verify(here.store.reader)
        assert here.rows("SELECT count(*) FROM recovered") == [(saved.missing,)]
        assert [line for line in projections.dump(here.store.reader) if line.startswith(WORK)] == views
        assert here.rows("SELECT DISTINCT status, counting_task_id FROM picklist") == [("completed", None)]
        assert here.rows("SELECT DISTINCT session, counting_line_id FROM fulfillment") == [("packed", None)]
        assert here.rows("SELECT count(*) FROM history_conflict") == [(0,)]
    assert await shipments(hq) == [1] * 8


async def test_a_backup_put_back_twice_gets_every_fact_once(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2)], lists_of=1)
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 1)
        old = copied(tmp_path / "st", tmp_path / "old")
        await pick_everything(here)
        await synced(here)
    for name in ("first", "second"):
        shutil.copytree(old, tmp_path / name)
        async with at(tmp_path / name, hq) as here:
            await synced(here)
            (events,) = here.rows("SELECT count(*), count(DISTINCT event_id) FROM journal")
            assert events[0] == events[1]
            assert here.rows("SELECT DISTINCT status FROM picklist") == [("completed",)]
            assert here.parked() == []
    assert (await hq.call("GET", "/hq/truth"))["stock"]["picked"] == 2


async def test_an_empty_store_under_a_known_name_gets_everything_back(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2), order(2, SKU_2=1)], lists_of=1)
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 2)
        (first, _) = [row[0] for row in here.rows("SELECT picklist_id FROM picklist ORDER BY picklist_id")]
        await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
        await pick(here, first)
        await synced(here)
    async with at(tmp_path / "new disk", hq, disk="new") as here:
        await synced(here)
        assert here.rows("SELECT status FROM picklist ORDER BY picklist_id") == [("completed",), ("open",)]
        assert here.rows("SELECT count(*) FROM party") == [(2,)]
        await pick_everything(here)
        await pack_everything(here)
        await synced(here)
        assert here.parked() == []
    assert await shipments(hq) == [1, 1]


async def test_facts_hq_had_only_as_rows_are_told_by_the_restored_store(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2, SKU_2=1)], lists_of=1)
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 1)
        old = copied(tmp_path / "st", tmp_path / "old")
        refuse = {"status_500": 1.0, "prefix": "/v1/fulfillment/picklists", "only_role": "station"}
        await hq.call("PUT", "/hq/faults", refuse, role="operator")
        await pick_everything(here)
        async with here.syncing():
            await here.until(lambda: here.feed.through() == here.rows("SELECT max(seq) FROM journal")[0][0])
    await hq.call("PUT", "/hq/faults", {}, role="operator")
    assert (await hq.call("GET", "/hq/truth"))["stock"]["picked"] == 0
    async with at(old, hq) as here:
        await synced(here)
        assert here.parked() == []
    assert (await hq.call("GET", "/hq/truth"))["stock"]["picked"] == 3


async def test_work_in_progress_on_the_lost_disk_goes_on_with_what_was_counted(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=3)], lists_of=1)
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 1)
        old = copied(tmp_path / "st", tmp_path / "old")
        ((picklist,),) = here.rows("SELECT picklist_id FROM picklist")
        await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
        await act(here, c.OpenWork, workplace="pick", id=picklist)
        await act(here, c.Scan, workplace="pick", code="A-01-1")
        await act(here, c.Scan, workplace="pick", code="SKU-1")
        await synced(here)
    async with at(old, hq) as here:
        await synced(here)
        assert here.rows("SELECT p.status, picked FROM picklist p JOIN pick_task USING (picklist_id)") == [
            ("open", "1")
        ]
        await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
        await act(here, c.OpenWork, workplace="pick", id=picklist)
        for code in ("A-01-1", "SKU-1", "SKU-1"):
            await act(here, c.Scan, workplace="pick", code=code)
        await act(here, c.Complete, workplace="pick")
        await pack_everything(here)
        await synced(here)
        assert here.parked() == []
    assert await shipments(hq) == [1]


async def test_what_was_picked_again_behind_the_fence_is_told_to_a_person(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2)], lists_of=1)
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 1)
        old = copied(tmp_path / "st", tmp_path / "old")
        await pick_everything(here)
        await synced(here)
    async with at(old, hq, disk="other") as here:
        await pick_everything(here)  # HQ cannot be reached yet
        ((picklist,),) = here.rows("SELECT picklist_id FROM picklist")
        async with here.syncing(pull=True):
            await here.until(lambda: identity.fence_held(here.store.reader) is None and here.figures().parked == 1)
        ((subject, sentence),) = here.rows("SELECT subject, sentence FROM history_conflict")
        assert subject == f"picklist:{picklist}"
        assert "was finished here and" in sentence
        assert here.rows("SELECT picked FROM fulfillment_line") == [("2",)]
    assert (await hq.call("GET", "/hq/truth"))["stock"]["picked"] == 2


# two copies


@pytest.mark.parametrize("seen", [True, False], ids=["another machine", "the same image"])
async def test_the_second_copy_is_found_out_at_its_first_contact(hq: Hq, tmp_path: Path, *, seen: bool) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=2), order(2, SKU_2=1), order(3, SKU_3=1)], lists_of=1)
    async with at(tmp_path / "a", hq) as one:
        await with_work(one, 3)
        folder = copied(tmp_path / "a", tmp_path / "b")
        async with at(folder, hq, host="pack-1-copy", disk="other" if seen else "disk") as two:
            lists = [row[0] for row in one.rows("SELECT picklist_id FROM picklist ORDER BY picklist_id")]
            await act(one, c.Scan, workplace="pick", code="BADGE-ANA")
            await act(two, c.Scan, workplace="pick", code="BADGE-ANA")
            await pick(one, lists[0])
            await pick(two, lists[1])  # both are offline
            await synced(one)
            await synced(two)
            await synced(one)
            assert len({identity.lineage_of(each.store.reader) for each in (one, two)}) == 2
            assert one.rows("SELECT count(*) FROM fence") == [(0,)]
            assert two.rows("SELECT count(*) FROM fence WHERE settled_seq IS NOT NULL") == [(1,)]
            assert two.rows("SELECT status FROM picklist ORDER BY picklist_id") == [
                ("completed",),
                ("completed",),
                ("open",),
            ]
            await pack_everything(two)
            await synced(two)
            assert one.parked() == two.parked() == []
    assert await shipments(hq) == [1, 1, 0]
    (first, *_) = (await hq.call("GET", "/edge/alarms"))["items"]
    assert {host.split()[0] for host in first["hosts"]} == {"pack-1", "pack-1-copy"}


async def test_a_copy_that_no_machine_can_tell_is_found_out_with_the_number_it_used(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(1, SKU_1=1), order(2, SKU_2=1)], lists_of=2)
    async with at(tmp_path / "a", hq) as one:
        await with_work(one, 1)
        await pick_everything(one)
        await synced(one)
        folder = copied(tmp_path / "a", tmp_path / "b")
        first, second = [row[0] for row in one.rows("SELECT fulfillment_id FROM fulfillment ORDER BY order_id")]
        async with at(folder, hq, host="pack-1-copy") as two:
            for here, mine in ((one, first), (two, second)):
                sku = here.rows("SELECT sku FROM fulfillment_line WHERE fulfillment_id = ?", mine)[0][0]
                weight = {"scale": "s", "weight_mg": 100_000, "stability": "stable", "range": "ok"}
                await act(here, c.Scan, workplace="pack", code="BADGE-ANA")
                await act(here, c.OpenWork, workplace="pack", id=mine)
                await act(here, c.Scan, workplace="pack", code=sku)
                await act(
                    here, c.Weigh, workplace="pack", **weight, newer_than_request=True, emptied=True, reason="light"
                )
                await act(here, c.Seal, workplace="pack")
            assert one.rows("SELECT sscc FROM package") == two.rows("SELECT sscc FROM package")
            await synced(one)
            async with two.syncing():
                await two.until(lambda: two.figures().parked > 0, 30)
            ((sscc,),) = one.rows("SELECT sscc FROM package")
            assert two.rows("SELECT subject FROM history_conflict") == [(f"sscc:{sscc}",)]
            (parked, *_) = two.parked()
            assert "is on package" in parked[2]
            assert two.rows("SELECT count(*) FROM number_block WHERE state = 'usable' AND source = 'site'") == [(0,)]


# HQ put back


@pytest.mark.slow
async def test_an_hq_put_back_is_told_again_what_it_has_lost(hq: Hq, tmp_path: Path) -> None:
    await load(hq, PRODUCTS, [order(n, SKU_1=2, SKU_2=1) for n in (1, 2)], lists_of=1)
    database = hq.folder / "hq.sqlite3"
    async with at(tmp_path / "st", hq) as here:
        await with_work(here, 2)
        await pick_everything(here)
        async with here.syncing(pull=True):
            await told(here)
            hq.process.stop()
            shutil.copy(database, tmp_path / "kept")
            await hq.start()
            await pack_everything(here)
            await told(here)
            truth = await hq.call("GET", "/hq/truth")
            hq.process.kill()
            for end in ("", "-wal", "-shm"):
                database.with_name(database.name + end).unlink(missing_ok=True)
            shutil.copy(tmp_path / "kept", database)
            await here.until(lambda: here.states[-1].state == "unreachable", 30)
            await hq.start()
            assert await shipments(hq) == [0, 0]
            await here.until(lambda: here.states[-1].state == "reachable" and here.feed.through() > 0, 60)
            await told(here)
        assert here.parked() == []
        assert here.rows("SELECT count(*) FROM fence") == [(0,)]
        keys = here.rows("SELECT count(*), count(DISTINCT idempotency_key) FROM outbox_request")
        assert keys[0][0] == keys[0][1]
    assert await hq.call("GET", "/hq/truth") == truth


# numbers


@pytest.mark.slow
async def test_two_machines_offline_for_a_week_never_use_the_same_number(hq: Hq, tmp_path: Path) -> None:
    days, a_day = 7, 30
    orders = [order(n, SKU_1=1) for n in range(2 * days * a_day)]
    await load(hq, PRODUCTS, orders, lists_of=days * a_day)
    found: dict[str, list[str]] = {}
    for name in ("st-1", "st-2"):
        async with at(tmp_path / name, hq, host=name, site={"sscc": None, "station_id": name}) as here:
            async with here.syncing(pull=True):
                await here.until(lambda: here.rows("SELECT count(*) FROM number_block") == [(3,)], 30)
                await here.until(lambda: here.rows("SELECT count(*) FROM picklist") == [(2,)], 60)
                await told(here)
            await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
            taken = here.rows("SELECT picklist_id FROM picklist ORDER BY picklist_id")
            await pick(here, taken[0 if name == "st-1" else 1][0])
            await pack_everything(here)
            bodies = here.rows("SELECT body ->> '$.numbers' FROM journal WHERE kind = 'package.sealed'")
            found[name] = [body for (body,) in bodies]
    sealed = [
        used.text
        for bodies in found.values()
        for body in bodies
        for used in e.PackageSealed.model_validate_json(_sealed(body)).numbers
    ]
    assert len(sealed) == 2 * days * a_day * 3
    assert len(set(sealed)) == len(sealed)


async def test_numbers_are_asked_for_while_fourteen_days_are_left(hq: Hq, tmp_path: Path) -> None:
    blocks = "SELECT last - first + 1 FROM number_block WHERE kind = 'sscc' ORDER BY leased_seq"
    async with at(tmp_path / "st", hq, site={"sscc": None}) as here, here.syncing():
        await here.until(lambda: here.rows("SELECT count(*) FROM number_block") == [(3,)], 30)
        await here.store.run(lambda tx: tx.connection.execute("INSERT INTO number_use VALUES ('sscc', 1, 100)"))
        here.feed.wake()
        await here.until(lambda: here.rows(blocks) == [(1000,), (2800,)], 30)


def _sealed(numbers: str) -> str:
    return (
        '{"fulfillment_id":"f","workplace":"pack","package_id":"p","sscc":"s","sscc_serial":1,"numbers":'
        + numbers
        + "}"
    )
