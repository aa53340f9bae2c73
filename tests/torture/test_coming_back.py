"""HQ is not run over by a thousand stations that come back together."""

from __future__ import annotations

import pytest

from tests.torture.coming_back import MOST_OVER_MEAN, STATIONS, come_back

AWAY_S = 120


@pytest.mark.slow
def test_a_thousand_stations_that_come_back_together_do_not_run_hq_over() -> None:
    assert STATIONS == 1_000
    load = come_back(AWAY_S)
    assert load.peak <= MOST_OVER_MEAN * load.mean, load


def test_without_chance_in_the_waits_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test can fail: stations that all look for HQ at the same moments come back in the same second."""
    monkeypatch.setattr("tests.torture.coming_back.STATIONS", 100)
    monkeypatch.setattr("sync.breaker.Breaker.probe_failed", lambda _self: 30_000)
    load = come_back(AWAY_S)
    assert load.peak > MOST_OVER_MEAN * load.mean, load
