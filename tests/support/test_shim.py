from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.patience import PATIENCE_S
from tests.support.shim import (
    FLUSHES,
    FOR_EVER,
    WRITES,
    Action,
    Call,
    Control,
    Entry,
    Outcome,
    build,
    environment,
    mark,
    read_counts,
    read_record,
)

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

ONE_OF_EACH = """
import os, sys
folder = sys.argv[1]
os.mkdir(folder)
fd = os.open(folder + "/a", os.O_RDWR | os.O_CREAT, 0o600)
os.write(fd, b"first")
os.pwrite(fd, b"second", 100)
os.ftruncate(fd, 3)
os.posix_fallocate(fd, 0, 50)
os.fdatasync(fd)
os.rename(folder + "/a", folder + "/b")
os.write(fd, b"third")
os.link(folder + "/b", folder + "/c")
os.unlink(folder + "/b")
with open(folder + "/c-shm", "wb") as mapped:
    mapped.write(b"never seen")
directory = os.open(folder, os.O_RDONLY)
os.fsync(directory)
"""

REPEAT = """
import os, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
for number in range(6):
    try:
        os.pwrite(fd, b"abcd", 4 * number)
        os.fdatasync(fd)
        print("done", flush=True)
    except OSError as error:
        print(error.errno, flush=True)
"""

TELL_TIME = """
import sqlite3, sys, time
for line in sys.stdin:
    from_sqlite = sqlite3.connect(":memory:").execute("SELECT strftime('%s', 'now')").fetchone()[0]
    print(time.time(), from_sqlite, time.mktime(time.localtime()), time.monotonic(), flush=True)
"""

