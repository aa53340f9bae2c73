"""What HQ says of work and products, checked, and turned into commands for the store. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from local_store.domain import events as e
from local_store.domain.commands import Party, ReceiveWork, SeeWork
from sync.wording import shown

MG_PER_G, MM_PER_CM = 1000, 10
MAX_MEMBERS = 64 * 1024


class Unusable(Exception):  # noqa: N818 -- a document of HQ, not an error of the program
    """HQ gave work that cannot be done as it stands; the message names place and value."""


def _small(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value)) > MAX_MEMBERS:
        raise ValueError(f"is longer than {MAX_MEMBERS} characters as JSON")
    return value


def _no_dots(text: str) -> str:
    if text in {".", ".."}:
        raise ValueError("is not an id")
    return text


Ident = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=120, min_length=1), AfterValidator(_no_dots)
]
Text = Annotated[str, StringConstraints(max_length=500)]
Members = Annotated[dict[str, Any], AfterValidator(_small)]
Quantity = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=10, decimal_places=3)]
Positive = Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=10, decimal_places=3)]


class _Document(BaseModel):
    """HQ may add members; those we read are checked. The seed has two names for some of them."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, defer_build=True)


class ListedTask(_Document):
    """A row of the task list: which picklist it belongs to, and who holds that."""

    picklist_id: Ident
    picklist_device_id: Ident | None = None


class Task(_Document):
    """One line of a picklist."""

    task_id: Ident
    fulfillment_id: Ident
    order_line_id: Ident
    location_id: Ident
    sku: Ident
    qty: Positive = Field(validation_alias=AliasChoices("qty", "quantity"))
    lot_id: Ident | None = None
    picked: Quantity = Decimal(0)
    status: Text


class Picklist(_Document):
    """A picklist with its tasks in walking order."""

    picklist_id: Ident = Field(validation_alias=AliasChoices("picklist_id", "id"))
    warehouse_id: Ident
    status: Text
    priority: e.Priority = "normal"
    device_id: Ident | None = None
    pick_confirmation_id: Ident | None = None
    picker_group: Text | None = None
    tasks: tuple[Task, ...] = Field(max_length=10_000)

    @model_validator(mode="after")
    def _tasks_differ(self) -> Self:
        _require_different("tasks.task_id", [task.task_id for task in self.tasks])
        return self


class Line(_Document):
    """One line of a fulfillment."""

    order_line_id: Ident
    sku: Ident
    qty: Positive = Field(validation_alias=AliasChoices("qty", "quantity"))
    picked: Quantity = Decimal(0)


class Fulfillment(_Document):
    """What is to be sent, to whom."""

    fulfillment_id: Ident = Field(validation_alias=AliasChoices("id", "fulfillment_id"))
    order_id: Ident
    warehouse_id: Ident
    status: Text
    lines: tuple[Line, ...] = Field(max_length=10_000)
    ship_to: dict[Annotated[str, StringConstraints(max_length=40)], Text | None] | None = Field(None, max_length=20)
    carrier_hint: Text | None = None
    service_code: Text | None = None
    insurance: Members | None = None
    requested_ship_date: Text | None = None
    metadata: Members | None = None

    @model_validator(mode="after")
    def _lines_differ(self) -> Self:
        if not self.lines:
            raise ValueError("lines: there are none")
        _require_different("lines.order_line_id", [line.order_line_id for line in self.lines])
        return self


class _Barcode(_Document):
    barcode: Ident
    multiplier: int = Field(default=1, ge=1, le=1_000_000)


Centimetres = Annotated[Decimal, Field(gt=0, le=10_000)]


class _Size(_Document):
    l: Centimetres  # noqa: E741 -- the seed's name
    w: Centimetres
    h: Centimetres

    @property
    def dimensions(self) -> e.Dimensions:
        """In whole millimetres, rounded up: a product is never taken to be smaller than it is."""
        long, wide, high = (math.ceil(each * MM_PER_CM) for each in (self.l, self.w, self.h))
        return e.Dimensions(length_mm=long, width_mm=wide, height_mm=high)


