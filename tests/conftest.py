from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import needs

settings.register_profile(
    "steady", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = needs.shared_folder()
    if folder is None:
        needs.skip_or_fail("the shared reference folder")
        raise AssertionError
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    path = needs.chromium()
    if path is None:
        needs.skip_or_fail("Chromium")
        raise AssertionError
    return path


@pytest.fixture(scope="session")
def node_renderer() -> str:
    path = needs.node_renderer()
    if path is None:
        needs.skip_or_fail("Node with zpl-renderer-js")
        raise AssertionError
    return path


@pytest.fixture(scope="session")
def compiler() -> str:
    path = needs.compiler()
    if path is None:
        needs.skip_or_fail("a C compiler")
        raise AssertionError
    return path


@pytest.fixture(scope="session")
def systemd_analyze() -> str:
    path = needs.systemd_analyze()
    if path is None:
        needs.skip_or_fail("systemd-analyze")
        raise AssertionError
    return path
