"""Looking at the whole store while the agent works: every row that can prove itself, and whether the views are right.

`look` is a generator that does a small slice of the work at each step, so that whoever drives it can pause between
two of them. Each slice reads one moment of the store. What is found goes into a `Report`.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from local_store import files, journal, projections
from local_store.checks import RowDamaged, check_crc, damaged, is_damage, is_damage_of_schema, label_hash
from local_store.database import open_reader
from local_store.domain.events import (
    CarrierLabelRequested,
    Fact,
    HistoryRecovered,
    LabelRequested,
    PlainLabelRequested,
)
from local_store.domain.printing import Job
from local_store.harvest import PROMISE_STATES, REQUEST_STATES
from local_store.journal import Head, JournalDamaged, Row
from local_store.migrations import STEPS, statements_of
from local_store.outbox import lanes_of
from local_store.replay import LanesOfRun, pruned_seq

SLICE = 64
"""Rows in one step: a few milliseconds."""
PAUSE_S = 0.01
SHOWN = 20
MOST = 1_000
"""Findings after which the rest is left to the salvage."""
_GONE = "SELECT 1 FROM journal_gap WHERE ? BETWEEN first_seq AND last_seq"
DUMPED = 500
"""Lines of the views compared in one step."""


class _Sound(NamedTuple):
    """A row that is what was written, its fact, and the lanes it was promised to."""

    row: Row
    fact: Fact
    lanes: tuple[str, ...]


@dataclass
class Report:
    """What one look at everything found."""

    facts: int = 0
    answers: int = 0
    requests: int = 0
    labels: int = 0
    addresses: int = 0
    files: int = 0
    damage: int = 0
    sentences: list[str] = field(default_factory=list)
    """The first few findings."""
    views_differ: int = 0
    """Lines of the views that a rebuild makes otherwise."""
    head: Head = field(default_factory=Head)

    def found(self, sentence: str) -> None:
        """Note a row that is not what was written."""
        self.damage += 1
        if len(self.sentences) < SHOWN:
            self.sentences.append(sentence)


def look(path: Path, report: Report) -> Generator[None, None, None]:
    """Look at the whole store at `path`, a slice at each step, for any number of threads, one at a time."""
    with closing(open_reader(path)) as reader, closing(sqlite3.connect("", check_same_thread=False)) as scratch:
        reader.row_factory = None
        scratch.isolation_level = None
        scratch.execute("PRAGMA journal_mode=OFF").fetchall()
        for step in STEPS:
            for statement in statements_of(step):
                scratch.execute(statement)
        try:
            _check_schema(reader, scratch, report)
            _begin_ledger(reader, scratch, report)
            yield from _facts(reader, scratch, report)
            yield from _rows(reader, report)
            yield from _files(reader, report)
            yield from _quick_check(reader, report)
            if not report.damage:
                yield from _views(reader, scratch, report)
        except sqlite3.DatabaseError as error:
            if not (is_damage(error) or is_damage_of_schema(error)):
                raise
            report.found(f"SQLite says: {error}.")


async def look_with_pauses(path: Path, sleep: Callable[[float], Awaitable[None]]) -> Report:
    """Look at the whole store in a thread, with a pause after each slice."""
    report = Report()
    with closing(look(path, report)) as steps:
        while await _in_a_thread(steps):
            await sleep(PAUSE_S)
    return report


async def _in_a_thread(steps: Iterator[None]) -> bool:
    """One step. A thread cannot be cancelled, and what it works on cannot be closed: so it is waited for."""
    step = asyncio.create_task(asyncio.to_thread(_step, steps))
    try:
        return await asyncio.shield(step)
    except asyncio.CancelledError:
        await asyncio.wait([step])
        raise


def look_at_once(path: Path) -> Report:
    """Look at the whole store without a pause."""
    report = Report()
    for _ in look(path, report):
        pass
    return report


def _step(steps: Iterator[None]) -> bool:
    return next(steps, True) is None


def _check_schema(reader: sqlite3.Connection, scratch: sqlite3.Connection, report: Report) -> None:
    sql = "SELECT type, name, sql FROM sqlite_master"
    here = set(reader.execute(sql))
    for each in scratch.execute(sql):
        if each not in here:
            report.found(f"the {each[0]} {each[1]} is not the one that was made")


def _begin_ledger(reader: sqlite3.Connection, scratch: sqlite3.Connection, report: Report) -> None:
    """The ledger of the views that are made again begins where that of the store began."""
    row = _guarded(report, "where stock begins", lambda: reader.execute("SELECT seq FROM stock_from").fetchone())
    if row is None:
        report.found("nothing tells from which fact on stock is kept")
    else:
        scratch.execute("UPDATE stock_from SET seq = ?", row)


def _facts(reader: sqlite3.Connection, scratch: sqlite3.Connection, report: Report) -> Iterator[None]:
    """The chain, each fact's answer and promises; the views are made again beside it."""
    head: Head | None = Head()
    lanes, after = LanesOfRun(), 0
    while report.damage < MOST:
        with _moment(reader):
            try:
                rows = journal.rows(reader, after, SLICE)
            except JournalDamaged as damage:
                report.found(str(damage))
                head, after = None, damage.seq
                continue
            if not rows:
                break
            facts: dict[int, _Sound] = {}
            for row in rows:
                try:
                    if head is not None:
                        journal.follow(reader, head, row)
                    fact = journal.recorded(row).fact
                    facts[row.seq] = _Sound(row, fact, lanes.at(row.seq, fact))
                except JournalDamaged as damage:
                    report.found(str(damage))
                head = Head(row.seq, row.hash)
            _guarded(report, "the answers", _check_answers, reader, facts, report)
            _guarded(report, "the promises", _check_promises, reader, facts, (after, rows[-1].seq), report)
        if not report.damage:
            _apply(scratch, facts)
        report.facts += len(rows)
        after = rows[-1].seq
        yield
    report.head = head or Head()


