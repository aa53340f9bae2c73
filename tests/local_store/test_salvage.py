"""A damaged store: found before it is used, kept as it is, and followed by a new one with all that can be proved."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from local_store import inspection, journal
from local_store.aside import kept_files, undo_interrupted_swap
from local_store.clock import SystemClock
from local_store.database import FILE_NAME, StoreRefused, open_reader
from local_store.domain import commands as c
from local_store.journal import JournalDamaged
from local_store.salvage import reports, salvage
from local_store.scrub import look_at_once
from local_store.store import Store
from tests.support.day_store import PAGE, edit, pages_of, query, zero
from tests.support.floor import SITE, Bench, line, product
from tests.torture import busy_day, pages_of_rows

# found at the start


def test_a_whole_store_is_opened_as_it_is(folder: Path) -> None:
    assert inspection.damage_in(folder / FILE_NAME) is None
    bench = Bench(folder)
    assert kept_files(folder / FILE_NAME) == []
    bench.close()


def test_a_store_with_a_broken_end_is_salvaged_at_the_start_and_the_damaged_file_is_kept_read_only(
    folder: Path,
) -> None:
    last = pages_of(folder, "journal")[-1]
    zero(folder, last)
    damaged = (folder / FILE_NAME).read_bytes()
    bench = Bench(folder)
    (kept,) = kept_files(folder / FILE_NAME)
    assert kept.read_bytes() == damaged
    assert kept.stat().st_mode & 0o777 == 0o400
    (told,) = reports(folder / FILE_NAME)
    assert told.missing > 0
    assert told.salvaged + told.missing == told.facts
    assert str(told.facts) in told.sentence
    assert f"{told.missing} are missing" in told.sentence
    assert told.damaged_file == str(kept)
    assert journal.verify(bench.store.reader) == bench.query("SELECT count(*) FROM journal")[0][0]
    bench.close()


def test_the_end_of_the_chain_is_checked_at_each_start(folder: Path) -> None:
    edit(folder, "UPDATE journal SET wall_ms = wall_ms + 1 WHERE seq = (SELECT max(seq) - 900 FROM journal)")
    assert "was changed after it was written" in str(inspection.damage_in(folder / FILE_NAME))


def test_the_message_ends_when_somebody_takes_the_damaged_file_away(folder: Path) -> None:
    zero(folder, pages_of(folder, "journal")[-1])
    Bench(folder).close()
    (kept,) = kept_files(folder / FILE_NAME)
    kept.unlink()
    assert reports(folder / FILE_NAME) == []


def test_what_can_not_be_proved_at_all_is_refused_with_the_way_out_and_left_alone(folder: Path) -> None:
    size = (folder / FILE_NAME).stat().st_size
    (folder / FILE_NAME).write_bytes(bytes(size))
    with pytest.raises(StoreRefused, match=r"not one fact in this file can be proved.*`edge-agent restore FILE`"):
        asyncio.run(Store(folder, SITE, SystemClock(), "0").open())
    assert (folder / FILE_NAME).read_bytes() == bytes(size)
    assert sorted(path.name for path in folder.glob("edge.sqlite3*")) == ["edge.sqlite3"]


@pytest.mark.parametrize("trace", ["journal-head", "edge.sqlite3.damaged-20261122T010203Z", "backups/edge-1.sqlite3"])
def test_a_store_that_is_gone_is_never_followed_by_a_silent_fresh_one(tmp_path: Path, trace: str) -> None:
    (tmp_path / trace).parent.mkdir(exist_ok=True)
    (tmp_path / trace).write_text("{}")
    with pytest.raises(StoreRefused, match=r"the store is gone.*`edge-agent restore FILE`"):
        asyncio.run(Store(tmp_path, SITE, SystemClock(), "0").open())
    assert not (tmp_path / FILE_NAME).exists()


def test_a_log_that_was_lost_is_noticed_by_the_note_beside_the_store(busy_files: Path, tmp_path: Path) -> None:
    shutil.copy(busy_files / FILE_NAME, tmp_path / FILE_NAME)
    assert inspection.damage_in(tmp_path / FILE_NAME) is None, "what is left is whole in itself"
    shutil.copy(busy_files / inspection.TAIL, tmp_path / inspection.TAIL)
    told = inspection.damage_in(tmp_path / FILE_NAME)
    assert told is not None
    assert "had reached 1146 before" in told


def test_numbers_that_were_used_are_never_used_again_though_their_facts_are_lost(
    busy_files: Path, tmp_path: Path
) -> None:
    for name in (FILE_NAME, inspection.TAIL):
        shutil.copy(busy_files / name, tmp_path / name)
    noted = inspection.noted_head(tmp_path)
    assert noted is not None
    bench = Bench(tmp_path)
    (gap,) = bench.query("SELECT first_seq, last_seq, told_seq FROM journal_gap")
    assert gap[1:] == (noted.head.seq, noted.head.seq + 1)
    assert journal.verify(bench.store.reader) < noted.head.seq
    bench.close()


def test_a_log_broken_before_answered_commits_is_noticed(busy_files: Path, tmp_path: Path) -> None:
    for name in (FILE_NAME, busy_day.LOG):
        shutil.copy(busy_files / name, tmp_path / name)
    with (tmp_path / busy_day.LOG).open("r+b") as log:
        log.seek(32 + 5 * (24 + PAGE) + 100)
        log.write(b"\xff")
    told = inspection.damage_in(tmp_path / FILE_NAME)
    assert told is not None
    assert "its log is broken before" in told


def test_a_torn_last_commit_that_nobody_was_told_of_is_no_damage(busy_files: Path, tmp_path: Path) -> None:
    for name in (FILE_NAME, busy_day.LOG):
        shutil.copy(busy_files / name, tmp_path / name)
    images = pages_of_rows.newest_images(busy_files / FILE_NAME)
    last = max(at for name, at in images.values() if name == busy_day.LOG)
    with (tmp_path / busy_day.LOG).open("r+b") as log:
        log.seek(last)
        log.write(bytes(512))
    assert inspection.damage_in(tmp_path / FILE_NAME) is None


def test_another_stores_log_is_noticed_and_left_out(busy_files: Path, folder: Path) -> None:
    facts = query(folder, "SELECT count(*) FROM journal")
    shutil.copy(busy_files / busy_day.OTHER_LOG, folder / busy_day.LOG)
    assert inspection.damage_in(folder / FILE_NAME) is not None
    bench = Bench(folder)
    told = reports(folder / FILE_NAME)[0]
    assert [(told.salvaged,)] == facts
    bench.close()


def test_a_crash_in_the_middle_of_the_exchange_is_undone(folder: Path) -> None:
    path = folder / FILE_NAME
    (folder / busy_day.LOG).write_bytes(b"a log")
    kept = path.with_name(f"{FILE_NAME}.damaged-20261122T010203Z")
    kept.hardlink_to(path)
    (folder / busy_day.LOG).rename(kept.with_name(kept.name + "-wal"))
    inspection_before = path.read_bytes()
    undo_interrupted_swap(path)
    assert path.read_bytes() == inspection_before
    assert (folder / busy_day.LOG).read_bytes() == b"a log"
    assert not kept.exists()


def test_the_damaged_log_is_kept_with_its_file_and_never_meets_the_new_one(busy_files: Path, tmp_path: Path) -> None:
    for name in (FILE_NAME, busy_day.LOG):
        shutil.copy(busy_files / name, tmp_path / name)
    log = (tmp_path / busy_day.LOG).read_bytes()
    salvage(tmp_path / FILE_NAME, "a test", SITE, SystemClock(), "0")
    (kept,) = kept_files(tmp_path / FILE_NAME)
    assert kept.with_name(kept.name + "-wal").read_bytes() == log
    assert not (tmp_path / busy_day.LOG).exists()
    assert look_at_once(tmp_path / FILE_NAME).damage == 0


# what the new store holds


def salvaged(folder: Path) -> None:
    salvage(folder / FILE_NAME, "a test", SITE, SystemClock(), "0")


def test_nothing_is_lost_when_only_the_first_page_is(folder: Path) -> None:
    tables = ("journal", "receipt", "outbox", "outbox_request", "spool_job", "spool_attempt", "party", "epoch")
    before = {table: query(folder, f"SELECT count(*) FROM {table}")[0][0] for table in tables}
    zero(folder, 1)
    salvaged(folder)
    after = {table: query(folder, f"SELECT count(*) FROM {table}")[0][0] for table in tables}
    assert after == {**before, "journal": before["journal"] + 1, "epoch": before["epoch"] + 1}


def test_a_salvaged_store_is_whole_and_its_views_are_those_its_facts_make(folder: Path) -> None:
    zero(folder, pages_of(folder, "journal")[2])
    salvaged(folder)
    report = look_at_once(folder / FILE_NAME)
    assert (report.damage, report.views_differ) == (0, 0)


def test_the_gap_is_told_by_a_fact_and_the_chain_is_verified_across_it(folder: Path) -> None:
    zero(folder, pages_of(folder, "journal")[2])
    salvaged(folder)
    (body,) = query(folder, "SELECT body FROM journal WHERE kind = 'station.salvaged'")[0]
    (gap,) = json.loads(str(body))["missing"]
    missing = gap["last_seq"] - gap["first_seq"] + 1
    with closing(open_reader(folder / FILE_NAME)) as reader:
        assert journal.verify(reader) == journal.head_of(reader).seq - missing
        assert journal.fetch(reader, gap["last_seq"] + 1).seq == gap["last_seq"] + 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("UPDATE journal_gap SET last_seq = last_seq + 1", "is missing"),
        ("UPDATE journal_gap SET first_seq = first_seq - 1", "is missing"),
        ("UPDATE journal_gap SET hash_before = zeroblob(32)", "is missing"),
        ("DELETE FROM journal_gap", "is missing"),
    ],
)
def test_a_gap_that_no_fact_tells_of_is_damage(folder: Path, change: str, sentence: str) -> None:
    zero(folder, pages_of(folder, "journal")[2])
    salvaged(folder)
    edit(folder, change)
    with closing(open_reader(folder / FILE_NAME)) as reader, pytest.raises(JournalDamaged, match=sentence):
        journal.verify(reader)


def test_a_second_salvage_tells_of_the_gaps_of_the_first_as_well(folder: Path) -> None:
    for _ in range(2):
        zero(folder, pages_of(folder, "journal")[2])
        salvaged(folder)
    assert len(query(folder, "SELECT 1 FROM journal_gap")) in {1, 2}
    with closing(open_reader(folder / FILE_NAME)) as reader:
        journal.verify(reader)
    told = reports(folder / FILE_NAME)[-1]
    assert told.salvaged + told.missing == told.facts


def test_label_jobs_that_were_not_settled_are_uncertain_after_the_next_start(folder: Path) -> None:
    settled = query(folder, "SELECT count(*) FROM spool_job WHERE state = 'confirmed'")
    zero(folder, *pages_of(folder, "spool_job"))
    salvaged(folder)
    bench = Bench(folder)
    states = dict(bench.query("SELECT state, count(*) FROM spool_job GROUP BY state"))
    assert set(states) == {"confirmed", "uncertain"}
    assert [(states["confirmed"],)] == settled
    assert bench.query("SELECT reason FROM fence") == [("salvage",)]
    bench.close()


def test_a_promise_that_was_lost_waits_for_a_person_where_hq_may_have_it(folder: Path) -> None:
    had = {seq for (seq,) in query(folder, "SELECT seq FROM outbox WHERE state = 'delivered'")}
    owed = query(folder, "SELECT count(*) FROM outbox")
    zero(folder, *pages_of(folder, "outbox")[:3])
    salvaged(folder)
    assert query(folder, "SELECT count(*) FROM outbox") == owed
    assert not had & {seq for (seq,) in query(folder, "SELECT seq FROM outbox WHERE state = 'pending'")}
    reasons = {reason for (reason,) in query(folder, "SELECT reason FROM outbox WHERE state = 'parked'")}
    assert any("Compare with HQ first" in str(reason) for reason in reasons)


def test_a_command_whose_answer_was_lost_is_not_done_again(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pick-1")
    bench.given_products(product("SKU-1"))
    bench.given_picklist("PL-7", line("SKU-1", 9))
    bench.signed_in().scan("PL-7", "A-1")
    again = c.Scan(command_id=bench.scan("SKU-1").command_id, workplace="pick-1", code="SKU-1")
    bench.restart()
    bench.runner.run(bench.store.close())
    zero(bench.folder, *pages_of(bench.folder, "receipt"))
    salvaged(bench.folder)
    bench.store = bench._open()
    assert bench.do(again).repeated
    assert bench.screen.text == (
        "This was done before; its answer was lost when the store was damaged. Look at the list and go on there."
    )
    assert bench.task("SKU-1").picked == 1


def test_cursors_are_dropped_when_facts_are_missing_so_that_hq_gives_its_work_again(folder: Path) -> None:
    edit(folder, "INSERT INTO pull_cursor VALUES ('main', 'work', '17')")
    zero(folder, pages_of(folder, "party")[0])
    salvaged(folder)
    assert query(folder, "SELECT cursor FROM pull_cursor") == [("17",)]
    zero(folder, pages_of(folder, "journal")[2])
    salvaged(folder)
    assert query(folder, "SELECT cursor FROM pull_cursor") == []


def test_another_stations_file_is_not_taken_for_this_ones(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(StoreRefused, match=r"store of station station-1, and edge.toml says that this is station-2"):
        salvage(
            other / FILE_NAME,
            "x",
            replace(SITE, station_id="station-2"),
            SystemClock(),
            "0",
            source=folder / FILE_NAME,
        )
