"""The state machines of seed 001 (section 18), as tables. Illegal moves fail here and nowhere else. No IO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fulfillment(StrEnum):
    """Where an order's goods are in the house."""

    CREATED = "created"  # taken in, no stock looked for yet
    AWAITING_ALLOCATION = "awaiting_allocation"  # stock was looked for and missing, released, or short at the shelf
    ALLOCATED = "allocated"  # stock is reserved for every line
    PICKING = "picking"  # its picklist is started, something is still to pick
    PICKED = "picked"  # nothing left to pick, at least one unit is off the shelf
    PACKING = "packing"  # some of the picked units are in packages
    READY_TO_SHIP = "ready_to_ship"  # every picked unit is in a package
    SHIPPED = "shipped"  # every picked unit is in a shipment
    CLOSED = "closed"  # nothing more will happen
    CANCELLED = "cancelled"  # nothing more will be picked, packed or shipped; picked goods go back to the shelf


class Picklist(StrEnum):
    """Where a wave is."""

    DRAFT = "draft"  # nobody has it
    ASSIGNED = "assigned"  # one device has it
    IN_PROGRESS = "in_progress"  # picking
    COMPLETED = "completed"  # every task is done or short, and the picker said so
    CANCELLED = "cancelled"  # all its fulfillments were cancelled


class Shipment(StrEnum):
    """Where a shipment is."""

    LABEL_PENDING = "label_pending"  # created
    LABEL_GENERATED = "label_generated"  # a label and tracking number exist
    BOOKED = "booked"  # on a manifest
    IN_TRANSIT = "in_transit"  # the carrier has it
    DELIVERED = "delivered"  # the customer has it
    FAILED = "failed"  # the carrier gave up
    CANCELLED = "cancelled"  # called off before the carrier had it; its goods are in the house (our addition)


class Return(StrEnum):
    """Where goods that come back are."""

    AWAITING_RETURN = "awaiting_return"  # announced
    RECEIVED = "received"  # some or all of it is in the house
    INSPECTED = "inspected"  # everything that came has its disposition
    COMPLETED = "completed"  # nothing more will happen


class Manifest(StrEnum):
    """Where a list of shipments for one carrier is."""

    DRAFT = "draft"  # shipments may be added
    SUBMITTED = "submitted"  # told to the carrier
    ACCEPTED = "accepted"  # the carrier takes them
    REJECTED = "rejected"  # the carrier does not; its shipments may go on another one


class Qc(StrEnum):
    """Where an inspection is."""

    OPEN = "open"  # records may be added
    RESOLVED = "resolved"  # its disposition is decided


class Job(StrEnum):
    """Where heavy work is."""

    RUNNING = "running"  # waiting its turn, or being worked
    COMPLETED = "completed"  # every element has its result
    CANCELLED = "cancelled"  # what was not yet worked never will be


F, P, S, R, M, Q, J = Fulfillment, Picklist, Shipment, Return, Manifest, Qc, Job

Table = Mapping[StrEnum, frozenset[StrEnum]]

