"""Goods that come in, and counts."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from local_store.domain.commands.base import Amount, Badge, Command, Id
from local_store.domain.events import ArticleStatus, Condition


class GoodsCommand(Command):
    """Goods that come in or back, or are counted; `badge` is a supervisor's."""

    badge: Badge


class GoodsLine(BaseModel):
    """Units of one product as they came; see `events.ReceivedLine`. Whether they make sense, the domain says."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    line_id: Id | None = None
    sku: Id
    qty: Amount
    condition: Condition = "good"
    lot_id: Id | None = None
    expires_on: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")] | None = (
        None
    )
    serials: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


GoodsLines = Annotated[tuple[GoodsLine, ...], Field(min_length=1, max_length=1000)]


class RecordReceipt(GoodsCommand):
    """Goods came in: against an announcement (ASN), a purchase order, or without any (blind)."""

    kind: ClassVar[str] = "receipt-record"
    against: Literal["asn", "purchase_order", "blind"]
    inbound_id: Id | None = None
    lines: GoodsLines


class CountStock(GoodsCommand):
    """All units of a product were counted, at one location or in the whole warehouse."""

    kind: ClassVar[str] = "stock-count"
    sku: Id
    location_id: Id | None = None
    qty: Amount
    article_status: ArticleStatus = "active"
