"""Blocks of numbers for parcels."""

from __future__ import annotations

from typing import ClassVar

from local_store.domain.events.base import Fact, NumberKind


class NumbersLeased(Fact):
    """A block of numbers that only this lineage of this station may give out, from `next` on."""

    kind: ClassVar[str] = "numbers.leased"
    block_id: str
    number_kind: NumberKind
    prefix: str
    extension_digit: int | None = None
    first: int
    last: int
    next: int
    source: str
    """`site` for a range in edge.toml, else the lane whose HQ gave it."""


class NumbersRetired(Fact):
    """A range was taken out of edge.toml; what is left of it is not used while it is not there."""

    kind: ClassVar[str] = "numbers.retired"
    block_id: str


class NumbersBurned(Fact):
    """The rest of a block, `first` to `last`, is never used: another copy of this store may have used it."""

    kind: ClassVar[str] = "numbers.burned"
    block_id: str
    first: int
    last: int
