"""A disk that fills: open work goes on, new work is refused in words, and all is well again without a restart."""

from __future__ import annotations

import asyncio
import errno
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from local_store.database import FILE_NAME, open_reader
from local_store.disk import BALLAST_NAME, Room, space_of
from local_store.journal import verify
from tests.support import shim
from tests.support.lone import LoneStation, give_work

DISK = "store.disk"
DISK_MB = 40
SHOWN_S = 1.0
SLACK_S = 0.5
"""What the test itself needs to ask."""


@asynccontextmanager
async def running(station: LoneStation) -> AsyncIterator[LoneStation]:
    await station.start()
    try:
        yield station
    finally:
        assert await station.stop() == 0


MOUNT = 'mount -t tmpfs -o size="$1"m none "$2" && cp "$3"/* "$2"'
FILL = ' && fallocate -l 4M "$2"/ballast && cat /dev/zero > "$2"/log 2>/dev/null'
"""Filling ends with an error, as it should."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Callable[[str], LoneStation]:
    """A station whose data folder is a disk of 40 MB of its own, seen by its process only."""
    able = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0
    if not able:
        pytest.skip("this machine lets nobody mount a small disk; the test with the shim shows the rest")

    def make(also: str = "") -> LoneStation:
        data, work = tmp_path / "data", tmp_path / "work"
        data.mkdir()
        give_work(work)
        script = f'{MOUNT}{also}; shift 3; exec "$@"'
        before = ["unshare", "-rm", "sh", "-c", script, "sh", str(DISK_MB), str(data), str(work)]
        return LoneStation(tmp_path, before=before, ballast_mb=4)

    return make


@pytest.fixture
def on_a_small_disk(small_disk: Callable[[str], LoneStation]) -> LoneStation:
    return small_disk("")


@pytest.fixture
def on_a_full_disk(small_disk: Callable[[str], LoneStation]) -> LoneStation:
    return small_disk(FILL)


def fill(data: Path, leave_kb: int = 0) -> Path:
    """Another program fills the disk but for `leave_kb`."""
    filler = data / "somebody-elses-log"
    with filler.open("ab", buffering=0) as file:
        try:
            while space_of(data).free > leave_kb * 1024:
                file.write(bytes(min(65_536, space_of(data).free - leave_kb * 1024)))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
    return filler


async def test_a_full_disk_stops_new_work_only_and_only_while_it_lasts(
    on_a_small_disk: LoneStation, tmp_path: Path
) -> None:
    async with running(on_a_small_disk) as station:
        assert await station.scan("SKU-1") == "pick.counted"
        assert (station.data / BALLAST_NAME).stat().st_size == 4 << 20
        filler = fill(station.data)
        assert await station.shows(DISK, SHOWN_S + SLACK_S) <= SHOWN_S + SLACK_S
        for _ in range(80):  # until SQLite itself meets the end of the disk, and beyond
            status, body = await station.do("scan", code="SKU-1")
            assert (status, body.get("answer", {}).get("code")) in {(200, "pick.counted"), (503, None)}
        assert await station.scan("BADGE-BEN", "pick-2") == "worker.signed_in"
        assert await station.scan("PL-8", "pick-2") == "work.no_room"
        told = await station.problem(DISK)
        assert told is not None
        assert "No new work is opened; finish what is open" in told["sentence"]
        status = await station.get("/v1/station/status")
        assert status["disk"]["room"] in {"no_new_work", "full"}
        filler.unlink()
        await station.shows_no_more(DISK)
        assert await station.scan("PL-8", "pick-2") == "pick.opened"
        assert (station.data / BALLAST_NAME).stat().st_size == 4 << 20
        for name in (FILE_NAME, f"{FILE_NAME}-wal"):
            shutil.copy(station.data / name, tmp_path / name)
        assert verify(open_reader(tmp_path / FILE_NAME)) > 0


async def test_at_the_very_end_the_ballast_is_given_up_and_open_work_is_finished_on_it(
    on_a_small_disk: LoneStation,
) -> None:
    async with running(on_a_small_disk) as station:
        filler = fill(station.data)
        counted = doubts = 0
        while (station.data / BALLAST_NAME).exists():
            status, _ = await station.do("scan", code="GARBAGE")
            doubts += status == 503
            if (station.data / BALLAST_NAME).exists():
                fill(station.data)
        assert doubts <= 1, "one commit met the end of the disk, and no other"
        for _ in range(50):
            counted += await station.scan("SKU-1") == "pick.counted"
        assert counted == 50
        assert (await station.get("/v1/station/status"))["disk"]["room"] == Room.FULL.name.lower()
        assert station.process.poll() is None, "a full disk is a state and no crash"
        filler.unlink()
        await station.shows_no_more(DISK)
        assert (station.data / BALLAST_NAME).exists()


async def test_a_station_starts_on_a_full_disk(on_a_full_disk: LoneStation) -> None:
    """The ballast makes room for what a start writes."""
    async with running(on_a_full_disk) as station:
        assert await station.scan("SKU-1") == "pick.counted"
        await station.shows(DISK)
        (station.data / "log").unlink()
        await station.shows_no_more(DISK)


async def test_where_every_write_meets_a_full_disk_nothing_is_answered_wrongly_and_it_passes(
    compiler: str, tmp_path: Path
) -> None:
    """The same by the shim, without a disk of its own: no write gets through, ballast or not."""
    await asyncio.to_thread(give_work, tmp_path / "data")
    control = shim.Control(tmp_path / "control")
    library = shim.build(compiler, tmp_path)
    environment = shim.environment(library, str(tmp_path / "data"), control=control.path)
    async with running(LoneStation(tmp_path, environment=environment)) as station:
        assert await station.scan("SKU-1") == "pick.counted"
        control.plan(
            shim.Action.FAIL,
            (*shim.WRITES, shim.Call.ALLOCATE, shim.Call.TRUNCATE),
            last=shim.FOR_EVER,
            error=errno.ENOSPC,
        )
        for _ in range(5):
            status, body = await station.do("scan", code="SKU-1")
            assert (status, body["error"]["code"]) == (503, "store_in_doubt")
        assert await station.shows(DISK, SHOWN_S + SLACK_S) <= SHOWN_S + SLACK_S
        assert station.process.poll() is None
        control.plan(shim.Action.NONE)
        await station.shows_no_more(DISK)
        assert await station.scan("SKU-1") == "pick.counted"
        assert await station.scan("BADGE-BEN", "pick-2") == "worker.signed_in"
        assert await station.scan("PL-8", "pick-2") == "pick.opened"
