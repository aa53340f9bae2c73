"""Calendar work: each job once a local day, through daylight saving, clocks that are set, nights without power."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.schedule import CalendarJob, Schedule, daily, newest_day
from local_store.store import Store
from tests.support.floor import SITE
from tests.support.patience import PATIENCE_S

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
HALF_PAST_TWO = time(2, 30)


@dataclass
class Night:
    """The clocks of a station, in steps of the schedule's own waits; a wait takes no time."""

    wall: datetime
    mono: int = 0
    stretch: int = 1
    """How much longer than asked a wait takes, as on a busy or sleeping machine."""
    changes: dict[datetime, timedelta] = field(default_factory=dict)
    """When the clock shows this, it is set by that much."""

    def wall_ms(self) -> int:
        return int(self.wall.timestamp() * 1000)

    def mono_ms(self) -> int:
        return self.mono

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.wall += timedelta(seconds=seconds * self.stretch)
        self.mono += int(seconds * 1000) * self.stretch
        for moment in [moment for moment in self.changes if moment <= self.wall]:
            self.wall += self.changes.pop(moment)


@asynccontextmanager
async def station(folder: Path, clock: Night) -> AsyncIterator[Store]:
    store = Store(folder, SITE, clock, "0")
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def runs_until(
    store: Store,
    clock: Night,
    end: datetime,
    zone: ZoneInfo = BERLIN,
    work: Callable[[], Awaitable[None]] | None = None,
) -> list[datetime]:
    """When the 02:30 job ran, in site time, up to `end`."""
    ran: list[datetime] = []

    async def note() -> None:
        ran.append(clock.wall.astimezone(zone))
        if work is not None:
            await work()

    schedule = Schedule(zone.key, [CalendarJob("backup", HALF_PAST_TWO, note)], store, clock, clock.sleep)
    (run,) = schedule.runs().values()
    task = asyncio.ensure_future(run())
    async with asyncio.timeout(60):
        while clock.wall < end and not task.done():  # noqa: ASYNC110 -- turns the loop; nothing is waited for
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return ran


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time in Berlin."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def days(ran: list[datetime]) -> list[date]:
    return [moment.date() for moment in ran]


@pytest.mark.parametrize("turn", [SPRING, AUTUMN])
async def test_the_half_past_two_job_runs_once_on_each_day_around_a_change_of_the_clocks(
    tmp_path: Path, turn: date
) -> None:
    clock = Night(at(turn - timedelta(days=2), 12))
    async with station(tmp_path, clock) as store:
        ran = await runs_until(store, clock, at(turn + timedelta(days=2), 12))
    first = [turn - timedelta(days=2)]  # done for the night before, since it never was
    assert days(ran) == first + [turn + timedelta(days=n) for n in (-1, 0, 1, 2)]
    assert [(moment.hour, moment.minute) for moment in ran[1:]] == [
        (3, 0) if turn == SPRING and moment.date() == SPRING else (2, 30) for moment in ran[1:]
    ]


@pytest.mark.parametrize("turn", [SPRING, AUTUMN])
@pytest.mark.parametrize("set_at", [(0, 50), (1, 55), (2, 31), (4, 0)])
@pytest.mark.parametrize("minutes", [-1440, -61, 5, 181])
async def test_a_clock_that_is_set_at_night_neither_loses_a_job_nor_repeats_it(
    tmp_path: Path, turn: date, set_at: tuple[int, int], minutes: int
) -> None:
    clock = Night(at(turn - timedelta(days=2), 12), stretch=30)
    clock.changes[at(turn, *set_at)] = timedelta(minutes=minutes)
    async with station(tmp_path, clock) as store:
        ran = await runs_until(store, clock, at(turn + timedelta(days=1), 12))
    assert days(ran) == [turn + timedelta(days=n) for n in (-2, -1, 0, 1)]


async def test_ten_years_forth_and_back_cost_one_run_for_the_wrong_day(tmp_path: Path) -> None:
    day = date(2026, 7, 1)
    clock = Night(at(day, 1))
    async with station(tmp_path, clock) as store:
        ran = await runs_until(store, clock, at(day, 10))
        clock.wall += timedelta(days=3652)
        wrong = await runs_until(store, clock, clock.wall + timedelta(hours=1))
        clock.wall -= timedelta(days=3652)
        ran += await runs_until(store, clock, at(day + timedelta(days=1), 12))
    assert days(ran) == [day, day, day + timedelta(days=1)], "the first is for the night before"
    assert [moment.year for moment in wrong] == [2036]


async def test_a_station_that_was_off_at_night_does_it_when_it_is_on_again_and_once(tmp_path: Path) -> None:
    clock = Night(at(date(2026, 7, 1), 1))
    async with station(tmp_path, clock) as store:
        await runs_until(store, clock, at(date(2026, 7, 1), 18))
    clock.wall = at(date(2026, 7, 4), 7)
    async with station(tmp_path, clock) as store:
        assert days(await runs_until(store, clock, at(date(2026, 7, 4), 18))) == [date(2026, 7, 4)]
    clock.wall = at(date(2026, 7, 4), 19)
    async with station(tmp_path, clock) as store:
        assert await runs_until(store, clock, at(date(2026, 7, 5), 1)) == []


async def test_a_job_that_failed_counts_as_not_done(tmp_path: Path) -> None:
    async def fails() -> None:
        raise OSError("the backup disk is away")

    clock = Night(at(date(2026, 7, 1), 4))
    async with station(tmp_path, clock) as store:
        assert len(await runs_until(store, clock, at(date(2026, 7, 1), 5), work=fails)) == 1
        assert len(await runs_until(store, clock, at(date(2026, 7, 1), 6))) == 1


async def test_jobs_run_one_after_the_other(tmp_path: Path) -> None:
    busy: list[str] = []
    most = 0

    def job(name: str) -> CalendarJob:
        async def work() -> None:
            nonlocal most
            busy.append(name)
            most = max(most, len(busy))
            await clock.sleep(1)
            await clock.sleep(1)
            busy.remove(name)

        return CalendarJob(name, HALF_PAST_TWO, work)

    clock = Night(at(date(2026, 7, 1), 4))
    async with station(tmp_path, clock) as store:
        schedule = Schedule(BERLIN.key, [job("a"), job("b"), job("c")], store, clock, clock.sleep)
        tasks = [asyncio.ensure_future(run()) for run in schedule.runs().values()]
        async with asyncio.timeout(PATIENCE_S):
            while _done(store) < 3:  # noqa: ASYNC110 -- looks at the store, which sends no event
                await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert most == 1


def _done(store: Store) -> int:
    (done,) = store.reader.execute("SELECT count(*) FROM calendar").fetchone()
    return int(done)


# the trigger by itself


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("hour", [0, 2])
def test_every_day_of_a_year_comes_up_once_and_no_day_is_left_out(zone: str, hour: int) -> None:
    """What a station does that looks every 97 minutes, by what the clock on the wall shows."""
    trigger, seen = daily(time(hour, 30)), dict[date, None]()
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    while now < datetime(2027, 1, 1, 12, tzinfo=UTC):
        seen[newest_day(trigger, now.astimezone(ZoneInfo(zone)))] = None
        now += timedelta(minutes=97)
    assert list(seen) == [date(2026, 1, 1) + timedelta(days=n) for n in range(366)]
