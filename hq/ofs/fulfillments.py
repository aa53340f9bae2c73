"""Fulfillments: taking orders in, showing them, cancelling them, and the status that follows from the work."""

from __future__ import annotations

import hashlib
from typing import Any

from hq.calls import Act, Api, Call, answer, moment, pack_json
from hq.idempotency import Answer
from hq.keys import FLOOR, OFFICE
from hq.ofs import allocations, products, progress, states, timeline, webhooks
from hq.ofs.models import Cancel, FulfillmentChange, FulfillmentCreate, Ident
from hq.ofs.shapes import fulfillment_shape
from hq.ofs.states import Fulfillment, Picklist
from web.pages import NoQuery, Page, page, position_of
from web.problems import Refused

routes = Api()

_INSERT = (
    "INSERT INTO fulfillment (fulfillment_id, order_id, warehouse_id, status, source, requested_ship_date,"
    " ordered_at, shipped_at, carrier_hint, service_code, insurance, ship_to, metadata, given_hash, created_at,"
    " updated_at) VALUES (:fulfillment_id, :order_id, :warehouse_id, :status, :source, :requested_ship_date,"
    " :ordered_at, :shipped_at, :carrier_hint, :service_code, :insurance, :ship_to, :metadata, :given_hash, :now,"
    " :now)"
)


class FulfillmentQuery(Page):
    """Fulfillments of an order, in a status, or all."""

    order_id: Ident | None = None
    status: Fulfillment | None = None


@routes.writes("/fulfillments", FulfillmentCreate, OFFICE)
def create(call: Call, body: FulfillmentCreate) -> Answer:
    """Take an order in. 409 when its order_id is here already."""
    known = call.db.execute("SELECT fulfillment_id FROM fulfillment WHERE order_id = ?", (body.order_id,)).fetchone()
    if known is not None:
        sentence = f"order_id: {body.order_id} is here already as {known['fulfillment_id']}; it was not changed."
        raise Refused(409, "order_exists", sentence, {"fulfillment_id": known["fulfillment_id"]})
    row = progress.fulfillment_row(call, insert(call, body))
    return answer({"fulfillment_id": row["fulfillment_id"], **fulfillment_shape(call, row)}, 201, row["version"])


@routes.reads("/fulfillments", FulfillmentQuery, *FLOOR)
def list_fulfillments(call: Call, query: FulfillmentQuery) -> Answer:
    """Fulfillments in the order they came."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM fulfillment WHERE seq > :after AND (:order_id IS NULL OR order_id = :order_id)"
        " AND (:status IS NULL OR status = :status) ORDER BY seq LIMIT :limit",
        {"after": after, "order_id": query.order_id, "status": query.status, "limit": query.limit},
    ).fetchall()
    items = [fulfillment_shape(call, row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/fulfillments/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One fulfillment with its lines, tasks, packages and shipments."""
    row = progress.fulfillment_row(call, call.path["id"])
    return answer(fulfillment_shape(call, row), version=row["version"])


@routes.writes("/fulfillments/{id}", FulfillmentChange, OFFICE, method="PATCH")
def change(call: Call, body: FulfillmentChange) -> Answer:
    """Change the warehouse as long as nothing is reserved there, or what the order says, until it has shipped."""
    row = progress.fulfillment_row(call, call.path["id"])
    call.require_version(row["version"])
    ident, status = row["fulfillment_id"], Fulfillment(row["status"])
    changes = body.model_dump(exclude_unset=True)
    moves = body.warehouse_id is not None and body.warehouse_id != row["warehouse_id"]
    movable = {Fulfillment.CREATED, Fulfillment.AWAITING_ALLOCATION}
    if moves and (status not in movable or progress.progress_of(call, ident).picked):
        sentence = f"Fulfillment {ident} is {status}; its warehouse can change only before its goods are reserved."
        raise Refused(409, "not_changeable", sentence, {"status": status})
    if status in {Fulfillment.SHIPPED, Fulfillment.CLOSED, Fulfillment.CANCELLED}:
        raise Refused(409, "not_changeable", f"Fulfillment {ident} is {status}; nothing of it changes any more.")
    call.db.execute(
        "UPDATE fulfillment SET warehouse_id = :warehouse_id, requested_ship_date = :requested, metadata = :metadata,"
        " version = version + 1, updated_at = :now WHERE fulfillment_id = :id",
        {
            "warehouse_id": body.warehouse_id or row["warehouse_id"],
            "requested": moment(body.requested_ship_date) if body.requested_ship_date else row["requested_ship_date"],
            "metadata": row["metadata"] if body.metadata is None else pack_json(body.metadata),
            "now": call.now,
            "id": ident,
        },
    )
    if body.requested_ship_date is not None:
        call.db.execute(
            "UPDATE task SET ship_by = ? WHERE fulfillment_id = ?", (moment(body.requested_ship_date), ident)
        )
    timeline.add(call, "changed", fulfillment_id=ident, members=sorted(changes))
    row = progress.fulfillment_row(call, ident)
    return answer(fulfillment_shape(call, row), version=row["version"])


@routes.reads("/fulfillments/{id}/timeline", NoQuery, *FLOOR)
def get_timeline(call: Call, _query: NoQuery) -> Answer:
    """Everything that happened to it, with actor, device and correlation id."""
    row = progress.fulfillment_row(call, call.path["id"])
    return answer({"items": timeline.of_fulfillment(call, row["fulfillment_id"]), "next_cursor": None})


