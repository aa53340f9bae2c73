"""What is asked of HQ in one pull, and in which order: items, warehouses, invoices, what comes in, open work."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from local_store.domain.commands import SeeWork
from sync.dialect import Answer, Fault, Known, KnownWork, Pulled, PullStopped
from sync.dialects.exsited import commands
from sync.dialects.exsited import documents as d
from sync.dialects.exsited.incoming import purchase_orders, returns
from sync.dialects.exsited.lists import NOT_OFFERED, At, Reader, body, end_of, newest_first, rows, walk_of
from sync.dialects.exsited.quantities import sale_rate
from sync.wording import shown

ITEMS, INVOICES, FULFILLED = "items", "invoices", "fulfillments"
AT_ONCE = 100


async def pull(hq: Reader, at: At, known: KnownWork, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
    """One pull. Whatever is wrong with a document is a Fault, and the others go on. Raises PullStopped.

    In the mode `seed_only` only names are learned, from the reads of seed 003 and, where offered, the items.
    """
    async for item in _items(hq, at, known, new_id):
        yield item
    if at.settings.mode == "seed_only":
        async for name in _names(hq, at, known, new_id):
            yield name
        return
    unknown = await _warehouse_unknown(hq, at)
    if unknown is not None:
        yield unknown
        return
    async for work in _invoices(hq, at, known, new_id):
        yield work
    if not known.is_source:
        return
    for part in (purchase_orders, returns, _looked_at_again):
        async for news in part(hq, at, known, new_id):
            yield news


# --- what there is ----------------------------------------------------------------------------------------------


async def _items(hq: Reader, at: At, known: Known, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
    """Items that changed since some days before the last pull's. To compare, HQ need not offer them."""
    walk, query = walk_of(at, known, ITEMS), {}
    if known.cursor(ITEMS):
        query["filter"] = f"{at.profile.item_changed} ge datetime'{walk.since}'"
    few: list[d.Item] = []
    try:
        async for row in rows(hq, at, at.path("items"), "items", **query):
            item = row if isinstance(row, Fault) else d.read(d.Item, row, f"HQ's item {d.named(row)}")
            if isinstance(item, Fault):
                walk.faultless = False
                yield item
                continue
            walk.see(row, at.profile.item_changed.rpartition("/")[2])
            if not at.passed.holds(item):
                few.append(item)
            if len(few) == AT_ONCE:
                yield commands.products(at.lane, few, at.profile, new_id(), is_source=_gives_work(at, known))
                at.passed.add(*few)
                few = []
    except PullStopped as stop:
        offered = not isinstance(stop.reply, Answer) or stop.reply.status not in NOT_OFFERED
        if offered or at.settings.mode == "full":
            raise
        return
    if few:
        yield commands.products(at.lane, few, at.profile, new_id(), is_source=_gives_work(at, known))
        at.passed.add(*few)
    for cursor in end_of(known, ITEMS, walk):
        yield cursor


def _gives_work(at: At, known: Known) -> bool:
    return known.is_source and at.settings.mode == "full"


async def _warehouse_unknown(hq: Reader, at: At) -> Fault | None:
    """A name that HQ does not have would bring nothing, silently. Where it tells no names, it is believed."""
    reply = await hq.get(at.profile.warehouses_path)
    if isinstance(reply, Answer) and reply.status in NOT_OFFERED:
        return None
    page = d.page(body(reply), "warehouses")
    if isinstance(page, Fault):
        return page
    names = [row.get("name") for row in page.rows if isinstance(row, dict)]
    if at.settings.warehouse in names:
        return None
    return Fault(f"HQ has no warehouse {shown(at.settings.warehouse)}; it has {shown(names)}. Correct edge.toml.")