def _check_answers(reader: sqlite3.Connection, facts: dict[int, _Sound], report: Report) -> None:
    """Each fact that a command made has the answer to that command."""
    for seq, (row, fact, _) in facts.items():
        if row.command_id == row.event_id or isinstance(fact, HistoryRecovered):
            continue
        answer = reader.execute(
            "SELECT first_seq, last_seq FROM receipt WHERE command_id = ?", (row.command_id,)
        ).fetchone()
        if answer is None or None in answer or not answer[0] <= seq <= answer[1]:
            report.found(f"the answer to the command that made fact {seq} is missing or another one")


def _check_promises(
    reader: sqlite3.Connection, facts: dict[int, _Sound], between: tuple[int, int], report: Report
) -> None:
    """Each promise is that of its fact and in a state there is; each fact has the promises that were made with it."""
    made = set()
    for lane in lanes_of(reader):
        for seq, entity, follows, state in reader.execute(
            "SELECT seq, entity, follows, state FROM outbox WHERE lane = ? AND seq > ? AND seq <= ?", (lane, *between)
        ):
            made.add((lane, seq))
            told = facts[seq].fact.told if seq in facts else None
            if told is None or not told.for_hq or (told.entity, told.follows) != (entity, follows):
                report.found(f"a promise to {lane} is not that of fact {seq}")
            elif state not in PROMISE_STATES:
                report.found(f"the promise of fact {seq} to {lane} is in no state there is")
    pruned = pruned_seq(reader)
    for seq, (_, fact, lanes) in facts.items():
        if fact.told.for_hq and seq > pruned and not isinstance(fact, HistoryRecovered):
            for lane in lanes:
                if (lane, seq) not in made:
                    report.found(f"the promise of fact {seq} to {lane} is missing")


def _apply(scratch: sqlite3.Connection, facts: dict[int, _Sound]) -> None:
    scratch.execute("BEGIN")
    for seq, (_, fact, _) in facts.items():
        projections.apply(scratch, seq, fact)
    scratch.execute("COMMIT")


def _rows(reader: sqlite3.Connection, report: Report) -> Iterator[None]:
    """Every row of the tables that answer a person or leave the machine."""
    for table, key, check in (
        ("receipt", "command_id", _check_answer),
        ("outbox_request", "request_id", _check_request),
        ("spool_job", "rowid", _check_label),
        ("party", "party_id", _check_address),
    ):
        after: Any = b"" if table == "receipt" else "" if table == "party" else -1
        while report.damage < MOST:
            with _moment(reader):
                rows = _guarded(report, f"the table {table}", _slice, reader, table, key, after) or []
                for row in rows:
                    _guarded(report, f"a row of {table}", check, reader, row, report)
            if not rows:
                break
            after = rows[-1]["key"]
            yield


def _files(reader: sqlite3.Connection, report: Report) -> Iterator[None]:
    """Every file has the bytes of its name; one at a time, since they are large."""
    names = "SELECT sha256 FROM file ORDER BY sha256"
    for (name,) in _guarded(report, "the table file", lambda: reader.execute(names).fetchall()) or []:
        report.files += 1
        _guarded(report, f"file {name}", files.read, reader, name)
        yield


