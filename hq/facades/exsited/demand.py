"""Invoices and orders: each fulfillment of the truth is one order with one invoice."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aiohttp import web

from hq import central
from hq.calls import Act, not_found
from hq.facades.exsited.goods import Item, item
from hq.facades.exsited.shapes import BASE_UOM, Row, audit, number, paged, stamp, uid, warehouse_name
from hq.facades.facade import acting
from hq.keys import FLOOR
from hq.ofs.shapes import fulfillment_shape
from web.routes import RouteTable, json_answer

PREFIX = "INV-"

routes = RouteTable()


@dataclass(frozen=True)
class SoldLine:
    """A line of an invoice: `ordered` is in base units, `rate` of them are in one `uom`."""

    order_line_id: str
    uuid: str
    item: Item
    ordered: int
    uom: str
    rate: Decimal
    warehouse: str

    def in_uom(self, base: int) -> str:
        """So many base units in this line's unit of measure."""
        return number(Decimal(base) / self.rate)


@dataclass(frozen=True)
class Invoice:
    """An invoice of the truth."""

    invoice_id: str
    order_id: str
    fulfillment: dict[str, Any]
    lines: tuple[SoldLine, ...]

    @property
    def ident(self) -> str:
        """The id of its fulfillment in the truth."""
        return str(self.fulfillment["id"])


@routes.get("/api/v3/invoices", *FLOOR)
async def list_invoices(request: web.Request) -> web.StreamResponse:
    """Invoices, one page."""
    with acting(request) as act:
        page, pagination = paged(request, [_row(act, row, PREFIX, _invoice_shape) for row in _all(act)])
    return json_answer({"invoices": page, "pagination": pagination})


@routes.get("/api/v3/invoices/{id}", *FLOOR)
async def get_invoice(request: web.Request) -> web.StreamResponse:
    """One invoice."""
    with acting(request) as act:
        return json_answer({"invoice": _invoice_shape(act, invoice(act, request.match_info["id"]).fulfillment)})


@routes.get("/api/v3/orders", *FLOOR)
async def list_orders(request: web.Request) -> web.StreamResponse:
    """Orders, one page."""
    with acting(request) as act:
        page, pagination = paged(request, [_row(act, row, "", _order_shape) for row in _all(act)])
    return json_answer({"orders": page, "pagination": pagination})


@routes.get("/api/v3/orders/{id}", *FLOOR)
async def get_order(request: web.Request) -> web.StreamResponse:
    """One order."""
    with acting(request) as act:
        return json_answer({"order": _order_shape(act, _order(act, request))})


@routes.get("/api/v3/orders/{id}/lines", *FLOOR)
async def get_order_lines(request: web.Request) -> web.StreamResponse:
    """The lines of an order."""
    with acting(request) as act:
        return json_answer({"order": {"lines": _order_shape(act, _order(act, request))["lines"]}})


def invoice(act: Act, invoice_id: str) -> Invoice:
    """An invoice by its id. Raises Refused 404."""
    order_id = invoice_id.removeprefix(PREFIX)
    found = central.fulfillment_of_order(act, order_id) if invoice_id.startswith(PREFIX) else None
    if found is None:
        raise not_found("invoice", invoice_id)
    return invoice_of(act, found)


def invoice_of(act: Act, fulfillment: dict[str, Any]) -> Invoice:
    """The invoice of a fulfillment; a line's attribute `uom` says in which unit it is written, where that fits."""
    return Invoice(
        PREFIX + fulfillment["order_id"],
        fulfillment["order_id"],
        fulfillment,
        tuple(_line(act, fulfillment, line) for line in fulfillment["lines"]),
    )


def _line(act: Act, fulfillment: dict[str, Any], line: dict[str, Any]) -> SoldLine:
    it = item(act, line["sku"])
    uom = str(line["attributes"].get("uom", BASE_UOM))
    rate = it.rates.get(uom)
    if rate is None or line["qty"] % rate:
        uom = BASE_UOM
    return SoldLine(
        order_line_id=line["order_line_id"],
        uuid=uid("line", fulfillment["id"], line["order_line_id"]),
        item=it,
        ordered=line["qty"],
        uom=uom,
        rate=it.rates[uom],
        warehouse=warehouse_name(fulfillment["warehouse_id"]),
    )


def _all(act: Act) -> list[sqlite3.Row]:
    return act.db.execute("SELECT * FROM fulfillment").fetchall()


def _order(act: Act, request: web.Request) -> dict[str, Any]:
    found = central.fulfillment_of_order(act, request.match_info["id"])
    if found is None:
        raise not_found("order", request.match_info["id"])
    return found


def _row(act: Act, row: sqlite3.Row, prefix: str, shape: Any) -> Row:
    keys = {
        "id": prefix + row["order_id"],
        "created_on": stamp(row["created_at"]),
        "last_updated_on": stamp(row["updated_at"]),
        "date": row["created_at"][:10],
        "status": _status(row["status"]),
    }
    return Row(keys, lambda: shape(act, fulfillment_shape(act, row)))


def _status(status: str) -> str:
    return {"cancelled": "CANCELLED", "shipped": "CLOSED", "closed": "CLOSED"}.get(status, "ACTIVE")


def _invoice_shape(act: Act, fulfillment: dict[str, Any]) -> dict[str, Any]:
    order = _order_shape(act, fulfillment)
    return {
        **order,
        "id": PREFIX + fulfillment["order_id"],
        "order_id": fulfillment["order_id"],
        "issue_date": fulfillment["created_at"][:10],
        "uuid": uid("invoice", fulfillment["id"]),
    }


def _order_shape(act: Act, fulfillment: dict[str, Any]) -> dict[str, Any]:
    lines = [
        {
            "item_id": line.item.sku,
            "item_uuid": line.item.uuid,
            "item_name": line.item.name,
            "item_order_quantity": line.in_uom(line.ordered),
            "item_uom": line.uom,
            "item_warehouse": line.warehouse,
            "uuid": line.uuid,
            "version": "1",
        }
        for line in invoice_of(act, fulfillment).lines
    ]
    ended = audit(
        "order",
        fulfillment["id"],
        created=fulfillment["created_at"],
        updated=fulfillment["updated_at"],
        by="office",
        version=fulfillment["version"],
    )
    return {"status": _status(fulfillment["status"]), "id": fulfillment["order_id"], "lines": lines, **ended}
