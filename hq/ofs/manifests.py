"""Manifests, the lists of what a carrier takes in one go, and notices of goods on their way to another house."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field, StringConstraints

from hq.calls import BASE, SERVICES, Act, Api, Call, answer, moment, not_found, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import shipments, signed, states, timeline
from hq.ofs.models import MAX_BATCH, Body, Ident, Metadata, Nothing, Place, Time
from hq.ofs.shipments import shipment_row
from hq.ofs.states import Manifest, Shipment
from web.pages import NoQuery, Page, page, position_of
from web.problems import Refused
from web.routes import ANYONE

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Shipments = Annotated[tuple[Ident, ...], Field(min_length=1, max_length=MAX_BATCH)]

routes = Api()


class ManifestCreate(Body):
    """Seed 001 section 5."""

    warehouse_id: Place
    shipments: Shipments
    carrier_id: Ident
    dispatch_date: Day


class ManifestQuery(Page):
    """Manifests of a warehouse, in a status, or all."""

    warehouse_id: Place | None = None
    status: Manifest | None = None


class AsnCreate(Body):
    """Seed 001 section 5: goods on their way to another house; where to is our addition."""

    asn_reference: Ident
    shipments: Shipments
    expected_arrival: Time | None = None
    destination_warehouse_id: Place | None = None
    metadata: Metadata = Field(default_factory=dict)


@routes.writes("/manifests", ManifestCreate, *FLOOR)
def create(call: Call, body: ManifestCreate) -> Answer:
    """Make a manifest of labelled shipments; all of them or none."""
    manifest_id = _insert(call, body.warehouse_id, body.carrier_id, body.dispatch_date)
    for place, ident in enumerate(body.shipments):
        if ident in body.shipments[:place]:
            raise Refused(422, "shipment_doubled", f"shipments.{place}: {ident} is named twice.")
        row = shipment_row(call, ident)
        if row["from_warehouse_id"] != body.warehouse_id:
            sentence = f"shipments.{place}: {ident} leaves from {row['from_warehouse_id']}, not {body.warehouse_id}."
            raise Refused(422, "wrong_warehouse", sentence)
        add(call, manifest_id, row)
    told = _shape(call, _row(call, manifest_id))
    return answer({"manifest_id": manifest_id, **told}, 201, told["version"])


@routes.reads("/manifests", ManifestQuery, *FLOOR)
def list_manifests(call: Call, query: ManifestQuery) -> Answer:
    """Manifests in the order they were made (our extension)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM manifest WHERE seq > :after AND (:warehouse IS NULL OR warehouse_id = :warehouse)"
        " AND (:status IS NULL OR status = :status) ORDER BY seq LIMIT :limit",
        {"after": after, "warehouse": query.warehouse_id, "status": query.status, "limit": query.limit},
    ).fetchall()
    items = [_shape(call, row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/manifests/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One manifest with a fresh address of its file."""
    row = _row(call, call.path["id"])
    return answer(_shape(call, row), version=row["version"])


@routes.writes("/manifests/{id}/submit", Nothing, *FLOOR)
def submit(call: Call, _body: Nothing) -> Answer:
    """Tell the carrier: nothing is added or taken off any more. No carrier is connected, so its word is awaited."""
    row = _row(call, call.path["id"])
    call.require_version(row["version"])
    _set_status(call, row, Manifest.SUBMITTED)
    for ident in _shipment_ids(call, row["manifest_id"]):
        shipment = shipment_row(call, ident)
        timeline.add(
            call,
            "manifested",
            fulfillment_id=shipment["fulfillment_id"],
            shipment_id=ident,
            manifest_id=row["manifest_id"],
        )
    told = _row(call, row["manifest_id"])
    return answer(_shape(call, told), version=told["version"])


@routes.get(BASE + "/manifest-files/{id}.ndjson", ANYONE)
async def download(request: web.Request) -> web.Response:
    """The manifest's file, a line for each package, for whoever has the signed address."""
    signed.require(request)
    ident = request.match_info["id"]
    rows = request.app[SERVICES].store.db.execute(
        "SELECT manifest.manifest_id, manifest.carrier_id, manifest.dispatch_date, shipment.shipment_id,"
        " shipment.tracking_number AS carrier_tracking_number, shipment.service_code, package.package_id,"
        " package.weight_g AS weight, package.sscc FROM manifest JOIN manifest_shipment USING (manifest_id)"
        " JOIN shipment USING (shipment_id) JOIN package USING (shipment_id) WHERE manifest_id = ?"
        " ORDER BY shipment.seq, package.seq",
        (ident,),
    )
    text = "".join(pack_json(dict(row)) + "\n" for row in rows)
    return web.Response(text=text, content_type="application/x-ndjson")


@routes.writes("/asn", AsnCreate, *FLOOR)
def create_asn(call: Call, body: AsnCreate) -> Answer:
    """Announce shipments to another house."""
    known = call.db.execute("SELECT asn_id FROM asn_notice WHERE asn_reference = ?", (body.asn_reference,)).fetchone()
    if known is not None:
        sentence = f"asn_reference: {body.asn_reference} is here already as {known['asn_id']}; it was not changed."
        raise Refused(409, "asn_exists", sentence, {"asn_id": known["asn_id"]})
    asn_id = call.new_id("asn")
    for ident in body.shipments:
        shipment = shipment_row(call, ident)
        if shipment["status"] in {Shipment.FAILED, Shipment.CANCELLED}:
            raise Refused(409, "shipment_ended", f"Shipment {ident} is {shipment['status']}; leave it out.")
        timeline.add(call, "announced", fulfillment_id=shipment["fulfillment_id"], shipment_id=ident, asn_id=asn_id)
    arrival = moment(body.expected_arrival) if body.expected_arrival else None
    call.db.execute(
        "INSERT INTO asn_notice (asn_id, asn_reference, destination_warehouse_id, expected_arrival, shipments,"
        " metadata, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            asn_id,
            body.asn_reference,
            body.destination_warehouse_id,
            arrival,
            pack_json(list(body.shipments)),
            pack_json(body.metadata),
            call.now,
        ),
    )
    return answer(_asn(call, asn_id), 201)


@routes.reads("/asn", Page, *FLOOR)
def list_asns(call: Call, query: Page) -> Answer:
    """Notices in the order they were made (our extension)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM asn_notice WHERE seq > ? ORDER BY seq LIMIT ?", (after, query.limit)
    ).fetchall()
    items = [_asn_shape(row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/asn/{id}", NoQuery, *FLOOR)
def get_asn(call: Call, _query: NoQuery) -> Answer:
    """One notice (our extension)."""
    return answer(_asn(call, call.path["id"]))


def draft_for(act: Act, warehouse_id: str, carrier_id: str, day: str) -> str:
    """The open manifest of a carrier for a day, made when there is none."""
    row = act.db.execute(
        "SELECT manifest_id FROM manifest WHERE warehouse_id = ? AND carrier_id = ? AND dispatch_date = ?"
        " AND status = 'draft' ORDER BY seq LIMIT 1",
        (warehouse_id, carrier_id, day),
    ).fetchone()
    return row["manifest_id"] if row else _insert(act, warehouse_id, carrier_id, day)


def add(act: Act, manifest_id: str, shipment: sqlite3.Row) -> None:
    """Put a shipment on a draft. Raises Refused 409 when it is on another one, IllegalMove without a label."""
    ident = shipment["shipment_id"]
    other = shipments.manifest_of(act, ident)
    if other is not None:
        sentence = f"Shipment {ident} is on manifest {other['manifest_id']} already."
        raise Refused(409, "on_manifest", sentence, {"manifest_id": other["manifest_id"]})
    if shipment["status"] != Shipment.BOOKED:  # booked and on no manifest: its last one was rejected
        shipments.set_status(act, shipment, Shipment.BOOKED)
    act.db.execute("INSERT INTO manifest_shipment VALUES (?, ?)", (ident, manifest_id))
    act.db.execute(
        "UPDATE manifest SET version = version + 1, updated_at = ? WHERE manifest_id = ?", (act.now, manifest_id)
    )
    timeline.add(act, "booked", fulfillment_id=shipment["fulfillment_id"], shipment_id=ident, manifest_id=manifest_id)


def decided(act: Act, manifest_id: str, status: str) -> dict[str, Any]:
    """The carrier takes a manifest or does not; saying it again changes nothing. Raises Refused, IllegalMove."""
    row = _row(act, manifest_id)
    if status not in {Manifest.ACCEPTED, Manifest.REJECTED}:
        raise Refused(422, "invalid", f"status: {status} is said of parcels, not of a manifest.")
    if row["status"] != status:
        _set_status(act, row, Manifest(status))
    return {"manifest_id": manifest_id, "status": status}


def _insert(act: Act, warehouse_id: str, carrier_id: str, day: str) -> str:
    manifest_id = act.new_id("man")
    act.db.execute(
        "INSERT INTO manifest (manifest_id, warehouse_id, carrier_id, dispatch_date, status, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (manifest_id, warehouse_id, carrier_id, day, Manifest.DRAFT, act.now, act.now),
    )
    return manifest_id


def _set_status(act: Act, row: sqlite3.Row, status: Manifest) -> None:
    states.move(f"Manifest {row['manifest_id']}", Manifest(row["status"]), status)
    act.db.execute(
        "UPDATE manifest SET status = ?, version = version + 1, updated_at = ? WHERE seq = ?",
        (status, act.now, row["seq"]),
    )


def _row(act: Act, manifest_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = act.db.execute(
        "SELECT * FROM manifest WHERE manifest_id = ?", (manifest_id,)
    ).fetchone()
    if row is None:
        raise not_found("manifest", manifest_id)
    return row


def _shipment_ids(act: Act, manifest_id: str) -> list[str]:
    rows = act.db.execute(
        "SELECT shipment_id FROM manifest_shipment JOIN shipment USING (shipment_id) WHERE manifest_id = ?"
        " ORDER BY shipment.seq",
        (manifest_id,),
    )
    return [row["shipment_id"] for row in rows]


def _shape(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    names = ("warehouse_id", "carrier_id", "dispatch_date", "status", "version", "created_at", "updated_at")
    return {
        "id": row["manifest_id"],
        **{name: row[name] for name in names},
        "shipments": _shipment_ids(call, row["manifest_id"]),
        "manifest_file_url": signed.address(call, "GET", f"/manifest-files/{row['manifest_id']}.ndjson"),
    }


def _asn(act: Act, asn_id: str) -> dict[str, Any]:
    row = act.db.execute("SELECT * FROM asn_notice WHERE asn_id = ?", (asn_id,)).fetchone()
    if row is None:
        raise not_found("ASN", asn_id)
    return _asn_shape(row)


def _asn_shape(row: sqlite3.Row) -> dict[str, Any]:
    names = ("asn_id", "asn_reference", "destination_warehouse_id", "expected_arrival", "created_at")
    return {
        **{name: row[name] for name in names},
        **{name: unpack_json(row[name]) for name in ("shipments", "metadata")},
    }
