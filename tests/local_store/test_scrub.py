"""Damage in a store at work: it is neither used nor sent, the scrub finds it, and the next start salvages it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from local_store import inspection, journal, outbox
from local_store.aside import kept_files
from local_store.database import FILE_NAME, open_reader
from local_store.domain import commands as c
from local_store.journal import JournalDamaged
from local_store.salvage import reports
from local_store.scrub import look_at_once, look_with_pauses
from local_store.writer import StoreInDoubt
from tests.support.day_store import edit, query
from tests.support.floor import Bench, line, product

STOPS = 20


# never used


def test_a_damaged_fact_is_not_sent_and_its_neighbours_of_other_work_are(folder: Path) -> None:
    (entity, seq) = query(folder, "SELECT entity, min(seq) FROM outbox WHERE state = 'pending' GROUP BY entity")[0]
    edit(folder, f"UPDATE journal SET wall_ms = wall_ms + 1 WHERE seq = {seq}")
    with closing(open_reader(folder / FILE_NAME)) as reader:
        with pytest.raises(outbox.PromiseDamaged, match=f"journal row {seq} was changed") as damage:
            outbox.next_facts(reader, "main", str(entity), 10)
        assert damage.value.seq == seq


def test_a_damaged_answer_is_not_given_and_the_command_is_not_done_again(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pick-1")
    bench.given_products(product("SKU-1"))
    bench.given_picklist("PL-7", line("SKU-1", 9))
    bench.signed_in().scan("PL-7", "A-1")
    again = c.Scan(command_id=bench.scan("SKU-1").command_id, workplace="pick-1", code="SKU-1")
    edit(bench.folder, "UPDATE receipt SET answer = replace(answer, 'SKU-1', 'SKU-2')")
    with pytest.raises(StoreInDoubt, match="is not what was written"):
        bench.do(again)
    assert bench.task("SKU-1").picked == 1
    assert inspection.noted_damage(bench.folder) is not None


def test_a_gap_that_is_only_written_into_the_table_is_damage(folder: Path) -> None:
    edit(folder, "DELETE FROM journal WHERE seq = 5")
    edit(folder, "INSERT INTO journal_gap SELECT 5, 5, hash, 9 FROM journal WHERE seq = 4")
    with closing(open_reader(folder / FILE_NAME)) as reader, pytest.raises(JournalDamaged, match="row 5 is missing"):
        journal.verify(reader)


def test_facts_before_a_damaged_one_still_go(folder: Path) -> None:
    sql = "SELECT entity, max(seq) FROM outbox WHERE state = 'pending' GROUP BY entity HAVING count(*) > 2"
    (entity, last) = query(folder, sql)[0]
    edit(folder, f"UPDATE journal SET body = body || ' ' WHERE seq = {last}")
    with closing(open_reader(folder / FILE_NAME)) as reader:
        assert all(each.seq < int(str(last)) for each in outbox.next_facts(reader, "main", str(entity), 1000))


@pytest.mark.parametrize("column", ["lane", "entity", "method", "path", "body", "idempotency_key"])
def test_a_request_that_is_not_what_was_fixed_is_not_sent(folder: Path, column: str) -> None:
    edit(folder, f"UPDATE outbox_request SET {column} = {column} || 'x' WHERE request_id = 1")
    with closing(open_reader(folder / FILE_NAME)) as reader, pytest.raises(Exception, match="request 1 to HQ is not"):
        outbox.open_request(reader, 1)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE receipt SET answer = answer || ' ' WHERE first_seq > 500", "answer to command"),
        ("DELETE FROM receipt WHERE first_seq > 500", "is missing or another one"),
        (
            "UPDATE outbox SET entity = 'picklist:other' WHERE seq = (SELECT min(seq) FROM outbox)",
            "is not that of fact",
        ),
        ("DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM outbox)", "to main is missing"),
        ("UPDATE spool_job SET zpl = CAST(zpl || ' ' AS BLOB) WHERE zpl IS NOT NULL", "label job"),
        ("UPDATE spool_job SET sscc = 'another'", "label job"),
        ("UPDATE party SET address = '{}'", "the address party-1"),
        ("UPDATE outbox_request SET path = '/other'", "request 1 to HQ"),
        ("DROP INDEX outbox_pending", "the index outbox_pending"),
    ],
)
def test_the_scrub_finds(folder: Path, change: str, found: str) -> None:
    edit(folder, change)
    report = look_at_once(folder / FILE_NAME)
    assert report.damage > 0
    assert any(found in sentence for sentence in report.sentences), report.sentences


def test_the_scrub_finds_views_that_are_not_what_the_facts_make(folder: Path) -> None:
    assert look_at_once(folder / FILE_NAME).views_differ == 0
    edit(folder, "UPDATE pick_task SET picked = '77' WHERE position = 1")
    report = look_at_once(folder / FILE_NAME)
    assert report.damage == 0
    assert report.views_differ > 0


async def test_a_look_that_is_stopped_ends_at_once_wherever_it_is(folder: Path) -> None:
    started = asyncio.Event()

    async def sleep(seconds: float) -> None:
        started.set()

    for _ in range(STOPS):  # most stops come while a thread is at a slice
        started.clear()
        look = asyncio.create_task(look_with_pauses(folder / FILE_NAME, sleep))
        await started.wait()
        look.cancel()
        with pytest.raises(asyncio.CancelledError):
            await look


def test_what_the_scrub_noted_is_salvaged_at_the_next_start(folder: Path) -> None:
    inspection.note_damage(folder, "journal row 5 was changed after it was written.")
    Bench(folder).close()
    assert len(kept_files(folder / FILE_NAME)) == 1
    assert "journal row 5" in reports(folder / FILE_NAME)[0].reason
    Bench(folder).close()
    assert len(kept_files(folder / FILE_NAME)) == 1
