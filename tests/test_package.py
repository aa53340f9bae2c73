"""What is shipped, and what a start loads."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.needs import ROOT

NEVER_AT_START = [
    "sqlite_utils",
    "serial",
    "PIL",
    "escpos",
    "qrcode",
    "argon2",
    "cryptography",
    "hq",
    "apscheduler",
    "devices.simulators",
    "agent.demo",
    "local_store.domain.words.languages",
]


@pytest.mark.slow
def test_the_wheel_holds_everything_a_station_needs(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "agent/screens/work.html",
        "agent/screens/tokens.css",
        "agent/labels/templates/gs1_logistic_4x6.zpl",
        "agent/demo/orders.ndjson",
        "agent/systemd/edge-agent.service",
        "agent/systemd/60-edge-agent.rules",
        "config/edge.example.toml",
        "local_store/schema/001_first_light.sql",
        "sync/dialects/ofs/profile.toml",
        "hq/schema.sql",
        "hq/contracts/ofs.yaml",
    ):
        assert needed in names, needed
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_lock_files_name_versions_and_hashes_and_no_addresses() -> None:
    for path in [*ROOT.glob("requirements/*.lock"), ROOT / "package-lock.json"]:
        text = path.read_text()
        assert not re.search(r"https?://|\bindex-url\b|\bresolved\b", text), path.name
    for line in (ROOT / "requirements" / "run.lock").read_text().splitlines():
        assert line.startswith("    --hash=sha256:") or "==" in line, line


def test_everybody_may_use_change_and_share_it() -> None:
    licence = " ".join((ROOT / "LICENSE").read_text(encoding="utf-8").split())
    assert licence.startswith("MIT License Copyright")
    assert "free of charge, to any person" in licence
    assert "use, copy, modify, merge, publish, distribute" in licence
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (told["license"], told["license-files"]) == ("MIT", ["LICENSE"])


def test_a_start_loads_nothing_that_it_does_not_need() -> None:
    program = f"import sys, agent.wiring; print([name for name in {NEVER_AT_START!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


def test_the_command_line_names_its_commands_without_loading_them() -> None:
    program = (
        "import sys\nfrom click.testing import CliRunner\nfrom agent.__main__ import main\n"
        "print(CliRunner().invoke(main, ['--version']).output.strip())\n"
        "print([name for name in ('aiohttp', 'pydantic', 'sqlite3') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.splitlines() == ["edge-agent, version 0.6.0", "[]"]
