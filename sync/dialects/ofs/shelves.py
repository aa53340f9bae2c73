"""What HQ says of shelves: how much it believes to be there (our extension), and which of them it wants counted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from local_store.domain import events as e
from local_store.domain.commands import HqRef, ReceiveInbound
from sync.dialect import Fault, Known, Pulled
from sync.dialects.ofs.documents import Ident, Text
from sync.dialects.ofs.lists import Page, Reader, page_of
from sync.reading import document

NOT_OFFERED = frozenset({400, 404, 405, 422, 501})
"""An HQ of seed 001 without our extension; 422 is one that knows no tasks of this type."""
COUNT_TASKS = "count"
MOST_SHELVES = 100_000
"""Balances that are kept to tell what changed; of an HQ with more, some are told again."""


@dataclass(slots=True)
class Shelves:
    """How far HQ's stock was read, a page in each poll, and what was told of each shelf."""

    cursor: str = ""
    told: dict[tuple[str, str], Decimal] = field(default_factory=dict)


class _Stock(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    location_id: Ident
    sku: Ident
    on_hand: Annotated[Decimal, Field(ge=0, le=1_000_000_000, max_digits=12, decimal_places=3)]


class _CountTask(BaseModel):
    """A task given by hand: `subject` is the location that is to be counted."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    task_id: Ident
    subject: Ident
    instructions: Text = ""


async def stock(
    hq: Reader, lane: str, warehouse_id: str, new_id: Callable[[], UUID], read: Shelves
) -> AsyncGenerator[Pulled, None]:
    """What HQ believes of the next shelves, where it says something new: all of them by and by."""
    query = {"cursor": read.cursor} if read.cursor else {}
    page = await page_of(hq, "/edge/stock", "HQ's stock", NOT_OFFERED, **query)
    if not isinstance(page, Page):
        read.cursor = ""
        if page is not None:
            yield page
        return
    news: list[e.StockTold] = []
    for item in page.items:
        each = document(_Stock, item, "HQ's stock")
        if isinstance(each, Fault):
            yield each
            continue
        key = (each.location_id, each.sku)
        if read.told.get(key) != each.on_hand:
            told = {"location_id": each.location_id, "sku": each.sku, "qty": each.on_hand}
            news.append(e.StockTold(lane=lane, warehouse_id=warehouse_id, **told))
            if len(read.told) >= MOST_SHELVES:
                read.told.clear()
            read.told[key] = each.on_hand
    if news:
        yield ReceiveInbound(command_id=new_id(), stock=tuple(news))
    read.cursor = page.next_cursor or ""


async def counts(
    hq: Reader, lane: str, warehouse_id: str, known: Known, new_id: Callable[[], UUID]
) -> AsyncGenerator[Pulled, None]:
    """The locations that HQ wants counted; one page in each poll, for those that are done go from it."""
    query = {"type": COUNT_TASKS, "status": "open", "warehouse_id": warehouse_id}
    page = await page_of(hq, "/tasks", "HQ's counts", NOT_OFFERED, **query)
    if not isinstance(page, Page):
        if page is not None:
            yield page
        return
    wanted: dict[str, e.CountRequested] = {}
    for item in page.items:
        if not isinstance(item, dict) or item.get("type") != COUNT_TASKS:
            continue  # an HQ that does not know the type gives its other tasks
        each = document(_CountTask, item, "HQ's count")
        if isinstance(each, Fault):
            yield each
            continue
        reason = each.instructions or "HQ asks"
        wanted[each.task_id] = e.CountRequested(count_task_id=each.task_id, location_id=each.subject, reason=reason)
    new = known.unknown("count_task", list(wanted))
    if new:
        refs = tuple(HqRef(lane=lane, thing="count", local_id=ident, hq_id=ident) for ident in new)
        yield ReceiveInbound(command_id=new_id(), counts=tuple(wanted[ident] for ident in new), refs=refs)
