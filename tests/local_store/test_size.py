"""What a fact costs in the file, for years of them are kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from local_store.database import FILE_NAME
from tests.benchmarks.counting import prepare
from tests.benchmarks.growing import bytes_of_a_count
from tests.support.needs import skip_or_fail

MANY = 3200


def test_a_counting_scan_takes_at_most_600_bytes_for_its_fact_and_its_receipt(tmp_path: Path) -> None:
    """Journal row and receipt with the slack of their pages; the promise to an HQ goes again once it was kept."""
    if ("ENABLE_DBSTAT_VTAB",) not in sqlite3.connect(":memory:").execute("PRAGMA compile_options").fetchall():
        skip_or_fail("an SQLite that tells the size of a table (dbstat)")
    prepare(tmp_path / "prepared")
    sizes = bytes_of_a_count(tmp_path / "prepared" / FILE_NAME, tmp_path / "counted", MANY)
    assert sizes["journal"] == pytest.approx(345, abs=20)
    assert sizes["journal"] + sizes["receipt"] <= 600
    assert sum(size for name, size in sizes.items() if name.startswith("outbox")) <= 110
