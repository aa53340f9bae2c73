"""A quick look at the store before it is opened for work: is what is needed right away whole.

Whatever the size of the file: the end of the journal, what names a fact beyond it, the log, and two notes beside the
store. Everything else is looked at by the scrub, which leaves the note `damage-found` for the next start. The note
`journal-head` says how far the journal surely was a moment ago, so that a log that was lost, or a file that was put
back by hand, is noticed although what is left is whole in itself.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from config import durable_file
from local_store import aside, journal
from local_store.checks import RowDamaged, is_damage, is_damage_of_schema
from local_store.database import StoreRefused, open_reader
from local_store.journal import Head
from local_store.outbox import lanes_of
from local_store.pages import PageFile

TAIL_ROWS = 1_000
"""Rows at the end of the journal that every start checks."""
MARK, TAIL = "damage-found", "journal-head"
NOTED_RUNS = 100
_RESTORE = "Put the last good backup in its place: `edge-agent restore FILE` (backups lie in the folder `backups`)."
_SHM_VERSION = 3007000


def damage_in(path: Path) -> str | None:
    """Why the store at `path` must be salvaged before it is used; None when it looks whole, or there is none yet.

    Raises StoreRefused when a store was here and is gone or empty, or the disk does not let it be read.
    """
    _require_presence(path)
    if not path.exists():
        return None
    if (noted := noted_damage(path.parent)) is not None:
        return noted
    try:
        with closing(open_reader(path)) as reader:
            reader.execute("BEGIN")
            return _damage(reader, path)
    except RowDamaged as damage:
        return str(damage)
    except (TypeError, ValueError) as error:  # damage can make text of a number
        return f"a row is not what was written ({error})"
    except sqlite3.DatabaseError as error:
        if is_damage(error) or is_damage_of_schema(error):
            return f"SQLite says: {error}"
        raise StoreRefused(f"{path}: it cannot be read ({error}). Look at the disk and its cabling.") from error


def has_log(path: Path) -> bool:
    """Whether the store was not closed: its log still holds something."""
    return log_bytes(path) > 0


def log_bytes(path: Path) -> int:
    """How long the log beside the store is."""
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0


def note_damage(folder: Path, sentence: str) -> None:
    """Have the next start salvage the store; the first sentence stays."""
    note = folder / MARK
    if not note.exists():
        durable_file.write(note, sentence + "\n")


def noted_damage(folder: Path) -> str | None:
    """What was found while the agent ran, for the next start to salvage; None when nothing was."""
    note = folder / MARK
    return note.read_text(encoding="utf-8").strip() if note.exists() else None


class Noted(NamedTuple):
    """How far the journal was a moment ago, and the ids of its last runs, without which no fact can be proved."""

    head: Head
    runs: dict[int, str]


def note_head(reader: sqlite3.Connection, folder: Path, noted: Head | None = None) -> Head:
    """Note how far the journal is, unless it is at `noted`. Not flushed: an old note is as good as none."""
    head = journal.head_of(reader)
    if head != noted:
        runs = reader.execute("SELECT ordinal, epoch_id FROM epoch ORDER BY ordinal DESC LIMIT ?", (NOTED_RUNS,))
        told = {"seq": head.seq, "hash": head.hash.hex(), "runs": dict(map(tuple, runs))}
        making = folder / f"{TAIL}.new"
        making.write_text(json.dumps(told), encoding="ascii")
        making.replace(folder / TAIL)
    return head


def noted_head(folder: Path) -> Noted | None:
    """The note; None when there is none, or a power cut left it torn."""
    try:
        told = json.loads((folder / TAIL).read_text(encoding="ascii"))
        head = Head(int(told["seq"]), bytes.fromhex(told["hash"]))
        return Noted(head, {int(ordinal): str(run) for ordinal, run in told["runs"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def forget_notes(folder: Path) -> None:
    """Another store is in place now."""
    for name in (TAIL, MARK):
        (folder / name).unlink(missing_ok=True)
    durable_file.sync(folder)


def _require_presence(path: Path) -> None:
    """A store that was here is never followed by a silent fresh one."""
    if not path.exists():
        traces = [*aside.kept_files(path), *path.parent.glob("backups/*.sqlite3"), *path.parent.glob(TAIL)]
        if traces:
            raise StoreRefused(
                f"{path}: the store is gone, and {traces[0].name} shows that there was one. {_RESTORE}"
            )
    elif not path.stat().st_size and not has_log(path):
        raise StoreRefused(f"{path}: the file is empty, and a store never is. {_RESTORE}")


def _damage(reader: sqlite3.Connection, path: Path) -> str | None:
    tables = [name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    if "journal" not in tables:
        (pages,) = reader.execute("PRAGMA page_count").fetchone()
        return "it holds no journal" if pages > 1 or tables else None
    for table in tables:
        reader.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()  # noqa: S608 -- names from the schema itself
    if _is_of_another_store(reader, path):
        return "its log belongs to another store"
    head = journal.head_of(reader)
    _check_tail(reader, head)
    return _beyond(reader, head.seq) or _not_as_noted(reader, path, head) or _lost_in_log(path)


def _is_of_another_store(reader: sqlite3.Connection, path: Path) -> bool:
    """Whether the file without its log began with another run than the two of them together."""
    first = "SELECT epoch_id FROM epoch WHERE ordinal = 1"
    together = reader.execute(first).fetchone()
    try:
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as alone:
            told = alone.execute(first).fetchone()
    except sqlite3.DatabaseError:  # without its log the file need not be whole
        return False
    return told is not None and (together is None or tuple(told) != tuple(together))


def _check_tail(reader: sqlite3.Connection, head: Head) -> None:
    if head.seq <= TAIL_ROWS:
        journal.verify(reader)
        return
    first = journal.rows(reader, head.seq - TAIL_ROWS, 1)[0]
    journal.check(first)
    journal.verify(reader, Head(first.seq, first.hash))


def _beyond(reader: sqlite3.Connection, last_seq: int) -> str | None:
    """Whether a promise, an answer or a label job names a fact that is not there."""
    named = [0]
    for lane in lanes_of(reader):
        named += reader.execute("SELECT max(seq) FROM outbox WHERE lane = ?", (lane,)).fetchone()
    newest = reader.execute("SELECT last_seq FROM receipt ORDER BY command_id DESC LIMIT 1").fetchone()
    named += [seq for seq in newest or () if seq is not None]
    named += [seq for seq in reader.execute("SELECT max(requested_seq) FROM spool_job").fetchone() if seq is not None]
    if max(named) > last_seq:
        return f"the journal ends at {last_seq}, and other rows name fact {max(named)}"
    return None


def _not_as_noted(reader: sqlite3.Connection, path: Path, head: Head) -> str | None:
    note = noted_head(path.parent)
    if note is None:
        return None
    noted = note.head
    if noted.seq > head.seq:
        return f"the journal ends at {head.seq}, and it had reached {noted.seq} before"
    row = reader.execute("SELECT hash FROM journal WHERE seq = ?", (noted.seq,)).fetchone()
    if row is not None and row[0] != noted.hash:
        return f"fact {noted.seq} is not the one that was recorded here"
    return None


def _lost_in_log(path: Path) -> str | None:
    """Whether the log holds commits after a break, which SQLite silently leaves out.

    After a power cut one unanswered commit may be torn there, and what an older round left behind is in the file as
    well; anything else was answered and would be lost.
    """
    if not has_log(path):
        return None
    with closing(PageFile(path)) as pages:
        frames = list(pages.frames())
        later = frames[_usable_frames(path) :]
        later = [frame for frame in later if frame.salts == (pages.log_salts() or later[-1].salts)]
        commits = [at for at, frame in enumerate(later) if frame.commit]
        if len(commits) < 2:  # noqa: PLR2004 -- the last commit may be one that nobody was told of
            return None
        last = {frame.page: frame for frame in later[: commits[-2] + 1]}
        if all(pages.page_in(frame) == pages.in_file(number) for number, frame in last.items()):
            return None
    return f"its log is broken before {len(commits)} commits"


def _usable_frames(path: Path) -> int:
    """How many frames of the log SQLite uses, from its index of the log, which an open reader has just made."""
    index = path.with_name(path.name + "-shm").read_bytes()[:20]
    version, frames = struct.unpack("=I12xI", index)
    return int(frames) if version == _SHM_VERSION else 0
