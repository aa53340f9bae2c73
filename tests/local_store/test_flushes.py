"""What an answer costs in flushes of the disk: the figure that carries over to any machine (performance, G4)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local_store.database import FILE_NAME
from tests.benchmarks.counting import prepare
from tests.support import shim
from tests.support.needs import ROOT


@pytest.fixture(scope="module")
def library(compiler: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shim.build(compiler, tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder)
    return folder / FILE_NAME


@pytest.mark.parametrize(("in_flight", "events", "goal"), [(1, 400, 1.03), (8, 1600, 0.14), (64, 3200, 0.02)])
def test_flushes_for_each_event(
    library: Path, prepared: Path, tmp_path: Path, in_flight: int, events: int, goal: float
) -> None:
    """Start and stop are not counted: they are what a run with no event costs."""
    none = _flushes(library, prepared, tmp_path / "none", 0, in_flight)
    all_of_them = _flushes(library, prepared, tmp_path / "all", events, in_flight)
    per_event = (all_of_them - none) / events
    assert 1 / in_flight <= per_event + 0.01, "fewer flushes than commits cannot be"
    assert per_event <= goal


def _flushes(library: Path, prepared: Path, folder: Path, events: int, in_flight: int) -> int:
    out = folder.with_suffix(".counts")
    arguments = [str(prepared), str(folder), str(events), str(in_flight)]
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.counting", *arguments],
        cwd=ROOT, env=os.environ | shim.environment(library, FILE_NAME, out), timeout=60, check=True,
    )  # fmt: skip
    counted = shim.read_counts(out)
    return counted["fdatasync"] + counted["fsync"]
