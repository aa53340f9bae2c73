"""A store knows its machine and file; one that was copied or put back is fenced, and no old number is used."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from local_store import identity, journal
from local_store.clock import SystemClock
from local_store.database import FILE_NAME
from local_store.domain import events as e
from local_store.domain.codes import sscc_of
from local_store.domain.printing import Job
from local_store.domain.site import SsccNumbers
from local_store.store import Store
from tests.support.floor import SITE, Bench, line, product

ITEM = product("SKU-1", name="Chai")


@pytest.fixture
def bench(open_bench: Callable[[str], Bench]) -> Bench:
    """Ana packs; order O-1 is sealed, O-2 and O-3 are ready."""
    bench = open_bench("pack-1")
    bench.given_products(ITEM)
    for order in ("O-1", "O-2", "O-3"):
        bench.given_order(order, line("SKU-1", 1))
    bench.signed_in().packed("O-1", grams=100)
    return bench


def moved(bench: Bench) -> None:
    """The store's files are copied, and the agent is started on the copy."""
    bench.runner.run(bench.store.close())
    copy = bench.folder.with_name("copy")
    shutil.copytree(bench.folder, copy)
    bench.folder = copy
    bench.store = bench._open()


def file_of(bench: Bench) -> sqlite3.Connection:
    return sqlite3.connect(bench.folder / FILE_NAME)


# the host


def test_a_copied_file_has_another_fingerprint_and_a_renamed_one_has_not(tmp_path: Path) -> None:
    machine, store = tmp_path / "machine-id", tmp_path / "a"
    machine.write_text("0123\n")
    store.write_bytes(b"x")
    mine = identity.host_fingerprint(store, machine)
    shutil.copy(store, tmp_path / "b")
    assert identity.host_fingerprint(tmp_path / "b", machine) != mine
    assert identity.host_fingerprint(store.rename(tmp_path / "c"), machine) == mine


def test_the_same_file_on_another_machine_has_another_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"x")
    found = []
    for name in ("0123", "4567", None):
        machine = tmp_path / f"machine-{name}"
        if name is not None:
            machine.write_text(name)
        found.append(identity.host_fingerprint(tmp_path / "store", machine))
    assert len(set(found)) == 3


# the fence


def test_an_install_and_a_restart_are_not_fenced(bench: Bench) -> None:
    bench.restart()
    assert identity.fence_held(bench.store.reader) is None
    assert [fact.reason for fact in bench.facts(e.StationStarted)] == ["install", "start"]
    assert bench.query("SELECT count(DISTINCT epoch_id), count(DISTINCT host_fp) FROM epoch") == [(2, 1)]


def test_a_copied_store_is_fenced_at_its_next_start_and_begins_a_lineage(bench: Bench) -> None:
    before = identity.lineage_of(bench.store.reader)
    moved(bench)
    assert identity.fence_held(bench.store.reader) == identity.MOVED
    (fence,) = bench.facts(e.StationFenced)
    assert fence.reason == "clone"
    assert identity.lineage_of(bench.store.reader) == fence.epoch_id != before
    assert bench.query("SELECT reason FROM epoch ORDER BY ordinal") == [("install",), ("clone",)]
    journal.verify(bench.store.reader)


def test_a_fenced_store_gives_out_no_number_and_says_so(bench: Bench) -> None:
    moved(bench)
    bench.packed("O-2", grams=100)
    assert bench.screen.code == "pack.no_numbers"
    (burned,) = bench.facts(e.NumbersBurned)
    assert (burned.first, burned.last) == (2, 9999)


def test_other_work_goes_on_while_the_fence_stands(bench: Bench) -> None:
    moved(bench)
    bench.at("pick-1").given_picklist("PL-1", line("SKU-1", 1))
    bench.signed_in().scan("PL-1", "A-1", "SKU-1", "PL-1")
    assert bench.screen.code == "pick.completed"


def test_labels_that_were_not_settled_are_in_doubt_behind_a_fence(bench: Bench) -> None:
    assert bench.query("SELECT state FROM spool_job") == [(Job.QUEUED,)]
    moved(bench)
    ((state, reason),) = bench.query("SELECT state, reason FROM spool_job")
    assert state == Job.UNCERTAIN
    assert reason.startswith(identity.MOVED)


