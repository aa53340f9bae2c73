"""A store that is made once and copied for each test: making one takes longer than most tests."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from local_store.database import FILE_NAME
from local_store.identity import host_fingerprint


def copied(made: Path, folder: Path) -> Path:
    """A copy of a closed store, as if it had been made in `folder`: one that is only carried there is fenced."""
    shutil.copytree(made, folder)
    file = folder / FILE_NAME
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE epoch SET host_fp = ?", (host_fingerprint(file),))
    return folder
