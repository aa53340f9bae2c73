"""Picking."""

from __future__ import annotations

from typing import ClassVar, Literal

from local_store.domain.events.base import Fact, OfPicklist, Quantity, Stored


class PicklistAssigned(OfPicklist):
    """A worker took the picklist at this station: HQ keeps others off it."""

    kind: ClassVar[str] = "picklist.assigned"
    for_hq: ClassVar[bool] = True
    worker_id: str
    workplace: str


class PicklistStarted(OfPicklist):
    """Picking began."""

    kind: ClassVar[str] = "picklist.started"
    for_hq: ClassVar[bool] = True
    worker_id: str
    workplace: str


class LocationConfirmed(OfPicklist):
    """The picker stands at this location."""

    kind: ClassVar[str] = "pick.location_confirmed"
    location_id: str


class PickCounted(OfPicklist):
    """Goods were taken for a task: `qty` now, `picked` in all."""

    kind: ClassVar[str] = "pick.counted"
    for_hq: ClassVar[bool] = True
    task_id: str
    count_id: str
    location_id: str
    sku: str
    qty: Quantity
    picked: Quantity
    status: str


class PickUndone(OfPicklist):
    """The last count (or short) of the list was taken back by the picker."""

    kind: ClassVar[str] = "pick.undone"
    for_hq: ClassVar[bool] = True
    task_id: str
    count_id: str
    undo_id: str
    qty: Quantity
    picked: Quantity
    status: str


class PickShort(OfPicklist):
    """The rest of a task cannot be picked here."""

    kind: ClassVar[str] = "pick.short"
    for_hq: ClassVar[bool] = True
    task_id: str
    count_id: str
    location_id: str
    sku: str
    qty: Quantity
    reason: str
    status: str


class PickSkipped(OfPicklist):
    """The task was put off; it comes back after the others."""

    kind: ClassVar[str] = "pick.skipped"
    task_id: str
    status: str


class ToteAssigned(OfPicklist):
    """A tote was taken for one fulfillment of the list."""

    kind: ClassVar[str] = "pick.tote_assigned"
    fulfillment_id: str
    tote_id: str


class PickedLine(Stored):
    """What was picked for one order line."""

    fulfillment_id: str
    order_line_id: str
    picked: Quantity


class PicklistCompleted(OfPicklist):
    """Every task is done or short."""

    kind: ClassVar[str] = "picklist.completed"
    for_hq: ClassVar[bool] = True
    pick_confirmation_id: str
    workplace: str
    lines: tuple[PickedLine, ...]


# --- lots and serial numbers -------------------------------------------------------------------------------------


LotChoice = Literal["later_lot", "other_lot"]
"""What a picker chose: a lot that expires later than another one at hand, or another one than was planned."""


class PickInHand(OfPicklist):
    """The item in hand and what is known of it; it is counted once nothing is missing. `choice`: what is asked."""

    kind: ClassVar[str] = "pick.in_hand"
    task_id: str
    qty: Quantity
    lot_id: str | None = None
    expires_on: str | None = None
    choice: LotChoice | None = None


class PickSetDown(OfPicklist):
    """Nothing is in hand any more: the line is full, or the picker went on with something else."""

    kind: ClassVar[str] = "pick.set_down"


class PickTraced(OfPicklist):
    """Of which lot the units of one count are, and their serial numbers. It stands beside the count."""

    kind: ClassVar[str] = "pick.traced"
    task_id: str
    count_id: str
    location_id: str
    sku: str
    qty: Quantity
    lot_id: str = ""
    expires_on: str | None = None
    serials: tuple[str, ...] = ()
    choice: LotChoice | None = None


class OfPickedLine(OfPicklist):
    """What HQ learns of the units that were picked for one order line, once that is final."""

    fulfillment_id: str
    order_line_id: str
    sku: str


class SerialsAssigned(OfPickedLine):
    """These units go to this order line."""

    kind: ClassVar[str] = "serials.assigned"
    for_hq: ClassVar[bool] = True
    serials: tuple[str, ...]


class LotConsumed(OfPickedLine):
    """So many units of a lot went to this order line."""

    kind: ClassVar[str] = "lot.consumed"
    for_hq: ClassVar[bool] = True
    lot_id: str
    expires_on: str | None = None
    qty: Quantity
    named_later: bool = False
    """The lot was not known when the units were counted: stock learns of it by this fact."""