SEND = """
import socket, threading
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
peer, _ = server.accept()
client.send(b"one")
print(peer.recv(10), flush=True)
client.send(b"two")
print("not reached", flush=True)
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
    counts = {name: number for name, number in read_counts(out).items() if number}
    assert counts == {"create": 1, "fsync": 1, "fdatasync": 2, "write": 5, "write_bytes": 50, "pwrite": 1} | {
        "pwrite_bytes": 7
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
        process.communicate("\n", timeout=PATIENCE_S)
    assert process.returncode == 0
    return before_close


def test_the_last_report_of_each_process_counts_and_processes_add_up(tmp_path: Path) -> None:
    out = tmp_path / "counts"
    out.write_text("7 fsync 1 0\n7 write 2 20\n7 fsync 3 0\n7 write 4 40\n8 fsync 10 0\n8 write 1 5\n")
    assert read_counts(out) == {"fsync": 13, "fsync_bytes": 0, "write": 5, "write_bytes": 45}


# --- the record -------------------------------------------------------------------------------------------------


def test_everything_that_changes_a_watched_folder_is_recorded_in_order_with_its_bytes(
    shim: Path, tmp_path: Path
) -> None:
    record, folder = tmp_path / "record", tmp_path / "store"
    run(ONE_OF_EACH, environment(shim, "/store", record=record), str(folder))
    a, b, c = (str(folder / name) for name in "abc")
    assert list(read_record(record)) == [
        Entry(Call.MKDIR, Outcome.DONE, str(folder), "", b"", 0),
        Entry(Call.CREATE, Outcome.DONE, a, "", b"", 0),
        Entry(Call.WRITE, Outcome.DONE, a, "", b"first", 0),
        Entry(Call.PWRITE, Outcome.DONE, a, "", b"second", 100),
        Entry(Call.TRUNCATE, Outcome.DONE, a, "", b"", 3),
        Entry(Call.ALLOCATE, Outcome.DONE, a, "", b"", 50),
        Entry(Call.FDATASYNC, Outcome.DONE, a, "", b"", 0),
        Entry(Call.RENAME, Outcome.DONE, a, b, b"", 0),
        Entry(Call.WRITE, Outcome.DONE, b, "", b"third", 5),
        Entry(Call.LINK, Outcome.DONE, b, c, b"", 0),
        Entry(Call.UNLINK, Outcome.DONE, b, "", b"", 0),
        Entry(Call.FSYNC, Outcome.DONE, str(folder), "", b"", 0),
    ]


def test_a_mark_stands_where_it_was_made(tmp_path: Path) -> None:
    record = tmp_path / "record"
    descriptor = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    mark(descriptor, "promised: 1")
    mark(descriptor, "promised: 2")
    assert [(entry.call, entry.data) for entry in read_record(record)] == [
        (Call.MARK, b"promised: 1"),
        (Call.MARK, b"promised: 2"),
    ]


# --- spoiling ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "left"), [(Action.KILL_BEFORE, 8), (Action.KILL_AFTER, 12), (Action.TEAR, 10)])
def test_a_process_dies_before_after_or_in_the_middle_of_the_third_write(
    shim: Path, tmp_path: Path, action: Action, left: int
) -> None:
    status, said, control = spoiled(shim, tmp_path, action, WRITES, first=3)
    assert (status, said, control.hits) == (-signal.SIGKILL, ["done", "done"], 1)
    assert (tmp_path / "watched.bin").stat().st_size == left


def test_one_call_fails_or_all_from_there_with_the_error_that_was_asked_for(shim: Path, tmp_path: Path) -> None:
    once = spoiled(shim, tmp_path, Action.FAIL, WRITES, first=2, error=errno.ENOSPC)
    assert once[1] == ["done", str(errno.ENOSPC), "done", "done", "done", "done"]
    for_ever = spoiled(shim, tmp_path, Action.FAIL, FLUSHES, first=5, last=FOR_EVER, error=errno.EIO)
    assert for_ever[1] == ["done", "done", "done", "done", str(errno.EIO), str(errno.EIO)]


def test_a_flush_that_lies_or_fails_is_marked_in_the_record(shim: Path, tmp_path: Path) -> None:
    for action, outcome in ((Action.LIE, Outcome.LIED), (Action.FAIL, Outcome.FAILED)):
        record = tmp_path / f"record-{action.name}"
        spoiled(shim, tmp_path, action, FLUSHES, first=2, record=record)
        flushes = [entry.outcome for entry in read_record(record) if entry.call is Call.FDATASYNC]
        assert flushes == [Outcome.DONE, outcome, *[Outcome.DONE] * 4]


def test_a_send_is_watched_when_asked_for(shim: Path, tmp_path: Path) -> None:
    control = Control(tmp_path / "control")
    control.plan(Action.KILL_BEFORE, (Call.SEND,), first=2)
    done = run(SEND, environment(shim, "/none", control=control.path, sockets=True), check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "b'one'\n")


def test_the_wall_clock_is_moved_while_the_process_runs_for_python_and_sqlite_and_the_steady_one_is_not(
    shim: Path, tmp_path: Path
) -> None:
    control = Control(tmp_path / "control")
    with subprocess.Popen(
        [sys.executable, "-c", TELL_TIME],
        env=os.environ | environment(shim, "/none", control=control.path),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for years in (0, 10, -10):
            shift = years * 365 * 86_400
            control.shift_clock(shift)
            process.stdin.write("now?\n")
            process.stdin.flush()
            *walls, steady = map(float, process.stdout.readline().split())
            assert [wall - time.time() - shift for wall in walls] == pytest.approx([0, 0, 0], abs=5)
            assert steady - time.monotonic() == pytest.approx(0, abs=5)


def run(code: str, watched: dict[str, str], *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | watched, capture_output=True, text=True, check=check, timeout=PATIENCE_S,
    )  # fmt: skip


def spoiled(
    shim: Path,
    folder: Path,
    action: Action,
    calls: tuple[Call, ...],
    *,
    record: Path | None = None,
    **plan: int,
) -> tuple[int, list[str], Control]:
    """How six writes, each flushed, end; what was said of each, and the control."""
    file = folder / "watched.bin"
    file.unlink(missing_ok=True)
    control = Control(folder / "control")
    control.plan(action, calls, **plan)
    watched = environment(shim, "watched.bin", control=control.path, record=record)
    done = run(REPEAT, watched, str(file), check=False)
    return done.returncode, done.stdout.split(), control
