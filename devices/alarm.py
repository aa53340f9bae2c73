"""Cuts a wait short, so that what is asked of a device meanwhile is done at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Alarm:
    """One waiter; anybody in the same loop may ring."""

    def __init__(self) -> None:
        self._timeout: asyncio.Timeout | None = None
        self._rung = False

    def ring(self) -> None:
        """End the wait that is on, or the next one before it begins."""
        self._rung = True
        if self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time())

    async def within(self, seconds: float, wait: Callable[[], Awaitable[bytes]]) -> bytes:
        """What `wait` brings; empty after so many seconds (infinite: never) or a ring. `wait` may be cancelled."""
        try:
            if self._rung:
                return b""
            async with asyncio.timeout(None if seconds == float("inf") else seconds) as self._timeout:
                return await wait()
        except TimeoutError:
            return b""
        finally:
            self._timeout, self._rung = None, False
