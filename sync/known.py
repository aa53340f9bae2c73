"""What sync asks of the store beyond the outbox, as plain reads on the connection it is given."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from local_store.outbox import hq_ref
from local_store.parties import address_of

_UNKNOWN = {
    "picklist": "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT picklist_id FROM picklist) ORDER BY key",
    "fulfillment": "SELECT value FROM json_each(?)"
    " WHERE value NOT IN (SELECT fulfillment_id FROM fulfillment) ORDER BY key",
    "pick_task": "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT task_id FROM pick_task) ORDER BY key",
}


class KnownHere:
    """The store as one lane's dialect may ask it; see `sync.dialect.Known`."""

    def __init__(self, connection: sqlite3.Connection, lane: str) -> None:
        self._db, self._lane = connection, lane

    def hq_ref(self, thing: str, local_id: str) -> str | None:
        """HQ's id for a thing of ours."""
        return hq_ref(self._db, self._lane, thing, local_id)

    def party(self, party_id: str) -> dict[str, Any] | None:
        """Name and address in one; None when unknown or erased."""
        return address_of(self._db, party_id)

    def unknown(self, thing: str, ids: Sequence[str]) -> list[str]:
        """Those of `ids` that the store does not hold, in order."""
        return [each for (each,) in self._db.execute(_UNKNOWN[thing], (json.dumps(list(ids)),))]

    def cursor(self, what: str) -> str | None:
        """How far `what` was pulled from this lane's HQ."""
        row = self._db.execute(
            "SELECT cursor FROM pull_cursor WHERE lane = ? AND what = ?", (self._lane, what)
        ).fetchone()
        return row[0] if row else None


def keep_cursor(connection: sqlite3.Connection, lane: str, what: str, value: str) -> None:
    """Remember how far `what` was pulled."""
    connection.execute("INSERT OR REPLACE INTO pull_cursor VALUES (?,?,?)", (lane, what, value))
