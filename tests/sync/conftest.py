from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.site import Hq
from tests.sync.fake_hq import FakeHq, fake_hq
from tests.sync.station import Station, station


@pytest.fixture
async def fake() -> AsyncIterator[FakeHq]:
    """An HQ that misbehaves as told."""
    async with fake_hq() as made:
        yield made


@pytest.fixture
async def here(tmp_path: Path, fake: FakeHq) -> AsyncIterator[Station]:
    """A station whose lane goes to the fake HQ, with a clock that does not make one wait."""
    async with station(tmp_path, fake.url) as made:
        yield made


@pytest.fixture
async def hq(tmp_path: Path) -> AsyncIterator[Hq]:
    """Our own central service, a process of its own."""
    made = Hq(tmp_path / "hq")
    await made.start()
    try:
        yield made
    finally:
        made.process.stop()
