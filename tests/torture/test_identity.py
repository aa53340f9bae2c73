"""A sample of the worlds of copied stores and backups put back; `make torture` lives through many more."""

from __future__ import annotations

import pytest

from tests.conftest import REPORTS
from tests.torture.identity import Counts, put_back_at_every_point, run

MANY = 8
SEED, WORLDS = 20261122, 8


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_whatever_is_copied_or_put_back_nothing_is_lost_or_done_twice() -> None:
    counts = run(SEED, WORLDS)
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / "identity.txt").write_text(f"{counts}\n", encoding="utf-8")
    assert counts.wrong == []


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_backup_of_any_moment_of_a_day_is_put_back_without_harm() -> None:
    counts = Counts(SEED)
    await put_back_at_every_point(SEED, counts, orders=1)
    assert counts.happened["backups put back, one for each act"] > MANY
    assert counts.happened["parcels sealed"] > 0
    assert counts.wrong == []
