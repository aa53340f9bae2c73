"""What HQ said turned into commands for the store: products, work, and what is to come. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from local_store.domain import events as e
from local_store.domain.commands import HqRef, ReceiveInbound, ReceiveProducts, ReceiveWork
from sync.dialect import Fault, FulfillmentHere
from sync.dialects.exsited.capabilities import Profile
from sync.dialects.exsited.documents import Detail, Fulfilled, Invoice, Item, PurchaseOrder, Receipt, Return, SoldLine
from sync.dialects.exsited.quantities import ONE, Rate, kept, to_pieces
from sync.wording import clean, shown
from sync.work import LineThere, line_key, line_refs, picklist_of

NONE = Decimal(0)


# --- products ---------------------------------------------------------------------------------------------------


def product(item: Item, profile: Profile) -> e.ProductReceived:
    """The product as the store keeps it; a code named like a unit of measure stands for so many pieces."""
    pieces = {each.name: each.sale_conversion_rate for each in item.uoms or () if each.sale_conversion_rate}
    codes: dict[str, int] = {}
    for code in item.codes or ():
        rate = pieces.get(code.name, ONE)
        if code.value and rate == rate.to_integral_value():
            codes.setdefault(code.value[:48], int(rate))
    return e.ProductReceived(
        sku=item.id,
        name=item.display_name or item.name or item.id,
        nominal_weight_mg=_milligrams(item, profile),
        barcodes=tuple(e.Barcode(barcode=code, multiplier=units) for code, units in codes.items()),
    )


def item_refs(lane: str, item: Item) -> list[HqRef]:
    """HQ's uuid of a product, and how many pieces are in each of its units."""
    refs = [HqRef(lane=lane, thing="product", local_id=item.id, hq_id=item.uuid)]
    for each in item.uoms or ():
        rates = {"sale_uom": each.sale_conversion_rate, "purchase_uom": each.purchase_conversion_rate}
        refs += [
            HqRef(lane=lane, thing=thing, local_id=f"{item.id}/{each.name}"[:250], hq_id=kept(rate, ""))
            for thing, rate in rates.items()
            if rate is not None
        ]
    return refs


def products(
    lane: str, items: Sequence[Item], profile: Profile, command_id: UUID, *, is_source: bool
) -> ReceiveProducts:
    """Products with their references; from an HQ that gives no work here only these."""
    told = tuple(product(item, profile) for item in items) if is_source else ()
    refs = tuple(ref for item in items for ref in item_refs(lane, item))
    return ReceiveProducts(command_id=command_id, products=told, refs=refs)


def _milligrams(item: Item, profile: Profile) -> int | None:
    weight = item.sale.weight if item.sale else None
    rate = profile.mg_per_weight_unit.get(weight.uom.upper()) if weight else None
    return None if weight is None or weight.value is None or rate is None else round(weight.value * rate)


# --- work -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A line of an invoice in pieces: what was ordered, and what is left to send."""

    line: SoldLine
    rate: Decimal
    ordered: Decimal
    left: Decimal


def left_of(invoice_: Invoice, done: Sequence[Detail], warehouse: str, rate: Rate) -> list[LeftLine] | Fault:
    """The lines of this warehouse, or what cannot be converted. A line without a warehouse is no goods.

    What was fulfilled is known by the line's uuid; where HQ shows other uuids there, by the item, first line first.
    """
    by_line: dict[str, Decimal] = {}
    by_item: dict[str, Decimal] = {}
    lines = {line.uuid.lower() for line in invoice_.lines}
    for each in (line for record in done for line in record.fulfillments):
        where, key = (by_line, each.uuid) if each.uuid.lower() in lines else (by_item, each.item_uuid)
        where[key.lower()] = where.get(key.lower(), NONE) + each.fulfillment_quantity
    found = []
    for line in invoice_.lines:
        free = line.quantity - by_line.get(line.uuid.lower(), NONE)
        taken = min(max(free, NONE), by_item.get(line.item_uuid.lower(), NONE))
        by_item[line.item_uuid.lower()] = by_item.get(line.item_uuid.lower(), NONE) - taken
        if line.warehouse != warehouse:
            continue
        pieces = rate(line.item_id, line.uom)
        if pieces is None:
            return Fault(_no_rate(f"invoice {invoice_.id}", line.item_id, line.uom))
        left = to_pieces(max(free - taken, NONE), pieces)
        found.append(LeftLine(line, pieces, to_pieces(line.quantity, pieces), left))
    return found


