"""What comes in: purchase orders with what was received of them, and returns that were agreed upon."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from urllib.parse import quote
from uuid import UUID

from sync.dialect import Answer, Fault, Known, Pulled
from sync.dialects.exsited import commands
from sync.dialects.exsited import documents as d
from sync.dialects.exsited.lists import NOT_OFFERED, At, Reader, Walk, body, end_of, newest_first, rows, walk_of
from sync.dialects.exsited.quantities import purchase_rate, sale_rate

ORDERS, RECEIPTS, RETURNS = "purchase_orders", "item_receipts", "returns"
Waiting = dict[str, list[d.Listed]]
"""Ids of purchase orders to look at, and the records because of which."""


async def purchase_orders(
    hq: Reader, at: At, known: Known, new_id: Callable[[], UUID]
) -> AsyncGenerator[Pulled, None]:
    """Purchase orders that changed, and those of which something was received since. Raises PullStopped."""
    orders, receipts = walk_of(at, known, ORDERS), walk_of(at, known, RECEIPTS)
    waiting: Waiting = {}
    for part in (_changed(hq, at, orders, waiting), _received(hq, at, receipts, waiting)):
        async for fault in part:
            yield fault
    for ident, because in waiting.items():
        news = await _purchase_order(hq, at, known, ident, new_id)
        if news is not None:
            yield news
        if isinstance(news, Fault):
            orders.faultless = receipts.faultless = False
        else:
            at.passed.add(*because)
    for cursor in (*end_of(known, ORDERS, orders), *end_of(known, RECEIPTS, receipts)):
        yield cursor


async def _changed(hq: Reader, at: At, walk: Walk, waiting: Waiting) -> AsyncGenerator[Fault, None]:
    query = {"filter": f"{at.profile.order_changed} ge datetime'{walk.since}'"}
    async for row in rows(hq, at, at.path("purchase-orders"), "purchase_orders", **query):
        head = row if isinstance(row, Fault) else d.read(d.Listed, row, "HQ's purchase orders")
        if isinstance(head, Fault):
            walk.faultless = False
            yield head
            continue
        walk.see(row, at.profile.order_changed.rpartition("/")[2])
        if not at.passed.holds(head):
            waiting.setdefault(d.named(row), []).append(head)


async def _received(hq: Reader, at: At, walk: Walk, waiting: Waiting) -> AsyncGenerator[Fault, None]:
    async for row in newest_first(hq, at, at.path("item-receipts"), "item_receipts", walk):
        receipt = row if isinstance(row, Fault) else d.read(d.Receipt, row, f"HQ's receipt {d.named(row)}")
        if isinstance(receipt, Fault):
            walk.faultless = False
            yield receipt
        elif not at.passed.holds(receipt):
            waiting.setdefault(receipt.purchase_order_id, []).append(receipt)


async def _purchase_order(hq: Reader, at: At, known: Known, ident: str, new_id: Callable[[], UUID]) -> Pulled | None:
    reply = await hq.get(at.path(f"purchase-orders/{quote(ident, safe='')}"))
    if isinstance(reply, Answer) and reply.status in NOT_OFFERED:
        return None
    told = body(reply)
    told = told.get("purchase_order") if isinstance(told, dict) else told
    order = d.read(d.PurchaseOrder, told, f"HQ's purchase order {ident}")
    if isinstance(order, Fault):
        return order
    if order.id != ident:
        return Fault(f"HQ's purchase order {ident}: id: HQ answered about {order.id}.")
    receipts = []
    path = at.path(f"purchase-orders/{quote(ident, safe='')}/item-receipts")
    async for row in rows(hq, at, path, "item_receipts"):
        receipt = row if isinstance(row, Fault) else d.read(d.Receipt, row, f"HQ's receipt {d.named(row)}")
        if isinstance(receipt, Fault):
            return receipt
        receipts.append(receipt)
    where = (at.settings.warehouse, purchase_rate(known, at.profile))
    return commands.inbound(at.lane, order, receipts, where, at.profile, new_id())


async def returns(hq: Reader, at: At, known: Known, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
    """Returns that were agreed upon. Raises PullStopped."""
    walk, where = walk_of(at, known, RETURNS), (at.settings.warehouse, sale_rate(known, at.profile))
    path, wrapper = at.path("return-merchandise-authorisations"), "return_merchandise_authorisations"
    async for row in newest_first(hq, at, path, wrapper, walk):
        rma = row if isinstance(row, Fault) else d.read(d.Return, row, f"HQ's return {d.named(row)}")
        if isinstance(rma, d.Return) and at.passed.holds(rma):
            continue
        news = rma if isinstance(rma, Fault) else commands.returned(at.lane, rma, where, at.profile, new_id())
        if news is not None:
            yield news
        if isinstance(rma, d.Return) and not isinstance(news, Fault):
            at.passed.add(rma)
        else:
            walk.faultless = False
    for cursor in end_of(known, RETURNS, walk):
        yield cursor
