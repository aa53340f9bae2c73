"""Goods that come back, beside what arrives, is inspected and is completed: see `goods`."""

from __future__ import annotations

from typing import ClassVar, Literal

from local_store.domain.events.base import Details, Quantity, Stored
from local_store.domain.events.goods import OfReturn, ReceivedLine

ReturnReason = Literal["damaged", "customer_remorse", "wrong_item"]
ReturnMethod = Literal["ship", "dropoff", "pickup"]


class ExpectedBack(Stored):
    """Units of one order line that are to come back."""

    order_line_id: str
    sku: str
    qty: Quantity


class ReturnCreated(OfReturn):
    """Somebody here announced that goods of an order come back; `rma_reference` is on the parcel's label."""

    kind: ClassVar[str] = "return.created"
    for_hq: ClassVar[bool] = True
    order_id: str
    rma_reference: str
    reason: ReturnReason
    expected_lines: tuple[ExpectedBack, ...]
    return_method: ReturnMethod
    destination_warehouse_id: str
    metadata: Details | None = None


class ReturnSurplus(OfReturn):
    """Goods came with a return that nobody announced: kept as they are, under no line of it."""

    kind: ClassVar[str] = "return.surplus_received"
    for_hq: ClassVar[bool] = True
    receipt_id: str
    lines: tuple[ReceivedLine, ...]


class ReturnShipBackAsked(OfReturn):
    """What can be sold again of a return is to go to its supplier: HQ makes an order of it, to pick and to pack."""

    kind: ClassVar[str] = "return.ship_back_asked"
    for_hq: ClassVar[bool] = True
