"""A thousand stations come back together after an hour: HQ must not be run over.

    python -m tests.torture.coming_back --away 3600

Time is simulated, the lanes are real. The wait between two looks for HQ is at its longest after a minute, so that
five minutes show the same as an hour.
"""

from __future__ import annotations

import asyncio
import random
import selectors
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import UUID

from local_store.domain.events import PicklistStarted
from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.breaker import LONGEST_MS
from sync.dialect import Answer, NoAnswer, Outcome, Reply, Verdict
from sync.engine import LaneSync

STATIONS = 1_000
BACKLOG = 40
"""Requests that one station has gathered."""
ANSWER_S = 0.05
MOST_OVER_MEAN = 3


class SimulatedTime(asyncio.SelectorEventLoop):
    """A loop on which waiting takes no time: when nothing can run, the clock jumps to the next timer."""

    def __init__(self) -> None:
        self.now_s = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self.now_s

    def wall_ms(self) -> int:
        return round(self.now_s * 1000)

    mono_ms = wall_ms


class _Jumping(selectors.DefaultSelector):
    def __init__(self, loop: SimulatedTime) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        found = super().select(0)
        if not found and timeout:
            self._loop.now_s += timeout
        return found


class SimulatedHq:
    """Away for a while, then there for everybody; counts the calls of each second."""

    def __init__(self, loop: SimulatedTime, away_s: int) -> None:
        self.loop, self.away_s, self.calls, self.done = loop, away_s, Counter[int](), 0

    async def called(self) -> Reply:
        self.calls[int(self.loop.now_s)] += 1
        if self.loop.now_s < self.away_s:
            return NoAnswer("HQ is away.", sent=False)
        await asyncio.sleep(ANSWER_S)
        return Answer(200, {})


class Client:
    """One station's way to it."""

    edge = None

    def __init__(self, hq: SimulatedHq) -> None:
        self._hq = hq

    def take(self, _facts: Sequence[Promised]) -> int:
        return 1

    def request(self, _facts: Sequence[Promised], _known: Any) -> NewRequest:
        return NewRequest("POST", "/start", "{}")

    def verdict(self, _facts: Any, _request: Any, reply: Reply) -> Verdict:
        return Verdict(Outcome.OK if isinstance(reply, Answer) else Outcome.WAIT)

    async def send(self, _request: FixedRequest, _facts: Any) -> Reply:
        reply = await self._hq.called()
        self._hq.done += isinstance(reply, Answer)
        return reply

    async def look_up(self, _request: Any, _facts: Any) -> None:
        return None

    async def probe(self) -> str | None:
        return None if isinstance(await self._hq.called(), Answer) else "HQ is away."

    async def pull(self, _lane: str, _known: Any, _new_id: Callable[[], UUID]) -> AsyncGenerator[Any, None]:
        await self._hq.called()
        nothing: tuple[Any, ...] = ()
        for each in nothing:
            yield each


class Backlog:
    """Stands for a store and its outbox: every entity has one fact left to tell."""

    def __init__(self) -> None:
        self.left = {f"picklist:P{number}": number for number in range(1, BACKLOG + 1)}
        self.reader = self.connection = self
        self.site, self.wall_ms = self, 0
        self.accepts_new_work = True

    async def run(self, work: Callable[[Any], Any]) -> Any:
        return work(self)

    def see_hq(self, _lane: str, _state: str) -> None: ...

    async def heard_hq(self, _lane: str) -> None: ...


class Outbox:
    """The part of `local_store.outbox` that a lane uses, on a Backlog."""

    EVERYTHING = 2**62

    def entities_to_send(self, backlog: Backlog, _lane: str, skip: Sequence[str], _through: int) -> list[str]:
        return [entity for entity in backlog.left if entity not in skip]

    def next_facts(self, backlog: Backlog, _lane: str, entity: str, *_: Any) -> list[Promised]:
        if entity not in backlog.left:
            return []
        fact = PicklistStarted(picklist_id=entity, worker_id="ana", workplace="pick")
        return [Promised(backlog.left[entity], entity, fact, 0, "ana", None, bytes(16))]

    def fix_request(self, _backlog: Backlog, _lane: str, facts: list[Promised], new: NewRequest, _now: int) -> Any:
        return FixedRequest(facts[0].seq, facts[0].entity, new.method, new.path, new.body, "key", 0, 0)

    def delivered(self, backlog: Backlog, request_id: int, _status: int) -> None:
        del backlog.left[f"picklist:P{request_id}"]

    def postpone(self, *_: Any) -> None: ...

    def due_at_once(self, *_: Any) -> None: ...


@dataclass(frozen=True)
class Load:
    """Calls per second that HQ got: the most in any one second, and on average until nothing was left.

    Looks for HQ are up to half a minute apart, so that is the least over which the mean is taken.
    """

    seconds: int
    peak: int
    mean: float

    def __str__(self) -> str:
        return f"peak {self.peak}, mean {self.mean:.0f} calls/s over {self.seconds} s: {self.peak / self.mean:.2f} x"


def come_back(away_s: int) -> Load:
    """HQ is away for so long, then there; what it gets from then on until every station has told everything."""
    loop = SimulatedTime()
    try:
        with patch("sync.engine.outbox", Outbox()), patch("sync.engine.KnownHere", lambda *_, **__: None):
            calls = loop.run_until_complete(_come_back(loop, away_s))
    finally:
        loop.close()
    back = {second: count for second, count in calls.items() if second >= away_s}
    seconds = max(LONGEST_MS // 1000, max(back) - away_s + 1)
    return Load(seconds, max(back.values()), sum(back.values()) / seconds)


async def _come_back(loop: SimulatedTime, away_s: int) -> Counter[int]:
    hq = SimulatedHq(loop, away_s)
    lanes = [_lane(loop, hq, number) for number in range(STATIONS)]
    runs = [run for lane in lanes for run in (lane.run_push(), lane.run_pull())]
    tasks = [loop.create_task(run) for run in runs]
    while hq.done < STATIONS * BACKLOG:
        await asyncio.sleep(1)
        for task in tasks:
            assert not task.done(), task
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert hq.done == STATIONS * BACKLOG
    return hq.calls


def _lane(loop: SimulatedTime, hq: SimulatedHq, number: int) -> LaneSync:
    return LaneSync(
        "main",
        Backlog(),  # type: ignore[arg-type]
        Client(hq),  # type: ignore[arg-type]
        poll_s=15,
        clock=loop,
        sleep=asyncio.sleep,
        chance=random.Random(number),
        new_key=lambda: UUID(int=0),
        report=lambda *_: None,
        clear=lambda _: None,
    )


def main() -> int:
    """Print the load; 0 when the peak is at most three times the mean."""
    parser = ArgumentParser()
    parser.add_argument("--away", type=int, default=3600, help="seconds")
    parser.add_argument("--seed", type=int, default=1, help="not used: every station has its own")
    load = come_back(parser.parse_args().away)
    print(load)
    return 0 if load.peak <= MOST_OVER_MEAN * load.mean else 1


if __name__ == "__main__":
    sys.exit(main())
