"""A station is written whole or not at all."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.enrolment import load_settings
from config import ConfigFaults, read_secret
from config.writing import merged, toml_of, write_station

TABLES: dict[str, Any] = {
    "station": {"id": "pack-1", "warehouse_id": "WH-1", "data_dir": "store"},
    "hq": {"main": {"dialect": "ofs", "url": "https://hq.example.com", "secret": "hq-main", "tenant": "acme"}},
    "workplaces": {"pack-1": {"work": "pack", "devices": []}},
}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.one_of(texts, st.booleans(), st.integers(-(2**60), 2**60), st.lists(texts, max_size=3))


@given(st.dictionaries(texts, values, max_size=5))
def test_what_is_written_is_read_back_the_same(table: dict[str, Any]) -> None:
    assert tomllib.loads(toml_of({"table": table})) == {"table": table}


def test_what_is_merged_counts_table_by_table() -> None:
    assert merged({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}, "b": 4}) == {"a": {"x": 1, "y": 3}, "b": 4}


def test_secrets_and_settings_are_for_their_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "etc" / "edge.toml"
    settings = write_station(path, TABLES, {"hq-main": "the-key-of-hq"}, load_settings)
    assert settings.station.id == "pack-1"
    assert settings.station.data_dir == path.parent / "store"
    assert read_secret("hq-main", path.parent) == "the-key-of-hq"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "the-key-of-hq" not in path.read_text()


@pytest.mark.parametrize(
    ("change", "secrets", "fault"),
    [
        ({"station": {"id": "Not A Name"}}, {"hq-main": "k"}, "station.id"),
        ({}, {}, "secret hq-main: HQ's key is missing"),
        ({}, {"hq-main": "  "}, "secret hq-main: it is empty"),
        ({}, {"hq-main": "k", "../evil": "k"}, "its name is not allowed"),
    ],
)
def test_with_a_fault_nothing_at_all_is_written(
    tmp_path: Path, change: dict[str, Any], secrets: dict[str, str], fault: str
) -> None:
    with pytest.raises(ConfigFaults, match=fault):
        write_station(tmp_path / "edge.toml", merged(TABLES, change), secrets, load_settings)
    assert list(tmp_path.iterdir()) == []


def test_a_station_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    write_station(path, TABLES, {"hq-main": "k"}, load_settings)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        write_station(path, TABLES, {"hq-main": "other"}, load_settings)
    assert path.read_bytes() == before
