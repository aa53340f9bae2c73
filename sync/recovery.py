"""A store that is behind HQ, or one of two, gets its history back before its labels are printed and its facts sent.

HQ is compared too: what it has lost, because it was put back to an older state, is owed to it again.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from local_store import history, identity, journal, outbox
from local_store.database import open_reader
from local_store.domain.events import FulfillmentReceived, HistoryRecovered, PackagePacked
from local_store.domain.history import Here
from local_store.history import Foreign
from local_store.journal import Head
from local_store.store import Store
from local_store.transaction import Transaction
from sync.edge import EdgeHq, EdgeStopped, Lineage, Point, Watermark
from sync.known import KnownHere, keep_cursor

log = logging.getLogger(__name__)

PAGE = 200
INSTANCE = "edge.instance"
"""The name under which the run of HQ is kept that was compared last."""


class Shared(NamedTuple):
    """How far this journal and HQ's lineages agree: the last common row of each lineage, and the latest of all."""

    by_lineage: dict[str, int]
    lineage: str
    head: Head

    def point(self) -> Point:
        """Where a new lineage of this store parts from what HQ has."""
        return Point(lineage=self.lineage, seq=self.head.seq, hash=self.head.hash.hex())


def has(connection: sqlite3.Connection, head: Head) -> bool:
    """Whether this journal holds just that row."""
    return head.seq == 0 or _here(connection, head.seq) == head


async def shared(store: Store, hq: EdgeHq, mark: Watermark) -> Shared:
    """Compare this journal with every lineage HQ has of this station."""
    by_lineage: dict[str, int] = {}
    best = (mark.lineages[0].lineage, Head())
    for each in mark.lineages:
        head = await _last_common(store.reader, hq, each)
        by_lineage[each.lineage] = head.seq
        if head.seq > best[1].seq:
            best = (each.lineage, head)
    return Shared(by_lineage, *best)


async def is_behind(store: Store, hq: EdgeHq, mark: Watermark, agreed: Shared) -> Lineage | None:
    """The lineage of which HQ has a row that is not known here; None when everything is."""
    for each in mark.lineages:
        async for rows in _rows_of(hq, each, agreed.by_lineage[each.lineage]):
            if not all(history.knows(store.reader, history.original(row)) for row in rows):
                return each
    return None


def reason(connection: sqlite3.Connection, agreed: Shared) -> identity.FenceReason:
    """A store that parted from HQ's at its last start was put back; one that parted before has lived on beside it."""
    before = connection.execute(
        "SELECT 1 FROM journal WHERE seq > ? AND epoch < (SELECT max(ordinal) FROM epoch) LIMIT 1", (agreed.head.seq,)
    ).fetchone()
    return "restore" if before is None else "clone"


async def fetch(store: Store, hq: EdgeHq, mark: Watermark, agreed: Shared) -> int:
    """Take in every row HQ has of this station that is not here; returns how many."""
    taken = 0
    for each in mark.lineages:
        for after, last in _wanted(store.reader, each, agreed.by_lineage[each.lineage]):
            done = await asyncio.to_thread(_done_since, store.path, agreed.head.seq, last)
            async for found in _rows_of(hq, each, after):
                rows = [row for row in found if row.seq <= last]
                take = partial(history.take_in, rows=rows, done=done, common_seq=agreed.head.seq)
                taken += await store.run(take)
                if len(rows) < len(found):
                    break
    return taken


def _done_since(path: Path, common_seq: int, last_seq: int) -> Here:
    """In a thread with its own connection: after a salvage this may be most of the journal."""
    with closing(open_reader(path)) as reader:
        return history.done_since(reader, common_seq, last_seq)


async def fetch_addresses(store: Store, hq: EdgeHq, lane: str) -> None:
    """Names and addresses are in no journal: ask HQ for those of the work that was given back."""
    (since,) = store.reader.execute("SELECT coalesce(max(raised_seq), 0) FROM fence").fetchone()
    wanted = []
    for each in journal.read(store.reader, since):
        told = each.fact.told if isinstance(each.fact, HistoryRecovered) else None
        if not isinstance(told, FulfillmentReceived) or told.lane != lane:
            continue
        if KnownHere(store.reader, lane).party(told.party_id) is None:
            wanted.append(told.fulfillment_id)
    for start in range(0, len(wanted), PAGE):
        for command in await hq.work(lane, wanted[start : start + PAGE]):
            await store.execute(command)


