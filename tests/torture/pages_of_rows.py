"""Which page holds which row, by a walk through the b-trees of a whole store, written apart from the tested one.

The file format is that of sqlite.org/fileformat2. The newest image of each page is found from the log's own rules:
frames count up to the last commit while their salts and running checksums fit.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

PAGE = 4096


def newest_images(path: Path) -> dict[int, tuple[str, int]]:
    """Page -> file name and offset of its newest image."""
    data, log = path.read_bytes(), _log_of(path)
    found = {number + 1: (path.name, number * PAGE) for number in range(len(data) // PAGE)}
    pending: dict[int, tuple[str, int]] = {}
    for page, commit, at in _valid_frames(log):
        pending[page] = (path.name + "-wal", at)
        if commit:
            found |= pending
            pending = {}
    return found


def walk(path: Path, tables: list[str]) -> Iterator[tuple[str, Any, frozenset[int]]]:
    """(table, key, pages) of every row. The key is the first member of a row, or its number; text stays bytes."""
    files = {path.name: path.read_bytes(), path.name + "-wal": _log_of(path)}
    places = newest_images(path)

    def page(number: int) -> bytes:
        name, at = places[number]
        return files[name][at : at + PAGE]

    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as whole:
        roots = dict(whole.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'").fetchall())
    for table in tables:
        for key, pages in _rows(page, roots[table]):
            yield table, key, pages


def _log_of(path: Path) -> bytes:
    log = path.with_name(path.name + "-wal")
    return log.read_bytes() if log.exists() else b""


def _rows(page: Any, number: int) -> Iterator[tuple[Any, frozenset[int]]]:
    data = page(number)
    kind = data[0]
    interior = kind in {2, 5}
    (many,) = struct.unpack_from(">H", data, 3)
    for n in range(many):
        (at,) = struct.unpack_from(">H", data, (12 if interior else 8) + 2 * n)
        if interior:
            yield from _rows(page, struct.unpack_from(">I", data, at)[0])
        if kind != 5:
            yield _row(page, number, data, at + 4 if interior else at, numbered=kind == 13)
    if interior:
        yield from _rows(page, struct.unpack_from(">I", data, 8)[0])


def _row(page: Any, number: int, data: bytes, at: int, *, numbered: bool) -> tuple[Any, frozenset[int]]:
    size, at = _number(data, at)
    rowid = None
    if numbered:
        rowid, at = _number(data, at)
    most = PAGE - 35 if numbered else (PAGE - 12) * 64 // 255 - 23
    least = (PAGE - 12) * 32 // 255 - 23
    here = size
    if size > most:
        here = least + (size - least) % (PAGE - 4)
        here = least if here > most else here
    pages = {number}
    next_page = struct.unpack_from(">I", data, at + here)[0] if here < size else 0
    while next_page:
        pages.add(next_page)
        (next_page,) = struct.unpack_from(">I", page(next_page))
    return _key(data[at : at + here], rowid), frozenset(pages)


def _key(record: bytes, rowid: int | None) -> Any:
    header, at = _number(record, 0)
    kind, _ = _number(record, at)
    if kind == 0:
        return rowid
    assert kind >= 12, "our keys are numbers of rows, texts or bytes"
    return record[header : header + (kind - 12) // 2]


def _valid_frames(log: bytes) -> Iterator[tuple[int, int, int]]:
    if len(log) < 32:
        return
    magic, *_ = struct.unpack_from(">I", log)
    order = ">" if magic & 1 else "<"
    salts = log[16:24]
    sums = _checksum(order, log[:24], (0, 0))
    if sums != struct.unpack_from(">II", log, 24):
        return
    for at in range(32, len(log) - PAGE - 24 + 1, PAGE + 24):
        page, commit, told = struct.unpack_from(">II8s", log, at)
        sums = _checksum(order, log[at : at + 8], sums)
        sums = _checksum(order, log[at + 24 : at + 24 + PAGE], sums)
        if told != salts or sums != struct.unpack_from(">II", log, at + 16):
            return
        yield page, commit, at + 24


def _checksum(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | data[at + 8], at + 9
