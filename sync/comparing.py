"""What is here beside what HQ has, line by line, and what the next sending would do. Sends nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from local_store import outbox
from local_store.domain.badges import Signed
from local_store.domain.commands import Command
from local_store.domain.states import PackSession
from local_store.outbox import NewRequest, Promised
from sync.dialect import Cursor, Fault, HqClient, Known, KnownWork, Missing, NotNeeded, TheirLine
from sync.known import KnownHere

MOST_LINES = 100_000
MOST_SHOWN = 500
MOST_ENTITIES = 200
FACTS_OF_ONE = 200

Counted = tuple[Decimal, Decimal | None, Decimal | None]
"""Units ordered, picked and shipped of one product in one order; None where one side does not tell."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not the same on both sides; None where the order or the product is on one side only."""

    order_id: str
    sku: str
    what: str
    here: Decimal | None
    there: Decimal | None
    unsent: bool
    """Facts about this order still wait for HQ: the difference may end with them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many lines were compared, and what differs, at most `MOST_SHOWN` of `differing`."""

    lines: int
    differing: int
    differences: tuple[Difference, ...]


async def compare(db: sqlite3.Connection, lane: str, hq: HqClient) -> Comparison:
    """Compare all open orders that both sides know. Raises PullStopped when HQ breaks off."""
    theirs: list[TheirLine] = []
    async with aclosing(hq.their_lines(KnownHere(db, lane))) as lines:
        async for line in lines:
            theirs.append(line)
            if len(theirs) >= MOST_LINES:
                break
    orders = json.dumps(sorted({line.order_id for line in theirs}))
    ours = _ours(db, orders)
    unsent = {order_id for (order_id,) in db.execute(_UNSENT, {"lane": lane, "orders": orders})}
    found = list(differences(ours, _theirs(theirs), unsent))
    return Comparison(len(ours), len(found), tuple(found[:MOST_SHOWN]))


def differences(
    ours: dict[tuple[str, str], Counted], theirs: dict[tuple[str, str], Counted], unsent: set[str]
) -> Iterator[Difference]:
    """What differs, by order and product. Orders that are unknown here are not ours to judge."""
    orders = {order_id for order_id, _ in ours}
    for order_id, sku in sorted(ours.keys() | {key for key in theirs if key[0] in orders}):
        here = ours.get((order_id, sku), (None, None, None))
        there = theirs.get((order_id, sku), (None, None, None))
        for what, mine, other in zip(("ordered", "picked", "shipped"), here, there, strict=True):
            untold = what != "ordered" and other is None and (order_id, sku) in theirs
            if mine != other and not untold:
                yield Difference(order_id, sku, what, mine, other, order_id in unsent)
                if mine is None or other is None:
                    break  # the line is on one side only: said once


def _theirs(lines: Iterable[TheirLine]) -> dict[tuple[str, str], Counted]:
    """Sums by order and product: ids of lines differ from HQ to HQ."""
    found: dict[tuple[str, str], Counted] = {}
    for line in lines:
        ordered, picked, shipped = found.get((line.order_id, line.sku), (Decimal(0), Decimal(0), Decimal(0)))
        found[line.order_id, line.sku] = (
            ordered + line.ordered,
            None if picked is None or line.picked is None else picked + line.picked,
            None if shipped is None or line.shipped is None else shipped + line.shipped,
        )
    return found


def _ours(db: sqlite3.Connection, orders: str) -> dict[tuple[str, str], Counted]:
    """The same sums from here, for a JSON list of orders."""
    rows = db.execute(
        "SELECT f.order_id, l.sku, l.qty, l.picked, CASE f.session WHEN ? THEN l.packed ELSE '0' END"
        " FROM json_each(?) o JOIN fulfillment f ON f.order_id = o.value"
        " JOIN fulfillment_line l USING (fulfillment_id)",
        (PackSession.PACKED, orders),
    )
    sums: dict[tuple[str, str], Counted] = {}
    for order_id, sku, *counts in rows:
        old = sums.get((order_id, sku), (Decimal(0), Decimal(0), Decimal(0)))
        ordered, picked, shipped = (Decimal(new) + (before or 0) for new, before in zip(counts, old, strict=True))
        sums[order_id, sku] = (ordered, picked, shipped)
    return sums


