"""What HQ holds in the end, short enough to compare: for tests and for the office."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from hq.calls import Call, answer, call_of, unpack_json
from hq.keys import OFFICE
from hq.ofs import stock
from hq.ofs.shapes import line_shapes, package_shapes
from web.routes import RouteTable

routes = RouteTable()


@routes.get("/hq/truth", OFFICE)
async def get(request: web.Request) -> web.StreamResponse:
    """Every fulfillment with what was picked, packed and shipped, the stock totals, what came in or back, and more.

    `records` are what the facades of other APIs keep beside that.
    """
    call = call_of(request)
    rows = call.db.execute("SELECT fulfillment_id, order_id, status FROM fulfillment ORDER BY seq").fetchall()
    body = {
        "fulfillments": [_told(call, dict(row)) for row in rows],
        "stock": stock.totals(call),
        "returns": _returns(call),
        **{f"{kind}s": _acts(call, kind) for kind in ("receipt", "put_away", "count")},
        "manifests": _manifests(call),
        "asn_notices": _notices(call),
        "records": _records(call),
    }
    return answer(body).response()


def _returns(call: Call) -> list[dict[str, Any]]:
    rows = call.db.execute("SELECT * FROM rma ORDER BY order_id, seq").fetchall()
    lines = (
        "SELECT line_id, sku, expected, received, (SELECT coalesce(sum(restockable_qty), 0) FROM rma_inspection i"
        "  WHERE i.return_id = l.return_id AND i.line_id = l.line_id) AS restocked"
        " FROM rma_line l WHERE return_id = ? ORDER BY position"
    )
    return [
        {
            **{name: row[name] for name in ("order_id", "rma_reference", "reason", "status")},
            "lines": [dict(line) for line in call.db.execute(lines, (row["return_id"],))],
        }
        for row in rows
    ]


def _acts(call: Call, kind: str) -> list[dict[str, Any]]:
    """What stations reported under ids of their own: the ids, products and units."""
    names = ("sku", "qty", "location_id", "condition", "difference")
    rows = call.db.execute("SELECT act_id, told FROM edge_act WHERE kind = ? ORDER BY act_id", (kind,))
    return [
        {
            f"{kind}_id": row["act_id"],
            "lines": [
                {name: line[name] for name in names if name in line} for line in unpack_json(row["told"])["lines"]
            ],
        }
        for row in rows
    ]


def _manifests(call: Call) -> list[dict[str, Any]]:
    """Under the ids of their orders: HQ made those of manifests and shipments itself."""
    rows = call.db.execute(
        "SELECT carrier_id, dispatch_date, manifest.status, json_group_array(order_id) AS orders"
        " FROM manifest JOIN manifest_shipment USING (manifest_id) JOIN shipment USING (shipment_id)"
        " JOIN fulfillment USING (fulfillment_id) GROUP BY manifest_id"
        " ORDER BY dispatch_date, carrier_id, manifest.seq"
    )
    return [{**dict(row), "orders": sorted(unpack_json(row["orders"]))} for row in rows]


def _notices(call: Call) -> list[dict[str, Any]]:
    rows = call.db.execute(
        "SELECT asn_reference, expected_arrival, destination_warehouse_id, (SELECT json_group_array(order_id)"
        "  FROM json_each(shipments) JOIN shipment ON shipment_id = value JOIN fulfillment USING (fulfillment_id))"
        " AS orders FROM asn_notice ORDER BY asn_reference"
    )
    return [{**dict(row), "orders": sorted(unpack_json(row["orders"]))} for row in rows]


def _records(call: Call) -> dict[str, dict[str, list[Any]]]:
    """The bodies of the facades' records by dialect and kind, in an order that follows from what they hold.

    The member `ids` holds what differs from run to run and is left out.
    """
    found: dict[str, dict[str, list[Any]]] = {}
    for row in call.db.execute("SELECT dialect, kind, body FROM facade_record ORDER BY dialect, kind"):
        body = {name: value for name, value in unpack_json(row["body"]).items() if name != "ids"}
        found.setdefault(row["dialect"], {}).setdefault(row["kind"], []).append(body)
    for kinds in found.values():
        for bodies in kinds.values():
            bodies.sort(key=lambda body: json.dumps(body, sort_keys=True))
    return found


def _told(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    ident = row["fulfillment_id"]
    packages = package_shapes(call, ident)
    (shipments,) = call.db.execute(  # a cancelled shipment has no packages any more
        "SELECT count(DISTINCT shipment_id) FROM package WHERE fulfillment_id = ?", (ident,)
    ).fetchone()
    return {
        **row,
        "lines": [
            {name: line[name] for name in ("order_line_id", "sku", "qty", "picked", "packed")}
            for line in line_shapes(call, ident)
        ],
        "packages": {
            "count": len(packages),
            "weight": sum(package["weight"] for package in packages),
            "sscc": [package["sscc"] for package in packages if package["sscc"]],
        },
        "shipments": shipments,
    }
