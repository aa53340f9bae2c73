"""The wall clock jumps by up to ten years, at the start and again and again during the day.

Order must not care, nothing may be lost, sent twice, expire, lock or wait because of it. In half of the days HQ often
fails as well, so that requests wait for their next try while the clock jumps.

    python -m tests.torture.clock --seed 1 --days 200
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from dataclasses import dataclass

from local_store.database import FILE_NAME
from tests.support import shim
from tests.torture.counts import Counts, command_line, in_processes, processes
from tests.torture.day import Day
from tests.torture.plan import Act
from tests.torture.yard import Yard, spoilt_yard

YEARS_S = 10 * 365 * 86_400
JUMPS_S = (-YEARS_S, YEARS_S, -86_400, 86_400, -3600, 3600, -3, 3, 0)
EVERY = 10
"""Commands between two jumps."""
HQ_FAULTS = {"status_500": 0.1, "lost_reply": 0.1, "only_role": "station"}


@dataclass(frozen=True)
class Part:
    """The days of one process, by their seeds."""

    seed: int
    seeds: list[int]


def run(seed: int, days: int) -> Counts:
    """So many days, each with its own jumps."""
    many = min(processes(), days)
    seeds = [seed * 100_000 + n for n in range(days)]
    return in_processes("clock", seed, check, [Part(seed, seeds[n::many]) for n in range(many)])


def check(part: Part) -> Counts:
    """The days of one process, one after the other."""
    counts = Counts("clock", part.seed)
    asyncio.run(_days(part, counts))
    return counts


async def _days(part: Part, counts: Counts) -> None:
    async with spoilt_yard() as (yard, control):
        for seed in part.seeds:
            chance, with_faults = random.Random(seed), bool(seed % 2)
            day = await yard.new_day(seed)
            control.shift_clock(chance.choice(JUMPS_S))
            await _faults(yard, HQ_FAULTS | {"seed": seed} if with_faults else {})
            jumps = _Jumps(day, control, chance)
            found = await day.judged(_whole(day, yard)) + _out_of_order(day)
            if not with_faults:
                found += _sent_again(day)
            counts.done.update({"days": 1, "jumps": jumps.made, "commands": len(day.acked.answers)})
            counts.violations += [f"day {seed}: {each}" for each in found]


class _Jumps:
    """Moves the clock after every few answers."""

    def __init__(self, day: Day, control: shim.Control, chance: random.Random) -> None:
        self.made = self._answers = 0
        self._control, self._chance = control, chance
        day.on_ack = self._on_ack

    def _on_ack(self, _act: Act) -> None:
        self._answers += 1
        if self._answers % EVERY == 0:
            self._control.shift_clock(self._chance.choice(JUMPS_S))
            self.made += 1


async def _whole(day: Day, yard: Yard) -> None:
    await day.work()
    await _faults(yard, {})
    await day.finish()
    await day.stop()


async def _faults(yard: Yard, faults: dict[str, object]) -> None:
    await yard.hq.call("PUT", "/hq/faults", faults, role="operator")


def _out_of_order(day: Day) -> list[str]:
    """Each person's commands stand in the journal in the order in which they were answered."""
    position = {
        command_id: first
        for command_id, first in _rows(day, "SELECT lower(hex(command_id)), first_seq FROM receipt")
        if first is not None
    }
    found = []
    for workplace in ("pick", "pack"):
        order = [position.get(act.command_id.replace("-", "")) for act in day.acts if act.workplace == workplace]
        places = [each for each in order if each is not None]
        if places != sorted(places):
            found.append(f"the facts of {workplace} stand in another order than they were answered")
    return found


def _sent_again(day: Day) -> list[str]:
    rows = _rows(day, "SELECT path, attempts FROM outbox_request WHERE attempts <> 1")
    return [f"{path} was sent {attempts} times" for path, attempts in rows]


def _rows(day: Day, sql: str) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(f"file:{day.data / FILE_NAME}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


if __name__ == "__main__":
    command_line(run, days=200)()
