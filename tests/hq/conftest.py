from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.hq.site import Hq, running_hq


@pytest.fixture
async def hq(tmp_path: Path) -> AsyncIterator[Hq]:
    """An empty HQ on a real port."""
    async with running_hq(tmp_path / "hq.db") as running:
        yield running


@pytest.fixture
async def stocked(hq: Hq) -> Hq:
    """HQ with three products, 10 of each on hand."""
    await hq.with_products()
    return hq
