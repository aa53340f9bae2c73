"""The nightly look and backup, and what the screens are told of the store's health."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.problems import Problems
from agent.store_care import StoreCare
from local_store import inspection
from local_store.backup import KEEP, backups
from local_store.clock import SystemClock
from tests.support.floor import Bench, line, product
from tests.support.site import until
from tests.support.tampering import tamper

HOUR_MS = 3_600_000


class MovableClock(SystemClock):
    """The clocks of this machine, moved on by hand."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def wall_ms(self) -> int:
        return super().wall_ms() + self.ahead_ms


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


class Cared:
    """A store at work and the one who cares for it."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock()
        self.bench = Bench(folder)
        self.bench.given_products(product("SKU-1"))
        self.bench.given_picklist("PL-7", line("SKU-1", 9))
        self.problems = Problems(self.clock.wall_ms)
        self.care = StoreCare(self.bench.store, self.problems, lambda: None, self.clock, no_pause)

    def night(self) -> None:
        """Everything that is done once a day, in its order."""

        async def work() -> None:
            for job in self.care.jobs():
                await job.work()

        self.bench.runner.run(work())

    def watched(self) -> dict[str, str]:
        """The problems after the watch has looked."""

        async def look_once() -> None:
            watch = asyncio.ensure_future(self.care.runs()["store health"]())
            await asyncio.sleep(0)
            watch.cancel()

        self.bench.runner.run(look_once())
        return {each.problem_id: each.sentence for each in self.problems.open()}


@pytest.fixture
def cared(tmp_path: Path) -> Iterator[Cared]:
    made = Cared(tmp_path)
    yield made
    made.bench.close()


def test_a_night_leaves_a_verified_backup_and_no_problem(cared: Cared) -> None:
    cared.night()
    (made,) = backups(cared.bench.store.path)
    assert made.facts == cared.bench.query("SELECT count(*) FROM journal")[0][0]
    assert cared.watched() == {}
    told = cared.care.as_json()
    assert told["last_backup"]["file"] == made.name
    assert told["last_look"]["damaged_rows"] == 0


def test_the_newest_verified_backups_are_kept(cared: Cared) -> None:
    names = []
    for _ in range(KEEP + 2):
        cared.clock.ahead_ms += 24 * HOUR_MS
        cared.night()
        names.append(backups(cared.bench.store.path)[-1].name)
    assert [made.name for made in backups(cared.bench.store.path)] == names[-KEEP:]
    files = {path.name for path in (cared.bench.folder / "backups").glob("*.sqlite3")}
    assert files == set(names[-KEEP:])


def test_a_backup_older_than_26_hours_is_a_problem_until_the_next_one(cared: Cared) -> None:
    cared.night()
    cared.clock.ahead_ms += 26 * HOUR_MS + HOUR_MS // 2
    cared.care.say_age_of_backup()
    sentence = cared.watched()["store.backup"]
    assert sentence == "The last verified backup of this station is 26 hours old."
    cared.night()
    assert "store.backup" not in cared.watched()


def test_a_copy_that_was_never_verified_does_not_count(cared: Cared) -> None:
    cared.night()
    (side,) = (cared.bench.folder / "backups").glob("*.verified.json")
    side.unlink()
    assert backups(cared.bench.store.path) == []


def test_a_backup_that_fails_is_a_problem_and_leaves_nothing_behind(cared: Cared) -> None:
    (cared.bench.folder / "backups").write_text("in the way")
    cared.night()
    assert "the last good backup is the one before" in cared.watched()["store.backup"]
    assert sorted(path.name for path in cared.bench.folder.glob("*.making")) == []


def test_damage_is_counted_on_the_screens_and_noted_for_the_next_start(cared: Cared) -> None:
    tamper(cared.bench.store.path, "UPDATE journal SET wall_ms = wall_ms + 1 WHERE seq IN (2, 4)")
    cared.night()
    sentence = {each.problem_id: each.sentence for each in cared.problems.open()}["store.damaged"]
    assert "2 findings" in sentence
    assert "journal row 2 was changed" in sentence
    assert inspection.noted_damage(cared.bench.folder) is not None
    cared.bench.restart()
    assert "was salvaged" in Cared.watched(cared)["store.salvaged"]


def test_the_end_of_the_journal_is_noted_as_it_moves(cared: Cared) -> None:
    async def note_once() -> None:
        noting = asyncio.ensure_future(cared.care.runs()["note of the journal's end"]())
        await until((cared.bench.folder / inspection.TAIL).exists, "the end was not noted")
        noting.cancel()

    cared.bench.runner.run(note_once())
    told = json.loads((cared.bench.folder / inspection.TAIL).read_text())
    assert told["seq"] == cared.bench.query("SELECT max(seq) FROM journal")[0][0]