def _slice(reader: sqlite3.Connection, table: str, key: str, after: Any) -> list[dict[str, Any]]:
    rows = reader.execute(
        f"SELECT {key} AS key, * FROM {table} WHERE {key} > ? ORDER BY {key} LIMIT ?",  # noqa: S608 -- our own names
        (after, SLICE),
    )
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _check_answer(_reader: sqlite3.Connection, row: dict[str, Any], report: Report) -> None:
    report.answers += 1
    members = ("command_id", "fingerprint", "status", "answer", "first_seq", "last_seq")
    check_crc(row["crc"], f"the answer to command {row['command_id'].hex()}", *(row[name] for name in members))


def _check_request(_reader: sqlite3.Connection, row: dict[str, Any], report: Report) -> None:
    report.requests += 1
    what = f"request {row['request_id']} to HQ"
    members = ("lane", "entity", "method", "path", "idempotency_key")
    check_crc(row["crc"], what, *(row[name] for name in members))
    if hashlib.sha256(row["body"].encode()).digest() != row["body_hash"] or row["state"] not in REQUEST_STATES:
        raise damaged(what)


def _check_label(reader: sqlite3.Connection, row: dict[str, Any], report: Report) -> None:
    report.labels += 1
    what = f"label job {row['job_id']}"
    if row["state"] not in set(Job):
        raise damaged(what)
    if row["zpl"] is not None and label_hash(row["job_id"], row["copy_no"], row["zpl"]) != row["zpl_hash"]:
        raise damaged(what)
    if reader.execute(_GONE, (row["requested_seq"],)).fetchone():
        return  # a salvage found its fact missing
    wanted = journal.fetch(reader, row["requested_seq"]).fact.told
    if isinstance(wanted, LabelRequested):
        fixed = ("job_id", "fulfillment_id", "picklist_id", "package_id", "sscc", "workplace")
        if any(row[name] != getattr(wanted, name) for name in fixed):
            raise damaged(what)
        if row["file"] != (wanted.file if isinstance(wanted, CarrierLabelRequested) else ""):
            raise damaged(what)
    elif not isinstance(wanted, PlainLabelRequested) or (row["job_id"], row["workplace"]) != (
        wanted.job_id,
        wanted.workplace,
    ):
        raise damaged(what)


def _check_address(_reader: sqlite3.Connection, row: dict[str, Any], report: Report) -> None:
    report.addresses += 1
    check_crc(row["crc"], f"the address {row['party_id']}", row["party_id"], row["name"], row["address"])


def _quick_check(reader: sqlite3.Connection, report: Report) -> Iterator[None]:
    """SQLite's own look at its pages; what it finds in rows was found above, so this is for the pages between."""
    for (told,) in _guarded(report, "the file", lambda: reader.execute("PRAGMA quick_check(5)").fetchall()) or []:
        if told != "ok":
            report.found(f"SQLite says: {told}")
    yield


def _views(reader: sqlite3.Connection, scratch: sqlite3.Connection, report: Report) -> Iterator[None]:
    """Compare the views with those made again, both as of one moment."""
    with _moment(reader):
        for each in journal.read(reader, report.head.seq):
            projections.apply(scratch, each.seq, each.fact)
        pairs = zip_longest(projections.dump(reader), projections.dump(scratch))
        while some := list(islice(pairs, DUMPED)):
            report.views_differ += sum(live != made for live, made in some)
            yield


class _moment:  # noqa: N801 -- reads like a word: with _moment(reader)
    """One moment of the store: a read transaction."""

    def __init__(self, reader: sqlite3.Connection) -> None:
        self._reader = reader

    def __enter__(self) -> None:
        self._reader.execute("BEGIN")

    def __exit__(self, *_: object) -> None:
        if self._reader.in_transaction:  # an error may have ended it
            self._reader.execute("ROLLBACK")


def _guarded(report: Report, what: str, check: Callable[..., Any], *arguments: Any) -> Any:
    """Run a check; what cannot be read, or is not what was written, is a finding."""
    try:
        return check(*arguments)
    except RowDamaged as damage:
        report.found(str(damage))
    except (AttributeError, TypeError, ValueError, IndexError):  # damage makes a number of a text, or text of bytes
        report.found(f"{what} cannot be read as what was written")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        report.found(f"{what} cannot be read: {error}")
    return None
