"""The one SQLite file that holds the truth: opening it, and transactions."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA_VERSION = 2
BUSY_TIMEOUT_S = 5.0
FOLDER = Path(__file__).parent
ADDED_SCHEMAS = tuple(FOLDER / part / "schema.sql" for part in ("ofs", "edge", "facades"))
"""Made also in databases that were begun before they existed: they only add tables."""
TO_VERSION_2 = FOLDER / "schema_2.sql"


class WrongDatabase(Exception):  # noqa: N818 -- a refusal to start, told to the person who started it
    """The file is not a database of this version of HQ."""


class Store:
    """One connection, used only in the event loop's thread.

    No handler awaits inside a transaction, so requests follow one another and a read sees whole changes only.
    """

    def __init__(self, path: Path, company_prefix: str | None = None, extension_digit: int = 4) -> None:
        """Open or create the file. Raises WrongDatabase when another program or version made it.

        `company_prefix` and `extension_digit` begin every SSCC that is leased to stations.
        """
        self.path, self.company_prefix, self.extension_digit = path, company_prefix, extension_digit
        self.instance = secrets.token_hex(8)
        """Another one at every start: stations then look whether HQ still has what it once had."""
        try:
            self.db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            self.db.row_factory = sqlite3.Row
            self.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
            self._ensure_schema(path)
        except sqlite3.DatabaseError as error:
            raise WrongDatabase(f"{path} cannot be opened as an SQLite database: {error}.") from error
        self.label_secret, self.badge_secret = self._meta("label_secret"), self._meta("badge_secret")
        self.key_secret = secrets.token_bytes(32)
        """Makes the secrets of issued keys; known to this run alone, so that the file holds only their hashes."""
        self.outgoing = asyncio.Event()
        """Set when a webhook has something to deliver."""

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. An error in the block or in the commit rolls everything back and goes on to the caller."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.db.execute("COMMIT")
        finally:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of a transaction that may fail alone: its changes vanish, those before it stay."""
        self.db.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK TO attempt")
            raise
        finally:
            self.db.execute("RELEASE attempt")

    def close(self) -> None:
        """Close the connection; the write-ahead log is folded into the file."""
        self.db.close()

    def _ensure_schema(self, path: Path) -> None:
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        tables = self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        later = "".join(file.read_text(encoding="utf-8") for file in ADDED_SCHEMAS)
        if version == 1:
            widen = TO_VERSION_2.read_text(encoding="utf-8")
            self.db.executescript(f"BEGIN; {widen} PRAGMA user_version = 2; COMMIT;")
            version = 2
        if version == SCHEMA_VERSION:
            self.db.executescript(f"BEGIN; {later} COMMIT;")
            return
        if tables:
            raise WrongDatabase(
                f"{path} has schema version {version} and {tables} tables; this HQ reads version {SCHEMA_VERSION}. "
                "Name another file with --database, or start the HQ that made this one."
            )
        schema = (FOLDER / "schema.sql").read_text(encoding="utf-8") + later
        self.db.executescript(f"BEGIN; {schema} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")

    def _meta(self, name: str) -> str:
        return str(self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()["value"])
