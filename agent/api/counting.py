"""`/v1/station/stock`, `serials` and `count-tasks`: what is where, and the counts that look whether it is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel

from agent.api.access import OPERATOR, SCREEN, caller_of
from agent.api.acts import add_acts
from agent.api.around import Around
from local_store import stock_pages
from local_store.clock import timestamp
from local_store.domain.commands import AdjustStock, Id, PlanCounts, RequestCount, SettleCount, WorkerCommand
from local_store.domain.counting import CountTask
from local_store.domain.events import decimal_text
from local_store.store import Store
from local_store.works import counting
from local_store.works.stock import Sums, sums
from web.pages import Page, cursor_after, position_of
from web.problems import Refused
from web.routes import RouteTable, json_answer, query_of

ACTS: Mapping[str, type[WorkerCommand]] = {
    "/v1/station/count-tasks": RequestCount,
    "/v1/station/count-tasks/plan": PlanCounts,
    "/v1/station/count-tasks/{count_task_id}/settle": SettleCount,
    "/v1/station/stock/adjustments": AdjustStock,
}
T = TypeVar("T")
ON_THE_FLOOR = ("picker", "packer", "receiver", "qc_agent", "supervisor", "admin")
KNOWS_ALL = frozenset({OPERATOR, "supervisor", "admin"})
"""Who is told what is believed of a shelf while it is counted blind."""


class StockQuery(Page):
    """A location, a product, both or all."""

    location_id: Id | None = None
    sku: Id | None = None


class SerialQuery(StockQuery):
    """The same, or one serial number."""

    serial: Id | None = None


class TaskQuery(Page):
    """The counts of one location, or all."""

    location_id: Id | None = None


class Believed(BaseModel):
    """What an HQ believes; `location_id` is null for the whole warehouse."""

    lane: str
    warehouse_id: str
    sku: str
    location_id: str | None
    qty: str
    told_at: str


class Held(BaseModel):
    """Units of a product and lot in an account. `qty` is null where the location is being counted blind."""

    account: str
    location_id: str | None
    sku: str
    lot_id: str | None
    qty: str | None
    moved_at: str
    counted_at: str | None
    told: list[Believed]


class HeldPage(BaseModel):
    """A page of balances."""

    items: list[Held]
    next_cursor: str | None


class BelievedPage(BaseModel):
    """A page of what HQs believe."""

    items: list[Believed]
    next_cursor: str | None


class Unit(BaseModel):
    """Where the unit with a serial number is."""

    sku: str
    serial: str
    account: str
    lot_id: str | None
    moved_at: str


class UnitPage(BaseModel):
    """A page of units."""

    items: list[Unit]
    next_cursor: str | None


class Equation(BaseModel):
    """received + adjusted + elsewhere = on_hand + shipped; `unbalanced` is what is too much, always 0."""

    sku: str
    received: str
    adjusted: str
    elsewhere: str
    on_hand: str
    shipped: str
    unbalanced: str
    below_zero: int


class Checked(BaseModel):
    """Whether goods are conserved: how many products, those of which something is wrong, and shelves below zero."""

    products: int
    conserved: bool
    items: list[Equation]


class Task(BaseModel):
    """A count that waits. What is expected is not in it."""

    count_task_id: str
    location_id: str
    sku: str | None
    reason: str
    status: str
    asked_at: str
    workplace: str | None


class TaskPage(BaseModel):
    """A page of counts."""

    items: list[Task]
    next_cursor: str | None


class CountedLine(BaseModel):
    """What one count said of a product and lot, and by how much that was more than believed."""

    sku: str
    lot_id: str | None
    counted: str
    difference: str
    serials: list[str]


class Round(BaseModel):
    """One count, and who made it."""

    counted_by: str
    lines: list[CountedLine]


class Rounds(BaseModel):
    """All counts of a location so far, for who decides."""

    count_task_id: str
    location_id: str
    sku: str | None
    status: str
    rounds: list[Round]


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    made, table = _Routes(around.store), RouteTable()
    stock, tasks = "/v1/station/stock", "/v1/station/count-tasks"
    table.get(stock, SCREEN, *ON_THE_FLOOR, query=StockQuery, answers=HeldPage)(made.stock)
    table.get(f"{stock}/told", SCREEN, *ON_THE_FLOOR, query=StockQuery, answers=BelievedPage)(made.told)
    table.get(f"{stock}/check", OPERATOR, "supervisor", "admin", answers=Checked)(made.check)
    table.get("/v1/station/serials", SCREEN, *ON_THE_FLOOR, query=SerialQuery, answers=UnitPage)(made.serials)
    table.get(tasks, SCREEN, *ON_THE_FLOOR, query=TaskQuery, answers=TaskPage)(made.tasks)
    table.get(f"{tasks}/{{count_task_id}}", OPERATOR, "supervisor", "admin", answers=Rounds)(made.rounds)
    add_acts(table, around.store, ACTS)
    return table


class _Routes:
    """What the routes read; every answer is of one moment of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def stock(self, request: web.Request) -> web.Response:
        """What is where, by lot, with the age of what is known; what HQs believe of the same shelf beside it."""
        query = query_of(request, StockQuery)
        db, after = self._store.reader, _after(query, 3)
        found = stock_pages.balances(db, query.location_id, query.sku, (after[0], after[1], after[2]), query.limit)
        knows = bool(caller_of(request).roles & KNOWS_ALL)
        items = []
        for each in found:
            hidden = each.hidden and not knows
            told = stock_pages.told_of(db, each.sku, each.location_id) if each.location_id and not hidden else []
            items.append(_held(each, told, hidden=hidden))
        return json_answer(HeldPage(items=items, next_cursor=_more(query, found, lambda each: each[:3])))

    async def told(self, request: web.Request) -> web.Response:
        """What HQs believe of shelves and warehouses. Of shelves that are counted blind only who decides is told."""
        query = query_of(request, StockQuery)
        after = _after(query, 4)
        place = (after[0], after[1], after[2], after[3])
        found = stock_pages.told(self._store.reader, query.location_id, query.sku, place, query.limit)
        blind = set() if caller_of(request).roles & KNOWS_ALL else stock_pages.counted_blind(self._store.reader)
        items = [_believed(each) for each in found if each.location_id not in blind]
        more = _more(query, found, lambda each: (each.sku, each.location_id, each.lane, each.warehouse_id))
        return json_answer(BelievedPage(items=items, next_cursor=more))

    async def serials(self, request: web.Request) -> web.Response:
        """Where the units with serial numbers are."""
        query = query_of(request, SerialQuery)
        after = _after(query, 2)
        named = {"sku": query.sku, "serial": query.serial, "location_id": query.location_id}
        found = stock_pages.serials(self._store.reader, named, (after[0], after[1]), query.limit)
        blind = set() if caller_of(request).roles & KNOWS_ALL else stock_pages.counted_blind(self._store.reader)
        items = [
            Unit(
                sku=each.sku,
                serial=each.serial,
                account=each.account,
                lot_id=each.lot_id or None,
                moved_at=timestamp(each.moved_ms),
            )
            for each in found
            if each.account.removeprefix("location:") not in blind
        ]
        return json_answer(UnitPage(items=items, next_cursor=_more(query, found, lambda each: each[:2])))

    async def check(self, _request: web.Request) -> web.Response:
        """Whether goods are conserved, and of which products more was taken from a shelf than was known of."""
        found = sums(self._store.reader)
        items = [_equation(each) for each in found if each.unbalanced or each.below_zero]
        conserved = not any(each.unbalanced for each in found)
        return json_answer(Checked(products=len(found), conserved=conserved, items=items))

    async def tasks(self, request: web.Request) -> web.Response:
        """The counts that wait, oldest first. What is expected is not told."""
        query = query_of(request, TaskQuery)
        (after,) = position_of(query.cursor, [0])
        found = stock_pages.waiting(self._store.reader, query.location_id, int(after), query.limit)
        items = [_task(each) for _, each in found]
        return json_answer(TaskPage(items=items, next_cursor=_more(query, found, lambda each: each[:1])))

    async def rounds(self, request: web.Request) -> web.Response:
        """What was counted at a location so far, and by whom, for a supervisor to decide."""
        ident = request.match_info["count_task_id"]
        found = counting.task(self._store.reader, ident)
        if found is None:
            raise Refused(404, "no_count", f"There is no count {ident[:60]!r} here. Choose one from the list.")
        return json_answer(_rounds(found))


