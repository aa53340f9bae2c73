"""A seeded sample of what `make torture` does to every lane: about 1,500 spoiled calls over all dialects."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from tests.torture.lanes import PREFIX

SEED = 20261
ORDERS = {"ofs": 34, "esw": 100, "exsited": 70, "pitney_bowes": 120, "s2": 160}
"""Orders that make each dialect's connector make some three hundred different calls."""
LEAST_CASES = 300
MOST_MEMORY_MB = 256

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("dialect", sorted(PREFIX))
async def test_every_call_is_spoiled_before_during_and_after_and_counts_once(dialect: str) -> None:
    command = [
        "-m",
        "tests.torture.lanes",
        "--dialect",
        dialect,
        "--orders",
        str(ORDERS[dialect]),
        "--seed",
        str(SEED),
    ]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told, errors = await process.communicate()
    assert process.returncode in {0, 1}, errors.decode()[-3000:]
    report = json.loads(told)
    assert report["parked"] == []
    assert report["equal"], report["log"]
    assert report["cases"] >= LEAST_CASES, report["operations"]
    assert report["memory_mb"] < MOST_MEMORY_MB
