"""A disk that fails: nothing is answered wrongly, one error is lived through, a second one means a new process."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support import shim
from tests.support.floor import new_id
from tests.support.lone import LoneStation, give_work
from tests.support.needs import ROOT
from tests.support.site import START_TIMEOUT_S

FILE = "store.file"


@pytest.fixture
async def control(tmp_path: Path) -> shim.Control:
    await asyncio.to_thread(give_work, tmp_path / "data")
    return shim.Control(tmp_path / "control")


@pytest.fixture
async def station(compiler: str, tmp_path: Path, control: shim.Control) -> AsyncIterator[LoneStation]:
    library = shim.build(compiler, tmp_path)
    made = LoneStation(
        tmp_path, environment=shim.environment(library, str(tmp_path / "data/edge.sqlite3"), control=control.path)
    )
    await made.start()
    yield made
    await made.stop()


@pytest.mark.parametrize("calls", [shim.FLUSHES, shim.WRITES])
async def test_after_one_error_the_same_act_is_done_once_and_the_screens_tell(
    station: LoneStation, control: shim.Control, calls: tuple[shim.Call, ...]
) -> None:
    command_id = str(new_id())
    control.plan(shim.Action.FAIL, calls, error=errno.EIO)
    status, body = await station.do("scan", code="SKU-1", command_id=command_id)
    assert (status, body["error"]["code"]) == (503, "store_in_doubt")
    assert control.hits == 1
    assert await station.shows(FILE) < 1.5
    for _ in range(2):
        status, body = await station.do("scan", code="SKU-1", command_id=command_id)
        assert (status, body["answer"]["text"]) == (200, "Item SKU-1 (SKU-1): 1 of 100.")
    assert station.process.poll() is None


async def test_a_flush_that_failed_is_not_tried_again_in_the_hope_that_it_says_yes(
    station: LoneStation, control: shim.Control
) -> None:
    """The next flush of that file comes only after its data was written anew."""
    control.plan(shim.Action.FAIL, shim.FLUSHES, error=errno.EIO)
    await station.do("scan", code="SKU-1")
    control.count(shim.FLUSHES)
    await station.shows(FILE)
    assert control.seen == 0
    control.count(shim.WRITES)
    assert await station.scan("SKU-1") == "pick.counted"
    assert control.seen > 0


@pytest.mark.parametrize("calls", [shim.FLUSHES, shim.WRITES])
async def test_a_second_error_within_a_minute_ends_the_process_so_that_a_new_one_looks_at_the_disk(
    station: LoneStation, control: shim.Control, calls: tuple[shim.Call, ...], tmp_path: Path
) -> None:
    assert await station.scan("SKU-1") == "pick.counted"
    control.plan(shim.Action.FAIL, calls, last=shim.FOR_EVER, error=errno.EIO)
    for _ in range(2):
        status, _ = await station.do("scan", code="SKU-1")
        assert status == 503
    assert await asyncio.to_thread(station.process.wait, START_TIMEOUT_S) not in {0, None}
    assert "failed twice within a minute" in station.log.read_text()
    control.plan(shim.Action.NONE)
    await station.stop()
    await station.start()
    assert (await station.do("scan", code="SKU-1"))[1]["answer"]["text"].endswith(" of 100.")


def test_systemd_starts_the_agent_again_whatever_its_exit_status_and_never_gives_up() -> None:
    unit = (ROOT / "systemd" / "edge-agent.service").read_text()
    assert "\nRestart=always\n" in unit
    assert "\nStartLimitIntervalSec=0\n" in unit
