"""What S2 says of orders, fulfillments, products and stock, checked, and turned into commands for the store. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from local_store.domain import events as e
from local_store.domain.commands import HqRef, ReceiveProducts
from sync.dialects.s2.capabilities import Profile

MG_PER_KG = 1_000_000
MAX_ROWS = 10_000


class Unusable(Exception):  # noqa: N818 -- a document of S2, not an error of the program
    """S2 gave something that cannot be worked as it stands; the message names place and value."""


def _moment(text: Any) -> Any:
    """A time of S2 (3 to 6 fractional digits) as RFC 3339 UTC with microseconds, so that texts sort as times do."""
    if not isinstance(text, str):
        return text
    moment = datetime.fromisoformat(text)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _no_dots(text: str) -> str:
    if text in {".", ".."}:
        raise ValueError("is not an id")
    return text


Ident = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=120, min_length=1), AfterValidator(_no_dots)
]
Text = Annotated[str, StringConstraints(max_length=500)]
Path = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=250)]
Moment = Annotated[str, BeforeValidator(_moment), StringConstraints(max_length=40)]
Millimetres = Annotated[Decimal, Field(ge=0, le=100_000)]
Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class _Document(BaseModel):
    """S2 may add members; those we read are checked."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True, alias_generator=to_camel)


class Product(_Document):
    """A product; kilograms as S2 writes them."""

    id: Ident
    sku: Ident
    name: Text = ""
    gtin: Text | None = None
    shipping_weight_kg: Annotated[Decimal, Field(ge=0, le=100_000)] | None = None
    package_length_mm: Millimetres | None = None
    package_width_mm: Millimetres | None = None
    package_height_mm: Millimetres | None = None
    case_pack: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    serial_number_required: bool = False
    expiry_date_required: bool = False
    updated_at: Moment | None = None
    other_ids: tuple[dict[str, Any], ...] = Field(default=(), max_length=100)


class _ProductId(_Document):
    id: Ident
    sku: Ident


class Item(_Document):
    """Units of one product."""

    product: _ProductId
    quantity: Quantity


class Label(_Document):
    """A label; its file is known by a storage key."""

    type: Text = ""
    tracking_number: Path | None = None
    file_path: Path | None = None


class _Named(_Document):
    id: Ident


class Shipment(_Document):
    """One parcel."""

    id: Ident
    tracking_number: Path | None = None
    shipping_carrier: _Named | None = None
    items: tuple[Item, ...] = Field(default=(), max_length=MAX_ROWS)
    labels: tuple[Label, ...] = Field(default=(), max_length=100)


class Fulfillment(_Document):
    """What is sent from one warehouse."""

    id: Ident
    status: Text
    channel_fulfillment_id: Text | None = None
    warehouse: _Named | None = None
    shipping_method: Text | None = None
    items: tuple[Item, ...] = Field(max_length=MAX_ROWS)
    shipments: tuple[Shipment, ...] = Field(default=(), max_length=MAX_ROWS)
    order_id: Text | None = None
    reference_ids: tuple[Text, ...] = Field(default=(), max_length=MAX_ROWS)
    ship_by_date: Moment | None = None
    deliver_by_date: Moment | None = None
    customer_note: Annotated[str, StringConstraints(max_length=5000)] | None = None
    signature_required: bool | None = None
    method: Literal[0, 1, 2] | None = None
    order_type: int | Text | None = None


class _Account(_Document):
    id: Ident
    auto_assign_orders_to_warehouse: bool = False


class OrderRow(_Document):
    """An order as the list has it."""

    id: Ident
    channel_order_id: Ident
    status: Text
    archived: bool = False
    account: _Account | None = None
    updated_at: Moment


class Order(OrderRow):
    """An order with its fulfillments; its lines are read by the names in the profile."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True, alias_generator=to_camel)
    channel_shipping_method: Text | None = None
    shipping_address: dict[str, Any] | None = None
    fulfillments: tuple[Fulfillment, ...] = Field(default=(), max_length=1000)


@dataclass(frozen=True, slots=True)
class Here:
    """Which station pulls, with S2's id of its warehouse and whose unassigned orders it packs."""

    lane: str
    warehouse_id: str
    s2_warehouse: str
    accounts: frozenset[str]
    pick_location: str
    profile: Profile


# --- products ---------------------------------------------------------------------------------------------------


def products(here: Here, found: Sequence[Product], command_id: UUID, *, described: bool = True) -> ReceiveProducts:
    """Products with what S2 calls them; with `described` false only that."""
    return ReceiveProducts(
        command_id=command_id,
        products=tuple(product_of(each, here.profile) for each in found) if described else (),
        refs=tuple(ref(here, "product", each.sku, each.id) for each in found),
    )


def product_of(product: Product, profile: Profile) -> e.ProductReceived:
    """The product as the store keeps it: milligrams; a weight of 0 is none. A case code counts `case_pack` units."""
    weight = round((product.shipping_weight_kg or 0) * MG_PER_KG)
    pack = product.case_pack or 1
    codes = {product.gtin.strip(): 1} if product.gtin and product.gtin.strip() else {}
    for each in product.other_ids:
        kind, value = each.get(profile.other_id_type), each.get(profile.other_id_value)
        if isinstance(value, str) and value.strip():
            if kind in profile.case_code_types and pack > 1:
                codes.setdefault(value.strip(), pack)
            elif kind in profile.unit_code_types:
                codes.setdefault(value.strip(), 1)
    return e.ProductReceived(
        sku=product.sku,
        name=product.name,
        pack_text=f"case of {pack}" if pack > 1 else "",
        nominal_weight_mg=weight or None,
        barcodes=tuple(e.Barcode(barcode=code, multiplier=units) for code, units in codes.items()),
        serial_required=product.serial_number_required,
        expiry_required=product.expiry_date_required,
        size=_size(product),
    )


def _size(product: Product) -> e.Dimensions | None:
    """In whole millimetres, rounded up; S2 writes 0 where it knows no length."""
    told = (product.package_length_mm, product.package_width_mm, product.package_height_mm)
    long, wide, high = (math.ceil(each or 0) for each in told)
    return e.Dimensions(length_mm=long, width_mm=wide, height_mm=high) if long and wide and high else None


def stock_of(here: Here, body: Any) -> Iterator[e.StockTold]:
    """The stock of our warehouse in the overview. Raises Unusable for a row that does not say it."""
    names = here.profile
    skus = {each.id: each.sku for each in map(_ProductId.model_validate, body["products"])}
    sums: Counter[str] = Counter()
    for place, row in enumerate(body["items"]):
        product, quantity = row.get(names.stock_product), row.get(names.stock_quantity)
        if row.get(names.stock_warehouse) != here.s2_warehouse:
            continue
        if product not in skus or not isinstance(quantity, int) or isinstance(quantity, bool):
            raise Unusable(f"S2's stock overview: items.{place}: {names.stock_product} or quantity says nothing.")
        sums[skus[product]] += quantity
    for sku, quantity in sums.items():
        yield e.StockTold(lane=here.lane, warehouse_id=here.warehouse_id, sku=sku, qty=Decimal(max(0, quantity)))


def ref(here: Here, thing: str, local_id: str, hq_id: str) -> HqRef:
    """What S2 calls a thing of ours."""
    return HqRef(lane=here.lane, thing=thing, local_id=local_id, hq_id=hq_id)