class Product(_Document):
    """A product; weight in grams, the size of one unit in centimetres."""

    sku: Ident
    name: Text
    pack_text: Text | None = None
    nominal_weight_g: int | None = Field(default=None, ge=0, le=1_000_000_000)
    location_id: Ident | None = None
    gtin: Ident | None = None
    barcodes: tuple[_Barcode, ...] = Field(default=(), max_length=100)
    serial_required: bool = False
    expiry_required: bool = False
    dimensions: _Size | None = None


def product_of(product: Product) -> e.ProductReceived:
    """The product as the store keeps it; its GTIN is one barcode among the others."""
    codes = {product.gtin: 1} if product.gtin else {}
    codes |= {each.barcode: each.multiplier for each in product.barcodes}
    return e.ProductReceived(
        sku=product.sku,
        name=product.name,
        pack_text=product.pack_text or "",
        nominal_weight_mg=None if product.nominal_weight_g is None else product.nominal_weight_g * MG_PER_G,
        location_id=product.location_id,
        barcodes=tuple(e.Barcode(barcode=code, multiplier=units) for code, units in codes.items()),
        serial_required=product.serial_required,
        expiry_required=product.expiry_required,
        size=product.dimensions.dimensions if product.dimensions else None,
    )


def picklist_work(
    lane: str,
    picklist: Picklist,
    of: Mapping[str, Fulfillment],
    command_id: UUID,
    here: Collection[tuple[str, str]] = (),
) -> ReceiveWork:
    """The open tasks of a picklist nobody has begun, with their fulfillments. Raises Unusable.

    `here` are the lines (fulfillment, order line) of orders that the store holds already.
    """
    for place, task in enumerate(picklist.tasks):
        if task.picked:
            raise Unusable(
                f"HQ's picklist {picklist.picklist_id}: tasks.{place}.picked: {shown(task.picked)} of {task.sku} "
                "were picked before this station knew of it, so it cannot go on here: finish it where it was begun."
            )
    open_tasks = [task for task in picklist.tasks if task.status == "open"]
    _require_lines(picklist, open_tasks, of, here)
    fulfillments = [of[ident] for ident in dict.fromkeys(task.fulfillment_id for task in open_tasks) if ident in of]
    dates = [each.requested_ship_date for each in fulfillments if each.requested_ship_date]
    return ReceiveWork(
        command_id=command_id,
        fulfillments=tuple(_received(lane, each, picked=False) for each in fulfillments),
        parties=_parties(fulfillments),
        picklist=_planned(lane, picklist, open_tasks, min(dates, default=None)),
    )


def picked_work(lane: str, fulfillment: Fulfillment, command_id: UUID) -> ReceiveWork:
    """A fulfillment that another station has picked, ready to pack here."""
    return ReceiveWork(
        command_id=command_id,
        fulfillments=(_received(lane, fulfillment, picked=True),),
        parties=_parties([fulfillment]),
    )


def order_work(lane: str, fulfillment: Fulfillment, command_id: UUID) -> ReceiveWork:
    """A fulfillment that came onto a picklist of this station after that was taken in."""
    return ReceiveWork(
        command_id=command_id,
        fulfillments=(_received(lane, fulfillment, picked=False),),
        parties=_parties([fulfillment]),
    )


def seen_picklist(lane: str, station_id: str, picklist: Picklist, known: frozenset[str], command_id: UUID) -> SeeWork:
    """What HQ says now of a picklist that is here: its open tasks, and those `known` here whatever they are."""
    state: Any = {"cancelled": "cancelled", "completed": "completed"}.get(picklist.status, "as_given")
    if state == "as_given" and picklist.device_id not in {None, station_id}:
        state = "given_away"
    tasks = [task for task in picklist.tasks if task.status == "open" or task.task_id in known]
    return SeeWork(
        command_id=command_id,
        lane=lane,
        thing="picklist",
        work_id=picklist.picklist_id,
        state=state,
        confirmation_id=picklist.pick_confirmation_id,
        picklist=_planned(lane, picklist, tasks, None),
    )


