"""Opening the file: what is set, what is refused, and schema steps that many may start at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from local_store.database import FILE_NAME, WRITER_PRAGMAS, StoreRefused, open_reader, open_writer
from local_store.migrations import STEPS, migrate, statements_of
from tests.support.floor import Bench
from tests.support.needs import ROOT
from tests.support.patience import PATIENCE_S


@pytest.mark.parametrize(("pragma", "wanted"), [(pragma, wanted) for pragma, _, wanted in WRITER_PRAGMAS])
def test_the_writer_runs_with_every_pragma_it_needs(bench: Bench, pragma: str, wanted: object) -> None:
    got = bench.runner.run(bench.store.run(lambda tx: tx.connection.execute(f"PRAGMA {pragma}").fetchone()[0]))
    assert got == wanted


def test_the_pragmas_that_make_an_answer_durable_are_among_them() -> None:
    assert {("journal_mode", "wal"), ("synchronous", 2)} <= {(pragma, wanted) for pragma, _, wanted in WRITER_PRAGMAS}


def test_a_file_on_which_a_pragma_does_not_take_is_refused() -> None:
    """A database in memory cannot keep a write-ahead log, as some network file systems cannot."""
    with pytest.raises(StoreRefused) as refused:
        open_writer(Path(":memory:"))
    assert str(refused.value) == (
        ":memory:: PRAGMA journal_mode is 'memory' and must be 'wal'; facts would not be safe on this file system. "
        "Put station.data_dir on a local disk."
    )


def test_what_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(b"holiday pictures " * 100)
    with pytest.raises(StoreRefused, match=r"file is not a database.* put the last good backup in its place"):
        open_writer(file)
    assert file.read_bytes() == b"holiday pictures " * 100


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO party VALUES ('p', 'n', '{}', NULL)",
        "DELETE FROM receipt",
        "DROP TABLE place",
        "PRAGMA user_version = 7",
    ],
)
def test_a_reader_cannot_write(bench: Bench, statement: str) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly database"):
        bench.store.reader.execute(statement)


def test_a_reader_cannot_checkpoint(bench: Bench) -> None:
    bench.signed_in()
    log = Path(f"{bench.store.path}-wal")
    size = log.stat().st_size
    with pytest.raises(sqlite3.OperationalError):
        bench.store.reader.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert log.stat().st_size == size > 0


def test_a_reader_does_not_make_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        open_reader(tmp_path / FILE_NAME).execute("SELECT 1 FROM sqlite_master").fetchall()
    assert list(tmp_path.iterdir()) == []


def test_closing_folds_the_log_into_the_file(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.signed_in()
    bench.close()
    log = Path(f"{tmp_path / FILE_NAME}-wal")
    assert not log.exists() or log.stat().st_size == 0


# schema steps


def test_three_agents_that_start_at_once_bring_the_schema_up_to_date_once(tmp_path: Path) -> None:
    open_writer(tmp_path / FILE_NAME).close()
    command = [sys.executable, "-m", "tests.local_store.child", "migrate_at_once", str(tmp_path)]
    children = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    said = sorted(child.communicate(timeout=PATIENCE_S)[0].strip() for child in children)
    assert [child.returncode for child in children] == [0, 0, 0]
    assert said == [",".join(STEPS), "nothing to do", "nothing to do"]


def test_a_second_start_finds_nothing_to_do(tmp_path: Path) -> None:
    connection = open_writer(tmp_path / FILE_NAME)
    assert migrate(connection, tmp_path / "migration.lock") == list(STEPS)
    assert migrate(connection, tmp_path / "migration.lock") == []
    connection.close()


def test_a_store_made_by_a_newer_agent_is_not_touched(tmp_path: Path) -> None:
    connection = open_writer(tmp_path / FILE_NAME)
    migrate(connection, tmp_path / "migration.lock")
    connection.execute(
        "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('local_store', '999_next', '')"
    )
    with pytest.raises(
        StoreRefused, match=r"a newer agent made this store \(999_next\)\. Install that version again"
    ):
        migrate(connection, tmp_path / "migration.lock")
    connection.close()


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_read_to_its_end(step: str) -> None:
    """Every statement of the file is complete, and none is lost."""
    statements = statements_of(step)
    text = (ROOT / "local_store" / "schema" / f"{step}.sql").read_text(encoding="utf-8")
    assert "".join("".join(statements).split()) == "".join(text.split())
