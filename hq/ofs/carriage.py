"""A shipment after its label: booked, called for, followed, called off, and what the carrier says of it."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import StringConstraints, ValidationError

from hq.calls import BASE, Act, Api, Call, answer, call_of, moment, refusals_of
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import manifests, progress, settings, shipments, stock, timeline, webhooks
from hq.ofs.models import Body, Cancel, Ident, Nothing, Text, Time
from hq.ofs.shipments import shipment_row
from hq.ofs.states import Fulfillment, Manifest, Shipment
from hq.ofs.stock import PICKED, SHIPPED, Movement
from web.problems import Refused, invalid
from web.routes import ANYONE, json_answer

HOUSE = "house"
"""The carrier of a shipment that names none."""

routes = Api()


class Book(Body):
    """The carrier and day; left out, the shipment's own carrier and today."""

    carrier_id: Ident | None = None
    dispatch_date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


class Pickup(Body):
    """When the carrier may come."""

    pickup_from: Time
    pickup_until: Time | None = None
    notes: Text | None = None


class CarrierEvent(Body):
    """What a carrier tells: of a parcel by its tracking number, or of a manifest by its id. An assumption of ours."""

    event_id: Ident
    carrier_tracking_number: Ident | None = None
    manifest_id: Ident | None = None
    status: Literal["in_transit", "delivered", "failed", "accepted", "rejected"]
    at: Time
    note: Text | None = None


@routes.writes("/shipments/{id}/book", Book, *FLOOR)
def book(call: Call, body: Book) -> Answer:
    """Put a labelled shipment on its carrier's open manifest; booking again tells the same manifest."""
    row = shipment_row(call, call.path["id"])
    manifest = shipments.manifest_of(call, row["shipment_id"])
    if manifest is None:
        carrier = body.carrier_id or row["carrier_hint"] or HOUSE
        manifest_id = manifests.draft_for(
            call, row["from_warehouse_id"], carrier, body.dispatch_date or call.now[:10]
        )
        manifests.add(call, manifest_id, row)
        row = shipment_row(call, row["shipment_id"])
    told = shipments.shipment_shape(call, row)
    return answer({"shipment_id": row["shipment_id"], **told})


@routes.writes("/shipments/{id}/cancel", Cancel, *FLOOR)
def cancel(call: Call, body: Cancel) -> Answer:
    """Call a shipment off before the carrier has it: its packages are in the house again and may ship anew."""
    row = shipment_row(call, call.path["id"])
    call_off(call, row, body.reason)
    return answer(shipments.shipment_shape(call, shipment_row(call, row["shipment_id"])))


def call_off(call: Call, row: sqlite3.Row, reason: str | None) -> None:
    """Cancel a shipment. Raises Refused 409 once the carrier has it, or was told of it."""
    ident = row["shipment_id"]
    if row["status"] == Shipment.IN_TRANSIT:
        raise Refused(409, "in_transit", f"Shipment {ident} is with the carrier; have it sent back as a return.")
    manifest = shipments.manifest_of(call, ident)
    if manifest is not None and manifest["status"] != Manifest.DRAFT:
        sentence = f"Shipment {ident} is on manifest {manifest['manifest_id']}, which the carrier was told of."
        raise Refused(409, "on_manifest", sentence, {"manifest_id": manifest["manifest_id"]})
    shipments.set_status(call, row, Shipment.CANCELLED)
    call.db.execute("DELETE FROM manifest_shipment WHERE shipment_id = ?", (ident,))
    call.db.execute("DELETE FROM pickup WHERE shipment_id = ?", (ident,))
    _take_back(call, row)
    timeline.add(call, "shipment_cancelled", fulfillment_id=row["fulfillment_id"], shipment_id=ident, reason=reason)


@routes.writes("/shipments/{id}/schedule-pickup", Pickup, *FLOOR)
def schedule_pickup(call: Call, body: Pickup) -> Answer:
    """Ask the carrier to come; asking again changes the time."""
    row = shipment_row(call, call.path["id"])
    ident, begin = row["shipment_id"], moment(body.pickup_from)
    if row["status"] not in {Shipment.LABEL_GENERATED, Shipment.BOOKED}:
        sentence = f"Shipment {ident} is {row['status']}; a pickup is for one that has its label and is in the house."
        raise Refused(409, "no_pickup", sentence, {"status": row["status"]})
    until = moment(body.pickup_until) if body.pickup_until else None
    if until is not None and until <= begin:
        raise Refused(422, "invalid", f"pickup_until: {until} is not after pickup_from {begin}.")
    call.db.execute(
        "INSERT INTO pickup VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (shipment_id) DO UPDATE SET"
        " pickup_from = excluded.pickup_from, pickup_until = excluded.pickup_until, notes = excluded.notes",
        (call.new_id("pu"), ident, begin, until, body.notes, call.now),
    )
    timeline.add(call, "pickup_scheduled", fulfillment_id=row["fulfillment_id"], shipment_id=ident, pickup_from=begin)
    return answer(shipments.shipment_shape(call, row))


