"""Keeps the store whole: looks at it every night and after an unclean stop, backs it up, says what is wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import time
from typing import Any

from agent.problems import Problems
from agent.schedule import CalendarJob
from local_store import inspection
from local_store.backup import OLDEST_MS, BackupFailed, backups, make_backup
from local_store.clock import Clock, timestamp
from local_store.salvage import reports
from local_store.scrub import Report, look_with_pauses
from local_store.store import Store

log = logging.getLogger(__name__)

NOTE_S = 2.0
"""Between two notes of how far the journal is."""
LOOK_MS = 60_000
"""Between two looks at the age of the backups."""
SCRUB_AT, BACKUP_AT = time(1, 30), time(2, 30)

DAMAGED, VIEWS, SALVAGED, BACKUP = "store.damaged", "store.views", "store.salvaged", "store.backup"
"""Ids of the problems."""

Sleep = Callable[[float], Awaitable[None]]


class StoreCare:
    """The nightly look and backup of one store, and what the screens are told of its health."""

    def __init__(
        self, store: Store, problems: Problems, changed: Callable[[], None], clock: Clock, sleep: Sleep
    ) -> None:
        self._store, self._problems, self._changed = store, problems, changed
        self._clock, self._sleep = clock, sleep
        self._last_look: dict[str, Any] | None = None

    def jobs(self) -> list[CalendarJob]:
        """What is done once a day."""
        return [
            CalendarJob("nightly look at the store", SCRUB_AT, self.look),
            CalendarJob("nightly backup", BACKUP_AT, self.back_up),
        ]

    def runs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Its loops, by name, for the supervisor."""
        return {
            "look after an unclean stop": self._look_after_unclean_stop,
            "note of the journal's end": self._note_head,
            "store health": self._watch,
        }

    def as_json(self) -> dict[str, Any]:
        """The last backup and the last look, as `status` shows them."""
        newest = next(reversed(backups(self._store.path)), None)
        age_ms = None if newest is None else self._clock.wall_ms() - newest.at_ms
        return {
            "last_backup": newest and {"file": newest.name, "at": timestamp(newest.at_ms), "facts": newest.facts},
            "backup_age_s": age_ms // 1000 if age_ms is not None else None,
            "last_look": self._last_look,
        }

    async def look(self) -> None:
        """Look at the whole store, slowly; damage is shown, and noted for the next start."""
        began_ms = self._clock.mono_ms()
        report = await look_with_pauses(self._store.path, self._sleep)
        seconds = (self._clock.mono_ms() - began_ms) / 1000
        log.info("looked at %s facts in %.1f s: %s damaged", report.facts, seconds, report.damage)
        self._last_look = {
            "at": timestamp(self._clock.wall_ms()),
            "seconds": round(seconds, 1),
            "facts": report.facts,
            "damaged_rows": report.damage,
            "view_lines_that_differ": report.views_differ,
        }
        if report.damage:
            self._store.note_damage(report.sentences[0])
        self._say(DAMAGED, _damage_words(report) if report.damage else self._noted_words())
        self._say(VIEWS, _views_words(report.views_differ) if report.views_differ else None)

    async def back_up(self) -> None:
        """Make a backup; one that failed is shown until the next one succeeds."""
        try:
            made = await make_backup(self._store.path, self._clock, self._sleep)
        except BackupFailed as failure:
            log.warning("%s", failure)
            self._say(BACKUP, (str(failure), "It is tried again by itself tomorrow night."))
            return
        log.info("backup %s: %s facts, verified", made.name, made.facts)
        self.say_age_of_backup()

    def say_age_of_backup(self) -> None:
        """Show it when no night has left a verified backup for too long."""
        self._say(BACKUP, self._backup_words())

    async def _look_after_unclean_stop(self) -> None:
        if self._store.unclean:
            await self.look()

    async def _note_head(self) -> None:
        noted = None
        while True:
            noted = inspection.note_head(self._store.reader, self._store.path.parent, noted)
            await self._sleep(NOTE_S)

    async def _watch(self) -> None:
        """Show what was salvaged, what is damaged, and backups that stay away."""
        began_ms = self._clock.mono_ms()
        while True:
            self._store.damaged.clear()
            told = reports(self._store.path)
            self._say(SALVAGED, (told[-1].sentence, told[-1].next_step) if told else None)
            if (words := self._noted_words()) is not None:
                self._say(DAMAGED, words)
            if self._clock.mono_ms() - began_ms > LOOK_MS:  # a station that just began makes its backup first
                self.say_age_of_backup()
            try:
                async with asyncio.timeout(LOOK_MS / 1000):
                    await self._store.damaged.wait()
            except TimeoutError:
                continue

    def _noted_words(self) -> tuple[str, str] | None:
        noted = inspection.noted_damage(self._store.path.parent)
        return None if noted is None else (f"The store of this station is damaged. {noted}", RESTART)

    def _backup_words(self) -> tuple[str, str] | None:
        newest = next(reversed(backups(self._store.path)), None)
        began_ms = self._store.reader.execute("SELECT min(started_ms) FROM epoch").fetchone()[0]
        last_ms = newest.at_ms if newest else began_ms
        hours = (self._clock.wall_ms() - last_ms) // 3_600_000
        if self._clock.wall_ms() - last_ms <= OLDEST_MS:
            return None
        since = f"This station has worked for {hours} hours and has no backup yet."
        if newest:
            since = f"The last verified backup of this station is {hours} hours old."
        return since, "Run `edge-agent backup` and see what it says. The station makes one each night when it is on."

    def _say(self, problem: str, words: tuple[str, str] | None) -> None:
        if words is None:
            self._problems.clear(problem)
        else:
            self._problems.report(problem, *words)
        self._changed()


RESTART = "Damaged rows are not used and not sent. Restart the agent when the floor can pause: it salvages the store."


def _damage_words(report: Report) -> tuple[str, str]:
    sentence = (
        f"The store of this station is damaged: {report.damage} findings in {report.facts} facts."
        f" The first: {report.sentences[0]}"
    )
    return sentence, RESTART


def _views_words(lines: int) -> tuple[str, str]:
    return (
        f"The facts of this station are whole, and {lines} lines of its lists are not what the facts make.",
        "Stop the agent when the floor can pause, run `edge-agent rebuild`, and start it again.",
    )
