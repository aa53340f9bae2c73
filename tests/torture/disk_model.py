"""What may be on a disk after the power went: built from a record of every write, flush and change of a name.

Data: of the writes to a file that no later flush of it covered, any part may be there, cut at 512 bytes or 4 KiB.
Names and sizes, strict: a new, renamed or removed name is durable once its folder was flushed, a truncation once its
file was; until then any of them may be there or not. Like ext4: names and sizes become durable in their order, and a
flush that must write any of them writes all before it.

A flush that fails writes nothing, and the next one does not try its data again (as Linux does): what it should have
written may or may not be there for ever, until it is written anew. A size is no data: the next flush does make it
durable. A flush that lies changes nothing.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from tests.support.shim import FLUSHES, WRITES, Call, Entry, Outcome

Rules = Literal["strict", "ext4"]
GRAINS = (512, 4096)


@dataclass
class File:
    """One file: what is surely on disk, and the writes and truncations that may be."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)
    has_new_size: bool = True
    """Its name or size changed since its last flush."""


@dataclass(frozen=True)
class Change:
    """A write of `data` at `offset`, or without data a change of the size to `offset`. `order` is its place."""

    order: int
    offset: int
    data: bytes | None
    given_up: bool = False
    """A flush of it failed: no later flush covers it."""

    def without(self, start: int, stop: int) -> list[Change]:
        """What is left of a write where another one took the bytes from `start` to `stop`."""
        data, end = self.data or b"", self.offset + len(self.data or b"")
        if stop <= self.offset or end <= start:
            return [self]
        before = [replace(self, data=data[: start - self.offset])] if self.offset < start else []
        return before + ([replace(self, offset=stop, data=data[stop - self.offset :])] if stop < end else [])


@dataclass(frozen=True)
class Naming:
    """`new` became a name of `file`, and `old` is no name any more; either may be missing. `order` is its place."""

    order: int
    old: str | None
    new: str | None
    file: File | None


Image = dict[str, bytes]
"""Path -> contents."""


class Disk:
    """Follows a record; `image` at any point says what a power cut could leave."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._names: dict[str, File] = {}
        self._durable_names: dict[str, File] = {}
        self._namings: list[Naming] = []
        self._order = 0

    def follow(self, entry: Entry) -> None:
        """One more call was made."""
        self._order += 1
        if entry.call in FLUSHES:
            self._flush(entry)
        elif entry.call in WRITES:
            self._change(entry.path, Change(self._order, entry.offset, entry.data))
        elif entry.call in {Call.TRUNCATE, Call.ALLOCATE}:
            self._change(entry.path, Change(self._order, entry.offset, None))
        elif entry.call is Call.CREATE:
            self._name(None, entry.path, File())
        elif entry.call is Call.UNLINK:
            self._name(entry.path, None, None)
        elif entry.call in {Call.RENAME, Call.LINK}:
            old = entry.path if entry.call is Call.RENAME else None
            self._name(old, entry.other, self._names[entry.path])

    def image(self, chance: random.Random) -> Image:
        """One of the disks that a power cut at this point could leave."""
        fate = _Fate(chance)
        last = chance.randint(0, self._order) if fate.mixed else self._order * fate.keeps_all
        names = dict(self._durable_names)
        for naming in self._namings:
            if fate.keeps() if self._rules == "strict" else naming.order <= last:
                _apply(names, naming)
        sizes_until = None if self._rules == "strict" else last
        return {path: _contents(file, fate, sizes_until) for path, file in names.items()}

    def _name(self, old: str | None, new: str | None, file: File | None) -> None:
        naming = Naming(self._order, old, new, file)
        self._namings.append(naming)
        _apply(self._names, naming)
        if file is not None:
            file.has_new_size = True

    def _change(self, path: str, change: Change) -> None:
        file = self._names.get(path)
        if file is None:  # written to after its name was taken away: no later image can hold it
            return
        size = len(file.durable) if change.data is not None else -1
        file.has_new_size |= change.data is None or change.offset + len(change.data) > size
        file.pending.append(change)

    def _flush(self, entry: Entry) -> None:
        file = self._names.get(entry.path)
        if entry.outcome is Outcome.FAILED and file is not None:
            file.pending = [replace(change, given_up=change.data is not None) for change in file.pending]
        if entry.outcome is not Outcome.DONE:
            return
        if file is not None:
            file.pending = _flushed(file)
        if self._rules == "strict":
            self._settle(entry.path)
        elif entry.call is Call.FSYNC or file is None or file.has_new_size:
            self._settle(None)
        if file is not None:
            file.has_new_size = False

    def _settle(self, folder: str | None) -> None:
        """Changes of names in this folder (None: in all) are durable now."""
        rest = []
        for naming in self._namings:
            if folder in {None, str(PurePosixPath(naming.new or naming.old or "").parent)}:
                _apply(self._durable_names, naming)
            else:
                rest.append(naming)
        self._namings = rest


class _Fate:
    """What survives of the unflushed: all, nothing, all but little, only little, or anything."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._share = chance.choice((0.0, 0.02, 0.2, 0.5, 0.8, 0.98, 1.0))
        self._torn = chance.choice((0.0, 0.1, 1.0))
        self.grain = chance.choice(GRAINS)
        self.keeps_all = self._share == 1
        self.mixed = 0 < self._share < 1

    def keeps(self) -> bool:
        """Whether one change survives."""
        return self._chance.random() < self._share

    def pieces(self, change: Change) -> list[tuple[int, bytes]]:
        """What survives of a write."""
        data = change.data or b""
        if not self.mixed or self._chance.random() >= self._torn:
            return [(change.offset, data)] if self.keeps() else []
        pieces = []
        start, end = change.offset, change.offset + len(data)
        while start < end:
            stop = min(end, (start // self.grain + 1) * self.grain)
            if self.keeps():
                pieces.append((start, data[start - change.offset : stop - change.offset]))
            start = stop
        return pieces


def _contents(file: File, fate: _Fate, sizes_until: int | None) -> bytes:
    if not file.pending:
        return bytes(file.durable)
    contents = bytearray(file.durable)
    for change in file.pending:
        if change.data is not None:
            for offset, data in fate.pieces(change):
                _write(contents, offset, data)
        elif fate.keeps() if sizes_until is None else change.order <= sizes_until:
            _write(contents, change.offset, None)
    return bytes(contents)


def _flushed(file: File) -> list[Change]:
    """Make the pending changes durable, but for those that were given up and not written anew; these are returned."""
    left: list[Change] = []
    for change in file.pending:
        if change.given_up:
            left.append(change)
            continue
        _write(file.durable, change.offset, change.data)
        start, stop = change.offset, change.offset + len(change.data) if change.data is not None else sys.maxsize
        left = [rest for each in left for rest in each.without(start, stop)]
    return left


def _write(contents: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del contents[offset:]
        contents.extend(bytes(offset - len(contents)))
        return
    if offset > len(contents):
        contents.extend(bytes(offset - len(contents)))
    contents[offset : offset + len(data)] = data


def _apply(names: dict[str, File], naming: Naming) -> None:
    if naming.old is not None:
        names.pop(naming.old, None)
    if naming.new is not None and naming.file is not None:
        names[naming.new] = naming.file
