"""Schema steps, each an SQL file that only ever grows the store; run by sqlite-utils under a file lock."""

from __future__ import annotations

import fcntl
import sqlite3
from importlib import resources
from pathlib import Path

from local_store.database import StoreRefused

STEPS = (
    "001_first_light",
    "002_paper",
    "003_identity",
    "004_nights",
    "005_checks",
    "006_linked_codes",
    "007_contents",
    "008_inbound",
    "009_withdrawn_work",
    "010_erasure",
    "011_files",
    "012_lane_counts",
    "013_open_work",
    "014_floor",
    "015_people",
    "016_picking",
    "017_packing",
    "018_dispatch",
    "019_receiving",
    "020_counting",
    "021_returns_and_kits",
    "022_supervising",
    "023_scale_steps",
    "024_product_sizes",
)
"""Names of the files in `schema/`, in order."""


def migrate(connection: sqlite3.Connection, lock_file: Path) -> list[str]:
    """Apply the steps this file lacks and return their names. sqlite-utils is imported only when there are any.

    Two processes that migrate at once would clash (libraries, finding 3), hence the lock. Raises StoreRefused when a
    newer version of the agent has made this file.
    """
    with lock_file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        applied = _applied(connection)
        if newer := sorted(applied.difference(STEPS)):
            raise StoreRefused(
                f"{lock_file.parent}: a newer agent made this store ({newer[0]}). Install that version again."
            )
        missing = [step for step in STEPS if step not in applied]
        if missing:
            _apply(connection)
        return missing


def statements_of(step: str) -> list[str]:
    """The statements of one step."""
    text = resources.files("local_store").joinpath("schema", f"{step}.sql").read_text(encoding="utf-8")
    statements, pending = [], ""
    for line in text.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return statements


def _applied(connection: sqlite3.Connection) -> set[str]:
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if known is None:
        return set()
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'local_store'")
    return {name for (name,) in rows}


def _apply(connection: sqlite3.Connection) -> None:
    from sqlite_utils import Database, Migrations  # noqa: PLC0415 -- 90 ms that a normal start need not spend

    migrations = Migrations("local_store")
    for step in STEPS:

        def run(db: Database, step: str = step) -> None:
            for statement in statements_of(step):
                db.execute(statement)

        migrations(name=step)(run)
    migrations.apply(Database(connection, execute_plugins=False))