@routes.writes("/shipments/{id}/track", Nothing, *FLOOR)
def track(call: Call, _body: Nothing) -> Answer:
    """Where a shipment was seen, oldest first: what carriers have told HQ; none is asked."""
    row = shipment_row(call, call.path["id"])
    events = call.db.execute(
        "SELECT event_id, status, at, note FROM tracking WHERE shipment_id = ? ORDER BY at, seq",
        (row["shipment_id"],),
    )
    told = {
        "shipment_id": row["shipment_id"],
        "status": row["status"],
        "carrier_tracking_number": row["tracking_number"],
        "events": [dict(event) for event in events],
    }
    return answer(told)


@routes.post(BASE + "/webhook/carrier", ANYONE)
async def carrier_says(request: web.Request) -> web.StreamResponse:
    """Take a carrier's word, signed with the secret of the settings; the same event counts once."""
    raw = await request.read()
    call = call_of(request)
    _require_signature(call, raw)
    try:
        body = CarrierEvent.model_validate_json(raw)
    except ValidationError as error:
        raise invalid(error, "a carrier's event") from error
    if (body.carrier_tracking_number is None) == (body.manifest_id is None):
        raise Refused(422, "invalid", "Name either carrier_tracking_number or manifest_id.")
    with refusals_of(request, "Send it again."), call.store.transaction():
        if body.manifest_id is not None:
            return json_answer(manifests.decided(call, body.manifest_id, body.status))
        return json_answer(_follow(call, body))


def _follow(call: Call, body: CarrierEvent) -> dict[str, Any]:
    row = call.db.execute(
        "SELECT * FROM shipment WHERE tracking_number = ?", (body.carrier_tracking_number,)
    ).fetchone()
    if row is None:
        raise Refused(404, "not_found", f"No shipment here has tracking number {body.carrier_tracking_number}.")
    if body.status in {"accepted", "rejected"}:
        raise Refused(422, "invalid", f"status: {body.status} is said of manifests, not of a parcel.")
    known = (row["shipment_id"], body.event_id)
    if call.db.execute("SELECT 1 FROM tracking WHERE shipment_id = ? AND event_id = ?", known).fetchone() is None:
        call.db.execute(
            "INSERT INTO tracking (shipment_id, event_id, status, at, note) VALUES (?, ?, ?, ?, ?)",
            (*known, body.status, moment(body.at), body.note),
        )
        _move_on(call, row, Shipment(body.status))
    return {"shipment_id": row["shipment_id"], "status": shipment_row(call, row["shipment_id"])["status"]}


def _move_on(call: Call, row: sqlite3.Row, status: Shipment) -> None:
    """Carriers tell late and out of order: what a parcel has passed already changes nothing more."""
    old, ident = Shipment(row["status"]), row["fulfillment_id"]
    order = list(Shipment)
    if old in {Shipment.DELIVERED, Shipment.FAILED, Shipment.CANCELLED} or order.index(status) <= order.index(old):
        return
    shipments.set_status(call, row, status)
    timeline.add(call, f"shipment_{status}", fulfillment_id=ident, shipment_id=row["shipment_id"])
    if status is Shipment.DELIVERED:
        about = {"shipment_id": row["shipment_id"], "fulfillment_id": ident, "status": status}
        webhooks.emit(call, "shipment.delivered", about)
        _close_when_all_arrived(call, ident)


def _close_when_all_arrived(call: Call, fulfillment_id: str) -> None:
    under_way = call.db.execute(
        "SELECT 1 FROM package JOIN shipment USING (shipment_id)"
        " WHERE package.fulfillment_id = ? AND shipment.status <> 'delivered'",
        (fulfillment_id,),
    ).fetchone()
    status = progress.fulfillment_row(call, fulfillment_id)["status"]
    if under_way is None and status == Fulfillment.SHIPPED:
        progress.set_status(call, fulfillment_id, Fulfillment.CLOSED)
        timeline.add(call, "closed", fulfillment_id=fulfillment_id)


def _take_back(act: Act, row: sqlite3.Row) -> None:
    ident, fulfillment_id = row["shipment_id"], row["fulfillment_id"]
    items = act.db.execute(
        "SELECT sku, sum(quantity) AS qty FROM movement WHERE fulfillment_id = ? AND reference = ? AND kind = 'ship'"
        " GROUP BY sku ORDER BY sku",
        (fulfillment_id, ident),
    ).fetchall()
    for item in items:
        stock.move(act, Movement("unship", item["sku"], SHIPPED, PICKED, item["qty"], ident, fulfillment_id))
    act.db.execute("UPDATE package SET shipment_id = NULL WHERE shipment_id = ?", (ident,))
    progress.settle(act, fulfillment_id)


def _require_signature(call: Call, raw: bytes) -> None:
    secret = settings.carrier_secret(call)
    if secret is None:
        sentence = "No carrier may call yet: set carrier_webhook_secret in the settings."
        raise Refused(403, "no_carrier_secret", sentence)
    timestamp = call.request.headers.get("X-Webhook-Timestamp", "")
    given = call.request.headers.get("X-Webhook-Signature", "")
    wanted = "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise Refused(403, "bad_signature", "X-Webhook-Signature does not fit X-Webhook-Timestamp and the body.")