FULFILLMENT: Table = {
    F.CREATED: frozenset({F.AWAITING_ALLOCATION, F.ALLOCATED, F.CANCELLED}),
    F.AWAITING_ALLOCATION: frozenset({F.ALLOCATED, F.PICKING, F.CANCELLED}),
    F.ALLOCATED: frozenset({F.AWAITING_ALLOCATION, F.PICKING, F.PICKED, F.CANCELLED}),
    F.PICKING: frozenset({F.AWAITING_ALLOCATION, F.PICKED, F.PACKING, F.READY_TO_SHIP, F.SHIPPED, F.CANCELLED}),
    F.PICKED: frozenset({F.AWAITING_ALLOCATION, F.ALLOCATED, F.PICKING, F.PACKING, F.READY_TO_SHIP, F.CANCELLED}),
    # Back to picked when the only sealed package is taken apart.
    F.PACKING: frozenset({F.PICKED, F.PICKING, F.READY_TO_SHIP, F.SHIPPED, F.CANCELLED}),
    F.READY_TO_SHIP: frozenset({F.PICKED, F.PACKING, F.SHIPPED, F.CANCELLED}),
    # Back when a shipment is cancelled before the carrier has it.
    F.SHIPPED: frozenset({F.READY_TO_SHIP, F.CLOSED}),
    F.CLOSED: frozenset(),
    F.CANCELLED: frozenset(),
}
PICKLIST: Table = {
    P.DRAFT: frozenset({P.ASSIGNED, P.CANCELLED}),
    P.ASSIGNED: frozenset({P.IN_PROGRESS, P.CANCELLED}),
    P.IN_PROGRESS: frozenset({P.COMPLETED, P.CANCELLED}),
    P.COMPLETED: frozenset(),
    P.CANCELLED: frozenset(),
}
SHIPMENT: Table = {
    S.LABEL_PENDING: frozenset({S.LABEL_GENERATED, S.CANCELLED}),
    S.LABEL_GENERATED: frozenset({S.BOOKED, S.IN_TRANSIT, S.DELIVERED, S.FAILED, S.CANCELLED}),
    S.BOOKED: frozenset({S.IN_TRANSIT, S.DELIVERED, S.FAILED, S.CANCELLED}),
    S.IN_TRANSIT: frozenset({S.DELIVERED, S.FAILED}),
    S.DELIVERED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
}
RETURN: Table = {
    R.AWAITING_RETURN: frozenset({R.RECEIVED}),
    R.RECEIVED: frozenset({R.RECEIVED, R.INSPECTED}),  # a second parcel of the same return
    R.INSPECTED: frozenset({R.COMPLETED}),
    R.COMPLETED: frozenset(),
}
MANIFEST: Table = {
    M.DRAFT: frozenset({M.SUBMITTED}),
    M.SUBMITTED: frozenset({M.ACCEPTED, M.REJECTED}),
    M.ACCEPTED: frozenset(),
    M.REJECTED: frozenset(),
}
QC: Table = {Q.OPEN: frozenset({Q.RESOLVED}), Q.RESOLVED: frozenset()}
JOB: Table = {J.RUNNING: frozenset({J.COMPLETED, J.CANCELLED}), J.COMPLETED: frozenset(), J.CANCELLED: frozenset()}
NEXT: Mapping[type[StrEnum], Table] = {
    F: FULFILLMENT,
    P: PICKLIST,
    S: SHIPMENT,
    R: RETURN,
    M: MANIFEST,
    Q: QC,
    J: JOB,
}


class IllegalMove(Exception):  # noqa: N818 -- an answer to the caller, not an error in the program
    """A change of status that the table does not allow."""

    def __init__(self, what: str, old: StrEnum, new: StrEnum) -> None:
        allowed = ", ".join(sorted(NEXT[type(old)][old])) or "nothing more"
        super().__init__(f"{what} is {old} and cannot become {new}; from {old} it may become {allowed}.")
        self.old, self.new = str(old), str(new)


@dataclass(frozen=True)
class Progress:
    """What hands have done for one fulfillment, in units; `started` when a picklist of it is being picked."""

    started: bool
    open_tasks: int
    picked: int
    packed: int
    shipped: int


def move(what: str, old: StrEnum, new: StrEnum) -> None:
    """Check one change of status. Raises IllegalMove; `what` names the thing in its sentence."""
    if new not in NEXT[type(old)][old]:
        raise IllegalMove(what, old, new)


def status_of(progress: Progress) -> Fulfillment:
    """The status that follows from what was done, once a fulfillment is on a picklist."""
    if progress.open_tasks:
        return F.PICKING if progress.started or progress.picked else F.ALLOCATED
    if not progress.picked:
        return F.AWAITING_ALLOCATION
    if progress.shipped == progress.picked:
        return F.SHIPPED
    if progress.packed == progress.picked:
        return F.READY_TO_SHIP
    return F.PACKING if progress.packed else F.PICKED
