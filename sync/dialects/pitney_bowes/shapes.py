"""The documents of Pitney Bowes as they come (hq_contracts 3.3 to 3.5), checked, under names that are ours. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from sync.dialect import Fault
from sync.dialects.pitney_bowes.capabilities import Profile
from sync.wording import fault

Document = TypeVar("Document", bound=BaseModel)


def _as_text(value: Any) -> Any:
    """An id may be printed as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _moment(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("has no time zone")
    return text


def _no_dots(text: str) -> str:
    if text in {".", ".."}:
        raise ValueError("is not an id")
    return text


Ident = Annotated[
    str,
    BeforeValidator(_as_text),
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,120}$"),
    AfterValidator(_no_dots),
]
Text = Annotated[str, StringConstraints(max_length=500)]
Moment = Annotated[str, StringConstraints(max_length=40), AfterValidator(_moment)]
Quantity = Annotated[Decimal, Field(ge=0, le=1_000_000_000, decimal_places=3)]
Positive = Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=3)]


class _Document(BaseModel):
    """They may add members, and put null where there is nothing; those we read are checked."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class _OrderLine(_Document):
    line_id: Ident
    sku: Ident
    quantity: Positive


class _Reference(_Document):
    name: Text
    values: Text


class Shipping(_Document):
    """How an order is to go."""

    carrier: Text | None = None
    serviceId: Text | None = None  # noqa: N815 -- theirs


class _ShipTo(_Document):
    name: Text | None = None
    company: Text | None = None
    addressLines: tuple[Text, ...] = Field(default=(), max_length=10)  # noqa: N815 -- theirs
    cityTown: Text | None = None  # noqa: N815 -- theirs
    stateProvince: Text | None = None  # noqa: N815 -- theirs
    postalCode: Text | None = None  # noqa: N815 -- theirs
    countryCode: Text | None = None  # noqa: N815 -- theirs
    phone: Text | None = None


class Order(_Document):
    """An order, whole."""

    orderId: Ident  # noqa: N815 -- theirs
    clientOrderId: Ident  # noqa: N815 -- theirs
    status: Text
    isOnHold: bool | None = None  # noqa: N815 -- theirs
    fromNode: Ident | None = None  # noqa: N815 -- theirs
    shipOnDate: Moment | None = None  # noqa: N815 -- theirs
    inputShippingDetails: Shipping | None = None  # noqa: N815 -- theirs
    references: tuple[_Reference, ...] | None = Field(default=None, max_length=200)
    lines: tuple[_OrderLine, ...] = Field(min_length=1, max_length=10_000)
    ship_to: _ShipTo | None = None


class _ProductDetails(_Document):
    description: Text
    weight: dict[str, Any] | None = None


class Product(_Document):
    """A product of the catalogue."""

    sku: Ident
    details: _ProductDetails
    code: Ident | None = None


class AnnouncedLine(_Document):
    """One line of goods that come in or back."""

    PBlineId: Ident | None = None
    lineId: Ident | None = None  # noqa: N815 -- theirs
    line_id: Ident | None = None
    sku: Ident
    quantity: Quantity
    receivedQuantity: Quantity | None = None  # noqa: N815 -- theirs


class _Vendor(_Document):
    name: Text | None = None


class Asn(_Document):
    """Goods announced to a centre."""

    receivingASNId: Ident  # noqa: N815 -- theirs
    inboundType: Literal["PO", "ASN"] = "ASN"  # noqa: N815 -- theirs
    clientASNId: Ident | None = None  # noqa: N815 -- theirs
    purchaseOrderNumber: Ident | None = None  # noqa: N815 -- theirs
    receivingNode: Ident  # noqa: N815 -- theirs
    vendorDetails: _Vendor | None = None  # noqa: N815 -- theirs
    estimatedDeliveryDate: Text | None = None  # noqa: N815 -- theirs
    status: Text | None = None
    lines: tuple[AnnouncedLine, ...] = Field(max_length=10_000)


class Return(_Document):
    """Goods that a customer sends back."""

    returnOrderId: Ident  # noqa: N815 -- theirs
    rmaNumber: Ident | None = None  # noqa: N815 -- theirs
    returnClientOrderId: Ident | None = None  # noqa: N815 -- theirs
    originalClientOrderId: Ident | None = None  # noqa: N815 -- theirs
    status: Text | None = None
    lines: tuple[AnnouncedLine, ...] = Field(default=(), max_length=10_000)


class WorkOrder(_Document):
    """Kits to build."""

    workOrderId: Ident  # noqa: N815 -- theirs
    clientWorkOrderId: Ident  # noqa: N815 -- theirs
    workOrderName: Text = ""  # noqa: N815 -- theirs
    status: Text
    node: Ident
    sku: Ident
    quantity: Positive


class _Part(_Document):
    sku: Ident
    quantity: Positive


class Bill(_Document):
    """What a kit is made of."""

    sku: Ident
    lines: tuple[_Part, ...] = Field(max_length=1000)


class Stock(_Document):
    """Units of a product at a centre."""

    sku: Ident
    node: Ident
    quantity: Quantity


class Shipment(_Document):
    """A parcel that went out, with the number it is followed by."""

    shipment_id: Ident
    order: Ident
    tracking: Ident | None = None


def read(model: type[Document], row: Any, what: str, names: Mapping[str, str]) -> Document | Fault:
    """A row as a document; `names` are ours for members of theirs, `line.x` for those of its lines."""
    try:
        return model.model_validate(_renamed(row, names))
    except ValidationError as error:
        return Fault(fault(what, error))


def _renamed(row: Any, names: Mapping[str, str]) -> Any:
    """The row with the members that a profile names under our names; lines alike."""
    if not isinstance(row, dict):
        return row
    own = {ours: row[theirs] for ours, theirs in names.items() if "." not in ours and theirs in row}
    inner = {ours.removeprefix("line."): theirs for ours, theirs in names.items() if ours.startswith("line.")}
    if inner and isinstance(own.get("lines"), list):
        own["lines"] = [_renamed(line, inner) for line in own["lines"]]
    return {**row, **own}


def order_names(profile: Profile) -> dict[str, str]:
    """Where the members of an order are."""
    names = profile.names
    return {
        "lines": names["order_lines"],
        "ship_to": names["ship_to"],
        "line.line_id": names["order_line_id"],
        "line.quantity": names["order_line_quantity"],
    }


def return_names(profile: Profile) -> dict[str, str]:
    """Where the members of a return are."""
    names = profile.names
    return {
        "lines": names["return_lines"],
        "line.line_id": names["order_line_id"],
        "line.quantity": names["order_line_quantity"],
    }


def shipment_names(profile: Profile) -> dict[str, str]:
    """Where the members of a shipment are."""
    names = profile.names
    return {
        "shipment_id": names["shipment_id"],
        "order": names["shipment_order"],
        "tracking": names["shipment_tracking"],
    }


def read_product(row: Any, what: str, profile: Profile) -> Product | Fault:
    """A product; its code is among its details."""
    details = row.get("details") if isinstance(row, dict) else None
    code = details.get(profile.names["product_code"]) if isinstance(details, dict) else None
    return read(Product, {**row, "code": code} if isinstance(row, dict) else row, what, {})
