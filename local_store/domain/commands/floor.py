"""What a worker does at a workplace, scan by scan."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from local_store.domain.commands.base import MAX_WEIGHT_MG, Code, FloorCommand, Id, Reason
from local_store.domain.commands.packing import PACK_COMMANDS

TALLIED = frozenset({"receive", "put_away", "count", "return", "inspect", "kit"})
SerialNumber = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
"""Kinds of work in which goods are counted onto a tally."""


class Scan(FloorCommand):
    """A code was scanned, by whatever means."""

    kind: ClassVar[str] = "scan"
    code: Code
    symbology: str | None = Field(default=None, max_length=3)
    device: str = Field(default="screen", max_length=40)


class KeyQuantity(FloorCommand):
    """The worker keyed how many of the item just scanned are in hand, in all."""

    kind: ClassVar[str] = "quantity"
    quantity: Annotated[Decimal, Field(max_digits=9, decimal_places=3)]


class SetValue(FloorCommand):
    """The worker says something of the item in hand or just counted: lot, expiry, serial, condition, or its photo."""

    kind: ClassVar[str] = "set"
    needs: ClassVar[frozenset[str]] = frozenset({"pick"}) | TALLIED
    name: Literal["lot", "expiry", "serial", "condition", "photo"]
    value: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class KeySerials(FloorCommand):
    """Serial numbers of many units in hand, in one go."""

    kind: ClassVar[str] = "serials"
    needs: ClassVar[frozenset[str]] = frozenset({"pick"})
    serials: Annotated[tuple[SerialNumber, ...], Field(min_length=1, max_length=500)]


class Replan(FloorCommand):
    """What was just marked short is taken from another location."""

    kind: ClassVar[str] = "replan"
    needs: ClassVar[frozenset[str]] = frozenset({"pick"})
    location_id: Id


class OpenWork(FloorCommand):
    """The worker chose a picklist or a fulfillment from the list."""

    kind: ClassVar[str] = "open"
    id: Id


class Skip(FloorCommand):
    """Put the current line off."""

    kind: ClassVar[str] = "skip"
    needs: ClassVar[frozenset[str]] = frozenset({"pick"})


class MarkShort(FloorCommand):
    """The rest of the current line cannot be picked, or is not there to be packed or built in."""

    kind: ClassVar[str] = "short"
    needs: ClassVar[frozenset[str]] = frozenset({"pick", "pack", "kit"})
    reason: Reason


class Undo(FloorCommand):
    """Take the last count back."""

    kind: ClassVar[str] = "undo"


class Complete(FloorCommand):
    """What is open here is through: a picklist, a receipt, a count, a manifest."""

    kind: ClassVar[str] = "complete"
    needs: ClassVar[frozenset[str]] = frozenset({"pick", "load"}) | TALLIED


class Weigh(FloorCommand):
    """Use what the scale says for the goods in hand, or the parcel whose turn it is; a reason accepts a wrong one."""

    kind: ClassVar[str] = "weigh"
    observed: ClassVar[frozenset[str]] = frozenset(
        {"scale", "weight_mg", "stability", "range", "fault", "newer_than_request", "emptied"}
    )
    needs: ClassVar[frozenset[str]] = frozenset({"pack", "receive"})
    scale: str = Field(default="", max_length=40)
    weight_mg: Annotated[int, Field(ge=-MAX_WEIGHT_MG, le=MAX_WEIGHT_MG)] | None = None
    stability: str = Field(default="unknown", max_length=10)
    range: str = Field(default="unknown", max_length=10)
    fault: str | None = Field(default=None, max_length=80)
    newer_than_request: bool = False
    emptied: bool = False
    """Whether the scale was empty since the last weight that was accepted."""
    reason: Reason | None = None
    hands_free: bool = False
    """Whether the parcel is to be sealed at once where its weight fits and nothing else is missing."""


class Seal(FloorCommand):
    """Close the parcel for good and print its label."""

    kind: ClassVar[str] = "seal"
    needs: ClassVar[frozenset[str]] = frozenset({"pack"})


class DecideLabel(FloorCommand):
    """A person answers what became of a label, or is to become of it: see `printing.ANSWERS`."""

    kind: ClassVar[str] = "label-decision"
    needs: ClassVar[frozenset[str]] = frozenset({"pack"})
    job_id: Id
    decision: Literal["came_out", "did_not", "damaged", "print", "discard"]


class ReprintLabel(FloorCommand):
    """A label that came out is wanted once more, marked as a copy."""

    kind: ClassVar[str] = "label-reprint"
    needs: ClassVar[frozenset[str]] = frozenset({"pack"})
    job_id: Id
    reason: Reason


class VoidLabel(FloorCommand):
    """A label must not be used any more; its number is burned."""

    kind: ClassVar[str] = "label-void"
    needs: ClassVar[frozenset[str]] = frozenset({"pack"})
    job_id: Id
    reason: Reason


class PrintLabel(FloorCommand):
    """Print a location, item or tote label."""

    kind: ClassVar[str] = "label-print"
    needs: ClassVar[frozenset[str]] = frozenset({"pack"})
    template: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
    values: Annotated[dict[Id, Annotated[str, StringConstraints(max_length=300)]], Field(max_length=20)]


class SignOut(FloorCommand):
    """The worker leaves the workplace."""

    kind: ClassVar[str] = "sign-out"


_OF_EVERY_PLACE: tuple[type[FloorCommand], ...] = (
    *(Scan, KeyQuantity, KeySerials, OpenWork, Skip, MarkShort, Replan, Undo, SetValue, Complete, Weigh, Seal),
    *(DecideLabel, ReprintLabel, VoidLabel, PrintLabel, SignOut),
)

FLOOR_COMMANDS: dict[str, type[FloorCommand]] = {
    command.kind: command for command in (*_OF_EVERY_PLACE, *PACK_COMMANDS)
}
"""What a workplace can be asked to do, by name: the last part of the route."""
