"""What is asked of Pitney Bowes in one pull, and what follows from each document."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from local_store.domain.commands import HqRef, ReceiveInbound, ReceiveWork
from local_store.domain.events import StockTold
from sync.dialect import Cursor, Fault, Known, KnownWork, Pulled, TheirLine
from sync.dialects.pitney_bowes import documents as d
from sync.dialects.pitney_bowes import shapes
from sync.dialects.pitney_bowes.searching import (
    MS_PER_S,
    Asker,
    Reader,
    Sweep,
    changed,
    name_of,
    pages,
    rows,
)

KEPT_FAULTS = 100
"""Faults of a whole reading that are remembered."""

NewId = Callable[[], UUID]
Document = TypeVar("Document", bound=BaseModel)


async def pull(hq: Reader, asker: Asker, known: KnownWork, new_id: NewId) -> AsyncGenerator[Pulled, None]:
    """One pull. Whatever is wrong with a document is a Fault, and the others go on. Raises PullStopped.

    From an HQ that gives no work here only its ids for known orders are taken.
    """
    parts = [_orders(hq, asker, known, new_id), _shipments(hq, asker, known, new_id)]
    if known.is_source:
        parts = [
            _products(hq, asker, known, new_id),
            *parts,
            _inbound(hq, asker, known, new_id),
            _returns(hq, asker, known, new_id),
            _work_orders(hq, asker, known, new_id),
            _stock(hq, asker, known, new_id),
        ]
    for part in parts:
        async for each in part:
            yield each


async def their_lines(hq: Reader, asker: Asker) -> AsyncGenerator[TheirLine, None]:
    """Every line of the orders that are to be picked here; what was picked they do not tell. Raises PullStopped."""
    names = shapes.order_names(asker.profile)
    async for row in rows(hq, asker, "/v1/orders/search", "pbUpdateDate-desc"):
        order = row if isinstance(row, Fault) else shapes.read(shapes.Order, row, "HQ's order", names)
        if isinstance(order, shapes.Order) and _is_ours(order, asker) and d.is_work(order, asker.profile):
            for line in order.lines:
                yield TheirLine(order.clientOrderId, line.sku, line.quantity)


# --- work ---------------------------------------------------------------------------------------------------------


async def _orders(hq: Reader, asker: Asker, known: KnownWork, new_id: NewId) -> AsyncGenerator[Pulled, None]:
    names = shapes.order_names(asker.profile)
    sweep = Sweep("orders", "/v1/orders/search", shapes.Order, "clientOrderId", names)
    async for order in changed(hq, asker, known, sweep):
        if isinstance(order, Fault):
            yield order
        elif _is_ours(order, asker):
            for each in _order(asker, known, order, new_id):
                sweep.faultless &= not isinstance(each, Fault)
                yield each
    for cursor in sweep.cursor():
        yield cursor


def _order(asker: Asker, known: KnownWork, order: shapes.Order, new_id: NewId) -> list[Pulled]:
    """What follows from one order: work, their ids for work of another lane, or what is said of it now."""
    work = d.received(asker.lane, order, asker.warehouse_id)
    if isinstance(work, Fault):
        return [work]
    location = asker.settings.pick_location
    if not known.unknown("fulfillment", [order.orderId]):
        here = known.fulfillment(order.orderId)
        if here is None or here.lane != asker.lane:
            return []
        seen = d.seen(order, work, location, asker.profile, (new_id(), new_id()))
        return [each for each in seen if known.is_news(each)]
    others = known.fulfillment_of_order(order.clientOrderId)
    if others is not None:
        elsewhere = known.fulfillment(others)
        return _only_new(known, d.refs_of(asker.lane, order, elsewhere), new_id) if elsewhere else []
    if known.is_source and d.is_work(order, asker.profile):
        return [d.work_of(order, work, location, new_id())]
    return []


def _is_ours(order: shapes.Order, asker: Asker) -> bool:
    """An order that names no facility is anybody's."""
    return order.fromNode in {None, asker.node}


async def _shipments(hq: Reader, asker: Asker, known: Known, new_id: NewId) -> AsyncGenerator[Pulled, None]:
    """What was shipped lately: the numbers by which parcels of known orders are followed."""
    sweep = Sweep(
        "shipments",
        "/v1/shipments/search",
        shapes.Shipment,
        asker.profile.names["shipment_id"],
        shapes.shipment_names(asker.profile),
        sort=asker.profile.shipped_sort,
        dates=("shippedDate", "shipppedDate"),
    )
    async for shipment in changed(hq, asker, known, sweep):
        if isinstance(shipment, Fault):
            yield shipment
            continue
        fulfillment = known.fulfillment_of_order(shipment.order)
        if fulfillment is not None:
            first = known.hq_ref("tracking", fulfillment)
            for each in _only_new(known, d.tracking_refs(asker.lane, shipment, fulfillment, first), new_id):
                yield each
    for cursor in sweep.cursor():
        yield cursor


# --- what is announced --------------------------------------------------------------------------------------------


async def _inbound(hq: Reader, asker: Asker, known: Known, new_id: NewId) -> AsyncGenerator[Pulled, None]:
    """Goods that come to us; those announced to other facilities, also by us, are not ours to receive."""
    names = {"lines": asker.profile.names["asn_lines"], "line.quantity": "expectedQuantity"}
    sweep = Sweep("asns", "/v1/receiving-asn/search", shapes.Asn, "receivingASNId", names)
    async for asn in changed(hq, asker, known, sweep):
        if isinstance(asn, Fault):
            yield asn
        elif asn.receivingNode == asker.node:
            inbound = d.inbound_of(asker.lane, asn, asker.profile)
            refs = (_ref(asker, "inbound", asn.receivingASNId),)
            yield ReceiveInbound(command_id=new_id(), inbound=(inbound,), refs=refs)
    for cursor in sweep.cursor():
        yield cursor


