"""What people do about kits, beside scanning."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from local_store.domain.commands.base import Amount, Id, Reason, WorkerCommand


class BillPart(BaseModel):
    """So many units of a product in each kit."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    sku: Id
    qty: Amount


Parts = Annotated[tuple[BillPart, ...], Field(max_length=200)]


class RecordBill(WorkerCommand):
    """What one kit of a product is made of."""

    kind: ClassVar[str] = "bill-record"
    roles: ClassVar[frozenset[str]] = frozenset({"supervisor"})
    sku: Id
    parts: Parts


class MakeWorkOrder(WorkerCommand):
    """Kits are to be built; the parts may be left out where the bill of the kit is known."""

    kind: ClassVar[str] = "work-order-make"
    roles: ClassVar[frozenset[str]] = frozenset({"supervisor"})
    number: Id | None = None
    sku: Id
    qty: Amount
    parts: Parts = ()


class TakeApartKit(WorkerCommand):
    """The kits of one build are to be components again; `location_id` is where they are, where that changed."""

    kind: ClassVar[str] = "kit-take-apart"
    roles: ClassVar[frozenset[str]] = frozenset({"packer", "supervisor"})
    build_id: Id
    location_id: Id | None = None
    reason: Reason
