"""The one thread that writes: shared commits, faults that stay with their cause, and doubts that are resolved."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from local_store.clock import SystemClock
from local_store.database import StoreRefused
from local_store.domain import commands as c
from local_store.domain.events import Fact, WorkerSignedOut
from local_store.journal import Recorded, verify
from local_store.store import Store
from local_store.transaction import CommandReused, Receipt, Transaction
from local_store.writer import MAX_BATCH, StoreInDoubt
from tests.support import floor
from tests.support.floor import new_id
from tests.support.needs import ROOT
from tests.support.patience import PATIENCE_S

SITE = replace(floor.SITE, sscc=None)
"""Without number ranges a start is one fact."""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(tmp_path, SITE, SystemClock(), "0")
    await opened.open()
    yield opened
    await opened.close()


@asynccontextmanager
async def held(store: Store) -> AsyncIterator[None]:
    """While inside, the writer is busy and everything submitted waits for it."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(_tx: Transaction) -> None:
        begun.set()
        assert go_on.wait(10)

    holding = asyncio.ensure_future(store.run(hold))
    await asyncio.to_thread(begun.wait, 10)
    try:
        yield
        await asyncio.sleep(0)  # lets the tasks that were made submit
    finally:
        go_on.set()
        await holding


def scan(code: str = "GARBAGE") -> c.Scan:
    return c.Scan(command_id=new_id(), workplace="pick-1", code=code)


def start(store: Store, *commands: c.Command) -> list[asyncio.Task[Receipt]]:
    return [asyncio.create_task(store.execute(command)) for command in commands]


def keep_commits(store: Store) -> list[list[Fact]]:
    """One list of facts for every commit from now on."""
    commits: list[list[Fact]] = []
    store.listen(lambda recorded: commits.append([each.fact for each in recorded]))
    return commits


# shared commits


async def test_commands_that_wait_at_the_same_moment_share_a_commit(store: Store) -> None:
    commits = keep_commits(store)
    async with held(store):
        tasks = start(store, *(scan() for _ in range(40)))
    await asyncio.gather(*tasks)
    assert [len(facts) for facts in commits] == [40]


async def test_who_was_answered_together_and_asks_again_at_once_shares_the_next_commit_too(store: Store) -> None:
    """Also when the writer may interrupt the loop at any moment."""
    commits = keep_commits(store)

    async def twice() -> None:
        await store.execute(scan())
        await store.execute(scan())

    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    try:
        async with held(store):
            tasks = [asyncio.create_task(twice()) for _ in range(MAX_BATCH)]
        await asyncio.gather(*tasks)
    finally:
        sys.setswitchinterval(usual)
    assert [len(facts) for facts in commits] == [MAX_BATCH, MAX_BATCH]


async def test_a_commit_holds_no_more_than_a_full_batch(store: Store) -> None:
    commits = keep_commits(store)
    async with held(store):
        tasks = start(store, *(scan() for _ in range(MAX_BATCH + 5)))
    await asyncio.gather(*tasks)
    assert [len(facts) for facts in commits] == [MAX_BATCH, 5]


async def test_commands_are_decided_in_the_order_they_came_each_after_the_one_before(store: Store) -> None:
    async with held(store):
        tasks = start(store, scan("BADGE-ANA"), scan("BADGE-BEN"), scan("PL-404"))
    codes = [(await task).answer.code for task in tasks]
    assert codes == ["worker.signed_in", "worker.signed_in", "pick.unknown"]


async def test_one_command_sent_twice_at_the_same_moment_is_done_once(store: Store) -> None:
    command = scan()
    async with held(store):
        tasks = start(store, command, command)
    first, second = [await task for task in tasks]
    assert (first.answer, first.last_seq, second.repeated) == (second.answer, second.last_seq, True)


async def test_answers_leave_only_after_the_commit(store: Store) -> None:
    """Another connection sees the receipt at the moment the answer is there."""
    receipt = await store.execute(scan())
    assert _knows(store, receipt)