@routes.writes("/fulfillments/{id}/cancel", Cancel, OFFICE)
def cancel(call: Call, body: Cancel) -> Answer:
    """Cancel it: reservations are released, open tasks end; picked goods stay picked until they are put back."""
    row = progress.fulfillment_row(call, call.path["id"])
    call.require_version(row["version"])
    ident = row["fulfillment_id"]
    states.move(f"Fulfillment {ident}", Fulfillment(row["status"]), Fulfillment.CANCELLED)
    shipment = call.db.execute(
        "SELECT shipment_id FROM package WHERE fulfillment_id = ? AND shipment_id IS NOT NULL", (ident,)
    ).fetchone()
    if shipment is not None:
        sentence = f"Fulfillment {ident} is shipped in part with {shipment['shipment_id']} and cannot be cancelled."
        raise Refused(409, "shipped_in_part", sentence, {"shipment_id": shipment["shipment_id"]})
    allocations.release_all(call, ident)
    call.db.execute(
        "UPDATE task SET status = 'short', short_reason = 'cancelled' WHERE fulfillment_id = ? AND status = 'open'",
        (ident,),
    )
    progress.set_status(call, ident, Fulfillment.CANCELLED)
    _cancel_empty_picklists(call, ident)
    timeline.add(call, "cancelled", fulfillment_id=ident, reason=body.reason)
    row = progress.fulfillment_row(call, ident)
    return answer(fulfillment_shape(call, row), version=row["version"])


def take_in(act: Act, body: FulfillmentCreate) -> bool:
    """Keep one imported order; False when it is here already. Raises Refused when it is here with other content."""
    known = act.db.execute(
        "SELECT fulfillment_id, given_hash FROM fulfillment WHERE order_id = ?", (body.order_id,)
    ).fetchone()
    if known is None:
        insert(act, body)
        return True
    if known["given_hash"] != _hash_of(body):
        sentence = f"order_id: {body.order_id} is here already as {known['fulfillment_id']} with other content; kept."
        raise Refused(409, "order_exists", sentence, {"got": body.order_id})
    return False


def insert(act: Act, body: FulfillmentCreate) -> str:
    """Write a new fulfillment and give its id. Raises Refused 422 for unknown products and doubled line ids."""
    _check_lines(act, body)
    ident = act.new_id("ful")
    act.db.execute(_INSERT, {"fulfillment_id": ident, "now": act.now, **_row(body)})
    act.db.executemany(
        "INSERT INTO fulfillment_line VALUES (?, ?, ?, ?, ?, ?)",
        [
            (ident, place, line.order_line_id, line.sku, line.quantity, pack_json(line.attributes))
            for place, line in enumerate(body.lines)
        ],
    )
    timeline.add(act, "created", fulfillment_id=ident, order_id=body.order_id, source=body.source)
    webhooks.emit(
        act,
        "fulfillment.created",
        {"fulfillment_id": ident, "order_id": body.order_id, "status": Fulfillment.CREATED},
    )
    return ident


def _row(body: FulfillmentCreate) -> dict[str, Any]:
    return {
        "order_id": body.order_id,
        "warehouse_id": body.warehouse_id,
        "status": Fulfillment.CREATED,
        "source": body.source,
        "requested_ship_date": moment(body.requested_ship_date) if body.requested_ship_date else None,
        "ordered_at": body.ordered_at,
        "shipped_at": body.shipped_at,
        "carrier_hint": body.carrier_hint,
        "service_code": body.service_code,
        "insurance": body.insurance.model_dump_json() if body.insurance else None,
        "ship_to": body.ship_to.model_dump_json() if body.ship_to else None,
        "metadata": pack_json(body.metadata),
        "given_hash": _hash_of(body),
    }


def _check_lines(act: Act, body: FulfillmentCreate) -> None:
    seen: set[str] = set()
    for place, line in enumerate(body.lines):
        if line.order_line_id in seen:
            sentence = f"lines.{place}.order_line_id: {line.order_line_id} is there twice in order {body.order_id}."
            raise Refused(422, "line_doubled", sentence, {"got": line.order_line_id})
        seen.add(line.order_line_id)
    for place in products.unknown_skus(act, [line.sku for line in body.lines]):
        sku = body.lines[place].sku
        sentence = f"lines.{place}.sku: there is no product {sku} here. Import products first."
        raise Refused(422, "unknown_product", sentence, {"got": sku})


def _cancel_empty_picklists(act: Act, fulfillment_id: str) -> None:
    rows = act.db.execute(
        "SELECT picklist_id, status FROM picklist WHERE picklist_id IN"
        " (SELECT picklist_id FROM task WHERE fulfillment_id = ?) AND status <> 'completed' AND NOT EXISTS"
        " (SELECT 1 FROM task JOIN fulfillment USING (fulfillment_id)"
        "  WHERE task.picklist_id = picklist.picklist_id AND fulfillment.status <> 'cancelled')",
        (fulfillment_id,),
    ).fetchall()
    for row in rows:
        states.move(f"Picklist {row['picklist_id']}", Picklist(row["status"]), Picklist.CANCELLED)
        act.db.execute(
            "UPDATE picklist SET status = 'cancelled', version = version + 1, updated_at = ? WHERE picklist_id = ?",
            (act.now, row["picklist_id"]),
        )
        timeline.add(act, "picklist_cancelled", picklist_id=row["picklist_id"])


def _hash_of(body: FulfillmentCreate) -> str:
    return hashlib.sha256(body.model_dump_json().encode()).hexdigest()
