"""Orders of S2 as work: whose they are, what is picked for them, and what S2 says of them later. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import ValidationError

from local_store.domain import events as e
from local_store.domain.commands import HqRef, Party, ReceiveWork, SeeWork
from sync.dialect import Known, PackageHere, TheirLine
from sync.dialects.s2.capabilities import Profile
from sync.dialects.s2.documents import (
    MAX_ROWS,
    Fulfillment,
    Here,
    Item,
    Label,
    Order,
    OrderRow,
    Shipment,
    Unusable,
    ref,
)
from sync.work import picklist_of


def assigned_to_us(here: Here, order: Order) -> Fulfillment | None:
    """The fulfillment S2 itself made for our warehouse, still to pack; one that a caller made has a key."""
    for each in order.fulfillments:
        ours = each.warehouse is not None and each.warehouse.id == here.s2_warehouse
        if ours and each.channel_fulfillment_id is None and each.status in here.profile.to_pack_statuses:
            return each
    return None


def is_for_us(here: Here, order: Order) -> bool:
    """Whether the order is to be packed here: assigned to our warehouse, or to none and of one of our accounts."""
    if not is_open(here, order):
        return False
    if order.fulfillments:
        return assigned_to_us(here, order) is not None
    if order.account is None:
        return not here.accounts
    is_ours = not here.accounts or order.account.id in here.accounts
    return is_ours and not order.account.auto_assign_orders_to_warehouse


def is_open(here: Here, order: OrderRow) -> bool:
    """Whether something is to be done for the order at all."""
    return order.status in here.profile.open_statuses and not order.archived


def work_of(here: Here, order: Order, assigned: Fulfillment | None, command_id: UUID) -> ReceiveWork:
    """An order as one fulfillment with one picklist; `assigned` is S2's own, in detail. Raises Unusable."""
    items = items_of(here, order, assigned)
    fulfillment = received(here, order, assigned, items)
    party = party_of(order)
    return ReceiveWork(
        command_id=command_id,
        fulfillments=(fulfillment,),
        parties=(party,) if party else (),
        picklist=picklist_of(fulfillment, {}, here.pick_location),
        refs=refs_of(here, order.id, order, items, assigned),
    )


def items_of(here: Here, order: Order, assigned: Fulfillment | None) -> tuple[Item, ...]:
    """What is to be sent, by product. Raises Unusable when there is nothing."""
    found = assigned.items if assigned is not None else tuple(_lines(here, order))
    if not found:
        raise Unusable(f"S2's order {order.channel_order_id}: it has no lines.")
    sums: dict[str, Item] = {}
    for each in found:
        earlier = sums.get(each.product.sku)
        quantity = each.quantity + (earlier.quantity if earlier else 0)
        sums[each.product.sku] = each.model_copy(update={"quantity": quantity})
    return tuple(sums.values())


def received(here: Here, order: Order, assigned: Fulfillment | None, items: Sequence[Item]) -> e.FulfillmentReceived:
    """The order as the store keeps it. S2 has no ids of lines: a line is known by its product."""
    said = assigned
    carriers = [each.shipping_carrier.id for each in said.shipments if each.shipping_carrier] if said else []
    return e.FulfillmentReceived(
        lane=here.lane,
        fulfillment_id=order.id,
        order_id=order.channel_order_id,
        warehouse_id=here.warehouse_id,
        party_id=_party_id(order),
        lines=tuple(
            e.WorkLine(order_line_id=each.product.sku, sku=each.product.sku, qty=Decimal(each.quantity))
            for each in items
        ),
        ship_by=said.ship_by_date if said else None,
        carrier_hint=next((each for each in carriers if each != "OTHER"), None),
        service_code=(said.shipping_method if said else order.channel_shipping_method) or None,
        metadata=_metadata(said, here.profile) or None,
    )


def party_of(order: Order) -> Party | None:
    """Who gets the goods, in the members that are ours: what goes back is written anew (translate)."""
    told = order.shipping_address
    if not told:
        return None
    names = {"address1": "address1", "address2": "address2", "city": "city", "region": "state"}
    names |= {"postal_code": "postalCode", "country": "countryId", "phone": "phone", "company": "company"}
    address = {ours: told[theirs] for ours, theirs in names.items() if isinstance(told.get(theirs), str)}
    address["email"] = told["email"] if isinstance(told.get("email"), str) else ""
    name = told.get("name")
    return Party(
        party_id=_party_id(order),
        name=name[:500] if isinstance(name, str) else "",
        address={ours: value[:500] for ours, value in address.items() if value},
    )


def refs_of(
    here: Here, local_id: str, order: Order, items: Sequence[Item], assigned: Fulfillment | None
) -> tuple[HqRef, ...]:
    """What S2 calls an order and its products; S2's own fulfillment and its prepaid labels where there are any."""
    refs = [ref(here, "order", local_id, order.id)]
    refs += [ref(here, "product", each.product.sku, each.product.id) for each in items]
    if assigned is not None:
        refs.append(ref(here, "assigned", local_id, assigned.id))
        for place, label in enumerate(prepaid_labels(assigned), 1):
            refs.append(ref(here, "prepaid_label", f"{local_id}/{place}", label.file_path or ""))
            if label.tracking_number:
                refs.append(ref(here, "prepaid_tracking", f"{local_id}/{place}", label.tracking_number))
    return tuple(refs)