async def test_listeners_hear_of_committed_facts_only(store: Store) -> None:
    heard: list[int] = []

    def listener(recorded: list[Recorded]) -> None:
        (last,) = store.reader.execute("SELECT max(seq) FROM journal").fetchone()
        assert recorded[-1].seq <= last
        heard.extend(each.seq for each in recorded)

    store.listen(listener)
    receipts = await asyncio.gather(*start(store, *(scan() for _ in range(20))))
    assert sorted(heard) == sorted(receipt.first_seq or 0 for receipt in receipts)


# faults stay with their cause


def _fact() -> WorkerSignedOut:
    return WorkerSignedOut(workplace="pick-1", worker_id="nobody")


def raises_an_error(tx: Transaction) -> None:
    tx.append(_fact())
    raise LookupError("this one is at fault")


def breaks_a_rule_of_the_schema(tx: Transaction) -> None:
    seq = tx.append(_fact())
    tx.connection.execute("INSERT INTO journal SELECT * FROM journal WHERE seq = ?", (seq,))


def tries_to_edit_a_fact(tx: Transaction) -> None:
    tx.append(_fact())
    tx.connection.execute("UPDATE journal SET actor = 'somebody else'")


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (raises_an_error, LookupError),
        (breaks_a_rule_of_the_schema, sqlite3.IntegrityError),
        (tries_to_edit_a_fact, sqlite3.IntegrityError),
    ],
)
async def test_work_that_fails_undoes_only_itself(
    store: Store, work: Callable[[Transaction], None], error: type[Exception]
) -> None:
    async with held(store):
        before = start(store, scan(), scan())
        failing = asyncio.ensure_future(store.run(work))
        await asyncio.sleep(0)
        after = start(store, scan())
    with pytest.raises(error):
        await failing
    assert all([_knows(store, await task) for task in before + after])
    assert store.reader.execute("SELECT count(*) FROM journal WHERE kind = 'worker.signed_out'").fetchone()[0] == 0
    assert verify(store.reader) == 4


async def test_a_reused_id_fails_alone(store: Store) -> None:
    first = scan()
    await store.execute(first)
    async with held(store):
        tasks = start(store, scan(), first.model_copy(update={"code": "OTHER"}), scan())
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Receipt, CommandReused, Receipt]


async def test_a_caller_who_goes_away_does_not_take_the_command_along(store: Store) -> None:
    command = scan()
    async with held(store):
        (task,) = start(store, command)
        await asyncio.sleep(0)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await store.execute(command)).repeated


async def test_a_closed_store_takes_no_more_and_leaves_nobody_waiting(tmp_path: Path) -> None:
    store = Store(tmp_path, SITE, SystemClock(), "0")
    await store.open()
    tasks = start(store, *(scan() for _ in range(100)))
    await asyncio.sleep(0)
    await store.close()
    assert all(isinstance(outcome, Receipt) for outcome in await asyncio.gather(*tasks))
    with pytest.raises(StoreInDoubt, match="the store is closed; try again when the agent runs"):
        await store.execute(scan())


async def test_a_store_that_closes_behind_a_busy_loop_still_answers_everybody(tmp_path: Path) -> None:
    """Several batches are through before the loop hears of the first."""
    store = Store(tmp_path, SITE, SystemClock(), "0")
    await store.open()
    tasks = start(store, *(scan() for _ in range(4 * MAX_BATCH)))
    await asyncio.sleep(0)
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    store._writer._thread.join()
    await closing
    async with asyncio.timeout(PATIENCE_S):
        assert all(isinstance(outcome, Receipt) for outcome in await asyncio.gather(*tasks))


async def test_what_is_asked_in_the_moment_before_closing_is_done(tmp_path: Path) -> None:
    """Whoever just got an answer asks again at once, and that is gathered with what others ask then."""
    store = Store(tmp_path, SITE, SystemClock(), "0")
    await store.open()
    await store.execute(scan())
    asked = store._writer.submit(lambda _tx: "done")
    await store.close()
    async with asyncio.timeout(PATIENCE_S):
        assert await asked == "done"


# a commit that fails is neither yes nor no


def leaves_a_broken_promise(tx: Transaction) -> None:
    """The commit itself fails: a deferred rule is checked only there."""
    tx.connection.execute("PRAGMA defer_foreign_keys=ON")
    tx.connection.execute("INSERT INTO outbox(lane, seq, entity, state) VALUES ('main', 999999, 'x', 'pending')")


