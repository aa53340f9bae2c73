"""A damaged store is kept as it is, and a new one is made of everything in it that can be proved.

Rows are found page by page (`harvest`), so damage costs only what it hit. The new store continues the old numbers
of the journal: what is missing stays missing, and a fact tells of every gap. Its next start is fenced: numbers are
burned and label jobs that were not settled become doubtful.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import uuid_utils

from config import durable_file
from local_store import aside, creation, harvest, identity, inspection, journal, projections
from local_store.clock import Clock
from local_store.database import StoreRefused
from local_store.domain.events import StationRestored, StationSalvaged
from local_store.domain.site import Site
from local_store.refill import Refilled, refill
from local_store.replay import Replayed, replay

log = logging.getLogger(__name__)

SALVAGING = "edge.sqlite3.salvaging"


@dataclass(frozen=True)
class Salvaged:
    """What became of a damaged store; kept as JSON beside the damaged file until somebody takes both away."""

    reason: str
    damaged_file: str
    at: str
    facts: int
    """Journal rows the file had held, as far as it tells."""
    salvaged: int
    missing: int
    missing_ranges: list[tuple[int, int]]
    unsent: int
    """Facts that are safe and still go to HQ."""
    parked: int
    """Facts that are safe and wait for a person, because HQ may have them already."""

    @property
    def sentence(self) -> str:
        """What happened, for every screen."""
        missing = f"{self.missing} are missing." if self.missing else "Nothing is missing."
        parked = f" {self.parked} wait for a person, because HQ may have them already." if self.parked else ""
        return (
            f"The store of this station was damaged and was salvaged at {self.at}: {self.salvaged} of {self.facts}"
            f" facts are safe, {self.unsent} of them still go to HQ. {missing}{parked} ({self.reason})"
        )

    @property
    def next_step(self) -> str:
        """What to do about it."""
        return (
            f"Compare recent work with HQ. The damaged file is kept at {self.damaged_file}. Once support has a copy,"
            " move it and the .json beside it to another folder: this message ends with that."
        )


def salvage(
    path: Path,
    reason: str,
    site: Site,
    clock: Clock,
    app_version: str,
    *,
    source: Path | None = None,
) -> Salvaged:
    """Make a new store of what is whole in the one at `path` (or `source`) and put it in its place.

    Nobody else may use the folder. Raises StoreRefused when not one fact can be proved; nothing is changed then.
    """
    at_ms = clock.wall_ms()
    at = datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    kept = aside.free_name(path, "damaged", at_ms)
    new = path.with_name(SALVAGING)
    aside.remove_with_log(new)
    creation.make_empty(new)
    try:
        with closing(sqlite3.connect(new, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=OFF")  # flushed once, before it gets its name
            filled, replayed = _fill(db, source or path, site, inspection.noted_head(path.parent))
            total = filled.head.seq - replayed.told_missing
            fact = StationSalvaged(
                reason=reason, damaged_file=kept.name, total=total, salvaged=filled.rows, missing=filled.gaps
            )
            tell(db, filled.head, fact, site.station_id, clock, app_version)
            unsent = db.execute("SELECT count(DISTINCT seq) FROM outbox WHERE state = 'pending'").fetchone()[0]
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except BaseException:
        aside.remove_with_log(new)
        raise
    ranges = [(gap.first_seq, gap.last_seq) for gap in filled.gaps]
    missing = total - filled.rows
    done = Salvaged(reason, str(kept), at, total, filled.rows, missing, ranges, unsent, replayed.parked)
    durable_file.write(report_of(kept), json.dumps(asdict(done), indent=2) + "\n")
    aside.swap(path, new, kept)
    inspection.forget_notes(path.parent)
    return done


def salvage_if_damaged(path: Path, site: Site, clock: Clock, app_version: str) -> Salvaged | None:
    """What every start does before it opens the store. None when the store is whole, as far as a quick look tells.

    Raises StoreRefused when there was a store and nothing of it can be saved.
    """
    aside.undo_interrupted_swap(path)
    damage = inspection.damage_in(path)
    if damage is None:
        return None
    log.critical("%s is damaged (%s); what is whole is salvaged now", path, damage)
    done = salvage(path, damage, site, clock, app_version)
    log.critical("%s %s", done.sentence, done.next_step)
    return done


def tell(
    db: sqlite3.Connection,
    head: journal.Head,
    fact: StationSalvaged | StationRestored,
    station: str,
    clock: Clock,
    app_version: str,
) -> None:
    """Write the fact that tells of a new store's gaps, in a run of its own, and have the next start fenced."""
    reason: identity.FenceReason = "salvage" if isinstance(fact, StationSalvaged) else "restore"
    (last,) = db.execute("SELECT max(ordinal) FROM epoch").fetchone()
    epoch_id, wall_ms = identity.new_epoch_id(), clock.wall_ms()
    stamp = journal.Stamp(last + 1, epoch_id, station, wall_ms, "system", clock.mono_ms())
    event_id = uuid_utils.uuid7().bytes
    new_head, row = journal.next_row(head, stamp, fact, (event_id, event_id), None, None)
    db.execute("BEGIN")
    db.execute(
        "INSERT INTO epoch(ordinal, epoch_id, started_ms, app_version, reason) VALUES (?,?,?,?,?)",
        (last + 1, epoch_id, wall_ms, app_version, reason),
    )
    db.execute(journal.INSERT, row)
    projections.apply(db, new_head.seq, fact)
    identity.raise_fence(db, reason, _why_fenced(fact), wall_ms)
    db.execute("COMMIT")


def reports(path: Path) -> list[Salvaged]:
    """What was salvaged in this folder and not yet taken away, oldest first."""
    found = [report_of(kept) for kept in aside.kept_files(path)]
    return [_report(each) for each in found if each.exists()]


def report_of(kept: Path) -> Path:
    """The report beside a damaged file."""
    return kept.with_name(kept.name + ".json")


def _fill(
    db: sqlite3.Connection, source: Path, site: Site, noted: inspection.Noted | None
) -> tuple[Refilled, Replayed]:
    epochs = harvest.harvest(db, source, site.station_id, noted.runs if noted else {})
    if not epochs:
        raise StoreRefused(
            f"{source}: not one fact in this file can be proved, so nothing can be salvaged and nothing was changed. "
            "Put the last good backup in its place: `edge-agent restore FILE` (backups lie in the folder `backups`)."
        )
    db.execute("BEGIN")
    filled = refill(db, source, epochs, noted.head.seq if noted else 0)
    if db.execute("SELECT 1 FROM journal WHERE station = ?", (site.station_id,)).fetchone() is None:
        (station,) = db.execute("SELECT station FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        raise StoreRefused(
            f"{source}: this is a store of station {station}, and edge.toml says that this is {site.station_id}. "
            "Nothing was changed. Correct station.id, or take the file away."
        )
    replayed = replay(db, site)
    db.execute("COMMIT")
    db.execute("DETACH found")
    return filled, replayed


def _why_fenced(fact: StationSalvaged | StationRestored) -> str:
    if isinstance(fact, StationRestored):
        return f"The store of this station was replaced by a backup ({fact.backup_file})."
    return "The store of this station was damaged and had to be salvaged."


def _report(path: Path) -> Salvaged:
    members = json.loads(path.read_text(encoding="utf-8"))
    return Salvaged(**members)
