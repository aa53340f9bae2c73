"""Waiting for whichever comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


async def until(event: asyncio.Event, wait_ms: int | None, sleep: Callable[[float], Awaitable[None]]) -> None:
    """Until the event is set or the time is over; without a time, until the event is set."""
    waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(event.wait())]
    if wait_ms is not None:
        waits.append(asyncio.ensure_future(sleep(wait_ms / 1000)))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
