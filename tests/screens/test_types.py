"""The pages have no build step, and yet types: in comments, checked strictly over all modules together."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.support.needs import ROOT

SCREENS = Path("agent") / "screens"


def _check(project: Path, type_checker: Path) -> list[str]:
    """What the compiler says of the pages in a folder, line by line."""
    done = subprocess.run(["node", type_checker, "-p", project], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert bool(done.returncode) == bool(done.stdout)
    return done.stdout.splitlines()


def test_every_module_of_the_pages_keeps_to_its_types(type_checker: Path) -> None:
    assert _check(ROOT, type_checker) == []


def test_a_member_that_no_view_has_is_found(type_checker: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "tsconfig.json", tmp_path)
    shutil.copytree(ROOT / SCREENS, tmp_path / SCREENS)
    strip = tmp_path / SCREENS / "strip.js"
    written = strip.read_text(encoding="utf-8")
    assert "view.devices" in written
    strip.write_text(written.replace("view.devices", "view.gadgets"), encoding="utf-8")
    found = _check(tmp_path, type_checker)
    assert found, "the planted fault was not found"
    assert all("strip.js" in line and "gadgets" in line for line in found if line.startswith("agent"))
