"""What is asked of S2 in one pull, and in which order: products, orders with their fulfillments, stock.

S2 has no list of changes. All rows are read by offset, page by page, and only what is new or whose `updatedAt` moved
is asked for in detail. The lists move while they are read: pages overlap, and every id counts once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote, urlencode
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local_store.domain.commands import ReceiveInbound, ReceiveWork
from sync.dialect import (
    Answer,
    Cursor,
    Fault,
    Known,
    KnownWork,
    NoAnswer,
    Pulled,
    Reply,
    TheirLine,
)
from sync.dialects.s2 import documents as d
from sync.dialects.s2 import labels, work
from sync.dialects.s2.translate import told
from sync.http import File
from sync.reading import body_of, document
from sync.wording import fault

NOT_FOUND = 404
MAX_PAGES = 1000
"""More pages than this of one list are taken for an S2 that turns in circles."""
PRODUCTS, ORDERS, STOCK = "products", "orders", "stock"

NewId = Callable[[], UUID]


class Reader(Protocol):
    """Reads from S2."""

    async def call(self, method: str, path: str, body: str | None) -> Reply:
        """One signed call below the base."""

    async def download(self, address: str) -> File | NoAnswer:
        """A stored file."""


@dataclass(slots=True)
class Looked:
    """What this process has looked at already, by id: the `updatedAt` it had then. Forgotten at a restart."""

    products: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore", defer_build=True)
    items: list[Any] = Field(max_length=10_000)
    total: int = Field(ge=0)


async def pull(
    hq: Reader, here: d.Here, known: KnownWork, new_id: NewId, looked: Looked
) -> AsyncGenerator[Pulled, None]:
    """One pull. Whatever is wrong with a document is a Fault, and the others go on. Raises PullStopped.

    From an S2 that gives no work here only what it calls the orders that are known is taken.
    """
    if known.is_source:
        async for product in _products(hq, here, known, new_id, looked.products):
            yield product
    async for news in _orders(hq, here, known, new_id, looked.orders):
        yield news
    if known.is_source:
        async for stock in _stock(hq, here, known, new_id):
            yield stock


async def lines_there(hq: Reader, here: d.Here, known: Known) -> AsyncGenerator[TheirLine, None]:
    """Every line of the orders that are known here, as S2 has it. What S2 sent itself it does not tell by line."""
    async for item in _rows(hq, here, "/order"):
        row = document(d.OrderRow, item, "S2's order list")
        if isinstance(row, Fault) or known.fulfillment_of_order(row.channel_order_id) is None:
            continue
        order = await _order(hq, row.id)
        if not isinstance(order, d.Order):
            continue
        for line in work.their_lines(here, order):
            yield line


# --- products ---------------------------------------------------------------------------------------------------


async def _products(
    hq: Reader, here: d.Here, known: Known, new_id: NewId, looked: dict[str, str]
) -> AsyncGenerator[Pulled, None]:
    """New and changed products, a page at a time."""
    mark = _Mark(here, known.cursor(PRODUCTS))
    news: list[d.Product] = []
    async for item in _rows(hq, here, "/product"):
        product = document(d.Product, item, f"S2's product {_name(item, 'sku')}")
        if isinstance(product, Fault):
            mark.faultless = False
            yield product
            continue
        changed = product.updated_at or ""
        named = known.hq_ref("product", product.sku) == product.id
        if looked.get(product.id) != changed and (not named or mark.is_new(changed)):
            news.append(product)
            looked[product.id] = changed
        mark.saw(changed)
        if len(news) >= here.profile.page_limit:
            yield d.products(here, news, new_id())
            news = []
    if news:
        yield d.products(here, news, new_id())
    mark.forget(looked)
    if mark.moved:
        yield Cursor(PRODUCTS, mark.newest)


# --- orders -----------------------------------------------------------------------------------------------------


async def _orders(
    hq: Reader, here: d.Here, known: KnownWork, new_id: NewId, looked: dict[str, str]
) -> AsyncGenerator[Pulled, None]:
    """New work, and what became of orders that are here."""
    mark = _Mark(here, known.cursor(ORDERS))
    listed: set[str] = set()
    async for item in _rows(hq, here, "/order"):
        row = document(d.OrderRow, item, f"S2's order {_name(item, 'channelOrderId')}")
        if isinstance(row, Fault):
            mark.faultless = False
            yield row
            continue
        listed.add(row.id)
        mark.saw(row.updated_at)
        local_id = _local_id(row, known)
        wanted = _wanted(here, row, local_id, known, mark)
        if wanted and looked.get(row.id) != row.updated_at:
            found = [each async for each in _told_of(hq, here, row, local_id, known, new_id)]
            faulty = any(isinstance(each, Fault) for each in found)
            mark.faultless &= not faulty
            if not faulty:
                looked[row.id] = row.updated_at
            for each in found:
                yield each
        if local_id is not None and known.is_source:
            async for label in labels.missing(hq, here, local_id, known, new_id):
                yield label
    for gone in looked.keys() - listed:
        del looked[gone]
    if mark.moved:
        yield Cursor(ORDERS, mark.newest)


def _local_id(row: d.OrderRow, known: Known) -> str | None:
    """Our id of an order: S2's own where this lane gave it, else that of the same number from another lane."""
    if not known.unknown("fulfillment", [row.id]):
        return row.id
    return known.fulfillment_of_order(row.channel_order_id)


