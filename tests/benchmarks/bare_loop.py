"""The anchor: a loop that does nothing but commit the very rows the store wrote, with the same settings."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from local_store.database import FILE_NAME, open_writer
from local_store.domain.commands import Command
from tests.benchmarks.counting import Timed, copy_of, open_store

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

LITERAL = re.compile(r"(?<![\w.])(?:[xX]'[0-9a-fA-F]*'|'(?:[^']|'')*'|-?\d+(?:\.\d+)?|NULL)(?![\w.])")
"""A value in a statement as SQLite traces it: blob, text, number or NULL."""

Statement = tuple[str, tuple[object, ...]]


@dataclass(frozen=True)
class Recording:
    """What the store wrote for each act, and the file in which it wrote it."""

    file: Path
    acts: list[list[Statement]]


async def record(folder: Path, commands: Iterable[Command]) -> Recording:
    """Let the store in `folder` do each command alone, and keep every statement that writes."""
    store = await open_store(folder)
    before = sqlite3.connect(folder / "before.sqlite3")
    store.reader.backup(before)
    before.close()
    traced: list[str] = []
    await store.run(lambda tx: tx.connection.set_trace_callback(traced.append))
    traced.clear()
    for command in commands:
        await store.execute(command)
    await store.run(lambda tx: tx.connection.set_trace_callback(None))
    await store.close()
    return Recording(folder / "before.sqlite3", _acts(traced))


def replay(recording: Recording, folder: Path, many: int, per_commit: int) -> Timed:
    """Commit the recorded rows, so many acts in each commit, on a fresh copy."""
    db = open_writer(copy_of(recording.file, folder) / FILE_NAME)
    each_s: list[float] = []
    begun = time.perf_counter()
    for first in range(0, many, per_commit):
        started = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        for statements in recording.acts[first : first + per_commit]:
            for sql, values in statements:
                db.execute(sql, values)
        db.execute("COMMIT")
        each_s += [time.perf_counter() - started] * per_commit
    whole_s = time.perf_counter() - begun
    db.close()
    return Timed(each_s, whole_s)


def _acts(traced: list[str]) -> list[list[Statement]]:
    """A statement that sets off a trigger is traced once more for it; the replay sets it off by itself."""
    acts: list[list[Statement]] = []
    for before, sql in pairwise(["", *traced]):
        if sql == before:
            continue
        if sql.startswith("BEGIN"):
            acts.append([])
        elif sql.startswith(WRITES):
            acts[-1].append(_parted(sql))
    return [statements for statements in acts if statements]


def _parted(sql: str) -> Statement:
    """A traced statement as its text with `?` and its values, so that it is prepared once like the store's own."""
    return LITERAL.sub("?", sql), tuple(_value(literal) for literal in LITERAL.findall(sql))


def _value(literal: str) -> object:
    if literal == "NULL":
        return None
    if literal[0] in "xX":
        return bytes.fromhex(literal[2:-1])
    if literal[0] == "'":
        return literal[1:-1].replace("''", "'")
    return int(literal)
