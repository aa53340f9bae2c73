"""A backup counts only once it was restored into a scratch store and found whole; a restore tells what it costs."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest

from local_store import journal
from local_store.backup import FOLDER, Backup, BackupFailed, backups, make_backup
from local_store.clock import SystemClock
from local_store.database import StoreRefused, open_reader
from local_store.restore import restore
from tests.support.floor import SITE, Bench, line, product
from tests.support.tampering import tamper


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


def backed_up(bench: Bench) -> Backup:
    return bench.runner.run(make_backup(bench.store.path, SystemClock(), no_pause))


def files(bench: Bench) -> list[str]:
    return sorted(path.name for path in (bench.folder / FOLDER).glob("edge-*"))


@pytest.fixture
def at_work(bench: Bench) -> Bench:
    bench.given_products(product("SKU-1"))
    bench.given_picklist("PL-7", line("SKU-1", 9))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1")
    return bench


def test_a_backup_holds_every_fact_up_to_its_moment_and_is_verified(at_work: Bench) -> None:
    made = backed_up(at_work)
    facts = at_work.query("SELECT count(*) FROM journal")[0][0]
    assert (made.facts, made.last_seq) == (facts, facts)
    assert files(at_work) == [made.name, f"{made.name}.verified.json"]
    with closing(open_reader(at_work.folder / FOLDER / made.name)) as copy:
        assert journal.verify(copy) == facts
    assert backups(at_work.store.path) == [made]


def test_work_goes_on_while_a_backup_is_made(at_work: Bench) -> None:
    async def both() -> Backup:
        backup = asyncio.ensure_future(make_backup(at_work.store.path, SystemClock(), no_pause))
        while not backup.done():
            await at_work.store.run(lambda tx: None)
            await asyncio.sleep(0)
        return backup.result()

    assert at_work.runner.run(both()).facts > 0


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE journal SET wall_ms = wall_ms + 1 WHERE seq = 3",
        "UPDATE receipt SET answer = answer || ' '",
        "UPDATE party SET name = 'another'",
        "UPDATE pick_task SET picked = '8'",
        "DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM outbox)",
    ],
)
def test_a_copy_that_is_not_whole_is_not_kept(at_work: Bench, damage: str) -> None:
    tamper(at_work.store.path, damage)
    with pytest.raises(BackupFailed, match="restored into a scratch store it is not whole"):
        backed_up(at_work)
    assert files(at_work) == []


def test_only_one_backup_is_made_at_a_time(at_work: Bench) -> None:
    async def two() -> list[Backup | BaseException]:
        both = (make_backup(at_work.store.path, SystemClock(), no_pause) for _ in range(2))
        return await asyncio.gather(*both, return_exceptions=True)

    first, second = at_work.runner.run(two())
    assert isinstance(first, Backup)
    assert str(second) == "Another backup is being made right now; wait until it is done."


def test_a_backup_comes_back_as_it_was_and_the_numbers_after_it_are_not_used_again(at_work: Bench) -> None:
    made = backed_up(at_work)
    views = at_work.dump()
    at_work.scan("SKU-1", "SKU-1")
    last = at_work.query("SELECT max(seq) FROM journal")[0][0]
    at_work.runner.run(at_work.store.close())
    file = at_work.folder / FOLDER / made.name
    done = restore(at_work.store.path, file, SITE.station_id, SystemClock(), "0")
    assert (done.last_seq, done.newer_facts, done.newer_unsent) == (made.last_seq, 2, 2)
    at_work.store = at_work._open()
    tables = ("pick_task", "picklist", "place", "product", "code")
    assert [row for row in at_work.dump() if row.startswith(tables)] == [
        row for row in views if row.startswith(tables)
    ]
    assert at_work.query("SELECT first_seq, last_seq, told_seq FROM journal_gap") == [
        (made.last_seq + 1, last, last + 1)
    ]
    assert journal.verify(at_work.store.reader) > made.facts


def test_a_damaged_backup_is_refused_and_the_store_stays_as_it_is(at_work: Bench) -> None:
    made = at_work.folder / FOLDER / backed_up(at_work).name
    at_work.runner.run(at_work.store.close())
    before = at_work.store.path.read_bytes()
    tamper(made, "UPDATE journal SET body = body || ' ' WHERE seq = 3")
    with pytest.raises(StoreRefused, match=r"this backup is damaged \(journal row 3 was changed"):
        restore(at_work.store.path, made, SITE.station_id, SystemClock(), "0")
    assert at_work.store.path.read_bytes() == before
    at_work.store = at_work._open()
