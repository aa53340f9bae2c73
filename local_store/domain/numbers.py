"""Numbers that are given out once and never again: which block is used, how a number reads, how long they last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from local_store.domain.codes import sscc_of
from local_store.domain.events import NumberKind, UsedNumber
from local_store.domain.words import phrase

WIDTH = 7
"""Digits of a package or parcel number at least: `PK-0000123`."""
KEEP_DAYS, WARN_DAYS = 14, 7
"""More numbers are asked for below the first, and people are told below the second (reliability 4.4)."""
LEAST_A_DAY = 20
"""What a day is taken to need at least: a station that has hardly begun must not run dry on its first busy day."""

ALL_KINDS: tuple[NumberKind, ...] = ("sscc", "package", "parcel")
SMALLEST_BLOCK, LARGEST_BLOCK = 1_000, 100_000
NUMBER_WORDS: Mapping[NumberKind, str] = {
    "sscc": phrase("SSCC"),
    "package": phrase("package"),
    "parcel": phrase("parcel"),
}


class Block(NamedTuple):
    """A block as an allocation needs it: `next` is the number to use now, `last` the last there is."""

    block_id: str
    kind: NumberKind
    prefix: str
    extension_digit: int | None
    next: int
    last: int


class Range(NamedTuple):
    """A range in edge.toml, and the block it is."""

    kind: NumberKind
    prefix: str
    extension_digit: int | None
    first: int
    last: int

    @property
    def block_id(self) -> str:
        """The same range is the same block, in whatever order edge.toml changes."""
        digit = "" if self.extension_digit is None else f"{self.extension_digit}:"
        return f"site:{self.kind}:{digit}{self.prefix}:{self.first}-{self.last}"


def use(block: Block) -> UsedNumber:
    """The next number of a block, as people read it."""
    return UsedNumber(kind=block.kind, block_id=block.block_id, number=block.next, text=text_of(block, block.next))


def text_of(block: Block, number: int) -> str:
    """An SSCC with its check digit, or prefix and digits."""
    if block.extension_digit is not None:
        return sscc_of(block.prefix, block.extension_digit, number)
    return f"{block.prefix}{number:0{WIDTH}d}"


def first_free(wanted: Range, spent: Iterable[tuple[int, int]]) -> int:
    """The first number of a range behind everything `spent` in it, as (first, last) of what was used or burned."""
    free = wanted.first
    for first, last in spent:
        if first <= wanted.last and last >= free:
            free = last + 1
    return free


def block_size(busiest_day: int) -> int:
    """How many numbers to ask for: twice what is to be kept."""
    return min(LARGEST_BLOCK, max(SMALLEST_BLOCK, 2 * KEEP_DAYS * busiest_day))


def days_left(left: int, used_by_day: Sequence[int]) -> int:
    """For how many days `left` numbers last if every day is like the busiest."""
    return left // max(LEAST_A_DAY, max(used_by_day, default=0))
