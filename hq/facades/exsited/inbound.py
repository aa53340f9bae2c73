"""Purchase orders and what was received of them. Received goods go to the usual place of their product."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

from aiohttp import web

from hq import central
from hq.calls import Act, not_found
from hq.facades.exsited.goods import DIALECT, item
from hq.facades.exsited.parts import came_of, parts_of, row_of
from hq.facades.exsited.shapes import (
    BASE_UOM,
    audit,
    number,
    paged,
    uid,
    units,
    warehouse_name,
)
from hq.facades.facade import acting
from hq.keys import FLOOR, OFFICE
from hq.ofs import stock
from hq.ofs.models import StockLine
from web.problems import Refused
from web.routes import RouteTable, json_answer

ORDER, RECEIPT = "purchase_order", "item_receipt"

routes = RouteTable()


# --- purchase orders --------------------------------------------------------------------------------------------


@routes.get("/api/v3/purchase-orders", *FLOOR)
async def list_orders(request: web.Request) -> web.StreamResponse:
    """Purchase orders, one page."""
    with acting(request) as act:
        rows = [
            row_of(each, partial(_order_shape, act, each), status="ACTIVE")
            for each in central.records(act, DIALECT, ORDER)
        ]
        page, pagination = paged(request, rows)
    return json_answer({"purchase_orders": page, "pagination": pagination})


@routes.get("/api/v3/purchase-orders/{id}", *FLOOR)
async def get_order(request: web.Request) -> web.StreamResponse:
    """One purchase order."""
    with acting(request) as act:
        return json_answer({"purchase_order": _order_shape(act, _order(act, request))})


@routes.get("/api/v3/purchase-orders/{id}/lines", *FLOOR)
async def get_order_lines(request: web.Request) -> web.StreamResponse:
    """The lines of a purchase order."""
    with acting(request) as act:
        return json_answer({"purchase_order": {"lines": _order_shape(act, _order(act, request))["lines"]}})


@routes.post("/api/v3/purchase-orders", OFFICE)
async def order(request: web.Request) -> web.StreamResponse:
    """Order goods. 400 for an id that is taken."""
    given = (await request.json())["purchase_order"]
    with acting(request) as act:
        if central.record(act, DIALECT, ORDER, given["id"]) is not None:
            raise Refused(400, "id_taken", f"id: there is a purchase order {given['id']} already.")
        lines = [_ordered(act, place, line) for place, line in enumerate(given["lines"])]
        head = {name: value for name, value in given.items() if name not in {"id", "lines"}}
        central.keep_record(act, DIALECT, ORDER, given["id"], {**head, "lines": lines})
        record = central.record(act, DIALECT, ORDER, given["id"])
        assert record is not None
        return json_answer({"purchase_order": _order_shape(act, record)}, 201)


def _ordered(act: Act, place: int, line: dict[str, Any]) -> dict[str, Any]:
    it = item(act, line["item_id"])
    uom = line.get("uom", BASE_UOM)
    return {
        "sku": it.sku,
        "qty": units(line["item_quantity"], it.rate(uom), f"lines.{place}"),
        "uom": uom,
        "warehouse": line.get("warehouse", warehouse_name(it.warehouse_id)),
    }


# --- receipts ---------------------------------------------------------------------------------------------------


@routes.get("/api/v3/item-receipts", *FLOOR)
async def list_receipts(request: web.Request) -> web.StreamResponse:
    """Receipts, one page."""
    with acting(request) as act:
        rows = [
            row_of(each, partial(_receipt_shape, act, each), status="ACTIVE")
            for each in central.records(act, DIALECT, RECEIPT)
        ]
        page, pagination = paged(request, rows)
    return json_answer({"item_receipts": page, "pagination": pagination})


@routes.get("/api/v3/item-receipts/{id}", *FLOOR)
async def get_receipt(request: web.Request) -> web.StreamResponse:
    """One receipt."""
    with acting(request) as act:
        return json_answer({"item_receipt": _receipt_shape(act, _receipt(act, request.match_info["id"]))})


@routes.get("/api/v3/purchase-orders/{id}/item-receipts", *FLOOR)
async def list_of_order(request: web.Request) -> web.StreamResponse:
    """The receipts of a purchase order, one page."""
    with acting(request) as act:
        mine = parts_of(act, RECEIPT, _order(act, request).record_id)
        page, pagination = paged(
            request, [row_of(each, partial(_receipt_shape, act, each), status="ACTIVE") for each in mine]
        )
    return json_answer({"purchase_order": {"item_receipts": page, "pagination": pagination}})


@routes.post("/api/v2/purchase-orders/{id}/item-receipts", *FLOOR)
async def receive(request: web.Request) -> web.StreamResponse:
    """Record what came in. 400 for an id that is taken, and for more than was ordered (assumed, hq_contracts 4.6)."""
    given = (await request.json())["item-receipt"]
    with acting(request) as act:
        of = _order(act, request)
        ident = given.get("id") or f"IR-{10_000_000 + sum(1 for _ in central.records(act, DIALECT, RECEIPT)):08d}"
        if central.record(act, DIALECT, RECEIPT, ident) is not None:
            raise Refused(400, "id_taken", f"id: there is an item receipt {ident} already.")
        body = {
            "of": of.record_id,
            "receipt_status": given["receipt_status"],
            "date": given["date"],
            "tracking_number": given.get("tracking_number", ""),
            "note": given.get("note", ""),
            "quantities": _came(act, of, given["receipts"]),
            "by": act.actor,
        }
        central.keep_record(act, DIALECT, RECEIPT, ident, body)
        _book(act, of, ident, body["quantities"])
        return json_answer({"item_receipt": _receipt_shape(act, _receipt(act, ident))}, 201)


@routes.route("PATCH", "/api/v3/item-receipts/{id}", *FLOOR)
async def patch_receipt(request: web.Request) -> web.StreamResponse:
    """Change what is sent, and nothing else."""
    given = (await request.json())["item-receipt"]
    with acting(request) as act:
        record = _receipt(act, request.match_info["id"])
        central.keep_record(act, DIALECT, RECEIPT, record.record_id, {**record.body, **given})
        return json_answer({"item_receipt": _receipt_shape(act, _receipt(act, record.record_id))})


def _came(act: Act, of: central.Record, given: list[dict[str, Any]]) -> dict[str, int]:
    """Base units by the place of the line in the order. Raises Refused 400."""
    places = {uid("po_line", of.record_id, str(place)): place for place in range(len(of.body["lines"]))}
    received = came_of(act, RECEIPT, of.record_id)
    found: dict[str, int] = {}
    for number_, each in enumerate(given):
        where, place = f"receipts.{number_}", places.get(each["uuid"].lower())
        if place is None or str(place) in found:
            raise Refused(400, "line", f"{where}: {of.record_id} has no line {each['uuid']}, or it is there twice.")
        line = of.body["lines"][place]
        qty = units(each["receipt_quantity"], item(act, line["sku"]).rate(line["uom"]), where)
        if qty > line["qty"] - received[str(place)]:
            raise Refused(400, "more_than_left", f"{where}: more of {line['sku']} than receipt_left.")
        found[str(place)] = qty
    return found


def _book(act: Act, of: central.Record, ident: str, quantities: dict[str, int]) -> None:
    by_sku: Counter[str] = Counter()
    for place, qty in quantities.items():
        by_sku[of.body["lines"][int(place)]["sku"]] += qty
    for sku, qty in by_sku.items():
        location = item(act, sku).location_id
        stock.take_in(act, StockLine(location_id=location, sku=sku, quantity=qty, reference=ident))


# --- what there is ----------------------------------------------------------------------------------------------


def _order(act: Act, request: web.Request) -> central.Record:
    ident = request.match_info["id"]
    record = central.record(act, DIALECT, ORDER, ident)
    if record is None:
        raise not_found("purchase order", ident)
    return record


def _receipt(act: Act, ident: str) -> central.Record:
    record = central.record(act, DIALECT, RECEIPT, ident)
    if record is None:
        raise not_found("item receipt", ident)
    return record


def _order_shape(act: Act, record: central.Record) -> dict[str, Any]:
    lines = []
    for place, line in enumerate(record.body["lines"]):
        it = item(act, line["sku"])
        rule = {"uom": line["uom"], "warehouse": line["warehouse"]}
        lines.append(
            {
                "item_id": it.sku,
                "item_uuid": it.uuid,
                "item_name": it.name,
                "item_quantity": number(Decimal(line["qty"]) / it.rate(line["uom"])),
                "item_price_snapshot": {"pricing_rule": rule},
                "uuid": uid("po_line", record.record_id, str(place)),
                "version": "1",
            }
        )
    head = {name: value for name, value in record.body.items() if name != "lines"}
    return {"status": "ACTIVE", "id": record.record_id, **head, "lines": lines, **_audit(ORDER, record, "office")}


def _receipt_shape(act: Act, record: central.Record) -> dict[str, Any]:
    of = central.record(act, DIALECT, ORDER, record.body["of"])
    assert of is not None
    received = came_of(act, RECEIPT, of.record_id)
    lines = []
    for place, qty in record.body["quantities"].items():
        line = of.body["lines"][int(place)]
        rate = item(act, line["sku"]).rate(line["uom"])
        lines.append(
            {
                "line_uuid": uid("po_line", of.record_id, place),
                "item_id": line["sku"],
                "uom": line["uom"],
                "warehouse": line["warehouse"],
                "receipt_quantity": number(Decimal(qty) / rate),
                "receipt_left": number(Decimal(line["qty"] - received[place]) / rate),
            }
        )
    body = record.body
    head = {name: body[name] for name in ("receipt_status", "date", "tracking_number", "note")}
    ended = _audit(RECEIPT, record, body["by"])
    return {"id": record.record_id, "purchase_order_id": of.record_id, **head, "receipts": lines, **ended}


def _audit(kind: str, record: central.Record, by: str) -> dict[str, str]:
    return audit(
        kind, record.record_id, created=record.created_at, updated=record.updated_at, by=by, version=record.version
    )
