from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sync.dialects import DIALECTS
from tests.hq.site import SECRETS, Hq, running_hq
from tests.sync.pitney_bowes.facts import SETTINGS
from tests.sync.station import Station, station


@pytest.fixture
async def hq(tmp_path: Path) -> AsyncIterator[Hq]:
    """The central service with three products, 10 of each, speaking this API and held strictly to its contract."""
    async with running_hq(tmp_path / "hq.db", dialect="pitney_bowes") as running:
        await running.with_products()
        yield running


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    """A station with a lane to it, and a clock on which waiting takes no time."""
    dialect: dict[str, Any] = {"dialect": "pitney_bowes", "more_settings": SETTINGS, "secret": SECRETS["station"]}
    async with station(
        tmp_path / "st", hq.url, accepts=DIALECTS["pitney_bowes"].accepts(None), **dialect, timeout_s=2
    ) as made:
        yield made
