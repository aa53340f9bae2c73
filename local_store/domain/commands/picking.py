"""What people do about picklists beside scanning at a workplace: for pages of the station, and for handhelds."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from local_store.domain.commands.base import Amount, Id, Reason, WorkerCommand
from local_store.domain.commands.floor import SerialNumber

MOST_AT_ONCE = 500
MAX_ID, MAX_FAULT = 120, 300
PICKERS = frozenset({"picker", "supervisor", "admin"})
Positive = Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=3, allow_inf_nan=False)]


class _Element(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Unreadable(_Element):
    """An element that is none: refused alone, in its place among the others."""

    ident: Id | None = None
    fault: Annotated[str, Field(max_length=MAX_FAULT)]


class AboutPicklist(WorkerCommand):
    """Something about one picklist."""

    roles: ClassVar[frozenset[str]] = PICKERS
    picklist_id: Id


class AssignPicklist(AboutPicklist):
    """Somebody is to pick it, with a device."""

    kind: ClassVar[str] = "picklist-assign"
    assignee_id: Id
    device_id: Id


class StartPicklist(AboutPicklist):
    """Picking begins, or goes on, with a handheld."""

    kind: ClassVar[str] = "picklist-start"


class CompletePicklist(AboutPicklist):
    """All of it is through."""

    kind: ClassVar[str] = "picklist-complete"
    pick_confirmation_id: Id | None = None


class ReleasePicklist(AboutPicklist):
    """Put it aside with its progress: for a pause, for another picker, or for those of another zone."""

    kind: ClassVar[str] = "picklist-release"
    reason: Reason
    zone: Id | None = None


class PickScan(_Element):
    """Units taken from a location, as a handheld tells them."""

    location_id: Id
    sku: Id
    lot: SerialNumber | None = None
    serial: SerialNumber | None = None
    qty: Positive
    timestamp: AwareDatetime
    scan_id: Id | None = None
    task_id: Id | None = None


class ScanPicks(AboutPicklist):
    """Many scans in one go: each is checked alone, so that a bad one does not lose the others."""

    kind: ClassVar[str] = "picks-scan"
    scans: Annotated[tuple[PickScan | Unreadable, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class SubstitutePick(AboutPicklist):
    """Another product is taken for what is short of a task: where the order names it, or a supervisor allows it."""

    kind: ClassVar[str] = "pick-substitute"
    task_id: Id
    sku: Id


class OverPick(AboutPicklist):
    """So many more are taken for a full task than were asked, as far as the site allows."""

    kind: ClassVar[str] = "pick-over"
    task_id: Id
    qty: Positive
    reason: Reason


class PickAdjustment(_Element):
    """`undo` takes the last count of a task back, `short` ends it with the rest missing, `reopen` takes that back.

    `over` asks for `qty` more than were asked of a full task, with a reason; the task for them is in the answer.
    """

    adjustment_id: Id
    task_id: Id
    adjusts: Annotated[Literal["undo", "short", "reopen", "over"], Field(alias="kind")]
    qty: Positive | None = None
    reason: Reason | None = None


class AdjustPicks(AboutPicklist):
    """Corrections, answered one by one."""

    kind: ClassVar[str] = "picks-adjust"
    adjustments: Annotated[tuple[PickAdjustment | Unreadable, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class PickRebin(_Element):
    """Picked units that go to a location; `serials` says which, where that matters."""

    rebin_id: Id
    task_id: Id
    qty: Positive
    location_id: Id
    reason: Reason | None = None
    serials: Annotated[tuple[SerialNumber, ...], Field(max_length=MOST_AT_ONCE)] = ()


class RebinPicks(AboutPicklist):
    """Picked units go back to a shelf, answered one by one."""

    kind: ClassVar[str] = "picks-rebin"
    roles: ClassVar[frozenset[str]] = PICKERS | {"packer"}
    rebins: Annotated[tuple[PickRebin | Unreadable, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class AssignSerials(WorkerCommand):
    """Say which units were picked for an order line."""

    kind: ClassVar[str] = "serials-assign"
    roles: ClassVar[frozenset[str]] = PICKERS | {"packer"}
    fulfillment_id: Id
    order_line_id: Id
    serials: Annotated[tuple[SerialNumber, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class ConsumeLot(WorkerCommand):
    """Say of which lot picked units of an order line are."""

    kind: ClassVar[str] = "lot-consume"
    roles: ClassVar[frozenset[str]] = PICKERS | {"packer"}
    fulfillment_id: Id
    order_line_id: Id
    lot_id: SerialNumber
    qty: Amount


class ChooseZone(WorkerCommand):
    """The picker at a workplace works in one zone from now on; none for all of the warehouse."""

    kind: ClassVar[str] = "picker-zone"
    roles: ClassVar[frozenset[str]] = PICKERS
    zone: Id | None = None
