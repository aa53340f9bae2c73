"""Every task has an owner: a fault in one becomes a problem with a sentence, and the task is started again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from agent.problems import Problems

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0


def _stopping() -> bool:
    """Whether somebody wants this task to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def keep_running(
    name: str,
    run: Callable[[], Awaitable[None]],
    problems: Problems,
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    """Run `run` for ever. Whatever it raises is shown, and tried again after a growing pause; nothing else stops."""
    pause_s = FIRST_PAUSE_S
    problem_id = f"task.{name}"
    while True:
        try:
            return await run()
        except Exception as fault:
            if _stopping():  # it failed while it put things away, and is not to be started again
                raise
            log.exception("task %s failed", name)
            problems.report(
                problem_id,
                f"{name} stopped: {type(fault).__name__}: {fault}.",
                f"It is started again in {pause_s:.0f} s by itself. If it keeps failing, send the log to support.",
            )
        await sleep(pause_s)
        problems.clear(problem_id)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
