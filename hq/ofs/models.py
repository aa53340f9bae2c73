"""The bodies that cross the wire, as seed 001 shows them. What the seed leaves open is in docs/hq.md."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    RootModel,
    StringConstraints,
)

MAX_METADATA = 16 * 1024
MAX_LINES = 1000
MAX_BATCH = 1000

PRIORITIES = ("urgent", "high", "normal", "low")
Priority = Literal["urgent", "high", "normal", "low"]


class Body(BaseModel):
    """A JSON object whose unknown members and silent conversions are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _small(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value)) > MAX_METADATA:
        raise ValueError(f"is longer than {MAX_METADATA} bytes as JSON")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside the years 1 to 9999 in UTC") from error
    return value


def _check_digit(code: str) -> str:
    # GS1 General Specifications 7.9: weights 3 and 1 from the right.
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(code[:-1])))
    if (10 - total % 10) % 10 != int(code[-1]):
        raise ValueError(f"its check digit should be {(10 - total % 10) % 10}")
    return code


Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Ident = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]
Place = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{0,200}$")]
Quantity = Annotated[int, Field(gt=0, le=1_000_000)]
Grams = Annotated[int, Field(gt=0, le=50_000_000)]
Centimetres = Annotated[
    Decimal,
    Field(gt=0, le=10_000, decimal_places=1),
    PlainSerializer(lambda size: int(size) if size == int(size) else float(size), when_used="json"),
]
Metadata = Annotated[dict[str, Any], AfterValidator(_small)]
Gtin = Annotated[str, StringConstraints(pattern=r"^(\d{8}|\d{12,14})$"), AfterValidator(_check_digit)]
Sscc = Annotated[str, StringConstraints(pattern=r"^\d{18}$"), AfterValidator(_check_digit)]


class Address(Body):
    """Where goods go."""

    name: Text
    address1: Text
    address2: Text | None = None
    city: Text
    region: Text | None = None
    postal_code: Text | None = None
    country: Text
    phone: Text | None = None


class Insurance(Body):
    """Passed through to the shipment untouched; the seed gives no unit for `value`."""

    value: int = Field(ge=0)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class FulfillmentLine(Body):
    """One ordered line."""

    order_line_id: Ident
    sku: Ident
    quantity: Quantity
    attributes: Metadata = {}


class FulfillmentCreate(Body):
    """Seed 001 section 1; from `ship_to` on, our additions. `ordered_at` and `shipped_at` are kept as given."""

    order_id: Ident
    source: Text | None = None
    requested_ship_date: Time | None = None
    warehouse_id: Place
    lines: tuple[FulfillmentLine, ...] = Field(min_length=1, max_length=MAX_LINES)
    metadata: Metadata = {}
    ship_to: Address | None = None
    carrier_hint: Text | None = None
    service_code: Text | None = None
    insurance: Insurance | None = None
    ordered_at: Text | None = None
    shipped_at: Text | None = None


class FulfillmentChange(Body):
    """What is left out stays."""

    warehouse_id: Place | None = None
    requested_ship_date: Time | None = None
    metadata: Metadata | None = None


class Barcode(Body):
    """Another code on a product; `multiplier` units in what carries it."""

    barcode: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,48}$")]
    multiplier: Quantity


class Dimensions(Body):
    """Outer size of a parcel or a product in centimetres, one decimal at most (the unit is an assumption)."""

    l: Centimetres  # noqa: E741 -- the seed's name
    w: Centimetres
    h: Centimetres


class ProductLine(Body):
    """One line of a products import; stock figures are remembered, not booked."""

    sku: Ident
    name: Text
    category: Text | None = None
    gtin: Gtin | None = None
    barcodes: tuple[Barcode, ...] = Field(default=(), max_length=50)
    pack_text: Text | None = None
    nominal_weight_g: Grams | None = None
    dimensions: Dimensions | None = None
    location_id: Place
    warehouse_id: Place = "wh_1"
    units_in_stock: int = Field(default=0, ge=0)
    units_on_order: int = Field(default=0, ge=0)
    discontinued: bool = False
    serial_required: bool = False
    expiry_required: bool = False
    picture_url: Annotated[str, StringConstraints(pattern=r"^https?://\S{1,500}$")] | None = None


class StockLine(Body):
    """One line of a stock import: `quantity` units more (or fewer) at a location."""

    location_id: Place
    sku: Ident
    quantity: int = Field(ge=-1_000_000, le=1_000_000)
    reference: Ident


class Cancel(Body):
    """Why, for the timeline."""

    reason: Text | None = None


class AllocationLine(Body):
    """One line a caller wants allocated."""

    line_id: Ident
    sku: Ident
    qty: Quantity