def _held(each: stock_pages.Balance, told: list[stock_pages.Told], *, hidden: bool) -> Held:
    return Held(
        account=each.account,
        location_id=each.location_id,
        sku=each.sku,
        lot_id=each.lot_id or None,
        qty=None if hidden else decimal_text(each.qty),
        moved_at=timestamp(each.moved_ms),
        counted_at=None if each.counted_ms is None else timestamp(each.counted_ms),
        told=[_believed(other) for other in told],
    )


def _believed(each: stock_pages.Told) -> Believed:
    return Believed(
        lane=each.lane,
        warehouse_id=each.warehouse_id,
        sku=each.sku,
        location_id=each.location_id or None,
        qty=decimal_text(each.qty),
        told_at=timestamp(each.told_ms),
    )


def _equation(each: Sums) -> Equation:
    names = ("received", "adjusted", "elsewhere", "on_hand", "shipped", "unbalanced")
    units = {name: decimal_text(getattr(each, name)) for name in names}
    return Equation(sku=each.sku, below_zero=each.below_zero, **units)


def _task(each: stock_pages.Waiting) -> Task:
    told = each._asdict()
    return Task(asked_at=timestamp(told.pop("asked_ms")), **told)


def _rounds(task: CountTask) -> Rounds:
    rounds = [
        Round(
            counted_by=worker,
            lines=[
                CountedLine(
                    sku=line.sku,
                    lot_id=line.lot_id or None,
                    counted=decimal_text(line.counted),
                    difference=decimal_text(line.difference),
                    serials=list(line.serials),
                )
                for line in lines
            ],
        )
        for worker, lines in zip(task.counters, task.rounds, strict=True)
    ]
    of = {"count_task_id": task.count_task_id, "location_id": task.location_id, "sku": task.sku}
    return Rounds(**of, status=task.status, rounds=rounds)


def _after(query: Page, parts: int) -> list[str]:
    """The sort key that a page goes on behind, in so many parts. Raises Refused 422."""
    return [str(part) for part in position_of(query.cursor, [""] * parts)]


def _more(query: Page, found: Sequence[T], key: Callable[[T], Sequence[int | str]]) -> str | None:
    """Where the next page begins; None after the last one. What is not told of what was found counts too."""
    return cursor_after(key(found[-1])) if len(found) == query.limit else None
