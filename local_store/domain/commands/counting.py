"""Counts, and corrections of what is believed to be on a shelf."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from local_store.domain.commands.base import Amount, Id, Reason, WorkerCommand

MOST_PLANNED = 200


class RequestCount(WorkerCommand):
    """A supervisor wants a location counted: all that is there, or one product."""

    kind: ClassVar[str] = "count-request"
    roles: ClassVar[frozenset[str]] = frozenset({"supervisor"})
    location_id: Id
    sku: Id | None = None
    reason: Reason
    blind: bool = True


class PlanCounts(WorkerCommand):
    """Ask for the counts that are due: the locations with the most picks oftener than the others."""

    kind: ClassVar[str] = "count-plan"
    roles: ClassVar[frozenset[str]] = frozenset({"supervisor"})
    most: Annotated[int, Field(ge=1, le=MOST_PLANNED)] = 20


class SettleCount(WorkerCommand):
    """A supervisor ends a count: the last count is right (`accept`), or what is believed stays as it is (`keep`)."""

    kind: ClassVar[str] = "count-settle"
    roles: ClassVar[frozenset[str]] = frozenset({"supervisor"})
    count_task_id: Id
    choice: Literal["accept", "keep"]


class AdjustStock(WorkerCommand):
    """A supervisor says how many units of a product, or of one lot of it, there are at a location, and why."""

    kind: ClassVar[str] = "stock-adjust"
    roles: ClassVar[frozenset[str]] = frozenset({"supervisor"})
    sku: Id
    location_id: Id
    lot_id: Id | None = None
    qty: Amount
    reason: Reason
