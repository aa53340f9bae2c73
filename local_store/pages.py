"""Rows read straight from the pages of a database file and its log, without SQLite: damage hides only what it hit.

Layout (sqlite.org/fileformat2): a b-tree page has its type at offset 0 (13 leaf of a table, 10 leaf and 2 interior of
an index, which WITHOUT ROWID tables are as well), the number of cells at 3, and their places, 2 bytes each, from
offset 8 (12 on interior pages). Page 1 begins after the 100 bytes of the file header. The log has 32 bytes of header
(page size at 8, salts at 16), then frames: 24 bytes of header (page number, size of the file after a commit, salts)
and one page.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

Value = int | float | str | bytes | None

MAGIC = b"SQLite format 3\x00"
LOG_MAGIC = (0x377F0682, 0x377F0683)
PAGE_BYTES = (4096, 8192, 16384, 32768, 65536, 2048, 1024, 512)
"""Page sizes there can be, ours first."""
MAX_PAYLOAD = 16 * 2**20
"""No row of ours is larger; a damaged length may say anything."""

_FILE_HEADER, _LOG_HEADER, _FRAME_HEADER = 100, 32, 24
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 13, 10, 2
_CELLS_AT = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INTERIOR: 12}
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_REAL, _ZERO, _ONE, _FIRST_BLOB = 7, 8, 9, 12
_LAST_BYTE = 0x80  # of a varint: the first one below this

Image = Callable[[int], bytes | None]


class Cell(NamedTuple):
    """One row of a table (`rowid` is set) or of a WITHOUT ROWID table or index (`rowid` is None)."""

    rowid: int | None
    values: tuple[Value, ...]


class Frame(NamedTuple):
    """The header of one page in the log; `commit` is not 0 where a transaction ends."""

    page: int
    commit: int
    salts: bytes
    at: int


class PageFile:
    """A database file with its log, by page number (from 1). A sector that cannot be read counts as zeros."""

    def __init__(self, path: Path, page_bytes: int | None = None, *, with_log: bool = True) -> None:
        self._file = _Bytes(path)
        self._log = _Bytes(path.with_name(path.name + "-wal") if with_log else None)
        self.page_bytes = page_bytes or self._told_page_bytes() or PAGE_BYTES[0]
        self._in_log = {frame.page: frame for frame in self.frames()}

    def close(self) -> None:
        """Close both files."""
        self._file.close()
        self._log.close()

    def cells(self) -> Iterator[Cell]:
        """Every row in any image of any page: as the file with its log, as the file alone, as older log frames.

        The same row may come more than once.
        """
        for number in range(1, self._file.size // self.page_bytes + 2):
            if number not in self._in_log:
                yield from self._cells_of(number, self.in_file(number), self.newest, set())
        seen: set[bytes] = set()
        for number, frame in self._in_log.items():
            yield from self._cells_of(number, self.page_in(frame), self.newest, seen)
            yield from self._cells_of(number, self.in_file(number), self.in_file, seen)
        for frame in self._older_frames():
            yield from self._cells_of(frame.page, self.page_in(frame), self.newest, seen)

    def newest(self, number: int) -> bytes | None:
        """A page as the log has it, else as the file has it."""
        frame = self._in_log.get(number)
        return self.page_in(frame) if frame else self.in_file(number)

    def in_file(self, number: int) -> bytes | None:
        """A page as the file has it; what a cut took off its end is zero."""
        page = self._file.part((number - 1) * self.page_bytes, self.page_bytes)
        return page.ljust(self.page_bytes, b"\0") if page else None

    def log_salts(self) -> bytes | None:
        """The salts of the log's present round; None when its header is damaged."""
        header = self._log.part(0, _LOG_HEADER)
        if len(header) < _LOG_HEADER or not _log_header_is_sound(header):
            return None
        return header[16:24]

    def frames(self) -> Iterator[Frame]:
        """Every whole frame of the log, whether SQLite would still use it or not."""
        step = _FRAME_HEADER + self.page_bytes
        for at in range(_LOG_HEADER, self._log.size - step + 1, step):
            page, commit, salts = struct.unpack(">II8s", self._log.part(at, 16))
            yield Frame(page, commit, salts, at)

    def _older_frames(self) -> list[Frame]:
        """The last two images of each page in each round of the log, in case the newest one is damaged."""
        last: dict[tuple[int, bytes], list[Frame]] = {}
        for frame in self.frames():
            last[frame.page, frame.salts] = [*last.get((frame.page, frame.salts), [])[-1:], frame]
        return [frame for frames in last.values() for frame in frames if self._in_log[frame.page] != frame]

    def page_in(self, frame: Frame) -> bytes:
        """The page that a frame holds."""
        return self._log.part(frame.at + _FRAME_HEADER, self.page_bytes)

    def _told_page_bytes(self) -> int | None:
        """What the headers of the file or the log say."""
        told = 0
        file, log = self._file.part(0, _FILE_HEADER), self._log.part(0, _LOG_HEADER)
        if file.startswith(MAGIC) and len(file) == _FILE_HEADER:
            (told,) = struct.unpack_from(">H", file, 16)
            told = 65536 if told == 1 else told
        elif len(log) == _LOG_HEADER and struct.unpack_from(">I", log)[0] in LOG_MAGIC:
            (told,) = struct.unpack_from(">I", log, 8)
        return told if told in PAGE_BYTES else None

    def _cells_of(self, number: int, page: bytes | None, image: Image, seen: set[bytes]) -> Iterator[Cell]:
        start = _FILE_HEADER if number == 1 else 0
        if page is None or page[start] not in _CELLS_AT:
            return
        (many,) = struct.unpack_from(">H", page, start + 3)
        first = start + _CELLS_AT[page[start]]
        for at in range(first, min(first + 2 * many, self.page_bytes - 1), 2):
            try:
                (offset,) = struct.unpack_from(">H", page, at)
                rowid, payload = _payload(page, offset, page[start], self.page_bytes, image)
                key = payload if rowid is None else payload + rowid.to_bytes(8, "big", signed=True)
                if key in seen:
                    continue
                seen.add(key)
                yield Cell(rowid, _values(payload))
            except (IndexError, ValueError, OverflowError, struct.error):
                continue  # this cell is damaged; the next may not be