async def _names(hq: Reader, at: At, known: Known, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
    """What HQ calls the orders and lines that are known here, from its list of item fulfillments."""
    walk, rate = walk_of(at, known, FULFILLED), sale_rate(known, at.profile)
    async for row in newest_first(hq, at, at.path("item-fulfillments"), "item-fulfillments", walk):
        done = row if isinstance(row, Fault) else d.read(d.Fulfilled, row, f"HQ's item fulfillment {d.named(row)}")
        if isinstance(done, Fault):
            walk.faultless = False
            yield done
            continue
        ident = known.fulfillment_of_order(done.order_id)
        here = known.fulfillment(ident) if ident else None
        if here is None or at.passed.holds(done):
            continue
        lines = commands.named_lines(done, rate)
        yield commands.references(at.lane, done.invoice_id, here, lines, new_id())
        at.passed.add(done)
    for cursor in end_of(known, FULFILLED, walk):
        yield cursor


# --- work -------------------------------------------------------------------------------------------------------


async def _invoices(hq: Reader, at: At, known: Known, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
    """Work that is left of invoices that are not here; of orders from another lane, what HQ calls them."""
    walk = walk_of(at, known, INVOICES)
    async for row in newest_first(hq, at, at.path("invoices"), "invoices", walk):
        if isinstance(row, Fault):
            yield row
            continue
        head = d.read(d.Listed, row, "HQ's invoices")
        if isinstance(head, Fault) or at.passed.holds(head):
            continue
        news = await _invoice(hq, at, known, row, new_id)
        walk.faultless = walk.faultless and not isinstance(news, Fault)
        if news is not None and not isinstance(news, str):
            yield news
        if not isinstance(news, Fault) and news != "later":
            at.passed.add(head)
    for cursor in end_of(known, INVOICES, walk):
        yield cursor


async def _invoice(hq: Reader, at: At, known: Known, row: Any, new_id: Callable[[], UUID]) -> Pulled | str | None:
    """What one invoice brings: None for nothing, now or later; "later" where its order is not here yet."""
    if not (isinstance(row, dict) and isinstance(row.get("lines"), list)):
        told = body(await hq.get(at.path(f"invoices/{quote(d.named(row), safe='')}")))
        row = told.get("invoice") if isinstance(told, dict) else told
    invoice = d.invoice(row, at.profile)
    if isinstance(invoice, Fault) or invoice.status in at.profile.cancelled_statuses:
        return invoice if isinstance(invoice, Fault) else None
    if not known.unknown("fulfillment", [invoice.id]):
        return None
    ident = known.fulfillment_of_order(invoice.order_id)
    here = known.fulfillment(ident) if ident else None
    if here is None and not known.is_source:
        return "later"
    elsewhere = here is not None and here.lane != at.lane
    done = [] if elsewhere else await _fulfilled(hq, at, invoice.id)
    if isinstance(done, Fault):
        return done
    lines = commands.left_of(invoice, done, at.settings.warehouse, sale_rate(known, at.profile))
    if isinstance(lines, Fault):
        return lines
    if here is not None and elsewhere:
        return commands.references(at.lane, invoice.id, here, lines, new_id())
    if not known.is_source or not any(line.left for line in lines):
        return None
    return commands.work(at.lane, invoice, lines, at.place, new_id())


async def _fulfilled(hq: Reader, at: At, invoice_id: str) -> list[d.Detail] | Fault:
    found = []
    path = at.path(f"invoices/{quote(invoice_id, safe='')}/item-fulfillments")
    async for row in rows(hq, at, path, "item_fulfillments"):
        what = f"HQ's item fulfillment {d.named(row)} of {invoice_id}"
        done = row if isinstance(row, Fault) else d.read(d.Detail, row, what)
        if isinstance(done, Fault):
            return done
        found.append(done)
    return found


async def _looked_at_again(
    hq: Reader, at: At, known: KnownWork, new_id: Callable[[], UUID]
) -> AsyncGenerator[Pulled, None]:
    """Whether HQ cancelled work that is open here: some of it in each poll, all of it by and by."""
    limit = at.profile.looked_at_again_per_poll
    open_work = known.open_work(at.passed.after, limit) if limit else []
    for each in open_work:
        at.passed.after = each.place
        ident = each.work_id.removeprefix("pick-") if each.thing == "picklist" else each.work_id
        reply = await hq.get(at.path(f"invoices/{quote(ident, safe='')}"))
        if isinstance(reply, Answer) and reply.status in NOT_OFFERED:
            continue
        told = body(reply)
        invoice = d.invoice(told.get("invoice") if isinstance(told, dict) else told, at.profile)
        if isinstance(invoice, Fault) or invoice.id != ident:
            yield invoice if isinstance(invoice, Fault) else Fault(f"HQ answered about {invoice.id}, not {ident}.")
        elif invoice.status in at.profile.cancelled_statuses:
            seen = SeeWork(
                command_id=new_id(), lane=at.lane, thing=each.thing, work_id=each.work_id, state="cancelled"
            )
            if known.is_news(seen):
                yield seen
    if len(open_work) < limit:
        at.passed.after = ""