class AllocationRequest(Body):
    """`lines`, where given, must name everything still to allocate: a fulfillment is allocated whole."""

    fulfillment_id: Ident
    lines: tuple[AllocationLine, ...] | None = None
    strategy: Literal["fifo"] = "fifo"


class PicklistCreate(Body):
    """Seed 001 section 3."""

    warehouse_id: Place
    fulfillment_ids: tuple[Ident, ...] = Field(min_length=1, max_length=MAX_BATCH)
    priority: Priority = "normal"
    picker_group: Text | None = None


class Holder(Body):
    """Who works on it, with what."""

    worker_id: Ident
    device_id: Ident


class Assign(Holder):
    """`take_over` lets the office hand a picklist to another device when the first is broken."""

    take_over: bool = False


class Nothing(Body):
    """A call without members; an empty body will do."""


class Scan(Body):
    """Units taken from a location. Without `task_id` they go to the open tasks of that sku there, in order."""

    location_id: Ident
    sku: Ident
    lot: Ident | None = None
    serial: Ident | None = None
    qty: Quantity
    timestamp: Time
    scan_id: Ident | None = None
    task_id: Ident | None = None


class Adjustment(Body):
    """`undo` puts `qty` units back; `short` ends the task with the rest missing; `reopen` takes a short back.

    `relocate` has `qty` of a short picked at `location_id`, as the task `new_task_id`; `substitute` the same, of
    another `sku`; `over` has `qty` more than was asked picked for a task that is done.
    """

    adjustment_id: Ident
    task_id: Ident
    kind: Literal["undo", "short", "reopen", "relocate", "substitute", "over"]
    qty: Quantity | None = None
    reason: Text | None = None
    location_id: Place | None = None
    new_task_id: Ident | None = None
    sku: Ident | None = None


class Adjust(Body):
    """Corrections of a picklist, answered one by one."""

    adjustments: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=MAX_BATCH)


class Rebin(Body):
    """Picked units that go to a staging location instead of a package."""

    rebin_id: Ident
    task_id: Ident
    qty: Quantity
    location_id: Place
    reason: Text | None = None
    serials: tuple[Ident, ...] = Field(default=(), max_length=MAX_LINES)


class Rebins(Body):
    """Re-bins of a picklist, answered one by one."""

    rebins: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=MAX_BATCH)


class ScanBatch(RootModel[tuple[dict[str, Any], ...]]):
    """An array of scans: each is checked alone, so that a bad one does not lose the others."""

    model_config = ConfigDict(frozen=True, strict=True)
    root: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=MAX_BATCH)


class Complete(Body):
    """The caller's own id for this confirmation, so that a repeat is known as one."""

    pick_confirmation_id: Ident | None = None


class TaskResult(Body):
    """What the worker adds, for the timeline."""

    result: Metadata = {}


class OpenSession(Body):
    """A worker at a pack station."""

    worker_id: Ident
    fulfillment_id: Ident | None = None


class PackedItem(Body):
    """Units of one line in a package."""

    line_id: Ident
    qty: Quantity
    serials: tuple[Ident, ...] = Field(default=(), max_length=MAX_LINES)


class Package(Body):
    """A package as packed; the client's own `package_id` is adopted."""

    package_id: Ident | None = None
    weight: Grams
    dims: Dimensions | None = None
    items: tuple[PackedItem, ...] = Field(min_length=1, max_length=MAX_LINES)
    sscc: Sscc | None = None
    metadata: Metadata = {}


class Pack(Body):
    """Seed 001 section 3: what went into packages."""

    fulfillment_ids: tuple[Ident, ...] = Field(min_length=1, max_length=MAX_BATCH)
    packages: tuple[Package, ...] = Field(min_length=1, max_length=MAX_BATCH)


class Seal(Body):
    """The package to close."""

    package_id: Ident


class ShippedPackage(Body):
    """A sealed package; weight and size, where given, must be those it was sealed with."""

    package_id: Ident
    weight: Grams | None = None
    dimensions: Dimensions | None = None


class ShipmentCreate(Body):
    """Seed 001 section 4. What is left out is taken from the fulfillment."""

    fulfillment_id: Ident
    packages: tuple[ShippedPackage, ...] = Field(min_length=1, max_length=MAX_BATCH)
    from_warehouse_id: Place | None = None
    to_address: Address | None = None
    carrier_hint: Text | None = None
    service_code: Text | None = None
    insurance: Insurance | None = None
    reference: Text | None = None
    metadata: Metadata = {}


class GenerateLabel(Body):
    """Only `zpl` can be made here."""

    label_format: Text
    connector_id: Ident | None = None
