"""A small file is whole or not there, whatever happens: what the kernel is asked for, in order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config import durable_file
from tests.support import shim
from tests.support.needs import ROOT

CODE = "import sys, pathlib; from config import durable_file; durable_file.write(pathlib.Path(sys.argv[1]), 'words')"


def test_it_is_flushed_before_it_gets_its_name_and_the_folder_after(compiler: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    tape = tmp_path / "tape"
    environment = shim.environment(shim.build(compiler, tmp_path), str(folder), tmp_path / "counts", record=tape)
    subprocess.run(
        [sys.executable, "-c", CODE, str(folder / "key")],
        cwd=ROOT, env=os.environ | environment, check=True, timeout=60,
    )  # fmt: skip
    calls = [f"{entry.call.name.lower()} {Path(entry.path).name}" for entry in shim.read_record(tape)]
    assert calls == ["create key.new", "write key.new", "fsync key.new", "rename key.new", "fsync data"]


def test_only_its_user_can_read_it(tmp_path: Path) -> None:
    durable_file.write(tmp_path / "key", "words")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_it_takes_the_place_of_an_older_one_and_of_a_half_made_one(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("old")
    (tmp_path / "key.new").write_text("ha")
    durable_file.write(tmp_path / "key", "words")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"key": "words"}
