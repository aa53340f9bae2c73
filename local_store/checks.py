"""Small checks that a row is what was written: a checksum over its members, and what counts as damage of the file."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from typing import Any

SALVAGED_AT_START = "It is not used. Restart the agent when the floor can pause: what is whole is salvaged then."

LOST_FINGERPRINT = b""
"""Of an answer that was lost with a damaged page: whatever is asked under its command id was done."""

_HALF = 2**31
_PRIMARY_CODE = 0xFF


class RowDamaged(Exception):  # noqa: N818 -- says which row, and that it is not used
    """A row of the store is not what was written; it is neither used nor sent. The message is a sentence."""


def crc(*members: bytes | str | int | None) -> int:
    """CRC-32 over a row's members, as a signed number that SQLite keeps in four bytes."""
    return zlib.crc32(ascii(members).encode()) - _HALF


def damaged(what: str) -> RowDamaged:
    """What is raised when a row is not what was written."""
    return RowDamaged(f"The store is damaged: {what} is not what was written. {SALVAGED_AT_START}")


def check_crc(stored: int | None, what: str, *members: bytes | str | int | None) -> None:
    """Raises RowDamaged when the checksum kept with a row does not fit it; rows of older versions have none."""
    if stored is not None and stored != crc(*members):
        raise damaged(what)


def read_one(connection: sqlite3.Connection, what: str, sql: str, *values: str | int) -> Any:
    """One row, or None. Raises RowDamaged when it cannot be read."""
    try:
        return connection.execute(sql, values).fetchone()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        raise damaged(what) from error


def label_hash(job_id: str, copy_no: int, label: bytes) -> bytes:
    """What is kept with a rendered label and compared before its first byte goes to a printer."""
    return hashlib.sha256(f"{job_id} {copy_no}\n".encode() + label).digest()


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error of SQLite says that the file is damaged, and not that it is busy, full or read-only.

    Text that is no UTF-8 is an OperationalError of the sqlite3 module itself, which carries no code of SQLite.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return "Could not decode to UTF-8" in str(error)
    return code & _PRIMARY_CODE in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def is_damage_of_schema(error: sqlite3.Error) -> bool:
    """Whether a statement that fits our schema does not fit that of the file."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
