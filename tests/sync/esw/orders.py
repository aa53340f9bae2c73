"""An order as the tests of this dialect know it, what a site sets, and a client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from local_store.domain import events as e
from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import FulfillmentHere, LineHere, PackageHere, PackedHere
from sync.dialects.esw.capabilities import EswHq
from tests.sync.plain_known import PlainKnown

AT_MS = 1_756_713_600_000
AT = "2025-09-01T08:00:00.000Z"
SSCC = "306141410000000013"
HEAD = {"tenantCode": "GOCAS", "fulfillmentCentreId": "wh_1", "provider": "mirolog"}
USUAL: Mapping[str, Any] = {
    "dialect": "esw",
    "url": "https://esw.example.com",
    "secret": "hq",
    "tenant": "GOCAS",
    "fulfillment_centre_id": "wh_1",
    "provider": "mirolog",
    "auth": "static_key",
}


def settings(**more: Any) -> EswHq:
    return EswHq.model_validate({**USUAL, **more})


def order(ident: str = "F-1", *picked: tuple[str, str, str], hint: str | None = "UPS") -> FulfillmentHere:
    """(sku, ordered, picked) of each line."""
    lines = tuple(
        LineHere(f"{ident}-L{place}", sku, Decimal(qty), Decimal(got), Decimal(0))
        for place, (sku, qty, got) in enumerate(picked or (("SKU-1", "2", "2"), ("SKU-2", "4", "1")), 1)
    )
    return FulfillmentHere(ident, "main", f"O-{ident}", "wh_1", "to:1", hint, None, {}, lines)


def store(*orders: FulfillmentHere, **more: Any) -> PlainKnown:
    """A store with these orders, and all that ESW calls them."""
    orders = orders or (order(),)
    refs = {("product", "SKU-2"): "ESW-SKU-2"}
    for each in orders:
        refs |= {("order", each.fulfillment_id): f"ESW-{each.order_id}"}
        refs |= {("three_pl_request", each.fulfillment_id): f"3PL-{each.order_id}"}
        for place, line in enumerate(each.lines, 1):
            refs[("line", f"{each.fulfillment_id}/{line.order_line_id}")] = str(place)
    items = (PackedHere("F-1-L1", "SKU-1", Decimal(2)), PackedHere("F-1-L2", "SKU-2", Decimal(1)))
    package = PackageHere("PK-1", "F-1", 1_000_400, SSCC, items)
    here = {each.fulfillment_id: each for each in orders}
    return replace(PlainKnown(refs=refs, fulfillments=here, packages={"PK-1": package}), **more)


def promised(fact: e.Fact, seq: int = 1, request_id: int | None = None) -> Promised:
    return Promised(seq, fact.entity, fact, AT_MS, "ana", request_id, UUID(int=seq).bytes)


def opened(ident: str = "F-1") -> e.PackOpened:
    return e.PackOpened(fulfillment_id=ident, workplace="pack", worker_id="ana", package_id="PK-1")


def sealed(*numbers: e.UsedNumber) -> e.PackageSealed:
    return e.PackageSealed(
        fulfillment_id="F-1", workplace="pack", package_id="PK-1", sscc=SSCC, sscc_serial=1, numbers=numbers
    )


def shipment() -> e.ShipmentRequested:
    return e.ShipmentRequested(
        fulfillment_id="F-1",
        warehouse_id="wh_1",
        party_id="to:1",
        packages=(("PK-1", 1_000_400),),
        reference="O-F-1",
        carrier_hint="UPS",
        service_code=None,
        insurance=None,
    )


def completed(*picked: tuple[str, str, str], picklist: str = "PL-1") -> e.PicklistCompleted:
    """(fulfillment, line, picked)"""
    lines = tuple(
        e.PickedLine(fulfillment_id=ident, order_line_id=line, picked=Decimal(qty)) for ident, line, qty in picked
    )
    return e.PicklistCompleted(picklist_id=picklist, pick_confirmation_id="pc", workplace="pick", lines=lines)


def stock(qty: str, location: str | None = None, status: Any = "active", sku: str = "SKU-1") -> e.StockCounted:
    return e.StockCounted(sku=sku, location_id=location, qty=Decimal(qty), article_status=status)


def fixed(new: NewRequest, attempts: int = 0) -> FixedRequest:
    return FixedRequest(1, "fulfillment:F-1", new.method, new.path, new.body, "key", attempts, 0)
