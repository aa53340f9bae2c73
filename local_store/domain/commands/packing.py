"""What a packer does about parcels beside scanning, weighing and sealing."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from local_store.domain.commands.base import MAX_WEIGHT_MG, Amount, Command, FloorCommand, Id, Reason, WorkerCommand
from local_store.domain.events import CartonsTold, Dimensions

PACK = frozenset({"pack"})
PACKERS = frozenset({"packer", "supervisor"})
MOST_PARCELS = 99
MOST_OF_A_NAME = 60
"""Characters of the name of a packing material."""
MAX_MM = 20_000
"""Twenty metres: no parcel is longer."""
Millimetres = Annotated[int, Field(gt=0, le=MAX_MM)]


class NextParcel(FloorCommand):
    """The parcel is full: the rest of the order goes into another one."""

    kind: ClassVar[str] = "next-parcel"
    needs: ClassVar[frozenset[str]] = PACK


class ChooseParcel(FloorCommand):
    """Go on putting goods into this parcel of the order; by number, from one."""

    kind: ClassVar[str] = "parcel"
    needs: ClassVar[frozenset[str]] = PACK
    number: Annotated[int, Field(ge=1, le=MOST_PARCELS)]


class Repack(FloorCommand):
    """Take units out of one open parcel and put them into another, or into a new one: the next number."""

    kind: ClassVar[str] = "repack"
    needs: ClassVar[frozenset[str]] = PACK
    sku: Id
    qty: Amount
    source: Annotated[int, Field(ge=1, le=MOST_PARCELS)]
    target: Annotated[int, Field(ge=1, le=MOST_PARCELS)]
    serials: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()
    """Of goods with serial numbers, which."""


class ConfirmNotes(FloorCommand):
    """The packer read the notes of the order; one of them by its code, or all."""

    kind: ClassVar[str] = "confirm"
    needs: ClassVar[frozenset[str]] = PACK
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None


class ChooseCarton(FloorCommand):
    """The parcel is this box."""

    kind: ClassVar[str] = "carton"
    needs: ClassVar[frozenset[str]] = PACK
    carton_id: Id


class UseMaterial(FloorCommand):
    """Packing material went into the parcel: how many of it, and what all of it weighs."""

    kind: ClassVar[str] = "material"
    needs: ClassVar[frozenset[str]] = PACK
    material: Annotated[str, StringConstraints(min_length=1, max_length=MOST_OF_A_NAME, strip_whitespace=True)]
    qty: Amount = Decimal(1)
    weight_mg: Annotated[int, Field(ge=0, le=100_000_000)] = 0


class Measure(FloorCommand):
    """The outer size of the parcel."""

    kind: ClassVar[str] = "measure"
    needs: ClassVar[frozenset[str]] = PACK
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres


class Photograph(FloorCommand):
    """A photo that was kept is of what is in the parcel; see `/v1/station/files`."""

    kind: ClassVar[str] = "photo"
    needs: ClassVar[frozenset[str]] = PACK
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


PACK_COMMANDS: tuple[type[FloorCommand], ...] = (
    *(NextParcel, ChooseParcel, Repack, ConfirmNotes),
    *(ChooseCarton, UseMaterial, Measure, Photograph),
)


class VoidPackage(WorkerCommand):
    """A sealed parcel is wrong: it is taken apart and packed again. Its number is never used again."""

    kind: ClassVar[str] = "package-void"
    roles: ClassVar[frozenset[str]] = PACKERS
    package_id: Id
    reason: Reason


class RequestShipment(WorkerCommand):
    """A packed order leaves the house: its shipment is asked for now, where that was not done when it was sealed."""

    kind: ClassVar[str] = "shipment-request"
    roles: ClassVar[frozenset[str]] = PACKERS
    fulfillment_id: Id


class ReceiveCartons(Command):
    """HQ described its boxes."""

    kind: ClassVar[str] = "cartons.received"
    told: CartonsTold


class OpenPackSession(WorkerCommand):
    """A packer begins at a pack station, with an order when one is named; `workplace` is the station."""

    kind: ClassVar[str] = "pack-session-open"
    roles: ClassVar[frozenset[str]] = PACKERS
    workplace: Id
    session_of: Id
    """The worker the session is for: whoever acts."""
    fulfillment_id: Id | None = None


class GivenItem(BaseModel):
    """Units of one line in a parcel."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    line_id: Id
    qty: Amount
    serials: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


class GivenPackage(BaseModel):
    """A parcel as somebody packed and weighed it; `weight_reason` accepts a weight out of tolerance."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    package_id: Id
    weight_mg: Annotated[int, Field(gt=0, le=MAX_WEIGHT_MG)]
    size: Dimensions | None = None
    items: Annotated[tuple[GivenItem, ...], Field(min_length=1, max_length=1000)]
    weight_reason: Reason | None = None


class RecordPack(WorkerCommand):
    """Parcels that were packed and weighed, all of them or none; they are still open."""

    kind: ClassVar[str] = "pack-record"
    roles: ClassVar[frozenset[str]] = PACKERS
    workplace: Id
    fulfillment_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_PARCELS)]
    packages: Annotated[tuple[GivenPackage, ...], Field(min_length=1, max_length=MOST_PARCELS)]


class SealPackage(WorkerCommand):
    """Close one parcel for good and print its label."""

    kind: ClassVar[str] = "package-seal"
    roles: ClassVar[frozenset[str]] = PACKERS
    workplace: Id
    package_id: Id
