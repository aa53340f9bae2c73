"""Goods that come back: announced, received, inspected, and where they go then (seed 001 section 6)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Literal

from aiohttp import web
from pydantic import Field

from hq.calls import BASE, SERVICES, Act, Api, Call, answer, moment, not_found, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import fulfillments, labels, progress, signed, states, stock, timeline, trace, webhooks
from hq.ofs.models import MAX_LINES, Body, FulfillmentCreate, Ident, Metadata, Nothing, Place, Quantity, Text, Time
from hq.ofs.shapes import fulfillment_shape
from hq.ofs.states import Return
from hq.ofs.stock import OUTSIDE, QUARANTINE, RECEIVING, RETURNS, SCRAPPED, Movement
from web.pages import NoQuery, Page, page, position_of
from web.problems import Refused
from web.routes import ANYONE

INSTRUCTIONS = {
    "ship": "Put the label on the parcel and hand it to the carrier.",
    "dropoff": "Bring the goods to the warehouse with the return's number.",
    "pickup": "Keep the goods ready; somebody comes for them.",
}

routes = Api()


class ExpectedLine(Body):
    """What will come; `sku` only for an order that was not shipped from here (our addition)."""

    order_line_id: Ident
    qty: Quantity
    sku: Ident | None = None


class ReturnCreate(Body):
    """Seed 001 section 6."""

    order_id: Ident
    rma_reference: Ident | None = None
    reason: Literal["damaged", "customer_remorse", "wrong_item"]
    expected_lines: tuple[ExpectedLine, ...] = Field(min_length=1, max_length=MAX_LINES)
    return_method: Literal["ship", "dropoff", "pickup"]
    destination_warehouse_id: Place
    metadata: Metadata = Field(default_factory=dict)


class ReturnQuery(Page):
    """Returns to a warehouse, in a status, of an order, or all."""

    warehouse_id: Place | None = None
    status: Return | None = None
    order_id: Ident | None = None


class ReceivedLine(Body):
    """Units of one line as they came; their condition in the words of the house."""

    line_id: Ident
    qty: Quantity
    condition: Text = ""
    serials: tuple[Ident, ...] = Field(default=(), max_length=MAX_LINES)


class Received(Body):
    """What came."""

    received_lines: tuple[ReceivedLine, ...] = Field(min_length=1, max_length=MAX_LINES)
    received_at: Time | None = None


class Inspection(Body):
    """What is to become of the goods. `line_id` and `qty` are our additions, for returns whose units differ.

    `restockable_qty` units go to a shelf: to `location_id`, or where their product lives; or, with `to_receiving`,
    to where received goods wait until somebody says that they were put away (our addition as well). The rest is
    scrapped or put in quarantine, as the disposition says; what cannot be reshelved after all goes to quarantine.
    """

    disposition: Literal["reshelve", "repair", "scrap", "quarantine"]
    restockable_qty: int | None = Field(default=None, ge=0)
    notes: Text | None = None
    line_id: Ident | None = None
    qty: Quantity | None = None
    location_id: Place | None = None
    to_receiving: bool = False


@routes.writes("/returns", ReturnCreate, *FLOOR)
def create(call: Call, body: ReturnCreate) -> Answer:
    """Announce a return. 409 when its rma_reference is here already."""
    known = call.db.execute("SELECT return_id FROM rma WHERE rma_reference = ?", (body.rma_reference,)).fetchone()
    if known is not None:
        sentence = f"rma_reference: {body.rma_reference} is here already as {known['return_id']}; it was not changed."
        raise Refused(409, "return_exists", sentence, {"return_id": known["return_id"]})
    ident = call.new_id("rtn")
    call.db.execute(
        "INSERT INTO rma (return_id, order_id, rma_reference, reason, return_method, destination_warehouse_id,"
        " status, metadata, created_at, updated_at) VALUES (:id, :order_id, :rma_reference, :reason, :return_method,"
        " :destination_warehouse_id, :status, :told, :now, :now)",
        {
            **body.model_dump(exclude={"metadata", "expected_lines"}),
            "id": ident,
            "status": Return.AWAITING_RETURN,
            "told": pack_json(body.metadata),
            "now": call.now,
        },
    )
    for place, line in enumerate(body.expected_lines):
        _expect(call, ident, place, line, body)
    _add(call, "return_announced", _row(call, ident), reason=body.reason)
    row = _row(call, ident)
    return answer({"return_id": ident, **_shape(call, row)}, 201, row["version"])


@routes.reads("/returns", ReturnQuery, *FLOOR)
def list_returns(call: Call, query: ReturnQuery) -> Answer:
    """Returns in the order they were announced."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM rma WHERE seq > :after AND (:warehouse IS NULL OR destination_warehouse_id = :warehouse)"
        " AND (:status IS NULL OR status = :status) AND (:order_id IS NULL OR order_id = :order_id)"
        " ORDER BY seq LIMIT :limit",
        {
            "after": after,
            "warehouse": query.warehouse_id,
            "status": query.status,
            "order_id": query.order_id,
            "limit": query.limit,
        },
    ).fetchall()
    items = [_shape(call, row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/returns/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One return."""
    row = _row(call, call.path["id"])
    return answer(_shape(call, row), version=row["version"])


@routes.writes("/returns/{id}/receive", Received, *FLOOR)
def receive(call: Call, body: Received) -> Answer:
    """Take what came, also more or less than was announced; a second parcel may follow until it is inspected."""
    row = _row(call, call.path["id"])
    call.require_version(row["version"])
    states.move(f"Return {row['return_id']}", Return(row["status"]), Return.RECEIVED)
    at = moment(body.received_at) if body.received_at else call.now
    for place, line in enumerate(body.received_lines):
        _take(call, row, f"received_lines.{place}", line, at)
    _set_status(call, row, Return.RECEIVED)
    _add(call, "return_received", row, lines=[line.model_dump() for line in body.received_lines])
    about = {"return_id": row["return_id"], "order_id": row["order_id"], "status": Return.RECEIVED}
    webhooks.emit(call, "return.received", about)
    return _answer(call, row["return_id"])


@routes.writes("/returns/{id}/inspect", Inspection, *FLOOR)
def inspect(call: Call, body: Inspection) -> Answer:
    """Decide on all that came, or on one line of it; the goods move with the decision."""
    row = _row(call, call.path["id"])
    call.require_version(row["version"])
    ident = row["return_id"]
    states.move(f"Return {ident}", Return(row["status"]), Return.INSPECTED)
    lines = [line for line in _to_inspect(call, ident) if body.line_id in {None, line["line_id"]}]
    if not lines:
        sentence = f"line_id: nothing of line {body.line_id} of return {ident} waits for inspection."
        raise Refused(422, "nothing_to_inspect", sentence)
    total = body.qty or sum(line["waiting"] for line in lines)
    if body.qty is not None and len(lines) > 1:
        raise Refused(422, "line_needed", "qty: say with line_id which line these units are of.")
    if total > sum(line["waiting"] for line in lines):
        sentence = f"qty: {lines[0]['waiting']} units wait for inspection, not {total}."
        raise Refused(422, "more_than_received", sentence, {"waiting": lines[0]["waiting"]})
    default = total if body.disposition == "reshelve" else 0
    restock = default if body.restockable_qty is None else body.restockable_qty
    if restock > total:
        sentence = f"restockable_qty: {total} units wait for inspection, not {restock}."
        raise Refused(422, "more_than_received", sentence, {"waiting": total})
    if len(lines) > 1 and restock not in {0, total}:
        raise Refused(422, "line_needed", "restockable_qty: say with line_id which line these units are of.")
    for line in lines:
        units = body.qty or line["waiting"]
        _dispose(call, ident, line, units, units if restock == total else restock, body)
    _add(call, "return_inspected", row, **{**body.model_dump(), "qty": total})
    _set_status(call, row, Return.RECEIVED if _to_inspect(call, ident) else Return.INSPECTED)
    return _answer(call, ident)


@routes.writes("/returns/{id}/complete", Nothing, *FLOOR)
def complete(call: Call, _body: Nothing) -> Answer:
    """Nothing more will happen to it; the credit is another service's work."""
    row = _row(call, call.path["id"])
    call.require_version(row["version"])
    states.move(f"Return {row['return_id']}", Return(row["status"]), Return.COMPLETED)
    _set_status(call, row, Return.COMPLETED)
    _add(call, "return_completed", row)
    return _answer(call, row["return_id"])


@routes.writes("/returns/{id}/ship-back-to-supplier", Nothing, *FLOOR)
def ship_back(call: Call, _body: Nothing) -> Answer:
    """Make a normal fulfillment of what was reshelved, to be picked, packed and shipped to the supplier."""
    row = _row(call, call.path["id"])
    ident = row["return_id"]
    lines = call.db.execute(
        "SELECT line_id, sku, sum(restockable_qty) AS qty FROM rma_inspection"
        " JOIN rma_line USING (return_id, line_id) WHERE return_id = ? GROUP BY line_id"
        " HAVING sum(restockable_qty) > 0 ORDER BY position",
        (ident,),
    ).fetchall()
    if not lines:
        raise Refused(409, "nothing_to_ship", f"Nothing of return {ident} is on a shelf. Inspect it first.")
    body = {
        "order_id": f"{ident}-back",
        "source": "ship_back",
        "warehouse_id": row["destination_warehouse_id"],
        "lines": [{"order_line_id": line["line_id"], "sku": line["sku"], "quantity": line["qty"]} for line in lines],
        "metadata": {"return_id": ident, "rma_reference": row["rma_reference"]},
    }
    if call.db.execute("SELECT 1 FROM fulfillment WHERE order_id = ?", (body["order_id"],)).fetchone():
        raise Refused(409, "order_exists", f"Return {ident} is being shipped back already as order {ident}-back.")
    made = fulfillments.insert(call, FulfillmentCreate.model_validate_json(pack_json(body)))
    told = fulfillment_shape(call, progress.fulfillment_row(call, made))
    return answer({"fulfillment_id": made, **told}, 201, told["version"])


@routes.get(BASE + "/return-labels/{id}.zpl", ANYONE)
async def download_label(request: web.Request) -> web.Response:
    """The label for the way back, for whoever has the signed address."""
    signed.require(request)
    db = request.app[SERVICES].store.db
    row = db.execute("SELECT * FROM rma WHERE return_id = ?", (request.match_info["id"],)).fetchone()
    lines = [f"RETURN TO {row['destination_warehouse_id']}", row["rma_reference"] or "", f"order {row['order_id']}"]
    return web.Response(
        text=labels.return_zpl(row["return_id"], lines), content_type="application/zpl", charset="utf-8"
    )


def _expect(call: Call, ident: str, place: int, line: ExpectedLine, body: ReturnCreate) -> None:
    ordered = call.db.execute(
        "SELECT sku FROM fulfillment_line JOIN fulfillment USING (fulfillment_id)"
        " WHERE order_id = ? AND order_line_id = ?",
        (body.order_id, line.order_line_id),
    ).fetchone()
    where = f"expected_lines.{place}"
    sku = ordered["sku"] if ordered else line.sku
    if sku is None or line.sku not in {None, sku}:
        known = (
            f"is of {sku}, not of {line.sku}" if sku else f"of order {body.order_id} is not known here; name its sku"
        )
        raise Refused(422, "unknown_line", f"{where}: line {line.order_line_id} {known}.", {"got": line.sku})
    if call.db.execute("SELECT 1 FROM product WHERE sku = ?", (sku,)).fetchone() is None:
        raise Refused(422, "unknown_product", f"{where}.sku: there is no product {sku} here.", {"got": sku})
    if line.order_line_id in {earlier.order_line_id for earlier in body.expected_lines[:place]}:
        raise Refused(422, "line_doubled", f"{where}: {line.order_line_id} is there twice; add the two up.")
    call.db.execute(
        "INSERT INTO rma_line (return_id, position, line_id, sku, expected) VALUES (?, ?, ?, ?, ?)",
        (ident, place, line.order_line_id, sku, line.qty),
    )


def _take(call: Call, row: sqlite3.Row, where: str, line: ReceivedLine, at: str) -> None:
    ident = row["return_id"]
    known = call.db.execute(
        "SELECT sku FROM rma_line WHERE return_id = ? AND line_id = ?", (ident, line.line_id)
    ).fetchone()
    if known is None:
        sentence = f"{where}.line_id: return {ident} has no line {line.line_id}. Receive what else came blind."
        raise Refused(422, "unknown_line", sentence, {"got": line.line_id})
    if len(line.serials) > line.qty:
        sentence = f"{where}.serials: {len(line.serials)} serials for {line.qty} units of {line.line_id}."
        raise Refused(422, "too_many_serials", sentence)
    call.db.execute(
        "UPDATE rma_line SET received = received + ? WHERE return_id = ? AND line_id = ?",
        (line.qty, ident, line.line_id),
    )
    call.db.execute(
        "INSERT INTO rma_receipt (return_id, line_id, qty, condition, serials, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (ident, line.line_id, line.qty, line.condition, pack_json(list(line.serials)), at),
    )
    stock.move(call, Movement("return", known["sku"], OUTSIDE, RETURNS, line.qty, reference=ident))
    for serial in line.serials:
        call.db.execute("DELETE FROM serial_use WHERE sku = ? AND serial = ?", (known["sku"], serial))
        trace.note(call, "returned", known["sku"], 1, serial=serial, return_id=ident, condition=line.condition)


def _to_inspect(act: Act, ident: str) -> list[sqlite3.Row]:
    return act.db.execute(
        "SELECT *, received - inspected AS waiting FROM rma_line WHERE return_id = ? AND waiting > 0"
        " ORDER BY position",
        (ident,),
    ).fetchall()


def _dispose(call: Call, ident: str, line: sqlite3.Row, waiting: int, restock: int, body: Inspection) -> None:
    sku = line["sku"]
    if restock:
        stock.move(call, Movement("restock", sku, RETURNS, _place_of(call, sku, body), restock, reference=ident))
    if waiting > restock:
        kind, place = ("scrap", SCRAPPED) if body.disposition == "scrap" else ("quarantine", QUARANTINE)
        stock.move(call, Movement(kind, sku, RETURNS, place, waiting - restock, reference=ident))
    call.db.execute(
        "UPDATE rma_line SET inspected = inspected + ? WHERE return_id = ? AND line_id = ?",
        (waiting, ident, line["line_id"]),
    )
    call.db.execute(
        "INSERT INTO rma_inspection (return_id, line_id, disposition, qty, restockable_qty, notes, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (ident, line["line_id"], body.disposition, waiting, restock, body.notes, call.now),
    )


def _place_of(call: Call, sku: str, body: Inspection) -> str:
    if body.to_receiving:
        return RECEIVING
    (home,) = call.db.execute("SELECT location_id FROM product WHERE sku = ?", (sku,)).fetchone()
    shelf = body.location_id or str(home)
    stock.open_shelf(call, shelf, sku)
    return shelf


def _set_status(act: Act, row: sqlite3.Row, status: Return) -> None:
    act.db.execute(
        "UPDATE rma SET status = ?, version = version + 1, updated_at = ? WHERE seq = ?",
        (status, act.now, row["seq"]),
    )


def _add(act: Act, action: str, row: sqlite3.Row, **details: Any) -> None:
    """To the timeline, under the fulfillment it came back from where that is known here."""
    order = act.db.execute("SELECT fulfillment_id FROM fulfillment WHERE order_id = ?", (row["order_id"],)).fetchone()
    ident = order["fulfillment_id"] if order else None
    timeline.add(act, action, fulfillment_id=ident, return_id=row["return_id"], **details)


def _row(act: Act, return_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = act.db.execute("SELECT * FROM rma WHERE return_id = ?", (return_id,)).fetchone()
    if row is None:
        raise not_found("return", return_id)
    return row


def _answer(call: Call, return_id: str) -> Answer:
    row = _row(call, return_id)
    return answer(_shape(call, row), version=row["version"])


def _shape(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    ident = row["return_id"]
    lines = call.db.execute("SELECT * FROM rma_line WHERE return_id = ? ORDER BY position", (ident,)).fetchall()
    came = call.db.execute("SELECT * FROM rma_receipt WHERE return_id = ? ORDER BY seq", (ident,)).fetchall()
    seen = call.db.execute(
        "SELECT line_id, disposition, qty, restockable_qty, notes, at FROM rma_inspection WHERE return_id = ?"
        " ORDER BY seq",
        (ident,),
    )
    ships = row["return_method"] == "ship"
    names = ("order_id", "status", "destination_warehouse_id", "created_at")
    ours = ("rma_reference", "reason", "return_method", "updated_at", "version")
    return {
        "id": ident,
        **{name: row[name] for name in names},
        "expected_lines": [
            {"order_line_id": line["line_id"], "sku": line["sku"], "qty": line["expected"]} for line in lines
        ],
        "received_lines": [
            {
                **{name: line[name] for name in ("line_id", "qty", "condition", "received_at")},
                "serials": json.loads(line["serials"]),
            }
            for line in came
        ],
        "inspections": [dict(each) for each in seen],
        **{name: row[name] for name in ours},
        "return_label_url": signed.address(call, "GET", f"/return-labels/{ident}.zpl") if ships else None,
        "instructions": INSTRUCTIONS[row["return_method"]],
        "metadata": unpack_json(row["metadata"]),
    }
