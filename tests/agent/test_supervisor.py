"""A task that fails is shown, started again, and stops nothing else."""

from __future__ import annotations

import asyncio
import logging

import pytest

from agent.problems import Problems
from agent.supervisor import keep_running


async def test_a_fault_becomes_a_problem_that_clears_when_the_task_runs_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    problems = Problems(lambda: 0)
    seen: list[str] = []
    pauses: list[float] = []
    tries = 0

    async def run() -> None:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise OSError(f"fault {tries}")

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        seen.extend(problem.sentence for problem in problems.open())

    with caplog.at_level(logging.CRITICAL):
        await keep_running("scale", run, problems, sleep)
    assert seen == [f"scale stopped: OSError: fault {number}." for number in (1, 2, 3)]
    assert pauses == [0.5, 1.0, 2.0]
    assert problems.open() == []


async def test_a_cancelled_task_ends_and_is_not_started_again() -> None:
    started = 0

    async def run() -> None:
        nonlocal started
        started += 1
        await asyncio.Event().wait()

    task = asyncio.create_task(keep_running("scanner", run, Problems(lambda: 0), asyncio.sleep))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert started == 1


async def test_a_task_that_fails_while_it_is_stopped_is_not_started_again() -> None:
    started = 0

    async def run() -> None:
        nonlocal started
        started += 1
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("it cannot be put away")

    task = asyncio.create_task(keep_running("scanner", run, Problems(lambda: 0), asyncio.sleep))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(OSError, match="put away"):
        await task
    assert started == 1