def _wanted(here: d.Here, row: d.OrderRow, local_id: str | None, known: Known, mark: _Mark) -> bool:
    if local_id is None:
        return known.is_source and work.is_open(here, row)
    return known.hq_ref("order", local_id) != row.id or mark.is_new(row.updated_at)


async def _told_of(
    hq: Reader, here: d.Here, row: d.OrderRow, local_id: str | None, known: KnownWork, new_id: NewId
) -> AsyncGenerator[Pulled, None]:
    """What an order's own page says that is not known here yet."""
    order = await _order(hq, row.id)
    if order is None or (isinstance(order, d.Order) and local_id is None and not work.is_for_us(here, order)):
        return
    if isinstance(order, Fault):
        yield order
        return
    assigned = await _assigned(hq, here, order)
    if isinstance(assigned, Fault):
        yield assigned
        return
    try:
        for news in _news_of(here, order, assigned, local_id, known, new_id):
            yield news
    except d.Unusable as unusable:
        yield Fault(str(unusable))
    except ValidationError as error:
        yield Fault(fault(f"S2's order {order.channel_order_id}", error))


def _news_of(
    here: d.Here,
    order: d.Order,
    assigned: d.Fulfillment | None,
    local_id: str | None,
    known: KnownWork,
    new_id: NewId,
) -> Iterator[Pulled]:
    """New work; of an order that is here, new references and what S2 withdrew or changed. Raises Unusable."""
    if local_id is None:
        yield work.work_of(here, order, assigned, new_id())
        return
    refs = work.refs_of(here, local_id, order, work.items_of(here, order, assigned), assigned)
    refs += work.made_refs(here, local_id, order, known)
    news = tuple(ref for ref in refs if known.hq_ref(ref.thing, ref.local_id) != ref.hq_id)
    if news:
        yield ReceiveWork(command_id=new_id(), fulfillments=(), parties=(), refs=news)
    if known.is_source and local_id == order.id:
        for seen in work.seen_of(here, order, assigned, (new_id(), new_id())):
            if known.is_news(seen):
                yield seen


async def _assigned(hq: Reader, here: d.Here, order: d.Order) -> d.Fulfillment | Fault | None:
    """The fulfillment S2 made for us, from its own page: only there the kind of order and its notes are told."""
    listed = work.assigned_to_us(here, order)
    if listed is None:
        return None
    what = f"S2's fulfillment {listed.id}"
    reply = await hq.call("GET", f"/fulfillment/{quote(listed.id, safe='')}", None)
    if isinstance(reply, Answer) and reply.status == NOT_FOUND:
        return Fault(f"{what}: order {order.channel_order_id} names it, and S2 does not have it.")
    detail = document(d.Fulfillment, body_of(reply, told), what)
    if isinstance(detail, d.Fulfillment) and detail.id != listed.id:
        return Fault(f"{what}: id: S2 answered about {detail.id}.")
    return detail


