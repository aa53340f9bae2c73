"""Hears when something is plugged in or out, so that a device that comes back is tried at once.

Where udev cannot be heard, as in a container, nothing is lost but time: the sessions try again every second anyway.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

log = logging.getLogger(__name__)

SUBSYSTEMS = ("tty", "hidraw", "input", "usbmisc")
UDEV_RUNS = Path("/run/udev/control")
"""Without it a monitor opens like any other and never says a word."""
MOST_EVENTS = 1_000  # of one turn: a hub that is plugged in makes dozens


class Deaf(Exception):  # noqa: N818 -- a machine without udev is as good as any other
    """Why plugging cannot be heard on this machine, in words."""


class Source(Protocol):
    """Where events come from."""

    def fileno(self) -> int:
        """Can be read when there is an event."""

    def plugged(self) -> bool:
        """Take what waits; whether a node came or went."""

    def close(self) -> None:
        """Hear no more."""


class HotPlug:
    """`sleep` ends early when a node came or went while `run` listens; without it, it only sleeps."""

    def __init__(self, listen: Callable[[], Source] | None = None) -> None:
        """`listen` opens the source of events, or raises Deaf; None for udev's."""
        self._listen = listen or Udev
        self._sleeping: set[asyncio.Future[None]] = set()
        self._said = False

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds, or until something is plugged in or out."""
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleeping.add(waking)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await waking
        finally:
            self._sleeping.discard(waking)

    async def run(self) -> None:
        """Listen for ever. Where that cannot be done it is said once, and this only waits."""
        try:
            source = self._listen()
        except Deaf as why:
            if not self._said:
                self._said = True
                log.info("plugging cannot be heard (%s): a device that comes back is found within a second", why)
            await _for_ever()
            return
        loop = asyncio.get_running_loop()
        loop.add_reader(source.fileno(), self._heard, source)
        try:
            await _for_ever()
        finally:
            loop.remove_reader(source.fileno())
            source.close()

    def _heard(self, source: Source) -> None:
        if source.plugged():
            for waking in self._sleeping:
                if not waking.done():
                    waking.set_result(None)


class Udev:
    """udev's own messages: a node is told once its name, group and mode are set. Raises Deaf."""

    def __init__(self, runs: Path = UDEV_RUNS) -> None:
        if not runs.exists():
            raise Deaf("udev does not run here")
        try:
            import pyudev  # type: ignore[import-untyped]  # noqa: PLC0415 -- only where udev runs
        except ImportError as error:  # libudev itself is missing
            raise Deaf(str(error)) from error
        try:
            self._monitor: Any = pyudev.Monitor.from_netlink(pyudev.Context())
            for subsystem in SUBSYSTEMS:
                self._monitor.filter_by(subsystem)
            self._monitor.start()
        except OSError as error:
            raise Deaf(str(error)) from error

    def fileno(self) -> int:
        """The netlink socket."""
        return int(self._monitor.fileno())

    def plugged(self) -> bool:
        """Take what waits; whether a node came or went."""
        found = False
        for _ in range(MOST_EVENTS):
            try:
                device = self._monitor.poll(timeout=0)
            except OSError:  # so many came at once that some were lost: then surely one of them counts
                return True
            if device is None:
                break
            found = found or device.action in ("add", "remove")
        return found

    def close(self) -> None:
        """Nothing to do: the socket goes with the monitor."""


async def _for_ever() -> None:
    await asyncio.get_running_loop().create_future()
