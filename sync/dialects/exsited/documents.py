"""What HQ says, checked. Pure.

Names, numbers and flags vary by page (hq_contracts 4.3), so they are read tolerantly; what is read is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from sync.dialect import Fault
from sync.dialects.exsited.capabilities import Profile
from sync.wording import clean, fault, shown

LAST = frozenset({"", "NULL", "null"})
"""What stands for no next page; the literal text too (hq_contracts 4.4)."""


def _text(value: Any) -> Any:
    """HQ has numbers and texts for the same member."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _none_is_empty(value: Any) -> Any:
    return "" if value is None else _text(value)


def _no_dots(text: str) -> str:
    if text in {".", ".."}:
        raise ValueError("is not an id")
    return text


Ident = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", min_length=1, max_length=110),
    BeforeValidator(_text),
    AfterValidator(_no_dots),
]
Name = Annotated[str, StringConstraints(max_length=200), BeforeValidator(_none_is_empty)]
Stamp = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d", max_length=40)]
Quantity = Annotated[Decimal, Field(ge=0, le=1_000_000), BeforeValidator(_text)]
Version = Annotated[Decimal, Field(ge=0, le=10**12), BeforeValidator(_text)]
Rates = Annotated[Decimal, Field(gt=0, le=1_000_000), BeforeValidator(_text)]


class _Document(BaseModel):
    """HQ may add members; those we read are checked."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Listed(_Document):
    """What every record has that stands in a list."""

    uuid: Ident
    version: Version = Decimal(0)
    created_on: Stamp | None = None
    last_updated_on: Stamp | None = None


class FulfilledLine(_Document):
    """A line in the list of all item fulfillments, whose names only that has."""

    fulfilled_quantity: Quantity
    fulfillment_left: Quantity
    item_id: Ident
    line_uuid: Ident
    uom: Name = ""


class Fulfilled(Listed):
    """One item fulfillment in the list of all."""

    id: Ident
    order_id: Ident
    invoice_id: Ident
    fulfillments: tuple[FulfilledLine, ...] = Field(max_length=10_000)


class DetailLine(_Document):
    """A line of an item fulfillment in the calls of an invoice."""

    item_uuid: Ident
    fulfillment_quantity: Quantity
    uuid: Ident


class Detail(Listed):
    """One item fulfillment in the calls of an invoice."""

    fulfillments: tuple[DetailLine, ...] = Field(max_length=10_000)


class SoldLine(_Document):
    """A line of an invoice; the names of three members are in the profile."""

    item_id: Ident
    item_uuid: Name
    uuid: Ident
    quantity: Quantity
    uom: Name = ""
    warehouse: Name = ""


class Invoice(Listed):
    """An invoice with its lines."""

    id: Ident
    order_id: Ident
    status: Name = ""
    lines: tuple[SoldLine, ...] = Field(max_length=10_000)


class _Code(_Document):
    name: Name = ""
    value: Name = ""


class _Uom(_Document):
    name: Name
    sale_conversion_rate: Rates | None = None
    purchase_conversion_rate: Rates | None = None


class _Measure(_Document):
    uom: Name = ""
    value: Quantity | None = None


class _Sale(_Document):
    weight: _Measure | None = None


class Item(Listed):
    """An item with its codes, units and weight."""

    id: Ident
    name: Name = ""
    display_name: Name = ""
    codes: tuple[_Code, ...] | None = Field(default=None, max_length=200)
    uoms: tuple[_Uom, ...] | None = Field(default=None, max_length=200)
    sale: _Sale | None = None


class _Rule(_Document):
    uom: Name = ""
    warehouse: Name = ""


class _Snapshot(_Document):
    pricing_rule: _Rule | None = None


class BoughtLine(_Document):
    """A line of a purchase order."""

    item_id: Ident
    uuid: Ident
    item_quantity: Quantity
    item_price_snapshot: _Snapshot | None = None

    @property
    def rule(self) -> _Rule:
        """Where unit of measure and warehouse stand."""
        return (self.item_price_snapshot and self.item_price_snapshot.pricing_rule) or _Rule()


class PurchaseOrder(Listed):
    """A purchase order with its lines."""

    id: Ident
    status: Name = ""
    account_id: Name = ""
    expected_completion_date: Name = ""
    lines: tuple[BoughtLine, ...] = Field(max_length=10_000)


class ReceiptLine(_Document):
    """A line of a receipt."""

    line_uuid: Ident
    receipt_quantity: Quantity


class Receipt(Listed):
    """A receipt."""

    purchase_order_id: Ident
    receipts: tuple[ReceiptLine, ...] = Field(max_length=10_000)


class ReturnLine(_Document):
    """A line of a return that was agreed upon."""

    uuid: Ident
    item_id: Ident
    rma_quantity: Quantity
    rma_left: Quantity | None = None
    uom: Name = ""
    warehouse: Name = ""


class Return(Listed):
    """A return that was agreed upon."""

    id: Ident
    invoice_id: Ident
    order_id: Name = ""
    status: Name = ""
    returns: tuple[ReturnLine, ...] = Field(max_length=10_000)


Document = TypeVar("Document", bound=BaseModel)


def read(model: type[Document], value: Any, what: str) -> Document | Fault:
    """A document of HQ, or what is wrong with it."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        return Fault(fault(what, error))


def invoice(value: Any, profile: Profile) -> Invoice | Fault:
    """An invoice, its lines' members under the names that the profile has for them."""
    what = f"HQ's invoice {named(value)}"
    if not isinstance(value, dict) or not isinstance(value.get("lines"), list):
        return read(Invoice, value, what)
    lines = [_renamed(line, profile) if isinstance(line, dict) else line for line in value["lines"]]
    return read(Invoice, {**value, "lines": lines}, what)


def _renamed(line: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    names = {"quantity": profile.line_quantity, "uom": profile.line_uom, "warehouse": profile.line_warehouse}
    found = {
        ours: next((line[each] for each in theirs if line.get(each) is not None), None)
        for ours, theirs in names.items()
    }
    return {**line, **found}


def named(value: Any) -> str:
    """What a person would call a record."""
    ident = value.get("id") if isinstance(value, dict) else None
    return clean(str(ident))[:60] if isinstance(ident, str | int) else "without id"


# --- pages ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, and whether it is the last."""

    rows: list[Any]
    is_last: bool


def page(body: Any, wrapper: str) -> Page | Fault:
    """A page of a list: hyphens or underscores, inside an owner or not; its pagination inside or beside it."""
    outside = body if isinstance(body, dict) else {}
    owners = (outside.get(each) for each in ("invoice", "purchase_order"))
    inside: dict[str, Any] = next((owner for owner in owners if isinstance(owner, dict)), {})
    for owner in (inside, outside):
        for name in (wrapper.replace("-", "_"), wrapper.replace("_", "-")):
            rows = owner.get(name)
            if isinstance(rows, list):
                pagination = inside.get("pagination", outside.get("pagination"))
                following = pagination.get("next_page") if isinstance(pagination, dict) else None
                return Page(rows, following is None or str(following) in LAST)
    return Fault(f"HQ's list {wrapper} cannot be read: it is {shown(body)}.")