async def _order(hq: Reader, ident: str) -> d.Order | Fault | None:
    """One order; None when S2 does not have it any more. An answer about another is a Fault."""
    reply = await hq.call("GET", f"/order/{quote(ident, safe='')}", None)
    if isinstance(reply, Answer) and reply.status == NOT_FOUND:
        return None
    order = document(d.Order, body_of(reply, told), f"S2's order {ident}")
    if isinstance(order, d.Order) and order.id != ident:
        return Fault(f"S2's order {ident}: id: S2 answered about {order.id}.")
    return order


# --- stock ------------------------------------------------------------------------------------------------------


async def _stock(hq: Reader, here: d.Here, known: Known, new_id: NewId) -> AsyncGenerator[Pulled, None]:
    """What S2 believes to be in our warehouse; taken only where the overview is another than the last."""
    body = body_of(await hq.call("GET", "/inventory/overview", None), told)
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    if known.cursor(STOCK) == digest:
        return
    try:
        stock = tuple(d.stock_of(here, body))
    except d.Unusable as unusable:
        yield Fault(str(unusable))
        return
    except ValidationError as error:
        yield Fault(fault("S2's stock overview", error))
        return
    except (KeyError, TypeError, AttributeError):
        yield Fault("S2's stock overview: it has no lists of products and items.")
        return
    if stock:
        yield ReceiveInbound(command_id=new_id(), stock=stock)
    yield Cursor(STOCK, digest)


# --- lists ------------------------------------------------------------------------------------------------------


class _Mark:
    """How far a list was taken in: the newest `updatedAt` of it, and from when on a row may be news."""

    def __init__(self, here: d.Here, newest: str | None) -> None:
        self._was, self.newest, self.faultless = newest or "", newest or "", True
        self._from = _before(newest, here.profile.look_back_s) if newest else ""

    def is_new(self, updated_at: str) -> bool:
        """Whether a row may have changed since the last pull."""
        return updated_at >= self._from

    def saw(self, updated_at: str) -> None:
        """A row with this time was there."""
        self.newest = max(self.newest, updated_at)

    @property
    def moved(self) -> bool:
        """Whether a later time is to be kept: not while a row has a fault, so that it is shown until it is mended."""
        return self.faultless and self.newest != self._was

    def forget(self, looked: dict[str, str]) -> None:
        """Drop what is so old that it is passed over anyway."""
        for ident in [ident for ident, updated_at in looked.items() if updated_at < self._from]:
            del looked[ident]


def _before(moment: str, seconds: int) -> str:
    earlier = datetime.fromisoformat(moment) - timedelta(seconds=seconds)
    return earlier.isoformat(timespec="microseconds").replace("+00:00", "Z")


async def _rows(hq: Reader, here: d.Here, path: str) -> AsyncGenerator[Any, None]:
    """The rows of all pages, each id once, as S2 gave them. Ends at `total`, or when a page brings nothing new."""
    profile, offset, met = here.profile, 0, set[str]()
    for _ in range(MAX_PAGES):
        query = urlencode({"limit": profile.page_limit, "offset": offset})
        page = document(_Page, body_of(await hq.call("GET", f"{path}?{query}", None), told), f"S2's list {path}")
        if isinstance(page, Fault):
            yield page
            return
        before = len(met)
        for place, item in enumerate(page.items, offset):
            ident = item.get("id") if isinstance(item, dict) else None
            name = ident if isinstance(ident, str) else f"no. {place}"
            if name not in met:
                met.add(name)
                yield item
        if not page.items or offset + len(page.items) >= page.total or len(met) == before:
            return
        offset += max(1, len(page.items) - min(profile.page_overlap, len(page.items) // 2))


def _name(item: Any, member: str) -> str:
    name = item.get(member) if isinstance(item, dict) else None
    return name[:80] if isinstance(name, str) else "without a name"
