"""A bundle of badges as a file of the site's configuration, where HQ gives none: read when it changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from pydantic import ValidationError

from agent.people import People
from agent.problems import Problems
from local_store.domain.badges import MAX_BUNDLE, Signed

LOOK_S = 30.0
PROBLEM = "people.bundle_file"
SOURCE = "file"
_MEND = "Store what `GET /edge/badges` of HQ answers there, or take people.bundle_file out of edge.toml."


class BadgeFile:
    """Looks at the file from time to time."""

    def __init__(
        self, path: Path, people: People, problems: Problems, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._path, self._people, self._problems, self._sleep = path, people, problems, sleep
        self._seen: tuple[int, int] | None = None

    async def run(self) -> None:
        """Take the bundle in whenever the file is another, for ever."""
        while True:
            await self.look()
            await self._sleep(LOOK_S)

    async def look(self) -> None:
        """Take the bundle in if the file changed."""
        try:
            told = self._path.stat()
            if (told.st_mtime_ns, told.st_size) == self._seen:
                return
            signed = Signed.model_validate_json(await asyncio.to_thread(self._read))
        except OSError as error:
            self._problems.report(PROBLEM, f"{self._path}: it cannot be read ({error.strerror}).", _MEND)
            return
        except ValidationError:
            self._problems.report(PROBLEM, f"{self._path}: this is not a bundle of badges.", _MEND)
            return
        await self._people.take_bundle(signed, SOURCE, is_fresh=False)
        self._seen = (told.st_mtime_ns, told.st_size)
        self._problems.clear(PROBLEM)

    def _read(self) -> bytes:
        with self._path.open("rb") as file:
            return file.read(2 * MAX_BUNDLE)
