"""The wall clock may say anything: order, answers and retention do not depend on it, and every jump is recorded."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_store import journal
from local_store.clock import SystemClock
from local_store.creation import make_if_missing
from local_store.domain import commands as c
from local_store.domain.events import StationClockJumped
from local_store.store import Store
from local_store.timekeeping import DOUBTED_MS, LONGEST_OFF_MS, Timekeeper
from local_store.transaction import Transaction
from tests.support.floor import SITE, new_id

NOON = 1_795_262_400_000
DAY = 24 * 3_600_000
TEN_YEARS = 3652 * DAY


@dataclass
class Hands:
    """A clock that stands until it is moved: time passes on both clocks, a jump is on the wall only."""

    wall: int = NOON
    mono: int = 1_000_000

    def wall_ms(self) -> int:
        return self.wall

    def mono_ms(self) -> int:
        return self.mono

    def passes(self, ms: int) -> None:
        self.wall += ms
        self.mono += ms

    def jumps(self, ms: int) -> None:
        self.wall += ms


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def store(tmp_path: Path, hands: Hands) -> AsyncIterator[Store]:
    opened = Store(tmp_path, SITE, hands, "0")
    await opened.open()
    yield opened
    await opened.close()


async def scan(store: Store) -> None:
    await store.execute(c.Scan(command_id=new_id(), workplace="pick-1", code="GARBAGE"))


def kinds(store: Store) -> list[tuple[str, str]]:
    """(kind, quality) of scans and jumps, in order."""
    rows = store.reader.execute(
        "SELECT kind, wall_quality FROM journal WHERE kind IN ('scan.refused', 'station.clock_jumped') ORDER BY seq"
    )
    return [tuple(row) for row in rows]


def jumps(store: Store) -> list[tuple[int, int]]:
    facts = [each.fact for each in journal.read(store.reader)]
    return [(fact.from_ms, fact.to_ms) for fact in facts if isinstance(fact, StationClockJumped)]


@pytest.mark.parametrize("jump", [TEN_YEARS, -TEN_YEARS, DAY, -DAY, 2_001, -2_001])
async def test_a_jump_is_a_fact_of_its_own_before_the_next_one(store: Store, hands: Hands, jump: int) -> None:
    await scan(store)
    hands.passes(5_000)
    hands.jumps(jump)
    await scan(store)
    assert jumps(store) == [(NOON + 5_000, NOON + 5_000 + jump)]
    assert kinds(store) == [
        ("scan.refused", "system"),
        ("station.clock_jumped", "jumped"),
        ("scan.refused", "jumped"),
    ]
    assert journal.verify(store.reader) > 0


@pytest.mark.parametrize("correction", [2_000, -2_000, 1, 0])
async def test_a_small_correction_is_no_jump(store: Store, hands: Hands, correction: int) -> None:
    hands.jumps(correction)
    await scan(store)
    assert jumps(store) == []


async def test_a_long_quiet_time_is_no_jump(store: Store, hands: Hands) -> None:
    hands.passes(90 * DAY)
    await scan(store)
    assert kinds(store) == [("scan.refused", "system")]


async def test_times_are_trusted_again_once_the_clock_is_set_back_or_a_day_has_passed(
    store: Store, hands: Hands
) -> None:
    hands.jumps(TEN_YEARS)
    await scan(store)
    hands.jumps(-TEN_YEARS)
    await scan(store)
    hands.jumps(-DAY)
    await scan(store)
    hands.passes(DOUBTED_MS + 1)
    await scan(store)
    assert [quality for kind, quality in kinds(store) if kind == "scan.refused"] == [
        "jumped",
        "system",
        "jumped",
        "system",
    ]
    assert len(jumps(store)) == 3


async def test_a_jump_is_recorded_though_the_work_beside_it_is_undone(store: Store, hands: Hands) -> None:
    def fails(_tx: Transaction) -> None:
        raise LookupError

    hands.jumps(DAY)
    with pytest.raises(LookupError):
        await store.run(fails)
    assert jumps(store) == []
    await scan(store)
    await scan(store)
    assert jumps(store) == [(NOON, NOON + DAY)]


@pytest.mark.parametrize(
    ("off_ms", "jumped"),
    [
        (0, False),
        (3 * DAY, False),
        (LONGEST_OFF_MS, False),
        (LONGEST_OFF_MS + 1, True),
        (-2_001, True),
        (-TEN_YEARS, True),
    ],
)
async def test_at_a_start_the_clock_is_held_against_the_last_fact(
    tmp_path: Path,
    hands: Hands,
    off_ms: int,
    jumped: bool,  # noqa: FBT001
) -> None:
    for wall in (NOON, NOON + off_ms):
        hands.wall, hands.mono = wall, 5_000  # another boot
        store = Store(tmp_path, SITE, hands, "0")
        await store.open()
        if wall == NOON + off_ms and off_ms:
            assert jumps(store) == ([(NOON, NOON + off_ms)] if jumped else [])
        await store.close()


async def test_order_and_answers_do_not_depend_on_the_clock(store: Store, hands: Hands) -> None:
    """A thousand jumps of up to ten years, each between two scans."""
    first = c.Scan(command_id=new_id(), workplace="pick-1", code="BADGE-ANA")
    receipt = await store.execute(first)
    for n in range(1_000):
        hands.jumps((1 if n % 2 else -1) * TEN_YEARS * (n % 7 + 1) // 7)
        hands.passes(1)
        await scan(store)
    rows = store.reader.execute("SELECT seq FROM journal ORDER BY seq").fetchall()
    assert [seq for (seq,) in rows] == list(range(1, len(rows) + 1))
    assert len(jumps(store)) == 1_000
    again = await store.execute(first)
    assert (again.answer, again.repeated) == (receipt.answer, True)
    assert journal.verify(store.reader) == len(rows)


def heard_days_ago(store: Store, hands: Hands) -> int:
    """Days since the HQ of the lane was heard, as the rules see it."""
    heard_ms = store.site.hq["main"].heard_ms
    assert heard_ms is not None
    return (hands.mono_ms() - heard_ms) // DAY


@pytest.mark.parametrize("jump_ms", [TEN_YEARS, -TEN_YEARS, DAY, -DAY])
async def test_what_hq_said_does_not_age_by_a_set_clock(tmp_path: Path, hands: Hands, jump_ms: int) -> None:
    store = Store(tmp_path, SITE, hands, "0")
    await store.open()
    await store.heard_hq("main")
    hands.jumps(jump_ms)
    hands.passes(3 * DAY)
    assert heard_days_ago(store, hands) == 3
    await store.close()


@pytest.mark.parametrize(
    ("off_ms", "jump_ms", "days"),
    [(3 * DAY, 0, 3), (40 * DAY, 0, 40), (DAY, TEN_YEARS, 0), (DAY, -TEN_YEARS, 0)],
)
async def test_over_another_start_the_clock_on_the_wall_is_asked_and_a_wrong_one_not_believed(
    tmp_path: Path, hands: Hands, off_ms: int, jump_ms: int, days: int
) -> None:
    store = Store(tmp_path, SITE, hands, "0")
    await store.open()
    await store.heard_hq("main")
    await store.close()
    hands.wall, hands.mono = hands.wall + off_ms + jump_ms, 5_000
    store = Store(tmp_path, SITE, hands, "0")
    await store.open()
    assert heard_days_ago(store, hands) == days
    await store.close()


@given(st.lists(st.tuples(st.integers(-TEN_YEARS, TEN_YEARS), st.integers(0, DAY)), max_size=20), st.data())
def test_every_jump_is_given_until_it_is_in_the_journal_and_then_no_more(
    steps: list[tuple[int, int]], committed: st.DataObject
) -> None:
    hands = Hands()
    times = Timekeeper(hands, None)
    seq, kept, expected = 0, 0, 0
    for jump, passes in steps:
        hands.jumps(jump)
        hands.passes(passes)
        expected += abs(jump) > 2_000
        times.look()
        given = times.to_record(seq)
        assert len(given) == expected - kept
        if committed.draw(st.booleans()):
            seq, kept = seq + len(given) + 1, expected


def test_a_suspended_machine_does_not_look_like_a_clock_that_was_set() -> None:
    """The steady clock counts time asleep, as Linux's boot clock does."""
    before = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    now = SystemClock().mono_ms()
    assert before <= now <= time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


def test_sqlite_sees_only_our_times(tmp_path: Path) -> None:
    """No column has a default that asks SQLite for the time."""
    make_if_missing(tmp_path)
    connection = sqlite3.connect(tmp_path / "edge.sqlite3")
    texts = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    connection.close()
    assert not [sql for sql in texts if "CURRENT_" in sql or "now'" in sql or "unixepoch" in sql]