def commits_by_itself(tx: Transaction) -> None:
    """Everything of the batch is on disk, and yet the writer's own commit fails."""
    tx.connection.execute("COMMIT")


async def with_company(
    store: Store, work: Callable[[Transaction], None]
) -> tuple[c.Command, Awaitable[Receipt], Awaitable[None]]:
    """A command and some work that share a batch."""
    command = scan()
    async with held(store):
        (task,) = start(store, command)
        await asyncio.sleep(0)
        company = asyncio.ensure_future(store.run(work))
        await asyncio.sleep(0)
    return command, task, company


async def test_after_a_failed_commit_a_command_that_is_not_there_is_in_doubt_and_may_come_again(store: Store) -> None:
    command, task, company = await with_company(store, leaves_a_broken_promise)
    for each in (task, company):
        with pytest.raises(StoreInDoubt, match=r"the store could not keep this \(FOREIGN KEY .* failed\); try again"):
            await each
    assert not (await store.execute(command)).repeated
    assert verify(store.reader) == 2


async def test_after_a_failed_commit_a_command_that_is_there_gets_its_answer(store: Store) -> None:
    commits = keep_commits(store)
    command, task, company = await with_company(store, commits_by_itself)
    receipt = await task
    with pytest.raises(StoreInDoubt):
        await company
    assert receipt.answer.code == "worker.none"
    assert [len(facts) for facts in commits] == [1]
    assert (await store.execute(command)).last_seq == receipt.last_seq
    assert not (await store.execute(scan())).repeated
    assert verify(store.reader) == 3


async def test_of_two_commands_with_one_id_in_doubt_only_the_one_on_disk_is_answered(store: Store) -> None:
    command, task, company = await with_company(store, commits_by_itself)
    await task
    with pytest.raises(StoreInDoubt):
        await company
    with pytest.raises(CommandReused):
        await store.execute(command.model_copy(update={"code": "OTHER"}))


def test_a_full_disk_leaves_the_act_in_doubt_until_there_is_room_and_then_it_counts_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.local_store.child", "full_disk", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    no_room, no_file, still_none, first, again, picked = done.stdout.splitlines()
    assert no_room == "in doubt: the store could not keep this (disk I/O error); try again"
    assert no_file == no_room  # looking the first command up had opened the file again; now it cannot be
    assert "unable to open database file" in still_none
    assert first == "first: Item SKU-1 (SKU-1): 2 of 9."
    assert again == "again: Item SKU-1 (SKU-1): 2 of 9."
    assert picked == "2"


# one agent at a time


async def test_a_second_agent_on_the_same_folder_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreRefused) as refused:
        await Store(tmp_path, SITE, SystemClock(), "0").open()
    assert str(refused.value) == (
        f"{tmp_path}: another agent is running on this folder. Stop it (`systemctl stop edge-agent`) or choose "
        "another station.data_dir."
    )


async def test_a_store_that_could_not_be_opened_holds_no_lock(tmp_path: Path) -> None:
    file = tmp_path / "edge.sqlite3"
    file.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreRefused, match="not one fact in this file can be proved"):
        await Store(tmp_path, SITE, SystemClock(), "0").open()
    file.unlink()
    store = Store(tmp_path, SITE, SystemClock(), "0")
    await store.open()
    await store.close()


async def test_every_start_is_a_new_epoch_in_the_same_chain(tmp_path: Path) -> None:
    for _ in range(3):
        store = Store(tmp_path, SITE, SystemClock(), "0")
        await store.open()
        await store.close()
    store = Store(tmp_path, SITE, SystemClock(), "0")
    await store.open()
    rows = store.reader.execute("SELECT j.epoch, e.epoch_id FROM journal j JOIN epoch e ON e.ordinal = j.epoch")
    ordinals, ids = zip(*rows, strict=True)
    assert (ordinals, len(set(ids))) == ((1, 2, 3, 4), 4)
    assert verify(store.reader) == 4
    await store.close()


def _knows(store: Store, receipt: Receipt) -> bool:
    row = store.reader.execute("SELECT 1 FROM receipt WHERE command_id = ?", (receipt.command_id.bytes,)).fetchone()
    return row is not None
