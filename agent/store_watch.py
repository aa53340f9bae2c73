"""Watches the disk under the store and says on the screens what becomes of it, within a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from agent.problems import Problems
from local_store import retention
from local_store.disk import Room, Space
from local_store.file_systems import Keeps, Mount
from local_store.inspection import log_bytes
from local_store.store import Store

LOOK_S = 1.0
MB = 1_000_000

DISK, FILE, PLACE, LOG = "store.disk", "store.file", "store.place", "store.log"
"""Ids of the problems: no room, errors, a folder that does not last, a log that is not folded into the file."""
LONGEST_LOG_BYTES = 128 * MB
"""The log is folded into the file every 8 MB, and may grow beyond while a backup reads. SQLite keeps an error of the
folding to itself: nothing is lost by it, and the log grows."""

Sleep = Callable[[float], Awaitable[None]]
Words = tuple[str, str]
"""A sentence and a next step."""


class StoreWatch:
    """Looks at the disk every second, and at once when the store had trouble with it."""

    def __init__(self, store: Store, problems: Problems, changed: Callable[[], None], sleep: Sleep) -> None:
        self._store, self._problems, self._changed, self._sleep = store, problems, changed, sleep
        self._room, self._space = Room.OK, Space(0, 0)
        self._tight = asyncio.Event()
        self._said: dict[str, Words | None] = {}

    def runs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Its loops, by name, for the supervisor."""
        return {"disk watch": self._watch, "tidying for room": self._drop_when_tight}

    def as_json(self) -> dict[str, Any]:
        """The disk as `status` shows it."""
        return {
            "room": self._room.name.lower(),
            "free_bytes": self._space.free,
            "size_bytes": self._space.size,
            "days_left": self._days_left(),
        }

    async def _watch(self) -> None:
        self._say(PLACE, place_words(self._store.mount))
        while True:
            self._store.troubled.clear()
            before = self._room
            self._room, self._space = await self._look()
            self._store.accept_new_work(accepts=self._room < Room.NO_NEW_WORK)
            self._say(DISK, room_words(self._room, self._space, self._days_left()))
            self._say(FILE, error_words(self._store.last_error()))
            self._say(LOG, log_words(log_bytes(self._store.path)))
            if before < Room.TIGHT <= self._room:
                self._tight.set()
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._store.troubled.wait()
            except TimeoutError:
                continue

    async def _look(self) -> tuple[Room, Space]:
        """A look takes microseconds; making the ballast may take seconds, and so does it in a thread."""
        disk = self._store.disk
        return disk.look() if disk.has_ballast() else await asyncio.to_thread(disk.look)

    async def _drop_when_tight(self) -> None:
        while True:
            await self._tight.wait()
            self._tight.clear()
            await retention.drop_label_bytes(self._store, self._sleep)

    def _days_left(self) -> int | None:
        """At the growth of the last nights; None while that is not known, or when nothing grows."""
        a_day = retention.bytes_a_day(self._store.reader)
        return self._space.free // a_day if a_day else None

    def _say(self, problem: str, words: Words | None) -> None:
        if self._said.get(problem) == words:
            return
        self._said[problem] = words
        if words is None:
            self._problems.clear(problem)
        else:
            self._problems.report(problem, *words)
        self._changed()


def room_words(room: Room, space: Space, days_left: int | None) -> Words | None:
    """What a person is told of a disk that fills; None while there is room."""
    left = f"{100 - space.free * 100 // max(space.size, 1)} % of {space.size // MB} MB are in use"
    days = f", the rest is enough for about {days_left} days" if days_left is not None else ""
    make_room = "Make room on it: old logs, old backups, other programs' files. Leave the store alone."
    match room:
        case Room.OK:
            return None
        case Room.WARN:
            return f"The disk of this station fills: {left}{days}.", make_room
        case Room.TIGHT:
            return (
                f"The disk of this station is nearly full: {left}{days}.",
                make_room,
            )
        case Room.NO_NEW_WORK:
            sentence = f"The disk of this station is nearly full: {left}. No new work is opened; finish what is open."
        case Room.FULL:
            sentence = (
                "The disk of this station is full. No new work is opened; finish what is open, it is still kept."
            )
    return sentence, f"{make_room} New work is taken again by itself."


def error_words(error: str | None) -> Words | None:
    """What a person is told after the file gave an error."""
    if error is None:
        return None
    return (
        f"The store could not be written a moment ago ({error}). What was answered with green is safe.",
        "Repeat what was not answered. If this comes back, have the disk looked at (`journalctl -k`).",
    )


def log_words(size: int) -> Words | None:
    """What a person is told of a log that is not folded into the file any more."""
    if size <= LONGEST_LOG_BYTES:
        return None
    sentence = (
        f"The log beside the store has grown to {size // MB} MB, since it cannot be folded into the store's file."
    )
    return (
        f"{sentence} Nothing is lost.",
        "Have the disk looked at (`journalctl -k`), then restart the agent when the floor can pause.",
    )


def place_words(mount: Mount) -> Words | None:
    """What a person is told of a store that lies where the power can take it."""
    if mount.keeps is Keeps.ALL:
        return None
    return (
        f"The store lies on {mount.kind} (mounted at {mount.point}), where a power cut may take facts.",
        "That is good for trying out. For real work put station.data_dir on a local disk.",
    )
