"""Number blocks on disk: taken in as facts, used in the parcel's own transaction, burned in doubt."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from local_store.domain import events as e
from local_store.domain.events import Fact, NumberKind
from local_store.domain.numbers import Block, Range, days_left, first_free

if TYPE_CHECKING:
    from local_store.domain.site import PlainNumbers, Site
    from local_store.transaction import Transaction

SITE = "site"
DAY_MS = 86_400_000
SSCC_BODY = 17
"""Digits of an SSCC before its check digit."""
MOST_DAYS = 60
"""How many days of use the busiest is looked for in."""


class Figures(NamedTuple):
    """How many numbers of a kind are left, and for how many days (architecture, decision on numbers)."""

    kind: NumberKind
    left: int
    days: int
    busiest_day: int


def load(db: sqlite3.Connection) -> Mapping[NumberKind, Block | None]:
    """The block to use now for each number a parcel needs: the SSCC, and what else the station has blocks for."""
    found: dict[NumberKind, Block | None] = {"sscc": None}
    for (kind,) in db.execute("SELECT DISTINCT kind FROM number_block ORDER BY kind DESC"):
        row = db.execute(
            "SELECT block_id, kind, prefix, extension_digit, next, last FROM number_block INDEXED BY"
            " number_block_usable WHERE kind = ? AND state = 'usable' AND next <= last ORDER BY leased_seq LIMIT 1",
            (kind,),
        ).fetchone()
        found[kind] = Block(*row) if row else None
    return found


def figures(db: sqlite3.Connection) -> list[Figures]:
    """What is left of each kind."""
    rows = db.execute(
        "SELECT kind, sum(CASE WHEN state = 'usable' THEN max(0, last + 1 - next) ELSE 0 END)"
        " FROM number_block GROUP BY kind ORDER BY kind DESC"
    ).fetchall()
    found = []
    for kind, left in rows:
        used = [row[0] for row in db.execute(
            "SELECT used FROM number_use WHERE kind = ? ORDER BY day DESC LIMIT ?", (kind, MOST_DAYS)
        )]  # fmt: skip
        found.append(Figures(kind, left, days_left(left, used), max(used, default=0)))
    return found


def take_in_ranges(tx: Transaction) -> None:
    """Bring the blocks in step with edge.toml: a new range is taken in behind what was used or burned of it."""
    known = dict(tx.connection.execute("SELECT block_id, state FROM number_block WHERE source = ?", (SITE,)))
    wanted = {each.block_id: each for each in ranges_of(tx.site)}
    for block_id, state in known.items():
        if state == "usable" and block_id not in wanted:
            tx.append(e.NumbersRetired(block_id=block_id))
    for block_id, each in wanted.items():
        if known.get(block_id) not in {"usable", "burned"}:
            tx.append(
                e.NumbersLeased(
                    block_id=block_id,
                    number_kind=each.kind,
                    prefix=each.prefix,
                    extension_digit=each.extension_digit,
                    first=each.first,
                    last=each.last,
                    next=first_free(each, _spent(tx.connection, each)),
                    source=SITE,
                )
            )


def burn_all(tx: Transaction) -> None:
    """Nothing that is left of any block is used again by this lineage or one that follows it."""
    rows = tx.connection.execute(
        "SELECT block_id, next, last FROM number_block WHERE state <> 'burned' ORDER BY leased_seq, block_id"
    ).fetchall()
    for block_id, first, last in rows:
        tx.append(e.NumbersBurned(block_id=block_id, first=first, last=last))


def ranges_of(site: Site) -> Iterator[Range]:
    """The ranges of edge.toml."""
    if site.sscc is not None:
        yield Range("sscc", site.sscc.company_prefix, site.sscc.extension_digit, site.sscc.first, site.sscc.last)
    plain: tuple[tuple[NumberKind, PlainNumbers | None], ...] = (
        ("package", site.package_numbers),
        ("parcel", site.parcel_numbers),
    )
    for kind, numbers in plain:
        if numbers is not None:
            yield Range(kind, numbers.prefix, None, numbers.first, numbers.last)


def follow(connection: sqlite3.Connection, fact: Fact, wall_ms: int) -> None:
    """Count the numbers of the day, in the fact's own transaction."""
    if isinstance(fact, e.PackageSealed):
        connection.executemany(
            "INSERT INTO number_use VALUES (?,?,1) ON CONFLICT(kind, day) DO UPDATE SET used = used + 1",
            [(each.kind, wall_ms // DAY_MS) for each in fact.numbers],
        )


# --- what the facts add up to; called by `projections` -----------------------------------------------------------


def leased(db: sqlite3.Connection, seq: int, fact: e.NumbersLeased, *, state: str = "usable") -> None:
    """A block came in; a range that was taken out of edge.toml may come back."""
    db.execute(
        "INSERT INTO number_block(block_id, kind, prefix, extension_digit, first, last, next, source, state,"
        " leased_seq) VALUES (?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT(block_id) DO UPDATE SET next = max(next, excluded.next), state = excluded.state"
        " WHERE state = 'retired'",
        (
            fact.block_id,
            fact.number_kind,
            fact.prefix,
            fact.extension_digit,
            fact.first,
            fact.last,
            fact.next,
            fact.source,
            state,
            seq,
        ),
    )


def retired(db: sqlite3.Connection, _seq: int, fact: e.NumbersRetired) -> None:
    """A range left edge.toml."""
    db.execute("UPDATE number_block SET state = 'retired' WHERE block_id = ?", (fact.block_id,))


def burned(db: sqlite3.Connection, _seq: int, fact: e.NumbersBurned) -> None:
    """The rest of a block is never used."""
    db.execute("UPDATE number_block SET state = 'burned' WHERE block_id = ?", (fact.block_id,))


def used(db: sqlite3.Connection, fact: e.PackageSealed) -> None:
    """A parcel took its numbers."""
    db.executemany(
        "UPDATE number_block SET next = max(next, ? + 1) WHERE block_id = ?",
        [(each.number, each.block_id) for each in fact.numbers],
    )


def _spent(db: sqlite3.Connection, wanted: Range) -> list[tuple[int, int]]:
    """What was used or burned of numbers that read like those of `wanted`, lowest first, as (first, last)."""
    rows = db.execute(
        "SELECT first, CASE WHEN state = 'burned' THEN last ELSE next - 1 END AS until FROM number_block"
        " WHERE kind = ? AND prefix = ? AND extension_digit IS ? AND until >= first ORDER BY first, until",
        (wanted.kind, wanted.prefix, wanted.extension_digit),
    )
    spent = [(first, until) for first, until in rows]
    if wanted.extension_digit is not None:  # parcels that were sealed before there were blocks
        head = f"{wanted.extension_digit}{wanted.prefix}"
        (highest,) = db.execute(
            "SELECT max(serial) FROM (SELECT CAST(substr(sscc, ?, ?) AS INTEGER) AS serial FROM package"
            " WHERE sscc LIKE ? || '%') WHERE serial BETWEEN ? AND ?",
            (len(head) + 1, SSCC_BODY - len(head), head, wanted.first, wanted.last),
        ).fetchone()
        if highest is not None:
            spent.append((wanted.first, highest))
    return sorted(spent)
