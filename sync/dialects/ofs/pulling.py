"""What is asked of HQ in one pull, in order: products, picklists, what others picked, open work, shelves, goods."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from local_store.domain.commands import ReceiveProducts
from local_store.domain.conflicts import WorkHere
from local_store.domain.events import ProductReceived
from sync.dialect import Answer, Cursor, Fault, Known, KnownWork, Pulled
from sync.dialects.ofs import documents as d
from sync.dialects.ofs import inbound, returns_pull, shelves
from sync.dialects.ofs.capabilities import PROFILE
from sync.dialects.ofs.lists import MAX_PAGES, NO_EXTENSION, NOT_FOUND, Page, Reader, answered, items, page_of
from sync.reading import Document, document

PRODUCTS = "products"


@dataclass(frozen=True, slots=True)
class Station:
    """Who pulls."""

    lane: str
    station_id: str
    warehouse_id: str


@dataclass(slots=True)
class Round:
    """How far the open work was looked at again; the next poll goes on from there."""

    after: str = ""
    shelves: shelves.Shelves = field(default_factory=shelves.Shelves)
    polls: int = 0
    located: bool = False
    """Whether locations were pulled in this run of the agent; they change seldom."""


async def pull(
    hq: Reader, station: Station, known: KnownWork, new_id: Callable[[], UUID], looked: Round
) -> AsyncGenerator[Pulled, None]:
    """One pull. Whatever is wrong with a document is a Fault, and the others go on. Raises PullStopped."""
    async for product in _products(hq, known, new_id):
        yield product
    async for work in _picklists(hq, station, known, new_id):
        yield work
    async for ready in _picked(hq, station, known, new_id):
        yield ready
    async for news in _looked_at_again(hq, station, known, new_id, looked):
        yield news
    async for count in shelves.counts(hq, station.lane, station.warehouse_id, known, new_id):
        yield count
    async for told in shelves.stock(hq, station.lane, station.warehouse_id, new_id, looked.shelves):
        yield told
    async for back in returns_pull.pull(hq, station.lane, station.warehouse_id, known, new_id):
        yield back
    async for goods in inbound.pull(
        hq, station.lane, station.warehouse_id, new_id, with_locations=not looked.located
    ):
        yield goods
    looked.located = True


async def _products(hq: Reader, known: Known, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
    """What changed since the last pull. An HQ without this extension of ours answers 404 and gives none.

    The cursor stays before a page with a fault, so that the fault is shown until it is mended.
    """
    since = known.cursor(PRODUCTS)
    faultless = True
    for _ in range(MAX_PAGES):
        query = {"since": since} if since else {}
        page = await page_of(hq, "/edge/products", "HQ's product list", NO_EXTENSION, **query)
        if not isinstance(page, Page):
            if page is not None:
                yield page
            return
        products: list[ProductReceived] = []
        for place, item in enumerate(page.items):
            product = document(d.Product, item, f"HQ's product {_name(item, 'sku', place)}")
            if isinstance(product, Fault):
                faultless = False
                yield product
            else:
                products.append(d.product_of(product))
        if products:
            yield ReceiveProducts(command_id=new_id(), products=tuple(products))
        if page.watermark and page.watermark != since:
            since = page.watermark
            if faultless:
                yield Cursor(PRODUCTS, since)
        if page.next_cursor is None:
            return


async def _picklists(
    hq: Reader, station: Station, known: Known, new_id: Callable[[], UUID]
) -> AsyncGenerator[Pulled, None]:
    seen: set[str] = set()
    async for item in items(hq, "/tasks", "HQ's task list", warehouse_id=station.warehouse_id, status="open"):
        row = document(d.ListedTask, item, "HQ's task list")
        if isinstance(row, Fault):
            yield row
            continue
        if row.picklist_id in seen or row.picklist_device_id not in {None, station.station_id}:
            continue
        seen.add(row.picklist_id)
        if known.unknown("picklist", [row.picklist_id]):
            work = await _picklist(hq, station, known, row.picklist_id, new_id)
            if work is not None:
                yield work


async def _picklist(
    hq: Reader, station: Station, known: Known, picklist_id: str, new_id: Callable[[], UUID]
) -> Pulled | None:
    """One picklist with its fulfillments; None when it is gone or somebody else's by now."""
    picklist = await _one(hq, d.Picklist, "picklist", picklist_id)
    if not isinstance(picklist, d.Picklist):
        return picklist
    if picklist.device_id not in {None, station.station_id} or picklist.warehouse_id != station.warehouse_id:
        return None
    tasks = [task.task_id for task in picklist.tasks if task.status == "open"]
    if not tasks:
        return None
    if known.unknown("pick_task", tasks) != tasks:
        return Fault(f"HQ's picklist {picklist_id}: tasks: some of them came before on another picklist.")
    fulfillments: dict[str, d.Fulfillment] = {}
    for ident in dict.fromkeys(task.fulfillment_id for task in picklist.tasks if task.status == "open"):
        fulfillment = await _one(hq, d.Fulfillment, "fulfillment", ident)
        if not isinstance(fulfillment, d.Fulfillment):
            return fulfillment or Fault(f"HQ's picklist {picklist_id}: there is no fulfillment {ident} at HQ.")
        fulfillments[ident] = fulfillment
    try:
        return d.picklist_work(station.lane, picklist, fulfillments, new_id())
    except d.Unusable as unusable:
        return Fault(str(unusable))


