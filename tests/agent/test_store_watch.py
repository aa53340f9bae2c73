"""What the screens say of the disk under the store."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.problems import Problems
from agent.store_watch import DISK, LOG, PLACE, StoreWatch, error_words, log_words, place_words, room_words
from local_store.clock import SystemClock
from local_store.disk import Room, Space, space_of
from local_store.file_systems import Mount
from local_store.store import Store
from tests.support.floor import SITE
from tests.support.site import until

SPACE = Space(32_000_000_000, 1_600_000_000)


def test_with_room_nothing_is_said() -> None:
    assert room_words(Room.OK, SPACE, 400) is None
    assert error_words(None) is None
    assert place_words(Mount("/", "ext4", frozenset())) is None


def test_a_disk_that_fills_is_told_with_the_days_it_still_lasts() -> None:
    words = room_words(Room.WARN, SPACE, 41)
    assert words is not None
    assert words[0] == (
        "The disk of this station fills: 95 % of 32000 MB are in use, the rest is enough for about 41 days."
    )
    assert words[1].startswith("Make room on it")


@pytest.mark.parametrize("room", [Room.NO_NEW_WORK, Room.FULL])
def test_a_disk_without_room_is_told_with_what_people_can_do_meanwhile(room: Room) -> None:
    words = room_words(room, SPACE, None)
    assert words is not None
    assert "No new work is opened; finish what is open" in words[0]
    assert words[1].endswith("New work is taken again by itself.")


def test_an_error_of_the_file_is_told_in_its_own_words() -> None:
    words = error_words("disk I/O error")
    assert words is not None
    assert words[0] == (
        "The store could not be written a moment ago (disk I/O error). What was answered with green is safe."
    )


def test_a_log_as_long_as_it_may_be_is_nothing_to_tell() -> None:
    assert log_words(128_000_000) is None


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[tuple[Store, Problems, StoreWatch]]:
    """A store whose ballast can never fit on the disk."""
    store = Store(tmp_path, SITE, SystemClock(), "0", ballast_bytes=4 * space_of(tmp_path).size)
    await store.open()
    problems = Problems(SystemClock().wall_ms)
    watch = StoreWatch(store, problems, lambda: None, asyncio.sleep)
    tasks = [asyncio.ensure_future(run()) for run in watch.runs().values()]
    yield store, problems, watch
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await store.close()


async def test_a_ballast_that_does_not_fit_means_no_new_work_and_is_in_the_status(
    watched: tuple[Store, Problems, StoreWatch],
) -> None:
    store, problems, watch = watched
    await until(lambda: any(each.problem_id == DISK for each in problems.open()), "nothing is said of the disk")
    assert not store.site.accepts_new_work
    status = watch.as_json()
    assert (status["room"], status["days_left"]) == ("full", None)
    assert 0 < status["free_bytes"] < status["size_bytes"]


async def test_a_log_that_is_not_folded_into_the_file_is_told_with_its_length(
    watched: tuple[Store, Problems, StoreWatch],
) -> None:
    store, problems, _watch = watched
    log = store.path.with_name(f"{store.path.name}-wal")
    length = log.stat().st_size
    os.truncate(log, 200_000_000)  # a hole: it takes no room
    store.troubled.set()
    await until(lambda: any(each.problem_id == LOG for each in problems.open()), "nothing is said of the log")
    (told,) = [each for each in problems.open() if each.problem_id == LOG]
    assert told.sentence.startswith("The log beside the store has grown to 200 MB")
    os.truncate(log, length)
    store.troubled.set()
    await until(lambda: all(each.problem_id != LOG for each in problems.open()), "it is still said")


@pytest.mark.parametrize(("kind", "options"), [("tmpfs", frozenset[str]()), ("ext4", frozenset({"rw", "nobarrier"}))])
def test_a_store_that_the_power_can_take_is_told(kind: str, options: frozenset[str]) -> None:
    words = place_words(Mount("/data", kind, options))
    assert words is not None
    assert words[0] == f"The store lies on {kind} (mounted at /data), where a power cut may take facts."
    assert PLACE == "store.place"
