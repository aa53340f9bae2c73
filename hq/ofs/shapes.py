"""The canonical shapes of seed 001 section 18, read from the store."""

from __future__ import annotations

import sqlite3
from typing import Any

from hq.calls import Act, unpack_json


def fulfillment_shape(act: Act, row: sqlite3.Row) -> dict[str, Any]:
    """A fulfillment: the canonical members, then ours."""
    ident = row["fulfillment_id"]
    tasks = [
        task_shape(task) for task in _all(act, "SELECT * FROM task WHERE fulfillment_id = ? ORDER BY seq", ident)
    ]
    shipments = _all(act, "SELECT shipment_id FROM shipment WHERE fulfillment_id = ? ORDER BY seq", ident)
    allocation = _all(
        act,
        "SELECT allocation_id FROM allocation WHERE fulfillment_id = ? AND status = 'allocated'"
        " ORDER BY seq DESC LIMIT 1",
        ident,
    )
    return {
        "id": ident,
        "order_id": row["order_id"],
        "warehouse_id": row["warehouse_id"],
        "status": row["status"],
        "lines": line_shapes(act, ident),
        "allocation_id": allocation[0]["allocation_id"] if allocation else None,
        "picklist_id": tasks[-1]["picklist_id"] if tasks else None,
        "packages": package_shapes(act, ident),
        "shipments": [shipment["shipment_id"] for shipment in shipments],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "metadata": unpack_json(row["metadata"]),
        "version": row["version"],
        "ship_to": unpack_json(row["ship_to"]),
        "carrier_hint": row["carrier_hint"],
        "service_code": row["service_code"],
        "insurance": unpack_json(row["insurance"]),
        "requested_ship_date": row["requested_ship_date"],
        "ordered_at": row["ordered_at"],
        "shipped_at": row["shipped_at"],
        "source": row["source"],
        "tasks": tasks,
    }


def line_shapes(act: Act, fulfillment_id: str) -> list[dict[str, Any]]:
    """The lines, each with what is allocated, picked and packed in units."""
    allocated: dict[str, list[dict[str, Any]]] = {}
    for part in _all(act, "SELECT * FROM allocation_line WHERE fulfillment_id = ? AND qty > 0", fulfillment_id):
        spot = {"location": part["location_id"], "lot_id": part["lot_id"], "qty": part["qty"]}
        allocated.setdefault(part["order_line_id"], []).append(spot)
    rows = _all(
        act,
        "SELECT l.*,"
        " (SELECT coalesce(sum(picked), 0) FROM task t"
        "  WHERE t.fulfillment_id = l.fulfillment_id AND t.order_line_id = l.order_line_id) AS picked,"
        " (SELECT coalesce(sum(qty), 0) FROM package_item i"
        "  WHERE i.fulfillment_id = l.fulfillment_id AND i.order_line_id = l.order_line_id) AS packed"
        " FROM fulfillment_line l WHERE fulfillment_id = ? ORDER BY position",
        fulfillment_id,
    )
    return [
        {
            "order_line_id": row["order_line_id"],
            "sku": row["sku"],
            "qty": row["qty"],
            "allocated": allocated.get(row["order_line_id"], []),
            "picked": row["picked"],
            "packed": row["packed"],
            "attributes": unpack_json(row["attributes"]),
        }
        for row in rows
    ]


def package_shapes(act: Act, fulfillment_id: str) -> list[dict[str, Any]]:
    """The packages of a fulfillment with their contents, in the order they were packed; not those taken apart."""
    query = (
        "SELECT * FROM package p WHERE fulfillment_id = ?"
        " AND EXISTS (SELECT 1 FROM package_item i WHERE i.package_id = p.package_id) ORDER BY seq"
    )
    rows = _all(act, query, fulfillment_id)
    return [package_shape(act, row) for row in rows]


def package_shape(act: Act, row: sqlite3.Row) -> dict[str, Any]:
    """A package: weight in grams, dimensions in centimetres."""
    items = _all(act, "SELECT * FROM package_item WHERE package_id = ? ORDER BY order_line_id", row["package_id"])
    return {
        "package_id": row["package_id"],
        "weight": row["weight_g"],
        "dimensions": unpack_json(row["dims"]),
        "items": [
            {"line_id": item["order_line_id"], "qty": item["qty"], "serials": unpack_json(item["serials"])}
            for item in items
        ],
        "sscc": row["sscc"],
        "sealed": row["sealed_at"] is not None,
        "shipment_id": row["shipment_id"],
        "metadata": unpack_json(row["metadata"]),
    }


def task_shape(row: sqlite3.Row) -> dict[str, Any]:
    """A pick task; `short` is what will not come, set once the task is closed short."""
    return {
        "task_id": row["task_id"],
        "picklist_id": row["picklist_id"],
        "fulfillment_id": row["fulfillment_id"],
        "order_line_id": row["order_line_id"],
        "location_id": row["location_id"],
        "sku": row["sku"],
        "lot_id": row["lot_id"],
        "qty": row["qty"],
        "picked": row["picked"],
        "short": row["qty"] - row["picked"] if row["status"] == "short" else 0,
        "status": row["status"],
        "short_reason": row["short_reason"],
        "worker_id": row["worker_id"],
        "device_id": row["device_id"],
    }


def picklist_shape(act: Act, row: sqlite3.Row) -> dict[str, Any]:
    """A picklist; its tasks are grouped by location, in walking order."""
    fulfillments = _all(
        act,
        "SELECT fulfillment_id FROM task WHERE picklist_id = ? GROUP BY fulfillment_id ORDER BY min(seq)",
        row["picklist_id"],
    )
    return {
        "id": row["picklist_id"],
        "picklist_id": row["picklist_id"],
        "warehouse_id": row["warehouse_id"],
        "fulfillment_ids": [each["fulfillment_id"] for each in fulfillments],
        "status": row["status"],
        "tasks": picklist_tasks(act, row["picklist_id"]),
        "priority": row["priority"],
        "picker_group": row["picker_group"],
        "worker_id": row["worker_id"],
        "device_id": row["device_id"],
        "pick_confirmation_id": row["pick_confirmation_id"],
        "version": row["version"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def picklist_tasks(act: Act, picklist_id: str) -> list[dict[str, Any]]:
    """The tasks of a picklist in walking order."""
    rows = _all(act, "SELECT * FROM task WHERE picklist_id = ? ORDER BY walk_key, location_id, seq", picklist_id)
    return [task_shape(row) for row in rows]


def _all(act: Act, query: str, ident: str) -> list[sqlite3.Row]:
    return act.db.execute(query, (ident,)).fetchall()