def prepaid_labels(fulfillment: Fulfillment) -> list[Label]:
    """The labels that were bought elsewhere, parcel by parcel."""
    labels = [label for shipment in fulfillment.shipments for label in shipment.labels]
    return [label for label in labels if label.type == "PREPAID" and label.file_path]


def made_refs(here: Here, local_id: str, order: Order, known: Known) -> tuple[HqRef, ...]:
    """Of the fulfillment that a station made for this order: its id, and each parcel's shipment and tracking number.

    It is known by our package ids among its reference ids. Parcels and shipments belong together by their contents.
    """
    refs: list[HqRef] = []
    for each in order.fulfillments:
        packages = [package for ident in each.reference_ids if (package := known.package(ident)) is not None]
        packages = [package for package in packages if package.fulfillment_id == local_id]
        if each.channel_fulfillment_id is None or not packages:
            continue
        refs.append(ref(here, "fulfillment", local_id, each.id))
        for package, shipment in _parcels(packages, each.shipments):
            refs.append(ref(here, "shipment", package.package_id, shipment.id))
            if shipment.tracking_number:
                refs.append(ref(here, "tracking", package.package_id, shipment.tracking_number))
    return tuple(refs)


def seen_of(here: Here, order: Order, assigned: Fulfillment | None, command_ids: tuple[UUID, UUID]) -> list[SeeWork]:
    """What S2 says now of an order that is packed here: of its picklist, and of itself; [] when it says nothing."""
    profile = here.profile
    parts: dict[str, Any] = {}
    state: Literal["as_given", "cancelled", "given_away"] = "as_given"
    if order.archived or order.status in profile.cancelled_statuses:
        state = "cancelled"
    elif order.status not in profile.open_statuses:
        return []  # fulfilled, by whomever: S2 does not tell by which station
    elif order.fulfillments and assigned is None:
        if any(_is_sent_or_here(here, each) for each in order.fulfillments):
            return []
        state = "given_away"
    else:
        fulfillment = received(here, order, assigned, items_of(here, order, assigned))
        parts = {"fulfillment": fulfillment, "party": party_of(order)}
    picklist = picklist_of(parts["fulfillment"], {}, here.pick_location) if parts else None
    on_list, on_order = command_ids
    common: dict[str, Any] = {"lane": here.lane, "state": state}
    return [
        SeeWork(command_id=on_list, thing="picklist", work_id=f"pick-{order.id}", picklist=picklist, **common),
        SeeWork(command_id=on_order, thing="fulfillment", work_id=order.id, **parts, **common),
    ]


def their_lines(here: Here, order: Order) -> Iterator[TheirLine]:
    """The lines of an order as S2 has them; what left in fulfillments that callers made counts as shipped."""
    try:
        items = items_of(here, order, assigned_to_us(here, order))
    except (Unusable, ValidationError):
        return  # the pull tells of it
    made = [each for each in order.fulfillments if each.channel_fulfillment_id is not None]
    shipped = _sums(
        (item.product.sku, Decimal(item.quantity))
        for each in made
        for parcel in each.shipments
        for item in parcel.items
    )
    for item in items:
        sku, told = item.product.sku, bool(made) or not order.fulfillments
        yield TheirLine(
            order_id=order.channel_order_id,
            sku=sku,
            ordered=Decimal(item.quantity),
            shipped=shipped.get(sku, Decimal(0)) if told else None,
        )


def _is_sent_or_here(here: Here, fulfillment: Fulfillment) -> bool:
    """Whether a station has sent it, or it is still our warehouse's: then the order went nowhere else."""
    ours = fulfillment.warehouse is not None and fulfillment.warehouse.id == here.s2_warehouse
    return ours or fulfillment.channel_fulfillment_id is not None


def _lines(here: Here, order: Order) -> Iterator[Item]:
    names, more = here.profile, order.model_extra or {}
    lines = more.get(names.order_lines)
    if not isinstance(lines, list) or len(lines) > MAX_ROWS:
        raise Unusable(f"S2's order {order.channel_order_id}: {names.order_lines}: there is no list of lines.")
    for each in lines:
        told = each if isinstance(each, dict) else {}
        yield Item.model_validate(
            {"product": told.get(names.line_product), "quantity": told.get(names.line_quantity)}
        )


def _metadata(said: Fulfillment | None, profile: Profile) -> dict[str, Any]:
    """What the floor acts on, under S2's own names; the kind of order as a number."""
    if said is None:
        return {}
    kind = said.order_type
    told = {
        "customerNote": said.customer_note or None,
        "signatureRequired": said.signature_required,
        "method": said.method,
        "orderType": profile.order_types.get(kind) if isinstance(kind, str) else kind,
        "deliverByDate": said.deliver_by_date,
    }
    return {name: value for name, value in told.items() if value is not None}


def _parcels(
    packages: Sequence[PackageHere], shipments: Sequence[Shipment]
) -> Iterator[tuple[PackageHere, Shipment]]:
    free = list(shipments)
    for package in packages:
        inside = _sums((item.sku, item.qty) for item in package.items)
        for shipment in free:
            if _sums((item.product.sku, Decimal(item.quantity)) for item in shipment.items) == inside:
                free.remove(shipment)
                yield package, shipment
                break


def _sums(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for name, quantity in pairs:
        sums[name] = sums.get(name, Decimal(0)) + quantity
    return sums


def _party_id(order: Order) -> str:
    return f"to:{order.id}"
