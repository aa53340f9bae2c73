from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from tests.support import needs
from tests.support.patient_loop import PatientLoop

T = TypeVar("T")

settings.register_profile(
    "steady", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("fuzz", settings.get_profile("steady"), max_examples=20_000)  # make fuzz
settings.load_profile("steady")


REPORTS = needs.ROOT / "build" / "reports"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # once a run, not in each of its workers
        shutil.rmtree(REPORTS, ignore_errors=True)


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], PatientLoop]]:
    """What a test waits for in its own process is not cut off because the machine was busy with something else."""
    return {"patient": PatientLoop}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the long runs measured, also when they passed."""
    for report in sorted(REPORTS.glob("*.txt")):
        terminalreporter.write_line(report.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def shared() -> Path:
    return _found(needs.shared_folder(), "the shared reference folder")


@pytest.fixture(scope="session")
def chromium() -> str:
    return _found(needs.chromium(), "Chromium")


@pytest.fixture(scope="session")
def node_renderer() -> str:
    return _found(needs.node_renderer(), "Node with zpl-renderer-js")


@pytest.fixture(scope="session")
def type_checker() -> Path:
    return _found(needs.type_checker(), "Node with typescript")


@pytest.fixture(scope="session")
def accessibility_rules() -> str:
    return _found(needs.accessibility_rules(), "axe-core").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def compiler() -> str:
    return _found(needs.compiler(), "a C compiler")


@pytest.fixture(scope="session")
def systemd_analyze() -> str:
    return _found(needs.systemd_analyze(), "systemd-analyze")


def _found(thing: T | None, what: str) -> T:
    if thing is None:
        needs.skip_or_fail(what)
    return thing