def named_lines(done: Fulfilled, rate: Rate) -> list[LeftLine]:
    """The lines of an item fulfillment, to find ours by; one whose unit is not known counts as pieces."""
    found = []
    for each in done.fulfillments:
        pieces, quantity = rate(each.item_id, each.uom) or ONE, each.fulfilled_quantity + each.fulfillment_left
        line = SoldLine(item_id=each.item_id, item_uuid="", uuid=each.line_uuid, quantity=quantity, uom=each.uom)
        found.append(LeftLine(line, pieces, to_pieces(quantity, pieces), to_pieces(each.fulfillment_left, pieces)))
    return found


def work(
    lane: str, invoice_: Invoice, lines: Sequence[LeftLine], at: tuple[str, str], command_id: UUID
) -> ReceiveWork:
    """What is left of an invoice, with a picklist; `at` is our warehouse and where its goods are looked for."""
    warehouse_id, location = at
    fulfillment = e.FulfillmentReceived(
        lane=lane,
        fulfillment_id=invoice_.id,
        order_id=invoice_.order_id,
        warehouse_id=warehouse_id,
        party_id=f"to:{invoice_.id}",
        lines=tuple(
            e.WorkLine(order_line_id=each.line.uuid, sku=each.line.item_id, qty=each.left)
            for each in lines
            if each.left
        ),
    )
    refs = [HqRef(lane=lane, thing="order", local_id=invoice_.id, hq_id=invoice_.id)]
    for each in lines:
        key = line_key(invoice_.id, each.line.uuid)
        refs.append(HqRef(lane=lane, thing="line", local_id=key, hq_id=each.line.uuid))
        refs += _product_ref(lane, each.line)
        refs.append(HqRef(lane=lane, thing="line_uom", local_id=key, hq_id=kept(each.rate, each.line.uom)[:250]))
    return ReceiveWork(
        command_id=command_id,
        fulfillments=(fulfillment,),
        parties=(),
        picklist=picklist_of(fulfillment, {}, location),
        refs=tuple(refs),
    )


def references(
    lane: str, invoice_id: str, here: FulfillmentHere, lines: Sequence[LeftLine], command_id: UUID
) -> ReceiveWork:
    """What HQ calls an order that another lane gave: its invoice, its lines, its products."""
    there = [LineThere(each.line.uuid, each.line.item_id, each.ordered) for each in lines]
    matched = line_refs(lane, here, there)
    by_uuid = {each.line.uuid: each for each in lines}
    refs = [HqRef(lane=lane, thing="order", local_id=here.fulfillment_id, hq_id=invoice_id), *matched]
    for ref in matched:
        each = by_uuid[ref.hq_id]
        rate = kept(each.rate, each.line.uom)[:250]
        refs.append(HqRef(lane=lane, thing="line_uom", local_id=ref.local_id, hq_id=rate))
        refs += _product_ref(lane, each.line)
    return ReceiveWork(command_id=command_id, fulfillments=(), parties=(), refs=tuple(refs))


def _product_ref(lane: str, line: SoldLine) -> list[HqRef]:
    """HQ's uuid of a line's item, where the call tells it."""
    return [HqRef(lane=lane, thing="product", local_id=line.item_id, hq_id=line.item_uuid)] if line.item_uuid else []