# --- totes -------------------------------------------------------------------------------------------------------


class PickPutWanted(OfPicklist):
    """What was taken for a task is to go into the tote of its order now, and that is to be scanned."""

    kind: ClassVar[str] = "pick.put_wanted"
    task_id: str


class PickPut(OfPicklist):
    """The tote was scanned that belongs to the order."""

    kind: ClassVar[str] = "pick.put"
    task_id: str
    fulfillment_id: str
    tote_id: str


# --- lists that change hands, other places, goods that go back -----------------------------------------------------


class PicklistReleased(OfPicklist):
    """A list was put aside with its progress; anybody may go on with it, those of `zone` where one is named."""

    kind: ClassVar[str] = "picklist.released"
    worker_id: str
    workplace: str | None
    reason: str
    zone: str | None = None


class PickerZoned(Fact):
    """The picker at a workplace works in one part of the warehouse; None for all of it."""

    kind: ClassVar[str] = "picker.zoned"
    workplace: str
    zone: str | None = None


class OfAddedTask(OfPicklist):
    """A new task beside one that HQ planned, for the same order line."""

    task_id: str
    of_task_id: str
    fulfillment_id: str
    order_line_id: str
    location_id: str
    sku: str
    qty: Quantity


class PickReplanned(OfAddedTask):
    """What one location lacked is taken from another: a new task beside the short one."""

    kind: ClassVar[str] = "pick.replanned"
    for_hq: ClassVar[bool] = True


class PickSubstituted(OfAddedTask):
    """What was short is replaced, unit for unit, by another product: a new task beside the short one."""

    kind: ClassVar[str] = "pick.substituted"
    for_hq: ClassVar[bool] = True
    for_sku: str
    """What is short."""
    allowed_by: str | None = None
    """The supervisor who allowed it; None where the order itself does."""


class PickOver(OfAddedTask):
    """More is taken than was asked, as far as the site allows it: a new task beside the full one."""

    kind: ClassVar[str] = "pick.over"
    for_hq: ClassVar[bool] = True
    reason: str


class RebinnedPart(Stored):
    """Units of one count that went back; `lot_id` is empty where the lot is not known."""

    count_id: str
    qty: Quantity
    lot_id: str = ""
    serials: tuple[str, ...] = ()


class PickRebinned(OfPicklist):
    """Picked units went to a location instead of a parcel: `qty` now, `picked` stay for the task."""

    kind: ClassVar[str] = "pick.rebinned"
    for_hq: ClassVar[bool] = True
    rebin_id: str
    task_id: str
    fulfillment_id: str
    order_line_id: str
    location_id: str
    sku: str
    qty: Quantity
    picked: Quantity
    line_picked: Quantity
    """What stays picked for the order line, whose tasks may be several."""
    reason: str
    parts: tuple[RebinnedPart, ...] = ()
    """Of units whose lot or serial numbers are known; the others came from no lot."""


class PickPutBack(PickRebinned):
    """The same of work that HQ has given to others, or of a task it dropped: it counts these units as nobody's.

    So it is not told.
    """

    kind: ClassVar[str] = "pick.put_back"
    for_hq: ClassVar[bool] = False


class HandedOverUnits(Stored):
    """Picked units of one product and lot."""

    sku: str
    qty: Quantity
    lot_id: str = ""
    serials: tuple[str, ...] = ()


class PickHandedOver(OfPicklist):
    """What was picked for an order is packed at another station: it is no longer here."""

    kind: ClassVar[str] = "pick.handed_over"
    fulfillment_id: str
    goods: tuple[HandedOverUnits, ...]


# --- what comes many at once ---------------------------------------------------------------------------------------


class CheckedPart(Stored):
    """Units that one element counted, or took back, for one task."""

    task_id: str
    qty: Quantity


class Checked(Stored):
    """What became of one element; `code` and `message` are of a refusal. `repeated`: it was answered before."""

    ident: str
    tasks: tuple[CheckedPart, ...] = ()
    code: str | None = None
    message: str | None = None
    repeated: bool = False


class PicksChecked(OfPicklist):
    """A handheld told of many scans, corrections or re-bins in one call: what became of each, in their order."""

    kind: ClassVar[str] = "picks.checked"
    what: Literal["scan", "adjustment", "rebin"]
    worker_id: str
    results: tuple[Checked, ...]
