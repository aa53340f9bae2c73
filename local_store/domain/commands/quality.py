"""What people do about the quality of goods."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from local_store.domain.commands.base import Amount, Id, Reason, WorkerCommand
from local_store.domain.commands.returns import Notes, Photos
from local_store.domain.events import Disposition

Measured = Annotated[
    dict[
        Annotated[str, StringConstraints(min_length=1, max_length=60)],
        Annotated[str, StringConstraints(max_length=100)],
    ],
    Field(max_length=50),
]


class StartQc(WorkerCommand):
    """Begin to inspect a fulfillment, a return or a receipt: `inspect` of every `of_every` units of it."""

    kind: ClassVar[str] = "qc-start"
    roles: ClassVar[frozenset[str]] = frozenset({"qc_agent", "supervisor"})
    subject_id: Id
    inspect: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    of_every: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class RecordQc(WorkerCommand):
    """What was found on so many units."""

    kind: ClassVar[str] = "qc-record"
    roles: ClassVar[frozenset[str]] = frozenset({"qc_agent", "supervisor"})
    qc_id: Id
    check: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""
    passed: bool | None = None
    units: Amount | None = None
    measurements: Measured = Field(default_factory=dict)
    notes: Notes = ""
    photos: Photos = ()


class ResolveQc(WorkerCommand):
    """What becomes of what was inspected."""

    kind: ClassVar[str] = "qc-resolve"
    roles: ClassVar[frozenset[str]] = frozenset({"qc_agent", "supervisor"})
    qc_id: Id
    disposition: Disposition
    notes: Notes = ""


class HoldStock(WorkerCommand):
    """Nobody may take these goods: a product, one lot or unit of it, or all that is at a location."""

    kind: ClassVar[str] = "stock-hold"
    roles: ClassVar[frozenset[str]] = frozenset({"qc_agent", "supervisor"})
    sku: Id | None = None
    lot_id: Id | None = None
    serial: Id | None = None
    location_id: Id | None = None
    reason: Reason


class ReleaseStock(WorkerCommand):
    """They may be taken again."""

    kind: ClassVar[str] = "stock-release"
    roles: ClassVar[frozenset[str]] = frozenset({"qc_agent", "supervisor"})
    hold_id: Id
    reason: Reason
