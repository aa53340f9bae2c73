"""Item fulfillments: what was picked or sent of an invoice.

A status of PENDING moves nothing, PICKED takes the goods off the shelf, SHIPPED and DELIVERED send them, and CLOSED
sends them and ends what is left of the order: no closed list exists (hq_contracts 4.3), so all of it is assumed.
What other stations shipped with the calls of seed 001 is shown too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web

from hq import central
from hq.calls import Act, not_found, unpack_json
from hq.facades.exsited.demand import PREFIX, Invoice, SoldLine, invoice
from hq.facades.exsited.goods import DIALECT
from hq.facades.exsited.shapes import Row, audit, paged, stamp, uid, units
from hq.facades.facade import acting
from hq.keys import FLOOR
from hq.ofs.models import Package, PackedItem
from web.problems import Refused
from web.routes import RouteTable, json_answer

KIND = "item_fulfillment"
SENT = frozenset({"SHIPPED", "DELIVERED", "CLOSED"})
NUMBERED = "FF-{:08d}"

routes = RouteTable()


@dataclass(frozen=True)
class Done:
    """One item fulfillment; `quantities` are base units by order line."""

    id: str
    order_id: str
    quantities: Mapping[str, int]
    status: str
    date: str
    tracking_number: str
    note: str
    by: str
    created_at: str
    updated_at: str
    version: int


# --- reads ------------------------------------------------------------------------------------------------------


@routes.get("/api/v3/item-fulfillments", *FLOOR)
async def list_all(request: web.Request) -> web.StreamResponse:
    """Item fulfillments, one page; wrapper and lines as only this call has them."""
    with acting(request) as act:
        page, pagination = paged(request, [_row(each, partial(_listed, act, each)) for each in _all(act)])
    return json_answer({"item-fulfillments": page, "pagination": pagination})


@routes.get("/api/v3/item-fulfillments/{id}", *FLOOR)
async def get(request: web.Request) -> web.StreamResponse:
    """One item fulfillment."""
    with acting(request) as act:
        return json_answer({"item_fulfillment": _shape(act, _one(act, request.match_info["id"]))})


@routes.get("/api/v3/invoices/{id}/item-fulfillments", *FLOOR)
async def list_of_invoice(request: web.Request) -> web.StreamResponse:
    """The item fulfillments of an invoice, one page; the pagination is inside `invoice`, as in the sample."""
    with acting(request) as act:
        of = invoice(act, request.match_info["id"])
        rows = [_row(each, partial(_shape, act, each)) for each in _all(act, of.order_id)]
        page, pagination = paged(request, rows)
    return json_answer({"invoice": {"item_fulfillments": page, "pagination": pagination}})


@routes.get("/api/v3/invoices/{id}/item-fulfillments/{fulfillment_id}", *FLOOR)
async def get_of_invoice(request: web.Request) -> web.StreamResponse:
    """One item fulfillment of an invoice."""
    with acting(request) as act:
        of = invoice(act, request.match_info["id"])
        done = _one(act, request.match_info["fulfillment_id"])
        if done.order_id != of.order_id:
            raise not_found("item fulfillment of this invoice", done.id)
        return json_answer({"invoice": {"item_fulfillment": _shape(act, done)}})


# --- writes -----------------------------------------------------------------------------------------------------


@routes.post("/api/v3/invoices/{id}/item-fulfillments", *FLOOR)
async def create(request: web.Request) -> web.StreamResponse:
    """Record what was fulfilled. 400 for an id that is taken, and for more than is left (hq_contracts 4.6)."""
    given = (await request.json())["item_fulfillments"]
    with acting(request) as act:
        of = invoice(act, request.match_info["id"])
        ident = given.get("id") or _next_id(act)
        if _find(act, ident) is not None:
            raise Refused(400, "id_taken", f"id: there is an item fulfillment {ident} already.")
        body = {
            "of": of.order_id,
            "status": given["status"],
            "date": given["date"],
            "tracking_number": given.get("tracking_number", ""),
            "note": given.get("note", ""),
            "quantities": _quantities(act, of, given["fulfillments"], but=""),
            "parcel": len(_own(act, of.order_id)) + 1,
            "by": act.actor,
        }
        _carry_out(act, of, body)
        central.keep_record(act, DIALECT, KIND, ident, body)
        return json_answer({"item_fulfillment": _shape(act, _one(act, ident))}, 201)


@routes.route("PATCH", "/api/v3/item-fulfillments/{id}/information", *FLOOR)
@routes.route("PATCH", "/api/v3/item-fulfillments/{id}", *FLOOR)
async def patch(request: web.Request) -> web.StreamResponse:
    """Change date, id, tracking number or note; quantities only while nothing was moved for them."""
    given = (await request.json())["item_fulfillment"]
    with acting(request) as act:
        ident = request.match_info["id"]
        record = central.record(act, DIALECT, KIND, ident)
        if record is None:
            _one(act, ident)
            raise Refused(403, "not_yours", f"{ident} was made by a shipment of another station; it stays as it is.")
        body = {**record.body, **{name: given[name] for name in ("date", "tracking_number", "note") if name in given}}
        if "fulfillments" in given:
            body["quantities"] = _changed(act, ident, body, given["fulfillments"])
        central.keep_record(act, DIALECT, KIND, ident, body)
        _carry_tracking(act, body)
        return json_answer({"item_fulfillment": _shape(act, _one(act, _renamed(act, ident, given.get("id"))))})


def _carry_out(act: Act, of: Invoice, body: Mapping[str, Any]) -> None:
    """What the status means for the goods."""
    status, quantities = body["status"], body["quantities"]
    if status == "PENDING":
        return
    picked = {line["order_line_id"]: line["picked"] for line in of.fulfillment["lines"]}
    done = _fulfilled(act, of)
    wanted = {line: max(picked[line], done[line] + qty) for line, qty in quantities.items()}
    closes = status == "CLOSED"
    central.confirm_picked(act, of.ident, {**picked, **wanted} if closes else wanted, ends=closes)
    if status not in SENT:
        return
    parcel = _parcel_id(of.order_id, body["parcel"])
    package = Package(
        package_id=parcel,
        weight=_weight_g(of, quantities),
        items=tuple(PackedItem(line_id=line, qty=qty) for line, qty in quantities.items()),
        metadata={DIALECT: True},
    )
    central.pack(act, act.actor, of.ident, package)
    central.ship(act, of.ident, [parcel], None, body["tracking_number"] or _made_number(parcel))


def _parcel_id(order_id: str, number: int) -> str:
    return uid("parcel", order_id, str(number))


def _made_number(parcel_id: str) -> str:
    """A tracking number where the caller gives none."""
    return f"TN-{parcel_id[:8]}"


def _weight_g(of: Invoice, quantities: Mapping[str, int]) -> int:
    """This API knows no weights of parcels (hq_contracts 4.6): what the contents should weigh, at least one gram."""
    nominal = {line.order_line_id: line.item.weight_g or 0 for line in of.lines}
    return max(1, sum(nominal[line] * qty for line, qty in quantities.items()))


def _quantities(act: Act, of: Invoice, given: list[dict[str, Any]], but: str) -> dict[str, int]:
    """Base units by order line; what the record `but` says is left out of account. Raises Refused 400."""
    by_uuid = {line.uuid: line for line in of.lines}
    done = _fulfilled(act, of, but)
    found: dict[str, int] = {}
    for place, each in enumerate(given):
        line = by_uuid.get(each["uuid"].lower())
        where = f"fulfillments.{place}"
        if line is None or line.item.uuid != each["item_uuid"].lower():
            raise Refused(400, "line", f"{where}: {of.invoice_id} has no line {each['uuid']} of that item.")
        if line.order_line_id in found:
            raise Refused(400, "line", f"{where}: line {each['uuid']} is there twice.")
        qty = units(each["fulfillment_quantity"], line.rate, where)
        left = line.ordered - done[line.order_line_id]
        if qty > left:
            sentence = f"{where}: fulfillment_left of line {each['uuid']} is {line.in_uom(left)} {line.uom}."
            raise Refused(400, "more_than_left", sentence)
        found[line.order_line_id] = qty
    return found


def _changed(act: Act, ident: str, body: Mapping[str, Any], given: list[dict[str, Any]]) -> dict[str, int]:
    of = invoice(act, PREFIX + body["of"])
    quantities = _quantities(act, of, given, but=ident)
    if quantities != body["quantities"] and body["status"] != "PENDING":
        raise Refused(400, "goods_moved", f"The goods of {ident} were moved; its quantities stay as they are.")
    return quantities


def _carry_tracking(act: Act, body: Mapping[str, Any]) -> None:
    if body["tracking_number"]:
        act.db.execute(
            "UPDATE shipment SET tracking_number = :number, updated_at = :now WHERE tracking_number <> :number"
            " AND shipment_id = (SELECT shipment_id FROM package WHERE package_id = :parcel)",
            {
                "number": body["tracking_number"],
                "now": act.now,
                "parcel": _parcel_id(body["of"], body["parcel"]),
            },
        )


def _renamed(act: Act, ident: str, wanted: str | None) -> str:
    if wanted is None or wanted == ident:
        return ident
    if _find(act, wanted) is not None:
        raise Refused(400, "id_taken", f"id: there is an item fulfillment {wanted} already.")
    act.db.execute(
        "UPDATE facade_record SET record_id = ? WHERE dialect = ? AND kind = ? AND record_id = ?",
        (wanted, DIALECT, KIND, ident),
    )
    return wanted


def _next_id(act: Act) -> str:
    number = act.db.execute("SELECT count(*) FROM facade_record WHERE dialect = ?", (DIALECT,)).fetchone()[0]
    shipped = act.db.execute("SELECT coalesce(max(seq), 0) FROM shipment").fetchone()[0]
    return NUMBERED.format(10_000_000 + number + shipped)


# --- what there is ----------------------------------------------------------------------------------------------


def _all(act: Act, order_id: str | None = None) -> list[Done]:
    """Every item fulfillment, or those of one order: the recorded ones, and shipments that came about otherwise."""
    rows = act.db.execute(
        "SELECT s.*, f.order_id FROM shipment s JOIN fulfillment f USING (fulfillment_id)"
        " WHERE (:order_id IS NULL OR f.order_id = :order_id) AND NOT EXISTS"
        " (SELECT 1 FROM package p WHERE p.shipment_id = s.shipment_id"
        "  AND json_extract(p.metadata, '$.exsited') IS NOT NULL) ORDER BY s.seq",
        {"order_id": order_id},
    ).fetchall()
    return [*_own(act, order_id), *(_shipped(act, dict(row)) for row in rows)]


def _own(act: Act, order_id: str | None) -> list[Done]:
    """What was recorded by this API, of one order or all."""
    rows = act.db.execute(
        "SELECT * FROM facade_record WHERE dialect = :dialect AND kind = :kind"
        " AND (:order_id IS NULL OR json_extract(body, '$.of') = :order_id) ORDER BY seq",
        {"dialect": DIALECT, "kind": KIND, "order_id": order_id},
    ).fetchall()
    return [_done(dict(row)) for row in rows]


def _done(row: dict[str, Any]) -> Done:
    body = unpack_json(row["body"])
    made = _made_number(_parcel_id(body["of"], body["parcel"]))
    return Done(
        id=row["record_id"],
        order_id=body["of"],
        quantities=body["quantities"],
        status=body["status"],
        date=body["date"],
        tracking_number=body["tracking_number"] or made,
        note=body["note"],
        by=body["by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


def _shipped(act: Act, row: dict[str, Any]) -> Done:
    items = act.db.execute(
        "SELECT i.order_line_id, sum(i.qty) FROM package_item i JOIN package USING (package_id)"
        " WHERE shipment_id = ? GROUP BY i.order_line_id",
        (row["shipment_id"],),
    ).fetchall()
    return Done(
        id=NUMBERED.format(row["seq"]),
        order_id=row["order_id"],
        quantities=dict(map(tuple, items)),
        status="CLOSED",
        date=row["created_at"][:10],
        tracking_number=row["tracking_number"] or "",
        note="",
        by="station",
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=1,
    )


def _find(act: Act, ident: str) -> Done | None:
    return next((each for each in _all(act) if each.id == ident), None)


def _one(act: Act, ident: str) -> Done:
    found = _find(act, ident)
    if found is None:
        raise not_found("item fulfillment", ident)
    return found


def _fulfilled(act: Act, of: Invoice, but: str = "") -> Counter[str]:
    """Base units by order line that some record of the invoice says are fulfilled."""
    total: Counter[str] = Counter()
    for each in _all(act, of.order_id):
        if each.id != but:
            total.update(each.quantities)
    return total


def _row(done: Done, whole: Any) -> Row:
    keys = {
        "id": done.id,
        "created_on": stamp(done.created_at),
        "last_updated_on": stamp(done.updated_at),
        "date": done.date,
    }
    return Row(keys, whole)


def _shape(act: Act, done: Done) -> dict[str, Any]:
    """As in the details and in the calls of an invoice."""
    of = invoice(act, PREFIX + done.order_id)
    lines = [
        {
            "item_uuid": line.item.uuid,
            "item_id": line.item.sku,
            "uom": line.uom,
            "warehouse": line.warehouse,
            "fulfillment_quantity": line.in_uom(qty),
            "fulfillment_left": line.in_uom(left),
            "uuid": line.uuid,
        }
        for line, qty, left in _with_left(act, of, done)
    ]
    return _head(done, of) | {"fulfillments": lines}


def _listed(act: Act, done: Done) -> dict[str, Any]:
    """As in the list of all, whose lines have other names."""
    of = invoice(act, PREFIX + done.order_id)
    lines = [
        {
            "fulfilled_quantity": line.in_uom(qty),
            "fulfillment_left": line.in_uom(left),
            "item_id": line.item.sku,
            "item_name": line.item.name,
            "line_uuid": line.uuid,
            "uom": line.uom,
            "warehouse": line.warehouse,
        }
        for line, qty, left in _with_left(act, of, done)
    ]
    return _head(done, of) | {"fulfillments": lines}


def _with_left(act: Act, of: Invoice, done: Done) -> list[tuple[SoldLine, int, int]]:
    total = _fulfilled(act, of)
    return [
        (line, done.quantities[line.order_line_id], max(0, line.ordered - total[line.order_line_id]))
        for line in of.lines
        if line.order_line_id in done.quantities
    ]


def _head(done: Done, of: Invoice) -> dict[str, Any]:
    return {
        "status": done.status,
        "date": done.date,
        "id": done.id,
        "order_id": of.order_id,
        "invoice_id": of.invoice_id,
        "tracking_number": done.tracking_number,
        "note": done.note,
        **audit(KIND, done.id, created=done.created_at, updated=done.updated_at, by=done.by, version=done.version),
    }
