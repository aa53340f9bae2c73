"""Goods that go back to suppliers, and the list of connectors, of which this house has none (seed 001, 7 and 11)."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field

from hq.calls import Api, Call, answer, not_found
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import stock, timeline
from hq.ofs.models import MAX_LINES, Address, Body, Ident, Metadata, Place, Quantity, Text
from hq.ofs.stock import QUARANTINE, VENDOR, Movement
from web.pages import NoQuery, Page, page, position_of, sliced
from web.problems import Refused

routes = Api()


class VendorLine(Body):
    """Units to send; from a shelf, or from quarantine where none is named."""

    sku: Ident
    qty: Quantity
    location_id: Place | None = None


class VendorShipmentCreate(Body):
    """Seed 001 section 11 says only that it is like a shipment; the members are an assumption of ours."""

    warehouse_id: Place
    vendor: Text
    lines: tuple[VendorLine, ...] = Field(min_length=1, max_length=MAX_LINES)
    rma_reference: Ident | None = None
    asn_reference: Ident | None = None
    to_address: Address | None = None
    carrier_hint: Text | None = None
    metadata: Metadata = Field(default_factory=dict)


@routes.reads("/connectors", Page, *FLOOR)
def list_connectors(_call: Call, query: Page) -> Answer:
    """No 3PL, WMS or carrier is connected to this house."""
    return answer(sliced((), query))


@routes.writes("/vendor-shipments", VendorShipmentCreate, *FLOOR)
def create(call: Call, body: VendorShipmentCreate) -> Answer:
    """Send goods to a supplier: they leave the stock, all of them or none."""
    ident = call.new_id("vsh")
    for place, line in enumerate(body.lines):
        source = line.location_id or QUARANTINE
        if line.location_id is None:
            free = stock.beside(call, QUARANTINE, line.sku)
        else:
            on_hand, reserved = stock.balance(call, line.location_id, line.sku)
            free = on_hand - reserved
        if free < line.qty:
            sentence = f"lines.{place}: {source} has {free} of {line.sku} to give, not {line.qty}."
            raise Refused(409, "stock_too_low", sentence, {"available": free})
        stock.move(call, Movement("vendor", line.sku, source, VENDOR, line.qty, reference=ident))
    call.db.execute(
        "INSERT INTO vendor_shipment (vendor_shipment_id, warehouse_id, body, status, created_at)"
        " VALUES (?, ?, ?, 'shipped', ?)",
        (ident, body.warehouse_id, body.model_dump_json(), call.now),
    )
    timeline.add(call, "vendor_shipped", vendor_shipment_id=ident, vendor=body.vendor, lines=len(body.lines))
    return answer(_told(call, ident), 201)


@routes.reads("/vendor-shipments", Page, *FLOOR)
def list_shipments(call: Call, query: Page) -> Answer:
    """Shipments to suppliers in the order they were made (our extension)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT seq, vendor_shipment_id FROM vendor_shipment WHERE seq > ? ORDER BY seq LIMIT ?", (after, query.limit)
    ).fetchall()
    items = [_told(call, row["vendor_shipment_id"]) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/vendor-shipments/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One shipment to a supplier."""
    return answer(_told(call, call.path["id"]))


def _told(call: Call, ident: str) -> dict[str, Any]:
    row = call.db.execute("SELECT * FROM vendor_shipment WHERE vendor_shipment_id = ?", (ident,)).fetchone()
    if row is None:
        raise not_found("vendor shipment", ident)
    return {"id": ident, "status": row["status"], **json.loads(row["body"]), "created_at": row["created_at"]}
