"""SIGKILL before, after and in the middle of every write, flush, rename and send of the day, with HQ attached.

Each case is a day of its own: the agent dies at one watched call, is started again, the people repeat what was not
answered, and in the end HQ, the printer and every answer are compared with what was ordered.

    python -m tests.torture.kill --seed 1 --sample 0      (0: every call)
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from tests.support import shim
from tests.torture.counts import Counts, command_line, in_processes, processes, spread
from tests.torture.day import Day
from tests.torture.yard import spoilt_yard

DAYS_IN_A_YARD = 60
"""Then a new HQ: its history would make the days slower and slower."""


@dataclass(frozen=True)
class Part:
    """The calls at which one process kills: (number of the call, what to do there)."""

    seed: int
    points: list[tuple[int, shim.Action]]


def run(seed: int, sample: int) -> Counts:
    """Kill at `sample` seeded calls of the day, or at every one (0)."""
    calls = asyncio.run(_count_calls(seed))
    actions = (shim.Action.KILL_BEFORE, shim.Action.KILL_AFTER, shim.Action.TEAR)
    points = [(number, action) for number in range(1, calls + 1) for action in actions]
    points = spread(points, sample, random.Random(seed))
    many = processes()
    counts = in_processes("kill", seed, check, [Part(seed, points[n::many]) for n in range(many)])
    counts.done["calls of the day"] = calls
    return counts


async def _count_calls(seed: int) -> int:
    async with spoilt_yard(sockets=True) as (yard, control):
        day = await yard.new_day(seed)
        control.count()
        await _whole(day)
        return control.seen


def check(part: Part) -> Counts:
    """The days of one process, one after the other."""
    counts = Counts("kill", part.seed)
    for start in range(0, len(part.points), DAYS_IN_A_YARD):
        asyncio.run(_days(Part(part.seed, part.points[start : start + DAYS_IN_A_YARD]), counts))
    return counts


async def _days(part: Part, counts: Counts) -> None:
    async with spoilt_yard(sockets=True) as (yard, control):
        for number, action in part.points:
            day = await yard.new_day(part.seed)
            control.plan(action, first=number)
            found = await day.judged(_whole(day))
            counts.done.update({"days": 1, "kills": control.hits, "commands": len(day.acked.answers)})
            counts.violations += [f"{action.name} call {number}: {each}" for each in found]


async def _whole(day: Day) -> None:
    """The day to its end; then everything once more, which must change nothing."""
    await day.work()
    await day.finish()
    await day.repeat()
    await day.finish()
    await day.stop()


if __name__ == "__main__":
    command_line(run, sample=0)()
