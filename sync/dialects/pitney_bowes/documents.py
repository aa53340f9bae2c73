"""Orders, products, announcements and stock of Pitney Bowes as commands for the store. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from local_store.domain import events as e
from local_store.domain.commands import HqRef, Party, ReceiveProducts, ReceiveWork, SeeWork
from sync.dialect import Fault, FulfillmentHere
from sync.dialects.pitney_bowes.capabilities import Profile
from sync.dialects.pitney_bowes.shapes import (
    AnnouncedLine,
    Asn,
    Bill,
    Order,
    Product,
    Return,
    Shipment,
    Shipping,
    WorkOrder,
)
from sync.wording import clean, shown
from sync.work import LineThere, line_key, line_refs, picklist_of

MG_PER = {"G": 1000, "GM": 1000, "GRAM": 1000, "GRAMS": 1000, "KG": 1_000_000, "OZ": 28_350, "LB": 453_592}
"""Milligrams in a unit of weight (their list was not seen: hq_contracts 0.3); of any other no weight is taken."""

MOST_UNITS = 1_000_000
"""More of any unit is no weight of a product."""


def received(lane: str, order: Order, warehouse_id: str) -> e.FulfillmentReceived | Fault:
    """An order as work: their id is the fulfillment's, their client's number is the order's."""
    ids = [line.line_id for line in order.lines]
    if len(set(ids)) != len(ids):
        doubled = next(each for place, each in enumerate(ids) if each in ids[:place])
        return Fault(clean(f"HQ's order {order.clientOrderId}: line {shown(doubled)} is there twice."))
    shipping = order.inputShippingDetails or Shipping()
    return e.FulfillmentReceived(
        lane=lane,
        fulfillment_id=order.orderId,
        order_id=order.clientOrderId,
        warehouse_id=warehouse_id,
        party_id=f"to:{order.orderId}",
        lines=tuple(e.WorkLine(order_line_id=each.line_id, sku=each.sku, qty=each.quantity) for each in order.lines),
        ship_by=order.shipOnDate,
        carrier_hint=shipping.carrier,
        service_code=shipping.serviceId,
        metadata={each.name: each.values for each in order.references or ()} or None,
    )


def party_of(order: Order) -> Party | None:
    """Who gets it, under the names that labels and other HQs know."""
    to = order.ship_to
    if to is None:
        return None
    lines = [line for line in to.addressLines if line]
    address = {
        "address1": lines[0] if lines else None,
        "address2": ", ".join(lines[1:]) or None,
        "city": to.cityTown,
        "region": to.stateProvince,
        "postal_code": to.postalCode,
        "country": to.countryCode,
        "phone": to.phone,
    }
    return Party(
        party_id=f"to:{order.orderId}",
        name=to.name or to.company or "",
        address={name: value for name, value in address.items() if value},
    )


def work_of(order: Order, fulfillment: e.FulfillmentReceived, location: str, command_id: UUID) -> ReceiveWork:
    """An order that is new here, with a picklist of its own."""
    party = party_of(order)
    lane, ident = fulfillment.lane, fulfillment.fulfillment_id
    lines = tuple(
        HqRef(lane=lane, thing="line", local_id=line_key(ident, each.line_id), hq_id=each.line_id)
        for each in order.lines
    )
    return ReceiveWork(
        command_id=command_id,
        fulfillments=(fulfillment,),
        parties=(party,) if party else (),
        picklist=picklist_of(fulfillment, {}, location),
        refs=(HqRef(lane=lane, thing="order", local_id=ident, hq_id=order.orderId), *lines),
    )


def refs_of(lane: str, order: Order, here: FulfillmentHere) -> tuple[HqRef, ...]:
    """Their ids for an order that another lane gave."""
    there = [LineThere(each.line_id, each.sku, each.quantity) for each in order.lines]
    own = HqRef(lane=lane, thing="order", local_id=here.fulfillment_id, hq_id=order.orderId)
    return (own, *line_refs(lane, here, there))


def seen(
    order: Order, fulfillment: e.FulfillmentReceived, location: str, profile: Profile, new_ids: Sequence[UUID]
) -> tuple[SeeWork, ...]:
    """What they say now of an order that they gave before: of its picklist, then of itself."""
    state, list_state = "as_given", "as_given"
    if order.status.upper() in profile.cancelled_statuses:
        state = list_state = "cancelled"
    elif order.status.upper() in profile.shipped_statuses:
        state, list_state = "packed", "completed"
    lane, picklist = fulfillment.lane, picklist_of(fulfillment, {}, location)
    goes_on = state == "as_given"
    return (
        SeeWork(
            command_id=new_ids[0],
            lane=lane,
            thing="picklist",
            work_id=picklist.picklist_id,
            state=list_state,
            picklist=picklist if goes_on else None,
        ),
        SeeWork(
            command_id=new_ids[1],
            lane=lane,
            thing="fulfillment",
            work_id=fulfillment.fulfillment_id,
            state=state,
            fulfillment=fulfillment if goes_on else None,
            party=party_of(order) if goes_on else None,
        ),
    )