def _no_rate(what: str, sku: str, uom: str) -> str:
    return clean(
        f"HQ's {what}: uom: {sku} has no unit {shown(uom)} that says how many pieces it is; add it to the item."
    )


# --- what is to come --------------------------------------------------------------------------------------------


def inbound(
    lane: str,
    order: PurchaseOrder,
    receipts: Sequence[Receipt],
    at: tuple[str, Rate],
    profile: Profile,
    command_id: UUID,
) -> ReceiveInbound | Fault | None:
    """What a purchase order expects in the warehouse `at`, in pieces; None when nothing of it comes there."""
    warehouse, rate = at
    came: dict[str, Decimal] = {}
    for each in (line for receipt in receipts for line in receipt.receipts):
        came[each.line_uuid.lower()] = came.get(each.line_uuid.lower(), NONE) + each.receipt_quantity
    lines, refs = [], [HqRef(lane=lane, thing="purchase_order", local_id=order.id, hq_id=order.id)]
    for line in order.lines:
        if line.rule.warehouse != warehouse:
            continue
        pieces = rate(line.item_id, line.rule.uom)
        if pieces is None:
            return Fault(_no_rate(f"purchase order {order.id}", line.item_id, line.rule.uom))
        received = to_pieces(came.get(line.uuid.lower(), NONE), pieces)
        expected = to_pieces(line.item_quantity, pieces)
        lines.append(e.AnnouncedLine(line_id=line.uuid, sku=line.item_id, expected=expected, received=received))
        refs += _line_refs(lane, order.id, line.uuid, kept(pieces, line.rule.uom))
    if not lines:
        return None
    announced = e.InboundAnnounced(
        lane=lane,
        inbound_id=order.id,
        against="purchase_order",
        number=order.id,
        supplier=order.account_id,
        expected_on=order.expected_completion_date or None,
        lines=tuple(lines),
        open=order.status not in profile.closed_orders and any(line.received < line.expected for line in lines),
    )
    return ReceiveInbound(command_id=command_id, inbound=(announced,), refs=tuple(refs))


def returned(
    lane: str, rma: Return, at: tuple[str, Rate], profile: Profile, command_id: UUID
) -> ReceiveInbound | Fault | None:
    """What a customer sends back to the warehouse `at`, in pieces; None when nothing of it comes there."""
    warehouse, rate = at
    lines, refs = (
        [],
        [
            HqRef(lane=lane, thing="return", local_id=rma.id, hq_id=rma.id),
            HqRef(lane=lane, thing="return_invoice", local_id=rma.id, hq_id=rma.invoice_id),
        ],
    )
    for line in rma.returns:
        if line.warehouse not in {warehouse, ""}:
            continue
        pieces = rate(line.item_id, line.uom)
        if pieces is None:
            return Fault(_no_rate(f"return {rma.id}", line.item_id, line.uom))
        left = line.rma_quantity if line.rma_left is None else line.rma_left
        expected, received = to_pieces(line.rma_quantity, pieces), to_pieces(line.rma_quantity - left, pieces)
        lines.append(
            e.AnnouncedLine(line_id=line.uuid, sku=line.item_id, expected=expected, received=max(received, NONE))
        )
        refs += _line_refs(lane, rma.id, line.uuid, kept(pieces, line.uom))
    if not lines:
        return None
    announced = e.ReturnAnnounced(
        lane=lane,
        return_id=rma.id,
        number=rma.id,
        order_id=rma.order_id or None,
        lines=tuple(lines),
        open=rma.status not in profile.cancelled_statuses and any(line.received < line.expected for line in lines),
    )
    return ReceiveInbound(command_id=command_id, returns=(announced,), refs=tuple(refs))


def _line_refs(lane: str, owner: str, uuid: str, rate: str) -> list[HqRef]:
    key = line_key(owner, uuid)
    return [
        HqRef(lane=lane, thing="line", local_id=key, hq_id=uuid),
        HqRef(lane=lane, thing="line_uom", local_id=key, hq_id=rate[:250]),
    ]
