"""A new store: whole or not there at all, whenever the power goes; and never in the place of one that was lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from local_store.creation import MAKING, make_folder, make_if_missing
from local_store.database import FILE_NAME, StoreRefused, open_writer
from local_store.migrations import STEPS, migrate
from tests.support import shim
from tests.support.floor import Bench
from tests.support.needs import ROOT


def test_a_new_store_has_every_table_is_in_its_log_mode_and_left_nothing_half_made(tmp_path: Path) -> None:
    assert make_if_missing(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [FILE_NAME, "migration.lock"]
    plain = sqlite3.connect(tmp_path / FILE_NAME)
    assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    plain.close()
    connection = open_writer(tmp_path / FILE_NAME)
    assert migrate(connection, tmp_path / "migration.lock") == []
    connection.close()


def test_a_store_that_is_there_is_left_alone(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.signed_in()
    bench.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    assert not make_if_missing(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("left", [b"", b"half a page", b"SQLite format 3\0" * 512])
def test_what_a_crash_left_half_made_is_made_anew(tmp_path: Path, left: bytes) -> None:
    for name in (MAKING, f"{MAKING}-journal", f"{MAKING}-wal", f"{MAKING}-shm"):
        (tmp_path / name).write_bytes(left)
    assert make_if_missing(tmp_path)
    assert not list(tmp_path.glob(f"{MAKING}*"))
    connection = open_writer(tmp_path / FILE_NAME)
    names = [name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY name")]
    connection.close()
    assert names == sorted(STEPS)


def test_an_emptied_file_is_refused_and_not_taken_for_a_new_store(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with pytest.raises(StoreRefused) as refused:
        make_if_missing(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path / FILE_NAME}: the file is empty, and a store never is. Keep it, and put the last good backup in "
        "its place."
    )


def test_a_log_without_its_file_is_refused_since_facts_may_be_in_it(tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}-wal").write_bytes(b"facts")
    with pytest.raises(StoreRefused, match=r"the file is gone and its log edge.sqlite3-wal is still there"):
        make_if_missing(tmp_path)
    assert (tmp_path / f"{FILE_NAME}-wal").read_bytes() == b"facts"


def test_the_data_folder_is_its_users_own(tmp_path: Path) -> None:
    make_folder(tmp_path / "var" / "data")
    assert (tmp_path / "var" / "data").stat().st_mode & 0o777 == 0o700
    make_folder(tmp_path / "var" / "data")


def test_the_file_is_flushed_before_it_gets_its_name_and_the_folder_after(compiler: str, tmp_path: Path) -> None:
    """What the kernel is asked for, in order: the ritual of reliability 4.1 R5."""
    folder = tmp_path / "data"
    folder.mkdir()
    calls = _calls(compiler, tmp_path, folder)
    renamed = calls.index(f"rename {MAKING}")
    flushed = [n for n, call in enumerate(calls) if call in {f"fsync {MAKING}", f"fdatasync {MAKING}"}]
    written = [n for n, call in enumerate(calls) if call in {f"write {MAKING}", f"pwrite {MAKING}"}]
    assert max(written) < max(flushed) < renamed
    assert calls[renamed + 1] == f"fsync {folder.name}"
    # EXTRA: a journal that is deleted is gone for good before the next step
    journals = [n for n, call in enumerate(calls) if call == f"unlink {MAKING}-journal"]
    assert journals
    assert all(calls[n + 1] in {f"fsync {folder.name}", f"fdatasync {folder.name}"} for n in journals)


def _calls(compiler: str, work: Path, folder: Path) -> list[str]:
    """`call file` for every watched call of a process that makes a store in `folder`."""
    library = shim.build(compiler, work)
    tape = work / "tape"
    code = "import sys, pathlib; from local_store.creation import make_if_missing as m; m(pathlib.Path(sys.argv[1]))"
    environment = shim.environment(library, str(folder), work / "counts", record=tape)
    subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, env=os.environ | environment, check=True, timeout=60
    )
    return [f"{entry.call.name.lower()} {Path(entry.path).name}" for entry in shim.read_record(tape)]
