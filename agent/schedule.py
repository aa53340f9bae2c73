"""Calendar work in the site's time: each job once a local day, whatever happens to the clock, the day or the agent.

APScheduler's triggers say when; the wait is ours, on the steady clock with looks at the wall clock in between, since
APScheduler's own scheduler sleeps through a clock that is set (libraries 2). What counts is whether a job was done
for a local day: so neither daylight saving nor a clock that is set can repeat it, and a station that was off at the
time does it when it is on again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Protocol

from local_store.clock import Clock
from local_store.store import Store
from local_store.transaction import Transaction

LOOK_S = 60.0
"""Between two looks at the wall clock: so late can a job be after a clock was set."""
LOOK_BACK = timedelta(days=2)
"""Every job is a daily one."""

Sleep = Callable[[float], Awaitable[None]]


class Trigger(Protocol):
    """Any of APScheduler's triggers."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next moment from `now` on."""


@dataclass(frozen=True)
class CalendarJob:
    """Something to do once a day. What it raises becomes a problem, and it is tried again (see the supervisor)."""

    name: str
    at: time
    """In the site's time."""
    work: Callable[[], Awaitable[None]]


class Schedule:
    """The calendar jobs of a station, one at a time: they share a disk."""

    def __init__(self, timezone: str, jobs: Iterable[CalendarJob], store: Store, clock: Clock, sleep: Sleep) -> None:
        self._timezone, self._jobs, self._store, self._clock, self._sleep = timezone, list(jobs), store, clock, sleep
        self._one_at_a_time = asyncio.Lock()

    def runs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """The loop of every job, by name, for the supervisor."""
        return {job.name: partial(self._run, job) for job in self._jobs}

    async def _run(self, job: CalendarJob) -> None:
        await self._sleep(LOOK_S)
        from zoneinfo import ZoneInfo  # noqa: PLC0415 -- not at the start, which is measured

        trigger, zone = daily(job.at), ZoneInfo(self._timezone)
        while True:
            day = newest_day(trigger, datetime.fromtimestamp(self._clock.wall_ms() / 1000, zone))
            if not self._is_done(job, day):
                async with self._one_at_a_time:
                    await job.work()
                await self._store.run(partial(_note_done, job=job.name, day=day))
            await self._sleep(LOOK_S)

    def _is_done(self, job: CalendarJob, day: date) -> bool:
        done = self._store.reader.execute(
            "SELECT 1 FROM calendar WHERE job = ? AND day = ?", (job.name, day.isoformat())
        )
        return done.fetchone() is not None


def daily(at: time) -> Trigger:
    """Every day at this time."""
    # 1.5 MB that a start need not load
    from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped] # noqa: PLC0415

    trigger: Trigger = CronTrigger(hour=at.hour, minute=at.minute, timezone=UTC)
    return trigger


def newest_day(trigger: Trigger, local: datetime) -> date:
    """The day of the last moment, up to now, at which a daily trigger fired.

    `local` is what a clock on the wall shows. The trigger is asked in that time as if clocks were never changed: with
    a zone of its own, APScheduler 3.11 fires twice in autumn and can skip a day in spring.
    """
    shown = local.replace(tzinfo=UTC)
    newest = after = shown - LOOK_BACK
    while (moment := trigger.get_next_fire_time(None, after)) is not None and moment <= shown:
        newest, after = moment, moment + timedelta(microseconds=1)
    return newest.date()


def _note_done(tx: Transaction, *, job: str, day: date) -> None:
    tx.connection.execute("INSERT OR IGNORE INTO calendar VALUES (?, ?)", (job, day.isoformat()))
