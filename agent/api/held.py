"""The shapes of seed 001 in which a station tells what it holds, and what may be asked of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from web.pages import Page
from web.routes import Shape

MAX_ID = 120

Qty = int | str
Json = dict[str, Any]
Status = Literal[
    "created", "awaiting_allocation", "allocated", "picking", "picked", "packing", "ready_to_ship", "shipped",
    "closed", "cancelled",
]  # fmt: skip
TaskStatus = Literal["open", "done", "short"]
Priority = Literal["urgent", "high", "normal", "low"]
PicklistStatus = Literal["draft", "assigned", "in_progress", "completed", "cancelled"]


class FulfillmentQuery(Page):
    """Which fulfillments."""

    order_id: str | None = Field(default=None, min_length=1, max_length=MAX_ID)
    status: Status | None = None


class TaskQuery(Page):
    """Which tasks; open ones where no status is named."""

    type: Literal["pick"] = "pick"
    status: TaskStatus = "open"
    worker_id: str | None = Field(default=None, min_length=1, max_length=MAX_ID)
    priority: Priority | None = None


class PicklistQuery(Page):
    """Which picklists."""

    status: PicklistStatus | None = None


class Line(Shape):
    """A line of an order, in units."""

    order_line_id: str
    sku: str
    qty: Qty
    allocated: list[Json]
    picked: Qty
    packed: Qty
    attributes: Json


class Task(Shape):
    """One line to pick; `short` is what will not come."""

    type: Literal["pick"]
    task_id: str
    picklist_id: str
    fulfillment_id: str
    order_line_id: str
    location_id: str
    sku: str
    lot_id: None
    qty: Qty
    picked: Qty
    short: Qty
    status: TaskStatus
    short_reason: str | None
    worker_id: str | None
    device_id: str | None


class Package(Shape):
    """A weighed package: grams, and the size where it is known."""

    package_id: str
    weight: int
    dimensions: None
    sscc: str | None
    sealed: bool


class Fulfillment(Shape):
    """A fulfillment as this station has it."""

    id: str
    order_id: str
    warehouse_id: str
    status: Status
    lines: list[Line]
    allocation_id: None
    picklist_id: str | None
    packages: list[Package]
    shipments: list[str]
    created_at: None
    updated_at: None
    metadata: Json
    carrier_hint: str | None
    service_code: str | None
    insurance: Json | None
    requested_ship_date: str | None
    tasks: list[Task]


class Picklist(Shape):
    """A picklist with its tasks in walking order."""

    id: str
    picklist_id: str
    warehouse_id: str
    fulfillment_ids: list[str]
    status: PicklistStatus
    tasks: list[Task]
    priority: Priority
    worker_id: str | None
    device_id: str
    pick_confirmation_id: str | None
    created_at: None


class Queue(Shape):
    """How much waits in one place."""

    queue: str
    count: int


class Warehouse(Shape):
    """The warehouse this station stands in, and what is done at its workplaces."""

    id: str
    warehouse_id: str
    capabilities: list[str]
    workstations: list[str]


class Settings(Shape):
    """What this station goes by; nothing of it is secret. Tolerances in per cent (as text) and grams."""

    default_warehouse_id: str
    allowed_splits: bool
    default_label_format: Literal["zpl"]
    packaging_rules: Json
    station_id: str
    label_check: bool


class Inner(Shape):
    """Inner size in centimetres, whole or as text."""

    l: Qty  # noqa: E741 -- the seed's name
    w: Qty
    h: Qty


class Profile(Shape):
    """A box that an HQ described: inner size in centimetres, weights in grams; what only HQ knows is null."""

    profile_id: str
    name: str
    dimensions: Inner
    tare_weight: Qty | None
    max_weight: Qty | None
    default: None
    warehouse_id: None


class Profiles(Shape):
    """A page of them."""

    items: list[Profile]
    next_cursor: str | None


class Fulfillments(Shape):
    """A page of them."""

    items: list[Fulfillment]
    next_cursor: str | None


class Picklists(Shape):
    """A page of them."""

    items: list[Picklist]
    next_cursor: str | None


class Tasks(Shape):
    """A page of them."""

    items: list[Task]
    next_cursor: str | None


class Queues(Shape):
    """A page of them."""

    items: list[Queue]
    next_cursor: str | None


class Warehouses(Shape):
    """A page of them."""

    items: list[Warehouse]
    next_cursor: str | None