_UNSENT = (
    "SELECT DISTINCT f.order_id FROM json_each(:orders) o JOIN fulfillment f ON f.order_id = o.value"
    " WHERE EXISTS (SELECT 1 FROM outbox b INDEXED BY outbox_open WHERE b.lane = :lane"
    "  AND b.state IN ('pending', 'parked')"
    "  AND b.entity IN ('fulfillment:' || f.fulfillment_id, 'picklist:' || f.picklist_id))"
)
"""Of a JSON list of orders those about which facts still wait for HQ."""


# --- what the next sending would do -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of facts of one entity: a request, or a sentence why none is made (yet)."""

    entity: str
    kinds: tuple[str, ...]
    request: NewRequest | None
    sentence: str = ""
    refusal: bool = False
    """It cannot be sent as it is: a person is needed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be sent, and what HQ has changed meanwhile, each in the order it would happen."""

    sending: tuple[Planned, ...]
    news: tuple[str, ...]
    more: int
    """Facts that wait beyond those shown."""


async def plan(db: sqlite3.Connection, lane: str, hq: HqClient, new_id: Callable[[], UUID]) -> Plan:
    """What the lane would do now. Asks HQ for its changes and takes nothing in. Raises PullStopped."""
    known = KnownHere(db, lane)
    entities = outbox.entities_to_send(db, lane, ())[:MOST_ENTITIES]
    sending = tuple(each for entity in entities for each in _planned(db, lane, entity, hq, known))
    waiting = outbox.figures(db, lane).unsent
    return Plan(sending, tuple([each async for each in _news(lane, hq, known, new_id)]), waiting - _count(sending))


def _planned(db: sqlite3.Connection, lane: str, entity: str, hq: HqClient, known: Known) -> Iterator[Planned]:
    facts = outbox.next_facts(db, lane, entity, FACTS_OF_ONE)
    earlier = False
    while facts:
        fixed = facts[0].request_id
        if fixed is not None:
            request = outbox.open_request(db, fixed)
            together = sum(fact.request_id == fixed for fact in facts)
            new: NewRequest | Missing | NotNeeded = NewRequest(request.method, request.path, request.body)
        else:
            together = hq.take(facts)
            new = hq.request(facts[:together], known)
        yield _told(entity, facts[:together], new, earlier=earlier)
        facts, earlier = facts[together:], True


def _told(entity: str, facts: Sequence[Promised], new: NewRequest | Missing | NotNeeded, *, earlier: bool) -> Planned:
    kinds = tuple(fact.fact.kind for fact in facts)
    if isinstance(new, NewRequest):
        return Planned(entity, kinds, new)
    if isinstance(new, Missing) and earlier:
        return Planned(entity, kinds, None, f"May need HQ's answer to the request before it. {new.sentence}")
    return Planned(entity, kinds, None, new.sentence, refusal=isinstance(new, Missing))


async def _news(lane: str, hq: HqClient, known: KnownWork, new_id: Callable[[], UUID]) -> AsyncIterator[str]:
    shown = 0
    async with aclosing(hq.pull(lane, known, new_id)) as pulled:
        async for each in pulled:
            if isinstance(each, Cursor | Signed):
                continue
            yield each.sentence if isinstance(each, Fault) else _words(each)
            shown += 1
            if shown >= MOST_SHOWN:
                return


def _words(command: Command) -> str:
    """A command that would be taken in, in short."""
    members = command.model_dump(mode="json", exclude={"command_id", "parties"}, exclude_none=True)
    counts = ", ".join(
        f"{len(value)} {name}" if isinstance(value, list) else f"{name} {value.get('picklist_id', '')}".strip()
        for name, value in members.items()
        if isinstance(value, list | dict) and value
    )
    return f"{command.kind}: {counts or 'nothing new'}"


def _count(sending: Sequence[Planned]) -> int:
    return sum(len(each.kinds) for each in sending)
