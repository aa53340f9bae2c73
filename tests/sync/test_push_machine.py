"""However replies are lost, HQ goes away and the agent is killed: HQ is told every fact once, in order."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.sync.fake_hq import FakeHq, fake_hq
from tests.sync.station import Station, counted, packing, short, station

T = TypeVar("T")
PICKLISTS = st.sampled_from(["P1", "P2", "P3"])
MISCHIEF = st.sampled_from(["lose", "close", "html", "half", "wrong_id", "redirect", "429", "500", "503", "401"])


class Push(RuleBasedStateMachine):
    """A station with three picklists and parcels behind them, and an HQ that may do anything but forget."""

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        self.recorded: dict[str, list[str]] = {}
        self.made = 0

    @initialize()
    def a_station_and_an_hq(self) -> None:
        self.run(self._open())

    @rule(picklist=PICKLISTS, times=st.integers(1, 4))
    def goods_are_counted(self, picklist: str, times: int) -> None:
        for _ in range(times):
            self.record(counted(picklist, self.next_id()), self.last_id())

    @rule(picklist=PICKLISTS)
    def a_line_is_short(self, picklist: str) -> None:
        self.record(short(picklist, self.next_id()), self.last_id())

    @rule(picklist=PICKLISTS)
    def a_parcel_is_packed(self, picklist: str) -> None:
        for fact, told in zip(
            packing(self.next_id(), picklist), ["open-session", "pack", "seal", "shipments"], strict=True
        ):
            self.record(fact, told)

    @rule(how=st.lists(MISCHIEF, min_size=1, max_size=3))
    def hq_will_misbehave(self, how: list[str]) -> None:
        self.hq.plan.extend(how)

    @rule()
    def hq_goes_or_comes_back(self) -> None:
        self.hq.away = not self.hq.away

    @rule(picklist=PICKLISTS)
    def hq_refuses(self, picklist: str) -> None:
        self.hq.refused[f"picklist:{picklist}"] = "Not now."

    @rule()
    def hq_is_talked_to_and_everything_refused_is_sent_again(self) -> None:
        self.hq.refused.clear()
        self.run(self._retry())

    @rule(turns=st.integers(1, 25))
    def the_agent_runs_until_it_is_killed(self, turns: int) -> None:
        self.run(self._sync(turns))

    @invariant()
    def hq_holds_a_beginning_of_every_entity(self) -> None:
        if hasattr(self, "hq"):
            for entity, told in self.hq.facts().items():
                assert told == self.recorded[entity][: len(told)]

    @invariant()
    def a_request_and_its_key_never_change(self) -> None:
        if hasattr(self, "hq"):
            assert len(set(self.hq.attempts)) == len({key for _, key, _ in self.hq.attempts})

    def teardown(self) -> None:
        if hasattr(self, "hq"):
            self.hq.plan.clear()
            self.hq.away = False
            self.hq.refused.clear()
            self.run(self._finish())
            self.run(self.stack.aclose())
        self.runner.close()

    async def _open(self) -> None:
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.hq: FakeHq = await self.stack.enter_async_context(fake_hq())
        self.here: Station = await self.stack.enter_async_context(station(Path(folder), self.hq.url))

    async def _sync(self, turns: int) -> None:
        async with self.here.syncing():
            for _ in range(turns):
                await asyncio.sleep(0.001)

    async def _retry(self) -> None:
        async with self.here.syncing():
            for entity, _, _ in self.here.parked():
                await self.here.retry(entity)

    async def _finish(self) -> None:
        await self._retry()
        async with self.here.syncing():
            await self.here.sent()
        assert self.hq.facts() == self.recorded
        assert self.here.parked() == []
        (requests,) = self.here.rows("SELECT count(*), count(DISTINCT idempotency_key) FROM outbox_request")
        assert requests == (len(self.hq.told),) * 2

    def record(self, fact: Any, told: str) -> None:
        self.recorded.setdefault(fact.entity, []).append(told)
        self.run(self.here.record(fact))

    def next_id(self) -> str:
        self.made += 1
        return self.last_id()

    def last_id(self) -> str:
        return f"n{self.made}"

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(what)


TestPush = pytest.mark.slow(Push.TestCase)
TestPush.settings = settings(max_examples=20, stateful_step_count=15)
