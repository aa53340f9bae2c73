"""What an HQ of seed 001 calls orders that another HQ gave here, and how it has their lines."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from local_store.domain.commands import HqRef, ReceiveWork
from sync.dialect import Fault, Known, Pulled, TheirLine
from sync.dialects.ofs.capabilities import PROFILE
from sync.dialects.ofs.documents import Ident, Positive, Quantity, Text
from sync.dialects.ofs.lists import Reader, items
from sync.reading import document
from sync.work import LineThere, line_refs


class _Document(BaseModel):
    """HQ may add members; those we read are checked. The seed has two names for some of them."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class _Line(_Document):
    order_line_id: Ident
    sku: Ident
    qty: Positive = Field(validation_alias=AliasChoices("qty", "quantity"))
    picked: Quantity | None = None
    packed: Quantity | None = None


class _Order(_Document):
    fulfillment_id: Ident = Field(validation_alias=AliasChoices("id", "fulfillment_id"))
    order_id: Ident
    status: Text
    lines: tuple[_Line, ...] = Field(max_length=10_000)


async def pull(hq: Reader, lane: str, known: Known, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
    """HQ's ids for the orders it has open and another HQ gave, and for their lines. Raises PullStopped."""
    for status in PROFILE.open_statuses:
        async for order in _orders(hq, status):
            if isinstance(order, Fault):
                yield order
                continue
            found = _refs(lane, known, order)
            if found:
                yield ReceiveWork(command_id=new_id(), fulfillments=(), parties=(), refs=found)


async def their_lines(hq: Reader, known: Known) -> AsyncGenerator[TheirLine, None]:
    """The lines of orders known here, open or shipped. What cannot be read is not compared. Raises PullStopped."""
    for status in (*PROFILE.open_statuses, *PROFILE.shipped_statuses):
        async for order in _orders(hq, status):
            if isinstance(order, Fault) or known.fulfillment_of_order(order.order_id) is None:
                continue
            has_left = order.status in PROFILE.shipped_statuses
            for line in order.lines:
                shipped = line.packed if has_left else Decimal(0)
                yield TheirLine(order.order_id, line.sku, line.qty, line.picked, shipped)


def _refs(lane: str, known: Known, order: _Order) -> tuple[HqRef, ...]:
    """What is new; nothing for work that this HQ gave, which goes by its own ids."""
    ident = known.fulfillment_of_order(order.order_id)
    if ident in {None, order.fulfillment_id} or known.hq_ref("fulfillment", ident or "") == order.fulfillment_id:
        return ()
    here = known.fulfillment(ident or "")
    if here is None or here.lane == lane:
        return ()
    there = [LineThere(line.order_line_id, line.sku, line.qty) for line in order.lines]
    ref = HqRef(lane=lane, thing="fulfillment", local_id=here.fulfillment_id, hq_id=order.fulfillment_id)
    return (ref, *line_refs(lane, here, there))


async def _orders(hq: Reader, status: str) -> AsyncGenerator[_Order | Fault, None]:
    async for item in items(hq, "/fulfillments", "HQ's fulfillment list", status=status):
        yield document(_Order, item, f"HQ's fulfillment {_name(item)}")


def _name(item: Any) -> str:
    name = item.get("id") if isinstance(item, dict) else None
    return name if isinstance(name, str) else "without an id"
