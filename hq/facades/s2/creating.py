"""Making a fulfillment: what is kept of it, and what it means for the one truth (seed 004, hq_contracts 5.3)."""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from hq import central
from hq.calls import Act
from hq.facades.s2 import shapes
from hq.facades.s2.ids import Directory, id_of
from hq.facades.s2.shapes import NAME, truth_of
from hq.ofs.models import Package, PackedItem
from web.problems import Refused

STATION = "s2"
LEAST_GRAMS = 1


def fulfillment(act: Act, ids: Mapping[str, Directory], sent: Mapping[str, Any]) -> central.Record:
    """Keep a fulfillment as it was sent (its shape is checked) and book what it ships.

    Without a warehouse one is picked at random, the same for the same fulfillment. Raises Refused: 409 for a
    channelFulfillmentId that is there already, 404 for an unknown order, 400 for anything else that cannot be.
    """
    channel_id = sent.get("channelFulfillmentId")
    ident = id_of("fulfillment", channel_id or act.new_id("fulfillment"))
    if central.record(act, NAME, "fulfillment", ident) is not None:
        sentence = f"Fulfillment with channelFulfillmentId '{channel_id}' already exists for this organization"
        raise Refused(409, "ALREADY_EXISTS", sentence)
    order = _order(act, ids, sent.get("orderId"))
    body = {
        "order": order["order_id"] if order is not None else None,
        "rmaId": sent.get("rmaId"),
        "warehouse": _warehouse(act, ids, sent.get("warehouseId"), ident),
        "address": sent["address"],
        "shippingMethod": sent["shippingMethod"],
        "items": _items(act, ids, sent["items"]),
        "shipments": [_parcel(act, ids, each) for each in sent["shipments"]],
        "signatureRequired": sent.get("signatureRequired", False),
        "method": sent.get("method", 0),
        "orderType": sent.get("orderType", 0),
        "customerNote": sent.get("customerNote"),
        "ids": {"channelFulfillmentId": channel_id, "referenceIds": sent.get("additionalReferenceIds", [])},
    }
    _require_contained(body)
    central.keep_record(act, NAME, "fulfillment", ident, body)
    for each in sent["attachments"]:
        attach(act, ident, {**each, "type": "OTHER"})
    if order is not None and order["status"] not in {"shipped", "closed", "cancelled"} and body["shipments"]:
        _book(act, order, ident, body)
    kept = central.record(act, NAME, "fulfillment", ident)
    assert kept is not None
    return kept


def attach(act: Act, fulfillment_id: str, attachment: Mapping[str, Any]) -> None:
    """Attach a file. There is no key: the same one twice is there twice (hq_contracts 5.7)."""
    number = sum(1 for _ in shapes.attachments_of(act, fulfillment_id))
    ident = id_of("attachment", f"{fulfillment_id}/{number}")
    central.keep_record(act, NAME, "attachment", ident, {**attachment, "ids": {"fulfillmentId": fulfillment_id}})


def _order(act: Act, ids: Mapping[str, Directory], order_id: str | None) -> sqlite3.Row | None:
    if order_id is None:
        return None
    number = ids["order"].name_of(act, order_id)
    if number is None:
        raise Refused(404, "NOT_FOUND", f"Order {order_id} not found")
    return truth_of(act, number)


def _warehouse(act: Act, ids: Mapping[str, Directory], warehouse_id: str | None, seed: str) -> str:
    if warehouse_id is not None:
        name = ids["warehouse"].name_of(act, warehouse_id)
        if name is None:
            raise Refused(400, "INVALID", f"warehouseId: {warehouse_id} not found")
        return name
    rows = act.db.execute(
        "SELECT warehouse_id FROM location UNION SELECT warehouse_id FROM fulfillment ORDER BY warehouse_id"
    ).fetchall()
    if not rows:
        raise Refused(400, "INVALID", "there is no warehouse to assign this to")
    return str(random.Random(seed).choice(rows)["warehouse_id"])  # noqa: S311 -- must repeat from its seed


def _parcel(act: Act, ids: Mapping[str, Directory], sent: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "items": _items(act, ids, sent["items"]),
        "prepaidLabels": sent["prepaidLabels"],
        "shippingCarrierId": sent.get("shippingCarrierId", "OTHER"),
        "trackingNumber": sent.get("trackingNumber", ""),
    }