class _Bytes:
    """A file that may be missing, or unreadable in parts."""

    def __init__(self, path: Path | None) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC) if path and path.exists() else None
        self.size = 0 if self._descriptor is None else os.fstat(self._descriptor).st_size

    def part(self, start: int, many: int) -> bytes:
        """Up to `many` bytes from `start`; zeros where the disk does not give them."""
        many = max(0, min(many, self.size - start))
        if not many or self._descriptor is None:
            return b""
        try:
            return os.pread(self._descriptor, many, start)
        except OSError:
            return bytes(many)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)


def _log_header_is_sound(header: bytes) -> bool:
    """The header ends with a checksum over its first 24 bytes (fileformat2, section 4.2)."""
    (magic,) = struct.unpack_from(">I", header)
    if magic not in LOG_MAGIC:
        return False
    first, second = 0, 0
    words = struct.unpack_from(">6I" if magic & 1 else "<6I", header)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return (first, second) == struct.unpack_from(">2I", header, 24)


def _payload(page: bytes, at: int, kind: int, page_bytes: int, image: Image) -> tuple[int | None, bytes]:
    """The row id (None in an index) and the record of the cell at `at`. Raises ValueError where it is damaged."""
    if kind == _INDEX_INTERIOR:
        at += 4
    size, at = _varint(page, at)
    rowid = None
    if kind == _TABLE_LEAF:
        rowid, at = _varint(page, at)
    if not 0 < size <= MAX_PAYLOAD:
        raise ValueError("no such length")
    most = page_bytes - 35 if kind == _TABLE_LEAF else (page_bytes - 12) * 64 // 255 - 23
    if size <= most:
        local = size
    else:
        least = (page_bytes - 12) * 32 // 255 - 23
        local = least + (size - least) % (page_bytes - 4)
        local = local if local <= most else least
    payload = page[at : at + local]
    if len(payload) != local:
        raise ValueError("the cell leaves its page")
    if local < size:
        payload += _overflow(page, at + local, size - local, image)
    return rowid, payload


def _overflow(page: bytes, at: int, missing: int, image: Image) -> bytes:
    """The rest of a record, from its chain of overflow pages."""
    parts = []
    (number,) = struct.unpack_from(">I", page, at)
    while missing > 0:
        found = image(number)
        if found is None:
            raise ValueError("an overflow page is missing")
        (number,) = struct.unpack_from(">I", found)
        part = found[4 : 4 + missing]
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _values(record: bytes) -> tuple[Value, ...]:
    """The members of a record. Raises ValueError where it is damaged; text must be UTF-8."""
    header_bytes, at = _varint(record, 0)
    body = header_bytes
    values: list[Value] = []
    while at < header_bytes:
        kind = record[at]
        if kind < _LAST_BYTE:
            at += 1
        else:
            kind, at = _varint(record, at)
        value, body = _value(record, body, kind)
        values.append(value)
    if at != header_bytes or body != len(record):
        raise ValueError("the record does not fit its header")
    return tuple(values)


def _value(record: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind >= _FIRST_BLOB:
        size = (kind - _FIRST_BLOB) // 2
        part = record[at : at + size]
        if len(part) != size:
            raise ValueError("a value leaves its record")
        return (part.decode() if kind % 2 else part), at + size
    if kind in _INTEGER_BYTES:
        size = _INTEGER_BYTES[kind]
        return int.from_bytes(record[at : at + size], "big", signed=True), at + size
    if kind == _REAL:
        return struct.unpack_from(">d", record, at)[0], at + 8
    if kind in {_ZERO, _ONE}:
        return kind - _ZERO, at
    if kind == 0:
        return None, at
    raise ValueError("no such type")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < _LAST_BYTE:
            return value, at + step + 1
    value = value << 8 | data[at + 8]
    return (value if value < 2**63 else value - 2**64), at + 9
