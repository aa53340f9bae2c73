"""Returns that an HQ of seed 001 expects in this warehouse: `GET /returns`, those that nothing came of yet."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from local_store.domain import events as e
from local_store.domain.commands import ReceiveInbound
from sync.dialect import Fault, Known, Pulled
from sync.dialects.ofs.documents import Ident, Positive
from sync.dialects.ofs.lists import Reader, items
from sync.reading import document

NOT_OFFERED = frozenset({403, 404, 405, 501})


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class _Line(_Document):
    order_line_id: Ident
    qty: Positive
    sku: Ident | None = None
    """Our addition; without it the line is looked up in the order."""


class _Return(_Document):
    return_id: Ident = Field(validation_alias=AliasChoices("id", "return_id"))
    order_id: Ident
    rma_reference: Ident | None = None
    destination_warehouse_id: Ident
    expected_lines: tuple[_Line, ...] = Field(max_length=1000)


async def pull(
    hq: Reader, lane: str, warehouse_id: str, known: Known, new_id: Callable[[], UUID]
) -> AsyncGenerator[Pulled, None]:
    """What is new of HQ's list. A return that was made here is known by HQ's id once HQ has answered.

    An HQ that does not list returns to stations gives none.
    """
    query = {"warehouse_id": warehouse_id, "status": "awaiting_return"}
    async for item in items(hq, "/returns", "HQ's return list", NOT_OFFERED, **query):
        told = document(_Return, item, "HQ's list of returns")
        if isinstance(told, Fault):
            yield told
        elif told.destination_warehouse_id == warehouse_id and known.unknown("return", [told.return_id]):
            yield _announced(lane, told, known, new_id)


def _announced(lane: str, told: _Return, known: Known, new_id: Callable[[], UUID]) -> Pulled:
    ident = known.fulfillment_of_order(told.order_id)
    order = known.fulfillment(ident) if ident else None
    ordered = {line.order_line_id: line.sku for line in order.lines} if order else {}
    lines: list[e.AnnouncedLine] = []
    for line in told.expected_lines:
        sku = line.sku or ordered.get(line.order_line_id)
        if sku is None:
            where = f"HQ's return {told.return_id}: line {line.order_line_id}"
            return Fault(f"{where} names no product, and order {told.order_id} is not known here.")
        lines.append(e.AnnouncedLine(line_id=line.order_line_id, sku=sku, expected=line.qty))
    return ReceiveInbound(command_id=new_id(), returns=(_fact(lane, told, lines),))


def _fact(lane: str, told: _Return, lines: Sequence[e.AnnouncedLine]) -> e.ReturnAnnounced:
    return e.ReturnAnnounced(
        lane=lane,
        return_id=told.return_id,
        number=told.rma_reference or told.return_id,
        order_id=told.order_id,
        lines=tuple(lines),
    )
