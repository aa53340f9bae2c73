"""Shipments: sealed packages leaving the house, and their labels behind short-lived signed addresses."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from hq.calls import BASE, SERVICES, Act, Api, Call, answer, not_found, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import labels, packing, progress, settings, signed, states, stock, timeline, webhooks
from hq.ofs.models import GenerateLabel, Ident, Place, ShipmentCreate, ShippedPackage
from hq.ofs.shapes import package_shape
from hq.ofs.states import Fulfillment, Shipment
from hq.ofs.stock import PICKED, SHIPPED, Movement
from web.pages import NoQuery, Page, page, position_of
from web.problems import Refused
from web.routes import ANYONE

routes = Api()


class ShipmentQuery(Page):
    """Shipments of a warehouse, a fulfillment, in a status, or all."""

    warehouse_id: Place | None = None
    fulfillment_id: Ident | None = None
    status: Shipment | None = None


@routes.writes("/shipments", ShipmentCreate, *FLOOR)
def create(call: Call, body: ShipmentCreate) -> Answer:
    """Ship sealed packages: their goods leave the stock. A package ships once."""
    shipment_id = ship(call, body)
    return answer({"shipment_id": shipment_id, **shipment_shape(call, shipment_row(call, shipment_id))}, 201)


def ship(act: Act, body: ShipmentCreate) -> str:
    """Make a shipment of sealed packages and take their goods out of the stock; its id. Raises Refused."""
    fulfillment = progress.fulfillment_row(act, body.fulfillment_id)
    if fulfillment["status"] == Fulfillment.CANCELLED:
        sentence = f"Fulfillment {body.fulfillment_id} is cancelled: unpack it and put the goods back."
        raise Refused(409, "fulfillment_cancelled", sentence)
    for place, package in enumerate(body.packages):
        _check_package(act, f"packages.{place}", package, body)
    shipment_id = _insert(act, body, fulfillment)
    for package in body.packages:
        _ship_package(act, package.package_id, shipment_id)
    progress.settle(act, body.fulfillment_id)
    timeline.add(
        act,
        "shipped",
        fulfillment_id=body.fulfillment_id,
        shipment_id=shipment_id,
        package_ids=[package.package_id for package in body.packages],
    )
    webhooks.emit(
        act,
        "shipment.shipped",
        {"shipment_id": shipment_id, "fulfillment_id": body.fulfillment_id, "status": Shipment.LABEL_PENDING},
    )
    return shipment_id


@routes.reads("/shipments", ShipmentQuery, *FLOOR)
def list_shipments(call: Call, query: ShipmentQuery) -> Answer:
    """Shipments in the order they were made."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM shipment WHERE seq > :after AND (:warehouse IS NULL OR from_warehouse_id = :warehouse)"
        " AND (:fulfillment IS NULL OR fulfillment_id = :fulfillment) AND (:status IS NULL OR status = :status)"
        " ORDER BY seq LIMIT :limit",
        {
            "after": after,
            "warehouse": query.warehouse_id,
            "fulfillment": query.fulfillment_id,
            "status": query.status,
            "limit": query.limit,
        },
    ).fetchall()
    items = [shipment_shape(call, row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/shipments/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One shipment with its packages and tracking number."""
    return answer(shipment_shape(call, shipment_row(call, call.path["id"])))


@routes.writes("/shipments/{id}/generate-label", GenerateLabel, *FLOOR)
def generate_label(call: Call, body: GenerateLabel) -> Answer:
    """Make the label and tracking number; asking again gives the same number."""
    row = shipment_row(call, call.path["id"])
    if body.label_format != "zpl":
        sentence = f"label_format: only zpl can be made here (got {body.label_format})."
        raise Refused(422, "label_format_unsupported", sentence, {"supported": ["zpl"]})
    made = labelled(call, row["shipment_id"])
    return answer({"label_url": _label_url(call, made), "carrier_tracking_number": made["tracking_number"]})


@routes.reads("/shipments/{id}/label", NoQuery, *FLOOR)
def get_label(call: Call, _query: NoQuery) -> Answer:
    """A fresh signed address of the label, with the time until which it works."""
    row = shipment_row(call, call.path["id"])
    if row["tracking_number"] is None:
        sentence = f"Shipment {row['shipment_id']} has no label yet. Ask for generate-label first."
        raise Refused(409, "label_pending", sentence)
    return answer({"label_url": _label_url(call, row), "expires_at": signed.expiry(call)})


@routes.get(BASE + "/labels/{id}.zpl", ANYONE)
async def download_label(request: web.Request) -> web.Response:
    """The label as ZPL text, for whoever has the signed address."""
    signed.require(request)
    ident, db = request.match_info["id"], request.app[SERVICES].store.db
    row = db.execute("SELECT * FROM shipment WHERE shipment_id = ?", (ident,)).fetchone()
    packages = db.execute("SELECT * FROM package WHERE shipment_id = ? ORDER BY seq", (ident,)).fetchall()
    return web.Response(text=labels.zpl(row, packages), content_type="application/zpl", charset="utf-8")


def _check_package(act: Act, field: str, given: ShippedPackage, body: ShipmentCreate) -> None:
    row = packing.package_row(act, given.package_id)
    name = f"Package {given.package_id}"
    if [each.package_id for each in body.packages].count(given.package_id) > 1:
        raise Refused(422, "package_doubled", f"{field}: {name} is named twice.")
    if row["fulfillment_id"] != body.fulfillment_id:
        sentence = f"{field}: {name} belongs to fulfillment {row['fulfillment_id']}, not to {body.fulfillment_id}."
        raise Refused(422, "package_of_other", sentence)
    if row["shipment_id"] is not None:
        sentence = f"{field}: {name} is in shipment {row['shipment_id']} already; a package ships once."
        raise Refused(409, "already_shipped", sentence, {"shipment_id": row["shipment_id"]})
    if row["sealed_at"] is None:
        raise Refused(409, "not_sealed", f"{field}: {name} is not sealed. Seal it first.")
    if given.weight not in {None, row["weight_g"]}:
        sentence = f"{field}.weight: {name} was sealed with {row['weight_g']} g, not {given.weight} g."
        raise Refused(422, "weight_differs", sentence, {"sealed": row["weight_g"]})
    size = unpack_json(given.dimensions.model_dump_json()) if given.dimensions else None
    if size is not None and row["dims"] is not None and size != unpack_json(row["dims"]):
        sentence = f"{field}.dimensions: {name} was sealed with {row['dims']} cm."
        raise Refused(422, "dimensions_differ", sentence, {"sealed": unpack_json(row["dims"])})


def _insert(act: Act, body: ShipmentCreate, fulfillment: sqlite3.Row) -> str:
    shipment_id = act.new_id("sh")
    address = body.to_address.model_dump_json() if body.to_address else fulfillment["ship_to"]
    carrier = fulfillment["carrier_hint"] if body.carrier_hint is None else body.carrier_hint
    service = fulfillment["service_code"] if body.service_code is None else body.service_code
    if carrier is None:
        carrier, service = _routed(act, body, address, service)
    act.db.execute(
        "INSERT INTO shipment (shipment_id, fulfillment_id, status, from_warehouse_id, to_address, carrier_hint,"
        " service_code, insurance, reference, metadata, created_at, updated_at)"
        " VALUES (:shipment_id, :fulfillment_id, :status, :from_warehouse_id, :to_address, :carrier_hint,"
        " :service_code, :insurance, :reference, :metadata, :now, :now)",
        {
            "shipment_id": shipment_id,
            "fulfillment_id": body.fulfillment_id,
            "status": Shipment.LABEL_PENDING,
            "from_warehouse_id": body.from_warehouse_id or fulfillment["warehouse_id"],
            "to_address": address,
            "carrier_hint": carrier,
            "service_code": service,
            "insurance": body.insurance.model_dump_json() if body.insurance else fulfillment["insurance"],
            "reference": body.reference,
            "metadata": pack_json(body.metadata),
            "now": act.now,
        },
    )
    return shipment_id


def _routed(
    act: Act, body: ShipmentCreate, address: str | None, service: str | None
) -> tuple[str | None, str | None]:
    """The carrier and service that the routing rules choose."""
    idents = pack_json([package.package_id for package in body.packages])
    (weight,) = act.db.execute(
        "SELECT sum(weight_g) FROM package WHERE package_id IN (SELECT value FROM json_each(?))", (idents,)
    ).fetchone()
    rows = act.db.execute(
        "SELECT DISTINCT sku FROM package_item JOIN fulfillment_line USING (fulfillment_id, order_line_id)"
        " WHERE package_id IN (SELECT value FROM json_each(?))",
        (idents,),
    )
    country = (unpack_json(address) or {}).get("country")
    choice = settings.carrier_for(act, {row["sku"] for row in rows}, weight, country, service)
    return (choice.carrier, choice.service_code or service) if choice else (None, service)


def _ship_package(act: Act, package_id: str, shipment_id: str) -> None:
    act.db.execute("UPDATE package SET shipment_id = ? WHERE package_id = ?", (shipment_id, package_id))
    items = act.db.execute(
        "SELECT i.fulfillment_id, i.order_line_id, l.sku, i.qty FROM package_item i JOIN fulfillment_line l"
        " USING (fulfillment_id, order_line_id) WHERE i.package_id = ?",
        (package_id,),
    ).fetchall()
    for item in items:
        ident = item["fulfillment_id"]
        for sku, qty in _as_picked(act, item):
            stock.move(act, Movement("ship", sku, PICKED, SHIPPED, qty, shipment_id, ident))


def _as_picked(act: Act, item: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What goes out of a line: the substitutes that were picked for it, and the rest as its own product."""
    others = act.db.execute(
        "SELECT sku, (SELECT sum(picked) FROM task p WHERE p.fulfillment_id = t.fulfillment_id AND p.sku = t.sku)"
        "  - (SELECT coalesce(sum(CASE kind WHEN 'ship' THEN quantity ELSE -quantity END), 0) FROM movement m"
        "     WHERE m.fulfillment_id = t.fulfillment_id AND m.sku = t.sku AND kind IN ('ship', 'unship')) AS waiting"
        " FROM task t WHERE fulfillment_id = :fulfillment_id AND order_line_id = :order_line_id AND sku <> :sku"
        " AND picked > 0 GROUP BY sku ORDER BY sku",
        {name: item[name] for name in ("fulfillment_id", "order_line_id", "sku")},
    ).fetchall()
    found, rest = [], int(item["qty"])
    for other in others:
        qty = max(0, min(rest, other["waiting"]))
        found.append((other["sku"], qty))
        rest -= qty
    return [(sku, qty) for sku, qty in (*found, (item["sku"], rest)) if qty]


def labelled(act: Act, shipment_id: str) -> sqlite3.Row:
    """The shipment with its tracking number, which is made when it has none. Raises Refused 404, IllegalMove."""
    row = shipment_row(act, shipment_id)
    if row["tracking_number"] is None:
        _make_label(act, row)
    return shipment_row(act, shipment_id)


def _make_label(call: Act, row: sqlite3.Row) -> None:
    ident = row["shipment_id"]
    states.move(f"Shipment {ident}", Shipment(row["status"]), Shipment.LABEL_GENERATED)
    tracking = labels.tracking_number(row["seq"])
    call.db.execute(
        "UPDATE shipment SET tracking_number = ?, status = ?, updated_at = ? WHERE shipment_id = ?",
        (tracking, Shipment.LABEL_GENERATED, call.now, ident),
    )
    timeline.add(
        call, "label_generated", fulfillment_id=row["fulfillment_id"], shipment_id=ident, tracking_number=tracking
    )


def _label_url(call: Call, row: sqlite3.Row) -> str:
    return signed.address(call, "GET", f"/labels/{row['shipment_id']}.zpl")


def shipment_row(act: Act, shipment_id: str) -> sqlite3.Row:
    """The stored shipment. Raises Refused 404."""
    row: sqlite3.Row | None = act.db.execute(
        "SELECT * FROM shipment WHERE shipment_id = ?", (shipment_id,)
    ).fetchone()
    if row is None:
        raise not_found("shipment", shipment_id)
    return row


def manifest_of(act: Act, shipment_id: str) -> sqlite3.Row | None:
    """The manifest a shipment is on; one that the carrier rejected no longer counts."""
    row: sqlite3.Row | None = act.db.execute(
        "SELECT manifest.* FROM manifest_shipment JOIN manifest USING (manifest_id)"
        " WHERE shipment_id = ? AND status <> 'rejected'",
        (shipment_id,),
    ).fetchone()
    return row


def set_status(act: Act, row: sqlite3.Row, status: Shipment) -> None:
    """Check one change of status and write it. Raises IllegalMove."""
    states.move(f"Shipment {row['shipment_id']}", Shipment(row["status"]), status)
    act.db.execute(
        "UPDATE shipment SET status = ?, updated_at = ? WHERE shipment_id = ?", (status, act.now, row["shipment_id"])
    )


def shipment_shape(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """A shipment: the canonical members of seed 001 section 18, then ours. Its label address is fresh."""
    packages = call.db.execute("SELECT * FROM package WHERE shipment_id = ? ORDER BY seq", (row["shipment_id"],))
    manifest = manifest_of(call, row["shipment_id"])
    pickup = call.db.execute(
        "SELECT pickup_id, pickup_from, pickup_until, notes FROM pickup WHERE shipment_id = ?", (row["shipment_id"],)
    ).fetchone()
    return {
        "id": row["shipment_id"],
        "fulfillment_id": row["fulfillment_id"],
        "status": row["status"],
        "carrier": row["carrier_hint"],
        "carrier_service": row["service_code"],
        "carrier_tracking_number": row["tracking_number"],
        "label_url": _label_url(call, row) if row["tracking_number"] else None,
        "packages": [package_shape(call, package) for package in packages.fetchall()],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "metadata": unpack_json(row["metadata"]),
        "from_warehouse_id": row["from_warehouse_id"],
        "to_address": unpack_json(row["to_address"]),
        "carrier_hint": row["carrier_hint"],
        "service_code": row["service_code"],
        "insurance": unpack_json(row["insurance"]),
        "reference": row["reference"],
        "manifest_id": manifest["manifest_id"] if manifest else None,
        "pickup": dict(pickup) if pickup else None,
    }
