"""What people do about goods that come back, beside scanning them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from local_store.domain.commands.base import Amount, Id, WorkerCommand
from local_store.domain.commands.goods import GoodsLines
from local_store.domain.events import Disposition, ReturnMethod, ReturnReason

Notes = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
Photos = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")], ...],
    Field(max_length=50, description="SHA-256 of files that this station keeps."),
]


class ExpectedLine(BaseModel):
    """What is to come back; `sku` is needed only for an order that is not known here."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    order_line_id: Id
    qty: Amount
    sku: Id | None = None


class CreateReturn(WorkerCommand):
    """Announce that goods of an order come back. Its label is printed where the customer ships them."""

    kind: ClassVar[str] = "return-create"
    roles: ClassVar[frozenset[str]] = frozenset({"receiver", "supervisor"})
    order_id: Id
    rma_reference: Annotated[str, StringConstraints(min_length=1, max_length=28, pattern=r"^[!-~]+$")] | None = None
    reason: ReturnReason
    expected_lines: Annotated[tuple[ExpectedLine, ...], Field(min_length=1, max_length=1000)]
    return_method: ReturnMethod
    destination_warehouse_id: Id | None = None
    metadata: dict[str, Any] = Field(default_factory=dict, max_length=50)


class ReceiveReturn(WorkerCommand):
    """Goods of a return arrived."""

    kind: ClassVar[str] = "return-receive"
    roles: ClassVar[frozenset[str]] = frozenset({"receiver", "supervisor"})
    return_id: Id
    lines: GoodsLines


class InspectReturn(WorkerCommand):
    """What becomes of the goods of a return, or of one line of it.

    `restockable_qty` units may be sold again, all where it is left out and they are to be reshelved; of units with
    serial numbers `serials` says which. The rest goes where the disposition says; what is not reshelved after all
    goes to quarantine.
    """

    kind: ClassVar[str] = "return-inspect"
    roles: ClassVar[frozenset[str]] = frozenset({"qc_agent", "receiver", "supervisor"})
    return_id: Id
    disposition: Disposition
    restockable_qty: Amount | None = None
    notes: Notes = ""
    line_id: Id | None = None
    serials: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()
    photos: Photos = ()


class CompleteReturn(WorkerCommand):
    """Nothing more happens to a return."""

    kind: ClassVar[str] = "return-complete"
    roles: ClassVar[frozenset[str]] = frozenset({"qc_agent", "receiver", "supervisor"})
    return_id: Id


class ShipBackReturn(WorkerCommand):
    """What can be sold again of a return is to go back to its supplier."""

    kind: ClassVar[str] = "return-ship-back"
    roles: ClassVar[frozenset[str]] = frozenset({"supervisor"})
    return_id: Id