async def compare(store: Store, hq: EdgeHq, lane: str, instance: str) -> None:
    """Bring the promises of a lane in step with what has had its effect at HQ, in both directions."""
    after = 0
    while page := outbox.told(store.reader, lane, after, PAGE):
        lacking = await hq.lacking([event_id for _, _, event_id in page])
        lost = [seq for seq, state, event_id in page if state == "delivered" and event_id in lacking]
        there = [seq for seq, state, event_id in page if state != "delivered" and event_id not in lacking]
        there = [seq for seq in there if not _waits_for_answer(store.reader, lane, seq)]
        if lost or there:
            log.warning("%s: %d facts are sent again, %d it has already", lane, len(lost), len(there))
            await store.run(partial(_settle, lane=lane, lost=lost, there=there))
        after = page[-1][0]
    await store.run(lambda tx: _remember(tx.connection, lane, instance))


def compared_with(connection: sqlite3.Connection, lane: str) -> str | None:
    """The run of HQ with which the promises were compared last."""
    return KnownHere(connection, lane).cursor(INSTANCE)


def _settle(tx: Transaction, lane: str, lost: Sequence[int], there: Sequence[int]) -> None:
    outbox.owe_again(tx.connection, lane, lost)
    outbox.has_already(tx.connection, lane, there)


def _remember(connection: sqlite3.Connection, lane: str, instance: str) -> None:
    """Also forget how far master data was read: another run of HQ may count from elsewhere."""
    connection.execute("DELETE FROM pull_cursor WHERE lane = ?", (lane,))
    keep_cursor(connection, lane, INSTANCE, instance)


def _waits_for_answer(connection: sqlite3.Connection, lane: str, seq: int) -> bool:
    """HQ's id of a package comes with the answer; where it is not known here, the same request brings it again."""
    told = journal.fetch(connection, seq).fact.told
    return isinstance(told, PackagePacked) and outbox.hq_ref(connection, lane, "package", told.package_id) is None


async def _last_common(connection: sqlite3.Connection, hq: EdgeHq, lineage: Lineage) -> Head:
    """The last row of a lineage's own that is in this journal; Head() when none is. Each question halves the rest."""
    if has(connection, lineage.head):
        return lineage.head
    low, high, found = lineage.parent_seq, lineage.seq, Head()
    while low < high:
        middle = (low + high + 1) // 2
        mine = _nearest(connection, middle, low)
        if mine is None:
            low = middle
            continue
        theirs = (await hq.rows(lineage.lineage, mine.seq - 1, 1)).rows
        if theirs and (theirs[0].seq, theirs[0].hash) == (mine.seq, mine.hash.hex()):
            found, low = mine, middle
        else:
            high = mine.seq - 1
    return found


def _nearest(connection: sqlite3.Connection, seq: int, above: int) -> Head | None:
    """The row at `seq` or the last before it, if that is above `above`; a salvaged journal has gaps."""
    row = connection.execute(
        "SELECT seq, hash FROM journal WHERE seq <= ? AND seq > ? ORDER BY seq DESC LIMIT 1", (seq, above)
    ).fetchone()
    return Head(*row) if row else None


def _here(connection: sqlite3.Connection, seq: int) -> Head | None:
    row = connection.execute("SELECT seq, hash FROM journal WHERE seq = ?", (seq,)).fetchone()
    return Head(*row) if row else None


def _wanted(connection: sqlite3.Connection, lineage: Lineage, common_seq: int) -> list[tuple[int, int]]:
    """What to ask for of a lineage, as (after, last): what is in gaps of this journal, and all behind the common."""
    gaps = connection.execute(
        "SELECT first_seq - 1, min(last_seq, :common) FROM journal_gap WHERE first_seq <= :common ORDER BY first_seq",
        {"common": common_seq},
    )
    return [*map(tuple, gaps), (common_seq, lineage.seq)]


async def _rows_of(hq: EdgeHq, lineage: Lineage, after: int) -> AsyncIterator[list[Foreign]]:
    while after < lineage.seq:
        page = await hq.rows(lineage.lineage, after, PAGE)
        if not page.rows:
            return
        if page.rows[0].seq <= after:
            raise EdgeStopped(None, f"HQ gave row {page.rows[0].seq} of lineage {lineage.lineage} after row {after}.")
        yield [row.foreign(lineage.lineage) for row in page.rows]
        after = page.rows[-1].seq