async def _returns(hq: Reader, asker: Asker, known: Known, new_id: NewId) -> AsyncGenerator[Pulled, None]:
    sweep = Sweep("returns", "/v1/returns/search", shapes.Return, "returnOrderId", shapes.return_names(asker.profile))
    async for told in changed(hq, asker, known, sweep):
        if isinstance(told, Fault):
            yield told
            continue
        returns = (d.return_of(asker.lane, told, asker.profile),)
        refs = (_ref(asker, "return", told.returnOrderId),)
        yield ReceiveInbound(command_id=new_id(), returns=returns, refs=refs)
    for cursor in sweep.cursor():
        yield cursor


async def _work_orders(hq: Reader, asker: Asker, known: Known, new_id: NewId) -> AsyncGenerator[Pulled, None]:
    """Kits to build here; the bills are read first, and only when there is something to build."""
    names = {"quantity": asker.profile.names["work_order_quantity"]}
    sweep = Sweep("work_orders", "/v1/work-orders/search", shapes.WorkOrder, "workOrderId", names)
    bills: dict[str, shapes.Bill] | None = None
    async for told in changed(hq, asker, known, sweep):
        if isinstance(told, Fault):
            yield told
        elif told.node == asker.node:
            if bills is None:
                bills = {}
                async for bill in _bills(hq, asker):
                    if isinstance(bill, Fault):
                        sweep.faultless = False
                        yield bill
                    else:
                        bills[bill.sku] = bill
            orders = (d.work_order_of(asker.lane, told, bills.get(told.sku)),)
            refs = (_ref(asker, "work_order", told.workOrderId),)
            yield ReceiveInbound(command_id=new_id(), work_orders=orders, refs=refs)
    for cursor in sweep.cursor():
        yield cursor


async def _bills(hq: Reader, asker: Asker) -> AsyncGenerator[shapes.Bill | Fault, None]:
    names = asker.profile.names
    ours = {"lines": names["bill_parts"], "line.quantity": names["bill_part_quantity"]}
    async for row in rows(hq, asker, "/v1/bill-of-materials/search/", "pbUpdateDate-desc"):
        yield (
            row
            if isinstance(row, Fault)
            else shapes.read(shapes.Bill, row, f"HQ's bill of {name_of(row, 'sku')}", ours)
        )


# --- what is read whole -------------------------------------------------------------------------------------------


async def _products(hq: Reader, asker: Asker, known: Known, new_id: NewId) -> AsyncGenerator[Pulled, None]:
    """The catalogue, page by page; the store passes over what it holds."""

    def product(row: Any) -> shapes.Product | Fault:
        return shapes.read_product(row, f"HQ's product {name_of(row, 'sku')}", asker.profile)

    async for page in _whole(hq, asker, known, "products", "/v1/products/search", product):
        yield d.products_of(asker.lane, page, new_id()) if isinstance(page, list) else page


async def _stock(hq: Reader, asker: Asker, known: Known, new_id: NewId) -> AsyncGenerator[Pulled, None]:
    """What they believe to be in stock, at every facility."""
    names = {"node": asker.profile.names["stock_node"], "quantity": asker.profile.names["stock_quantity"]}

    def stock(row: Any) -> shapes.Stock | Fault:
        return shapes.read(shapes.Stock, row, f"HQ's stock of {name_of(row, 'sku')}", names)

    async for page in _whole(hq, asker, known, "stock", "/v1/inventory/snapshot", stock):
        if not isinstance(page, list):
            yield page
            continue
        told = (StockTold(lane=asker.lane, warehouse_id=each.node, sku=each.sku, qty=each.quantity) for each in page)
        yield ReceiveInbound(command_id=new_id(), stock=tuple(told))


async def _whole(
    hq: Reader,
    asker: Asker,
    known: Known,
    what: str,
    path: str,
    document: Callable[[Any], Document | Fault],
) -> AsyncGenerator[list[Document] | Fault | Cursor, None]:
    """All there is, page by page, every so often; between two readings the faults of the last are told again."""
    if not _is_time(known, asker, what):
        for fault in asker.faults.get(what, []):
            yield fault
        return
    faults: list[Fault] = []
    async for page in pages(hq, asker, path, "sku-asc"):
        if isinstance(page, Fault):
            yield page
            return
        read = [document(row) for row in page]
        for each in read:
            if isinstance(each, Fault):
                faults.append(each)
                yield each
        good = [each for each in read if not isinstance(each, Fault)]
        if good:
            yield good
    asker.faults[what] = faults[:KEPT_FAULTS]
    yield Cursor(what, str(asker.clock.wall_ms()))


def _is_time(known: Known, asker: Asker, what: str) -> bool:
    """Whether it was read long enough ago. A clock that was set back does not stop it."""
    last = known.cursor(what)
    since_ms = asker.clock.wall_ms() - int(last) if last else None
    return since_ms is None or not 0 <= since_ms < asker.profile.whole_read_s * MS_PER_S


def _ref(asker: Asker, thing: str, ident: str) -> HqRef:
    return HqRef(lane=asker.lane, thing=thing, local_id=ident, hq_id=ident)


def _only_new(known: Known, refs: tuple[HqRef, ...], new_id: NewId) -> list[Pulled]:
    """Their ids that are not known yet, as a command; none where all are."""
    new = tuple(ref for ref in refs if known.hq_ref(ref.thing, ref.local_id) != ref.hq_id)
    return [ReceiveWork(command_id=new_id(), fulfillments=(), parties=(), refs=new)] if new else []
