"""One order, one purchase order and one return as the store knows them, and facts about them, for pure tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from local_store.domain import events as e
from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import FulfillmentHere, LineHere, PackageHere, PackedHere
from sync.dialects.exsited.capabilities import ExsitedHq, Profile
from tests.sync.exsited.site import FULL
from tests.sync.plain_known import PlainKnown
from tests.sync.station import START_MS

ORDER, INVOICE, LINE, OTHER_LINE = (
    "O-1",
    "INV-O-1",
    "aaaaaaaa-0000-5000-8000-000000000001",
    "aaaaaaaa-0000-5000-8000-02",
)
ITEM = "bbbbbbbb-0000-5000-8000-000000000001"
SSCC = "306141410000000012"
EVENT = bytes(range(16))
REFS = {
    ("order", "F1"): INVOICE,
    ("line", "F1/L1"): LINE,
    ("product", "SKU-1"): ITEM,
    ("purchase_order", "PO-1"): "PO-1",
    ("line", "PO-1/p1"): OTHER_LINE,
    ("line_uom", "PO-1/p1"): "12 CASE",
    ("return", "RMA-1"): "RMA-1",
    ("return_invoice", "RMA-1"): INVOICE,
    ("line", "RMA-1/r1"): LINE,
}


def settings(**more: Any) -> ExsitedHq:
    given = {"dialect": "exsited", "url": "https://tenant.example.com", "secret": "hq", **FULL, **more}
    return ExsitedHq.model_validate(given)


def profile(**more: Any) -> Profile:
    return settings(profile=more).profile


def known(packed: str = "2", ordered: str = "3", **more: Any) -> PlainKnown:
    """A store with one packed order; `refs` replace the usual ones."""
    line = LineHere("L1", "SKU-1", Decimal(ordered), Decimal(packed), Decimal(packed))
    here = FulfillmentHere("F1", "main", ORDER, "wh_1", "to:F1", None, None, {}, (line,))
    package = PackageHere("F1-P1", "F1", 1_000_000, SSCC, (PackedHere("L1", "SKU-1", Decimal(packed)),))
    return PlainKnown(**{"refs": REFS, "fulfillments": {"F1": here}, "packages": {"F1-P1": package}, **more})


def promised(fact: e.Fact, event_id: bytes = EVENT) -> Promised:
    return Promised(1, fact.entity, fact, START_MS, "ana", None, event_id)


def shipment(*packages: str) -> e.ShipmentRequested:
    return e.ShipmentRequested(
        fulfillment_id="F1",
        warehouse_id="wh_1",
        party_id="to:F1",
        packages=tuple((each, 1_000_000) for each in packages or ("F1-P1",)),
        reference=ORDER,
        carrier_hint=None,
        service_code=None,
        insurance=None,
    )


def received(*lines: e.ReceivedLine, against: Any = "purchase_order", inbound_id: str | None = "PO-1") -> e.Fact:
    return e.ReceiptRecorded(receipt_id="R1", against=against, inbound_id=inbound_id, lines=lines)


def came(line_id: str | None, qty: str, **more: Any) -> e.ReceivedLine:
    return e.ReceivedLine(line_id=line_id, sku="SKU-1", qty=Decimal(qty), **more)


def returned(*lines: e.ReceivedLine) -> e.Fact:
    return e.ReturnReceived(return_id="RMA-1", lines=lines)


def fixed(new: NewRequest, attempts: int = 0) -> FixedRequest:
    return FixedRequest(1, "fulfillment:F1", new.method, new.path, new.body, "key", attempts, 0)