def is_work(order: Order, profile: Profile) -> bool:
    """Whether somebody is to pick it: not cancelled, not shipped, not on hold."""
    ended = (*profile.cancelled_statuses, *profile.shipped_statuses)
    return order.status.upper() not in ended and not order.isOnHold


def products_of(lane: str, products: Sequence[Product], command_id: UUID) -> ReceiveProducts:
    """Products as the store keeps them; their SKU is ours."""
    return ReceiveProducts(
        command_id=command_id,
        products=tuple(
            e.ProductReceived(
                sku=each.sku,
                name=each.details.description,
                nominal_weight_mg=_milligrams(each.details.weight),
                barcodes=(e.Barcode(barcode=each.code),) if each.code else (),
            )
            for each in products
        ),
        refs=tuple(HqRef(lane=lane, thing="product", local_id=each.sku, hq_id=each.sku) for each in products),
    )


def inbound_of(lane: str, asn: Asn, profile: Profile) -> e.InboundAnnounced:
    """Goods that come in."""
    return e.InboundAnnounced(
        lane=lane,
        inbound_id=asn.receivingASNId,
        against="purchase_order" if asn.inboundType == "PO" else "asn",
        number=asn.clientASNId or asn.purchaseOrderNumber or asn.receivingASNId,
        supplier=(asn.vendorDetails.name or "") if asn.vendorDetails else "",
        expected_on=asn.estimatedDeliveryDate,
        lines=_announced(asn.lines),
        open=(asn.status or "").upper() not in profile.closed_statuses,
    )


def return_of(lane: str, told: Return, profile: Profile) -> e.ReturnAnnounced:
    """Goods that come back; the RMA number is also on the parcel (hq_contracts 3.5)."""
    return e.ReturnAnnounced(
        lane=lane,
        return_id=told.returnOrderId,
        number=told.rmaNumber or told.returnClientOrderId or told.returnOrderId,
        order_id=told.originalClientOrderId,
        lines=_announced(told.lines),
        open=(told.status or "").upper() not in profile.closed_statuses,
    )


def work_order_of(lane: str, order: WorkOrder, bill: Bill | None) -> e.WorkOrderAnnounced:
    """Kits to build, with what goes into one where that is known."""
    return e.WorkOrderAnnounced(
        lane=lane,
        work_order_id=order.workOrderId,
        number=order.clientWorkOrderId,
        name=order.workOrderName,
        sku=order.sku,
        qty=order.quantity,
        parts=tuple(e.KitPart(sku=each.sku, qty=each.quantity) for each in bill.lines) if bill else (),
        open=order.status.upper() not in {"CANCELED", "CLOSED", "COMPLETE"},
    )


def tracking_refs(lane: str, shipment: Shipment, fulfillment_id: str, first: str | None) -> tuple[HqRef, ...]:
    """The number a parcel is followed by.

    An order may have several parcels: each stands under `fulfillment/shipment`, the first also under the fulfillment.
    """
    each = f"{fulfillment_id}/{shipment.shipment_id}"
    refs = [HqRef(lane=lane, thing="shipment", local_id=each, hq_id=shipment.shipment_id)]
    if shipment.tracking is not None:
        refs.append(HqRef(lane=lane, thing="tracking", local_id=each, hq_id=shipment.tracking))
        if first is None:
            refs.append(HqRef(lane=lane, thing="tracking", local_id=fulfillment_id, hq_id=shipment.tracking))
    return tuple(refs)


def _announced(lines: Sequence[AnnouncedLine]) -> tuple[e.AnnouncedLine, ...]:
    """Lines under the id they gave, else ours, else their place."""
    return tuple(
        e.AnnouncedLine(
            line_id=line.PBlineId or line.lineId or line.line_id or str(place),
            sku=line.sku,
            expected=line.quantity,
            received=line.receivedQuantity or Decimal(0),
        )
        for place, line in enumerate(lines, start=1)
    )


def _milligrams(weight: Mapping[str, Any] | None) -> int | None:
    """A weight in a unit that is known; None for any other, so that no wrong weight is ever expected."""
    value, unit = (weight or {}).get("value"), (weight or {}).get("unitOfMeasurement")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MOST_UNITS:
        return None
    per = MG_PER.get(str(unit).upper())
    return None if per is None else round(Decimal(str(value)) * per)
