from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.shim import build, environment, read_counts

PLAIN_CALLS = """
import os, sys
fd, other = (os.open(path, os.O_RDWR | os.O_CREAT) for path in sys.argv[1:])
os.write(other, b"not watched")
os.fsync(other)
for _ in range(5):
    os.write(fd, b"x" * 10)
os.pwrite(fd, b"y" * 7, 0)
os.fsync(fd)
os.fdatasync(fd)
os.fdatasync(fd)
"""

ONE_COMMIT_EACH = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode=WAL")
db.execute("PRAGMA synchronous=FULL")
db.execute("PRAGMA wal_autocheckpoint=0")
db.execute("CREATE TABLE fact(body TEXT)")
for number in range(int(sys.argv[2])):
    db.execute("INSERT INTO fact VALUES (?)", (f"fact {number}",))
sys.stdout.write("done\\n")
sys.stdout.flush()
sys.stdin.readline()
"""


@pytest.fixture(scope="session")
def shim(compiler: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(compiler, tmp_path_factory.mktemp("shim"))


def child(code: str, shim: Path, match: str, out: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | environment(shim, match, out),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def two_files(folder: Path) -> tuple[str, str]:
    return str(folder / "watched.bin"), str(folder / "other.bin")


def test_every_call_and_byte_on_a_watched_file_is_counted(shim: Path, tmp_path: Path) -> None:
    out = tmp_path / "counts"
    with child(PLAIN_CALLS, shim, "watched.bin", out, *two_files(tmp_path)) as process:
        assert process.wait(30) == 0
    assert read_counts(out) == {
        "fsync": 1,
        "fsync_bytes": 0,
        "fdatasync": 2,
        "fdatasync_bytes": 0,
        "write": 5,
        "write_bytes": 50,
        "pwrite": 1,
        "pwrite_bytes": 7,
    }


def test_files_that_do_not_match_are_not_counted(shim: Path, tmp_path: Path) -> None:
    out = tmp_path / "counts"
    with child(PLAIN_CALLS, shim, "some-other-name", out, *two_files(tmp_path)) as process:
        assert process.wait(30) == 0
    assert set(read_counts(out).values()) == {0}


def test_a_sqlite_commit_in_wal_mode_with_full_sync_is_one_fdatasync(shim: Path, tmp_path: Path) -> None:
    ten, thirty = (commits(shim, tmp_path, number) for number in (10, 30))
    assert thirty["fdatasync"] - ten["fdatasync"] == 20
    assert thirty["fsync"] == ten["fsync"]
    page_and_frame_header = 4096 + 24
    assert thirty["pwrite_bytes"] - ten["pwrite_bytes"] == 20 * page_and_frame_header


def commits(shim: Path, folder: Path, number: int) -> dict[str, int]:
    """What `number` commits cost, asked of the running process by a signal, before it closes its file."""
    out = folder / f"counts-{number}"
    with child(
        ONE_COMMIT_EACH, shim, "store.db-wal", out, str(folder / f"{number}-store.db"), str(number)
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        process.send_signal(signal.SIGUSR2)
        deadline = time.monotonic() + 10
        while not out.exists() or not out.read_text():
            assert time.monotonic() < deadline, "no report came"
            os.sched_yield()
        before_close = read_counts(out)
        process.communicate("\n", timeout=30)
    assert process.returncode == 0
    return before_close


def test_the_last_report_of_each_process_counts_and_processes_add_up(tmp_path: Path) -> None:
    out = tmp_path / "counts"
    out.write_text("7 fsync 1 0\n7 write 2 20\n7 fsync 3 0\n7 write 4 40\n8 fsync 10 0\n8 write 1 5\n")
    assert read_counts(out) == {"fsync": 13, "fsync_bytes": 0, "write": 5, "write_bytes": 45}
