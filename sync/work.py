"""Work from HQs that know orders and no picklists: one list for each order, and their ids beside ours. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from local_store.domain.commands import HqRef
from local_store.domain.events import FulfillmentReceived, PicklistReceived, Priority, TaskPlan
from sync.dialect import FulfillmentHere


@dataclass(frozen=True, slots=True)
class LineThere:
    """One order line as HQ has it, with HQ's id for it."""

    hq_id: str
    sku: str
    qty: Decimal


def picklist_of(
    fulfillment: FulfillmentReceived, locations: Mapping[str, str], otherwise: str, priority: Priority = "normal"
) -> PicklistReceived:
    """A picklist of all that is still to pick for one order, by location.

    `locations` are the usual places by SKU, `otherwise` is where a product without one is looked for.
    """
    left = [(locations.get(line.sku, otherwise), line) for line in fulfillment.lines if line.qty > line.picked]
    tasks = tuple(
        TaskPlan(
            task_id=f"{fulfillment.fulfillment_id}/{line.order_line_id}",
            fulfillment_id=fulfillment.fulfillment_id,
            order_line_id=line.order_line_id,
            location_id=location,
            sku=line.sku,
            qty=line.qty - line.picked,
        )
        for location, line in sorted(left, key=lambda each: each[0])
    )
    return PicklistReceived(
        lane=fulfillment.lane,
        picklist_id=f"pick-{fulfillment.fulfillment_id}",
        priority=priority,
        ship_by=fulfillment.ship_by,
        tasks=tasks,
    )


def line_key(fulfillment_id: str, order_line_id: str) -> str:
    """Under which HQ's id of an order line is kept (`thing` is `line`)."""
    return f"{fulfillment_id}/{order_line_id}"


def line_refs(lane: str, here: FulfillmentHere, there: Sequence[LineThere]) -> tuple[HqRef, ...]:
    """HQ's ids for the lines of an order that another lane gave: by SKU and quantity, then by SKU, each once.

    A line that HQ does not have, or has more often, stays without: its facts are parked with a sentence.
    """
    free = list(there)
    found: dict[str, str] = {}
    for exact in (True, False):
        for line in here.lines:
            fits = (each for each in free if each.sku == line.sku and (each.qty == line.qty or not exact))
            match = None if line.order_line_id in found else next(fits, None)
            if match is not None:
                free.remove(match)
                found[line.order_line_id] = match.hq_id
    return tuple(
        HqRef(lane=lane, thing="line", local_id=line_key(here.fulfillment_id, line_id), hq_id=hq_id)
        for line_id, hq_id in found.items()
    )
