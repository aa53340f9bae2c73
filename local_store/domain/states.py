"""The state machines of the floor, each a table: (state, what happens) -> next state. Anything else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

PRIORITIES = ("urgent", "high", "normal", "low")
"""Of a picklist, most urgent first; its table stores the place in this list."""


class Picklist(StrEnum):
    """States of a picklist on this station."""

    OPEN = "open"  # received; nobody here works on it
    IN_PROGRESS = "in_progress"  # a worker of this station picks it
    COMPLETED = "completed"  # every task is done or short; HQ is told


class PickTask(StrEnum):
    """States of one line to pick."""

    OPEN = "open"  # something is still to be taken
    SKIPPED = "skipped"  # put off until the other lines are through
    DONE = "done"  # all of it was taken
    SHORT = "short"  # the rest cannot be taken; a reason is recorded


class PackSession(StrEnum):
    """States of a fulfillment at the pack station."""

    WAITING = "waiting"  # being picked, or not begun
    READY = "ready"  # picked; may be packed
    PACKING = "packing"  # a packer has it open
    PACKED = "packed"  # all its packages are sealed


class Package(StrEnum):
    """States of a package."""

    OPEN = "open"  # contents are being verified
    WEIGHED = "weighed"  # contents complete and weight accepted
    SEALED = "sealed"  # never changes again
    VOIDED = "voided"  # was sealed and is taken apart; what it held is packed anew


PICKLIST: Mapping[tuple[Picklist, str], Picklist] = {
    (Picklist.OPEN, "start"): Picklist.IN_PROGRESS,
    (Picklist.IN_PROGRESS, "release"): Picklist.OPEN,
    (Picklist.IN_PROGRESS, "complete"): Picklist.COMPLETED,
}

PICK_TASK: Mapping[tuple[PickTask, str], PickTask] = {
    (PickTask.OPEN, "count"): PickTask.OPEN,
    (PickTask.OPEN, "fill"): PickTask.DONE,
    (PickTask.OPEN, "skip"): PickTask.SKIPPED,
    (PickTask.OPEN, "short"): PickTask.SHORT,
    (PickTask.OPEN, "undo"): PickTask.OPEN,
    (PickTask.SKIPPED, "count"): PickTask.OPEN,
    (PickTask.SKIPPED, "fill"): PickTask.DONE,
    (PickTask.SKIPPED, "skip"): PickTask.SKIPPED,
    (PickTask.SKIPPED, "short"): PickTask.SHORT,
    (PickTask.SKIPPED, "undo"): PickTask.OPEN,
    (PickTask.DONE, "undo"): PickTask.OPEN,
    (PickTask.SHORT, "undo"): PickTask.OPEN,
    (PickTask.DONE, "rebin"): PickTask.SHORT,
    (PickTask.SHORT, "rebin"): PickTask.SHORT,
}

PACK_SESSION: Mapping[tuple[PackSession, str], PackSession] = {
    (PackSession.WAITING, "picked"): PackSession.READY,
    (PackSession.READY, "open"): PackSession.PACKING,
    (PackSession.PACKING, "seal"): PackSession.PACKED,
    (PackSession.PACKED, "void"): PackSession.READY,
}

PACKAGE: Mapping[tuple[Package, str], Package] = {
    (Package.OPEN, "count"): Package.OPEN,
    (Package.OPEN, "undo"): Package.OPEN,
    (Package.OPEN, "weigh"): Package.WEIGHED,
    (Package.WEIGHED, "weigh"): Package.WEIGHED,
    (Package.WEIGHED, "undo"): Package.OPEN,
    (Package.WEIGHED, "seal"): Package.SEALED,
    (Package.OPEN, "repack"): Package.OPEN,
    (Package.WEIGHED, "repack"): Package.OPEN,
    (Package.SEALED, "void"): Package.VOIDED,
}


class IllegalStep(Exception):  # noqa: N818 -- it is what a caller asked for, not a fault of the program
    """`what` is not possible for something that is `state`."""

    def __init__(self, state: StrEnum, what: str) -> None:
        super().__init__(f"{what} is not possible while it is {state.value}")
        self.state, self.what = state, what


State = TypeVar("State", bound=StrEnum)


def step(table: Mapping[tuple[State, str], State], state: State, what: str) -> State:
    """The state after `what`. Raises IllegalStep, the one place where an illegal transition fails."""
    following = table.get((state, what))
    if following is None:
        raise IllegalStep(state, what)
    return following
