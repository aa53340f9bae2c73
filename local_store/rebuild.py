"""Dropping the views and making them again from the journal."""

from __future__ import annotations

import sqlite3

from local_store import journal, projections


def rebuild(connection: sqlite3.Connection) -> tuple[int, int]:
    """Returns how many facts there are and how many lines of the views differed.

    Raises JournalDamaged; nothing is changed then.
    """
    facts = 0
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = set(projections.dump(connection))
        projections.clear(connection)
        for each in journal.read(connection):
            projections.apply(connection, each.seq, each.fact)
            facts += 1
        after = set(projections.dump(connection))
    except BaseException:
        connection.rollback()
        raise
    connection.execute("COMMIT")
    return facts, len(before ^ after)
