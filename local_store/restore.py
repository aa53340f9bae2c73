"""Putting a backup in the place of the store, which is kept, and telling what that one had and the backup has not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from local_store import aside, inspection, journal
from local_store.backup import restore_to
from local_store.clock import Clock
from local_store.database import StoreRefused, open_reader
from local_store.domain.events import MissingFacts, StationRestored
from local_store.journal import Head
from local_store.rebuild import rebuild
from local_store.salvage import tell
from local_store.scrub import look_at_once

RESTORING = "edge.sqlite3.restoring"


@dataclass(frozen=True)
class Restored:
    """What was put in place, and what was newer in the store that it replaced."""

    backup: str
    facts: int
    last_seq: int
    replaced_file: str | None
    newer_facts: int | None
    """Facts after the backup; None when the replaced store cannot be read."""
    newer_unsent: int | None
    """Those of them that were still to go to HQ: they exist only in the replaced file."""


@dataclass(frozen=True)
class _Newer:
    last_seq: int
    facts: int | None
    unsent: int | None


def restore(path: Path, backup: Path, station: str, clock: Clock, app_version: str) -> Restored:
    """Put `backup` in the place of the store at `path`. Nobody else may use the folder.

    Raises StoreRefused when the backup is not whole or another station's; nothing is changed then.
    """
    new = path.with_name(RESTORING)
    aside.remove_with_log(new)
    try:
        restore_to(backup, new)
        head, facts = _require_whole(new, backup, station)
        newer = _newer(path, head)
        kept = aside.free_name(path, "replaced", clock.wall_ms()) if path.exists() else None
        with closing(sqlite3.connect(new, isolation_level=None)) as db:
            rebuild(db)  # a newer agent may make other views of the same facts
            missing = [
                MissingFacts(first_seq=first, last_seq=last, hash_before=before.hex())
                for first, last, before in db.execute("SELECT first_seq, last_seq, hash_before FROM journal_gap")
            ]
            if newer.last_seq > head.seq:
                missing.append(
                    MissingFacts(first_seq=head.seq + 1, last_seq=newer.last_seq, hash_before=head.hash.hex())
                )
            fact = StationRestored(
                backup_file=backup.name, replaced_file=kept.name if kept else None, missing=tuple(missing)
            )
            tell(db, Head(max(head.seq, newer.last_seq), head.hash), fact, station, clock, app_version)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except BaseException:
        aside.remove_with_log(new)
        raise
    aside.swap(path, new, kept or aside.free_name(path, "replaced", clock.wall_ms()))
    inspection.forget_notes(path.parent)
    return Restored(backup.name, facts, head.seq, str(kept) if kept else None, newer.facts, newer.unsent)


def _require_whole(new: Path, backup: Path, station: str) -> tuple[Head, int]:
    report = look_at_once(new)
    if report.damage:
        raise StoreRefused(
            f"{backup}: this backup is damaged ({report.sentences[0]}). Nothing was changed. Use an older one, or "
            f"save what is whole in it with `edge-agent salvage {backup}`."
        )
    with closing(open_reader(new)) as reader:
        row = reader.execute("SELECT station FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    if row is None or row[0] != station:
        whose = "of no station" if row is None else f"of station {row[0]}"
        raise StoreRefused(
            f"{backup}: this is a backup {whose}, and edge.toml says that this is {station}. Nothing was changed. "
            "Choose a backup of this station."
        )
    return report.head, report.facts


def _newer(path: Path, head: Head) -> _Newer:
    """What the present store has after `head`, as far as it can be read."""
    noted = inspection.noted_head(path.parent)
    last_seq = noted.head.seq if noted else 0
    if not path.exists():
        return _Newer(last_seq, None, None)
    try:
        with closing(open_reader(path)) as reader:
            last_seq = max(last_seq, journal.head_of(reader).seq)
            (facts,) = reader.execute("SELECT count(*) FROM journal WHERE seq > ?", (head.seq,)).fetchone()
            (unsent,) = reader.execute(
                "SELECT count(DISTINCT seq) FROM outbox WHERE seq > ? AND state IN ('pending', 'parked')", (head.seq,)
            ).fetchone()
    except sqlite3.DatabaseError:  # the reason why there is a restore; what it had is not known then
        return _Newer(last_seq, None, None)
    return _Newer(last_seq, facts, unsent)