async def _picked(
    hq: Reader, station: Station, known: Known, new_id: Callable[[], UUID]
) -> AsyncGenerator[Pulled, None]:
    """What is ready to pack though it was picked elsewhere."""
    async for item in items(hq, "/fulfillments", "HQ's fulfillment list", status="picked"):
        if isinstance(item, Fault):
            yield item
            continue
        ident = item.get("id") if isinstance(item, dict) else None
        if isinstance(ident, str) and not known.unknown("fulfillment", [ident]):
            continue
        fulfillment = document(d.Fulfillment, item, f"HQ's fulfillment {_name(item, 'id', 0)}")
        if isinstance(fulfillment, Fault):
            yield fulfillment
        elif fulfillment.warehouse_id == station.warehouse_id and any(line.picked for line in fulfillment.lines):
            yield d.picked_work(station.lane, fulfillment, new_id())


async def _looked_at_again(
    hq: Reader, station: Station, known: KnownWork, new_id: Callable[[], UUID], looked: Round
) -> AsyncGenerator[Pulled, None]:
    """What HQ withdrew or changed of the work that is open here: some of it in each poll, all of it by and by.

    Work that HQ does not know (404) stays: it says nothing of it.
    """
    limit = PROFILE.looked_at_again_per_poll
    open_work = known.open_work(looked.after, limit)
    for each in open_work:
        looked.after = each.place  # before the question, so that one that is refused does not keep from the others
        document: d.Picklist | d.Fulfillment | Fault | None
        if each.thing == "picklist":
            document = await _one(hq, d.Picklist, each.thing, each.work_id)
        else:
            document = await _one(hq, d.Fulfillment, each.thing, each.work_id)
        here = known.work(each.thing, each.work_id)
        if isinstance(document, Fault):
            yield document
        elif isinstance(document, d.Picklist) and here is not None:
            async for news in _seen_picklist(hq, station, known, document, here, new_id):
                yield news
        elif isinstance(document, d.Fulfillment) and here is not None:
            seen = d.seen_fulfillment(station.lane, document, new_id(), picked=here.picked_elsewhere)
            if known.is_news(seen):
                yield seen
    if len(open_work) < limit:
        looked.after = ""


async def _seen_picklist(
    hq: Reader, station: Station, known: KnownWork, document: d.Picklist, here: WorkHere, new_id: Callable[[], UUID]
) -> AsyncGenerator[Pulled, None]:
    """A picklist as HQ has it now, after the orders that it was given since."""
    tasks = frozenset(line.line_id for line in here.lines)
    seen = d.seen_picklist(station.lane, station.station_id, document, tasks, new_id())
    if not known.is_news(seen):
        return
    wanted = seen.picklist.tasks if seen.picklist else ()
    new = [task for task in wanted if task.task_id not in tasks]
    ids = [task.task_id for task in new]
    if known.unknown("pick_task", ids) != ids:
        yield Fault(f"HQ's picklist {here.work_id}: tasks: some of them came before on another picklist.")
        return
    for ident in known.unknown("fulfillment", list(dict.fromkeys(task.fulfillment_id for task in new))):
        order = await _one(hq, d.Fulfillment, "fulfillment", ident)
        if not isinstance(order, d.Fulfillment):
            yield order or Fault(f"HQ's picklist {here.work_id}: there is no fulfillment {ident} at HQ.")
            return
        yield d.order_work(station.lane, order, new_id())
    yield seen


async def _one(hq: Reader, model: type[Document], what: str, ident: str) -> Document | Fault | None:
    """One document by its id; None when HQ does not have it. An answer about another id is a Fault."""
    reply = await hq.get(f"/{what}s/{quote(ident, safe='')}")
    if isinstance(reply, Answer) and reply.status == NOT_FOUND:
        return None
    found = document(model, answered(reply), f"HQ's {what} {ident}")
    if isinstance(found, Fault):
        return found
    got = getattr(found, f"{what}_id")
    return found if got == ident else Fault(f"HQ's {what} {ident}: {what}_id: HQ answered about {got}.")


def _name(item: Any, member: str, place: int) -> str:
    name = item.get(member) if isinstance(item, dict) else None
    return name if isinstance(name, str) else f"no. {place + 1}"
