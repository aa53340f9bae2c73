"""What HQ holds in the end, short enough to compare: for tests and for the office."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from hq.calls import Call, answer, call_of
from hq.keys import OFFICE
from hq.ofs import stock
from hq.ofs.shapes import line_shapes, package_shapes
from web.routes import RouteTable

routes = RouteTable()


@routes.get("/hq/truth", OFFICE)
async def get(request: web.Request) -> web.StreamResponse:
    """Every fulfillment with what was picked, packed and shipped, and the stock totals."""
    call = call_of(request)
    rows = call.db.execute("SELECT fulfillment_id, order_id, status FROM fulfillment ORDER BY seq").fetchall()
    body = {"fulfillments": [_told(call, dict(row)) for row in rows], "stock": stock.totals(call)}
    return answer(body).response()


def _told(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    ident = row["fulfillment_id"]
    packages = package_shapes(call, ident)
    shipments = call.db.execute("SELECT count(*) FROM shipment WHERE fulfillment_id = ?", (ident,)).fetchone()[0]
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
