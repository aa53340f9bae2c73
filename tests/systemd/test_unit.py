from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli.install import place, planned_files
from tests.support.needs import ROOT, skip_or_fail

UNIT = "etc/systemd/system/edge-agent.service"
EXPOSURE_TENTHS = 15  # 1.5 of 10


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit as a station gets it, with a program that exists here and one secret."""
    for file in planned_files(tmp_path, sys.executable, '[hq.main]\nsecret = "main-key"\n'):
        place(file, tmp_path, dry_run=False)
    return tmp_path / UNIT


def test_systemd_finds_nothing_wrong_with_the_unit(unit: Path, systemd_analyze: str) -> None:
    assert complaints(systemd_analyze, unit) == []


def test_a_wrong_setting_would_be_found(unit: Path, systemd_analyze: str) -> None:
    unit.write_text(unit.read_text().replace("WatchdogSec=30", "WatchdogSec=often"))
    assert any("often" in line for line in complaints(systemd_analyze, unit))


def test_the_service_is_exposed_no_more_than_one_and_a_half_of_ten(unit: Path, systemd_analyze: str) -> None:
    assert is_tight(systemd_analyze, unit)


def test_a_sandbox_with_a_hole_would_be_found(unit: Path, systemd_analyze: str) -> None:
    unit.write_text(unit.read_text().replace("CapabilityBoundingSet=\n", "").replace("PrivateUsers=yes\n", ""))
    assert not is_tight(systemd_analyze, unit)


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "User=edge-agent",
        "Restart=always",
        "StartLimitIntervalSec=0",
        "StateDirectory=edge-agent",
        "DevicePolicy=closed",
        "IPAddressDeny=any",
    ],
)
def test_the_unit_says(unit: Path, line: str) -> None:
    assert line in unit.read_text().splitlines()


def test_sysusers_would_make_the_user(tmp_path: Path) -> None:
    program = shutil.which("systemd-sysusers")
    if program is None:
        skip_or_fail("systemd-sysusers")
        raise AssertionError
    (tmp_path / "etc").mkdir()
    done = run(program, f"--root={tmp_path}", "--dry-run", str(ROOT / "systemd" / "edge-agent.sysusers.conf"))
    assert "Creating user 'edge-agent'" in done.stderr


def complaints(systemd_analyze: str, unit: Path) -> list[str]:
    """What systemd says about our unit, without what it says about others on this machine."""
    done = run(systemd_analyze, "verify", "--man=no", str(unit))
    return [line for line in done.stderr.splitlines() if "edge-agent" in line]


def is_tight(systemd_analyze: str, unit: Path) -> bool:
    limit = f"--threshold={EXPOSURE_TENTHS}"
    return run(systemd_analyze, "security", "--offline=true", "--no-pager", limit, str(unit)).returncode == 0


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
