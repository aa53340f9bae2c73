"""Carries out a plan of `devices.doctor`: watches the device, asks the person, and keeps what was said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from devices.doctor import Look, Plan, Question, Tell, Verdict, Watch
from devices.driver import Clock
from devices.probe import Finding
from devices.shown import Shown

MAX_KEPT = 200
"""Of what the device told, for the report: the newest."""
LONGEST_ANSWER = 80


class Said(NamedTuple):
    """One sentence to the person, and the answer; None where none was asked for."""

    sentence: str
    answer: str | None


class Attendance:
    """One device with whoever stands at it. `told` is called with everything that the device says."""

    def __init__(
        self,
        clock: Clock,
        say: Callable[[str], None],
        ask: Callable[[str], Awaitable[str]],
        look: Callable[[], Awaitable[Finding | None]],
    ) -> None:
        self._clock, self._say, self._ask, self._look = clock, say, ask, look
        self._news = asyncio.Event()
        self._state: Shown | None = None
        self._since: list[Shown] = []
        self._begun = 0.0
        self.said: list[Said] = []
        self.kept: list[Shown] = []

    def told(self, shown: Shown) -> None:
        """The device said something. What was read before the step began may be of a load that is gone."""
        self.kept = [*self.kept[1 - MAX_KEPT :], shown]
        if shown["kind"] == "state":
            self._state = shown
        if shown.get("t_mono", self._begun) >= self._begun:
            self._since.append(shown)
            self._news.set()

    async def carry_out(self, plan: Plan) -> Verdict:
        """Do what the plan says until it ends."""
        try:
            step = next(plan)
            while True:
                match step:
                    case Tell():
                        self._say(step.sentence)
                        self.said.append(Said(step.sentence, None))
                        step = next(plan)
                    case Question():
                        answer = (await self._ask(step.sentence))[:LONGEST_ANSWER]
                        self.said.append(Said(step.sentence, answer))
                        step = plan.send(answer)
                    case Watch():
                        step = plan.send(await self._watch(step))
                    case Look():
                        step = plan.send(await self._look())
        except StopIteration as end:
            verdict: Verdict = end.value
            return verdict

    async def _watch(self, step: Watch) -> list[Shown]:
        self._begun = self._clock()
        self._since = [self._state] if self._state is not None else []
        try:
            async with asyncio.timeout(step.seconds):
                while not step.enough(self._since):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pass
        return self._since