def test_who_puts_a_file_in_place_has_its_next_start_fenced_once(bench: Bench) -> None:
    bench.runner.run(bench.store.close())
    with closing(file_of(bench)) as connection, connection:
        identity.raise_fence(connection, "restore", "The backup of Monday was put back.", 1)
    bench.store = bench._open()
    assert identity.fence_held(bench.store.reader) == "The backup of Monday was put back."
    assert [fact.reason for fact in bench.facts(e.StationStarted)] == ["install", "restore"]
    bench.restart()
    assert len(bench.facts(e.StationFenced)) == 1
    assert identity.fence_held(bench.store.reader) is not None


def test_a_start_that_is_cut_before_the_fence_was_written_leaves_it_to_the_next(bench: Bench) -> None:
    bench.runner.run(bench.store.close())
    with closing(sqlite3.connect(bench.folder / FILE_NAME, isolation_level=None)) as connection:
        cut = identity.next_epoch(connection, "another host", 1, "0")
    assert cut.reason == "clone"
    bench.store = bench._open()
    assert identity.fence_held(bench.store.reader) == identity.MOVED


def test_a_settled_fence_stays_settled(bench: Bench) -> None:
    moved(bench)
    assert bench.runner.run(bench.store.run(lambda tx: identity.settle(tx, "person", note="looked")))
    assert not bench.runner.run(bench.store.run(lambda tx: identity.settle(tx, "person", note="looked")))
    bench.restart()
    assert identity.fence_held(bench.store.reader) is None
    assert bench.dump() == bench.rebuilt_dump()


def test_a_fence_while_the_agent_runs_begins_an_epoch_for_all_that_follows(bench: Bench) -> None:
    before = bench.store.epoch
    lineage = bench.runner.run(bench.store.run(lambda tx: identity.fence_now(tx, "clone", "HQ says so.")))
    bench.given_order("O-9", line("SKU-1", 1))
    ((epoch, epoch_id),) = bench.query(
        "SELECT ordinal, epoch_id FROM journal JOIN epoch ON ordinal = epoch ORDER BY seq DESC LIMIT 1"
    )
    assert (epoch, epoch_id) == (before + 1, lineage) == (bench.store.epoch, identity.lineage_of(bench.store.reader))


# ranges


def test_a_burned_range_is_not_used_again_and_one_behind_it_is(bench: Bench) -> None:
    moved(bench)
    bench.restart(sscc=SsccNumbers("0614141", 3, 5000, 12_000))
    bench.packed("O-2", grams=100)
    (_, sealed) = bench.facts(e.PackageSealed)
    assert sealed.sscc_serial == 10_000


def test_a_range_that_leaves_edge_toml_and_comes_back_goes_on_where_it_was(bench: Bench) -> None:
    bench.restart(sscc=SsccNumbers("0614141", 4, 1, 9))
    bench.packed("O-2", grams=100)
    bench.restart(sscc=SITE.sscc)
    bench.packed("O-3", grams=100)
    wanted = [sscc_of("0614141", digit, serial) for digit, serial in ((3, 1), (4, 1), (3, 2))]
    assert [fact.sscc for fact in bench.facts(e.PackageSealed)] == wanted


def test_a_longer_range_begins_behind_what_was_used_of_the_shorter(bench: Bench) -> None:
    bench.restart(sscc=SsccNumbers("0614141", 3, 1, 99_999))
    bench.packed("O-2", grams=100)
    assert [fact.sscc_serial for fact in bench.facts(e.PackageSealed)] == [1, 2]


async def test_two_stores_never_begin_the_same_epoch(tmp_path: Path) -> None:
    async def lineage(name: str) -> str:
        store = Store(tmp_path / name, replace(SITE, sscc=None), SystemClock(), "0")
        await store.open()
        await store.close()
        with closing(sqlite3.connect(store.path)) as connection:
            return identity.lineage_of(connection)

    found = await asyncio.gather(lineage("a"), lineage("b"))
    assert len(set(found)) == 2
