"""A busy day's store in a station's data folder, and ways to look into it and to hurt it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from local_store.database import FILE_NAME, open_reader
from tests.support.tampering import tamper
from tests.torture import busy_day, pages_of_rows

PAGE = 4096


def put(day: Path, folder: Path) -> Path:
    """The store in `folder`, its log folded in, so that every page lies in the file."""
    folder.mkdir()
    for name in (FILE_NAME, busy_day.LOG):
        shutil.copy(day / name, folder / name)
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return folder


def pages_of(folder: Path, table: str) -> list[int]:
    """The pages that hold this table's rows, in the order of their rows."""
    pages = [min(its) for _, _, its in pages_of_rows.walk(folder / FILE_NAME, [table])]
    return list(dict.fromkeys(pages))


def zero(folder: Path, *pages: int) -> None:
    with (folder / FILE_NAME).open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(bytes(PAGE))


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(open_reader(folder / FILE_NAME)) as reader:
        return [tuple(row) for row in reader.execute(sql)]


def edit(folder: Path, sql: str) -> None:
    tamper(folder / FILE_NAME, sql)
