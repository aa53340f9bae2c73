"""How a handler tells a worker task that there is something to do."""

from __future__ import annotations

import asyncio

RETRY_S = 1.0
"""After a write that failed."""


class Wake:
    """Tells the worker that there is a job; `working` is what health shows."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    @property
    def working(self) -> bool:
        """Whether jobs are being worked at all."""
        return self.task is not None and not self.task.done()
