"""A disk that fails: ENOSPC, EIO, EDQUOT and EROFS at every call the store makes, once or until space returns.

Each case is a day of its own with HQ attached. The people repeat what was refused; a disk that is full for good is
emptied BAD_S after it first refused. Nothing may be lost, doubled or answered differently, and a full disk must not
cost a restart.

    python -m tests.torture.disk --seed 1 --sample 0      (0: every call, both errors, once and for ever)
"""

from __future__ import annotations

import asyncio
import errno
import random
from dataclasses import dataclass

from tests.support import shim
from tests.support.shim import Call
from tests.torture.counts import Counts, command_line, in_processes, processes, spread
from tests.torture.day import Day
from tests.torture.yard import spoilt_yard

BAD_S = 0.2
DAYS_IN_A_YARD = 60
FULL = (errno.ENOSPC, errno.EDQUOT)
BROKEN = (errno.EIO, errno.EROFS)
GROWING = (*shim.WRITES, *shim.FLUSHES, Call.ALLOCATE, Call.CREATE, Call.MKDIR)
"""What needs room: a full disk lets everything else be."""
SUFFERING = dict.fromkeys(FULL, GROWING) | dict.fromkeys(BROKEN, shim.ON_DISK)


@dataclass(frozen=True)
class Case:
    """The call that fails (by number), how, and whether all later ones fail too."""

    number: int
    error: int
    for_ever: bool

    def __str__(self) -> str:
        return f"{errno.errorcode[self.error]} {'from' if self.for_ever else 'at'} call {self.number}"


@dataclass(frozen=True)
class Part:
    """The cases of one process."""

    seed: int
    cases: list[Case]


def run(seed: int, sample: int) -> Counts:
    """Fail at `sample` seeded calls of the day, or at every one (0)."""
    calls = {kinds: asyncio.run(_count_calls(seed, kinds)) for kinds in (GROWING, shim.ON_DISK)}
    cases = [
        Case(number, error, for_ever)
        for error, kinds in SUFFERING.items()
        for number in range(1, calls[kinds] + 1)
        for for_ever in (False, True)
    ]
    chosen, many = spread(cases, sample, random.Random(seed)), processes()
    counts = in_processes("disk", seed, check, [Part(seed, chosen[n::many]) for n in range(many)])
    counts.done["calls of the day"] = calls[shim.ON_DISK]
    return counts


async def _count_calls(seed: int, kinds: tuple[Call, ...]) -> int:
    async with spoilt_yard() as (yard, control):
        day = await yard.new_day(seed)
        control.count(kinds)
        await _whole(day, control)
        return control.seen


def check(part: Part) -> Counts:
    """The days of one process, one after the other."""
    counts = Counts("disk", part.seed)
    for start in range(0, len(part.cases), DAYS_IN_A_YARD):
        asyncio.run(_days(Part(part.seed, part.cases[start : start + DAYS_IN_A_YARD]), counts))
    return counts


async def _days(part: Part, counts: Counts) -> None:
    async with spoilt_yard() as (yard, control):
        for case in part.cases:
            day = await yard.new_day(part.seed)
            last = shim.FOR_EVER if case.for_ever else None
            control.plan(shim.Action.FAIL, SUFFERING[case.error], first=case.number, last=last, error=case.error)
            found = await day.judged(_whole(day, control))
            if day.deaths and case.error in FULL:
                found.append(f"the agent gave up {day.deaths} times: {day.log()}")
            counts.done.update({"days": 1, "errors": control.hits, "refused": day.refused, "given up": day.deaths})
            counts.violations += [f"{case}: {each}" for each in found]


async def _whole(day: Day, control: shim.Control) -> None:
    """The day to its end, and everything once more; the disk is mended soon after it first failed."""
    mending = asyncio.create_task(_mend(control))
    await day.work()
    mending.cancel()
    control.stop()
    await day.finish()
    await day.repeat()
    await day.finish()
    await day.stop()


async def _mend(control: shim.Control) -> None:
    while not control.hits:  # noqa: ASYNC110 -- another process counts them
        await asyncio.sleep(0.01)
    await asyncio.sleep(BAD_S)
    control.stop()


if __name__ == "__main__":
    command_line(run, sample=0)()