def _items(act: Act, ids: Mapping[str, Directory], sent: list[Any]) -> list[dict[str, Any]]:
    items = []
    for place, each in enumerate(sent):
        sku = ids["product"].name_of(act, each["productId"])
        if sku is None:
            raise Refused(400, "INVALID", f"items.{place}.productId: {each['productId']} not found")
        items.append({"sku": sku, "quantity": each["quantity"]})
    return items


def _require_contained(body: Mapping[str, Any]) -> None:
    ordered, sent = Counter[str](), Counter[str]()
    for each in body["items"]:
        ordered[each["sku"]] += each["quantity"]
    for shipment in body["shipments"]:
        for each in shipment["items"]:
            sent[each["sku"]] += each["quantity"]
    for sku, quantity in sent.items():
        if quantity > ordered[sku]:
            sentence = f"shipments: {quantity} of {sku} are shipped, but items has {ordered[sku]}"
            raise Refused(400, "INVALID", sentence)


# --- what it means for the truth --------------------------------------------------------------------------------


@dataclass
class _Line:
    line_id: str
    sku: str
    left: int


def _book(act: Act, order: sqlite3.Row, ident: str, body: Mapping[str, Any]) -> None:
    """Pick, pack and ship what the shipments hold; what they do not hold of the order is short."""
    fulfillment_id = order["fulfillment_id"]
    lines = [
        _Line(row["order_line_id"], row["sku"], row["qty"])
        for row in act.db.execute(
            "SELECT order_line_id, sku, qty FROM fulfillment_line WHERE fulfillment_id = ? ORDER BY position",
            (fulfillment_id,),
        ).fetchall()
    ]
    ordered = {line.line_id: line.left for line in lines}
    parcels = [_taken(lines, each["items"]) for each in body["shipments"]]
    central.confirm_picked(act, fulfillment_id, {line.line_id: ordered[line.line_id] - line.left for line in lines})
    ssccs = _ssccs(body["ids"]["referenceIds"], len(parcels))
    together: dict[str, list[str]] = {}
    for place, (items, shipment) in enumerate(zip(parcels, body["shipments"], strict=True), 1):
        package = _package(act, shapes.package_id(ident, place), items, shipment, ssccs[place - 1])
        central.pack(act, STATION, fulfillment_id, package)
        together.setdefault(shipment["trackingNumber"], []).append(shapes.package_id(ident, place))
    for tracking, packages in together.items():
        _require_free(act, tracking)
        carrier = next(each["shippingCarrierId"] for each in body["shipments"] if each["trackingNumber"] == tracking)
        central.ship(act, fulfillment_id, packages, None if carrier == "OTHER" else carrier, tracking or None)


def _taken(lines: list[_Line], items: list[Any]) -> dict[str, int]:
    """Units by line of the order: products are spread over its lines in their order."""
    taken: dict[str, int] = {}
    for each in items:
        wanted = each["quantity"]
        for line in lines:
            qty = min(wanted, line.left) if line.sku == each["sku"] else 0
            if qty:
                taken[line.line_id] = taken.get(line.line_id, 0) + qty
                line.left, wanted = line.left - qty, wanted - qty
        if wanted:
            raise Refused(400, "INVALID", f"shipments: {wanted} of {each['sku']} more than were ordered")
    if not taken:
        raise Refused(400, "INVALID", "shipments: one of them holds nothing")
    return taken


def _package(
    act: Act, package_id: str, items: Mapping[str, int], shipment: Mapping[str, Any], sscc: str | None
) -> Package:
    """S2 is told no weight: that of the products is taken (an assumption of ours)."""
    kilograms = sum(
        shapes.product(act, each["sku"])["shippingWeightKg"] * each["quantity"] for each in shipment["items"]
    )
    packed = tuple(PackedItem(line_id=line_id, qty=qty) for line_id, qty in items.items())
    weight = max(LEAST_GRAMS, round(kilograms * shapes.GRAMS))
    try:
        return Package(package_id=package_id, weight=weight, items=packed, sscc=sscc)
    except ValidationError as error:
        raise Refused(400, "INVALID", f"additionalReferenceIds: {sscc} is no SSCC") from error


def _ssccs(references: list[str], count: int) -> list[str | None]:
    """The parcels' SSCCs, where as many reference ids look like one as there are parcels."""
    found: list[str | None] = [each for each in references if re.fullmatch(r"[0-9]{18}", each)]
    return found if len(found) == count else [None] * count


def _require_free(act: Act, tracking: str) -> None:
    if tracking and act.db.execute("SELECT 1 FROM shipment WHERE tracking_number = ?", (tracking,)).fetchone():
        raise Refused(400, "INVALID", f"trackingNumber: {tracking} is in use")
