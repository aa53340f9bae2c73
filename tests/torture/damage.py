"""Damaged files: whatever happens to the store's file or log, no damaged row is used or sent, and the rest is saved.

Each case damages a copy of a busy day's store, then does what the agent does: the look at every start, the scrub,
reading all there is to send, and the salvage. What was touched is decided here by comparing with the whole store, row
by row as SQLite gives them, and which page holds which row by a walk of our own through the b-trees.

    python -m tests.torture.damage --seed 1 --files 10000
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from local_store import inspection, journal, outbox, parties, spool
from local_store.checks import LOST_FINGERPRINT, RowDamaged
from local_store.clock import SystemClock
from local_store.database import FILE_NAME, StoreRefused, open_reader
from local_store.domain import commands as c
from local_store.journal import Head, Stamp
from local_store.remembered import Remembered
from local_store.salvage import salvage
from local_store.scrub import look_at_once
from local_store.transaction import Transaction
from tests.support.floor import SITE
from tests.torture import busy_day, pages_of_rows
from tests.torture.busy_day import LANE, LOG
from tests.torture.counts import Counts, command_line, in_processes, processes, scratch
from tests.torture.ways_of_damage import DAMAGES, PAGE

FEWEST_SAVED = 0.99

FIXED = {
    "journal": ("seq", "*"),
    "receipt": ("command_id", "*"),
    "outbox_request": (
        "request_id",
        "lane, entity, method, path, body, body_hash, idempotency_key, crc",
    ),
    "spool_job": (
        "job_id",
        "fulfillment_id, picklist_id, package_id, sscc, workplace, requested_seq, copy_no, zpl, zpl_hash",
    ),
    "party": ("party_id", "*"),
}
"""Key and what never changes of the rows that must not be used once they are damaged."""

Rows = dict[str, dict[Any, tuple[Any, ...]]]


@dataclass(frozen=True)
class Part:
    """The cases of one process."""

    seed: int
    numbers: range
    day: Path


def run(seed: int, files: int) -> Counts:
    """Damage so many files, each in one seeded way."""
    with tempfile.TemporaryDirectory(dir=scratch(), prefix="edge-damage-") as name:
        day = Path(name) / "day"
        busy_day.make(day)
        many = min(processes(), files)
        parts = [Part(seed, range(n, files, many), day) for n in range(many)]
        counts = in_processes("damage", seed, _part, parts)
    done = counts.done
    saved, undamaged = done["rows in undamaged pages saved"], done["rows in undamaged pages of salvaged files"]
    if saved < FEWEST_SAVED * undamaged:
        counts.violations.append(f"only {saved} of {undamaged} rows in undamaged pages were saved")
    return counts


def _part(part: Part) -> Counts:
    counts = Counts("damage", part.seed)
    for number in part.numbers:
        with tempfile.TemporaryDirectory(dir=part.day.parent) as name:
            case = Case(part.seed, number, part.day, Path(name))
            try:
                case.go(counts)
            except (sqlite3.Error, StoreRefused, LookupError, TypeError, ValueError, AttributeError) as fault:
                counts.violations.append(f"{case.title}: fell over: {fault!r}")
    return counts


class Case:
    """One damaged file and what becomes of it."""

    def __init__(self, seed: int, number: int, day: Path, folder: Path) -> None:
        self._day, self._folder = day, folder
        self._path = folder / FILE_NAME
        chance = random.Random(f"damage {seed} {number}")
        for file in (FILE_NAME, LOG):
            shutil.copyfile(day / file, folder / file)
        self._noted = chance.random() < 0.75
        if self._noted:
            shutil.copyfile(day / inspection.TAIL, folder / inspection.TAIL)
        names = list(DAMAGES)
        self._name = chance.choices(names, [DAMAGES[name].weight for name in names])[0]
        self._way = DAMAGES[self._name]
        self._way.do(chance, day, folder)
        self.title = f"case {number} ({self._name}{'' if self._noted else ', no note'})"

    def go(self, counts: Counts) -> None:
        """Do what an agent does with such a file."""
        done = counts.done
        done["files"] += 1
        found = inspection.damage_in(self._path)
        done["found at the start"] += found is not None
        if found is None:
            found = self._at_work(counts)
        if found is not None:
            self._salvage(found, counts)

    def _at_work(self, counts: Counts) -> str | None:
        """It looked whole: read everything there is to send or to answer, then look at all of it."""
        whole = _whole(self._day)
        touched = _touched(self._path, whole)
        used, refused = _use(self._path, whole)
        unseen = self._way.to_log and not self._noted
        report = look_at_once(self._path)
        done = counts.done
        done["touched rows"] += len(touched)
        done["refused when used"] += refused
        done["rows of an earlier state used" if unseen else "damaged rows used or sent"] += len(used)
        counts.violations += [] if unseen else [f"{self.title}: used {each}" for each in used]
        if report.damage:
            done["found by the scrub"] += 1
            done["touched rows found"] += len(touched)
            return report.sentences[0]
        done["found in the views"] += report.views_differ > 0
        if touched and unseen:
            done["log lost with its note, seen by HQ only"] += 1
        elif touched and self._way.to_log and not any(table == "journal" for table, _ in touched):
            done["last commit lost, and it held no fact"] += 1
        elif touched:
            counts.violations.append(f"{self.title}: {len(touched)} rows touched and not found: {touched[:3]}")
        elif not report.views_differ:
            done["nothing touched"] += 1
        return None

    def _salvage(self, found: str, counts: Counts) -> None:
        undamaged = _undamaged_pages(self._day, self._folder)
        done = counts.done
        try:
            made = salvage(self._path, found, SITE, SystemClock(), "0")
        except StoreRefused as refused:
            done["refused, nothing can be proved"] += 1
            done["rows in undamaged pages of salvaged files"] += len(self._in(undamaged))
            if self._noted:
                counts.violations.append(f"{self.title}: not salvaged: {refused}")
            return
        done["salvaged"] += 1
        done["facts missing"] += made.missing
        whole, saved = _whole(self._day), _rows(self._path)
        done["rows invented"] += (invented := _invented(whole, saved))
        if invented:
            counts.violations.append(f"{self.title}: {invented} rows are not what was written")
        rows = self._in(undamaged)
        kept = sum(key in saved[table] for table, key in rows)
        done["rows in undamaged pages of salvaged files"] += len(rows)
        done["rows in undamaged pages saved"] += kept
        if kept < FEWEST_SAVED * len(rows):
            counts.violations.append(f"{self.title}: only {kept} of {len(rows)} rows in undamaged pages saved")
        self._check_new(counts)

    def _in(self, pages: frozenset[int]) -> list[tuple[str, Any]]:
        """The rows that lie in these pages and no other."""
        return [(table, key) for table, key, its in _rows_by_page(self._day) if its <= pages]

    def _check_new(self, counts: Counts) -> None:
        report = look_at_once(self._path)
        if report.damage or report.views_differ:
            told = report.sentences[:2] or [f"{report.views_differ} lines of the views"]
            counts.violations.append(f"{self.title}: the new store is not whole: {told}")
        again = _sent_again(self._day, self._path)
        if again and not self._way.to_log:
            counts.violations.append(f"{self.title}: facts that HQ has would go again: {again[:3]}")


# --- what is true ------------------------------------------------------------------------------------------------


@cache
def _whole(day: Path) -> Rows:
    return _rows(day / FILE_NAME)


def _rows(path: Path) -> Rows:
    """Every row as SQLite gives it, as far as it gives any."""
    found: Rows = {}
    with closing(open_reader(path)) as reader:
        reader.row_factory = None
        reader.text_factory = bytes
        for table, (key, fixed) in FIXED.items():
            rows = found.setdefault(table, {})
            for row in _as_far_as_read(reader, f"SELECT {key}, {fixed} FROM {table} ORDER BY {key}"):
                rows[row[0]] = row
    return found


def _as_far_as_read(reader: sqlite3.Connection, sql: str) -> Iterator[Any]:
    with suppress(sqlite3.DatabaseError):
        yield from reader.execute(sql)


def _touched(path: Path, whole: Rows) -> list[tuple[str, Any]]:
    """Rows that SQLite does not give as they were, and rows that never were."""
    now = _rows(path)
    return [
        (table, key)
        for table, rows in whole.items()
        for key in rows.keys() | now[table].keys()
        if rows.get(key) != now[table].get(key)
    ]


def _invented(whole: Rows, saved: Rows) -> int:
    """Rows of a salvaged store that are not as they were. Label bytes are made afresh; it has facts of its own."""
    own = max(saved["journal"])
    wrong = 0
    for table in ("journal", "receipt", "outbox_request", "party"):
        for key, row in saved[table].items():
            lost_answer = table == "receipt" and row[2] == LOST_FINGERPRINT
            wrong += whole[table].get(key) != row and not lost_answer and not (table == "journal" and key == own)
    for key, row in saved["spool_job"].items():
        wrong += whole["spool_job"].get(key, ())[:7] != row[:7]
    return wrong


@cache
def _rows_by_page(day: Path) -> list[tuple[str, Any, frozenset[int]]]:
    return list(pages_of_rows.walk(day / FILE_NAME, list(FIXED)))


def _undamaged_pages(day: Path, folder: Path) -> frozenset[int]:
    """Pages whose newest image lies where it lay, byte for byte."""
    places = _places(day)
    here = {name: (folder / name).read_bytes() if (folder / name).exists() else b"" for name in (FILE_NAME, LOG)}
    there = _files(day)
    return frozenset(
        page for page, (name, at) in places.items() if here[name][at : at + PAGE] == there[name][at : at + PAGE]
    )


@cache
def _places(day: Path) -> dict[int, tuple[str, int]]:
    return pages_of_rows.newest_images(day / FILE_NAME)


@cache
def _files(day: Path) -> dict[str, bytes]:
    return {name: (day / name).read_bytes() for name in (FILE_NAME, LOG)}


def _sent_again(day: Path, path: Path) -> list[int]:
    """Facts that HQ had and that would be sent once more."""
    sql = "SELECT seq FROM outbox WHERE state = ?"
    with closing(open_reader(day / FILE_NAME)) as before, closing(open_reader(path)) as after:
        had = {seq for (seq,) in before.execute(sql, ("delivered",))}
        return [seq for (seq,) in after.execute(sql, ("pending",)) if seq in had]


# --- what would be used ------------------------------------------------------------------------------------------


def _use(path: Path, whole: Rows) -> tuple[list[str], int]:
    """Read all there is to send, to answer and to print; what was wrong with it, and how often it was refused."""
    used: list[str] = []
    refused: Counter[str] = Counter()
    with closing(open_reader(path)) as reader:
        for use in (_send_facts, _send_requests, _answer, _print, _address):
            for attempt in use(reader, whole):
                try:
                    wrong = attempt()
                    used += [wrong] if wrong else []
                except (RowDamaged, ValueError, sqlite3.DatabaseError):
                    refused[use.__name__] += 1
    return used, refused.total()


Uses = Iterator[Callable[[], str | None]]


def _send_facts(reader: sqlite3.Connection, whole: Rows) -> Uses:
    for (entity,) in _as_far_as_read(reader, "SELECT DISTINCT entity FROM outbox WHERE state = 'pending'"):

        def use(entity: str = entity) -> str | None:
            for each in outbox.next_facts(reader, LANE, entity, 1000):
                row = whole["journal"].get(each.seq)
                if row is None or row[13].decode() != journal.canonical(each.fact) or row[10] != each.wall_ms:
                    return f"fact {each.seq} for {entity}"
            return None

        yield use


def _send_requests(reader: sqlite3.Connection, whole: Rows) -> Uses:
    for (number,) in _as_far_as_read(reader, "SELECT DISTINCT request_id FROM outbox WHERE request_id IS NOT NULL"):

        def use(number: int = number) -> str | None:
            request = outbox.open_request(reader, number)
            outbox.request_facts(reader, number)
            row = whole["outbox_request"].get(number)
            sent = (request.entity, request.method, request.path, request.body, request.idempotency_key)
            was = row and tuple(row[at].decode() for at in (2, 3, 4, 5, 7))
            return None if sent == was else f"request {number}"

        yield use


def _answer(reader: sqlite3.Connection, whole: Rows) -> Uses:
    tx = Transaction(reader, SITE, Stamp(1, "", "", 0, "", 0), Head(), Remembered(), bytes)
    for key, (_, _, fingerprint, _, answer, *_) in whole["receipt"].items():

        def use(key: bytes = key, fingerprint: bytes = fingerprint, answer: bytes = answer) -> str | None:
            command = c.Undo(command_id=UUID(bytes=key), workplace="pick-1")
            kept = tx._receipt(command, key, fingerprint)  # None: that it is missing is for the scrub to find
            return (
                None if kept is None or kept.answer.text == json.loads(answer)["text"] else f"the answer to {key!r}"
            )

        yield use


def _print(reader: sqlite3.Connection, whole: Rows) -> Uses:
    def use() -> str | None:
        for job in spool.waiting(reader, "pack-1", 1000):
            if job.is_sound and job.zpl != whole["spool_job"][job.job_id.encode()][8]:
                return f"label {job.job_id}"
        return None

    yield use


def _address(reader: sqlite3.Connection, whole: Rows) -> Uses:
    for party_id, row in whole["party"].items():

        def use(party_id: bytes = party_id, row: tuple[Any, ...] = row) -> str | None:
            address = parties.address_of(reader, party_id.decode())
            return None if address is None or address["name"] == row[2].decode() else f"the address {party_id!r}"

        yield use


if __name__ == "__main__":
    sys.exit(command_line(run, files=10_000).main())
