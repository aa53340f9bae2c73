"""The names a station answers to are those it listens at, and no other."""

from __future__ import annotations

import pytest

from agent.api.app import doors_of


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_station_answers_at_the_address_it_listens_at(host: str) -> None:
    doors = doors_of(host, 8765)
    assert f"{host}:8765" in doors.hosts
    assert f"http://{host}:8765" in doors.origins
    assert f"{host}:80" not in doors.hosts
    assert "evil.example:8765" not in doors.hosts
