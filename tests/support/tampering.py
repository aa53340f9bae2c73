"""Changing a store's file behind the store's back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def tamper(path: Path, *statements: str) -> None:
    """Run SQL on the file; what guards the journal against edits is put aside meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for _, sql in guards:
            db.execute(sql)