def seen_fulfillment(lane: str, fulfillment: Fulfillment, command_id: UUID, *, picked: bool) -> SeeWork:
    """What HQ says now of a fulfillment that is here; `picked` by another station."""
    parties = _parties([fulfillment])
    return SeeWork(
        command_id=command_id,
        lane=lane,
        thing="fulfillment",
        work_id=fulfillment.fulfillment_id,
        state=_FULFILLMENT_STATES.get(fulfillment.status, "as_given"),
        fulfillment=_received(lane, fulfillment, picked=picked),
        party=parties[0] if parties else None,
    )


_FULFILLMENT_STATES: Mapping[str, Any] = {
    "cancelled": "cancelled",
    "packing": "packing",
    "ready_to_ship": "packed",
    "shipped": "packed",
    "closed": "packed",
}
"""Statuses of seed 001 that say more than that the work goes on (hq_contracts 2.3)."""


def _planned(lane: str, picklist: Picklist, tasks: Sequence[Task], ship_by: str | None) -> e.PicklistReceived:
    return e.PicklistReceived(
        lane=lane,
        picklist_id=picklist.picklist_id,
        priority=picklist.priority,
        ship_by=ship_by,
        zone=picklist.picker_group or None,
        tasks=tuple(e.TaskPlan(**task.model_dump(exclude={"picked", "status"}, by_alias=False)) for task in tasks),
    )


def _received(lane: str, fulfillment: Fulfillment, *, picked: bool) -> e.FulfillmentReceived:
    lines = tuple(
        e.WorkLine(
            order_line_id=line.order_line_id,
            sku=line.sku,
            qty=line.qty,
            picked=line.picked if picked else Decimal(0),
        )
        for line in fulfillment.lines
    )
    return e.FulfillmentReceived(
        lane=lane,
        fulfillment_id=fulfillment.fulfillment_id,
        order_id=fulfillment.order_id,
        warehouse_id=fulfillment.warehouse_id,
        party_id=_party_id(fulfillment),
        lines=lines,
        ship_by=fulfillment.requested_ship_date,
        carrier_hint=fulfillment.carrier_hint,
        service_code=fulfillment.service_code,
        insurance=fulfillment.insurance,
        metadata=fulfillment.metadata,
        picked=picked,
    )


def _parties(fulfillments: Sequence[Fulfillment]) -> tuple[Party, ...]:
    """Receivers, as HQ wrote them: what comes back with the shipment has the same members."""
    return tuple(
        Party(
            party_id=_party_id(each),
            name=each.ship_to.get("name") or "",
            address={name: value for name, value in each.ship_to.items() if name != "name" and value is not None},
        )
        for each in fulfillments
        if each.ship_to
    )


def _party_id(fulfillment: Fulfillment) -> str:
    return f"to:{fulfillment.fulfillment_id}"


def _require_lines(
    picklist: Picklist, tasks: Sequence[Task], of: Mapping[str, Fulfillment], here: Collection[tuple[str, str]]
) -> None:
    lines = {(each.fulfillment_id, line.order_line_id) for each in of.values() for line in each.lines} | set(here)
    for task in tasks:
        if (task.fulfillment_id, task.order_line_id) not in lines:
            raise Unusable(
                f"HQ's picklist {picklist.picklist_id}: task {task.task_id}: order_line_id: fulfillment "
                f"{task.fulfillment_id} has no line {shown(task.order_line_id)}."
            )


def _require_different(what: str, ids: Sequence[str]) -> None:
    if len(set(ids)) != len(ids):
        doubled = next(each for place, each in enumerate(ids) if each in ids[:place])
        raise ValueError(f"{what}: {shown(doubled)} is there twice")
