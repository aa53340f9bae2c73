"""Returns that were agreed upon, and what came back of them. The goods wait for inspection: no stock is booked."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from aiohttp import web

from hq import central
from hq.calls import Act, not_found
from hq.facades.exsited.demand import Invoice, SoldLine, invoice
from hq.facades.exsited.goods import DIALECT
from hq.facades.exsited.parts import came_of, parts_of, row_of
from hq.facades.exsited.shapes import audit, paged, uid, units
from hq.facades.facade import acting
from hq.keys import FLOOR, OFFICE
from web.problems import Refused
from web.routes import RouteTable, json_answer

KIND, RECEIVE = "rma", "rma_receive"
WRAPPER = "receive_return_merchandise_authorisations"
OF_INVOICE = "/api/v2/invoices/{id}/return-merchandise-authorisations/{rma}"

routes = RouteTable()


@routes.get("/api/v3/return-merchandise-authorisations", *FLOOR)
async def list_all(request: web.Request) -> web.StreamResponse:
    """Returns, one page."""
    with acting(request) as act:
        rows = [row_of(each, partial(_shape, act, each)) for each in central.records(act, DIALECT, KIND)]
        page, pagination = paged(request, rows)
    return json_answer({"return_merchandise_authorisations": page, "pagination": pagination})


@routes.post("/api/v3/invoices/{id}/return-merchandise-authorisations", OFFICE)
async def agree(request: web.Request) -> web.StreamResponse:
    """Agree upon a return. 400 for an id that is taken."""
    given = (await request.json())["return_merchandise_authorisations"]
    with acting(request) as act:
        of = invoice(act, request.match_info["id"])
        ident = given.get("id") or f"RMA-{10_000_000 + sum(1 for _ in central.records(act, DIALECT, KIND)):08d}"
        if central.record(act, DIALECT, KIND, ident) is not None:
            raise Refused(400, "id_taken", f"id: there is a return {ident} already.")
        lines = _lines(of, given["returns"], "rma_quantity")
        body = {"of": of.invoice_id, "date": given["date"], "note": given.get("note", ""), "quantities": lines}
        central.keep_record(act, DIALECT, KIND, ident, body)
        return json_answer({"return_merchandise_authorisation": _shape(act, _one(act, ident))}, 201)


@routes.get(OF_INVOICE, *FLOOR)
async def get(request: web.Request) -> web.StreamResponse:
    """One return."""
    with acting(request) as act:
        return json_answer({"return_merchandise_authorisation": _shape(act, _of_invoice(act, request))})


@routes.get(OF_INVOICE + "/receive", *FLOOR)
async def list_received(request: web.Request) -> web.StreamResponse:
    """What came back of a return, one page."""
    with acting(request) as act:
        rma = _of_invoice(act, request)
        rows = [
            row_of(each, partial(_received_shape, act, rma, each)) for each in parts_of(act, RECEIVE, rma.record_id)
        ]
        page, pagination = paged(request, rows)
    return json_answer({WRAPPER: page, "pagination": pagination})


@routes.post(OF_INVOICE + "/receive", *FLOOR)
async def receive(request: web.Request) -> web.StreamResponse:
    """Record what came back. 400 for more than was agreed upon (assumed, hq_contracts 4.6)."""
    given = (await request.json())[WRAPPER]["receive_returns"]
    with acting(request) as act:
        rma = _of_invoice(act, request)
        lines = _lines(invoice(act, rma.body["of"]), given, "rma_receive_quantity")
        came = came_of(act, RECEIVE, rma.record_id)
        for line_id, qty in lines.items():
            if qty + came[line_id] > rma.body["quantities"].get(line_id, 0):
                raise Refused(400, "more_than_left", f"More of line {line_id} than rma_left of {rma.record_id}.")
        ident = f"{rma.record_id}-{sum(1 for _ in parts_of(act, RECEIVE, rma.record_id)) + 1}"
        body = {"of": rma.record_id, "quantities": lines, "by": act.actor}
        central.keep_record(act, DIALECT, RECEIVE, ident, body)
        made = central.record(act, DIALECT, RECEIVE, ident)
        assert made is not None
        told = _received_shape(act, rma, made)
        return json_answer({"receive_return_merchandise_authorisation": told}, 201)


def _lines(of: Invoice, given: list[dict[str, Any]], member: str) -> dict[str, int]:
    by_uuid = {line.uuid: line for line in of.lines}
    found: dict[str, int] = {}
    for place, each in enumerate(given):
        line = by_uuid.get(each["uuid"].lower())
        if line is None or line.order_line_id in found:
            sentence = f"{place}: {of.invoice_id} has no line {each['uuid']}, or it is there twice."
            raise Refused(400, "line", sentence)
        found[line.order_line_id] = units(each[member], line.rate, f"{member} of {place}")
    return found


def _one(act: Act, ident: str) -> central.Record:
    record = central.record(act, DIALECT, KIND, ident)
    if record is None:
        raise not_found("return", ident)
    return record


def _of_invoice(act: Act, request: web.Request) -> central.Record:
    record = _one(act, request.match_info["rma"])
    if record.body["of"] != request.match_info["id"]:
        raise not_found("return of this invoice", record.record_id)
    return record


def _shape(act: Act, record: central.Record) -> dict[str, Any]:
    of, came = invoice(act, record.body["of"]), came_of(act, RECEIVE, record.record_id)
    lines = [
        {
            **_line(line),
            "rma_quantity": line.in_uom(qty),
            "rma_left": line.in_uom(qty - came[line.order_line_id]),
        }
        for line in of.lines
        if (qty := record.body["quantities"].get(line.order_line_id, 0))
    ]
    status = "RECEIVED" if came == Counter(record.body["quantities"]) else "PENDING"
    return {
        "id": record.record_id,
        "status": status,
        "date": record.body["date"],
        "invoice_id": of.invoice_id,
        "order_id": of.order_id,
        "note": record.body["note"],
        "returns": lines,
        **_audit(KIND, record),
    }


def _received_shape(act: Act, rma: central.Record, record: central.Record) -> dict[str, Any]:
    of = invoice(act, rma.body["of"])
    lines = [
        {"uuid": line.uuid, "item_id": line.item.sku, "rma_receive_quantity": line.in_uom(qty)}
        for line in of.lines
        if (qty := record.body["quantities"].get(line.order_line_id, 0))
    ]
    return {"id": record.record_id, "rma_id": rma.record_id, "receive_returns": lines, **_audit(RECEIVE, record)}


def _line(line: SoldLine) -> dict[str, str]:
    return {
        "uuid": line.uuid,
        "item_uuid": line.item.uuid,
        "item_id": line.item.sku,
        "uom": line.uom,
        "warehouse": line.warehouse,
    }


def _audit(kind: str, record: central.Record) -> dict[str, str]:
    return audit(
        kind,
        record.record_id,
        created=record.created_at,
        updated=record.updated_at,
        by=record.body.get("by", "office"),
        version=record.version,
    ) | {"uuid": uid(kind, record.record_id)}
